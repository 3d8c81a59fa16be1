package workflows

import (
	"slices"
	"strings"
	"testing"
	"time"

	"gangway/activities"
	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/entitlement"
	"gangway/internal/github/githubtest"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// watchedHub is an oversight of accesses that were given at a GitHub and end so many
// days after Monday: dev's and lead's.
func watchedHub(t *testing.T, ends int, change func(*githubtest.Options), more ...func(*engagement.Expiry)) (*vigil, *hub) {
	t.Helper()
	v := newVigil(t, false)
	v.know("security-sam", func(p *playbook.Person) { p.Roles = []string{"security"} })
	h := newHub(t, v.rec, change)
	v.rec.access = h
	h.follow(func() time.Time { return v.env.Now() })
	acts := &activities.Activities{Archive: v.rec, Access: h, Filing: h}
	out, err := acts.GrantAccess(t.Context(), activities.AccessIn{Sheet: v.hubForm("form", developer(ends), lead(ends))})
	if err != nil {
		t.Fatalf("giving access: %v", err)
	}
	more = append(more, func(e *engagement.Expiry) { e.Document = out.Evidence })
	v.in.Expiries = append(v.in.Expiries, expiry("dev", engagement.ExpiryAccess, ends, more...), expiry("lead", engagement.ExpiryAccess, ends, more...))
	return v, h
}

// inside has both accept.
func (h *hub) inside() {
	h.t.Helper()
	h.accepts(devLogin, "ledger")
	h.accepts(leadLogin, "")
}

// invitesAgain sends both a new invitation, where the old one ran out.
func (h *hub) invitesAgain() {
	h.t.Helper()
	for _, g := range []entitlement.Grant{developer(60), lead(60)} {
		s, err := h.Grant(h.t.Context(), g)
		if err != nil || s.Verdict != entitlement.VerdictFound || slices.Contains(s.Footholds, entitlement.FootholdExpired) {
			h.t.Errorf("inviting again: %+v, %v", s, err)
		}
	}
}

// wantOut wants that nobody of the vendor has anything, and that both ended.
func (v *vigil) wantOut(h *hub, dev, lead string) {
	v.t.Helper()
	if roles := h.s.Roles("ledger", dev); len(roles) > 0 {
		v.t.Errorf("%s is in the repository: %v", dev, roles)
	}
	if m := h.s.Membership(lead, ""); m.State != "" || h.s.Membership(lead, "payroll").State != "" {
		v.t.Errorf("%s is a member: %+v", lead, m)
	}
	for _, i := range h.s.Invitations() { // GitHub lists those that ran out among the failed ones, for ever
		if i.Repository != 0 || i.At.Add(7*day).After(v.env.Now()) {
			v.t.Errorf("an invitation stands: %+v", i)
		}
	}
	for _, id := range []string{"dev", "lead"} {
		if w := v.watchedNow(id); w.Ended != "removed" {
			v.t.Errorf("%s: %+v", id, w)
		}
	}
}

// On its day an access is taken away at GitHub and looked at again the day after. What
// others gave, or gave others, stays as it is.
func TestHubTakesAccessAwayOnItsDay(t *testing.T) {
	v, h := watchedHub(t, 60, nil)
	h.inside()
	h.s.AddCollaborator("ledger", "stranger", "admin")
	h.s.AddMember("colleague", "member")
	v.after(59, func() {
		if h.s.Roles("ledger", devLogin)["direct"] != "write" {
			t.Error("it was taken away before its day")
		}
	})
	v.after(60.5, func() {
		if len(h.s.Roles("ledger", devLogin)) > 0 {
			t.Error("it was not taken away on its day")
		}
	})
	v.offAfter(70)
	v.live()
	v.wantOut(h, devLogin, leadLogin)
	for _, id := range []string{"dev", "lead"} {
		if got := v.accessSays(id); !slices.Equal(got, []string{accessRemoved, accessGone}) {
			t.Errorf("the record says of %s %q", id, got)
		}
	}
	if h.s.Roles("ledger", "stranger")["direct"] != "admin" || h.s.Membership("ann", "payroll").State != "active" || h.s.Membership("colleague", "").State != "active" {
		t.Error("somebody was removed who was not ours to remove")
	}
	if h.count(delCollaborator) != 1 || h.count(delMember) != 1 {
		t.Errorf("%d and %d removals", h.count(delCollaborator), h.count(delMember))
	}
}

// What ends in all the same at another time or under another name: invitations nobody
// accepted, logins that changed hands, a reply that was lost, a GitHub that is slow.
func TestHubTakesAwayWhatIsThere(t *testing.T) {
	for name, c := range map[string]struct {
		world     func(*githubtest.Options)
		before    func(*hub)
		dev, lead string
		says      []string // of dev
	}{
		"nobody accepted":        {nil, func(*hub) {}, devLogin, leadLogin, []string{accessRemoved, accessGone}},
		"nobody accepted lately": {nil, func(h *hub) { h.late = func() { h.invitesAgain() } }, devLogin, leadLogin, []string{accessRemoved, accessGone}},
		"they left before": {nil, func(h *hub) {
			h.inside()
			if _, err := h.Remove(h.t.Context(), developer(60)); err != nil {
				h.t.Error(err)
			}
		}, devLogin, leadLogin, []string{accessRemoved, accessGone}},
		"another login": {nil, func(h *hub) {
			h.inside()
			h.s.Rename(devLogin, "planted-new")
			h.s.AddCollaborator("ledger", devLogin, "read") // somebody else took it over
		}, "planted-new", leadLogin, []string{accessRemoved, accessGone}},
		"a lost reply": {nil, func(h *hub) {
			h.inside()
			h.s.Order(githubtest.Failure{How: githubtest.Lost, Call: delCollaborator}, githubtest.Failure{How: githubtest.Lost, Call: delMember})
		}, devLogin, leadLogin, []string{accessRemoved, accessGone}},
		"GitHub hesitates": {nil, func(h *hub) {
			h.inside()
			h.s.Order(githubtest.Failure{How: githubtest.Down, Call: delCollaborator, Times: 3})
		}, devLogin, leadLogin, []string{accessRemoved, accessGone}},
		"GitHub takes its time": {func(o *githubtest.Options) { o.Lag = time.Hour }, (*hub).inside, devLogin, leadLogin, []string{accessFound, accessRemoved, accessGone}},
		"the hour's limit": {nil, func(h *hub) {
			h.inside()
			h.s.Order(githubtest.Failure{How: githubtest.Primary, After: 50 * time.Minute, Call: "GET /repos/{owner}/{repo}"})
		}, devLogin, leadLogin, []string{accessRemoved, accessGone}},
		"GitHub is away for a day": {nil, func(h *hub) {
			h.inside()
			h.late = func() { h.s.Order(githubtest.Failure{How: githubtest.Down, Times: 20}) }
		}, devLogin, leadLogin, []string{accessAway, accessRemoved, accessGone}},
	} {
		t.Run(name, func(t *testing.T) {
			v, h := watchedHub(t, 60, c.world)
			c.before(h)
			if h.late != nil {
				v.after(58, h.late)
			}
			v.offAfter(70)
			v.live()
			v.wantOut(h, c.dev, c.lead)
			if got := v.accessSays("dev"); !slices.Equal(got, c.says) {
				t.Errorf("the record says %q, want %q", got, c.says)
			}
			if name == "another login" && h.s.Roles("ledger", devLogin)["direct"] != "read" {
				t.Error("whoever took the login over was removed")
			}
		})
	}
}

// A removal that GitHub refuses stands in the record, somebody is asked to do it, and it
// is tried again; once it is done nobody is asked any more.
func TestHubRefusesARemoval(t *testing.T) {
	v, h := watchedHub(t, 60, nil)
	h.inside()
	h.s.Order(githubtest.Failure{How: githubtest.Forbidden, Needs: "administration=write", Call: delCollaborator, Times: -1})
	v.after(60.2, func() {
		if r := v.open("access-remove"); !r.Holds("owner", "owner-ola", v.env.Now()) {
			t.Errorf("the owner is not told: %+v", r)
		}
		if last := v.rec.of(dossier.AccessStands); !strings.Contains(strings.Join(last[len(last)-1].Detail.Values, " ")+strings.Join(last[0].Detail.Values, " "), "permission") {
			t.Errorf("the record does not say why: %+v", last)
		}
	})
	v.after(65, func() {
		if h.count(delCollaborator) < 3 {
			t.Errorf("it was tried %d times", h.count(delCollaborator))
		}
		h.s.Mend()
	})
	v.offAfter(90)
	v.live()
	v.wantOut(h, devLogin, leadLogin)
	says := v.accessSays("dev")
	if n := len(says); n < 4 || says[0] == accessRemoved || says[n-2] != accessRemoved || says[n-1] != accessGone {
		t.Errorf("the record says %q", says)
	}
	v.wantClosed("access-remove", review.Open, "superseded")
}

// Access that somebody gave beside gangway is found and named, and is theirs to take
// back: what a person says they did is looked at.
func TestHubFindsWhatSomebodyElseGave(t *testing.T) {
	v, h := watchedHub(t, 60, nil)
	h.inside()
	h.s.AddTeam("helpers", "push", devLogin)
	h.s.AddRepository("tools", "private", "helpers")
	v.after(50, func() { h.s.AddCollaborator("tools", leadLogin, "read") }) // elsewhere: nobody's business here
	letIn := func() { h.s.AddTeam("ledger-people", "pull", devLogin); h.s.Let("ledger-people", "ledger") }
	v.after(55, letIn)
	v.after(60.5, func() {
		if roles := h.s.Roles("ledger", devLogin); roles["direct"] != "" || roles["ledger-people"] == "" {
			t.Errorf("dev has %v", roles)
		}
		v.says("owner-ola", "access-remove", review.Done) // it isn't
	})
	v.after(60.8, func() {
		h.s.RemoveTeam("ledger-people")
		v.says("owner-ola", "access-remove", review.Done)
	})
	v.offAfter(70)
	v.live()
	if got := v.accessSays("dev"); !slices.Equal(got, []string{accessFound, accessFound, accessGone}) {
		t.Errorf("the record says %q", got)
	}
	if w := v.watchedNow("dev"); w.Ended != "removed" {
		t.Errorf("%+v", w)
	}
	if h.s.Membership(devLogin, "helpers").State != "active" || h.s.Roles("tools", leadLogin)["direct"] != "read" {
		t.Error("something was taken that nobody was asked about")
	}
}

// Where the place is gone GitHub can't say whether anybody is in it: a person's word
// ends it, once.
func TestHubWithoutThePlace(t *testing.T) {
	v, h := watchedHub(t, 60, nil)
	h.inside()
	v.after(50, func() { h.s.RemoveTeam("payroll") })
	v.after(62, func() { v.says("owner-ola", "access-remove", review.Done) })
	v.offAfter(70)
	v.live()
	if w := v.watchedNow("lead"); w.Ended != "removed" {
		t.Errorf("%+v, %q", w, v.accessSays("lead"))
	}
	if n := len(v.requests("access-remove")); n != 1 {
		t.Errorf("it was asked %d times", n)
	}
}

// Who signed it is asked whether it is renewed; renewed it stays until the new day.
func TestHubAccessIsRenewedByWhoSignedIt(t *testing.T) {
	v, h := watchedHub(t, 60, nil, func(e *engagement.Expiry) { e.Role = approver(accessStep(t)) })
	h.inside()
	v.after(50, func() {
		both := v.requests("access")
		if len(both) != 2 {
			t.Errorf("%d are asked about", len(both))
		}
		for _, r := range both {
			if !r.Holds("asked", "security-sam", v.env.Now()) {
				t.Errorf("security is not asked: %+v", r.Seatings)
			}
			v.says("security-sam", "access", playbook.Extend, goodUntil(120), func(a *review.Answer) { a.Request = r.ID })
		}
	})
	v.after(100, func() {
		if h.s.Roles("ledger", devLogin)["direct"] != "write" || h.s.Membership(leadLogin, "payroll").State != "active" {
			t.Error("it was renewed, and taken away")
		}
	})
	v.offAfter(130)
	v.live()
	v.wantOut(h, devLogin, leadLogin)
}

// requests are all that were asked of a step, in order.
func (v *vigil) requests(step string) []review.Request {
	var all []review.Request
	for _, r := range v.view().Requests {
		if r.Step == step {
			all = append(all, r)
		}
	}
	return all
}
