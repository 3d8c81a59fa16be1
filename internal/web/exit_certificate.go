package web

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"

	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/exit"
	"gangway/internal/review"
)

// certificatePage is a certificate on one page, for paper: the answer first, then what
// was waived and what still runs, and how much of each part there was. What stands behind
// each line is in the sealed dossier.
type certificatePage struct {
	Case, CaseLink, Vendor                                         string
	Number                                                         int
	Rehearsal                                                      bool
	Says, Left, After, Began, By, Return, At, Plan, Notice, Digest string
	Waived                                                         []matterRow
	Backups                                                        []matterRow
	Clauses                                                        []clauseRow // what outlives the contract
	Lacking, Contract                                              string
	GivenUp, Without                                               string // how much a compressed plan did without, and where that stands
	Parts                                                          []certifiedPart
	Every                                                          []heapView // not on paper: the dossier has it
	Signed                                                         []string
	Document                                                       string
}

// clauseRow is a clause that binds both sides on, and where it stands.
type clauseRow struct{ What, Where string }

// mostClauses bounds those that a certificate lists: it is one page.
const mostClauses = 12

// certifiedPart counts what one part of the exit saw to.
type certifiedPart struct {
	Name                               string
	Done, NotNeeded, Waived, Unsettled int
}

// showCertificate shows the newest certificate of an exit, or a drill's report.
func (s *server) showCertificate(w http.ResponseWriter, r *http.Request, me visitor) error {
	c, lines, who, err := s.exitRecord(r, me)
	if err != nil {
		return err
	}
	now := s.nowIn(&c)
	d := departedIn(&c, lines, now)
	page, data := d.certificates()
	if page == "" || data == "" {
		return missing("certificate")
	}
	cert, err := s.certificate(r, me, c.ID, data)
	if err != nil {
		return err
	}
	if cert.Drill {
		s.showDrill(w, r, me, &c, who, cert, page, data)
		return nil
	}
	v := certificatePage{Case: cut(c.ID), CaseLink: caseLink(c.ID), Vendor: cut(s.desk.VendorName(r.Context(), c.Vendor)), Rehearsal: c.Rehearsal,
		Digest: page, Document: documentLink("/document", c.ID, page)}
	v.fill(cert)
	if n := len(cert.GivenUp); n > 0 {
		v.GivenUp, v.Without = count(n, "thing"), v.Document
		if isDigest(cert.Without) {
			v.Without = documentLink("/document", c.ID, cert.Without)
		}
	}
	v.matters(who, d, cert)
	for i := range lines {
		if e := lines[i].Entry; e.Kind == dossier.Certified && e.Detail != nil && e.Detail.Document == page {
			v.Signed = who.signed(&c, dayOnly(e.CaseAt))
		}
	}
	s.show(w, r, &me, http.StatusOK, "certificate", "Certificate, "+v.Vendor, v)
	return nil
}

// certificate reads a certificate's data.
func (s *server) certificate(r *http.Request, me visitor, caseID, digest string) (exit.Certificate, error) {
	var cert exit.Certificate
	paper, body, err := s.desk.Document(r.Context(), me.address(), caseID, digest)
	if err != nil {
		return cert, fmt.Errorf("opening a certificate: %w", err)
	}
	defer func() { _ = body.Close() }() // only read
	text, err := io.ReadAll(io.LimitReader(body, engagement.MaxDocument))
	if err != nil {
		return cert, fmt.Errorf("reading a certificate: %w", err)
	}
	if err := json.Unmarshal(text, &cert); err != nil || paper.Size > engagement.MaxDocument || cert.Case != caseID {
		return cert, plainFault{http.StatusConflict, "this certificate's data are not what gangway writes", "open the certificate itself among the documents of the case"}
	}
	return cert, nil
}

