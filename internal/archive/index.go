package archive

import (
	"context"
	"database/sql"
	"fmt"
	"slices"

	"gangway/internal/access"
	"gangway/internal/dossier"
	"gangway/internal/review"
)

// index is by whom and by which processes a case is found, besides its id.
type index struct {
	open      bool
	people    []string // sorted
	seen      []string // who may see it, sorted
	processes []processRow
}

type processRow struct {
	id   string
	open bool
}

func indexOf(v *dossier.CaseView) index {
	x := index{open: v.State == dossier.Running}
	for _, person := range []string{v.Owner, v.Requester, v.Sponsor} {
		if person != "" {
			x.people = append(x.people, person)
		}
	}
	slices.Sort(x.people)
	x.people = slices.Compact(x.people)
	x.seen = access.Involved(v)
	for _, p := range v.Processes {
		x.processes = append(x.processes, processRow{id: p.ID, open: p.Ended.IsZero()})
	}
	return x
}

// wantsSeal reports whether the case is over and whole, as far as its view
// tells, and has no seal over its newest line.
func (c *openCase) wantsSeal() bool {
	return !c.sealed && c.view.State != dossier.Running && !c.view.Closed.IsZero() && len(dossier.Complete(c.view, nil)) == 0
}

// unfiled reports whether a run of a process that ended has no history in the
// documents yet. A case that was sealed had none; should one be named later, it
// is filed and the case sealed again.
func unfiled(v *dossier.CaseView) bool {
	for _, p := range v.Processes {
		for _, run := range p.Runs {
			if !p.Ended.IsZero() && !slices.ContainsFunc(p.Filed, func(f dossier.FiledHistory) bool { return f.Run == run }) {
				return true
			}
		}
	}
	return false
}

// saveIndex writes what changed of the index.
func (c *openCase) saveIndex(ctx context.Context, q querier) error {
	was, is := c.index, indexOf(&c.view)
	if err := c.saveSeen(ctx, q, was, is); err != nil {
		return err
	}
	if was.open != is.open || !slices.Equal(was.people, is.people) {
		if _, err := q.ExecContext(ctx, `DELETE FROM case_people WHERE case_seq = ?`, c.seq); err != nil {
			return fmt.Errorf("clearing whose case %s is: %w", c.id, err)
		}
		for _, person := range is.people {
			_, err := q.ExecContext(ctx, `INSERT INTO case_people (person, open, case_seq) VALUES (?, ?, ?)`, person, is.open, c.seq)
			if err != nil {
				return fmt.Errorf("noting whose case %s is: %w", c.id, err)
			}
		}
	}
	for pos, p := range is.processes {
		if pos < len(was.processes) && was.processes[pos] == p {
			continue
		}
		_, err := q.ExecContext(ctx, `INSERT INTO case_processes (process, case_seq, pos, open) VALUES (?, ?, ?, ?)
			ON CONFLICT (process, case_seq) DO UPDATE SET open = excluded.open`, p.id, c.seq, pos, p.open)
		if err != nil {
			return fmt.Errorf("noting a process of case %s: %w", c.id, err)
		}
	}
	return nil
}

// saveAnswered writes who has answered a request, and when last. A ballot that
// was taken back still is one.
func saveAnswered(ctx context.Context, q querier, r *review.Request, seq int64, pos int) error {
	for i, b := range r.Ballots {
		later := func(x review.Ballot) bool { return x.Person == b.Person && x.At.After(b.At) }
		same := func(x review.Ballot) bool { return x.Person == b.Person && x.At.Equal(b.At) }
		if slices.ContainsFunc(r.Ballots, later) || slices.ContainsFunc(r.Ballots[:i], same) {
			continue // their newest is written, once
		}
		_, err := q.ExecContext(ctx, `INSERT INTO answered (person, request, at, case_seq, pos) VALUES (?, ?, ?, ?, ?)
			ON CONFLICT (person, request) DO UPDATE SET at = excluded.at WHERE answered.at <> excluded.at`, b.Person, r.ID, b.At.UnixMicro(), seq, pos)
		if err != nil {
			return fmt.Errorf("noting who answered request %s: %w", r.ID, err)
		}
	}
	return nil
}

const (
	unfiledQuery       = `SELECT id FROM cases WHERE unfiled = 1 ORDER BY seq`
	openProcessesQuery = `SELECT process FROM case_processes WHERE open = 1 ORDER BY case_seq DESC, pos`
	caseOfQuery        = `SELECT c.id FROM case_processes p JOIN cases c ON c.seq = p.case_seq WHERE p.process = ? ORDER BY p.case_seq DESC LIMIT 1`
	casesOfQuery       = `SELECT c.id, c.view FROM case_people p JOIN cases c ON c.seq = p.case_seq
		WHERE p.person = ?1 ORDER BY p.open DESC, p.case_seq DESC LIMIT ?2`
	casesInQuery  = `SELECT id, view FROM cases WHERE id > ?1 AND id < ?2 ORDER BY seq DESC`
	casePageQuery = `SELECT id, view FROM cases WHERE (open, seq) < (?1, ?2) ORDER BY open DESC, seq DESC LIMIT ?3`
	answeredQuery = `SELECT r.request FROM answered a JOIN requests r ON r.id = a.request
		WHERE a.person = ?1 ORDER BY a.at DESC, a.case_seq DESC, a.pos LIMIT ?2`
)

