package mail

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"gangway/internal/playbook"
	"gangway/internal/review"
)

func asked(change func(*review.Request)) *review.Request {
	r := review.Request{Kind: review.Decision, Title: "Legal review", Policy: review.Policy{Groups: []review.Group{{Seats: []review.Seat{{ID: "legal"}, {ID: "tax"}}}}}}
	if change != nil {
		change(&r)
	}
	return &r
}

// What a line can give is offered, and for the rest the mail says where it is
// given instead.
func TestWaysToAnswerByMail(t *testing.T) {
	t.Parallel()
	all := []review.Verdict{review.Approve, review.Changes, review.Reject}
	for name, c := range map[string]struct {
		change func(*review.Request)
		seats  []string
		by     []review.Verdict
		how    string
	}{
		"a decision":     {nil, []string{"legal"}, all, ""},
		"a task":         {func(r *review.Request) { r.Kind = review.Task }, []string{"legal"}, []review.Verdict{review.Done}, ""},
		"a choice":       {func(r *review.Request) { r.Options = []review.Verdict{playbook.NextVersion, playbook.Waive} }, []string{"legal"}, []review.Verdict{playbook.NextVersion, playbook.Waive}, ""},
		"comments only":  {func(r *review.Request) { r.MailComments = true }, []string{"legal"}, nil, "decided on the page"},
		"signed in":      {func(r *review.Request) { r.Browser = true }, []string{"legal"}, nil, "signed in"},
		"points":         {func(r *review.Request) { r.Kind = review.Rating }, []string{"legal"}, nil, "points"},
		"a checklist":    {func(r *review.Request) { r.Kind = review.Checklist }, []string{"legal"}, nil, "each point"},
		"a form":         {func(r *review.Request) { r.Kind, r.Sheet = review.Task, true }, []string{"legal"}, nil, "It is a form"},
		"blind points":   {func(r *review.Request) { r.Kind, r.Blind = review.Rating, true }, []string{"legal"}, nil, "Nobody sees another's points"},
		"a first answer": {func(r *review.Request) { r.Declaration, r.Declared = "no-interest", []string{"sam"} }, []string{"legal"}, nil, "interest of your own"},
		"a later answer": {func(r *review.Request) { r.Declaration, r.Declared = "no-interest", []string{"helen"} }, []string{"legal"}, all, ""},
		"readers":        {func(r *review.Request) { r.ReadAll = true }, []string{"legal"}, all, "Which sections you have read"},
		"a document":     {func(r *review.Request) { r.Kind = review.Delivery }, []string{"legal"}, nil, "document"},
		"a text to send": {func(r *review.Request) { r.Options = []review.Verdict{playbook.Sent} }, []string{"legal"}, nil, "a text"},
		"words for the vendor": {func(r *review.Request) {
			r.Options = []review.Verdict{playbook.TakeAnyway, playbook.AskVendor, playbook.Withdraw}
			r.ToVendor = []review.Verdict{playbook.AskVendor}
		}, []string{"legal"}, []review.Verdict{playbook.TakeAnyway, playbook.Withdraw}, "What the vendor is told is written on the page"},
		"only words for the vendor": {func(r *review.Request) {
			r.Options, r.ToVendor = []review.Verdict{playbook.SendMissing}, []review.Verdict{playbook.SendMissing}
		}, []string{"legal"}, nil, "answered on the page"},
		"two seats":            {nil, []string{"legal", "tax"}, nil, "more than one seat"},
		"with statements":      {func(r *review.Request) { r.Policy.Groups[0].Seats[0].Attest = []string{"read-it"} }, []string{"legal"}, all[1:], "confirms statements"},
		"another's statements": {func(r *review.Request) { r.Policy.Groups[0].Seats[1].Attest = []string{"read-it"} }, []string{"legal"}, all, ""},
	} {
		got := waysOf(asked(c.change), c.seats, "helen")
		if strings.Join(words(got.By), " ") != strings.Join(words(c.by), " ") || c.how == "" != (got.How == "") || !strings.Contains(got.How, c.how) {
			t.Errorf("%s: %v, %q", name, got.By, got.How)
		}
	}
}

