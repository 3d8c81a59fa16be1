package workflows

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"go.temporal.io/sdk/workflow"

	"gangway/activities"
	"gangway/internal/engagement"
	"gangway/internal/entitlement"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// invitedOn is an access to which somebody was invited so many days after Monday.
func invitedOn(days int) func(*engagement.Expiry) {
	return func(e *engagement.Expiry) { e.Document, e.Invited = accessForm, monday.AddDate(0, 0, days) }
}

// foundAt is what GitHub says of an access: nothing of it is there without footholds.
func foundAt(in activities.AccessIn, footholds ...entitlement.Foothold) (activities.AccessOut, error) {
	v := entitlement.VerdictFound
	if len(footholds) == 0 {
		v = entitlement.VerdictClean
	}
	return activities.AccessOut{Standings: []activities.AccessStanding{{Grant: in.Grants[0], Verdict: v, Footholds: footholds}}, Evidence: "sha256:evidence-of-" + in.Grants[0]}, nil
}

// Whoever is invited and does not accept comes up after a week with whoever signed the
// access: they are invited again, and when the new invitation runs out it comes up anew.
// Who accepts after all closes the question. Until then nobody is said to have it.
func TestOversightLooksAfterInvitations(t *testing.T) {
	v := sameAsUndisturbed(t, func(v *vigil) {
		v.know("privacy-pam", func(p *playbook.Person) { p.Roles = append(p.Roles, "security") })
		invited := 0
		v.invites = func(in activities.AccessIn) (activities.AccessOut, error) {
			if invited++; in.Sheet != accessForm || in.Evidence != "sha256:evidence-of-ann" {
				v.t.Errorf("invited by %+v", in)
			}
			return foundAt(in, entitlement.FootholdTeamInvited, entitlement.FootholdMemberAsked)
		}
		v.looks = func(in activities.AccessIn) (activities.AccessOut, error) {
			switch now := v.env.Now(); {
			case now.Before(monday.AddDate(0, 0, 15)):
				return foundAt(in, entitlement.FootholdTeamInvited)
			case now.Before(monday.AddDate(0, 0, 30)):
				return foundAt(in, entitlement.FootholdExpired)
			case now.Before(monday.AddDate(0, 0, 180)):
				return foundAt(in, entitlement.FootholdTeam, entitlement.FootholdMember)
			}
			return foundAt(in)
		}
		v.removes = func(in activities.AccessIn) (activities.AccessOut, error) { return foundAt(in) }
		v.after(6.9, func() { v.wantNobodyAsked("access-invited") })
		v.after(7.1, func() {
			r := v.open("access-invited")
			if !r.Holds("asked", "privacy-pam", v.env.Now()) || !strings.Contains(r.Ask, "have not accepted") {
				v.t.Errorf("asked: %+v", r)
			}
			if r.Tally(v.env.Now()).State != review.Open || v.watchedNow("ann").Invited.IsZero() {
				v.t.Error("an invitation passes for access")
			}
		})
		v.after(10, func() { v.says("privacy-pam", "access-invited", playbook.InviteAgain) })
		v.after(10.1, func() {
			v.wantNobodyAsked("access-invited")
			if w := v.watchedNow("ann"); invited != 1 || w.Invited.Sub(monday) < 10*day {
				v.t.Errorf("%d invitations, and it is watched as %+v", invited, w)
			}
		})
		v.after(17.1, func() {
			if r := v.open("access-invited"); !strings.Contains(r.Ask, "ran out") || v.watchedNow("ann").Invited.IsZero() {
				v.t.Errorf("what ran out passes for access: %+v", r)
			}
		})
		v.after(38.1, func() { // a week, and two weeks later
			v.wantNobodyAsked("access-invited")
			if w := v.watchedNow("ann"); !w.Invited.IsZero() || w.Ended != "" {
				v.t.Errorf("they are in: %+v", w)
			}
		})
		v.offAfter(190)
	}, expiry("ann", engagement.ExpiryAccess, 180, invitedOn(0), func(e *engagement.Expiry) { e.Role = "security" }))
	if got := v.accessSays("ann"); !slices.Equal(got, []string{inviteOpen, inviteSent, inviteGone, inviteAccepted, accessRemoved, accessGone}) {
		t.Errorf("the record says %q", got)
	}
	v.wantClosed("access-invited", review.Open, "superseded")
}

