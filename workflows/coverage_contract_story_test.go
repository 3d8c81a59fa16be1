package workflows

import (
	"slices"
	"strings"
	"testing"

	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// unsigned holds that no version of the contract was signed off.
func unsigned(t *testing.T, w *whole) {
	t.Helper()
	for _, p := range w.view().Processes {
		if strings.HasPrefix(p.ID, "contract/") && p.Result == ResultSigned {
			t.Errorf("%s was signed off", p.ID)
		}
	}
}

// Everybody approves a contract of which nobody has read more than the first three
// sections.
func TestCoverageNobodyReadTheContract(t *testing.T) {
	for _, f := range []fear{
		{tier: 3, without: []removal{stepOut("review-brief")}},
		{tier: 2, without: []removal{stepOut("review")}},
	} {
		step := f.without[0].name
		t.Run(step, func(t *testing.T) {
			f.without = append(f.without, keyOut("read-all", eachStep(step, func(s *playbook.Step) { s.ReadAll = false })))
			f.plays = func(w *whole) {
				w.always(step, func(a *review.Answer) {
					if len(a.Read) > 0 {
						a.Read = []string{"1-3"}
					}
				})
			}
			f.stands = func(t *testing.T, w *whole) {
				unsigned(t, w)
				r := w.open(step)
				if got := r.Tally(w.env.Now()).Unread; len(got) != 12 || got[0] != "4" || len(r.Ballots) < 2 {
					t.Errorf("unread are %q after %d answers", got, len(r.Ballots))
				}
			}
			covers(t, rows(9), f)
		})
	}
}

// Whoever wants the vendor signs, and nobody else says a word. Silence decides nothing.
func TestCoverageOneSideOfTheHouseSigns(t *testing.T) {
	covers(t, rows(10), fear{tier: 2,
		without: []removal{stepOut("review"), keyOut("groups", eachStep("review", func(s *playbook.Step) {
			s.Policy.Groups = s.Policy.Groups[len(s.Policy.Groups)-1:]
		}))},
		plays: func(w *whole) {
			w.never("review", "legal-lee", "legal-lou", "security-sam", "security-sid", "privacy-pam", "deputy-dov", "finance-fay", "finance-flo")
		},
		stands: unsigned})
}

// Security says no and everybody else yes: a veto is not outvoted.
func TestCoverageAPartyIsOutvoted(t *testing.T) {
	covers(t, rows(10), fear{tier: 2,
		without: []removal{stepOut("review"), keyOut("veto", eachStep("review", func(s *playbook.Step) {
			s.Policy.Groups = slices.Clone(s.Policy.Groups)
			g := &s.Policy.Groups[0]
			g.Seats = slices.Clone(g.Seats)
			g.Rule, g.N = review.RuleSome, len(g.Seats)-1 // one may be of another mind
			for i := range g.Seats {
				g.Seats[i].Veto = false
			}
		}))},
		plays:  func(w *whole) { w.always("review", no).by("security-sam") },
		stands: unsigned})
}

// The vendor sends no agreement on our data, and everybody else is done.
func TestCoverageNoDPA(t *testing.T) {
	covers(t, rows(11), fear{tier: 2,
		without: []removal{stepOut("dpa-ask", "dpa-check", "dpa-sign"), keyOut("dpa-when", func(pb *playbook.Playbook) { pb.DPAWhen = playbook.Condition{Data: []string{"none"}} })},
		plays:   func(w *whole) { w.never("dpa-ask") },
		stands: func(t *testing.T, w *whole) {
			if w.wasAsked("exit-plan") {
				t.Error("the next stage began")
			}
		}})
}

// The agreement lacks what the law wants in it; or it ended last year.
func TestCoverageADPAThatIsUnfitOrOutdated(t *testing.T) {
	for name, plays := range map[string]func(*whole){
		"unfit": func(w *whole) {
			w.always("dpa-check", func(a *review.Answer) {
				for i, f := range a.Findings {
					if f.Point == "gdpr-28-3-b" {
						a.Findings[i] = engagement.Finding{Point: f.Point, Missing: true}
					}
				}
			})
		},
		"outdated": func(w *whole) { w.until["dpa-check"] = monday.AddDate(-1, 0, 0) },
	} {
		t.Run(name, func(t *testing.T) {
			covers(t, rows(11), fear{tier: 2,
				without: []removal{stepOut("dpa-ask", "dpa-check", "dpa-sign")}, plays: plays,
				stands: func(t *testing.T, w *whole) {
					if n := len(w.rec.of(dossier.DPAInForce)); n > 0 || !w.wasAsked("dpa-check") {
						t.Errorf("%d agreements came into force", n)
					}
				}})
		})
	}
}

// … is said nowhere in the contract, and the vendor does not write it. Whoever looks
// for the clauses says so, and nothing is signed.
func TestCoverageAClauseIsMissing(t *testing.T) {
	for what, c := range map[string]struct {
		step, point string
		tier        engagement.Tier
		rows        []int
	}{
		"who pays for damage":                {"clauses", "liability", 2, rows(19)},
		"how the scope may change":           {"clauses", "change", 2, rows(18)},
		"what is delivered":                  {"clauses", "deliverables", 2, rows(18, 28)},
		"what is paid when":                  {"clauses", "payment", 2, rows(27)},
		"by whose word our data are handled": {"clauses-processing", "gdpr-28-3-a", 2, rows(11, 15, 20)},
		"what a school needs":                {"clauses-school", "", 1, rows(12)},
		"what a bank needs":                  {"clauses-resilience", "", 1, rows(20)},
	} {
		t.Run(what, func(t *testing.T) {
			f := fear{tier: c.tier, without: []removal{stepOut(c.step)}}
			f.plays = func(w *whole) {
				point := c.point
				if c.step == "clauses-resilience" {
					w.regulated()
				}
				if point == "" {
					point = w.step(c.step).Points[0].ID
				}
				w.missing(c.step, point)
				w.never(playbook.ChoreNext)
			}
			f.stands = func(t *testing.T, w *whole) {
				unsigned(t, w)
				if n := len(w.rec.of(dossier.SentToVendor)); n == 0 {
					t.Error("the vendor was asked for nothing")
				}
			}
			covers(t, c.rows, f)
		})
	}
}

// step is a step of the playbook as it ships.
func (w *whole) step(id string) playbook.Step {
	w.t.Helper()
	pb := shippedWhole(w.t)
	return pb.Steps[slices.IndexFunc(pb.Steps, func(s playbook.Step) bool { return s.ID == id })]
}

// A sentence by which the contract goes on for ever stands where nobody looks for it.
// The search shows it to whoever looks for the clauses, and legal does not sign it.
func TestCoverageARenewalThatIsHidden(t *testing.T) {
	covers(t, rows(19), fear{tier: 2,
		without: []removal{stepOut("clauses")},
		plays: func(w *whole) {
			w.in.Contract = w.paper(exampleText(t, "contract.md") + "\nThis agreement renews automatically for further terms of three years unless notice was received nine months before.\n")
			w.agreed = w.in.Contract
			w.always("review", func(a *review.Answer) {
				if w.shown("clauses", "renewal", "15") {
					no(a)
				}
			}).by("legal-lee")
			w.never(playbook.ChoreNext)
		},
		stands: func(t *testing.T, w *whole) {
			unsigned(t, w)
			if !w.turnedDown("review", "legal-lee") {
				t.Error("legal did not see it")
			}
		}})
}

// shown reports whether a place was proposed to whoever was to look for a point.
func (w *whole) shown(step, point, place string) bool {
	return slices.ContainsFunc(w.view().Requests, func(r review.Request) bool {
		return r.Step == step && slices.ContainsFunc(r.Points, func(p engagement.Point) bool {
			return p.ID == point && slices.ContainsFunc(p.Proposed, func(x string) bool { return x == place || strings.HasPrefix(x, place+".") })
		})
	})
}

// Everybody is in a hurry, and legal has not read it. Nobody signs in their place.
func TestCoverageSignedWithoutALawyer(t *testing.T) {
	covers(t, rows(19), fear{tier: 2,
		without: []removal{stepOut("review")},
		plays:   func(w *whole) { w.never("review", "legal-lee", "legal-lou") },
		stands:  unsigned})
}

// regulated makes the vendor one that touches a regulated function, whose contract
// somebody from outside reads.
func (w *whole) regulated() {
	w.in.Facts.Systems = []string{"github", "regulated-function"}
	w.when("review-independent", func() { w.names("@outside.1", w.open("review-independent").Process, "independent") })
}

// Nobody of neither side looks at it: the seat is empty until the owner names somebody,
// and whoever is named may say no.
func TestCoverageNoIndependentEye(t *testing.T) {
	for name, plays := range map[string]func(*whole){
		"nobody is named": func(w *whole) { w.regulated(); delete(w.hooks, "review-independent") },
		"they say no":     func(w *whole) { w.regulated(); w.always("review-independent", no).by("@outside.1") },
	} {
		t.Run(name, func(t *testing.T) {
			covers(t, rows(32), fear{tier: 1, without: []removal{stepOut("review-independent")}, plays: plays, stands: unsigned})
		})
	}
}
