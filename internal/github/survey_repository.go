package github

import (
	"context"
	"slices"
	"strings"

	"gangway/internal/entitlement"
	"gangway/internal/inventory"
)

// Repository looks at what is one repository's own. It takes eight calls, the least that
// GitHub lets it be, where nothing of the vendor's is found: the repository itself, its
// collaborators, invitations, keys, hooks, runners, environments and code owners.
func (s *Surveyor) Repository(ctx context.Context, r inventory.Roster, repo inventory.Repository) ([]inventory.Sight, error) {
	ctx = gently(ctx)
	v := s.view(r, repo)
	var first inventory.Sight
	if err := v.at(ctx, inventory.PlaceCollaborators, v.itself); err != nil {
		return nil, err
	}
	first, v.sights = v.sights[0], nil
	if len(first.Doubts) > 0 {
		v.blind(inventory.RepositoryPlaces(), first)
		return v.sights, nil
	}
	for _, p := range inventory.RepositoryPlaces() {
		do := v.ofRepository(p)
		if do == nil || p == inventory.PlacePushes && r.Cut.IsZero() {
			continue
		}
		if err := v.at(ctx, p, do); err != nil {
			return nil, err
		}
	}
	last := len(v.sights) - 1
	if len(v.sights[last].Probes) == 0 { // no push since: the repository itself says so
		v.sights[last].Probes = first.Probes
	}
	v.sights[0].Calls, v.sights[0].Probes = v.sights[0].Calls+first.Calls, append(first.Probes, v.sights[0].Probes...)
	return v.sights, nil
}

// itself looks at the repository: whoever may not see it is answered 404 for all that is
// in it. Another one of its name is not it.
func (v *view) itself(ctx context.Context, s *inventory.Sight) error {
	if !strings.EqualFold(v.repo.Owner, v.c.o.Organisation) {
		doubt(s, entitlement.DoubtNotSetUp) // the sign-in is another organisation's
		return nil
	}
	var err error
	v.held, err = v.c.Repository(ctx, v.repo.Name)
	if err == nil && v.held.ID != v.repo.ID {
		doubt(s, entitlement.DoubtMoved)
	}
	return err
}

// ofRepository is how a place of a repository is looked at; nil: it has none.
func (v *view) ofRepository(p inventory.Place) look {
	switch p {
	case inventory.PlaceCollaborators:
		return v.collaborators
	case inventory.PlaceRepoInvitations:
		return v.invited
	case inventory.PlaceDeployKeys:
		return v.keys
	case inventory.PlaceHooks:
		return v.repoHooks
	case inventory.PlaceRunners:
		return v.repoRunners
	case inventory.PlaceReviewers:
		return v.reviewers
	case inventory.PlaceCodeowners:
		return v.codeowners
	case inventory.PlacePushes:
		return v.pushes
	}
	return nil
}

// collaborators are all who may do something with the repository, by whatever way. The
// way is asked for where somebody was found alone.
func (v *view) collaborators(ctx context.Context, s *inventory.Sight) error {
	l, err := v.c.Collaborators(ctx, v.repo.Name, Anyhow)
	if err := v.people(ctx, s, l, err, inventory.Finding{}); err != nil || len(s.Findings) == 0 {
		return err
	}
	direct, err := v.c.Collaborators(ctx, v.repo.Name, Direct)
	if err != nil {
		return err
	}
	unsaid(s, direct.Partial)
	indirect := false
	for i := range s.Findings {
		f := &s.Findings[i]
		if slices.ContainsFunc(direct.All, func(a Account) bool { return a.ID == f.Identity.Account }) {
			f.By = inventory.WayDirect
		} else {
			f.By, indirect = inventory.WayBase, true
		}
	}
	if !indirect {
		return nil
	}
	return v.byTeam(ctx, s)
}

// byTeam says through which team of the repository somebody comes in, the first where
// there are several.
func (v *view) byTeam(ctx context.Context, s *inventory.Sight) error {
	teams, err := v.c.RepositoryTeams(ctx, v.repo.Name)
	if err != nil {
		return err
	}
	unsaid(s, teams.Partial)
	for _, t := range teams.All {
		l, err := v.crewOf(ctx, t.Slug)
		if err != nil {
			return err
		}
		for i := range s.Findings {
			f := &s.Findings[i]
			if f.By == inventory.WayBase && slices.ContainsFunc(l.All, func(a Account) bool { return a.ID == f.Identity.Account }) {
				f.By, f.Title, f.ID = inventory.WayTeam, t.Slug, t.ID
			}
		}
	}
	return nil
}

// invited are invitations to the repository; those that ran out let nobody in, and stand
// there all the same.
func (v *view) invited(ctx context.Context, s *inventory.Sight) error {
	l, err := v.c.RepositoryInvitations(ctx, v.repo.Name)
	if err != nil {
		return err
	}
	unsaid(s, l.Partial)
	for _, in := range l.All {
		if in.Invitee == nil {
			continue
		}
		if i, m := v.r.Whose(in.Invitee.ID, in.Invitee.Login); m == inventory.MatchTheirs {
			f := inventory.Finding{ID: in.ID, Identity: i, At: in.Created.Time}
			if in.Expired {
				f.Title = "expired"
			}
			v.found(s, f)
		}
	}
	return nil
}

