package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"gangway/config"
	"gangway/internal/calendar"
	"gangway/internal/engagement"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// plan shows what a vendor file would ask, offline.
func (s *session) plan(args []string) error {
	file, err := readVendor(args[0])
	if err != nil {
		return err
	}
	book, err := s.planBook(file.Intake.Playbook)
	if err != nil {
		return err
	}
	people, known, err := s.planPeople(args[0])
	if err != nil {
		return err
	}
	if known {
		err = config.Join(args[0], config.Cross(people, book), config.CrossIntake(file, people, book))
		if err != nil {
			return err
		}
	}
	start, err := s.planStart(book)
	if err != nil {
		return err
	}
	snap, err := config.Snapshot(people.List, book, start)
	if err != nil {
		return fmt.Errorf("making the calendar: %w", err)
	}
	if s.yes("exit") {
		file.Intake.From = review.Address{Channel: "cli", ID: s.as}
		return s.planExit(file, book, people, snap, start)
	}
	in := file.Intake
	in.From = review.Address{Channel: "cli", ID: s.as}
	plan := book.Plan(people.List, in, snap, start)
	t := planText{session: s, plan: plan, snap: snap, zone: book.Hours.Zone}
	if err := s.printValue(plan, t.print); err != nil {
		return err
	}
	if !known {
		s.tell("no people were given, so every seat is empty; name them with --people FILE")
	} else if len(plan.Empty) > 0 {
		s.tell("%s would wait for the case owner; give somebody the role in the people file", counted(len(plan.Empty), "empty seat"))
	}
	return nil
}

// planBook reads the playbook that was named on the command line, in the vendor
// file, or the one for whoever names none.
func (s *session) planBook(ofVendor string) (playbook.Playbook, error) {
	name := s.text("playbook")
	if strings.ContainsAny(name, "/\\.") {
		data, err := readFile(name)
		if err != nil {
			return playbook.Playbook{}, err
		}
		return config.ReadPlaybook(name, data)
	}
	for _, n := range []string{name, ofVendor, config.DefaultPlaybook} {
		if n == "" {
			continue
		}
		book, _, err := config.Shipped(n)
		if err != nil {
			return book, failed(err.Error(), "one of your own is named by its file: --playbook FILE")
		}
		return book, nil
	}
	return playbook.Playbook{}, errors.New("no playbook is named")
}

// planPeople reads the people file that was named, or the one beside the vendor
// file; known is false when there is none.
func (s *session) planPeople(vendor string) (people config.People, known bool, err error) {
	path := s.text("people")
	if path == "" {
		path = filepath.Join(filepath.Dir(vendor), "people.yaml")
		if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
			return config.People{}, false, nil
		}
	}
	data, err := readFile(path)
	if err != nil {
		return config.People{}, false, err
	}
	people, err = config.ReadPeople(path, data)
	return people, err == nil, err
}

func (s *session) planStart(book playbook.Playbook) (time.Time, error) {
	text := s.text("start")
	if text == "" {
		return s.now().UTC().Truncate(time.Minute), nil
	}
	zone, err := time.LoadLocation(book.Hours.Zone)
	if err != nil {
		return time.Time{}, fmt.Errorf("finding the playbook's time zone: %w", err)
	}
	at, err := readDay(text, zone)
	return at.UTC(), err
}

// planText writes a plan for people, in the time zone of the playbook.
type planText struct {
	*session
	plan playbook.Plan
	snap calendar.Snapshot
	zone string
}

func (p planText) at(t time.Time) string {
	switch {
	case t.IsZero():
		return "-"
	case p.iso:
		return iso(t)
	}
	return p.snap.Local(p.zone, t).Format("Mon 2 Jan 2006 15:04")
}

