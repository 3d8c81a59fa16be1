package desk

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"gangway/config"
	"gangway/internal/calendar"
	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/entitlement"
	"gangway/internal/exit"
	"gangway/internal/inventory"
	"gangway/internal/playbook"
	"gangway/internal/review"
	"gangway/workflows"
)

// leaver is a shelf whose playbooks say in three steps how a vendor is left, but for the
// small one, which does not.
type leaver struct{ binder }

func (b leaver) Playbook(name string) (playbook.Playbook, []byte, error) {
	pb, text, err := b.binder.Playbook(name)
	pb.Steps = pb.Boarding()
	if err == nil && name != "small" {
		seat := func(role string) review.Policy {
			return review.Policy{Groups: []review.Group{{Name: "all", Rule: review.RuleAll, Seats: []review.Seat{{ID: "seat", Role: role}}}}}
		}
		pb.Steps = append(pb.Steps,
			playbook.Step{ID: "leave", Process: exit.PartExit, Kind: review.Decision, Title: "Leave the vendor", Does: exit.DoesDecide, Policy: seat("legal"),
				Deadlines: playbook.Deadlines{Due: calendar.Span{Days: 5}}},
			playbook.Step{ID: "notice", Process: exit.PartExit, Kind: review.Task, Title: "Give notice", Does: exit.DoesNotice, Policy: seat(review.OwnerRole)},
			playbook.Step{ID: "deleted", Process: exit.PartDataReturn, Kind: review.Delivery, Title: "Certificate of deletion", Does: exit.DoesDeleted, Policy: seat(review.VendorRole)},
			playbook.Step{ID: "health", Process: exit.PartDataReturn, Kind: review.Decision, When: playbook.Condition{Data: []string{"health"}}},
			playbook.Step{ID: "great", Process: exit.PartExit, Kind: review.Decision, Tiers: []engagement.Tier{3}})
	}
	return pb, text, err
}

// leavable is a world in which Acme Payroll works, adopted by rita for olga; its
// contract ends on 2027-12-31 with 90 days of notice.
func leavable(t *testing.T) *world {
	t.Helper()
	w := newWorld(t)
	w.desk.library = leaver{}
	o := dossier.AdoptOrder{CSV: vendors, Files: map[string]string{"c.pdf": w.files("the contract")}}
	adopts(w, o)
	for i, in := range w.engine.oversights {
		w.oversees(in, []string{"acme-payroll", "beta-hosting"}[i])
	}
	return w
}

// oversees lets an oversight say what it would say as it starts.
func (w *world) oversees(in workflows.OversightInput, vendor string) *process {
	w.t.Helper()
	p := w.engine.processes[in.Case]
	p.say(w.clock.now(), dossier.Entry{Kind: dossier.CaseOpened, Actor: in.Requester, Detail: &dossier.Detail{Vendor: vendor, Owner: in.Owner, Requester: in.Requester, Sponsor: in.Sponsor, Playbook: in.Playbook}})
	p.say(w.clock.now(), dossier.Entry{Kind: dossier.ProcessStarted, Detail: &dossier.Detail{}})
	for name, paper := range map[string]dossier.Paper{"intake": in.Intake, "playbook": in.PlaybookDocument, "contract": {Digest: in.Contract}} {
		if paper.Digest != "" {
			p.say(w.clock.now(), dossier.Entry{Kind: dossier.DocumentFiled, Detail: &dossier.Detail{Name: name, Document: paper.Digest}})
		}
	}
	for _, e := range in.Expiries {
		e.ID, e.Process = in.Case+e.ID, in.Case
		p.say(w.clock.now(), dossier.Entry{Kind: dossier.Watched, Detail: &dossier.Detail{Expiry: &e}})
	}
	w.flush(p)
	return p
}

// wantsExit is an order that lacks nothing.
func wantsExit(id string) dossier.ExitOrder {
	return dossier.ExitOrder{ID: id, Vendor: "acme-payroll", Confirm: "acme-payroll", Mode: exit.ModePlanned, After: exit.AfterEnds, By: "2026-12-31",
		Reason: planted + " they were bought"}
}

