package workflows

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"go.temporal.io/sdk/testsuite"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"gangway/activities"
	"gangway/internal/calendar"
	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/exit"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

const exitID = "exit/acme/1"

// departure is the story of an exit, whose parts are played by stand-ins.
type departure struct {
	*story
	in ExitInput
	// started are the parts in their order, with what they were given.
	started []ExitPartInput
	// does says how a part plays; else it takes ten days and everything of it is done.
	does map[playbook.Process]func(ctx workflow.Context, in ExitPartInput) (ExitPartResult, error)
	// forgets is the sheet that says what was forgotten, by how often it was asked; nil:
	// nobody is asked.
	forgets func(round int) string
	asked   int
	// heard are the words that parts were told, as "part word".
	heard []string
	// signals are what processes of others were told, as "process name"; outside is told of
	// each as well, nil: nobody is, and its error is that the process is over.
	signals []string
	outside func(id, name string, arg any) error
	// aftercare and oversight are what followed.
	aftercare *AftercareInput
	restored  *OversightInput
}

// papersOf keeps what activities of a story file.
type papersOf struct{ rec *record }

func (f papersOf) Put(_ context.Context, r io.Reader, limit int64) (dossier.Paper, error) {
	text, err := io.ReadAll(io.LimitReader(r, limit+1))
	if err != nil {
		return dossier.Paper{}, err
	}
	sum := sha256.Sum256(text)
	digest := "sha256:" + hex.EncodeToString(sum[:])
	f.rec.mu.Lock()
	defer f.rec.mu.Unlock()
	f.rec.papers[digest] = string(text)
	return dossier.Paper{Digest: digest, Size: int64(len(text)), Media: "text/plain"}, nil
}

// exitStep is a step of the exit itself, asked of one seat.
func exitStep(t *testing.T, id string, does playbook.Purpose, kind review.Kind, seats ...review.Seat) playbook.Step {
	s := stepOf(t, id, "", seats...)
	s.Process, s.Does, s.Kind = exit.PartExit, does, kind
	s.Policy.Waivable = true
	return s
}

// exitSteps are those of an exit in every mode.
func exitSteps(t *testing.T) []playbook.Step {
	planned := []exit.Mode{exit.ModePlanned, exit.ModeStressed}
	cause, stressed := []exit.Mode{exit.ModeForCause}, []exit.Mode{exit.ModeStressed}
	in := func(s playbook.Step, modes ...exit.Mode) playbook.Step {
		s.Modes = modes
		return s
	}
	emergency := exitStep(t, "emergency", exit.DoesEmergency, review.Decision, seat("security"), seat("it"), seat("legal"), seat("sponsor"))
	emergency.Policy.Groups[0].Rule, emergency.Policy.Groups[0].N = review.RuleSome, 2
	emergency.Deadlines = playbook.Deadlines{Due: span(t, "2 clock hours"), Remind: []calendar.Span{span(t, "1 clock hours")}}
	ratify := exitStep(t, "ratify", exit.DoesRatify, review.Decision, seat("finance"))
	ratify.Deadlines.Due = span(t, "1 working day")
	plan := exitStep(t, "plan", exit.DoesPlan, review.Task, seat("service"))
	plan.Accept = &review.Policy{Groups: []review.Group{{Name: "signs", Rule: review.RuleAll, Seats: []review.Seat{seat("sponsor")}}}}
	chase := func(id string) playbook.Step {
		return exitStep(t, id, exit.DoesChase, review.Task, seat("legal"))
	}
	return []playbook.Step{
		in(exitStep(t, "decide", exit.DoesDecide, review.Decision, seat("sponsor"), seat("finance")), planned...),
		in(emergency, cause...), in(ratify, cause...),
		exitStep(t, "notice", exit.DoesNotice, review.Task, seat("legal")),
		plan,
		in(exitStep(t, "given-up", exit.DoesGivenUp, review.Decision, seat("sponsor")), stressed...),
		in(chase("letter"), cause[0], stressed[0]), in(chase("lawyer"), cause[0], stressed[0]),
		in(exitStep(t, "parallel", exit.DoesParallel, review.Task, seat("service")), planned...),
		in(exitStep(t, "cut-over", exit.DoesCutOver, review.Decision, seat("sponsor"), seat("service")), planned...),
		exitStep(t, "money", exit.DoesMoney, review.Task, seat("finance")),
		exitStep(t, "lessons", exit.DoesLessons, review.Task, seat("service")),
		exitStep(t, "close", exit.DoesClose, review.Decision, seat("sponsor")),
		{ID: "choice", Process: exit.PartDataReturn, Does: exit.DoesChoice, Kind: review.Decision},
	}
}