// Who says that it is not needed has the invitation taken away; where nobody says
// anything it goes on the access's last day. Nothing else is asked meanwhile.
func TestOversightDropsInvitations(t *testing.T) {
	v := sameAsUndisturbed(t, func(v *vigil) {
		removed, looked := map[string]time.Time{}, []int{}
		v.looks = func(in activities.AccessIn) (activities.AccessOut, error) {
			if !removed[in.Grants[0]].IsZero() {
				return foundAt(in)
			}
			if in.Grants[0] == "ann" {
				looked = append(looked, int(v.env.Now().Sub(monday)/day))
			}
			return foundAt(in, entitlement.FootholdExpired, entitlement.FootholdInherited)
		}
		v.removes = func(in activities.AccessIn) (activities.AccessOut, error) {
			removed[in.Grants[0]] = v.env.Now()
			return foundAt(in)
		}
		v.invites = func(in activities.AccessIn) (activities.AccessOut, error) {
			v.t.Error("somebody was invited again, and nobody said so")
			return foundAt(in, entitlement.FootholdInvitation)
		}
		v.after(8, func() { v.says("owner-ola", "access-invited", playbook.Remove) }) // the newest: bob's
		v.after(9.5, func() {
			if w := v.watchedNow("bob"); w.Ended != "removed" || removed["bob"].Sub(monday) > 9*day {
				v.t.Errorf("removed %s: %+v", removed["bob"], w)
			}
		})
		v.after(39.9, func() {
			if !removed["ann"].IsZero() || v.watchedNow("ann").Invited.IsZero() {
				v.t.Error("it went before its day")
			}
			if !slices.Equal(looked, []int{7, 14, 28}) {
				v.t.Errorf("it was looked at on the days %v", looked)
			}
		})
		v.offAfter(45)
	}, expiry("ann", engagement.ExpiryAccess, 40, invitedOn(0)), expiry("bob", engagement.ExpiryAccess, 40, invitedOn(0), func(e *engagement.Expiry) { e.Invited = e.Invited.Add(time.Hour) }))
	for id, want := range map[string][]string{"ann": {inviteGone, accessRemoved, accessGone}, "bob": {inviteGone, accessRemoved, accessGone}} {
		if w := v.watchedNow(id); w.Ended != "removed" || !slices.Equal(v.accessSays(id), want) {
			t.Errorf("%s: %+v, %q", id, w, v.accessSays(id))
		}
	}
}

