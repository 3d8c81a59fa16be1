package web

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"slices"
	"strings"

	"gangway/internal/access"
	"gangway/internal/engagement"
)

// markOf tells apart what lines of a form were made of when a page showed them. It is
// no secret: whoever sends another only says that they saw something else.
func markOf(points []engagement.Point, t typedLines) string {
	h := sha256.New()
	for _, p := range points {
		if kindOf(p) == engagement.PointFile { // which has a form of its own, that says what it replaces
			continue
		}
		for _, text := range append([]string{p.ID}, t.Lines[p.ID]...) {
			h.Write([]byte(text + "\x00"))
		}
		h.Write([]byte("\x01"))
	}
	return hex.EncodeToString(h.Sum(nil)[:8])
}

// sameLines reports whether what was typed is what is kept already.
func sameLines(points []engagement.Point, lines map[string][]string, t typedLines) bool {
	return !slices.ContainsFunc(points, func(p engagement.Point) bool {
		return kindOf(p) != engagement.PointFile && !slices.Equal(lines[p.ID], t.Lines[p.ID])
	})
}

const changedElsewhere = "This page was changed in another window or on another device since you opened it. What you typed here stands below and is not saved yet: look at what is marked, then save it once more."

// savedElsewhere is what is kept of lines that were typed otherwise here.
func savedElsewhere(points []engagement.Point, lines map[string][]string, t typedLines) map[string]string {
	wrongs := map[string]string{}
	for _, p := range points {
		if kindOf(p) == engagement.PointFile || slices.Equal(lines[p.ID], t.Lines[p.ID]) {
			continue
		}
		there := strings.Join(t.Lines[p.ID], "; ")
		wrongs[p.ID] = "Saved elsewhere meanwhile: " + cut(cmp.Or(there, "nothing"))
	}
	return wrongs
}

// elsewhere shows a page again of which something was saved in another window, or on
// another device, since it was shown here: what was typed here stands in it, what is kept
// beside each line that differs. Nothing is saved; sent once more it is.
func (s *server) elsewhere(w http.ResponseWriter, r *http.Request, g guest, t access.VendorTask, d portalDraft, name string, lines map[string][]string) error {
	at, page := formPageOf(t.Points, name)
	points := t.Points[page[0]:page[1]]
	here, wrongs := typedLines{Names: d.Form.Names}, savedElsewhere(points, lines, d.Form)
	for _, p := range points {
		here.put(p.ID, lines[p.ID])
	}
	return s.renderTask(w, r, g, http.StatusConflict, t.Request, formPageName(at), func(p *taskPage) {
		p.Wrong = changedElsewhere
		p.Faulty = faultyOf(t.Points, nil, wrongs)
		if p.Form.File == nil {
			p.Form.Lines = lineViews(points, page[0], here, nil)
			for i := range p.Form.Lines {
				p.Form.Lines[i].Wrong = wrongs[p.Form.Lines[i].ID]
			}
		}
	})
}

// unsent is what somebody filled in of a form that was sent by somebody else, or is no
// longer asked for.
func (g guest) unsent(r *http.Request, t access.VendorTask) ([]formRow, error) {
	if !t.Sheet || t.State == access.TaskOpen {
		return nil, nil
	}
	d, err := g.draft(r, t.Request)
	if err != nil || !d.Form.begun() {
		return nil, err
	}
	var rows []formRow
	for _, p := range t.Points {
		if len(d.Form.Lines[p.ID]) > 0 {
			rows = append(rows, formRowOf(p, "", d.Form, ""))
		}
	}
	return rows, nil
}
