package review_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"gangway/internal/review"
)

var (
	monday   = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	tuesday  = monday.AddDate(0, 0, 1)
	friday   = monday.AddDate(0, 0, 4)
	saturday = monday.AddDate(0, 0, 5)
)

// room is one request with the people around it, for stories: who says what on
// which day. Everybody is an active employee unless the story says otherwise.
type room struct {
	t      *testing.T
	r      review.Request
	now    time.Time
	facts  []review.Fact
	sent   int
	people map[string]review.Person
}

// seat reads "legal", "legal!" (mandatory), "legal*" (veto), "legal!*".
func seat(s string) review.Seat {
	id := strings.TrimRight(s, "!*")
	return review.Seat{ID: id, Role: id, Mandatory: strings.Contains(s, "!"), Veto: strings.Contains(s, "*")}
}

func group(rule review.Rule, n int, seats ...string) review.Group {
	g := review.Group{Rule: rule, N: n}
	for _, s := range seats {
		g.Seats = append(g.Seats, seat(s))
	}
	return g
}

func all(seats ...string) review.Group { return group(review.RuleAll, 0, seats...) }
func anyOf(seats ...string) review.Group {
	return group(review.RuleAny, 0, seats...)
}
func some(n int, seats ...string) review.Group { return group(review.RuleSome, n, seats...) }

func policy(groups ...review.Group) review.Policy { return review.Policy{Groups: groups} }

// gather opens a request on Monday, due on Friday, the person of each seat named
// after it: seat "legal" is held by "Legal". change may alter it before it opens.
func gather(t *testing.T, p review.Policy, change ...func(*review.Request)) *room {
	t.Helper()
	m := &room{t: t, now: monday, people: map[string]review.Person{}}
	r := review.Request{ID: "sign-off", Kind: review.Decision, Requester: "Rita", Owner: "Olga", Vendor: "acme", Policy: p, Opened: monday}
	for gi, g := range p.Groups {
		for _, s := range g.Seats {
			r.Seatings = append(r.Seatings, review.Seating{Seat: s.ID, Group: gi,
				Holders: []review.Holder{{Person: named(s.ID), Via: review.ViaRole, Since: monday}}})
		}
	}
	for _, c := range change {
		c(&r)
	}
	m.fold(review.Fact{Kind: review.FactOpened, Request: r.ID, At: monday, Opened: &r})
	for gi := range p.Groups {
		m.fold(review.Fact{Kind: review.FactGroup, Request: r.ID, At: monday, Group: gi, Due: friday})
	}
	return m
}

func named(seat string) string { return strings.ToUpper(seat[:1]) + seat[1:] }

func (m *room) person(name string) review.Person {
	if p, known := m.people[name]; known {
		return p
	}
	return review.Person{ID: name, Active: true, Revision: 1}
}

func (m *room) fold(facts ...review.Fact) {
	m.r.Fold(facts)
	m.facts = append(m.facts, facts...)
}

func (m *room) id() string { m.sent++; return fmt.Sprintf("id-%d", m.sent) }

// says lets somebody answer for the seat they hold, for the current version,
// with a reason; change alters the answer before it is sent.
func (m *room) says(name string, v review.Verdict, change ...func(*review.Answer)) review.Outcome {
	m.t.Helper()
	a := review.Answer{ID: m.id(), Request: m.r.ID, Version: m.r.Current(), Verdict: v, Person: m.person(name),
		Written: review.Written{Inside: "digest"}, Channel: "web", At: m.now}
	for _, c := range change {
		c(&a)
	}
	return m.send(a)
}

func (m *room) send(a review.Answer) review.Outcome {
	m.t.Helper()
	before := m.r.Clone()
	out, facts := m.r.Judge(a, m.now)
	if d := cmp.Diff(before, m.r); d != "" {
		m.t.Errorf("judging an answer changed the request (-before +after):\n%s", d)
	}
	m.fold(facts...)
	return out
}