func (w *world) leaves(o dossier.ExitOrder) string {
	w.t.Helper()
	return must[string](w.t)(w.desk.OpenExit(w.t.Context(), from("olga"), o))
}

// exits are the inputs of the exits that were started.
func (w *world) exits() []workflows.ExitInput {
	w.t.Helper()
	var all []workflows.ExitInput
	for _, text := range w.engine.exits {
		var in workflows.ExitInput
		ok(w.t, json.Unmarshal(text, &in))
		all = append(all, in)
	}
	return all
}

// TestAnExit: reserved, registered and started once, with what the oversight knows, the
// steps of such a vendor, and no name or word in what the engine gets.
func TestAnExit(t *testing.T) {
	t.Parallel()
	w := leavable(t)
	id := w.leaves(wantsExit("web-1"))
	same(t, "case", "exit/acme-payroll/1", id)
	same(t, "again", id, w.leaves(wantsExit("web-1")))
	in := w.exits()[0]
	contract := w.engine.oversights[0].Contract
	same(t, "input", []any{1, id, id, "olga", "olga", "rita", "oversight/acme-payroll/1", contract, contract, 90, "", ""},
		[]any{len(w.exits()), in.Case, in.Process, in.Requester, in.Owner, in.Sponsor, in.Oversight, in.Contract, in.Expiry.Document, in.Expiry.NoticeDays, in.Plan, in.Roster})
	same(t, "order", exit.Order{Mode: exit.ModePlanned, After: exit.AfterEnds, Trigger: exit.TriggerContractEnd, By: time.Date(2026, 12, 31, 0, 0, 0, 0, time.UTC)}, in.Order)
	var steps []string
	for _, s := range in.Steps {
		steps = append(steps, s.ID)
	}
	same(t, "steps", []string{"leave", "notice", "deleted"}, steps)
	_, r, err := w.store.Get(t.Context(), in.Intake.Digest)
	ok(t, err)
	defer r.Close()
	var kept leftIntake
	ok(t, json.NewDecoder(r).Decode(&kept))
	same(t, "kept", []any{planted + " they were bought", "web-1", exit.AfterEnds, []string{"personal"}}, []any{kept.Reason, kept.ID, kept.Order.After, kept.Data})
	opened := 0
	for _, l := range w.lines(dossier.Register) {
		if l.Entry.Kind == dossier.CaseOpened && l.Entry.Detail.Parent == id {
			opened++
		}
	}
	same(t, "register", 1, opened)
}

// TestAnExitWhileTheEngineIsAway is started by the loop, as what it is.
func TestAnExitWhileTheEngineIsAway(t *testing.T) {
	t.Parallel()
	w := leavable(t)
	w.engine.fails(down())
	id := w.leaves(wantsExit("web-1"))
	drill := wantsExit("web-2")
	drill.Vendor, drill.Confirm, drill.Mode = "beta-hosting", "Beta Hosting", exit.ModeDrill
	drilled := w.leaves(drill)
	w.engine.works()
	w.delivers()
	w.delivers()
	var cases []string
	for _, in := range w.exits() {
		cases = append(cases, in.Case)
	}
	same(t, "started", []string{id, drilled}, cases)
}

