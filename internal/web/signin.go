package web

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"unicode"

	"gangway/internal/review"
)

// maxMail is the longest address that mail can have (RFC 5321 section 4.5.3.1.3).
const maxMail = 254

// signInPage asks who somebody is: a list to pick from, or a mail address.
type signInPage struct {
	Pick, ByMail bool
	Next, Mail   string
	Groups       []signInGroup
	Wrong        string
}

// codePage takes the code that was mailed.
type codePage struct {
	For                string // masked; empty: whoever has the address
	Ticket, Mail, Next string
	Wrong              string
}

func (s *server) showSignIn(w http.ResponseWriter, r *http.Request) {
	s.renderSignIn(w, r, http.StatusOK, r.FormValue("next"), "")
}

func (s *server) renderSignIn(w http.ResponseWriter, r *http.Request, status int, next, wrong string) {
	page := signInPage{Pick: s.o.PickPerson, ByMail: s.byMail(), Next: localPath(next), Wrong: wrong}
	switch {
	case page.Pick:
		people, err := s.desk.People(r.Context(), review.Address{Channel: pagesChannel})
		if err != nil {
			s.fail(w, r, nil, fmt.Errorf("listing people to sign in: %w", err))
			return
		}
		page.Groups = s.signInGroups(r, people)
	case page.ByMail:
		page.Mail = cut(r.PostForm.Get("mail"))
	default:
		status = max(status, http.StatusForbidden)
	}
	s.show(w, r, nil, status, "signin", "Sign in", page)
}

func (s *server) signIn(w http.ResponseWriter, r *http.Request) {
	if _, err := s.readWords(w, r); err != nil {
		s.fail(w, r, nil, err)
		return
	}
	next := localPath(r.PostForm.Get("next"))
	switch {
	case s.o.PickPerson:
		s.signInPicked(w, r, next)
		return
	case !s.byMail():
		s.renderSignIn(w, r, http.StatusForbidden, next, "")
		return
	}
	mail := strings.TrimSpace(r.PostForm.Get("mail"))
	if !isMail(mail) {
		s.renderSignIn(w, r, http.StatusUnprocessableEntity, next, "Write your mail address, such as you@company.example.")
		return
	}
	if err := s.o.Gate.MailCode(r.Context(), CodeWanted{Mail: mail, Next: next}, from(r)); err != nil {
		s.fail(w, r, nil, fmt.Errorf("mailing a code: %w", err))
		return
	}
	s.show(w, r, nil, http.StatusOK, "code", "Your code", codePage{Mail: mail, Next: next})
}

// isMail keeps out what can't be an address; which ones are known, the Gate
// knows and nobody is told.
func isMail(mail string) bool {
	name, host, found := strings.Cut(mail, "@")
	return found && name != "" && host != "" && len(mail) <= maxMail && isPlain(mail) && !strings.ContainsFunc(mail, unicode.IsSpace)
}

// signInByCode takes the six digits. Whether an address is known, a code wrong,
// used or too old: the answer is the same.
func (s *server) signInByCode(w http.ResponseWriter, r *http.Request) {
	if !s.byMail() {
		s.renderSignIn(w, r, http.StatusForbidden, "", "")
		return
	}
	if _, err := s.readWords(w, r); err != nil {
		s.fail(w, r, nil, err)
		return
	}
	page := codePage{Ticket: r.PostForm.Get("ticket"), Mail: strings.TrimSpace(r.PostForm.Get("mail")), Next: localPath(r.PostForm.Get("next"))}
	ask := CodeWanted{Next: page.Next}
	switch {
	case isSecret(page.Ticket):
		greeting, err := s.o.Gate.Greeting(r.Context(), page.Ticket)
		if err != nil {
			s.fail(w, r, nil, ticketFault(err))
			return
		}
		page.For, page.Mail, ask = cut(greeting.Name), "", CodeWanted{Ticket: page.Ticket}
	case isMail(page.Mail):
		page.Ticket, ask.Mail = "", page.Mail
	default:
		s.fail(w, r, nil, badForm("the form says neither for what nor for whom the code is"))
		return
	}
	code := strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || r == '-' {
			return -1
		}
		return r
	}, r.PostForm.Get("code"))
	if len(code) != 6 || strings.Trim(code, "0123456789") != "" { // a slip, which costs no try
		page.Wrong = "The code is six digits. Type them as they stand in the mail."
		s.show(w, r, nil, http.StatusUnprocessableEntity, "code", "Your code", page)
		return
	}
	secret, until, next, err := s.o.Gate.EnterByCode(r.Context(), ask, code, deviceOf(r.UserAgent()), from(r))
	var invalid interface{ Invalid() bool }
	switch {
	case gone(err) || errors.As(err, &invalid) && invalid.Invalid():
		page.Wrong = "This code is not right, or no longer good: it lasts half an hour, counts once, and five wrong ones end it. Look at the newest mail: the link in it stays good. Or have a new code mailed."
		s.show(w, r, nil, http.StatusUnprocessableEntity, "code", "Your code", page)
	case err != nil:
		s.fail(w, r, nil, fmt.Errorf("signing in by code: %w", err))
	default:
		s.enter(w, r, secret, until, next)
	}
}
