package githubtest

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"gangway/internal/github/described"
)

// An organisation that is started again has its people and places, what was given and
// what was asked; new things get numbers of their own.
func TestAnOrganisationRemembers(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "github.json")
	at := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	open := func() *Server {
		t.Helper()
		s, err := New(Options{File: file, Tokens: []Token{{Value: "ghp_test"}}, Now: func() time.Time { return at }})
		if err != nil {
			t.Fatal(err)
		}
		s.AddTeam("crew", "push", "ann") // as local says at each start
		s.AddRepository("hull", "private", "crew")
		return s
	}
	s := open()
	c := &caller{t: t, s: s, api: described.Front(t, s.API()), token: "ghp_test"}
	dev := s.AddUser("dev")
	s.AddUser("nia")
	c.status(201, "PUT", "repos/test/hull/collaborators/dev", `{"permission":"pull"}`)
	c.status(200, "PUT", "orgs/test/teams/crew/memberships/nia", `{}`)
	if err := s.Accept("dev", "hull"); err != nil {
		t.Fatal(err)
	}
	s.RenameRepository("hull", "keel")
	s.Advance(time.Hour)
	for range 2 { // killed, and closed
		left, err := os.ReadFile(file)
		if err != nil || !strings.Contains(string(left), "keel") {
			t.Fatalf("%v: %s", err, left)
		}
		again := open()
		if got := again.Roles("keel", "dev")["direct"]; got != "read" {
			t.Errorf("dev may %q", got)
		}
		if again.Membership("nia", "crew").State != "pending" || len(again.Invitations()) != 1 || again.Membership("ann", "crew").State != "active" {
			t.Errorf("%+v", again.Invitations())
		}
		if got := again.AddUser("dev"); got.ID != dev.ID {
			t.Errorf("dev is %d, and was %d", got.ID, dev.ID)
		}
		if other := again.AddUser("new"); other.ID == dev.ID {
			t.Error("two have one number")
		}
		if ahead := again.Now().Sub(at); ahead != time.Hour {
			t.Errorf("its clock is %s ahead", ahead)
		}
		if err := again.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if s, err := New(Options{File: file}); err == nil {
		t.Error("a file that is none was taken for an empty organisation")
		_ = s.Close()
	}
}

// What can't be written is told at the end.
func TestAnOrganisationThatCannotRememberSaysSo(t *testing.T) {
	t.Parallel()
	s, err := New(Options{File: filepath.Join(t.TempDir(), "nowhere", "github.json")})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err == nil {
		t.Error("nothing was said")
	}
}

// What stands is the same as long as nobody changes anything, and another when somebody
// did, even where that was undone.
func TestStandsShowsEveryChange(t *testing.T) {
	t.Parallel()
	s, err := New(Options{Tokens: []Token{{Value: "ghp_test"}}})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	s.AddTeam("crew", "push", "ann")
	s.AddRepository("hull", "private", "crew")
	s.AddUser("dev")
	c := &caller{t: t, s: s, api: described.Front(t, s.API()), token: "ghp_test"}
	before := s.Stands()
	c.status(200, "GET", "repos/test/hull", "")
	if s.Stands() != before {
		t.Error("who only looks changes something")
	}
	for _, change := range []func(){
		func() { c.status(201, "PUT", "repos/test/hull/collaborators/dev", `{"permission":"pull"}`) },
		func() { c.status(204, "DELETE", "orgs/test/teams/crew/memberships/ann", "") },
		func() { s.AddKey("hull", "a key", "ann") },
		func() { s.AddEnvironment("hull", "production", 10, "dev") },
		func() { s.AddHook("", "https://elsewhere.example") },
		func() { s.AddTeam("other", "pull") },
	} {
		change()
		if now := s.Stands(); now == before {
			t.Error("a change does not show")
		} else {
			before = now
		}
	}
}
