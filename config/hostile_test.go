package config

import (
	"fmt"
	"strings"
	"testing"

	"gangway/internal/calendar"
	"gangway/internal/playbook"

	"github.com/google/go-cmp/cmp"
)

func TestWhatYAMLWouldMisreadIsReadAsWritten(t *testing.T) {
	t.Parallel()
	p, err := ReadPeople("people.yaml", []byte(`
zone: UTC
hours: Mon 08:00-09:00
people:
  - {id: no, name: No, roles: [yes, on, "null"]}
  - {id: "007", name: 0x1F, mail: 1@e.2, left: yes}
  - {id: 1e3, name: Null, left: NO}
  - {id: y, name: 2026-11-21, backups: [no]}
  - {id: inf, name: .inf, backups: ~, manager: }
`))
	if err != nil {
		t.Fatal(err)
	}
	week := calendar.Week{1: {{Start: 480, End: 540}}}
	hours := calendar.Schedule{Zone: "UTC", Week: week}
	want := []playbook.Person{
		{ID: "no", Name: "No", Roles: []string{"yes", "on", "null"}, Hours: hours},
		{ID: "007", Name: "0x1F", Mail: "1@e.2", Left: true, Hours: hours},
		{ID: "1e3", Name: "Null", Hours: hours},
		{ID: "y", Name: "2026-11-21", Backups: []string{"no"}, Hours: hours},
		{ID: "inf", Name: ".inf", Hours: hours},
	}
	if d := cmp.Diff(want, p.List); d != "" {
		t.Error(d)
	}
}

func TestRefusedPartsOfYAML(t *testing.T) {
	t.Parallel()
	for source, want := range map[string]string{
		"people: &a [x]":                      "1:9: anchors (&) are not taken (write the value out, or quote it if it is text)",
		"a: &x 1\npeople: [*x]":               "2:10: aliases (*) are not taken (write the value out, or quote it if it is text)",
		"people: !!seq []":                    "1:9: tags (!) are not taken (leave it out, or quote the value if it is text)",
		"<<: {zone: UTC}":                     "1:1: merge keys (<<) are not taken (write the keys out)",
		"%YAML 1.1\n---\npeople: []":          "1:1: directives (%) are not taken (leave it out)",
		"? people\n: []":                      "1:1: a key after a question mark is not taken (write `key: value`)",
		"people: []\n---\npeople: []":         "3:1: a second document begins here (put it into a file of its own)",
		"":                                    "1:1: the file is empty",
		"# nothing\n":                         "1:1: the file is empty",
		"people: \xff":                        "1:9: byte 0xff is not UTF-8 (save the file as UTF-8)",
		"people:\n- {id: a\x00}":              "2:9: the control character U+0000 is no text (remove it)",
		"people: [" + strings.Repeat("[", 40): "1:32: this is nested deeper than 24 levels",
		"- 1":                                 "1:1: a people file cannot be a list (write `zone: …` and so on, each key in a line)",
		strings.Repeat("#", 1<<20+1):          ": the file has 1048577 bytes, more than 1048576 (split it, or attach documents instead)",
	} {
		_, err := ReadPeople("p", []byte(source))
		if !strings.Contains("\n"+strings.Join(heads(err), "\n"), "\n"+strings.TrimPrefix(want, ": ")) {
			t.Errorf("%.30q:\n%v\nwant %s", source, err, want)
		}
	}
}

func TestHostileNamesAreLocated(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		`"Ann\u202e"`:                 "character U+202E at place 4 is a mark that turns the direction of the text; remove it",
		`"Ann\x1b[31m"`:               "character U+001B at place 4 is a control character; remove it",
		`"Ann\nBen"`:                  "character U+000A at place 4 is a control character; remove it",
		strings.Repeat("\u00e9", 1e4): "10000 characters are more than 200; shorten the name",
		`"  "`:                        "nothing is written here; write a name that can be read",
	} {
		_, err := ReadPeople("p", []byte("zone: UTC\nhours: Mon 08:00-09:00\npeople:\n  - id: ann\n    name: "+name+"\n"))
		wantHeads(t, err, "5:11: the person's name: "+want)
	}
	p, err := ReadPeople("p", []byte("zone: UTC\nhours: Mon 08:00-09:00\npeople:\n  - {id: ann, name: <script>alert(1)</script>}\n"))
	if err != nil || p.List[0].Name != "<script>alert(1)</script>" {
		t.Errorf("markup in a name is text: %v", err)
	}
}

