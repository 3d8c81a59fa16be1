package config

import (
	"slices"
	"time"

	"gangway/internal/calendar"
	"gangway/internal/playbook"
)

// People is a people file.
type People struct {
	List []playbook.Person
	// Holidays are the sets that the people keep, sorted, each once.
	Holidays []string

	source *source // for faults that only show beside a playbook
}

// ReadPeople reads a people file; name is the file's name for faults. Zone,
// hours and holidays at the top hold for everybody who has none of their own.
// The error is Faults, with those of playbook.CheckPeople among them; roles are
// held to a playbook's by Cross.
func ReadPeople(name string, data []byte) (People, error) {
	s, body := read(name, data)
	if body == nil {
		return People{}, s.err()
	}
	t := s.table(body, "$", "a people file", "zone", "hours", "holidays", "people")
	general := t.schedule("hours", "$.hours")
	p := People{source: s}
	for _, it := range t.list("people", "$.people") {
		p.List = append(p.List, s.person(it, general))
	}
	s.semantic(playbook.CheckPeople(p.List))
	if err := s.err(); err != nil {
		return People{}, err
	}
	for _, x := range p.List {
		if set := x.Hours.Holidays; set != "" && !slices.Contains(p.Holidays, set) {
			p.Holidays = append(p.Holidays, set)
		}
	}
	slices.Sort(p.Holidays)
	return p, nil
}

func (s *source) person(it item, general calendar.Schedule) playbook.Person {
	t := s.table(it.node, it.path, "a person", "id", "name", "mail", "phone", "slack", "channels", "employer", "zone", "hours", "holidays",
		"roles", "competences", "backups", "manager", "away", "left")
	at := func(key string) string { return it.path + "." + key }
	p := playbook.Person{
		ID: t.text("id", at("id")), Name: t.text("name", at("name")), Mail: t.text("mail", at("mail")), Phone: t.text("phone", at("phone")),
		Slack: t.text("slack", at("slack")), Channels: t.words("channels", at("channels")), Employer: t.text("employer", at("employer")),
		Roles: t.words("roles", at("roles")), Competences: t.words("competences", at("competences")), Backups: t.words("backups", at("backups")), Manager: t.text("manager", at("manager")),
		Left: t.yes("left", at("left")), Hours: t.schedule("hours", at("hours")),
	}
	if p.Hours.Zone == "" {
		p.Hours.Zone = general.Zone
		s.inherit("$.hours.zone", at("hours.zone"))
	}
	if _, own := t.entry("hours"); !own {
		p.Hours.Week = general.Week
		s.inherit("$.hours.week", at("hours.week"))
	}
	if _, own := t.entry("holidays"); !own {
		p.Hours.Holidays = general.Holidays
	}
	zone, err := time.LoadLocation(p.Hours.Zone)
	if err != nil {
		zone = time.UTC
	}
	for _, x := range t.list("away", at("away")) {
		p.Away = append(p.Away, s.away(x, zone))
	}
	return p
}

// inherit keeps a general value that could not be read from being reported once
// more for everybody.
func (s *source) inherit(general, own string) {
	if s.bad[general] {
		s.bad[own] = true
	}
}

func (s *source) away(it item, zone *time.Location) playbook.Away {
	t := s.table(it.node, it.path, "an absence", "from", "until", "backup")
	for _, key := range []string{"from", "until"} {
		if _, found := t.entry(key); !found && !s.bad[it.path] {
			s.bad[it.path] = true
			s.fault(t.at, "write {from: 2026-12-21, until: 2027-01-04}; until is the first day back", "the absence has no %s", key)
		}
	}
	return playbook.Away{From: t.day("from", it.path, zone), Until: t.day("until", it.path, zone), Backup: t.text("backup", it.path+".backup")}
}

// day reads a date, or a date with a time, in a zone. A date means its midnight.
func (t *table) day(key, path string, zone *time.Location) time.Time {
	n := t.has(key, path+"."+key)
	if n == nil {
		t.s.bad[path] = true
		return time.Time{}
	}
	text, _ := scalar(n)
	if d, err := calendar.ParseDate(text); err == nil {
		return time.Date(d.Year, time.Month(d.Month), d.Day, 0, 0, 0, 0, zone).UTC()
	}
	if at, err := time.ParseInLocation("2006-01-02 15:04", text, zone); err == nil {
		return at.UTC()
	}
	t.s.bad[path] = true
	t.s.fault(t.s.at(n), "write 2026-12-21, or 2026-12-21 13:00", "%s is no date", value(n))
	return time.Time{}
}

// Cross holds people to a playbook: roles that it does not know are faults, each
// where the people file has it. A role that nobody holds is none: the plan shows
// it as an empty seat. The error is Faults.
func Cross(people People, pb playbook.Playbook) error {
	return located(people.source, "the people", pb.CheckRoles(people.List))
}

// located turns what a check found into faults of the file that was read; of no
// file when the thing was never read from one.
func located(s *source, what string, found []playbook.Fault) error {
	if s == nil {
		s = &source{name: what}
	}
	fresh := source{name: s.name, lines: s.lines, places: s.places}
	if s.places == nil {
		for _, f := range found {
			fresh.fault(spot{}, f.Hint, "%s: %s", f.Place, f.Message)
		}
		return fresh.err()
	}
	fresh.semantic(found)
	return fresh.err()
}
