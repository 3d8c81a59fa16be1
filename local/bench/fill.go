package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"gangway/internal/dossier"
	"gangway/internal/review"
)

const (
	// chainLength is how many entries a case has here; a case with a contract has
	// about as many.
	chainLength = 50
	// rowsTogether is how many rows one statement writes: both databases take
	// 32,000 values at least.
	rowsTogether = 500
)

// entryOf is a case's entry of such a place in its chain: the opening, a request,
// then answers and people told, as a case has them.
func entryOf(id string, n int) dossier.Entry {
	at := time.Date(2026, 3, 2, 9, 0, n, 0, time.UTC)
	e := dossier.Entry{ID: fmt.Sprintf("%s#%d", id, n+1), Case: id, Process: id, Run: "0193f1c2-7a7e-7d0b-9c58-0c6d1f0f5b10", Kind: dossier.Request, At: at, CaseAt: at}
	r := id + ":gate.1"
	switch {
	case n == 0:
		e.Kind, e.Actor = dossier.CaseOpened, "olga"
		e.Detail = &dossier.Detail{Vendor: "acme", Owner: "olga", Requester: "olga", Playbook: "gate", Digest: dossier.Genesis("gate")}
	case n == 1:
		e.Fact = &review.Fact{Kind: review.FactOpened, Request: r, At: at, Opened: &review.Request{ID: r, Case: id, Process: id, Step: "gate",
			Kind: review.Decision, Title: "May the vendor start?", Owner: "olga", Vendor: "acme", Opened: at,
			Policy:   review.Policy{Groups: []review.Group{{Rule: review.RuleAll, Seats: []review.Seat{{ID: "legal", Role: "legal"}}}}},
			Seatings: []review.Seating{{Seat: "legal", Holders: []review.Holder{{Person: "lena", Via: review.ViaRole, Since: at}}}}}}
	case n%3 == 0:
		e.Actor, e.Answer = "lena", fmt.Sprintf("web-%s-%d", id, n)
		e.Fact = &review.Fact{Kind: review.FactRefused, Request: r, At: at, Seat: "legal", Person: "lena", Answer: e.Answer, Why: string(review.Closed)}
	default:
		e.Fact = &review.Fact{Kind: review.FactTold, Request: r, At: at, Seat: "legal", Person: "lena", Why: "reminder"}
	}
	return e
}

// columns of a line as it is filled.
var columns = []string{"chain", "n", "id", "kind", "answer", "conflict", "entry", "prev", "hash", "body_digest", "salt", "body"}

// fill writes so many entries past the archive: Append folds each into the views,
// which is no part of verifying. That the lines are what Append would have
// written, CheckJournal says.
func fill(ctx context.Context, at place, entries int) (err error) {
	driver, source := "sqlite", filepath.Join(at.Dir, "archive.db")
	if at.Database != "" {
		driver, source = "pgx", at.Database
	}
	db, err := sql.Open(driver, source)
	if err != nil {
		return fmt.Errorf("opening the database beside the archive: %w", err)
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	db.SetMaxOpenConns(1)
	if driver == "sqlite" {
		_, err = db.ExecContext(ctx, `PRAGMA synchronous = OFF`)
		if err != nil {
			return fmt.Errorf("hurrying the database: %w", err)
		}
	}
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("beginning to fill: %w", err)
	}
	defer func() { _ = tx.Rollback() }() // after the commit it does nothing
	lines := &rows{tx: tx, numbered: driver == "pgx", table: "lines", columns: columns}
	heads := &rows{tx: tx, numbered: driver == "pgx", table: "chains", columns: []string{"chain", "n", "head"}}
	for i := 0; i < entries; i += chainLength {
		id := fmt.Sprintf("onboarding/filled-%d/1", i/chainLength)
		head, err := chain(ctx, lines, id)
		if err == nil {
			err = heads.add(ctx, id, chainLength, head)
		}
		if err != nil {
			return err
		}
	}
	err = errors.Join(lines.flush(ctx), heads.flush(ctx))
	if err == nil {
		err = tx.Commit()
	}
	if err == nil {
		_, err = db.ExecContext(ctx, `ANALYZE`)
	}
	return err
}

// chain writes one case's lines and returns the hash of the last.
func chain(ctx context.Context, to *rows, id string) (head string, err error) {
	head = dossier.Genesis(id)
	for n := range chainLength {
		l := dossier.Line{N: n + 1, Entry: entryOf(id, n), Prev: head}
		var answer, salt, body any
		if l.Entry.Answer != "" {
			b := dossier.Body{Inside: "The liability cap in clause 9 is too low for what they keep of ours."}
			l.Salt = rand.Text()
			l.BodyDigest = dossier.BodyDigest(l.Salt, b)
			text, err := plain(b)
			if err != nil {
				return "", err
			}
			answer, salt, body = l.Entry.Answer, l.Salt, text
		}
		l.Hash = dossier.LineHash(l)
		entry, err := plain(l.Entry)
		if err != nil {
			return "", err
		}
		err = to.add(ctx, id, l.N, l.Entry.ID, string(l.Entry.Kind), answer, 0, entry, l.Prev, l.Hash, l.BodyDigest, salt, body)
		if err != nil {
			return "", err
		}
		head = l.Hash
	}
	return head, nil
}

func plain(v any) (string, error) {
	var b bytes.Buffer
	to := json.NewEncoder(&b)
	to.SetEscapeHTML(false)
	err := to.Encode(v)
	if err != nil {
		return "", fmt.Errorf("writing a line: %w", err)
	}
	return strings.TrimSuffix(b.String(), "\n"), nil
}

// rows collects the rows of a table and writes many at once.
type rows struct {
	tx *sql.Tx
	// numbered: PostgreSQL's places for values, instead of SQLite's.
	numbered bool
	table    string
	columns  []string
	values   []any
}

func (r *rows) add(ctx context.Context, values ...any) error {
	r.values = append(r.values, values...)
	if len(r.values) < rowsTogether*len(r.columns) {
		return nil
	}
	return r.flush(ctx)
}

func (r *rows) flush(ctx context.Context) error {
	if len(r.values) == 0 {
		return nil
	}
	var b strings.Builder
	fmt.Fprintf(&b, "INSERT INTO %s (%s) VALUES ", r.table, strings.Join(r.columns, ", "))
	for i := range r.values {
		switch {
		case i == 0:
			b.WriteString("(")
		case i%len(r.columns) == 0:
			b.WriteString("), (")
		default:
			b.WriteString(", ")
		}
		if r.numbered {
			fmt.Fprintf(&b, "$%d", i+1)
		} else {
			b.WriteString("?")
		}
	}
	b.WriteString(")")
	_, err := r.tx.ExecContext(ctx, b.String(), r.values...)
	r.values = r.values[:0]
	if err != nil {
		return fmt.Errorf("writing rows of %s: %w", r.table, err)
	}
	return nil
}
