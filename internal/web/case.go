package web

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"time"

	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/review"
)

// casePage is a case with everything that happened in it.
type casePage struct {
	ID, Vendor, State, Stage, Tier string
	Playbook, Digest               string
	Owner, Requester, Sponsor      string
	Rehearsal, Sealed              bool
	Opened, Closed                 *instant
	Late                           []lateEntry
	Steps, Over                    []stepView // those that are asked, and those that were
	Papers                         []paperEntry
	Entries                        []timelineEntry
	Dossier                        string
	Owns                           bool
	Running                        bool
	Targets                        []choice // documents that a version can be filed of
	Reopens                        []choice
	Nonces                         map[string]string
	Act                            actForm
	Wrong                          string
	Deputy                         string
	Held                           *heldView
	Leaving                        *leavingView
	Steer                          *steerView
	Corrections                    []correctedEntry
	Ownerless                      bool
	Side                           *vendorSideView
	Agreement                      *agreementView
	Pilot                          *pilotView
	Outsiders                      *outsidersView
	Watched                        *watchView
	Items                          []itemRow
	Follows                        followers
	Summary                        summaryView
	Leave                          string // where the vendor can be left; empty: it can't be here
	Left                           *leftView
	Departed                       *departedView
	Drilled                        *certifiedView // the last drill
}

// correctedEntry is a correction of the intake that was made.
type correctedEntry struct {
	What, Shown, By, From, To string
	At                        *instant
}

// lateEntry is a request that is late, with the seats that have not answered.
type lateEntry struct {
	Link, Title string
	Since       *instant
	Seats       []lateSeat
}

type lateSeat struct {
	Seat string
	Who  []string
}

// stepView is one request of the case.
type stepView struct {
	Link, ID, Title, Step, State, Tone string
	Kind                               review.Kind
	Opened, Closed                     *instant
	Version                            int
	Waived                             bool
	Groups                             []groupView
	Doubled                            []string
	Conflicts                          *conflictsView
	Refusals                           int
	Unread                             string
}

type paperEntry struct {
	Name, By, Digest, Media, Link string
	Version                       int
	Size                          int64
	At                            *instant
	ForVendor                     bool
	Changed                       string
	Redline                       string
}

func (s *server) showCase(w http.ResponseWriter, r *http.Request, me visitor) error {
	return s.renderCase(w, r, me, http.StatusOK, r.FormValue("id"), actForm{}, "")
}

func (s *server) renderCase(w http.ResponseWriter, r *http.Request, me visitor, status int, id string, act actForm, wrong string) error {
	return s.renderCaseWith(w, r, me, status, id, act, wrong, nil)
}

// renderCaseWith lets change put in what is shown of a form that is no act.
func (s *server) renderCaseWith(w http.ResponseWriter, r *http.Request, me visitor, status int, id string, act actForm, wrong string, change func(*casePage)) error {
	if id == "" {
		return missing("case")
	}
	ctx := r.Context()
	c, err := s.desk.Case(ctx, me.address(), id)
	if err != nil {
		return fmt.Errorf("opening the case: %w", err)
	}
	lines, err := s.desk.Lines(ctx, me.address(), id)
	if err != nil {
		return fmt.Errorf("reading the case's record: %w", err)
	}
	who, err := s.namesFor(ctx, me)
	if err != nil {
		return err
	}
	side, err := s.vendorSide(ctx, me, who, c) // first, since it knows more names
	if err != nil {
		return err
	}
	outsiders, err := s.outsidersFor(ctx, me, who, &c)
	if err != nil {
		return err
	}
	page := s.casePage(r, me, who, c)
	if err = s.showLeaving(ctx, &page, me, &c); err != nil {
		return err
	}
	page.Outsiders, page.Items, page.Follows = outsiders, who.items(&c, lines, me, s.nowIn(&c)), followersOf(&c, lines)
	if page.Watched, err = s.watched(ctx, me, who, &c); err != nil {
		return err
	}
	if page.Summary, err = s.summaryOf(ctx, me, &c); err != nil {
		return err
	}
	page.Side = side
	page.Departed = s.departed(me, who, &c, lines)
	page.Drilled = s.lastDrill(r, me, &c, lines)
	page.Leaving = who.leaving(&c, lines, me, s.nowIn(&c))
	page.Entries = timeline(lines, c, who, me, s.nowIn(&c))
	red, err := s.desk.Ownerless(ctx, me.address(), []dossier.CaseView{c})
	if err != nil {
		return fmt.Errorf("asking who can be reached: %w", err)
	}
	page.Ownerless = len(red) > 0
	page.Act, page.Wrong = act, wrong
	if wrong != "" && act.Kind != "" {
		page.Nonces[string(act.Kind)] = act.Nonce
		page.Departed.retry(act)
		if page.Steer != nil {
			page.Steer.Act, page.Steer.Nonces[string(act.Kind)] = act, act.Nonce
		}
	}
	if change != nil {
		change(&page)
	}
	s.show(w, r, &me, status, "case", page.Vendor, page)
	return nil
}

