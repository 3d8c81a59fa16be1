package archive

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"gangway/internal/arrivals"
	"gangway/internal/dossier"
	"gangway/internal/review"
)

const (
	arrivalQuery      = `SELECT arrival FROM arrivals WHERE id = ?`
	keptArrivalsQuery = `SELECT arrival FROM arrivals WHERE state = 'kept' ORDER BY came, id LIMIT ?`
	caseArrivalsQuery = `SELECT arrival FROM arrivals WHERE case_id = ? AND case_id <> '' ORDER BY came, id LIMIT ?`
	kindArrivalsQuery = `SELECT arrival FROM arrivals WHERE kind = ? AND kind <> '' ORDER BY came DESC, id DESC LIMIT ?`
)

// PutArrival keeps a message by its id, once, and returns the row that stands:
// first is true for exactly one of all who put it. Its raw bytes must be among the
// documents already, else it is a dossier.NotFoundError.
//
// It is first: whoever put it goes on to touch the mailbox.
func (l letterbox) PutArrival(ctx context.Context, a arrivals.Arrival) (kept arrivals.Arrival, isFirst bool, err error) {
	if a.ID == "" || a.Raw == "" || a.Came.IsZero() {
		return kept, false, errors.New("keeping a mail that came: it has no id, no document or no instant")
	}
	fresh := arrivals.Arrival{ID: a.ID, Raw: a.Raw, Size: a.Size, Came: a.Came.UTC(), State: arrivals.Kept}
	text, err := encode(fresh)
	if err != nil {
		return kept, false, fmt.Errorf("writing a mail that came: %w", err)
	}
	err = l.archive.write(ctx, "keeping a mail that came", first, func(q querier) error {
		kept = arrivals.Arrival{}
		var has bool
		if _, err := queryOne(ctx, q, []any{&has}, `SELECT EXISTS (SELECT 1 FROM documents WHERE digest = ?)`, a.Raw); err != nil {
			return fmt.Errorf("looking for the document of a mail: %w", err)
		}
		if !has {
			return dossier.NotFoundError{What: "document of a mail", ID: a.Raw}
		}
		done, err := q.ExecContext(ctx, `INSERT INTO arrivals (id, came, state, kind, person, case_id, answer, arrival) VALUES (?, ?, 'kept', '', '', '', '', ?)
			ON CONFLICT (id) DO NOTHING`, a.ID, micro(fresh.Came), text)
		if err != nil {
			return err
		}
		n, err := done.RowsAffected()
		if err != nil {
			return err
		}
		isFirst = n == 1
		kept, err = arrivalOf(ctx, q, a.ID)
		return err
	})
	if err != nil {
		return arrivals.Arrival{}, false, err
	}
	return kept, isFirst, nil
}

func arrivalOf(ctx context.Context, q querier, id string) (arrivals.Arrival, error) {
	all, err := queryAll(ctx, q, scanArrival, arrivalQuery, id)
	if err != nil {
		return arrivals.Arrival{}, fmt.Errorf("reading a mail that came: %w", err)
	}
	if len(all) == 0 {
		return arrivals.Arrival{}, dossier.NotFoundError{What: "arrival", ID: id}
	}
	return all[0], nil
}

func scanArrival(rows *sql.Rows) (a arrivals.Arrival, err error) {
	text, err := scanString(rows)
	if err != nil {
		return a, err
	}
	return a, decode(text, &a)
}

// SettleArrival says what a message turned out to be, once: of all who say so the
// first one's word stands, and for the others nothing happens. What came first (its
// raw bytes, its size, when it was seen) stays as it was kept. The chain of the
// case that it belongs to, if any, gets an entry that names its raw bytes, which
// are the case's from then on. An arrival that was never put, and a case that isn't
// there, are a dossier.NotFoundError.
//
// It is soon: if a power cut takes it, the message is worked off again, to the same
// end.
func (l letterbox) SettleArrival(ctx context.Context, a arrivals.Arrival) error {
	if a.ID == "" || a.Kind == "" {
		return errors.New("settling a mail that came: it has no id, or nobody says what it is")
	}
	if a.Done.IsZero() {
		a.Done = l.archive.now()
	}
	return l.archive.write(ctx, "settling a mail that came", soon, func(q querier) error {
		kept, err := arrivalOf(ctx, q, a.ID)
		if err != nil || kept.State == arrivals.Settled {
			return err
		}
		a := a // the transaction may run again
		a.Raw, a.Size, a.Came, a.State, a.Done = kept.Raw, kept.Size, kept.Came, arrivals.Settled, a.Done.UTC()
		text, err := encode(a)
		if err != nil {
			return fmt.Errorf("writing what became of a mail: %w", err)
		}
		done, err := q.ExecContext(ctx, `UPDATE arrivals SET state = 'settled', kind = ?, person = ?, case_id = ?, answer = ?, arrival = ? WHERE id = ? AND state = 'kept'`,
			string(a.Kind), a.Person, a.Case, a.Answer, text, a.ID)
		if err != nil {
			return err
		}
		n, err := done.RowsAffected()
		if err != nil || n == 0 || a.Case == "" {
			return err
		}
		return fileMail(ctx, q, a)
	})
}

