package github

import (
	"context"
	"errors"
	"slices"
	"strings"

	"gangway/internal/entitlement"
)

// Keeper carries out what grants ask for. Each of its methods may be called again: it
// looks first, and does what is missing. What GitHub refuses for good stands in the
// Standing; an error is worth another try.
type Keeper struct{ c *Client }

// NewKeeper works with a client.
func NewKeeper(c *Client) *Keeper { return &Keeper{c} }

// working is one grant while it is worked on.
type working struct {
	c *Client
	g entitlement.Grant
	s entitlement.Standing
}

func (k *Keeper) begin(ctx context.Context, g entitlement.Grant) (context.Context, *working, *trail) {
	ctx, t := trailing(ctx)
	place := "repository/" + g.Repository
	if g.Team != "" {
		place = "team/" + g.Team
	}
	return ctx, &working{c: k.c, g: g, s: entitlement.Standing{Grant: g.ID, Login: g.Login, Account: g.Account, Place: place, Role: g.Role,
		Until: g.Until, Joined: g.Joined}}, t
}

// end draws the verdict: what was found counts, whatever else could not be seen.
func (w *working) end(t *trail, err error) (entitlement.Standing, error) {
	err = w.settle(err)
	if err != nil {
		return entitlement.Standing{}, err
	}
	w.s.Probes = t.probes()
	switch {
	case len(w.s.Footholds) > 0:
		w.s.Verdict = entitlement.VerdictFound
	case len(w.s.Doubts) > 0:
		w.s.Verdict = entitlement.VerdictNotCheckable
	default:
		w.s.Verdict = entitlement.VerdictClean
	}
	return w.s, nil
}

// errStop ends what is done for a grant after its doubt was noted.
var errStop = errors.New("nothing more can be done for this grant")

// settle makes doubts of what trying again would not change.
func (w *working) settle(err error) error {
	e, ok := faultOf(err)
	switch {
	case errors.Is(err, errStop):
		return nil
	case !ok || !e.Permanent():
		return err
	}
	w.doubt(doubtOf(e))
	for _, need := range e.Needs {
		if !slices.Contains(w.s.Needs, need) {
			w.s.Needs = append(w.s.Needs, need)
		}
	}
	return nil
}

func doubtOf(e *CallError) entitlement.Doubt {
	switch {
	case e.Fault == Unready || e.SSO || e.Status == 401:
		return entitlement.DoubtSignIn
	case e.Fault == Denied:
		return entitlement.DoubtPermission
	case e.Fault == Hidden:
		return entitlement.DoubtHidden
	case e.Fault == Moved:
		return entitlement.DoubtMoved
	}
	return entitlement.DoubtRefused
}

func (w *working) doubt(d entitlement.Doubt) {
	if !slices.Contains(w.s.Doubts, d) {
		w.s.Doubts = append(w.s.Doubts, d)
	}
}

func (w *working) stop(d entitlement.Doubt) error {
	w.doubt(d)
	return errStop
}

func (w *working) foothold(f entitlement.Foothold) {
	if !slices.Contains(w.s.Footholds, f) {
		w.s.Footholds = append(w.s.Footholds, f)
	}
}

// theirs reports whether an account is that of the grant: by its number, where that is
// known, since logins change hands.
func (w *working) theirs(a Account) bool {
	if w.s.Account != 0 {
		return a.ID == w.s.Account
	}
	return strings.EqualFold(a.Login, w.g.Login)
}

// another reports whether somebody else has the login by which the account is known: the
// grant's, or the one under which it was just seen.
func (w *working) another(a Account) bool {
	return w.s.Account != 0 && a.ID != w.s.Account && strings.EqualFold(a.Login, w.s.Login)
}

// Grant gives what a grant asks for: an invitation, or access at once where GitHub
// wants no invitation. Who has it already gets nothing new.
func (k *Keeper) Grant(ctx context.Context, g entitlement.Grant) (entitlement.Standing, error) {
	ctx, w, t := k.begin(ctx, g)
	err := w.whose(ctx)
	if err == nil && g.Team != "" {
		err = w.giveTeam(ctx)
	} else if err == nil {
		err = w.giveRepository(ctx)
	}
	return w.end(t, err)
}

