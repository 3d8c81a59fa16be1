package workflows

import (
	"crypto/sha256"
	"fmt"
	"slices"
	"testing"
	"time"

	"gangway/internal/calendar"
	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// itemOf is an item that the seat's people deliver, and that the others accept, if
// any.
func itemOf(t *testing.T, id string, by review.Seat, points []engagement.Point, accept ...review.Seat) playbook.Step {
	s := reviewStepOf(t, by)
	s.ID, s.Title, s.Process, s.Stage, s.Kind, s.Points = id, "Item "+id, playbook.Diligence, "checks", review.Delivery, points
	s.Deadlines = playbook.Deadlines{Due: span(t, "10 working days"), Owner: span(t, "12 working days"), Remind: []calendar.Span{span(t, "5 working days")}}
	if len(accept) > 0 {
		s.Accept = &review.Policy{Groups: []review.Group{{Name: "accept", Rule: review.RuleAll, Seats: accept}}}
	}
	return s
}

func vendorSeat() review.Seat {
	return review.Seat{ID: "vendor", Role: review.VendorRole, Mandatory: true}
}

func dated(kind string) []engagement.Point {
	return []engagement.Point{{ID: "until", Title: "Valid until", Kind: engagement.PointDate, Expires: true}, {ID: "copy", Title: kind, Kind: engagement.PointFile}}
}

// diligenceSteps are eight items and a risk record: six of the vendor, two of our own.
func diligenceSteps(t *testing.T) []playbook.Step {
	yes := []engagement.Point{{ID: "mfa", Title: "Is every shared system behind two factors?", Kind: engagement.PointYesNo}}
	words := []engagement.Point{{ID: "said", Title: "What did they say?", Kind: engagement.PointText}, {ID: "again", Title: "Would they again?", Kind: engagement.PointYesNo}}
	staff := []engagement.Point{{ID: "checked", Title: "Checked on", Kind: engagement.PointDate},
		{ID: "passport", Title: "A copy of the check", Kind: engagement.PointFile, KeepDays: 30}}
	iso := itemOf(t, "iso", vendorSeat(), dated("certificate"), seat("security"))
	iso.Expiry, iso.Policy.Waivable = engagement.ExpiryCertificate, true
	insurance := itemOf(t, "insurance", vendorSeat(), dated("policy"), seat("finance"))
	insurance.Expiry, insurance.Policy.Waivable = engagement.ExpiryInsurance, true
	fill := reviewStepOf(t, seat("security"))
	fill.ID, fill.Title, fill.Process, fill.Stage, fill.Kind = "risk", "Risk record", playbook.Diligence, "checks", review.Task
	fill.Points = []engagement.Point{{ID: "worst", Title: "What is the worst?", Kind: engagement.PointText}, {ID: "look-again", Title: "Looked at again", Kind: engagement.PointDate, Expires: true}}
	sign := reviewStepOf(t, seat("legal"), seat("board"))
	sign.ID, sign.Title, sign.Process, sign.Stage, sign.Does = "risk-sign", "Risk record signed", playbook.Diligence, "checks", playbook.DoesRisk
	return []playbook.Step{iso, insurance,
		itemOf(t, "financials", vendorSeat(), nil, seat("finance")),
		itemOf(t, "staff", vendorSeat(), staff, seat("security")),
		itemOf(t, "mfa", vendorSeat(), yes),
		itemOf(t, "portfolio", vendorSeat(), nil),
		itemOf(t, "reference-a", seat("buyer"), words, seat("legal")),
		itemOf(t, "reference-b", seat("buyer"), words),
		fill, sign}
}

// stepsOf picks steps by their ids.
func stepsOf(steps []playbook.Step, ids ...string) []playbook.Step {
	return slices.DeleteFunc(slices.Clone(steps), func(s playbook.Step) bool { return !slices.Contains(ids, s.ID) })
}

// newDiligence prepares a due diligence of acme, whose contacts are acme.1 and acme.2.
func newDiligence(t *testing.T, steps ...playbook.Step) *story {
	t.Helper()
	if steps == nil {
		steps = diligenceSteps(t)
	}
	s := newStory(t, []string{"security-sam", "finance-fay", "legal-lee", "board-bea", "buyer-bo", "it-ida"}, []string{"checks"}, steps...)
	for _, id := range []string{"acme.1", "acme.2"} {
		s.know(id, func(p *playbook.Person) { p.Roles, p.Employer = nil, "acme" })
	}
	s.in.Tier = 1
	s.root = "diligence/acme/1"
	return s
}

// playDiligence runs the story as a due diligence of its own.
func (s *story) playDiligence(change ...func(*DiligenceInput)) PartResult {
	s.t.Helper()
	in := DiligenceInput{Common: s.in.Common, Facts: s.in.Facts}
	in.Process, in.Case = s.root, s.root
	for _, c := range change {
		c(&in)
	}
	var out PartResult
	s.run(DiligenceType, in.Process, in, &out)
	s.checkDiligence(out)
	return out
}

// waitedFor makes a due diligence one that another process waits for.
func waitedFor(in *DiligenceInput) { in.Parent = "onboarding/acme/1" }

// validTo is the date that a form is answered with.
func validTo(on time.Time) func(*review.Answer) {
	return func(a *review.Answer) {
		for i := range a.Findings {
			if !a.Findings[i].On.IsZero() {
				a.Findings[i].On = on
			}
		}
	}
}

// silently gives no reason.
func silently(a *review.Answer) { a.Written = review.Written{} }

// lacksPoint answers a point as missing.
func lacksPoint(id string) func(*review.Answer) {
	return func(a *review.Answer) {
		for i := range a.Findings {
			if a.Findings[i].Point == id {
				a.Findings[i] = engagement.Finding{Point: id, Missing: true, Said: true}
			}
		}
	}
}

// fillIn answers every point of a form soundly, a year ahead where it wants a date;
// the sheet is the last of the answer's documents.
func (s *story) fillIn(a *review.Answer, r review.Request) {
	for _, p := range r.Points {
		f := engagement.Finding{Point: p.ID}
		switch p.Kind {
		case engagement.PointDate:
			f.On = monday.AddDate(1, 0, 0)
		case engagement.PointYesNo:
			f.Choices = []string{engagement.Yes}
		case engagement.PointFile:
			f.Document = s.file(a.ID+"-"+p.ID, "1. A certificate.\n")
			a.Documents = append(a.Documents, f.Document)
		default:
			f.Said = true
		}
		a.Findings = append(a.Findings, f)
	}
	if r.Sheet {
		a.Documents = append(a.Documents, s.text(a.ID+"-sheet", "{}"))
	}
}

// file is text under a digest that looks like one.
func (s *story) file(name, body string) string {
	return s.text(fmt.Sprintf("%x", sha256.Sum256([]byte(name))), body)
}

// provides lets somebody deliver an item or do a task: its form filled in, or a document.
func (s *story) provides(person, step string, more ...func(*review.Answer)) string {
	s.t.Helper()
	r := s.open(step)
	verdict := r.Verdicts()[0]
	return s.answer(person, step, verdict, append([]func(*review.Answer){func(a *review.Answer) {
		s.fillIn(a, r)
		if len(r.Points) == 0 && verdict == review.Delivered {
			a.Documents = []string{s.text(a.ID+"-paper", "1. A paper.\n")}
		}
	}}, more...)...)
}

// providesAll delivers every item that is asked.
func (s *story) providesAll() {
	for _, r := range s.asking(review.Delivery) {
		who := "acme.1"
		if r.Policy.Seats()[0].Role != review.VendorRole {
			who = "buyer-bo"
		}
		s.provides(who, r.Step)
	}
}

// approvesAll accepts whatever is to be accepted.
func (s *story) approvesAll() {
	for _, r := range s.asking(review.Decision) {
		for _, x := range r.Seatings {
			s.answer(x.Holders[0].Person, r.Step, review.Approve, func(a *review.Answer) { a.Seat = x.Seat })
		}
	}
}

// asking lists the open requests of a kind.
func (s *story) asking(k review.Kind) []review.Request {
	return slices.DeleteFunc(s.view().Requests, func(r review.Request) bool { return r.Closed != nil || r.Kind != k })
}

// wantAsked asserts which steps are asked now, in the order in which they were.
func (s *story) wantAsked(want ...string) {
	s.t.Helper()
	var got []string
	for _, r := range s.view().Requests {
		if r.Closed == nil {
			got = append(got, r.Step)
		}
	}
	if !slices.Equal(got, want) {
		s.t.Errorf("at %s: asked are %q, want %q", s.env.Now().Format(time.DateTime), got, want)
	}
}

// evidence lists "step result" of every entry about an item.
func (s *story) evidence() []string {
	var all []string
	for _, e := range s.rec.of(dossier.Evidence) {
		all = append(all, e.Detail.Step+" "+e.Detail.Result)
	}
	return all
}

// checkDiligence holds the result to what people did: nothing is cleared while an item
// of the tier is neither accepted by everybody who must, nor waived with an end to
// come; a record is signed only by people, for the very document; and no copy outlives
// its days.
func (s *story) checkDiligence(out PartResult) {
	s.t.Helper()
	v := s.view()
	good := out.Result == ResultSigned || out.Result == ResultCleared
	last := map[string]dossier.Entry{}
	for _, e := range s.rec.of(dossier.Evidence) {
		last[e.Detail.Step] = e
	}
	end := s.rec.of(dossier.ProcessEnded)
	signed := s.rec.of(dossier.RiskSigned)
	for step, e := range last {
		ended := end[len(end)-1].CaseAt
		if len(signed) > 0 {
			ended = signed[0].CaseAt
		}
		if good && e.Detail.Result != playbook.EvidenceAccepted && e.Detail.Result != playbook.EvidenceWaived && e.Detail.Result != playbook.EvidenceNotNeeded {
			s.t.Errorf("%s is %s at the end of a due diligence that is %s", step, e.Detail.Result, out.Result)
		}
		if good && !e.Detail.Ends.IsZero() && !e.Detail.Ends.After(ended) {
			s.t.Errorf("%s had run out on %s when it ended at %s", step, e.Detail.Ends, ended)
		}
	}
	for _, e := range s.rec.of(dossier.Evidence) {
		if e.Detail.Result != playbook.EvidenceAccepted {
			continue
		}
		i := slices.IndexFunc(s.in.Steps, func(x playbook.Step) bool { return x.ID == e.Detail.Step })
		if s.in.Steps[i].Accept != nil && !s.approvedBy(v, e.Detail.Step+acceptSuffix, e.Detail.Document) {
			s.t.Errorf("%s counts as accepted and nobody approved %s", e.Detail.Step, e.Detail.Document)
		}
	}
	for _, e := range signed {
		sign := s.in.Steps[slices.IndexFunc(s.in.Steps, func(x playbook.Step) bool { return x.Does == playbook.DoesRisk })]
		if sign.Kind == review.Task {
			sign.ID += acceptSuffix
		}
		if e.Case == s.root && !s.approvedBy(v, sign.ID, e.Detail.Document) {
			s.t.Errorf("the risk record %s is signed by nobody", e.Detail.Document)
		}
	}
	if len(signed) != 0 && len(signed) != 2 || (len(signed) == 2) != (out.Result == ResultSigned) {
		s.t.Errorf("%d entries of a signed record, and the result is %s", len(signed), out.Result)
	}
}

// approvedBy reports whether people of the client approved a document in all seats of
// a request of the step.
func (s *story) approvedBy(v dossier.CaseView, step, document string) bool {
	return slices.ContainsFunc(v.Requests, func(r review.Request) bool {
		people := standing(&r)
		return r.Step == step && r.Closed != nil && r.Closed.Why == "decided" && r.Versions[0].Document == document && len(people) == len(r.Policy.Seats()) &&
			!slices.ContainsFunc(people, func(b review.Ballot) bool { return b.Verdict != review.Approve || s.person(b.Person).Employer != "" })
	})
}

// leftCopies are copies that a due diligence neither erased nor passed on.
func (s *story) leftCopies(out PartResult) []string {
	var left []string
	for _, r := range s.view().Requests {
		for _, b := range r.Ballots {
			for _, f := range b.Findings {
				kept := slices.ContainsFunc(r.Points, func(p engagement.Point) bool { return p.ID == f.Point && p.KeepDays > 0 })
				passed := slices.ContainsFunc(out.Expiries, func(e engagement.Expiry) bool { return e.Kind == engagement.ExpiryCopy && e.Document == f.Document })
				if kept && f.Document != "" && !passed && !slices.Contains(s.rec.erased, f.Document) {
					left = append(left, fmt.Sprint(r.ID, " ", f.Document))
				}
			}
		}
	}
	return left
}
