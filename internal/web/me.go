package web

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"
	"unicode/utf8"

	"gangway/internal/access"
)

// maxTokenName is how many characters the name of a token may have.
const maxTokenName = 80

// mePage lists where somebody is signed in and what signs in for them.
type mePage struct {
	Devices []deviceView
	Tokens  []tokenView
	// Accounts of the chat that decide in their name.
	Accounts []accountView
	Secret   string // of the token that was just made: told once
	Made     string // its name
	Name     string // as typed, when it could not be made
	Day      string
	First    string // days that a token may end on
	Last     string
	Wrong    string
	Away     awayForm
}

type deviceView struct {
	ID, Device        string
	Made, Seen, Until *instant
	This              bool
}

type tokenView struct {
	ID, Name          string
	Made, Seen, Until *instant
	State             string // empty: it works
}

func (s *server) showMe(w http.ResponseWriter, r *http.Request, me visitor) error {
	return s.renderMe(w, r, me, http.StatusOK, mePage{})
}

// renderMe fills in what there is.
func (s *server) renderMe(w http.ResponseWriter, r *http.Request, me visitor, status int, page mePage) error {
	if !s.byMail() {
		return missing("page")
	}
	sessions, err := s.o.Gate.Sessions(r.Context(), me.ID)
	if err != nil {
		return fmt.Errorf("listing devices: %w", err)
	}
	tokens, err := s.o.Gate.Tokens(r.Context(), me.ID)
	if err != nil {
		return fmt.Errorf("listing tokens: %w", err)
	}
	page.Accounts, err = s.accounts(r.Context(), me)
	if err != nil {
		return err
	}
	if err := s.aways(r.Context(), me, &page.Away); err != nil {
		return err
	}
	now := s.o.Now()
	slices.SortStableFunc(sessions, func(a, b access.Session) int { return b.Seen.Compare(a.Seen) })
	for _, d := range sessions {
		page.Devices = append(page.Devices, deviceView{ID: d.ID, Device: cmp.Or(cut(d.Device), "An unknown browser"), This: d.ID == me.device,
			Made: me.at(d.Made, now), Seen: me.at(d.Seen, now), Until: me.at(d.Until, now)})
	}
	slices.SortStableFunc(tokens, func(a, b access.Token) int { return b.Made.Compare(a.Made) })
	for _, t := range tokens {
		v := tokenView{ID: t.ID, Name: cut(t.Name), Made: me.at(t.Made, now), Seen: me.at(t.Seen, now), Until: me.at(t.Until, now)}
		switch {
		case !t.Revoked.IsZero():
			v.State = "revoked"
		case !now.Before(t.Until):
			v.State = "ended"
		}
		page.Tokens = append(page.Tokens, v)
	}
	page.First, page.Last = now.In(me.zone).Format(time.DateOnly), lastTokenDay(me, now)
	if page.Day == "" {
		page.Day = page.Last
	}
	s.show(w, r, &me, status, "me", "You", page)
	return nil
}

// lastTokenDay is the last day that ends before a token made now has to.
func lastTokenDay(me visitor, now time.Time) string {
	return now.Add(access.TokenFor).In(me.zone).AddDate(0, 0, -1).Format(time.DateOnly)
}

// endDevice signs a device out, or all of them.
func (s *server) endDevice(w http.ResponseWriter, r *http.Request, me visitor) error {
	if !s.byMail() {
		return missing("page")
	}
	ids := []string{r.PostForm.Get("id")}
	if r.PostForm.Get("all") != "" {
		sessions, err := s.o.Gate.Sessions(r.Context(), me.ID)
		if err != nil {
			return fmt.Errorf("listing the devices to end: %w", err)
		}
		ids = ids[:0]
		for _, d := range sessions {
			if d.ID != me.device {
				ids = append(ids, d.ID)
			}
		}
		ids = append(ids, me.device) // last, so that a fault on the way can be mended from here
	}
	for _, id := range ids {
		if id == "" || !isPlain(id) {
			return badForm("the form names no device")
		}
		if err := s.o.Gate.EndSession(r.Context(), me.ID, id); err != nil && (!gone(err) || len(ids) == 1) {
			return fmt.Errorf("ending a session: %w", err)
		}
	}
	if slices.Contains(ids, me.device) {
		http.SetCookie(w, s.cookie("", -1))
		http.Redirect(w, r, "/signin", http.StatusSeeOther)
		return nil
	}
	http.Redirect(w, r, "/me", http.StatusSeeOther)
	return nil
}

// makeToken shows the new token's secret on the page that answers the form: it is
// stored nowhere, so no other page could.
func (s *server) makeToken(w http.ResponseWriter, r *http.Request, me visitor) error {
	if !s.byMail() {
		return missing("page")
	}
	page := mePage{Name: tidy(r.PostForm.Get("name")), Day: cut(r.PostForm.Get("until"))}
	until, err := me.endOfDay(page.Day)
	if err != nil {
		page.Wrong = sentence(fault{What: err.Error()})
	} else {
		page.Wrong = wrongToken(page.Name, until, s.o.Now())
	}
	if page.Wrong != "" {
		return s.renderMe(w, r, me, http.StatusUnprocessableEntity, page)
	}
	secret, t, err := s.o.Gate.NewToken(r.Context(), me.ID, page.Name, until)
	var invalid interface{ Invalid() bool }
	if errors.As(err, &invalid) && invalid.Invalid() {
		page.Wrong = sentence(s.report(r, err))
		return s.renderMe(w, r, me, http.StatusUnprocessableEntity, page)
	}
	if err != nil {
		return fmt.Errorf("making a token: %w", err)
	}
	return s.renderMe(w, r, me, http.StatusOK, mePage{Secret: secret, Made: cut(t.Name)})
}

// wrongToken says what is wrong with a token that is wanted; empty when nothing
// is.
func wrongToken(name string, until, now time.Time) string {
	switch {
	case name == "":
		return "Give the token a name that says what uses it."
	case utf8.RuneCountInString(name) > maxTokenName || name != flat(name):
		return fmt.Sprintf("The name is one line of at most %d characters.", maxTokenName)
	case !until.After(now):
		return "The day on which it ends has passed."
	case until.After(now.Add(access.TokenFor)):
		return fmt.Sprintf("A token lasts for %d days at most.", int(access.TokenFor/(24*time.Hour)))
	}
	return ""
}

func (s *server) revokeToken(w http.ResponseWriter, r *http.Request, me visitor) error {
	if !s.byMail() {
		return missing("page")
	}
	id := r.PostForm.Get("id")
	if id == "" || !isPlain(id) {
		return badForm("the form names no token")
	}
	if err := s.o.Gate.RevokeToken(r.Context(), me.ID, id); err != nil {
		return fmt.Errorf("revoking a token: %w", err)
	}
	http.Redirect(w, r, "/me", http.StatusSeeOther)
	return nil
}
