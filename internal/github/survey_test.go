package github

import (
	"slices"
	"strings"
	"testing"
	"time"

	"gangway/internal/entitlement"
	"gangway/internal/github/githubtest"
	"gangway/internal/inventory"
)

// everything is what an inventory needs of an app.
func everything() map[string]string {
	return map[string]string{"members": "write", "administration": "write", "metadata": "read", "organization_administration": "write", "organization_hooks": "write",
		"organization_self_hosted_runners": "write", "organization_personal_access_tokens": "write", "organization_personal_access_token_requests": "write",
		"organization_copilot_seat_management": "read",
		"repository_hooks":                     "write", "contents": "read", "actions": "read"}
}

// crowd is an organisation in which a vendor's people are at every place, and staff too.
type crowd struct {
	*world
	sv *Surveyor
	r  inventory.Roster
}

// newCrowd has dev-one and dev-two, who are the vendor's, and ann and owner, who are not.
func newCrowd(t *testing.T, change func(*githubtest.Options, *Connection)) *crowd {
	t.Helper()
	w := newWorld(t, func(o *githubtest.Options, c *Connection) {
		o.Enterprise = true
		if change != nil {
			change(o, c)
		}
	})
	c := &crowd{world: w, sv: NewSurveyor(w.c)}
	c.r = inventory.Roster{Vendor: "acme", Named: []string{"acme.example", "acme-bot", "acme build"}, Staff: []inventory.Identity{{Login: "ann", Account: w.s.AddUser("ann").ID}}}
	for _, login := range []string{"dev-one", "dev-two"} {
		c.r.Identities = append(c.r.Identities, inventory.Identity{Login: login, Account: w.s.AddUser(login).ID})
	}
	t.Cleanup(func() {
		if over := w.s.Exceeded(); len(over) > 0 {
			t.Errorf("GitHub's limits were passed: %q", over)
		}
	})
	return c
}

// fill puts the vendor's people to every place, beside staff of the same kind.
func (c *crowd) fill() {
	s := c.s
	s.AddTeam("guests", "push", "dev-two", "ann")
	s.Let("guests", "ledger")
	s.AddCollaborator("ledger", "dev-one", "write")
	s.AddCollaborator("ledger", "ann", "admin")
	s.AddKey("ledger", "laptop", "dev-one")
	s.AddKey("ledger", "acme build", "ann")
	s.AddKey("ledger", "ours", "ann")
	s.AddKey("ledger", "old", "")
	s.AddHook("ledger", "https://ci.acme.example/push")
	s.AddHook("ledger", "https://ci.northgate.example/push")
	s.AddHook("", "https://acme.example/all")
	s.AddRunner("ledger", "acme build")
	s.AddRunner("ledger", "ours")
	s.AddRunner("", "acme build")
	s.AddEnvironment("ledger", "live", 30, "dev-one", "ann")
	s.AddEnvironment("ledger", "test", 0, "dev-one")
	s.Write("ledger", ".github/CODEOWNERS", "* @northgate/crew\n/src/ @dev-one @ann\n/own/ @dev-two\n/mail/ dev@acme.example @ann\n")
	s.Install("acme-bot")
	s.Install("ours")
	s.LetToken("dev-one", "nightly")
	s.LetToken("ann", "mine")
	s.AskToken("dev-one", "weekly")
	s.AskToken("ann", "mine too")
	s.Authorise("dev-one")
	s.Authorise("ann")
	s.AddCodespace("ledger", "dev-one", "shiny-pancake")
	s.AddCodespace("ledger", "ann", "other-pancake")
	s.Seat("dev-one")
	s.Seat("ann")
}

