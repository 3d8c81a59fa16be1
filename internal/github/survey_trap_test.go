package github

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"gangway/internal/entitlement"
	"gangway/internal/github/githubtest"
	"gangway/internal/inventory"
)

// ledgerOf is a repository as an inventory knows it.
func (c *crowd) ledgerOf(name string) inventory.Repository {
	c.t.Helper()
	r, err := c.c.Repository(c.t.Context(), name)
	ok(c.t, err)
	return inventory.Repository{ID: r.ID, Owner: "northgate", Name: name}
}

// verdicts are those of places, of those alone that are not clean.
func verdicts(sights []inventory.Sight) map[inventory.Place]entitlement.Verdict {
	all := map[inventory.Place]entitlement.Verdict{}
	for _, s := range inventory.Merge(sights) {
		if s.Verdict != entitlement.VerdictClean {
			all[s.Place] = s.Verdict
		}
	}
	return all
}

// TestTrapNoPlaceIsCleanThatWasNotSeen: wherever GitHub hides, refuses, or shows a part,
// that place is not checkable, and every other is as it was.
func TestTrapNoPlaceIsCleanThatWasNotSeen(t *testing.T) {
	t.Parallel()
	for _, x := range []struct {
		call  call
		place inventory.Place
	}{
		{listMembers(), inventory.PlaceMembers}, {listOutsiders(), inventory.PlaceOutside}, {listInvitations(), inventory.PlaceInvitations},
		{listTeams(), inventory.PlaceTeams}, {listTeamMembers(), inventory.PlaceTeams}, {listTeamInvitations(), inventory.PlaceTeams},
		{listCollaborators(), inventory.PlaceCollaborators}, {listRepositoryInvitations(), inventory.PlaceRepoInvitations}, {listKeys(), inventory.PlaceDeployKeys},
		{listOrgHooks(), inventory.PlaceHooks}, {listHooks(), inventory.PlaceHooks}, {listInstallations(), inventory.PlaceApps}, {listTokens(), inventory.PlaceTokens}, {listTokenRequests(), inventory.PlaceTokenRequests},
		{listOrgRunners(), inventory.PlaceRunners}, {listRunners(), inventory.PlaceRunners}, {listEnvironments(), inventory.PlaceReviewers},
		{listBranches(), inventory.PlaceCodeowners}, {listCredentials(), inventory.PlaceCredentials}, {listSeats(), inventory.PlaceCopilot}, {listActivity(), inventory.PlacePushes},
	} {
		t.Run(x.call.name, func(t *testing.T) {
			t.Parallel()
			c := newCrowd(t, asApp(t, everything()))
			c.r.Cut = c.clock.now()
			c.clock.skip(time.Minute)
			c.s.Push("ledger", "ann")
			for _, how := range []githubtest.How{githubtest.Hidden, githubtest.Forbidden, githubtest.SSO, githubtest.Silent, githubtest.Partial} {
				c.s.Mend()
				c.sv.reads = false // each sign-in asks for itself
				if how == githubtest.Partial && x.call == listBranches() {
					continue // one page was asked for, and it shows enough
				}
				c.s.Order(githubtest.Failure{Call: x.call.name, How: how, Needs: "members=read", Times: -1})
				sights, _ := c.look()
				want := map[inventory.Place]entitlement.Verdict{inventory.PlaceCodespaces: entitlement.VerdictNotCheckable, x.place: entitlement.VerdictNotCheckable}
				if x.call == listMembers() {
					want[inventory.PlaceOwners] = entitlement.VerdictNotCheckable
				}
				got := verdicts(sights)
				if len(got) != len(want) || got[x.place] != want[x.place] {
					t.Errorf("%s: %v, want %v", how, got, want)
				}
				for _, s := range inventory.Merge(sights) {
					if how == githubtest.Forbidden && s.Place == x.place && !slices.Equal(s.Needs, []string{"members=read"}) {
						t.Errorf("%s needs %v", s.Place, s.Needs)
					}
				}
			}
		})
	}
}

