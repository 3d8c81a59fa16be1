package config

import (
	"io/fs"
	"strings"
	"testing"
	"time"

	"gangway/internal/calendar"
	"gangway/internal/engagement"
	"gangway/internal/playbook"
	"gangway/internal/review"

	"github.com/google/go-cmp/cmp"
)

const short = `
name: short
title: Short
hours: {zone: UTC, week: Mon-Fri 09:00-17:00}
roles: [legal, security, finance]
tiers: [{tier: 2}]
stages: [need, contract]
attestations: {read-in-full: "I have read this version in full."}
chores: {due: 2d}
steps:
  - id: need
    stage: need
    kind: decision
    title: Needed?
    tiers: 2
    seats: [finance, legal, "@owner"]
    rule: 2 of 3
    waivable: yes
    due: 2 weeks
    remind: 3 working days
  - id: review
    process: contract
    kind: decision
    title: Contract review
    ask: |
      Read it.
      All of it.
    depth: 3
    groups:
      - name: first readers
        seats:
          - {id: law, role: legal, mandatory: true, attest: [read-in-full], minutes: 1_20}
          - {role: security, scope: "title:security", veto: true}
      - {rule: any, seats: [finance]}
    pairs: [[law, security]]
    due: 5 working days
    backup: 1 working day and 4 hours
`

func TestPlaybookIsReadAsItIsMeant(t *testing.T) {
	t.Parallel()
	pb, err := ReadPlaybook("short.yaml", []byte(short))
	if err != nil {
		t.Fatal(err)
	}
	want := []playbook.Step{
		{ID: "need", Process: playbook.Onboarding, Stage: "need", Kind: review.Decision, Title: "Needed?", Tiers: []engagement.Tier{2},
			Policy: review.Policy{Waivable: true, Groups: []review.Group{{Rule: review.RuleSome, N: 2,
				Seats: []review.Seat{{ID: "finance", Role: "finance"}, {ID: "legal", Role: "legal"}, {ID: "owner", Role: "@owner"}}}}},
			Deadlines: playbook.Deadlines{Due: calendar.Span{Days: 14, Calendar: true}, Remind: []calendar.Span{{Days: 3}}}},
		{ID: "review", Process: playbook.Contract, Kind: review.Decision, Title: "Contract review", Ask: "Read it.\nAll of it.",
			Policy: review.Policy{Depth: 3, Pairs: []review.Pair{{A: "law", B: "security"}}, Groups: []review.Group{
				{Name: "first readers", Rule: review.RuleAll, Seats: []review.Seat{
					{ID: "law", Role: "legal", Mandatory: true, Attest: []string{"read-in-full"}, Minutes: 120},
					{ID: "security", Role: "security", Scope: []string{"title:security"}, Veto: true}}},
				{Rule: review.RuleAny, Seats: []review.Seat{{ID: "finance", Role: "finance"}}}}},
			Deadlines: playbook.Deadlines{Due: calendar.Span{Days: 5}, Backup: calendar.Span{Days: 1, Hours: 4}}},
	}
	if d := cmp.Diff(want, pb.Steps); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]playbook.Attestation{{ID: "read-in-full", Text: "I have read this version in full."}}, pb.Attestations); d != "" {
		t.Error(d)
	}
}

func TestStageContractMeansTheContractProcess(t *testing.T) {
	t.Parallel()
	pb, err := ReadPlaybook("s", []byte(strings.Replace(short, "process: contract", "stage: contract", 1)))
	if err != nil || pb.Steps[1].Process != playbook.Contract || pb.Steps[1].Stage != "" {
		t.Errorf("%v %+v", err, pb.Steps)
	}
}

func TestMistakesInThePleasantForms(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ old, new, want string }{
		{"depth: 3", "answer-in: slack", "28:16: a step can't be answered in \"slack\" (write `browser` for a step that is answered signed in only, or `anywhere`)"},
		{"depth: 3", "answer-by-mail: never", "28:21: an answer by mail can't be \"never\" (write `comments` where mail may comment and not decide, or `counts`)"},
		{"rule: 2 of 3", "rule: 2 of 4", "17:11: the rule says 2 of 4, but the group has 3 seats (count the seats)"},
		{"rule: 2 of 3", "rule: 4 of 3", "17:11: the group needs 4 approvals but has only 3 seats"},
		{"rule: 2 of 3", "rule: 2/3", `17:11: unknown rule "2/3" (all, any, or a number as in 2 of 3)`},
		{"seats: [finance, legal, \"@owner\"]", "groups: [{seats: [finance, legal, sec]}]", "17:5: a rule needs seats beside it (write the rule into each group)"},
		{"depth: 3", "seats: [legal]", "28:5: a step has either groups or seats (put the seats into a group)"},
		{"stages: [need, contract]", "stages: [need, contract, {a: b}]", "7:26: stages is a list of texts: an entry cannot be a table of keys"},
		{"tiers: 2\n", "tiers: [2, ]\n    kind: task\n", `16:5: the key "kind" is there twice (it stands in line 13 already)`},
		{"chores: {due: 2d}", "chores: soon", "9:9: the chores cannot be a single value (write `due: …` and so on, each key in a line)"},
		{`attestations: {read-in-full: "I have read this version in full."}`, "attestations: [a]", "8:15: the attestations cannot be a list (write `read-in-full: I have read this version in full.`, each in a line)"},
		{`{read-in-full: "I have read this version in full."}`, "{read-in-full: a, read-in-full: b}", `8:33: the attestation "read-in-full" is there twice`},
		{`{read-in-full: "I have read this version in full."}`, "{read-in-full: }", "8:29: the attestation's text is missing"},
		{"minutes: 1_20", "minutes: [1]", "32:86: minutes is a whole number: it cannot be a list"},
	} {
		_, err := ReadPlaybook("s", []byte(strings.Replace(short, c.old, c.new, 1)))
		if got := heads(err); !oneOf(c.want, got) {
			t.Errorf("%s: %v, want %s", c.new, strings.Join(got, "\n"), c.want)
		}
	}
}