// A GitHub that is away is asked again, and after some days its silence comes up too;
// who can't be invited again comes up again; and an invitation that is under way when the
// last day comes is taken away after it.
func TestOversightInvitationsWhileGitHubIsAway(t *testing.T) {
	var lastInvited, firstRemoved time.Time
	v := sameAsUndisturbed(t, func(v *vigil) {
		lastInvited, firstRemoved = time.Time{}, time.Time{}
		v.looks = func(in activities.AccessIn) (activities.AccessOut, error) {
			if !firstRemoved.IsZero() {
				return foundAt(in)
			}
			return activities.AccessOut{}, errors.New("the service is away")
		}
		v.invites = func(in activities.AccessIn) (activities.AccessOut, error) {
			switch now := v.env.Now(); {
			case now.Before(monday.AddDate(0, 0, 22)):
				return standingAt(in, entitlement.VerdictNotCheckable, entitlement.DoubtRefused)
			case now.Before(monday.AddDate(0, 0, 60).Add(20 * time.Second)):
				return activities.AccessOut{}, errors.New("the service is away")
			}
			lastInvited = v.env.Now()
			return foundAt(in, entitlement.FootholdInvitation)
		}
		v.removes = func(in activities.AccessIn) (activities.AccessOut, error) {
			if firstRemoved.IsZero() {
				firstRemoved = v.env.Now()
			}
			return foundAt(in)
		}
		v.after(9, func() { v.wantNobodyAsked("access-invited") })
		v.after(11, func() {
			if r := v.open("access-invited"); !strings.Contains(r.Ask, "does not say") {
				v.t.Errorf("asked: %s", r.Ask)
			}
		})
		v.after(20, func() { v.says("owner-ola", "access-invited", playbook.InviteAgain) })
		v.after(21, func() {
			if r := v.open("access-invited"); !strings.Contains(r.Ask, "could not be invited") || v.watchedNow("ann").Invited.IsZero() {
				v.t.Errorf("asked: %s", r.Ask)
			}
		})
		v.plan = append(v.plan, &moment{at: monday.AddDate(0, 0, 60).Add(-time.Minute), do: func() { v.says("owner-ola", "access-invited", playbook.InviteAgain) }})
		v.offAfter(65)
	}, expiry("ann", engagement.ExpiryAccess, 60, invitedOn(0)))
	if w := v.watchedNow("ann"); w.Ended != "removed" || lastInvited.IsZero() || firstRemoved.Before(lastInvited) {
		t.Errorf("invited %s, removed %s: %+v", lastInvited, firstRemoved, w)
	}
	if got := v.accessSays("ann"); !slices.Equal(got, []string{accessAway, inviteNotSent, accessAway, inviteSent, accessRemoved, accessGone}) {
		t.Errorf("the record says %q", got)
	}
}

// What comes of an errand about an invitation, in a word: only what the invitation led to
// is access, and what could not be seen is never said to be gone.
func TestWhatBecameOfAnInvitation(t *testing.T) {
	t.Parallel()
	says := func(what errand, v entitlement.Verdict, doubts []entitlement.Doubt, f ...entitlement.Foothold) string {
		return invitationOf(errandDone{what: what, access: activities.AccessOut{Standings: []activities.AccessStanding{{Verdict: v, Doubts: doubts, Footholds: f}}}})
	}
	partial := []entitlement.Doubt{entitlement.DoubtPartial}
	for i, c := range []struct{ got, want string }{
		{says(errandSeen, entitlement.VerdictFound, nil, entitlement.FootholdCollaborator), inviteAccepted},
		{says(errandSeen, entitlement.VerdictFound, partial, entitlement.FootholdTeam), inviteAccepted},
		{says(errandSeen, entitlement.VerdictFound, nil, entitlement.FootholdInherited), inviteGone}, // what everybody has
		{says(errandSeen, entitlement.VerdictFound, nil, entitlement.FootholdExpired), inviteGone},
		{says(errandSeen, entitlement.VerdictFound, partial, entitlement.FootholdExpired), inviteUnseen},
		{says(errandSeen, entitlement.VerdictFound, nil, entitlement.FootholdInvitation), inviteOpen},
		{says(errandSeen, entitlement.VerdictClean, nil), inviteGone},
		{says(errandSeen, entitlement.VerdictNotCheckable, partial), inviteUnseen},
		{says(errandInvite, entitlement.VerdictFound, nil, entitlement.FootholdInvitation), inviteSent},
		{says(errandInvite, entitlement.VerdictFound, nil, entitlement.FootholdInherited), inviteAccepted}, // they need no invitation
		{says(errandInvite, entitlement.VerdictFound, nil, entitlement.FootholdExpired), inviteNotSent},
		{says(errandInvite, entitlement.VerdictNotCheckable, []entitlement.Doubt{entitlement.DoubtLogin}), inviteNotSent},
		{invitationOf(errandDone{what: errandSeen}), inviteUnseen},
		{invitationOf(errandDone{what: errandSeen, err: errors.New("away")}), accessAway},
		{invitationOf(errandDone{what: errandInvite, err: errors.New("away")}), inviteNotSent},
	} {
		if c.got != c.want {
			t.Errorf("case %d: %s, want %s", i, c.got, c.want)
		}
	}
}