// newDeparture prepares an exit of acme by a day some weeks ahead.
func newDeparture(t *testing.T, mode exit.Mode, after exit.After) *departure {
	t.Helper()
	s := newStory(t, []string{"sponsor-sue", "finance-fay", "legal-lee", "service-sol", "security-sam", "it-ida"}, nil)
	s.know("acme.1", func(p *playbook.Person) { p.Roles, p.Employer = nil, "acme" })
	x := &departure{story: s, does: map[playbook.Process]func(workflow.Context, ExitPartInput) (ExitPartResult, error){}}
	s.seen.naps = true // parts wait side by side
	x.in = ExitInput{Common: s.in.Common, Order: exit.Order{Mode: mode, After: after, By: monday.AddDate(0, 0, 70), Trigger: exit.TriggerCost},
		Plan: s.text("live-plan", planText("payroll exports")), Roster: "sha256:roster", Contract: "sha256:contract",
		Expiry: engagement.Expiry{ID: "c", Kind: engagement.ExpiryContract, On: monday.AddDate(0, 0, 100), NoticeDays: 30},
		Intake: dossier.Paper{Digest: "sha256:order"}, PlaybookDocument: dossier.Paper{Digest: "sha256:playbook"}}
	x.in.Case, x.in.Process, x.in.Sponsor, x.in.Tier, x.in.Together = exitID, exitID, "sponsor-sue", 2, true
	x.in.Steps = exitSteps(t)
	x.in.Rehearsal = mode == exit.ModeDrill
	x.engine()
	return x
}

// engine makes the story's engine again, with a place for what activities file, and
// stand-ins for the parts.
func (x *departure) engine() {
	var suite testsuite.WorkflowTestSuite
	suite.SetDisableRegistrationAliasing(true)
	suite.SetLogger(quiet{})
	env := suite.NewTestWorkflowEnvironment()
	env.SetWorkerOptions(worker.Options{DeadlockDetectionTimeout: time.Minute}) // a busy machine is no deadlock
	env.SetStartTime(monday)
	env.SetTestTimeout(time.Minute)
	x.env = env
	Register(env, &activities.Activities{Archive: x.rec, Messengers: []activities.Messenger{x.rec}, Filing: papersOf{x.rec}})
	for kind, name := range map[string]playbook.Process{TransferType: exit.PartTransfer, HandoverType: exit.PartHandover,
		RevocationType: exit.PartRevocation, DataReturnType: exit.PartDataReturn} {
		env.RegisterWorkflowWithOptions(func(ctx workflow.Context, in ExitPartInput) (ExitPartResult, error) {
			return x.plays(ctx, name, in)
		}, workflow.RegisterOptions{Name: kind, DisableAlreadyRegisteredCheck: true})
	}
	env.RegisterWorkflowWithOptions(func(_ workflow.Context, in AftercareInput) error {
		x.aftercare = &in
		return nil
	}, workflow.RegisterOptions{Name: AftercareType, DisableAlreadyRegisteredCheck: true})
	env.RegisterWorkflowWithOptions(func(_ workflow.Context, in OversightInput) (OversightResult, error) {
		x.restored = &in
		return OversightResult{}, nil
	}, workflow.RegisterOptions{Name: OversightType, DisableAlreadyRegisteredCheck: true})
	env.OnSignalExternalWorkflow(anything, anything, anything, anything, anything).Return(
		func(_, id, _, name string, arg any) error {
			x.signals = append(x.signals, id+" "+name)
			if x.outside != nil {
				return x.outside(id, name, arg)
			}
			return nil
		}).Maybe()
	x.seen.timers = nil
	x.watch()
}

