package workflows

import (
	"slices"
	"strings"
	"testing"
	"time"

	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// overseen prepares the oversight that the vendor was handed to.
func (w *whole) overseen() *vigil {
	return &vigil{in: *w.handed, story: &story{t: w.t, rec: w.rec, in: w.in, root: w.handed.Process, anyOutcome: true,
		last: map[string]review.Outcome{}, want: map[string]review.Refusal{}}}
}

// forgotten plays it for so many days in which nobody says a word.
func (w *whole) forgotten(days float64) *vigil {
	w.t.Helper()
	v := w.overseen()
	v.offAfter(days)
	v.live()
	return v
}

// first is when a step was first asked; zero: never.
func (v *vigil) first(step string) time.Time {
	for _, r := range v.view().Requests {
		if r.Step == step {
			return r.Opened
		}
	}
	return time.Time{}
}

// expiryOf is the first expiry of a kind that the oversight was handed.
func (w *whole) expiryOf(kind engagement.ExpiryKind) engagement.Expiry {
	w.t.Helper()
	i := slices.IndexFunc(w.handed.Expiries, func(e engagement.Expiry) bool { return e.Kind == kind })
	if i < 0 {
		w.t.Fatalf("no %s is watched", kind)
	}
	return w.handed.Expiries[i]
}

// A vendor who is live is forgotten: nobody would look again. A year later the owner is
// asked to, and when they are silent the sponsor hears of it.
func TestCoverageNobodyLooksAgain(t *testing.T) {
	covers(t, rows(6, 27, 29), fear{tier: 2,
		without: []removal{keyOut("reviews", func(pb *playbook.Playbook) { pb.Watch.Reviews = nil })},
		through: func(w *whole, out OnboardingResult) bool {
			v := w.forgotten(390)
			return v.first("review").IsZero() || !slices.ContainsFunc(v.told("sponsor-sue"), func(line string) bool { return strings.HasSuffix(line, " owner review") })
		}})
}

// Whoever looks again at a vendor a year later has an interest in it by now, and says
// nothing: what they said a year ago does not cover it.
func TestCoverageAnInterestThatCameLater(t *testing.T) {
	covers(t, rows(2), fear{tier: 2,
		without: []removal{keyOut("declaration", func(pb *playbook.Playbook) { pb.Declaration = "" })},
		through: func(w *whole, out OnboardingResult) bool {
			v := w.overseen()
			var said string
			v.after(380, func() {
				r := v.open("review")
				said = v.answer("owner-ola", "review", r.Verdicts()[0], func(a *review.Answer) { v.fillIn(a, r) })
			})
			v.offAfter(390)
			v.live()
			o := v.last[said]
			if o.Status != review.Counted && o.Refusal != review.NeedsInterest {
				w.t.Errorf("it came to %+v", o)
			}
			return o.Status == review.Counted
		}})
}

// The contract goes on by itself, and nobody thinks of it. The sponsor is asked alone,
// while there are weeks left in which notice would arrive; and nobody renews it.
func TestCoverageAContractThatGoesOn(t *testing.T) {
	covers(t, rows(29), fear{tier: 2,
		without: []removal{keyOut("notice-lead", func(pb *playbook.Playbook) { pb.Watch.NoticeLead = 0 })},
		through: func(w *whole, out OnboardingResult) bool {
			e := w.expiryOf(engagement.ExpiryContract)
			_, _, last := engagement.NoticeOf(e, w.handed.Watch)
			v := w.forgotten(e.On.Sub(monday).Hours()/24 - 2)
			i := slices.IndexFunc(v.view().Requests, func(r review.Request) bool {
				return r.Step == "notice" && len(r.Policy.Seats()) == 1 && r.Holds("sponsor", "sponsor-sue", r.Opened.Add(time.Hour))
			})
			return i < 0 || last.Sub(v.view().Requests[i].Opened) < 30*day || len(v.rec.of(dossier.NoticePassed)) == 0
		}})
}

// What was good when it was looked at runs out, and is noticed when it is too late: the
// next certificate takes two months, the next policy six weeks.
func TestCoverageWhatRunsOutUnnoticed(t *testing.T) {
	covers(t, rows(17, 27, 31), fear{tier: 1,
		without: []removal{keyOut("lead", func(pb *playbook.Playbook) { pb.Watch.Lead = nil })},
		through: func(w *whole, out OnboardingResult) bool {
			certificate, insurance, staff := w.expiryOf(engagement.ExpiryCertificate), w.expiryOf(engagement.ExpiryInsurance), w.expiryOf(engagement.ExpiryStaffCheck)
			v := w.forgotten(certificate.On.Sub(monday).Hours()/24 - 5)
			late := func(e engagement.Expiry, days int) bool {
				at := v.first(string(e.Kind))
				return at.IsZero() || e.On.Sub(at) < time.Duration(days)*day-time.Hour
			}
			return late(certificate, 60) || late(insurance, 45) || late(staff, 45)
		}})
}

// Letters about people's background are kept for ever, since nobody thinks of them. They
// are erased half a year after they were accepted, and what they showed stays.
func TestCoverageLettersThatAreKeptForEver(t *testing.T) {
	covers(t, rows(12), fear{tier: 1,
		without: []removal{keyOut("keep-days", eachPoint("background-checks", func(p *engagement.Point) { p.KeepDays = 0 }))},
		through: func(w *whole, out OnboardingResult) bool {
			w.forgotten(240)
			kept := 0
			for _, r := range w.view().Requests {
				for _, b := range r.Ballots {
					for _, f := range b.Findings {
						if r.Step == "background-checks" && f.Document != "" && !slices.Contains(w.rec.erased, f.Document) {
							kept++
						}
					}
				}
			}
			return kept > 0
		}})
}
