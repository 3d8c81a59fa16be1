package workflows

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"go.temporal.io/sdk/testsuite"
	"go.temporal.io/sdk/worker"

	"gangway/activities"
	"gangway/internal/calendar"
	"gangway/internal/dossier"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// story is one case with its days skipped.
type story struct {
	t    *testing.T
	env  *testsuite.TestWorkflowEnvironment
	rec  *record
	in   OnboardingInput
	ids  int
	last map[string]review.Outcome // by update id
	want map[string]review.Refusal // updates that are to be refused
	root string                    // the process that the story starts
	seen watched
	// anyOutcome: the story doesn't say what is refused.
	anyOutcome bool
	// beside: its process is one of several that begin by themselves in one engine.
	beside bool
}

// monday is when every story starts: a Monday at nine in the morning, UTC.
var monday = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

const day = 24 * time.Hour

func office() calendar.Schedule {
	var w calendar.Week
	for d := time.Monday; d <= time.Friday; d++ {
		w[d] = []calendar.Hours{{Start: 9 * 60, End: 17 * 60}}
	}
	return calendar.Schedule{Zone: "UTC", Week: w}
}

func span(t *testing.T, s string) calendar.Span {
	t.Helper()
	sp, err := calendar.Parse(s)
	if err != nil {
		t.Fatalf("span %q: %v", s, err)
	}
	return sp
}

// newStory prepares an onboarding of acme with the given stages and steps;
// people hold the role that their id starts with ("legal-lee"). The owner and
// the requester are always there.
func newStory(t *testing.T, people []string, stages []string, steps ...playbook.Step) *story {
	return storyOf(t, newRecord(), "acme", people, stages, steps...)
}

// newStoryWith is newStory in a house whose vendor's people get access by a doorkeeper.
func newStoryWith(t *testing.T, d *doorkeeper, people []string, stages []string, steps ...playbook.Step) *story {
	rec := newRecord()
	rec.access = d
	return storyOf(t, rec, "acme", people, stages, steps...)
}

// doors let people in, and keep what shows it.
type doors interface {
	activities.Access
	activities.Filing
}

// storyOf is newStory for a vendor, over a record that other stories may share.
func storyOf(t *testing.T, rec *record, vendor string, people []string, stages []string, steps ...playbook.Step) *story {
	t.Helper()
	t.Parallel()
	var suite testsuite.WorkflowTestSuite
	suite.SetDisableRegistrationAliasing(true)
	suite.SetLogger(quiet{})
	env := suite.NewTestWorkflowEnvironment()
	env.SetWorkerOptions(worker.Options{DeadlockDetectionTimeout: time.Minute}) // a busy machine is no deadlock
	env.SetStartTime(monday)
	env.SetTestTimeout(time.Minute)
	s := &story{t: t, env: env, last: map[string]review.Outcome{}, want: map[string]review.Refusal{}, rec: rec}
	for _, id := range append([]string{"owner-ola", "requester-rae"}, people...) {
		role, _, _ := strings.Cut(id, "-")
		s.know(id, func(p *playbook.Person) { p.Roles = []string{role} })
	}
	acts := &activities.Activities{Archive: s.rec, Messengers: []activities.Messenger{s.rec}}
	if s.rec.access != nil {
		acts.Access, acts.Filing = s.rec.access, s.rec.access
	}
	if s.rec.survey != nil {
		acts.Survey, acts.Filing = s.rec.survey, s.rec.survey
	}
	if s.rec.more != nil {
		s.rec.more(acts)
	}
	Register(env, acts)
	id := ProcessID(OnboardingPrefix(vendor), 1)
	s.in = OnboardingInput{
		Common: Common{
			Case: id, Process: id, Vendor: vendor, Requester: "requester-rae", Owner: "owner-ola",
			Playbook: "story", Digest: "sha256:playbook", Steps: steps, Hours: office(),
			Chores: playbook.Deadlines{Due: span(t, "1 working day")},
			Calendar: calendar.Snapshot{From: monday.AddDate(0, -1, 0), Until: monday.AddDate(3, 0, 0),
				Zones: []calendar.Zone{{Name: "UTC", Offsets: []calendar.Offset{{From: monday.AddDate(0, -1, 0)}}}}},
		},
		Stages: stages, Tiers: []playbook.TierRule{{Tier: 2}}, Intake: dossier.Paper{Digest: "sha256:intake"}, PlaybookDocument: dossier.Paper{Digest: "sha256:playbook"},
	}
	s.watch()
	return s
}