// TestTrapNothingIsCleanInWhatIsHidden: where the organisation or a repository can't be
// seen, or is another, no place of it is clean.
func TestTrapNothingIsCleanInWhatIsHidden(t *testing.T) {
	t.Parallel()
	c := newCrowd(t, nil)
	c.r.Cut = c.clock.now()
	ledger := c.ledgerOf("ledger")
	never := func(what string, sights []inventory.Sight, places int, d entitlement.Doubt) {
		t.Helper()
		if len(sights) != places {
			t.Errorf("%s: %d places of %d", what, len(sights), places)
		}
		for _, s := range sights {
			if s.Verdict != entitlement.VerdictNotCheckable || !slices.Contains(s.Doubts, d) {
				t.Errorf("%s: %s is %s, %v", what, s.Place, s.Verdict, s.Doubts)
			}
		}
	}
	repositories := len(inventory.RepositoryPlaces())
	see := func(repo inventory.Repository) []inventory.Sight {
		sights, err := c.sv.Repository(t.Context(), c.r, repo)
		ok(t, err)
		return sights
	}
	c.s.Order(githubtest.Failure{Call: getOrganisation().name, How: githubtest.Hidden})
	over, err := c.sv.Organisation(t.Context(), c.r)
	ok(t, err)
	never("no organisation", over.Sights, len(inventory.Places()), entitlement.DoubtHidden)
	c.s.Order(githubtest.Failure{Call: getRepository().name, How: githubtest.Hidden})
	never("no repository", see(ledger), repositories, entitlement.DoubtHidden)
	elsewhere := ledger
	elsewhere.Owner = "acme"
	never("another organisation's", see(elsewhere), repositories, entitlement.DoubtNotSetUp)
	c.s.RenameRepository("ledger", "books")
	never("renamed", see(ledger), repositories, entitlement.DoubtMoved)
	c.s.AddRepository("ledger", "private")
	never("another of its name", see(ledger), repositories, entitlement.DoubtMoved)
}

// TestTrapAppsSeeSomeRepositories, and the list does not say so: what is in the others
// can't be called clean.
func TestTrapAppsSeeSomeRepositories(t *testing.T) {
	t.Parallel()
	for name, how := range map[string]func(*githubtest.Options, *Connection){
		"selected":   asApp(t, everything(), "ledger"),
		"no setting": asApp(t, map[string]string{"members": "write", "metadata": "read"}),
	} {
		c := newCrowd(t, how)
		over, err := c.sv.Organisation(t.Context(), c.r)
		ok(t, err)
		got := verdicts(over.Sights)
		for _, p := range inventory.RepositoryPlaces() {
			if p != inventory.PlacePushes && got[p] != entitlement.VerdictNotCheckable {
				t.Errorf("%s: %s is %s", name, p, got[p])
			}
		}
	}
}

// TestTrapMembersWhoHide: who is no owner sees the members who show themselves.
func TestTrapMembersWhoHide(t *testing.T) {
	t.Parallel()
	c := newCrowd(t, func(o *githubtest.Options, c *Connection) {
		o.Tokens = []githubtest.Token{{Value: "github_pat_fine", Permissions: map[string]string{"members": "write", "metadata": "read"}}}
		c.Token = "github_pat_fine"
	})
	over, err := c.sv.Organisation(t.Context(), c.r)
	ok(t, err)
	for _, p := range []inventory.Place{inventory.PlaceMembers, inventory.PlaceOwners, inventory.PlaceTeams} {
		if got := verdicts(over.Sights); got[p] != entitlement.VerdictNotCheckable {
			t.Errorf("%s is %s", p, got[p])
		}
	}
}