// plays is a part as a stand-in plays it.
func (x *departure) plays(ctx workflow.Context, name playbook.Process, in ExitPartInput) (ExitPartResult, error) {
	x.started = append(x.started, in)
	if do := x.does[name]; do != nil {
		return do(ctx, in)
	}
	if name == exit.PartRevocation {
		return x.revokes(ctx, in)
	}
	return x.lasts(ctx, name, in, 10*day, exit.StateDone)
}

// lasts is a part that takes some time and comes to one matter, unless it is told to end.
func (x *departure) lasts(ctx workflow.Context, name playbook.Process, in ExitPartInput, takes time.Duration, state exit.State) (ExitPartResult, error) {
	act, withdrawn := review.Act{}, false
	workflow.Go(ctx, func(ctx workflow.Context) {
		workflow.GetSignalChannel(ctx, SignalWithdraw).Receive(ctx, &act)
		withdrawn = true
	})
	workflow.Go(ctx, func(ctx workflow.Context) {
		for {
			var n PartNews
			workflow.GetSignalChannel(ctx, SignalPart).Receive(ctx, &n)
			x.heard = append(x.heard, string(name)+" "+n.Word)
		}
	})
	timed, cancel := workflow.WithCancel(ctx)
	over := workflow.NewTimer(timed, takes)
	if err := workflow.Await(ctx, func() bool { return withdrawn || over.IsReady() }); err != nil {
		return ExitPartResult{Result: ResultWithdrawn}, nil
	}
	if withdrawn {
		cancel()
		return ExitPartResult{Result: ResultWithdrawn, By: act.Person.ID}, nil
	}
	return ExitPartResult{Result: ResultDone, Matters: []exit.Matter{lineOf(in.Process, name, state)}}, nil
}

func lineOf(process string, name playbook.Process, state exit.State) exit.Matter {
	return exit.Matter{ID: process + ":all", Part: string(name), Name: "all", State: state, Document: "sha256:" + string(name)}
}

// revokes waits for its go, and looks again after thirty days.
func (x *departure) revokes(ctx workflow.Context, in ExitPartInput) (ExitPartResult, error) {
	gone, withdrawn := in.SameDay, false
	workflow.Go(ctx, func(ctx workflow.Context) {
		for {
			var n PartNews
			workflow.GetSignalChannel(ctx, SignalPart).Receive(ctx, &n)
			x.heard = append(x.heard, "revocation "+n.Word)
			gone = gone || n.Word == NewsGo
		}
	})
	workflow.Go(ctx, func(ctx workflow.Context) {
		workflow.GetSignalChannel(ctx, SignalWithdraw).Receive(ctx, nil)
		withdrawn = true
	})
	if workflow.Await(ctx, func() bool { return gone || withdrawn }) != nil || withdrawn {
		return ExitPartResult{Result: ResultWithdrawn}, nil
	}
	if workflow.Sleep(ctx, 30*day) != nil {
		return ExitPartResult{Result: ResultWithdrawn}, nil
	}
	return ExitPartResult{Result: ResultDone, Matters: []exit.Matter{lineOf(in.Process, exit.PartRevocation, exit.StateDone)}}, nil
}

// planText is a filled-in exit plan with one area and one repository.
func planText(area string) string {
	line := func(id, words string, choices ...string) engagement.SheetLine {
		return engagement.SheetLine{Point: engagement.Point{ID: id}, Finding: engagement.Finding{Point: id, Choices: choices, Said: words != ""}, Words: words}
	}
	text, err := json.Marshal(engagement.Sheet{Title: "Exit plan", Lines: []engagement.SheetLine{
		line("asset-1-what", "northgate/payroll"), line("asset-1-kind", "", string(exit.AssetRepository)), line("asset-1-who", "", "it-ida"),
		line("area-1-what", area), line("area-1-who", "", "service-sol"), line("no-return", "the pay run"),
	}})
	if err != nil {
		panic(fmt.Sprintf("writing a plan: %v", err))
	}
	return string(text)
}

