package workflows

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"gangway/internal/playbook"
	"gangway/internal/review"
)

// counted reports whether an answer of somebody to a step counted.
func (w *whole) counted(person, step string) bool { return slices.Contains(w.answeredBy(person), step) }

// The sponsor is the cousin of the vendor's director, and will not lie: an answer
// without a word on interests does not count, so they step aside, and their deputy
// decides.
func TestCoverageACousinHasToSaySo(t *testing.T) {
	covers(t, rows(2), fear{tier: 3,
		without: []removal{keyOut("declaration", func(pb *playbook.Playbook) { pb.Declaration = "" })},
		plays: func(w *whole) {
			var e *expectation
			e = w.expect("need-brief").by("sponsor-sue").with(func(a *review.Answer) {
				a.Attest = slices.DeleteFunc(a.Attest, func(id string) bool { return id == "no-conflict" })
				w.env.RegisterDelayedCallback(func() {
					if e.met = w.refusedFor("need-brief", review.NeedsInterest); e.met {
						w.act(w.root, "sponsor-sue", review.Recuse, w.about("need-brief"))
					}
				}, time.Minute)
			})
		},
		stands: func(t *testing.T, w *whole) {
			if !w.counted("deputy-sky", "need-brief") || !w.counted("deputy-sky", "review-brief") || len(w.answeredBy("sponsor-sue")) > 0 {
				t.Errorf("the sponsor decided %q, their deputy %q", w.answeredBy("sponsor-sue"), w.answeredBy("deputy-sky"))
			}
		},
		through: func(w *whole, _ OnboardingResult) bool { return w.counted("sponsor-sue", "need-brief") }})
}

// Whoever asks for the vendor has an interest in it, and says neither yes nor no. Such
// an intake opens no case.
func TestCoverageWhoAsksSaysNothing(t *testing.T) {
	bare := func(i *playbook.Intake) { i.Interest = "" }
	covers(t, rows(2), fear{tier: 3, intake: bare,
		without: []removal{keyOut("declaration", func(pb *playbook.Playbook) { pb.Declaration = "" })},
		stands: func(t *testing.T, w *whole) {
			if d := cmp.Diff([]string{"$.interest"}, w.faults(bare)); d != "" {
				t.Error(d)
			}
		}})
}

// The sponsor is the cousin, and says that there is nothing. The vendor is asked too,
// and somebody reads it who did not choose them: the case goes back, the sponsor steps
// aside, and what they signed is decided by another.
func TestCoverageTheCousinSaysNothing(t *testing.T) {
	covers(t, rows(2), fear{tier: 3,
		without: []removal{stepOut("interests"), acceptOut("interests")},
		plays: func(w *whole) {
			w.fills("interests", lines("of-ours", chose("yes")))
			w.always("interests-accept", func(a *review.Answer) {
				if !w.reads(a.Request, says("of-ours", "yes")) || slices.Contains(w.open("interests-accept").Recused, "sponsor-sue") {
					return
				}
				no(a)
				w.env.RegisterDelayedCallback(func() {
					w.act(w.root, "owner-ola", review.Reopen, func(a *review.Act) { a.Step = "need-brief" })
				}, time.Minute)
				w.env.RegisterDelayedCallback(func() { w.act(w.root, "sponsor-sue", review.Recuse, w.about("need-brief")) }, 2*time.Minute)
			})
		},
		stands: func(t *testing.T, w *whole) {
			if !w.turnedDown("interests-accept", "legal-lee") || !w.counted("deputy-sky", "review-brief") {
				t.Errorf("their deputy decided %q:\n%s", w.answeredBy("deputy-sky"), w.trace())
			}
		},
		through: func(w *whole, _ OnboardingResult) bool { return w.counted("sponsor-sue", "review-brief") }})
}

// A sponsor waves everything through. Above the lowest tier nobody decides alone that a
// vendor is needed: finance reads it, and finds no reason.
func TestCoverageALazyManagerDecidesAlone(t *testing.T) {
	covers(t, rows(3), fear{tier: 2,
		without: []removal{stepOut("need")},
		plays:   func(w *whole) { w.always("need", no).by("finance-fay") },
		stands: func(t *testing.T, w *whole) {
			if !w.turnedDown("need", "finance-fay") || !slices.Equal(w.stagesOf(), []string{"need"}) {
				t.Errorf("reached are %q", w.stagesOf())
			}
		}})
}

// Somebody has the role and not the knowledge. A seat that asks for a competence goes to
// who has it; of the other nothing counts.
func TestCoverageAnUnqualifiedManagerDecides(t *testing.T) {
	covers(t, rows(3), fear{tier: 2,
		without: []removal{keyOut("competence", eachSeat("need", func(s *review.Seat) { s.Competence = nil }))},
		plays: func(w *whole) {
			w.know("finance-abe", func(p *playbook.Person) { p.Roles, p.Hours = []string{"finance"}, w.book.Hours })
			w.rec.mu.Lock()
			defer w.rec.mu.Unlock()
			last := len(w.rec.people) - 1
			w.rec.people = append([]playbook.Person{w.rec.people[last]}, w.rec.people[:last]...)
		},
		stands: func(t *testing.T, w *whole) {
			if !w.counted("finance-fay", "need") {
				t.Error("who has the competence did not decide")
			}
		},
		through: func(w *whole, _ OnboardingResult) bool { return w.counted("finance-abe", "need") }})
}

