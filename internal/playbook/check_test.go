package playbook

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"gangway/internal/calendar"
	"gangway/internal/engagement"
	"gangway/internal/review"

	"github.com/google/go-cmp/cmp"
)

var days = func(n int) calendar.Span { return calendar.Span{Days: n} }

// office is a schedule in UTC, Monday to Friday.
func office() calendar.Schedule {
	s := calendar.Schedule{Zone: "UTC"}
	for d := time.Monday; d <= time.Friday; d++ {
		s.Week[d] = []calendar.Hours{{Start: 9 * 60, End: 17 * 60}}
	}
	return s
}

// sound is a small playbook without a fault; tests break one thing of it.
func sound() Playbook {
	return Playbook{
		Name: "sound", Title: "Sound", Hours: office(), Roles: []string{"legal", "boss"}, Data: []string{"personal"},
		Tiers:  []TierRule{{Tier: 1, When: Condition{Data: []string{"personal"}}}, {Tier: 3}},
		Stages: []string{"need", ContractStage},
		Chores: Deadlines{Due: days(2)}, Attestations: []Attestation{{ID: "read", Text: "I have read it."}},
		Steps: []Step{
			{ID: "need", Process: Onboarding, Stage: "need", Kind: review.Decision, Title: "Needed?", Deadlines: Deadlines{Due: days(3)},
				Policy: seats("boss")},
			{ID: "review", Process: Contract, Kind: review.Decision, Title: "Review",
				Deadlines: Deadlines{Due: days(5), Remind: []calendar.Span{days(2), days(4)}, Backup: days(3), Manager: days(6), Owner: days(7)},
				Policy: review.Policy{Pairs: []review.Pair{{A: "legal", B: "boss"}}, Groups: []review.Group{{Rule: review.RuleAll, Seats: []review.Seat{
					{ID: "legal", Role: "legal", Attest: []string{"read"}}, {ID: "boss", Role: "boss", Scope: []string{"title:charges"}}}}}}},
		},
	}
}

func TestASoundPlaybookHasNoFault(t *testing.T) {
	t.Parallel()
	if f := sound().Check(); f != nil {
		t.Error(f)
	}
}

