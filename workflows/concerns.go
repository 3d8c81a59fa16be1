package workflows

import (
	"slices"
	"time"

	"go.temporal.io/sdk/workflow"

	"gangway/internal/calendar"
	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/exit"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// concern is one thing that a part of an exit sees to.
type concern struct {
	exit.Matter
	// before is what it was when it was waived, and is again when the waiver ends.
	before exit.Matter
	// asks names the chore that the owner gets where it blocks; empty: none yet.
	asks string
	// comes is when the owner is asked what becomes of it once its waiver ends; zero: then.
	comes time.Time
}

// blocks reports whether no certificate may be issued as the matter stands.
func (m *concern) blocks() bool {
	return m.State != exit.StateDone && m.State != exit.StateWaived && m.State != exit.StateNotNeeded
}

// concerns are those of one part, and what the owner is asked about those that block:
// one request of each kind, never a request a matter.
type concerns struct {
	*process
	part   string // exit.Part…
	all    []*concern
	blocks []*blocking
	// lead is how long before a waiver ends the owner is asked; zero: when it has.
	lead calendar.Span
	said []string // names of the matters that the newest answer is about
	// restless: its step is taken on hold as well, and does then what the clock wants alone.
	restless bool
}

// count counts what is filed under one name.
func (m *concerns) count(name string) int {
	i := slices.IndexFunc(m.rounds, func(x round) bool { return x.step == name })
	if i < 0 {
		m.rounds = append(m.rounds, round{step: name})
		i = len(m.rounds) - 1
	}
	m.rounds[i].n++
	return m.rounds[i].n
}

// blocking is what the owner is asked about matters that block.
type blocking struct {
	chore  string   // its name
	about  []string // names of the matters
	ask    *asked
	waiver *asked
	reason review.Ballot // the owner's answer that waives
}

// matter is the one of a name, open where it was not there yet.
func (m *concerns) matter(name string) *concern {
	i := slices.IndexFunc(m.all, func(x *concern) bool { return x.Name == name })
	if i >= 0 {
		return m.all[i]
	}
	x := &concern{Matter: exit.Matter{ID: m.process.in.Process + ":" + name, Part: m.part, Name: name, State: exit.StateOpen}}
	m.all = append(m.all, x)
	return x
}

// becomes notes what became of a matter. What is waived stays so until its day, unless
// it is done by then.
func (m *concerns) becomes(ctx workflow.Context, name, chore string, to exit.Matter) {
	x := m.matter(name)
	to.ID, to.Part, to.Name = x.ID, x.Part, x.Name
	if x.State == exit.StateWaived && to.State != exit.StateDone && to.State != exit.StateNotNeeded && to.State != exit.StateWaived {
		x.before, x.asks = to, chore
		return
	}
	if to.State == exit.StateWaived {
		x.comes = m.ahead(ctx, to.Until, m.lead)
		if x.State != exit.StateWaived { // else it goes on being what it was before
			x.before = x.Matter
		}
	}
	same := x.Matter == to || x.State == exit.StateOpen && to.State == exit.StateOpen && x.Until.Equal(to.Until)
	x.Matter = to
	if to.State != exit.StateWaived {
		x.asks = chore
	}
	if same {
		return
	}
	d := &dossier.Detail{Name: to.ID, Result: string(to.State), Document: to.Document, By: to.By, Ends: to.Until}
	if to.Why != "" {
		d.Values = []string{to.Why}
	}
	m.note(ctx, dossier.MatterSettled, to.By, to.Answer, nil, d)
}

// waking is when the first waiver ends, or comes up before it does; zero: none will.
func (m *concerns) waking(ctx workflow.Context) time.Time {
	var first time.Time
	for _, x := range m.all {
		if x.State != exit.StateWaived {
			continue
		}
		at := x.Until
		if x.comes.After(m.now(ctx)) {
			at = x.comes
		}
		if first.IsZero() || at.Before(first) {
			first = at
		}
	}
	return first
}

// ahead is when people are told of a day, so long before it as they have for an answer.
// Where that is past already, the day itself will do.
func (p *process) ahead(ctx workflow.Context, day time.Time, lead calendar.Span) time.Time {
	if lead.IsZero() {
		return day
	}
	at := day.Add(day.Sub(p.in.Calendar.After(p.in.Hours, day, lead)))
	if !at.After(p.now(ctx)) {
		return day
	}
	return at
}

// asksOf reports whether the owner is to be asked of a matter now: it blocks, or its
// waiver is about to end.
func (m *concerns) asksOf(ctx workflow.Context, x *concern) bool {
	ends := x.State == exit.StateWaived && !x.comes.IsZero() && !x.comes.After(m.now(ctx))
	return x.asks != "" && (x.blocks() || ends)
}

// runOut brings back what was waived until a day that has come.
func (m *concerns) runOut(ctx workflow.Context) {
	for _, x := range m.all {
		if x.State == exit.StateWaived && !x.Until.After(m.now(ctx)) {
			was, chore := x.before, x.asks
			x.State = exit.StateOpen
			m.becomes(ctx, x.Name, chore, was)
		}
	}
}

// settled reports whether nothing blocks.
func (m *concerns) settled() bool { return !slices.ContainsFunc(m.all, (*concern).blocks) }

// list is what the part answers for.
func (m *concerns) list() []exit.Matter {
	var all []exit.Matter
	for _, x := range m.all {
		all = append(all, x.Matter)
	}
	return all
}

// expiries are the ends of the waivers.
func (m *concerns) expiries() []engagement.Expiry {
	var all []engagement.Expiry
	for _, x := range m.all {
		if x.State == exit.StateWaived {
			all = append(all, engagement.Expiry{ID: x.ID + "/waived", Kind: engagement.ExpiryWaiver, Name: x.Name, On: x.Until, Document: x.Document, Person: x.By, Process: m.process.in.Process})
		}
	}
	return all
}

// answers waives what the owner waives, and returns what else they answered; nil: nothing
// yet.
func (m *concerns) answers(ctx workflow.Context) *review.Ballot {
	for _, b := range m.blocks {
		if b.waiver != nil {
			m.waive(ctx, b)
		}
		if b.ask == nil || b.ask.req.Closed != nil || b.ask.req.Tally(m.now(ctx)).State != review.Met {
			continue
		}
		x := *b.ask.req.Standing(playbook.OwnerSeat)
		m.shut(ctx, b.ask, review.Met, "decided")
		b.ask = nil
		if x.Verdict != playbook.Waive {
			m.said = b.about
			return &x
		}
		b.reason = x
		b.waiver = m.askWaiver(ctx, b)
	}
	return nil
}

// ask keeps the owner asked about what blocks.
func (m *concerns) ask(ctx workflow.Context) {
	for _, x := range m.all {
		if m.asksOf(ctx, x) {
			m.blockingOf(x.asks)
		}
	}
	for _, b := range m.blocks {
		m.keepAsked(ctx, b)
	}
}

func (m *concerns) blockingOf(chore string) *blocking {
	i := slices.IndexFunc(m.blocks, func(b *blocking) bool { return b.chore == chore })
	if i < 0 {
		m.blocks = append(m.blocks, &blocking{chore: chore})
		i = len(m.blocks) - 1
	}
	return m.blocks[i]
}

// keepAsked has the owner asked about just those matters that block: a request about
// others is closed.
func (m *concerns) keepAsked(ctx workflow.Context, b *blocking) {
	var about []string
	for _, x := range m.all {
		if x.asks == b.chore && m.asksOf(ctx, x) {
			about = append(about, x.Name)
		}
	}
	if slices.Equal(about, b.about) && (b.ask != nil || b.waiver != nil) {
		return
	}
	m.shut(ctx, b.ask, review.Open, "superseded")
	m.shut(ctx, b.waiver, review.Open, "superseded")
	b.about, b.ask, b.waiver = about, nil, nil
	if len(about) == 0 {
		return
	}
	chore := playbook.NewChore(b.chore, playbook.Process(m.part), m.process.in.Chores)
	chore.Step.ID = playbook.ChoreSettle + "-" + b.chore
	q := question{step: chore.Step, options: chore.Options, reasoned: chore.Reasoned, toVendor: chore.ToVendor}
	if document := m.matter(about[0]).Document; document != "" {
		q.document, q.versions = b.chore, []review.Version{{Number: 1, Document: document, At: m.now(ctx)}}
	}
	b.ask = m.open(ctx, q)
}

// askWaiver asks the owner until when, and for which of the matters.
func (m *concerns) askWaiver(ctx workflow.Context, b *blocking) *asked {
	chore := playbook.NewChore(playbook.ChoreWaiver, playbook.Process(m.part), m.process.in.Chores)
	chore.Step.ID = playbook.ChoreWaiver + "-" + b.chore
	chore.Step.Points = slices.Clone(chore.Step.Points)
	if len(b.about) > 1 {
		chore.Step.Points = append(chore.Step.Points, engagement.Point{ID: playbook.WaiverOf, Title: "What is waived", Kind: engagement.PointMany, Options: slices.Clone(b.about)})
	}
	return m.open(ctx, question{step: chore.Step})
}

// waive waives what the owner named, until the day that they gave. A day that has passed
// is asked for again.
func (m *concerns) waive(ctx workflow.Context, b *blocking) {
	now := m.now(ctx)
	if b.waiver.req.Closed != nil || b.waiver.req.Tally(now).State != review.Met {
		return
	}
	said := standing(b.waiver.req)[0]
	m.shut(ctx, b.waiver, review.Met, "decided")
	b.waiver = nil
	which, until := b.about, time.Time{}
	for _, f := range said.Findings {
		switch f.Point {
		case playbook.WaiverUntil:
			until = f.On
		case playbook.WaiverOf:
			which = f.Choices
		}
	}
	if !until.After(now) {
		b.waiver = m.askWaiver(ctx, b)
		return
	}
	for _, name := range which {
		x := m.matter(name)
		if !m.asksOf(ctx, x) || !slices.Contains(b.about, name) {
			continue
		}
		to := x.Matter
		to.State, to.By, to.Until, to.Answer, to.Document = exit.StateWaived, said.Person, until, b.reason.Answer, filledIn(said)
		m.becomes(ctx, name, x.asks, to)
	}
}

// filledIn is the sheet of an answer, empty where there is none.
func filledIn(b review.Ballot) string {
	if len(b.Documents) == 0 {
		return ""
	}
	return b.Documents[len(b.Documents)-1]
}

// stepFor is the step of a purpose; false: the playbook has none.
func stepFor(steps []playbook.Step, does playbook.Purpose) (playbook.Step, bool) {
	i := slices.IndexFunc(steps, func(s playbook.Step) bool { return s.Does == does })
	if i < 0 {
		return playbook.Step{}, false
	}
	return steps[i], true
}
