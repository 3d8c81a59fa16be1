package workflows

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"gangway/internal/dossier"
	"gangway/internal/exit"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// Ann of ours learns the payroll from the vendor: a session is in the calendars of both
// sides, material is filed, Ann shows that she can do it, somebody who did not teach her
// says that it will do, and she signs.
func TestTransferOfAnArea(t *testing.T) {
	l := newTransfer(t, []exit.Area{{ID: "payroll", Receiver: "ops-ann"}})
	l.on(1*day, func() {
		l.wantAsked("material-payroll") // the session is on Wednesday
		l.provides("acme.1", "material-payroll")
		if got, want := l.calendars.says(), []string{"acme.1 request 4 09:00", "ops-ann request 4 09:00", "owner-ola request 4 09:00"}; !slices.Equal(got, want) {
			t.Errorf("calendars say %q, want %q", got, want)
		}
	})
	l.on(2*day+time.Hour, func() {
		l.wantAsked("session-payroll")
		l.records("owner-ola", "payroll", "", "ops-ann")
	})
	l.on(3*day, func() {
		l.wantAsked("shown-payroll")
		l.refused(l.provides("owner-ola", "shown-payroll"), review.NoSeat)
		l.provides("ops-ann", "shown-payroll")
	})
	l.on(4*day, func() {
		l.wantAsked("shown-payroll-accept")
		if r := l.open("shown-payroll-accept"); !slices.Contains(r.Makers, "ops-ann") || !slices.Contains(r.Makers, "owner-ola") || r.Versions[0].Document != l.open("shown-payroll").Ballots[0].Documents[1] {
			t.Errorf("judged is %+v by others than %q", r.Versions, r.Makers)
		}
		l.answer("it-ida", "shown-payroll-accept", review.Approve)
	})
	l.on(7*day, func() { l.wantAsked("received-payroll"); l.answer("ops-ann", "received-payroll", review.Approve) })
	out := l.teaches()
	want := []exit.Matter{{ID: firstTransfer + ":payroll", Part: exit.PartTransfer, Name: "payroll", State: exit.StateDone, By: "it-ida",
		Document: l.open("shown-payroll").Ballots[0].Documents[1], Answer: l.open("received-payroll").Ballots[0].Answer}}
	if d := cmp.Diff(want, out.Matters); d != "" || out.Result != ResultDone {
		t.Error(out.Result, d)
	}
	if got, want := l.sessions(), []string{"payroll 1 invited ops-ann owner-ola acme.1", "payroll 1 held ops-ann"}; !slices.Equal(got, want) {
		t.Errorf("sessions: %q, want %q", got, want)
	}
	l.wantTold("acme.1", "0 asked material-payroll")
}

// What was shown will not do: another session is set, and it is shown again. The second
// time the owner is asked as well, who may have it taught once more.
func TestTransferShownAndNotWellEnough(t *testing.T) {
	l := newTransfer(t, []exit.Area{{ID: "payroll", Receiver: "ops-ann"}}, "material")
	l.on(2*day+time.Hour, func() { l.records("owner-ola", "payroll", "ops-ben") })
	l.on(3*day, func() { l.provides("ops-ann", "shown-payroll") })
	l.on(4*day, func() { l.answer("it-ida", "shown-payroll-accept", review.Changes) })
	l.on(4*day+time.Hour, func() { l.wantNobodyAsked("received-payroll") })
	l.on(8*day+2*time.Hour, func() { l.wantAsked("session-payroll"); l.records("owner-ola", "payroll", "it-ida") })
	l.on(9*day, func() { l.provides("ops-ann", "shown-payroll") })
	l.on(10*day, func() {
		// it-ida taught by now, and judges no longer
		l.refused(l.answer("it-ida", "shown-payroll-accept", review.Approve), review.OwnWork)
		l.answer("it-ivo", "shown-payroll-accept", review.Reject)
	})
	l.on(11*day, func() {
		l.wantAsked("settle-payroll")
		if r := l.open("settle-payroll"); !slices.Equal(r.Options, []review.Verdict{playbook.AskAgain, playbook.Waive}) {
			t.Errorf("the owner may %v", r.Options)
		}
		l.answer("owner-ola", "settle-payroll", playbook.AskAgain)
	})
	l.on(16*day, func() { l.records("owner-ola", "payroll", "") })
	l.on(17*day, func() { l.provides("ops-ann", "shown-payroll") })
	l.on(18*day, func() { l.answer("it-ivo", "shown-payroll-accept", review.Approve) })
	l.on(21*day, func() { l.answer("ops-ann", "received-payroll", review.Approve) })
	out := l.teaches()
	l.wantStates(out, ResultDone, "payroll done")
	if got := l.sessions(); len(got) != 6 || got[5] != "payroll 3 held" {
		t.Errorf("sessions: %q", got)
	}
}

