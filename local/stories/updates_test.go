package stories

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.temporal.io/api/enums/v1"
	"go.temporal.io/api/serviceerror"
	"go.temporal.io/sdk/client"

	"gangway/config"
	"gangway/internal/calendar"
	"gangway/internal/desk"
	"gangway/internal/dossier"
	"gangway/internal/playbook"
	"gangway/internal/proof"
	"gangway/internal/review"
	"gangway/workflows"
)

// hasty starts each process together with an act on it, in one call: no worker
// can have looked at it before. Desk's loop may ask for the start again while the
// first one is under way; only the first is sent.
type hasty struct {
	client.Client
	act   review.Act
	told  chan hurried
	first *sync.Once
}

type hurried struct {
	outcome review.Outcome
	err     error
}

// ExecuteWorkflow starts and acts, and returns once the process is there.
func (c hasty) ExecuteWorkflow(ctx context.Context, o client.StartWorkflowOptions, process any, args ...any) (client.WorkflowRun, error) {
	c.first.Do(func() { go c.startAndAct(o, process, args...) })
	if !within(patience, func() bool {
		_, err := c.DescribeWorkflowExecution(ctx, o.ID, "")
		return err == nil || ctx.Err() != nil
	}) {
		return nil, errors.New("the process never starts")
	}
	return c.GetWorkflow(ctx, o.ID, ""), ctx.Err()
}

func (c hasty) startAndAct(o client.StartWorkflowOptions, process any, args ...any) {
	start := c.NewWithStartWorkflowOperation(o, process, args...)
	var got hurried
	handle, err := c.UpdateWithStartWorkflow(context.Background(), client.UpdateWithStartWorkflowOptions{StartWorkflowOperation: start,
		UpdateOptions: client.UpdateWorkflowOptions{UpdateID: c.act.ID, WorkflowID: o.ID, UpdateName: workflows.UpdateAct, Args: []any{c.act}, WaitForStage: client.WorkflowUpdateStageCompleted}})
	if err == nil {
		err = handle.Get(context.Background(), &got.outcome)
	}
	got.err = err
	c.told <- got
}

// TestUpdateInTheFirstWorkflowTask: a case is withdrawn before any worker has
// looked at it. The handlers are there before the process blocks, so the act is
// heard in the first task, and the case ends whole.
func TestUpdateInTheFirstWorkflowTask(t *testing.T) {
	t.Parallel()
	act := review.Act{ID: "web-" + freshID(), Kind: review.Withdraw, Process: "onboarding/brightwell-payroll/1", Channel: "web", At: time.Now(),
		Person: review.Person{ID: "maya", Active: true, Roles: []string{"service-owner"}}}
	told := make(chan hurried, 1)
	h := houseOn(t, ground{idle: true, desk: func(h *house) *desk.Desk {
		var err error
		act.Written, err = h.Archive.KeepText(t.Context(), act.ID, review.Text{Inside: "not needed after all"})
		if err != nil {
			t.Fatalf("keeping a reason: %v", err)
		}
		return desk.New(h.Archive, hasty{h.client, act, told, new(sync.Once)}, shipped{}, unsealed{}, desk.Options{Log: quiet(), PickPerson: true})
	}})
	o := h.onboard()
	h.work()
	if got := <-told; got.err != nil || got.outcome.Status != review.Counted {
		t.Fatalf("withdrawing in the first task: %+v: %v", got.outcome, got.err)
	}
	v := o.until("the case is sealed", func(v dossier.CaseView) bool { return v.Sealed })
	if v.State != dossier.Ended {
		t.Errorf("the case ended %s", v.State)
	}
	if n := h.tasksBeforeUpdate(o.id, v.Processes[0].Runs[0]); n != 1 {
		t.Errorf("%d tasks ended before the act was accepted, want it in the first", n)
	}
	if err := dossier.CheckChain(o.lines()); err != nil {
		t.Errorf("the chain: %v", err)
	}
}

// tasksBeforeUpdate counts the workflow tasks that had ended when the first
// Update was accepted.
func (h *house) tasksBeforeUpdate(process, run string) int {
	h.t.Helper()
	hist, err := proof.Fetch(context.Background(), h.client, process, run)
	if err != nil {
		h.t.Fatalf("fetching the history: %v", err)
	}
	n := 0
	for _, e := range hist.GetEvents() {
		switch e.GetEventType() {
		case enums.EVENT_TYPE_WORKFLOW_TASK_COMPLETED:
			n++
		case enums.EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_ACCEPTED:
			return n
		}
	}
	h.t.Fatal("no Update was accepted")
	return 0
}

