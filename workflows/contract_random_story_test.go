package workflows

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/review"
)

// redrafting lets random people do random things to a contract whose sections have one
// of a few texts each.
type redrafting struct {
	s     *story
	rnd   *rand.Rand
	texts map[string][]string // sections by the document's digest
}

func (r *redrafting) pick(from ...string) string { return from[r.rnd.IntN(len(from))] }

// draft files a text of four or five sections: services, secrecy, payment, law, and
// perhaps liability.
func (r *redrafting) draft() string {
	sections := []string{"Services. The vendor runs the payroll " + r.pick("well", "daily"), "Secrecy. Nothing is told to others " + r.pick("ever", "now"),
		"Payment. Within days " + r.pick("thirty", "sixty"), "Law. Ours " + r.pick("alone", "first")}
	if r.rnd.IntN(3) > 0 {
		sections = slices.Insert(sections, r.rnd.IntN(5), "Liability. The vendor is liable "+r.pick("fully", "partly"))
	}
	text := "# Agreement\n\n"
	for i, s := range sections {
		text += fmt.Sprintf("%d. %s.\n", i+1, s)
	}
	digest := r.s.text("r-"+strings.Join(sections, "-"), text)
	r.texts[digest] = sections
	return digest
}

// reads are labels of sections, each by itself.
func (r *redrafting) reads(q review.Request) []string {
	if r.rnd.IntN(2) == 0 {
		return slices.Clone(q.Versions[len(q.Versions)-1].Sections)
	}
	var labels []string
	for _, l := range q.Versions[len(q.Versions)-1].Sections {
		if r.rnd.IntN(2) == 0 {
			labels = append(labels, l)
		}
	}
	return labels
}

func (r *redrafting) anything() {
	s := r.s
	v := s.view()
	open := slices.DeleteFunc(slices.Clone(v.Requests), func(q review.Request) bool { return q.Closed != nil })
	if len(open) == 0 || !v.Closed.IsZero() {
		return
	}
	q := open[r.rnd.IntN(len(open))]
	s.ids++
	id := fmt.Sprintf("x%d", s.ids)
	who := r.pick("owner-ola", "legal-lee", "finance-fay", "privacy-pam", "acme.1")
	if holders := q.Seatings[r.rnd.IntN(len(q.Seatings))].Holders; len(holders) > 0 && r.rnd.IntN(6) > 0 {
		who = holders[r.rnd.IntN(len(holders))].Person
	}
	act := review.Act{ID: id, Process: s.root, Request: q.ID, Person: s.person(who), Version: q.Current(), Written: review.Written{Inside: "digest"}, Channel: "web"}
	switch r.rnd.IntN(14) {
	case 0:
		act.Kind, act.Person, act.Request, act.Name, act.Document = review.Submit, s.person("owner-ola"), "", ContractDocument, r.draft()
		s.send(s.root, UpdateAct, id, act)
		return
	case 1:
		act.Kind = review.TakeBack
		s.send(s.root, UpdateAct, id, act)
		return
	case 2, 3:
		if q.ReadAll {
			act.Kind, act.Sections = review.Read, r.reads(q)
			s.send(s.root, UpdateAct, id, act)
		}
		return
	}
	verdicts := q.Verdicts()
	a := review.Answer{ID: id, Request: q.ID, Version: max(0, q.Current()-r.rnd.IntN(2)), Verdict: verdicts[r.rnd.IntN(len(verdicts))], Person: s.person(who), Channel: "web", Written: review.Written{Inside: "digest"}}
	if q.Kind == review.Decision && r.rnd.IntN(3) > 0 {
		a.Verdict = review.Approve
	}
	if q.ReadAll {
		a.Read = r.reads(q)
	}
	for _, p := range q.Points {
		if q.Kind != review.Checklist {
			break
		}
		a.Findings = append(a.Findings, r.finding(q, p))
	}
	if a.Verdict == review.Delivered {
		a.Documents = []string{r.draft()}
		if q.Step == "executed-copy" && r.rnd.IntN(2) == 0 { // mostly what was approved
			a.Documents = []string{v.Requests[0].Versions[len(v.Requests[0].Versions)-1].Document}
		}
		a.Findings = nil
	}
	s.send(s.root, UpdateAnswer, id, a)
}

