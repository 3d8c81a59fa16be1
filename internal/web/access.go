package web

import (
	"context"
	"errors"
	"slices"
	"strings"

	"gangway/internal/entitlement"
	"gangway/internal/review"
)

// Accesses says what GitHub knows of accesses to code before somebody accepts them.
type Accesses interface {
	// AccessNow is empty where the request is about none, or does not wait for them.
	AccessNow(ctx context.Context, who review.Address, request string) ([]entitlement.Standing, error)
}

// accessView is what is known of one access that somebody asks for.
type accessView struct {
	Login, Place, Role, Until, Said string
	Tone                            string // good, or bad: look at it before you accept
}

// accesses asks what GitHub knows of what somebody is to accept. That it can't be asked
// is said, and keeps nobody from deciding.
func (s *server) accesses(ctx context.Context, me visitor, r *review.Request) ([]accessView, error) {
	if s.o.Accesses == nil {
		return nil, nil
	}
	all, err := s.o.Accesses.AccessNow(ctx, me.address(), r.ID)
	if err != nil {
		return nil, err
	}
	var views []accessView
	for _, a := range all {
		what, name, _ := strings.Cut(a.Place, "/")
		v := accessView{Login: flat(a.Login), Place: what + " " + flat(name), Role: string(a.Role), Until: a.Until.UTC().Format("2 Jan 2006")}
		v.Said, v.Tone = knownOf(a)
		views = append(views, v)
	}
	return views, nil
}

// knownOf says how an access stands before it is given.
func knownOf(a entitlement.Standing) (said, tone string) {
	for _, d := range a.Doubts {
		switch d {
		case entitlement.DoubtLogin:
			return "GitHub has no account with this login.", "bad"
		case entitlement.DoubtHidden:
			return "GitHub shows no such place to gangway: it is not there, or may not be seen.", "bad"
		case entitlement.DoubtMoved:
			return "The repository has another name now.", "bad"
		case entitlement.DoubtOther:
			return "Somebody else has this login now.", "bad"
		case entitlement.DoubtPermission:
			return "gangway may not look there: " + strings.Join(a.Needs, ", ") + ".", "bad"
		case entitlement.DoubtSignIn:
			return "gangway can't sign in to GitHub.", "bad"
		}
	}
	has := func(f entitlement.Foothold) bool { return slices.Contains(a.Footholds, f) }
	switch {
	case has(entitlement.FootholdCollaborator), has(entitlement.FootholdTeam), has(entitlement.FootholdInherited):
		return "They have access there already, which nobody gave through this form.", "bad"
	case has(entitlement.FootholdInvitation), has(entitlement.FootholdTeamInvited):
		return "They are invited there already.", "bad"
	case a.Verdict == entitlement.VerdictClean, has(entitlement.FootholdExpired):
		return "The account and the place are there; they have no access yet.", "good"
	}
	return "GitHub could not be asked just now. Load the page again.", "bad"
}

// wrongsOf is what an error says of the points of a form, as sentences.
func wrongsOf(err error) map[string]string {
	var at interface{ Points() map[string]string }
	if !errors.As(err, &at) {
		return nil
	}
	said := map[string]string{}
	for id, what := range at.Points() {
		said[id] = closed(what)
	}
	return said
}
