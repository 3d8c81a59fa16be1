package stories

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/exit"
	"gangway/internal/playbook"
	"gangway/internal/review"
	"gangway/workflows"
)

// TestAnAssetIsForgotten: a month after access was cut people are asked what was
// forgotten, and name a repository that the vendor still has, and a domain. The exit stays
// open: GitHub hands the repository over, the domain does not work at first, and the key of
// the vendor's that came along with the repository is found and cut. Only then is the
// certificate signed, which says so, and the dossier verifies where there is nothing else.
func TestAnAssetIsForgotten(t *testing.T) {
	t.Parallel()
	s := &small{premises: newPremises(t)}
	s.hub.Anywhere("heron", "routes", "private")
	s.writes("heron", "routes")
	o, cut := s.cutsHeron()
	s.goesOn(o, isAsked("exit-forgotten"), nil)
	if after := o.now().Sub(cut); after < 29*day {
		t.Errorf("people are asked what was forgotten %s after the cut", after)
	}
	s.fillsIn(o, "exit-forgotten", func(x sounding) {
		x.own["found-1-what"], x.own["found-1-kind"], x.own["found-1-with"] = "heron/routes", string(exit.AssetRepository), "their developer"
		x.own["found-2-what"], x.own["found-2-kind"], x.own["found-2-with"] = "parcels.example", string(exit.AssetDomain), "their registrar"
	})
	s.goesOn(o, isAsked("assets-verify-domain"), nil)
	if s.hub.RepositoryID("northgate", "routes") == 0 {
		t.Fatalf("the repository did not come over\n%s", describe(o.view()))
	}
	s.hub.AddKey("routes", "heron deploys", "heron-dev")
	s.fillsIn(o, "assets-verify-domain", func(x sounding) { x.own["found-2"] = engagement.No })
	s.goesOn(o, isAsked("settle-domain"), nil)
	s.settles(o, "settle-domain", playbook.AskAgain)
	o.uncertified()

	s.goesOn(o, over, nil)
	v := o.sealed("exited")
	s.handedLate(o, v)
	if left := strings.Join(s.hub.Things(), " "); strings.Contains(left, "heron deploys") {
		t.Errorf("left are %q", left)
	}
	s.provesAway(o, v)
}

// cutsHeron leaves a vendor who works already and is in a repository of ours, until their
// access was cut.
func (s *small) cutsHeron() (o *onboarding, cut time.Time) {
	s.t.Helper()
	s.hub.AddUser("heron-dev")
	s.hub.AddCollaborator("payroll-exports", "heron-dev", "write")
	watch := s.adopted()
	o = s.exits("maya", "heron-couriers", exit.ModePlanned, "we drive ourselves", watch.now().AddDate(0, 5, 0))
	s.goesOn(o, isAsked("access-roster"), nil)
	s.fillsIn(o, "access-roster", func(x sounding) { x.own["account-1-login"] = "heron-dev" })
	s.goesOn(o, func(dossier.CaseView) bool { return len(s.hub.Roles("payroll-exports", "heron-dev")) == 0 }, nil)
	return o, o.now()
}

// writes puts a first piece of work into a repository that GitHub has somewhere.
func (s *premises) writes(owner, name string) {
	s.t.Helper()
	mirrored(s.t, s.hub.GitFolder(owner, name, false), "dev@heron.example", "init -q -b main .", "add README.md", "commit -q -m first")
}

// settles has the owner say what becomes of something that got stuck.
func (s *small) settles(o *onboarding, step string, verdict review.Verdict) {
	s.t.Helper()
	r := o.asked("maya", step)
	who, is := asked{&r}.next(o.now())
	if !is || !slices.Contains(r.Verdicts(), verdict) {
		s.t.Fatalf("of %s nobody may say %s, but %v", step, verdict, r.Verdicts())
	}
	out := o.say("maya", r, verdict)
	o.accepts(out, nil, asked{&r}, who)
}

// uncertified wants nobody to be asked to sign an end of it, nor a page that could be.
func (o *onboarding) uncertified() {
	o.h.t.Helper()
	filed := o.kinds(dossier.DocumentFiled)
	if isAsked("exit-close")(o.view()) || len(o.kinds(dossier.Certified)) > 0 ||
		slices.ContainsFunc(filed, func(l dossier.Line) bool { return l.Entry.Detail.Name == "certificate" }) {
		o.h.t.Errorf("the exit is certified while something is open\n%s", describe(o.view()))
	}
}

// handedLate wants both things to have been handed over before the certificate was signed,
// by a hand-over of their own, and the certificate to say of each that it was.
func (s *small) handedLate(o *onboarding, v dossier.CaseView) {
	t := s.t
	t.Helper()
	late := workflows.ProcessID(workflows.HandoverPrefix(v.Vendor), 2)
	if !slices.ContainsFunc(v.Processes, func(p dossier.ProcessView) bool { return p.ID == late && p.Result == workflows.ResultDone }) {
		t.Errorf("nobody handed over what was forgotten: %+v", v.Processes)
	}
	found, signed, ended := o.kinds(dossier.FoundLater), o.kinds(dossier.Certified), 0
	for _, l := range o.kinds(dossier.PartEnded) {
		if l.Entry.Detail.Parent == late {
			ended = l.N
		}
	}
	if len(found) != 1 || len(signed) != 1 || !(found[0].N < ended && ended < signed[0].N) {
		t.Errorf("found in the lines %+v, handed over in line %d, certified in %+v", found, ended, signed)
	}
	_, handed, _ := strings.Cut(s.certificate(o), "\nHANDOVER\n")
	for _, id := range []string{"found-1", "found-2"} {
		if !strings.Contains("\n"+handed, "\n  "+id+": done, verified by ") {
			t.Errorf("of %s the certificate says\n%s", id, s.certificate(o))
		}
	}
}

// provesAway has somebody verify the dossier who was given it and the key's fingerprint,
// and has the program and nothing else.
func (s *small) provesAway(o *onboarding, v dossier.CaseView) {
	t := s.t
	t.Helper()
	dir, n := t.TempDir(), 0
	for _, p := range v.Processes {
		n += len(p.Runs)
	}
	if err := os.WriteFile(filepath.Join(dir, "exit.zip"), o.verified(v), 0o600); err != nil {
		t.Fatalf("taking the dossier away: %v", err)
	}
	key := s.Desk.Fingerprint(t.Context())
	execute(t, dir, nil, "gangway", "verify", "exit.zip", "--key", key, "--replay").ends(0, "intact; signed by "+key, "the key you gave", fmt.Sprintf("%d of %d histories replayed", n, n))
}
