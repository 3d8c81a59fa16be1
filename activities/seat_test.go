package activities

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"gangway/internal/calendar"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

func TestSeat(t *testing.T) {
	now := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	lisbon := calendar.Schedule{Zone: "Europe/Lisbon"}
	s := newStore(t)
	s.people = []playbook.Person{
		{ID: "lee", Name: "Lee", Mail: "lee@example.org", Roles: []string{"legal"}, Backups: []string{"bo"}, Manager: "bill", Hours: lisbon,
			Away: []playbook.Away{{From: now.Add(-time.Hour), Until: now.Add(time.Hour)}}},
		{ID: "lou", Roles: []string{"legal"}, Left: true},
		{ID: "bo"}, {ID: "bill"}, {ID: "ola", Left: true}, {ID: "dan"}, {ID: "sy"},
	}
	policy := func(role string) review.Policy {
		return review.Policy{Groups: []review.Group{{Rule: review.RuleAll, Seats: []review.Seat{{ID: "s", Role: role}}}}}
	}
	out, err := (&Activities{Archive: s}).Seat(t.Context(), SeatIn{Now: now, Owner: "ola", Deputy: "dan", Sponsor: "sy",
		Requests: []SeatRequest{{Request: "r1", Policy: policy("legal")}, {Request: "r2", Policy: policy(review.OwnerRole)}, {Request: "r3", Policy: policy("nobody")}}})
	if err != nil {
		t.Fatal(err)
	}
	who := func(id string, roles ...string) review.Person {
		return review.Person{ID: id, Roles: roles, Active: true, Revision: 7}
	}
	lee := who("lee", "legal")
	lee.Manager = "bill"
	want := SeatOut{Revision: 7, Owners: []string{"dan", "sy"},
		Benches: []RequestBenches{
			{Request: "r1", Benches: []review.Bench{{Seat: "s", Candidates: []review.Candidate{
				{Person: lee, Via: review.ViaRole, Away: now.Add(time.Hour)}, {Person: who("bo"), Via: review.ViaBackup, For: "lee"}}}}},
			{Request: "r2", Benches: []review.Bench{{Seat: "s", Candidates: []review.Candidate{
				{Person: who("dan"), Via: review.ViaOwner}, {Person: who("sy"), Via: review.ViaBackup, For: "dan"}}}}},
			{Request: "r3", Benches: []review.Bench{{Seat: "s"}}},
		},
		Hours: []PersonHours{{Person: "bo"}, {Person: "dan"}, {Person: "lee", Hours: lisbon, Manager: "bill", Away: []Absence{{From: now.Add(-time.Hour), Until: now.Add(time.Hour)}}}, {Person: "sy"}},
	}
	if d := cmp.Diff(want, out); d != "" {
		t.Errorf("seats (- want, + got):\n%s", d)
	}
}

func TestSeatWithoutOwners(t *testing.T) {
	out, err := (&Activities{Archive: newStore(t)}).Seat(t.Context(), SeatIn{Owner: "ola"})
	if err != nil || len(out.Owners) != 0 || len(out.Benches) != 0 {
		t.Errorf("got %+v, %v", out, err)
	}
}
