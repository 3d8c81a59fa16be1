package web

import (
	"context"
	"errors"
	"fmt"

	"gangway/internal/playbook"
)

// names knows what the ids on one page stand for.
type names struct {
	people []playbook.Person
	byID   map[string]string
}

// namesFor reads the names once a page. Somebody who may not see the people file
// sees ids.
func (s *server) namesFor(ctx context.Context, me visitor) (names, error) {
	people, err := s.desk.People(ctx, me.address())
	var forbidden interface{ Forbidden() bool }
	if errors.As(err, &forbidden) && forbidden.Forbidden() {
		people, err = []playbook.Person{me.Person}, nil
	}
	if err != nil {
		return names{}, fmt.Errorf("reading names: %w", err)
	}
	n := names{people: people, byID: make(map[string]string, len(people))}
	for _, p := range people {
		n.byID[p.ID] = cut(p.Name)
	}
	return n, nil
}

// of is the name behind a person's id, the id where it isn't known.
func (n names) of(id string) string {
	if name := n.byID[id]; name != "" {
		return name
	}
	return cut(id)
}
