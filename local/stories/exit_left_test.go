package stories

import (
	"slices"
	"strings"
	"testing"
	"time"

	"gangway/internal/dossier"
	"gangway/internal/exit"
	"gangway/internal/github/githubtest"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// dropKey is the call that takes a deploy key away.
const dropKey = "DELETE /repos/{owner}/{repo}/keys/{key_id}"

// TestAKeyIsLeftAfterTheCut: somebody of the vendor's puts a deploy key back. The look of
// the next day finds it, and it is cut. The one that the look of the next month finds
// GitHub does not let us take away: the exit stays open, however many days pass, until the
// owner waives it by name until a day, which the certificate says.
func TestAKeyIsLeftAfterTheCut(t *testing.T) {
	t.Parallel()
	s := &small{premises: newPremises(t)}
	o, cut := s.cutsHeron()
	s.hub.AddKey("payroll-exports", "night key", "heron-dev")
	s.goesOn(o, func(dossier.CaseView) bool { return len(s.hub.Calls(dropKey)) > 0 }, nil)
	if after := o.now().Sub(cut); after < 20*time.Hour || after > 3*day || s.there("night key") {
		t.Errorf("%s after the others the key that was put back is cut: there are %q", after, s.hub.Things())
	}

	s.hub.Order(githubtest.Failure{Call: dropKey, How: githubtest.Forbidden, Needs: "administration=write", Times: -1})
	s.hub.AddKey("payroll-exports", "month key", "heron-dev")
	still := playbook.ChoreSettle + "-" + playbook.ChoreStillThere
	s.goesOn(o, func(v dossier.CaseView) bool { return v.Now(time.Now()).Sub(cut) > 29*day && isAsked(still)(v) }, nil)
	if r := o.newest(still); len(r.Versions) != 1 || !strings.Contains(s.reads(r.Versions[0].Document), "month key") {
		t.Errorf("the owner is asked about %+v", r.Versions)
	}
	s.runsTo(o, o.now().AddDate(0, 0, 10))
	o.uncertified()

	until := o.now().AddDate(1, 6, 0).UTC() // after the other waivers, however late this is
	s.settles(o, still, playbook.Waive)
	s.fillsIn(o, playbook.ChoreWaiver+"-"+playbook.ChoreStillThere, func(x sounding) { x.own[playbook.WaiverUntil] = until.Format(time.DateOnly) })
	s.goesOn(o, over, nil)
	v := o.sealed("exited")
	if page, want := s.certificate(o), "deploy-keys (revocation): by Maya Lindqvist until "+until.Format("2 January 2006"); !strings.Contains(page, want) {
		t.Errorf("the certificate does not say %q:\n%s", want, page)
	}
	if !s.there("month key") || s.there("night key") {
		t.Errorf("there are %q", s.hub.Things())
	}
	s.provesAway(o, v)
}

// there reports whether GitHub has something of a name.
func (s *premises) there(name string) bool {
	return strings.Contains(strings.Join(s.hub.Things(), "\n"), name)
}

// TestATransferIsRefused: GitHub does not hand the vendor's repository over, since we have
// one of its name. The owner says by name that the copy stands in which was restored
// before; somebody else than who restored it looks whether it works, and the certificate
// says how it came.
func TestATransferIsRefused(t *testing.T) {
	t.Parallel()
	s := &small{premises: newPremises(t)}
	s.hub.Anywhere("heron", "routes", "private")
	s.writes("heron", "routes")
	s.hub.AddRepository("routes", "private")
	watch := s.adoptedWith("payment")
	o := s.exits("maya", "heron-couriers", exit.ModePlanned, "we drive ourselves", watch.now().AddDate(0, 8, 0))
	s.goesOn(o, isAsked("exit-carry-out"), nil)
	s.fillsIn(o, "exit-carry-out", func(x sounding) {
		x.own["asset-1-what"], x.own["asset-1-kind"] = "heron/routes", string(exit.AssetRepository)
	})
	stuck := playbook.ChoreSettle + "-" + string(exit.AssetRepository)
	s.goesOn(o, isAsked(stuck), nil)
	if asked := s.hub.Calls("POST /repos/{owner}/{repo}/transfer"); len(asked) != 1 || s.hub.RepositoryID("heron", "routes") == 0 {
		t.Errorf("it was asked for %d times, and is with the vendor as %d", len(asked), s.hub.RepositoryID("heron", "routes"))
	}
	o.uncertified()
	s.settles(o, stuck, "by-copy")
	s.goesOn(o, over, nil)
	v := o.sealed("exited")
	restored, looked := o.newest("assets-restore-repository"), o.newest("assets-verify-repository")
	if by := people(looked); len(by) != 1 || slices.Contains(people(restored), by[0]) || looked.Opened.Before(restored.Opened) {
		t.Errorf("restored by %q, and looked at by %q", people(restored), by)
	}
	_, handed, _ := strings.Cut(s.certificate(o), "\nHANDOVER\n")
	line, _, _ := strings.Cut(handed, "\n")
	if !strings.HasPrefix(line, "  asset-1, heron/routes: done, verified by ") || !strings.Contains(line, ", by copy (") {
		t.Errorf("the certificate says\n%s", s.certificate(o))
	}
	s.provesAway(o, v)
}

// people are those who answered a request.
func people(r review.Request) []string {
	var all []string
	for _, b := range r.Ballots {
		all = append(all, b.Person)
	}
	return all
}
