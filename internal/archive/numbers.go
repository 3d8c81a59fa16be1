package archive

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"gangway/internal/dossier"
	"gangway/internal/playbook"
)

// OpenCase gives an intake its case id, prefix and the next number of it, without
// gaps. The same intake gets the same case again, and fresh is false. input is
// what the case will be started with; it is kept until Started. For a fresh
// intake it also keeps the vendor's name and appends what noted says of the case,
// the body with the last entry, unless noted is nil: all of it stands or nothing.
// noted may be asked more than once.
func (a *Archive) OpenCase(ctx context.Context, intakeID, prefix string, input []byte, vendor dossier.Name, unless []string,
	noted func(caseID string) ([]dossier.Entry, dossier.Body)) (caseID string, fresh bool, err error) {
	if intakeID == "" || prefix == "" {
		return "", false, errors.New("opening a case: it has no intake id or no prefix")
	}
	if input == nil {
		input = []byte{}
	}
	err = a.write(ctx, "opening a case", first, func(q querier) error {
		caseID, fresh, err = reserve(ctx, q, intakeID, prefix, input)
		if err != nil || !fresh {
			return err
		}
		err = free(ctx, q, caseID, unless)
		if err != nil || noted == nil {
			return err
		}
		if err := nameVendor(ctx, q, vendor.ID, vendor.Name); err != nil {
			return fmt.Errorf("naming the vendor of a case: %w", err)
		}
		entries, body := noted(caseID)
		list := make([]pending, 0, len(entries))
		for i, e := range entries {
			b := &body
			if i < len(entries)-1 {
				b = nil
			}
			p, err := prepare(e, b)
			if err != nil {
				return fmt.Errorf("preparing what is noted of a new case: %w", err)
			}
			list = append(list, p)
		}
		return appendAll(ctx, q, list)
	})
	if err != nil {
		return "", false, err
	}
	return caseID, fresh, nil
}

// engagedError refuses a case because another runs already.
type engagedError struct{ caseID string }

func (e engagedError) Error() string { return e.caseID + " runs already" }

// Engaged is what runs.
func (e engagedError) Engaged() string { return e.caseID }

// free holds that no other case whose id begins with one of the prefixes is reserved or
// runs. In the ids' order / is followed by 0.
func free(ctx context.Context, q querier, caseID string, unless []string) error {
	for _, prefix := range unless {
		var other string
		found, err := queryOne(ctx, q, []any{&other}, `SELECT r.case_id FROM reservations r LEFT JOIN cases c ON c.id = r.case_id
WHERE r.case_id > ? AND r.case_id < ? AND r.case_id <> ? AND (c.id IS NULL OR c.open = 1) ORDER BY r.seq LIMIT 1`, prefix+"/", prefix+"0", caseID)
		if err == nil && !found { // some begin without anybody who asks for them
			found, err = queryOne(ctx, q, []any{&other}, `SELECT id FROM cases WHERE id > ? AND id < ? AND id <> ? AND open = 1 ORDER BY seq LIMIT 1`, prefix+"/", prefix+"0", caseID)
		}
		if err != nil {
			return fmt.Errorf("looking whether a case runs already: %w", err)
		}
		if found {
			return engagedError{other}
		}
	}
	return nil
}

func reserve(ctx context.Context, q querier, intakeID, prefix string, input []byte) (caseID string, fresh bool, err error) {
	found, err := queryOne(ctx, q, []any{&caseID}, `SELECT case_id FROM reservations WHERE intake = ?`, intakeID)
	if err != nil || found {
		return caseID, false, err
	}
	n, err := next(ctx, q, prefix)
	if err != nil {
		return "", false, err
	}
	caseID = fmt.Sprintf("%s/%d", prefix, n)
	_, err = q.ExecContext(ctx, `INSERT INTO reservations (intake, case_id, input) VALUES (?, ?, ?)`, intakeID, caseID, input)
	return caseID, true, err
}

// Unstarted returns the reserved cases that were not started yet, in the order
// in which they were reserved.
func (a *Archive) Unstarted(ctx context.Context) ([]playbook.Reserved, error) {
	all, err := queryAll(ctx, a.reads, func(rows *sql.Rows) (r playbook.Reserved, err error) {
		return r, rows.Scan(&r.Case, &r.Input)
	}, `SELECT case_id, input FROM reservations WHERE started = 0 ORDER BY seq`)
	if err != nil {
		return nil, fmt.Errorf("listing the cases that wait to be started: %w", err)
	}
	return all, nil
}

// Started notes that reserved cases run, all or none, and drops their input.
// A power cut may take the note: starting a case again changes nothing.
func (a *Archive) Started(ctx context.Context, caseIDs ...string) error {
	return a.write(ctx, "noting that cases were started", soon, func(q querier) error {
		for _, id := range caseIDs {
			r, err := q.ExecContext(ctx, `UPDATE reservations SET started = 1, input = NULL WHERE case_id = ?`, id)
			if err != nil {
				return err
			}
			if n, err := r.RowsAffected(); err != nil {
				return err
			} else if n == 0 {
				return dossier.NotFoundError{What: "reserved case", ID: id}
			}
		}
		return nil
	})
}

// NumberFor gives the next number of a prefix to a key, without gaps; the same
// key gets the same number again.
func (a *Archive) NumberFor(ctx context.Context, prefix, key string) (int, error) {
	if prefix == "" || key == "" {
		return 0, errors.New("giving a number: there is no prefix or no key")
	}
	var n int
	err := a.write(ctx, "giving a number", first, func(q querier) error {
		found, err := queryOne(ctx, q, []any{&n}, `SELECT n FROM numbered WHERE prefix = ? AND key = ?`, prefix, key)
		if err != nil || found {
			return err
		}
		if n, err = next(ctx, q, prefix); err != nil {
			return err
		}
		_, err = q.ExecContext(ctx, `INSERT INTO numbered (prefix, key, n) VALUES (?, ?, ?)`, prefix, key, n)
		return err
	})
	if err != nil {
		return 0, err
	}
	return n, nil
}

func next(ctx context.Context, q querier, prefix string) (int, error) {
	var n int
	_, err := queryOne(ctx, q, []any{&n}, `INSERT INTO numbers (prefix, last) VALUES (?, 1)
		ON CONFLICT (prefix) DO UPDATE SET last = numbers.last + 1 RETURNING last`, prefix)
	if err != nil {
		return 0, fmt.Errorf("counting %s: %w", prefix, err)
	}
	return n, nil
}
