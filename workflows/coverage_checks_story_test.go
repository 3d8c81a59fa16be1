package workflows

import (
	"slices"
	"strings"
	"testing"

	"gangway/config"
	"gangway/internal/engagement"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// shippedWhole is the playbook as it ships.
func shippedWhole(t *testing.T) playbook.Playbook {
	t.Helper()
	pb, _, err := config.Shipped("whole")
	if err != nil {
		t.Fatal(err)
	}
	return pb
}

// bad is something that the vendor, or one of ours, brings and that will not do. Who
// accepts it reads the sheet and sees it.
type bad struct {
	step string
	tier engagement.Tier
	rows []int
	// writes is what stands in the form, sees what whoever accepts it finds there.
	writes func(string, *engagement.Finding) bool
	sees   func(string, engagement.Finding) bool
}

// … is what comes, and everybody else would go on. Whoever has to accept it reads it,
// and refuses it however often it comes.
func TestCoverageWhatIsDeliveredWillNotDo(t *testing.T) {
	number := func(ending string, below int64) func(string, engagement.Finding) bool {
		return func(id string, f engagement.Finding) bool {
			return strings.HasSuffix(id, ending) && f.Number != nil && *f.Number < below
		}
	}
	for what, b := range map[string]bad{
		"a list of people without a letter of assurance":              {"background-checks", 1, rows(12), lines("-letter", none), says("-letter")},
		"an agreement on secrecy that nobody signed":                  {"nda", 2, rows(14, 20), lines("file", none), says("file")},
		"a list of people who promised no secrecy":                    {"staff", 1, rows(14), lines("-undertaking", none), says("-undertaking")},
		"an AI that is trained with our data":                         {"use-of-ai", 2, rows(15), lines("trained", chose("yes")), says("trained", "yes")},
		"a list of sub-processors without names":                      {"sub-processors", 2, rows(15), lines("any", chose("yes")), says("any", "yes")},
		"a record of processing without the assessment that it needs": {"processing", 2, rows(15), lines("needed", chose("yes")), says("needed", "yes")},
		"a certificate of something else":                             {"certificates", 2, rows(17), lines("-ours", chose("no")), says("-ours", "no")},
		"the accounts of a company in insolvency":                     {"company", 2, rows(17), lines("proceedings", chose("yes")), says("proceedings", "yes")},
		"a list of beginners":                                         {"staff", 1, rows(17, 31), lines("-years", counts(0)), number("-years", 3)},
		"access with a password alone":                                {"security", 2, rows(20), lines("mfa", chose("no")), says("mfa", "no")},
		"a shared system that encrypts nothing":                       {"shared-systems", 1, rows(20), lines("-encrypted", chose("no")), says("-encrypted", "no")},
		"not an hour in which both work":                              {"working-hours", 1, rows(21, 28), lines("overlap", counts(0)), number("overlap", 2)},
		"an insurance against something else":                         {"insurance", 2, rows(27), lines("covers", chose("General liability")), says("covers", "General liability")},
		"a protocol that one side signed":                             {"protocol", 1, rows(28), lines("file", none), says("file")},
		"a plan by which nobody gets out":                             {"exit-plan", 2, rows(29), lines("substitutable", chose("Impossible within the notice")), says("substitutable", "Impossible within the notice")},
	} {
		t.Run(what, func(t *testing.T) {
			covers(t, b.rows, fear{tier: b.tier,
				without: []removal{stepOut(b.step), acceptOut(b.step)},
				plays:   func(w *whole) { w.fills(b.step, b.writes); w.refuses(b.step, b.sees) },
				stands: func(t *testing.T, w *whole) {
					if !slices.ContainsFunc(w.view().Requests, func(r review.Request) bool {
						return r.Step == b.step+acceptSuffix && slices.ContainsFunc(r.Ballots, func(x review.Ballot) bool { return x.Verdict == review.Reject })
					}) {
						t.Errorf("nobody refused it:\n%s", w.trace())
					}
				}})
		})
	}
}

// halfFilled is a form that somebody fills in by half.
type halfFilled struct {
	step   string
	tier   engagement.Tier
	rows   []int
	leaves []string
}

// … stands nowhere, and whoever filled in the form thinks that it will do. It does not
// count before that is there.
func TestCoverageWhatIsFilledInByHalf(t *testing.T) {
	for what, l := range map[string]halfFilled{
		"what only the vendor knows":        {"exit-plan", 2, rows(14), []string{"area-1-what", "area-1-who"}},
		"who of ours could do it":           {"backup-people", 2, rows(14, 29), []string{"first", "what", "where"}},
		"where AI is used":                  {"use-of-ai", 2, rows(15), []string{"used", "our-data", "trained", "looked-at"}},
		"what a client says whom they lost": {"references", 1, rows(17), []string{"former-1-"}},
		"work that is like ours":            {"similar-work", 1, rows(17, 27), []string{"work-1-"}},
		"who speaks for either side":        {"contacts", 3, rows(21), []string{"ours", "theirs", "emergency"}},
		"when they meet and who stands in":  {"contacts", 3, rows(21, 27, 28), []string{"ours-deputy", "theirs-deputy", "rhythm", "first"}},
	} {
		t.Run(what, func(t *testing.T) {
			covers(t, l.rows, fear{tier: l.tier,
				without: []removal{stepOut(l.step)},
				plays:   func(w *whole) { w.fills(l.step, leaving(l.leaves...)) },
				stands: func(t *testing.T, w *whole) {
					if !w.refusedFor(l.step, review.NeedsFindings) {
						t.Errorf("it was stopped by something else:\n%s", w.trace())
					}
				}})
		})
	}
}

// The vendor does not sign to keep our matters to itself. Nothing else is asked of it,
// and nothing goes to it.
func TestCoverageNothingBeforeTheNDA(t *testing.T) {
	covers(t, rows(14, 20), fear{tier: 2,
		without: []removal{stepOut("nda")},
		plays:   func(w *whole) { w.never("nda") },
		stands: func(t *testing.T, w *whole) {
			for _, line := range w.told("acme.1") {
				if !strings.HasSuffix(line, " nda") && !strings.HasSuffix(line, playbook.WhyWithdrawn) { // that it is over says nothing of ours
					t.Errorf("the vendor was told: %s", line)
				}
			}
			if len(w.told("acme.1")) == 0 {
				t.Error("the vendor was asked nothing")
			}
		}})
}

// Whoever accepts a certificate looks at the stamp and not at the scope. Without having
// read it their word does not count.
func TestCoverageACertificateThatNobodyReads(t *testing.T) {
	covers(t, rows(17), fear{tier: 2,
		without: []removal{keyOut("scope-read", eachSeat("certificates", func(s *review.Seat) { s.Attest = nil }))},
		plays: func(w *whole) {
			w.always("certificates-accept", func(a *review.Answer) {
				a.Attest = slices.DeleteFunc(a.Attest, func(id string) bool { return id == "scope-read" })
			})
		},
		stands: func(t *testing.T, w *whole) {
			if !w.refusedFor("certificates-accept", review.NeedsAttest) {
				t.Errorf("it was stopped by something else:\n%s", w.trace())
			}
		}})
}

// The insurance ended last year. It is asked for again, however often it comes.
func TestCoverageAnInsuranceThatHasEnded(t *testing.T) {
	covers(t, rows(27), fear{tier: 2,
		without: []removal{stepOut("insurance")},
		plays:   func(w *whole) { w.until["insurance"] = monday.AddDate(-1, 0, 0) },
		stands: func(t *testing.T, w *whole) {
			if w.wasAsked("insurance-accept") || !w.wasAsked("settle-insurance") {
				t.Errorf("it was stopped by something else:\n%s", w.trace())
			}
		}})
}
