package web

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"gangway/internal/playbook"
	"gangway/internal/review"
)

// awayForm is what somebody says of being away, and what stands already.
type awayForm struct {
	Standing      []awayView
	Own           bool // some of it they said themselves, so that they can end it
	People        []awayPerson
	Nonce         string
	From, Until   string // days as typed
	Backup, First string
	Wrong         string
}

type awayView struct {
	From, Until *instant
	Backup      string // a name
	Own         bool
}

type awayPerson struct{ ID, Name string }

// aways fills in what stands and who could stand in.
func (s *server) aways(ctx context.Context, me visitor, f *awayForm) error {
	now := s.o.Now()
	standing, err := s.desk.Aways(ctx, me.address(), now)
	if err != nil {
		return fmt.Errorf("listing absences: %w", err)
	}
	people, err := s.desk.People(ctx, me.address())
	if err != nil {
		return fmt.Errorf("listing who could stand in: %w", err)
	}
	named := map[string]string{}
	for _, p := range people {
		named[p.ID] = cut(p.Name)
		if p.ID != me.ID && p.Employer == "" && !p.Left {
			f.People = append(f.People, awayPerson{ID: p.ID, Name: cut(p.Name)})
		}
	}
	for _, a := range standing {
		f.Standing = append(f.Standing, awayView{From: me.at(a.From, now), Until: me.at(a.Until, now), Backup: named[a.Backup], Own: a.Own})
		f.Own = f.Own || a.Own
	}
	f.First = now.In(me.zone).Format(time.DateOnly)
	f.Nonce = newNonce()
	return nil
}

// setAway takes the form of somebody who goes away, or who is back.
func (s *server) setAway(w http.ResponseWriter, r *http.Request, me visitor) error {
	if !s.byMail() {
		return missing("page")
	}
	get := r.PostForm.Get
	nonce := get("nonce")
	if nonce == "" || !isPlain(nonce) {
		return badForm("the form has no number")
	}
	f := awayForm{From: cut(get("from")), Until: cut(get("until")), Backup: cut(get("backup"))}
	var a playbook.Away
	if get("end") == "" {
		from, errFrom := time.ParseInLocation(time.DateOnly, f.From, me.zone)
		until, errUntil := me.endOfDay(f.Until)
		if errFrom != nil || errUntil != nil {
			f.Wrong = "Say the first and the last day."
			return s.renderMe(w, r, me, http.StatusUnprocessableEntity, mePage{Away: f})
		}
		a = playbook.Away{From: from, Until: until, Backup: f.Backup}
	}
	err := s.desk.SetAway(r.Context(), me.address(), nonce, a)
	var invalid interface{ Invalid() bool }
	if errors.As(err, &invalid) && invalid.Invalid() {
		f.Wrong = sentence(s.report(r, err))
		return s.renderMe(w, r, me, http.StatusUnprocessableEntity, mePage{Away: f})
	}
	if err != nil {
		return fmt.Errorf("saying that somebody is away: %w", err)
	}
	http.Redirect(w, r, "/me", http.StatusSeeOther)
	return nil
}

// apiAways lists the absences of whoever asks that have not ended.
func (s *server) apiAways(_ http.ResponseWriter, r *http.Request, who review.Address) (any, error) {
	return list(s.desk.Aways(r.Context(), who, s.o.Now()))
}

// apiSetAway says that whoever asks is away, and answers with what stands then.
// Without until it ends what they said before.
func (s *server) apiSetAway(w http.ResponseWriter, r *http.Request, who review.Address) (any, error) {
	var in struct {
		ID string `json:"id"`
		playbook.Away
	}
	if err := readJSON(w, r, &in); err != nil {
		return nil, err
	}
	if in.ID == "" {
		return nil, badCall("what was said has no id")
	}
	if err := s.desk.SetAway(r.Context(), who, in.ID, in.Away); err != nil {
		return nil, fmt.Errorf("saying that somebody is away: %w", err)
	}
	return list(s.desk.Aways(r.Context(), who, s.o.Now()))
}