func (p planText) print() {
	plan := p.plan
	p.out.line("%s (%s), vendor %s, tier %d", painted{plan.Title, styleBold}, plan.Playbook, plan.Vendor, int(plan.Tier))
	p.out.line("starts %s, ends %s if every group answers on its last day (%s)", p.at(plan.Start), p.at(plan.End), p.zone)
	if plan.Soonest.After(plan.Start) {
		p.out.line("at the soonest %s, if everybody answers at once", p.at(plan.Soonest))
	}
	p.out.line("%s asks for it and decides nothing", dash(plan.Requester))
	if p.yes("brief") {
		p.brief()
	} else {
		for i, step := range plan.Steps {
			p.step(i+1, step)
		}
	}
	if plan.DPA == playbook.NotNeeded {
		p.out.line("")
		p.out.line("the data that the vendor touches need no data processing agreement: none is collected")
	}
	p.out.line("")
	p.totals()
	g := newGrid("", "PERSON", "NAME", "REQUESTS", "MESSAGES", "MINUTES")
	for _, l := range plan.Load {
		g.add(l.Person, l.Name, fmt.Sprint(l.Requests), fmt.Sprint(l.Messages), fmt.Sprint(l.Minutes))
	}
	g.print(p.out)
	if len(plan.Idle) > 0 {
		p.out.line("asked nothing: %s", strings.Join(plan.Idle, ", "))
	}
	for _, e := range plan.Empty {
		p.out.line("%s: seat %s of step %s (role %s): %s", painted{"empty", styleBad}, e.Seat, e.Step, e.Role, e.Why)
	}
	p.out.line("the fewest people that would do: %d", plan.Fewest)
	for _, c := range plan.Costs {
		p.out.line("a tier-%d vendor costs at most %s and %s", int(c.Tier), heads(c.People), counted(c.Requests, "request"))
	}
	p.watch()
}

// totals say what this vendor costs, as far as a playbook can know.
func (p planText) totals() {
	minutes := 0
	for _, l := range p.plan.Load {
		minutes += l.Minutes
	}
	days := func(until time.Time) string { return counted(int(until.Sub(p.plan.Start).Hours()/24), "day") }
	theirs := ""
	if p.plan.OfVendor > 0 {
		theirs = fmt.Sprintf(", %d of them to the vendor,", p.plan.OfVendor)
	}
	p.out.line("this vendor: %s%s and %s of ours, who work %s", counted(p.plan.Requests, "request"), theirs, heads(len(p.plan.Load)), counted(minutes, "minute"))
	if p.plan.Soonest.After(p.plan.Start) {
		p.out.line("it takes %s at least and, where nobody is late, %s at most", days(p.plan.Soonest), days(p.plan.End))
		return
	}
	p.out.line("it takes %s at most where nobody is late; nothing in it takes its time whoever answers", days(p.plan.End))
}

// brief is a line for each step, a stage after the other, as they are asked: what, when
// and of whom.
func (p planText) brief() {
	stage := ""
	steps := slices.Clone(p.plan.Steps)
	slices.SortStableFunc(steps, func(a, b playbook.PlannedStep) int {
		if a.Stage != b.Stage {
			return 0 // stages are in their order already
		}
		return a.Opened.Compare(b.Opened)
	})
	for _, step := range steps {
		if step.Stage != stage {
			stage = step.Stage
			p.out.line("")
			p.out.line("%s, from %s", painted{stage, styleBold}, p.day(step.Opened))
		}
		var people []string
		for _, g := range step.Groups {
			for _, seat := range g.Seats {
				name := who(seat)
				if seat.Role == review.VendorRole {
					name = "the vendor"
				}
				if !slices.Contains(people, name) {
					people = append(people, name)
				}
			}
		}
		asked := strings.Join(people, ", ")
		if step.Instead {
			asked += " (instead of offers)"
		}
		p.out.line("  %-24s %-11s  %s", step.ID, p.day(step.Opened), asked)
	}
}

func (p planText) day(t time.Time) string {
	if p.iso {
		return iso(t)
	}
	return p.snap.Local(p.zone, t).Format("2 Jan 2006")
}

// heads is a number of people.
func heads(n int) string {
	if n == 1 {
		return "1 person"
	}
	return fmt.Sprintf("%d people", n)
}

