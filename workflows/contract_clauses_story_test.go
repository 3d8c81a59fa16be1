package workflows

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// packStep is a pack of three clauses that privacy-pam looks for. The owner may do
// without one.
func packStep(t *testing.T, points ...engagement.Point) playbook.Step {
	s := reviewStepOf(t, seat("privacy"))
	s.ID, s.Title, s.Kind, s.Does = "pack", "Clauses", review.Checklist, playbook.DoesClauses
	s.Policy.Waivable = true
	s.Points = points
	if points == nil {
		s.Points = []engagement.Point{
			{ID: "secrecy", Title: "Confidentiality", Ask: "Where?", Cues: []string{"told others"}},
			{ID: "payment", Title: "Payment", Ask: "Where?", Cues: []string{"within days"}},
			{ID: "liability", Title: "Liability", Ask: "Where?", Cues: []string{"liab"}},
		}
	}
	return s
}

// newContract prepares a complete review of acme's contract: legal-lee reads it,
// privacy-pam looks for clauses, and acme.1 is the vendor's.
func newContract(t *testing.T, steps ...playbook.Step) *story {
	t.Helper()
	s := newStory(t, []string{"legal-lee", "finance-fay", "privacy-pam"}, []string{"contract"}, steps...)
	s.know("acme.1", func(p *playbook.Person) { p.Roles, p.Employer = nil, "acme" })
	s.rec.readings = map[string]engagement.Reading{}
	s.root = "contract/acme/1"
	return s
}

// playCounter runs the story as a contract review in which the vendor may file its
// next version itself.
func (s *story) playCounter(first string) ContractResult {
	s.t.Helper()
	in := ContractInput{Common: s.in.Common, First: first, FiledBy: s.in.Requester, Counter: true}
	in.Process, in.Case = s.root, s.root
	var out ContractResult
	s.run(ContractType, in.Process, in, &out)
	s.checkSigned(out)
	return out
}

// finds answers a checklist: "secrecy 2" is a place, "liability" alone is missing.
func finds(lines ...string) func(*review.Answer) {
	return func(a *review.Answer) {
		for _, l := range lines {
			f := engagement.Finding{Point: l, Missing: true}
			for i := range l {
				if l[i] == ' ' {
					f = engagement.Finding{Point: l[:i], Places: []string{l[i+1:]}}
				}
			}
			a.Findings = append(a.Findings, f)
		}
	}
}

// waives does without a clause, as a line of what the owner is asked.
func waives(point string, on time.Time) func(*review.Answer) {
	return func(a *review.Answer) {
		a.Findings = append(a.Findings, engagement.Finding{Point: point, On: on})
		a.Written.Inside = "digest"
	}
}

// because gives the answer a reason.
func because(a *review.Answer) { a.Written.Inside = "digest" }

// clauses lists "version result points" of what the record says of packs.
func (s *story) clauses() []string {
	var all []string
	for _, e := range s.rec.of(dossier.ClausesFound) {
		if e.Case == s.root {
			all = append(all, clauseText(e))
		}
	}
	return all
}

func clauseText(e dossier.Entry) string {
	text := string(rune('0'+e.Detail.Version)) + " " + e.Detail.Result
	for _, p := range e.Detail.Points {
		text += " " + p
	}
	return text
}

func pointIDs(points []engagement.Point) []string {
	var all []string
	for _, p := range points {
		all = append(all, p.ID)
	}
	return all
}

