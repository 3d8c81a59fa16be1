package workflows

import (
	"slices"

	"go.temporal.io/sdk/workflow"

	"gangway/activities"
	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/exit"
	"gangway/internal/review"
)

// certificateDocument is the name under which an exit's certificate is filed.
const certificateDocument = "certificate"

// readPlan reads what the signed plan names: areas and assets by ids. What can't be read
// names nothing, and the parts ask for it.
func (x *departing) readPlan(ctx workflow.Context) (again bool, err error) {
	if x.plan == "" {
		x.plan = x.in.Plan
	}
	if x.plan == "" || x.read.Plan == x.plan {
		return false, nil
	}
	x.working++
	out, err := call(ctx, thorough("what the exit plan names"), actPlanExit, acts.PlanExit, activities.PlanExitIn{Plan: x.plan})
	x.working--
	x.changes++
	d := &dossier.Detail{Document: x.plan, Result: "read"}
	if err != nil && !isFinal(err) {
		return false, err
	}
	if err != nil {
		d.Result = "unreadable"
	}
	x.read = out
	x.read.Plan = x.plan
	d.Amount = len(out.Assets)
	d.Version = len(out.Areas)
	x.note(ctx, dossier.PlanRead, "", "", nil, d)
	return true, nil
}

// certify makes the certificate, once nothing blocks it any more. The activity looks
// itself whether that is so.
func (x *departing) certify(ctx workflow.Context) (again bool, err error) {
	if x.cert != "" {
		return false, nil
	}
	if !x.drill() && len(x.blocking(ctx, x.matters())) > 0 { // a waiver ran out, or something was found
		x.enterLeg(ctx, legClosing)
		return true, nil
	}
	x.certified++
	x.working++
	out, err := call(ctx, thorough("certificate"), actCertify, acts.Certify, exit.Issue{Certificate: x.certificate(ctx)})
	x.working--
	x.changes++
	if err != nil {
		return false, err
	}
	x.cert = out.Page
	name := certificateDocument
	if x.drill() {
		name = drillReport
	}
	for _, f := range []struct{ name, digest string }{{name, out.Page}, {name + "-data", out.Data}} {
		x.note(ctx, dossier.DocumentFiled, "", "", nil, &dossier.Detail{Name: f.name, Document: f.digest, Version: x.certified})
	}
	return true, nil
}

// certificate is what it says, as things stand now.
func (x *departing) certificate(ctx workflow.Context) exit.Certificate {
	c := exit.Certificate{Case: x.process.in.Case, Vendor: x.in.Vendor, Number: x.certified, Order: x.order, Began: x.began, Returned: x.returned,
		At: x.now(ctx), Plan: x.plan, Notice: x.notice, Matters: x.matters(), Backups: x.backups(), NoticeDays: x.in.Expiry.NoticeDays,
		GivenUp: x.schedule.GivenUp, Without: x.givenUp, Clauses: x.clauses()}
	if len(c.Clauses) > 0 {
		c.Contract = x.in.Contract
	}
	if x.drill() {
		c.Drill = true
		for _, d := range slices.Concat(x.duties, x.beside) {
			if !d.played.starts.IsZero() {
				c.Steps = append(c.Steps, d.played.rehearsed("", d.step))
			}
		}
		for _, p := range x.parts {
			if !p.stale {
				c.Steps = append(c.Steps, p.result.Rehearsed...)
			}
		}
		x.chase(&c)
	}
	return c
}

// clauses are what the checklist of what outlives the contract came to, point by point.
// Where one person found what another did not, it is there.
func (x *departing) clauses() []exit.Clause {
	var all []exit.Clause
	for _, d := range x.duties {
		if d.step.Does != exit.DoesSurvival || d.matter.State != exit.StateDone || d.asked == nil {
			continue
		}
		for _, p := range d.asked.req.Points {
			if c, answered := clauseOf(p, standing(d.asked.req)); answered {
				all = append(all, c)
			}
		}
	}
	return all
}

// clauseOf is what people found of one point of the checklist, if anybody did.
func clauseOf(p engagement.Point, ballots []review.Ballot) (c exit.Clause, answered bool) {
	c = exit.Clause{Point: p.ID, Title: p.Title, Missing: true}
	for _, b := range ballots {
		for _, f := range b.Findings {
			if f.Point != p.ID {
				continue
			}
			answered = true
			if !f.Missing {
				c.Missing, c.Places = false, union(c.Places, f.Places)
			}
			if !f.On.IsZero() {
				c.Until = f.On
			}
		}
	}
	return c, answered
}

// exited ends the exit by the certificate that was signed.
func (x *departing) exited(ctx workflow.Context) {
	x.result.Result, x.result.Certificate = ResultExited, x.cert
	if x.drill() {
		x.result.Result = ResultDone
	}
	answer := ""
	for _, d := range x.duties {
		if d.leg == legCertificate {
			x.result.By, answer = d.matter.By, d.matter.Answer
		}
	}
	d := &dossier.Detail{Vendor: x.in.Vendor, Document: x.cert, Version: x.certified, Result: x.result.Result, Amount: len(x.backups())}
	x.note(ctx, dossier.Certified, x.result.By, answer, nil, d)
	if x.drill() {
		return
	}
	reg := *d
	reg.Parent = x.process.in.Case
	x.noteIn(ctx, dossier.Register, dossier.Certified, x.result.By, "", nil, &reg)
}
