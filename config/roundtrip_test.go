package config

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"gangway/internal/calendar"
	"gangway/internal/engagement"
	"gangway/internal/playbook"
	"gangway/internal/review"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"
)

// writer writes YAML by hand, every key there is: what it writes and what is
// read back must be the same thing. It shares nothing with the readers.
type writer struct{ strings.Builder }

func (w *writer) line(indent int, format string, args ...any) {
	w.WriteString(strings.Repeat(" ", indent))
	fmt.Fprintf(&w.Builder, format, args...)
	w.WriteString("\n")
}

func flow(words []string) string {
	quoted := make([]string, len(words))
	for i, word := range words {
		quoted[i] = strconv.Quote(word)
	}
	return "[" + strings.Join(quoted, ", ") + "]"
}

func (w *writer) hours(indent int, key string, week calendar.Week) {
	w.line(indent, "%s:", key)
	for d, spans := range week {
		for _, h := range spans {
			w.line(indent+2, "- %s %02d:%02d-%02d:%02d", time.Weekday(d), h.Start/60, h.Start%60, h.End/60, h.End%60)
		}
	}
}

func (w *writer) deadlines(indent int, d playbook.Deadlines) {
	w.line(indent, "due: %s", d.Due)
	var remind []string
	for _, r := range d.Remind {
		remind = append(remind, r.String())
	}
	w.line(indent, "remind: %s", flow(remind))
	for _, x := range []struct {
		key string
		at  calendar.Span
	}{{"backup", d.Backup}, {"manager", d.Manager}, {"owner", d.Owner}} {
		if !x.at.IsZero() {
			w.line(indent, "%s: %s", x.key, x.at)
		}
	}
}

func (w *writer) playbook(p playbook.Playbook) string {
	w.line(0, "name: %s\ntitle: %q\nhours:\n  zone: %s\n  holidays: %s", p.Name, p.Title, p.Hours.Zone, p.Hours.Holidays)
	w.hours(2, "week", p.Hours.Week)
	w.line(0, "roles: %s\ndata: %s\nstages: %s\ntiers:", flow(p.Roles), flow(p.Data), flow(p.Stages))
	for _, r := range p.Tiers {
		w.line(2, "- tier: %d\n    when: %s\n    needs: %s", int(r.Tier), condition(r.When), flow(fileKeys(r.Needs)))
		if r.NoExitPlan {
			w.line(4, "exit-plan: none")
		}
	}
	w.line(0, "dpa-when: %s", condition(p.DPAWhen))
	w.whole(p)
	w.line(0, "attestations:")
	for _, a := range p.Attestations {
		w.line(2, "%s: %q", a.ID, a.Text)
	}
	w.line(0, "chores:")
	w.deadlines(2, p.Chores)
	w.line(0, "steps:")
	for _, s := range p.Steps {
		w.step(s)
	}
	return w.String()
}

func (w *writer) step(s playbook.Step) {
	w.line(2, "- id: %s", s.ID)
	w.line(4, "process: %s\n    kind: %s\n    title: %q\n    ask: %q\n    waivable: %t\n    depth: %d", s.Process, s.Kind, s.Title, s.Ask, s.Policy.Waivable, s.Policy.Depth)
	if s.Browser {
		w.line(4, "answer-in: browser")
	}
	if s.MailComments {
		w.line(4, "answer-by-mail: comments")
	}
	if s.Stage != "" {
		w.line(4, "stage: %s", s.Stage)
	}
	var tiers []string
	for _, t := range s.Tiers {
		tiers = append(tiers, strconv.Itoa(int(t)))
	}
	w.line(4, "tiers: [%s]", strings.Join(tiers, ", "))
	w.deadlines(4, s.Deadlines)
	w.part(s)
	w.policy(4, s.Policy)
}