// finding says where a point stands in the text, if it does; of what is missing the
// owner waives some.
func (r *redrafting) finding(q review.Request, p engagement.Point) engagement.Finding {
	if p.Dated {
		if r.rnd.IntN(3) == 0 {
			return engagement.Finding{Point: p.ID, Missing: true}
		}
		return engagement.Finding{Point: p.ID, On: r.s.env.Now().AddDate(0, 0, r.rnd.IntN(200)-20)}
	}
	for i, section := range r.texts[q.Versions[len(q.Versions)-1].Document] {
		if strings.HasPrefix(strings.ToLower(section), p.ID) && r.rnd.IntN(8) > 0 {
			return engagement.Finding{Point: p.ID, Places: []string{fmt.Sprint(i + 1)}}
		}
	}
	return engagement.Finding{Point: p.ID, Missing: true}
}

// Whatever versions and answers come, a signed contract has every section read by
// somebody, in these very words, and every clause of the pack found by somebody, in
// these very words, or waived by the owner until a later day.
func TestRandomContracts(t *testing.T) {
	signed, mustSign := make(chan bool, 200), 6
	t.Run("seeds", func(t *testing.T) {
		for seed := range uint64(60) {
			t.Run(fmt.Sprint(seed), func(t *testing.T) {
				step := reviewStepOf(t, seat("legal"), seat("finance", "title:payment"))
				step.ReadAll = true
				s := newContract(t, step, packStep(t, engagement.Point{ID: "secrecy", Cues: []string{"told"}}, engagement.Point{ID: "payment", Cues: []string{"days"}}, engagement.Point{ID: "liability", Cues: []string{"liab"}}), executedStepOf(t))
				s.anyOutcome = true
				r := &redrafting{s: s, rnd: rand.New(rand.NewPCG(seed, 7)), texts: map[string][]string{}}
				for hour := range 700 {
					s.on(time.Duration(hour+1)*time.Hour, r.anything)
				}
				s.on(800*time.Hour, func() {
					if v := s.view(); v.Closed.IsZero() {
						s.act(s.root, "owner-ola", review.Withdraw)
					}
				})
				out := s.playCounter(r.draft())
				if out.Result == ResultSigned {
					r.check(t, out)
				}
				signed <- out.Result == ResultSigned
			})
		}
	})
	n := 0
	for range 60 {
		if <-signed {
			n++
		}
	}
	t.Logf("%d of 60 were signed", n)
	if n < mustSign {
		t.Errorf("only %d of 60 were signed: the stories say little", n)
	}
}

// check looks at the texts themselves, and at what people said of them.
func (r *redrafting) check(t *testing.T, out ContractResult) {
	final := r.texts[out.Document]
	v := r.s.view()
	read := make([]bool, len(final))
	found := map[string]bool{}
	for _, q := range v.Requests {
		text := func(version int) []string {
			i := slices.IndexFunc(q.Versions, func(x review.Version) bool { return x.Number == version })
			if i < 0 {
				return nil
			}
			return r.texts[q.Versions[i].Document]
		}
		for _, b := range append(slices.Clone(q.Ballots), q.Reads...) {
			for i, section := range text(b.Version) {
				said := slices.Contains(b.Read, fmt.Sprint(i+1)) && !b.TakenBack && !b.Void && b.Person != ""
				if said && i < len(final) && final[i] == section {
					read[i] = true
				}
				for _, f := range b.Findings {
					if q.Step == "pack" && slices.Contains(f.Places, fmt.Sprint(i+1)) && slices.Contains(final, section) {
						found[f.Point] = true
					}
				}
			}
		}
	}
	for i, is := range read {
		if !is {
			t.Errorf("version %d is signed, and nobody read section %d: %s", out.Version, i+1, final[i])
		}
	}
	for _, e := range r.s.rec.of(dossier.ClauseWaived) {
		if e.Actor == "owner-ola" && e.Detail.Ends.After(r.approved(v)) {
			found[e.Detail.Points[0]] = true
		}
	}
	for _, p := range []string{"secrecy", "payment", "liability"} {
		if !found[p] {
			t.Errorf("version %d is signed, and nobody found or waived %s in %v", out.Version, p, final)
		}
	}
	if out.Executed == "" {
		t.Error("signed without a signed copy")
	}
}

// approved is when the review of the text was closed.
func (*redrafting) approved(v dossier.CaseView) time.Time {
	i := slices.IndexFunc(v.Requests, func(q review.Request) bool { return q.Step == "review" })
	return v.Requests[i].Closed.At
}
