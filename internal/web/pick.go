package web

import (
	"cmp"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"gangway/internal/playbook"
	"gangway/internal/review"
)

// pickHours is how long somebody who picked themselves stays signed in.
const pickHours = 12

// pick is what the cookie of somebody who picked themselves says.
type pick struct {
	person, number string
	until          time.Time
}

// endedPicks are the numbers of cookies that were signed out before their end.
// They are kept in memory: after a restart such a cookie counts again for what is
// left of its 12 hours, on a machine where anybody can pick anybody.
type endedPicks struct {
	mu    sync.Mutex
	until map[string]time.Time
}

func (e *endedPicks) add(p pick, now time.Time) {
	if p.number == "" {
		return
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.until == nil {
		e.until = map[string]time.Time{}
	}
	if len(e.until)%100 == 99 { // now and then, those that ended by themselves
		for number, until := range e.until {
			if now.After(until) {
				delete(e.until, number)
			}
		}
	}
	e.until[p.number] = p.until
}

func (e *endedPicks) has(number string) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	_, found := e.until[number]
	return found
}

// seal makes the cookie's value: person, end, a number of its own, and a code
// over all three.
func (s *server) seal(person string, until time.Time) string {
	body := base64.RawURLEncoding.EncodeToString([]byte(person)) + "." + strconv.FormatInt(until.Unix(), 36) + "." + rand.Text()
	return body + "." + base64.RawURLEncoding.EncodeToString(s.code(body))
}

func (s *server) code(body string) []byte {
	mac := hmac.New(sha256.New, s.o.Key)
	mac.Write([]byte("gangway session\n" + body))
	return mac.Sum(nil)
}

// unseal reads a cookie; the zero pick when it is not ours or has ended.
func (s *server) unseal(value string) pick {
	i := strings.LastIndexByte(value, '.')
	if i < 0 {
		return pick{}
	}
	code, err := base64.RawURLEncoding.DecodeString(value[i+1:])
	if err != nil || !hmac.Equal(code, s.code(value[:i])) {
		return pick{}
	}
	parts := strings.Split(value[:i], ".")
	if len(parts) != 3 {
		return pick{}
	}
	until, err := strconv.ParseInt(parts[1], 36, 64)
	if err != nil || s.o.Now().Unix() >= until || s.ended.has(parts[2]) {
		return pick{}
	}
	id, err := base64.RawURLEncoding.DecodeString(parts[0])
	if err != nil {
		return pick{}
	}
	return pick{person: string(id), number: parts[2], until: time.Unix(until, 0)}
}

// picked is the visitor of a cookie.
func (s *server) picked(r *http.Request, value string) (*visitor, error) {
	id := s.unseal(value).person
	if id == "" {
		return nil, nil
	}
	p, err := s.desk.Who(r.Context(), review.Address{Channel: pagesChannel, ID: id})
	if unknownPerson(p, err) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("asking who is signed in: %w", err)
	}
	return newVisitor(p, ""), nil
}

type signInGroup struct {
	Title  string
	People []signInPerson
}

type signInPerson struct {
	ID, Name, Roles string
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

// signInPicked signs in whoever was picked.
func (s *server) signInPicked(w http.ResponseWriter, r *http.Request, next string) {
	id := r.PostForm.Get("person")
	p, err := s.desk.Who(r.Context(), review.Address{Channel: pagesChannel, ID: id})
	switch {
	case id == "" || unknownPerson(p, err):
		s.renderSignIn(w, r, http.StatusUnprocessableEntity, next, "Pick one of the people below.")
		return
	case err != nil:
		s.fail(w, r, nil, fmt.Errorf("signing in: %w", err))
		return
	}
	s.ended.add(s.unseal(s.secretOf(r)), s.o.Now())
	http.SetCookie(w, s.cookie(s.seal(p.ID, s.o.Now().Add(pickHours*time.Hour)), pickHours*60*60))
	http.Redirect(w, r, next, http.StatusSeeOther)
}
