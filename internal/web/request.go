package web

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
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
	Check     *checkView // the points of a checklist
	Missing   []string   // what the vendor may be told is missing
}

// choice is an option of a form.
type choice struct {
	ID, Label, Note string
	Checked         bool
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
	view := requestView{ID: r.ID, Case: r.Case, CaseLink: caseLink(r.Case), Title: cut(r.Title), Ask: r.Ask, Kind: r.Kind,
		Vendor: cut(s.desk.VendorName(ctx, r.Vendor)), Owner: who.of(r.Owner), AskedBy: "the playbook",
		Opened: me.at(r.Opened, now), Groups: who.groups(r, me, now), Doubled: who.doubled(r, now), Nonces: map[string]string{}}
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
	view.Paper, view.Changes, err = s.beside(ctx, me, r, scopes)
	if err != nil {
		return view, err
	}
	if waits && len(open) > 0 {
		s.offerAnswer(ctx, me, &view, r, open)
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
	s.offerActs(&view, me, who, r, now, waits)
	return view, nil
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
		if v == review.Delivered {
			view.Upload = true
		}
		view.Verdicts = append(view.Verdicts, c)
	}
	view.Silence = "If you do nothing, nothing is decided: silence is never an answer. You are reminded, then your backup is asked too, then your manager is told"
	if me.ID != r.Owner {
		view.Silence += ", and " + view.Owner + ", who owns the case"
	}
	view.Silence += "."
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
	for _, kind := range []review.ActKind{review.Delegate, review.Recuse, review.TakeBack, review.Snooze} {
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
