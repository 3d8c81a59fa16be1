package archive

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"

	"gangway/internal/dossier"
	"gangway/internal/outbox"
)

const (
	placeColumns = `posting, channel, stamp, digest, gone, made`
	placeQuery   = `SELECT ` + placeColumns + ` FROM places WHERE channel = ? AND stamp = ?`
	placesQuery  = `SELECT ` + placeColumns + ` FROM places WHERE posting = ? AND gone = 0 ORDER BY made, channel, stamp`
)

// errNoPlace says that there is nothing to change.
var errNoPlace = errors.New("a place is not known yet")

// PutPlace writes a place, new or changed, by its Channel and Stamp; when it was
// made stays.
//
// A new one is first: a message whose place is lost is posted again, and then
// there are two. A new one without a Digest shows nobody knows what, so its posting
// is wanted with it: whoever is killed in between would leave a twin that follows
// nothing until something else changes. What changes of one that is known is soon:
// at worst the same is sent to it again.
func (p pinboard) PutPlace(ctx context.Context, o outbox.Place) error {
	if o.Posting == "" || o.Channel == "" || o.Stamp == "" {
		return errors.New("keeping a place: it has no posting, no channel or no stamp")
	}
	err := p.archive.write(ctx, "changing a place", soon, func(q querier) error {
		done, err := q.ExecContext(ctx, `UPDATE places SET posting = ?, digest = ?, gone = ? WHERE channel = ? AND stamp = ?`,
			o.Posting, o.Digest, o.Gone, o.Channel, o.Stamp)
		if err != nil {
			return err
		}
		n, err := done.RowsAffected()
		if err == nil && n == 0 {
			return errNoPlace
		}
		return err
	})
	if !errors.Is(err, errNoPlace) {
		return err
	}
	made := cmp.Or(micro(o.Made), micro(p.archive.now()))
	return p.archive.write(ctx, "keeping a place", first, func(q querier) error {
		_, err := q.ExecContext(ctx, `INSERT INTO places (channel, stamp, posting, digest, gone, made) VALUES (?, ?, ?, ?, ?, ?)
			ON CONFLICT (channel, stamp) DO UPDATE SET posting = excluded.posting, digest = excluded.digest, gone = excluded.gone`,
			o.Channel, o.Stamp, o.Posting, o.Digest, o.Gone, made)
		if err != nil || o.Digest != "" || o.Gone {
			return err
		}
		condition, of := wanted(outbox.Want{ID: o.Posting})
		_, err = q.ExecContext(ctx, wantQuery(condition, 0), micro(p.archive.now()), of)
		return err
	})
}

// Places lists where a posting stands, the oldest first, those that are gone left
// out.
func (p pinboard) Places(ctx context.Context, posting string) ([]outbox.Place, error) {
	all, err := queryAll(ctx, p.archive.reads, scanPlace, placesQuery, posting)
	if err != nil {
		return nil, fmt.Errorf("listing where a posting stands: %w", err)
	}
	return all, nil
}

// PlaceAt returns the place of a message, also one that is gone, or
// dossier.NotFoundError.
func (p pinboard) PlaceAt(ctx context.Context, channel, stamp string) (outbox.Place, error) {
	all, err := queryAll(ctx, p.archive.reads, scanPlace, placeQuery, channel, stamp)
	if err != nil {
		return outbox.Place{}, fmt.Errorf("looking for the place of a message: %w", err)
	}
	if len(all) == 0 {
		return outbox.Place{}, dossier.NotFoundError{What: "place"}
	}
	return all[0], nil
}

func scanPlace(rows *sql.Rows) (o outbox.Place, err error) {
	var gone, made int64
	err = rows.Scan(&o.Posting, &o.Channel, &o.Stamp, &o.Digest, &gone, &made)
	o.Gone, o.Made = gone == 1, fromMicro(made)
	return o, err
}
