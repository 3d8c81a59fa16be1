package activities

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"gangway/internal/custody"
	"gangway/internal/engagement"
	"gangway/internal/exit"
	"gangway/internal/inventory"
)

// PlanExitIn names the exit plan that is carried out.
type PlanExitIn struct {
	Plan string `json:"plan"` // digest of the sheet
}

// PlanExitOut is what the plan names, by the ids of its rows. What they are called stays
// in the sheet.
type PlanExitOut struct {
	// Plan is the digest of what was read.
	Plan   string       `json:"plan,omitempty"`
	Areas  []exit.Area  `json:"areas,omitempty"`
	Assets []exit.Asset `json:"assets,omitempty"`
	// Repositories is the digest of the list of those among the assets; empty: none is.
	Repositories string `json:"repositories,omitempty"`
	// NoReturn: the plan names its point of no return.
	NoReturn bool `json:"noReturn,omitempty"`
}

// mostRows bounds what one plan can name of a kind.
const mostRows = 500

// PlanExit reads what an exit plan names: what changes hands, and what the vendor's people
// know; or what a sheet names that was forgotten in one, under ids that no plan has.
// Repositories are listed by what is written: an address, owner/name, or the name of one
// of the client's own. Half a row is a whole asset: what people began to write down does not
// vanish because they left out its kind, or what it is called.
func (a *Activities) PlanExit(ctx context.Context, in PlanExitIn) (PlanExitOut, error) {
	var sheet engagement.Sheet
	err := a.readJSON(ctx, in.Plan, "an exit plan", &sheet)
	if err != nil {
		return PlanExitOut{}, err
	}
	out := PlanExitOut{Plan: in.Plan}
	list := custody.List{Kind: custody.ListKind}
	for _, row := range append(rowsOf(sheet, exit.RowAsset), rowsOf(sheet, exit.RowFound)...) {
		kind := exit.AssetKind(row.choice(exit.OfKind))
		known := slices.Contains(exit.AssetKinds(), kind)
		switch {
		case row.words(exit.OfWhat) == "" && !known:
			continue // an empty row
		case !known: // named, and nobody said what it is: it is shown, looked at and taken like a paper
			kind = exit.AssetDocument
		}
		out.Assets = append(out.Assets, exit.Asset{ID: row.id, Kind: kind, Receiver: row.choice(exit.OfWho)})
		repo, ok := custody.Named(row.words(exit.OfWhat))
		if kind == exit.AssetRepository && ok {
			list.Items = append(list.Items, custody.Item{Asset: row.id, Repository: repo})
		}
	}
	for _, row := range rowsOf(sheet, exit.RowArea) {
		if row.words(exit.OfWhat) != "" {
			out.Areas = append(out.Areas, exit.Area{ID: row.id, Receiver: row.choice(exit.OfWho)})
		}
	}
	for _, l := range sheet.Lines {
		out.NoReturn = out.NoReturn || l.Point.ID == exit.PointNoReturn && l.Words != ""
	}
	if len(list.Items) > 0 {
		out.Repositories, err = a.fileJSON(ctx, list, "repositories that an exit plan names")
	}
	return out, err
}

// forgotten lists repositories that nobody thought of, under GitHub's numbers of them: the
// same has the same id whenever it is seen.
func (a *Activities) forgotten(ctx context.Context, repositories []inventory.Repository) (assets []exit.Asset, list string, err error) {
	if len(repositories) == 0 {
		return nil, "", nil
	}
	all := custody.List{Kind: custody.ListKind}
	for _, r := range repositories {
		x := exit.Asset{ID: seenPrefix + strconv.FormatInt(r.ID, 10), Kind: exit.AssetRepository}
		assets = append(assets, x)
		all.Items = append(all.Items, custody.Item{Asset: x.ID, Repository: r})
	}
	list, err = a.fileJSON(ctx, all, "repositories that nobody thought of")
	return assets, list, err
}

// seenPrefix begins the ids of assets that a look at access found: no row of a form is
// called so.
const seenPrefix = "seen-"

// sheetRow is what a sheet says of one thing of a list.
type sheetRow struct {
	id    string
	lines map[string]engagement.SheetLine // by what the point is called in its row; looked up only
}

// rowsOf are the rows of a kind in the order of the sheet: the points of the second are
// called asset-2-what, asset-2-kind.
func rowsOf(s engagement.Sheet, kind string) []sheetRow {
	var rows []sheetRow
	for _, l := range s.Lines {
		rest, ok := strings.CutPrefix(l.Point.ID, kind+"-")
		n, name, cut := strings.Cut(rest, "-")
		if !ok || !cut || n == "" || strings.Trim(n, "0123456789") != "" {
			continue
		}
		id := kind + "-" + n
		i := slices.IndexFunc(rows, func(r sheetRow) bool { return r.id == id })
		if i < 0 {
			if len(rows) == mostRows {
				continue
			}
			rows = append(rows, sheetRow{id: id, lines: map[string]engagement.SheetLine{}})
			i = len(rows) - 1
		}
		rows[i].lines[name] = l
	}
	return rows
}

func (r sheetRow) words(name string) string {
	l := r.lines[name]
	if l.Finding.Missing {
		return ""
	}
	return strings.TrimSpace(l.Words)
}

func (r sheetRow) choice(name string) string {
	if c := r.lines[name].Finding.Choices; len(c) == 1 {
		return c[0]
	}
	return ""
}

// fileJSON keeps something as a document.
func (a *Activities) fileJSON(ctx context.Context, v any, what string) (string, error) {
	text, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return "", fmt.Errorf("writing down %s: %w", what, err)
	}
	return a.fileText(ctx, append(text, '\n'), what)
}

// fileText keeps a text as a document.
func (a *Activities) fileText(ctx context.Context, text []byte, what string) (string, error) {
	p, err := a.Filing.Put(ctx, bytes.NewReader(text), mostSheet)
	if err != nil {
		return "", outside(fmt.Errorf("filing %s: %w", what, err))
	}
	return p.Digest, nil
}
