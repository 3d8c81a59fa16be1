package workflows

import (
	"slices"
	"strings"
	"testing"

	"gangway/internal/exit"
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
