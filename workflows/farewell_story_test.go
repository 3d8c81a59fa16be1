package workflows

import (
	"slices"
	"strings"
	"testing"

	"gangway/internal/dossier"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// farewells are whom of the vendor's people the record says were told of the end, and how.
func (s *story) farewells() []string {
	var all []string
	for _, e := range s.rec.of(dossier.SentToVendor) {
		if e.Detail.Person != "" {
			all = append(all, e.Detail.Person+" "+e.Detail.Result)
		}
	}
	return all
}

// wantFarewells holds whom was told of the end: in the record, and by one notice each,
// which names no request and comes after everything else that the person was told.
func (s *story) wantFarewells(want ...string) {
	s.t.Helper()
	if got := s.farewells(); !slices.Equal(got, want) {
		s.t.Errorf("told of the end: %q, want %q", got, want)
	}
	var noticed []string
	for _, n := range s.rec.notices {
		if !strings.HasPrefix(n.Why, playbook.WhyEndedFor) {
			continue
		}
		noticed = append(noticed, n.Person+" "+n.Why)
		if len(n.Requests) > 0 || n.Case != s.in.Case || n.ID != s.in.Process+"/ended/"+n.Person {
			s.t.Errorf("the notice of the end is %+v", n)
		}
	}
	if !slices.Equal(noticed, want) {
		s.t.Errorf("notices of the end: %q, want %q", noticed, want)
	}
}

// Whoever of the vendor was asked anything is told once that it went live, in whichever
// part they were asked, and nobody else is.
func TestVendorIsToldThatItIsLive(t *testing.T) {
	w := newWhole(t, 2)
	w.expect("security").by("acme.1").isSilent() // until a colleague is asked, in the due diligence alone
	w.plays()
	w.wantFarewells("acme.1 "+playbook.WhyLive, "acme.2 "+playbook.WhyLive)
}

// A no-go of the pilot reaches the vendor as a decision without its reasons; that the
// client went no further reaches them as that.
func TestVendorIsToldThatItWasRefusedOrWithdrawn(t *testing.T) {
	t.Run("no-go", func(t *testing.T) {
		w := newWhole(t, 1)
		w.expect("pilot-go").by("sponsor-sue").rejects()
		w.expect("pilot-go").by("finance-fay").rejects()
		w.expect("part-pilot").by("owner-ola").says(playbook.Withdraw)
		w.plays()
		w.wantFarewells("acme.1 " + playbook.WhyDeclined)
	})
	t.Run("contract refused", func(t *testing.T) { // in a part
		w := newWhole(t, 2)
		w.expect("review").by("security-sam").rejects()
		w.expect("settle-review").by("owner-ola").says(playbook.Withdraw)
		w.plays()
		w.wantFarewells("acme.1 " + playbook.WhyDeclined)
	})
	t.Run("withdrawn", func(t *testing.T) {
		w := newWhole(t, 1)
		w.at(17, func() { w.act(w.in.Process, "owner-ola", review.Withdraw) })
		w.plays()
		w.wantFarewells("acme.1 " + playbook.WhyWithdrawn)
	})
	t.Run("ended where the engine runs", func(t *testing.T) {
		w := newWhole(t, 1)
		w.at(17, func() { w.env.CancelWorkflow() })
		w.plays()
		w.wantFarewells("acme.1 " + playbook.WhyWithdrawn)
	})
}

// Who was never asked anything hears nothing: the case ended before the first request to
// the vendor.
func TestVendorWhoWasAskedNothingIsToldNothing(t *testing.T) {
	w := newWhole(t, 1)
	w.expect("need").by("sponsor-sue").rejects()
	w.expect("settle-need").by("owner-ola").says(playbook.Withdraw)
	w.plays()
	w.wantFarewells()
}

// Who was asked for their secrecy alone, and never gave it, hears of the end and of
// nothing else.
func TestVendorWhoNeverSignedIsToldOfTheEnd(t *testing.T) {
	w := newWhole(t, 2)
	w.when("nda", func() { w.act(w.in.Process, "owner-ola", review.Withdraw) })
	w.plays()
	w.wantFarewells("acme.1 " + playbook.WhyWithdrawn)
	w.neverAsked([]string{"checks", "contract", "exit-plan", "live"})
}

// A contact who can't be reached any more is in the record as that.
func TestVendorWhoCannotBeToldOfTheEnd(t *testing.T) {
	w := newWhole(t, 2)
	w.at(17, func() { w.act(w.in.Process, "owner-ola", review.Withdraw) })
	w.rec.lost = []string{"acme.1"}
	w.plays()
	if got := w.farewells(); !slices.Contains(got, "acme.1 unreached") || slices.Contains(got, "acme.2 unreached") {
		t.Errorf("told of the end: %q", got)
	}
}
