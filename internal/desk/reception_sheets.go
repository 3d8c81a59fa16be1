package desk

import (
	"context"
	"fmt"
	"io"
	"slices"

	"gangway/internal/access"
	"gangway/internal/engagement"
	"gangway/internal/review"
)

// mostSheets is how many forms a contact is offered to begin from.
const mostSheets = 5

// PortalSheets are the forms that the vendor's people filled in for the step that a
// task asks, the newest first: for this task, for earlier rounds of it, and in earlier
// cases. Whoever begins from one sends it anew, line by line.
func (r reception) PortalSheets(ctx context.Context, who review.Address, request string) ([]access.FilledSheet, error) {
	c, q, err := r.task(ctx, who, request)
	if err != nil {
		return nil, err
	}
	if !q.Sheet {
		return nil, nil
	}
	views, err := r.vendorCases(ctx, c)
	if err != nil {
		return nil, err
	}
	var list []access.FilledSheet
	for i := range views {
		for j := range views[i].Requests {
			old := &views[i].Requests[j]
			if !old.Sheet || old.Step != q.Step || old.Kind != review.Delivery || old.Vendor != c.Vendor {
				continue
			}
			for _, b := range old.Ballots {
				if b.Void || b.ForVendor || len(b.Documents) == 0 {
					continue // what the client filed in their place stays the client's
				}
				list = append(list, access.FilledSheet{Digest: b.Documents[len(b.Documents)-1], Title: old.Title, On: b.At})
			}
		}
	}
	slices.SortStableFunc(list, func(a, b access.FilledSheet) int { return b.On.Compare(a.On) })
	var sheets []access.FilledSheet
	for _, f := range list {
		if slices.ContainsFunc(sheets, func(x access.FilledSheet) bool { return x.Digest == f.Digest }) {
			continue
		}
		f.Sheet, err = r.sheet(ctx, f.Digest)
		if isNotFound(err) { // erased since
			continue
		}
		if err != nil {
			return nil, err
		}
		sheets = append(sheets, f)
		if len(sheets) == mostSheets {
			break
		}
	}
	return sheets, nil
}

// sheet reads a form that was filed.
func (r reception) sheet(ctx context.Context, digest string) (engagement.Sheet, error) {
	_, text, err := r.desk.store.Get(ctx, digest)
	if err != nil {
		return engagement.Sheet{}, err
	}
	defer text.Close() // only read
	raw, err := io.ReadAll(io.LimitReader(text, engagement.MaxSheet+1))
	if err != nil {
		return engagement.Sheet{}, fmt.Errorf("reading a form that was filed: %w", err)
	}
	s, err := engagement.ReadSheet(raw)
	if err != nil {
		return engagement.Sheet{}, fmt.Errorf("a form that was filed: %w", err)
	}
	return s, nil
}
