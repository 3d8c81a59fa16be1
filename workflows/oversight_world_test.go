package workflows

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.temporal.io/sdk/converter"
	"go.temporal.io/sdk/testsuite"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"gangway/activities"
	"gangway/internal/calendar"
	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// vigil is the story of an oversight, over as many runs as it takes.
type vigil struct {
	*story
	in    OversightInput
	plan  []*moment
	runs  int
	begun []DPAInput // collections that were begun, where they are not played
	// outside is told what the oversight tells processes of others; nil: nobody is.
	outside func(id, name string, arg any) error
	plays   bool // … they are
	// removes takes access away, looks whether it is gone, where the story has it.
	removes, looks func(activities.AccessIn) (activities.AccessOut, error)
	invites        func(activities.AccessIn) (activities.AccessOut, error) // … invites again
	almanac        almanac
	diary          *diary
	reported       map[int]bool // collections that have said what they came to
	breaks         error        // what processes that are begun come to, and report nothing
}

// almanac makes calendars in which the only zone is UTC.
type almanac struct {
	from []time.Time // of those that were made
	away bool
}

func (a *almanac) Snapshot(_ []playbook.Person, pb playbook.Playbook, from time.Time) (calendar.Snapshot, error) {
	if a.away || pb.Hours.Zone != "UTC" {
		return calendar.Snapshot{}, errors.New("there is no such zone")
	}
	a.from = append(a.from, from)
	return calendar.Snapshot{From: from, Until: from.AddDate(3, 0, 0), Zones: []calendar.Zone{{Name: "UTC", Offsets: []calendar.Offset{{From: from}}}}}, nil
}

// moment is something that happens at a time after the start, once.
type moment struct {
	at   time.Time
	do   func()
	done bool
}

// anything matches every argument, as the engine of tests has it from testify.
const anything = "mock.Anything"

const vigilID = "oversight/acme/1"

// newVigil prepares the oversight of acme, owned by owner-ola and sponsored by
// sponsor-sue. each starts anew at every wake.
func newVigil(t *testing.T, each bool, expiries ...engagement.Expiry) *vigil {
	t.Helper()
	s := newStory(t, []string{"sponsor-sue", "privacy-pam", "legal-lee", "board-bea", "deputy-dan"}, nil)
	for _, id := range []string{"acme.1", "acme.2"} {
		s.know(id, func(p *playbook.Person) { p.Roles, p.Employer = nil, "acme" })
	}
	s.rec.readings = map[string]engagement.Reading{}
	s.root = vigilID
	v := &vigil{story: s, diary: &diary{}, in: OversightInput{Common: s.in.Common, Predecessor: "onboarding/acme/1", Expiries: expiries, EachWake: each,
		Watch: engagement.Watch{NoticeLead: 30}, PlaybookDocument: dossier.Paper{Digest: "sha256:playbook"}}}
	v.in.Case, v.in.Process, v.in.Sponsor, v.in.Deputy, v.in.Tier = vigilID, vigilID, "sponsor-sue", "deputy-dan", 2
	v.in.Steps = collectionSteps(t)
	return v
}

// expiry is one that runs out so many days after Monday.
func expiry(id string, kind engagement.ExpiryKind, days int, more ...func(*engagement.Expiry)) engagement.Expiry {
	e := engagement.Expiry{ID: "onboarding/acme/1:" + id, Kind: kind, Name: id, On: monday.AddDate(0, 0, days), Process: "onboarding/acme/1"}
	for _, m := range more {
		m(&e)
	}
	return e
}

// after does something so many days after the start, in whichever run that is.
func (v *vigil) after(days float64, do func()) {
	v.plan = append(v.plan, &moment{at: monday.Add(time.Duration(days * float64(day))), do: do})
}

// offAfter ends the story.
func (v *vigil) offAfter(days float64) {
	v.after(days, func() { v.act(vigilID, "owner-ola", review.Withdraw) })
}