// TestNoMailOffersWhatIsRefused: of everything that gangway asks a case owner, each
// answer that a mail offers by a line is counted when it comes with its reason alone.
func TestNoMailOffersWhatIsRefused(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	offered := 0
	for _, name := range []string{playbook.ChoreText, playbook.ChoreSend, playbook.ChoreNext, playbook.ChoreSettle, playbook.ChoreAsk, playbook.ChoreUnreadable, playbook.ChoreOtherKind, playbook.ChoreSame,
		playbook.ChoreLacking, playbook.ChoreRefused, playbook.ChoreFailed, playbook.ChoreCompetition, playbook.ChoreAccess, playbook.ChorePart, playbook.ChoreRunOut, playbook.ChoreIncomplete, playbook.ChoreSilent,
		playbook.ChoreNotAccepted, playbook.ChoreWaiver, playbook.ChoreClauses, playbook.ChoreCopy} {
		c := playbook.NewChore(name, playbook.Onboarding, playbook.Deadlines{})
		r := review.Request{ID: "q", Kind: c.Step.Kind, Title: c.Step.Title, Policy: c.Step.Policy, Options: c.Options, Reasoned: c.Reasoned, ToVendor: playbook.Outward(c.Options), Points: c.Step.Points, Opened: at, Owner: "helen",
			Seatings: []review.Seating{{Seat: playbook.OwnerSeat, Holders: []review.Holder{{Person: "helen", Via: review.ViaOwner, Since: at}}}}, Clocks: []review.Clock{{Opened: at}}}
		r.Sheet = len(r.Points) > 0
		ways := waysOf(&r, []string{playbook.OwnerSeat}, "helen")
		for _, v := range ways.By {
			offered++
			q := r.Clone()
			out, _ := q.Judge(review.Answer{ID: "m", Request: "q", Verdict: v, Person: review.Person{ID: "helen", Active: true}, Written: review.Written{Inside: "digest"}, Channel: "mail", At: at}, at)
			if !out.OK() {
				t.Errorf("%s: a mail offers “%s”, and it is refused: %s", name, v, out.Refusal)
			}
		}
	}
	if offered < 10 {
		t.Errorf("%d answers are offered: the test looks in the wrong place", offered)
	}
}

func words(vs []review.Verdict) []string {
	var all []string
	for _, v := range vs {
		all = append(all, string(v))
	}
	return all
}

// Every line that a mail prints, and every line that its buttons begin, is read
// as the verdict that it was offered for.
func TestWhatMailsPrintIsWhatCounts(t *testing.T) {
	t.Parallel()
	for _, r := range []*review.Request{asked(nil), asked(func(r *review.Request) { r.Kind = review.Task }),
		asked(func(r *review.Request) {
			r.Options = []review.Verdict{playbook.NextVersion, playbook.AskAgain, playbook.Waive, playbook.Withdraw}
		}),
		asked(func(r *review.Request) { r.Options = []review.Verdict{review.Approve, review.Reject} }),
		asked(func(r *review.Request) { r.Reasoned = []review.Verdict{review.Approve} })} {
		by := waysOf(r, []string{"legal"}, "helen").By
		for i, b := range buttons(r, by, "gangway+abc@example.org", "[GW x] Legal & tax review") {
			u, err := url.Parse(b.Mailto)
			if err != nil {
				t.Fatal(err)
			}
			body := u.Query().Get("body")
			if u.Scheme != "mailto" || u.Opaque != "gangway%2Babc@example.org" || strings.Contains(b.Mailto, "+") || u.Query().Get("subject") != strings.TrimSpace(body)+" [GW x] Legal & tax review" {
				t.Errorf("%s", b.Mailto)
			}
			for _, line := range []string{b.Line, body} {
				reason := ""
				if b.Needs != "" {
					reason = "it is too dear"
				}
				got := readIntent(reply{text: line + "\n\n" + reason}, r.Options)
				if got.verdict != by[i] || got.reason != reason {
					t.Errorf("%q is read as %q, because %q; offered for %s", line, got.verdict, got.reason, by[i])
				}
			}
		}
		for _, line := range phrasebook(by) {
			_, said, _ := strings.Cut(line, ": ")
			for i, word := range strings.Split(said, ", ") {
				if got := readIntent(reply{text: word}, r.Options); got.verdict != by[i] {
					t.Errorf("%q is read as %q", word, got.verdict)
				}
			}
		}
	}
}

// TestNoWordMeansTwoThings, in any two languages.
func TestNoWordMeansTwoThings(t *testing.T) {
	t.Parallel()
	means := map[string]review.Verdict{}
	for _, p := range Vocabulary() {
		for _, w := range p.Words {
			if v, known := means[w]; known && v != p.Verdict {
				t.Errorf("%q means %s and %s", w, v, p.Verdict)
			}
			means[w] = p.Verdict
			if w != strings.ToLower(w) || strings.Contains(Marker, w) {
				t.Errorf("%q", w)
			}
		}
	}
}

// TestReplyAddressesFit into a local part, and come back as the ticket.
func TestReplyAddressesFit(t *testing.T) {
	t.Parallel()
	ticket := strings.Repeat("a", secretLetters)
	for address, want := range map[string]bool{"gangway@example.org": true, strings.Repeat("g", 37) + "@example.org": true, strings.Repeat("g", 38) + "@example.org": false,
		"g+w@example.org": false, "": false, "Gangway <g@example.org>": false, `"g w"@example.org`: false} {
		if replyable(address) != want {
			t.Errorf("%s: %t", address, !want)
		}
		if !want {
			continue
		}
		p := Post{o: Options{Replies: address}}
		to := p.replyTo(ticket)
		local, _, _ := strings.Cut(address, "@")
		if at := strings.IndexByte(to, '@'); at > 64 || !plainAddress(to) {
			t.Errorf("%s does not fit", to)
		}
		if got := appendTokens(nil, strings.ToUpper(to), local); len(got) != 1 || got[0] != ticket {
			t.Errorf("%s is read as %v", to, got)
		}
		if p.replyTo("") != address {
			t.Error(p.replyTo(""))
		}
	}
}
