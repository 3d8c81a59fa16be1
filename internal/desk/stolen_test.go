package desk

import (
	"strings"
	"testing"

	"gangway/internal/calendar"
	"gangway/internal/dossier"
	"gangway/internal/review"
)

// TestWordsOfSomebodyElse: two people send under one id; nobody is recorded as
// having said what the other wrote.
func TestWordsOfSomebodyElse(t *testing.T) {
	t.Parallel()
	for name, words := range map[string]string{"other words": planted + " mine", "no words": ""} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			p := w.opens(onboarding, calendar.Anchor{})
			request := w.asks(p, "need", "lena", "sam")
			_, err := w.store.KeepText(t.Context(), "web-1", review.Text{Inside: planted + " of lena"}) // hers, before it is delivered
			ok(t, err)
			of := approve("web-1", "sam", request)
			of.Text = review.Text{Inside: words}
			_, err = w.desk.Answer(t.Context(), of)
			isInput(t, err)
			same(t, "nothing was decided", 0, len(p.requests[0].Ballots))
			back := act("web-1", "sam", review.Recuse)
			back.Request, back.Text = request, of.Text
			_, err = w.desk.Act(t.Context(), back)
			isInput(t, err)
			hers := approve("web-1", "lena", request)
			hers.Text = review.Text{Inside: planted + " of lena"}
			same(t, "hers", review.Counted, w.answers(hers).Status)
			of.ID = "web-2"
			same(t, "his, under its own id", review.Counted, w.answers(of).Status)
		})
	}
}

// TestTextThatIsNoUTF8IsItsOwn: what is kept is compared with what was sent.
func TestTextThatIsNoUTF8IsItsOwn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	request := w.asks(w.opens(onboarding, calendar.Anchor{}), "need", "lena", "sam")
	a := approve("web-1", "lena", request)
	a.Text = review.Text{Inside: planted + "\xff\xfe<\u2028>\x00", Vendor: "\xc3("}
	same(t, "status", review.Counted, w.answers(a).Status)
}

// TestADayBeyondAllYears: a delegation or a snooze ends in a year that people
// live to see, and that every format can write.
func TestADayBeyondAllYears(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	request := w.asks(w.opens(onboarding, calendar.Anchor{}), "need", "lena", "sam")
	for _, kind := range []review.ActKind{review.Snooze, review.Delegate} {
		a := act("web-"+string(kind), "lena", kind)
		a.Request, a.ToID = request, "p00"
		a.Until = monday().AddDate(maxYears, 0, 1)
		_, err := w.desk.Act(t.Context(), a)
		isInput(t, err)
		a.Until = monday().AddDate(maxYears, 0, 0)
		same(t, string(kind), review.Counted, w.does(a).Status)
	}
}

// TestAnIntakeIDOfAnotherVendor: a repeated intake neither renames a vendor nor
// passes for another vendor's case.
func TestAnIntakeIDOfAnotherVendor(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	first := w.open(intake("web-1"))
	again := intake("web-1")
	again.Vendor.Name = "Renamed " + planted
	same(t, "again", first, w.open(again))
	same(t, "its name", "Acme "+planted, w.desk.VendorName(t.Context(), "acme-payroll"))
	other := intake("web-1")
	other.Vendor.Slug = "acme"
	_, err := w.desk.Open(t.Context(), other)
	isInput(t, err)
	same(t, "never named", "acme", w.desk.VendorName(t.Context(), "acme"))
	same(t, "starts", 1, len(w.engine.starts))
}

// TestAnAnswersIDDoesNotHideACase: the register has every case, also one whose
// intake came under an id that an answer had.
func TestAnAnswersIDDoesNotHideACase(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	request := w.asks(w.opens("onboarding/other/1", calendar.Anchor{}), "need", "lena", "sam")
	same(t, "answer", review.Counted, w.answers(approve("web-1", "lena", request)).Status)
	for range 2 {
		id := w.open(intake("web-1"))
		opened := 0
		for _, l := range w.lines(dossier.Register) {
			if l.Entry.Kind == dossier.CaseOpened && strings.HasPrefix(l.Entry.ID, id+"#") {
				opened++
			}
		}
		same(t, "register", 1, opened)
	}
}

// TestTheNumberOfSomebodyElsesAnswer: a form that somebody else has sent before
// is not taken for an answer of the one who sends it again.
func TestTheNumberOfSomebodyElsesAnswer(t *testing.T) {
	t.Parallel()
	for _, receipts := range []bool{true, false} {
		w := newWorld(t)
		p := w.opens(onboarding, calendar.Anchor{})
		request := w.asks(p, "need", "lena", "sam")
		if !receipts {
			w.store.refuse("KeepReceipt", dossier.FullError{Doing: "keeping a receipt"})
		}
		hers := approve("web-1", "lena", request)
		hers.Text = review.Text{}
		same(t, "hers", review.Counted, w.answers(hers).Status)
		his := hers
		his.From, his.Verdict = from("sam"), review.Reject
		_, err := w.desk.Answer(t.Context(), his)
		isInput(t, err)
		if again := w.answers(hers).Status; again != review.Counted && again != review.Already {
			t.Errorf("hers again: %s", again)
		}
		same(t, "ballots", 1, len(p.requests[0].Ballots))
		back := act("web-2", "lena", review.TakeBack)
		back.Request, back.Text = request, review.Text{Inside: planted}
		same(t, "taken back", review.Counted, w.does(back).Status)
		back.From = from("sam")
		_, err = w.desk.Act(t.Context(), back)
		isInput(t, err)
	}
}

// TestNoVendorsPersonIsDelegatedTo: whoever works for a vendor, also another
// one, is shown nothing of the case and answers nothing in it.
func TestNoVendorsPersonIsDelegatedTo(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.opens("onboarding/other/1", calendar.Anchor{})
	request := w.asks(p, "need", "lena", "sam")
	p.requests[0].Vendor = "other" // vera is of another vendor
	a := act("web-1", "lena", review.Delegate)
	a.Request, a.ToID, a.Until = request, "vera", monday().AddDate(0, 0, 2)
	same(t, "refusal", review.BadDelegate, w.does(a).Refusal)
}

// TestTheNumberOfSomebodyElsesQueuedAnswer: also while the first one waits.
func TestTheNumberOfSomebodyElsesQueuedAnswer(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.opens(onboarding, calendar.Anchor{})
	request := w.asks(p, "need", "lena", "sam")
	w.engine.fails(down())
	hers := approve("web-1", "lena", request)
	hers.Text = review.Text{}
	same(t, "hers", review.Pending, w.answers(hers).Status)
	same(t, "hers again", review.Pending, w.answers(hers).Status)
	his := hers
	his.From, his.Verdict = from("sam"), review.Reject
	_, err := w.desk.Answer(t.Context(), his)
	isInput(t, err)
	w.engine.works()
	w.delivers()
	same(t, "delivered", []any{review.Counted, "lena"}, []any{w.receipt("web-1").Status, w.receipt("web-1").By})
}
