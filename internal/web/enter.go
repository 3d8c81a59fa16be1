package web

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
)

// goPage is what a stranger who follows a link in a mail sees: for whom it is.
type goPage struct {
	For    string // masked
	Ticket string
	Pick   bool   // one picks a person here instead
	Me     string // who is signed in, when it is somebody else
	Open   string // the page behind it, when they may see it as themselves
}

// showTicket leads the person of a ticket to their request, and tells others no
// more than for whom it is. The page behind it names the case, so it stands on
// no page of a stranger.
func (s *server) showTicket(w http.ResponseWriter, r *http.Request) {
	ticket := r.PathValue("ticket")
	if ticket == "" {
		ticket = r.FormValue("t")
	}
	greeting, err := s.greeting(r, ticket)
	if err != nil {
		s.fail(w, r, nil, ticketFault(err))
		return
	}
	me, err := s.visitor(r)
	if err != nil {
		s.fail(w, r, nil, err)
		return
	}
	page := goPage{For: cut(greeting.Name), Ticket: ticket, Pick: s.o.PickPerson}
	switch {
	case me == nil:
	case me.ID == greeting.Person:
		http.Redirect(w, r, localPath(greeting.Next), http.StatusSeeOther)
		return
	default:
		page.Me = cut(me.Name)
		if s.maySee(r, *me, greeting.Next) {
			page.Open = localPath(greeting.Next)
		}
	}
	s.show(w, r, me, http.StatusOK, "go", "A link for "+page.For, page)
}

// maySee reports whether somebody may see the request that a page is about.
func (s *server) maySee(r *http.Request, me visitor, page string) bool {
	u, err := url.Parse(page)
	if err != nil || u.Path != "/request" {
		return false
	}
	_, _, err = s.findRequest(r.Context(), me, u.Query().Get("id"))
	return err == nil
}

func (s *server) greeting(r *http.Request, ticket string) (Greeting, error) {
	if s.o.Gate == nil || !isSecret(ticket) {
		return Greeting{}, missing("link")
	}
	return s.o.Gate.Greeting(r.Context(), ticket)
}

// ticketFault is the page of a link that leads nowhere.
func ticketFault(err error) error {
	if gone(err) || isMissing(err) {
		return plainFault{http.StatusNotFound, "this link leads nowhere", "take it from the mail as it stands there, whole; or sign in, and your inbox shows what waits on you"}
	}
	return fmt.Errorf("asking for whom a link is: %w", err)
}

// mailCode mails a code to the person of a ticket, at the address on record.
func (s *server) mailCode(w http.ResponseWriter, r *http.Request) {
	if !s.byMail() {
		s.renderSignIn(w, r, http.StatusForbidden, "", "")
		return
	}
	if _, err := s.readWords(w, r); err != nil {
		s.fail(w, r, nil, err)
		return
	}
	ticket := r.PostForm.Get("ticket")
	greeting, err := s.greeting(r, ticket)
	if err != nil {
		s.fail(w, r, nil, ticketFault(err))
		return
	}
	if err := s.o.Gate.MailCode(r.Context(), CodeWanted{Ticket: ticket}, from(r)); err != nil {
		s.fail(w, r, nil, fmt.Errorf("mailing a code for a link: %w", err))
		return
	}
	s.show(w, r, nil, http.StatusOK, "code", "Your code", codePage{For: cut(greeting.Name), Ticket: ticket})
}

// enterPage is a one-time link before it is used, or one that can't be.
type enterPage struct {
	For    string // masked; empty: the link is no good
	Secret string
}

// showLink uses nothing up: what reads mails opens every link in them.
func (s *server) showLink(w http.ResponseWriter, r *http.Request) {
	if !s.byMail() {
		s.fail(w, r, nil, missing("page"))
		return
	}
	secret := r.PathValue("secret")
	greeting, err := s.linkFor(r, secret)
	switch {
	case gone(err) || isMissing(err):
		s.deadLink(w, r)
	case err != nil:
		s.fail(w, r, nil, fmt.Errorf("asking for whom a one-time link is: %w", err))
	default:
		s.show(w, r, nil, http.StatusOK, "enter", "Sign in", enterPage{For: cut(greeting.Name), Secret: secret})
	}
}

func (s *server) linkFor(r *http.Request, secret string) (Greeting, error) {
	if !isSecret(secret) {
		return Greeting{}, missing("link")
	}
	return s.o.Gate.LinkFor(r.Context(), secret)
}

// enterByLink exchanges a link for a session. The form of the page carries the
// secret once more, so that sending something to every address that stands in a
// mail uses nothing up either; for what presses buttons there is the code.
func (s *server) enterByLink(w http.ResponseWriter, r *http.Request) {
	if !s.byMail() {
		s.fail(w, r, nil, missing("page"))
		return
	}
	if _, err := s.readWords(w, r); err != nil {
		s.fail(w, r, nil, err)
		return
	}
	secret := r.PathValue("secret")
	if r.PostForm.Get("link") != secret {
		s.showLink(w, r)
		return
	}
	if !isSecret(secret) {
		s.deadLink(w, r)
		return
	}
	session, until, next, err := s.o.Gate.EnterByLink(r.Context(), secret, deviceOf(r.UserAgent()))
	switch {
	case gone(err):
		s.deadLink(w, r)
	case err != nil:
		s.fail(w, r, nil, fmt.Errorf("signing in by link: %w", err))
	default:
		s.enter(w, r, session, until, next)
	}
}

// deadLink is one page for every link that is no good: which kind it is would
// tell a stranger something.
func (s *server) deadLink(w http.ResponseWriter, r *http.Request) {
	s.show(w, r, nil, http.StatusNotFound, "enter", "This link is no longer good", enterPage{})
}

// deviceOf names a browser from what it says of itself: "Firefox on Linux". Only
// words of ours come out.
func deviceOf(agent string) string {
	first := func(pairs ...string) string {
		for i := 0; i+1 < len(pairs); i += 2 {
			if strings.Contains(agent, pairs[i]) {
				return pairs[i+1]
			}
		}
		return ""
	}
	// Browsers also claim to be those before them, so the order is the rule.
	browser := first("Edg/", "Edge", "OPR/", "Opera", "SamsungBrowser/", "Samsung Internet", "Firefox/", "Firefox", "FxiOS/", "Firefox",
		"CriOS/", "Chrome", "Chrome/", "Chrome", "Safari/", "Safari")
	system := first("iPhone", "iPhone", "iPad", "iPad", "Android", "Android", "Windows", "Windows", "Macintosh", "Mac", "CrOS", "ChromeOS", "Linux", "Linux")
	switch {
	case browser == "" && system == "":
		return "An unknown browser"
	case browser == "":
		return "A browser on " + system
	case system == "":
		return browser
	}
	return browser + " on " + system
}
