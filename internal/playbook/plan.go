package playbook

import (
	"slices"
	"time"

	"gangway/internal/calendar"
	"gangway/internal/engagement"
	"gangway/internal/review"
)

// Plan is what a playbook would ask for an intake, of whom and by when, if it
// started at an instant and every group answered on its due date. It is shown
// before anything starts.
type Plan struct {
	Playbook string          `json:"playbook"`
	Title    string          `json:"title"`
	Vendor   string          `json:"vendor"`
	Tier     engagement.Tier `json:"tier"`
	// Requester is who is taken to have filed the intake: they decide nothing.
	Requester string    `json:"requester,omitempty"`
	Start     time.Time `json:"start"`
	End       time.Time `json:"end"`
	// Soonest is when it would end if everybody answered at once: what takes its time
	// whoever answers is a pilot.
	Soonest time.Time `json:"soonest"`
	// Requests is how many are asked, OfVendor how many of them of the vendor's people.
	Requests int           `json:"requests"`
	OfVendor int           `json:"ofVendor,omitempty"`
	Steps    []PlannedStep `json:"steps"`
	// Load is what each person who is asked anything is asked, in the order of the
	// people file.
	Load []Load `json:"load"`
	// Empty are the seats that nobody could take.
	Empty []emptySeat `json:"empty,omitempty"`
	// Idle are the client's own people who would hold no seat.
	Idle []string `json:"idle,omitempty"`
	// Fewest is how many people would do. It is found by seating one, two, three … people who hold
	// every role, with the matching that seats real requests, until no seat is empty.
	Fewest int `json:"fewest"`
	// Costs is what a vendor of each tier costs at most.
	Costs []tierCost `json:"costs,omitempty"`
	// Watch is what comes after: how early what runs out is brought up, and how often a
	// vendor is looked at again.
	Watch engagement.Watch `json:"watch,omitzero"`
	// DPA says whether a data processing agreement would be collected, a result of
	// the collection or the word needed; empty: the playbook collects none.
	DPA string `json:"dpa,omitempty"`
}

// PlannedStep is one step with its dates.
type PlannedStep struct {
	ID      string         `json:"id"`
	Process Process        `json:"process"`
	Stage   string         `json:"stage"`
	Kind    review.Kind    `json:"kind"`
	Title   string         `json:"title"`
	Ask     string         `json:"ask,omitempty"`
	Opened  time.Time      `json:"opened"`
	Due     time.Time      `json:"due"` // of the last group
	Groups  []PlannedGroup `json:"groups"`
	// Does is what the step is for, Form what is filled in and of how many points.
	Does   Purpose `json:"does,omitempty"`
	Form   string  `json:"form,omitempty"`
	Points int     `json:"points,omitempty"`
	// Instead: it is asked in the place of another step, if the owner chooses so, and
	// counted in nobody's load.
	Instead bool `json:"instead,omitempty"`
}

// PlannedGroup is one group with its seats; it is asked when the one before it
// is due.
type PlannedGroup struct {
	Name   string        `json:"name,omitempty"`
	Rule   review.Rule   `json:"rule"`
	Needed int           `json:"needed"`
	Dates  dates         `json:"dates"`
	Seats  []PlannedSeat `json:"seats"`
}

// PlannedSeat is one seat and who would hold it.
type PlannedSeat struct {
	review.Seat
	// Person and Name are empty when nobody could take the seat.
	Person string     `json:"person,omitempty"`
	Name   string     `json:"name,omitempty"`
	Via    review.Via `json:"via,omitempty"`
	For    string     `json:"for,omitempty"` // whom a backup stands in for
	// Backup would join if the seat stays silent; empty: nobody could.
	Backup string `json:"backup,omitempty"`
	// Remind are the reminders in the holder's own working hours.
	Remind []time.Time `json:"remind,omitempty"`
	// Twice: the same person holds another seat of this step, as a pair.
	Twice bool `json:"twice,omitempty"`
	// Lacks are the competences that the seat asks for and the person is not known to
	// have.
	Lacks []string `json:"lacks,omitempty"`
}

// Load is one person's share of the plan.
type Load struct {
	Person string `json:"person"`
	Name   string `json:"name"`
	// Requests they answer, Messages they come as (what opens at one moment is one
	// message), Minutes of work by the playbook's estimates.
	Requests int `json:"requests"`
	Messages int `json:"messages"`
	Minutes  int `json:"minutes"`
}

