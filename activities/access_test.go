package activities

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"go.temporal.io/sdk/temporal"

	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/entitlement"
	"gangway/internal/github"
	"gangway/internal/github/described"
	"gangway/internal/github/githubtest"
)

// Put files what an activity found out.
func (s *store) Put(_ context.Context, r io.Reader, _ int64) (dossier.Paper, error) {
	if s.fault != nil {
		return dossier.Paper{}, s.fault
	}
	text, err := io.ReadAll(r)
	if err != nil {
		return dossier.Paper{}, err
	}
	sum := sha256.Sum256(text)
	digest := "sha256:" + hex.EncodeToString(sum[:])
	return dossier.Paper{Digest: digest}, os.WriteFile(filepath.Join(s.dir, strings.TrimPrefix(digest, "sha256:")), text, 0o600)
}

// access is the activities over a GitHub with two people to let in, and the form that
// asks for it.
type access struct {
	*Activities
	store *store
	s     *githubtest.Server
	sheet string
}

const devLogin, leadLogin = "planted-dev", "planted-lead"

func newAccess(t *testing.T) *access {
	t.Helper()
	s, err := githubtest.New(githubtest.Options{Organisation: "northgate"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	s.AddMember("owner", "admin")
	s.AddTeam("payroll", "push")
	s.AddRepository("ledger", "private", "payroll")
	s.AddUser(devLogin)
	s.AddUser(leadLogin)
	c, err := github.NewClient(github.Connection{API: described.Front(t, s.API()), Organisation: "northgate", Token: s.Token(),
		Wait: func(ctx context.Context, _ time.Duration) error { return ctx.Err() }, Now: steps()})
	if err != nil {
		t.Fatal(err)
	}
	a := &access{store: newStore(t), s: s}
	a.Activities = &Activities{Archive: a.store, Access: github.NewKeeper(c), Filing: a.store}
	a.sheet = a.file(t, accessForm())
	t.Cleanup(func() {
		if a.store.opened != 0 {
			t.Errorf("%d documents were left open", a.store.opened)
		}
	})
	return a
}

// steps is a clock that goes on by two seconds with each look, so that nothing waits.
func steps() func() time.Time {
	turn, at := make(chan struct{}, 1), time.Now()
	return func() time.Time {
		turn <- struct{}{}
		defer func() { <-turn }()
		at = at.Add(2 * time.Second)
		return at
	}
}

func (a *access) file(t *testing.T, s engagement.Sheet) string {
	t.Helper()
	text, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	return a.store.put(t, text)
}

func accessForm() engagement.Sheet {
	line := func(id, words string) engagement.SheetLine {
		return engagement.SheetLine{Point: engagement.Point{ID: id}, Finding: engagement.Finding{Point: id, Said: words != ""}, Words: words}
	}
	until := func(id string, month time.Month) engagement.SheetLine {
		return engagement.SheetLine{Point: engagement.Point{ID: id}, Finding: engagement.Finding{Point: id, On: time.Date(2027, month, 1, 0, 0, 0, 0, time.UTC)}}
	}
	role := engagement.SheetLine{Point: engagement.Point{ID: "dev-permission"}, Finding: engagement.Finding{Point: "dev-permission", Choices: []string{"write"}}}
	return engagement.Sheet{Title: "Access", Lines: []engagement.SheetLine{
		line("dev-login", devLogin), line("dev-repository", "ledger"), role, until("dev-until", time.March), line("dev-reason", "planted reason"),
		line("lead-login", leadLogin), line("lead-team", "payroll"), until("lead-until", time.May), line("lead-reason", "planted reason"),
	}}
}

func TestAccessIsGivenTakenAwayAndLookedAt(t *testing.T) {
	t.Parallel()
	a := newAccess(t)
	in := AccessIn{Sheet: a.sheet}
	step := func(what string, do func(context.Context, AccessIn) (AccessOut, error), want ...AccessStanding) {
		t.Helper()
		out, err := do(t.Context(), in)
		if err != nil {
			t.Fatalf("%s: %v", what, err)
		}
		for i := range want {
			got := out.Standings[i]
			if len(out.Standings) != len(want) || got.Grant != want[i].Grant || got.Verdict != want[i].Verdict || !slices.Equal(got.Footholds, want[i].Footholds) || len(got.Doubts) > 0 {
				t.Errorf("%s: %+v, want %+v", what, got, want[i])
			}
		}
		text, err := json.Marshal([]any{in, out})
		if err != nil || strings.Contains(string(text), "planted") || strings.Contains(string(text), "ledger") {
			t.Errorf("%s: %s, %v", what, text, err)
		}
		in.Evidence = out.Evidence
	}
	stand := func(id string, v entitlement.Verdict, f ...entitlement.Foothold) AccessStanding {
		return AccessStanding{Grant: id, Verdict: v, Footholds: f}
	}
	const clean, found = entitlement.VerdictClean, entitlement.VerdictFound
	step("looking", a.ListAccess, stand("dev", clean), stand("lead", clean))
	step("granting", a.GrantAccess, stand("dev", found, entitlement.FootholdInvitation), stand("lead", found, entitlement.FootholdTeamInvited))
	step("granting again", a.GrantAccess, stand("dev", found, entitlement.FootholdInvitation), stand("lead", found, entitlement.FootholdTeamInvited))
	if n := len(a.s.Invitations()); n != 2 {
		t.Errorf("%d invitations", n)
	}
	for login, place := range map[string]string{devLogin: "ledger", leadLogin: ""} {
		if err := a.s.Accept(login, place); err != nil {
			t.Fatal(err)
		}
	}
	a.s.Rename(devLogin, "planted-new") // known by the number that the evidence holds
	a.s.AddUser(devLogin)
	in.Grants = []string{"dev"}
	step("removing one", a.RemoveAccess, stand("dev", clean))
	if len(a.s.Roles("ledger", "planted-new")) > 0 || a.s.Membership(leadLogin, "payroll").State != "active" {
		t.Error("another one was removed")
	}
	in.Grants = nil
	in.Sheet, in.Evidence = in.Evidence, "" // the evidence is enough
	step("removing all", a.RemoveAccess, stand("dev", clean), stand("lead", clean))
	if m := a.s.Membership(leadLogin, ""); m.State != "" { // the evidence of one call knows what that before it knew
		t.Errorf("still a member of the organisation: %+v", m)
	}
	var e accessEvidence
	if err := json.Unmarshal(a.read(t, in.Evidence), &e); err != nil || e.Kind != evidenceKind || e.Did != "removed" || e.Sheet != a.sheet || len(e.Standings) != 2 ||
		e.Standings[0].Account == 0 || !e.Standings[1].Joined || len(e.Standings[1].Probes) == 0 || !e.Standings[0].Until.Equal(time.Date(2027, 3, 1, 0, 0, 0, 0, time.UTC)) {
		t.Errorf("%+v, %v", e, err)
	}
}

func (a *access) read(t *testing.T, digest string) []byte {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(a.store.dir, strings.TrimPrefix(digest, "sha256:")))
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// TestWithoutGitHubAccessIsGivenByHand: it says so, and what is known stays known.
func TestWithoutGitHubAccessIsGivenByHand(t *testing.T) {
	t.Parallel()
	a := newAccess(t)
	first, err := a.GrantAccess(t.Context(), AccessIn{Sheet: a.sheet})
	if err != nil {
		t.Fatal(err)
	}
	a.Access = nil
	for _, do := range []func(context.Context, AccessIn) (AccessOut, error){a.GrantAccess, a.RemoveAccess, a.ListAccess} {
		out, err := do(t.Context(), AccessIn{Sheet: a.sheet, Evidence: first.Evidence})
		if err != nil || len(out.Standings) != 2 || out.Evidence != first.Evidence {
			t.Fatalf("%+v, %v", out, err)
		}
		for _, s := range out.Standings {
			if s.Verdict != entitlement.VerdictNotCheckable || !slices.Equal(s.Doubts, []entitlement.Doubt{entitlement.DoubtNotSetUp}) || s.Until.IsZero() {
				t.Errorf("%+v", s)
			}
		}
	}
}

// TestAccessThatCannotBeRead ends the attempt for good, without a word of it.
func TestAccessThatCannotBeRead(t *testing.T) {
	t.Parallel()
	a := newAccess(t)
	bad := accessForm()
	bad.Lines[3].Finding.On = time.Time{}
	other := accessForm()
	other.Title = "Another"
	out, err := a.ListAccess(t.Context(), AccessIn{Sheet: a.file(t, other)})
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		in   AccessIn
		kind string
	}{
		"no such form":          {AccessIn{Sheet: "sha256:" + strings.Repeat("0", 64)}, ErrNotFound},
		"no form":               {AccessIn{Sheet: a.store.put(t, []byte("planted text"))}, ErrUnreadable},
		"no end date":           {AccessIn{Sheet: a.file(t, bad)}, ErrUnreadable},
		"no such access":        {AccessIn{Sheet: a.sheet, Grants: []string{"planted"}}, ErrNotFound},
		"evidence of another":   {AccessIn{Sheet: a.sheet, Evidence: out.Evidence}, ErrUnreadable},
		"no evidence":           {AccessIn{Sheet: a.sheet, Evidence: a.sheet}, ErrUnreadable},
		"evidence that is gone": {AccessIn{Sheet: a.sheet, Evidence: "sha256:" + strings.Repeat("0", 64)}, ErrNotFound},
	} {
		_, err := a.RemoveAccess(t.Context(), c.in)
		var app *temporal.ApplicationError
		if !errors.As(err, &app) || !app.NonRetryable() || app.Type() != c.kind || strings.Contains(err.Error(), "planted") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if calls := a.s.Calls(""); slices.ContainsFunc(calls, func(c githubtest.Call) bool { return strings.HasPrefix(c.Call, "DELETE") }) {
		t.Error("something was removed")
	}
}

// TestAccessIsTriedAgain: limits name their pause, what GitHub goes on with too; what
// it refuses for good stands in the answer.
func TestAccessIsTriedAgain(t *testing.T) {
	t.Parallel()
	a := newAccess(t)
	a.s.Order(githubtest.Failure{How: githubtest.Second, After: 90 * time.Second})
	_, err := a.GrantAccess(t.Context(), AccessIn{Sheet: a.sheet})
	var app *temporal.ApplicationError
	if !errors.As(err, &app) || app.NonRetryable() || app.NextRetryDelay() != 90*time.Second || strings.Contains(err.Error(), "planted") {
		t.Errorf("%v", err)
	}
	a = newAccess(t)
	a.s.Order(githubtest.Failure{How: githubtest.Down})
	_, err = a.GrantAccess(t.Context(), AccessIn{Sheet: a.sheet})
	if err == nil || errors.As(err, &app) && app.NonRetryable() || strings.Contains(err.Error(), "planted") {
		t.Errorf("%v", err)
	}
	a = newAccess(t)
	a.s.Order(githubtest.Failure{How: githubtest.Forbidden, Needs: "administration=write", Call: "PUT /repos/{owner}/{repo}/collaborators/{username}"})
	out, err := a.GrantAccess(t.Context(), AccessIn{Sheet: a.sheet})
	if err != nil || len(out.Standings) != 2 || !slices.Equal(out.Standings[0].Doubts, []entitlement.Doubt{entitlement.DoubtPermission}) ||
		!slices.Equal(out.Standings[0].Needs, []string{"administration=write"}) || out.Standings[1].Verdict != entitlement.VerdictFound {
		t.Errorf("one that was refused holds up the other: %+v, %v", out.Standings, err)
	}
	a.store.fault = errors.New("the disk is away")
	if _, err := a.ListAccess(t.Context(), AccessIn{Sheet: a.sheet}); err == nil {
		t.Error("without the form")
	}
}