func (w *writer) policy(indent int, p review.Policy) {
	w.line(indent, "groups:")
	for _, g := range p.Groups {
		rule := string(g.Rule)
		if g.Rule == review.RuleSome {
			rule = fmt.Sprintf("%d of %d", g.N, len(g.Seats))
		}
		w.line(indent+2, "- name: %q", g.Name)
		w.line(indent+4, "rule: %s", rule)
		w.line(indent+4, "seats:")
		for _, seat := range g.Seats {
			w.line(indent+6, "- {id: %s, role: %q, mandatory: %t, veto: %t, scope: %s, attest: %s, competence: %s, minutes: %d}",
				seat.ID, seat.Role, seat.Mandatory, seat.Veto, flow(seat.Scope), flow(seat.Attest), flow(seat.Competence), seat.Minutes)
		}
	}
	w.line(indent, "pairs:")
	for _, x := range p.Pairs {
		w.line(indent+2, "- [%s, %s]", x.A, x.B)
	}
}

// drawWeek draws hours with at least one span.
func drawWeek(t *rapid.T) calendar.Week {
	var week calendar.Week
	for d := range week {
		start := 0
		for range rapid.IntRange(0, 2).Draw(t, "spans") {
			from := rapid.IntRange(start, 1200).Draw(t, "from")
			to := rapid.IntRange(from+1, 1440).Draw(t, "to")
			week[d] = append(week[d], calendar.Hours{Start: from, End: to})
			if start = to; start > 1200 {
				break
			}
		}
	}
	if week[3] == nil {
		week[3] = []calendar.Hours{{Start: 540, End: 1020}}
	}
	return week
}

func drawSchedule(t *rapid.T) calendar.Schedule {
	return calendar.Schedule{Zone: rapid.SampledFrom([]string{"UTC", "Europe/London", "Asia/Kolkata"}).Draw(t, "zone"), Week: drawWeek(t),
		Holidays: rapid.SampledFrom(holidayNames()).Draw(t, "holidays")}
}

func drawDeadlines(t *rapid.T) playbook.Deadlines {
	span := func(from int) calendar.Span {
		return calendar.Span{Days: from + rapid.IntRange(0, 3).Draw(t, "days"), Hours: rapid.IntRange(0, 7).Draw(t, "hours")}
	}
	d := playbook.Deadlines{Due: calendar.Span{Days: rapid.IntRange(1, 9).Draw(t, "due"), Calendar: rapid.Bool().Draw(t, "calendar")}}
	for i := range rapid.IntRange(0, 2).Draw(t, "reminders") {
		d.Remind = append(d.Remind, span(1+4*i))
	}
	if rapid.Bool().Draw(t, "escalates") {
		d.Backup, d.Manager, d.Owner = span(2), span(6), span(10)
	}
	return d
}

