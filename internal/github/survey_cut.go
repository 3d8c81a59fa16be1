package github

import (
	"context"
	"slices"

	"gangway/internal/entitlement"
	"gangway/internal/inventory"
)

// Cut takes away one thing that was found, and looks whether it is gone. It looks before,
// too: what is the vendor's by now is taken away, and nothing else. Doing it again changes
// nothing. What GitHub refuses for good is a doubt.
func (s *Surveyor) Cut(ctx context.Context, r inventory.Roster, f inventory.Finding) (inventory.Sight, error) {
	ctx = gently(ctx)
	if !r.Takes(f) {
		return inventory.Sight{Place: f.Place, RepositoryID: f.RepositoryID, Verdict: entitlement.VerdictFound,
			Findings: []inventory.Finding{f}, Doubts: []entitlement.Doubt{inventory.DoubtByHand}}, nil
	}
	before, err := s.again(ctx, r, f)
	if err != nil || len(before.Findings) == 0 || !r.Takes(before.Findings[0]) {
		return before, err
	}
	did := s.view(r, inventory.Repository{})
	err = did.at(ctx, f.Place, func(ctx context.Context, _ *inventory.Sight) error {
		return gone(s.take(ctx, r, before.Findings[0]))
	})
	if err != nil {
		return inventory.Sight{}, err
	}
	after, err := s.again(ctx, r, f)
	if err != nil {
		return inventory.Sight{}, err
	}
	for _, one := range []inventory.Sight{did.sights[0], before} {
		after.Calls += one.Calls
		after.Probes = append(slices.Clone(one.Probes), after.Probes...)
	}
	if len(after.Findings) > 0 { // why it is still there
		for _, d := range did.sights[0].Doubts {
			doubt(&after, d)
		}
		after.Needs = append(after.Needs, did.sights[0].Needs...)
	}
	return after, nil
}

// again looks at the place of a finding for that alone.
func (s *Surveyor) again(ctx context.Context, r inventory.Roster, f inventory.Finding) (inventory.Sight, error) {
	v := s.view(r, inventory.Repository{ID: f.RepositoryID, Owner: s.c.o.Organisation, Name: f.Repository})
	do := v.ofOrganisation(f.Place)
	if f.RepositoryID != 0 {
		do = v.ofRepository(f.Place)
	}
	if f.Place == inventory.PlaceTeams {
		v.team = f.Title
	}
	if do == nil {
		return inventory.Sight{Place: f.Place, RepositoryID: f.RepositoryID, Verdict: entitlement.VerdictNotCheckable, Doubts: []entitlement.Doubt{entitlement.DoubtForm}}, nil
	}
	if err := v.at(ctx, f.Place, do); err != nil {
		return inventory.Sight{}, err
	}
	seen := v.sights[0]
	seen.Findings = slices.DeleteFunc(seen.Findings, func(one inventory.Finding) bool { return one.Key() != f.Key() })
	seen.Verdict = inventory.Judge(seen.Findings, seen.Doubts)
	return seen, nil
}

// take takes one thing away; what is somebody's by a team or as a member goes with that.
func (s *Surveyor) take(ctx context.Context, r inventory.Roster, f inventory.Finding) error {
	c := s.c
	switch f.Place {
	case inventory.PlaceMembers, inventory.PlaceOwners:
		return c.RemoveMember(ctx, f.Identity.Login)
	case inventory.PlaceOutside:
		return c.RemoveOutsider(ctx, f.Identity.Login)
	case inventory.PlaceInvitations:
		return c.CancelInvitation(ctx, f.ID)
	case inventory.PlaceTeams:
		s.forget(f.Title)
		return c.RemoveTeamMember(ctx, f.Title, f.Identity.Login)
	case inventory.PlaceCollaborators:
		if f.By != inventory.WayDirect {
			return nil
		}
		return c.RemoveCollaborator(ctx, f.Repository, f.Identity.Login)
	case inventory.PlaceRepoInvitations:
		return c.CancelRepositoryInvitation(ctx, f.Repository, f.ID)
	case inventory.PlaceReviewers:
		return s.unreview(ctx, r, f)
	case inventory.PlaceTokens:
		return c.revoke(ctx, f.ID)
	case inventory.PlaceTokenRequests:
		return c.deny(ctx, f.ID)
	}
	k, path := c.removal(f)
	if path == "" {
		return nil
	}
	if err := named(k, nameOf(f)); err != nil {
		return err
	}
	_, err := c.call(ctx, k, c.bare("DELETE", path))
	return err
}

// nameOf checks what of a finding becomes a part of an address.
func nameOf(f inventory.Finding) error {
	if f.Place == inventory.PlaceCodespaces {
		if err := entitlement.CheckRepository(f.Title); err != nil { // the same letters
			return err
		}
		return entitlement.CheckLogin(f.Identity.Login)
	}
	if f.Repository == "" {
		return nil
	}
	return entitlement.CheckRepository(f.Repository)
}

// removal is the call that takes away what has a number, and its path; empty: there is
// none.
func (c *Client) removal(f inventory.Finding) (call, string) {
	own := f.RepositoryID != 0
	switch f.Place {
	case inventory.PlaceDeployKeys:
		return removeKey(), c.repository(f.Repository) + "/keys/" + number(f.ID)
	case inventory.PlaceHooks:
		if own {
			return removeHook(), c.repository(f.Repository) + "/hooks/" + number(f.ID)
		}
		return removeOrgHook(), c.org() + "/hooks/" + number(f.ID)
	case inventory.PlaceRunners:
		if own {
			return removeRunner(), c.repository(f.Repository) + "/actions/runners/" + number(f.ID)
		}
		return removeOrgRunner(), c.org() + "/actions/runners/" + number(f.ID)
	case inventory.PlaceCredentials:
		return removeCredential(), c.org() + "/credential-authorizations/" + number(f.ID)
	case inventory.PlaceCodespaces:
		return removeCodespace(), c.org() + "/members/" + f.Identity.Login + "/codespaces/" + f.Title
	}
	return call{}, ""
}

// forget drops what was known of a team's members.
func (s *Surveyor) forget(slug string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.crews, slug)
}

// unreview takes somebody out of those who have to agree, and leaves all else of the
// environment as it is.
func (s *Surveyor) unreview(ctx context.Context, r inventory.Roster, f inventory.Finding) error {
	l, err := s.c.environments(ctx, f.Repository)
	if err != nil {
		return err
	}
	for _, e := range l.All {
		if e.ID == f.ID {
			return s.c.review(ctx, f.Repository, e, func(a Account) bool {
				_, m := r.Whose(a.ID, a.Login)
				return m == inventory.MatchTheirs && a.ID == f.Identity.Account
			})
		}
	}
	return nil // it is gone
}
