package stories

import (
	"testing"

	"gangway/config"
	"gangway/internal/github/described"
	"gangway/internal/github/githubtest"
)

// openHub starts a GitHub with the example's organisation: the team payroll, and somebody
// of the vendor who has nothing there. Whatever the house says to it and hears from it is
// held to GitHub's description; a story that has nothing to ask of it is fine.
func openHub(t *testing.T) (*githubtest.Server, config.GitHub) {
	t.Helper()
	s, err := githubtest.New(githubtest.Options{Organisation: "northgate", Git: t.TempDir()})
	if err != nil {
		t.Fatalf("starting a GitHub: %v", err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("closing the GitHub: %v", err)
		}
		if odd := s.Unexpected(); len(odd) > 0 {
			t.Errorf("what GitHub does not know: %q", odd)
		}
	})
	s.AddMember("northgate-owner", "admin")
	s.AddTeam("payroll", "push", "northgate-developer")
	s.AddRepository("payroll-exports", "private", "payroll")
	s.AddUser("nadia-rahman")
	return s, held(t, s, s.API())
}

// held is a GitHub as a house reaches it: through what holds both to the description.
func held(t testing.TB, s *githubtest.Server, api string) config.GitHub {
	return config.GitHub{Organisation: s.Organisation(), Token: config.Opened(s.Token()), API: described.Standby(t, api)}
}