// drawPlaybook draws a playbook without faults that uses every field there is.
func drawPlaybook(t *rapid.T) playbook.Playbook {
	line := rapid.StringMatching(`[A-Za-zäß"'\\:#-]{1,20}[?!{}\[\]]?`)
	p := playbook.Playbook{Name: "drawn", Title: line.Draw(t, "title"), Hours: drawSchedule(t), Roles: []string{"no", "legal", "1e3"},
		Data: []string{"null", "personal"}, Stages: []string{"need", "contract"}, Chores: drawDeadlines(t),
		Tiers:        []playbook.TierRule{{Tier: 1, When: playbook.Condition{Data: []string{"null"}, Systems: []string{"x y"}, CostFrom: rapid.IntRange(0, 1e9).Draw(t, "cost")}}, {Tier: 4}},
		Attestations: []playbook.Attestation{{ID: "yes", Text: line.Draw(t, "text")}}}
	for i, process := range []playbook.Process{playbook.Onboarding, playbook.Contract} {
		s := playbook.Step{ID: fmt.Sprintf("step-%d", i), Process: process, Kind: review.Decision, Title: line.Draw(t, "title"),
			Ask: line.Draw(t, "ask") + "\nand more", Deadlines: drawDeadlines(t)}
		s.Policy = review.Policy{Waivable: rapid.Bool().Draw(t, "waivable"), Depth: rapid.IntRange(0, 5).Draw(t, "depth")}
		s.Browser, s.MailComments = rapid.Bool().Draw(t, "browser"), rapid.Bool().Draw(t, "mailComments")
		if process == playbook.Onboarding {
			s.Stage = "need"
			s.Tiers = []engagement.Tier{1, 4}
		}
		var ids []string
		for gi := range rapid.IntRange(1, 3).Draw(t, "groups") {
			g := review.Group{Name: line.Draw(t, "name"), Rule: rapid.SampledFrom([]review.Rule{review.RuleAll, review.RuleAny, review.RuleSome}).Draw(t, "rule")}
			for si := range rapid.IntRange(1, 3).Draw(t, "seats") {
				seat := review.Seat{ID: fmt.Sprintf("seat-%d-%d", gi, si), Role: rapid.SampledFrom([]string{"no", "legal", "1e3", "@owner"}).Draw(t, "role"),
					Competence: []string{"no", "1e3"}[:rapid.IntRange(0, 2).Draw(t, "competence")],
					Mandatory:  rapid.Bool().Draw(t, "mandatory"), Veto: rapid.Bool().Draw(t, "veto"), Minutes: rapid.IntRange(0, 600).Draw(t, "minutes")}
				if rapid.Bool().Draw(t, "attests") {
					seat.Attest = []string{"yes"}
				}
				if process == playbook.Contract && gi+si > 0 && rapid.Bool().Draw(t, "scoped") {
					seat.Scope = []string{"11.3", "def/*", "title:" + line.Draw(t, "scope")}
				}
				ids = append(ids, seat.ID)
				g.Seats = append(g.Seats, seat)
			}
			if g.Rule == review.RuleSome {
				g.N = rapid.IntRange(1, len(g.Seats)).Draw(t, "n")
			}
			s.Policy.Groups = append(s.Policy.Groups, g)
		}
		if len(ids) > 1 {
			s.Policy.Pairs = []review.Pair{{A: ids[0], B: ids[len(ids)-1]}}
		}
		p.Steps = append(p.Steps, s)
	}
	drawWhole(t, &p)
	drawExit(t, &p)
	p.DPAWhen = playbook.Condition{Data: []string{"personal"}, CostFrom: rapid.IntRange(0, 9).Draw(t, "dpa cost")}
	for i, kind := range []review.Kind{review.Delivery, review.Checklist, review.Decision} {
		role := "legal"
		if kind == review.Delivery {
			role = review.VendorRole
		}
		p.Steps = append(p.Steps, playbook.Step{ID: fmt.Sprintf("dpa-%d", i), Process: playbook.DPA, Kind: kind, Title: line.Draw(t, "title"), Ask: "Do.",
			Deadlines: drawDeadlines(t), MailComments: rapid.Bool().Draw(t, "comments"),
			Policy: review.Policy{Groups: []review.Group{{Rule: review.RuleAll, Seats: []review.Seat{{ID: "one", Role: role}}}}}})
	}
	return p
}

func TestAnyPlaybookReadsBackAsItWasWritten(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		want := drawPlaybook(t)
		if f := want.Check(); f != nil {
			t.Fatalf("drawn with faults: %v", f)
		}
		text := new(writer).playbook(want)
		got, err := ReadPlaybook("drawn.yaml", []byte(text))
		if err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
		if d := cmp.Diff(want, got, cmpopts.EquateEmpty()); d != "" {
			t.Fatalf("%s\n%s", d, text)
		}
	})
}

