package review_test

import (
	"testing"

	"gangway/internal/review"
)

// outsider was named for the seat counsel of the process p1.
func outsider(id string, seats ...string) review.Person {
	return review.Person{ID: id, Employer: review.OutsideRole, Active: true, Roles: append([]string{review.OutsideRole}, seats...)}
}

// seatFor is the word for a seat of a process among somebody's roles.
func seatFor(process, seat string) string { return review.OutsideRole + ":" + process + ":" + seat }

// withOutsider is a review by legal and by somebody from outside.
func withOutsider() *review.Request {
	return &review.Request{ID: "p1:review.1", Process: "p1", Kind: review.Decision, Vendor: "acme", Requester: "rae", Browser: true,
		Policy: review.Policy{Groups: []review.Group{{Name: "readers", Rule: review.RuleAll, Seats: []review.Seat{
			{ID: "legal", Role: "legal"}, {ID: "counsel", Role: review.OutsideRole}, {ID: "expert", Role: review.OutsideRole}}}}},
		Seatings: []review.Seating{{Seat: "legal"}, {Seat: "counsel"}, {Seat: "expert"}},
		Clocks:   []review.Clock{{Opened: monday, Due: friday}}}
}

// Whoever is of neither side may hold the seat that they were named for in this very
// process, and no other; nobody else may hold it.
func TestASeatForSomebodyFromOutside(t *testing.T) {
	t.Parallel()
	named := seatFor("p1", "counsel")
	for name, c := range map[string]struct {
		person review.Person
		seat   string
		may    bool
	}{
		"named for it":                       {outsider("out", named), "counsel", true},
		"named for another seat":             {outsider("out", named), "expert", false},
		"a seat of the client":               {outsider("out", named, "legal"), "legal", false},
		"named for another process":          {outsider("out", seatFor("p2", "counsel")), "counsel", false},
		"named for a process like it":        {outsider("out", seatFor("p", "1:counsel")), "counsel", false},
		"named for nothing":                  {outsider("out"), "counsel", false},
		"one of our own with the role":       {review.Person{ID: "lee", Active: true, Roles: []string{review.OutsideRole, named}}, "counsel", false},
		"the vendor's with the role":         {review.Person{ID: "acme.1", Employer: "acme", Active: true, Roles: []string{review.OutsideRole, named}}, "counsel", false},
		"ended":                              {review.Person{ID: "out", Employer: review.OutsideRole, Roles: []string{named}}, "counsel", false},
		"one of our own in a seat of theirs": {review.Person{ID: "lee", Active: true, Roles: []string{"legal"}}, "legal", true},
	} {
		r := withOutsider()
		if got := r.MayHold(c.seat, c.person, monday); got != c.may {
			t.Errorf("%s: may hold %s: %v", name, c.seat, got)
		}
		facts := r.Assign([]review.Bench{{Seat: c.seat, Candidates: []review.Candidate{{Person: c.person, Via: review.ViaRole}}}}, monday)
		if (len(facts) == 1) != c.may {
			t.Errorf("%s: seated by %d facts", name, len(facts))
		}
	}
}

// An outside reviewer answers from the page that their link opens, for their seat; a
// seat of the client is not answered from there.
func TestAnAnswerFromOutside(t *testing.T) {
	t.Parallel()
	who := outsider("out", seatFor("p1", "counsel"))
	r := withOutsider()
	r.Fold(r.Assign([]review.Bench{{Seat: "counsel", Candidates: []review.Candidate{{Person: who, Via: review.ViaRole}}},
		{Seat: "legal", Candidates: []review.Candidate{{Person: review.Person{ID: "lee", Active: true, Roles: []string{"legal"}}, Via: review.ViaRole}}}}, monday))
	for _, c := range []struct {
		person  review.Person
		seat    string
		channel string
		why     review.Refusal
	}{
		{who, "expert", "portal", review.NoSeat}, {who, "legal", "portal", review.NoSeat}, {who, "counsel", "mail", review.NeedsBrowser},
		{review.Person{ID: "lee", Active: true, Roles: []string{"legal"}}, "legal", "portal", review.NeedsBrowser},
		{review.Person{ID: "lee", Active: true, Roles: []string{"legal"}}, "counsel", "web", review.NoSeat},
		{outsider("out"), "counsel", "portal", review.NoSeat}, // no longer named for it
	} {
		out, _ := r.Judge(review.Answer{ID: "x", Request: r.ID, Seat: c.seat, Verdict: review.Approve, Person: c.person, Channel: c.channel}, tuesday)
		if out.Refusal != c.why {
			t.Errorf("%s for %s by %s: %q, want %q", c.person.ID, c.seat, c.channel, out.Refusal, c.why)
		}
	}
	out, facts := r.Judge(review.Answer{ID: "a", Request: r.ID, Verdict: review.Approve, Person: who, Channel: "portal"}, tuesday)
	if out.Status != review.Counted || out.Seat != "counsel" || len(facts) != 1 {
		t.Errorf("got %+v", out)
	}
	if !who.Fits(review.OutsideRole) || who.Fits("legal") || (review.Person{ID: "lee"}).Fits(review.OutsideRole) {
		t.Error("who fits the role is wrong")
	}
}
