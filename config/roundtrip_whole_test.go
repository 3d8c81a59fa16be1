package config

import (
	"fmt"
	"strings"
	"testing"

	"gangway/internal/calendar"
	"gangway/internal/engagement"
	"gangway/internal/exit"
	"gangway/internal/playbook"
	"gangway/internal/review"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func condition(c playbook.Condition) string {
	return fmt.Sprintf("{data: %s, systems: %s, cost-from: %d, lessons: %s}", flow(c.Data), flow(c.Systems), c.CostFrom, flow(c.Lessons))
}

// fileKeys are fields of an intake as a vendor file has them.
func fileKeys(fields []string) []string {
	var keys []string
	for _, f := range fields {
		keys = append(keys, strings.NewReplacer("baselineCost", "baseline-cost", "yearlyCost", "yearly-cost").Replace(f))
	}
	return keys
}

// whole writes what a playbook of a whole onboarding has besides steps.
func (w *writer) whole(p playbook.Playbook) {
	w.line(0, "declaration: %s\nwatch:\n  notice-lead: %d\n  access-days: %d\n  lead:", p.Declaration, p.Watch.NoticeLead, p.Watch.AccessDays)
	for _, kind := range engagement.ExpiryKinds() {
		if days, given := p.Watch.Lead[kind]; given {
			w.line(4, "%s: %d", kind, days)
		}
	}
	w.line(2, "reviews:")
	for tier := engagement.Tier(1); tier <= 4; tier++ {
		if months, given := p.Watch.Reviews[tier]; given {
			w.line(4, "%d: %d", int(tier), months)
		}
	}
	w.line(0, "forms:")
	for _, f := range p.Forms {
		w.line(2, "- id: %s\n    title: %q\n    points:", f.ID, f.Title)
		for _, x := range f.Points {
			kind := string(x.Kind)
			if kind == "" {
				kind = "place"
			}
			w.line(6, "- {id: %s, title: %q, ask: %q, source: %q, kind: %s, options: %s, expires: %t, keep-days: %d, optional: %t, dated: %t, cues: %s, waivable: %t}",
				x.ID, x.Title, x.Ask, x.Source, kind, flow(x.Options), x.Expires, x.KeepDays, x.Optional, x.Dated, flow(x.Cues), x.Waivable)
		}
	}
}

// part writes what only steps of some processes have.
func (w *writer) part(s playbook.Step) {
	if s.Form != "" {
		w.line(4, "form: %s", s.Form)
	}
	if s.Does != "" {
		w.line(4, "does: %s", s.Does)
	}
	if s.Drill != "" {
		w.line(4, "drill: %s", s.Drill)
	}
	if len(s.Modes) > 0 {
		var modes []string
		for _, m := range s.Modes {
			modes = append(modes, string(m))
		}
		w.line(4, "modes: %s", flow(modes))
	}
	if len(s.Assets) > 0 {
		var kinds []string
		for _, k := range s.Assets {
			kinds = append(kinds, string(k))
		}
		w.line(4, "assets: %s", flow(kinds))
	}
	if s.Expiry != "" {
		w.line(4, "expiry: %s", s.Expiry)
	}
	if !s.After.IsZero() {
		w.line(4, "after: %s", s.After)
	}
	w.line(4, "when: %s\n    threshold: %d\n    offers: %d\n    read-all: %t\n    criteria:", condition(s.When), s.Threshold, s.Offers, s.ReadAll)
	for _, c := range s.Criteria {
		w.line(6, "- {id: %s, title: %q, ask: %q, weight: %d, most: %d}", c.ID, c.Title, c.Ask, c.Weight, c.Most)
	}
	if s.Accept != nil {
		w.line(4, "accept:\n      depth: %d", s.Accept.Depth)
		w.policy(6, *s.Accept)
	}
}

// drawPoint draws a line of a form, or a place in a text.
func drawPoint(t *rapid.T, id string, place bool) engagement.Point {
	line := rapid.StringMatching(`[A-Za-zäß"'\\:#-]{1,20}[?!{}\[\]]?`)
	p := engagement.Point{ID: id, Title: line.Draw(t, "title"), Ask: line.Draw(t, "ask"), Source: line.Draw(t, "source"), Optional: rapid.Bool().Draw(t, "optional")}
	if place {
		if p.Dated = rapid.Bool().Draw(t, "dated"); !p.Dated {
			p.Cues = []string{"auto renew", "+null", "no."}[:rapid.IntRange(0, 3).Draw(t, "cues")]
			p.Waivable = !p.Optional && rapid.Bool().Draw(t, "waivable")
		}
		return p
	}
	p.Kind = rapid.SampledFrom([]engagement.PointKind{engagement.PointText, engagement.PointYesNo, engagement.PointChoice, engagement.PointMany, engagement.PointDate,
		engagement.PointNumber, engagement.PointAmount, engagement.PointFile, engagement.PointPerson}).Draw(t, "kind")
	switch p.Kind {
	case engagement.PointChoice, engagement.PointMany:
		p.Options = []string{"yes", "no", "~", "1", line.Draw(t, "option") + "."}
	case engagement.PointDate:
		p.Expires = rapid.Bool().Draw(t, "expires")
	case engagement.PointFile:
		p.KeepDays = rapid.IntRange(0, 400).Draw(t, "keep")
	}
	return p
}

// drawWhole gives a drawn playbook the processes of a whole onboarding.
func drawWhole(t *rapid.T, p *playbook.Playbook) {
	p.Declaration = "yes"
	p.Tiers[0].NoExitPlan = true
	p.Tiers[0].Needs = []string{"baselineCost", "yearlyCost", "vendor.country", "summary"}[:rapid.IntRange(0, 4).Draw(t, "needs")]
	p.Watch = engagement.Watch{NoticeLead: rapid.IntRange(0, 300).Draw(t, "notice"), AccessDays: rapid.IntRange(0, 1830).Draw(t, "access"), Lead: map[engagement.ExpiryKind]int{}, Reviews: map[engagement.Tier]int{}}
	for _, kind := range engagement.ExpiryKinds() {
		if rapid.Bool().Draw(t, "watched") {
			p.Watch.Lead[kind] = rapid.IntRange(1, 700).Draw(t, "lead")
		}
	}
	for tier := engagement.Tier(1); tier <= 4; tier++ {
		if rapid.Bool().Draw(t, "reviewed") {
			p.Watch.Reviews[tier] = rapid.IntRange(1, 60).Draw(t, "months")
		}
	}
	form, pack := engagement.Form{ID: "form", Title: "Form"}, engagement.Form{ID: "pack", Title: "Pack"}
	for i := range rapid.IntRange(1, 6).Draw(t, "points") {
		form.Points = append(form.Points, drawPoint(t, fmt.Sprintf("line-%d", i), false))
		pack.Points = append(pack.Points, drawPoint(t, fmt.Sprintf("place-%d", i), true))
	}
	form.Points = append(form.Points, engagement.Point{ID: "until", Title: "Until", Kind: engagement.PointDate, Expires: true})
	risks := engagement.Form{ID: "risks", Title: "Risks", Points: engagement.RiskPoints(1)}
	p.Forms = []engagement.Form{form, pack, risks}
	one := func(role string) review.Policy {
		return review.Policy{Groups: []review.Group{{Rule: review.RuleAll, Seats: []review.Seat{{ID: "seat", Role: role}}}}}
	}
	sign := one("legal")
	sign.Depth = rapid.IntRange(0, 5).Draw(t, "depth")
	add := func(id string, process playbook.Process, kind review.Kind, does playbook.Purpose, f engagement.Form) *playbook.Step {
		s := playbook.Step{ID: id, Process: process, Kind: kind, Does: does, Title: "Step", Policy: one("no"), Deadlines: drawDeadlines(t), Form: f.ID, Points: f.Points,
			When: playbook.Condition{CostFrom: rapid.IntRange(0, 9).Draw(t, "from"), Systems: []string{"no", "~"}[:rapid.IntRange(0, 2).Draw(t, "systems")],
				Lessons: exit.Lessons()[:rapid.IntRange(0, 3).Draw(t, "lessons")]}}
		if process != playbook.Contract {
			s.Stage = "need"
		}
		p.Steps = append(p.Steps, s)
		return &p.Steps[len(p.Steps)-1]
	}
	item := add("item", playbook.Diligence, review.Delivery, "", form)
	item.Accept, item.Expiry = &sign, rapid.SampledFrom(engagement.ExpiryKinds()).Draw(t, "expiry")
	add("risk", playbook.Diligence, review.Task, playbook.DoesRisk, risks).Accept = &sign
	add("clauses", playbook.Contract, review.Checklist, playbook.DoesClauses, pack)
	add("halfway", playbook.Pilot, review.Decision, playbook.DoesHalfway, engagement.Form{}).After = calendar.Span{Days: 2, Hours: 3}
	score := add("score", playbook.Pilot, review.Rating, playbook.DoesScore, engagement.Form{})
	share := rapid.IntRange(1, 99).Draw(t, "share")
	score.Threshold = rapid.IntRange(0, 100).Draw(t, "threshold")
	score.Criteria = []engagement.Criterion{{ID: "no", Title: "A: b", Ask: "c #", Weight: share, Most: rapid.IntRange(1, 100).Draw(t, "most")}, {ID: "yes", Title: "~", Weight: 100 - share, Most: 5}}
	add("go", playbook.Pilot, review.Decision, playbook.DoesGo, engagement.Form{})
	p.Steps[1].ReadAll = rapid.Bool().Draw(t, "all")
}

const filled = `
declaration: read-in-full
forms:
  - id: offer
    title: Offer
    points:
      - {id: vendor, title: Whose, kind: text}
      - {id: amount, title: Price, kind: amount}
  - id: list
    title: A list
    points:
      - {id: any, title: Any, kind: yes-no}
      - rows: 3
        least: 1
        of: sub-processor
        points:
          - {id: name, title: Who, kind: text}
          - {id: basis, title: Why, kind: text, optional: true}
      - {id: note, title: Note, kind: text}
`

// fill is the short playbook with forms and a step.
func fill(step string) string {
	return strings.NewReplacer("stages: [need, contract]", "stages: [need, contract]"+filled, "tier: 2}", "tier: 2, exit-plan: none}").Replace(short) + step + `
  - {id: list, stage: need, kind: task, title: L, form: list, accept: legal, seats: [finance], due: 2d}
`
}

func TestPointsOfRowsAndOffers(t *testing.T) {
	t.Parallel()
	pb, err := ReadPlaybook("s", []byte(fill("  - {id: offers, stage: need, kind: delivery, does: offers, offers: 2, title: O, form: offer, seats: [finance], due: 2d}")))
	if err != nil {
		t.Fatal(err)
	}
	show := func(points []engagement.Point) []string {
		var all []string
		for _, p := range points {
			word := ""
			if p.Optional {
				word = " (optional)"
			}
			all = append(all, p.ID+": "+p.Title+word)
		}
		return all
	}
	offers, list := pb.Steps[2], pb.Steps[3]
	if d := cmp.Diff([]string{"offer-1-vendor: Offer 1: Whose", "offer-1-amount: Offer 1: Price", "offer-2-vendor: Offer 2: Whose", "offer-2-amount: Offer 2: Price"}, show(offers.Points)); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]string{"any: Any", "sub-processor-1-name: Sub processor 1: Who", "sub-processor-1-basis: Sub processor 1: Why (optional)",
		"sub-processor-2-name: Sub processor 2: Who (optional)", "sub-processor-2-basis: Sub processor 2: Why (optional)",
		"sub-processor-3-name: Sub processor 3: Who (optional)", "sub-processor-3-basis: Sub processor 3: Why (optional)", "note: Note"}, show(list.Points)); d != "" {
		t.Error(d)
	}
	want := review.Policy{Groups: []review.Group{{Rule: review.RuleAll, Seats: []review.Seat{{ID: "legal", Role: "legal", Mandatory: true}}}}}
	if d := cmp.Diff(&want, list.Accept); d != "" {
		t.Error("one role alone accepts:", d)
	}
}

