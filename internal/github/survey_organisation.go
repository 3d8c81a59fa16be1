package github

import (
	"context"

	"gangway/internal/entitlement"
	"gangway/internal/inventory"
)

// Organisation looks at what is the organisation's own, and says which repositories there
// are to be looked at. The organisation itself is looked at first: where even that is
// hidden, nothing else would say anything.
func (s *Surveyor) Organisation(ctx context.Context, r inventory.Roster) (inventory.Overview, error) {
	ctx = gently(ctx)
	v := s.view(r, inventory.Repository{})
	var over inventory.Overview
	var first inventory.Sight
	if seen, err := v.canary(ctx, &first); err != nil {
		return over, err
	} else if !seen {
		v.blind(inventory.Places(), first)
		over.Sights = v.sights
		return over, nil
	}
	var err error
	if over.Repositories, err = v.repositories(ctx, first); err != nil {
		return over, err
	}
	for _, p := range inventory.Places() {
		do := v.ofOrganisation(p)
		if do == nil {
			continue
		}
		if err := v.at(ctx, p, do); err != nil {
			return over, err
		}
	}
	err = v.at(ctx, inventory.PlaceDeployKeys, v.logins)
	over.Sights = v.sights
	return over, err
}

// canary looks at the organisation.
func (v *view) canary(ctx context.Context, s *inventory.Sight) (bool, error) {
	before := len(v.sights)
	err := v.at(ctx, inventory.PlaceMembers, func(ctx context.Context, _ *inventory.Sight) error {
		var err error
		v.org, err = v.c.Organisation(ctx)
		return err
	})
	if err != nil {
		return false, err
	}
	*s = v.sights[before]
	v.sights = v.sights[:before]
	return len(s.Doubts) == 0, nil
}