func (s *server) casePage(r *http.Request, me visitor, who names, c dossier.CaseView) casePage {
	now := s.nowIn(&c)
	e := s.caseEntry(r, me, who, c)
	page := casePage{ID: c.ID, Vendor: e.Vendor, State: e.State, Stage: e.Stage, Tier: e.Tier, Playbook: human(c.Playbook), Digest: c.Digest,
		Owner: e.Owner, Rehearsal: c.Rehearsal, Sealed: c.Sealed, Opened: me.at(c.Opened, now), Closed: me.at(c.Closed, now),
		Dossier: "/dossier?" + url.Values{"case": {c.ID}}.Encode(), Running: c.State == dossier.Running, Nonces: map[string]string{}}
	if c.Requester != "" {
		page.Requester = who.of(c.Requester)
	}
	if c.Sponsor != "" {
		page.Sponsor = who.of(c.Sponsor)
	}
	if c.Deputy != "" {
		page.Deputy = who.of(c.Deputy)
	}
	page.Agreement = agreementOf(c, me, now)
	page.Pilot = who.pilot(&c, me, now)
	page.Held, page.Steer = who.held(&c, me, now), who.steer(c, me, now)
	for _, x := range c.Corrections {
		page.Corrections = append(page.Corrections, correctedEntry{What: fieldWords(x.Field), Shown: valueWords(x.Field, x.Values, x.Amount), By: who.of(x.By),
			From: x.From.String(), To: x.To.String(), At: me.at(x.At, now)})
	}
	for i := range c.Requests {
		if step := who.step(&c.Requests[i], me, now); step.Closed == nil {
			page.Steps = append(page.Steps, step)
		} else {
			page.Over = append(page.Over, step)
		}
		page.Late = append(page.Late, who.late(&c.Requests[i], me, now)...)
	}
	for _, d := range c.Documents {
		e := who.document(c.ID, d, me, now)
		e.Redline = redlineOf(&c, d)
		page.Papers = append(page.Papers, e)
	}
	page.Owns = owns(c, me.ID, now)
	if page.Owns && page.Running {
		page.Targets, page.Reopens = targets(c), reopens(c)
		for _, kind := range []review.ActKind{review.Submit, review.Withdraw, review.Reopen, review.Stop} {
			page.Nonces[string(kind)] = newNonce()
		}
	}
	return page
}

// owns says to whom the owner's forms are shown; whether an act counts is for
// the process to judge. A deputy is seen by the owner's seat that they hold.
func owns(c dossier.CaseView, person string, now time.Time) bool {
	if person == c.Owner || person == c.Requester {
		return true
	}
	for i := range c.Requests {
		for _, id := range c.Requests[i].SeatsOf(person, now) {
			if seat, _, ok := c.Requests[i].Seat(id); ok && seat.Role == review.OwnerRole && c.Requests[i].Closed == nil {
				return true
			}
		}
	}
	return false
}

// targets are the documents under review in processes that run. An exit makes those that
// are signed in it itself.
func targets(c dossier.CaseView) []choice {
	var list []choice
	if isExit(c.ID) {
		return nil
	}
	add := func(process, name string) {
		id := c.ID + "|" + name
		runs := slices.ContainsFunc(c.Processes, func(p dossier.ProcessView) bool { return p.ID == process && p.Ended.IsZero() })
		if runs && name != "" && !slices.ContainsFunc(list, func(x choice) bool { return x.ID == id }) {
			list = append(list, choice{ID: id, Label: human(name)})
		}
	}
	for i := range c.Requests {
		add(c.Requests[i].Process, c.Requests[i].Document)
	}
	return list
}

// reopens are the steps of the case that were decided.
func reopens(c dossier.CaseView) []choice {
	var list []choice
	for i := range c.Requests {
		r := &c.Requests[i]
		id := c.ID + "|" + r.Step
		if r.Closed == nil || slices.ContainsFunc(list, func(x choice) bool { return x.ID == id }) {
			continue
		}
		list = append(list, choice{ID: id, Label: flat(r.Title)})
	}
	return list
}