// nextEngine makes the engine of the next run, whose clock goes on where the last one
// stood.
func (v *vigil) nextEngine(start time.Time) {
	var suite testsuite.WorkflowTestSuite
	suite.SetDisableRegistrationAliasing(true)
	suite.SetLogger(quiet{})
	v.env = suite.NewTestWorkflowEnvironment()
	v.env.SetStartTime(start)
	v.env.SetTestTimeout(time.Minute)
	v.env.SetWorkerOptions(worker.Options{DeadlockDetectionTimeout: time.Minute}) // a busy machine is none
	if v.diary == nil {
		v.diary = &diary{}
	}
	v.diary.rec = v.rec
	acts := &activities.Activities{Archive: v.rec, Messengers: []activities.Messenger{v.rec}, Calendars: &v.almanac, Invitations: v.diary}
	if v.rec.access != nil {
		acts.Access, acts.Filing = v.rec.access, v.rec.access
	}
	if v.rec.survey != nil {
		acts.Survey, acts.Filing = v.rec.survey, v.rec.survey
	}
	Register(v.env, acts)
	v.seen.timers = nil
	v.watch()
	if v.outside != nil {
		v.env.OnSignalExternalWorkflow(anything, anything, anything, anything, anything).Return(
			func(_, id, _, name string, arg any) error { return v.outside(id, name, arg) })
	} else if v.plays {
		v.env.OnSignalExternalWorkflow(anything, anything, anything, anything, anything).Return(
			func(_, _, _, name string, arg any) error { v.env.SignalWorkflow(name, arg); return nil })
	} else {
		v.env.OnWorkflow(DPAType, anything, anything).Return(func(_ workflow.Context, in DPAInput) (DPAResult, error) {
			v.begun = append(v.begun, in)
			return DPAResult{}, v.breaks
		})
		v.env.OnWorkflow(ContractType, anything, anything).Return(func(workflow.Context, ContractInput) (ContractResult, error) { return ContractResult{}, v.breaks })
	}
	if v.removes != nil {
		v.env.OnActivity(actRemoveAccess, anything, anything).Return(func(_ context.Context, in activities.AccessIn) (activities.AccessOut, error) {
			return v.removes(in)
		})
		v.env.OnActivity(actListAccess, anything, anything).Return(func(_ context.Context, in activities.AccessIn) (activities.AccessOut, error) {
			return v.looks(in)
		})
	}
	if v.invites != nil {
		v.env.OnActivity(actGrantAccess, anything, anything).Return(func(_ context.Context, in activities.AccessIn) (activities.AccessOut, error) {
			return v.invites(in)
		})
	}
	for _, m := range v.plan {
		if m.done {
			continue
		}
		v.env.RegisterDelayedCallback(func() {
			if !m.done { // it may be there for the next run too
				m.done = true
				m.do()
			}
		}, max(0, m.at.Sub(start)))
	}
}

// live plays the story until the vendor is off.
func (v *vigil) live() OversightResult {
	v.t.Helper()
	return lives[OversightResult](v, OversightType, v.in)
}

// lives plays a process that goes on in new runs until it ends.
func lives[O, I any](v *vigil, kind string, in I) (out O) {
	v.t.Helper()
	for start := monday; ; v.runs++ {
		v.nextEngine(start)
		v.env.SetStartWorkflowOptions(startAs(v.root))
		v.env.ExecuteWorkflow(kind, in)
		if !v.env.IsWorkflowCompleted() {
			v.t.Fatalf("the story does not end; at %s", v.env.Now())
		}
		err := v.env.GetWorkflowError()
		var again *workflow.ContinueAsNewError
		if errors.As(err, &again) {
			in = *new(I)
			if err := converter.GetDefaultDataConverter().FromPayloads(again.Input, &in); err != nil {
				v.t.Fatalf("reading what run %d hands on: %v", v.runs, err)
			}
			start = v.env.Now()
			continue
		}
		if err != nil {
			v.t.Fatalf("run %d failed at %s: %v", v.runs, v.env.Now(), err)
		}
		if err := v.env.GetWorkflowResult(&out); err != nil {
			v.t.Fatalf("reading the result: %v", err)
		}
		for _, m := range v.plan {
			if !m.done {
				v.t.Errorf("what was to happen on %s did not", m.at)
			}
		}
		v.checkEnd()
		return out
	}
}