// emptySeat is a seat that nobody could take, and why.
type emptySeat struct {
	Step string `json:"step"`
	Seat string `json:"seat"`
	Role string `json:"role"`
	Why  string `json:"why"`
}

// Plan computes the plan for an intake that is filed at start. It seats people
// exactly as a request does when it opens, but all at the start of each step and
// by what is known of absences today. Who files is taken from the intake's
// address and is the owner where that names nobody.
func (p Playbook) Plan(people []Person, i Intake, snap calendar.Snapshot, start time.Time) Plan {
	pl := planner{book: p, people: people, intake: i, snap: snap}
	pl.plan = Plan{Playbook: p.Name, Title: p.Title, Vendor: i.VendorSlug(), Tier: TierFor(p.Tiers, i.Facts()),
		Requester: requester(i, people), Start: start}
	now := start
	for _, stage := range p.Stages {
		now = pl.stage(stage, now)
	}
	pl.plan.End = now
	pl.count()
	atOnce := planner{book: p, intake: i, snap: snap, quick: true}
	atOnce.plan.Tier, pl.plan.Soonest = pl.plan.Tier, start
	for _, stage := range p.Stages {
		pl.plan.Soonest = atOnce.stage(stage, pl.plan.Soonest)
	}
	pl.plan.Fewest, pl.plan.Costs, pl.plan.Watch = p.fewest(pl.plan.Tier), p.costs(), p.Watch
	return pl.plan
}

// requester is the person who files the intake.
func requester(i Intake, people []Person) string {
	known := slices.ContainsFunc(people, func(p Person) bool { return i.From.ID != "" && p.ID == i.From.ID })
	if known {
		return i.From.ID
	}
	return i.Owner
}

type planner struct {
	book   Playbook
	people []Person
	intake Intake
	snap   calendar.Snapshot
	plan   Plan
	// makers delivered what the next step judges, and don't judge it.
	makers []string
	// quick: everybody answers at once, and nothing is put down.
	quick bool
}

func (pl *planner) step(s Step, stage string, now time.Time) time.Time {
	if pl.quick {
		return now
	}
	in := pl.intake
	r := s.request(pl.plan.Vendor, in.Owner, pl.plan.Requester, now)
	r.Makers = pl.makers
	benches := Bench(s.Policy, pl.people, 0, pl.plan.Vendor, in.Owner, in.Deputy, in.Sponsor, now)
	r.Fold(r.Assign(benches, now))
	planned := PlannedStep{ID: s.ID, Process: s.Process, Stage: stage, Kind: s.Kind, Title: s.Title, Ask: s.Ask, Opened: now,
		Does: s.Does, Form: s.Form, Points: len(s.Points)}
	for _, g := range s.Policy.Groups {
		pg := PlannedGroup{Name: g.Name, Rule: g.Rule, Needed: g.Needed(), Dates: s.Deadlines.dates(pl.snap, pl.book.Hours, now)}
		for _, seat := range g.Seats {
			pg.Seats = append(pg.Seats, pl.seat(&r, seat, benches, pg.Dates, s))
		}
		now = later(now, pg.Dates.Due)
		planned.Groups = append(planned.Groups, pg)
	}
	planned.Due = now
	pl.plan.Steps = append(pl.plan.Steps, planned)
	return now
}

// request is the step as a request that nobody has answered yet: every seat of
// the policy is there, none is held. Whoever filed the intake answers none of
// its steps, tasks included, as in the processes.
func (s Step) request(vendor, owner, requester string, opened time.Time) review.Request {
	r := review.Request{ID: s.ID, Step: s.ID, Kind: s.Kind, Requester: s.Barred(requester), Owner: owner, Vendor: vendor, Policy: s.Policy, Opened: opened}
	for gi, g := range s.Policy.Groups {
		for _, seat := range g.Seats {
			r.Seatings = append(r.Seatings, review.Seating{Seat: seat.ID, Group: gi})
		}
	}
	return r
}

