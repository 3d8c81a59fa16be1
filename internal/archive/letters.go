package archive

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"gangway/internal/dossier"
	"gangway/internal/outbox"
)

const letterColumns = `letter, state, next_try, tries, first_try, message, changed, fault, repeated`

// PutLetter keeps a letter until it is sent. The same id is kept once, as it came
// first; a letter that names another takes that one off the lists of what wants
// somebody's eye.
func (a *Archive) PutLetter(ctx context.Context, l outbox.Letter) error {
	if l.ID == "" || l.Person == "" || l.Kind == "" {
		return errors.New("keeping a letter: it has no id, no person or no kind")
	}
	if l.State == "" {
		l.State = outbox.Waiting
	}
	if l.Next.IsZero() {
		l.Next = l.Made
	}
	text, err := encode(unchanging(l))
	if err != nil {
		return fmt.Errorf("writing a letter: %w", err)
	}
	return a.write(ctx, "keeping a letter", first, func(q querier) error {
		_, err := q.ExecContext(ctx, `INSERT INTO letters
			(id, person, kind, case_id, letter, made, state, next_try, tries, first_try, message, token, changed, fault, repeated, untold)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0, 0, '', '', ?, '', 0, 0) ON CONFLICT (id) DO NOTHING`,
			l.ID, l.Person, string(l.Kind), l.Case, text, micro(l.Made), string(l.State), micro(l.Next), micro(l.Made))
		if err != nil {
			return fmt.Errorf("storing a letter: %w", err)
		}
		if l.Again != "" {
			if _, err := q.ExecContext(ctx, `UPDATE letters SET repeated = 1 WHERE id = ?`, l.Again); err != nil {
				return fmt.Errorf("noting that a letter is sent again: %w", err)
			}
		}
		if l.Kind == outbox.Checkpoint { // nobody is told of the case by it
			return nil
		}
		return noteCase(ctx, q, l.Case, l.Kind == outbox.Outcome && l.Why == outbox.WhyEnded)
	})
}

// noteCase remembers that somebody was told of a case, so that they are told of
// its end too, once; ended: this is that.
func noteCase(ctx context.Context, q querier, id string, ended bool) error {
	if id == "" {
		return nil
	}
	told := 0
	if ended {
		told = 1
	}
	_, err := q.ExecContext(ctx, `INSERT INTO letter_cases (case_id, told) VALUES (?, ?)
		ON CONFLICT (case_id) DO UPDATE SET told = excluded.told WHERE letter_cases.told < excluded.told`, id, told)
	if err != nil {
		return fmt.Errorf("remembering of which case somebody was told: %w", err)
	}
	return nil
}

// unchanging leaves of a letter what its row's columns don't hold.
func unchanging(l outbox.Letter) outbox.Letter {
	l.Next, l.State, l.Tries, l.First, l.Message, l.Changed, l.Fault, l.Repeated = time.Time{}, "", 0, time.Time{}, "", time.Time{}, "", false
	return l
}

// errTaken says that another worker was quicker.
var errTaken = errors.New("a letter of the mail was taken, or the day's digest left")

// TakeLetters says before a mail is sent that it is being sent: all of its
// letters, or none where another worker has one of them or, of a digest, the
// person had that day's already. A mail that is tried again claims no day again.
func (a *Archive) TakeLetters(ctx context.Context, m outbox.Mail) (bool, error) {
	if m.Message == "" || len(m.Letters) == 0 || len(m.Letters) > outbox.MostLetters {
		return false, fmt.Errorf("taking letters: a mail has a Message-ID and 1 to %d letters", outbox.MostLetters)
	}
	err := a.write(ctx, "taking letters", first, func(q querier) error {
		if m.Day != "" {
			err := changedOne(q.ExecContext(ctx, `INSERT INTO digests (person, day) VALUES (?, ?)
				ON CONFLICT (person) DO UPDATE SET day = excluded.day WHERE digests.day < excluded.day`, m.Person, m.Day))
			if err != nil {
				return err
			}
		}
		for _, id := range m.Letters {
			err := changedOne(q.ExecContext(ctx, `UPDATE letters SET state = 'sending', message = ?, token = ?, changed = ?, tries = tries + 1,
				first_try = CASE WHEN first_try = 0 THEN ? ELSE first_try END
				WHERE id = ? AND state = 'waiting' AND message IN ('', ?)`, m.Message, m.Token, micro(m.At), micro(m.At), id, m.Message))
			if err != nil {
				return err
			}
		}
		return nil
	})
	if errors.Is(err, errTaken) {
		return false, nil
	}
	return err == nil, err
}

// changedOne turns a statement that found nothing to change into errTaken.
func changedOne(r sql.Result, err error) error {
	if err != nil {
		return err
	}
	n, err := r.RowsAffected()
	if err == nil && n == 0 {
		return errTaken
	}
	return err
}