// TestAVendorIsLeftOnce: whoever asks again is told where; a drill stands in nobody's
// way, and isn't begun beside the real thing.
func TestAVendorIsLeftOnce(t *testing.T) {
	t.Parallel()
	w := leavable(t)
	drill := func(id string) dossier.ExitOrder {
		o := wantsExit(id)
		o.Mode, o.Rehearses = exit.ModeDrill, exit.ModeForCause
		return o
	}
	refused := func(o dossier.ExitOrder, says string) {
		t.Helper()
		_, err := w.desk.OpenExit(t.Context(), from("rita"), o)
		var wrong InputError
		if !errors.As(err, &wrong) || !strings.Contains(err.Error(), says) || wrong.Hint() == "" {
			t.Errorf("%s: %v, want one that says %q", o.ID, err, says)
		}
	}
	same(t, "drill", "drill/acme-payroll/1", w.leaves(drill("web-1")))
	refused(drill("web-2"), "is being rehearsed already, in drill/acme-payroll/1")
	same(t, "exit", "exit/acme-payroll/1", w.leaves(wantsExit("web-3")))
	refused(wantsExit("web-4"), "the vendor Acme "+planted+" is being left already, in exit/acme-payroll/1") // a name keeps its capital wherever the sentence goes
	refused(drill("web-5"), "is being left already, in exit/acme-payroll/1")
	in := w.exits()
	same(t, "rehearsal", []any{true, exit.ModeForCause, true, false, false}, []any{in[0].Rehearsal, in[0].Order.Rehearses, !in[0].Anchor.IsZero(), in[1].Rehearsal, !in[1].Anchor.IsZero()})
}

// TestTheNameIsTyped: the vendor's name or slug letter by letter, and a reason; nothing
// else starts anything.
func TestTheNameIsTyped(t *testing.T) {
	t.Parallel()
	w := leavable(t)
	for _, typed := range []string{"", "acme", "ACME-PAYROLL", " acme-payroll", "acme-payroll ", "beta-hosting", "Acme", "yes"} {
		o := wantsExit("web-1")
		o.Confirm = typed
		_, err := w.desk.OpenExit(t.Context(), from("olga"), o)
		isInput(t, err)
		if !strings.HasPrefix(err.Error(), "confirm: ") {
			t.Errorf("%q: %v", typed, err)
		}
	}
	o := wantsExit("web-1")
	o.Reason = " \n"
	_, err := w.desk.OpenExit(t.Context(), from("olga"), o)
	isInput(t, err)
	same(t, "started", 0, len(w.exits()))
	o = wantsExit("web-1")
	o.Vendor, o.Confirm = "Acme "+planted, "Acme "+planted
	same(t, "by name", "exit/acme-payroll/1", w.leaves(o))
}

// TestFaultyExits: every fault at once, with its field before it.
func TestFaultyExits(t *testing.T) {
	t.Parallel()
	w := leavable(t)
	faulty := dossier.ExitOrder{ID: "web-1", Vendor: "acme-payroll", Mode: "soon", After: "maybe", Trigger: "mood", Playbook: "small"}
	_, err := w.desk.OpenExit(t.Context(), from("olga"), faulty)
	isInput(t, err)
	var fields []string
	for line := range strings.Lines(err.Error()) {
		field, _, _ := strings.Cut(line, ":")
		fields = append(fields, field)
	}
	same(t, "fields", []string{"mode", "after", "trigger", "by", "playbook", "confirm", "reason"}, fields)
	for field, change := range map[string]func(*dossier.ExitOrder){
		"by: 2026-03-01 is over":                func(o *dossier.ExitOrder) { o.By = "2026-03-01" },
		"by: 2036-03-03 is more than 10 years":  func(o *dossier.ExitOrder) { o.By = "2036-03-03" },
		`by: "31.12.2026" is no day`:            func(o *dossier.ExitOrder) { o.By = "31.12.2026" },
		"successor: nobody is named":            func(o *dossier.ExitOrder) { o.After = exit.AfterReplaced },
		"successor: no vendor of yours":         func(o *dossier.ExitOrder) { o.After, o.Successor = exit.AfterReplaced, "gamma" },
		"successor: a vendor does not":          func(o *dossier.ExitOrder) { o.After, o.Successor = exit.AfterReplaced, "acme-payroll" },
		"successor: a vendor who takes over is": func(o *dossier.ExitOrder) { o.Successor = "beta-hosting" },
		"rehearses: only a drill":               func(o *dossier.ExitOrder) { o.Rehearses = exit.ModeStressed },
		`rehearses: "drill" is nothing`:         func(o *dossier.ExitOrder) { o.Mode, o.Rehearses = exit.ModeDrill, exit.ModeDrill },
		"reason: it is longer":                  func(o *dossier.ExitOrder) { o.Reason = strings.Repeat("x", maxExitReason+1) },
		"playbook: ":                            func(o *dossier.ExitOrder) { o.Playbook = "nowhere" },
	} {
		o := wantsExit("web-1")
		change(&o)
		_, err := w.desk.OpenExit(t.Context(), from("olga"), o)
		isInput(t, err)
		if !strings.HasPrefix(err.Error(), field) || strings.Contains(err.Error(), "\n") {
			t.Errorf("want %q alone, got %v", field, err)
		}
	}
	same(t, "started", 0, len(w.exits()))
}

