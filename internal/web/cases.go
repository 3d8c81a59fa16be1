package web

import (
	"fmt"
	"net/http"
	"net/url"

	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/review"
)

// casesPage lists the cases that somebody may see.
type casesPage struct {
	Running, Over []caseEntry
	Later         bool   // not the first page
	Next          string // link to the next one, if there is one
}

func (s *server) showCases(w http.ResponseWriter, r *http.Request, me visitor) error {
	after := r.FormValue("after")
	cases, err := s.desk.CasePage(r.Context(), me.address(), after, maxCases+1)
	if err != nil {
		return fmt.Errorf("listing cases: %w", err)
	}
	who, err := s.namesFor(r.Context(), me)
	if err != nil {
		return err
	}
	page := casesPage{Later: after != ""}
	if len(cases) > maxCases {
		cases = cases[:maxCases]
		page.Next = "/cases?" + url.Values{"after": {cases[maxCases-1].ID}}.Encode()
	}
	for _, c := range cases {
		e := s.caseEntry(r, me, who, c)
		if c.State == dossier.Running {
			page.Running = append(page.Running, e)
		} else {
			page.Over = append(page.Over, e)
		}
	}
	s.show(w, r, &me, http.StatusOK, "cases", "Cases", page)
	return nil
}

func (s *server) caseEntry(r *http.Request, me visitor, who names, c dossier.CaseView) caseEntry {
	now := s.nowIn(&c)
	e := caseEntry{ID: c.ID, Vendor: cut(s.desk.VendorName(r.Context(), c.Vendor)), State: caseState(c.State), Stage: human(c.Stage),
		Owner: who.of(c.Owner), Rehearsal: c.Rehearsal, Held: c.Held != nil, Last: me.at(c.Last, now)}
	if c.Tier != engagement.TierOpen {
		e.Tier = upper(c.Tier.String())
	}
	var late []string
	for i := range c.Requests {
		req := &c.Requests[i]
		if req.Closed != nil {
			continue
		}
		d := due(req, now)
		if !d.IsZero() && now.After(d) && asks(req.Tally(now).State) {
			e.Late, late = true, append(late, cut(req.Title))
		} else {
			e.Waits = append(e.Waits, cut(req.Title))
		}
	}
	e.Waits = append(late, e.Waits...)
	if n := len(e.Waits) - maxWaits; n > 0 {
		e.Waits, e.More = e.Waits[:maxWaits], n
	}
	for _, w := range c.Watching() {
		if w.Lapsed || w.NoticePassed || !w.On.After(now) {
			e.Overdue++
		}
	}
	return e
}

// maxWaits is how much of what a case waits for a list of cases names.
const maxWaits = 4

// asks reports whether a state still wants something of somebody.
func asks(s review.State) bool { return s == review.Open || s == review.Vacant }

func caseState(s dossier.CaseState) string {
	switch s {
	case dossier.Running:
		return "running"
	case dossier.Live:
		return "live"
	case dossier.Ended:
		return "withdrawn"
	}
	return human(string(s))
}
