package web

import (
	"fmt"
	"net/http"
	"time"

	"gangway/internal/access"
	"gangway/internal/dossier"
	"gangway/internal/outbox"
)

// redBlock is what stands in red on the first page: nothing of it mends itself.
type redBlock struct {
	Cases   []redCase
	Letters int // failed or unknown, for whoever looks after them
}

// redCase is a case that nobody can steer, or of which somebody was not told.
type redCase struct {
	Link, ID, Vendor, Owner string
	Ownerless               bool
	Lost                    []lostEntry
}

// lostEntry is a request that did not reach somebody.
type lostEntry struct {
	Link, Title string
	Who         string
}

// red finds what is wrong with somebody's own cases; for whoever sees every case
// those that run are looked at too, the first hundred of them.
func (s *server) red(r *http.Request, me visitor, who names, own []dossier.CaseView) (redBlock, error) {
	ctx := r.Context()
	var block redBlock
	views := own
	if access.May(me.Person, access.ListCases, nil) {
		all, err := s.desk.CasePage(ctx, me.address(), "", maxCases)
		if err != nil {
			return block, fmt.Errorf("listing the cases that run: %w", err)
		}
		views = withOthers(own, all)
	}
	ownerless, err := s.desk.Ownerless(ctx, me.address(), views)
	if err != nil {
		return block, fmt.Errorf("asking which cases nobody can steer: %w", err)
	}
	alone := map[string]bool{}
	for _, id := range ownerless {
		alone[id] = true
	}
	for i := range views {
		c := &views[i]
		lost := who.lost(c, s.nowIn(c))
		if c.State == dossier.Running && (alone[c.ID] || len(lost) > 0) {
			block.Cases = append(block.Cases, redCase{Link: caseLink(c.ID), ID: c.ID, Vendor: cut(s.desk.VendorName(ctx, c.Vendor)), Owner: who.of(c.Owner),
				Ownerless: alone[c.ID], Lost: lost})
		}
	}
	if s.o.Post != nil && access.May(me.Person, access.Resend, nil) {
		letters, err := s.o.Post.Trouble(ctx)
		if err != nil {
			return block, fmt.Errorf("listing letters that arrived nowhere: %w", err)
		}
		block.Letters = len(letters)
	}
	return block, nil
}

// withOthers adds the cases that are not in the list yet.
func withOthers(list, more []dossier.CaseView) []dossier.CaseView {
	known := map[string]bool{}
	var all []dossier.CaseView
	for _, c := range append(list[:len(list):len(list)], more...) {
		if !known[c.ID] {
			known[c.ID] = true
			all = append(all, c)
		}
	}
	return all
}

// lost names whom an open request of the case did not reach.
func (n names) lost(c *dossier.CaseView, now time.Time) []lostEntry {
	var list []lostEntry
	for i := range c.Requests {
		r := &c.Requests[i]
		if r.Closed != nil {
			continue
		}
		for _, s := range r.Seatings {
			for _, h := range s.Holders {
				if h.Undelivered && h.Active(now) && r.Standing(s.Seat) == nil {
					list = append(list, lostEntry{Link: requestLink(r.ID), Title: cut(r.Title), Who: n.of(h.Person)})
				}
			}
		}
	}
	return list
}

// troubled says what became of a letter that wants somebody's eye.
func troubled(l outbox.Letter) (words, tone string) {
	switch l.State {
	case outbox.Unknown:
		return "nobody knows whether it arrived", "warn"
	case outbox.Refused:
		return "refused by the mail server", "bad"
	case outbox.Bounced:
		return "came back", "bad"
	}
	return human(string(l.State)), "quiet"
}