// look is a whole inventory, with the calls that each repository took.
func (c *crowd) look() (sights []inventory.Sight, calls map[string]int) {
	c.t.Helper()
	over, err := c.sv.Organisation(c.t.Context(), c.r)
	ok(c.t, err)
	sights, calls = over.Sights, map[string]int{}
	for _, repo := range over.Repositories {
		from := c.count("")
		got, err := c.sv.Repository(c.t.Context(), c.r, repo)
		ok(c.t, err)
		calls[repo.Name] = c.count("") - from
		sum := 0
		for _, s := range got {
			sum += s.Calls
		}
		if sum != calls[repo.Name] {
			c.t.Errorf("%s: %d calls counted of %d", repo.Name, sum, calls[repo.Name])
		}
		sights = append(sights, got...)
	}
	return sights, calls
}

// said are the findings of a place in words.
func said(sights []inventory.Sight, p inventory.Place) []string {
	var all []string
	for _, s := range inventory.Merge(sights) {
		if s.Place != p {
			continue
		}
		for _, f := range s.Findings {
			words := []string{f.Repository, f.Identity.Login, f.Title, f.By}
			for word, is := range map[string]bool{"unsure": f.Unsure} {
				if is {
					words = append(words, word)
				}
			}
			if f.LastOwner {
				words = append(words, "last")
			}
			if f.ByHand {
				words = append(words, "by hand")
			}
			all = append(all, strings.Join(slices.DeleteFunc(words, func(w string) bool { return w == "" }), " "))
		}
	}
	slices.Sort(all)
	return all
}

// TestEveryPlaceIsLookedAt: what is the vendor's is found at each, and nothing of anybody
// else's. What the sign-in may not see is said.
func TestEveryPlaceIsLookedAt(t *testing.T) {
	t.Parallel()
	for name, how := range map[string]func(*githubtest.Options, *Connection){"app": asApp(t, everything()), "token": nil} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newCrowd(t, how)
			c.fill()
			sights, _ := c.look()
			want := map[inventory.Place][]string{
				inventory.PlaceMembers: {"dev-two"}, inventory.PlaceOwners: nil, inventory.PlaceOutside: {"dev-one"}, inventory.PlaceInvitations: nil,
				inventory.PlaceTeams: {"dev-two guests"}, inventory.PlaceCollaborators: {"ledger dev-one direct", "ledger dev-two guests team"},
				inventory.PlaceDeployKeys: {"ledger acme build", "ledger dev-one laptop", "ledger old unsure"},
				inventory.PlaceHooks:      {"https://acme.example/all", "ledger https://ci.acme.example/push"}, inventory.PlaceApps: {"acme-bot by hand"},
				inventory.PlaceRunners:     {"acme build", "ledger acme build"},
				inventory.PlaceReviewers:   {"ledger dev-one live", "ledger dev-one test last"},
				inventory.PlaceCodeowners:  {"ledger .github/CODEOWNERS: /mail/ by hand", "ledger dev-one .github/CODEOWNERS: /src/ by hand", "ledger dev-two .github/CODEOWNERS: /own/ last by hand"},
				inventory.PlaceCredentials: {"dev-one personal access token"}, inventory.PlaceCopilot: {"dev-one by hand"},
				inventory.PlaceTokens: {"dev-one nightly"}, inventory.PlaceTokenRequests: {"dev-one weekly"}, inventory.PlaceCodespaces: {"dev-one shiny-pancake"},
			}
			unseen := map[inventory.Place]entitlement.Doubt{inventory.PlaceCodespaces: inventory.DoubtNotApps}
			if name == "token" {
				unseen = map[inventory.Place]entitlement.Doubt{inventory.PlaceTokens: inventory.DoubtAppsAlone, inventory.PlaceTokenRequests: inventory.DoubtAppsAlone}
			}
			for p := range unseen {
				want[p] = nil
			}
			for p, all := range want {
				if got := said(sights, p); !slices.Equal(got, all) {
					t.Errorf("%s: %q, want %q", p, got, all)
				}
			}
			for _, n := range c.r.CountsOf(sights) {
				verdict := entitlement.VerdictClean
				switch d := unseen[n.Place]; {
				case d != "":
					verdict = entitlement.VerdictNotCheckable
					if !slices.Equal(n.Doubts, []entitlement.Doubt{d}) {
						t.Errorf("%s: %v", n.Place, n.Doubts)
					}
				case len(want[n.Place]) > 0:
					verdict = entitlement.VerdictFound
				}
				if n.Verdict != verdict {
					t.Errorf("%s is %s, %v", n.Place, n.Verdict, n.Doubts)
				}
			}
		})
	}
}

