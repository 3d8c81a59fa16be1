package workflows

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/exit"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// Three licences and two domains: two requests, not five. Each is handed over by the
// vendor, verified by IT, and taken by its receiver.
func TestHandoverOfLicencesAndDomains(t *testing.T) {
	s := newHandover(t, "more")
	assets := append(assetsOf(exit.AssetLicence, "", "l-1", "l-2", "l-3"), assetsOf(exit.AssetDomain, "legal-lee", "d-1", "d-2")...)
	s.on(1*day, func() {
		s.wantAsked("hand-domain", "hand-licence")
		if r := s.open("hand-licence"); len(r.Points) != 3 || !r.Sheet || r.Points[2].ID != "l-3" {
			t.Errorf("asked is %+v", r.Points)
		}
		s.provides("acme.1", "hand-licence")
		s.provides("acme.1", "hand-domain")
	})
	s.on(2*day, func() {
		s.wantAsked("verify-licence", "verify-domain")
		s.refused(s.provides("acme.1", "verify-licence"), review.VendorPerson)
		s.provides("it-ida", "verify-licence")
		s.provides("it-ida", "verify-domain")
	})
	s.on(3*day, func() {
		s.wantAsked("take-licence", "take-domain")
		if r := s.open("take-domain"); r.Seatings[0].Holders[0].Person != "legal-lee" || r.Versions[0].Document != deliveredIn(&[]review.Request{s.open("verify-domain")}[0]) {
			t.Errorf("the receiver's request is %+v", r)
		}
		s.refused(s.answer("owner-ola", "take-domain", review.Approve), review.NoSeat)
		s.answer("legal-lee", "take-domain", review.Approve)
		s.answer("owner-ola", "take-licence", review.Approve)
	})
	out := s.playHandover(assets)
	s.wantStates(out, ResultDone, "d-1 done", "d-2 done", "l-1 done", "l-2 done", "l-3 done")
	want := exit.Matter{ID: firstHandover + ":l-2", Part: exit.PartHandover, Name: "l-2", State: exit.StateDone, By: "it-ida",
		Document: s.open("verify-licence").Ballots[0].Documents[0], Answer: s.open("take-licence").Ballots[0].Answer}
	if d := cmp.Diff(want, matterOf(out, "l-2")); d != "" {
		t.Error(d)
	}
	if n := len(s.rec.of(dossier.MatterSettled)); n != 5 {
		t.Errorf("%d matters are in the record", n)
	}
	s.wantTold("acme.1", "0 asked hand-domain hand-licence")
}

// Of a list some is there and some is not: what is there goes on, and the rest is asked
// for again with the owner's words, or waived by name with an end.
func TestHandoverOfSomeOfAList(t *testing.T) {
	s := newHandover(t, "more")
	words := ""
	s.on(1*day, func() { s.provides("acme.1", "hand-account", saysNo("a-2", "a-3")) })
	s.on(2*day, func() {
		s.wantAsked("verify-account", "settle-account")
		if r := s.open("settle-account"); !slices.Equal(r.Options, []review.Verdict{playbook.AskVendor, playbook.AskAgain, byHand, playbook.Waive}) {
			t.Errorf("the owner may %v", r.Options)
		}
		s.refused(s.answer("owner-ola", "settle-account", playbook.Waive, silently), review.NeedsReason)
		s.provides("it-ida", "verify-account")
		words = s.answer("owner-ola", "settle-account", playbook.AskVendor, telling)
	})
	s.on(3*day, func() {
		s.wantAsked("take-account", "hand-account")
		if r := s.open("hand-account"); len(r.Points) != 2 || r.VendorText != words {
			t.Errorf("asked again is %+v", r)
		}
		s.answer("owner-ola", "take-account", review.Approve)
		s.provides("acme.1", "hand-account", saysNo("a-3"))
	})
	s.on(4*day, func() {
		s.provides("it-ida", "verify-account")
		s.answer("owner-ola", "settle-account", playbook.Waive, telling)
	})
	s.on(5*day, func() {
		s.wantAsked("take-account", "waiver-account")
		s.provides("owner-ola", "waiver-account", validTo(monday.Add(day)))
	})
	s.on(6*day, func() {
		s.wantAsked("take-account", "waiver-account") // a waiver that has run out is none
		s.provides("owner-ola", "waiver-account", validTo(monday.AddDate(0, 3, 0)))
		s.answer("owner-ola", "take-account", review.Approve)
	})
	out := s.playHandover(assetsOf(exit.AssetAccount, "", "a-1", "a-2", "a-3"))
	s.wantStates(out, ResultDone, "a-1 done", "a-2 done", "a-3 waived not-handed")
	if m := matterOf(out, "a-3"); m.By != "owner-ola" || !m.Until.Equal(monday.AddDate(0, 3, 0)) {
		t.Errorf("the waiver is %+v", m)
	}
	if e := out.Expiries; len(e) != 1 || e[0].Kind != engagement.ExpiryWaiver || e[0].Person != "owner-ola" || !e[0].On.Equal(monday.AddDate(0, 3, 0)) {
		t.Errorf("watched from now on is %+v", e)
	}
}

