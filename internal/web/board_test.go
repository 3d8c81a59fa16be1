package web

import (
	"context"
	"errors"
	"testing"

	"gangway/internal/dossier"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

type roster struct {
	people []playbook.Person
	err    error
}

func (r roster) Person(_ context.Context, id string) (playbook.Person, int, error) {
	for _, p := range r.people {
		if p.ID == id {
			return p, 1, r.err
		}
	}
	if r.err == nil {
		return playbook.Person{}, 0, dossier.NotFoundError{What: "person", ID: id}
	}
	return playbook.Person{}, 0, r.err
}

// TestBoard: the page reaches the client's own active people and nobody else.
func TestBoard(t *testing.T) {
	t.Parallel()
	b := Board{Roster: roster{people: scene(t).people}}
	for person, want := range map[string]bool{"lena": true, "gus": false, "vic": false, "nobody": false, "": false} {
		got, err := b.Show(t.Context(), review.Notice{Person: person})
		if err != nil || got != want {
			t.Errorf("the page reaches %q: %v, %v, want %v", person, got, err, want)
		}
	}
	if _, err := (Board{Roster: roster{err: errDown}}).Show(t.Context(), review.Notice{}); !errors.Is(err, errDown) {
		t.Errorf("without people: %v", err)
	}
	if b.Channel() != "web" || b.Follow(t.Context(), review.Copy{}) != nil {
		t.Error("the board is no channel")
	}
}