// TestTrapWhatIsRefusedStays, and is said; what GitHub may do yet is tried again.
func TestTrapWhatIsRefusedStays(t *testing.T) {
	t.Parallel()
	c := newCrowd(t, nil)
	id := c.s.AddKey("ledger", "laptop", "dev-one")
	f := inventory.Finding{Place: inventory.PlaceDeployKeys, Repository: "ledger", RepositoryID: c.ledgerOf("ledger").ID, ID: id, Identity: c.r.Identities[0]}
	for how, d := range map[githubtest.How]entitlement.Doubt{githubtest.Forbidden: entitlement.DoubtPermission, githubtest.Conflict: entitlement.DoubtRefused,
		githubtest.Undone: "", githubtest.Hidden: ""} {
		c.s.Order(githubtest.Failure{Call: removeKey().name, How: how, Needs: "administration=write"})
		s := c.cut(f)
		if s.Verdict != entitlement.VerdictFound || len(s.Findings) != 1 || d != "" && !slices.Contains(s.Doubts, d) || s.Calls != 5 {
			t.Errorf("%s: %+v", how, s)
		}
	}
	for _, how := range []githubtest.How{githubtest.Down, githubtest.Second429, githubtest.Lost} {
		c.s.Order(githubtest.Failure{Call: removeKey().name, How: how, After: 5 * time.Second})
		s, err := c.sv.Cut(t.Context(), c.r, f)
		e, is := faultOf(err)
		if is && e.Permanent() || !is && s.Verdict != entitlement.VerdictClean {
			t.Errorf("%s: %+v, %v", how, s, err)
		}
		c.clock.skip(time.Minute)
	}
	if s := c.cut(f); s.Verdict != entitlement.VerdictClean || s.Calls != 1 {
		t.Errorf("%+v", s)
	}
	if got := c.s.Things(); len(got) > 0 {
		t.Errorf("%q", got)
	}
}

// TestOnlyWhatTheRosterHasIsCut, whatever the finding says.
func TestOnlyWhatTheRosterHasIsCut(t *testing.T) {
	t.Parallel()
	c := newCrowd(t, nil)
	c.fill()
	ann := inventory.Identity{Login: "ann", Account: c.s.AddUser("ann").ID}
	ledger := c.ledgerOf("ledger")
	c.r.Staff = nil // not even then
	things := c.s.Things()
	from := c.count("")
	c.cut(inventory.Finding{Place: inventory.PlaceMembers, Identity: ann})
	if n := c.count("") - from; n > 0 {
		t.Errorf("%d calls about somebody who is not the vendor's", n)
	}
	for _, p := range inventory.Places() {
		for _, f := range []inventory.Finding{{Place: p, Identity: ann}, {Place: p, Identity: inventory.Identity{Login: "ann", Account: c.r.Identities[0].Account}},
			{Place: p, Identity: c.r.Identities[0], ID: 1}, {Place: p, Title: "acme.example", ID: 2}} {
			for _, repo := range []inventory.Repository{{}, ledger} {
				f.Repository, f.RepositoryID = repo.Name, repo.ID
				if f.Place == inventory.PlaceOutside && f.Identity.Login == "ann" && f.Identity.Account != ann.Account {
					continue // it is dev-one, under another name: cut by the number
				}
				if f.ID == 0 && f.Identity.Account != ann.Account {
					continue
				}
				c.cut(f)
			}
		}
	}
	if got := c.s.Things(); !slices.Equal(got, things) {
		t.Errorf("%q, was %q", got, things)
	}
	if c.s.Membership("ann", "guests").State != "active" || c.s.Roles("ledger", "ann")["direct"] != "admin" {
		t.Error("staff were cut")
	}
}

