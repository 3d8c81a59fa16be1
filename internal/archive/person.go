package archive

import (
	"context"
	"fmt"

	"gangway/internal/dossier"
	"gangway/internal/playbook"
)

const personQuery = `SELECT p.person, s.value FROM people p, state s WHERE p.id = ? AND s.name = 'people'`

// Person returns somebody as People would, and the revision that was read; or
// dossier.NotFoundError.
func (a *Archive) Person(ctx context.Context, id string) (playbook.Person, int, error) {
	var p playbook.Person
	var text string
	var revision int
	found, err := queryOne(ctx, a.reads, []any{&text, &revision}, personQuery, id)
	if err == nil && found {
		err = decode(text, &p)
	}
	if err != nil {
		return playbook.Person{}, 0, fmt.Errorf("reading one of the people: %w", err)
	}
	if !found {
		return playbook.Person{}, 0, dossier.NotFoundError{What: "person", ID: id}
	}
	return p, revision, nil
}