// whose asks who has the login now. Access is given to people alone, and to nobody who
// took the login over.
func (w *working) whose(ctx context.Context) error {
	a, err := w.c.Account(ctx, w.g.Login)
	switch {
	case is(err, Hidden): // GitHub's profiles are there for all
		return w.stop(entitlement.DoubtLogin)
	case err != nil:
		return err
	case w.s.Account != 0 && a.ID != w.s.Account:
		return w.stop(entitlement.DoubtOther)
	case a.Type != "User":
		return w.stop(entitlement.DoubtRefused)
	}
	w.s.Account, w.s.Login = a.ID, a.Login
	return nil
}

func (w *working) giveTeam(ctx context.Context) error {
	if _, err := w.c.Team(ctx, w.g.Team); err != nil {
		return err
	}
	m, err := w.c.TeamMembership(ctx, w.g.Team, w.s.Login)
	if err != nil && !is(err, Hidden) { // the team itself was seen: they are not in it
		return err
	}
	if err == nil && m.Role == string(w.g.Role) {
		return w.inTeam(m)
	}
	if err != nil {
		org, err := w.c.Membership(ctx, w.s.Login)
		if err != nil && !is(err, Hidden) {
			return err
		}
		w.s.Joined = w.s.Joined || !org.Active()
	}
	m, err = w.c.AddTeamMember(ctx, w.g.Team, w.s.Login, w.g.Role)
	if err != nil {
		return err
	}
	return w.inTeam(m)
}

// inTeam notes a membership of the team. Who is only invited joins the organisation by
// it, whichever attempt asked for it.
func (w *working) inTeam(m Membership) error {
	if m.Active() {
		w.foothold(entitlement.FootholdTeam)
		return nil
	}
	w.s.Joined = true
	w.foothold(entitlement.FootholdTeamInvited)
	return nil
}

func (w *working) giveRepository(ctx context.Context) error {
	if _, err := w.c.Repository(ctx, w.g.Repository); err != nil {
		return err
	}
	invited, err := w.invited(ctx)
	if err != nil || invited {
		return err
	}
	in, err := w.direct(ctx)
	if err != nil || in != nil && in.Role == string(w.g.Role) {
		return err
	}
	sent, err := w.c.AddCollaborator(ctx, w.g.Repository, w.s.Login, w.g.Role)
	if err != nil {
		return err
	}
	if sent {
		w.foothold(entitlement.FootholdInvitation)
		return nil
	}
	// No invitation went out: they are in already, perhaps by a team alone.
	in, err = w.direct(ctx)
	if err == nil && in == nil {
		w.foothold(entitlement.FootholdInherited)
	}
	return err
}

// invited looks for an invitation that stands, and withdraws those that do not serve:
// expired, or to another role.
func (w *working) invited(ctx context.Context) (bool, error) {
	l, err := w.c.RepositoryInvitations(ctx, w.g.Repository)
	if err != nil {
		return false, err
	}
	for _, i := range l.All {
		if i.Invitee == nil || !w.theirs(*i.Invitee) {
			continue
		}
		if !i.Expired && i.Role == string(w.g.Role) {
			w.foothold(entitlement.FootholdInvitation)
			return true, nil
		}
		if err := gone(w.c.CancelRepositoryInvitation(ctx, w.g.Repository, i.ID)); err != nil {
			return false, err
		}
	}
	return false, nil
}

// gone takes what is not there for removed: it was there a moment ago, in a list.
func gone(err error) error {
	if is(err, Hidden) {
		return nil
	}
	return err
}

// direct is the grant's account among the repository's own collaborators, or nil.
func (w *working) direct(ctx context.Context) (*Account, error) {
	l, err := w.c.Collaborators(ctx, w.g.Repository, Direct)
	if err != nil {
		return nil, err
	}
	for _, a := range l.All {
		if w.theirs(a) {
			w.s.Login = a.Login
			w.foothold(entitlement.FootholdCollaborator)
			return &a, nil
		}
	}
	return nil, nil
}
