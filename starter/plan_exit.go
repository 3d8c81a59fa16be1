package main

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"gangway/config"
	"gangway/internal/calendar"
	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/exit"
	"gangway/internal/playbook"
)

// looksAgain is how many days after it was cut a vendor's access is looked at again,
// before a certificate can be signed.
const looksAgain = 30

// plannedExit is what leaving a vendor would ask, if it were ordered at a moment and
// everybody answered on their last day.
type plannedExit struct {
	Mode exit.Mode `json:"mode"`
	// Off is when the vendor is off, Again when that is looked at again, Closed when the
	// certificate is signed.
	Off    time.Time `json:"off"`
	Again  time.Time `json:"again"`
	Closed time.Time `json:"closed"`
	// By is the day that is wanted; Late is by how many days the plan passes it.
	By   time.Time `json:"by,omitzero"`
	Late int       `json:"late,omitempty"`
	// Notice is nil where no notice period was named.
	Notice *dossier.ExitDates `json:"notice,omitempty"`
	// Chased are the rungs that are asked where the vendor does not do its part, If what
	// is asked where more is found; neither is in the plan's dates.
	Chased []string      `json:"chased,omitempty"`
	If     []string      `json:"if,omitempty"`
	Plan   playbook.Plan `json:"plan"`
	Close  playbook.Plan `json:"close"`
}

// planExit shows what leaving the vendor of a file would ask, offline.
func (s *session) planExit(file config.VendorFile, book playbook.Playbook, people config.People, snap calendar.Snapshot, start time.Time) error {
	order := exit.Order{Mode: exit.Mode(s.text("mode")), After: exit.AfterReplaced}
	if order.Mode == "" {
		order.Mode = exit.ModePlanned
	}
	if words := spelled(exit.Modes()); !slices.Contains(words, string(order.Mode)) || order.Mode == exit.ModeDrill {
		return usage(fmt.Sprintf("there is no plan for --mode %.40q", order.Mode), "say planned, stressed or for-cause; a drill plays one of them")
	}
	in := file.Intake
	tier := playbook.TierFor(book.Tiers, in.Facts())
	if t := s.text("tier"); t != "" {
		if len(t) != 1 || !engagement.Tier(t[0]-'0').Valid() {
			return usage(fmt.Sprintf("there is no --tier %.20q", t), "1 is the most critical, 4 the least")
		}
		tier = engagement.Tier(t[0] - '0')
	}
	steps := book.ExitSteps(order, tier, in.Facts())
	if len(steps) == 0 {
		return failed("the playbook "+book.Name+" does not say how a vendor is left", "name one of the exits that ship in it, as in `exit: whole-exit`")
	}
	p := plannedExit{Mode: order.Mode}
	body, closing := p.books(book, tier, steps)
	p.Plan = body.Plan(people.List, in, snap, start)
	p.Off, p.Again = p.Plan.End, p.Plan.End.AddDate(0, 0, looksAgain)
	p.Close = closing.Plan(people.List, in, snap, p.Again)
	p.Closed = p.Close.End
	if err := s.wanted(&p, book, start); err != nil {
		return err
	}
	t := planText{session: s, plan: p.Plan, snap: snap, zone: book.Hours.Zone}
	return s.printValue(p, func() { t.leaving(p) })
}

// wanted holds the plan against the day and the notice period that were named.
func (s *session) wanted(p *plannedExit, book playbook.Playbook, start time.Time) error {
	if s.text("by") == "" {
		return nil
	}
	zone, err := time.LoadLocation(book.Hours.Zone)
	if err != nil {
		return fmt.Errorf("finding the playbook's time zone: %w", err)
	}
	if p.By, err = readDay(s.text("by"), zone); err != nil {
		return err
	}
	if last := p.By.AddDate(0, 0, 1); p.Off.After(last) {
		p.Late = 1 + int(p.Off.Sub(last)/(24*time.Hour))
	}
	text := s.text("notice-days")
	if text == "" {
		return nil
	}
	var days int
	if _, err := fmt.Sscanf(text, "%d", &days); err != nil || days < 0 || days > 3660 {
		return usage(fmt.Sprintf("--notice-days %.20q is no number of days", text))
	}
	y, m, d := start.In(zone).Date()
	dates := dossier.DatesOf(engagement.Expiry{NoticeDays: days}, true, time.Date(y, m, d, 0, 0, 0, 0, zone), p.By)
	p.Notice = &dates
	return nil
}

// exitLegs are what an exit does one after the other: what stands in one line is asked
// side by side.
func exitLegs() []struct {
	name string
	does []playbook.Purpose
} {
	return []struct {
		name string
		does []playbook.Purpose
	}{
		{"decision", []playbook.Purpose{exit.DoesDecide, exit.DoesEmergency}},
		{"ratified", []playbook.Purpose{exit.DoesRatify}},
		{"notice", []playbook.Purpose{exit.DoesNotice, exit.DoesRoster}},
		{"plan", []playbook.Purpose{exit.DoesPlan}},
		{"given-up", []playbook.Purpose{exit.DoesGivenUp}},
		{"handing over", []playbook.Purpose{exit.DoesSession, exit.DoesMaterial, exit.DoesAssets, exit.DoesHand, exit.DoesChoice}},
		{"tried out", []playbook.Purpose{exit.DoesShown, exit.DoesVerify, exit.DoesRestore, exit.DoesReturned}},
		{"taken over", []playbook.Purpose{exit.DoesReceived, exit.DoesTake, exit.DoesOpened}},
		{"side by side", []playbook.Purpose{exit.DoesParallel}},
		{"cut-over", []playbook.Purpose{exit.DoesCutOver}},
		{"cut", []playbook.Purpose{exit.DoesSystems, exit.DoesDeleted}},
		{"checked", []playbook.Purpose{exit.DoesSecond, exit.DoesChecked, exit.DoesMoney, exit.DoesSurvival, exit.DoesLessons}},
	}
}

