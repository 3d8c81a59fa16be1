package playbook

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"gangway/internal/engagement"
	"gangway/internal/entitlement"
	"gangway/internal/review"

	"github.com/google/go-cmp/cmp"
)

// complete is the sound playbook with everything that an onboarding can have; its
// steps are found by stepAt.
func complete() Playbook {
	p := sound()
	p.Stages = []string{"need", "competition", "nda", "checks", ContractStage, "exit-plan", "live"}
	p.Declaration = "read"
	p.Watch = engagement.Watch{Lead: map[engagement.ExpiryKind]int{engagement.ExpiryDPA: 30}, Reviews: map[engagement.Tier]int{1: 6}, NoticeLead: 20}
	line := func(id string, kind engagement.PointKind) engagement.Point {
		return engagement.Point{ID: id, Title: "Line", Kind: kind}
	}
	until := engagement.Point{ID: "until", Title: "Until", Kind: engagement.PointDate, Expires: true}
	choice := engagement.Point{ID: RowAccess + "-1-" + entitlement.GrantRole, Title: "What", Kind: engagement.PointChoice, Options: []string{"read", "write"}}
	p.Forms = []engagement.Form{
		{ID: "offer", Title: "Offer", Points: []engagement.Point{line(PointVendor, engagement.PointText), line(PointAmount, engagement.PointAmount)}},
		{ID: "paper", Title: "Paper", Points: []engagement.Point{{ID: "copy", Title: "Copy", Kind: engagement.PointFile, KeepDays: 180}, until}},
		{ID: "words", Title: "Words", Points: []engagement.Point{line("words", engagement.PointText)}},
		{ID: "pack", Title: "Pack", Points: []engagement.Point{{ID: "scope", Title: "Scope", Cues: []string{"scope work"}}, {ID: "ends", Title: "Ends", Dated: true}}},
		{ID: "risks", Title: "Risks", Points: engagement.RiskPoints(2)},
		{ID: "access", Title: "Access", Points: []engagement.Point{line("access-1-login", engagement.PointText), line("access-1-team", engagement.PointText),
			line("access-1-repository", engagement.PointText), choice, line("access-1-reason", engagement.PointText), line("access-1-until", engagement.PointDate)}},
	}
	sign := seats("boss")
	add := func(s Step) {
		s.Title, s.Deadlines = "Step "+s.ID, Deadlines{Due: days(3)}
		if len(s.Policy.Groups) == 0 {
			s.Policy = seats("boss")
		}
		for i, seat := range s.Policy.Groups[0].Seats {
			s.Policy.Groups[0].Seats[i].ID = strings.TrimPrefix(seat.Role, "@")
		}
		p.Steps = append(p.Steps, s)
	}
	vendor := func() review.Policy { return seats(review.VendorRole) }
	add(Step{ID: "offers", Process: Onboarding, Stage: "competition", Kind: review.Delivery, Does: DoesOffers, Offers: 2, Form: "offer"})
	add(Step{ID: "single", Process: Onboarding, Stage: "competition", Kind: review.Decision, Does: DoesWaive})
	add(Step{ID: "nda", Process: Onboarding, Stage: "nda", Kind: review.Delivery, Does: DoesNDA, Policy: vendor(), Form: "paper"})
	add(Step{ID: "interests", Process: Onboarding, Stage: "checks", Kind: review.Delivery, Does: DoesInterest, Policy: vendor(), Form: "words", Accept: &sign})
	add(Step{ID: "insurance", Process: Diligence, Stage: "checks", Kind: review.Delivery, Policy: vendor(), Form: "paper", Accept: &sign,
		Expiry: engagement.ExpiryInsurance, When: Condition{CostFrom: 500}})
	add(Step{ID: "risk", Process: Diligence, Stage: "checks", Kind: review.Task, Does: DoesRisk, Form: "risks", Accept: &sign})
	add(Step{ID: "milestone", Process: Pilot, Stage: "checks", Kind: review.Delivery, Policy: vendor(), After: days(5)})
	add(Step{ID: "halfway", Process: Pilot, Stage: "checks", Kind: review.Decision, Does: DoesHalfway, After: days(6)})
	add(Step{ID: "score", Process: Pilot, Stage: "checks", Kind: review.Rating, Does: DoesScore, After: days(10), Threshold: 60,
		Criteria: []engagement.Criterion{{ID: "quality", Title: "Quality", Weight: 70, Most: 5}, {ID: "words", Title: "Words", Weight: 30, Most: 10}}})
	add(Step{ID: "go", Process: Pilot, Stage: "checks", Kind: review.Decision, Does: DoesGo})
	add(Step{ID: "clauses", Process: Contract, Kind: review.Checklist, Does: DoesClauses, Form: "pack"})
	add(Step{ID: "executed", Process: Contract, Kind: review.Delivery, Does: DoesExecuted, Form: "paper"})
	add(Step{ID: "exit", Process: Onboarding, Stage: "exit-plan", Kind: review.Task, Does: DoesExitPlan, Form: "words", Accept: &sign})
	add(Step{ID: "access", Process: Onboarding, Stage: "live", Kind: review.Task, Does: DoesAccess, Form: "access"})
	add(Step{ID: "contacts", Process: Onboarding, Stage: "live", Kind: review.Task, Does: DoesContacts, Form: "words"})
	p.Steps[1].ReadAll = true
	p.Steps[1].Policy.Groups[0].Seats[0].Competence = []string{"contract-law"}
	return p
}