// watch says what is brought up once the vendor is live.
func (p planText) watch() {
	w := p.plan.Watch
	var ahead []string
	for _, kind := range engagement.ExpiryKinds() {
		if days := w.Lead[kind]; days > 0 {
			ahead = append(ahead, fmt.Sprintf("%s %d", kind, days))
		}
	}
	if len(ahead) > 0 {
		p.out.line("from live on, days ahead of what runs out: %s", strings.Join(ahead, ", "))
	}
	if w.NoticeLead > 0 {
		p.out.line("%s for deciding before notice has to go out", counted(w.NoticeLead, "day"))
	}
	if w.AccessDays > 0 {
		p.out.line("an access lasts %s at most before it is renewed", counted(w.AccessDays, "day"))
	}
	if months := w.Reviews[p.plan.Tier]; months > 0 {
		p.out.line("the vendor is looked at again every %s", counted(months, "month"))
	}
}

func (p planText) step(n int, step playbook.PlannedStep) {
	p.out.line("")
	where := "stage " + step.Stage
	if step.Process != playbook.Onboarding && step.Process != playbook.Process(step.Stage) {
		where += ", process " + string(step.Process)
	}
	p.out.line("%d. %s  %s (%s, %s)", n, painted{step.ID, styleBold}, step.Title, string(step.Kind), where)
	if step.Instead {
		p.out.line("   instead of collecting offers, if the owner chooses so")
	}
	if step.Form != "" {
		p.out.line("   fills in %s, %s", step.Form, counted(step.Points, "point"))
	}
	p.out.line("   asked %s, due %s", p.at(step.Opened), p.at(step.Due))
	for _, group := range step.Groups {
		p.group(group, len(step.Groups) > 1)
	}
}

func (p planText) group(group playbook.PlannedGroup, several bool) {
	if several {
		p.out.line("   %s: %d of %d needed, asked %s, due %s", dash(group.Name), group.Needed, len(group.Seats), p.at(group.Dates.Opened), p.at(group.Dates.Due))
	} else if len(group.Seats) > 1 {
		p.out.line("   %d of %d needed", group.Needed, len(group.Seats))
	}
	var told []string
	for _, x := range []struct {
		what string
		at   time.Time
	}{{"backups join", group.Dates.Backup}, {"managers are told", group.Dates.Manager}, {"the owner is told", group.Dates.Owner}} {
		if !x.at.IsZero() {
			told = append(told, x.what+" "+p.at(x.at))
		}
	}
	if len(told) > 0 {
		p.out.line("   if nobody answers: %s", strings.Join(told, ", "))
	}
	g := newGrid("   ", "SEAT", "ROLE", "WHO", "MINUTES", "BACKUP", "REMINDERS", "NOTES")
	for _, seat := range group.Seats {
		g.add(seat.ID, seat.Role, who(seat), fmt.Sprint(seat.Minutes), dash(seat.Backup), p.reminders(seat), dash(seatNotes(seat)))
		if seat.Person == "" && seat.Name == "" {
			g.style(2, styleBad)
		}
	}
	g.print(p.out)
}

func (p planText) reminders(seat playbook.PlannedSeat) string {
	var at []string
	for _, r := range seat.Remind {
		if p.iso {
			at = append(at, iso(r))
		} else {
			at = append(at, p.snap.Local(p.zone, r).Format("Mon 2 Jan"))
		}
	}
	return dash(strings.Join(at, ", "))
}

func who(seat playbook.PlannedSeat) string {
	switch {
	case seat.Person == "" && seat.Name != "":
		return seat.Name // the vendor's contact, who has no id before the case opens
	case seat.Person == "":
		return "nobody"
	case seat.For != "":
		return seat.Person + " for " + seat.For
	}
	return seat.Person
}

func seatNotes(seat playbook.PlannedSeat) string {
	var notes []string
	if seat.Mandatory {
		notes = append(notes, "mandatory")
	}
	if seat.Veto {
		notes = append(notes, "veto")
	}
	if len(seat.Lacks) > 0 {
		notes = append(notes, "not known for "+strings.Join(seat.Lacks, ", "))
	}
	if seat.Twice {
		notes = append(notes, "one person, two seats")
	}
	if len(seat.Attest) > 0 {
		notes = append(notes, "states "+strings.Join(seat.Attest, ", "))
	}
	if len(seat.Scope) > 0 {
		notes = append(notes, "reads "+strings.Join(seat.Scope, ", "))
	}
	return strings.Join(notes, "; ")
}
