package review_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"gangway/internal/review"
)

var (
	wednesday = monday.AddDate(0, 0, 2)
	thursday  = monday.AddDate(0, 0, 3)
)

// steered is a request of two groups, legal and finance first, then a signature.
func steered() *review.Request {
	r := &review.Request{ID: "q", Kind: review.Decision, Requester: "rae", Owner: "ola", Vendor: "acme", Opened: monday,
		Policy: review.Policy{Groups: []review.Group{
			{Name: "readers", Rule: review.RuleSome, N: 2, Seats: []review.Seat{{ID: "legal", Role: "legal", Mandatory: true}, {ID: "finance", Role: "finance"}}},
			{Name: "sign", Rule: review.RuleAll, Seats: []review.Seat{{ID: "sign", Role: "board", Veto: true}}}}},
		Clocks: []review.Clock{{Opened: monday, Due: wednesday}, {}}}
	for i, who := range []string{"lee", "fay", "sue"} {
		r.Seatings = append(r.Seatings, review.Seating{Seat: r.Policy.Seats()[i].ID, Group: i / 2, Holders: []review.Holder{{Person: who, Via: review.ViaRole, Since: monday}}})
	}
	return r
}

func says(r *review.Request, who, seat string, v review.Verdict, at time.Time) {
	r.Apply(review.Fact{Kind: review.FactCounted, Request: r.ID, At: at, Seat: seat, Person: who, Answer: who + seat,
		Ballot: &review.Ballot{Answer: who + seat, Seat: seat, Person: who, Verdict: v, At: at}})
}

func TestExtension(t *testing.T) {
	t.Parallel()
	r := steered()
	act := review.Act{ID: "x", Kind: review.Extend, Person: review.Person{ID: "ola"}, Until: friday}
	for name, c := range map[string]struct {
		until, now time.Time
		prepare    func(*review.Request)
		want       review.Refusal
	}{
		"later":            {friday, tuesday, func(*review.Request) {}, ""},
		"past":             {monday, tuesday, func(*review.Request) {}, review.BadTime},
		"sooner":           {tuesday.Add(time.Hour), tuesday, func(*review.Request) {}, review.NotLater},
		"the same":         {wednesday, tuesday, func(*review.Request) {}, review.NotLater},
		"overdue":          {friday, thursday, func(*review.Request) {}, ""},
		"on hold":          {friday, tuesday, func(r *review.Request) { r.Held = monday }, review.OnHold},
		"closed":           {friday, tuesday, func(r *review.Request) { r.Closed = &review.Closing{At: monday} }, review.Closed},
		"refused":          {friday, tuesday, func(r *review.Request) { says(r, "lee", "legal", review.Reject, monday) }, review.WrongAct},
		"not asked as yet": {friday, tuesday, func(r *review.Request) { r.Clocks[0] = review.Clock{} }, review.NotYet},
		"all have answered": {friday, tuesday, func(r *review.Request) {
			says(r, "lee", "legal", review.Approve, monday)
			says(r, "fay", "finance", review.Approve, monday)
		}, review.NotYet},
	} {
		r := r.Clone()
		c.prepare(&r)
		act.Until = c.until
		f, why := r.Steer(act, 5, c.now)
		if why != c.want || why == "" && (f.Due != c.until || f.Group != 0 || f.Answer != "x") {
			t.Errorf("%s: %q, %+v, want %q", name, why, f, c.want)
		}
	}
}

// What was wanted when the due date passed is wanted no more once it is moved.
func TestAMovedDueDateOpensTheRound(t *testing.T) {
	t.Parallel()
	r := steered()
	says(r, "lee", "legal", review.Changes, tuesday)
	if s := r.Tally(thursday).State; s != review.Wanted {
		t.Fatalf("overdue: %s", s)
	}
	f, _ := r.Steer(review.Act{ID: "x", Kind: review.Extend, Until: friday}, 5, thursday)
	f.Until = friday
	r.Apply(f)
	r.Apply(f)
	if s := r.Tally(thursday).State; s != review.Open || len(r.Clocks[0].Still) != 1 || len(r.Acts) != 1 {
		t.Errorf("%s, still %v, acts %v", s, r.Clocks[0].Still, r.Acts)
	}
}