// TestAnInventoryLeavesHalfOfTheLimits: it goes on as GitHub says, and others may call.
func TestAnInventoryLeavesHalfOfTheLimits(t *testing.T) {
	t.Parallel()
	c := newCrowd(t, func(o *githubtest.Options, _ *Connection) { o.PerHour = 200 })
	from := c.clock.now()
	repo := c.ledgerOf("ledger")
	for {
		_, err := c.sv.Repository(t.Context(), c.r, repo)
		if err == nil {
			continue
		}
		e := faulty(t, err, Limited)
		if n := c.count(""); n != 100 || e.Status != 0 || e.RetryAfter() <= 50*time.Minute {
			t.Errorf("%d calls, then %s", n, e.RetryAfter())
		}
		_, err = c.c.Repository(t.Context(), "ledger")
		ok(t, err)
		c.clock.skip(e.RetryAfter())
		break
	}
	if took := c.clock.now().Sub(from); took < time.Hour {
		t.Errorf("the next hour began after %s", took)
	}
	_, err := c.sv.Repository(t.Context(), c.r, repo)
	ok(t, err)
	calls := c.s.Calls("")
	for i := range calls {
		if i >= pointsMinute && calls[i].At.Sub(calls[i-pointsMinute].At) < time.Minute {
			t.Errorf("%d calls within a minute", pointsMinute)
		}
	}
}

// TestALargeOrganisation: five hundred repositories and forty of the vendor's people, looked
// at, cut and looked at again, within GitHub's limits.
func TestALargeOrganisation(t *testing.T) {
	t.Parallel()
	c := newCrowd(t, unheld)
	c.r.Identities = nil
	for i := range 40 {
		login := fmt.Sprintf("vendor-%02d", i)
		c.r.Identities = append(c.r.Identities, inventory.Identity{Login: login, Account: c.s.AddUser(login).ID})
	}
	c.s.AddTeam("outsourced", "push", "vendor-00", "vendor-01", "vendor-02")
	for i := range 498 {
		name := fmt.Sprintf("repository-%03d", i)
		c.s.AddRepository(name, "private")
		if i%10 == 0 {
			c.s.Let("outsourced", name)
		}
		if i%5 == 0 {
			c.s.AddCollaborator(name, fmt.Sprintf("vendor-%02d", 3+i/5%37), "write")
		}
		if i%25 == 0 {
			c.s.AddKey(name, "deploy", "vendor-07")
		}
	}
	// resumed does a thing until it is done: what is limited goes on when GitHub says.
	resumed := func(do func() error) {
		for {
			err := do()
			if err == nil {
				return
			}
			c.clock.skip(max(time.Second, faulty(t, err, Limited).RetryAfter()))
		}
	}
	survey := func() (sights []inventory.Sight) {
		var over inventory.Overview
		resumed(func() (err error) { over, err = c.sv.Organisation(t.Context(), c.r); return err })
		sights = over.Sights
		for _, repo := range over.Repositories {
			var got []inventory.Sight
			resumed(func() (err error) { got, err = c.sv.Repository(t.Context(), c.r, repo); return err })
			calls, found := 0, 0
			for _, s := range got {
				calls, found = calls+s.Calls, found+len(s.Findings)
			}
			if found == 0 && calls > 8 && c.sv.reads && repo.Name != "ledger" || calls > 13 {
				t.Errorf("%s took %d calls with %d findings", repo.Name, calls, found)
			}
			sights = append(sights, got...)
		}
		if len(over.Repositories) != 500 {
			t.Errorf("%d repositories", len(over.Repositories))
		}
		return sights
	}
	begun := c.clock.now()
	before := survey()
	looked := c.count("")
	cut := 0
	for _, s := range before {
		for _, f := range s.Findings {
			if c.r.Takes(f) {
				resumed(func() error { _, err := c.sv.Cut(t.Context(), c.r, f); return err })
				cut++
			}
		}
	}
	revoked := c.count("") - looked
	after := survey()
	if got := said(after, inventory.PlaceCollaborators); got != nil {
		t.Errorf("%q", got)
	}
	if ch := inventory.Compare(before, after); len(ch.Still)+len(ch.New)+len(ch.Unknown) > 0 || len(ch.Gone) != cut || cut < 200 {
		t.Errorf("%d of %d gone, %v", len(ch.Gone), cut, ch.Still)
	}
	t.Logf("%d calls for an inventory (%.2f a repository), %d for %d cuts, %s by GitHub's clock", looked, float64(looked)/500, revoked, cut, c.clock.now().Sub(begun).Round(time.Minute))
}
