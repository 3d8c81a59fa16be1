package web

import (
	"cmp"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"gangway/internal/playbook"
	"gangway/internal/review"
)

const (
	cookieName   = "gangway"
	sessionHours = 12
	pagesChannel = "web"
	apiChannel   = "cli"
)

// address is how the desk knows the visitor.
func (v visitor) address() review.Address { return review.Address{Channel: pagesChannel, ID: v.ID} }

// seal makes the cookie's value: person, end, and a code over both.
func (s *server) seal(person string, until time.Time) string {
	body := base64.RawURLEncoding.EncodeToString([]byte(person)) + "." + strconv.FormatInt(until.Unix(), 36)
	return body + "." + base64.RawURLEncoding.EncodeToString(s.code(body))
}

func (s *server) code(body string) []byte {
	mac := hmac.New(sha256.New, s.o.Key)
	mac.Write([]byte("gangway session\n" + body))
	return mac.Sum(nil)
}

// unseal gives the person of a cookie, empty when it is not ours or has ended.
func (s *server) unseal(value string) string {
	i := strings.LastIndexByte(value, '.')
	if i < 0 {
		return ""
	}
	code, err := base64.RawURLEncoding.DecodeString(value[i+1:])
	if err != nil || !hmac.Equal(code, s.code(value[:i])) {
		return ""
	}
	person, end, _ := strings.Cut(value[:i], ".")
	until, err := strconv.ParseInt(end, 36, 64)
	if err != nil || s.o.Now().Unix() >= until {
		return ""
	}
	id, err := base64.RawURLEncoding.DecodeString(person)
	if err != nil {
		return ""
	}
	return string(id)
}

// visitor is who is signed in, nil when nobody is. Somebody who is no longer in
// the people file, or left, is nobody.
func (s *server) visitor(r *http.Request) (*visitor, error) {
	cookie, err := r.Cookie(cookieName)
	if err != nil {
		return nil, nil
	}
	id := s.unseal(cookie.Value)
	if id == "" {
		return nil, nil
	}
	p, err := s.desk.Who(r.Context(), review.Address{Channel: pagesChannel, ID: id})
	var nobody interface{ NotFound() bool }
	if errors.As(err, &nobody) && nobody.NotFound() || err == nil && p.Left {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("asking who is signed in: %w", err)
	}
	return &visitor{Person: p, zone: zoneOf(p)}, nil
}

// askWho sends somebody to the sign-in page, and gives back what they wrote if
// they were about to send something.
func (s *server) askWho(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodGet || r.Method == http.MethodHead {
		http.Redirect(w, r, "/signin?next="+url.QueryEscape(r.URL.RequestURI()), http.StatusSeeOther)
		return
	}
	page := faultPage{fault: fault{Status: http.StatusUnauthorized, What: "you are not signed in any more, so this was not sent",
		Hint: "sign in, open the request again and send it there; what you wrote is below"}.forPage(), Kept: keptFrom(r)}
	s.show(w, r, nil, http.StatusUnauthorized, "fault", "Signed out", page)
}

// signInPage lists the people to pick from.
type signInPage struct {
	Pick   bool
	Next   string
	Groups []signInGroup
	Wrong  string
}

type signInGroup struct {
	Title  string
	People []signInPerson
}

type signInPerson struct {
	ID, Name, Roles string
}

func (s *server) showSignIn(w http.ResponseWriter, r *http.Request) {
	s.renderSignIn(w, r, http.StatusOK, r.FormValue("next"), "")
}

func (s *server) renderSignIn(w http.ResponseWriter, r *http.Request, status int, next, wrong string) {
	page := signInPage{Pick: s.o.PickPerson, Next: localPath(next), Wrong: wrong}
	if s.o.PickPerson {
		people, err := s.desk.People(r.Context(), review.Address{Channel: pagesChannel})
		if err != nil {
			s.fail(w, r, nil, fmt.Errorf("listing people to sign in: %w", err))
			return
		}
		page.Groups = s.signInGroups(r, people)
	} else {
		status = max(status, http.StatusForbidden)
	}
	s.show(w, r, nil, status, "signin", "Sign in", page)
}

// signInGroups puts the client's own people first, then each vendor's.
func (s *server) signInGroups(r *http.Request, people []playbook.Person) []signInGroup {
	people = slices.DeleteFunc(slices.Clone(people), func(p playbook.Person) bool { return p.Left })
	slices.SortStableFunc(people, func(a, b playbook.Person) int { return cmp.Compare(a.Employer, b.Employer) })
	var groups []signInGroup
	last := ""
	for i, p := range people {
		if i == 0 || p.Employer != last {
			title := "Your own people"
			if p.Employer != "" {
				title = "People of " + flat(s.desk.VendorName(r.Context(), p.Employer))
			}
			groups = append(groups, signInGroup{Title: title})
			last = p.Employer
		}
		g := &groups[len(groups)-1]
		g.People = append(g.People, signInPerson{ID: p.ID, Name: cut(p.Name), Roles: human(strings.Join(p.Roles, ", "))})
	}
	return groups
}

func (s *server) signIn(w http.ResponseWriter, r *http.Request) {
	if err := s.readForm(w, r); err != nil {
		s.fail(w, r, nil, err)
		return
	}
	next, id := localPath(r.PostForm.Get("next")), r.PostForm.Get("person")
	if !s.o.PickPerson {
		s.renderSignIn(w, r, http.StatusForbidden, next, "")
		return
	}
	p, err := s.desk.Who(r.Context(), review.Address{Channel: pagesChannel, ID: id})
	var nobody interface{ NotFound() bool }
	switch {
	case id == "" || errors.As(err, &nobody) && nobody.NotFound() || err == nil && p.Left:
		s.renderSignIn(w, r, http.StatusUnprocessableEntity, next, "Pick one of the people below.")
		return
	case err != nil:
		s.fail(w, r, nil, fmt.Errorf("signing in: %w", err))
		return
	}
	http.SetCookie(w, s.cookie(s.seal(p.ID, s.o.Now().Add(sessionHours*time.Hour)), sessionHours*60*60))
	http.Redirect(w, r, next, http.StatusSeeOther)
}

func (s *server) signOut(w http.ResponseWriter, r *http.Request) {
	http.SetCookie(w, s.cookie("", -1))
	http.Redirect(w, r, "/signin", http.StatusSeeOther)
}

func (s *server) cookie(value string, age int) *http.Cookie {
	return &http.Cookie{Name: cookieName, Value: value, Path: "/", MaxAge: age, HttpOnly: true, Secure: s.o.Secure, SameSite: http.SameSiteLaxMode}
}

// localPath lets a sign-in lead to a page of ours and nowhere else.
func localPath(next string) string {
	u, err := url.Parse(next)
	if err != nil || u.Scheme != "" || u.Host != "" || u.User != nil || !strings.HasPrefix(next, "/") ||
		strings.HasPrefix(next, "//") || strings.ContainsAny(next, "\\\r\n\t") || strings.HasPrefix(u.Path, "//") ||
		strings.HasPrefix(u.Path, "/sign") {
		return "/"
	}
	return next
}
