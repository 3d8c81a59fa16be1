package workflows

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"gangway/activities"
	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/entitlement"
	"gangway/internal/github"
	"gangway/internal/github/described"
	"gangway/internal/github/githubtest"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// hub is a GitHub behind the real activities of a story: northgate, with a team and a
// repository, and two people of the vendor who have nothing there. Its clock is the
// story's. All that is said is held to GitHub's description.
type hub struct {
	*github.Keeper
	t   *testing.T
	s   *githubtest.Server
	c   *github.Client
	rec *record
	// late happens shortly before the end.
	late func()

	mu     sync.Mutex
	story  func() time.Time
	waited time.Duration
}

// Logins of the vendor's people.
const devLogin, leadLogin = "planted-dev", "planted-lead"

const (
	putCollaborator = "PUT /repos/{owner}/{repo}/collaborators/{username}"
	putMember       = "PUT /orgs/{org}/teams/{team_slug}/memberships/{username}"
	delCollaborator = "DELETE /repos/{owner}/{repo}/collaborators/{username}"
	delMember       = "DELETE /orgs/{org}/teams/{team_slug}/memberships/{username}"
)

func newHub(t *testing.T, rec *record, change func(*githubtest.Options)) *hub {
	t.Helper()
	h := &hub{t: t, rec: rec, story: func() time.Time { return monday }}
	o := githubtest.Options{Organisation: "northgate", Now: h.now}
	if change != nil {
		change(&o)
	}
	var err error
	h.s, err = githubtest.New(o)
	if err != nil {
		t.Fatalf("starting a GitHub: %v", err)
	}
	t.Cleanup(func() {
		if err := h.s.Close(); err != nil {
			t.Error(err)
		}
		if odd := h.s.Unexpected(); len(odd) > 0 {
			t.Errorf("what GitHub does not know: %q", odd)
		}
		h.searchForPlanted()
	})
	c, err := github.NewClient(github.Connection{API: described.Front(t, h.s.API()), Organisation: "northgate", Token: h.s.Token(), Now: h.now, Wait: h.wait})
	if err != nil {
		t.Fatalf("connecting to GitHub: %v", err)
	}
	h.c, h.Keeper = c, github.NewKeeper(c)
	h.s.AddMember("owner", "admin")
	h.s.AddTeam("payroll", "push", "ann")
	h.s.AddRepository("ledger", "private")
	h.s.AddUser(devLogin)
	h.s.AddUser(leadLogin)
	return h
}

func (h *hub) now() time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.story().Add(h.waited)
}

// wait lets the clock go on: a story's stands still while an activity runs.
func (h *hub) wait(ctx context.Context, d time.Duration) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.waited += d
	return ctx.Err()
}

func (h *hub) follow(story func() time.Time) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.story = story
}

// Put keeps evidence in the story's record.
func (h *hub) Put(_ context.Context, r io.Reader, _ int64) (dossier.Paper, error) {
	text, err := io.ReadAll(r)
	if err != nil {
		return dossier.Paper{}, err
	}
	sum := sha256.Sum256(text)
	h.rec.mu.Lock()
	defer h.rec.mu.Unlock()
	digest := "sha256:" + hex.EncodeToString(sum[:])
	h.rec.papers[digest] = string(text)
	return dossier.Paper{Digest: digest, Size: int64(len(text))}, nil
}

// searchForPlanted holds for every story: no login is in what the record's entries say.
func (h *hub) searchForPlanted() {
	h.rec.mu.Lock()
	defer h.rec.mu.Unlock()
	for _, e := range h.rec.entries {
		if text := marshal(h.t, e); strings.Contains(text, "planted") || strings.Contains(text, "ledger") {
			h.t.Errorf("a name is in the record: %s", text)
		}
	}
}

// count is how many calls of a sort came.
func (h *hub) count(call string) int { return len(h.s.Calls(call)) }

// accepts has people accept their invitations: to a place, or to the organisation.
func (h *hub) accepts(login, repository string) {
	h.t.Helper()
	if err := h.s.Accept(login, repository); err != nil {
		h.t.Errorf("accepting: %v", err)
	}
}

// hubForm puts a form of these accesses into the store.
func (s *story) hubForm(name string, grants ...entitlement.Grant) string {
	sheet := engagement.Sheet{Title: "Access"}
	for _, g := range grants {
		line := func(last string, f engagement.Finding, words string) {
			f.Point, f.Said = g.ID+"-"+last, words != ""
			sheet.Lines = append(sheet.Lines, engagement.SheetLine{Point: engagement.Point{ID: f.Point, Title: last}, Finding: f, Words: words})
		}
		line(entitlement.GrantLogin, engagement.Finding{}, g.Login)
		line(entitlement.GrantTeam, engagement.Finding{}, g.Team)
		line(entitlement.GrantRepository, engagement.Finding{}, g.Repository)
		line(entitlement.GrantRole, engagement.Finding{Choices: []string{string(g.Role)}}, "")
		line(entitlement.GrantUntil, engagement.Finding{On: g.Until}, "")
		line(entitlement.GrantReason, engagement.Finding{}, "they build it")
	}
	text, err := sheet.Encode()
	if err != nil {
		s.t.Fatalf("encoding a form of accesses: %v", err)
	}
	return s.text(name, string(text))
}

// developer writes to the ledger, lead is in the payroll team, until so many days after
// Monday.
func developer(days int) entitlement.Grant {
	return entitlement.Grant{ID: "dev", Login: devLogin, Repository: "ledger", Role: entitlement.RoleWrite, Until: monday.Truncate(day).AddDate(0, 0, days)}
}

func lead(days int) entitlement.Grant {
	return entitlement.Grant{ID: "lead", Login: leadLogin, Team: "payroll", Role: entitlement.RoleMember, Until: monday.Truncate(day).AddDate(0, 0, days)}
}

// activationAt is an activation behind the real activities.
func activationAt(t *testing.T, change func(*githubtest.Options)) (*story, *hub) {
	t.Helper()
	rec := newRecord()
	h := newHub(t, rec, change)
	rec.access = h
	s := storyOf(t, rec, "acme", []string{"it-ida", "security-sam", "legal-lee"}, []string{"live", "after"}, accessStep(t), stepOf(t, "after", "after", seat("legal")))
	h.follow(s.env.Now)
	return s, h
}

// accessStep asks for accesses, which security signs.
func accessStep(t *testing.T) playbook.Step {
	access := stepOf(t, "access", "live", seat("it"))
	access.Kind, access.Does = review.Task, playbook.DoesAccess
	access.Points = []engagement.Point{{ID: "1-login", Kind: engagement.PointText}}
	access.Accept = &review.Policy{Groups: []review.Group{{Name: "signs", Rule: review.RuleAll, Seats: []review.Seat{seat("security")}}}}
	return access
}

// stood are the results of the entries on accesses, and what the last says of each.
func (s *story) stood() (results, last []string) {
	for _, e := range s.rec.of(dossier.AccessStands) {
		results, last = append(results, e.Detail.Result), e.Detail.Values
	}
	return results, last
}

// wantStood holds the entries on accesses to what they should say.
func (s *story) wantStood(results, last []string) {
	s.t.Helper()
	r, l := s.stood()
	if !slices.Equal(r, results) || !slices.Equal(l, last) {
		s.t.Errorf("the record says %q, %q; want %q, %q", r, l, results, last)
	}
}

var _ activities.Filing = (*hub)(nil)