// At a GitHub: nobody accepts, the invitations run out there, both come up, both are
// invited again, one accepts. The other's comes up once more.
func TestHubInvitationsThatRunOut(t *testing.T) {
	v, h := watchedHub(t, 60, nil, func(e *engagement.Expiry) { e.Invited = monday })
	v.after(8, func() {
		for _, id := range []string{vigilID + ":access-invited.1", vigilID + ":access-invited.2"} {
			v.ids++
			a := review.Answer{ID: "again-" + id, Request: id, Verdict: playbook.InviteAgain, At: v.env.Now(), Channel: "web", Person: v.person("owner-ola")}
			v.send(vigilID, UpdateAnswer, a.ID, a)
		}
	})
	v.after(9, func() {
		v.wantNobodyAsked("access-invited")
		h.accepts(leadLogin, "")
	})
	v.after(15.5, func() {
		if r := v.open("access-invited"); r.ID != vigilID+":access-invited.3" || !strings.Contains(r.Title, "dev") {
			t.Errorf("asked about %s %q", r.ID, r.Title)
		}
		if w := v.watchedNow("dev"); w.Invited.IsZero() {
			t.Errorf("an invitation that ran out passes for access: %+v", w)
		}
		if w := v.watchedNow("lead"); !w.Invited.IsZero() {
			t.Errorf("who is in is waited for: %+v", w)
		}
		v.says("owner-ola", "access-invited", playbook.Remove)
	})
	v.after(18, func() {
		if w := v.watchedNow("dev"); w.Ended != "removed" {
			t.Errorf("it was not needed: %+v", w)
		}
	})
	v.offAfter(70)
	v.live()
	v.wantOut(h, devLogin, leadLogin)
	if h.count(putCollaborator) != 2 || h.count(putMember) != 2 {
		t.Errorf("%d and %d invitations", h.count(putCollaborator), h.count(putMember))
	}
	for id, want := range map[string][]string{"dev": {inviteGone, inviteSent, inviteGone, accessRemoved, accessGone}, "lead": {inviteGone, inviteSent, inviteAccepted, accessRemoved, accessGone}} {
		if got := v.accessSays(id); !slices.Equal(got, want) {
			t.Errorf("the record says of %s %q, want %q", id, got, want)
		}
	}
}

// Who was only invited when the vendor went live is handed on as such; an invitation that
// ran out is no access given, and the owner hears of it.
func TestWhoWasOnlyInvitedIsHandedOn(t *testing.T) {
	s, d := activation(t)
	d.stands = []entitlement.Foothold{entitlement.FootholdExpired}
	s.in.Oversee, s.in.Watch = true, engagement.Watch{NoticeLead: 30}
	var begun OversightInput
	s.env.OnWorkflow(OversightType, anything, anything).Return(func(_ workflow.Context, in OversightInput) (OversightResult, error) {
		begun = in
		return OversightResult{}, nil
	})
	s.on(1*day, func() { s.answer("it-ida", "access", review.Done, asForm(s.accessForm("form", "nadia-r", "omar-k"))) })
	s.on(2*day, func() { s.answer("security-sam", "access-accept", review.Approve) })
	s.on(3*day, func() {
		s.wantNobodyAsked("after")
		d.mu.Lock()
		d.stands = nil
		d.mu.Unlock()
		s.answer("owner-ola", "not-given-access", playbook.AskAgain)
	})
	s.on(4*day, func() { s.answer("legal-lee", "after", review.Approve) })
	s.play()
	results, _ := s.stood()
	if !slices.Equal(results, []string{"not-given", "given"}) || len(begun.Expiries) != 2 {
		t.Errorf("the record says %q, watched is %+v", results, begun.Expiries)
	}
	for _, e := range begun.Expiries {
		if got := e.Invited.Sub(monday); got < 3*day || got > 3*day+time.Hour {
			t.Errorf("%s: invited after %s", e.Name, got)
		}
	}
}
