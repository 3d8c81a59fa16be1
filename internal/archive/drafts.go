package archive

import (
	"context"
	"errors"
	"fmt"
	"time"

	"gangway/internal/dossier"
)

const (
	draftQuery = `SELECT fields, at FROM drafts WHERE person = ? AND request = ?`
	// keepDrafts is how long a form that nobody went on with is kept.
	keepDrafts = 180 * 24 * time.Hour
	// mostDraft bounds a form that is being filled in (bytes).
	mostDraft = 1 << 20
)

// PutDraft keeps what somebody has filled in of a form so far; what was saved later
// stands. More than a MiB is refused.
//
// It is soon: a power cut may take the last words of a form, which saves itself
// again.
func (f frontoffice) PutDraft(ctx context.Context, person, request string, fields []byte, at time.Time) error {
	if person == "" || request == "" || at.IsZero() {
		return errors.New("keeping a draft: nobody, no request or no instant is named")
	}
	if len(fields) > mostDraft {
		return TooLargeError{Limit: mostDraft}
	}
	if fields == nil {
		fields = []byte{}
	}
	return f.archive.write(ctx, "keeping a draft", soon, func(q querier) error {
		_, err := q.ExecContext(ctx, `INSERT INTO drafts (person, request, fields, at) VALUES (?, ?, ?, ?)
			ON CONFLICT (person, request) DO UPDATE SET fields = excluded.fields, at = excluded.at WHERE drafts.at <= excluded.at`, person, request, fields, micro(at))
		return err
	})
}

// Draft returns what somebody has filled in of a form, and when it was saved; or
// dossier.NotFoundError.
func (f frontoffice) Draft(ctx context.Context, person, request string) (fields []byte, at time.Time, err error) {
	var saved int64
	found, err := queryOne(ctx, f.archive.reads, []any{&fields, &saved}, draftQuery, person, request)
	if err != nil {
		return nil, time.Time{}, fmt.Errorf("reading a draft: %w", err)
	}
	if !found {
		return nil, time.Time{}, dossier.NotFoundError{What: "draft"}
	}
	return fields, fromMicro(saved), nil
}

// DropDraft forgets what somebody has filled in of a form.
func (f frontoffice) DropDraft(ctx context.Context, person, request string) error {
	return f.archive.change(ctx, "forgetting a draft", `DELETE FROM drafts WHERE person = ? AND request = ?`, person, request)
}