func (p *Playbook) stepAt(t *testing.T, id string) (*Step, int) {
	t.Helper()
	i := slices.IndexFunc(p.Steps, func(s Step) bool { return s.ID == id })
	if i < 0 {
		t.Fatalf("no step %s", id)
	}
	return &p.Steps[i], i
}

func TestACompletePlaybookHasNoFault(t *testing.T) {
	t.Parallel()
	if f := complete().Check(); f != nil {
		t.Error(f)
	}
}

// The place of a fault is that of the step named before the colon: "nda.stage" is
// $.steps[n].stage.
func TestEachFaultOfAWholeOnboarding(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		want  string
		wreck func(p *Playbook, s *Step)
	}{
		{"offers.kind: is no decision", func(_ *Playbook, s *Step) { s.Kind = review.Decision }},
		{"offers.form: has nothing to be filled in", func(_ *Playbook, s *Step) { s.Form = "" }},
		{"offers.form: lacks the point vendor", func(_ *Playbook, s *Step) { s.Form = "words" }},
		{"offers.form: unknown form", func(_ *Playbook, s *Step) { s.Form = "ofer" }},
		{"offers.offers: 0 offers can't be compared", func(_ *Playbook, s *Step) { s.Offers = 0 }},
		{"offers.offers: 99 offers can't be compared", func(_ *Playbook, s *Step) { s.Offers = 99 }},
		{"offers.does: belongs to the process onboarding", func(_ *Playbook, s *Step) { s.Process = Diligence }},
		{"offers.does: no step does", func(_ *Playbook, s *Step) { s.Does = "offer" }},
		{"single.stage: another stage than offers", func(_ *Playbook, s *Step) { s.Stage = "checks" }},
		{"single.offers: only a step that collects offers", func(_ *Playbook, s *Step) { s.Offers = 2 }},
		{"single.accept: nothing is delivered by a decision", func(_ *Playbook, s *Step) { s.Accept = &s.Policy }},
		{"interests.policy.groups: nobody of the vendor", func(_ *Playbook, s *Step) { s.Policy = seats("boss") }},
		{"interests.stage: the vendor is asked before the NDA", func(_ *Playbook, s *Step) { s.Stage = "need" }},
		{"insurance.stage: the vendor is asked before the NDA", func(p *Playbook, s *Step) { s.Stage = "nda" }},
		{"milestone.stage: the vendor is asked before the NDA", func(p *Playbook, s *Step) { s.Stage = "competition" }},
		{"review: a contract goes to the vendor before the NDA", func(p *Playbook, _ *Step) {
			p.Stages = []string{"need", "competition", ContractStage, "nda", "checks", "exit-plan", "live"}
		}},
		{"interests.accept.groups[0].seats[0].role: decides nothing", func(_ *Playbook, s *Step) {
			sign := seats(review.VendorRole)
			s.Accept = &sign
		}},
		{"interests.accept.groups[0].seats[0].role: unknown role", func(_ *Playbook, s *Step) {
			sign := seats("bos")
			s.Accept = &sign
		}},
		{"interests.id: could not be called", func(p *Playbook, _ *Step) { p.Steps[0].ID = "interests-accept" }},
		{"insurance.stage: is missing", func(_ *Playbook, s *Step) { s.Stage = "" }},
		{"insurance.stage: runs before the contract", func(_ *Playbook, s *Step) { s.Stage = ContractStage }},
		{"insurance.stage: unknown stage", func(_ *Playbook, s *Step) { s.Stage = "check" }},
		{"risk.stage: runs in the stage", func(_ *Playbook, s *Step) { s.Stage = "exit-plan" }},
		{"insurance.stage: while the vendor goes live", func(_ *Playbook, s *Step) { s.Stage = "live" }},
		{"insurance.kind: a decision without a purpose", func(_ *Playbook, s *Step) { s.Kind, s.Policy, s.Accept = review.Decision, seats("boss"), nil }},
		{"insurance.expiry: nothing that expires is called", func(_ *Playbook, s *Step) { s.Expiry = "policy" }},
		{"insurance.expiry: no date of the form", func(_ *Playbook, s *Step) { s.Form = "words" }},
		{"insurance.when.costFrom: below zero", func(_ *Playbook, s *Step) { s.When.CostFrom = -1 }},
		{"insurance.when.data[0]: unknown data category", func(_ *Playbook, s *Step) { s.When.Data = []string{"persnal"} }},
		{"insurance.after: only a step of a pilot", func(_ *Playbook, s *Step) { s.After = days(2) }},
		{"risk.accept: signed by nobody", func(_ *Playbook, s *Step) { s.Accept = nil }},
		{"risk.form: lacks the point risk-1-what", func(_ *Playbook, s *Step) { s.Form = "words" }},
		{"$.steps: without a risk record", func(_ *Playbook, s *Step) { s.Does, s.Kind, s.Form, s.Accept = "", review.Delivery, "words", nil }},
		{"go.does: a second step does go", func(p *Playbook, s *Step) {
			first := *s
			first.ID = "first"
			p.Steps = append([]Step{first}, p.Steps...)
		}},
		{"$.steps: nobody scores the pilot", func(p *Playbook, _ *Step) { p.drop("score") }},
		{"$.steps: without a go or no-go", func(p *Playbook, _ *Step) { p.drop("go") }},
		{"score.criteria: the weights add up to 99", func(_ *Playbook, s *Step) { s.Criteria[1].Weight = 29 }},
		{"score.criteria: the pilot has no criteria", func(_ *Playbook, s *Step) { s.Criteria = nil }},
		{"score.criteria[1].id: there twice", func(_ *Playbook, s *Step) { s.Criteria[1].ID = "quality" }},
		{"score.criteria[0].weight: makes no sense", func(_ *Playbook, s *Step) { s.Criteria[0].Weight = 0 }},
		{"score.criteria[0].most: best score can't be 0", func(_ *Playbook, s *Step) { s.Criteria[0].Most = 0 }},
		{"score.criteria[0].title: is missing", func(_ *Playbook, s *Step) { s.Criteria[0].Title = "" }},
		{"score.threshold: no score reaches 101", func(_ *Playbook, s *Step) { s.Threshold = 101 }},
		{"halfway.threshold: only a pilot", func(_ *Playbook, s *Step) { s.Threshold = 5 }},
		{"halfway.criteria: nobody gives points", func(_ *Playbook, s *Step) { s.Criteria = []engagement.Criterion{{}} }},
		{"clauses.form: asks for no places", func(_ *Playbook, s *Step) { s.Form = "words" }},
		{"clauses.kind: is no decision", func(_ *Playbook, s *Step) { s.Kind = review.Decision }},
		{"executed.form: asks for places in a text", func(_ *Playbook, s *Step) { s.Form = "pack" }},
		{"executed.does: a second step does executed", func(p *Playbook, s *Step) {
			clauses, _ := p.stepAt(t, "clauses")
			*clauses = *s
			clauses.ID = "first"
		}},
		{"executed.readAll: only the contract review", func(_ *Playbook, s *Step) { s.ReadAll = true }},
		{"executed.accept: says itself", func(_ *Playbook, s *Step) { s.Accept = &s.Policy }},
		{"exit.accept: signed by nobody", func(_ *Playbook, s *Step) { s.Accept = nil }},
		{"exit.stage: while the vendor goes live", func(_ *Playbook, s *Step) { s.Stage = "live" }},
		{"exit.when: by the tier alone", func(_ *Playbook, s *Step) { s.When.CostFrom = 5 }},
		{"$.tiers: tier 1 would go live without an exit plan", func(_ *Playbook, s *Step) { s.Tiers = []engagement.Tier{3} }},
		{"access.form: lacks the point access-1-until", func(p *Playbook, _ *Step) { p.Forms[5].Points = p.Forms[5].Points[:5] }},
		{"contacts.form: nothing to be filled in", func(_ *Playbook, s *Step) { s.Form = "" }},
		{"$.steps: no step collects offers", func(p *Playbook, _ *Step) { p.drop("offers") }},
		{"review.policy.groups[0].seats[0].competence[0]: cannot be", func(_ *Playbook, s *Step) {
			s.Policy.Groups[0].Seats[0].Competence = []string{"Contract law"}
		}},

		{"$.declaration: unknown attestation", func(p *Playbook, _ *Step) { p.Declaration = "reed" }},
		{"$.watch.lead.dpa: 0 days ahead", func(p *Playbook, _ *Step) { p.Watch.Lead[engagement.ExpiryDPA] = 0 }},
		{"$.watch.lead: does not expire", func(p *Playbook, _ *Step) { p.Watch.Lead["bread"] = 1 }},
		{"$.watch.reviews.1: every 0 months", func(p *Playbook, _ *Step) { p.Watch.Reviews[1] = 0 }},
		{"$.watch.noticeLead: nobody decides -1 days", func(p *Playbook, _ *Step) { p.Watch.NoticeLead = -1 }},
		{"$.watch.accessDays: no access lasts 2000 days", func(p *Playbook, _ *Step) { p.Watch.AccessDays = 2000 }},
		{"$.tiers[0].needs[0]: unknown field", func(p *Playbook, _ *Step) { p.Tiers[0].Needs = []string{"reason"} }},

		{"$.forms[1].id: there twice", func(p *Playbook, _ *Step) { p.Forms[1].ID = "offer" }},
		{"$.forms[2].id: no step asks for the form", func(p *Playbook, _ *Step) { p.Forms[2].ID = "spare" }},
		{"$.forms[2].title: is missing", func(p *Playbook, _ *Step) { p.Forms[2].Title = "" }},
		{"$.forms[2].points: no points", func(p *Playbook, _ *Step) { p.Forms[2].Points = nil }},
		{"$.forms[2].points: more than", func(p *Playbook, _ *Step) { p.Forms[2].Points = make([]engagement.Point, mostPoints+1) }},
		{"$.forms[0].points[1].id: there twice", func(p *Playbook, _ *Step) { p.Forms[0].Points[1].ID = PointVendor }},
		{"$.forms[0].points[0].kind: unknown kind of point", func(p *Playbook, _ *Step) { p.Forms[0].Points[0].Kind = "txt" }},
		{"$.forms[5].points[3].options: nothing to choose from", func(p *Playbook, _ *Step) { p.Forms[5].Points[3].Options = []string{"a"} }},
		{"$.forms[5].points[3].options[1]: there twice", func(p *Playbook, _ *Step) { p.Forms[5].Points[3].Options[1] = "read" }},
		{"$.forms[0].points[0].options: only a choice", func(p *Playbook, _ *Step) { p.Forms[0].Points[0].Options = []string{"a"} }},
		{"$.forms[0].points[0].expires: only a date", func(p *Playbook, _ *Step) { p.Forms[0].Points[0].Expires = true }},
		{"$.forms[0].points[0].keepDays: only the copy", func(p *Playbook, _ *Step) { p.Forms[0].Points[0].KeepDays = 3 }},
		{"$.forms[1].points[0].keepDays: can't be kept", func(p *Playbook, _ *Step) { p.Forms[1].Points[0].KeepDays = -3 }},
		{"$.forms[0].points[0].waivable: only a clause", func(p *Playbook, _ *Step) { p.Forms[0].Points[0].Waivable = true }},
		{"$.forms[3].points[0].waivable: needs no waiver", func(p *Playbook, _ *Step) { p.Forms[3].Points[0].Waivable, p.Forms[3].Points[0].Optional = true, true }},
		{"$.forms[0].points[0].dated: only a point of a text", func(p *Playbook, _ *Step) { p.Forms[0].Points[0].Dated = true }},
		{"$.forms[0].points[0].cues: only a place", func(p *Playbook, _ *Step) { p.Forms[0].Points[0].Cues = []string{"x"} }},
		{"$.forms[3].points[0].cues[0]: U+0007", func(p *Playbook, _ *Step) { p.Forms[3].Points[0].Cues[0] = "a\a" }},
		{"interests.form: one of your own people", func(p *Playbook, _ *Step) { p.Forms[2].Points[0].Kind = engagement.PointPerson }},
	} {
		p := complete()
		place, part, _ := strings.Cut(c.want, ": ")
		id, rest, _ := strings.Cut(place, ".")
		var s *Step
		if id != "$" {
			s, _ = p.stepAt(t, id)
		} else if strings.Contains(part, "risk") {
			s, _ = p.stepAt(t, "risk")
		} else if strings.Contains(part, "exit plan") {
			s, _ = p.stepAt(t, "exit")
		}
		c.wreck(&p, s)
		if id != "$" {
			i := slices.IndexFunc(p.Steps, func(s Step) bool { return s.ID == id })
			place = fmt.Sprintf("$.steps[%d].%s", i, rest)
			place = strings.TrimSuffix(place, ".")
		}
		faults := p.Check()
		if !slices.ContainsFunc(faults, func(f Fault) bool { return f.Place == place && strings.Contains(f.Message, part) }) {
			t.Errorf("want %s (%s), got %v", c.want, place, faults)
		}
	}
}

