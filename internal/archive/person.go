package archive

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"slices"

	"gangway/internal/dossier"
	"gangway/internal/playbook"
)

// personQuery reads somebody, and as rows without a person when they said that
// they are away: in one query, since every answer asks who gave it.
const personQuery = `SELECT p.person, s.value, 0 AS starts, 0 AS ends, '' AS backup, 0 AS made, '' AS id FROM people p, state s WHERE p.id = ?1 AND s.name = 'people'
	UNION ALL SELECT '', 0, starts, ends, backup, made, id FROM aways WHERE person = ?1 AND ends > 0 AND ended = 0`

// personRow is a row of personQuery.
type personRow struct {
	text     string
	revision int
	away     playbook.Away
	made     int64
	id       string
}

// Person returns somebody as People would, and the revision that was read; or
// dossier.NotFoundError.
func (a *Archive) Person(ctx context.Context, id string) (playbook.Person, int, error) {
	var p playbook.Person
	if playbook.IsContact(id) {
		return a.contactPerson(ctx, id)
	}
	rows, err := queryAll(ctx, a.reads, scanPersonRow, personQuery, id)
	if err != nil {
		return p, 0, fmt.Errorf("reading one of the people: %w", err)
	}
	i := slices.IndexFunc(rows, func(r personRow) bool { return r.text != "" })
	if i < 0 {
		return p, 0, dossier.NotFoundError{What: "person", ID: id}
	}
	if err := decode(rows[i].text, &p); err != nil {
		return playbook.Person{}, 0, fmt.Errorf("reading one of the people as stored: %w", err)
	}
	revision := rows[i].revision
	said := slices.Delete(rows, i, i+1)
	slices.SortFunc(said, func(x, y personRow) int { return cmp.Or(cmp.Compare(y.made, x.made), cmp.Compare(x.id, y.id)) })
	var own []playbook.Away
	for _, r := range said {
		own = append(own, r.away)
	}
	p.Away = slices.Concat(own, p.Away)
	return p, revision, nil
}

func scanPersonRow(rows *sql.Rows) (r personRow, err error) {
	var starts, ends int64
	err = rows.Scan(&r.text, &r.revision, &starts, &ends, &r.away.Backup, &r.made, &r.id)
	r.away.From, r.away.Until, r.away.Own = fromMicro(starts), fromMicro(ends), true
	return r, err
}