// TestWhoMayLeaveAVendor: whoever has a tie to the vendor's case, and an operator. Others
// don't learn that the vendor works here, and an auditor asks for nothing.
func TestWhoMayLeaveAVendor(t *testing.T) {
	t.Parallel()
	w := leavable(t)
	people := everybody(t)
	people[8].Roles, people[9].Roles = []string{playbook.OperatorRole}, []string{playbook.AuditorRole} // p01, p02
	_, _, err := w.store.ApplyPeople(t.Context(), people, "")
	ok(t, err)
	preview := func(person, vendor string) error {
		o := wantsExit("")
		o.Vendor = vendor
		_, err := w.desk.PreviewExit(t.Context(), from(person), o)
		return err
	}
	for _, person := range []string{"olga", "rita", "p01"} {
		ok(t, preview(person, "acme-payroll"))
	}
	stranger, nobody := preview("p00", "acme-payroll"), preview("p00", "never-heard-of")
	isInput(t, stranger)
	same(t, "what a stranger hears", strings.ReplaceAll(nobody.Error(), "never-heard-of", "acme-payroll"), stranger.Error())
	forbidden(t, preview("p02", "acme-payroll"))
	for _, gone := range []string{"gone", "vera"} {
		if preview(gone, "acme-payroll") == nil {
			t.Errorf("%s may look", gone)
		}
	}
}

// TestOnlyWhoWorksIsLeft: an onboarding that runs is withdrawn, and who was left is gone.
func TestOnlyWhoWorksIsLeft(t *testing.T) {
	t.Parallel()
	w := leavable(t)
	w.opens("onboarding/acme/1", calendar.Anchor{})
	o := wantsExit("web-1")
	o.Vendor, o.Confirm = "acme", "acme"
	_, err := w.desk.OpenExit(t.Context(), from("olga"), o)
	isInput(t, err)

	p := w.engine.processes["oversight/acme-payroll/1"]
	p.say(w.clock.now(), dossier.Entry{Kind: dossier.CaseClosed, Detail: &dossier.Detail{Result: "left"}})
	w.flush(p)
	_, err = w.desk.OpenExit(t.Context(), from("olga"), wantsExit("web-2"))
	isInput(t, err)
	same(t, "started", 0, len(w.exits()))
}

// TestSettling: who takes over is looked up, and only ids go on; what is no word for it
// never does.
func TestSettling(t *testing.T) {
	t.Parallel()
	w := leavable(t)
	w.opens("onboarding/acme/3", calendar.Anchor{})
	p := w.opens("exit/acme/1", calendar.Anchor{})
	settle := func(id string, after exit.After, values ...string) review.Act {
		a := act(id, "olga", review.Settle)
		a.Process, a.Name, a.Values = p.id, string(after), values
		return a
	}
	w.does(settle("s-1", exit.AfterReplaced, "beta-hosting"))
	w.does(settle("s-2", exit.AfterReplaced, "acme"))
	w.does(settle("s-3", exit.AfterInHouse))
	var got [][]string
	for _, a := range p.acts {
		got = append(got, append([]string{a.Name}, a.Values...))
	}
	same(t, "what the process hears", [][]string{{"replaced", "beta-hosting"}, {"replaced", "acme", "onboarding/acme/3"}, {"in-house"}}, got)
	for id, a := range map[string]review.Act{"s-4": settle("s-4", exit.AfterReplaced), "s-5": settle("s-5", exit.AfterReplaced, planted), "s-6": settle("s-6", exit.AfterUndecided),
		"s-7": settle("s-7", planted), "s-8": settle("s-8", exit.AfterEnds, "acme"), "s-9": settle("s-9", exit.AfterReplaced, "acme", planted)} {
		_, err := w.desk.Act(t.Context(), a)
		if isInput(t, err); t.Failed() {
			t.Fatal(id)
		}
	}
	same(t, "nothing more", 3, len(p.acts))
	stop := act("s-10", "olga", review.Stop)
	stop.Process = p.id
	w.does(stop)
	same(t, "an exit is stopped itself", review.Stop, p.acts[3].Kind)
}

