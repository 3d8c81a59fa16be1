package playbook

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"gangway/internal/engagement"
	"gangway/internal/review"

	"github.com/google/go-cmp/cmp"
)

// collecting is the sound playbook with a collection beside the contract review.
func collecting() Playbook {
	p := sound()
	p.DPAWhen = Condition{Data: []string{"personal"}}
	part := func(id string, kind review.Kind, role string) Step {
		return Step{ID: id, Process: DPA, Kind: kind, Title: "Part", Deadlines: Deadlines{Due: days(5)}, Policy: seats(role)}
	}
	p.Steps = append(p.Steps, part("dpa-ask", review.Delivery, review.VendorRole), part("dpa-check", review.Checklist, "legal"), part("dpa-sign", review.Decision, "boss"))
	p.Steps[2].Policy.Groups[0].Seats[0].ID = "vendor"
	return p
}

func TestACollectionHasNoFault(t *testing.T) {
	t.Parallel()
	if f := collecting().Check(); f != nil {
		t.Error(f)
	}
	c, ok := CollectionOf(collecting().Steps, 1)
	if d := cmp.Diff([]string{"dpa-ask", "dpa-check", "dpa-sign"}, c.IDs()); d != "" || !ok {
		t.Error(ok, d)
	}
	if _, ok := CollectionOf(sound().Steps, 1); ok {
		t.Error("a playbook without one has a collection")
	}
	if !c.Ask.AsksVendor() || c.Check.AsksVendor() {
		t.Error("the first step asks the vendor, and it alone")
	}
}

func TestEachFaultOfACollection(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		want  string
		wreck func(*Playbook)
	}{
		{"$.steps: has no checklist for tier 1", func(p *Playbook) { p.Steps = slices.Delete(p.Steps, 3, 4) }},
		{"$.steps: has no delivery for tier 1", func(p *Playbook) { p.Steps = slices.Delete(p.Steps, 2, 3) }},
		{"$.steps: has no decision for tier 3", func(p *Playbook) { p.Steps[4].Tiers = []engagement.Tier{1} }},
		{"$.steps[5]: a second step of the collection is a checklist for tier 1", func(p *Playbook) {
			again := p.Steps[3]
			again.ID = "again"
			p.Steps = append(p.Steps, again)
		}},
		{"$.dpaWhen: nothing says when", func(p *Playbook) { p.DPAWhen = Condition{} }},
		{"$.dpaWhen: no step collects", func(p *Playbook) { p.Steps = p.Steps[:2] }},
		{"$.dpaWhen.data[0]: unknown data category", func(p *Playbook) { p.DPAWhen.Data = []string{"persnal"} }},
		{"$.dpaWhen.costFrom: below zero", func(p *Playbook) { p.DPAWhen.CostFrom = -1 }},
		{"$.steps[2].stage: no stage of its own", func(p *Playbook) { p.Steps[2].Stage = "need" }},
		{"$.steps[2].kind: has no task", func(p *Playbook) { p.Steps[2].Kind, p.Steps[2].Policy = review.Task, seats("boss") }},
		{"$.steps[2].policy.groups: nobody of the vendor", func(p *Playbook) { p.Steps[2].Policy = seats("boss") }},
		{"$.steps[2].policy.groups[0].seats[1].role: asks nobody else", func(p *Playbook) {
			g := &p.Steps[2].Policy.Groups[0]
			g.Seats = append(g.Seats, review.Seat{ID: "boss", Role: "boss"})
		}},
		{"$.steps[2].policy.groups[0].seats[0].attest: attests nothing", func(p *Playbook) { p.Steps[2].Policy.Groups[0].Seats[0].Attest = []string{"read"} }},
		{"$.steps[2].browser: can't sign in", func(p *Playbook) { p.Steps[2].Browser = true }},
		{"$.steps[3].policy.groups: no place in a checklist", func(p *Playbook) { p.Steps[3].Policy.Groups[0].Seats[0].Role = review.VendorRole }},
		{"$.steps[1].policy.groups: no place in a decision", func(p *Playbook) { p.Steps[1].Policy.Groups[0].Seats[1].Role = review.VendorRole }},
		{"$.steps[0].kind: belongs to the collection", func(p *Playbook) { p.Steps[0].Kind = review.Checklist }},
	} {
		p := collecting()
		c.wreck(&p)
		place, part, _ := strings.Cut(c.want, ": ")
		faults := p.Check()
		if !slices.ContainsFunc(faults, func(f Fault) bool { return f.Place == place && strings.Contains(f.Message, part) }) {
			t.Errorf("want %q, got %v", c.want, faults)
		}
	}
	p := collecting()
	p.Stages, p.Steps = []string{"need"}, append(p.Steps[:1], p.Steps[2:]...)
	if f := fmt.Sprint(p.Check()); !strings.Contains(f, "no stage in which the collection would run") {
		t.Error(f)
	}
}

