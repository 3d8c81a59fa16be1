package workflows

import (
	"slices"
	"strings"
	"testing"

	"gangway/internal/dossier"
	"gangway/internal/exit"
	"gangway/internal/inventory"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// goodbyes are who was told how the exit ended, and how.
func (l *wholeExit) goodbyes() []string {
	var all []string
	for _, n := range l.rec.notices {
		if strings.HasPrefix(n.Why, playbook.WhyEndedFor) {
			all = append(all, n.Person+" "+n.Why)
		}
	}
	if got := l.farewells(); !slices.Equal(got, all) {
		l.t.Errorf("told were %q, and the record says %q", all, got)
	}
	return all
}

// toInHouse is a planned exit.
func toInHouse() exit.Order {
	return exit.Order{Mode: exit.ModePlanned, After: exit.AfterInHouse, By: monday.AddDate(0, 0, 150), Trigger: exit.TriggerCost}
}

// Whoever of the vendor was asked something by any part is told once that it is over,
// behind everything else, and nobody else is.
func TestVendorIsToldThatItIsOff(t *testing.T) {
	l := newWholeExit(t, toInHouse())
	l.leaves()
	if got := l.goodbyes(); !slices.Equal(got, []string{"acme.1 " + playbook.WhyOff}) {
		t.Errorf("told of the end: %q", got)
	}
	if told := l.told("acme.1"); !strings.HasSuffix(told[len(told)-1], playbook.WhyOff) {
		t.Errorf("after the farewell comes %q", told)
	}
}

// An exit that was said outside and is called off is called off outside too.
func TestVendorIsToldThatItStays(t *testing.T) {
	l := newWholeExit(t, toInHouse())
	l.when("transfer-received-area-1", func() { l.act(exitID, "owner-ola", review.Withdraw) })
	if out := l.leaves(); out.Result != ResultWithdrawn {
		t.Fatalf("got %+v", out)
	}
	if got := l.goodbyes(); !slices.Equal(got, []string{"acme.1 " + playbook.WhyStays}) {
		t.Errorf("told of the end: %q", got)
	}
}

// Nobody at the vendor was asked anything when the exit is called off after notice: those
// whom a part would ask are told all the same.
func TestVendorWhoWasAskedNothingIsToldThatItStays(t *testing.T) {
	l := newWholeExit(t, toInHouse())
	l.when("exit-carry-out", func() { l.act(exitID, "owner-ola", review.Withdraw) })
	if out := l.leaves(); out.Result != ResultWithdrawn {
		t.Fatalf("got %+v", out)
	}
	if got := l.goodbyes(); !slices.Equal(got, []string{"acme.1 " + playbook.WhyStays}) {
		t.Errorf("told of the end: %q", got)
	}
}

// After the cut for cause the exit may still be called off, as long as there is a way
// back; but nothing comes back by that, and the vendor is told so where they had notice.
func TestVendorStaysCutOff(t *testing.T) {
	for name, step := range map[string]string{"before notice": "exit-ratify", "after notice": "assets-else"} {
		t.Run(name, func(t *testing.T) {
			l := newWholeExit(t, exit.Order{Mode: exit.ModeForCause, After: exit.AfterInHouse, By: monday.AddDate(0, 0, 60), Trigger: exit.TriggerIncident},
				ofAcme(inventory.PlaceCollaborators, "member"))
			l.exit.Roster = l.text("roster", asText(inventory.Roster{Vendor: "acme", Identities: []inventory.Identity{{Login: "acme-people"}}}))
			l.when(step, func() { l.act(exitID, "owner-ola", review.Withdraw) })
			if out := l.leaves(); out.Result != ResultWithdrawn {
				t.Fatalf("got %+v", out)
			}
			if len(l.estate.cuts) != 1 || len(l.estate.has) != 0 {
				t.Errorf("cut were %q, and there is %v", l.estate.cuts, l.estate.has)
			}
			said := l.rec.of(dossier.Withdrawn)
			if !slices.ContainsFunc(said, func(e dossier.Entry) bool { return e.Process == exitID && e.Detail.Result == staysCutOff }) {
				t.Errorf("the record says %+v", said)
			}
			want := []string{"acme.1 " + playbook.WhyCutOff}
			if name == "before notice" {
				want = nil
			}
			if got := l.goodbyes(); !slices.Equal(got, want) {
				t.Errorf("told of the end: %q", got)
			}
		})
	}
}

// An exit that is called off before notice was a secret, and stays one; so does a drill.
func TestAnExitThatWasSecretStaysSo(t *testing.T) {
	for name, step := range map[string]string{"being decided": "exit-decide", "before notice": "exit-notice"} {
		t.Run(name, func(t *testing.T) {
			l := newWholeExit(t, toInHouse())
			l.when(step, func() { l.act(exitID, "owner-ola", review.Withdraw) })
			if out := l.leaves(); out.Result != ResultWithdrawn {
				t.Fatalf("got %+v", out)
			}
			if got := l.goodbyes(); got != nil {
				t.Errorf("told of the end: %q", got)
			}
			if told := l.told("acme.1"); told != nil {
				t.Errorf("the vendor was told %q", told)
			}
		})
	}
}
