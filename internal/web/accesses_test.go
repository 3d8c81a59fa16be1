package web

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"time"

	"gangway/internal/entitlement"
	"gangway/internal/review"
)

// pointError is what a desk says of a form that can't be carried out.
type pointError struct{}

func (pointError) Error() string { return "the access x: this is no login of GitHub" }
func (pointError) Hint() string  { return "write the login; nothing was sent" }
func (pointError) Invalid() bool { return true }
func (pointError) Points() map[string]string {
	return map[string]string{"who": "this is no login of <i>GitHub</i>; write it as it stands there", "until": "it may last 366 days at most"}
}

// TestWhatTheDeskFindsWrongStandsAtItsPoint, with everything else that was filled in.
func TestWhatTheDeskFindsWrongStandsAtItsPoint(t *testing.T) {
	t.Parallel()
	s := newFormSite(t)
	s.desk.fail = pointError{}
	f := filledForm(t, s)
	p := s.post("sami", "/request/answer", f).wants(http.StatusUnprocessableEntity, "This is no login of &lt;i&gt;GitHub&lt;/i&gt;; write it as it stands there.", "It may last 366 days at most.",
		"The access x: this is no login of GitHub. Write the login; nothing was sent.", "Vera, to deploy\nOlu, to look", `value="2027-06-30"`)
	p.accessible("a form that the desk refuses")
	s.desk.fail = nil
	again := p.form("/request/answer", "q0.a")
	if again.Get("nonce") == f.Get("nonce") {
		t.Error("what can't be taken is sent under the same number again")
	}
	for name := range f {
		if name != "nonce" {
			again[name] = f[name]
		}
	}
	s.post("sami", "/request/answer", again).leads("/receipt?")
}

// knows is a GitHub of which one asks before accepting.
type knows struct {
	all []entitlement.Standing
	err error
}

func (k *knows) AccessNow(_ context.Context, who review.Address, request string) ([]entitlement.Standing, error) {
	if who.ID != "sami" || request != formID {
		return nil, errors.New("asked for somebody else")
	}
	return k.all, k.err
}

// TestWhoAcceptsSeesWhatGitHubKnows: beside what they accept, and nobody else.
func TestWhoAcceptsSeesWhatGitHubKnows(t *testing.T) {
	t.Parallel()
	k := &knows{}
	s := newSite(t, func(o *Options) { o.Accesses = k })
	s.desk.forms()
	s.get("sami", requestURL(formID)).wants(http.StatusOK).lacks("What GitHub knows")
	until := time.Date(2027, 6, 30, 0, 0, 0, 0, time.UTC)
	k.all = []entitlement.Standing{
		{Grant: "a", Login: "dev<1>", Place: "team/payroll", Role: entitlement.RoleMember, Until: until, Verdict: entitlement.VerdictClean},
		{Grant: "b", Login: "nobody", Place: "repository/ledger", Role: entitlement.RoleWrite, Until: until, Verdict: entitlement.VerdictNotCheckable, Doubts: []entitlement.Doubt{entitlement.DoubtLogin}},
	}
	p := s.get("sami", requestURL(formID)).wants(http.StatusOK, "What GitHub knows now", "dev&lt;1&gt;", "<bdi>team payroll</bdi>", "30 Jun 2027", "The account and the place are there", `badge bad">look</span> GitHub has no account with this login.`)
	p.accessible("a request about access")
	s.get("ola", requestURL(formID)).wants(http.StatusOK).lacks("What GitHub knows")
}

// TestEveryStandingHasWords: none is shown as fine that should be looked at.
func TestEveryStandingHasWords(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, d := range []entitlement.Doubt{entitlement.DoubtPermission, entitlement.DoubtSignIn, entitlement.DoubtHidden, entitlement.DoubtMoved, entitlement.DoubtLogin, entitlement.DoubtOther} {
		said, tone := knownOf(entitlement.Standing{Verdict: entitlement.VerdictNotCheckable, Doubts: []entitlement.Doubt{d}, Needs: []string{"members=read"}})
		if tone != "bad" || seen[said] {
			t.Errorf("%s: %s %s", d, tone, said)
		}
		seen[said] = true
	}
	for _, f := range []entitlement.Foothold{entitlement.FootholdCollaborator, entitlement.FootholdInherited, entitlement.FootholdTeam, entitlement.FootholdInvitation, entitlement.FootholdTeamInvited} {
		if said, tone := knownOf(entitlement.Standing{Verdict: entitlement.VerdictFound, Footholds: []entitlement.Foothold{f}}); tone != "bad" || said == "" {
			t.Errorf("%s: %s %s", f, tone, said)
		}
	}
	for _, s := range []entitlement.Standing{{Verdict: entitlement.VerdictNotCheckable}, {Verdict: entitlement.VerdictNotCheckable, Doubts: []entitlement.Doubt{entitlement.DoubtPartial}}} {
		if said, tone := knownOf(s); tone != "bad" || said != "GitHub could not be asked just now. Load the page again." {
			t.Errorf("%+v: %s %s", s, tone, said)
		}
	}
}