// drop takes a step out.
func (p *Playbook) drop(id string) {
	p.Steps = slices.DeleteFunc(p.Steps, func(s Step) bool { return s.ID == id })
}

// An exit plan may be left out where the tier says so, in every rule that gives it,
// and playbooks of before, which know nothing of all this, are read as ever.
func TestWhoNeedsAnExitPlan(t *testing.T) {
	t.Parallel()
	p := complete()
	p.drop("exit")
	p.Stages = slices.DeleteFunc(p.Stages, func(s string) bool { return s == "exit-plan" })
	p.Tiers[0].NoExitPlan = true
	if f := p.Check(); f != nil {
		t.Error(f)
	}
	p.Tiers = slices.Insert(p.Tiers, 0, TierRule{Tier: 1, When: Condition{CostFrom: 1_000_000}})
	if f := p.Check(); len(f) != 1 || !strings.Contains(f[0].Message, "exit plan") {
		t.Error("one rule says that there is none, another does not:", f)
	}
	if f := sound().Check(); f != nil {
		t.Error(f)
	}
}

// What is asked of tiers that the NDA is not asked of may come before it, and offers
// are asked for outside.
func TestWhatMayComeBeforeTheNDA(t *testing.T) {
	t.Parallel()
	p := complete()
	nda, _ := p.stepAt(t, "nda")
	nda.Tiers = []engagement.Tier{1}
	early, _ := p.stepAt(t, "interests")
	early.Stage, early.Tiers = "need", []engagement.Tier{3}
	offers, _ := p.stepAt(t, "offers")
	offers.Policy = seats(review.VendorRole)
	offers.Policy.Groups[0].Seats[0].ID = "vendor"
	if f := p.Check(); f != nil {
		t.Error(f)
	}
}