// Unfiled returns the cases in which a run of a process that ended has no
// history among the documents yet, in the order in which they were opened.
func (a *Archive) Unfiled(ctx context.Context) ([]string, error) {
	ids, err := queryAll(ctx, a.reads, scanString, unfiledQuery)
	if err != nil {
		return nil, fmt.Errorf("looking for histories to file: %w", err)
	}
	return ids, nil
}

// OpenProcesses returns the processes of which no entry says that they ended;
// those of the newest case come first, together.
func (a *Archive) OpenProcesses(ctx context.Context) ([]string, error) {
	ids, err := queryAll(ctx, a.reads, scanString, openProcessesQuery)
	if err != nil {
		return nil, fmt.Errorf("listing open processes: %w", err)
	}
	return ids, nil
}

// CaseOf returns the id of the case that a process belongs to, or
// dossier.NotFoundError.
func (a *Archive) CaseOf(ctx context.Context, process string) (string, error) {
	var id string
	found, err := queryOne(ctx, a.reads, []any{&id}, caseOfQuery, process)
	if err != nil {
		return "", fmt.Errorf("looking for the case of %s: %w", process, err)
	}
	if !found {
		return "", dossier.NotFoundError{What: "process", ID: process}
	}
	return id, nil
}

// CasesOf returns the cases that a person owns, asked for or sponsors: those
// that run first, then the newest first, at most that many.
func (a *Archive) CasesOf(ctx context.Context, person string, most int) ([]dossier.CaseView, error) {
	views, err := a.views(ctx, casesOfQuery, person, most)
	if err != nil {
		return nil, fmt.Errorf("reading somebody's cases: %w", err)
	}
	return views, nil
}

// CasesIn returns the cases whose root process is of a kind, exit say, or of a kind for
// one vendor, exit/acme say: those whose ids begin with it. The newest comes first, and
// no other case is read.
func (a *Archive) CasesIn(ctx context.Context, process string) ([]dossier.CaseView, error) {
	views, err := a.views(ctx, casesInQuery, process+"/", process+"0") // 0 comes after /
	if err != nil {
		return nil, fmt.Errorf("reading the cases of a process: %w", err)
	}
	return views, nil
}

// CasePage returns cases in the order of CasesOf, at most that many, from the
// one after the case named on; from the first where none is named. A case that
// isn't there is a dossier.NotFoundError.
func (a *Archive) CasePage(ctx context.Context, after string, most int) ([]dossier.CaseView, error) {
	open, seq := 2, 0 // before every case
	if after != "" {
		found, err := queryOne(ctx, a.reads, []any{&open, &seq}, `SELECT open, seq FROM cases WHERE id = ?`, after)
		if err != nil {
			return nil, fmt.Errorf("looking where a page of cases begins: %w", err)
		}
		if !found {
			return nil, dossier.NotFoundError{What: "case", ID: after}
		}
	}
	views, err := a.views(ctx, casePageQuery, open, seq, most)
	if err != nil {
		return nil, fmt.Errorf("reading a page of cases: %w", err)
	}
	return views, nil
}

// views reads the cases that a query gives by id and view, each with its
// requests, as of one moment.
func (a *Archive) views(ctx context.Context, query string, args ...any) ([]dossier.CaseView, error) {
	var views []dossier.CaseView
	err := a.read(ctx, func(q querier) error {
		type row struct{ id, view string }
		rows, err := queryAll(ctx, q, func(rows *sql.Rows) (r row, err error) {
			err = rows.Scan(&r.id, &r.view)
			return r, err
		}, query, args...)
		if err != nil {
			return err
		}
		for _, r := range rows {
			c := openCase{id: r.id}
			if err := c.load(ctx, q, r.view, sql.NullString{}, &a.understood); err != nil {
				return err
			}
			views = append(views, c.view)
		}
		return nil
	})
	return views, err
}

// Answered returns the requests that a person answered last, the newest answer
// first, at most that many. What was taken back counts.
func (a *Archive) Answered(ctx context.Context, person string, most int) ([]review.Request, error) {
	texts, err := queryAll(ctx, a.reads, scanString, answeredQuery, person, most)
	if err == nil {
		var all []review.Request
		if all, err = a.understood.requests(texts); err == nil {
			return all, nil
		}
	}
	return nil, fmt.Errorf("reading what somebody answered: %w", err)
}
