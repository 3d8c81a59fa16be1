package web

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"gangway/internal/access"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// maxRecent is how many of one's own decisions the inbox shows.
const maxRecent = 8

// maxCases is how many cases a page lists; the rest is a link away.
const maxCases = 100

// inboxPage is what waits on somebody, and what they wait for.
type inboxPage struct {
	Waiting []waitingEntry
	Pending []pendingEntry
	Recent  []recentEntry
	Cases   []caseEntry
	More    bool // there are more cases of theirs
	Red     redBlock
	Letters bool // they look after letters
	People  bool // and after people
	Opens   bool // they may ask for a vendor
}

// waitingEntry is one moment: the requests that opened to the person at the same
// instant in one case.
type waitingEntry struct {
	Link, Vendor, Case string
	Titles             []string
	Asked, Due         *instant
	Late, Rehearsal    bool
	Held               bool
	due                time.Time
}

type pendingEntry struct {
	Link, What string
	At         *instant
}

type recentEntry struct {
	Link, Title, Vendor, What, Tone string
	At                              *instant
	at                              time.Time
}

type caseEntry struct {
	ID, Vendor, State, Stage, Owner, Tier string
	Role                                  string   // why it is on this page
	Waits                                 []string // what it waits for, what is late first
	More                                  int      // of that besides
	Overdue                               int      // of what is watched
	Late                                  bool
	Rehearsal, Held                       bool
	Last                                  *instant
}

func (s *server) showInbox(w http.ResponseWriter, r *http.Request, me visitor) error {
	ctx := r.Context()
	waiting, err := s.desk.Waiting(ctx, me.address())
	if err != nil {
		return fmt.Errorf("listing what waits: %w", err)
	}
	pending, err := s.desk.Pending(ctx, me.address())
	if err != nil {
		return fmt.Errorf("listing what is being delivered: %w", err)
	}
	cases, err := s.desk.CasesOf(ctx, me.address(), maxCases+1)
	if err != nil {
		return fmt.Errorf("listing their cases: %w", err)
	}
	who, err := s.namesFor(ctx, me)
	if err != nil {
		return err
	}
	known := &knownCases{s: s, me: me, list: cases}
	var page inboxPage
	if page.Waiting, err = s.waitingEntries(ctx, me, known, waiting); err != nil {
		return err
	}
	for _, q := range pending {
		page.Pending = append(page.Pending, pendingEntry{Link: receiptLink(q.ID), What: s.queuedWords(ctx, me, q), At: me.at(q.At, s.o.Now())})
	}
	if page.Recent, err = s.recent(ctx, me, known); err != nil {
		return err
	}
	page.More = len(cases) > maxCases
	for _, c := range cases[:min(len(cases), maxCases)] {
		e := s.caseEntry(r, me, who, c)
		switch me.ID {
		case c.Owner:
			e.Role = "you own it"
		case c.Requester:
			e.Role = "you requested it"
		case c.Deputy:
			e.Role = "you stand in for its owner"
		case c.Sponsor:
			e.Role = "you sponsor it"
		}
		page.Cases = append(page.Cases, e)
	}
	if page.Red, err = s.red(r, me, who, cases[:min(len(cases), maxCases)]); err != nil {
		return err
	}
	page.Letters, page.People = s.o.Post != nil && access.May(me.Person, access.Resend, nil), access.May(me.Person, access.ChangePeople, nil)
	page.Opens = access.May(me.Person, access.OpenCase, nil)
	s.show(w, r, &me, http.StatusOK, "inbox", "What waits on you", page)
	return nil
}

// moment is the requests of one case that opened to a person at one instant.
type moment struct {
	caseID   string
	at       time.Time
	requests []review.Request
}

// moments groups requests by when they opened to the person.
func (s *server) moments(ctx context.Context, me visitor, known *knownCases, waiting []review.Request) ([]moment, error) {
	var all []moment
	for _, req := range waiting {
		now, err := known.now(ctx, req.Case)
		if err != nil {
			return nil, err
		}
		at := openedTo(&req, me.ID, now)
		i := slices.IndexFunc(all, func(m moment) bool { return m.caseID == req.Case && m.at.Equal(at) })
		if i < 0 {
			all = append(all, moment{caseID: req.Case, at: at})
			i = len(all) - 1
		}
		all[i].requests = append(all[i].requests, req)
	}
	return all, nil
}