// fill puts the certificate's own words on the page.
func (v *certificatePage) fill(c exit.Certificate) {
	v.Number = c.Number
	v.Left = human(string(c.Order.Mode)) + ", because of " + strings.ReplaceAll(cut(string(c.Order.Trigger)), "-", " ")
	v.After = afterWords(c.Order.After, cut(c.Order.Successor))
	v.Began, v.By, v.At, v.Return = dayOnly(c.Began), dayOnly(c.Order.By), dayOnly(c.At), "not passed"
	if !c.Returned.IsZero() {
		v.Return = "passed on " + dayOnly(c.Returned)
	}
	v.Plan, v.Notice = cut(c.Plan), cut(c.Notice)
	switch err := c.Check(); {
	case err != nil: // it was never to be made
		v.Says = "This is no certificate: " + cut(err.Error()) + "."
	default:
		v.Says = fmt.Sprintf("The vendor is off. %s: %d done and verified, %d not needed, %d waived by name until a day. Nothing is open, failed or unchecked.",
			count(len(c.Matters), "matter"), c.Count(exit.StateDone), c.Count(exit.StateNotNeeded), c.Count(exit.StateWaived))
	}
	for _, b := range c.Backups {
		v.Backups = append(v.Backups, matterRow{What: cut(b.ID), Until: dayOnly(b.On)})
	}
	v.survives(c)
}

// survives lists what outlives the contract; what was looked for and is not in it is one
// line.
func (v *certificatePage) survives(c exit.Certificate) {
	found, lacking := c.Survives()
	v.Contract = cut(c.Contract)
	for _, x := range found[:min(len(found), mostClauses)] {
		where := slices.Clone(x.Places)
		if !x.Until.IsZero() {
			where = append(where, "until "+dayOnly(x.Until))
		}
		v.Clauses = append(v.Clauses, clauseRow{What: cut(x.Title), Where: cut(strings.Join(where, ", "))})
	}
	if n := len(found) - mostClauses; n > 0 {
		v.Clauses = append(v.Clauses, clauseRow{What: count(n, "other clause"), Where: "in the record"})
	}
	var titles []string
	for _, x := range lacking[:min(len(lacking), mostClauses)] {
		titles = append(titles, cut(x.Title))
	}
	v.Lacking = strings.Join(titles, "; ")
}

// matters lists what was waived, counts each part, and lists everything for the screen.
func (v *certificatePage) matters(who names, d *departed, c exit.Certificate) {
	as := &departed{c: d.c, now: c.At}
	for _, m := range c.Matters {
		as.matters = append(as.matters, departMatter{id: m.ID, process: processOf(m.ID), name: m.Name, by: m.By, answer: m.Answer, why: exit.WhyWords(m.Why), document: m.Document, state: m.State, until: m.Until})
	}
	for i, m := range as.matters {
		part := c.Matters[i].Part
		at := slices.IndexFunc(v.Parts, func(p certifiedPart) bool { return p.Name == partName(part) })
		if at < 0 {
			v.Parts = append(v.Parts, certifiedPart{Name: partName(part)})
			at = len(v.Parts) - 1
		}
		switch m.standing(c.At) {
		case exit.StateDone:
			v.Parts[at].Done++
		case exit.StateNotNeeded:
			v.Parts[at].NotNeeded++
		case exit.StateWaived:
			v.Parts[at].Waived++
			v.Waived = append(v.Waived, who.mattered(as, m))
		default:
			v.Parts[at].Unsettled++
		}
	}
	v.Every = who.piled(as, "", nil)
}

func processOf(matter string) string {
	process, _, _ := strings.Cut(matter, ":")
	return process
}

// signed says who signed the certificate, and as what: the last decision of the exit that
// stands.
func (n names) signed(c *dossier.CaseView, day string) []string {
	var list []string
	for i := len(c.Requests) - 1; i >= 0 && len(list) == 0; i-- {
		r := &c.Requests[i]
		if r.Process != c.ID || r.Document != "certificate" {
			continue
		}
		for _, b := range r.Ballots {
			if !b.TakenBack && !b.Void && review.Positive(b.Verdict) {
				list = append(list, n.of(b.Person)+" ("+strings.ToLower(human(b.Seat))+"), "+dayOnly(b.At))
			}
		}
	}
	if len(list) == 0 {
		list = append(list, day)
	}
	return list
}