// A risk record may be signed by a decision of its own instead of by who accepts it.
func TestARiskRecordSignedByADecision(t *testing.T) {
	t.Parallel()
	p := complete()
	risk, i := p.stepAt(t, "risk")
	sign := *risk
	sign.ID, sign.Kind, sign.Form, sign.Accept = "risk-sign", review.Decision, "", nil
	risk.Does, risk.Accept = "", nil
	p.Steps = slices.Insert(p.Steps, i+1, sign)
	if f := p.Check(); f != nil {
		t.Error(f)
	}
}

// A correction of the intake drops and adds what depends on its facts, tier apart.
func TestACorrectionFollowsTheConditionsOfSteps(t *testing.T) {
	t.Parallel()
	p := complete()
	step, _ := p.stepAt(t, "insurance")
	steps := []Step{*step}
	act := review.Act{Field: FieldCost, Amount: 600}
	c, changes := Correct(steps, []TierRule{{Tier: 2}}, 2, Facts{YearlyCost: 100}, act, Standing{})
	if !changes || len(c.Added) != 1 || c.Added[0].ID != "insurance" {
		t.Errorf("%v %+v", changes, c)
	}
	act.Amount = 100
	c, _ = Correct(steps, []TierRule{{Tier: 2}}, 2, Facts{YearlyCost: 600}, act, Standing{Open: []string{"insurance"}})
	if d := cmp.Diff([]Step{*step}, c.Dropped); d != "" {
		t.Error(d)
	}
}
