package playbook

import (
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"gangway/internal/calendar"
	"gangway/internal/engagement"
	"gangway/internal/exit"
	"gangway/internal/review"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func clock(n int) calendar.Span { return calendar.Span{Hours: n, Clock: true} }

// leaving is the sound playbook with an exit in which nothing is missing.
func leaving() Playbook {
	p := sound()
	for _, d := range exitDuties() {
		s := Step{ID: "x-" + string(d.does), Process: d.process, Does: d.does, Kind: d.kinds[0], Title: "Step", Deadlines: Deadlines{Due: days(3)}, Policy: seats("boss", "legal")}
		if d.vendor {
			s.Policy = seats(review.VendorRole)
		}
		for i := range s.Policy.Groups[0].Seats {
			s.Policy.Groups[0].Seats[i].ID = string(rune('a' + i))
		}
		switch d.does {
		case exit.DoesDecide:
			s.Modes = []exit.Mode{exit.ModePlanned, exit.ModeStressed}
		case exit.DoesEmergency:
			s.Modes, s.Deadlines.Due = []exit.Mode{exit.ModeForCause}, clock(4)
		case exit.DoesRatify:
			s.Modes = []exit.Mode{exit.ModeForCause}
		case exit.DoesGivenUp:
			s.Modes = []exit.Mode{exit.ModeStressed}
		}
		if d.accept {
			sign := seats("boss")
			s.Accept = &sign
		}
		if d.form {
			s.Form = s.ID
			f := engagement.Form{ID: s.ID, Title: "Form", Points: slices.Clone(d.points)}
			for i := range f.Points {
				f.Points[i].Title = "Point"
			}
			if len(f.Points) == 0 {
				f.Points = []engagement.Point{{ID: "one", Title: "Point", Kind: engagement.PointText}}
			}
			if s.places() {
				f.Points[0].Kind = ""
			}
			p.Forms = append(p.Forms, f)
		}
		p.Steps = append(p.Steps, s)
	}
	return p
}

func TestASoundExitHasNoFault(t *testing.T) {
	t.Parallel()
	if f := leaving().Check(); f != nil {
		t.Error(f)
	}
}

// The place of a fault is that of the step named before the colon.
func TestEachFaultOfAnExit(t *testing.T) {
	t.Parallel()
	gone := func(p *Playbook, s *Step) {
		id := s.ID
		p.Steps = slices.DeleteFunc(p.Steps, func(o Step) bool { return o.ID == id })
		p.Forms = slices.DeleteFunc(p.Forms, func(f engagement.Form) bool { return f.ID == id })
	}
	for _, c := range []struct {
		want  string
		wreck func(p *Playbook, s *Step)
	}{
		{"x-decide.modes[1]: a drill plays the steps", func(_ *Playbook, s *Step) { s.Modes[1] = exit.ModeDrill }},
		{"x-decide.modes[1]: there twice", func(_ *Playbook, s *Step) { s.Modes[1] = exit.ModePlanned }},
		{"x-decide.modes[0]: nobody is left in the mode", func(_ *Playbook, s *Step) { s.Modes[0] = "now" }},
		{"need.modes: only an exit has modes", func(_ *Playbook, s *Step) { s.Modes = []exit.Mode{exit.ModePlanned} }},
		{"need.drill: only the steps of an exit are rehearsed", func(_ *Playbook, s *Step) { s.Drill = "log in" }},
		{"x-decide.drill: in a drill the vendor is asked nothing", func(_ *Playbook, s *Step) {
			s.Drill = "log in"
			s.Policy = review.Policy{Groups: []review.Group{{Name: "v", Rule: review.RuleAll, Seats: []review.Seat{{ID: "vendor", Role: review.VendorRole}}}}}
		}},
		{"x-decide.stage: belongs to no stage", func(_ *Playbook, s *Step) { s.Stage = "need" }},
		{"x-decide.does: nobody would be asked", func(_ *Playbook, s *Step) { s.Does = "" }},
		{"x-decide.does: belongs to the process exit", func(_ *Playbook, s *Step) { s.Process = exit.PartTransfer }},
		{"x-decide.kind: is no task", func(_ *Playbook, s *Step) { s.Kind = review.Task }},
		{"x-emergency.policy.groups: one person alone", func(_ *Playbook, s *Step) { s.Policy.Groups[0].Rule = review.RuleAny }},
		{"x-emergency.policy.groups: second group would be asked only", func(_ *Playbook, s *Step) {
			g := s.Policy.Groups[0]
			s.Policy.Groups = []review.Group{{Rule: review.RuleAll, Seats: g.Seats[:1]}, {Rule: review.RuleAll, Seats: g.Seats[1:]}}
		}},
		{"x-emergency.deadlines.due: waits for the morning", func(_ *Playbook, s *Step) { s.Deadlines.Due = days(1) }},
		{"x-notice.form: nothing to be filled in", func(_ *Playbook, s *Step) { s.Form = "" }},
		{"x-notice.form: lacks the point receipt", func(p *Playbook, s *Step) {
			f := &p.Forms[slices.IndexFunc(p.Forms, func(f engagement.Form) bool { return f.ID == s.Form })]
			f.Points = f.Points[:2]
		}},
		{"x-deleted.form: lacks the point method with `kind: choice` and the options Clear, Purge, Destroy", func(p *Playbook, s *Step) {
			f := &p.Forms[slices.IndexFunc(p.Forms, func(f engagement.Form) bool { return f.ID == s.Form })]
			i := slices.IndexFunc(f.Points, func(x engagement.Point) bool { return x.ID == exit.PointMethod })
			f.Points[i].Options = []string{"Clear", "Delete"}
		}},
		{"x-plan.accept: signed by nobody", func(_ *Playbook, s *Step) { s.Accept = nil }},
		{"x-systems.accept: nobody would be asked", signedBy("boss")},
		{"x-hand-over.accept: nobody would be asked", signedBy("boss")},
		{"x-material.accept: nobody would be asked", signedBy("boss")},
		{"x-deleted.accept: nobody would be asked", signedBy("boss")},
		{"x-deleted.policy.groups: nobody of the vendor", func(_ *Playbook, s *Step) { s.Policy = seats("boss") }},
		{"x-survival.form: asks for no places in a text", func(p *Playbook, s *Step) {
			p.Forms[slices.IndexFunc(p.Forms, func(f engagement.Form) bool { return f.ID == s.Form })].Points[0].Kind = engagement.PointText
		}},
		{"x-money.form: asks for places in a text", func(p *Playbook, s *Step) {
			p.Forms[slices.IndexFunc(p.Forms, func(f engagement.Form) bool { return f.ID == s.Form })].Points[0].Kind = ""
		}},
		{": no step that does decide", gone},
		{": for-cause for tier 1 has no step that does emergency", func(p *Playbook, _ *Step) { gone(p, find(p, "x-emergency")) }},
		{": for-cause for tier 1 has no step that does ratify", func(p *Playbook, _ *Step) { gone(p, find(p, "x-ratify")) }},
		{": stressed for tier 1 has no step that does given-up", func(p *Playbook, _ *Step) { gone(p, find(p, "x-given-up")) }},
		{": tier 3 has no step that does notice", func(p *Playbook, _ *Step) { find(p, "x-notice").Tiers = []engagement.Tier{1} }},
		{": has no step that does roster", func(p *Playbook, _ *Step) { gone(p, find(p, "x-roster")) }},
		{": has no step that does close", func(p *Playbook, _ *Step) { gone(p, find(p, "x-close")) }},
		{": a step does systems, and none does second", func(p *Playbook, _ *Step) { gone(p, find(p, "x-second")) }},
		{": a step does deleted, and none does checked", func(p *Playbook, _ *Step) { gone(p, find(p, "x-checked")) }},
		{": a step does deleted, and none does backup", func(p *Playbook, _ *Step) { gone(p, find(p, "x-backup")) }},
		{": and in an exit of mode planned for tier 1 no step does received: it could only be waived", func(p *Playbook, _ *Step) {
			gone(p, find(p, "x-received"))
		}},
		{": and in an exit of mode for-cause for tier 1 no step does shown", func(p *Playbook, _ *Step) {
			find(p, "x-plan").Modes = []exit.Mode{exit.ModeForCause}
			gone(p, find(p, "x-shown"))
		}},
		{": a step does hand-over, and none does take", func(p *Playbook, _ *Step) { gone(p, find(p, "x-take")) }},
		{"second.does: a second step does close in an exit of mode planned", func(p *Playbook, _ *Step) {
			again := *find(p, "x-close")
			again.ID = "second"
			p.Steps = append(p.Steps, again)
		}},
		{"x-take.assets[0]: no asset is a", func(_ *Playbook, s *Step) { s.Assets = []exit.AssetKind{"repo"} }},
		{"x-take.assets[1]: there twice", func(_ *Playbook, s *Step) { s.Assets = []exit.AssetKind{exit.AssetStaff, exit.AssetStaff} }},
		{"x-close.assets[0]: only a hand-over", func(_ *Playbook, s *Step) { s.Assets = []exit.AssetKind{exit.AssetStaff} }},
		{"staff.does: a second step does take", func(p *Playbook, _ *Step) {
			again := *find(p, "x-take")
			again.ID, again.Assets = "staff", []exit.AssetKind{exit.AssetStaff}
			p.Steps = append(p.Steps, again)
			find(p, "x-take").Assets = []exit.AssetKind{exit.AssetDomain, exit.AssetStaff}
		}},
	} {
		p := leaving()
		id, place, _ := strings.Cut(c.want[:strings.Index(c.want, ":")], ".")
		var s *Step
		switch id {
		case "", "second", "staff":
			s = find(&p, "x-decide")
		default:
			s = find(&p, id)
		}
		c.wreck(&p, s)
		want := "$.steps"
		if i := slices.IndexFunc(p.Steps, func(s Step) bool { return s.ID == id }); i >= 0 {
			want = "$.steps[" + strconv.Itoa(i) + "]." + place
		}
		what := strings.TrimSpace(c.want[strings.Index(c.want, ":")+1:])
		if got := p.Check(); !slices.ContainsFunc(got, func(f Fault) bool {
			return f.Place == want && strings.Contains(f.Message, what) && (f.Hint != "" || strings.Contains(what, "twice"))
		}) {
			t.Errorf("want %s: %s, got %v", want, what, got)
		}
	}
}

// signedBy has a step accepted by a role.
func signedBy(role string) func(*Playbook, *Step) {
	return func(_ *Playbook, s *Step) {
		sign := seats(role)
		s.Accept = &sign
	}
}

// What the processes of an exit ask of a step is accepted where the playbook says so.
func TestWhatAnExitAcceptsIsNoFault(t *testing.T) {
	t.Parallel()
	p := leaving()
	for _, id := range []string{"x-roster", "x-opened", "x-backup", "x-notice", "x-money", "x-lessons", "x-shown"} {
		signedBy("boss")(&p, find(&p, id))
	}
	if f := p.Check(); f != nil {
		t.Error(f)
	}
}

func find(p *Playbook, id string) *Step {
	i := slices.IndexFunc(p.Steps, func(s Step) bool { return s.ID == id })
	return &p.Steps[i]
}

// An exit asks the steps of its mode, tier and facts, a drill those of the mode that it
// rehearses; and whatever the exit is, the onboarding is what it was without one.
func TestStepsOfAnExit(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p := leaving()
		for i := range p.Steps {
			s := &p.Steps[i]
			if !s.leaves() {
				continue
			}
			if rapid.Bool().Draw(t, "of a tier") {
				s.Tiers = []engagement.Tier{rapid.SampledFrom([]engagement.Tier{1, 3}).Draw(t, "tier")}
			}
			if rapid.Bool().Draw(t, "of a mode") {
				s.Modes = []exit.Mode{rapid.SampledFrom(playedModes()).Draw(t, "mode")}
			}
			if rapid.Bool().Draw(t, "of a cost") {
				s.When.CostFrom = 100
			}
		}
		o := exit.Order{Mode: rapid.SampledFrom(exit.Modes()).Draw(t, "ordered"), Rehearses: rapid.SampledFrom(playedModes()).Draw(t, "rehearsed"),
			After: rapid.SampledFrom([]exit.After{exit.AfterReplaced, exit.AfterEnds}).Draw(t, "after")}
		tier := rapid.SampledFrom([]engagement.Tier{1, 3}).Draw(t, "of tier")
		f := Facts{YearlyCost: rapid.SampledFrom([]int{0, 100}).Draw(t, "cost")}
		got := p.ExitSteps(o, tier, f)
		mode := o.Mode
		if mode == exit.ModeDrill {
			mode = o.Rehearses
		}
		for _, s := range p.Steps {
			want := s.Process != Onboarding && s.Process != Contract && (s.Tiers == nil || s.Tiers[0] == tier) && (s.Modes == nil || slices.Contains(s.Modes, mode)) &&
				(s.When.CostFrom == 0 || f.YearlyCost == 100) && !(s.Does == exit.DoesParallel && o.After == exit.AfterEnds)
			if has := slices.ContainsFunc(got, func(g Step) bool { return g.ID == s.ID }); has != want {
				t.Fatalf("%s in %+v: %v, want %v", s.ID, o, has, want)
			}
		}
		without := p
		without.Steps = p.Boarding()
		if d := cmp.Diff(sound().Steps, without.Steps); d != "" {
			t.Fatal(d)
		}
		if d := cmp.Diff(without.costs(), p.costs()); d != "" {
			t.Fatal(d)
		}
		if d := cmp.Diff(without.Plan(staff(), acme(), utc(), monday), p.Plan(staff(), acme(), utc(), monday)); d != "" {
			t.Fatal(d)
		}
		a := review.Act{Field: FieldCost, Amount: 5000}
		one, _ := Correct(p.Steps, p.Tiers, 1, Facts{}, a, Standing{})
		two, _ := Correct(without.Steps, p.Tiers, 1, Facts{}, a, Standing{})
		if d := cmp.Diff(one, two); d != "" {
			t.Fatal("correcting an intake asks for an exit:", d)
		}
	})
}