// Somebody finds two clauses and not the third; the owner does without it until a
// date, by name and with a reason, and the contract is signed off.
func TestAClauseThatIsMissingIsWaivedUntilADate(t *testing.T) {
	s := newContract(t, reviewStepOf(t, seat("legal")), packStep(t))
	next := monday.AddDate(1, 0, 0)
	s.on(time.Hour, func() {
		points := s.open("pack").Points
		if d := cmp.Diff([]string{"secrecy", "payment", "liability"}, pointIDs(points)); d != "" {
			s.t.Errorf("asked for (- want, + got):\n%s", d)
		}
		if d := cmp.Diff([][]string{{"2"}, {"3"}, nil}, [][]string{points[0].Proposed, points[1].Proposed, points[2].Proposed}); d != "" || points[0].Cues != nil {
			s.t.Errorf("proposed (- want, + got):\n%s and the cues %v", d, points[0].Cues)
		}
		s.refused(s.answer("privacy-pam", "pack", review.Checked, finds("secrecy 2", "payment 3")), review.NeedsFindings)
		s.answer("privacy-pam", "pack", review.Checked, finds("secrecy 2", "payment 3", "liability"))
	})
	s.on(2*time.Hour, func() { s.answer("legal-lee", "review", review.Approve) })
	s.on(3*time.Hour, func() {
		if r := s.open(playbook.ChoreClauses); len(r.Points) != 1 || r.Points[0].ID != "pack-liability" || r.Current() != 1 {
			s.t.Errorf("the owner is asked %+v of version %d", r.Points, r.Current())
		}
		s.refused(s.answer("owner-ola", playbook.ChoreClauses, review.Checked, waives("pack-liability", next), func(a *review.Answer) { a.Written = review.Written{} }), review.NeedsReason)
		// A date that has passed waives nothing, and is no wish either.
		s.answer("owner-ola", playbook.ChoreClauses, review.Checked, waives("pack-liability", monday.AddDate(0, 0, -1)))
	})
	s.on(4*time.Hour, func() {
		if n := len(s.rec.of(dossier.ClauseWaived)); n != 0 {
			s.t.Errorf("%d clauses are waived", n)
		}
		s.answer("owner-ola", playbook.ChoreClauses, review.Checked, waives("pack-liability", next))
	})
	out := s.playCounter(s.text("v1", contractText("", "")))
	want := []engagement.Expiry{{ID: "contract/acme/1:pack/liability", Kind: engagement.ExpiryWaiver, Name: "liability", On: next, Person: "owner-ola", Process: "contract/acme/1"}}
	if d := cmp.Diff(want, out.Expiries); d != "" || out.Result != ResultSigned || out.Version != 1 {
		t.Errorf("signed %+v; what is watched (- want, + got):\n%s", out, d)
	}
	if d := cmp.Diff([]string{"1 found secrecy payment", "1 missing liability"}, s.clauses()); d != "" {
		t.Errorf("the record (- want, + got):\n%s", d)
	}
	w := s.rec.of(dossier.ClauseWaived)
	if len(w) != 1 || w[0].Actor != "owner-ola" || w[0].Detail.Step != "pack" || !slices.Equal(w[0].Detail.Points, []string{"liability"}) || !w[0].Detail.Ends.Equal(next) || w[0].Detail.Written.Empty() {
		t.Errorf("waived: %+v", w)
	}
}

// The vendor is asked for what is missing and files its next version itself; only
// what was missing and what has other words is looked for again, wherever it stands
// now.
func TestTheVendorsNextVersionBringsTheClause(t *testing.T) {
	s := newContract(t, reviewStepOf(t, seat("legal")), packStep(t))
	s.on(time.Hour, func() { s.answer("privacy-pam", "pack", review.Checked, finds("secrecy 2", "payment 3", "liability")) })
	s.on(2*time.Hour, func() {
		s.answer("owner-ola", playbook.ChoreClauses, review.Checked, finds("pack-liability"), because)
		s.answer("legal-lee", "review", review.Approve)
	})
	s.on(3*time.Hour, func() {
		s.wantClosed(playbook.ChoreClauses, review.Met, "decided")
		s.answer("owner-ola", playbook.ChoreSend, playbook.Sent, telling)
	})
	s.on(4*time.Hour, func() {
		r := s.open(playbook.ChoreNext)
		if len(r.Points) != 1 || r.Points[0].ID != "pack-liability" || r.VendorText == "" {
			s.t.Errorf("the vendor is asked for %+v with the words of %q", r.Points, r.VendorText)
		}
		s.refused(s.answer("legal-lee", playbook.ChoreNext, review.Delivered, deliver("sha256:other")), review.NoSeat)
		// A clause is put in before all others, which get other numbers and keep their words.
		s.answer("acme.1", playbook.ChoreNext, review.Delivered, deliver(s.text("v2", "# Agreement\n\n1. **Liability.** The vendor is liable.\n2. **Services.** The vendor runs the payroll.\n"+
			"3. **Confidentiality.** Nothing is told to others.\n4. **Payment.** Within 30 days.\n")))
	})
	s.on(5*time.Hour, func() {
		r := s.open("pack")
		if len(r.Points) != 1 || r.Points[0].ID != "liability" || !slices.Equal(r.Points[0].Proposed, []string{"1"}) || r.Current() != 2 {
			s.t.Errorf("version %d is searched for %+v", r.Current(), r.Points)
		}
		s.answer("legal-lee", "review", review.Approve)
	})
	s.on(6*time.Hour, func() { s.answer("privacy-pam", "pack", review.Checked, finds("liability 1")) })
	out := s.playCounter(s.text("v1", contractText("", "")))
	if out.Result != ResultSigned || out.Document != "sha256:v2" || len(out.Expiries) != 0 {
		t.Errorf("got %+v", out)
	}
	want := []string{"1 found secrecy payment", "1 missing liability", "1 wanted liability", "2 carried secrecy payment", "2 found liability"}
	if d := cmp.Diff(want, s.clauses()); d != "" {
		t.Errorf("the record (- want, + got):\n%s", d)
	}
	filed := s.rec.of(dossier.DocumentFiled)
	if last := filed[len(filed)-1]; last.Actor != "acme.1" || last.Detail.ForVendor {
		t.Errorf("version 2 was filed by %s (for the vendor: %v)", last.Actor, last.Detail.ForVendor)
	}
	if sent := s.rec.of(dossier.SentToVendor); len(sent) != 1 || !slices.Equal(sent[0].Detail.Points, []string{"pack-liability"}) {
		t.Errorf("sent: %+v", sent)
	}
	s.wantTold("acme.1", "0 asked next")
}