// While the case is held no due date passes.
func TestHeldClocks(t *testing.T) {
	t.Parallel()
	r := steered()
	says(r, "lee", "legal", review.Changes, monday)
	r.Apply(review.Fact{Kind: review.FactHeld, Request: "q", At: tuesday})
	r.Apply(review.Fact{Kind: review.FactHeld, Request: "q", At: wednesday})
	if s := r.Tally(friday).State; s != review.Open || !r.Held.Equal(tuesday) {
		t.Errorf("held since %s: %s", r.Held, s)
	}
	out, facts := r.Judge(review.Answer{ID: "a", Request: "q", Verdict: review.Approve, Person: review.Person{ID: "fay", Active: true}}, friday)
	if out.Status != review.Counted || len(facts) != 1 {
		t.Errorf("an answer while held came to %+v", out)
	}
	r.Apply(review.Fact{Kind: review.FactResumed, Request: "q", At: friday})
	want := []review.Still{{From: tuesday, Until: friday}}
	if d := cmp.Diff(want, r.Clocks[0].Still); d != "" || !r.Held.IsZero() || r.Clocks[1].Still != nil {
		t.Errorf("resumed: %+v\n%s", r.Clocks, d)
	}
	if s := r.Tally(friday).State; s != review.Wanted {
		t.Errorf("the due date was not moved, so it has passed: %s", s)
	}
}

func TestAddition(t *testing.T) {
	t.Parallel()
	person := func(id string) review.Person { return review.Person{ID: id, Active: true} }
	for name, c := range map[string]struct {
		act  review.Act
		want review.Refusal
		seat string
	}{
		"a role":              {review.Act{Role: "tax"}, "", "tax"},
		"a role, named":       {review.Act{Role: "legal", Seat: "legal-2", Mandatory: true}, "", "legal-2"},
		"a person":            {review.Act{To: person("tom")}, "", "tom"},
		"the later group":     {review.Act{Role: "tax", Group: 2}, "", "tax"},
		"no such group":       {review.Act{Role: "tax", Group: 3}, review.Settled, ""},
		"a seat that is":      {review.Act{Role: "legal"}, review.SeatThere, ""},
		"the requester":       {review.Act{To: person("rae")}, review.BadDelegate, ""},
		"one who sits there":  {review.Act{To: person("lee")}, review.BadDelegate, ""},
		"nobody":              {review.Act{}, review.BadDelegate, ""},
		"of the vendor":       {review.Act{To: review.Person{ID: "vi", Active: true, Employer: "acme"}}, review.BadDelegate, ""},
		"gangway's own roles": {review.Act{Role: review.OwnerRole}, review.WrongAct, ""},
	} {
		r := steered()
		c.act.Kind = review.AddSeat
		before := r.Clone()
		f, why := r.Steer(c.act, 5, tuesday)
		if why != c.want || f.Seat != c.seat {
			t.Errorf("%s: %q %q, want %q %q", name, why, f.Seat, c.want, c.seat)
		}
		if d := cmp.Diff(before, r.Clone()); d != "" {
			t.Errorf("%s changed the request:\n%s", name, d)
		}
	}
	r := steered()
	if _, why := r.Steer(review.Act{Kind: review.AddSeat, Role: "tax"}, 3, tuesday); why != review.TooMany {
		t.Errorf("a seat too many: %q", why)
	}
	says(r, "lee", "legal", review.Approve, monday)
	says(r, "fay", "finance", review.Approve, monday)
	if _, why := r.Steer(review.Act{Kind: review.AddSeat, Role: "tax", Group: 1}, 5, tuesday); why != review.Settled {
		t.Errorf("a group that is settled: %q", why)
	}
}

