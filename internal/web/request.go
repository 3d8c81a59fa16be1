package web

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"gangway/internal/dossier"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// requestView is a request as one person sees it.
type requestView struct {
	ID, Case, CaseLink, Title, Ask, Vendor string
	AskedBy, Owner                         string
	Kind                                   review.Kind
	Rehearsal                              bool
	Opened, Due                            *instant
	Late                                   bool
	State, Tone                            string
	Closed                                 *instant
	Groups                                 []groupView
	Doubled                                []string
	Conflicts                              *conflictsView
	Paper                                  *paperView
	Changes                                *changesView
	// Seats are those that the person can answer for now; none: no form.
	Seats    []choice
	Verdicts []choice
	Attest   []choice
	Upload   bool
	Collated []collated // what the vendor may be sent, collected from the answers
	Form     answerForm
	Wrong    string
	Faulty   *faultyList
	Pilot    *pilotView // what a go or no-go is judged by
	Hint     string     // what a reason is needed for
	Inward   bool       // nothing of what is said goes to the vendor
	Silence  string
	// What else the person can do here.
	Delegates []choice
	Holds     bool
	Recusable bool
	Own       []choice // answers of theirs that can be taken back
	Act       actForm  // as it came in, when it could not be taken
	ActWrong  string
	Nonces    map[string]string
	Settled   bool // somebody who holds a seat here has nothing to do
	Kept      []kept
	Held      *heldView
	Check     *checkView  // the points of a checklist
	Missing   []string    // what the vendor may be told is missing
	Summary   summaryView // what the vendor is for, in plain words
	Fill      *fillView   // what an answer fills in; nil: there is no form
	Sheets    []sheetView
	Access    []accessView
	Scores    *scoreTable
	Unread    string // sections that nobody has read
	Blinded   bool   // points are given, and nobody sees them yet
	FormFile  string // the form as a text
	ReadMore  *readingView
}

// Wide reports whether the answer takes more than fits beside a document.
func (v requestView) Wide() bool {
	return v.Fill != nil && (len(v.Fill.Lines) > 0 || len(v.Fill.Criteria) > 0)
}

// Approvable reports whether it can be approved along with others.
func (v requestView) Approvable() bool {
	return slices.ContainsFunc(v.Verdicts, func(c choice) bool { return c.ID == string(review.Approve) })
}

// Plain reports whether there is nothing to give a reason for: it is filled in, or
// not.
func (v requestView) Plain() bool { return v.Wide() && len(v.Verdicts) == 1 }

// Sends reports whether a document goes with the answer.
func (v requestView) Sends() bool { return v.Upload || v.Fill != nil && v.Fill.Files }

// choice is an option of a form.
type choice struct {
	ID, Label, Note string
	Checked         bool
	receives        bool // somebody of another vendor, for lines that say who receives
}

// collated is what one reviewer wants changed.
type collated struct {
	Seat, By, Inside, Vendor string
}

// findRequest finds a request that the person may see, and whether it waits on
// them.
func (s *server) findRequest(ctx context.Context, me visitor, id string) (*review.Request, bool, error) {
	if id == "" {
		return nil, false, missing("request")
	}
	waiting, err := s.desk.Waiting(ctx, me.address())
	if err != nil {
		return nil, false, fmt.Errorf("listing what waits: %w", err)
	}
	if i := slices.IndexFunc(waiting, func(r review.Request) bool { return r.ID == id }); i >= 0 {
		return &waiting[i], true, nil
	}
	r, err := s.desk.Request(ctx, me.address(), id)
	var nothing interface{ NotFound() bool }
	if errors.As(err, &nothing) && nothing.NotFound() {
		return nil, false, missing("request")
	}
	if err != nil {
		return nil, false, fmt.Errorf("looking for the request: %w", err)
	}
	return &r, false, nil
}

func (s *server) showRequest(w http.ResponseWriter, r *http.Request, me visitor) error {
	view, err := s.requestFor(r, me, r.FormValue("id"))
	if err != nil {
		return err
	}
	s.show(w, r, &me, http.StatusOK, "request", view.Title, view)
	return nil
}

func (s *server) requestFor(r *http.Request, me visitor, id string) (requestView, error) {
	req, waits, err := s.findRequest(r.Context(), me, id)
	if err != nil {
		return requestView{}, err
	}
	who, err := s.namesFor(r.Context(), me)
	if err != nil {
		return requestView{}, err
	}
	if _, err := s.contactsOf(r.Context(), me, who, req.Case); err != nil {
		return requestView{}, err
	}
	if _, err := s.outsidersOf(r.Context(), me, who, req.Case); err != nil {
		return requestView{}, err
	}
	return s.requestView(r.Context(), &knownCases{s: s, me: me}, who, req, waits)
}

