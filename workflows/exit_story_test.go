package workflows

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gangway/internal/dossier"
	"gangway/internal/exit"
)

// A planned exit goes from the decision inside to the certificate: nothing of it is done
// outside before it is decided, access is cut after the cut-over, and it is closed after
// the check of thirty days.
func TestPlannedExit(t *testing.T) {
	x := newDeparture(t, exit.ModePlanned, exit.AfterInHouse)
	x.in.Oversight = "oversight/acme/1"
	x.daily(day, nil)
	out := x.leave()
	if out.Result != ResultExited || out.By != "sponsor-sue" || out.Certificate == "" || out.Aftercare != "" {
		t.Errorf("got %+v", out)
	}
	if d := cmp.Diff([]string{"inside", "notice", "plan", "given-up", "transition", "parallel", "cut-over", "closing", "certificate"}, x.stages()); d != "" {
		t.Errorf("legs (- want, + got):\n%s", d)
	}
	if d := cmp.Diff([]string{"data-return/acme/1", "handover/acme/1", "revocation/acme/1", "transfer/acme/1"}, x.begun()); d != "" {
		t.Errorf("parts (- want, + got):\n%s", d)
	}
	if d := cmp.Diff([]string{"revocation go"}, x.heard); d != "" {
		t.Errorf("parts heard (- want, + got):\n%s", d)
	}
	if d := cmp.Diff([]string{"oversight/acme/1 exit"}, x.signals); d != "" {
		t.Errorf("others were told (- want, + got):\n%s", d)
	}
	page := x.certificate(out.Certificate)
	for _, want := range []string{"CLOSING CERTIFICATE 1", "The vendor acme is off", "Nothing is open, failed or unchecked", "REVOCATION", "planned"} {
		if !strings.Contains(page, want) {
			t.Errorf("the certificate lacks %q:\n%s", want, page)
		}
	}
	given := x.given(exit.PartTransfer)
	if len(given.Areas) != 1 || given.Areas[0].Receiver != "service-sol" || len(given.Assets) != 1 || given.Repositories == "" || given.Plan == "" || given.Plan == x.in.Plan {
		t.Errorf("the transfer was given %+v", given)
	}
	if got := x.rec.of(dossier.NoReturn); len(got) != 1 {
		t.Errorf("the point of no return was passed %d times", len(got))
	}
	if v := x.view(); string(v.State) != ResultExited {
		t.Errorf("the case is %s", v.State)
	}
}

// Until it is decided nobody outside hears of it, and nothing that they see changes.
func TestNothingIsSeenBeforeNotice(t *testing.T) {
	x := newDeparture(t, exit.ModePlanned, exit.AfterInHouse)
	x.in.Oversight = "oversight/acme/1"
	x.on(20*day, func() {
		if len(x.started)+len(x.signals) > 0 || len(x.told("acme.1")) > 0 {
			t.Errorf("before notice %v were begun, %v told", x.begun(), x.signals)
		}
		x.act(exitID, "owner-ola", "withdraw")
	})
	x.daily(day, silentAt("notice"))
	if out := x.leave(); out.Result != ResultWithdrawn {
		t.Errorf("got %+v", out)
	}
	if slices.Contains(x.stages(), "plan") || len(x.told("acme.1")) > 0 {
		t.Errorf("reached were %v", x.stages())
	}
	if x.restored != nil {
		t.Errorf("an oversight that was never told began again")
	}
}