func (n names) step(r *review.Request, me visitor, now time.Time) stepView {
	v := stepView{Link: requestLink(r.ID), ID: r.ID, Title: cut(r.Title), Step: r.Step, Kind: r.Kind, Opened: me.at(r.Opened, now),
		Version: r.Current(), Waived: r.Waived, Groups: n.groups(r, me, now), Doubled: n.doubled(r, now), Conflicts: n.conflicts(r, me, now), Refusals: r.Refusals}
	state := r.Tally(now).State
	if r.Closed != nil {
		v.Closed, state = me.at(r.Closed.At, now), r.Closed.State
	}
	if r.Closed == nil {
		v.Unread = sectionWords(r.Tally(now).Unread)
	}
	v.State, v.Tone = stands(state), tone(string(state))
	if r.Closed != nil && !state.Decided() {
		v.State, v.Tone = "ended without a decision", "quiet"
	}
	return v
}

// late names who should have answered by now.
func (n names) late(r *review.Request, me visitor, now time.Time) []lateEntry {
	t := r.Tally(now)
	if t.Group >= len(t.Groups) || !lateGroup(r, t.Group, t.Groups[t.Group], now) {
		return nil
	}
	e := lateEntry{Link: requestLink(r.ID), Title: cut(r.Title), Since: me.at(r.Clocks[t.Group].Due, now)}
	for _, st := range t.Groups[t.Group].Seats {
		if st.Verdict != "" {
			continue
		}
		seat := lateSeat{Seat: human(st.Seat)}
		for _, h := range r.Seating(st.Seat).Holders {
			if h.Active(now) {
				seat.Who = append(seat.Who, n.of(h.Person))
			}
		}
		e.Seats = append(e.Seats, seat)
	}
	if len(e.Seats) == 0 {
		return nil
	}
	return []lateEntry{e}
}

func (n names) document(caseID string, d dossier.DocumentView, me visitor, now time.Time) paperEntry {
	e := paperEntry{Name: human(d.Name), Version: d.Version, Digest: d.Document, Media: cut(d.Media), Size: d.Size, At: me.at(d.At, now),
		ForVendor: d.ForVendor, Link: documentLink("/document", caseID, d.Document)}
	if d.By != "" {
		e.By = n.of(d.By)
	}
	if d.Comparison != nil {
		e.Changed = comparisonWords(*d.Comparison)
	}
	return e
}

// comparisonWords sums up what changed between two versions.
func comparisonWords(c engagement.Comparison) string {
	if c.Empty() {
		return "no clause changed"
	}
	text := ""
	for _, part := range []struct {
		n    int
		what string
	}{{len(c.Changed), "changed"}, {len(c.New), "new"}, {len(c.Gone), "gone"}, {len(c.Rebound), "with another meaning"}} {
		if part.n == 0 {
			continue
		}
		if text != "" {
			text += ", "
		}
		text += fmt.Sprintf("%d %s", part.n, part.what)
	}
	return text
}

// submitVersion files a document as the next version.
func (s *server) submitVersion(w http.ResponseWriter, r *http.Request, me visitor) error {
	f, err := parseAct(r.PostForm, review.Submit)
	if err != nil {
		return err
	}
	again := func(wrong string, status int) error { return s.renderCase(w, r, me, status, f.Case, f, wrong) }
	digest, err := s.upload(r, me)
	if err != nil {
		return again(sentence(s.report(r, err)), s.faultOf(err).Status)
	}
	if digest != "" {
		f.Document = digest
	}
	if f.Document == "" {
		return again("Pick the file with the next version.", http.StatusUnprocessableEntity)
	}
	return s.act(w, r, me, &f, time.Time{}, again)
}

// actOnCase withdraws the case or reopens a step.
func (s *server) actOnCase(w http.ResponseWriter, r *http.Request, me visitor) error {
	f, err := parseAct(r.PostForm, review.Withdraw, review.Reopen, review.Stop)
	if err != nil {
		return err
	}
	again := func(wrong string, status int) error { return s.renderCase(w, r, me, status, f.Case, f, wrong) }
	if wrong := f.wrong(); wrong != "" {
		return again(wrong, http.StatusUnprocessableEntity)
	}
	return s.act(w, r, me, &f, time.Time{}, again)
}