// requestView puts a request into words for one person. Without waits there is
// no form, whatever the request says: it may be behind what the person did.
func (s *server) requestView(ctx context.Context, known *knownCases, who names, r *review.Request, waits bool) (requestView, error) {
	me := known.me
	c, err := known.of(ctx, r.Case)
	if err != nil {
		return requestView{}, err
	}
	now := s.nowIn(c)
	view := requestView{ID: r.ID, Case: r.Case, CaseLink: caseLink(r.Case), Title: cut(r.Title), Ask: tidy(r.Ask), Kind: r.Kind,
		Vendor: cut(s.desk.VendorName(ctx, r.Vendor)), Owner: who.of(r.Owner), AskedBy: "the playbook",
		Opened: me.at(r.Opened, now), Groups: who.groups(r, me, now), Doubled: who.doubled(r, now), Conflicts: who.conflicts(r, me, now), Nonces: map[string]string{}}
	if r.Requester != "" {
		view.AskedBy = who.of(r.Requester)
	}
	state := r.Tally(now).State
	if r.Closed != nil {
		state, view.Closed = r.Closed.State, me.at(r.Closed.At, now)
	}
	view.State, view.Tone = stands(state), tone(string(state))
	if d := due(r, now); !d.IsZero() {
		view.Due, view.Late = me.at(d, now), now.After(d)
	}
	view.Rehearsal, view.Held = c.Rehearsal, who.held(c, me, now)
	if view.Summary, err = known.summary(ctx, c); err != nil {
		return view, err
	}
	if r.AskText != "" { // the owner's own question: its words are in the record
		view.Ask, err = s.desk.Question(ctx, me.address(), *r)
		if err != nil {
			return view, fmt.Errorf("reading what is asked: %w", err)
		}
	}
	open := openSeats(r, me.ID, now)
	var scopes [][]string
	for _, seat := range readerSeats(r, open, me.ID, now) {
		scopes = append(scopes, seat.Scope)
	}
	view.Paper, view.Changes, err = s.beside(ctx, me, who, r, scopes)
	if err != nil {
		return view, err
	}
	if c.Pilot != nil && (r.Process == c.Pilot.Process && r.Kind == review.Decision || r.Step == playbook.ChorePart+"-"+string(playbook.Pilot)) {
		view.Pilot = who.pilot(c, me, now)
	}
	if waits && len(open) > 0 {
		if view.Access, err = s.accesses(ctx, me, r); err != nil {
			return view, err
		}
		s.offerAnswer(ctx, me, &view, r, open)
		if err := s.offerFilling(ctx, me, who, &view, r, now); err != nil {
			return view, err
		}
		if slices.Contains(r.Verdicts(), playbook.Sent) {
			if err := s.collate(ctx, me, who, &view, r, *c); err != nil {
				return view, err
			}
		}
	}
	if waits && slices.Contains(r.Verdicts(), playbook.SendMissing) {
		listMissing(&view, r, c)
	}
	if r.Kind == review.Checklist {
		if err := s.offerChecklist(ctx, me, who, &view, r, now); err != nil {
			return view, err
		}
	}
	if err := s.showSaid(ctx, me, who, &view, r, now); err != nil {
		return view, err
	}
	s.offerActs(&view, me, who, r, now, waits)
	return view, nil
}

// showSaid shows what was filled in, the points that were given, and what nobody
// has read.
func (s *server) showSaid(ctx context.Context, me visitor, who names, view *requestView, r *review.Request, now time.Time) (err error) {
	view.Scores = who.scores(r, now)
	view.Blinded = len(r.Criteria) > 0 && !scoresOpen(r, now)
	if r.Sheet && len(r.Points) > 0 {
		view.FormFile = formLink(r.ID)
	}
	if r.Closed == nil {
		view.Unread = sectionWords(r.Tally(now).Unread)
	}
	view.Sheets, err = s.sheets(ctx, me, who, r, now)
	return err
}

// readerSeats are the seats whose clauses are marked: those to answer for, else
// those that the person holds at all.
func readerSeats(r *review.Request, open []review.Seat, person string, now time.Time) []review.Seat {
	if len(open) > 0 {
		return open
	}
	var seats []review.Seat
	for _, id := range r.SeatsOf(person, now) {
		if s, _, ok := r.Seat(id); ok {
			seats = append(seats, s)
		}
	}
	return seats
}

