package github

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"slices"
	"sync"
	"testing"
	"time"

	"gangway/internal/entitlement"
	"gangway/internal/github/described"
	"gangway/internal/github/githubtest"
)

// clock is one for both sides; waiting lets it go on.
type clock struct {
	mu     sync.Mutex
	at     time.Time
	waited time.Duration
}

func newClock() *clock { return &clock{at: time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)} }

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) skip(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

func (c *clock) wait(ctx context.Context, d time.Duration) error {
	c.mu.Lock()
	c.waited += d
	c.mu.Unlock()
	c.skip(d)
	return ctx.Err()
}

// world is a GitHub with an organisation, and a client of it. What they say to each
// other is held to GitHub's description.
type world struct {
	t     *testing.T
	clock *clock
	s     *githubtest.Server
	c     *Client
	k     *Keeper
}

// straight, as an API, leads to GitHub without a front: for answers that it would not
// let through as they are.
const straight = "straight"

func unheld(_ *githubtest.Options, c *Connection) { c.API = straight }

func newWorld(t *testing.T, change func(*githubtest.Options, *Connection)) *world {
	t.Helper()
	w := &world{t: t, clock: newClock()}
	o := githubtest.Options{Organisation: "northgate", Now: w.clock.now}
	conn := Connection{Organisation: "northgate", Now: w.clock.now, Wait: w.clock.wait}
	if change != nil {
		change(&o, &conn)
	}
	var err error
	w.s, err = githubtest.New(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := w.s.Close(); err != nil {
			t.Error(err)
		}
		if odd := w.s.Unexpected(); len(odd) > 0 {
			t.Errorf("what GitHub does not know: %q", odd)
		}
	})
	if conn.API == straight {
		conn.API = w.s.API()
	} else {
		conn.API = described.Front(t, w.s.API())
	}
	if conn.Token == "" && conn.App == 0 {
		conn.Token = w.s.Token()
	}
	w.c, err = NewClient(conn)
	if err != nil {
		t.Fatal(err)
	}
	w.k = NewKeeper(w.c)
	w.s.AddMember("owner", "admin")
	w.s.AddTeam("payroll", "push", "ann")
	w.s.AddTeam("other", "pull")
	w.s.AddRepository("ledger", "private", "payroll")
	w.s.AddRepository("site", "public")
	w.s.AddUser("dev-one")
	return w
}

// appKey is an app's, made once.
var appKey = sync.OnceValues(func() (*rsa.PrivateKey, error) { return rsa.GenerateKey(rand.Reader, leastKey) })

// asApp has the client sign in as an app with these permissions.
func asApp(t *testing.T, permissions map[string]string, repositories ...string) func(*githubtest.Options, *Connection) {
	t.Helper()
	key, err := appKey()
	if err != nil {
		t.Fatal(err)
	}
	return func(o *githubtest.Options, c *Connection) {
		o.App = githubtest.App{ID: 17, Installation: 4711, Key: &key.PublicKey, Permissions: permissions, Repositories: repositories}
		c.App, c.Installation = 17, 4711
		c.Key = pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(key)})
	}
}

func full() map[string]string {
	return map[string]string{"members": "write", "administration": "write", "metadata": "read"}
}

// ledger is access of dev-one to a repository, payroll to a team.
func ledger() entitlement.Grant {
	return entitlement.Grant{ID: "dev", Login: "dev-one", Repository: "ledger", Role: entitlement.RoleWrite, Until: time.Date(2027, 1, 31, 0, 0, 0, 0, time.UTC)}
}

func payroll() entitlement.Grant {
	return entitlement.Grant{ID: "dev", Login: "dev-one", Team: "payroll", Role: entitlement.RoleMember, Until: time.Date(2027, 1, 31, 0, 0, 0, 0, time.UTC)}
}

func ok(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// stands checks a standing's verdict and what it rests on.
func stands(t *testing.T, s entitlement.Standing, v entitlement.Verdict, f []entitlement.Foothold, d []entitlement.Doubt) {
	t.Helper()
	if s.Verdict != v || !slices.Equal(s.Footholds, f) || !slices.Equal(s.Doubts, d) {
		t.Errorf("%s %v %v %v, want %s %v %v", s.Verdict, s.Footholds, s.Doubts, s.Needs, v, f, d)
	}
	if len(s.Probes) == 0 {
		t.Error("nothing shows it")
	}
}

func is1[T any](one T) []T { return []T{one} }

// count is how many calls of a sort came.
func (w *world) count(call string) int { return len(w.s.Calls(call)) }

// faulty returns the error of a call, which has to be one with this fault.
func faulty(t *testing.T, err error, f Fault) *CallError {
	t.Helper()
	e, is := faultOf(err)
	if !is || e.Fault != f {
		t.Fatalf("%v, want %s", err, f)
	}
	return e
}
