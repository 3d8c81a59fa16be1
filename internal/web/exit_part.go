package web

import (
	"fmt"
	"net/http"
	"slices"

	"gangway/internal/dossier"
)

// exitPartPage is one part of an exit: what it has to see to, what was asked in it, and
// its documents.
type exitPartPage struct {
	departPart
	Vendor, CaseLink string
	Rehearsal        bool
	Heaps            []heapView
	Steps            []stepView
	Papers           []paperEntry
}

func (s *server) showExitPart(w http.ResponseWriter, r *http.Request, me visitor) error {
	c, lines, who, err := s.exitRecord(r, me)
	if err != nil {
		return err
	}
	id := r.FormValue("id")
	i := slices.IndexFunc(c.Processes, func(p dossier.ProcessView) bool { return p.ID == id })
	if i < 0 {
		return missing("part of this exit")
	}
	now := s.nowIn(&c)
	d := departedIn(&c, lines, now)
	page := exitPartPage{departPart: d.part(c.Processes[i], me), Vendor: cut(s.desk.VendorName(r.Context(), c.Vendor)), CaseLink: caseLink(c.ID), Rehearsal: c.Rehearsal, Heaps: who.piled(d, id, d.askedNow(id))}
	for i := range c.Requests {
		if c.Requests[i].Process == id {
			page.Steps = append(page.Steps, who.step(&c.Requests[i], me, now))
		}
	}
	for _, x := range c.Documents {
		if x.Process == id {
			page.Papers = append(page.Papers, who.document(c.ID, x, me, now))
		}
	}
	s.show(w, r, &me, http.StatusOK, "exitpart", page.Name+", "+page.Vendor, page)
	return nil
}

// exitRecord opens a case that is an exit, with its lines.
func (s *server) exitRecord(r *http.Request, me visitor) (dossier.CaseView, []dossier.Line, names, error) {
	ctx, id := r.Context(), r.FormValue("case")
	if !isExit(id) {
		return dossier.CaseView{}, nil, names{}, missing("exit")
	}
	c, err := s.desk.Case(ctx, me.address(), id)
	if err != nil {
		return c, nil, names{}, fmt.Errorf("opening the case of an exit: %w", err)
	}
	lines, err := s.desk.Lines(ctx, me.address(), id)
	if err != nil {
		return c, nil, names{}, fmt.Errorf("reading the record of an exit: %w", err)
	}
	who, err := s.namesFor(ctx, me)
	return c, lines, who, err
}