// A later version: carried places are followed to where they stand, and a change there
// has them looked at again.
func TestCarriedPlacesAreFollowed(t *testing.T) {
	s := newContract(t, reviewStepOf(t, seat("legal")), packStep(t))
	text := func(first, secrecy string) string {
		return "# Agreement\n\n" + first + "1. **Services.** The vendor runs the payroll.\n1. **Confidentiality.** Nothing is told to others" + secrecy + ".\n1. **Liability.** Liable.\n1. **Payment.** Within 30 days.\n"
	}
	s.on(1*time.Hour, func() {
		s.answer("privacy-pam", "pack", review.Checked, finds("secrecy 2", "payment 4", "liability 3"))
	})
	s.on(2*time.Hour, func() {
		s.act(s.root, "owner-ola", review.Submit, submit(s.text("v2", text("1. **Parties.** Two.\n", ""))))
	})
	s.on(3*time.Hour, func() { s.wantNobodyAsked("pack") })
	s.on(4*time.Hour, func() {
		s.act(s.root, "owner-ola", review.Submit, submit(s.text("v3", text("1. **Parties.** Two.\n", ", ever"))))
	})
	s.on(5*time.Hour, func() {
		if r := s.open("pack"); r.Current() != 3 || !slices.Equal(pointIDs(r.Points), []string{"secrecy"}) {
			s.t.Errorf("version %d is searched for %v", r.Current(), pointIDs(r.Points))
		}
		s.answer("legal-lee", "review", review.Approve)
	})
	s.on(6*time.Hour, func() { s.answer("privacy-pam", "pack", review.Checked, finds("secrecy 3")) })
	s.playCounter(s.text("v1", text("", "")))
	want := []string{"1 found secrecy payment liability", "2 carried secrecy payment liability", "3 carried payment liability", "3 touched secrecy", "3 found secrecy"}
	if d := cmp.Diff(want, s.clauses()); d != "" {
		t.Errorf("the record (- want, + got):\n%s", d)
	}
}

// What a new version finds still asked is asked of the new one, and what the owner was
// asked about the old one is not asked any more.
func TestANewVersionTakesThePlaceOfWhatIsAsked(t *testing.T) {
	s := newContract(t, reviewStepOf(t, seat("legal")), packStep(t))
	s.on(1*time.Hour, func() { s.answer("privacy-pam", "pack", review.Checked, finds("secrecy 2", "payment", "liability")) })
	s.on(2*time.Hour, func() {
		s.act(s.root, "owner-ola", review.Submit, submit(s.text("v2", contractText("", " net"))))
	})
	s.on(3*time.Hour, func() {
		s.wantClosed(playbook.ChoreClauses, review.Open, "superseded")
		s.act(s.root, "owner-ola", review.Submit, submit(s.text("v3", contractText("", " gross"))))
	})
	s.on(4*time.Hour, func() {
		if r := s.open("pack"); r.Current() != 3 || !slices.Equal(pointIDs(r.Points), []string{"payment", "liability"}) {
			s.t.Errorf("version %d is searched for %v", r.Current(), pointIDs(r.Points))
		}
		s.answer("privacy-pam", "pack", review.Checked, finds("payment 3", "liability"))
		s.answer("legal-lee", "review", review.Approve)
	})
	s.on(5*time.Hour, func() {
		s.answer("owner-ola", playbook.ChoreClauses, review.Checked, waives("pack-liability", monday.AddDate(0, 6, 0)))
	})
	if out := s.playCounter(s.text("v1", contractText("", ""))); out.Version != 3 {
		t.Errorf("got %+v", out)
	}
}

