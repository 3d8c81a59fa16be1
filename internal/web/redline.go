package web

import (
	"cmp"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"gangway/internal/dossier"
	"gangway/internal/engagement"
)

// redlinePage is two versions of a document as one text, clause by clause.
type redlinePage struct {
	Case, CaseLink, Vendor, Name string
	Summary                      summaryView
	Process, Document            string // as the address has them
	From, To                     int
	Versions                     []choice
	Rehearsal                    bool
	Held                         *heldView
	Parts                        []redlinePart
	Changed, Same                int
	Unshown                      string // why the two can't be compared
}

// redlinePart is one clause that is not as it was, or those between that are.
type redlinePart struct {
	changeView
	Same []changeView
}

func redlineLink(caseID, process, name string, from, to int) string {
	return "/redline?" + url.Values{"case": {caseID}, "process": {process}, "name": {name}, "from": {strconv.Itoa(from)}, "to": {strconv.Itoa(to)}}.Encode()
}

// versionsOf are the versions of one document of a case, the first first.
func versionsOf(c *dossier.CaseView, process, name string) []dossier.DocumentView {
	var list []dossier.DocumentView
	for _, d := range c.Documents {
		if d.Process == process && d.Name == name && d.Version > 0 {
			list = append(list, d)
		}
	}
	slices.SortStableFunc(list, func(a, b dossier.DocumentView) int { return cmp.Compare(a.Version, b.Version) })
	return list
}

// redlineOf leads to what changed with a version; empty: it is the first.
func redlineOf(c *dossier.CaseView, d dossier.DocumentView) string {
	versions := versionsOf(c, d.Process, d.Name)
	i := slices.IndexFunc(versions, func(v dossier.DocumentView) bool { return v.Version == d.Version })
	if i < 1 {
		return ""
	}
	return redlineLink(c.ID, d.Process, d.Name, versions[i-1].Version, d.Version)
}

func (s *server) showRedline(w http.ResponseWriter, r *http.Request, me visitor) error {
	ctx, get := r.Context(), r.FormValue
	c, err := s.desk.Case(ctx, me.address(), get("case"))
	if err != nil {
		return fmt.Errorf("opening the case of two versions: %w", err)
	}
	versions := versionsOf(&c, get("process"), get("name"))
	if len(versions) < 2 {
		return plainFault{http.StatusNotFound, "there are no two versions of this document", "go to the case: it lists the documents"}
	}
	from, to := versionNamed(versions, get("from"), len(versions)-2), versionNamed(versions, get("to"), len(versions)-1)
	if from < 0 || to < 0 {
		return missing("version")
	}
	page := redlinePage{Case: c.ID, CaseLink: caseLink(c.ID), Vendor: cut(s.desk.VendorName(ctx, c.Vendor)), Name: human(versions[0].Name), Process: get("process"), Document: get("name"),
		From: versions[from].Version, To: versions[to].Version, Rehearsal: c.Rehearsal}
	for _, v := range versions {
		page.Versions = append(page.Versions, choice{ID: strconv.Itoa(v.Version), Label: "Version " + strconv.Itoa(v.Version)})
	}
	who, err := s.namesFor(ctx, me)
	if err != nil {
		return err
	}
	page.Held = who.held(&c, me, s.nowIn(&c))
	if page.Summary, err = s.summaryOf(ctx, me, &c); err != nil {
		return err
	}
	if err := s.compareVersions(r, me, &page, versions[from], versions[to]); err != nil {
		return err
	}
	s.show(w, r, &me, http.StatusOK, "redline", fmt.Sprintf("%s: version %d against %d", page.Name, page.From, page.To), page)
	return nil
}

// versionNamed finds a version by its number; the one at instead where none is
// named.
func versionNamed(versions []dossier.DocumentView, text string, instead int) int {
	if text == "" {
		return instead
	}
	return slices.IndexFunc(versions, func(d dossier.DocumentView) bool { return strconv.Itoa(d.Version) == text })
}