// does lets somebody act, with a reason.
func (m *room) does(name string, kind review.ActKind, change ...func(*review.Act)) review.Outcome {
	m.t.Helper()
	a := review.Act{ID: m.id(), Kind: kind, Request: m.r.ID, Person: m.person(name), Written: review.Written{Inside: "digest"}, Channel: "web", At: m.now}
	for _, c := range change {
		c(&a)
	}
	return m.perform(a)
}

func (m *room) perform(a review.Act) review.Outcome {
	m.t.Helper()
	before := m.r.Clone()
	out, facts := m.r.Act(a, m.now)
	if d := cmp.Diff(before, m.r); d != "" {
		m.t.Errorf("judging an act changed the request (-before +after):\n%s", d)
	}
	m.fold(facts...)
	return out
}

func (m *room) passes(from, to, seat string, until time.Time) review.Outcome {
	m.t.Helper()
	return m.does(from, review.Delegate, func(a *review.Act) { a.Seat, a.To, a.Until = seat, m.person(to), until })
}

func (m *room) joins(name, seat string, via review.Via) {
	m.fold(review.Fact{Kind: review.FactSeated, Request: m.r.ID, At: m.now, Seat: seat, Person: name,
		Holder: &review.Holder{Person: name, Via: via, Since: m.now}})
}

// version brings the next version; touched says, for each earlier version from
// the first on, which seats' text differs.
func (m *room) version(touched ...[]string) {
	v := review.Version{Number: m.r.Current() + 1, Document: fmt.Sprintf("doc-%d", m.r.Current()+1), At: m.now}
	for i, seats := range touched {
		v.Touched = append(v.Touched, review.Touch{Version: i + 1, Seats: seats})
	}
	m.fold(review.Fact{Kind: review.FactVersion, Request: m.r.ID, At: m.now, Version: &v})
}

func (m *room) closes(why string) {
	m.fold(review.Fact{Kind: review.FactClosed, Request: m.r.ID, At: m.now, State: m.r.Tally(m.now).State, Why: why})
}

func (m *room) is(want review.State) {
	m.t.Helper()
	if got := m.r.Tally(m.now).State; got != want {
		m.t.Errorf("the request is %q, want %q", got, want)
	}
}

func (m *room) counted(out review.Outcome) {
	m.t.Helper()
	if out.Status != review.Counted || !out.OK() {
		m.t.Errorf("%s %s; want it counted", out.Status, out.Refusal)
	}
	if out.State != m.r.Tally(m.now).State {
		m.t.Errorf("the person is told %q, the request is %q", out.State, m.r.Tally(m.now).State)
	}
}

// refused also wants the attempt on record.
func (m *room) refused(out review.Outcome, why review.Refusal) {
	m.t.Helper()
	if out.Status != review.Refused || out.Refusal != why || out.OK() {
		m.t.Errorf("%s %q; want it refused as %q", out.Status, out.Refusal, why)
	}
	if n := len(m.r.Attempts); n == 0 || m.r.Attempts[n-1].Outcome.Refusal != why {
		m.t.Errorf("the refusal %q is not on record", why)
	}
}

func (m *room) tells(out review.Outcome, by string, at time.Time) {
	m.t.Helper()
	if out.By != by || !out.At.Equal(at) {
		m.t.Errorf("the loser is told %s at %s; want %s at %s", out.By, out.At, by, at)
	}
}

func forSeat(id string) func(*review.Answer) { return func(a *review.Answer) { a.Seat = id } }
func forVersion(n int) func(*review.Answer)  { return func(a *review.Answer) { a.Version = n } }
func wordless(a *review.Answer)              { a.Written = review.Written{} }

func vacant(t review.Tally) []string {
	var seats []string
	for _, g := range t.Groups {
		for _, s := range g.Seats {
			if s.Vacant {
				seats = append(seats, s.Seat)
			}
		}
	}
	slices.Sort(seats)
	return seats
}