// TestAnswersSentAtOnceAfterOpening: somebody who knows what the first request
// will be called answers while it is being asked. They are told what became of
// each answer, and one counts.
func TestAnswersSentAtOnceAfterOpening(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	o := h.onboard()
	r := review.Request{ID: o.id + ":need.1"}
	attest := func(a *review.Answer) { a.Attest = []string{"no-conflict"} }
	var last review.Outcome
	if !within(patience, func() bool {
		last = o.say("helen", r, review.Approve, attest)
		if last.Status == review.Refused && !slices.Contains([]review.Refusal{review.NoSeat, review.Unknown, review.NotYet, review.Answered}, last.Refusal) {
			t.Fatalf("helen is told %+v", last)
		}
		return last.Status != review.Refused || last.Refusal == review.Answered
	}) {
		t.Fatalf("no answer of helen's ever counts: %+v", last)
	}
	o.until("helen's answer is in the record", func(v dossier.CaseView) bool {
		q := v.Request(r.ID)
		return q != nil && len(q.Ballots) == 1 && q.Ballots[0].Person == "helen"
	})
}

// shipped is the playbooks that ship, as a desk of a test's own needs them.
type shipped struct{}

func (shipped) Playbook(name string) (playbook.Playbook, []byte, error) { return config.Shipped(name) }

func (shipped) Playbooks() []string { return config.Playbooks() }

func (shipped) Read(text []byte) (playbook.Playbook, error) {
	return config.ReadPlaybook("playbook.yaml", text)
}

func (shipped) Snapshot(people []playbook.Person, pb playbook.Playbook, from time.Time) (calendar.Snapshot, error) {
	return config.Snapshot(people, pb, from)
}

// unsealed is for a desk of a test's own that is asked for no dossier.
type unsealed struct{ desk.Sealer }

// readers is a deployment with forty people of one role and a playbook that asks
// them all.
type readers struct{ shipped }

const manyReaders = 40

func reader(i int) string { return fmt.Sprintf("p%02d", i) }

func (readers) Playbook(string) (playbook.Playbook, []byte, error) {
	var b strings.Builder
	b.WriteString("name: many\ntitle: Many read\nhours: {zone: Europe/London, week: Mon-Fri 09:00-17:30}\nroles: [reader]\ndata: [none, personal, payment]\ntiers: [{tier: 2}]\nstages: [need]\n" +
		"steps:\n  - id: need\n    stage: need\n    kind: decision\n    title: Read\n    due: 3 working days\n    groups:\n      - name: everybody\n        rule: all\n        seats:\n")
	for i := range manyReaders {
		fmt.Fprintf(&b, "          - {id: seat-%02d, role: reader, minutes: 1}\n", i)
	}
	b.WriteString("chores:\n  due: 3 working days\n")
	pb, err := config.ReadPlaybook("many.yaml", []byte(b.String()))
	return pb, []byte(b.String()), err
}

// TestFortyAnswersAtOnce: forty people answer one request at the same moment.
// Each is told that the answer was counted or received; whoever is told that it
// could not be kept, on a machine that is too busy, sends it again. Every answer is
// in the record once.
func TestFortyAnswersAtOnce(t *testing.T) {
	t.Parallel()
	h := houseOn(t, ground{desk: func(h *house) *desk.Desk {
		return desk.New(h.Archive, h.client, readers{}, unsealed{}, desk.Options{Log: quiet(), PickPerson: true})
	}})
	h.people(func(all []playbook.Person) []playbook.Person {
		for i := range manyReaders {
			all = append(all, playbook.Person{ID: reader(i), Name: "Reader " + reader(i), Mail: reader(i) + "@northgate.example", Roles: []string{"reader"}, Hours: all[0].Hours})
		}
		return all
	})
	o := h.onboard()
	r := o.asked(reader(manyReaders-1), "need")
	outcomes, errs := make([]review.Outcome, manyReaders), make([]error, manyReaders)
	sent := make([]time.Time, manyReaders)
	var ready, done sync.WaitGroup
	fire := make(chan struct{})
	for i := range manyReaders {
		ready.Add(1)
		done.Go(func() {
			a := review.Answer{ID: "web-" + reader(i), Request: r.ID, Verdict: review.Approve, From: as(reader(i)), Channel: "web", At: time.Now()}
			ready.Done()
			<-fire
			sent[i] = time.Now()
			outcomes[i], errs[i] = h.Desk.Answer(context.Background(), a)
		})
	}
	ready.Wait()
	close(fire)
	done.Wait()
	t.Logf("sent within %s, all told after %s", slices.MaxFunc(sent, time.Time.Compare).Sub(slices.MinFunc(sent, time.Time.Compare)), time.Since(slices.MinFunc(sent, time.Time.Compare)))
	told := map[review.Status]int{}
	for i := range outcomes {
		again := review.Answer{ID: "web-" + reader(i), Request: r.ID, Verdict: review.Approve, From: as(reader(i)), Channel: "web", At: time.Now()}
		within(patience, func() bool {
			if errs[i] == nil {
				return true
			}
			told["not kept"]++
			outcomes[i], errs[i] = h.Desk.Answer(context.Background(), again)
			return errs[i] == nil
		})
	}
	for i, out := range outcomes {
		told[out.Status]++
		if errs[i] != nil || !out.OK() {
			t.Errorf("%s is told %+v, %v", reader(i), out, errs[i])
		}
	}
	t.Logf("told: %v", told)
	v := o.until("the case is live", func(v dossier.CaseView) bool { return v.State == dossier.Live })
	got := ballots(t, *v.Request(r.ID))
	slices.Sort(got)
	var want []string
	for i := range manyReaders {
		want = append(want, reader(i)+" approve")
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the answers in the record (-want +got):\n%s", diff)
	}
	if n := len(counted(o.lines())); n != manyReaders {
		t.Errorf("%d answers were recorded, want %d", n, manyReaders)
	}
	for i := range manyReaders {
		o.toldAgain(reader(i), outcomes[i])
	}
}

