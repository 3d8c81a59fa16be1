package workflows

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"gangway/activities"
	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/entitlement"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// What an adopted vendor lacks is asked of the owner at once, in one breath; what they
// file is watched from then on.
func TestOversightGapsOfAnAdoptedVendor(t *testing.T) {
	gap := func(name string) engagement.Expiry {
		return engagement.Expiry{ID: ":gap-" + name, Kind: engagement.ExpiryGap, Name: name, Unreviewed: true}
	}
	ends := 400
	v := sameAsUndisturbed(t, func(v *vigil) {
		v.in.Predecessor, v.in.Intake = "", dossier.Paper{Digest: "sha256:row"}
		v.after(1, func() {
			v.wantTold("owner-ola", "0 asked gap-contract gap-dpa gap-exit-plan gap-contacts")
			v.says("owner-ola", "gap-contract", review.Done, goodUntil(ends), noticeOf(30), renewsBy(engagement.Yes))
			v.says("owner-ola", "gap-dpa", playbook.Collect)
			v.says("owner-ola", "gap-exit-plan", review.Done)
			v.says("owner-ola", "gap-contacts", playbook.Drop)
		})
		v.after(2, func() {
			if w := v.watchedNow(vigilID + ":contract"); w.NoticeDays != 30 || !w.Renews || w.Unreviewed || !w.On.Equal(monday.AddDate(0, 0, ends)) {
				v.t.Errorf("the contract is watched as %+v", w)
			}
			if w := v.watchedNow(vigilID + ":exit-plan"); w.Kind != engagement.ExpiryExitPlan || w.On.IsZero() {
				v.t.Errorf("the exit plan is watched as %+v", w)
			}
			if w := v.watchedNow(vigilID + ":gap-dpa"); w.Begun != "dpa/acme/1" || w.Ended != "" {
				v.t.Errorf("the agreement: %+v", w)
			}
		})
		v.after(30, func() {
			v.env.SignalWorkflow(SignalNews, News{Process: "dpa/acme/1", Result: ResultRefused, By: "owner-ola"})
		})
		v.after(31, func() { v.says("owner-ola", "gap-failed", playbook.Drop) })
		v.offAfter(60)
	}, gap(GapContract), gap(GapDPA), gap(GapExitPlan), gap(GapContacts))
	if slices.ContainsFunc(v.rec.of(dossier.CaseOpened), func(e dossier.Entry) bool { return e.Case == dossier.Register && e.Detail.Parent == vigilID }) {
		t.Error("the register has the case twice: desk noted it when it was opened")
	}
	v.wantAbout(map[string]string{"gap-contract": vigilID + ":gap-contract", "gap-dpa": vigilID + ":gap-dpa", "gap-failed": vigilID + ":gap-dpa",
		"gap-exit-plan": vigilID + ":gap-exit-plan", "gap-contacts": vigilID + ":gap-contacts"})
	for _, name := range []string{GapContract, GapDPA, GapExitPlan, GapContacts} {
		if w := v.watchedNow(vigilID + ":gap-" + name); w.Ended == "" {
			t.Errorf("%s lacks still: %+v", name, w)
		}
	}
}

// wantAbout holds every request that was opened to what it says it is about.
func (v *vigil) wantAbout(want map[string]string) {
	v.t.Helper()
	got := map[string]string{}
	for _, e := range v.rec.entries {
		if e.Fact != nil && e.Fact.Kind == review.FactOpened {
			got[e.Fact.Opened.Step] = e.Fact.Opened.Watched
		}
	}
	if d := cmp.Diff(want, got); d != "" {
		v.t.Errorf("what is asked is about (-want +got):\n%s", d)
	}
}