// keys are the vendor's by who added them, or by what they are called. One whose adder
// GitHub does not know any more may be.
func (v *view) keys(ctx context.Context, s *inventory.Sight) error {
	l, err := ofRepository[deployKey](ctx, v.c, listKeys(), v.repo.Name, "keys")
	if err != nil {
		return err
	}
	unsaid(s, l.Partial)
	for _, k := range l.All {
		f := inventory.Finding{ID: k.ID, Title: k.Title, At: k.Used.Time}
		if v.r.Names(k.Title) {
			v.found(s, f)
			continue
		}
		if k.By == nil || *k.By == "" {
			f.Unsure = true
			v.found(s, f)
			continue
		}
		i, theirs, unsure, err := v.whose(ctx, 0, *k.By)
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

func (v *view) repoHooks(ctx context.Context, s *inventory.Sight) error {
	l, err := ofRepository[hook](ctx, v.c, listHooks(), v.repo.Name, "hooks")
	return v.hooks(s, l, err)
}

func (v *view) repoRunners(ctx context.Context, s *inventory.Sight) error {
	l, err := v.c.runners(ctx, v.repo.Name)
	return v.runners(s, l, err)
}

// reviewers are who has to agree before a deployment. Where the vendor's are all of them,
// taking them away would leave it to nobody to agree.
func (v *view) reviewers(ctx context.Context, s *inventory.Sight) error {
	l, err := v.c.environments(ctx, v.repo.Name)
	if err != nil {
		return err
	}
	unsaid(s, l.Partial)
	for _, e := range l.All {
		people, gate := e.reviewers()
		from := len(s.Findings)
		for _, a := range people {
			if i, m := v.r.Whose(a.ID, a.Login); m == inventory.MatchTheirs {
				v.found(s, inventory.Finding{ID: e.ID, Title: e.Name, Identity: i})
			}
		}
		if len(s.Findings)-from == gate {
			for i := from; i < len(s.Findings); i++ {
				s.Findings[i].LastOwner = true
			}
		}
	}
	return nil
}

// codeowners are the lines that name the vendor's people. They are for people to change:
// a file of the client's code is not rewritten. Without such a file it has to be known
// that files may be read at all.
func (v *view) codeowners(ctx context.Context, s *inventory.Sight) error {
	err := v.c.hasCodeowners(ctx, v.repo.Name)
	if is(err, Hidden) {
		return v.readable(ctx)
	}
	if err != nil {
		return err
	}
	for _, path := range inventory.CodeownersPaths() {
		text, whole, err := v.c.file(ctx, v.repo.Name, path)
		if is(err, Hidden) {
			continue
		}
		if err != nil {
			return err
		}
		unsaid(s, !whole)
		return v.lines(ctx, s, path, text)
	}
	unsaid(s, true) // there is one, and it is nowhere
	return nil
}

// readable makes sure that files may be read, once for this sign-in.
func (v *view) readable(ctx context.Context) error {
	v.mu.Lock()
	reads := v.reads
	v.mu.Unlock()
	if reads {
		return nil
	}
	err := v.c.seesContents(ctx, v.repo.Name)
	if err == nil && v.held.Private { // everybody reads what is public
		v.mu.Lock()
		v.reads = true
		v.mu.Unlock()
	}
	return err
}

func (v *view) lines(ctx context.Context, s *inventory.Sight, path, text string) error {
	for _, rule := range inventory.Codeowners(text) {
		from := len(s.Findings)
		for _, o := range rule.Owners {
			f := inventory.Finding{Title: path + ": " + rule.Pattern, ByHand: true}
			login := inventory.CodeownerOf(o)
			if login == "" {
				if !strings.HasPrefix(o, "@") && v.r.Names(o) {
					v.found(s, f)
				}
				continue
			}
			i, theirs, unsure, err := v.whose(ctx, 0, login)
			if err != nil {
				return err
			}
			if theirs {
				f.Identity, f.Unsure = i, unsure
				v.found(s, f)
			}
		}
		if len(s.Findings)-from == len(rule.Owners) {
			for i := from; i < len(s.Findings); i++ {
				s.Findings[i].LastOwner = true
			}
		}
	}
	return nil
}

// pushes are the vendor's after the cut-off. Where the newest of all is older, there are
// none.
func (v *view) pushes(ctx context.Context, s *inventory.Sight) error {
	if !v.held.Pushed.IsZero() && !v.held.Pushed.After(v.r.Cut) {
		return nil
	}
	l, err := v.c.pushesAfter(ctx, v.repo.Name, func(p pushed) bool { return !p.At.After(v.r.Cut) })
	if err != nil {
		return err
	}
	unsaid(s, l.Partial)
	for _, p := range l.All {
		f := inventory.Finding{ID: p.ID, At: p.At.Time, ByHand: true}
		if p.Actor == nil {
			f.Unsure = true
			v.found(s, f)
			continue
		}
		if i, m := v.r.Whose(p.Actor.ID, p.Actor.Login); m == inventory.MatchTheirs {
			f.Identity = i
			v.found(s, f)
		}
	}
	return nil
}
