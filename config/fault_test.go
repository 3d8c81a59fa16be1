package config

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"gangway/internal/playbook"

	"github.com/google/go-cmp/cmp"
)

// heads are the first lines of faults: "12:5: message (hint)".
func heads(err error) []string {
	var faults Faults
	if !errors.As(err, &faults) {
		return nil
	}
	var list []string
	for _, f := range faults {
		f.Excerpt = ""
		_, rest, _ := strings.Cut(f.String(), ":")
		list = append(list, strings.TrimSpace(rest))
	}
	return list
}

func wantHeads(t *testing.T, err error, want ...string) {
	t.Helper()
	if d := cmp.Diff(want, heads(err)); d != "" {
		t.Error(d)
	}
}

func TestFaultShowsTheLineWithACaret(t *testing.T) {
	t.Parallel()
	_, err := ReadPeople("people.yaml", []byte("people:\n  - {id: ann, name: Änn, zone: UTC, hours: Mon 9:00-10:00, roles: [Chef]}\n"))
	want := "people.yaml:2:68: a role cannot be \"Chef\" (lower-case letters, digits and single dashes, 40 at most)\n" +
		"    2 |   - {id: ann, name: Änn, zone: UTC, hours: Mon 9:00-10:00, roles: [Chef]}\n" +
		"                                                                           ^"
	if d := cmp.Diff(want, fmt.Sprint(err)); d != "" {
		t.Error(d)
	}
}

func TestExcerptOfALongLineStaysShortAndTrue(t *testing.T) {
	t.Parallel()
	line := strings.Repeat("a", 300) + "\u202eX\t" + strings.Repeat("b", 300)
	for _, column := range []int{1, 75, 76, 301, 302, 603, 604, 9999} {
		got := strings.Split(excerpt(line, 7, column), "\n")
		if len(got) != 2 || len([]rune(got[0])) > 130 {
			t.Fatalf("column %d: %q", column, got)
		}
		caret := strings.Index(got[1], "^")
		want := "<" // what the mark is shown as
		switch column {
		case 1, 75, 76:
			want = "a"
		case 302:
			want = "X"
		case 603:
			want = "b"
		case 604, 9999:
			want = ""
		}
		var under string
		if r := []rune(got[0]); caret < len(r) {
			under = string(r[caret])
		}
		if under != want {
			t.Errorf("column %d: the caret stands under %q, want %q\n%s", column, under, want, strings.Join(got, "\n"))
		}
		if strings.Contains(got[0], "\u202e") {
			t.Errorf("column %d: the excerpt turns the direction of the text", column)
		}
	}
}

const broken = `name: Standard Name
titel: Taking a vendor on board
hours: {zone: Europe/Londn, week: Mon-Fri 9-17, holidays: england}
roles: [legal, security]
data: [none, personal]
tiers:
  - tier: 7
    when: {data: [persnal], cost-from: lots}
  - tier: 2
stages: [need, contract, party]
steps:
  - id: need
    stage: needs
    kind: decison
    title: Is it needed?
    seats: [{role: legl}]
    due: 3 fortnights
    due: 4 days
    remind: [2 working days, 1 working day]
    manager: 4 working days
    backup: 5 working days
  - id: review
    process: contract
    kind: decision
    title: "Contract \u202e review"
    groups:
      - rule: 3 of 2
        seats:
          - {id: legal, role: legal, scope: ["11"], attest: [read-in-full], minutes: soon}
          - {id: security, role: security, scope: ["title:"], veto: maybe}
    pairs: [[legal, secrity], [legal]]
    due: 5 working days
  - just text
chores: {remind: 1 day}
`

