package playbook

import (
	"gangway/internal/calendar"
	"gangway/internal/engagement"
	"gangway/internal/exit"
	"gangway/internal/review"
)

// Process names the process that a step belongs to.
type Process string

// The processes that steps can belong to, besides those of an exit, which are exit's
// Part… (parts).
const (
	Onboarding Process = "onboarding"
	Contract   Process = "contract"
	DPA        Process = "dpa" // the collection of a data processing agreement
	Diligence  Process = "diligence"
	Pilot      Process = "pilot"
	Oversight  Process = "oversight" // from going live to the exit
)

// ContractStage is the stage of an onboarding in which the contract review runs
// as a process of its own.
const ContractStage = "contract"

// Playbook is what an organisation asks when it takes a vendor on board.
type Playbook struct {
	Name  string `json:"name"`
	Title string `json:"title"`
	// Hours are the organisation's own working hours: deadlines count in them.
	Hours calendar.Schedule `json:"hours"`
	Roles []string          `json:"roles"`
	// Data names the data categories that an intake may list.
	Data  []string   `json:"data,omitempty"`
	Tiers []TierRule `json:"tiers"`
	// Stages are the onboarding's stages in order; steps of one stage are asked
	// at the same moment. ContractStage stands for the contract review and, beside
	// it, the collection of a data processing agreement.
	Stages []string `json:"stages"`
	Steps  []Step   `json:"steps"`
	// DPAWhen says when a data processing agreement is needed; it means something
	// where there are steps that collect one.
	DPAWhen Condition `json:"dpaWhen,omitzero"`
	// Chores are the deadlines of what the case owner is asked between steps
	// (filing a text, sending changes, settling a refusal).
	Chores Deadlines `json:"chores"`
	// Packs names the packs of clauses that it takes from those that ship; they are
	// among Forms.
	Packs []string `json:"packs,omitempty"`
	// Forms are what steps ask to be filled in, by their ids: questionnaires, clause
	// packs, exit plans.
	Forms []engagement.Form `json:"forms,omitempty"`
	// Declaration is the attestation that a person's first answer in a case must
	// carry; empty: none.
	Declaration string `json:"declaration,omitempty"`
	// Watch says how early what runs out is brought up while the vendor works.
	Watch engagement.Watch `json:"watch,omitzero"`
	// Attestations are the statements that seats may ask for, by their ids.
	Attestations []Attestation `json:"attestations,omitempty"`
	// Exit names the exit that ships and that it takes: its steps and forms are among
	// Steps and Forms.
	Exit string `json:"exit,omitempty"`
}

// Attestation is a statement that an approval can carry: what the person says by
// ticking it.
type Attestation struct {
	ID   string `json:"id"`
	Text string `json:"text"`
}

// Attestation returns the text of an attestation, the id itself where the
// playbook has none.
func (p Playbook) Attestation(id string) string {
	for _, a := range p.Attestations {
		if a.ID == id {
			return a.Text
		}
	}
	return id
}

// TierRule gives a tier to the engagements that meet its condition; the first
// rule that matches wins.
type TierRule struct {
	Tier engagement.Tier `json:"tier"`
	When Condition       `json:"when,omitzero"`
	// Needs names fields of the intake that an engagement of this tier must say.
	Needs []string `json:"needs,omitempty"`
	// NoExitPlan: a vendor of this tier goes live without one.
	NoExitPlan bool `json:"noExitPlan,omitempty"`
}

// Condition holds when every part that is given holds. The zero Condition holds
// always.
type Condition struct {
	// Data: one of these categories is touched.
	Data []string `json:"data,omitempty"`
	// Systems: one of these systems is touched.
	Systems []string `json:"systems,omitempty"`
	// CostFrom: the yearly cost is at least this (whole units of the client's
	// currency).
	CostFrom int `json:"costFrom,omitempty"`
	// Lessons: leaving a vendor who did the same taught one of these.
	Lessons []string `json:"lessons,omitempty"`
}