// TestWhatIsTheVendorsIsCut, and all else stays: staff's, a last reviewer's, what is a
// guess, what people do by hand.
func TestWhatIsTheVendorsIsCut(t *testing.T) {
	t.Parallel()
	for name, how := range map[string]func(*githubtest.Options, *Connection){"app": asApp(t, everything()), "token": nil} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newCrowd(t, how)
			c.fill()
			_, err := c.c.AddTeamMember(t.Context(), "payroll", "dev-one", entitlement.RoleMember)
			ok(t, err)
			c.s.AddUser("dev-three")
			c.r.Identities = append(c.r.Identities, inventory.Identity{Login: "dev-three", Account: c.s.AddUser("dev-three").ID})
			_, err = c.c.AddCollaborator(t.Context(), "ledger", "dev-three", entitlement.RoleRead)
			ok(t, err)
			before, _ := c.look()
			for range 2 { // again changes nothing
				for _, s := range before {
					for _, f := range s.Findings {
						if c.r.Takes(f) {
							c.cut(f)
						}
					}
				}
			}
			after, _ := c.look()
			for p, all := range map[inventory.Place][]string{inventory.PlaceMembers: nil, inventory.PlaceOutside: nil, inventory.PlaceInvitations: nil, inventory.PlaceTeams: nil,
				inventory.PlaceCollaborators: nil, inventory.PlaceRepoInvitations: nil, inventory.PlaceDeployKeys: {"ledger old unsure"}, inventory.PlaceHooks: nil,
				inventory.PlaceApps: {"acme-bot by hand"}, inventory.PlaceTokens: nil, inventory.PlaceTokenRequests: nil, inventory.PlaceRunners: nil, inventory.PlaceReviewers: {"ledger dev-one test last"},
				inventory.PlaceCredentials: nil, inventory.PlaceCodespaces: nil, inventory.PlaceCopilot: {"dev-one by hand"}} {
				if got := said(after, p); !slices.Equal(got, all) {
					t.Errorf("%s: %q, want %q", p, got, all)
				}
			}
			stays := []string{"app acme-bot", "app ours", "codespace other-pancake ledger ann", "credential ann", "deploy key old ledger", "deploy key ours ledger ann",
				"environment live 30 min ledger ann", "environment test ledger dev-one", "file .github/CODEOWNERS ledger", "hook https://ci.northgate.example/push ledger",
				"runner ours ledger", "seat ann", "seat dev-one", "token mine ann", "token request mine too ann"}
			if name == "app" {
				stays = append(stays, "codespace shiny-pancake ledger dev-one")
			} else {
				stays = append(stays, "token nightly dev-one", "token request weekly dev-one")
			}
			slices.Sort(stays)
			if got := c.s.Things(); !slices.Equal(got, stays) {
				t.Errorf("stays: %q, want %q", got, stays)
			}
			if c.s.Membership("ann", "guests").State != "active" || c.s.Roles("ledger", "ann")["direct"] != "admin" || c.s.Membership("owner", "").Role != "admin" {
				t.Error("staff were cut")
			}
			ch := inventory.Compare(before, after)
			if len(ch.Gone) == 0 || len(ch.New) > 0 {
				t.Errorf("%d gone, %v new", len(ch.Gone), ch.New)
			}
		})
	}
}

// cut takes one thing away; a call that GitHub is still busy with is made again.
func (c *crowd) cut(f inventory.Finding) inventory.Sight {
	c.t.Helper()
	for {
		s, err := c.sv.Cut(c.t.Context(), c.r, f)
		if e, is := faultOf(err); is && !e.Permanent() && e.RetryAfter() > 0 {
			c.clock.skip(e.RetryAfter())
			continue
		}
		ok(c.t, err)
		return s
	}
}