// repositories are those that there are, and a doubt at each of their places where there
// may be more. The canary's calls are added to those that this takes.
func (v *view) repositories(ctx context.Context, first inventory.Sight) ([]inventory.Repository, error) {
	var all []inventory.Repository
	before := len(v.sights)
	err := v.at(ctx, inventory.PlaceCollaborators, func(ctx context.Context, s *inventory.Sight) error {
		granted, err := v.c.signin.granted(ctx, v.c)
		if err != nil {
			return err
		}
		l, err := v.c.Repositories(ctx)
		if err != nil {
			return err
		}
		unsaid(s, l.Partial || granted.Selection == "selected" || v.org.Repositories < 0 || v.org.Repositories > len(l.All))
		for _, r := range l.All {
			all = append(all, inventory.Repository{ID: r.ID, Owner: v.c.o.Organisation, Name: r.Name})
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	s := v.sights[before]
	s.Calls, s.Probes = s.Calls+first.Calls, append(first.Probes, s.Probes...)
	if len(s.Doubts) == 0 {
		v.sights[before] = s
		return all, nil
	}
	v.sights = v.sights[:before]
	v.blind(inventory.RepositoryPlaces(), s)
	return all, nil
}

// ofOrganisation is how a place of the organisation is looked at; nil: it has none.
func (v *view) ofOrganisation(p inventory.Place) look {
	switch p {
	case inventory.PlaceMembers:
		return v.members
	case inventory.PlaceOwners:
		return v.owners
	case inventory.PlaceOutside:
		return v.outsiders
	case inventory.PlaceInvitations:
		return v.invitations
	case inventory.PlaceTeams:
		return v.teams
	case inventory.PlaceHooks:
		return v.orgHooks
	case inventory.PlaceApps:
		return v.apps
	case inventory.PlaceTokens:
		return v.tokens
	case inventory.PlaceTokenRequests:
		return v.tokenRequests
	case inventory.PlaceRunners:
		return v.orgRunners
	case inventory.PlaceCredentials:
		return v.credentials
	case inventory.PlaceCodespaces:
		return v.codespaces
	case inventory.PlaceCopilot:
		return v.seats
	}
	return nil
}

// logins holds the roster's logins to their numbers: whose login is another's by now, or
// nobody's, could have added keys under a name that the roster does not know.
func (v *view) logins(ctx context.Context, s *inventory.Sight) error {
	for _, i := range v.r.Identities {
		if entitlement.CheckLogin(i.Login) != nil {
			doubt(s, entitlement.DoubtLogin)
			continue
		}
		a, err := v.c.Account(ctx, i.Login)
		switch {
		case is(err, Hidden): // GitHub's profiles are there for all
			doubt(s, entitlement.DoubtLogin)
		case err != nil:
			return err
		case i.Account != 0 && a.ID != i.Account:
			doubt(s, entitlement.DoubtOther)
		}
	}
	return nil
}

// unowned marks what GitHub shows whole to owners and apps alone: others see members who
// show themselves, and teams that are no secret.
func (v *view) unowned(ctx context.Context, s *inventory.Sight) error {
	if v.c.signin.fixed == "" {
		return nil
	}
	if v.org.ID == 0 {
		var err error
		if v.org, err = v.c.Organisation(ctx); err != nil {
			return err
		}
	}
	unsaid(s, v.org.Base == "")
	return nil
}

func (v *view) members(ctx context.Context, s *inventory.Sight) error {
	if err := v.unowned(ctx, s); err != nil {
		return err
	}
	l, err := v.c.members(ctx, "member")
	return v.people(ctx, s, l, err, inventory.Finding{})
}

// owners are looked at apart: the last one stays.
func (v *view) owners(ctx context.Context, s *inventory.Sight) error {
	if err := v.unowned(ctx, s); err != nil {
		return err
	}
	l, err := v.c.members(ctx, "admin")
	if err := v.people(ctx, s, l, err, inventory.Finding{}); err != nil {
		return err
	}
	if l.Partial || len(s.Findings) == len(l.All) { // no other is known
		for i := range s.Findings {
			s.Findings[i].LastOwner = true
		}
	}
	return nil
}

func (v *view) outsiders(ctx context.Context, s *inventory.Sight) error {
	l, err := v.c.Outsiders(ctx)
	return v.people(ctx, s, l, err, inventory.Finding{})
}

// invitations show logins or addresses of mail, and no numbers.
func (v *view) invitations(ctx context.Context, s *inventory.Sight) error {
	l, err := v.c.Invitations(ctx)
	if err != nil {
		return err
	}
	unsaid(s, l.Partial)
	for _, in := range l.All {
		f := inventory.Finding{ID: in.ID, At: in.Created.Time}
		if in.Login == "" {
			if v.r.Names(in.Email) {
				f.Title = in.Email
				v.found(s, f)
			}
			continue
		}
		i, theirs, unsure, err := v.whose(ctx, 0, in.Login)
		if err != nil {
			return err
		}
		if theirs {
			f.Identity, f.Unsure = i, unsure
			v.found(s, f)
		}
	}
	return nil
}

// teams are looked at one by one, with who is invited into them. Who is in an
// enterprise's is ruled elsewhere.
func (v *view) teams(ctx context.Context, s *inventory.Sight) error {
	if err := v.unowned(ctx, s); err != nil {
		return err
	}
	all, err := v.c.Teams(ctx)
	if err != nil {
		return err
	}
	unsaid(s, all.Partial)
	for _, t := range all.All {
		if v.team != "" && t.Slug != v.team {
			continue
		}
		f := inventory.Finding{ID: t.ID, Title: t.Slug, ByHand: t.Type == "enterprise"}
		l, err := v.c.TeamMembers(ctx, t.Slug)
		if err := v.people(ctx, s, l, err, f); err != nil {
			return err
		}
		open, err := v.c.TeamInvitations(ctx, t.Slug)
		if err != nil {
			return err
		}
		unsaid(s, open.Partial)
		for _, in := range open.All {
			i, theirs, unsure, err := v.whose(ctx, 0, in.Login)
			if err != nil {
				return err
			}
			if theirs {
				f.Identity, f.Unsure, f.By = i, unsure, inventory.WayAsked
				v.found(s, f)
			}
		}
	}
	return nil
}

func (v *view) orgHooks(ctx context.Context, s *inventory.Sight) error {
	l, err := list[hook](ctx, v.c, listOrgHooks(), v.c.org()+"/hooks", nil)
	return v.hooks(s, l, err)
}

// hooks have no owner: they are the vendor's by where they lead.
func (v *view) hooks(s *inventory.Sight, l List[hook], err error) error {
	if err != nil {
		return err
	}
	unsaid(s, l.Partial)
	for _, h := range l.All {
		if v.r.Names(h.Config.URL) {
			v.found(s, inventory.Finding{ID: h.ID, Title: h.Config.URL})
		}
	}
	return nil
}

// apps are uninstalled by an owner, or by themselves: GitHub has no call for others.
func (v *view) apps(ctx context.Context, s *inventory.Sight) error {
	l, err := listIn[installation](ctx, v.c, listInstallations(), v.c.org()+"/installations", "installations", "total_count")
	if err != nil {
		return err
	}
	unsaid(s, l.Partial)
	for _, i := range l.All {
		if v.r.Names(i.Slug) {
			v.found(s, inventory.Finding{ID: i.ID, Title: i.Slug, ByHand: true})
		}
	}
	return nil
}

// tokens are shown to apps alone.
func (v *view) tokens(ctx context.Context, s *inventory.Sight) error {
	if v.c.signin.fixed != "" {
		doubt(s, inventory.DoubtAppsAlone)
		return nil
	}
	l, err := list[token](ctx, v.c, listTokens(), v.c.org()+"/personal-access-tokens", nil)
	if err != nil {
		return err
	}
	unsaid(s, l.Partial)
	for _, t := range l.All {
		if i, m := v.r.Whose(t.Owner.ID, t.Owner.Login); m == inventory.MatchTheirs {
			v.found(s, inventory.Finding{ID: t.ID, Title: t.Name, Identity: i, At: t.Used.Time})
		}
	}
	return nil
}

// tokenRequests are tokens that an owner could let in any day. They are shown to apps alone.
func (v *view) tokenRequests(ctx context.Context, s *inventory.Sight) error {
	if v.c.signin.fixed != "" {
		doubt(s, inventory.DoubtAppsAlone)
		return nil
	}
	l, err := list[tokenRequest](ctx, v.c, listTokenRequests(), v.c.org()+"/personal-access-token-requests", nil)
	if err != nil {
		return err
	}
	unsaid(s, l.Partial)
	for _, t := range l.All {
		if i, m := v.r.Whose(t.Owner.ID, t.Owner.Login); m == inventory.MatchTheirs {
			v.found(s, inventory.Finding{ID: t.ID, Title: t.Name, Identity: i, At: t.Asked.Time})
		}
	}
	return nil
}

func (v *view) orgRunners(ctx context.Context, s *inventory.Sight) error {
	l, err := listIn[runner](ctx, v.c, listOrgRunners(), v.c.org()+"/actions/runners", "runners", "total_count")
	return v.runners(s, l, err)
}

// runners are the vendor's by name or label.
func (v *view) runners(s *inventory.Sight, l List[runner], err error) error {
	if err != nil {
		return err
	}
	unsaid(s, l.Partial)
	for _, r := range l.All {
		theirs := v.r.Names(r.Name)
		for _, label := range r.Labels {
			theirs = theirs || v.r.Names(label.Name)
		}
		if theirs {
			v.found(s, inventory.Finding{ID: r.ID, Title: r.Name})
		}
	}
	return nil
}

// credentials are what single sign-on let in. Elsewhere GitHub has no such place, and
// hides it in the same way as from whom it is not for.
func (v *view) credentials(ctx context.Context, s *inventory.Sight) error {
	l, err := listFull[credential](ctx, v.c, listCredentials(), v.c.org()+"/credential-authorizations")
	if is(err, Hidden) {
		doubt(s, inventory.DoubtEdition)
		return nil
	}
	if err != nil {
		return err
	}
	unsaid(s, l.Partial)
	for _, c := range l.All {
		i, theirs, unsure, err := v.whose(ctx, 0, c.Login)
		if err != nil {
			return err
		}
		if theirs {
			v.found(s, inventory.Finding{ID: c.ID, Title: c.Kind, Identity: i, Unsure: unsure, At: c.Used.Time})
		}
	}
	return nil
}

// codespaces are not shown to apps.
func (v *view) codespaces(ctx context.Context, s *inventory.Sight) error {
	if v.c.signin.fixed == "" {
		doubt(s, inventory.DoubtNotApps)
		return nil
	}
	l, err := listIn[codespace](ctx, v.c, listCodespaces(), v.c.org()+"/codespaces", "codespaces", "total_count")
	if err != nil {
		return err
	}
	unsaid(s, l.Partial)
	for _, c := range l.All {
		if i, m := v.r.Whose(c.Owner.ID, c.Owner.Login); m == inventory.MatchTheirs {
			v.found(s, inventory.Finding{ID: c.ID, Title: c.Name, Identity: i, At: c.Used.Time})
		}
	}
	return nil
}

// seats end with the membership, or by an owner's hand.
func (v *view) seats(ctx context.Context, s *inventory.Sight) error {
	l, err := listIn[seat](ctx, v.c, listSeats(), v.c.org()+"/copilot/billing/seats", "seats", "total_seats")
	if err != nil {
		return err
	}
	unsaid(s, l.Partial)
	for _, one := range l.All {
		if one.Assignee == nil {
			continue
		}
		if i, m := v.r.Whose(one.Assignee.ID, one.Assignee.Login); m == inventory.MatchTheirs {
			v.found(s, inventory.Finding{Identity: i, ByHand: true, At: one.Used.Time})
		}
	}
	return nil
}
