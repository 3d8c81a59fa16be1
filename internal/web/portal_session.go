package web

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"gangway/internal/playbook"
	"gangway/internal/review"
)

const (
	portalPath    = "/portal"
	portalChannel = "portal"
)

// guest is a contact of a vendor who opened the portal. The client's own people
// and they have nothing in common: neither cookie nor page.
type guest struct {
	playbook.Contact
	s *server
}

// address is how the desk knows the guest.
func (g guest) address() review.Address { return review.Address{Channel: portalChannel, ID: g.ID} }

// at gives a time for a guest: where they are, nobody knows.
func (guest) at(t, now time.Time) *instant { return visitor{zone: time.UTC}.at(t, now) }

// portalCookieName has the prefix for https; __Host- would bind the cookie to the
// path /, and it goes to the portal alone (RFC 6265bis section 4.1.3).
func (s *server) portalCookieName() string {
	if s.secure() {
		return "__Secure-gangway-portal"
	}
	return "gangway-portal"
}

func (s *server) portalCookie(value string, age int) *http.Cookie {
	return &http.Cookie{Name: s.portalCookieName(), Value: value, Path: portalPath, MaxAge: age, HttpOnly: true, Secure: s.secure(), SameSite: http.SameSiteLaxMode}
}

// guest is who opened the portal in this browser, nil when nobody did.
func (s *server) guest(r *http.Request) (*guest, error) {
	cookie, err := r.Cookie(s.portalCookieName())
	if err != nil || !isSecret(cookie.Value) {
		return nil, nil // no cookie is nobody
	}
	c, err := s.o.Portal.PortalIn(r.Context(), cookie.Value)
	if gone(err) || forbidden(err) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("asking whose portal session this is: %w", err)
	}
	if c.State != playbook.ContactActive {
		return nil, nil
	}
	return &guest{c, s}, nil
}

func forbidden(err error) bool {
	var no interface{ Forbidden() bool }
	return errors.As(err, &no) && no.Forbidden()
}

// portal wraps what anybody may open; without a portal there is no such page.
func (s *server) portal(do func(http.ResponseWriter, *http.Request) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		err := error(plainFault{http.StatusNotFound, "there is no such page", "this gangway has no portal for vendors"})
		if s.o.Portal != nil {
			err = do(w, r)
		}
		if err != nil {
			s.fail(w, r, nil, err)
		}
	}
}

// guests wraps a page of somebody who opened the portal.
func (s *server) guests(do func(http.ResponseWriter, *http.Request, guest) error) http.HandlerFunc {
	return s.portal(func(w http.ResponseWriter, r *http.Request) error {
		g, err := s.guest(r)
		if err != nil {
			return err
		}
		files := strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/")
		if r.Method == http.MethodPost && !files {
			r.Body = http.MaxBytesReader(w, r.Body, maxForm)
			if err := s.readForm(w, r); err != nil {
				return err
			}
		}
		if g == nil {
			s.showGuest(w, r, nil, http.StatusUnauthorized, "guest-closed", "Open the link again", closedPage{Posted: r.Method == http.MethodPost, File: files, Kept: wroteIn(r)})
			return nil
		}
		return do(w, r, *g)
	})
}

// closedPage is what somebody sees whose session ended.
type closedPage struct {
	Posted, File bool
	Kept         []kept
}

// wroteIn is what a guest wrote in a form that could not be taken.
func wroteIn(r *http.Request) []kept {
	if r.Method != http.MethodPost || r.PostForm == nil {
		return nil
	}
	var texts []kept
	for _, f := range []struct{ name, label string }{{"why", "Why"}, {"note", "What you want to say"}, {"text", "What you wrote"}, {"sections", "Sections that you read"}} {
		if text := tidy(r.PostForm.Get(f.name)); text != "" {
			texts = append(texts, kept{f.label, text})
		}
	}
	for i := range maxParts { // the lines of a form, in their order
		field := "q" + strconv.Itoa(i)
		for _, text := range append(slices.Clone(r.PostForm[field+".a"]), r.PostForm[field+".none"]...) {
			if text = tidy(text); text != "" {
				texts = append(texts, kept{"Answer " + strconv.Itoa(i+1), text})
			}
		}
	}
	return texts
}

// showGuest renders a page of the portal.
func (s *server) showGuest(w http.ResponseWriter, r *http.Request, g *guest, status int, name, title string, page any) {
	f := frame{Title: flat(title), Style: s.style, Path: r.URL.Path, Rehearsal: s.o.Rehearsal, Page: page, Client: s.client(), Phone: cut(s.o.ClientPhone)}
	if g != nil {
		f.Me = cut(g.Name)
		if !g.ofNeither() {
			f.Vendor = cut(s.desk.VendorName(r.Context(), g.Contact.Vendor))
		}
	}
	s.render(w, status, name, f)
}

// client is the client's name.
func (s *server) client() string {
	if s.o.ClientName != "" {
		return cut(s.o.ClientName)
	}
	return "Our client"
}

// portalFault is an error as the vendor's people are told about it. Words that are
// written for the client's own people, and ids, stay out of it: our own, and what
// is said of something they sent, are the only ones that come through.
func portalFault(err error, f fault) fault {
	var own plainFault
	if errors.As(err, &own) {
		return f
	}
	switch f.Status {
	case http.StatusNotFound:
		f.What, f.Hint = "there is nothing here for you", "go to your tasks, or open the link in the newest mail again"
	case http.StatusForbidden:
		f.What, f.Hint = "this is not open to you", "go to your tasks, or call the person who asks you"
	case http.StatusRequestEntityTooLarge:
		f.Hint = "a file may have at most 25 MB, and a form ten files; send large ones one by one; what stands on the task’s page is kept"
	case http.StatusServiceUnavailable:
		f.What, f.Hint = "this can’t be done right now", "try again in a few minutes; what stands on the task’s page is kept"
	case http.StatusInternalServerError:
		f.Hint = "go back to your tasks and try again; if it stays, call the person who asks you and name the reference " + f.Reference
	}
	return f
}

func nothingHere() error {
	return plainFault{http.StatusNotFound, "there is nothing here for you", "go to your tasks, or open the link in the newest mail again"}
}
