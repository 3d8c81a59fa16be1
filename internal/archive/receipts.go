package archive

import (
	"context"
	"errors"
	"fmt"

	"gangway/internal/review"
)

const receiptQuery = `SELECT outcome FROM receipts WHERE answer = ?`

// Receipt returns what the person was told about an answer or act, if anything.
func (s sortingroom) Receipt(ctx context.Context, answerID string) (review.Outcome, bool, error) {
	var o review.Outcome
	var text string
	found, err := queryOne(ctx, s.archive.reads, []any{&text}, receiptQuery, answerID)
	if err == nil && found {
		err = decode(text, &o)
	}
	if err != nil {
		return review.Outcome{}, false, fmt.Errorf("reading a receipt: %w", err)
	}
	return o, found, nil
}

// KeepReceipt keeps what a person is told about an answer or act before they are
// told. The first final outcome of an id stays; only a pending one is replaced. A
// power cut may take it: the process, which has the answer, says the same again.
func (s sortingroom) KeepReceipt(ctx context.Context, answerID, person, request string, o review.Outcome) error {
	if answerID == "" {
		return errors.New("keeping a receipt: it has no answer id")
	}
	return s.archive.write(ctx, "keeping a receipt", soon, func(q querier) error {
		return keepReceipt(ctx, q, answerID, person, request, o)
	})
}

func keepReceipt(ctx context.Context, q querier, answer, person, request string, o review.Outcome) error {
	text, err := encode(o)
	if err != nil {
		return fmt.Errorf("writing a receipt: %w", err)
	}
	_, err = q.ExecContext(ctx, `INSERT INTO receipts (answer, person, request, status, outcome) VALUES (?, ?, ?, ?, ?)
		ON CONFLICT (answer) DO UPDATE SET person = excluded.person, request = excluded.request, status = excluded.status, outcome = excluded.outcome
		WHERE receipts.status = 'pending'`, answer, person, request, string(o.Status), text)
	if err != nil {
		return fmt.Errorf("storing a receipt: %w", err)
	}
	return nil
}