// SettleLetters says what became of a mail. One that was given up as unknown
// because it took too long can still be settled by whoever sent it; nothing else
// that is final changes, but that what was taken may come back (Bounced).
func (a *Archive) SettleLetters(ctx context.Context, message string, s outbox.Settled) (bool, error) {
	if message == "" || s.State == outbox.Sending || s.State == "" {
		return false, errors.New("settling letters: a mail has a Message-ID and comes to an end")
	}
	open := `state IN ('sending', 'unknown')`
	if s.State == outbox.Bounced {
		open = `state IN ('sending', 'unknown', 'sent')`
	}
	if s.State == outbox.Waiting { // unknown is never tried again by itself
		open = `state = 'sending'`
	}
	var changed bool
	err := a.write(ctx, "settling letters", first, func(q querier) error {
		err := changedOne(q.ExecContext(ctx, `UPDATE letters SET state = ?, next_try = ?, fault = ?, changed = ?,
			untold = CASE WHEN kind = 'sign-in' THEN 0 ELSE ? END WHERE message = ? AND `+open,
			string(s.State), micro(s.Next), s.Fault, micro(s.At), untold(s.State), message))
		changed = err == nil
		if errors.Is(err, errTaken) {
			return nil
		}
		return err
	})
	return changed, err
}

// SettleWaiting settles letters that wait without a mail. Waiting puts them off
// until Next; with a fault that is a try that failed before anything was said
// about them, and it is counted. Dropped: nothing is left to tell; Refused: they
// can't be told.
func (a *Archive) SettleWaiting(ctx context.Context, ids []string, s outbox.Settled) error {
	if len(ids) > outbox.MostLetters || s.State != outbox.Waiting && s.State != outbox.Dropped && s.State != outbox.Refused {
		return fmt.Errorf("settling waiting letters: at most %d, which go on waiting, are dropped or refused", outbox.MostLetters)
	}
	tried := 0
	if s.State == outbox.Waiting && s.Fault != "" {
		tried = 1
	}
	return a.write(ctx, "settling waiting letters", first, func(q querier) error {
		for _, id := range ids {
			if s.State == outbox.Waiting && tried == 0 {
				if _, err := q.ExecContext(ctx, `UPDATE letters SET next_try = ? WHERE id = ? AND state = 'waiting'`, micro(s.Next), id); err != nil {
					return fmt.Errorf("putting a letter off: %w", err)
				}
				continue
			}
			_, err := q.ExecContext(ctx, `UPDATE letters SET state = ?, next_try = ?, fault = ?, changed = ?, tries = tries + ?,
				first_try = CASE WHEN first_try = 0 THEN ? ELSE first_try END,
				untold = CASE WHEN kind = 'sign-in' THEN 0 ELSE ? END WHERE id = ? AND state = 'waiting'`,
				string(s.State), micro(s.Next), s.Fault, micro(s.At), tried, micro(s.At)*int64(tried), untold(s.State), id)
			if err != nil {
				return fmt.Errorf("ending a letter: %w", err)
			}
		}
		return nil
	})
}

func untold(s outbox.State) int {
	if s.Failed() {
		return 1
	}
	return 0
}

// GiveUpLetters makes unknown what is being sent since before then: whoever sent
// it was killed, and the server may have it. It returns how many.
func (a *Archive) GiveUpLetters(ctx context.Context, before, now time.Time) (int, error) {
	var n int64
	err := a.write(ctx, "giving up letters", first, func(q querier) error {
		r, err := q.ExecContext(ctx, `UPDATE letters SET state = 'unknown', fault = 'no word', changed = ? WHERE state = 'sending' AND changed < ?`,
			micro(now), micro(before))
		if err != nil {
			return err
		}
		n, err = r.RowsAffected()
		return err
	})
	return int(n), err
}

// ToldLetter says that the case of a failed letter knows.
func (a *Archive) ToldLetter(ctx context.Context, id string) error {
	return a.write(ctx, "noting a failed letter", later, func(q querier) error {
		_, err := q.ExecContext(ctx, `UPDATE letters SET untold = 0 WHERE id = ?`, id)
		return err
	})
}

// PurgeLetters forgets letters with one-time links that were made before then.
func (a *Archive) PurgeLetters(ctx context.Context, before time.Time) error {
	return a.write(ctx, "forgetting old links' letters", later, func(q querier) error {
		_, err := q.ExecContext(ctx, `DELETE FROM letters WHERE kind = 'sign-in' AND made < ? AND state NOT IN ('waiting', 'sending')`, micro(before))
		return err
	})
}

// Letter returns a letter, or dossier.NotFoundError.
func (a *Archive) Letter(ctx context.Context, id string) (outbox.Letter, error) {
	all, err := queryAll(ctx, a.reads, scanLetter, `SELECT `+letterColumns+` FROM letters WHERE id = ?`, id)
	if err != nil {
		return outbox.Letter{}, fmt.Errorf("reading a letter: %w", err)
	}
	if len(all) == 0 {
		return outbox.Letter{}, dossier.NotFoundError{What: "letter", ID: id}
	}
	return all[0], nil
}

// micro is a time as these tables keep it.
func micro(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}

func fromMicro(n int64) time.Time {
	if n == 0 {
		return time.Time{}
	}
	return time.UnixMicro(n).UTC()
}

func scanLetter(rows *sql.Rows) (outbox.Letter, error) {
	var l outbox.Letter
	var text, state string
	var next, firstTry, changed, repeated int64
	row := outbox.Letter{}
	if err := rows.Scan(&text, &state, &next, &row.Tries, &firstTry, &row.Message, &changed, &row.Fault, &repeated); err != nil {
		return l, err
	}
	if err := decode(text, &l); err != nil {
		return l, fmt.Errorf("reading a letter as stored: %w", err)
	}
	l.State, l.Next, l.Tries, l.First = outbox.State(state), fromMicro(next), row.Tries, fromMicro(firstTry)
	l.Message, l.Changed, l.Fault, l.Repeated = row.Message, fromMicro(changed), row.Fault, repeated == 1
	return l, nil
}