// Each of these made some YAML reader slow, deep or huge. There is no time
// limit here but that of the test run.
func TestExpensiveFilesAreRefusedCheaply(t *testing.T) {
	t.Parallel()
	var indent strings.Builder
	for i := range 1000 {
		indent.WriteString(strings.Repeat(" ", i) + "a:\n")
	}
	var circle strings.Builder
	circle.WriteString("zone: UTC\nhours: Mon 09:00-10:00\npeople:\n")
	for i := range 9000 {
		fmt.Fprintf(&circle, "- {id: p%d, name: b, backups: [p%d]}\n", i, (i+1)%9000)
	}
	for what, source := range map[string]string{
		"brackets": strings.Repeat("[", 1<<18), "braces": strings.Repeat("{a: ", 1<<16), "dashes": strings.Repeat("- ", 1<<17),
		"colons": strings.Repeat("a: ", 1<<16), "keys": strings.Repeat("aaaa: b\n", 1<<16), "quotes": strings.Repeat("\"\n", 1<<17),
		"flow keys": "{" + strings.Repeat("a: b, ", 1<<15) + "}", "indent": indent.String(), "circle": circle.String(),
		"faults": "people:\n" + strings.Repeat("- x: a\n- y: b\n", 20_000), "anchors": strings.Repeat("- &a b\n", 1<<16),
	} {
		_, err := ReadPeople(what, []byte(source))
		if n := len(heads(err)); n == 0 || n > mostFaults+1 {
			t.Errorf("%s: %d faults", what, n)
		}
	}
}