// Holds, replacements, redelivered acts and answers, a refused stranger and a person
// who left outlive every new run; so do the numbers of entries and requests.
func TestOversightLosesNothing(t *testing.T) {
	var once review.Act
	v := sameAsUndisturbed(t, func(v *vigil) {
		v.after(10, func() { v.says("owner-ola", "access", playbook.Extend, goodUntil(90)) })
		v.after(11, func() {
			v.act(vigilID, "owner-ola", review.Hold, func(a *review.Act) { once = *a })
		})
		v.after(12, func() {
			v.send(vigilID, UpdateAct, "hold again", once)
			v.refused(v.act(vigilID, "owner-ola", review.Hold), review.OnHold)
		})
		v.after(80, func() { v.wantNobodyAsked("access"); v.wantNobodyAsked("certificate") })
		v.after(81, func() { v.act(vigilID, "owner-ola", review.Resume) })
		v.after(82, func() {
			v.open("certificate") // whose day came while it was on hold
			v.refused(v.says("legal-lee", "access", playbook.Remove), review.NoSeat)
		})
		v.after(83, func() {
			v.know("owner-ola", func(p *playbook.Person) { p.Left = true })
			v.ids++
			v.send(vigilID, UpdatePeople, fmt.Sprintf("people%d", v.ids), PeopleChange{Revision: 2, People: []review.Person{v.person("owner-ola")},
				Replaced: &Replaced{Leaver: "owner-ola", By: v.person("board-bea"), Actor: "sponsor-sue", Answer: "why"}})
		})
		v.after(84, func() { v.says("board-bea", "access", playbook.Remove) })
		v.after(85, func() {
			v.refused(v.says("board-bea", "access", playbook.Remove), review.Closed)
			v.says("acme.1", "certificate", review.Delivered, deliver("sha256:c2"))
		})
		v.after(86, func() { v.says("board-bea", "certificate-accept", playbook.TakeIt) })
		v.after(87, func() {
			if w := v.watchedNow("iso"); !w.On.Equal(engagement.MonthsLater(v.view().Requests[len(v.view().Requests)-1].Closed.At, 12)) {
				v.t.Errorf("without a date it is looked at again in a year: %+v", w)
			}
			v.act(vigilID, "board-bea", review.Withdraw)
		})
	}, expiry("account", engagement.ExpiryAccess, 30), expiry("iso", engagement.ExpiryCertificate, 60))
	if e := v.rec.of(dossier.OwnerChanged); len(e) != 1 || e[0].Detail.Owner != "board-bea" {
		t.Errorf("owners: %+v", e)
	}
}

// A request that closed long ago is not carried on. Whoever answers it then is told
// that it is closed, not that nobody ever asked.
func TestOversightOfALongGoneRequest(t *testing.T) {
	v := newVigil(t, true, expiry("iso", engagement.ExpiryCertificate, 20), expiry("late", engagement.ExpiryWaiver, 600))
	v.after(1, func() { v.says("acme.1", "certificate", review.Delivered, deliver("sha256:c2")) })
	v.after(2, func() { v.says("owner-ola", "certificate-accept", playbook.TakeIt, goodUntil(700)) })
	late := func(id, request string, want review.Refusal) {
		v.send(vigilID, UpdateAnswer, id, review.Answer{ID: id, Request: request, Verdict: review.Delivered, Person: v.person("acme.1"), Documents: []string{"sha256:x"}})
		v.refused(id, want)
	}
	v.after(30, func() {
		if n := len(v.state(vigilID)); n != 2 {
			v.t.Errorf("%d requests are known after a month, want two", n)
		}
	})
	v.after(580, func() { v.says("owner-ola", "waiver", playbook.Drop) })
	v.after(590, func() {
		if n := len(v.state(vigilID)); n > 1 {
			v.t.Errorf("%d requests are carried on for ever", n)
		}
		late("late", vigilID+":certificate.1", review.Closed)
		late("never", vigilID+":certificate.2", review.Unknown)
	})
	v.offAfter(600)
	v.live()
}