// books are the exit as two playbooks whose stages are its legs, so that it is planned
// as everything else is: what comes before access is looked at again, and the close.
func (p *plannedExit) books(book playbook.Playbook, tier engagement.Tier, steps []playbook.Step) (body, closing playbook.Playbook) {
	body = playbook.Playbook{Name: book.Name, Title: "Leaving the vendor", Hours: book.Hours, Roles: book.Roles, Tiers: []playbook.TierRule{{Tier: tier}}}
	closing = body
	closing.Stages = []string{"forgotten", "close"}
	if !slices.ContainsFunc(steps, func(s playbook.Step) bool { return s.Does == exit.DoesForgotten }) {
		closing.Stages = closing.Stages[1:]
	}
	for _, s := range steps {
		does := s.Does
		s.Process, s.Does = playbook.Onboarding, ""
		leg := slices.IndexFunc(exitLegs(), func(l struct {
			name string
			does []playbook.Purpose
		}) bool {
			return slices.Contains(l.does, does)
		})
		switch {
		case does == exit.DoesChase:
			p.Chased = append(p.Chased, s.ID)
		case does == exit.DoesForgotten:
			s.Stage = "forgotten"
			closing.Steps = append(closing.Steps, s)
		case does == exit.DoesClose:
			s.Stage = "close"
			closing.Steps = append(closing.Steps, s)
		case leg < 0:
			p.If = append(p.If, s.ID)
		default:
			s.Stage = exitLegs()[leg].name
			body.Steps = append(body.Steps, s)
		}
	}
	for _, l := range exitLegs() {
		if slices.ContainsFunc(body.Steps, func(s playbook.Step) bool { return s.Stage == l.name }) {
			body.Stages = append(body.Stages, l.name)
		}
	}
	return body, closing
}

// leaving writes the plan of an exit.
func (p planText) leaving(x plannedExit) {
	p.out.line("%s (%s, %s), vendor %s, tier %d", painted{x.Plan.Title, styleBold}, x.Plan.Playbook, string(x.Mode), x.Plan.Vendor, int(x.Plan.Tier))
	p.out.line("starts %s; the vendor is off %s if every group answers on its last day (%s)", p.at(x.Plan.Start), p.at(x.Off), p.zone)
	p.out.line("looked at again %s; the certificate is signed by %s", p.at(x.Again), p.at(x.Closed))
	p.out.line("%s asks for it and decides nothing", dash(x.Plan.Requester))
	p.inTime(x)
	p.brief()
	closing := p
	closing.plan = x.Close
	closing.brief()
	p.out.line("")
	if len(x.Chased) > 0 {
		p.out.line("where the vendor does not do its part, one after the other: %s", strings.Join(x.Chased, ", "))
	}
	if len(x.If) > 0 {
		p.out.line("only where there is reason: %s", strings.Join(x.If, ", "))
	}
	p.out.line("assets are asked for once a kind and receiver, knowledge once an area: here each counts once")
	p.totals()
	g := newGrid("", "PERSON", "NAME", "REQUESTS", "MESSAGES", "MINUTES")
	for _, l := range x.Plan.Load {
		g.add(l.Person, l.Name, fmt.Sprint(l.Requests), fmt.Sprint(l.Messages), fmt.Sprint(l.Minutes))
	}
	g.print(p.out)
	for _, e := range append(slices.Clone(x.Plan.Empty), x.Close.Empty...) {
		p.out.line("%s: seat %s of step %s (role %s): %s", painted{"empty", styleBad}, e.Seat, e.Step, e.Role, e.Why)
	}
}

// inTime says whether the wanted day is possible.
func (p planText) inTime(x plannedExit) {
	if x.By.IsZero() {
		return
	}
	if x.Late > 0 {
		p.out.line("%s: the steps take %s longer than until %s; a stressed plan says what is given up", painted{"too late", styleBad}, counted(x.Late, "day"), p.day(x.By))
	} else {
		p.out.line("the steps end in time for %s", p.day(x.By))
	}
	switch {
	case x.Notice == nil:
		p.out.line("whether the notice period allows %s is not known; name it with --notice-days", p.day(x.By))
	case x.Notice.InTime:
		p.out.line("notice has to arrive by %s", p.day(x.Notice.NoticeBy))
	default:
		p.out.line("%s: notice would have had to arrive by %s; given today it makes %s possible", painted{"too late", styleBad}, p.day(x.Notice.NoticeBy), p.day(x.Notice.Earliest))
	}
}
