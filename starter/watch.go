package main

import (
	"encoding/json"
	"slices"
	"strings"
	"time"

	"gangway/internal/dossier"
	"gangway/internal/engagement"
)

// watchedLine is something that is watched, with the case that does.
type watchedLine struct {
	Case   string `json:"case"`
	Vendor string `json:"vendor"`
	dossier.WatchView
}

// watch lists what runs out while vendors work: of one case, or of all that run.
func (s *session) watch(args []string) error {
	lines := []watchedLine{}
	take := func(v dossier.CaseView) {
		for _, w := range v.Watching() {
			lines = append(lines, watchedLine{v.ID, v.Vendor, w})
		}
	}
	if len(args) == 1 {
		var v dossier.CaseView
		if _, err := s.fetchInto(get("/api/case", "id", args[0]), &v); err != nil {
			return err
		}
		take(v)
	} else {
		err := s.eachCase(func(v dossier.CaseView, _ json.RawMessage) bool {
			if v.State != dossier.Running {
				return false
			}
			take(v)
			return true
		})
		if err != nil {
			return err
		}
	}
	slices.SortStableFunc(lines, func(a, b watchedLine) int { return a.On.Compare(b.On) })
	err := s.printValue(lines, func() {
		g := newGrid("", "UNTIL", "VENDOR", "WHAT", "NAME", "STANDS", "CASE")
		for _, w := range lines {
			g.add(until(w.WatchView), w.Vendor, string(w.Kind), dash(w.Name), stands(w.WatchView), w.Case)
		}
		g.print(s.out)
	})
	if err == nil && len(lines) == 0 {
		s.tell("nothing is watched; a vendor is from the day it is live, or adopted with: gangway adopt FILE")
	}
	return err
}

// until is the day on which something runs out; what is owed has none.
func until(w dossier.WatchView) string {
	if w.On.IsZero() {
		return "owed"
	}
	return w.On.UTC().Format(time.DateOnly)
}

// stands says where something stands that runs out.
func stands(w dossier.WatchView) string {
	var words []string
	if w.Lapsed {
		words = append(words, "ran out")
	}
	switch {
	case w.Decided != "":
		words = append(words, "decided: "+w.Decided)
	case w.NoticePassed:
		words = append(words, "notice passed")
	}
	if w.Begun != "" {
		words = append(words, "collected anew in "+w.Begun)
	}
	if w.Unreviewed && w.Kind != engagement.ExpiryGap {
		words = append(words, "not reviewed here")
	}
	return dash(strings.Join(words, "; "))
}