// leave plays the exit.
func (x *departure) leave() ExitResult {
	x.t.Helper()
	var out ExitResult
	x.run(ExitType, exitID, x.in, &out)
	return out
}

// daily lets everybody answer what they are asked, from a day on, as the story wants.
func (x *departure) daily(from time.Duration, says func(r review.Request, person string) review.Verdict) {
	x.on(from, func() {
		v := x.view()
		if !v.Closed.IsZero() {
			return
		}
		for _, r := range v.Requests {
			x.answers(r, says)
		}
		if x.env.Now().Sub(monday) > 400*day {
			x.t.Errorf("the exit does not end; it is at %s", v.Stage)
			x.env.CancelWorkflow()
			return
		}
		x.env.RegisterDelayedCallback(func() { x.daily0(says) }, day)
	})
}

func (x *departure) daily0(says func(r review.Request, person string) review.Verdict) {
	x.daily(0, says)
}

// answers lets everybody who is asked a request answer it.
func (x *departure) answers(r review.Request, says func(r review.Request, person string) review.Verdict) {
	t := r.Tally(x.env.Now())
	if r.Closed != nil || t.State.Decided() || t.Group >= len(r.Clocks) || r.Clocks[t.Group].Opened.IsZero() {
		return
	}
	for _, s := range r.Policy.Groups[t.Group].Seats {
		if r.Standing(s.ID) != nil || len(r.Seating(s.ID).Holders) == 0 {
			continue
		}
		person := r.Seating(s.ID).Holders[0].Person
		verdict := review.Verdict("")
		if says != nil {
			verdict = says(r, person)
		}
		switch {
		case verdict == "silent":
			continue
		case verdict == "":
			verdict = soundVerdict(r)
		}
		x.ids++
		a := review.Answer{ID: fmt.Sprintf("a%d", x.ids), Request: r.ID, Seat: s.ID, Version: r.Current(), Verdict: verdict, Person: x.person(person), Channel: "web", At: x.env.Now()}
		a.Written.Inside = "digest"
		if r.Step == "plan" {
			a.Documents = []string{x.text(fmt.Sprintf("plan-%d", x.ids), planText("payroll"))}
		}
		if r.Step == "forgotten" {
			x.asked++
			a.Documents = []string{x.text(fmt.Sprintf("forgotten-%d", x.ids), x.forgets(x.asked))}
		}
		if slices.ContainsFunc(r.Points, func(p engagement.Point) bool { return p.ID == playbook.WaiverUntil }) {
			a.Findings = []engagement.Finding{{Point: playbook.WaiverUntil, On: x.env.Now().AddDate(1, 0, 0)}}
			a.Documents = []string{x.text("waiver", "{}")}
		}
		x.send(r.Process, UpdateAnswer, a.ID, a)
	}
}

func soundVerdict(r review.Request) review.Verdict {
	switch {
	case len(r.Options) > 0:
		return r.Options[0]
	case r.Kind == review.Decision:
		return review.Approve
	}
	return review.Done
}

// stages are the legs that the record has, in order.
func (x *departure) stages() []string {
	var all []string
	for _, e := range x.rec.of(dossier.StageReached) {
		if e.Process == exitID {
			all = append(all, e.Detail.Stage)
		}
	}
	return all
}

// begun are the parts that were started, by name.
func (x *departure) begun() []string {
	var all []string
	for _, in := range x.started {
		all = append(all, in.Process)
	}
	slices.Sort(all) // those that begin in one instant race
	return all
}

// given is what the newest run of a part was started with.
func (x *departure) given(name playbook.Process) (in ExitPartInput) {
	for _, s := range x.started {
		if strings.HasPrefix(s.Process, string(name)+"/") {
			in = s
		}
	}
	return in
}

// certificate is what was signed.
func (x *departure) certificate(digest string) string {
	x.rec.mu.Lock()
	defer x.rec.mu.Unlock()
	return x.rec.papers[digest]
}

// silentAt lets nobody answer some steps.
func silentAt(steps ...string) func(review.Request, string) review.Verdict {
	return func(r review.Request, _ string) review.Verdict {
		if slices.Contains(steps, r.Step) {
			return "silent"
		}
		return ""
	}
}
