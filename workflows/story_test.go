package workflows

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"go.temporal.io/sdk/testsuite"

	"gangway/activities"
	"gangway/internal/calendar"
	"gangway/internal/dossier"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// record is the archive of a story: it keeps everything in memory and refuses
// what the real one refuses, gaps above all.
type record struct {
	mu      sync.Mutex
	entries []dossier.Entry
	people  []playbook.Person
	rev     int
	papers  map[string]string
	numbers map[string]int
	notices []review.Notice
	lost    []string // persons that no channel reaches
}

func (r *record) Append(_ context.Context, entries []dossier.Entry) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, e := range entries {
		if slices.ContainsFunc(r.entries, func(x dossier.Entry) bool { return x.ID == e.ID }) {
			continue
		}
		have := 0
		for _, x := range r.entries {
			if x.Process == e.Process {
				have++
			}
		}
		_, n, _ := strings.Cut(e.ID, "#")
		if got, _ := strconv.Atoi(n); got != have+1 {
			return dossier.GapError{Process: e.Process, Want: have + 1, Got: got}
		}
		r.entries = append(r.entries, e)
	}
	return nil
}

func (r *record) People(context.Context) ([]playbook.Person, int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.people), r.rev, nil
}

func (r *record) Get(_ context.Context, digest string) (dossier.Paper, io.ReadCloser, error) {
	text, ok := r.papers[digest]
	if !ok {
		return dossier.Paper{}, nil, dossier.NotFoundError{What: "document", ID: digest}
	}
	return dossier.Paper{Digest: digest, Size: int64(len(text)), Media: "text/markdown"}, io.NopCloser(bytes.NewBufferString(text)), nil
}

func (r *record) NumberFor(_ context.Context, prefix, key string) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	id := prefix + " " + key
	if n, ok := r.numbers[id]; ok {
		return n, nil
	}
	n := 1
	for k := range r.numbers {
		if strings.HasPrefix(k, prefix+" ") {
			n++
		}
	}
	r.numbers[id] = n
	return n, nil
}

func (r *record) Channel() string { return "story" }

func (r *record) Show(_ context.Context, n review.Notice) (bool, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !slices.ContainsFunc(r.notices, func(x review.Notice) bool { return x.ID == n.ID }) {
		r.notices = append(r.notices, n)
	}
	return !slices.Contains(r.lost, n.Person), nil
}

func (r *record) Follow(context.Context, review.Copy) error { return nil }

// view folds the record of the case.
func (r *record) view() dossier.CaseView {
	r.mu.Lock()
	defer r.mu.Unlock()
	var v dossier.CaseView
	for _, e := range r.entries {
		if e.Case != dossier.Register {
			v.Apply(e)
		}
	}
	return v
}

// story is one onboarding with days skipped.
type story struct {
	t    *testing.T
	env  *testsuite.TestWorkflowEnvironment
	rec  *record
	in   OnboardingInput
	ids  int
	last map[string]review.Outcome // by answer id
}

// monday is when every story starts: a Monday at nine in the morning, UTC.
var monday = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

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
// people hold the role that their id starts with ("legal-lee").
func newStory(t *testing.T, people []string, stages []string, steps ...playbook.Step) *story {
	t.Helper()
	var suite testsuite.WorkflowTestSuite
	suite.SetDisableRegistrationAliasing(true)
	env := suite.NewTestWorkflowEnvironment()
	env.SetStartTime(monday)
	env.SetTestTimeout(time.Minute)
	s := &story{t: t, env: env, last: map[string]review.Outcome{}, rec: &record{papers: map[string]string{}, numbers: map[string]int{}, rev: 1}}
	for _, id := range people {
		role, _, _ := strings.Cut(id, "-")
		s.rec.people = append(s.rec.people, playbook.Person{ID: id, Roles: []string{role}, Hours: office()})
	}
	Register(env, &activities.Activities{Archive: s.rec, Messengers: []activities.Messenger{s.rec}})
	day := span(t, "1 working day")
	s.in = OnboardingInput{
		Common: Common{
			Case: "onboarding/acme/1", Process: "onboarding/acme/1", Vendor: "acme", Requester: "requester-rae", Owner: "owner-ola",
			Playbook: "story", Digest: "sha256:playbook", Steps: steps, Hours: office(),
			Chores: playbook.Deadlines{Due: day},
			Calendar: calendar.Snapshot{From: monday.AddDate(0, -1, 0), Until: monday.AddDate(3, 0, 0),
				Zones: []calendar.Zone{{Name: "UTC", Offsets: []calendar.Offset{{From: monday.AddDate(0, -1, 0)}}}}},
		},
		Stages: stages, Tiers: []playbook.TierRule{{Tier: 2}}, Intake: "sha256:intake", PlaybookDocument: "sha256:playbook",
	}
	return s
}

// text puts a document into the store and returns its digest.
func (s *story) text(name, body string) string {
	digest := "sha256:" + name
	s.rec.papers[digest] = body
	return digest
}

