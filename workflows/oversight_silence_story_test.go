package workflows

import (
	"errors"
	"slices"
	"testing"
	"time"

	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// binding is a contract that renews by itself: asked about on day 250, to be decided by
// day 280, and by day 310 notice must have arrived.
func binding() engagement.Expiry {
	return expiry("contract", engagement.ExpiryContract, 400, func(e *engagement.Expiry) { e.NoticeDays, e.Renews = 90, true })
}

// changed changes what the people file says while the oversight runs.
func (v *vigil) changed(id string, change func(*playbook.Person)) {
	v.know(id, change)
	v.ids++
	v.send(vigilID, UpdatePeople, "people-"+id+v.env.Now().String(), PeopleChange{Revision: 2, People: []review.Person{v.person(id)}})
}

func left(p *playbook.Person) { p.Left = true }

func awayUntil(days int) func(*playbook.Person) {
	return func(p *playbook.Person) {
		p.Away = []playbook.Away{{From: monday, Until: monday.AddDate(0, 0, days)}}
	}
}

// heardOn reports whether somebody was told of a step for a reason on a day.
func (v *vigil) heardOn(person, line string) {
	v.t.Helper()
	if !slices.Contains(v.told(person), line) {
		v.t.Errorf("%s was not told %q, but %q", person, line, v.told(person))
	}
}

// The sponsor is away when the deadline comes, and nobody stands in: the owner's word
// counts as well as theirs, so that somebody can decide.
func TestOversightNoticeWhileTheSponsorIsAway(t *testing.T) {
	v := sameAsUndisturbed(t, func(v *vigil) {
		v.know("sponsor-sue", awayUntil(330))
		v.after(281, func() {
			r := v.open("notice")
			if !r.Holds("owner", "owner-ola", v.env.Now()) || r.Policy.Groups[0].Rule != review.RuleAny {
				v.t.Errorf("nobody who is there is asked: %+v", r.Policy)
			}
		})
		v.after(290, func() { v.says("owner-ola", "notice", playbook.Leave) })
		v.after(291, func() { v.says("owner-ola", "give-notice", review.Delivered, deliver("sha256:receipt")) })
		v.offAfter(420)
	}, binding())
	if w := v.watchedNow("contract"); w.Ended != "ended" || w.NoticePassed {
		t.Errorf("notice was given: %+v", w)
	}
}

// Who stands in for the sponsor answers in their place; the owner is not asked besides.
func TestOversightNoticeByTheSponsorsBackup(t *testing.T) {
	v := sameAsUndisturbed(t, func(v *vigil) {
		v.know("sponsor-sue", awayUntil(330))
		v.know("sponsor-sue", func(p *playbook.Person) { p.Backups = []string{"board-bea"} })
		v.after(281, func() {
			r := v.open("notice")
			if !r.Holds(sponsorSeat, "board-bea", v.env.Now()) || len(r.Policy.Seats()) != 1 {
				v.t.Errorf("asked %+v of %+v", r.Policy, r.Seatings)
			}
			v.says("board-bea", "notice", playbook.Renew)
		})
		v.after(282, func() { v.says("owner-ola", "terms", review.Done, goodUntil(900)) })
		v.offAfter(300)
	}, binding())
	if w := v.watchedNow("contract"); w.NoticePassed || w.Lapsed || w.Renews != true {
		t.Errorf("it was renewed by somebody: %+v", w)
	}
}

// The sponsor has left, before it is asked or while it is: the owner alone is asked,
// and whoever comes after them when they leave too.
func TestOversightNoticeWhenPeopleLeave(t *testing.T) {
	for _, c := range []struct {
		name    string
		sponsor float64 // the day on which the sponsor leaves
		owner   float64 // … the owner
		by      string
		told    string
	}{
		{"the sponsor long ago", 100, 0, "owner-ola", "280 owner notice"},
		{"the sponsor while asked", 260, 0, "owner-ola", "280 owner notice"},
		{"the sponsor after the deadline", 290, 0, "owner-ola", "310 owner notice"},
		{"the owner long ago", 0, 100, "sponsor-sue", "280 asked notice"},
		{"both", 100, 270, "deputy-dan", "280 owner notice"},
	} {
		t.Run(c.name, func(t *testing.T) {
			v := sameAsUndisturbed(t, func(v *vigil) {
				if c.sponsor > 0 {
					v.after(c.sponsor, func() { v.changed("sponsor-sue", left) })
				}
				if c.owner > 0 {
					v.after(c.owner, func() { v.changed("owner-ola", left) })
				}
				v.after(315, func() {
					r := v.open("notice")
					if r.Closed != nil {
						v.t.Errorf("nobody decided, and it is closed: %+v", r.Closed)
					}
					for _, s := range r.Seatings {
						if !slices.ContainsFunc(s.Holders, func(h review.Holder) bool { return h.Active(v.env.Now()) }) {
							v.t.Errorf("nobody holds %s", s.Seat)
						}
					}
					v.says(c.by, "notice", playbook.Leave)
				})
				v.after(330, func() { v.act(vigilID, c.by, review.Withdraw) })
			}, binding())
			v.heardOn(c.by, c.told)
			if w := v.watchedNow("contract"); w.Decided != string(playbook.Leave) || !w.NoticePassed {
				t.Errorf("decided: %+v", w)
			}
			if e := v.rec.of(dossier.Escalated); len(e) == 0 || e[len(e)-1].Detail.Person != c.by {
				t.Errorf("called: %+v", e)
			}
			for _, e := range v.rec.of(dossier.Escalated) {
				if e.Detail.Person == "sponsor-sue" && c.sponsor > 0 && e.CaseAt.After(monday.Add(time.Duration(c.sponsor*float64(day)))) {
					t.Errorf("whoever left was called on day %d", int(e.CaseAt.Sub(monday)/day))
				}
			}
		})
	}
}

// Nobody says anything, ever. The record says when the last day passed and that it went
// on by itself; owner and sponsor were told of both; nothing gave it a new end.
func TestOversightNoticeOfNobody(t *testing.T) {
	v := sameAsUndisturbed(t, func(v *vigil) { v.offAfter(1200) }, binding())
	w := v.watchedNow("contract")
	if !w.NoticePassed || !w.Lapsed || w.Decided != "" || w.Ended != "" || !w.On.Equal(monday.AddDate(0, 0, 400)) {
		t.Errorf("after three years of silence: %+v", w)
	}
	v.heardOn("owner-ola", "250 asked notice")
	v.heardOn("sponsor-sue", "280 owner notice")
	v.heardOn("sponsor-sue", "310 owner notice")
	v.heardOn("owner-ola", "310 owner notice")
	v.heardOn("sponsor-sue", "400 owner notice")
	if n := len(v.rec.of(dossier.Watched)); n != 1 {
		t.Errorf("it was given an end %d times", n)
	}
}

// Whoever negotiates has not decided: on the day when the client has to know, it is
// asked again, and so it is when the negotiation breaks off.
func TestOversightNoticeWhileNegotiating(t *testing.T) {
	begins := func(v *vigil) {
		v.in.Steps = append(v.in.Steps, playbook.Step{ID: "review", Process: playbook.Contract, Kind: review.Decision, Title: "Contract review"})
		v.after(251, func() {
			v.says("owner-ola", "notice", playbook.Renegotiate)
			v.says("sponsor-sue", "notice", playbook.Renegotiate)
		})
		v.after(252, func() { v.wantClosed("notice", review.Met, "decided") })
	}
	t.Run("until the deadline", func(t *testing.T) {
		v := sameAsUndisturbed(t, func(v *vigil) {
			begins(v)
			v.after(281, func() {
				v.says("owner-ola", "notice", playbook.Leave)
				v.says("sponsor-sue", "notice", playbook.Leave)
			})
			v.after(285, func() {
				v.env.SignalWorkflow(SignalNews, News{Process: "contract/acme/1", Result: ResultSigned, Document: "sha256:c2"})
			})
			v.offAfter(330)
		}, binding())
		if w := v.watchedNow("contract"); w.Decided != string(playbook.Leave) || w.NoticePassed {
			t.Errorf("it was asked in time: %+v", w)
		}
	})
	t.Run("until it breaks off", func(t *testing.T) {
		v := sameAsUndisturbed(t, func(v *vigil) {
			begins(v)
			v.after(260, func() {
				v.env.SignalWorkflow(SignalNews, News{Process: "contract/acme/1", Result: ResultWithdrawn, By: "owner-ola"})
			})
			v.after(261, func() {
				if r := v.open("notice"); len(r.Policy.Seats()) != 2 || r.Closed != nil {
					v.t.Errorf("both are asked again: %+v", r)
				}
			})
			v.offAfter(330)
		}, binding())
		if w := v.watchedNow("contract"); !w.NoticePassed {
			t.Errorf("nobody decided after that: %+v", w)
		}
		v.heardOn("sponsor-sue", "280 asked notice")
	})
}

// The calendar is made anew every year, so working days are counted in the fifth; where
// it can't be it is tried again, and what there is goes on.
func TestOversightKnowsTheDaysOfTheFifthYear(t *testing.T) {
	v := sameAsUndisturbed(t, func(v *vigil) {
		v.in.Watch.Reviews = map[engagement.Tier]int{2: 12}
		v.after(300, func() { v.almanac.away = true })
		v.after(400, func() { v.almanac.away = false })
		for _, d := range []float64{340, 705, 1070, 1435} {
			v.after(d, func() {
				v.says("owner-ola", "review", review.Done, func(a *review.Answer) {
					a.Findings = append(a.Findings, engagement.Finding{Point: pointFound, Said: true}, engagement.Finding{Point: pointChanged, Choices: []string{engagement.No}})
				})
			})
		}
		v.offAfter(5 * 365)
	})
	if n := len(v.almanac.from); n < 4 || n > 5 {
		t.Errorf("the calendar was made %d times in five years", n)
	}
	for i, from := range v.almanac.from {
		if i == 0 && from.Before(monday.AddDate(0, 0, 400)) {
			t.Errorf("made on %s, when it could not be", from)
		}
	}
}

// A process that was begun and broke off is the owner's at once, one that says nothing
// after a quarter of a year; when it reports after all the question closes.
func TestOversightOfAProcessThatSaysNothing(t *testing.T) {
	t.Run("it broke off", func(t *testing.T) {
		v := newVigil(t, false, expiry("ends", engagement.ExpiryDPA, 100))
		v.breaks = errors.New("ended by hand")
		v.after(71, func() {
			if r := v.open("dpa-failed"); r.Closed != nil {
				v.t.Errorf("asked: %+v", r)
			}
			v.says("owner-ola", "dpa-failed", playbook.Collect)
		})
		v.after(72, func() { v.says("owner-ola", "dpa-failed", playbook.Drop) })
		v.offAfter(200)
		v.live()
		if e := v.rec.of(dossier.Reported); len(e) != 2 || e[1].Detail.Parent != "dpa/acme/2" || e[1].Detail.Result != ResultBroken {
			t.Errorf("reported: %+v", e)
		}
	})
	t.Run("it says nothing", func(t *testing.T) {
		v := sameAsUndisturbed(t, func(v *vigil) {
			v.in.Watch.Lead = map[engagement.ExpiryKind]int{engagement.ExpiryDPA: 200}
			v.after(189, func() { v.wantNobodyAsked("dpa-silent") })
			v.after(191, func() {
				if r := v.open("dpa-silent"); r.Closed != nil || !r.Holds("owner", "owner-ola", v.env.Now()) {
					v.t.Errorf("asked: %+v", r)
				}
			})
			v.after(195, func() {
				v.env.SignalWorkflow(SignalNews, News{Process: "dpa/acme/1", Result: ResultInForce,
					Expiries: []engagement.Expiry{{ID: "dpa/acme/1:ends", Kind: engagement.ExpiryDPA, On: monday.AddDate(0, 0, 900), Process: "dpa/acme/1"}}})
			})
			v.offAfter(310)
		}, expiry("ends", engagement.ExpiryDPA, 300))
		v.wantClosed("dpa-silent", review.Open, "superseded")
		if w := v.watchedNow("ends"); w.Ended != "replaced" || w.Lapsed {
			t.Errorf("the old one: %+v", w)
		}
	})
	t.Run("nobody began it", func(t *testing.T) {
		v := sameAsUndisturbed(t, func(v *vigil) {
			v.after(10, func() {
				v.env.SignalWorkflow(SignalNews, News{Process: "dpa/acme/9", Result: ResultRefused,
					Expiries: []engagement.Expiry{{ID: "dpa/acme/9:ends", Kind: engagement.ExpiryDPA, On: monday.AddDate(0, 0, 900), Process: "dpa/acme/9"}}})
			})
			v.after(11, func() { v.env.SignalWorkflow(SignalNews, News{}) })
			v.after(12, func() { v.env.SignalWorkflow(SignalNews, News{Process: vigilID, Result: ResultInForce}) })
			v.offAfter(20)
		}, expiry("ends", engagement.ExpiryDPA, 300))
		if w := v.watchedNow("dpa/acme/9:ends"); w.Ended != "" || len(v.rec.of(dossier.Reported)) > 0 {
			t.Errorf("its date is watched, and nobody waits for it: %+v", w)
		}
	})
}

// Who left owns nothing: their declaration is asked of nobody else, and what was the
// owner's is the deputy's, then the sponsor's.
func TestOversightOfPeopleWhoLeft(t *testing.T) {
	named := func(e *engagement.Expiry) { e.Person = "legal-lee" }
	v := sameAsUndisturbed(t, func(v *vigil) {
		v.know("legal-lee", func(p *playbook.Person) { p.Backups = []string{"board-bea"} })
		v.after(18, func() { v.changed("legal-lee", left) })
		v.after(22, func() { v.changed("owner-ola", left) })
		v.after(35, func() {
			v.wantTold("board-bea")
			v.says("deputy-dan", "waiver", playbook.Extend, goodUntil(100))
		})
		v.after(75, func() { v.changed("deputy-dan", left) })
		v.after(80, func() { v.says("sponsor-sue", "waiver", playbook.Drop) })
		v.after(90, func() { v.act(vigilID, "sponsor-sue", review.Withdraw) })
	}, expiry("lee", engagement.ExpiryDeclaration, 50, named), expiry("financials", engagement.ExpiryWaiver, 60), expiry("asked", engagement.ExpiryDeclaration, 45, named))
	for _, id := range []string{"lee", "asked"} {
		if w := v.watchedNow(id); w.Ended != "left" || w.Lapsed {
			t.Errorf("a declaration of somebody who left: %+v", w)
		}
	}
	if w := v.watchedNow("financials"); w.Ended != string(playbook.Drop) {
		t.Errorf("the waiver: %+v", w)
	}
}

// Cancelling an oversight cancels nothing that it began.
func TestOversightCancelledLeavesWhatItBegan(t *testing.T) {
	v := newVigil(t, false, expiry("ends", engagement.ExpiryDPA, 100))
	v.plays = true
	v.after(72, func() { v.env.CancelWorkflow() })
	v.after(75, func() {
		if own := v.rec.view("dpa/acme/1"); own.State != dossier.Running {
			v.t.Errorf("the collection that it began is %s", own.State)
		}
		v.act("dpa/acme/1", "owner-ola", review.Withdraw)
	})
	if out := v.live(); out.Result != ResultWithdrawn {
		t.Errorf("it ended as %+v", out)
	}
}
