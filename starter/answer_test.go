package main

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gangway/internal/dossier"
	"gangway/internal/review"
)

func TestFind(t *testing.T) {
	t.Parallel()
	closed := &review.Closing{State: review.Met}
	v := dossier.CaseView{ID: "c", Requests: []review.Request{
		{ID: "need/1", Step: "need", Closed: closed},
		{ID: "need/2", Step: "need", Closed: closed},
		{ID: "review/1", Step: "review", Closed: closed},
		{ID: "review/2", Step: "review"},
		{ID: "look/1", Step: "look"},
		{ID: "look/2", Step: "look", Closed: closed},
	}}
	for step, want := range map[string]string{"need": "need/2", "review": "review/2", "look": "look/1", "need/1": "need/1", "look/2": "look/2"} {
		r, err := find(&v, step)
		if err != nil || r.ID != want {
			t.Errorf("%s is %v (%v), want %s", step, r, err, want)
		}
	}
	for step, hint := range map[string]string{"revue": "did you mean review?", "zzzzzz": "there are: need, review, look"} {
		_, err := find(&v, step)
		var p problem
		if !errors.As(err, &p) || p.code != exitError || p.hints[0] != hint {
			t.Errorf("%s: %v", step, err)
		}
	}
}

// TestAskedStatements: a statement that two seats of one person want is made
// once; a named seat asks for its own alone.
func TestAskedStatements(t *testing.T) {
	t.Parallel()
	v := running()
	r := &v.Requests[1]
	r.Seatings[1].Holders = append(r.Seatings[1].Holders, review.Holder{Person: "jonas"})
	s := &session{program: patient()}
	for seat, want := range map[string][]string{"": {"read-in-full", "no-conflict"}, "security": {"no-conflict"}, "none": nil} {
		if diff := cmp.Diff(want, asked(&v, r, "jonas", seat, s)); diff != "" {
			t.Errorf("seat %q (-want +got):\n%s", seat, diff)
		}
	}
	if got := asked(&v, r, "stranger", "", s); got != nil {
		t.Errorf("a stranger is asked for %v", got)
	}
}

// TestStatementsWithoutAPlaybook: the ids stand in for texts that can't be read.
func TestStatementsWithoutAPlaybook(t *testing.T) {
	t.Parallel()
	s := &session{program: patient()}
	if diff := cmp.Diff([]string{"read"}, s.statements(dossier.CaseView{}, []string{"read"})); diff != "" {
		t.Error(diff)
	}
}