// toldAgain wants the receipt of a reader's answer to say that it counted.
func (o *onboarding) toldAgain(person string, first review.Outcome) {
	o.h.t.Helper()
	out, _, filed, err := o.h.Desk.Receipt(context.Background(), as(person), "web-"+person)
	if err != nil || !filed || out.Status != review.Counted && out.Status != review.Already || out.By != person {
		o.h.t.Errorf("%s, first told %+v, looks again: %+v, filed %t, %v", person, first, out, filed, err)
	}
}

// forgetReceipts empties the table of receipts behind the archive's back, as a
// restored backup would.
func (h *house) forgetReceipts() {
	h.t.Helper()
	db, err := sql.Open("sqlite", "file:"+filepath.Join(h.dir, "archive.db")+"?_pragma=busy_timeout(5000)")
	if err != nil {
		h.t.Fatalf("opening the archive's file: %v", err)
	}
	defer db.Close()
	if _, err := db.Exec(`DELETE FROM receipts`); err != nil {
		h.t.Fatalf("emptying the receipts: %v", err)
	}
}

// forgetful is an engine whose retention has passed for every process.
type forgetful struct{ client.Client }

// UpdateWorkflow knows no process.
func (forgetful) UpdateWorkflow(context.Context, client.UpdateWorkflowOptions) (client.WorkflowUpdateHandle, error) {
	return nil, serviceerror.NewNotFound("workflow execution not found")
}

// TestAnAnswerDeliveredAgainAfterTheEnd: the answer that decided, sent again
// after its process closed, gets the outcome that it had; also when the receipt
// is gone, and when the engine has forgotten the process, from the record. What is new is too late, is told so, and recorded.
func TestAnAnswerDeliveredAgainAfterTheEnd(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	o := h.onboard()
	o.needed()
	answered := map[string]review.Outcome{}
	var deciding review.Answer
	keep := func(a *review.Answer) { deciding = *a }
	for _, p := range []string{"jonas", "daniel", "ruth", "ravi", "maya", "helen"} {
		answered[p] = o.answer(p, "review", review.Approve, keep)
	}
	o.answer("maya", "contacts", review.Done)
	var last review.Answer
	final := o.answer("maya", "backup-people", review.Done, func(a *review.Answer) { last = *a })
	o.until("the case is live", func(v dossier.CaseView) bool { return v.State == dossier.Live })
	door := h.Desk
	for _, memory := range []string{"the receipt", "the engine", "the record"} {
		switch memory {
		case "the engine":
			o.until("the case is sealed", func(v dossier.CaseView) bool { return v.Sealed })
			h.forgetReceipts()
		case "the record":
			h.forgetReceipts()
			door = desk.New(h.Archive, forgetful{h.client}, shipped{}, unsealed{}, desk.Options{Log: quiet(), PickPerson: true})
		}
		for _, again := range []struct {
			answer review.Answer
			first  review.Outcome
		}{{deciding, answered["helen"]}, {last, final}} {
			out, err := door.Answer(t.Context(), again.answer)
			if diff := cmp.Diff(again.first, out); err != nil || diff != "" {
				t.Errorf("from %s: %s's answer again: %v (-first +again):\n%s", memory, again.answer.From.ID, err, diff)
			}
		}
	}
	lines := len(o.lines())
	late := o.refused("jonas", "review", review.Reject, review.Closed)
	if late.By != "jonas" || !late.At.Equal(answered["jonas"].At) || late.State != review.Met {
		t.Errorf("who comes late is told %+v, want when jonas decided", late)
	}
	attempts := o.kinds(dossier.Attempt)
	if len(o.lines()) != lines+1 || len(attempts) != 1 || attempts[0].Entry.Detail.Outcome.Refusal != review.Closed ||
		!strings.HasPrefix(attempts[0].Entry.ID, o.newest("review").Process+"#desk/web-") {
		t.Errorf("the record of a late answer: %+v", attempts)
	}
	if err := dossier.CheckChain(o.lines()); err != nil {
		t.Errorf("the chain: %v", err)
	}
	o.verified(o.view())
}