// fileMail appends to the case's chain what became of a mail. It carries no id of
// an answer: the text that waits under that belongs to the entry of the answer.
func fileMail(ctx context.Context, q querier, a arrivals.Arrival) error {
	at, err := caseTime(ctx, q, a.Case, a.Done)
	if err != nil {
		return err
	}
	d := dossier.Detail{Document: a.Raw, Size: a.Size, Media: mailMedia, Result: string(a.Kind), Person: a.Person, Request: a.Request, Arrived: a.Came}
	for _, w := range a.Why {
		d.Values = append(d.Values, string(w))
	}
	if a.Outcome != "" {
		d.Outcome = &review.Outcome{Status: review.Status(a.Outcome)}
	}
	p, err := prepare(dossier.Entry{ID: a.Case + "#archive/mail-" + a.ID, Case: a.Case, Process: a.Case, Kind: dossier.MailFiled,
		At: a.Done, CaseAt: at, Detail: &d}, nil)
	if err != nil {
		return err
	}
	return appendAll(ctx, q, []pending{p})
}

// mailMedia is what a raw mail is, whatever its bytes look like.
const mailMedia = "message/rfc822"

// Arrival returns a message by its id, or dossier.NotFoundError.
func (l letterbox) Arrival(ctx context.Context, id string) (arrivals.Arrival, error) {
	return arrivalOf(ctx, l.archive.reads, id)
}

// Ways to list arrivals, besides those of a kind.
const (
	ArrivalsKept = "kept"
	ArrivalsCase = "case"
)

// Arrivals lists at most that many messages: by ArrivalsKept those that are not
// settled, by ArrivalsCase those of the case named, the oldest first; by a kind of
// arrival (arrivals.Stray) those of that kind, the newest first.
func (l letterbox) Arrivals(ctx context.Context, by, of string, most int) ([]arrivals.Arrival, error) {
	query, args := kindArrivalsQuery, []any{by, max(most, 0)}
	switch by {
	case "":
		return nil, errors.New("listing mails that came: by nothing")
	case ArrivalsKept:
		query, args = keptArrivalsQuery, []any{max(most, 0)}
	case ArrivalsCase:
		query, args = caseArrivalsQuery, []any{of, max(most, 0)}
	}
	all, err := queryAll(ctx, l.archive.reads, scanArrival, query, args...)
	if err != nil {
		return nil, fmt.Errorf("listing mails that came: %w", err)
	}
	return all, nil
}

// Cursor returns how far a mailbox was read, or dossier.NotFoundError.
func (l letterbox) Cursor(ctx context.Context, mailbox string) (arrivals.Cursor, error) {
	c := arrivals.Cursor{Mailbox: mailbox}
	var at int64
	found, err := queryOne(ctx, l.archive.reads, []any{&c.Validity, &c.Last, &at}, `SELECT validity, last, at FROM cursors WHERE mailbox = ?`, mailbox)
	if err != nil {
		return arrivals.Cursor{}, fmt.Errorf("reading how far a mailbox was read: %w", err)
	}
	if !found {
		return arrivals.Cursor{}, dossier.NotFoundError{What: "mailbox", ID: mailbox}
	}
	c.At = fromMicro(at)
	return c, nil
}

// PutCursor keeps how far a mailbox was read; the newest word stands, also one that
// steps back: messages are then only looked at again.
//
// It is soon: a cursor that a power cut took is an older one.
func (l letterbox) PutCursor(ctx context.Context, c arrivals.Cursor) error {
	if c.Mailbox == "" {
		return errors.New("keeping how far a mailbox was read: no mailbox is named")
	}
	return l.archive.write(ctx, "keeping how far a mailbox was read", soon, func(q querier) error {
		_, err := q.ExecContext(ctx, `INSERT INTO cursors (mailbox, validity, last, at) VALUES (?, ?, ?, ?)
			ON CONFLICT (mailbox) DO UPDATE SET validity = excluded.validity, last = excluded.last, at = excluded.at`,
			c.Mailbox, int64(c.Validity), int64(c.Last), micro(c.At))
		return err
	})
}

// keepMailEvents is longer than a mail provider repeats an event (SendGrid: 24
// hours) and than its signed instant is fresh.
const keepMailEvents = 10 * 24 * time.Hour

// NewMailEvent takes in an event of a mail provider by its id: true for exactly one
// of all who do. Sweep forgets it ten days later.
//
// It is soon: what an event changes is the same if it comes again.
func (l letterbox) NewMailEvent(ctx context.Context, id string, at time.Time) (isFirst bool, err error) {
	if id == "" || at.IsZero() {
		return false, errors.New("taking in an event of a mail provider: it has no id or no instant")
	}
	err = l.archive.write(ctx, "taking in an event of a mail provider", soon, func(q querier) error {
		done, err := q.ExecContext(ctx, `INSERT INTO mail_events (id, at) VALUES (?, ?) ON CONFLICT (id) DO NOTHING`, id, micro(at))
		if err != nil {
			return err
		}
		n, err := done.RowsAffected()
		isFirst = n == 1
		return err
	})
	if err != nil {
		return false, err
	}
	return isFirst, nil
}