// openedTo is when the request was last put to the person: when they were told
// that they are asked, or when they came to a seat, or when it opened.
func openedTo(r *review.Request, person string, now time.Time) time.Time {
	at := r.Opened
	t := r.Tally(now)
	if t.Group < len(r.Clocks) && r.Clocks[t.Group].Opened.After(at) {
		at = r.Clocks[t.Group].Opened
	}
	for _, s := range openSeats(r, person, now) {
		for _, h := range r.Seating(s.ID).Holders {
			if h.Person == person && h.Since.After(at) {
				at = h.Since
			}
		}
	}
	for _, told := range r.Told {
		if told.Person == person && (told.Why == "asked" || told.Why == "backup") && told.At.After(at) {
			at = told.At
		}
	}
	return at
}

// waitingEntries makes one entry a moment, the most urgent first.
func (s *server) waitingEntries(ctx context.Context, me visitor, known *knownCases, waiting []review.Request) ([]waitingEntry, error) {
	all, err := s.moments(ctx, me, known, waiting)
	if err != nil {
		return nil, err
	}
	var entries []waitingEntry
	for _, m := range all {
		c, err := known.of(ctx, m.caseID)
		if err != nil {
			return nil, err
		}
		now := s.nowIn(c)
		e := waitingEntry{Case: m.caseID, Vendor: cut(s.desk.VendorName(ctx, m.requests[0].Vendor)), Rehearsal: c.Rehearsal, Held: c.Held != nil, Asked: me.at(m.at, now)}
		for i := range m.requests {
			req := &m.requests[i]
			e.Titles = append(e.Titles, cut(req.Title))
			if d := due(req, now); !d.IsZero() && (e.due.IsZero() || d.Before(e.due)) {
				e.due = d
			}
		}
		e.Due, e.Late = me.at(e.due, now), !e.due.IsZero() && now.After(e.due)
		e.Link = requestLink(m.requests[0].ID)
		if len(m.requests) > 1 {
			e.Link = momentLink(m.caseID, m.at)
		}
		entries = append(entries, e)
	}
	slices.SortStableFunc(entries, func(a, b waitingEntry) int {
		switch {
		case a.due.IsZero() != b.due.IsZero():
			return cmp.Compare(btoi(a.due.IsZero()), btoi(b.due.IsZero()))
		default:
			return a.due.Compare(b.due)
		}
	})
	return entries, nil
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

// recent are the person's own last answers, newest first. The newest are in the
// requests that were answered last.
func (s *server) recent(ctx context.Context, me visitor, known *knownCases) ([]recentEntry, error) {
	answered, err := s.desk.Answered(ctx, me.address(), maxRecent)
	if err != nil {
		return nil, fmt.Errorf("listing what was decided: %w", err)
	}
	var all []recentEntry
	for i := range answered {
		req := &answered[i]
		now, err := known.now(ctx, req.Case)
		if err != nil {
			return nil, err
		}
		for _, b := range req.Ballots {
			if b.Person != me.ID {
				continue
			}
			e := recentEntry{Link: requestLink(req.ID), Title: cut(req.Title), Vendor: cut(s.desk.VendorName(ctx, req.Vendor)),
				What: playbook.Said(b.Verdict), Tone: tone(string(b.Verdict)), At: me.at(b.At, now), at: b.At}
			if b.TakenBack || b.Void {
				e.What, e.Tone = e.What+", taken back", "quiet"
			}
			all = append(all, e)
		}
	}
	slices.SortStableFunc(all, func(a, b recentEntry) int { return b.at.Compare(a.at) })
	return all[:min(len(all), maxRecent)], nil
}

// queuedWords says what a queued answer is; its text is not in it.
func (s *server) queuedWords(ctx context.Context, me visitor, q review.Queued) string {
	var said struct {
		Verdict review.Verdict `json:"verdict"`
		Kind    review.ActKind `json:"kind"`
	}
	what := "Your answer"
	if json.Unmarshal(q.Payload, &said) == nil {
		if said.Verdict != "" {
			what = playbook.Say(said.Verdict)
		} else if said.Kind != "" {
			what = playbook.SayAct(said.Kind)
		}
	}
	if q.Request == "" {
		return what
	}
	r, err := s.desk.Request(ctx, me.address(), q.Request)
	if err != nil { // its title is all that the page goes without
		return what
	}
	return what + ": " + cut(r.Title)
}

func requestLink(id string) string { return "/request?" + url.Values{"id": {id}}.Encode() }
func receiptLink(ids ...string) string {
	return "/receipt?" + url.Values{"id": ids}.Encode()
}
func caseLink(id string) string { return "/case?" + url.Values{"id": {id}}.Encode() }
func momentLink(caseID string, at time.Time) string {
	return "/waiting?" + url.Values{"case": {caseID}, "at": {strconv.FormatInt(at.UnixNano(), 10)}}.Encode()
}
