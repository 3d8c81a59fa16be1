package web

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"gangway/internal/access"
	"gangway/internal/playbook"
)

const (
	lenaTicket = "lenaticketaaaaaaaaaaaaaaaa"
	lenaLink   = "lenalinkaaaaaaaaaaaaaaaaaa"
	lenaMail   = "lena@client.example"
	address    = "https://gangway.example"
)

// keeper is a Gate in memory: strict about what it is asked, and it writes down
// what was used up.
type keeper struct {
	t        testing.TB
	mu       sync.Mutex
	desk     *recorder
	sessions map[string]access.Session // by secret
	tokens   map[string]access.Token   // by secret
	mails    map[string]string         // address to person
	codes    map[string]string         // person to code
	tries    map[string]int
	next     map[string]string // person to the page that the newest link leads to
	used     map[string]bool   // links
	did      []string
	fail     error
	wrong    error // what a wrong code comes to
}

type often struct{}

func (often) Error() string             { return "asked for too often" }
func (often) Limited() bool             { return true }
func (often) RetryAfter() time.Duration { return 90 * time.Second }

func newKeeper(t testing.TB, desk *recorder) *keeper {
	k := &keeper{t: t, desk: desk, sessions: map[string]access.Session{}, tokens: map[string]access.Token{}, mails: map[string]string{lenaMail: "lena"},
		codes: map[string]string{}, tries: map[string]int{}, next: map[string]string{}, used: map[string]bool{}, wrong: invalidInput{}}
	for _, p := range []string{"lena", "ola", "sami", "vic", "gus", "una"} {
		k.sessions["session-"+p] = access.Session{ID: "device-" + p, Person: p, Device: "Firefox on Linux", Made: today().Add(-time.Hour), Seen: today(), Until: today().Add(access.SessionFor)}
		k.tokens["gwt_"+p] = access.Token{ID: "token-" + p, Person: p, Name: "build", Made: today(), Until: today().Add(time.Hour)}
	}
	k.codes["lena"], k.next["lena"] = "123456", requestURL(reviewID)
	return k
}

// acts is what it was asked to do so far; a browser asks from elsewhere.
func (k *keeper) acts() []string {
	k.mu.Lock()
	defer k.mu.Unlock()
	return slices.Clone(k.did)
}

func (k *keeper) note(format string, args ...any) {
	k.did = append(k.did, fmt.Sprintf(format, args...))
}

func (k *keeper) person(id string) playbook.Person {
	i := slices.IndexFunc(k.desk.people, func(p playbook.Person) bool { return p.ID == id })
	if i < 0 {
		k.t.Errorf("the gate was asked about %q", id)
		return playbook.Person{}
	}
	return k.desk.people[i]
}

// asked holds what web promises of every secret that it passes on.
func (k *keeper) asked(secret string) {
	if !isSecret(secret) {
		k.t.Errorf("the gate was asked about the secret %q", secret)
	}
}

func (k *keeper) Greeting(_ context.Context, ticket string) (Greeting, error) {
	k.asked(ticket)
	if ticket != lenaTicket {
		return Greeting{}, notThere{"ticket"}
	}
	return Greeting{Name: "Lena W.", Person: "lena", Next: requestURL(reviewID)}, nil
}

func (k *keeper) who(ask CodeWanted) string {
	if (ask.Ticket == "") == (ask.Mail == "") {
		k.t.Errorf("the gate was asked for %+v", ask)
	}
	if ask.Ticket == lenaTicket {
		return "lena"
	}
	return k.mails[ask.Mail]
}

func (k *keeper) MailCode(_ context.Context, ask CodeWanted, from string) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if from == "" || ask.Mail != "" && localPath(ask.Next) != ask.Next {
		k.t.Errorf("the gate was asked for %+v from %q", ask, from)
	}
	k.note("mail %s%s from %s", ask.Ticket, ask.Mail, from)
	if who := k.who(ask); who != "" && ask.Mail != "" {
		k.next[who] = ask.Next
	}
	return k.fail
}

func (k *keeper) LinkFor(_ context.Context, secret string) (Greeting, error) {
	k.asked(secret)
	k.mu.Lock()
	defer k.mu.Unlock()
	if secret != lenaLink || k.used[secret] {
		return Greeting{}, notThere{"link"}
	}
	return Greeting{Name: "Lena W.", Person: "lena", Next: k.next["lena"]}, k.fail
}

func (k *keeper) EnterByLink(_ context.Context, secret, device string) (string, time.Time, string, error) {
	k.asked(secret)
	k.mu.Lock()
	defer k.mu.Unlock()
	if secret != lenaLink || k.used[secret] {
		return "", time.Time{}, "", notThere{"link"}
	}
	k.used[secret] = true
	return k.open("lena", device)
}

func (k *keeper) open(person, device string) (string, time.Time, string, error) {
	k.note("enter %s on %s", person, device)
	secret := fmt.Sprintf("new-%s-%d", person, len(k.sessions))
	k.sessions[secret] = access.Session{ID: "device-" + secret, Person: person, Device: device, Made: today(), Seen: today(), Until: today().Add(access.SessionFor)}
	return secret, today().Add(access.SessionFor), k.next[person], nil
}