func TestEveryFaultOfAPlaybookAtOnce(t *testing.T) {
	t.Parallel()
	_, err := ReadPlaybook("p.yaml", []byte(broken))
	wantHeads(t, err,
		`1:7: the playbook's name cannot be "Standard Name" (lower-case letters, digits and single dashes, 40 at most)`,
		`2:1: unknown key "titel" in a playbook (did you mean title?)`,
		`3:15: there is no time zone "Europe/Londn" (write one such as Europe/London)`,
		`3:35: "9-17" is no span of hours (want, for example, 09:00-17:00)`,
		`3:59: unknown holidays "england" (there are: none, england-and-wales, germany, us-federal)`,
		`7:11: there is no tier 7 (1 is the most critical, 4 the least)`,
		`8:19: unknown data category "persnal" (did you mean personal?)`,
		`8:40: cost-from is a whole number: it cannot be "lots"`,
		`10:10: no step belongs to the stage "need" (give it a step or leave it out)`,
		`10:26: no step belongs to the stage "party" (give it a step or leave it out)`,
		`13:12: unknown stage "needs" (did you mean need?)`,
		`14:11: unknown kind "decison" (did you mean decision?)`,
		`16:20: unknown role "legl" (did you mean legal?)`,
		`17:10: reading the span "3 fortnights": "fortnights" is no unit: days, hours and weeks are (want, for example, 3 working days, 5d, 4h or 2 weeks)`,
		`18:5: the key "due" is there twice (it stands in line 17 already)`,
		`19:30: the reminder at 1 working day does not come after the one at 2 working days`,
		`20:14: the manager is told after 4 working days, before the backup (5 working days) (people are told in this order: backup, manager, owner)`,
		`25:12: the step's title: character U+202E at place 10 is a mark that turns the direction of the text; remove it`,
		`27:7: nobody reads the whole document: every seat has a scope (leave the scope of one seat empty: clauses outside all scopes, and new ones, are theirs)`,
		`27:15: the group needs 3 approvals but has only 2 seats`,
		`29:62: unknown attestation "read-in-full" (there are none yet)`,
		`29:86: minutes is a whole number: it cannot be "soon"`,
		`30:52: cannot read the scope "title:" (write a clause as in 11.3, def/* or title:confidentiality)`,
		`30:69: veto is true or false: it cannot be "maybe"`,
		`31:13: the pair names an unknown seat "secrity" (did you mean security?)`,
		`31:31: a pair is a list of two seats (write [first seat, second seat])`,
		"33:5: a step cannot be a single value (write `id: …` and so on, each key in a line)",
		`34:9: there is no due date (write one such as 5 working days)`,
	)
}

func TestEveryFaultOfThePeopleAtOnce(t *testing.T) {
	t.Parallel()
	_, err := ReadPeople("people.yaml", []byte(`zone: Europe/London
people:
  - id: ann
    name: Ann
    hours: Mon-Fri 09:00-17:00
    backups: [ben, zoe]
    manager: ann
  - id: ben
    name: "Ben\x07"
    hours: Mon-Fri 09:00-08:00
    backups: [ann]
    mail: ben at example
    away: [{from: 2026-12-24, until: 2026-12-20}, {from: someday}]
  - id: ben
    name: *x
    employer: Acme Ltd
    slack: "@ben"
    phone: call me
`))
	wantHeads(t, err,
		`6:20: unknown person "zoe" as backup (there are: ann, ben)`,
		`7:14: "ann" is their own manager`,
		`9:11: the person's name: character U+0007 at place 4 is a control character; remove it`,
		`10:12: 09:00-08:00 ends before it begins (work past midnight is two entries: to 24:00 and from 00:00 on the next day)`,
		`11:15: backups stand in for each other in a circle: ann → ben → ann (leave one link out)`,
		`12:11: "ben at example" is no mail address (write one such as name@example.com)`,
		`13:38: the absence ends before it begins (until is the first day back)`,
		`13:51: the absence has no until (write {from: 2026-12-21, until: 2027-01-04}; until is the first day back)`,
		`13:58: "someday" is no date (write 2026-12-21, or 2026-12-21 13:00)`,
		`14:5: there are no working hours (write them as in Mon-Fri 09:00-17:00)`,
		`14:9: the id "ben" is taken by "Ben\a" (give each person an id of their own)`,
		`15:11: aliases (*) are not taken (write the value out, or quote it if it is text)`,
		`16:15: "Acme Ltd" is no slug of a vendor (the vendor's slug; leave it out for your own people)`,
		`17:12: "@ben" is no Slack id (capitals and digits, as in U02ABCDEF12 (in Slack: profile, copy member ID))`,
		`18:12: "call me" is no phone number (write digits, spaces and + - / ( ), as in +49 30 1234-56)`,
	)
}