// checkEnd holds what is true of every story at its end.
func (v *vigil) checkEnd() {
	v.t.Helper()
	v.checkOutcomes()
	for _, w := range v.rec.wrong {
		v.t.Error(w)
	}
	for _, r := range v.view().Requests {
		if r.Closed == nil {
			v.t.Errorf("%s is open after the end", r.ID)
		}
	}
}

// journal is everything in the record but which run made it, with times to the
// minute: the engine of a test takes moments of its own for activities.
func (v *vigil) journal() []string {
	var all []string
	for _, e := range v.rec.entries {
		e.Run = ""
		all = append(all, rounded(marshal(v.t, e)))
	}
	return all
}

// again is the same story from the start, with a record of its own.
func (v *vigil) again(each bool) *vigil {
	rec := newRecord()
	rec.papers = maps.Clone(v.rec.papers)
	rec.people, rec.readings = slices.Clone(v.rec.people), map[string]engagement.Reading{}
	s := &story{t: v.t, rec: rec, in: v.story.in, root: vigilID, last: map[string]review.Outcome{}, want: map[string]review.Refusal{}}
	w := &vigil{story: s, in: v.in, plays: v.plays, diary: &diary{}}
	w.in.EachWake = each
	return w
}

// sameAsUndisturbed plays a story twice, once with a new run at every wake, and wants
// the same journal, the same notices and the same outcomes.
func sameAsUndisturbed(t *testing.T, tell func(v *vigil), expiries ...engagement.Expiry) *vigil {
	t.Helper()
	calm := newVigil(t, false, expiries...)
	torn := calm.again(true)
	for _, v := range []*vigil{calm, torn} {
		tell(v)
		v.live()
	}
	if calm.runs > 0 || torn.runs < 3 {
		t.Errorf("%d and %d new runs: want none, and many", calm.runs, torn.runs)
	}
	if d := cmp.Diff(calm.journal(), torn.journal()); d != "" {
		t.Errorf("the journal differs where every wake begins a new run (- undisturbed):\n%s", d)
	}
	if d := cmp.Diff(notices(calm), notices(torn)); d != "" {
		t.Errorf("people are told something else (- undisturbed):\n%s", d)
	}
	return torn
}

// rounded is a JSON text with its times to the minute.
func rounded(text string) string {
	return regexp.MustCompile(`(\d{4}-\d\d-\d\dT\d\d:\d\d):\d\d(\.\d+)?Z`).ReplaceAllString(text, "${1}Z")
}

func notices(v *vigil) []string {
	var all []string
	for _, n := range v.rec.notices {
		all = append(all, fmt.Sprintf("%s %s %s %s %d %s", n.ID, n.Person, n.Why, n.At.Round(time.Minute).Format(time.DateTime), n.Nth, strings.Join(n.Requests, " ")))
	}
	return all
}

// says answers as desk brings it in: what was filled in comes as a sheet.
func (v *vigil) says(person, step string, verdict review.Verdict, more ...func(*review.Answer)) string {
	v.t.Helper()
	return v.answer(person, step, verdict, append(more, func(a *review.Answer) {
		if v.open(step).Sheet {
			a.Documents = append(a.Documents, "sha256:sheet-"+a.ID)
		}
	})...)
}

// goodUntil answers a form with a date so many days after Monday.
func goodUntil(days int) func(*review.Answer) {
	return func(a *review.Answer) {
		a.Findings = append(a.Findings, engagement.Finding{Point: pointUntil, On: monday.AddDate(0, 0, days)})
	}
}

// watchedNow is how the record has one of the expiries.
func (v *vigil) watchedNow(id string) dossier.WatchView {
	v.t.Helper()
	view := v.view()
	i := slices.IndexFunc(view.Watched, func(w dossier.WatchView) bool { return w.ID == "onboarding/acme/1:"+id || w.ID == id })
	if i < 0 {
		v.t.Errorf("at %s: %s is not watched", v.env.Now(), id)
		return dossier.WatchView{}
	}
	return view.Watched[i]
}
