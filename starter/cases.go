package main

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"gangway/internal/dossier"
	"gangway/internal/review"
)

// cases lists cases: the running ones, or all.
func (s *session) cases([]string) error {
	var views []dossier.CaseView
	kept := []json.RawMessage{}
	err := s.eachCase(func(v dossier.CaseView, raw json.RawMessage) bool {
		if !s.yes("all") && v.State != dossier.Running {
			return false // those that run come first
		}
		views, kept = append(views, v), append(kept, raw)
		return true
	})
	if err != nil {
		return err
	}
	err = s.printValue(kept, func() {
		g := newGrid("", "CASE", "STATE", "STAGE", "TIER", "OWNER", "WAITS FOR", "OPENED")
		for _, v := range views {
			now := v.Now(s.now())
			g.add(v.ID, state(v), dash(v.Stage), tier(v), v.Owner, dash(few(waitsFor(v, now))), s.when(v.Opened, now))
			g.style(1, stateStyle(v.State))
		}
		g.print(s.out)
	})
	if err == nil && len(views) == 0 {
		s.tell("no case is running; `gangway cases --all` lists closed ones, `gangway onboard FILE` starts one")
	}
	return err
}

// caseStride is how many cases one call brings.
const caseStride = 200

// eachCase goes through the cases, those that run first, until do has enough. A
// case that moves in the list meanwhile comes once.
func (s *session) eachCase(do func(dossier.CaseView, json.RawMessage) bool) error {
	seen := map[string]bool{}
	for after := ""; ; {
		var raws []json.RawMessage
		if _, err := s.fetchInto(get("/api/cases", "after", after, "most", strconv.Itoa(caseStride)), &raws); err != nil {
			return err
		}
		news := false
		for _, raw := range raws {
			var v dossier.CaseView
			if err := json.Unmarshal(raw, &v); err != nil {
				return fmt.Errorf("reading a case: %w", err)
			}
			after = v.ID
			if seen[v.ID] {
				continue
			}
			seen[v.ID], news = true, true
			if !do(v, raw) {
				return nil
			}
		}
		if len(raws) < caseStride || !news {
			return nil
		}
	}
}

// waitsFor names the people whose answers are asked for now.
func waitsFor(v dossier.CaseView, now time.Time) []string {
	var people []string
	for i := range v.Requests {
		r := &v.Requests[i]
		if !r.IsOpen() {
			continue
		}
		tally := r.Tally(now)
		if tally.State != review.Open {
			continue
		}
		for _, seat := range tally.Groups[tally.Group].Seats {
			if seat.Verdict == "" {
				people = append(people, holders(r, seat.Seat, now)...)
			}
		}
	}
	slices.Sort(people)
	return slices.Compact(people)
}