// Whatever is added to whatever request, nothing that was wanted is wanted less,
// and the policy that it came from stays as it was.
func TestAddingNeverWeakens(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		w := newWorld(t, nil)
		before := w.r.Clone()
		shared := w.r.Policy
		tally := before.Tally(w.now)
		a := review.Act{ID: "add", Kind: review.AddSeat, Person: review.Person{ID: "p11"}, Role: "new", Mandatory: w.number("mandatory", 0, 1) == 0, Group: w.number("group", 0, len(w.r.Policy.Groups))}
		f, why := w.r.Steer(a, 50, w.now)
		if why != "" {
			return
		}
		w.r.Apply(f)
		once := w.r.Clone()
		w.r.Apply(f)
		if d := cmp.Diff(once, w.r.Clone()); d != "" {
			t.Fatalf("adding twice (- once, + twice):\n%s", d)
		}
		if d := cmp.Diff(before.Policy, shared); d != "" {
			t.Fatalf("the playbook's own policy changed:\n%s", d)
		}
		after := w.r.Tally(w.now)
		if after.Group < tally.Group || tally.State != review.Met && after.State == review.Met {
			t.Fatalf("%s became %s by a seat more", tally.State, after.State)
		}
		for i, g := range before.Policy.Groups {
			if w.r.Policy.Groups[i].Needed() < g.Needed() {
				t.Fatalf("group %d needed %d, now %d", i, g.Needed(), w.r.Policy.Groups[i].Needed())
			}
			for _, s := range g.Seats {
				if is, gi, there := w.r.Seat(s.ID); !there || gi != i || !cmp.Equal(is, s) {
					t.Fatalf("seat %+v became %+v", s, is)
				}
			}
		}
		if faults := w.r.Policy.Check(); faults != nil {
			t.Fatalf("the policy has faults: %v", faults)
		}
	})
}

func TestEarly(t *testing.T) {
	t.Parallel()
	r := steered()
	if _, why := r.Steer(review.Act{ID: "x", Kind: review.SendChanges}, 5, tuesday); why != review.NoChanges {
		t.Errorf("nobody wants changes: %q", why)
	}
	says(r, "fay", "finance", review.Changes, monday)
	f, why := r.Steer(review.Act{ID: "x", Kind: review.SendChanges}, 5, tuesday)
	if why != "" {
		t.Fatal(why)
	}
	r.Apply(f)
	if s := r.Tally(tuesday).State; s != review.Wanted {
		t.Errorf("the round is %s", s)
	}
	again, why := r.Steer(review.Act{ID: "y", Kind: review.SendChanges}, 5, wednesday)
	if why != "" || !again.Due.Equal(tuesday) {
		t.Errorf("a round that is over: %q, due %s", why, again.Due)
	}
}

func TestNamedRoles(t *testing.T) {
	t.Parallel()
	lee := review.Person{ID: "lee", Roles: []string{"legal"}}
	for role, want := range map[string]bool{"legal": true, "finance": false, review.OwnerRole: true, review.NamedPrefix + "lee": true, review.NamedPrefix + "lou": false} {
		if lee.Fits(role) != want {
			t.Errorf("%s fits: %t", role, !want)
		}
	}
}

// A request that was shown anew is delivered, until that fails as well.
func TestToldAnewIsDelivered(t *testing.T) {
	t.Parallel()
	r := steered()
	lost := func() bool { return r.Seating("legal").Holders[0].Undelivered }
	r.Apply(review.Fact{Kind: review.FactLost, Request: "q", At: monday, Person: "lee"})
	first := lost()
	r.Apply(review.Fact{Kind: review.FactTold, Request: "q", At: tuesday, Person: "fay"})
	second := lost()
	r.Apply(review.Fact{Kind: review.FactTold, Request: "q", At: tuesday, Person: "lee"})
	if !first || !second || lost() {
		t.Errorf("undelivered: %t, %t after somebody else's, %t after their own", first, second, lost())
	}
}

func TestGuarded(t *testing.T) {
	t.Parallel()
	r := steered()
	if !r.Guarded() {
		t.Error("legal is mandatory")
	}
	for gi := range r.Policy.Groups {
		for si := range r.Policy.Groups[gi].Seats {
			r.Policy.Groups[gi].Seats[si].Mandatory, r.Policy.Groups[gi].Seats[si].Veto = false, false
		}
	}
	if r.Guarded() {
		t.Error("nobody is mandatory or has a veto any more")
	}
	r.Policy.Groups[0].Seats[0].Veto = true
	if !r.Guarded() {
		t.Error("somebody has a veto")
	}
}