func (pl *planner) seat(r *review.Request, seat review.Seat, benches []review.Bench, dates dates, s Step) PlannedSeat {
	planned := PlannedSeat{Seat: seat}
	bench := benches[slices.IndexFunc(benches, func(b review.Bench) bool { return b.Seat == seat.ID })]
	holders := r.Seating(seat.ID).Holders
	if len(holders) == 0 && seat.Role == review.VendorRole && len(pl.intake.Vendor.Contacts) > 0 {
		planned.Name = pl.intake.Vendor.Contacts[0].Name // known once the case is open
		return planned
	}
	if len(holders) == 0 {
		pl.plan.Empty = append(pl.plan.Empty, emptySeat{Step: s.ID, Seat: seat.ID, Role: seat.Role, Why: pl.why(r, bench)})
		return planned
	}
	h := holders[0]
	planned.Person, planned.Via, planned.For = h.Person, h.Via, h.From
	planned.Twice = len(r.SeatsOf(h.Person, r.Opened)) > 1
	for _, p := range pl.people {
		if p.ID == h.Person {
			planned.Name, planned.Lacks = p.Name, engagement.Lacks(seat.Competence, p.Competences)
			planned.Remind = s.Deadlines.reminders(pl.snap, pl.book.Hours, p, dates.Opened)
		}
	}
	planned.Backup = pl.backup(r, bench, dates.Backup)
	return planned
}

// backup is who would join a seat that is still silent at an instant.
func (pl *planner) backup(r *review.Request, b review.Bench, at time.Time) string {
	for _, c := range b.Candidates {
		if at.IsZero() || c.Via != review.ViaBackup || !r.MayHold(b.Seat, c.Person, at) {
			continue
		}
		i := slices.IndexFunc(pl.people, func(p Person) bool { return p.ID == c.Person.ID })
		if pl.people[i].AwayAt(at).IsZero() {
			return c.Person.ID
		}
	}
	return ""
}

// why says in words for people why nobody could take a seat.
func (pl *planner) why(r *review.Request, b review.Bench) string {
	switch seat, _, _ := r.Seat(b.Seat); {
	case len(b.Candidates) == 0 && seat.Role == review.VendorRole:
		return "no contact of the vendor is known"
	case len(b.Candidates) == 0 && seat.Role == review.OutsideRole:
		return "the case owner names somebody of neither side once it is open"
	case len(b.Candidates) == 0:
		return "nobody holds the role"
	}
	asks, vendor, made := 0, 0, 0
	for _, c := range b.Candidates {
		switch {
		case c.Person.ID == r.Requester:
			asks++
		case c.Person.Employer != "" && c.Person.Employer == r.Vendor:
			vendor++
		case slices.Contains(r.Makers, c.Person.ID):
			made++
		}
	}
	switch len(b.Candidates) {
	case made:
		return "the only one who could made what is judged"
	case asks:
		return "the only one who could asks for it themselves"
	case vendor:
		return "only people of the vendor hold the role"
	case asks + vendor:
		return "those who could ask for it themselves or work for the vendor"
	}
	return "those who could sit in another seat of this step already"
}

// count sums up what is asked, and of whom.
func (pl *planner) count() {
	for _, s := range pl.plan.Steps {
		pl.plan.Requests++ // of two ways one is asked, and the owner which
		if s.Instead {
			continue
		}
		vendors := func(g PlannedGroup) bool {
			return slices.ContainsFunc(g.Seats, func(x PlannedSeat) bool { return x.Role == review.VendorRole })
		}
		if slices.ContainsFunc(s.Groups, vendors) {
			pl.plan.OfVendor++
		}
	}
	pl.load()
}

// load is who is asked what.
func (pl *planner) load() {
	for _, p := range pl.people {
		l := Load{Person: p.ID, Name: p.Name}
		var moments []time.Time
		for _, s := range pl.plan.Steps {
			if s.Instead {
				continue
			}
			here := false
			for _, g := range s.Groups {
				for _, seat := range g.Seats {
					if seat.Person != p.ID {
						continue
					}
					here = true
					l.Minutes += seat.Minutes
					if !slices.ContainsFunc(moments, g.Dates.Opened.Equal) {
						moments = append(moments, g.Dates.Opened)
					}
				}
			}
			if here {
				l.Requests++
			}
		}
		l.Messages = len(moments)
		switch {
		case l.Requests > 0:
			pl.plan.Load = append(pl.plan.Load, l)
		case !p.Left && p.Employer == "":
			pl.plan.Idle = append(pl.plan.Idle, p.ID)
		}
	}
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