// An emergency is reminded at night, to those who are away too, and a snooze or a hold
// moves it by the clock.
func TestAnEmergencyIsRemindedByTheClock(t *testing.T) {
	t.Parallel()
	friday := monday.AddDate(0, 0, 4).Add(11 * time.Hour) // 20:00
	d := Deadlines{Due: clock(4), Remind: []calendar.Span{clock(1), clock(2)}, Backup: clock(1), Owner: clock(4)}
	p := Person{ID: "ann", Hours: office(), Away: []Away{{From: friday, Until: friday.AddDate(0, 0, 9)}}}
	at := d.reminders(utc(), office(), p, friday)
	if len(at) != 2 || !at[0].Equal(friday.Add(time.Hour)) || !at[1].Equal(friday.Add(2*time.Hour)) {
		t.Errorf("%v", at)
	}
	due := d.dates(utc(), office(), friday)
	if !due.Due.Equal(friday.Add(4 * time.Hour)) {
		t.Errorf("due %s", due.Due)
	}
	r := review.Request{ID: "r", Kind: review.Decision, Opened: friday, Policy: seats("boss"), Seatings: []review.Seating{{Seat: "boss",
		Holders: []review.Holder{{Person: "ann", Since: friday, Snoozed: friday.Add(90 * time.Minute)}}}}}
	r.Policy.Groups[0].Seats[0].ID = "boss"
	held := review.Still{From: friday.Add(30 * time.Minute), Until: friday.Add(150 * time.Minute)}
	r.Clocks = []review.Clock{{Opened: friday, Due: due.Due, Still: []review.Still{held}}}
	for _, a := range d.Alarms(&r, friday, utc(), office(), []Hours{{Person: "ann", Schedule: office()}}) {
		want := map[string]int{WhyReminder: 3 * 60, WhyBackup: 3 * 60, WhyOwner: 6 * 60, WhyDue: 4 * 60}[a.Why]
		if got := int(a.At.Sub(friday).Minutes()); got != want {
			t.Errorf("%s after %d minutes, want %d", a.Why, got, want)
		}
	}
}
