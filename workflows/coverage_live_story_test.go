package workflows

import (
	"slices"
	"strings"
	"testing"

	"gangway/internal/dossier"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// The pilot went badly and everybody wants the vendor all the same. Below what was
// fixed before it began nobody goes on without saying why, by name.
func TestCoverageABadPilotThatEverybodyWants(t *testing.T) {
	covers(t, rows(22), fear{tier: 1,
		without: []removal{stepOut("first-week", "halfway", "last-week", "pilot-score", "pilot-go"),
			keyOut("threshold", eachStep("", func(s *playbook.Step) { s.Threshold = 0 }))},
		plays: func(w *whole) {
			w.always("pilot-score", func(a *review.Answer) {
				for i := range a.Scores {
					a.Scores[i].Points = 1
				}
			})
			w.always("pilot-go", func(a *review.Answer) { a.Written = review.Written{} })
		},
		stands: func(t *testing.T, w *whole) {
			opened := w.rec.of(dossier.ScoresOpened)
			if len(opened) != 1 || opened[0].Detail.Score != 20 || !w.refusedFor("pilot-go", review.NeedsReason) {
				t.Errorf("it was stopped by something else:\n%s", w.trace())
			}
		}})
}

// Twelve people were promised and one came. What the vendor has to file after a week
// says so, and whoever looks at it halfway stops the pilot.
func TestCoverageFewerPeopleThanPromised(t *testing.T) {
	covers(t, rows(22, 31), fear{tier: 1,
		without: []removal{stepOut("first-week")},
		plays: func(w *whole) {
			w.fills("staff", lines("planned", counts(12)))
			w.fills("first-week", lines("people", counts(1)))
			w.always("halfway", func(a *review.Answer) {
				if w.wrote("first-week", "people") < w.wrote("staff", "planned") {
					no(a)
				}
			})
		},
		stands: func(t *testing.T, w *whole) { w.wantResult("pilot/acme/1", ResultStopped) }})
}

// wrote is a number that somebody wrote into a form, and very many where they did not.
func (w *whole) wrote(step, point string) int64 {
	n := int64(1000)
	for _, r := range w.view().Requests {
		for _, b := range r.Ballots {
			for _, f := range b.Findings {
				if r.Step == step && f.Point == point && f.Number != nil {
					n = *f.Number
				}
			}
		}
	}
	return n
}

// Each side does as it always did: nobody writes down how they work together.
func TestCoverageNobodyAgreesHowToWork(t *testing.T) {
	covers(t, rows(28), fear{tier: 1,
		without: []removal{stepOut("protocol")},
		plays:   func(w *whole) { w.never("protocol") },
		stands: func(t *testing.T, w *whole) {
			if got := w.stagesOf(); got[len(got)-1] != "live" || w.handed != nil {
				t.Errorf("reached are %q", got)
			}
		}})
}

// Everything is handed over and forgotten: nobody writes down how to leave, or nobody
// of ours learns how it is done.
func TestCoverageHandedOverAndForgotten(t *testing.T) {
	for _, out := range []removal{stepOut("exit-plan"), stepOut("backup-people")} {
		id := out.name
		t.Run(id, func(t *testing.T) {
			covers(t, rows(29), fear{tier: 2,
				without: []removal{out},
				plays:   func(w *whole) { w.never(id) },
				stands: func(t *testing.T, w *whole) {
					if told := w.told("service-sol"); w.handed != nil || !slices.ContainsFunc(told, func(line string) bool { return strings.HasSuffix(line, id) }) {
						t.Errorf("who has to do it was told %q", told)
					}
				}})
		})
	}
}