// TestAnOrderIsAnsweredAgain when the vendor has gone meanwhile: its id has its case. To
// somebody else that id says nothing.
func TestAnOrderIsAnsweredAgain(t *testing.T) {
	t.Parallel()
	w := leavable(t)
	id := w.leaves(wantsExit("web-1"))
	p := w.engine.processes["oversight/acme-payroll/1"]
	p.say(w.clock.now(), dossier.Entry{Kind: dossier.CaseClosed, Detail: &dossier.Detail{Result: "left"}})
	w.flush(p)
	same(t, "again", id, w.leaves(wantsExit("web-1")))
	_, err := w.desk.OpenExit(t.Context(), from("rita"), wantsExit("web-1"))
	isInput(t, err)
	same(t, "started", 1, len(w.exits()))
}

// TestTheSuccessorsOnboarding is found while it runs; who is on board already takes over
// without one.
func TestTheSuccessorsOnboarding(t *testing.T) {
	t.Parallel()
	w := leavable(t)
	w.opens("onboarding/acme/2", calendar.Anchor{})
	w.opens("onboarding/acme/10", calendar.Anchor{})
	o := wantsExit("web-1")
	o.After, o.Successor = exit.AfterReplaced, "acme"
	p := must[dossier.ExitPreview](t)(w.desk.PreviewExit(t.Context(), from("olga"), o))
	same(t, "onboarding", "onboarding/acme/10", p.Onboarding)
	w.leaves(o)
	in := w.exits()[0]
	same(t, "input", []any{"onboarding/acme/10", "acme", exit.TriggerReplacement}, []any{in.Replacement, in.Order.Successor, in.Order.Trigger})
	o.Successor, o.ID = "Beta Hosting", "web-2"
	p = must[dossier.ExitPreview](t)(w.desk.PreviewExit(t.Context(), from("olga"), o))
	same(t, "on board already", []any{"", "beta-hosting", true}, []any{p.Onboarding, p.Order.Successor, slices.Contains(p.Lacks, dossier.LacksOnboarding)})
}

// TestThePreviewShowsWhatTheRecordWillSay: the exit that is opened counts its dates of what
// they were counted of before, whether somebody said how long the notice period is or not.
func TestThePreviewShowsWhatTheRecordWillSay(t *testing.T) {
	t.Parallel()
	for vendor, known := range map[string]bool{"acme-payroll": true, "beta-hosting": false} {
		w := leavable(t)
		o := wantsExit("web-1")
		o.Vendor, o.Confirm = vendor, vendor
		shown := must[dossier.ExitPreview](t)(w.desk.PreviewExit(t.Context(), from("olga"), o)).ExitDates
		w.leaves(o)
		in := w.exits()[0]
		same(t, vendor, []any{known, shown}, []any{!in.NoticeUnknown, dossier.DatesOf(in.Expiry, !in.NoticeUnknown, w.clock.now().UTC().Truncate(24*time.Hour), in.Order.By)})
	}
}