// Step is one thing that is asked.
type Step struct {
	ID      string  `json:"id"`
	Process Process `json:"process"`
	// Stage of an onboarding step; of a step of a due diligence or a pilot the stage in
	// which that process runs.
	Stage string      `json:"stage,omitempty"`
	Kind  review.Kind `json:"kind"`
	Title string      `json:"title"`
	Ask   string      `json:"ask,omitempty"`
	// Tiers that the step applies to; empty: all.
	Tiers     []engagement.Tier `json:"tiers,omitempty"`
	Policy    review.Policy     `json:"policy"`
	Deadlines Deadlines         `json:"deadlines"`
	// When the step is asked, besides its tiers.
	When Condition `json:"when,omitzero"`
	// Form names what is filled in; Points are its points, put in when the playbook is
	// read, so that a process is given them whole.
	Form   string             `json:"form,omitempty"`
	Points []engagement.Point `json:"points,omitempty"`
	// Assets are the kinds that a step of an asset hand-over is for; empty: all that no
	// other step of its purpose names. Staff who move are asked about by name alone.
	Assets []exit.AssetKind `json:"assets,omitempty"`
	// Modes of an exit in which the step is asked; empty: all.
	Modes []exit.Mode `json:"modes,omitempty"`
	// Drill is what somebody of ours does of the step within an hour, in a drill with
	// people; empty: nothing.
	Drill string `json:"drill,omitempty"`
	// Does is what the step is for, where a process treats it in a way of its own.
	Does Purpose `json:"does,omitempty"`
	// After is when the step is asked, counted from the start of its process; zero: as
	// soon as its turn comes. Only a pilot's steps have one.
	After calendar.Span `json:"after,omitzero"`
	// Criteria of a score, whose weights add up to 100. Threshold is the weighted score
	// from 0 to 100 that the decision on it needs.
	Criteria  []engagement.Criterion `json:"criteria,omitempty"`
	Threshold int                    `json:"threshold,omitempty"`
	// Offers is how many comparable offers a step that collects them wants.
	Offers int `json:"offers,omitempty"`
	// Accept is who says that what was delivered will do; nil: it is enough that it
	// came.
	Accept *review.Policy `json:"accept,omitempty"`
	// Expiry is what a date of the form that expires is; empty: evidence.
	Expiry engagement.ExpiryKind `json:"expiry,omitempty"`
	// ReadAll: every section of the document must have been read by somebody.
	ReadAll bool `json:"readAll,omitempty"`
	// Browser: the step is answered in the browser or on the command line, signed
	// in, and nowhere else.
	Browser bool `json:"browser,omitempty"`
	// MailComments: mail may comment on the step, not decide it.
	MailComments bool `json:"mailComments,omitempty"`
}

// Deadlines are when people are told what, counted from the moment a group is
// asked. Silence is never a decision: nothing here decides anything.
type Deadlines struct {
	// Due is when the group should have answered.
	Due calendar.Span `json:"due"`
	// Remind are the reminders to each seat's holders, in their own hours.
	Remind []calendar.Span `json:"remind,omitempty"`
	// Backup is when the backup joins a silent seat; Manager and Owner when the
	// line manager and the case owner are told. Zero: never.
	Backup  calendar.Span `json:"backup,omitzero"`
	Manager calendar.Span `json:"manager,omitzero"`
	Owner   calendar.Span `json:"owner,omitzero"`
}

// steps returns the steps of one process that apply to a tier, in order.
func (p Playbook) steps(process Process, tier engagement.Tier) []Step {
	var steps []Step
	for _, s := range p.Steps {
		if s.Process == process && s.Applies(tier) {
			steps = append(steps, s)
		}
	}
	return steps
}

// Applies reports whether the step is asked for a vendor of this tier. A tier
// that is not known yet counts as every tier.
func (s Step) Applies(tier engagement.Tier) bool {
	if len(s.Tiers) == 0 || tier == 0 {
		return true
	}
	for _, t := range s.Tiers {
		if t == tier {
			return true
		}
	}
	return false
}

// Barred is who must not answer the step because they asked for it: the one who
// filed the intake, where it is judged. What is to be done or delivered is asked
// by the process, not by them, and they may well be the one to do it.
func (s Step) Barred(requester string) string {
	if s.Kind == review.Decision || s.Kind == review.Rating {
		return requester
	}
	return ""
}