// few names some of many people: a line has room for two.
func few(people []string) string {
	if len(people) <= 3 {
		return strings.Join(people, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(people[:2], ", "), len(people)-2)
}

func holders(r *review.Request, seat string, now time.Time) []string {
	var people []string
	if seating := r.Seating(seat); seating != nil {
		for _, h := range seating.Holders {
			if h.Active(now) {
				people = append(people, h.Person)
			}
		}
	}
	return people
}

func state(v dossier.CaseView) string {
	text := string(v.State)
	if v.Sealed {
		text += ", sealed"
	}
	if v.Held != nil {
		text += ", HELD"
	}
	if v.Rehearsal {
		text += ", rehearsal"
	}
	return text
}

func stateStyle(st dossier.CaseState) string {
	switch st {
	case dossier.Live:
		return styleGood
	case dossier.Ended:
		return styleBad
	}
	return styleWarn
}

func tier(v dossier.CaseView) string {
	if v.Tier == 0 {
		return "-"
	}
	return fmt.Sprint(int(v.Tier))
}

func dash(text string) string {
	if text == "" {
		return "-"
	}
	return text
}

// waiting lists the requests that wait for somebody.
func (s *session) waiting([]string) error {
	var requests []review.Request
	raw, err := s.fetchInto(get("/api/waiting", "person", s.text("person")), &requests)
	if err != nil {
		return err
	}
	person := s.text("person")
	if person == "" {
		if person, err = s.person(); err != nil {
			return err
		}
	}
	clocks, err := s.clocks(requests)
	if err != nil {
		return err
	}
	err = s.print(raw, func() {
		if crowded(requests) {
			s.printByCase(requests, person, clocks)
			return
		}
		g := newGrid("", "CASE", "STEP", "SEAT", "VERSION", "DUE", "ANSWERS", "ASKED")
		for i := range requests {
			r := &requests[i]
			now := clocks[r.Case]
			g.add(r.Case, r.Step, dash(strings.Join(unanswered(r, person, now), ", ")), version(r.Current()), s.when(due(r), now), words(r), r.Title)
		}
		g.print(s.out)
	})
	switch {
	case err != nil:
	case len(requests) == 0:
		s.tell("nothing waits for %s", person)
	default:
		s.tell("answer with: gangway answer CASE STEP WORD")
	}
	return err
}

// crowded reports whether so much of one case waits that its id in each line says
// nothing and takes the room of what does.
func crowded(requests []review.Request) bool {
	n := map[string]int{} // looked up only
	for i := range requests {
		if n[requests[i].Case]++; n[requests[i].Case] > 2 {
			return true
		}
	}
	return false
}

// printByCase lists what waits under the case that it belongs to, in eighty columns.
func (s *session) printByCase(requests []review.Request, person string, clocks map[string]time.Time) {
	var cases []string
	for i := range requests {
		if id := requests[i].Case; !slices.Contains(cases, id) {
			cases = append(cases, id)
		}
	}
	for n, id := range cases {
		if n > 0 {
			s.out.line("")
		}
		s.out.line("%s", painted{id, styleBold})
		g := newGrid("  ", "STEP", "SEAT", "DUE", "ANSWERS")
		for i := range requests {
			r, now := &requests[i], clocks[id]
			if r.Case != id {
				continue
			}
			when, late := s.when(due(r), now), !due(r).IsZero() && due(r).Before(now)
			if late {
				when = "overdue, " + when
			}
			said := words(r)
			if r.Sheet {
				said += " (a form)"
			}
			g.add(cut(r.Step, overPeople), cut(dash(strings.Join(unanswered(r, person, now), ", ")), 15), when, said)
			if late {
				g.style(2, styleBad)
			}
		}
		g.print(s.out)
	}
}

// clocks says what time it is in the cases of the requests: a rehearsal's clock
// may have been moved.
func (s *session) clocks(requests []review.Request) (map[string]time.Time, error) {
	clocks := map[string]time.Time{}
	if s.json || len(requests) == 0 {
		return clocks, nil
	}
	wanted := map[string]bool{}
	for i := range requests {
		clocks[requests[i].Case], wanted[requests[i].Case] = s.now(), true
	}
	err := s.eachCase(func(v dossier.CaseView, _ json.RawMessage) bool {
		if wanted[v.ID] {
			clocks[v.ID] = v.Now(s.now())
			delete(wanted, v.ID)
		}
		return len(wanted) > 0
	})
	return clocks, err
}

// unanswered lists the seats that somebody holds and that have no answer yet.
// Whose turn it is the server has judged.
func unanswered(r *review.Request, person string, now time.Time) []string {
	return slices.DeleteFunc(r.SeatsOf(person, now), func(seat string) bool { return r.Standing(seat) != nil })
}

// due is when the group that is being asked should have answered.
func due(r *review.Request) time.Time {
	for i := len(r.Clocks) - 1; i >= 0; i-- {
		if !r.Clocks[i].Due.IsZero() {
			return r.Clocks[i].Due
		}
	}
	return time.Time{}
}

func version(n int) string {
	if n == 0 {
		return "-"
	}
	return fmt.Sprint(n)
}

func words(r *review.Request) string {
	var list []string
	for _, v := range r.Verdicts() {
		list = append(list, string(v))
	}
	return strings.Join(list, ", ")
}