// quiet keeps the engine's own log out of the tests' output.
type quiet struct{}

func (quiet) Debug(string, ...any) {}
func (quiet) Info(string, ...any)  {}
func (quiet) Warn(string, ...any)  {}
func (quiet) Error(string, ...any) {}

// text puts a document into the store and returns its digest.
func (s *story) text(name, body string) string {
	s.rec.mu.Lock()
	defer s.rec.mu.Unlock()
	digest := "sha256:" + name
	s.rec.papers[digest] = body
	return digest
}

// on does something at a moment after the start.
func (s *story) on(after time.Duration, do func()) {
	s.env.RegisterDelayedCallback(func() {
		// While a contract review runs, its onboarding waits for nothing else.
		if n := len(s.seen.timers); n > 1 && !s.seen.naps {
			s.t.Errorf("at %s %d timers are live, want one", s.env.Now(), n)
		}
		do()
	}, after)
}

func (s *story) person(id string) review.Person {
	s.rec.mu.Lock()
	defer s.rec.mu.Unlock()
	for _, p := range s.rec.people {
		if p.ID == id {
			return p.Record(s.rec.rev)
		}
	}
	role, _, _ := strings.Cut(id, "-")
	return review.Person{ID: id, Roles: []string{role}, Active: true}
}

// know changes what the people file says about somebody before the story starts.
func (s *story) know(id string, change func(*playbook.Person)) {
	s.rec.mu.Lock()
	defer s.rec.mu.Unlock()
	s.rec.people = slices.Clone(s.rec.people) // others may be reading
	i := slices.IndexFunc(s.rec.people, func(p playbook.Person) bool { return p.ID == id })
	if i < 0 {
		s.rec.people = append(s.rec.people, playbook.Person{ID: id, Hours: office()})
		i = len(s.rec.people) - 1
	}
	change(&s.rec.people[i])
}

// apply changes the people file while the case runs, and tells every open
// process of it, as people apply does.
func (s *story) apply(id string, change func(*playbook.Person)) {
	s.know(id, change)
	s.rec.mu.Lock()
	s.rec.rev++
	rev := s.rec.rev
	s.rec.mu.Unlock()
	for _, p := range s.view().Processes {
		if p.Ended.IsZero() {
			s.ids++
			s.send(p.ID, UpdatePeople, fmt.Sprintf("people%d", s.ids), PeopleChange{Revision: rev, People: []review.Person{s.person(id)}})
		}
	}
}

// heard keeps what an Update returned.
type heard struct {
	s  *story
	id string
}

func (h heard) Accept()          {}
func (h heard) Reject(err error) { h.s.t.Errorf("update %s was rejected: %v", h.id, err) }
func (h heard) Complete(v any, err error) {
	if err != nil {
		h.s.t.Errorf("update %s failed: %v", h.id, err)
		return
	}
	o, ok := v.(review.Outcome)
	if !ok {
		o = review.Outcome{Status: review.Counted}
	}
	h.s.last[h.id] = o
}

// view is the case as the record has it now.
func (s *story) view() dossier.CaseView { return s.rec.view(s.root) }

// open finds the newest request of a step.
func (s *story) open(step string) review.Request {
	s.t.Helper()
	v := s.view()
	for i := len(v.Requests) - 1; i >= 0; i-- {
		if v.Requests[i].Step == step {
			return v.Requests[i]
		}
	}
	s.t.Errorf("at %s: nobody was asked %q", s.env.Now().Format(time.DateTime), step)
	return review.Request{Process: s.root}
}