func TestEachFaultOfAPlaybookHasItsPlace(t *testing.T) {
	t.Parallel()
	group := func(p *Playbook) *review.Group { return &p.Steps[1].Policy.Groups[0] }
	for _, c := range []struct {
		want  string // place: part of the message
		wreck func(*Playbook)
	}{
		{"$.name: is missing", func(p *Playbook) { p.Name = "" }},
		{"$.name: cannot be", func(p *Playbook) { p.Name = "a--b" }},
		{"$.title: control character", func(p *Playbook) { p.Title = "a\x00" }},
		{"$.hours.zone: missing", func(p *Playbook) { p.Hours.Zone = "" }},
		{"$.hours.week: no working hours", func(p *Playbook) { p.Hours.Week = calendar.Week{} }},
		{"$.hours.week: overlap", func(p *Playbook) { p.Hours.Week[1] = []calendar.Hours{{Start: 1, End: 9}, {Start: 5, End: 10}} }},
		{"$.roles[2]: twice", func(p *Playbook) { p.Roles = append(p.Roles, "legal") }},
		{"$.data[1]: cannot be", func(p *Playbook) { p.Data = append(p.Data, "Very Secret") }},
		{"$.tiers: no tier rules", func(p *Playbook) { p.Tiers = nil }},
		{"$.tiers[0].tier: no tier 9", func(p *Playbook) { p.Tiers[0].Tier = 9 }},
		{"$.tiers[0].when.data[0]: unknown data category", func(p *Playbook) { p.Tiers[0].When.Data[0] = "x" }},
		{"$.tiers[0].when.costFrom: below zero", func(p *Playbook) { p.Tiers[0].When.CostFrom = -1 }},
		{"$.tiers[2]: never reached", func(p *Playbook) { p.Tiers = append(p.Tiers, TierRule{Tier: 1}) }},
		{"$.stages[2]: no step belongs", func(p *Playbook) { p.Stages = append(p.Stages, "party") }},
		{"$.stages[2]: twice", func(p *Playbook) { p.Stages = append(p.Stages, "need") }},
		{"$.stages[1]: nobody reads the contract for tier 3", func(p *Playbook) { p.Steps[1].Tiers = []engagement.Tier{1} }},
		{"$.steps[2]: a second step reads the contract for tier 1", func(p *Playbook) {
			second := p.Steps[1]
			second.ID, second.Tiers = "second", []engagement.Tier{1}
			p.Steps = append(p.Steps, second)
		}},
		{"$.steps[2]: a second step reads the contract for tier 1", func(p *Playbook) { // behind one that reads all
			second := p.Steps[1]
			second.ID, second.When = "second", Condition{Systems: []string{"crm"}}
			p.Steps = append(p.Steps, second)
		}},
		{"$.stages[1]: nobody reads the contract for tier 3", func(p *Playbook) { p.Steps[1].When.Systems = []string{"crm"} }},
		{"$.steps: no steps", func(p *Playbook) { p.Steps, p.Stages = nil, []string{"need"} }},
		{"$.steps: more than", func(p *Playbook) { p.Steps = make([]Step, mostSteps+1) }},
		{"$.steps[1].id: twice", func(p *Playbook) { p.Steps[1].ID = "need" }},
		{"$.steps[0].kind: unknown kind", func(p *Playbook) { p.Steps[0].Kind = "vote" }},
		{"$.steps[1].kind: not a task", func(p *Playbook) { p.Steps[1].Kind = review.Task }},
		{"$.steps[0].ask: U+202E at place 2", func(p *Playbook) { p.Steps[0].Ask = "a\u202e" }},
		{"$.steps[0].ask: more than", func(p *Playbook) { p.Steps[0].Ask = strings.Repeat("a", mostText+1) }},
		{"$.steps[0].stage: unknown stage", func(p *Playbook) { p.Steps[0].Stage = "neeed" }},
		{"$.steps[0].stage: missing", func(p *Playbook) { p.Steps[0].Stage = "" }},
		{"$.steps[0].stage: belongs to the contract review", func(p *Playbook) { p.Steps[0].Stage = ContractStage }},
		{"$.steps[1].stage: no stage of its own", func(p *Playbook) { p.Steps[1].Stage = "need" }},
		{"$.steps[1].process: no stage in which", func(p *Playbook) { p.Stages = []string{"need"} }},
		{"$.steps[0].process: unknown process", func(p *Playbook) { p.Steps[0].Process = "leaving" }},
		{"$.steps[0].tiers[1]: twice", func(p *Playbook) { p.Steps[0].Tiers = []engagement.Tier{1, 1} }},
		{"$.steps[0].deadlines.due: no due date", func(p *Playbook) { p.Steps[0].Deadlines = Deadlines{} }},
		{"$.chores.due: no due date", func(p *Playbook) { p.Chores = Deadlines{} }},
		{"$.steps[1].deadlines.remind[1]: does not come after", func(p *Playbook) { p.Steps[1].Deadlines.Remind[1] = days(2) }},
		{"$.steps[1].deadlines.remind[1]: does not come after", func(p *Playbook) {
			p.Steps[1].Deadlines.Remind = []calendar.Span{{Days: 1, Hours: 4}, {Days: 1, Hours: 2}}
		}},
		{"$.steps[1].deadlines.remind: more than", func(p *Playbook) { p.Steps[1].Deadlines.Remind = make([]calendar.Span, 11) }},
		{"$.steps[1].deadlines.owner: before the manager", func(p *Playbook) { p.Steps[1].Deadlines.Owner = days(5) }},
		{"$.attestations[0].text: missing", func(p *Playbook) { p.Attestations[0].Text = "" }},
		{"$.steps[0].policy.groups: nobody is asked", func(p *Playbook) { p.Steps[0].Policy = review.Policy{} }},
		{"$.steps[1].policy.groups[0].seats: no seats", func(p *Playbook) { group(p).Seats = nil }},
		{"$.steps[1].policy.groups[0].rule: has only 2 seats", func(p *Playbook) { group(p).Rule, group(p).N = review.RuleSome, 3 }},
		{"$.steps[1].policy.groups[0].rule: asks nobody", func(p *Playbook) { group(p).Rule = review.RuleSome }},
		{"$.steps[1].policy.groups[0].rule: unknown rule", func(p *Playbook) { group(p).Rule = "most" }},
		{"$.steps[1].policy.groups[0].name: control", func(p *Playbook) { group(p).Name = "\x01" }},
		{"$.steps[1].policy: a number belongs to", func(p *Playbook) { group(p).N = 1 }},
		{"$.steps[1].policy.groups[0].seats[0].role: unknown role", func(p *Playbook) { group(p).Seats[0].Role = "legl" }},
		{"$.steps[1].policy.groups[0].seats[0].role: missing", func(p *Playbook) { group(p).Seats[0].Role = "" }},
		{"$.steps[1].policy.groups[0].seats[1].id: twice", func(p *Playbook) { group(p).Seats[1].ID = "legal" }},
		{"$.steps[1].policy.groups[0].seats[0].attest[0]: unknown attestation", func(p *Playbook) { p.Attestations = nil }},
		{"$.steps[1].policy.groups[0].seats[0].minutes: make no sense", func(p *Playbook) { group(p).Seats[0].Minutes = -1 }},
		{"$.steps[1].policy.groups[0].seats[1].scope[0]: cannot read", func(p *Playbook) { group(p).Seats[1].Scope[0] = "" }},
		{"$.steps[0].policy.groups[0].seats[0].scope: needs a document", func(p *Playbook) { p.Steps[0].Policy.Groups[0].Seats[0].Scope = []string{"11"} }},
		{"$.steps[1].policy.groups: nobody reads the whole document", func(p *Playbook) { group(p).Seats[0].Scope = []string{"11"} }},
		{"$.steps[1].policy.pairs[0]: unknown seat", func(p *Playbook) { p.Steps[1].Policy.Pairs[0].A = "x" }},
		{"$.steps[1].policy.pairs[0]: one seat twice", func(p *Playbook) { p.Steps[1].Policy.Pairs[0].A = "boss" }},
		{"$.steps[1].policy.depth: passed on", func(p *Playbook) { p.Steps[1].Policy.Depth = 6 }},
	} {
		p := sound()
		c.wreck(&p)
		place, part, _ := strings.Cut(c.want, ": ")
		found := false
		for _, f := range p.Check() {
			found = found || f.Place == place && strings.Contains(f.Message, part)
		}
		if !found {
			t.Errorf("want %s, got %v", c.want, p.Check())
		}
	}
}