// TestPreviewOfAnExit: whom it asks, the dates, what it would lack; and nothing is done.
func TestPreviewOfAnExit(t *testing.T) {
	t.Parallel()
	w := leavable(t)
	before := len(w.lines(dossier.Register))
	o := wantsExit("")
	o.Confirm, o.Reason = "", ""
	p := must[dossier.ExitPreview](t)(w.desk.PreviewExit(t.Context(), from("olga"), o))
	day := func(y int, m time.Month, d int) time.Time { return time.Date(y, m, d, 0, 0, 0, 0, time.UTC) }
	same(t, "dates", dossier.ExitDates{Ends: day(2027, 12, 31), LastNotice: day(2027, 10, 2), NoticeDays: 90, NoticeBy: day(2026, 10, 2), Earliest: day(2026, 5, 31), InTime: true, Before: true}, p.ExitDates)
	same(t, "steps", []dossier.ExitStep{
		{ID: "leave", Process: "exit", Title: "Leave the vendor", Roles: []string{"legal"}, People: []string{"lena", "dora"}},
		{ID: "notice", Process: "exit", Title: "Give notice", Roles: []string{review.OwnerRole}, People: []string{"olga"}},
		{ID: "deleted", Process: "data-return", Title: "Certificate of deletion", Roles: []string{review.VendorRole}, People: []string{"acme-payroll.1"}},
	}, p.Steps)
	same(t, "lacks", []string{dossier.LacksExitPlan, dossier.LacksRoster, dossier.LacksDPA}, p.Lacks)
	same(t, "whose", []string{"acme-payroll", "Acme " + planted, "oversight/acme-payroll/1"}, []string{p.Vendor, p.Name, p.Case})
	o.By = "2026-05-30"
	p = must[dossier.ExitPreview](t)(w.desk.PreviewExit(t.Context(), from("olga"), o))
	same(t, "a day too early", false, p.InTime)
	o.By = "2026-05-31"
	p = must[dossier.ExitPreview](t)(w.desk.PreviewExit(t.Context(), from("olga"), o))
	same(t, "the first day", true, p.InTime)
	same(t, "planned", true, p.Schedule == nil)
	same(t, "short", []int{0, 0}, []int{p.Left, p.Wants})
	o.By = "2026-03-03"
	p = must[dossier.ExitPreview](t)(w.desk.PreviewExit(t.Context(), from("olga"), o))
	same(t, "a day is left, a week wanted", []int{1, 7}, []int{p.Left, p.Wants})
	o.Mode = exit.ModeStressed
	p = must[dossier.ExitPreview](t)(w.desk.PreviewExit(t.Context(), from("olga"), o))
	if s := p.Schedule; s == nil || s.Notice != exit.NoticeLate || !s.By.Equal(day(2026, 3, 3)) || len(s.Milestones) == 0 {
		t.Errorf("a day is left, and the plan is %+v", s)
	}
	same(t, "done", []int{0, before}, []int{len(w.exits()), len(w.lines(dossier.Register))})

	o.Vendor = "beta-hosting"
	p = must[dossier.ExitPreview](t)(w.desk.PreviewExit(t.Context(), from("olga"), o))
	same(t, "of whom nothing is known", []string{dossier.LacksExitPlan, dossier.LacksContract, dossier.LacksEnd, dossier.LacksNotice, dossier.LacksRoster, dossier.LacksContacts, dossier.LacksDPA}, p.Lacks)
	same(t, "no dates", dossier.ExitDates{}, p.ExitDates)
}

