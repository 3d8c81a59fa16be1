package workflows

import (
	"testing"

	"gangway/internal/exit"
	"gangway/internal/review"
)

// Of an emergency, and of what ratifies it, people are told by every channel, reminders
// too; of everything else by the one that they prefer. Who is told of both in one moment
// is told of both by every channel.
func TestAnEmergencyIsToldEverywhere(t *testing.T) {
	cut, quiet := stepOf(t, "cut", "intake", seat("it")), stepOf(t, "quiet", "intake", seat("legal"), review.Seat{ID: "it", Role: "it"})
	cut.Does = exit.DoesEmergency
	s := newStory(t, []string{"it-ida", "legal-lee"}, []string{"intake"}, cut, quiet)
	s.on(5*day, func() {
		s.answer("it-ida", "cut", review.Approve)
		s.answer("it-ida", "quiet", review.Approve)
		s.answer("legal-lee", "quiet", review.Approve)
	})
	s.play()
	told := map[string]int{}
	for _, n := range s.rec.notices {
		if n.Everywhere != (n.Person == "it-ida" && n.Why != "owner") && n.Person != "olga" {
			t.Errorf("%s is told %v (%s) everywhere: %v", n.Person, n.Requests, n.Why, n.Everywhere)
		}
		if n.Everywhere {
			told[n.Why]++
		}
	}
	if told["asked"] == 0 || told["reminder"] == 0 {
		t.Errorf("told everywhere: %v", told)
	}
}

// Whoever lists the accounts that are cut tonight is told so by every channel; a roster
// that has days is a task as others are.
func TestAccountsThatAreCutTonightAreToldEverywhere(t *testing.T) {
	t.Parallel()
	roster := leavingStep(t, exit.PartRevocation, exit.DoesRoster, review.Task, seat("it"))
	if urgent(roster) {
		t.Error("a roster that has five working days is told by every channel")
	}
	roster.Deadlines.Due = span(t, "4 clock hours")
	if !urgent(roster) {
		t.Error("a roster that has four hours is told by one channel")
	}
	roster.Does = exit.DoesSystems
	if urgent(roster) {
		t.Error("whatever goes by the clock is told by every channel")
	}
}