func TestAReminderHoursAfterAnotherIsNoFault(t *testing.T) {
	t.Parallel()
	p := sound()
	p.Steps[1].Deadlines.Remind = []calendar.Span{{Days: 1}, {Days: 1, Hours: 2}}
	if f := p.Check(); f != nil {
		t.Error(f)
	}
}

func TestSpansOfDifferentKindsAreNotCompared(t *testing.T) {
	t.Parallel()
	p := sound()
	p.Steps[1].Deadlines.Backup = calendar.Span{Days: 14, Calendar: true}
	if f := p.Check(); f != nil {
		t.Errorf("14 calendar days may be before or after 6 working days: %v", f)
	}
}

func TestPlacesAreOrderedByTheirNumbers(t *testing.T) {
	t.Parallel()
	f := sorted(faults{{Place: "$.steps[10].id"}, {Place: "$.steps[9].policy"}, {Place: "$.steps[9].id"}, {Place: "$.steps"}, {Place: "$.data[2]"}})
	var got []string
	for _, x := range f {
		got = append(got, x.Place)
	}
	if d := cmp.Diff([]string{"$.data[2]", "$.steps", "$.steps[9].id", "$.steps[9].policy", "$.steps[10].id"}, got); d != "" {
		t.Error(d)
	}
}

func TestEachFaultOfPeople(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		want  string
		wreck func(p []Person) []Person
	}{
		{"$.people: nobody", func([]Person) []Person { return nil }},
		{"$.people[1].id: taken by", func(p []Person) []Person { p[1].ID = "ann"; return p }},
		{"$.people[1].id: missing", func(p []Person) []Person { p[1].ID = ""; return p }},
		{"$.people[0].name: missing", func(p []Person) []Person { p[0].Name = ""; return p }},
		{"$.people[0].mail: no mail address", func(p []Person) []Person { p[0].Mail = "a@b@c"; return p }},
		{"$.people[2].mail: is \"ann\"'s already", func(p []Person) []Person { p[0].Mail, p[2].Mail = "x@y.z", "X@Y.Z"; return p }},
		{"$.people[2].slack: already", func(p []Person) []Person { p[0].Slack, p[2].Slack = "U1", "U1"; return p }},
		{"$.people[0].employer: no slug", func(p []Person) []Person { p[0].Employer = "Acme Ltd"; return p }},
		{"$.people[0].roles[0]: nobody holds @owner for good", func(p []Person) []Person { p[0].Roles[0] = review.OwnerRole; return p }},
		{"$.people[0].roles[1]: twice", func(p []Person) []Person { p[0].Roles = []string{"legal", "legal"}; return p }},
		{"$.people[0].hours.week: no working hours", func(p []Person) []Person { p[0].Hours.Week = calendar.Week{}; return p }},
		{"$.people[0].channels[1]: nobody is told by \"fax\"", func(p []Person) []Person { p[0].Channels = []string{"mail", "fax"}; return p }},
		{"$.people[0].channels[1]: twice", func(p []Person) []Person { p[0].Channels = []string{"slack", "slack"}; return p }},
		{"$.people[0].away[0].until: before it begins", func(p []Person) []Person { p[0].Away = []Away{{From: noon, Until: noon}}; return p }},
		{"$.people[0].backups[0]: unknown person", func(p []Person) []Person { p[0].Backups = []string{"bem"}; return p }},
		{"$.people[0].backups[0]: their own backup", func(p []Person) []Person { p[0].Backups = []string{"ann"}; return p }},
		{"$.people[0].backups[1]: twice", func(p []Person) []Person { p[0].Backups = []string{"ben", "ben"}; return p }},
		{"$.people[0].backups[0]: somebody else", func(p []Person) []Person { p[1].Employer = "acme"; return p }},
		{"$.people[2].backups[0]: circle: ann → ben → cas → ann", func(p []Person) []Person {
			p[1].Backups, p[2].Backups = []string{"cas"}, []string{"ann"}
			return p
		}},
		{"$.people[1].manager: circle: ann → ben → ann", func(p []Person) []Person { p[0].Manager, p[1].Manager = "ben", "ann"; return p }},
		{"$.people[0].manager: unknown person", func(p []Person) []Person { p[0].Manager = "nobody"; return p }},
	} {
		people := []Person{
			{ID: "ann", Name: "Ann", Hours: office(), Roles: []string{"legal"}, Backups: []string{"ben"}},
			{ID: "ben", Name: "Ben", Hours: office()},
			{ID: "cas", Name: "Cas", Hours: office(), Manager: "ann"},
		}
		if f := CheckPeople(people); f != nil {
			t.Fatal(f)
		}
		place, part, _ := strings.Cut(c.want, ": ")
		found := false
		faults := CheckPeople(c.wreck(people))
		for _, f := range faults {
			found = found || f.Place == place && strings.Contains(f.Message, part)
		}
		if !found || len(faults) > 1 && !strings.Contains(c.want, "id:") && !strings.Contains(c.want, "else") && !strings.Contains(c.want, "slug") {
			t.Errorf("want %s alone, got %v", c.want, faults)
		}
	}
}