func TestAnyPeopleReadBackAsTheyWereWritten(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var want []playbook.Person
		w := new(writer)
		w.line(0, "people:")
		for i := range rapid.IntRange(1, 5).Draw(t, "people") {
			p := playbook.Person{ID: fmt.Sprintf("p%d", i), Name: rapid.StringMatching(`[A-Za-zéß"'<> -]{0,20}[A-Z]`).Draw(t, "name"), Hours: drawSchedule(t),
				Mail: fmt.Sprintf("p%d@x.example", i), Phone: rapid.SampledFrom([]string{"", "+49 (0) 30 12-34", "0301234567"}).Draw(t, "phone"), Slack: fmt.Sprintf("U%d", i), Channels: []string{"mail", "slack"}, Roles: []string{"no", "legal"}, Competences: []string{"no", "1e3"}, Left: rapid.Bool().Draw(t, "left")}
			if i > 0 {
				p.Backups, p.Manager = []string{"p0"}, "p0"
			}
			from := time.Date(2026, 11, 21, 0, rapid.IntRange(0, 1e6).Draw(t, "minute"), 0, 0, time.UTC)
			p.Away = []playbook.Away{{From: from, Until: from.Add(time.Hour)}}
			zone, err := time.LoadLocation(p.Hours.Zone)
			if err != nil {
				t.Fatal(err)
			}
			local := func(at time.Time) string { return at.In(zone).Format("2006-01-02 15:04") }
			if back, err := time.ParseInLocation("2006-01-02 15:04", local(from), zone); err != nil || !back.Equal(from) {
				t.Skip("a time that the clocks show twice: nobody can write it down")
			}
			w.line(2, "- id: %s\n    name: %q\n    mail: %s\n    phone: %q\n    slack: %s\n    zone: %s\n    holidays: %s\n    left: %t", p.ID, p.Name, p.Mail, p.Phone, p.Slack, p.Hours.Zone, p.Hours.Holidays, p.Left)
			w.line(4, "competences: %s", flow(p.Competences))
			w.line(4, "channels: %s\n    roles: %s\n    backups: %s\n    manager: %s", flow(p.Channels), flow(p.Roles), flow(p.Backups), p.Manager)
			w.hours(4, "hours", p.Hours.Week)
			backup := ""
			if i > 0 {
				p.Away[0].Backup, backup = "p0", ", backup: p0"
			}
			w.line(4, "away: [{from: %s, until: %s%s}]", local(from), local(from.Add(time.Hour)), backup)
			want = append(want, p)
		}
		got, err := ReadPeople("drawn.yaml", []byte(w.String()))
		if err != nil {
			t.Fatalf("%v\n%s", err, w.String())
		}
		if d := cmp.Diff(want, got.List, cmpopts.EquateEmpty()); d != "" {
			t.Fatalf("%s\n%s", d, w.String())
		}
	})
}

// A file that lost a line, or got one twice, is either still right or its faults
// are in it; nothing falls over.
func TestShippedFilesWithALineMoreOrLess(t *testing.T) {
	t.Parallel()
	_, book, err := Shipped("standard")
	if err != nil {
		t.Fatal(err)
	}
	readers := []struct {
		name string
		data []byte
		read func([]byte) error
	}{
		{"playbook", book, func(b []byte) error { _, err := ReadPlaybook("f", b); return err }},
		{"people", embedded(t, "people.yaml"), func(b []byte) error { _, err := ReadPeople("f", b); return err }},
		{"vendor", embedded(t, "vendor.yaml"), func(b []byte) error { _, err := ReadIntake("f", b); return err }},
	}
	for _, r := range readers {
		lines := strings.Split(string(r.data), "\n")
		faulty, tried := 0, 0
		stride := 1 + len(lines)/100 // of a long file every few lines: reading one takes milliseconds
		for i := 0; i < len(lines); i += stride {
			tried++
			for _, with := range [][]string{nil, {lines[i], lines[i]}, {lines[i] + "]"}, {"  " + lines[i]}} {
				changed := append(append(append([]string(nil), lines[:i]...), with...), lines[i+1:]...)
				data := []byte(strings.Join(changed, "\n"))
				err := r.read(data)
				inside(t, data, err)
				if err != nil {
					faulty++
				}
			}
		}
		if faulty < tried {
			t.Errorf("%s: only %d of %d changed files have a fault", r.name, faulty, 4*tried)
		}
	}
}