func TestEveryFaultOfAVendorFileAtOnce(t *testing.T) {
	t.Parallel()
	_, err := ReadIntake("v.yaml", []byte("vendor:\n  name: "+strings.Repeat("x", 10_000)+`
  service: payroll
  contact: {}
  contacts: [{name: "<script>", mail: nowhere}]
yearly-cost: 18k
rehearsal: 08:00
currency: pounds
data: {a: b}
`))
	wantHeads(t, err,
		`1:1: the case's owner is missing`,
		`1:1: the reason is missing (say in your own words why this vendor is wanted)`,
		`2:9: 10000 characters are more than 200; shorten the name`,
		`4:3: unknown key "contact" in the vendor (did you mean contacts?)`,
		`5:39: "nowhere" is not a mail address; write one such as name@example.com`,
		`6:14: yearly-cost is a whole number: it cannot be "18k"`,
		`7:12: rehearsal is true or false: it cannot be "08:00"`,
		`8:11: "pounds" is no currency (three capitals as in GBP)`,
		`9:7: data is a list of texts: an entry cannot be a table of keys`,
	)
}

func TestCrossFindsRolesThatThePlaybookDoesNotKnow(t *testing.T) {
	t.Parallel()
	people, err := ReadPeople("people.yaml", []byte("zone: UTC\nhours: Mon-Fri 09:00-17:00\npeople:\n  - id: ann\n    name: Ann\n    roles: [legal, legl]\n"))
	if err != nil {
		t.Fatal(err)
	}
	pb := playbook.Playbook{Roles: []string{"legal", "finance"}}
	wantHeads(t, Cross(people, pb), `6:20: unknown role "legl" (did you mean legal?)`)
	if err := Cross(people, playbook.Playbook{Roles: []string{"legal", "legl", "finance"}}); err != nil {
		t.Errorf("a role that nobody holds is no fault: %v", err)
	}
	wantHeads(t, Cross(People{List: people.List}, pb), `$.people[0].roles[1]: unknown role "legl" (did you mean legal?)`)
}

func TestCrossIntakeFindsWhatOnlyShowsTogether(t *testing.T) {
	t.Parallel()
	people, err := ReadPeople("people.yaml", []byte(`{zone: UTC, hours: Mon 09:00-17:00, people: [{id: ann, name: Ann, left: true}, {id: vic, name: Vic, employer: acme}]}`))
	if err != nil {
		t.Fatal(err)
	}
	v, err := ReadIntake("v.yaml", []byte("vendor: {name: Acme, service: s}\nreason: r\ndata: [personel]\nowner: anna\ndeputy: ann\nsponsor: vic\n"))
	if err != nil {
		t.Fatal(err)
	}
	wantHeads(t, CrossIntake(v, people, playbook.Playbook{Data: []string{"personal"}}),
		`3:8: unknown data category "personel" (did you mean personal?)`,
		`4:8: unknown person "anna" as owner (did you mean ann?)`,
		`5:9: "ann", the deputy, is no longer with us`,
		`6:10: "vic", the sponsor, works for the vendor (name one of your own people)`,
	)
}

func TestFaultsOfSyntaxComeTogetherAndMakeNoNoise(t *testing.T) {
	t.Parallel()
	_, err := ReadIntake("v.yaml", []byte("vendor: {name: x\nreason: [\nowner: maya: bob\nsponser: helen\nfoo: \"\n"))
	wantHeads(t, err,
		`1:9: this { is never closed`,
		`2:9: this [ is never closed`,
		`3:8: mapping value is not allowed in this context`,
		`4:1: unknown key "sponser" in a vendor file (did you mean sponsor?)`,
		`5:6: could not find end character of double-quoted text`,
	)
}

// Without its first line a step would run into the one before it; what that
// looks like is no fault of the writer's. Other blocks still say what is wrong.
func TestABlockWithAFaultOfSyntaxSaysNothingElse(t *testing.T) {
	t.Parallel()
	text := strings.NewReplacer("  - id: review\n", "  - id: review: two\n", "zone: UTC", "zone: UTX").Replace(short)
	_, err := ReadPlaybook("s", []byte(text))
	wantHeads(t, err,
		`4:15: there is no time zone "UTX" (write one such as Europe/London)`,
		`21:9: mapping value is not allowed in this context`,
	)
}

func TestJoinMergesFilesInOrder(t *testing.T) {
	t.Parallel()
	_, a := ReadPeople("b.yaml", []byte("people: 3"))
	_, b := ReadPeople("a.yaml", nil)
	err := Join("c.yaml", a, nil, b, errors.New("reading the file: no such file"))
	var files []string
	for _, f := range err.(Faults) {
		files = append(files, f.File)
	}
	if d := cmp.Diff([]string{"a.yaml", "b.yaml", "c.yaml"}, files); d != "" {
		t.Error(d)
	}
	if Join("c.yaml", nil, nil) != nil {
		t.Error("no faults are an error")
	}
}