// answer lets a person answer the newest request of a step, as they see it, and
// returns the id of the answer.
func (s *story) answer(person, step string, v review.Verdict, more ...func(*review.Answer)) string {
	s.t.Helper()
	r := s.open(step)
	s.ids++
	a := review.Answer{ID: fmt.Sprintf("a%d", s.ids), Request: r.ID, Version: r.Current(), Verdict: v, Person: s.person(person), Channel: "web", At: s.env.Now()}
	if v == review.Changes || v == review.Reject || r.Kind == review.Task {
		a.Written.Inside = "digest"
	}
	for _, m := range more {
		m(&a)
	}
	s.send(r.Process, UpdateAnswer, a.ID, a)
	return a.ID
}

// act lets a person act on a process.
func (s *story) act(process, person string, k review.ActKind, more ...func(*review.Act)) string {
	s.ids++
	a := review.Act{ID: fmt.Sprintf("act%d", s.ids), Kind: k, Process: process, Person: s.person(person), Written: review.Written{Inside: "digest"}, At: s.env.Now()}
	for _, m := range more {
		m(&a)
	}
	s.send(process, UpdateAct, a.ID, a)
	return a.ID
}

// about points an act at the newest request of a step.
func (s *story) about(step string) func(*review.Act) {
	return func(a *review.Act) { a.Request = s.open(step).ID }
}

func deliver(digest string) func(*review.Answer) {
	return func(a *review.Answer) { a.Documents = []string{digest} }
}

func submit(digest string) func(*review.Act) {
	return func(a *review.Act) { a.Name, a.Document = ContractDocument, digest }
}

// refused says that an answer or act is to be refused, and why; all others are
// to count.
func (s *story) refused(id string, why review.Refusal) { s.want[id] = why }

func (s *story) send(process, update, id string, arg any) {
	s.t.Helper()
	if process == s.root && !s.beside {
		s.env.UpdateWorkflow(update, id, heard{s, id}, arg)
		return
	}
	err := s.env.UpdateWorkflowByID(process, update, id, heard{s, id}, arg)
	if err != nil {
		s.t.Errorf("update %s of %s: %v", update, process, err)
	}
}

// play runs the story as an onboarding and returns how it ended.
func (s *story) play() OnboardingResult {
	s.t.Helper()
	var out OnboardingResult
	s.run(OnboardingType, s.in.Process, s.in, &out)
	return out
}

// playContract runs the story as a contract review started alone.
func (s *story) playContract(first string) ContractResult {
	s.t.Helper()
	in := ContractInput{Common: s.in.Common, First: first, FiledBy: s.in.Requester}
	in.Process = ProcessID(ContractPrefix(in.Vendor), 1)
	in.Case = in.Process
	var out ContractResult
	s.run(ContractType, in.Process, in, &out)
	return out
}

func (s *story) run(process, id string, in, out any) {
	s.t.Helper()
	s.start(process, id, in)
	if err := s.env.GetWorkflowError(); err != nil {
		s.t.Fatalf("%s failed: %v", id, err)
	}
	if err := s.env.GetWorkflowResult(out); err != nil {
		s.t.Fatalf("reading the result: %v", err)
	}
	s.check()
}

func (s *story) start(process, id string, in any) {
	s.t.Helper()
	s.root = id
	s.env.SetStartWorkflowOptions(startAs(id))
	s.env.ExecuteWorkflow(process, in)
	if !s.env.IsWorkflowCompleted() {
		s.t.Fatalf("the story does not end; at %s", s.env.Now())
	}
}

// A toldLine is one line of what a person was told, and when.
type toldLine struct {
	at   time.Time
	line string
}