func TestMistakesInForms(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ old, new, want string }{
		{"rows: 3", "rows: 30", "19:15: a form can't have 30 rows (1 to 20)"},
		{"rows: 3", "rows: some", `19:15: rows is a whole number: it cannot be "some"`},
		{"least: 1", "least: 4", "20:16: 4 of 3 rows make no sense (how many have to be filled in; the others may be left out)"},
		{"        of: sub-processor\n", "", "19:9: what there are rows of is missing (as in `of: risk`)"},
		{"of: sub-processor", "off: sub-processor", `21:9: unknown key "off" in rows of a form (did you mean of?)`},
		{"kind: yes-no", "kind: yesno", `18:37: unknown kind of point "yesno" (did you mean yes-no?)`},
		{"title: Why, kind: text", "title: Why, kind: choice", "24:13: there is nothing to choose from (list what can be chosen)"},
		{"form: list, accept: legal", "form: lisst, accept: legal", `58:57: unknown form "lisst" (did you mean list?)`},
		{"accept: legal", "accept: {seats: [lawyer]}", `58:80: unknown role "lawyer" (there are: legal, security, finance, @owner, @vendor, @outside)`},
		{"accept: legal", "acept: legal", `58:63: unknown key "acept" in a step (did you mean accept?)`},
		{"declaration: read-in-full", "declaration: read", `8:14: unknown attestation "read" (there are: read-in-full)`},
		{"exit-plan: none", "exit-plan: later", "6:30: an exit plan is `none` or `needed`: it cannot be \"later\""},
		{"exit-plan: none", "needs: [summry], exit-plan: none", `6:27: unknown field of the intake "summry" (did you mean summary?)`},
		{"declaration: read-in-full", "watch: {lead: {bread: 3}}", `8:16: unknown key "bread" in how many days ahead (there are: certificate, insurance, evidence, staff-check, dpa, access, waiver, declaration, contract, exit-plan, review, copy, gap)`},
		{"declaration: read-in-full", "watch: {lead: {dpa: soon}}", `8:21: dpa is a whole number: it cannot be "soon"`},
		{"declaration: read-in-full", "watch: {reviews: {1: 99}}", "8:22: a vendor can't be looked at every 99 months (1 to 60)"},
	} {
		_, err := ReadPlaybook("s", []byte(strings.Replace(fill(""), c.old, c.new, 1)))
		if got := heads(err); !oneOf(c.want, got) {
			t.Errorf("%s:\n%v\nwant %s", c.new, strings.Join(got, "\n"), c.want)
		}
	}
}

func TestAnIntakeSaysWhatItCostsTodayAndWhoHasAnInterest(t *testing.T) {
	t.Parallel()
	v, err := ReadIntake("v.yaml", []byte("vendor: {name: Acme, service: s}\nreason: r\nowner: ann\nbaseline-cost: 0\ninterest: yes\nwhich-interest: my brother\n"))
	if err != nil || v.Intake.BaselineCost == nil || *v.Intake.BaselineCost != 0 || v.Intake.Interest != engagement.Yes || v.Intake.WhichInterest != "my brother" {
		t.Errorf("%v %+v", err, v.Intake)
	}
	v, err = ReadIntake("v.yaml", []byte("vendor: {name: Acme, service: s}\nreason: r\nowner: ann\n"))
	if err != nil || v.Intake.BaselineCost != nil || v.Intake.Interest != "" {
		t.Errorf("%v %+v", err, v.Intake)
	}
	_, err = ReadIntake("v.yaml", []byte("vendor: {name: Acme, service: s}\nreason: r\nowner: ann\nbaseline-cost: -1\ninterest: maybe\n"))
	wantHeads(t, err, "4:16: a cost cannot be below zero", `5:11: "maybe" says neither (yes or no)`)
}