// compareVersions puts two versions together, or says why it can't.
func (s *server) compareVersions(r *http.Request, me visitor, page *redlinePage, from, to dossier.DocumentView) error {
	var sides [2][]engagement.Clause
	for i, d := range []dossier.DocumentView{from, to} {
		p, source, err := s.text(r.Context(), me, page.Case, d.Document)
		switch {
		case gone(err):
			page.Unshown = fmt.Sprintf("The text of version %d is no longer kept.", d.Version)
			return nil
		case err != nil:
			return fmt.Errorf("opening version %d: %w", d.Version, err)
		case p.Unshown != "":
			page.Unshown = fmt.Sprintf("Version %d: %s", d.Version, p.Unshown)
			return nil
		}
		if sides[i], err = engagement.Split(source); err != nil {
			page.Unshown = fmt.Sprintf("Version %d can’t be shown clause by clause: %v.", d.Version, err)
			return nil //nolint:nilerr // what can't be split is said on the page
		}
	}
	page.put(sides[0], sides[1], engagement.Compare(sides[0], sides[1]))
	return nil
}

// put lines the clauses up in the order of the newer version; what is gone stands
// behind the clause that it stood behind.
func (p *redlinePage) put(old, new []engagement.Clause, compared engagement.Comparison) {
	changed := map[string]changeView{}
	for _, v := range clauseChanges(old, new, compared) {
		changed[v.What+" "+v.Ref] = v
	}
	after := goneAfter(old, compared)
	lost := func(ref string) {
		for _, gone := range after[ref] {
			p.add(changed["gone "+gone], false)
		}
	}
	lost("")
	for _, c := range new {
		view, is := changeView{}, false
		for _, what := range []string{"new", "changed", "same words, other meaning"} {
			if v, found := changed[what+" "+c.Ref]; found {
				view, is = v, true
			}
		}
		if !is {
			view = changeView{Ref: c.Ref, Title: c.Title, Words: []diffWord{{Text: c.Text}}}
			for _, m := range compared.Moved {
				if m.To == c.Ref {
					view.Note = "was " + m.From
				}
			}
		}
		p.add(view, !is)
		lost(c.Ref)
		delete(after, c.Ref)
	}
	delete(after, "")
	for _, ref := range slices.Sorted(maps.Keys(after)) { // behind what is itself no longer found
		lost(ref)
	}
}

// add puts a clause at the end; clauses that are as they were are folded together.
func (p *redlinePage) add(v changeView, same bool) {
	if !same {
		p.Changed++
		p.Parts = append(p.Parts, redlinePart{changeView: v})
		return
	}
	p.Same++
	if n := len(p.Parts); n == 0 || p.Parts[n-1].Same == nil {
		p.Parts = append(p.Parts, redlinePart{})
	}
	last := &p.Parts[len(p.Parts)-1]
	last.Same = append(last.Same, v)
}

// First and Last are the refs of clauses that are folded together; one has no last.
func (p redlinePart) First() string { return cut(p.Same[0].Ref) }

// Last is that of the last of several.
func (p redlinePart) Last() string {
	if len(p.Same) < 2 {
		return ""
	}
	return cut(p.Same[len(p.Same)-1].Ref)
}

// goneAfter lists the clauses that are gone by the newer ref of the clause that they
// stood behind; "" is the beginning.
func goneAfter(old []engagement.Clause, compared engagement.Comparison) map[string][]string {
	now := map[string]string{}
	for _, m := range compared.Moved {
		now[m.From] = m.To
	}
	after, last := map[string][]string{}, ""
	for _, c := range old {
		if slices.Contains(compared.Gone, c.Ref) {
			after[last] = append(after[last], c.Ref)
			continue
		}
		last = cmp.Or(now[c.Ref], c.Ref)
	}
	return after
}
