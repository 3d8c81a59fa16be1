package desk

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"gangway/internal/engagement"
	"gangway/internal/playbook"
)

// thinned is the shelf whose playbook whole lacks something.
type thinned struct {
	shelf
	take func(*playbook.Playbook)
}

func (l thinned) Playbook(name string) (playbook.Playbook, []byte, error) {
	pb, text, err := l.shelf.Playbook(name)
	pb.Tiers = slices.Clone(pb.Tiers) // the book is shared
	l.take(&pb)
	return pb, text, err
}

// TestAnIntakeThatTheWholePlaybookRefuses: whoever wants a vendor without a word on why
// not in house, on what it costs today, on what is to become better, in plain words, or
// on their own interest, opens no case. Without the key that wants it they would.
func TestAnIntakeThatTheWholePlaybookRefuses(t *testing.T) {
	t.Parallel()
	lacking := func(field string) func(*playbook.Playbook) {
		return func(pb *playbook.Playbook) {
			for i := range pb.Tiers {
				pb.Tiers[i].Needs = slices.DeleteFunc(slices.Clone(pb.Tiers[i].Needs), func(f string) bool { return f == field })
			}
		}
	}
	for place, c := range map[string]struct {
		leaves func(*playbook.Intake)
		take   func(*playbook.Playbook)
	}{
		"$.alternative":  {func(i *playbook.Intake) { i.Alternative = "" }, lacking("alternative")},
		"$.success":      {func(i *playbook.Intake) { i.Success = nil }, lacking("success")},
		"$.summary":      {func(i *playbook.Intake) { i.Summary = "" }, lacking("summary")},
		"$.baselineCost": {func(i *playbook.Intake) { i.BaselineCost = nil }, lacking("baselineCost")},
		"$.interest":     {func(i *playbook.Intake) { i.Interest = "" }, func(pb *playbook.Playbook) { pb.Declaration = "" }},
	} {
		t.Run(place, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			today := 30000
			i := intake("web-1")
			i.Playbook, i.Alternative, i.Success, i.Summary = "whole", "A second person.", []string{"Paid on the day."}, "A bureau runs it."
			i.YearlyCost, i.BaselineCost, i.Currency, i.Sponsor, i.Interest = 60000, &today, "GBP", "olga", engagement.No
			c.leaves(&i)
			id, err := w.desk.Open(t.Context(), i)
			var wrong InputError
			if !errors.As(err, &wrong) || id != "" || len(wrong.Faults) != 1 || !strings.HasPrefix(wrong.Faults[0].Error(), place) || len(w.engine.starts) > 0 {
				t.Errorf("opened %q: %v", id, err)
			}
			w.desk.library = thinned{take: c.take}
			if id, err = w.desk.Open(t.Context(), i); err != nil || id == "" || len(w.engine.starts) != 1 {
				t.Errorf("it is refused by something else: %q %v", id, err)
			}
		})
	}
}
