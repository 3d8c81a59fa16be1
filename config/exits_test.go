package config

import (
	"slices"
	"strconv"
	"strings"
	"testing"

	"gangway/internal/calendar"
	"gangway/internal/engagement"
	"gangway/internal/exit"
	"gangway/internal/playbook"
	"gangway/internal/review"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// Every playbook that ships says how a vendor of each of its tiers is left, in every
// mode.
func TestEveryPlaybookThatShipsHasAWayOut(t *testing.T) {
	t.Parallel()
	if d := cmp.Diff([]string{"small-exit", "whole-exit"}, exitNames()); d != "" {
		t.Error(d)
	}
	for _, name := range Playbooks() {
		pb, _, err := Shipped(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, rule := range pb.Tiers {
			for _, mode := range exit.Modes() {
				steps := pb.ExitSteps(exit.Order{Mode: mode, After: exit.AfterReplaced}, rule.Tier, playbook.Facts{})
				does := func(want playbook.Purpose) bool {
					return slices.ContainsFunc(steps, func(s playbook.Step) bool { return s.Does == want })
				}
				for _, want := range []playbook.Purpose{exit.DoesNotice, exit.DoesTake, exit.DoesRoster, exit.DoesSecond, exit.DoesChoice,
					exit.DoesChecked, exit.DoesMoney, exit.DoesLessons, exit.DoesForgotten, exit.DoesClose, exit.DoesChase, exit.DoesBackup} {
					if !does(want) {
						t.Errorf("%s, %s, %s: no step does %s", name, rule.Tier, mode, want)
					}
				}
				cause := mode == exit.ModeForCause
				if does(exit.DoesEmergency) != cause || does(exit.DoesDecide) == cause || does(exit.DoesGivenUp) != (mode == exit.ModeStressed) {
					t.Errorf("%s, %s, %s: who decides?", name, rule.Tier, mode)
				}
			}
		}
	}
}

// Whatever has to be answered before access is cut for cause is asked by the clock: where
// nobody wrote the vendor's accounts down, nothing is cut without them.
func TestWhatACutForCauseWaitsForIsAskedByTheClock(t *testing.T) {
	t.Parallel()
	for _, name := range Playbooks() {
		pb, _, err := Shipped(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, rule := range pb.Tiers {
			for _, s := range pb.ExitSteps(exit.Order{Mode: exit.ModeForCause, After: exit.AfterEnds}, rule.Tier, playbook.Facts{}) {
				if d := s.Deadlines; (s.Does == exit.DoesEmergency || s.Does == exit.DoesRoster) &&
					(!d.Due.Clock || !d.Backup.Clock || len(d.Remind) == 0 || !d.Remind[0].Clock || s.Accept != nil) {
					t.Errorf("%s, %s: %s waits for the morning: %+v, or for somebody who accepts it", name, rule.Tier, s.ID, d)
				}
			}
		}
	}
}

// What a step of an exit asks says when it is done, or what a yes means; nobody has to
// guess what to do.
func TestStepsOfAnExitSayWhatDoneMeans(t *testing.T) {
	t.Parallel()
	for _, name := range exitNames() {
		for _, s := range shippedSteps(t, name) {
			says := strings.Contains(s.Ask, "Done means") || strings.Contains(strings.ToLower(s.Ask), "say yes") || strings.Contains(s.Ask, "Say yes")
			switch {
			case s.AsksVendor(), s.Kind == review.Checklist, says:
			case s.Kind == review.Decision && strings.Contains(s.Ask, "?") || s.Does == exit.DoesClose || s.Does == exit.DoesRatify ||
				s.Does == exit.DoesEmergency || s.Does == exit.DoesChoice:
			default:
				t.Errorf("%s: %s does not say when it is done: %q", name, s.ID, s.Ask)
			}
			listed := s.Does == exit.DoesHand || s.Does == exit.DoesVerify // a line for each asset
			if s.Kind == review.Task && s.Form == "" && !listed {
				t.Errorf("%s: %s asks for work and for nothing that shows it", name, s.ID)
			}
		}
	}
}

// shippedSteps are the steps of an exit as the first playbook has them that names it.
func shippedSteps(t *testing.T, exit string) []playbook.Step {
	t.Helper()
	for _, name := range Playbooks() {
		pb, _, err := Shipped(name)
		if err != nil {
			t.Fatal(err)
		}
		if pb.Exit == exit {
			boards := func(s playbook.Step) bool {
				return slices.ContainsFunc(pb.Boarding(), func(o playbook.Step) bool { return o.ID == s.ID })
			}
			return slices.DeleteFunc(slices.Clone(pb.Steps), boards)
		}
	}
	t.Fatalf("no playbook names %s", exit)
	return nil
}

// A playbook is filed with its exit, so that a vendor is left by what was agreed when
// other exits ship.
func TestAPlaybookIsGivenOutWithItsExit(t *testing.T) {
	t.Parallel()
	book, text, err := Shipped("small")
	if err != nil {
		t.Fatal(err)
	}
	bare, err := ReadPlaybook("small.yaml", mustFile("playbooks", "small"))
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(bare, book); d != "" {
		t.Error("what ships and what is given out differ:", d)
	}
	changed := strings.Replace(string(text), "title: Give notice\n", "title: Say goodbye\n", 1)
	old, err := ReadPlaybook("s", []byte(changed))
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(old.Steps, func(s playbook.Step) bool { return s.Does == exit.DoesNotice })
	if old.Steps[i].Title != "Say goodbye" || book.Steps[i].Title != "Give notice" {
		t.Errorf("%q, then %q", book.Steps[i].Title, old.Steps[i].Title)
	}
	if string(withExit([]byte(short))) != short {
		t.Error("a playbook without an exit is given out as it is")
	}
	broken := strings.Replace(string(text), "    does: notice\n", "    does: notise\n", 1)
	_, err = ReadPlaybook("s", []byte(broken))
	line := 1 + strings.Count(broken[:strings.Index(broken, "notise")], "\n")
	if got := heads(err); len(got) == 0 || !strings.Contains(err.Error(), "did you mean notice?") || !strings.HasPrefix(got[1], strconv.Itoa(line)+":") {
		t.Errorf("line %d: %v", line, got)
	}
}

func TestMistakesInNamingAnExit(t *testing.T) {
	t.Parallel()
	named := func(exit string) []byte {
		return []byte(strings.Replace(short, "attestations:", "exit: "+exit+"\nattestations:", 1))
	}
	_, err := ReadPlaybook("s", named("whole-exi"))
	wantHeads(t, err, `8:7: unknown exit "whole-exi" (did you mean whole-exit?)`)
	_, err = ReadPlaybook("s", named("[a]"))
	wantHeads(t, err, "8:7: exit is a text: it cannot be a list")
	_, err = ReadPlaybook("s", named("small-exit"))
	for _, head := range heads(err) { // roles that the playbook hasn't
		if !strings.HasPrefix(head, "8:7: unknown role ") {
			t.Error(head)
		}
	}
	if len(heads(err)) == 0 {
		t.Error("an exit whose seats nobody can take is taken")
	}
}

func TestMistakesInStepsOfAnExit(t *testing.T) {
	t.Parallel()
	_, text, err := Shipped("small")
	if err != nil {
		t.Fatal(err)
	}
	at := strings.Index(string(text), "included-exit:")
	for _, c := range []struct{ old, new, want string }{
		{"modes: [planned, stressed]", "modes: [planed, stressed]", `nobody is left in the mode "planed" (did you mean planned?)`},
		{"modes: [planned, stressed]", "modes: [planned, drill]", "a drill plays the steps of the mode that it rehearses"},
		{"modes: [planned, stressed]", "modes: [planned, planned]", "the mode planned is there twice"},
		{"modes: [planned, stressed]", "modez: [planned, stressed]", `unknown key "modez" in a step (did you mean modes?)`},
		{"rule: 2 of 3", "rule: any", "write a rule as in `rule: 2 of 4`"},
		{"due: 4 clock hours", "due: 4 hours", "an emergency counted in 4 working hours waits for the morning"},
		{"      does: decide\n", "", "it is not said what the step is for"},
	} {
		wrong := strings.Replace(string(text)[at:], c.old, c.new, 1)
		_, err := ReadPlaybook("s", append(text[:at:at], wrong...))
		if err == nil || !strings.Contains(err.Error(), c.want) || wrong == string(text)[at:] {
			t.Errorf("%s:\n%v", c.new, err)
			continue
		}
		there := slices.ContainsFunc(heads(err), func(head string) bool { // where it was written, not where the exit is named
			first, _, _ := strings.Cut(head, ":")
			line, err := strconv.Atoi(first)
			return err == nil && line > strings.Count(string(text)[:at], "\n")
		})
		if !there && !strings.HasPrefix(c.old, "      does") {
			t.Errorf("%s: %v", c.new, heads(err))
		}
	}
}

// drawExit gives a drawn playbook steps of an exit.
func drawExit(t *rapid.T, p *playbook.Playbook) {
	add := func(does playbook.Purpose, process playbook.Process, kind review.Kind, f engagement.Form, modes ...exit.Mode) *playbook.Step {
		s := playbook.Step{ID: "leave-" + string(does), Process: process, Kind: kind, Does: does, Title: "Leave", Modes: modes,
			Deadlines: drawDeadlines(t), Form: f.ID, Points: f.Points, Tiers: []engagement.Tier{1, 4},
			Policy: review.Policy{Groups: []review.Group{{Rule: review.RuleAll, Seats: []review.Seat{{ID: "one", Role: "no"}, {ID: "two", Role: "legal"}}}}}}
		p.Steps = append(p.Steps, s)
		return &p.Steps[len(p.Steps)-1]
	}
	form := func(id string, points ...engagement.Point) engagement.Form {
		for i := range points {
			points[i].Title = "Point"
		}
		p.Forms = append(p.Forms, engagement.Form{ID: id, Title: "Form", Points: points})
		return p.Forms[len(p.Forms)-1]
	}
	notice := form("notice", engagement.Point{ID: exit.PointSent, Kind: engagement.PointDate}, engagement.Point{ID: exit.PointReceived, Kind: engagement.PointDate},
		engagement.Point{ID: exit.PointReceipt, Kind: engagement.PointFile})
	roster := form("roster", engagement.Point{ID: "account-1-login", Kind: engagement.PointText}, engagement.Point{ID: "named-1-title", Kind: engagement.PointText})
	none := engagement.Form{}
	add(exit.DoesDecide, exit.PartExit, review.Decision, none, exit.ModePlanned, exit.ModeStressed)
	emergency := add(exit.DoesEmergency, exit.PartExit, review.Decision, none, exit.ModeForCause)
	emergency.Deadlines = playbook.Deadlines{Due: calendar.Span{Hours: rapid.IntRange(1, 99).Draw(t, "clock"), Clock: true},
		Remind: []calendar.Span{{Hours: 1, Clock: true}}}
	add(exit.DoesRatify, exit.PartExit, review.Decision, none, exit.ModeForCause)
	add(exit.DoesGivenUp, exit.PartExit, review.Decision, none, exit.ModeStressed)
	add(exit.DoesNotice, exit.PartExit, review.Task, notice)
	add(exit.DoesRoster, exit.PartRevocation, review.Task, roster, []exit.Mode{}...)
	add(exit.DoesClose, exit.PartExit, review.Decision, none)
	take := add(exit.DoesTake, exit.PartHandover, review.Decision, none)
	take.Assets = []exit.AssetKind{exit.AssetStaff, exit.AssetDomain}[:rapid.IntRange(0, 2).Draw(t, "kinds")]
	chase := add(exit.DoesChase, exit.PartExit, review.Task, none)
	if rapid.Bool().Draw(t, "chased in some modes") {
		chase.Modes = []exit.Mode{rapid.SampledFrom([]exit.Mode{exit.ModePlanned, exit.ModeStressed, exit.ModeForCause}).Draw(t, "mode")}
	}
}

// The exits that ship ask what was learned in the words that gangway reads, and the whole
// playbook looks closer at whoever comes after a vendor who left such lessons.
func TestWhatAnExitTaughtIsAskedAndUsed(t *testing.T) {
	t.Parallel()
	for _, name := range exitNames() {
		for _, s := range shippedSteps(t, name) {
			if s.Does != exit.DoesLessons {
				continue
			}
			i := slices.IndexFunc(s.Points, func(p engagement.Point) bool { return p.ID == exit.PointTaught })
			if i < 0 || s.Points[i].Kind != engagement.PointMany || !s.Points[i].Optional || !slices.Equal(s.Points[i].Options, exit.LessonOptions()) {
				t.Errorf("%s: %+v", name, s.Points)
			}
		}
	}
	whole, _, err := Shipped("whole")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		lessons []string
		want    engagement.Tier
	}{
		{nil, 3},
		{[]string{exit.LessonIncident}, 1},
		{[]string{exit.LessonNotAgain, exit.LessonDeletion}, 1},
		{[]string{exit.LessonLockedIn}, 2},
		{[]string{exit.LessonCloser}, 2},
		{[]string{exit.LessonLate}, 3},
	} {
		if got := playbook.TierFor(whole.Tiers, playbook.Facts{Lessons: c.lessons}); got != c.want {
			t.Errorf("%v: %s, want %s", c.lessons, got, c.want)
		}
	}
}
