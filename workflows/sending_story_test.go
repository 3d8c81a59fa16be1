package workflows

import (
	"testing"
	"time"

	"gangway/internal/exit"
	"gangway/internal/playbook"
)

// A part tells its exit that the vendor is silent. Until the exit has heard, the part is
// busy, so that nobody moves the clock: the exit would look as if it had nothing to do.
func TestNobodyRestsWhileTheirWordIsUnderWay(t *testing.T) {
	s := unheardDataReturn(t)
	const way = 2 * time.Hour // longer than any signal takes, to be met by a look
	heard := 0
	s.env.OnSignalExternalWorkflow(anything, anything, anything, anything, anything).After(way).Return(func(_, _, _, _ string, arg any) error {
		if n, ok := arg.(PartNews); ok && n.Word == NewsSilent {
			heard++
		}
		return nil
	})
	s.on(1*day, func() { s.answer("privacy-pia", exit.DoesChoice, chooseReturn) })
	busy, rested := 0, 0
	for at := 2 * day; at < 20*day; at += way / 2 {
		s.on(at, func() {
			due := s.due(s.root)
			switch {
			case due.Busy && heard == 0:
				busy++
			case due.Busy:
				t.Errorf("after %s the exit has heard, and the part is busy", at)
			default:
				rested++
			}
		})
	}
	s.on(20*day, func() {
		if heard != 1 {
			t.Errorf("heard %d times", heard)
		}
		s.waives(playbook.ChoreNoData, monday.AddDate(1, 0, 0))
	})
	s.on(40*day, func() { s.waives(playbook.ChoreNoData, monday.AddDate(1, 0, 0)) })
	s.playPart(DataReturnType)
	if busy == 0 || rested == 0 {
		t.Errorf("busy at %d looks, at rest at %d", busy, rested)
	}
}
