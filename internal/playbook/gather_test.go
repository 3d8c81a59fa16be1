package playbook

import (
	"testing"
	"time"

	"gangway/internal/review"

	"github.com/google/go-cmp/cmp"
)

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

func seats(roles ...string) review.Policy {
	g := review.Group{Rule: review.RuleAll}
	for _, r := range roles {
		g.Seats = append(g.Seats, review.Seat{ID: r, Role: r})
	}
	return review.Policy{Groups: []review.Group{g}}
}

// names shows a bench as "id via for".
func names(b review.Bench) []string {
	var list []string
	for _, c := range b.Candidates {
		s := c.Person.ID + " " + string(c.Via)
		if c.For != "" {
			s += " for " + c.For
		}
		if !c.Away.IsZero() {
			s += " away"
		}
		list = append(list, s)
	}
	return list
}

func TestBenchTakesTheRoleInFileOrderThenTheBackups(t *testing.T) {
	t.Parallel()
	people := []Person{
		{ID: "ben", Roles: []string{"legal"}, Backups: []string{"dora", "carl"}},
		{ID: "ann", Roles: []string{"legal"}, Backups: []string{"eve"}},
		{ID: "carl", Backups: []string{"fay"}},
		{ID: "dora", Backups: []string{"ben", "fay"}}, // a circle must end
		{ID: "eve"}, {ID: "fay"}, {ID: "gus"},
	}
	got := names(Bench(seats("legal"), people, 7, "", "", "", "", noon)[0])
	want := []string{"ben role", "ann role", "dora backup for ben", "carl backup for ben", "eve backup for ann", "fay backup for ben"}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

func TestBenchOfTheOwnerRoleIsOwnerDeputySponsor(t *testing.T) {
	t.Parallel()
	people := []Person{{ID: "sue"}, {ID: "dan", Backups: []string{"kim"}}, {ID: "olga"}, {ID: "kim"}}
	got := names(Bench(seats(review.OwnerRole), people, 1, "acme", "olga", "dan", "sue", noon)[0])
	if d := cmp.Diff([]string{"olga owner", "dan backup for olga", "sue backup for olga", "kim backup for dan"}, got); d != "" {
		t.Error(d)
	}
	got = names(Bench(seats(review.OwnerRole), people, 1, "acme", "olga", "", "olga", noon)[0])
	if d := cmp.Diff([]string{"olga owner"}, got); d != "" {
		t.Error("one person in two parts stands once: " + d)
	}
}

func TestBenchLeavesOutWhoLeftButNotTheirBackups(t *testing.T) {
	t.Parallel()
	people := []Person{
		{ID: "ann", Roles: []string{"legal"}, Left: true, Backups: []string{"ben"}},
		{ID: "ben", Away: []Away{{From: noon.Add(-time.Hour), Until: noon.Add(time.Hour)}}},
	}
	b := Bench(seats("legal", "nobody"), people, 3, "", "", "", "", noon)
	if d := cmp.Diff([]string{"ben backup for ann away"}, names(b[0])); d != "" {
		t.Error(d)
	}
	if b[1].Seat != "nobody" || len(b[1].Candidates) != 0 {
		t.Errorf("a role nobody holds: %+v", b[1])
	}
	c := b[0].Candidates[0]
	if !c.Away.Equal(noon.Add(time.Hour)) || c.Person.Revision != 3 || !c.Person.Active {
		t.Errorf("the record or the absence is wrong: %+v", c)
	}
}

func TestBenchTellsABackupWhoHoldsTheRoleAsWell(t *testing.T) {
	t.Parallel()
	people := []Person{
		{ID: "gone", Roles: []string{"legal"}, Left: true, Backups: []string{"ann"}},
		{ID: "ann", Roles: []string{"legal"}, Backups: []string{"ben", "zoe"}},
		{ID: "cas", Roles: []string{"legal"}},
		{ID: "ben", Roles: []string{"legal"}},
		{ID: "zoe"},
	}
	got := names(Bench(seats("legal"), people, 1, "", "", "", "", noon)[0])
	if d := cmp.Diff([]string{"ann role", "cas role", "ben backup for ann", "zoe backup for ann"}, got); d != "" {
		t.Error(d)
	}
}

func TestBenchOfTheVendorIsItsActiveContacts(t *testing.T) {
	t.Parallel()
	people := []Person{
		{ID: "ann", Roles: []string{"legal"}},
		{ID: "acme.1", Employer: "acme", Left: true, Backups: []string{"ann"}},
		{ID: "bolt.1", Employer: "bolt"},
		{ID: "acme.2", Employer: "acme", Backups: []string{"ann"}},
		{ID: "acme.3", Employer: "acme", Away: []Away{{From: noon, Until: noon.Add(time.Hour)}}},
	}
	bench := func(vendor string) []string {
		return names(Bench(seats(review.VendorRole), people, 1, vendor, "ann", "", "", noon)[0])
	}
	if d := cmp.Diff([]string{"acme.2 role", "acme.3 backup for acme.2 away"}, bench("acme")); d != "" {
		t.Error(d)
	}
	for _, nobody := range []string{"", "nobody"} {
		if got := bench(nobody); got != nil {
			t.Errorf("the vendor %q has %v", nobody, got)
		}
	}
}