// What does not work is never done by a word: it is handed over again, and looked at again.
func TestHandoverOfWhatDoesNotWork(t *testing.T) {
	s := newHandover(t, "more")
	s.on(1*day, func() { s.provides("acme.1", "hand-device") })
	s.on(2*day, func() { s.provides("it-ida", "verify-device", saysNo("dev-1")) })
	s.on(3*day, func() {
		r := s.open("settle-device")
		s.refused(s.answer("owner-ola", "settle-device", byHand), review.WrongVerdict)
		if slices.Contains(r.Options, byHand) || slices.Contains(r.Options, playbook.TakeAnyway) {
			t.Errorf("what does not work may be %v", r.Options)
		}
		s.answer("owner-ola", "settle-device", playbook.AskVendor, telling)
	})
	s.on(4*day, func() { s.provides("acme.1", "hand-device") })
	s.on(5*day, func() { s.provides("it-ida", "verify-device") })
	s.on(6*day, func() { s.answer("owner-ola", "take-device", review.Reject) })
	s.on(7*day, func() { s.answer("owner-ola", "settle-device", playbook.AskAgain) })
	s.on(8*day, func() { s.wantAsked("verify-device"); s.provides("it-ida", "verify-device") })
	s.on(9*day, func() { s.answer("owner-ola", "take-device", review.Approve) })
	out := s.playHandover(assetsOf(exit.AssetDevice, "", "dev-1"))
	s.wantStates(out, ResultDone, "dev-1 done")
	if m := matterOf(out, "dev-1"); m.Document != s.open("verify-device").Ballots[0].Documents[0] {
		t.Errorf("the evidence is not the newest: %+v", m)
	}
}

// The vendor never answers: the owner says that we have it already, which is verified all
// the same, by somebody else, and the matter says how it came.
func TestHandoverWithAVendorThatNeverAnswers(t *testing.T) {
	s := newHandover(t, "more")
	s.on(9*day, func() { s.wantAsked("hand-document") })
	s.on(13*day, func() {
		s.wantAsked("hand-document", "settle-document")
		s.answer("owner-ola", "settle-document", byHand)
	})
	s.on(14*day, func() {
		s.wantAsked("verify-document")
		s.wantClosed("hand-document", review.Open, "superseded")
		s.provides("it-ida", "verify-document")
	})
	s.on(15*day, func() { s.answer("owner-ola", "take-document", review.Approve) })
	out := s.playHandover(assetsOf(exit.AssetDocument, "", "doc-1"))
	s.wantStates(out, ResultDone, "doc-1 done by-hand")
	s.wantTold("acme.1", "0 asked hand-document", "3 reminder hand-document")
}

