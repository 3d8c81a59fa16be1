package config

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"gangway/internal/playbook"
	"gangway/internal/review"

	"github.com/google/go-cmp/cmp"
)

// embedded reads a file of the example.
func embedded(t *testing.T, name string) []byte {
	t.Helper()
	data, err := shipped.ReadFile("example/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// planned computes the plan of a shipped playbook with people of the example.
func planned(t *testing.T, book, people string, in playbook.Intake, start time.Time) playbook.Plan {
	t.Helper()
	pb, _, err := Shipped(book)
	if err != nil {
		t.Fatal(err)
	}
	who, err := ReadPeople(people, embedded(t, people))
	if err != nil {
		t.Fatal(err)
	}
	if err := Cross(who, pb); err != nil {
		t.Fatal(err)
	}
	snap, err := Snapshot(who.List, pb, start)
	if err != nil {
		t.Fatal(err)
	}
	return pb.Plan(who.List, in, snap, start)
}

// lines shows a plan as one would read it.
func lines(p playbook.Plan) []string {
	var out []string
	for _, s := range p.Steps {
		for gi, g := range s.Groups {
			for _, seat := range g.Seats {
				line := fmt.Sprintf("%s/%d %s: %s", s.ID, gi, seat.ID, seat.Person)
				if seat.Backup != "" {
					line += ", then " + seat.Backup
				}
				if seat.Twice {
					line += " (two seats)"
				}
				out = append(out, line+", due "+g.Dates.Due.Format("Mon 02 Jan 15:04"))
			}
		}
	}
	return out
}

func TestPlanOfTheStandardPlaybookWithTwelve(t *testing.T) {
	t.Parallel()
	v, err := ReadIntake("vendor.yaml", embedded(t, "vendor.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	start := time.Date(2026, 12, 14, 10, 0, 0, 0, time.UTC) // a Monday
	p := planned(t, "standard", "people.yaml", v.Intake, start)
	want := []string{
		"need/0 sponsor: helen, then george, due Thu 17 Dec 10:00",
		"need/0 finance: ravi, then claire, due Thu 17 Dec 10:00",
		"security-look/0 security: daniel, then ines, due Thu 24 Dec 10:00",
		"data-look/0 data-protection: ruth, then sam, due Thu 24 Dec 10:00",
		// Christmas Day, Boxing Day kept on the Monday, New Year's Day
		"review/0 legal: jonas, then priya, due Tue 05 Jan 10:00",
		"review/0 security: daniel, then ines, due Tue 05 Jan 10:00",
		"review/0 data-protection: ruth, then sam, due Tue 05 Jan 10:00",
		"review/0 finance: ravi, then claire, due Tue 05 Jan 10:00",
		"review/1 service-owner: tom, due Tue 12 Jan 10:00",
		"review/1 sponsor: helen, then george, due Tue 12 Jan 10:00",
		// beside the review, and over after it: the stage waits for both
		"dpa-ask/0 vendor: , due Tue 12 Jan 10:00",
		"dpa-check/0 data-protection: ruth, then sam, due Tue 19 Jan 10:00",
		"dpa-sign/0 legal: jonas, then priya, due Tue 26 Jan 10:00",
		"dpa-sign/0 data-protection: ruth, then sam, due Tue 26 Jan 10:00",
		"contacts/0 owner: maya, due Tue 02 Feb 10:00",
		"backup-people/0 service-owner: maya, then tom, due Tue 09 Feb 10:00",
	}
	if d := cmp.Diff(want, lines(p)); d != "" {
		t.Error(d)
	}
	if p.DPA != playbook.Needed || p.Steps[4].ID != "dpa-ask" || p.Steps[4].Groups[0].Seats[0].Name == "" {
		t.Errorf("%s, %+v", p.DPA, p.Steps[4])
	}
	if p.Tier != 1 || p.Requester != "maya" || p.Vendor != "brightwell-payroll" || len(p.Empty) != 0 {
		t.Errorf("tier %d, requester %s, vendor %s, empty %v", p.Tier, p.Requester, p.Vendor, p.Empty)
	}
	if d := cmp.Diff([]string{"george", "claire", "priya", "ines", "sam", "oscar", "amina"}, p.Idle); d != "" {
		t.Error("who holds nothing: " + d)
	}
	// four first readers, two who sign, and whoever asks
	if p.Fewest != 7 {
		t.Errorf("the fewest people are %d, want 7", p.Fewest)
	}
	loads := map[string]playbook.Load{}
	for _, l := range p.Load {
		loads[l.Person] = l
	}
	wantMaya := playbook.Load{Person: "maya", Name: "Maya Lindqvist", Requests: 2, Messages: 1, Minutes: 30 + 45}
	if d := cmp.Diff(wantMaya, loads["maya"]); d != "" {
		t.Error("two tasks that open together are one message: " + d)
	}
}

func TestPlanRemindsPeopleInTheirOwnHours(t *testing.T) {
	t.Parallel()
	v, err := ReadIntake("vendor.yaml", embedded(t, "vendor.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	p := planned(t, "standard", "people.yaml", v.Intake, time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC))
	for _, s := range p.Steps {
		if s.ID != "security-look" {
			continue
		}
		// Daniel works in New York and is off on Thanksgiving, Thursday 26 November:
		// asked then, he is reminded after two and four working days of his own.
		var at []string
		for _, r := range s.Groups[0].Seats[0].Remind {
			at = append(at, r.Format("Mon 02 Jan 15:04"))
		}
		if d := cmp.Diff([]string{"Mon 30 Nov 13:00", "Wed 02 Dec 13:00"}, at); d != "" {
			t.Error(d)
		}
	}
}

func TestPlanOfTheSmallPlaybookWithThree(t *testing.T) {
	t.Parallel()
	v, err := ReadIntake("vendor.yaml", embedded(t, "vendor.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	for _, asks := range []string{"lewis", "asha", "frances"} {
		in := v.Intake
		in.Owner, in.Deputy, in.Sponsor = asks, "", ""
		p := planned(t, "small", "people-small.yaml", in, time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC))
		if len(p.Empty) != 0 || p.Fewest != 3 {
			t.Errorf("%s asks: empty %+v, fewest %d; want every seat filled by three", asks, p.Empty, p.Fewest)
		}
		for _, s := range p.Steps {
			for _, g := range s.Groups {
				for _, seat := range g.Seats {
					if seat.Person == asks && s.Kind == review.Decision {
						t.Errorf("%s asks and decides %s as well", asks, s.ID)
					}
				}
			}
		}
		twice := 0
		for _, line := range lines(p) {
			if strings.Contains(line, "(two seats)") {
				twice++
			}
		}
		if twice != 2 {
			t.Errorf("%s asks: %d seats are held by somebody who sits twice, want the 2 of the review", asks, twice)
		}
	}
}