func TestWhoLeftNeedsNoHoursAndNoKnownRole(t *testing.T) {
	t.Parallel()
	people := []Person{{ID: "ann", Name: "Ann", Left: true, Roles: []string{"gone"}}}
	if f := CheckPeople(people); f != nil {
		t.Error(f)
	}
	if f := sound().CheckRoles(people); f != nil {
		t.Error(f)
	}
}

func TestFaultsOfAnIntake(t *testing.T) {
	t.Parallel()
	in := Intake{Vendor: engagement.Vendor{Name: "A\x00", Contacts: []engagement.Contact{{Name: "N", Mail: "bad"}}}, YearlyCost: -1,
		Currency: "eur", Owner: "ann", Deputy: "ann", Data: []string{"a", "a"}, Success: []string{"a\x00"}, Sponsor: "X Y", Playbook: "../x"}
	var got []string
	for _, f := range in.Check() {
		got = append(got, f.Place)
	}
	want := []string{"$.currency", "$.data[1]", "$.deputy", "$.playbook", "$.reason", "$.sponsor", "$.success[0]",
		"$.vendor.contacts[0].mail", "$.vendor.name", "$.vendor.service", "$.yearlyCost"}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	good := Intake{Vendor: engagement.Vendor{Name: "Acme Ltd.", Service: "s"}, Reason: "r", Owner: "ann"}
	if f := good.Check(); f != nil {
		t.Error(f)
	}
	if good.VendorSlug() != "acme-ltd" {
		t.Error(good.VendorSlug())
	}
}

func TestNearest(t *testing.T) {
	t.Parallel()
	words := []string{"legal", "security", "finance", "it"}
	for word, want := range map[string]string{"legl": "legal", "Legal": "legal", "secrutiy": "security", "ti": "it", "fin": "", "xyz": "", "": "",
		strings.Repeat("l", 1e6): ""} {
		if got := Nearest(word, words); got != want {
			t.Errorf("%.20q: %q, want %q", word, got, want)
		}
	}
}

func TestTheFirstTierRuleThatMatchesWins(t *testing.T) {
	t.Parallel()
	rules := []TierRule{{Tier: 1, When: Condition{Data: []string{"payment"}, CostFrom: 100}}, {Tier: 2, When: Condition{Systems: []string{"bank"}}}, {Tier: 3}}
	for want, f := range map[engagement.Tier]Facts{
		1: {Data: []string{"x", "payment"}, YearlyCost: 100, Systems: []string{"bank"}},
		2: {Data: []string{"payment"}, YearlyCost: 99, Systems: []string{"bank"}},
		3: {},
	} {
		if got := TierFor(rules, f); got != want {
			t.Errorf("%+v: %s, want %s", f, got, want)
		}
	}
	if got := TierFor(rules[:2], Facts{}); got != 2 {
		t.Errorf("a gap in the rules gives the lowest that is named, not %s", got)
	}
	if fmt.Sprint(sound().steps(Contract, 1)[0].ID) != "review" || len(sound().steps(Onboarding, 0)) != 1 {
		t.Error("steps gives others")
	}
}
