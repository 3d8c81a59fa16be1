package playbook

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

const aDay = 24 * time.Hour

// absent is an absence from one day to another, counted from noon.
func absent(from, until int, backup string) Away {
	return Away{From: noon.AddDate(0, 0, from), Until: noon.AddDate(0, 0, until), Backup: backup}
}

func TestWhoIsNamedForAnAbsenceComesFirstWhileItLasts(t *testing.T) {
	t.Parallel()
	people := []Person{
		{ID: "ben", Roles: []string{"legal"}, Backups: []string{"dora", "carl"}, Away: []Away{absent(0, 5, "eve"), absent(3, 9, "carl")}},
		{ID: "ann", Roles: []string{"legal"}},
		{ID: "carl"}, {ID: "dora", Away: []Away{absent(-9, 9, "fay")}}, {ID: "eve"}, {ID: "fay"},
	}
	for at, want := range map[int][]string{
		-1: {"ben role", "ann role", "dora backup for ben away", "carl backup for ben", "fay backup for ben"},
		0:  {"ben role away", "ann role", "eve backup for ben", "dora backup for ben away", "carl backup for ben", "fay backup for ben"},
		4:  {"ben role away", "ann role", "eve backup for ben", "carl backup for ben", "dora backup for ben away", "fay backup for ben"},
		5:  {"ben role away", "ann role", "carl backup for ben", "dora backup for ben away", "fay backup for ben"},
		9:  {"ben role", "ann role", "dora backup for ben", "carl backup for ben"},
	} {
		got := names(Bench(seats("legal"), people, 7, "", "", "", "", noon.AddDate(0, 0, at))[0])
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("day %d (-want +got):\n%s", at, d)
		}
	}
}

func TestWhoIsNamedForAnAbsenceAndHoldsTheRoleStandsIn(t *testing.T) {
	t.Parallel()
	people := []Person{{ID: "ben", Roles: []string{"legal"}, Away: []Away{absent(0, 5, "ann")}}, {ID: "ann", Roles: []string{"legal"}}}
	if d := cmp.Diff([]string{"ben role away", "ann backup for ben"}, names(Bench(seats("legal"), people, 7, "", "", "", "", noon)[0])); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]string{"ben role", "ann role"}, names(Bench(seats("legal"), people, 7, "", "", "", "", noon.Add(5*aDay))[0])); d != "" {
		t.Error(d)
	}
}

func TestCheckAway(t *testing.T) {
	t.Parallel()
	many := Person{ID: "max"}
	for i := range MostAways {
		many.Away = append(many.Away, absent(i, i+1, ""))
	}
	people := []Person{{ID: "tom"}, {ID: "ines"}, {ID: "left", Left: true}, {ID: "vera", Employer: "acme"}, {ID: "ada", Roles: []string{AuditorRole}}, many,
		{ID: "gone", Away: []Away{absent(2, 4, "tom")}}, {ID: "chain", Away: []Away{absent(0, 9, "gone")}}, {ID: "later", Away: []Away{absent(20, 24, "tom")}}}
	for _, c := range []struct {
		who  string
		away Away
		want string // place: message; empty: no fault
	}{
		{"tom", absent(1, 5, ""), ""},
		{"tom", absent(1, 5, "ines"), ""},
		{"tom", absent(-3, 5, "ines"), ""}, // it began already
		{"tom", absent(1, 366, ""), ""},
		{"tom", Away{}, ""},
		{"tom", Away{From: noon, Backup: "nobody"}, ""}, // ends what stood
		{"tom", absent(5, 5, ""), "until: it ends before"},
		{"tom", absent(5, 1, ""), "until: it ends before"},
		{"tom", absent(-5, 0, ""), "until: it is over"},
		{"tom", absent(1, 367, ""), "until: it ends more than a year"},
		{"tom", Away{Until: noon.Add(aDay)}, "from: it has no beginning"},
		{"tom", absent(1, 5, "tom"), "backup: nobody stands in for themselves"},
		{"tom", absent(1, 5, "nobody"), "backup: unknown person"},
		{"tom", absent(1, 5, "left"), "backup: \"left\" is no longer"},
		{"tom", absent(1, 5, "vera"), "backup: \"vera\" works for"},
		{"tom", absent(1, 5, "ada"), "backup: \"ada\" is an auditor"},
		{"tom", absent(1, 5, "gone"), "backup: \"gone\" is away too"},
		{"tom", absent(1, 5, "chain"), "backup: \"gone\" is away too"},
		{"tom", absent(4, 5, "gone"), ""},
		{"tom", absent(1, 5, "later"), ""},
		{"max", absent(40, 41, ""), "from: 20 absences"},
	} {
		var got []string
		for _, f := range CheckAway(people, c.who, c.away, noon) {
			got = append(got, f.Place+": "+f.Message)
		}
		if c.want == "" && got != nil || c.want != "" && (len(got) != 1 || !strings.HasPrefix(got[0], c.want)) {
			t.Errorf("%s %+v: %q, want %q", c.who, c.away, got, c.want)
		}
	}
}

func TestPeopleFileNamesWhoStandsIn(t *testing.T) {
	t.Parallel()
	people := []Person{
		{ID: "tom", Name: "T", Away: []Away{absent(0, 1, "nobody"), absent(0, 1, "tom"), absent(0, 1, "vera"), {From: noon, Until: noon.Add(aDay), Backup: "nobody", Own: true}}},
		{ID: "vera", Name: "V", Employer: "acme"},
	}
	var got []string
	for _, f := range CheckPeople(people) {
		if strings.Contains(f.Place, "away") {
			got = append(got, f.Place)
		}
	}
	if d := cmp.Diff([]string{"$.people[0].away[0].backup", "$.people[0].away[1].backup", "$.people[0].away[2].backup"}, got); d != "" {
		t.Error(d)
	}
}

func TestReplacingWhoStandsIn(t *testing.T) {
	t.Parallel()
	people := []Person{{ID: "tom", Away: []Away{absent(0, 1, "ines"), absent(2, 3, "max")}}, {ID: "ines"}, {ID: "max", Away: []Away{absent(0, 1, "ines")}}}
	next, named := Replace(people, "ines", "max")
	if d := cmp.Diff([]string{"tom", "max"}, named); d != "" {
		t.Error(d)
	}
	backups := map[string]string{}
	for _, p := range next {
		if len(p.Away) > 0 {
			backups[p.ID] = p.Away[0].Backup
		}
	}
	if d := cmp.Diff(map[string]string{"tom": "max", "max": ""}, backups); d != "" || people[0].Away[0].Backup != "ines" {
		t.Errorf("%s; the people before: %+v", d, people[0].Away)
	}
}
