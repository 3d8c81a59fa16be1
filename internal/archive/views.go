package archive

import (
	"context"
	"database/sql"
	"fmt"

	"gangway/internal/calendar"
	"gangway/internal/dossier"
	"gangway/internal/review"
)

// openCase is a case's view on its way through a transaction.
type openCase struct {
	view   dossier.CaseView
	id     string
	seq    int64 // in the table; 0: not there yet
	moved  bool
	sealed bool // the newest line is a seal over all lines before it
	anchor *calendar.Anchor
	stored []string // the requests as the table has them, by place
	index  index    // as the tables have it
}

func (j *journal) open(id string) (*openCase, error) {
	for _, c := range j.cases {
		if c.id == id {
			return c, nil
		}
	}
	c := &openCase{id: id}
	var view string
	var anchor sql.NullString
	found, err := queryOne(j.ctx, j.q, []any{&c.seq, &view, &anchor}, `SELECT seq, view, anchor FROM cases WHERE id = ?`, id)
	if err != nil {
		return nil, fmt.Errorf("reading case %s: %w", id, err)
	}
	if found {
		if err := c.load(j.ctx, j.q, view, anchor, nil); err != nil {
			return nil, err
		}
		c.index = indexOf(&c.view)
	}
	j.cases = append(j.cases, c)
	return c, nil
}

// apply takes the chain's next line in.
func (c *openCase) apply(l dossier.Line) {
	e := l.Entry
	if l.Conflict {
		c.conflict(e.Kind)
		return
	}
	c.view.Apply(e)
	c.moved = true
	c.sealed = e.Kind == dossier.Sealed && e.Detail != nil && e.Detail.Revision == l.N-1
	if e.Detail != nil && e.Detail.Anchor != nil {
		c.anchor = e.Detail.Anchor
	}
}

// conflict takes in that a line was kept as a conflict: it changes no view, and
// no seal is over it. A seal that was kept so changes nothing.
func (c *openCase) conflict(kind dossier.Kind) {
	if kind != dossier.Sealed {
		c.moved, c.sealed = true, false
	}
}

// load reads a case by what its rows say; known may have read its requests before.
func (c *openCase) load(ctx context.Context, q querier, view string, anchor sql.NullString, known *understood) error {
	if err := decode(view, &c.view); err != nil {
		return fmt.Errorf("reading the view of case %s: %w", c.id, err)
	}
	if anchor.Valid {
		c.anchor = new(calendar.Anchor)
		if err := decode(anchor.String, c.anchor); err != nil {
			return fmt.Errorf("reading the anchor of case %s: %w", c.id, err)
		}
	}
	var err error
	c.stored, err = queryAll(ctx, q, scanString, `SELECT request FROM requests WHERE case_id = ? ORDER BY pos`, c.id)
	if err != nil {
		return fmt.Errorf("reading the requests of case %s: %w", c.id, err)
	}
	c.view.Requests, err = known.requests(c.stored)
	return err
}

// save writes the view, and of its requests those that changed.
func (c *openCase) save(ctx context.Context, q querier) error {
	alone := c.view
	alone.Requests = nil
	view, err := encode(alone)
	if err != nil {
		return fmt.Errorf("writing the view of case %s: %w", c.id, err)
	}
	var anchor any
	if c.anchor != nil {
		if anchor, err = encode(c.anchor); err != nil {
			return fmt.Errorf("writing the anchor of case %s: %w", c.id, err)
		}
	}
	row := []any{view, anchor, c.view.State == dossier.Running, c.wantsSeal(), unfiled(&c.view), c.id}
	if c.seq > 0 {
		_, err = q.ExecContext(ctx, `UPDATE cases SET view = ?, anchor = ?, open = ?, seal = ?, unfiled = ? WHERE id = ?`, row...)
	} else {
		_, err = queryOne(ctx, q, []any{&c.seq}, `INSERT INTO cases (view, anchor, open, seal, unfiled, id) VALUES (?, ?, ?, ?, ?, ?) RETURNING seq`, row...)
	}
	if err != nil {
		return fmt.Errorf("storing case %s: %w", c.id, err)
	}
	if err := c.saveIndex(ctx, q); err != nil {
		return err
	}
	for i := range c.view.Requests {
		text, err := encode(&c.view.Requests[i])
		if err != nil {
			return fmt.Errorf("writing request %s: %w", c.view.Requests[i].ID, err)
		}
		if i < len(c.stored) && c.stored[i] == text {
			continue
		}
		if err := c.saveRequest(ctx, q, i, text); err != nil {
			return err
		}
	}
	return nil
}

