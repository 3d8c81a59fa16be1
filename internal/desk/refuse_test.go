package desk

import (
	"errors"
	"strings"
	"testing"

	"gangway/internal/calendar"
	"gangway/internal/dossier"
	"gangway/internal/review"
)

func TestWhoAndWhatIsUnknown(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	request := w.asks(w.opens(onboarding, calendar.Anchor{}), "need", "lena", "sam")
	for name, tt := range map[string]struct {
		answer review.Answer
		want   review.Refusal
	}{
		"person":            {approve("u-1", "nobody", request), review.UnknownPerson},
		"no address":        {approve("u-2", "", request), review.UnknownPerson},
		"request":           {approve("u-3", "lena", onboarding+":need.9"), review.Unknown},
		"process":           {approve("u-4", "lena", "onboarding/zeta/7:need.1"), review.Unknown},
		"no request":        {approve("u-5", "lena", ""), review.Unknown},
		"no process":        {approve("u-6", "lena", ":need.1"), review.Unknown},
		"somebody who left": {approve("u-7", "gone", request), review.NotActive},
		"the vendor's":      {approve("u-8", "vera", request), review.VendorPerson},
		"the requester":     {approve("u-9", "rita", request), review.OwnRequest},
		"without a seat":    {approve("u-10", "dora", request), review.NoSeat},
	} {
		out := w.answers(tt.answer)
		if out.Status != review.Refused || out.Refusal != tt.want || out.Refusal.Sentence() == "" {
			t.Errorf("%s: %+v", name, out)
		}
	}
	same(t, "queued", 0, len(w.store.queued))
}

func TestHostileIDsAndWords(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	request := w.asks(w.opens(onboarding, calendar.Anchor{}), "need", "lena", "sam")
	for _, id := range []string{"", strings.Repeat("x", 201), "a b", "a\nb", "a\x00", "a\u202eb", "ä", "people/1/" + onboarding} {
		_, err := w.desk.Answer(t.Context(), approve(id, "lena", request))
		isInput(t, err)
		_, err = w.desk.Act(t.Context(), act(id, "lena", review.Recuse))
		isInput(t, err)
		isInput(t, w.desk.Note(t.Context(), review.Note{ID: id, Kind: review.NoteComment, Case: onboarding}))
	}
	text := planted + " text in the wrong place"
	for name, change := range map[string]func(*review.Answer){
		"request":     func(a *review.Answer) { a.Request = text },
		"seat":        func(a *review.Answer) { a.Seat = text },
		"verdict":     func(a *review.Answer) { a.Verdict = review.Verdict(text) },
		"channel":     func(a *review.Answer) { a.Channel = text },
		"attestation": func(a *review.Answer) { a.Attest = []string{"read", text} },
		"criterion":   func(a *review.Answer) { a.Scores = []review.Score{{Criterion: text}} },
		"document":    func(a *review.Answer) { a.Documents = []string{text} },
		"many words":  func(a *review.Answer) { a.Attest = make([]string, 1000) },
		"many scores": func(a *review.Answer) { a.Scores = make([]review.Score, 1000) },
		"a long word": func(a *review.Answer) { a.Attest = []string{strings.Repeat("x", 1<<20)} },
		"a long text": func(a *review.Answer) { a.Text.Vendor = strings.Repeat("x", 65<<10) },
	} {
		a := approve("web-1", "lena", request)
		change(&a)
		_, err := w.desk.Answer(t.Context(), a)
		if !errors.As(err, new(InputError)) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, change := range map[string]func(*review.Act){
		"process": func(a *review.Act) { a.Process = text }, "step": func(a *review.Act) { a.Step = text },
		"kind": func(a *review.Act) { a.Kind = review.ActKind(text) }, "name": func(a *review.Act) { a.Name = text },
		"seat": func(a *review.Act) { a.Seat = text }, "document": func(a *review.Act) { a.Document = text },
		"delegate": func(a *review.Act) { a.ToID = text },
	} {
		a := act("web-2", "lena", review.Withdraw)
		a.Process = onboarding
		change(&a)
		_, err := w.desk.Act(t.Context(), a)
		if !errors.As(err, new(InputError)) {
			t.Errorf("%s: %v", name, err)
		}
	}
	same(t, "sent", 0, len(w.engine.sent))
}

func TestDocumentsOfAnAnswer(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	request := w.asks(w.opens(onboarding, calendar.Anchor{}), "need", "lena", "sam")
	put := func(text string) string {
		return must[dossier.Paper](t)(w.desk.File(t.Context(), from("lena"), strings.NewReader(text))).Digest
	}
	for name, tt := range map[string]struct {
		digest string
		want   review.Refusal
	}{
		"missing": {"sha256:" + strings.Repeat("0", 64), review.NeedsDocument},
		"binary":  {put("%PDF-1.7\xff\xfe\x00"), review.Unreadable},
		"blank":   {put(" \n\n "), review.Unreadable},
	} {
		a := approve("web-"+name, "lena", request)
		a.Documents = []string{tt.digest}
		same(t, name, tt.want, w.answers(a).Refusal)
	}
	a := approve("web-good", "lena", request)
	a.Documents = []string{put("# Evidence\n\nIt works.\n")}
	same(t, "a text", review.Counted, w.answers(a).Status)
}