// Where the playbook lets nobody do without, a missing clause is wanted of the vendor
// at once.
func TestWhatMayNotBeWaivedIsWantedOfTheVendor(t *testing.T) {
	step := packStep(t)
	step.Policy.Waivable = false
	s := newContract(t, reviewStepOf(t, seat("legal")), step)
	s.on(1*time.Hour, func() {
		s.answer("privacy-pam", "pack", review.Checked, finds("secrecy 2", "payment 3", "liability"))
		s.answer("legal-lee", "review", review.Approve)
	})
	s.on(2*time.Hour, func() {
		s.wantNobodyAsked(playbook.ChoreClauses)
		s.answer("owner-ola", playbook.ChoreSend, playbook.Sent)
	})
	s.on(3*time.Hour, func() {
		s.answer("owner-ola", playbook.ChoreNext, review.Delivered, deliver(s.text("v2", contractText("", "")+"4. **Liability.** Liable.\n")))
	})
	s.on(4*time.Hour, func() {
		s.answer("legal-lee", "review", review.Approve)
		s.answer("privacy-pam", "pack", review.Checked, finds("liability 4"))
	})
	if out := s.playCounter(s.text("v1", contractText("", ""))); out.Version != 2 || out.Result != ResultSigned {
		t.Errorf("got %+v", out)
	}
}

// Where a pack says of its clauses which may be waived, the owner is asked about those,
// and the vendor for the others at once, whatever the step says of all.
func TestOnlyWhatTheClauseAllowsIsWaived(t *testing.T) {
	step := packStep(t)
	step.Points[1].Waivable = true // payment
	s := newContract(t, reviewStepOf(t, seat("legal")), step)
	s.on(1*time.Hour, func() {
		s.answer("privacy-pam", "pack", review.Checked, finds("secrecy 2", "payment", "liability"))
		s.answer("legal-lee", "review", review.Approve)
	})
	s.on(2*time.Hour, func() {
		if r := s.open(playbook.ChoreClauses); len(r.Points) != 1 || r.Points[0].ID != "pack-payment" {
			t.Errorf("the owner is asked about %+v", r.Points)
		}
		s.answer("owner-ola", playbook.ChoreClauses, review.Checked, waives("pack-payment", monday.AddDate(0, 6, 0)))
	})
	s.on(3*time.Hour, func() {
		if r := s.open(playbook.ChoreSend); r.Closed != nil {
			t.Errorf("nothing is sent to the vendor: %+v", r)
		}
		s.answer("owner-ola", playbook.ChoreSend, playbook.Sent)
	})
	s.on(4*time.Hour, func() {
		s.answer("owner-ola", playbook.ChoreNext, review.Delivered, deliver(s.text("v2", contractText("", "")+"4. **Liability.** Liable.\n")))
	})
	s.on(5*time.Hour, func() {
		s.answer("legal-lee", "review", review.Approve)
		s.answer("privacy-pam", "pack", review.Checked, finds("liability 4"))
	})
	if out := s.playCounter(s.text("v1", contractText("", ""))); out.Version != 2 || out.Result != ResultSigned {
		t.Errorf("got %+v", out)
	}
}

// A refused review that the owner waives leaves no clause behind: what is missing needs
// a waiver of its own.
func TestAWaivedReviewStillNeedsItsClauses(t *testing.T) {
	step := reviewStepOf(t, seat("legal"))
	step.Policy.Waivable = true
	s := newContract(t, step, packStep(t))
	s.on(1*time.Hour, func() { s.answer("legal-lee", "review", review.Reject) })
	s.on(2*time.Hour, func() { s.answer("owner-ola", "settle-review", playbook.Waive) })
	s.on(3*time.Hour, func() {
		s.refused(s.act(s.root, "owner-ola", review.Submit, submit(s.text("late", contractText("x", "")))), review.WrongAct)
		s.answer("privacy-pam", "pack", review.Checked, finds("secrecy 2", "payment 3", "liability"))
	})
	s.on(4*time.Hour, func() {
		s.answer("owner-ola", playbook.ChoreClauses, review.Checked, finds("pack-liability"), because) // nobody is left to ask
	})
	s.on(5*time.Hour, func() {
		s.answer("owner-ola", playbook.ChoreClauses, review.Checked, waives("pack-liability", monday.AddDate(0, 6, 0)))
	})
	if out := s.playCounter(s.text("v1", contractText("", ""))); out.Result != ResultWaived || len(out.Expiries) != 1 {
		t.Errorf("got %+v", out)
	}
}