// TestWhatAnExitOmits: one for cause asks none of the planned decisions and sessions, and
// that goes to the process; a planned one omits nothing.
func TestWhatAnExitOmits(t *testing.T) {
	t.Parallel()
	rules, _, err := config.Shipped("whole")
	if err != nil {
		t.Fatal(err)
	}
	l := leaving{rules: rules, order: exit.Order{Mode: exit.ModeForCause, After: exit.AfterInHouse, By: time.Date(2026, 3, 9, 0, 0, 0, 0, time.UTC)},
		now: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC), known: known{tier: 2}}
	l.steps = rules.ExitSteps(l.order, 2, playbook.Facts{})
	var ids []string
	for _, p := range l.omitted() {
		ids = append(ids, p.Step)
	}
	same(t, "omitted", []string{"exit-decide", "exit-carry-out", "exit-parallel", "exit-cut-over", "transfer-session", "transfer-material", "access-roster"}, ids)
	shortened := 0
	for _, g := range l.schedule().GivenUp {
		if g.ID == "access-roster" {
			t.Errorf("the roster is asked for by the clock, and said to be given up: %+v", g)
		}
		if g.How == exit.Shortened && g.Days < g.Wanted {
			shortened++
		}
	}
	if shortened == 0 {
		t.Errorf("a week is enough for %+v", l.schedule())
	}
	same(t, "shortened, and not called short", []int{0, 0}, shortBy(&l))
	l.order.Mode = exit.ModePlanned
	same(t, "of a planned one", 0, len(l.omitted()))
	if got := shortBy(&l); got[0] != 7 || got[1] <= 7 {
		t.Errorf("a week is left, and it is short by %d", got)
	}
	l.order.By = l.now.AddDate(2, 0, 0)
	same(t, "two years reach", []int{0, 0}, shortBy(&l))
}

func shortBy(l *leaving) []int {
	left, wants := l.short()
	return []int{left, wants}
}

// TestTheRosterOfAnExit is made of every access that was given, each account once; it is
// a document, and the engine gets its digest.
func TestTheRosterOfAnExit(t *testing.T) {
	t.Parallel()
	w := leavable(t)
	evidence := must[[]byte](t)(json.Marshal(map[string]any{"kind": "gangway access evidence 1", "standings": []entitlement.Standing{
		{Login: "Ann-" + planted, Account: 7, Place: "repository/pay"}, {Login: "bo-" + planted, Place: "team/devs"}}}))
	form := must[[]byte](t)(json.Marshal(engagement.Sheet{Title: "Access", Lines: []engagement.SheetLine{
		{Point: engagement.Point{ID: "access-1-login", Kind: engagement.PointText}, Words: "ann-" + planted}, {Point: engagement.Point{ID: "access-1-repository", Kind: engagement.PointText}, Words: "slips"},
		{Point: engagement.Point{ID: "access-1-permission"}, Words: "write"}, {Point: engagement.Point{ID: "access-1-until"}, Finding: engagement.Finding{On: monday().AddDate(0, 3, 0)}},
		{Point: engagement.Point{ID: "access-1-reason"}, Words: "code"}}}))
	p := w.engine.processes["oversight/acme-payroll/1"]
	for i, text := range []string{string(evidence), string(form), "# not JSON", string(evidence)} {
		e := engagement.Expiry{ID: p.id + ":access-x" + string(rune('a'+i)), Kind: engagement.ExpiryAccess, Document: w.files(text)}
		p.say(w.clock.now(), dossier.Entry{Kind: dossier.Watched, Detail: &dossier.Detail{Expiry: &e}})
	}
	w.flush(p)
	view := must[dossier.ExitPreview](t)(w.desk.PreviewExit(t.Context(), from("olga"), wantsExit("")))
	same(t, "counted", []int{2, 2}, []int{view.Accounts, view.Repositories})
	same(t, "accounts", []string{"Ann-" + planted, "bo-" + planted}, view.Logins)
	same(t, "places", []string{"repository/pay", "repository/slips", "team/devs"}, view.Places)
	w.leaves(wantsExit("web-1"))
	_, r, err := w.store.Get(t.Context(), w.exits()[0].Roster)
	ok(t, err)
	defer r.Close()
	var roster inventory.Roster
	ok(t, json.NewDecoder(r).Decode(&roster))
	same(t, "roster", inventory.Roster{Vendor: "acme-payroll", Identities: []inventory.Identity{{Login: "Ann-" + planted, Account: 7}, {Login: "bo-" + planted}}}, roster)
}