// The vendor is silent: the owner goes on with what we have ourselves, which is shown and
// judged all the same, and the certificate says so. Its exit is told of the silence.
func TestTransferWithAVendorThatIsSilent(t *testing.T) {
	l := newTransfer(t, []exit.Area{{ID: "payroll", Receiver: "ops-ann"}, {ID: "tax", Receiver: "ops-ben"}})
	l.on(2*day+time.Hour, func() { l.records("owner-ola", "payroll", ""); l.records("owner-ola", "tax", "") })
	l.on(13*day, func() {
		l.wantAsked("material-payroll", "material-tax", "settle-payroll", "settle-tax")
		if r := l.open("settle-tax"); !slices.Equal(r.Options, []review.Verdict{playbook.AskVendor, playbook.AskAgain, ourSide, playbook.Waive}) {
			t.Errorf("the owner may %v", r.Options)
		}
		l.answer("owner-ola", "settle-payroll", ourSide)
		l.answer("owner-ola", "material-tax", review.Delivered, func(a *review.Answer) {
			a.ForVendor, a.Documents, a.Written = true, []string{l.text("tax", "1. A paper.\n")}, review.Written{Inside: "digest"}
		})
	})
	l.on(14*day, func() {
		l.wantAsked("shown-payroll", "shown-tax")
		l.wantClosed("settle-tax", review.Open, "superseded")
		l.provides("ops-ann", "shown-payroll")
		l.provides("ops-ben", "shown-tax")
	})
	l.on(15*day, func() {
		l.answer("it-ida", "shown-payroll-accept", review.Approve)
		l.answer("it-ida", "shown-tax-accept", review.Approve)
	})
	l.on(16*day, func() {
		l.answer("ops-ann", "received-payroll", review.Approve)
		l.answer("ops-ben", "received-tax", review.Reject)
	})
	l.on(17*day, func() { l.wantAsked("settle-tax"); l.answer("owner-ola", "settle-tax", playbook.Waive) })
	l.on(18*day, func() { l.provides("owner-ola", "waiver-tax", validTo(monday.AddDate(0, 6, 0))) })
	out := l.teaches()
	l.wantStates(out, ResultDone, "payroll done from-our-side", "tax waived not-received")
	if e := out.Expiries; len(e) != 1 || e[0].Name != "tax" || e[0].Person != "owner-ola" {
		t.Errorf("watched from now on is %+v", e)
	}
}

// The exit gives up waiting for the vendor: nobody asks it for material any more.
func TestTransferAlone(t *testing.T) {
	l := newTransfer(t, []exit.Area{{ID: "payroll", Receiver: "ops-ann"}}, "session")
	l.on(1*day, func() {
		l.wantAsked("material-payroll")
		if err := l.env.SignalWorkflowByID(l.root, SignalPart, PartNews{Word: NewsAlone}); err != nil {
			t.Error(err)
		}
	})
	l.on(1*day+time.Hour, func() {
		l.wantAsked("shown-payroll")
		l.wantClosed("material-payroll", review.Open, "superseded")
		l.provides("ops-ann", "shown-payroll")
	})
	l.on(2*day, func() { l.answer("it-ida", "shown-payroll-accept", review.Approve) })
	l.on(3*day, func() { l.answer("ops-ann", "received-payroll", review.Approve) })
	l.wantStates(l.teaches(), ResultDone, "payroll done from-our-side")
}