// People who move with the service have a list of their own, which nobody of the vendor
// sees; secrets are made anew by whoever receives them, and the vendor hands none over.
func TestHandoverOfStaffAndSecrets(t *testing.T) {
	s := newHandover(t, "more")
	assets := append(assetsOf(exit.AssetStaff, "hr-hal", "person-1", "person-2"), assetsOf(exit.AssetSecret, "legal-lee", "s-1")...)
	s.on(1*day, func() {
		s.wantAsked("hand-over-ci-secret", "move-staff")
		s.refused(s.provides("acme.1", "hand-over-ci-secret"), review.VendorPerson)
		s.provides("legal-lee", "hand-over-ci-secret")
		who := s.open("move-staff").Seatings[0].Holders[0].Person
		s.provides(who, "move-staff")
	})
	s.on(2*day, func() {
		s.wantAsked("verify-ci-secret", "moved-staff")
		s.refused(s.provides("legal-lee", "verify-ci-secret"), review.OwnWork)
		s.provides("it-ida", "verify-ci-secret")
		s.provides("hr-han", "moved-staff")
	})
	s.on(3*day, func() {
		s.answer("legal-lee", "take-ci-secret", review.Approve)
		s.answer("hr-hal", "take-staff", review.Approve)
	})
	out := s.playHandover(assets)
	s.wantStates(out, ResultDone, "s-1 done", "person-1 done", "person-2 done")
	s.wantTold("acme.1")
}

// Something forgotten is found while the hand-over runs, and IT knows of two licences that
// no plan names: all of it is asked for on lists of its own.
func TestHandoverOfWhatWasForgotten(t *testing.T) {
	s := newHandover(t)
	s.on(1*day, func() {
		s.wantAsked("more", "hand-licence")
		s.provides("acme.1", "hand-licence")
		s.provides("it-ida", "more", func(a *review.Answer) {
			two := int64(2)
			a.Findings = []engagement.Finding{{Point: "licence", Number: &two}, {Point: "words", Said: true}}
		})
	})
	s.on(2*day, func() {
		s.wantAsked("verify-licence", "hand-licence-2")
		if r := s.open("hand-licence-2"); len(r.Points) != 2 || r.Points[0].ID != "more-licence-1" {
			t.Errorf("asked is %+v", r.Points)
		}
		s.provides("it-ida", "verify-licence")
	})
	s.on(3*day, func() {
		s.answer("owner-ola", "take-licence", review.Approve)
		news := PartNews{Word: NewsFound, Document: "sha256:found", Assets: append(assetsOf(exit.AssetDomain, "", "d-9"), assetsOf(exit.AssetLicence, "", "l-1")...)}
		if err := s.env.SignalWorkflowByID(s.root, SignalPart, news); err != nil {
			t.Error(err)
		}
	})
	s.on(4*day, func() {
		s.wantAsked("hand-licence-2", "hand-domain") // l-1 is taken already
		s.provides("acme.1", "hand-licence-2")
		s.provides("acme.1", "hand-domain")
	})
	s.on(5*day, func() { s.provides("it-ida", "verify-licence-2"); s.provides("it-ida", "verify-domain") })
	s.on(6*day, func() { s.approvesAll() })
	out := s.playHandover(assetsOf(exit.AssetLicence, "", "l-1"))
	s.wantStates(out, ResultDone, "l-1 done", "more-licence-1 done", "more-licence-2 done", "d-9 done")
}

// It is ended as it stands, or withdrawn: what was not taken is called open, failed or not
// asked, never done. On hold nobody is asked.
func TestHandoverEndedAsItStands(t *testing.T) {
	for _, kind := range []review.ActKind{review.Stop, review.Withdraw} {
		t.Run(string(kind), func(t *testing.T) {
			s := newHandover(t, "more")
			s.on(1*day, func() { s.act(s.root, "owner-ola", review.Hold) })
			s.on(1*day+time.Hour, func() { s.provides("acme.1", "hand-account", saysNo("a-2")) })
			s.on(2*day, func() { s.wantNobodyAsked("verify-account"); s.act(s.root, "owner-ola", review.Resume) })
			s.on(3*day, func() {
				s.wantAsked("hand-licence", "verify-account", "settle-account")
				s.act(s.root, "owner-ola", kind)
			})
			out := s.playHandover(append(assetsOf(exit.AssetAccount, "", "a-1", "a-2"), assetsOf(exit.AssetLicence, "", "l-1")...))
			result := map[review.ActKind]string{review.Stop: ResultIncomplete, review.Withdraw: ResultWithdrawn}[kind]
			s.wantStates(out, result, "l-1 open asked", "a-1 open looked", "a-2 failed not-handed")
			if out.By != "owner-ola" {
				t.Errorf("ended by %q", out.By)
			}
		})
	}
}