// offerAnswer makes the form.
func (s *server) offerAnswer(ctx context.Context, me visitor, view *requestView, r *review.Request, open []review.Seat) {
	view.Form = answerForm{Nonce: newNonce(), Request: r.ID, Version: r.Current()}
	if len(open) == 1 {
		view.Form.Seat = open[0].ID
	}
	for _, seat := range open {
		note := "reads the whole document"
		if len(seat.Scope) > 0 {
			note = "reads " + scopeWords(seat.Scope)
		}
		if len(r.Versions) == 0 {
			note = ""
		}
		view.Seats = append(view.Seats, choice{ID: seat.ID, Label: human(seat.ID), Note: note})
		for _, id := range seat.Attest {
			if !slices.ContainsFunc(view.Attest, func(c choice) bool { return c.ID == id }) {
				view.Attest = append(view.Attest, choice{ID: id, Label: s.desk.Statement(ctx, r.Case, id)})
			}
		}
	}
	for _, v := range r.Verdicts() {
		c := choice{ID: string(v), Label: playbook.Say(v)}
		if v == review.Changes || v == review.Reject || slices.Contains(r.Reasoned, v) {
			c.Note = "needs a reason"
		}
		if v == review.Delivered && !r.Sheet {
			view.Upload = true
		}
		view.Verdicts = append(view.Verdicts, c)
	}
	view.Hint, view.Inward = reasonHint(view.Verdicts), isOwners(r) && len(r.ToVendor) == 0 && !slices.Contains(r.Verdicts(), playbook.Sent)
	view.Silence = "If you do nothing, nothing is decided: silence is never an answer. You are reminded, then your backup is asked too, then your manager is told"
	if me.ID != r.Owner {
		view.Silence += ", and " + view.Owner + ", who owns the case"
	}
	view.Silence += "."
}

// reasonHint says which of the answers need a reason.
func reasonHint(verdicts []choice) string {
	var need []string
	for _, v := range verdicts {
		if v.Note != "" {
			need = append(need, v.Label)
		}
	}
	switch {
	case len(need) == 0:
		return "Stays inside. May stay empty."
	case len(need) == len(verdicts):
		return "Stays inside. It is needed, whatever you say."
	}
	return "Stays inside. Needed with: " + strings.Join(need, "; ") + "."
}

// offerActs makes the small forms beside the answer.
func (s *server) offerActs(view *requestView, me visitor, who names, r *review.Request, now time.Time, waits bool) {
	if r.Closed != nil {
		return
	}
	held := r.SeatsOf(me.ID, now)
	own := standingOf(r, me.ID)
	view.Holds = waits && len(view.Seats) > 0
	view.Recusable = len(held)+len(own) > 0 && !slices.Contains(r.Recused, me.ID)
	view.Settled = !view.Holds && len(held) > 0 && len(own) == 0
	for _, b := range own {
		view.Own = append(view.Own, choice{ID: b.Seat, Label: human(b.Seat) + ": " + playbook.Said(b.Verdict)})
	}
	if view.Holds {
		for _, p := range who.people {
			if !p.Left && p.Employer == "" && p.ID != me.ID && p.ID != r.Requester && !slices.Contains(r.Recused, p.ID) {
				view.Delegates = append(view.Delegates, choice{ID: p.ID, Label: flat(p.Name), Note: human(firstOf(p.Roles))})
			}
		}
	}
	if len(held)+len(own) > 0 && !view.Holds { // whoever answers says it with the answer
		view.ReadMore = readingOf(r, now)
	}
	for _, kind := range []review.ActKind{review.Delegate, review.Recuse, review.TakeBack, review.Snooze, review.Read} {
		view.Nonces[string(kind)] = newNonce()
	}
}

func firstOf(list []string) string {
	if len(list) == 0 {
		return ""
	}
	return list[0]
}

// collate collects what the reviewers of the same process want changed, for the
// owner who edits it into what the vendor is sent.
func (s *server) collate(ctx context.Context, me visitor, who names, view *requestView, r *review.Request, c dossier.CaseView) error {
	lines, err := s.desk.Lines(ctx, me.address(), r.Case)
	if err != nil {
		return fmt.Errorf("reading what is wanted: %w", err)
	}
	bodies := map[string]*dossier.Body{}
	for _, l := range lines {
		if l.Body != nil && l.Entry.Answer != "" && l.Entry.Fact != nil && l.Entry.Fact.Kind == review.FactCounted {
			bodies[l.Entry.Answer] = l.Body
		}
	}
	for i := range c.Requests {
		other := &c.Requests[i]
		if other.Process != r.Process || other.ID == r.ID || len(other.Versions) == 0 {
			continue
		}
		for _, seat := range other.Policy.Seats() {
			b := other.Standing(seat.ID)
			if b == nil || review.Positive(b.Verdict) || bodies[b.Answer] == nil {
				continue
			}
			body := bodies[b.Answer]
			view.Collated = append(view.Collated, collated{Seat: human(seat.ID), By: who.of(b.Person), Inside: body.Inside, Vendor: body.Vendor})
			if body.Vendor != "" {
				if view.Form.Vendor != "" {
					view.Form.Vendor += "\n\n"
				}
				view.Form.Vendor += human(seat.ID) + ": " + body.Vendor
			}
		}
	}
	return nil
}
