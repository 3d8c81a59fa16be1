package web

import (
	"strings"
	"time"

	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// agreementView is where the data processing agreement of a case stands.
type agreementView struct {
	State, Tone, Link      string
	Since, Ends, LookAgain string // days; empty: none
	Over                   bool   // it has ended
	Data                   string
}

// agreementOf says where the agreement stands; nil where nothing collects one.
func agreementOf(c dossier.CaseView, me visitor, now time.Time) *agreementView {
	a := c.DPA
	if a == nil {
		return nil
	}
	v := &agreementView{Data: flat(strings.Join(a.Data, ", "))}
	day := func(t time.Time) string {
		if t.IsZero() {
			return ""
		}
		return t.In(me.zone).Format("2 Jan 2006")
	}
	switch {
	case a.Document != "":
		v.State, v.Tone, v.Link = "in force", "good", documentLink("/document", c.ID, a.Document)
		v.Since, v.Ends, v.LookAgain = day(a.Since), day(a.Ends), day(a.LookAgain)
		if !a.Ends.IsZero() && !now.Before(a.Ends) {
			v.State, v.Tone, v.Over = "has ended", "bad", true
		}
	case a.Need == playbook.NotNeeded:
		v.State, v.Tone = "not needed", "quiet"
	case c.State == dossier.Ended:
		v.State, v.Tone = "none", "quiet"
	default:
		v.State, v.Tone = "being collected", "open"
	}
	return v
}

// listMissing writes what a checklist found missing as a list for the vendor, for
// the owner to edit: nothing of it is sent before they send it.
func listMissing(view *requestView, r *review.Request, c *dossier.CaseView) {
	for i := len(c.Requests) - 1; i >= 0; i-- {
		q := &c.Requests[i]
		if q.Process != r.Process || q.Kind != review.Checklist || q.Opened.After(r.Opened) {
			continue
		}
		b := checked(q)
		if b == nil {
			return
		}
		lacking := engagement.Lacking(q.Points, b.Findings)
		if len(lacking) == 0 {
			return
		}
		text := "We read your document and did not find the following in it. Please send a version that has it, or tell us where it stands.\n"
		for _, p := range lacking {
			text += "\n- " + cut(p.Title)
			if p.Source != "" {
				text += " (" + cut(p.Source) + ")"
			}
			view.Missing = append(view.Missing, cut(p.Title))
		}
		view.Form.Vendor = text
		return
	}
}
