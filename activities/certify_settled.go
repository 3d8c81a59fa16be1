package activities

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"gangway/internal/engagement"
	"gangway/internal/exit"
)

// mostSettled bounds the lines that a certificate has of one sheet: it is one page.
const mostSettled = 12

// settled are the amounts that sheets of the exit's own steps name, and what was answered
// beside them with yes or no: what both sides still owe each other, and whether they agree.
// They are by the digest of the sheet, for looking up only.
func (a *Activities) settled(ctx context.Context, matters []exit.Matter) (map[string][]string, error) {
	all := map[string][]string{}
	for _, m := range matters {
		if m.Part != exit.PartExit || m.State != exit.StateDone || m.Document == "" {
			continue
		}
		_, r, err := a.Archive.Get(ctx, m.Document)
		if missing(err) { // erased since
			continue
		}
		if err != nil {
			return nil, outside(fmt.Errorf("opening what was settled: %w", err))
		}
		text, err := io.ReadAll(io.LimitReader(r, engagement.MaxSheet+1))
		err = errors.Join(err, r.Close())
		if err != nil {
			return nil, outside(fmt.Errorf("reading what was settled: %w", err))
		}
		sheet, err := engagement.ReadSheet(text)
		if err == nil { // else it is another kind of document
			all[m.Document] = sumsIn(sheet)
		}
	}
	return all, nil
}

// sumsIn are the lines of a sheet with amounts; none where it names none. Words stay in
// the sheet.
func sumsIn(s engagement.Sheet) []string {
	var lines []string
	sums := false
	for _, l := range s.Lines {
		title := strings.Join(strings.Fields(l.Point.Title), " ")
		switch {
		case l.Point.Kind == engagement.PointAmount && l.Finding.Number != nil:
			sums = true
			lines = append(lines, title+": "+strconv.FormatInt(*l.Finding.Number, 10))
		case l.Point.Kind == engagement.PointAmount && l.Finding.Missing:
			sums = true
			lines = append(lines, title+": none")
		case l.Point.Kind == engagement.PointYesNo && len(l.Finding.Choices) == 1:
			lines = append(lines, title+": "+l.Finding.Choices[0])
		}
	}
	if !sums {
		return nil
	}
	return lines[:min(len(lines), mostSettled)]
}