// A bare declaration is asked of the person whose it is; a review of the vendor comes
// round as often as its tier says, and the exit plan once a year.
func TestOversightWhatComesRound(t *testing.T) {
	v := sameAsUndisturbed(t, func(v *vigil) {
		v.in.ExitPlan = "sha256:plan"
		v.in.Watch.Reviews = map[engagement.Tier]int{2: 6}
		v.after(20, func() { v.says("legal-lee", "declaration", review.Done) })
		found := func(a *review.Answer) {
			a.Findings = append(a.Findings, engagement.Finding{Point: pointFound, Said: true}, engagement.Finding{Point: pointChanged, Choices: []string{engagement.No}})
		}
		v.after(160, func() { v.says("owner-ola", "review", review.Done, found) })
		v.after(357, func() {
			v.says("owner-ola", "review", review.Done, found)
			v.says("owner-ola", "exit-plan", review.Done, func(a *review.Answer) {
				a.Findings = append(a.Findings, engagement.Finding{Point: pointFound, Said: true})
			})
			if r := v.open("declaration"); !r.Holds("asked", "legal-lee", v.env.Now()) || r.Closed != nil {
				v.t.Errorf("asked again: %+v", r)
			}
		})
		v.offAfter(370)
	}, expiry("lee", engagement.ExpiryDeclaration, 30, func(e *engagement.Expiry) { e.Person = "legal-lee" }))
	days := func(id string) int {
		return int(v.watchedNow(id).On.Sub(monday) / day)
	}
	if d := days(vigilID + ":review"); d < 530 || d > 545 {
		t.Errorf("the next review is on day %d", d)
	}
	if d := days(vigilID + ":exit-plan"); d < 721 || d > 724 {
		t.Errorf("the exit plan is looked at again on day %d", d)
	}
}

// TestOversightAtRandom: whatever runs out when, and whoever answers what when or is
// silent, a new run at every wake leaves the journal of one that is never disturbed.
func TestOversightAtRandom(t *testing.T) {
	kinds := engagement.ExpiryKinds()
	for seed := range uint64(10 / sampled) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			dice := rand.New(rand.NewPCG(seed, 7))
			var list []engagement.Expiry
			for i := range 3 + dice.IntN(4) {
				kind := kinds[dice.IntN(len(kinds))]
				list = append(list, expiry(fmt.Sprintf("x%d", i), kind, 5+dice.IntN(400), func(e *engagement.Expiry) {
					e.NoticeDays, e.Renews = dice.IntN(60), dice.IntN(2) == 0
					switch kind {
					case engagement.ExpiryAccess, engagement.ExpiryCopy:
						e.Document = []string{"", accessForm}[dice.IntN(2)]
					case engagement.ExpiryDeclaration:
						e.Person = "legal-lee"
					case engagement.ExpiryGap:
						e.On, e.Name = time.Time{}, []string{GapContract, GapDPA, GapContacts}[dice.IntN(3)]
					}
				}))
			}
			plays := dice.Uint64()
			sameAsUndisturbed(t, func(v *vigil) { v.ramble(rand.New(rand.NewPCG(plays, 1))) }, list...)
		})
	}
}

// ramble lets people answer, or not, at random times over two years.
func (v *vigil) ramble(dice *rand.Rand) {
	v.anyOutcome = true
	v.removes = func(in activities.AccessIn) (activities.AccessOut, error) { // on some days it is away, on others it fails
		switch today := int(v.env.Now().Sub(monday) / day); {
		case today%5 < 2:
			return activities.AccessOut{}, errors.New("the service is away")
		case today%5 < 3:
			return standingAt(in, entitlement.VerdictFound)
		}
		return standingAt(in, entitlement.VerdictClean)
	}
	v.looks = v.removes
	for range 60 {
		at, which, word, date := 1+dice.Float64()*700, dice.IntN(1000), dice.IntN(1000), dice.IntN(900)
		v.after(at, func() {
			var open []review.Request
			for _, r := range v.view().Requests {
				if r.Closed == nil {
					open = append(open, r)
				}
			}
			if len(open) == 0 {
				return
			}
			r := open[which%len(open)]
			for _, s := range r.Seatings {
				for _, h := range s.Holders {
					if !h.Active(v.env.Now()) || r.Standing(s.Seat) != nil {
						continue
					}
					verdict := r.Verdicts()[word%len(r.Verdicts())]
					v.says(h.Person, r.Step, verdict, telling, func(a *review.Answer) {
						a.Request, a.Seat = r.ID, s.Seat
						if r.Sheet && date > 100 {
							a.Findings = []engagement.Finding{{Point: pointUntil, On: monday.AddDate(0, 0, date)}}
						}
						if r.Kind == review.Delivery {
							a.Documents = []string{"sha256:d" + a.ID}
						}
					})
					return
				}
			}
		})
	}
	v.offAfter(710)
}