// tellings lists every notice that a person got, in order: "day why step".
func (s *story) tellings(person string) []toldLine {
	v := s.view()
	s.rec.mu.Lock()
	defer s.rec.mu.Unlock()
	var all []toldLine
	for _, n := range s.rec.notices {
		if n.Person != person || n.Case != s.root {
			continue
		}
		line := fmt.Sprintf("%d %s", int(n.At.Sub(monday)/day), n.Why)
		for _, id := range n.Requests {
			if q := v.Request(id); q != nil {
				line += " " + q.Step
			}
		}
		all = append(all, toldLine{at: n.At, line: line})
	}
	return all
}

// told lists "day why step" of every notice that a person got, in order.
func (s *story) told(person string) []string {
	var all []string
	for _, n := range s.tellings(person) {
		all = append(all, n.line)
	}
	return all
}

// wantTold asserts all that a person was told. What was told in one minute may have
// come in any order: a parent and its child tell through activities that race.
func (s *story) wantTold(person string, want ...string) {
	s.t.Helper()
	all := s.tellings(person)
	got, wanted := s.told(person), slices.Clone(want)
	for i := 0; i < len(all); {
		j := i + 1
		for j < len(all) && all[j].at.Truncate(time.Minute).Equal(all[i].at.Truncate(time.Minute)) {
			j++
		}
		if j <= len(wanted) {
			slices.Sort(got[i:j])
			slices.Sort(wanted[i:j])
		}
		i = j
	}
	if !slices.Equal(got, wanted) {
		s.t.Errorf("%s was told\n\t%s\nwant\n\t%s", person, strings.Join(s.told(person), "\n\t"), strings.Join(want, "\n\t"))
	}
}

// wantClosed asserts how the newest request of a step ended.
func (s *story) wantClosed(step string, state review.State, why string) {
	s.t.Helper()
	r := s.open(step)
	if r.Closed == nil || r.Closed.State != state || r.Closed.Why != why {
		s.t.Errorf("%s ended as %+v, want %s (%s)", r.ID, r.Closed, state, why)
	}
}

// wantResult asserts how a process stands in the record.
func (s *story) wantResult(process, result string) {
	s.t.Helper()
	v := s.view()
	i := slices.IndexFunc(v.Processes, func(p dossier.ProcessView) bool { return p.ID == process })
	if i < 0 || v.Processes[i].Result != result || v.Processes[i].Ended.IsZero() {
		s.t.Errorf("the record's processes are %+v, want %s ended as %q", v.Processes, process, result)
	}
}

// stepOf makes an onboarding step with one group in which all seats must agree.
func stepOf(t *testing.T, id, stage string, seats ...review.Seat) playbook.Step {
	s := reviewStepOf(t, seats...)
	s.ID, s.Title, s.Process, s.Stage = id, id, playbook.Onboarding, stage
	return s
}

// reviewStepOf makes a contract review with one group of everybody named.
func reviewStepOf(t *testing.T, seats ...review.Seat) playbook.Step {
	return playbook.Step{ID: "review", Process: playbook.Contract, Kind: review.Decision, Title: "Contract review",
		Policy: review.Policy{Groups: []review.Group{{Name: "readers", Rule: review.RuleAll, Seats: seats}}},
		Deadlines: playbook.Deadlines{Due: span(t, "5 working days"), Remind: []calendar.Span{span(t, "2 working days"), span(t, "4 working days")},
			Backup: span(t, "3 working days"), Manager: span(t, "6 working days"), Owner: span(t, "7 working days")}}
}

// seat is a seat named after its role.
func seat(role string, scope ...string) review.Seat {
	return review.Seat{ID: role, Role: role, Scope: scope}
}

// contractText is a contract whose confidentiality and payment clauses end as given.
func contractText(confidentiality, payment string) string {
	return "# Agreement\n\n1. **Services.** The vendor runs the payroll.\n2. **Confidentiality.** Nothing is told to others" + confidentiality +
		".\n3. **Payment.** Within 30 days" + payment + ".\n"
}