// A waiver that runs out while the review goes on has to be given anew.
func TestAWaiverRunsOutBeforeTheSignature(t *testing.T) {
	s := newContract(t, reviewStepOf(t, seat("legal")), packStep(t))
	s.on(1*time.Hour, func() { s.answer("privacy-pam", "pack", review.Checked, finds("secrecy 2", "payment 3", "liability")) })
	s.on(2*time.Hour, func() {
		s.answer("owner-ola", playbook.ChoreClauses, review.Checked, waives("pack-liability", monday.AddDate(0, 0, 2)))
	})
	s.on(3*day, func() { s.answer("legal-lee", "review", review.Approve) })
	s.on(4*day, func() {
		s.answer("owner-ola", playbook.ChoreClauses, review.Checked, waives("pack-liability", monday.AddDate(0, 6, 0)))
	})
	if out := s.playCounter(s.text("v1", contractText("", ""))); out.Result != ResultSigned || len(out.Expiries) != 1 || !out.Expiries[0].On.Equal(monday.AddDate(0, 6, 0)) {
		t.Errorf("got %+v", out)
	}
}

// Whoever has something to send waits for those who still look, until they are
// overdue; a signature waits for them for ever.
func TestTheListWaitsForThoseWhoStillLook(t *testing.T) {
	s := newContract(t, reviewStepOf(t, seat("legal")), packStep(t))
	s.on(1*time.Hour, func() { s.answer("legal-lee", "review", review.Changes) })
	s.on(4*day, func() { s.wantNobodyAsked(playbook.ChoreSend) })
	s.on(7*day+time.Hour, func() { s.answer("owner-ola", playbook.ChoreSend, playbook.Sent) })
	s.on(8*day, func() {
		s.answer("acme.1", playbook.ChoreNext, review.Delivered, deliver(s.text("v2", contractText(", ever", "")+"4. **Liability.** Liable.\n")))
	})
	s.on(8*day+time.Hour, func() { s.answer("legal-lee", "review", review.Approve) })
	s.on(30*day, func() {
		s.answer("privacy-pam", "pack", review.Checked, finds("secrecy 2", "payment 3", "liability 4"))
	})
	if out := s.playCounter(s.text("v1", contractText("", ""))); out.Version != 2 || out.Result != ResultSigned {
		t.Errorf("got %+v", out)
	}
}

// checkSigned holds a signed contract to what people answered: of every pack each
// point was found by somebody in this text, or in an earlier one whose place was
// carried to it, or was waived by a person until a later day.
func (s *story) checkSigned(out ContractResult) {
	s.t.Helper()
	if out.Result != ResultSigned && out.Result != ResultWaived {
		return
	}
	v := s.view()
	for _, step := range s.in.Steps {
		if step.Does != playbook.DoesClauses {
			continue
		}
		for _, p := range step.Points {
			if !s.pointStands(v, step, p, out.Version) {
				s.t.Errorf("version %d is %s, and nobody found or waived %s", out.Version, out.Result, p.ID)
			}
		}
	}
}

func (s *story) pointStands(v dossier.CaseView, step playbook.Step, p engagement.Point, version int) bool {
	for _, e := range s.rec.of(dossier.ClauseWaived) {
		if e.Actor != "" && slices.Contains(e.Detail.Points, p.ID) && e.Detail.Step == step.ID && e.Detail.Ends.After(v.Closed) && !e.Detail.Written.Empty() {
			return true
		}
	}
	newest := 0 // version in which somebody said where it is
	for _, r := range v.Requests {
		if r.Step != step.ID || r.Closed == nil || r.Closed.Why != "decided" || r.Closed.State != review.Met {
			continue
		}
		for _, b := range standing(&r) {
			if b.Person != "" && len(engagement.Lacking([]engagement.Point{p}, b.Findings)) == 0 {
				newest = max(newest, r.Current())
			}
		}
	}
	for at := newest + 1; newest > 0 && at <= version; at++ {
		carried := slices.ContainsFunc(s.rec.of(dossier.ClausesFound), func(e dossier.Entry) bool {
			return e.Detail.Step == step.ID && e.Detail.Version == at && e.Detail.Result == clausesCarried && slices.Contains(e.Detail.Points, p.ID)
		})
		if !carried {
			return false
		}
	}
	return newest > 0
}