// TestTheLastOwnerStays, and an owner who is one of several is cut.
func TestTheLastOwnerStays(t *testing.T) {
	t.Parallel()
	c := newCrowd(t, nil)
	c.s.AddMember("dev-one", "admin")
	sights, _ := c.look()
	if got := said(sights, inventory.PlaceOwners); !slices.Equal(got, []string{"dev-one"}) {
		t.Fatalf("%q", got)
	}
	own := c.s.AddUser("owner")
	c.r.Identities = append(c.r.Identities, inventory.Identity{Login: "owner", Account: own.ID})
	all, _ := c.look()
	if got := said(all, inventory.PlaceOwners); !slices.Equal(got, []string{"dev-one last", "owner last"}) {
		t.Fatalf("%q", got)
	}
	for _, s := range slices.Concat(sights, all) {
		for _, f := range s.Findings {
			f.LastOwner = false // what an older inventory says
			if got := c.cut(f); got.Verdict != entitlement.VerdictFound && c.s.Membership("dev-one", "").Role == "admin" {
				t.Errorf("%+v", got)
			}
		}
	}
	if c.s.Membership("owner", "").Role != "admin" || c.s.Membership("dev-one", "").Role != "admin" {
		t.Error("an owner was cut who was the last but for another of the vendor's")
	}
	c.r.Identities = c.r.Identities[:1]
	if got := c.cut(inventory.Finding{Place: inventory.PlaceOwners, Identity: c.r.Identities[0]}); got.Verdict != entitlement.VerdictClean || c.s.Membership("dev-one", "").State != "" {
		t.Errorf("%+v", got)
	}
}

// TestALoginThatChangedHandsIsNotCut: whoever has the vendor's old login now is somebody
// else, and the vendor's is known by the number.
func TestALoginThatChangedHandsIsNotCut(t *testing.T) {
	t.Parallel()
	c := newCrowd(t, nil)
	c.s.AddCollaborator("ledger", "dev-one", "write")
	before, _ := c.look()
	c.s.Rename("dev-one", "dev-uno")
	c.s.AddUser("dev-one") // another
	c.s.AddCollaborator("ledger", "dev-one", "read")
	c.s.AddKey("ledger", "new", "dev-one")
	for _, s := range before {
		for _, f := range s.Findings {
			c.cut(f)
		}
	}
	if c.s.Roles("ledger", "dev-one")["direct"] != "read" || len(c.s.Roles("ledger", "dev-uno")) > 0 {
		t.Errorf("%v %v", c.s.Roles("ledger", "dev-one"), c.s.Roles("ledger", "dev-uno"))
	}
	after, _ := c.look()
	for _, n := range c.r.CountsOf(after) {
		if n.Place == inventory.PlaceDeployKeys && (n.Verdict != entitlement.VerdictNotCheckable || !slices.Equal(n.Doubts, []entitlement.Doubt{entitlement.DoubtOther})) {
			t.Errorf("keys are %s: %v", n.Verdict, n.Doubts) // the vendor's may stand under a name that nobody knows
		}
	}
}

// TestPushesAfterTheCut, by who pushed and when.
func TestPushesAfterTheCut(t *testing.T) {
	t.Parallel()
	c := newCrowd(t, nil)
	c.s.Push("ledger", "dev-one")
	c.clock.skip(time.Hour)
	c.r.Cut = c.clock.now()
	sights, calls := c.look()
	if got := said(sights, inventory.PlacePushes); got != nil || calls["ledger"] != 9 { // one asks whether files may be read
		t.Errorf("%q, %v", got, calls)
	}
	for range 230 { // three pages
		c.clock.skip(time.Minute)
		c.s.Push("ledger", "ann")
		c.s.Push("ledger", "dev-two")
	}
	c.s.Push("ledger", "")
	sights, calls = c.look()
	got := said(sights, inventory.PlacePushes)
	if len(got) != 231 || got[230] != "ledger unsure by hand" || calls["ledger"] != 8+5 {
		t.Errorf("%d, %q, %v", len(got), got[len(got)-1], calls)
	}
}