func TestEmptyValuesAreMissingOnes(t *testing.T) {
	t.Parallel()
	_, err := ReadPlaybook("s", []byte(strings.NewReplacer("title: Short", "title:", "title: Needed?", "title: ~", "name: short", "name: null").Replace(short)))
	wantHeads(t, err, "2:1: the playbook's name is missing", "3:1: the playbook's title is missing", "14:5: the step's title is missing")
}

func TestShippedPlaybooksAreFoundByName(t *testing.T) {
	t.Parallel()
	if d := cmp.Diff([]string{"small", "standard", "whole"}, Playbooks()); d != "" {
		t.Error(d)
	}
	for _, name := range Playbooks() {
		pb, data, err := Shipped(name)
		if err != nil || pb.Name != name || len(data) == 0 {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, name := range []string{"", "large", "../holidays/germany", "standard.yaml"} {
		if _, _, err := Shipped(name); err == nil || !strings.Contains(err.Error(), "\": small, standard, whole ship") {
			t.Errorf("%q: %v", name, err)
		}
	}
}

func TestExampleHoldsWhatTheReadersNeed(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"vendor.yaml", "contract.md", "contract-v2.md", "dpa.md", "people.yaml", "people-small.yaml"} {
		if data, err := fs.ReadFile(Example(), name); err != nil || len(data) == 0 {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestSnapshotHasWhatPeopleAndPlaybookNeed(t *testing.T) {
	t.Parallel()
	pb, _, err := Shipped("standard")
	if err != nil {
		t.Fatal(err)
	}
	people, err := ReadPeople("people.yaml", embedded(t, "people.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	from := time.Date(2026, 11, 21, 12, 0, 0, 987, time.FixedZone("x", 3600))
	snap, err := Snapshot(people.List, pb, from)
	if err != nil {
		t.Fatal(err)
	}
	var zones []string
	for _, z := range snap.Zones {
		zones = append(zones, z.Name)
	}
	if d := cmp.Diff([]string{"America/New_York", "Europe/Berlin", "Europe/London"}, zones); d != "" {
		t.Error(d)
	}
	if !snap.Until.Equal(time.Date(2029, 11, 21, 11, 0, 0, 0, time.UTC)) || len(snap.Zones[0].Offsets) != 7 {
		t.Errorf("until %s, %d offsets: want three years and their six changes of clocks", snap.Until, len(snap.Zones[0].Offsets))
	}
	for _, p := range people.List {
		if err := snap.Has(p.Hours); err != nil {
			t.Errorf("%s: %v", p.ID, err)
		}
	}
	if err := snap.Has(pb.Hours); err != nil {
		t.Error(err)
	}
	pb.Hours.Zone = "Atlantis/Port"
	if _, err := Snapshot(nil, pb, from); err == nil {
		t.Error("a zone that does not exist gives a snapshot")
	}
	pb.Hours.Zone, pb.Hours.Holidays = "UTC", "atlantis"
	if _, err := Snapshot(nil, pb, from); err == nil {
		t.Error("holidays that do not exist give a snapshot")
	}
}

// S18: a step is answered everywhere unless the playbook says otherwise.
func TestWhereAStepIsAnswered(t *testing.T) {
	t.Parallel()
	for line, want := range map[string]bool{"depth: 3": false, "answer-in: anywhere": false, "answer-in: browser": true, "answer-in:": false} {
		pb, err := ReadPlaybook("s", []byte(strings.Replace(short, "depth: 3", line, 1)))
		if err != nil || pb.Steps[1].Browser != want || pb.Steps[0].Browser {
			t.Errorf("%s: %v, %v", line, pb.Steps, err)
		}
	}
}