// The vendor advises on what is bought, resells it, and would run it. It has to say so,
// and legal does not take it on.
func TestCoverageTheVendorAdvisesResellsAndRuns(t *testing.T) {
	covers(t, rows(4), fear{tier: 3,
		without: []removal{stepOut("interests"), acceptOut("interests")},
		plays: func(w *whole) {
			w.fills("interests", lines("capacities", chose("Advise on what is bought", "Resell products of others", "Run it for us")))
			w.refuses("interests", says("capacities", "Resell products of others"))
		},
		stands: func(t *testing.T, w *whole) {
			if !w.turnedDown("interests-accept", "legal-lee") || w.wasAsked("review-brief") {
				t.Errorf("it went on:\n%s", w.trace())
			}
		}})
}

// One vendor was asked, whom the sponsor knows. A single source needs a reason and two
// who consent, and one of them does not; what is filed then as offers is one offer.
func TestCoverageOneOfferOnly(t *testing.T) {
	for _, c := range []struct {
		of             fear
		offers, single string
		leaves         string
	}{
		{fear{tier: 2, without: []removal{stepOut("offers-two", "single-source-two")}}, "offers-two", "single-source-two", "offer-2"},
		{fear{tier: 1, without: []removal{stepOut("offers", "single-source")}}, "offers", "single-source", "offer-3"},
	} {
		t.Run(c.offers, func(t *testing.T) {
			f := c.of
			f.plays = func(w *whole) {
				w.expect("competition").says(playbook.SingleSource, because)
				w.always(c.single, no).by("finance-fay")
				w.always(c.single, no).by("legal-lee")
				w.fills(c.offers, leaving(c.leaves))
			}
			f.stands = func(t *testing.T, w *whole) {
				if !w.turnedDown(c.single, "finance-fay") || !w.refusedFor(c.offers, review.NeedsFindings) {
					t.Errorf("it was stopped by something else:\n%s", w.trace())
				}
			}
			covers(t, rows(5), f)
		})
	}
}

// Nobody considered doing it in house, nobody says what it costs today nor what is to
// become better: such an intake opens no case.
func TestCoverageNoReasonWorthTheName(t *testing.T) {
	bare := func(i *playbook.Intake) { i.Alternative, i.BaselineCost, i.Success = "", nil, nil }
	covers(t, rows(6), fear{tier: 2, intake: bare,
		without: []removal{keyOut("needs", needing())},
		stands: func(t *testing.T, w *whole) {
			if d := cmp.Diff([]string{"$.alternative", "$.baselineCost", "$.success"}, w.faults(bare)); d != "" {
				t.Error(d)
			}
		}})
}

// needing is a playbook whose tiers want the fields of an intake alone.
func needing(fields ...string) func(*playbook.Playbook) {
	return func(pb *playbook.Playbook) {
		pb.Tiers = slices.Clone(pb.Tiers)
		for i := range pb.Tiers {
			pb.Tiers[i].Needs = fields
		}
	}
}

// A manager wants to be rid of a trouble of their own. Whoever pays asks why not in
// house, gets no answer, and says no: in every tier before anything is asked of anybody.
func TestCoverageOutsourcingToBeRidOfIt(t *testing.T) {
	for _, c := range []struct {
		of fear
		by string
	}{
		{fear{tier: 2, without: []removal{stepOut("need")}}, "finance-fay"},
		{fear{tier: 3, without: []removal{stepOut("need-brief")}}, "sponsor-sue"},
	} {
		f := c.of
		t.Run(f.without[0].name, func(t *testing.T) {
			f.plays = func(w *whole) { w.always(f.without[0].name, no).by(c.by) }
			f.stands = func(t *testing.T, w *whole) {
				if !w.turnedDown(f.without[0].name, c.by) || len(w.told("acme.1")) > 0 {
					t.Errorf("the vendor was told %q", w.told("acme.1"))
				}
			}
			covers(t, rows(6), f)
		})
	}
}

// An intake in the vendor's words alone: whoever has to decide would not know on what.
func TestCoverageJargonAlone(t *testing.T) {
	bare := func(i *playbook.Intake) { i.Summary = "" }
	covers(t, rows(8), fear{tier: 2, intake: bare,
		without: []removal{keyOut("summary", needing("alternative", "success", "yearlyCost", "baselineCost", "sponsor"))},
		stands: func(t *testing.T, w *whole) {
			if d := cmp.Diff([]string{"$.summary"}, w.faults(bare)); d != "" {
				t.Error(d)
			}
		}})
}

// Everybody knows of the gaps and nobody sees to them: a risk without an owner is not
// taken, so no record of risks is signed.
func TestCoverageGapsThatNobodyOwns(t *testing.T) {
	covers(t, rows(8), fear{tier: 2,
		without: []removal{stepOut("risk-record")},
		plays:   func(w *whole) { w.fills("risk-record", leaving("risk-1-owner")) },
		stands: func(t *testing.T, w *whole) {
			if !w.refusedFor("risk-record", review.NeedsFindings) || w.wasAsked("review") {
				t.Errorf("it went on:\n%s", w.trace())
			}
		}})
}
