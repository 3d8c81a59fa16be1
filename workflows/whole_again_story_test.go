package workflows

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// statement is when somebody of ours said with an answer that they have no interest in
// the vendor, and where.
type statement struct {
	process string
	at      time.Time
}

// stated lists the statements of a person on record, the oldest first.
func (w *whole) stated(person string) []statement {
	var all []statement
	for _, e := range w.rec.of(dossier.Request) {
		if e.Fact.Kind == review.FactCounted && e.Actor == person && slices.Contains(e.Fact.Ballot.Attest, w.in.Declaration) {
			all = append(all, statement{e.Process, e.At})
		}
	}
	return all
}

// lapsed reports whether the last statement of a person is a year old.
func (w *whole) lapsed(person string) bool {
	all := w.stated(person)
	return len(all) > 0 && !engagement.MonthsLater(all[len(all)-1].at, 12).After(w.now())
}

// The case is held for most of a year. Whoever answers when the year since their statement
// is over makes it again, in whichever part that is: in one that ran when they made it, in
// one that began since and was told of it, and in the case itself. Nobody makes it twice
// within a year.
func TestWholeInterestsAreStatedAgainAfterAYear(t *testing.T) {
	w := newWhole(t, 1)
	w.lasts = 450 * day
	w.at(20, func() { w.act(w.in.Process, "owner-ola", review.Hold) })
	w.on(358*day+90*time.Minute, func() { w.act(w.in.Process, "owner-ola", review.Resume) })
	if out := w.plays(); out.Result != ResultLive {
		t.Errorf("got %+v\n%s", out, w.trace())
	}
	again := map[string]string{}
	for _, m := range append(twelve(), deputies()...) {
		all := w.stated(m.id)
		for i := 1; i < len(all); i++ {
			again[m.id] += all[i].process
			if engagement.MonthsLater(all[i-1].at, 12).After(all[i].at) {
				t.Errorf("%s states on %s what they stated on %s", m.id, all[i].at, all[i-1].at)
			}
		}
	}
	for _, e := range w.rec.of(dossier.Request) {
		if e.Fact.Kind != review.FactOpened {
			continue
		}
		for _, id := range e.Fact.Opened.Declared {
			stands := func(s statement) bool { return !s.at.After(e.At) && engagement.MonthsLater(s.at, 12).After(e.At) }
			if !slices.Contains(w.in.Declared, id) && !slices.ContainsFunc(w.stated(id), stands) {
				t.Errorf("%s is opened on %s as if %s had stated anything within a year", e.Fact.Request, e.At, id)
			}
		}
	}
	// Their first were made before the hold: in the case, and by the two last in the due
	// diligence. Data protection's is not a year old when it has its last word.
	want := map[string]string{"sponsor-sue": firstPilot, "service-sol": firstPilot, "finance-fay": "contract/acme/1", "legal-lee": "contract/acme/1",
		"owner-ola": "contract/acme/1", "security-sam": w.in.Process, "it-ida": w.in.Process}
	if d := cmp.Diff(want, again); d != "" {
		t.Errorf("who stated again where (- want, + got):\n%s", d)
	}
}

// What several decide is refused by one of them, and the owner has it asked again: in the
// case, in its due diligence, and in what is signed on data. Whoever refused is asked
// again; what the others approved stands; and nobody states their interests again.
func TestWholeRefusedAndAskedAgain(t *testing.T) {
	w := newWhole(t, 1)
	refused := map[string]string{"need": "finance-fay", "company-accept": "finance-fay", "risk-record-accept": "security-sam", "dpa-sign": "privacy-pam"}
	for step, person := range refused {
		e := w.expect(step).by(person).rejects()
		if step == "risk-record-accept" {
			e.after(5) // when the other has approved
		}
	}
	for _, chore := range []string{"settle-need", "settle-company", "settle-risk-record-accept", "settle-dpa-sign"} {
		w.expect(chore).by("owner-ola").says(playbook.AskAgain, because)
	}
	if out := w.plays(); out.Result != ResultLive {
		t.Errorf("got %+v\n%s", out, w.trace())
	}
	if again := w.rounds(); again != nil {
		t.Errorf("asked as another request: %v", again)
	}
	for step, person := range refused {
		w.wantAskedAgain(w.open(step), person)
	}
	for _, m := range append(twelve(), deputies()...) {
		if all := w.stated(m.id); len(all) > 1 {
			t.Errorf("%s stated their interests in %v", m.id, all)
		}
	}
}

// wantAskedAgain holds that one person refused, was told once more, and then approved, and
// that everybody else was told once and answered once.
func (w *whole) wantAskedAgain(r review.Request, refuser string) {
	w.t.Helper()
	said, told := map[string][]review.Verdict{}, map[string]int{}
	for _, b := range r.Ballots {
		said[b.Person] = append(said[b.Person], b.Verdict)
		if b.TakenBack || b.Void && b.Verdict == review.Approve {
			w.t.Errorf("%s: what %s approved stands no more", r.ID, b.Person)
		}
	}
	for _, x := range r.Told {
		if x.Why == playbook.WhyAsked {
			told[x.Person]++
		}
	}
	for person, all := range said {
		want, times := []review.Verdict{review.Approve}, 1
		if person == refuser {
			want, times = []review.Verdict{review.Reject, review.Approve}, 2
		}
		if !slices.Equal(all, want) || told[person] != times {
			w.t.Errorf("%s: %s says %v and is asked %d times", r.ID, person, all, told[person])
		}
	}
	if said[refuser] == nil || len(said) != len(r.Policy.Seats()) || r.Closed == nil || r.Closed.State != review.Met {
		w.t.Errorf("%s: %v, closed %+v", r.ID, said, r.Closed)
	}
}