func TestHours(t *testing.T) {
	t.Parallel()
	day := func(spans ...int) []calendar.Hours {
		var h []calendar.Hours
		for i := 0; i < len(spans); i += 2 {
			h = append(h, calendar.Hours{Start: spans[i] * 60, End: spans[i+1] * 60})
		}
		return h
	}
	for text, want := range map[string]calendar.Week{
		"Mon-Fri 09:00-17:00":                        {1: day(9, 17), 2: day(9, 17), 3: day(9, 17), 4: day(9, 17), 5: day(9, 17)},
		"Mon 13:00-17:00 9:00-12:00":                 {1: day(9, 12, 13, 17)},
		"Fri-Mon 00:00–24:00":                        {0: day(0, 24), 1: day(0, 24), 5: day(0, 24), 6: day(0, 24)},
		"sunday, Tue,thu 10:00-14:00, SAT 0:00-1:00": {0: day(10, 14), 2: day(10, 14), 4: day(10, 14), 6: day(0, 1)},
	} {
		got, err := ParseHours(text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("%s: %s", text, d)
		}
	}
	for text, want := range map[string]string{
		"":                            "name no times",
		"Mon-Fri":                     "name no times",
		"09:00-17:00":                 "comes before any day",
		"Mon 09:00":                   "is no span of hours",
		"Mon 9-17":                    "is no span of hours",
		"Mon 09:60-17:00":             "not on the clock",
		"Mon 09:00-25:00":             "not on the clock",
		"Mon 17:00-09:00":             "ends before it begins",
		"Mon 09:00-09:00":             "ends before it begins",
		"Mo 09:00-17:00":              "no day of the week",
		"Mon-Xyz 09:00-17:00":         "no day of the week",
		"Mon 09:00-12:00 11:00-13:00": "overlap",
		"Mon-Fri 09:00-12:00 Wed":     "name no times",
	} {
		if _, err := ParseHours(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
}

func TestPeopleKeepTheirOwnHoursAndTakeTheGeneralOnes(t *testing.T) {
	t.Parallel()
	p, err := ReadPeople("p", []byte(`
zone: Europe/Berlin
hours: [Mon-Tue 09:00-12:00, Wed 10:00-11:00]
holidays: germany
people:
  - {id: ann, name: Ann}
  - {id: ben, name: Ben, zone: America/New_York, hours: Mon 08:00-09:00, holidays: none,
     away: [{from: 2026-12-24, until: 2027-01-04}, {from: 2027-02-01 13:00, until: 2027-02-02}]}
`))
	if err != nil {
		t.Fatal(err)
	}
	ann, ben := p.List[0].Hours, p.List[1].Hours
	if ann.Zone != "Europe/Berlin" || ann.Holidays != "germany" || len(ann.Week[3]) != 1 || ann.Week[3][0].Start != 600 {
		t.Errorf("%+v", ann)
	}
	if ben.Zone != "America/New_York" || ben.Holidays != "" || ben.Week[2] != nil || ben.Week[1][0].End != 540 {
		t.Errorf("%+v", ben)
	}
	var away []string
	for _, a := range p.List[1].Away {
		away = append(away, a.From.Format("2006-01-02 15:04")+" "+a.Until.Format("2006-01-02 15:04"))
	}
	if d := cmp.Diff([]string{"2026-12-24 05:00 2027-01-04 05:00", "2027-02-01 18:00 2027-02-02 05:00"}, away); d != "" {
		t.Error("days begin at midnight where the person is: " + d)
	}
}

func FuzzReadPlaybook(f *testing.F) {
	for _, name := range Playbooks() {
		_, data, err := Shipped(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Add([]byte(broken))
	f.Add([]byte("steps: [{pairs: [[&a b, *a]], seats: {rule: 9 of 1}}]\nattestations: {? a : b}\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		pb, err := ReadPlaybook("f", data)
		inside(t, data, err)
		if err == nil && len(pb.Check()) > 0 {
			t.Errorf("read without faults, but: %v", pb.Check())
		}
	})
}

func FuzzReadPeople(f *testing.F) {
	f.Add([]byte("zone: UTC\nhours: Mon 09:00-10:00\npeople:\n- {id: a, name: A, away: [{from: 2026-01-01, until: 2026-01-02}]}\n"))
	f.Add([]byte("people:\n  - id: \"a\\u202e\"\n    name: |\n      x\n    left: no\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := ReadPeople("f", data)
		inside(t, data, err)
		if err == nil && len(playbook.CheckPeople(p.List)) > 0 {
			t.Error("read without faults, but not fit for use")
		}
	})
}

func FuzzReadIntake(f *testing.F) {
	f.Add([]byte("vendor: {name: A, service: b}\nreason: >-\n  x\nowner: a\nyearly-cost: 1_0\n"))
	f.Add([]byte("vendor: {name: x\nreason: [\nowner: maya: bob\nfoo: \"\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		v, err := ReadIntake("f", data)
		inside(t, data, err)
		if err == nil && len(v.Intake.Check()) > 0 {
			t.Error("read without faults, but not fit for use")
		}
	})
}

func FuzzParseHours(f *testing.F) {
	f.Add("Mon-Thu 08:30-12:30 13:15-17:00, Fri 08:30-13:00")
	f.Add("Sun,Tue 0:00–24:00;x")
	f.Fuzz(func(t *testing.T, text string) {
		week, err := ParseHours(text)
		if err == nil && week.Check() != nil {
			t.Errorf("%q: %v", text, week.Check())
		}
	})
}

// inside holds an error to what faults promise: sorted, each in the file.
func inside(t *testing.T, data []byte, err error) {
	t.Helper()
	if err == nil {
		return
	}
	lines := strings.Count(string(data), "\n") + 2
	last := Fault{}
	for _, f := range err.(Faults) {
		if f.Line < 0 || f.Line > lines || f.Line > 0 && f.Column < 1 || f.Message == "" || f.Line < last.Line {
			t.Errorf("fault out of place: %+v", f)
		}
		if strings.ContainsAny(f.Excerpt, "\x1b\u202e\x00") {
			t.Errorf("an excerpt that disturbs a terminal: %q", f.Excerpt)
		}
		last = f
	}
}
