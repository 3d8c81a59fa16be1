package activities

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"gangway/internal/calendar"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// SeatIn asks who could hold the seats of some requests at a moment.
type SeatIn struct {
	Requests []SeatRequest `json:"requests"`
	Owner    string        `json:"owner"`
	Deputy   string        `json:"deputy,omitempty"`
	Sponsor  string        `json:"sponsor,omitempty"`
	// Vendor is the slug of the vendor that the case is about.
	Vendor string `json:"vendor,omitempty"`
	// Now is case time: who is away is judged by it.
	Now time.Time `json:"now"`
}

// SeatRequest is one request whose seats want people.
type SeatRequest struct {
	Request string        `json:"request"`
	Policy  review.Policy `json:"policy"`
	// Holders are who holds its seats, whether or not they are on a bench.
	Holders []string `json:"holders,omitempty"`
}

// SeatOut is who could, in order of preference, and when these people work.
type SeatOut struct {
	Benches []RequestBenches `json:"benches"`
	Hours   []PersonHours    `json:"hours"`
	// Owners is the case's owner, deputy and sponsor, without those who left.
	Owners   []string `json:"owners,omitempty"`
	Revision int      `json:"revision"`
}

// RequestBenches is the benches of one request's seats.
type RequestBenches struct {
	Request string         `json:"request"`
	Benches []review.Bench `json:"benches"`
}

// PersonHours is when a person works.
type PersonHours struct {
	Person  string            `json:"person"`
	Hours   calendar.Schedule `json:"hours"`
	Manager string            `json:"manager,omitempty"`
	// Away are the person's absences that have not ended, the first to begin
	// coming first.
	Away []Absence `json:"away,omitempty"`
}

// Absence is a time in which somebody does not answer: [From, Until).
type Absence struct {
	From   time.Time `json:"from"`
	Until  time.Time `json:"until"`
	Backup string    `json:"backup,omitempty"` // who was named for it
}

// Seat resolves seats to people by the people file as it is now.
func (a *Activities) Seat(ctx context.Context, in SeatIn) (SeatOut, error) {
	people, revision, err := a.Archive.People(ctx)
	if err != nil {
		return SeatOut{}, outside(fmt.Errorf("reading the people: %w", err))
	}
	out := SeatOut{Revision: revision}
	var named []string
	for _, r := range in.Requests {
		benches := playbook.Bench(r.Policy, namedFor(people, r), revision, in.Vendor, in.Owner, in.Deputy, in.Sponsor, in.Now)
		out.Benches = append(out.Benches, RequestBenches{Request: r.Request, Benches: benches})
		for _, b := range benches {
			for _, c := range b.Candidates {
				named = append(named, c.Person.ID)
			}
		}
		named = append(named, r.Holders...)
	}
	for _, id := range []string{in.Owner, in.Deputy, in.Sponsor} {
		if slices.ContainsFunc(people, func(p playbook.Person) bool { return p.ID == id && !p.Left }) {
			out.Owners = append(out.Owners, id)
		}
	}
	slices.Sort(named)
	for _, id := range slices.Compact(named) {
		i := slices.IndexFunc(people, func(p playbook.Person) bool { return p.ID == id })
		if i >= 0 {
			out.Hours = append(out.Hours, PersonHours{Person: id, Hours: people[i].Hours, Manager: people[i].Manager, Away: absences(people[i], in.Now)})
		}
	}
	return out, nil
}

// namedFor leaves out people of neither side who were named for another process: they
// are nobody's here.
func namedFor(people []playbook.Person, r SeatRequest) []playbook.Person {
	if !slices.ContainsFunc(r.Policy.Seats(), func(s review.Seat) bool { return s.Role == review.OutsideRole }) {
		return people
	}
	process, _, _ := strings.Cut(r.Request, ":")
	return slices.DeleteFunc(slices.Clone(people), func(p playbook.Person) bool {
		named := func(role string) bool { return strings.HasPrefix(role, review.OutsideRole+":"+process+":") }
		return p.Employer == review.OutsideRole && !slices.ContainsFunc(p.Roles, named)
	})
}

// mostAbsences bounds what a process is told of one person; it looks again
// before so many have passed.
const mostAbsences = 20

func absences(p playbook.Person, now time.Time) []Absence {
	var list []Absence
	for _, a := range p.Away {
		if now.Before(a.Until) {
			list = append(list, Absence{From: a.From, Until: a.Until, Backup: a.Backup})
		}
	}
	slices.SortStableFunc(list, func(a, b Absence) int { return a.From.Compare(b.From) })
	return list[:min(len(list), mostAbsences)]
}