func (c *openCase) saveRequest(ctx context.Context, q querier, pos int, text string) error {
	r := &c.view.Requests[pos]
	_, err := q.ExecContext(ctx, `INSERT INTO requests (id, case_id, pos, request) VALUES (?, ?, ?, ?)
		ON CONFLICT (case_id, pos) DO UPDATE SET request = excluded.request`, r.ID, c.id, pos, text)
	if err != nil {
		return fmt.Errorf("storing request %s: %w", r.ID, err)
	}
	if err := saveAnswered(ctx, q, r, c.seq, pos); err != nil {
		return err
	}
	return saveInbox(ctx, q, r)
}

// Case returns the view of a case, or dossier.NotFoundError.
func (a *Archive) Case(ctx context.Context, id string) (dossier.CaseView, error) {
	v, found, err := a.readCase(ctx, id)
	switch {
	case err != nil:
		return dossier.CaseView{}, err
	case !found:
		return dossier.CaseView{}, dossier.NotFoundError{What: "case", ID: id}
	}
	return v, nil
}

// readCase reads a view and its requests as of one moment.
func (a *Archive) readCase(ctx context.Context, id string) (v dossier.CaseView, found bool, err error) {
	err = a.read(ctx, func(q querier) error {
		var view string
		if found, err = queryOne(ctx, q, []any{&view}, `SELECT view FROM cases WHERE id = ?`, id); err != nil || !found {
			return err
		}
		c := openCase{id: id}
		err := c.load(ctx, q, view, sql.NullString{}, &a.understood)
		v = c.view
		return err
	})
	if err != nil {
		return v, false, fmt.Errorf("reading case %s for people: %w", id, err)
	}
	return v, found, nil
}

// Cases returns every case, the newest first.
func (a *Archive) Cases(ctx context.Context) ([]dossier.CaseView, error) {
	var views []dossier.CaseView
	err := a.read(ctx, func(q querier) error {
		var seqs []int
		_, err := queryAll(ctx, q, func(rows *sql.Rows) (none struct{}, err error) {
			var v dossier.CaseView
			var seq int
			var text string
			if err := rows.Scan(&seq, &text); err != nil {
				return none, err
			}
			err = decode(text, &v)
			seqs, views = append(seqs, seq), append(views, v)
			return none, err
		}, `SELECT seq, view FROM cases ORDER BY seq DESC`)
		if err != nil {
			return err
		}
		at := 0 // both come in the order of the cases
		_, err = queryAll(ctx, q, func(rows *sql.Rows) (none struct{}, err error) {
			var seq int
			var text string
			if err := rows.Scan(&seq, &text); err != nil {
				return none, err
			}
			for seqs[at] != seq {
				at++
			}
			r, err := a.understood.request(text)
			views[at].Requests = append(views[at].Requests, r)
			return none, err
		}, `SELECT c.seq, r.request FROM cases c JOIN requests r ON r.case_id = c.id ORDER BY c.seq DESC, r.pos`)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("reading the cases: %w", err)
	}
	return views, nil
}

// Request returns a request as it stands, or dossier.NotFoundError.
func (a *Archive) Request(ctx context.Context, id string) (review.Request, error) {
	var text string
	found, err := queryOne(ctx, a.reads, []any{&text}, requestQuery, id)
	if err != nil {
		return review.Request{}, fmt.Errorf("reading request %s: %w", id, err)
	}
	if !found {
		return review.Request{}, dossier.NotFoundError{What: "request", ID: id}
	}
	r, err := a.understood.request(text)
	if err != nil {
		return review.Request{}, fmt.Errorf("reading request %s as stored: %w", id, err)
	}
	return r, nil
}

const requestQuery = `SELECT request FROM requests WHERE id = ?`
