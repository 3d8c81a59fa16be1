package github

import (
	"context"
	"slices"
	"sync"
	"time"

	"gangway/internal/entitlement"
	"gangway/internal/inventory"
)

// Surveyor looks for a vendor's people and things at each place of an organisation, and
// takes away what is theirs. Its calls leave half of GitHub's limits to others.
type Surveyor struct {
	c *Client

	mu sync.Mutex
	// crews are members of teams by slug, for a while: many repositories have the same
	// teams.
	crews map[string]crew
	// reads: the sign-in was let read files, so that a 404 for one is a no.
	reads bool
}

// crew is who was in a team.
type crew struct {
	list List[Account]
	at   time.Time
}

// crewLasts is how long a team's members are taken for the same.
const crewLasts = 10 * time.Minute

// NewSurveyor works with a client.
func NewSurveyor(c *Client) *Surveyor { return &Surveyor{c: c, crews: map[string]crew{}} }

// view is one look at an organisation or a repository.
type view struct {
	*Surveyor
	r    inventory.Roster
	repo inventory.Repository
	// held is the repository as GitHub shows it.
	held Repository
	// org is the organisation: its settings are shown to owners.
	org Organisation
	// team narrows a look at teams to one; empty: all.
	team string
	// known are accounts by login, as they were asked for.
	known  map[string]Account
	sights []inventory.Sight
}

func (s *Surveyor) view(r inventory.Roster, repo inventory.Repository) *view {
	return &view{Surveyor: s, r: r, repo: repo, known: map[string]Account{}}
}

// look is what is done at one place.
type look func(context.Context, *inventory.Sight) error

// at looks at one place. What trying again would not change is a doubt, an error is worth
// another try.
func (v *view) at(ctx context.Context, p inventory.Place, do look) error {
	ctx, t := trailing(ctx)
	s := inventory.Sight{Place: p, RepositoryID: v.repo.ID}
	err := do(ctx, &s)
	if e, ok := faultOf(err); ok && e.Permanent() {
		doubt(&s, doubtOf(e))
		for _, need := range e.Needs {
			if !slices.Contains(s.Needs, need) {
				s.Needs = append(s.Needs, need)
			}
		}
	} else if err != nil {
		return err
	}
	s.Calls, s.Probes = t.calls(), t.probes()
	s.Verdict = inventory.Judge(s.Findings, s.Doubts)
	v.sights = append(v.sights, s)
	return nil
}

func doubt(s *inventory.Sight, d entitlement.Doubt) {
	if !slices.Contains(s.Doubts, d) {
		s.Doubts = append(s.Doubts, d)
	}
}

// unsaid marks a sight whose list was not whole.
func unsaid(s *inventory.Sight, partial bool) {
	if partial {
		doubt(s, entitlement.DoubtPartial)
	}
}

// found adds a finding of the repository at hand.
func (v *view) found(s *inventory.Sight, f inventory.Finding) {
	f.Place, f.Repository, f.RepositoryID = s.Place, v.repo.Name, v.repo.ID
	s.Findings = append(s.Findings, f)
}

// whose says whether an account is the vendor's. Where a place shows a login alone whose
// number the roster knows, GitHub is asked who has it by now; unsure: nobody has, so that
// it can't be said any more.
func (v *view) whose(ctx context.Context, account int64, login string) (i inventory.Identity, theirs, unsure bool, err error) {
	i, m := v.r.Whose(account, login)
	switch m {
	case inventory.MatchTheirs:
		return i, true, false, nil
	case inventory.MatchLogin:
	default:
		return i, false, false, nil
	}
	a, asked := v.known[login]
	if !asked {
		a, err = v.c.Account(ctx, login)
		if err != nil && !is(err, Hidden) {
			return i, false, false, err
		}
		v.known[login] = a // nobody, where it is hidden: GitHub's profiles are there for all
	}
	if a.ID == 0 {
		return i, true, true, nil
	}
	return i, a.ID == i.Account, false, nil
}

// people adds those of a list who are the vendor's.
func (v *view) people(ctx context.Context, s *inventory.Sight, l List[Account], err error, f inventory.Finding) error {
	if err != nil {
		return err
	}
	unsaid(s, l.Partial)
	for _, a := range l.All {
		i, theirs, _, err := v.whose(ctx, a.ID, a.Login)
		if err != nil {
			return err
		}
		if theirs {
			f.Identity = i
			v.found(s, f)
		}
	}
	return nil
}

// crewOf are a team's members, asked for once in a while.
func (v *view) crewOf(ctx context.Context, slug string) (List[Account], error) {
	now := v.c.o.Now()
	v.mu.Lock()
	have, there := v.crews[slug]
	v.mu.Unlock()
	if there && now.Sub(have.at) < crewLasts {
		return have.list, nil
	}
	l, err := v.c.TeamMembers(ctx, slug)
	if err == nil {
		v.mu.Lock()
		v.crews[slug] = crew{l, now}
		v.mu.Unlock()
	}
	return l, err
}

// blind are sights of places that could not be looked at for one reason, which took
// these calls.
func (v *view) blind(places []inventory.Place, first inventory.Sight) {
	for _, p := range places {
		if p == inventory.PlacePushes && v.r.Cut.IsZero() {
			continue
		}
		s := first
		s.Place = p
		s.Verdict = entitlement.VerdictNotCheckable
		v.sights = append(v.sights, s)
		first.Calls = 0 // they count once
	}
}
