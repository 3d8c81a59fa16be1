package stories

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/google/go-cmp/cmp"
)

// seen is everything by which a vendor could notice that they are to be left, as it is at
// one moment.
type seen struct {
	// mails are those to anybody of theirs, calendars what came in these for a calendar.
	mails, calendars []string
	// portal are the pages that their people can open there, as they are rendered.
	portal map[string]string
	// github is all that there is at GitHub and who gets in; audit what anybody did there
	// that was more than looking.
	github string
	audit  []string
}

// seenBy is what somebody of a vendor can see, and everybody with an address of theirs.
func (s *premises) seenBy(g guest, domain string) seen {
	s.t.Helper()
	v := seen{portal: map[string]string{}, github: s.hub.Stands()}
	for _, m := range s.mail.Mails("") {
		if !slices.ContainsFunc(m.To, func(to string) bool { return strings.HasSuffix(to, "@"+domain) }) {
			continue
		}
		v.mails = append(v.mails, fmt.Sprintf("%d to %s: %s", m.Number, strings.Join(m.To, ", "), m.Subject))
		for _, f := range m.Files {
			if strings.HasPrefix(f.Kind, "text/calendar") {
				v.calendars = append(v.calendars, fmt.Sprintf("%d: %s", m.Number, f.Bytes))
			}
		}
	}
	for _, c := range s.hub.Calls("") {
		if !strings.HasPrefix(c.Call, http.MethodGet+" ") {
			v.audit = append(v.audit, fmt.Sprintf("%s %s %d", c.Call, c.Path, c.Status))
		}
	}
	v.walks(g, "/portal")
	return v
}

// walks opens a page of the portal, and every page to which it leads.
func (v seen) walks(g guest, address string) {
	if _, was := v.portal[address]; was || len(v.portal) > 100 { // more is a circle
		return
	}
	p := g.opens(address)
	text := fmt.Sprintf("%d %s\n%s\n%s", p.status, p.title, p.text, strings.Join(p.links, "\n"))
	for _, f := range p.forms {
		for name := range f.values {
			if name == "nonce" || strings.HasSuffix(name, ".nonce") { // another at each look
				f.values.Del(name)
			}
		}
		text += fmt.Sprintf("\n%s %v %v", f.action.Path, f.values, f.boxes)
	}
	v.portal[address] = text
	for _, l := range p.links {
		if l, _, _ = strings.Cut(l, "#"); strings.HasPrefix(l, "/portal") {
			v.walks(g, l)
		}
	}
}

// changed is where something changed since, and how.
func (v seen) changed(since seen) map[string]string {
	all := map[string]string{}
	for where, pair := range map[string][2]any{"mails": {since.mails, v.mails}, "calendars": {since.calendars, v.calendars},
		"portal": {since.portal, v.portal}, "github": {since.github, v.github}, "audit": {since.audit, v.audit}} {
		if d := cmp.Diff(pair[0], pair[1]); d != "" {
			all[where] = d
		}
	}
	return all
}
