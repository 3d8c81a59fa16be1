package web

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"gangway/internal/playbook"
	"gangway/internal/review"
)

const (
	cookieName   = "gangway"
	pagesChannel = "web"
	apiChannel   = "cli"
)

// address is how the desk knows the visitor.
func (v visitor) address() review.Address { return review.Address{Channel: pagesChannel, ID: v.ID} }

// byMail reports whether people sign in by mailed codes and links here.
func (s *server) byMail() bool { return s.o.Gate != nil && !s.o.PickPerson }

// secure reports whether cookies are for https only: everywhere but on loopback.
func (s *server) secure() bool {
	u, err := url.Parse(s.o.Address)
	if s.o.Address == "" || err == nil && u.Scheme == "http" && isLoopback(u.Hostname()) {
		return false
	}
	return true
}

func isLoopback(host string) bool {
	ip, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && ip.IsLoopback()
}

// cookieName has the prefix that binds a cookie to https, to this host and to
// the path / (RFC 6265bis section 4.1.3), where https is.
func (s *server) cookieName() string {
	if s.secure() {
		return "__Host-" + cookieName
	}
	return cookieName
}

func (s *server) cookie(value string, age int) *http.Cookie {
	return &http.Cookie{Name: s.cookieName(), Value: value, Path: "/", MaxAge: age, HttpOnly: true, Secure: s.secure(), SameSite: http.SameSiteLaxMode}
}

// secretOf is what the session's cookie holds, empty without one.
func (s *server) secretOf(r *http.Request) string {
	cookie, err := r.Cookie(s.cookieName())
	if err != nil {
		return ""
	}
	return cookie.Value
}

// visitor is who is signed in, nil when nobody is. Somebody who is no longer in
// the people file, or left, is nobody.
func (s *server) visitor(r *http.Request) (*visitor, error) {
	secret := s.secretOf(r)
	if secret == "" {
		return nil, nil
	}
	if s.o.PickPerson {
		return s.picked(r, secret)
	}
	if s.o.Gate == nil || !isSecret(secret) {
		return nil, nil
	}
	p, session, err := s.o.Gate.SignedIn(r.Context(), secret)
	if gone(err) || err == nil && p.Left {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("asking whose session this is: %w", err)
	}
	return newVisitor(p, session.ID), nil
}

func newVisitor(p playbook.Person, device string) *visitor {
	return &visitor{Person: p, zone: zoneOf(p), device: device}
}

// enter signs the device in and leads on. A session that the device had before
// ends: a secret that somebody else put there is worth nothing afterwards.
func (s *server) enter(w http.ResponseWriter, r *http.Request, secret string, until time.Time, next string) {
	if old := s.secretOf(r); old != "" && old != secret && isSecret(old) {
		if err := s.o.Gate.SignOut(r.Context(), old); err != nil && !gone(err) {
			s.o.Log.Warn("the session before was not ended", "error", err)
		}
	}
	age := int(until.Sub(s.o.Now()) / time.Second)
	http.SetCookie(w, s.cookie(secret, max(age, 1)))
	http.Redirect(w, r, localPath(next), http.StatusSeeOther)
}

// signOut ends the session where it is kept, then takes the cookie away. The
// cookie stays when ending failed: the page says so, and one can try again.
func (s *server) signOut(w http.ResponseWriter, r *http.Request) {
	if _, err := s.readWords(w, r); err != nil {
		s.fail(w, r, nil, err)
		return
	}
	secret := s.secretOf(r)
	switch {
	case secret == "":
	case s.o.PickPerson:
		s.ended.add(s.unseal(secret), s.o.Now())
	case s.o.Gate != nil && isSecret(secret):
		if err := s.o.Gate.SignOut(r.Context(), secret); err != nil && !gone(err) {
			s.fail(w, r, nil, fmt.Errorf("signing out: %w", err))
			return
		}
	}
	http.SetCookie(w, s.cookie("", -1))
	next := localPath(r.PostForm.Get("next"))
	if next == "/" {
		next = "/signin"
	}
	http.Redirect(w, r, next, http.StatusSeeOther)
}

// from is the address that a request came from, for limits. Behind a proxy of
// ours, whoever serves this puts the address that the proxy saw into RemoteAddr.
func from(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}

// localPath lets a sign-in lead to a page of ours and nowhere else.
func localPath(next string) string {
	u, err := url.Parse(next)
	if err != nil || u.Scheme != "" || u.Host != "" || u.User != nil || !strings.HasPrefix(next, "/") || len(next) > maxAddress ||
		strings.HasPrefix(next, "//") || strings.ContainsAny(next, "\\\r\n\t") || strings.HasPrefix(u.Path, "//") ||
		strings.HasPrefix(u.Path, "/sign") || strings.HasPrefix(u.Path, "/enter") || strings.HasPrefix(u.Path, "/api") {
		return "/"
	}
	return next
}

// unknownPerson reports that the desk knows nobody behind an address.
func unknownPerson(p playbook.Person, err error) bool {
	var nobody interface{ NotFound() bool }
	return errors.As(err, &nobody) && nobody.NotFound() || err == nil && p.Left
}