// A contact of the vendor that takes over receives: they show it, and they sign.
func TestTransferToTheNextVendor(t *testing.T) {
	l := newTransfer(t, []exit.Area{{ID: "payroll", Receiver: "newco.1", Sessions: 2}})
	l.on(1*day, func() { l.provides("acme.1", "material-payroll") })
	l.on(2*day+time.Hour, func() { l.records("owner-ola", "payroll", "", "newco.1") })
	l.on(4*day+2*time.Hour, func() { l.wantAsked("session-payroll"); l.records("owner-ola", "payroll", "") })
	l.on(7*day, func() {
		l.refused(l.provides("acme.1", "shown-payroll"), review.VendorPerson)
		l.provides("newco.1", "shown-payroll")
	})
	l.on(8*day, func() { l.answer("it-ida", "shown-payroll-accept", review.Approve) })
	l.on(9*day, func() { l.answer("newco.1", "received-payroll", review.Approve) })
	l.wantStates(l.teaches(), ResultDone, "payroll done")
}

// It is withdrawn while sessions stand in people's calendars: they are taken out, and what
// was not learnt is open.
func TestTransferWithdrawn(t *testing.T) {
	l := newTransfer(t, []exit.Area{{ID: "payroll", Receiver: "ops-ann"}, {ID: "tax", Receiver: "ops-ann"}})
	l.calendars.lost = []string{"acme.1"}
	l.on(1*day, func() { l.act(l.root, "owner-ola", review.Withdraw) })
	out := l.teaches()
	l.wantStates(out, ResultWithdrawn, "payroll open not-taught", "tax open not-taught")
	want := []string{"ops-ann cancel 4 09:00", "ops-ann cancel 4 11:00", "ops-ann request 4 09:00", "ops-ann request 4 11:00",
		"owner-ola cancel 4 09:00", "owner-ola cancel 4 11:00", "owner-ola request 4 09:00", "owner-ola request 4 11:00"}
	if got := l.calendars.says(); !slices.Equal(got, want) {
		t.Errorf("calendars say %q, want %q", got, want)
	}
	if n := len(l.rec.of(dossier.MatterSettled)); n != 0 {
		t.Errorf("%d matters are said to be settled", n)
	}
}

// Two directories that only the vendor's people wrote are an area too; a repository whose
// history nobody can read is not checkable, until it is read or waived.
func TestTransferOfWhatOnlyTheVendorWrote(t *testing.T) {
	l := newTransfer(t, nil, "session", "material")
	l.in.Assets = assetsOf(exit.AssetRepository, "", "r-1", "r-2")
	l.in.Repositories = l.mover.listed("r-1", "r-2")
	l.in.Roster = l.mover.packed(map[string]any{"vendor": "acme", "identities": []map[string]any{{"login": "ann-acme", "account": 7}}})
	l.on(1*day, func() { l.wantAsked("settle-authors"); l.answer("owner-ola", "settle-authors", playbook.AskAgain) })
	l.on(2*day, func() { l.wantAsked("settle-authors"); l.answer("owner-ola", "settle-authors", playbook.Waive) })
	l.on(3*day, func() {
		l.wantAsked("waiver-authors")
		l.provides("owner-ola", "waiver-authors", validTo(monday.AddDate(0, 1, 0)))
	})
	out := l.teaches()
	l.wantStates(out, ResultDone, "authors waived no-git")
	if l.mover.times("history r-2") != 2 {
		t.Errorf("done was %q", l.mover.sortedDid())
	}
}
