package web

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"gangway/internal/access"
)

// portalRoutes are the pages of the vendor's people. Whatever a GET gives can be
// opened by anything that reads mail, as often as it likes.
func (s *server) portalRoutes() []route {
	return []route{
		{"GET /portal/genuine", s.portal(s.showGenuine)},
		{"GET /portal/{ticket}", s.portal(s.showLanding)},
		{"POST /portal/{ticket}", s.portal(s.enterPortal)},
		{"POST /portal/again", s.portal(s.renewLink)},
		{"GET /portal", s.guests(s.showTasks)},
		{"GET /portal/{$}", s.guests(s.showTasks)},
		{"GET /portal/task", s.guests(s.showTask)},
		{"GET /portal/document", s.guests(s.outsideDocument)},
		{"POST /portal/read", s.guests(s.answerOutside)},
		{"GET /portal/form", s.guests(s.downloadPortalForm)},
		{"POST /portal/upload", s.guests(s.takeFiles)},
		{"POST /portal/save", s.guests(s.saveDraft)},
		{"POST /portal/send", s.guests(s.sendDelivery)},
		{"GET /portal/receipt", s.guests(s.showPortalReceipt)},
		{"GET /portal/material", s.guests(s.showMaterial)},
		{"POST /portal/decide", s.guests(s.answerReceived)},
		{"POST /portal/act", s.guests(s.actInPortal)},
		{"POST /portal/leave", s.guests(s.leavePortal)},
		{"/portal/", s.portal(func(http.ResponseWriter, *http.Request) error { return nothingHere() })},
	}
}

// landingPage is a link of the portal before anybody entered, or one that opens
// nothing.
type landingPage struct {
	access.Welcome
	Ticket string
	Wish   string // what the link of the mail is for; empty: the tasks
	Asked  bool   // a new link was asked for
}

// showLanding uses nothing up: what reads mails opens every link in them. A link
// that is no good looks the same whether it ever was one.
func (s *server) showLanding(w http.ResponseWriter, r *http.Request) error {
	ticket := r.PathValue("ticket")
	page := landingPage{Ticket: cut(ticket), Wish: wishOf(r.FormValue("for"))}
	welcome, err := s.look(r, ticket)
	if err != nil {
		return err
	}
	if !welcome.Opens {
		s.showGuest(w, r, nil, http.StatusNotFound, "guest-landing", "This link does not open", page)
		return nil
	}
	page.Welcome = access.Welcome{For: cut(welcome.For), Vendor: cut(welcome.Vendor), Client: s.clientOr(welcome.Client), Asker: cut(welcome.Asker), Phone: cut(welcome.Phone), Opens: true}
	s.showGuest(w, r, nil, http.StatusOK, "guest-landing", page.Client+" asks you for something", page)
	return nil
}

// look asks what a link may tell; one that is no good tells nothing.
func (s *server) look(r *http.Request, ticket string) (access.Welcome, error) {
	if !isSecret(ticket) {
		return access.Welcome{}, nil
	}
	welcome, err := s.o.Portal.PortalLook(r.Context(), ticket)
	switch {
	case gone(err) || err == nil && !welcome.Opens:
		return access.Welcome{}, nil
	case err != nil:
		return access.Welcome{}, fmt.Errorf("looking at a link of the portal: %w", err)
	}
	return welcome, nil
}

func (s *server) clientOr(name string) string {
	if name != "" {
		return cut(name)
	}
	return s.client()
}

// enterPortal exchanges a link for a session. The form of the page carries the
// link once more, so that sending something to every address that stands in a
// mail opens nothing.
func (s *server) enterPortal(w http.ResponseWriter, r *http.Request) error {
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	if err := s.readForm(w, r); err != nil {
		return err
	}
	ticket := r.PathValue("ticket")
	if !isSecret(ticket) || r.PostForm.Get("link") != ticket {
		return s.showLanding(w, r)
	}
	session, until, err := s.o.Portal.PortalEnter(r.Context(), ticket, deviceOf(r.UserAgent()))
	switch {
	case gone(err):
		return s.showLanding(w, r)
	case err != nil:
		return fmt.Errorf("entering the portal: %w", err)
	}
	http.SetCookie(w, s.portalCookie(session, max(int(until.Sub(s.o.Now())/time.Second), 1)))
	to := portalPath
	if wish := wishOf(r.PostForm.Get("for")); wish != "" {
		to += "?" + url.Values{"for": {wish}}.Encode()
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
	return nil
}

// wishOf is what a link in a mail may be for besides delivering.
func wishOf(word string) string {
	if word == actHandOn || word == actNotMe {
		return word
	}
	return ""
}

// renewLink has a new link mailed to the address on record. The page is the same
// for a link of anybody and of nobody.
func (s *server) renewLink(w http.ResponseWriter, r *http.Request) error {
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	if err := s.readForm(w, r); err != nil {
		return err
	}
	ticket := r.PostForm.Get("link")
	if isSecret(ticket) {
		if err := s.o.Portal.PortalAgain(r.Context(), ticket, from(r)); err != nil && !gone(err) {
			return fmt.Errorf("having a new link mailed: %w", err)
		}
	}
	s.showGuest(w, r, nil, http.StatusOK, "guest-landing", "A new link", landingPage{Asked: true})
	return nil
}

// leavePortal ends the session where it is kept, then takes the cookie away.
func (s *server) leavePortal(w http.ResponseWriter, r *http.Request, _ guest) error {
	if cookie, err := r.Cookie(s.portalCookieName()); err == nil {
		if err := s.o.Portal.PortalOut(r.Context(), cookie.Value); err != nil && !gone(err) {
			return fmt.Errorf("leaving the portal: %w", err)
		}
	}
	s.goodbye(w, r, "You have left", "Your tasks are as you left them. The link in the mail opens them again.")
	return nil
}

// goodbyePage is the last page of somebody who leaves.
type goodbyePage struct{ Heading, Text string }

func (s *server) goodbye(w http.ResponseWriter, r *http.Request, heading, text string) {
	http.SetCookie(w, s.portalCookie("", -1))
	s.showGuest(w, r, nil, http.StatusOK, "guest-goodbye", heading, goodbyePage{heading, text})
}

// genuinePage says how somebody finds out whether a mail of ours is one. It
// knows of no case.
type genuinePage struct {
	Client, Phone, Address string
}

func (s *server) showGenuine(w http.ResponseWriter, r *http.Request) error {
	page := genuinePage{Client: s.client(), Phone: cut(s.o.ClientPhone)}
	if u, err := url.Parse(s.o.Address); err == nil && u.Host != "" {
		page.Address = strings.TrimSuffix(u.Scheme+"://"+u.Host, "/") + portalPath + "/"
	}
	s.showGuest(w, r, nil, http.StatusOK, "guest-genuine", "How to check that this is genuine", page)
	return nil
}
