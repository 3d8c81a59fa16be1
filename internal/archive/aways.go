package archive

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"

	"gangway/internal/dossier"
	"gangway/internal/playbook"
)

// absences is the archive's table of what people said of being away. The people
// file says it too; People and Person give both together.
type absences struct{ archive *Archive }

const (
	awayColumns   = `starts, ends, backup`
	awaysQuery    = `SELECT ` + awayColumns + ` FROM aways WHERE person = ? AND ends > 0 AND ended = 0 ORDER BY made DESC, id`
	allAwaysQuery = `SELECT person, ` + awayColumns + ` FROM aways WHERE ends > 0 AND ended = 0 ORDER BY made DESC, id`
	// An id that is forgotten could be said again, so both times must be long ago.
	sweepAways = `DELETE FROM aways WHERE made <= ?1 AND ends <= ?1`
)

// SetAway keeps that somebody is away in [From, Until), beside what they said
// before; a zero Until ends all that stands of what they said. The same id again
// changes nothing. The register is told in the same transaction.
func (o absences) SetAway(ctx context.Context, person, id string, a playbook.Away, e *dossier.Entry) error {
	if person == "" || id == "" || !a.Until.IsZero() && !a.From.Before(a.Until) {
		return errors.New("keeping that somebody is away: nobody or no id is named, or the time ends before it begins")
	}
	now := micro(o.archive.now())
	return o.archive.write(ctx, "keeping that somebody is away", first, func(q querier) error {
		done, err := q.ExecContext(ctx, `INSERT INTO aways (person, id, starts, ends, backup, made, ended) VALUES (?, ?, ?, ?, ?, ?, 0)
			ON CONFLICT (person, id) DO NOTHING`, person, id, micro(a.From), micro(a.Until), a.Backup, now)
		if err != nil {
			return err
		}
		n, err := done.RowsAffected()
		if err != nil || n == 0 {
			return err
		}
		if a.Until.IsZero() {
			if _, err := q.ExecContext(ctx, `UPDATE aways SET ended = ? WHERE person = ? AND ended = 0`, now, person); err != nil {
				return fmt.Errorf("ending what somebody said of being away: %w", err)
			}
		}
		return noteOnce(ctx, q, done, e)
	})
}

// Aways lists what somebody said of being away and did not end, the newest said
// first. Times that are over are among them until Sweep takes them.
func (o absences) Aways(ctx context.Context, person string) ([]playbook.Away, error) {
	all, err := queryAll(ctx, o.archive.reads, scanAway, awaysQuery, person)
	if err != nil {
		return nil, fmt.Errorf("reading when somebody is away: %w", err)
	}
	return all, nil
}

func scanAway(rows *sql.Rows) (a playbook.Away, err error) {
	var starts, ends int64
	err = rows.Scan(&starts, &ends, &a.Backup)
	a.From, a.Until, a.Own = fromMicro(starts), fromMicro(ends), true
	return a, err
}

// withAways adds what people said to what the file says of them.
func withAways(ctx context.Context, q querier, people []playbook.Person) error {
	type said struct {
		person string
		away   playbook.Away
	}
	all, err := queryAll(ctx, q, func(rows *sql.Rows) (s said, err error) {
		var starts, ends int64
		err = rows.Scan(&s.person, &starts, &ends, &s.away.Backup)
		s.away.From, s.away.Until, s.away.Own = fromMicro(starts), fromMicro(ends), true
		return s, err
	}, allAwaysQuery)
	if err != nil {
		return fmt.Errorf("reading when people are away: %w", err)
	}
	own := make(map[string][]playbook.Away)
	for _, s := range all {
		own[s.person] = append(own[s.person], s.away)
	}
	for i := range people {
		people[i].Away = slices.Concat(own[people[i].ID], people[i].Away)
	}
	return nil
}

// fromFile leaves out what people said themselves, and the vendors' contacts.
func fromFile(people []playbook.Person) []playbook.Person {
	people = playbook.Own(people)
	for i, p := range people {
		if slices.ContainsFunc(p.Away, isOwn) {
			people[i].Away = slices.DeleteFunc(slices.Clone(p.Away), isOwn)
		}
	}
	return people
}

func isOwn(a playbook.Away) bool { return a.Own }