// on does something at a moment after the start.
func (s *story) on(after time.Duration, do func()) { s.env.RegisterDelayedCallback(do, after) }

const day = 24 * time.Hour

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
	if o, ok := v.(review.Outcome); ok {
		h.s.last[h.id] = o
	}
}

// open finds the newest request of a step.
func (s *story) open(step string) review.Request {
	v := s.rec.view()
	for i := len(v.Requests) - 1; i >= 0; i-- {
		if v.Requests[i].Step == step {
			return v.Requests[i]
		}
	}
	s.t.Errorf("at %s: nobody was asked %q", s.env.Now().Format(time.DateTime), step)
	return review.Request{}
}

// answer lets a person answer the newest request of a step, as they see it.
func (s *story) answer(person, step string, v review.Verdict, more ...func(*review.Answer)) string {
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

func (s *story) send(process, update, id string, arg any) {
	if process == s.in.Process {
		s.env.UpdateWorkflow(update, id, heard{s, id}, arg)
		return
	}
	err := s.env.UpdateWorkflowByID(process, update, id, heard{s, id}, arg)
	if err != nil {
		s.t.Errorf("update %s of %s: %v", update, process, err)
	}
}

// play runs the story and returns how it ended.
func (s *story) play() OnboardingResult {
	s.t.Helper()
	s.env.ExecuteWorkflow(OnboardingType, s.in)
	if !s.env.IsWorkflowCompleted() {
		s.t.Fatalf("the story does not end; at %s", s.env.Now())
	}
	if err := s.env.GetWorkflowError(); err != nil {
		s.t.Fatalf("the onboarding failed: %v", err)
	}
	var out OnboardingResult
	if err := s.env.GetWorkflowResult(&out); err != nil {
		s.t.Fatalf("reading the result: %v", err)
	}
	return out
}

// told lists "person why" of every notice, in order.
func (s *story) told() []string {
	var all []string
	for _, n := range s.rec.notices {
		all = append(all, fmt.Sprintf("%s %s", n.Person, n.Why))
	}
	return all
}

// reviewStepOf makes a contract review with one group of everybody named.
func reviewStepOf(t *testing.T, seats ...review.Seat) playbook.Step {
	return playbook.Step{ID: "review", Process: playbook.Contract, Kind: review.Decision, Title: "Contract review",
		Policy:    review.Policy{Groups: []review.Group{{Name: "readers", Rule: review.RuleAll, Seats: seats}}},
		Deadlines: playbook.Deadlines{Due: span(t, "5 working days"), Remind: []calendar.Span{span(t, "2 working days")}, Backup: span(t, "3 working days"), Manager: span(t, "6 working days"), Owner: span(t, "7 working days")}}
}

const contractOne = "# Agreement\n\n1. **Services.** The vendor runs the payroll.\n2. **Confidentiality.** Nothing is told to others.\n3. **Payment.** Within 30 days.\n"
const contractTwo = "# Agreement\n\n1. **Services.** The vendor runs the payroll.\n2. **Confidentiality.** Nothing is told to others, ever.\n3. **Payment.** Within 30 days.\n"

func TestSignedOffAfterOneRoundOfChanges(t *testing.T) {
	s := newStory(t, []string{"owner-ola", "requester-rae", "legal-lee", "finance-fay"}, []string{"contract"},
		reviewStepOf(t, review.Seat{ID: "legal", Role: "legal"}, review.Seat{ID: "finance", Role: "finance", Scope: []string{"3"}}))
	s.in.Contract = s.text("v1", contractOne)
	s.on(2*time.Hour, func() { s.answer("finance-fay", "review", review.Approve) })
	s.on(3*time.Hour, func() { s.answer("legal-lee", "review", review.Changes) })
	s.on(4*time.Hour, func() { s.answer("owner-ola", playbook.ChoreSend, playbook.Sent) })
	s.on(9*day, func() {
		s.answer("owner-ola", playbook.ChoreNext, review.Delivered, func(a *review.Answer) { a.Documents = []string{s.text("v2", contractTwo)} })
	})
	s.on(9*day+2*time.Hour, func() { s.answer("legal-lee", "review", review.Approve) })
	out := s.play()
	if out.Result != ResultLive || out.Contract != "sha256:v2" {
		t.Errorf("got %+v, want live with version 2", out)
	}
	r := s.open("review")
	if r.Closed == nil || r.Closed.State != review.Met || r.Current() != 2 {
		t.Errorf("the review ended as %+v at version %d", r.Closed, r.Current())
	}
	asked := 0
	for _, n := range s.told() {
		if n == "finance-fay asked" {
			asked++
		}
	}
	if asked != 1 {
		t.Errorf("finance was asked %d times, want once: its clause did not change\n%s", asked, strings.Join(s.told(), "\n"))
	}
	for _, o := range s.last {
		if o.Status != review.Counted {
			t.Errorf("an answer did not count: %+v", o)
		}
	}
}
