package web

import (
	"context"
	"fmt"
	"strings"
	"time"

	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// watchView is what runs out while a vendor works: what is late first, then the next
// dates.
type watchView struct {
	Late, Coming []watchRow
	Ended        []watchRow
}

// watchRow is one thing that runs out.
type watchRow struct {
	What, Until, State, Tone string
	// Notice is the last day on which notice of a contract arrives in time, Decide the
	// day by which its owner has to know.
	Notice, Decide  string
	Renews          bool
	Months          int    // for which it then goes on; 0: nobody said
	Asked           string // when people hear of it
	Document, Begun string // links
	BegunName       string
	Request, Title  string // link to what is asked about it now, and what that is called
	Unreviewed      bool
	Person          string
}

// watched says what is watched in a case; nil: nothing is, nor ever was.
func (s *server) watched(ctx context.Context, me visitor, who names, c *dossier.CaseView) (*watchView, error) {
	if len(c.Watched) == 0 {
		return nil, nil
	}
	var w engagement.Watch
	if s.o.VendorSide != nil {
		var err error
		w, err = s.o.VendorSide.WatchOf(ctx, me.address(), c.ID)
		if err != nil {
			return nil, fmt.Errorf("reading how early things are brought up: %w", err)
		}
	}
	v, now := &watchView{}, s.nowIn(c)
	for _, x := range c.Watching() {
		row := who.watchRow(c.ID, x, w, now)
		if r := askedAbout(c, x.ID); r != nil {
			row.Request, row.Title = requestLink(r.ID), cut(r.Title)
		}
		switch {
		case c.State != dossier.Running && !c.Closed.IsZero(): // nobody is asked of it any more: an exit, or another case, goes on with it
			row.State, row.Tone, row.Asked, row.Notice = "until this case was closed", "quiet", "", ""
			v.Ended = append(v.Ended, row)
		case row.Tone == "bad":
			v.Late = append(v.Late, row)
		default:
			v.Coming = append(v.Coming, row)
		}
	}
	for _, x := range c.Watched {
		if x.Ended != "" {
			row := who.watchRow(c.ID, x, w, now)
			row.State, row.Tone = strings.ReplaceAll(cut(x.Ended), "-", " "), "quiet"
			v.Ended = append(v.Ended, row)
		}
	}
	return v, nil
}

// askedAbout is what is asked now about something that is watched; nil: nothing is.
func askedAbout(c *dossier.CaseView, id string) *review.Request {
	for i := len(c.Requests) - 1; i >= 0; i-- {
		if r := &c.Requests[i]; r.Closed == nil && r.Watched == id && id != "" {
			return r
		}
	}
	return nil
}

func (n names) watchRow(caseID string, x dossier.WatchView, w engagement.Watch, now time.Time) watchRow {
	row := watchRow{What: upper(cut(x.Words())), Unreviewed: x.Unreviewed && x.Kind != engagement.ExpiryGap, Renews: x.Renews && x.Kind == engagement.ExpiryContract}
	if row.Renews {
		row.Months = x.RenewMonths
	}
	if !x.On.IsZero() {
		row.Until = dayOnly(x.On)
	}
	if x.Document != "" && x.Kind != engagement.ExpiryCopy { // whose document goes away
		row.Document = documentLink("/document", caseID, x.Document)
	}
	if x.Begun != "" {
		row.Begun, row.BegunName = caseLink(x.Begun), cut(x.Begun)
	}
	if x.Person != "" {
		row.Person = n.of(x.Person)
	}
	if up := x.BroughtUp(w); !up.IsZero() && up.After(now) {
		row.Asked = dayOnly(up)
	}
	passed := false
	if x.Kind == engagement.ExpiryContract && !x.On.IsZero() {
		_, decide, last := engagement.NoticeOf(x.Expiry, w)
		row.Decide, row.Notice = dayOnly(decide), dayOnly(last)
		passed = x.Decided == "" && !last.After(now)
	}
	row.State, row.Tone = watchStands(x, passed, row.Asked != "", now)
	return row
}

// watchStands is how something that is watched stands, in words.
func watchStands(x dossier.WatchView, passed, later bool, now time.Time) (state, tone string) {
	switch {
	case x.Kind == engagement.ExpiryGap:
		return "owed", "bad"
	case x.On.IsZero():
		return "owed: it was never there", "bad"
	case x.Kind == engagement.ExpiryCopy && x.On.After(now):
		return "kept until then, then erased", "quiet"
	case x.Kind == engagement.ExpiryCopy:
		return "should have been erased", "bad"
	case x.Lapsed && !looksAgain(x.Expiry):
		return "ran out", "bad"
	case x.Lapsed, !x.On.After(now):
		return overdueWord(x.Expiry), "bad"
	case x.Decided != "":
		return "decided: " + strings.ToLower(cut(playbook.Said(review.Verdict(x.Decided)))), "good"
	case x.NoticePassed, passed:
		return "too late for notice, and nobody has decided", "bad"
	case x.Begun != "":
		return "being renewed", "open"
	case !x.Invited.IsZero():
		return "invited, and not in yet", "warn"
	case later && looksAgain(x.Expiry):
		return "not due yet", "good"
	case looksAgain(x.Expiry):
		return "due soon", "warn"
	case later:
		return "holds", "good"
	case x.Kind == engagement.ExpiryContract:
		return "to be decided", "warn"
	}
	return "runs out soon", "warn"
}

// looksAgain reports whether the date is one on which something is looked at again, and
// nothing ends.
func looksAgain(e engagement.Expiry) bool {
	return e.Kind == engagement.ExpiryReview || e.Kind == engagement.ExpiryExitPlan || e.Kind == engagement.ExpiryDPA && e.Name == "look-again"
}

func overdueWord(e engagement.Expiry) string {
	if looksAgain(e) {
		return "overdue"
	}
	return "ran out"
}

// itemRow is one item of a due diligence.
type itemRow struct {
	Title, Link, State, Tone string
	Deliver, Accept          []string // who
	AcceptLink, Accepted     string
	Until                    string
	Over                     bool // it ran out
	Due                      *instant
}

// items says how each item of the case's due diligences stands. What became known of
// them is in the record's lines; the newest word on an item holds.
func (n names) items(c *dossier.CaseView, lines []dossier.Line, me visitor, now time.Time) []itemRow {
	known := map[string]*dossier.Detail{}
	for i := range lines {
		e := lines[i].Entry
		if e.Kind == dossier.Evidence && e.Detail != nil {
			known[e.Process+"|"+e.Detail.Step] = e.Detail
		}
	}
	var rows []itemRow
	for i := range c.Requests {
		r := &c.Requests[i]
		if !strings.HasPrefix(r.Process, string(playbook.Diligence)+"/") || r.Kind == review.Decision || playbook.IsChore(r.Step) || isOwners(r) || superseded(c, r) {
			continue
		}
		row := itemRow{Title: cut(r.Title), Link: requestLink(r.ID), Deliver: n.holders(r, now)}
		if d := due(r, now); !d.IsZero() && r.Closed == nil {
			row.Due = me.at(d, now)
		}
		state := r.Tally(now).State
		if r.Closed != nil {
			state = r.Closed.State
		}
		row.State, row.Tone = itemStands(r, state, now)
		if a := acceptanceOf(c, r); a != nil {
			row.AcceptLink, row.Accept = requestLink(a.ID), n.holders(a, now)
			row.Accepted = stands(a.Tally(now).State)
			if a.Closed == nil {
				row.State, row.Tone = "delivered, to be accepted", "open"
			}
		}
		if d := known[r.Process+"|"+r.Step]; d != nil {
			row.evidence(d, r.Closed == nil, now)
		}
		rows = append(rows, row)
	}
	return rows
}

// evidence puts the newest word on an item into its row. asked: it is asked for again.
func (row *itemRow) evidence(d *dossier.Detail, asked bool, now time.Time) {
	if !d.Ends.IsZero() {
		row.Until, row.Over = dayOnly(d.Ends), !d.Ends.After(now)
	}
	switch {
	case d.Result == playbook.EvidenceRanOut:
		row.State, row.Tone = "ran out, asked for again", "bad"
	case asked:
	case d.Result == playbook.EvidenceNotNeeded:
		row.State, row.Tone = "not needed any more", "quiet"
	case row.Over:
		row.State, row.Tone = "ran out", "bad"
	case d.Result == playbook.EvidenceWaived:
		row.State, row.Tone = "waived", "warn"
	case d.Result == playbook.EvidenceAccepted:
		row.State, row.Tone = "accepted", "good"
	}
}

func itemStands(r *review.Request, state review.State, now time.Time) (string, string) {
	switch {
	case r.Waived:
		return "waived", "warn"
	case r.Closed != nil && state == review.Met:
		return "delivered", "good"
	case r.Closed != nil && !state.Decided():
		return "ended without a decision", "quiet"
	case r.Closed == nil && !due(r, now).IsZero() && now.After(due(r, now)):
		return "late", "bad"
	case state == review.Open:
		return "asked for", "open"
	}
	return stands(state), tone(string(state))
}

// acceptanceOf is the newest decision on what a request delivered; nil: nobody was
// asked for one.
func acceptanceOf(c *dossier.CaseView, r *review.Request) *review.Request {
	for i := len(c.Requests) - 1; i >= 0; i-- {
		if a := &c.Requests[i]; a.Process == r.Process && a.Step == r.Step+acceptEnding && !a.Opened.Before(r.Opened) {
			return a
		}
	}
	return nil
}

// acceptEnding ends the step of the decision on what another step delivered.
const acceptEnding = "-accept"

// isOwners reports whether a request is one that gangway asks the case owner alone.
func isOwners(r *review.Request) bool {
	for _, s := range r.Policy.Seats() {
		if s.ID != playbook.OwnerSeat || s.Role != review.OwnerRole {
			return false
		}
	}
	return true
}

// holders are those who hold the seats of a request, each once; the vendor's seat while
// nobody holds it is the vendor's.
func (n names) holders(r *review.Request, now time.Time) []string {
	var list []string
	add := func(name string) {
		for _, x := range list {
			if x == name {
				return
			}
		}
		list = append(list, name)
	}
	for _, seat := range r.Policy.Seats() {
		if b := r.Standing(seat.ID); b != nil {
			add(n.of(b.Person))
			continue
		}
		held := false
		for _, h := range r.Seating(seat.ID).Holders {
			if h.Active(now) {
				add(n.of(h.Person))
				held = true
			}
		}
		if !held && seat.Role == review.VendorRole {
			add("the vendor")
		}
	}
	return list
}

// followers are the cases that this one came from and that went on from it.
type followers struct {
	Before, After string // links
	BeforeName    string
	AfterName     string
}

// followersOf reads them from the view and the record.
func followersOf(c *dossier.CaseView, lines []dossier.Line) followers {
	f := followers{}
	if c.Predecessor != "" {
		f.Before, f.BeforeName = caseLink(c.Predecessor), cut(c.Predecessor)
	}
	for i := range lines {
		if e := lines[i].Entry; e.Kind == dossier.HandedOver && e.Detail != nil && e.Detail.Parent != "" {
			f.After, f.AfterName = caseLink(e.Detail.Parent), cut(e.Detail.Parent)
		}
	}
	return f
}
