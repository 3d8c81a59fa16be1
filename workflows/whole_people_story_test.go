package workflows

import (
	"slices"
	"testing"
	"time"

	"gangway/internal/dossier"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// holds lists the open requests in which somebody may answer.
func (w *whole) holds(person string) []string {
	var all []string
	now := w.env.Now().UTC()
	for _, r := range w.view().Requests {
		if r.Closed == nil && len(r.SeatsOf(person, now)) > 0 {
			all = append(all, r.ID)
		}
	}
	return all
}

// ballots lists what a person decided: "request verdict", with a mark where it no longer
// counts.
func (w *whole) ballots(person string) []string {
	var all []string
	for _, r := range w.view().Requests {
		for _, b := range r.Ballots {
			line := r.ID + " " + string(b.Verdict)
			if b.Void || b.TakenBack {
				line += " no longer"
			}
			if b.Person == person {
				all = append(all, line)
			}
		}
	}
	return all
}

// The service owner leaves while due diligence and pilot both wait for them. Their
// seats go to who stands in for them, in both at once; what they decided stands, with
// their statement on interests, and nothing is asked again.
func TestWholeAPersonLeavesInTheMiddle(t *testing.T) {
	w := newWhole(t, 1)
	w.expect("risk-record").by("service-sol").isSilent()
	var held, said []string
	w.at(20, func() {
		held, said = w.holds("service-sol"), w.ballots("service-sol")
		if !slices.Equal(held, []string{"diligence/acme/1:risk-record.1", "pilot/acme/1:halfway.1"}) {
			t.Errorf("before they leave they hold %v", held)
		}
		w.apply("service-sol", func(p *playbook.Person) { p.Left = true })
	})
	w.on(w.atDay(20).Sub(monday)+time.Minute, func() {
		if left := w.holds("service-sol"); len(left) > 0 {
			t.Errorf("who left still holds %v", left)
		}
		if now := w.holds("deputy-sal"); !slices.Equal(now, held) {
			t.Errorf("who stands in holds %v", now)
		}
	})
	if out := w.plays(); out.Result != ResultLive {
		t.Errorf("got %+v", out)
	}
	if now := w.ballots("service-sol"); !slices.Equal(now, said) || len(said) < 4 {
		t.Errorf("they had decided %v, and now the record says %v", said, now)
	}
	if again := w.rounds(); again != nil {
		t.Errorf("asked again: %v", again)
	}
	if !slices.ContainsFunc(w.rec.of(dossier.Request), func(e dossier.Entry) bool {
		return e.Fact.Kind == review.FactCounted && e.Actor == "service-sol" && slices.Contains(e.Fact.Ballot.Attest, w.in.Declaration)
	}) {
		t.Error("their statement on interests is no longer on record")
	}
	for _, step := range []string{"risk-record", "halfway", "pilot-score", "review", "exit-plan"} {
		if !slices.Contains(w.answeredBy("deputy-sal"), step) {
			t.Errorf("who stands in answered %v", w.answeredBy("deputy-sal"))
		}
	}
}

// The head of finance remembers a share in the vendor while they read its accounts. They
// are off every seat of the case at once, in the pilot that runs beside too, and for
// ever; a colleague takes over and states their own interests; what finance approved
// before stands in the record as it was.
func TestWholeAReviewerWithAnInterest(t *testing.T) {
	w := newWhole(t, 1)
	w.expect("company-accept").by("finance-fay").acts(func(r review.Request) {
		w.act(r.Process, "finance-fay", review.Recuse, w.about("company-accept"))
	})
	if out := w.plays(); out.Result != ResultLive {
		t.Errorf("got %+v", out)
	}
	if got := w.answeredBy("finance-fay"); !slices.Equal(got, []string{"need"}) {
		t.Errorf("who has an interest decided %v", got)
	}
	if got := w.answeredBy("finance-flo"); !slices.Equal(got, []string{"company-accept", "insurance-accept", "review"}) {
		t.Errorf("the substitute decided %v", got)
	}
	recused := time.Time{}
	for _, r := range w.view().Requests {
		if r.Step == "company-accept" {
			recused = r.Ballots[0].At
			if b := r.Ballots[0]; !slices.Contains(b.Attest, w.in.Declaration) {
				t.Errorf("the substitute's first answer attests %v", b.Attest)
			}
		}
	}
	for _, r := range w.view().Requests {
		for _, x := range r.Seatings {
			if slices.ContainsFunc(x.Holders, func(h review.Holder) bool { return h.Person == "finance-fay" && h.Since.After(recused) }) {
				t.Errorf("who has an interest was seated again in %s", r.ID)
			}
		}
	}
}

// The same person answers in the case, in its due diligence and in its pilot, and says
// once that they have no interest of their own.
func TestWholeInterestsAreStatedOnce(t *testing.T) {
	w := newWhole(t, 1)
	w.plays()
	n := map[string]int{}
	for _, e := range w.rec.of(dossier.Request) {
		if e.Fact.Kind == review.FactCounted && slices.Contains(e.Fact.Ballot.Attest, w.in.Declaration) {
			n[e.Actor]++
		}
	}
	for person, times := range n {
		if times != 1 {
			t.Errorf("%s stated their interests %d times", person, times)
		}
	}
	if len(n) != 8 {
		t.Errorf("stated by %v", n)
	}
}

// The owner corrects the intake. What people stated was about another matter: whoever
// decides from then on states once more that they have no interest in it, in whichever
// part they answer, and nobody twice.
func TestWholeInterestsAreStatedAgainOnAChangedFact(t *testing.T) {
	w := newWhole(t, 1)
	var corrected time.Time
	w.at(21, func() {
		corrected = w.now()
		w.corrects("personal", "pupil", "payment")
	})
	if out := w.plays(); out.Result != ResultLive {
		t.Errorf("got %+v", out)
	}
	v := w.view()
	before, after, first := map[string]int{}, map[string]int{}, map[string]bool{}
	for _, e := range w.rec.of(dossier.Request) {
		if e.Fact.Kind != review.FactCounted || w.person(e.Actor).Employer != "" {
			continue
		}
		stated := slices.Contains(e.Fact.Ballot.Attest, w.in.Declaration)
		late := v.Request(e.Fact.Request).Opened.After(corrected)
		if late && !first[e.Actor] {
			first[e.Actor] = true
			if !stated && after[e.Actor] == 0 {
				t.Errorf("%s answers %s after the correction, and states nothing", e.Actor, e.Fact.Request)
			}
		}
		switch {
		case stated && e.At.After(corrected):
			after[e.Actor]++
		case stated:
			before[e.Actor]++
		}
	}
	for _, n := range []map[string]int{before, after} {
		for person, times := range n {
			if times > 1 {
				t.Errorf("%s stated their interests %d times", person, times)
			}
		}
	}
	if len(after) < 7 {
		t.Errorf("stated again by %v", after)
	}
}

// Whoever declares an interest in one part is off what they were asked in the other at
// the same minute, and who stands in is asked there.
func TestWholeAnInterestCountsInEveryPartAtOnce(t *testing.T) {
	w := newWhole(t, 1)
	w.expect("risk-record").by("service-sol").isSilent()
	var held []string
	w.at(20, func() {
		held = w.holds("service-sol")
		w.act("diligence/acme/1", "service-sol", review.Recuse, w.about("risk-record"))
	})
	w.on(w.atDay(20).Sub(monday)+time.Minute, func() {
		if left := w.holds("service-sol"); len(left) > 0 {
			t.Errorf("who has an interest still holds %v", left)
		}
		if now := w.holds("deputy-sal"); !slices.Equal(now, held) || len(held) != 2 {
			t.Errorf("they held %v, who stands in holds %v", held, now)
		}
	})
	if out := w.plays(); out.Result != ResultLive {
		t.Errorf("got %+v", out)
	}
	if got := w.answeredBy("deputy-sal"); !slices.Contains(got, "halfway") || !slices.Contains(got, "pilot-score") {
		t.Errorf("who stands in answered %v", got)
	}
}