func (k *keeper) EnterByCode(_ context.Context, ask CodeWanted, code, device, from string) (string, time.Time, string, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if len(code) != 6 || strings.Trim(code, "0123456789") != "" || from == "" {
		k.t.Errorf("the gate was given the code %q from %q", code, from)
	}
	if k.fail != nil {
		return "", time.Time{}, "", k.fail
	}
	who := k.who(ask)
	if who == "" || k.codes[who] != code || k.tries[who] >= access.MaxTries {
		k.tries[who]++
		return "", time.Time{}, "", k.wrong
	}
	return k.open(who, device)
}

func (k *keeper) SignedIn(_ context.Context, secret string) (playbook.Person, access.Session, error) {
	k.asked(secret)
	k.mu.Lock()
	defer k.mu.Unlock()
	s, ok := k.sessions[secret]
	if !ok {
		return playbook.Person{}, s, notThere{"session"}
	}
	if errors.Is(k.fail, errDown) {
		return playbook.Person{}, s, k.fail
	}
	return k.person(s.Person), s, nil
}

func (k *keeper) SignOut(_ context.Context, secret string) error {
	k.asked(secret)
	k.mu.Lock()
	defer k.mu.Unlock()
	if _, ok := k.sessions[secret]; !ok {
		return notThere{"session"}
	}
	k.note("sign out %s", k.sessions[secret].Person)
	delete(k.sessions, secret)
	return k.fail
}

func (k *keeper) Sessions(_ context.Context, person string) ([]access.Session, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	var list []access.Session
	for _, s := range k.sessions {
		if s.Person == k.person(person).ID {
			list = append(list, s)
		}
	}
	return list, nil
}

func (k *keeper) EndSession(_ context.Context, person, id string) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	for secret, s := range k.sessions {
		if s.ID == id && s.Person == person {
			k.note("end %s", id)
			delete(k.sessions, secret)
			return nil
		}
	}
	return notThere{"session of yours"}
}

func (k *keeper) TokenOf(_ context.Context, secret string) (playbook.Person, access.Token, error) {
	k.asked(secret)
	k.mu.Lock()
	defer k.mu.Unlock()
	t, ok := k.tokens[secret]
	if !strings.HasPrefix(secret, "gwt_") {
		k.t.Errorf("the gate was asked about the token %q", secret)
	}
	if !ok || !t.Revoked.IsZero() {
		return playbook.Person{}, t, notThere{"token"}
	}
	return k.person(t.Person), t, nil
}

func (k *keeper) NewToken(_ context.Context, person, name string, until time.Time) (string, access.Token, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if name == "" || !until.After(today()) || until.After(today().Add(access.TokenFor)) {
		k.t.Errorf("the gate was asked for a token %q until %s", name, until)
	}
	k.note("token %s %s", person, name)
	t := access.Token{ID: fmt.Sprintf("made-%d", len(k.tokens)), Person: k.person(person).ID, Name: name, Made: today(), Until: until}
	secret := "gwt_made" + fmt.Sprint(len(k.tokens))
	k.tokens[secret] = t
	return secret, t, nil
}

func (k *keeper) Tokens(_ context.Context, person string) ([]access.Token, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	var list []access.Token
	for _, t := range k.tokens {
		if t.Person == k.person(person).ID {
			list = append(list, t)
		}
	}
	return list, nil
}

func (k *keeper) RevokeToken(_ context.Context, person, id string) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	for secret, t := range k.tokens {
		if t.ID == id && t.Person == person {
			k.note("revoke %s", id)
			t.Revoked = today()
			k.tokens[secret] = t
			return nil
		}
	}
	return notThere{"token of yours"}
}

// gated is a site where one signs in by mail.
type gated struct {
	*site
	gate *keeper
}

func newGated(t testing.TB, change ...func(*Options)) gated {
	t.Helper()
	desk := scene(t)
	k := newKeeper(t, desk)
	s := newSite(t, append([]func(*Options){func(o *Options) {
		o.PickPerson, o.Gate, o.Address = false, k, address
	}}, change...)...)
	k.desk = s.desk
	return gated{s, k}
}

// as does a request with a session's secret in the cookie.
func (g gated) as(secret string, r *http.Request) page {
	g.t.Helper()
	if secret != "" {
		r.AddCookie(&http.Cookie{Name: "__Host-gangway", Value: secret})
	}
	return g.do("", r)
}

func (g gated) at(secret, target string) page {
	g.t.Helper()
	return g.as(secret, httptest.NewRequest(http.MethodGet, target, nil))
}

func (g gated) send(secret, target string, form url.Values) page {
	g.t.Helper()
	r := httptest.NewRequest(http.MethodPost, target, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return g.as(secret, r)
}

// session is the secret in the cookie that a page set.
func (p page) session() string {
	p.t.Helper()
	for _, c := range (&http.Response{Header: p.Header}).Cookies() {
		if c.Name == "__Host-gangway" {
			return c.Value
		}
	}
	p.t.Fatalf("no cookie was set: %v", p.Header)
	return ""
}