// TestAVendorDeliversInAnOnboardingToo: any delivery of an onboarding may be the
// vendor's.
func TestAVendorDeliversInAnOnboardingToo(t *testing.T) {
	t.Parallel()
	p := sound()
	p.Steps = append(p.Steps, Step{ID: "certificates", Process: Onboarding, Stage: "need", Kind: review.Delivery, Title: "Certificates",
		Deadlines: Deadlines{Due: days(5)}, Policy: seats(review.VendorRole)})
	p.Steps[2].Policy.Groups[0].Seats[0].ID = "vendor"
	if f := p.Check(); f != nil {
		t.Error(f)
	}
}

// TestPlanPutsTheCollectionBesideTheReview: both begin with the stage, and the stage
// ends with the later of them; the vendor's seat names the first contact.
func TestPlanPutsTheCollectionBesideTheReview(t *testing.T) {
	t.Parallel()
	intake := acme()
	intake.Vendor.Contacts = []engagement.Contact{{Name: "Vera Vane", Mail: "vera@acme.example"}}
	p := collecting().Plan(nil, intake, utc(), monday)
	ask, check, sign, reading := step(p, "dpa-ask"), step(p, "dpa-check"), step(p, "dpa-sign"), step(p, "review")
	if p.DPA != Needed || !ask.Opened.Equal(reading.Opened) || !check.Opened.Equal(ask.Due) || !sign.Opened.Equal(check.Due) || !p.End.Equal(sign.Due) || !p.End.After(reading.Due) {
		t.Errorf("%s: asked %s, checked %s, signed %s to %s; the review from %s to %s; end %s", p.DPA, ask.Opened, check.Opened, sign.Opened, sign.Due, reading.Opened, reading.Due, p.End)
	}
	if seat := ask.Groups[0].Seats[0]; seat.Name != "Vera Vane" || seat.Person != "" {
		t.Errorf("the vendor's seat: %+v", seat)
	}
	people := append(staff(), Person{ID: "acme.1", Name: "Vera Vane", Employer: "acme", Hours: office()})
	if seat := step(collecting().Plan(people, intake, utc(), monday), "dpa-ask").Groups[0].Seats[0]; seat.Person != "vic" || seat.Backup != "" {
		t.Errorf("the vendor's seat with its people known: %+v", seat)
	}
	intake.Vendor.Contacts = nil
	p = collecting().Plan(nil, intake, utc(), monday)
	if !slices.Contains(p.Empty, emptySeat{Step: "dpa-ask", Seat: "vendor", Role: review.VendorRole, Why: "no contact of the vendor is known"}) {
		t.Errorf("empty seats: %+v", p.Empty)
	}
	intake.Data = nil
	p = collecting().Plan(staff(), intake, utc(), monday)
	if p.DPA != NotNeeded || slices.ContainsFunc(p.Steps, func(s PlannedStep) bool { return s.Process == DPA }) || !p.End.Equal(step(p, "review").Due) {
		t.Errorf("%s, %+v", p.DPA, p.Steps)
	}
	if sound().Plan(staff(), intake, utc(), monday).DPA != "" {
		t.Error("a playbook without a collection says something of one")
	}
}

// TestTheVendorsSeatIsNotOursToFill: it counts for nothing in how many people would
// do.
func TestTheVendorsSeatIsNotOursToFill(t *testing.T) {
	t.Parallel()
	p := collecting()
	with := p.fewest(1)
	p.Steps = append(p.Steps[:2:2], p.Steps[3:]...)
	if without := p.fewest(1); with != without {
		t.Errorf("%d people with the vendor's step, %d without", with, without)
	}
}
