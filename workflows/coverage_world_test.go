package workflows

import (
	"slices"
	"strings"
	"testing"
	"time"

	"gangway/internal/engagement"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// fear is something that goes wrong between a client and a vendor, played with the
// playbook that ships: people behave as the field says that they do.
type fear struct {
	tier engagement.Tier
	// without are what answers it. Each is taken out of the playbook in a play of its
	// own, in which it has to get through.
	without []removal
	// plays says what people do.
	plays func(*whole)
	// stands holds what is in the record where it was stopped.
	stands func(*testing.T, *whole)
	// through reports whether it got through; nil: it did where the vendor went live.
	through func(*whole, OnboardingResult) bool
	// intake changes what the requester files; what desk refuses never becomes a case.
	intake func(*playbook.Intake)
}

// removal takes an answer out of the playbook.
type removal struct {
	name string
	take func(*playbook.Playbook)
}

// stepOut takes out steps, which answer together.
func stepOut(ids ...string) removal { return removal{strings.Join(ids, ", "), without(ids...)} }

// acceptOut takes out that somebody says whether what a step brought will do.
func acceptOut(id string) removal {
	return keyOut(id+acceptSuffix, eachStep(id, func(s *playbook.Step) { s.Accept = nil }))
}

// keyOut takes out a key of the playbook.
func keyOut(name string, take func(*playbook.Playbook)) removal { return removal{name, take} }

// eachStep changes the steps of an id, of every step where it is empty.
func eachStep(id string, change func(*playbook.Step)) func(*playbook.Playbook) {
	return func(pb *playbook.Playbook) {
		for i := range pb.Steps {
			if id == "" || pb.Steps[i].ID == id {
				change(&pb.Steps[i])
			}
		}
	}
}

// eachSeat changes every seat of a step, in groups of their own.
func eachSeat(id string, change func(*review.Seat)) func(*playbook.Playbook) {
	seats := func(p *review.Policy) {
		p.Groups = slices.Clone(p.Groups)
		for i := range p.Groups {
			p.Groups[i].Seats = slices.Clone(p.Groups[i].Seats)
			for j := range p.Groups[i].Seats {
				change(&p.Groups[i].Seats[j])
			}
		}
	}
	return eachStep(id, func(s *playbook.Step) {
		seats(&s.Policy)
		if s.Accept != nil {
			own := *s.Accept
			s.Accept = &own
			seats(s.Accept)
		}
	})
}

// eachPoint changes every point of a step, in a form of its own.
func eachPoint(id string, change func(*engagement.Point)) func(*playbook.Playbook) {
	return eachStep(id, func(s *playbook.Step) {
		s.Points = slices.Clone(s.Points)
		for i := range s.Points {
			change(&s.Points[i])
		}
	})
}

// covers plays what a row of the survey of the field fears: with the playbook as it
// ships, which has to stop it, and without each of its answers, where it has to get
// through. A story that passes without its answer shows nothing of it.
func covers(t *testing.T, row []int, f fear) {
	t.Helper()
	t.Parallel()
	if f.through == nil {
		f.through = func(_ *whole, out OnboardingResult) bool { return out.Result == ResultLive }
	}
	t.Run("as it ships", func(t *testing.T) {
		w, out := f.played(t)
		if f.through(w, out) {
			t.Errorf("what row %v fears got through, and it ended as %s:\n%s", row, out.Result, w.trace())
		} else if f.stands != nil {
			f.stands(t, w)
		}
	})
	if sampled > 1 {
		return
	}
	for _, x := range f.without {
		t.Run("without "+x.name, func(t *testing.T) {
			w, out := f.played(t, x.take)
			if !f.through(w, out) {
				t.Errorf("row %v: what it fears is stopped without %s too, so the story does not show what stops it; it ended as %s:\n%s", row, x.name, out.Result, w.trace())
			}
		})
	}
}

// givesUp is after how long the owner withdraws a case in which nothing goes on: later
// than a vendor of the tier goes live where nothing stops it.
func givesUp(tier engagement.Tier) time.Duration {
	switch tier {
	case 1:
		return 48 * day
	case 2:
		return 20 * day
	}
	return 7 * day
}

// played is one play of it.
func (f fear) played(t *testing.T, change ...func(*playbook.Playbook)) (*whole, OnboardingResult) {
	t.Helper()
	w := newWhole(t, f.tier, change...)
	// People are quick, since only what they say matters here. What is refused of it,
	// and that nobody can go on, is for the story to say.
	w.pace, w.anyOutcome, w.idle = 10, true, true
	if f.intake != nil && len(w.faults(f.intake)) > 0 {
		return w, OnboardingResult{}
	}
	if f.plays != nil {
		f.plays(w)
	}
	w.on(givesUp(f.tier)+time.Minute, func() {
		if w.view().Closed.IsZero() {
			w.act(w.root, "owner-ola", review.Withdraw)
		}
	})
	w.on(time.Hour, w.tick)
	return w, w.play()
}

// rows are the rows of the survey that a story plays.
func rows(of ...int) []int { return of }

// faults are what desk says of an intake for such a vendor, sound but for the change.
func (w *whole) faults(change func(*playbook.Intake)) []string {
	today := 30000
	in := playbook.Intake{
		Vendor: engagement.Vendor{Name: "Acme", Slug: "acme", Service: "Payroll", Country: "GB"}, Reason: "Nobody can run it when she is away.",
		Alternative: "A second person was considered.", Success: []string{"Everybody is paid on the day."}, Summary: "A bureau runs the payroll; we approve each run.",
		YearlyCost: w.in.Facts.YearlyCost, BaselineCost: &today, Currency: "GBP", Data: w.in.Facts.Data, Systems: w.in.Facts.Systems,
		Owner: w.in.Owner, Deputy: w.in.Deputy, Sponsor: w.in.Sponsor, Interest: engagement.No,
	}
	change(&in)
	var all []string
	for _, f := range append(in.Check(), w.book.CheckIntake(in, w.rec.people)...) {
		all = append(all, f.Place)
	}
	return all
}

// always lets whoever is asked a step answer so each time, by their sound answer
// changed.
func (w *whole) always(step string, change func(*review.Answer)) *expectation {
	e := w.expect(step)
	return e.with(change, func(*review.Answer) { e.met = false })
}

// never lets nobody answer a step, or one person.
func (w *whole) never(step string, person ...string) {
	if len(person) == 0 {
		w.expect(step).isSilent()
	}
	for _, p := range person {
		w.expect(step).by(p).isSilent()
	}
}

// no makes an answer a refusal with its reason, for the vendor too.
func no(a *review.Answer) {
	a.Verdict, a.Written = review.Reject, review.Written{Inside: "digest", Vendor: "digest"}
}

// fills changes what is written into a step's form, whenever it is: line by line, each
// changed in place, or left out.
func (w *whole) fills(step string, line func(id string, f *engagement.Finding) (keep bool)) {
	w.always(step, func(a *review.Answer) {
		w.refill(a, line)
	})
}

// refill changes the form of an answer, and its sheet with it.
func (w *whole) refill(a *review.Answer, line func(id string, f *engagement.Finding) bool) {
	w.t.Helper()
	var kept []engagement.Finding
	words := map[string]string{}
	for _, f := range a.Findings {
		if !line(f.Point, &f) {
			continue
		}
		if f.Said {
			words[f.Point] = "acme-people"
		}
		kept = append(kept, f)
	}
	a.Findings = kept
	v := w.view()
	r := v.Request(a.Request)
	sheet, err := engagement.FillSheet(r.Title, r.Points, a.Findings, words)
	if err != nil { // of a form that lacks something there is none: desk says so before
		return
	}
	text, err := sheet.Encode()
	if err != nil {
		w.t.Errorf("writing a form anew: %v", err)
	}
	a.Documents[len(a.Documents)-1] = w.paper(string(text))
}

// lines changes the lines of a form whose ids end so; all others stay.
func lines(ending string, change func(*engagement.Finding)) func(string, *engagement.Finding) bool {
	return func(id string, f *engagement.Finding) bool {
		if strings.HasSuffix(id, ending) {
			change(f)
		}
		return true
	}
}

// leaving leaves the lines out whose ids begin with one of these.
func leaving(beginnings ...string) func(string, *engagement.Finding) bool {
	return func(id string, _ *engagement.Finding) bool {
		return !slices.ContainsFunc(beginnings, func(b string) bool { return strings.HasPrefix(id, b) })
	}
}

// chose, counts and none are what somebody writes into a line.
func chose(options ...string) func(*engagement.Finding) {
	return func(f *engagement.Finding) { f.Choices = options }
}

func counts(n int64) func(*engagement.Finding) {
	return func(f *engagement.Finding) { f.Number = &n }
}

func none(f *engagement.Finding) {
	*f = engagement.Finding{Point: f.Point, Missing: true, Said: true}
}

// refuses lets whoever accepts what a step brought read the very sheet that they are
// to accept, and refuse it where a line of it is bad. So they do as often as it comes.
func (w *whole) refuses(step string, bad func(id string, f engagement.Finding) bool) {
	w.always(step+acceptSuffix, func(a *review.Answer) {
		if w.reads(a.Request, bad) {
			no(a)
		}
	})
}

// reads reports whether a line of the sheet that a decision is about is so.
func (w *whole) reads(request string, is func(id string, f engagement.Finding) bool) bool {
	w.t.Helper()
	v := w.view()
	r := v.Request(request)
	sheet, err := engagement.ReadSheet([]byte(w.textOf(r.Versions[len(r.Versions)-1].Document)))
	if err != nil {
		w.t.Errorf("reading what %s is about: %v", request, err)
	}
	return slices.ContainsFunc(sheet.Lines, func(l engagement.SheetLine) bool { return is(l.Point.ID, l.Finding) })
}

// says reports whether a line whose id ends so has one of the options, or lacks what
// is asked for.
func says(ending string, options ...string) func(string, engagement.Finding) bool {
	return func(id string, f engagement.Finding) bool {
		if !strings.HasSuffix(id, ending) {
			return false
		}
		return len(options) == 0 && f.Missing || slices.ContainsFunc(options, func(o string) bool { return slices.Contains(f.Choices, o) })
	}
}

// missing lets whoever looks for clauses find none for the point, however often they
// look; the owner does not do without it, and asks the vendor.
func (w *whole) missing(step string, points ...string) {
	w.always(step, func(a *review.Answer) {
		for i, f := range a.Findings {
			if slices.Contains(points, f.Point) {
				a.Findings[i] = engagement.Finding{Point: f.Point, Missing: true}
			}
		}
	})
	w.always(playbook.ChoreClauses, func(a *review.Answer) {
		for i, f := range a.Findings {
			a.Findings[i] = engagement.Finding{Point: f.Point, Missing: true}
		}
	})
}

// refusedFor reports whether an answer to a step was refused for a reason.
func (w *whole) refusedFor(step string, why review.Refusal) bool {
	return slices.ContainsFunc(w.view().Requests, func(r review.Request) bool {
		return r.Step == step && slices.ContainsFunc(r.Attempts, func(a review.Attempt) bool { return a.Outcome.Refusal == why })
	})
}

// turnedDown reports whether a decision was refused by somebody.
func (w *whole) turnedDown(step, person string) bool {
	return slices.ContainsFunc(w.view().Requests, func(r review.Request) bool {
		return r.Step == step && slices.ContainsFunc(r.Ballots, func(b review.Ballot) bool { return b.Person == person && b.Verdict == review.Reject })
	})
}
