package review_test

import (
	"testing"

	"gangway/internal/review"
)

// receiving asks somebody of zeta, who takes over from acme, for a word by name.
func receiving(kind review.Kind) *review.Request {
	return &review.Request{ID: "transfer/acme/1:received-area-1.1", Process: "transfer/acme/1", Kind: kind, Vendor: "acme", Requester: "rae", Receiver: "zeta",
		Policy: review.Policy{Groups: []review.Group{{Name: "receivers", Rule: review.RuleAll, Seats: []review.Seat{
			{ID: "owner", Role: review.NamedPrefix + "zeta.1"}, {ID: "other", Role: review.NamedPrefix + "acme.1"}, {ID: "legal", Role: "legal"}, {ID: "vendor", Role: review.VendorRole}}}}},
		Seatings: []review.Seating{{Seat: "owner"}, {Seat: "other"}, {Seat: "legal"}, {Seat: "vendor"}},
		Clocks:   []review.Clock{{Opened: monday, Due: friday}}}
}

// Somebody of the vendor who takes over may hold the one seat that is theirs by name, of
// something to do or to sign for; nobody of any other vendor may.
func TestASeatForWhoTakesOver(t *testing.T) {
	t.Parallel()
	of := func(id, employer string, roles ...string) review.Person {
		return review.Person{ID: id, Employer: employer, Roles: roles, Active: true}
	}
	for name, c := range map[string]struct {
		person review.Person
		seat   string
		change func(*review.Request)
		may    bool
	}{
		"theirs by name":                  {person: of("zeta.1", "zeta"), seat: "owner", may: true},
		"to do":                           {person: of("zeta.1", "zeta"), seat: "owner", change: func(r *review.Request) { r.Kind = review.Task }, may: true},
		"a colleague":                     {person: of("zeta.2", "zeta"), seat: "owner"},
		"by name, of another vendor":      {person: of("zeta.1", "eta"), seat: "owner"},
		"nobody takes over":               {person: of("zeta.1", "zeta"), seat: "owner", change: func(r *review.Request) { r.Receiver = "" }},
		"another takes over":              {person: of("zeta.1", "zeta"), seat: "owner", change: func(r *review.Request) { r.Receiver = "eta" }},
		"something to deliver":            {person: of("zeta.1", "zeta"), seat: "owner", change: func(r *review.Request) { r.Kind = review.Delivery }},
		"something to score":              {person: of("zeta.1", "zeta"), seat: "owner", change: func(r *review.Request) { r.Kind = review.Rating }},
		"a seat of the client":            {person: of("zeta.1", "zeta", "legal"), seat: "legal"},
		"the seat of the vendor who goes": {person: of("zeta.1", "zeta"), seat: "vendor"},
		"the vendor who goes, by name":    {person: of("acme.1", "acme"), seat: "other"},
		"the vendor who goes, theirs":     {person: of("acme.1", "acme"), seat: "owner"},
		"ended":                           {person: review.Person{ID: "zeta.1", Employer: "zeta"}, seat: "owner"},
	} {
		r := receiving(review.Decision)
		if c.change != nil {
			c.change(r)
		}
		if got := r.MayHold(c.seat, c.person, monday); got != c.may {
			t.Errorf("%s: may hold %s: %v", name, c.seat, got)
		}
		facts := r.Assign([]review.Bench{{Seat: c.seat, Candidates: []review.Candidate{{Person: c.person, Via: review.ViaRole}}}}, monday)
		if (len(facts) == 1) != c.may {
			t.Errorf("%s: seated by %d facts", name, len(facts))
		}
	}
}

// They answer from the page that their link opens, also where others need the browser, and
// what they say is judged by who they are then.
func TestAnAnswerOfWhoTakesOver(t *testing.T) {
	t.Parallel()
	zeta := review.Person{ID: "zeta.1", Employer: "zeta", Active: true}
	for name, c := range map[string]struct {
		change func(*review.Request, *review.Answer)
		want   review.Refusal
	}{
		"counts":              {func(*review.Request, *review.Answer) {}, ""},
		"by mail":             {func(_ *review.Request, a *review.Answer) { a.Channel = "mail" }, review.NeedsBrowser},
		"for another seat":    {func(_ *review.Request, a *review.Answer) { a.Seat = "legal" }, review.NoSeat},
		"in another's place":  {func(_ *review.Request, a *review.Answer) { a.ForVendor = true }, review.NoVendorSeat},
		"of another vendor":   {func(_ *review.Request, a *review.Answer) { a.Person.Employer = "eta" }, review.VendorPerson},
		"who left":            {func(_ *review.Request, a *review.Answer) { a.Person.Active = false }, review.NotActive},
		"who does not come":   {func(r *review.Request, _ *review.Answer) { r.Receiver = "" }, review.VendorPerson},
		"after it was closed": {func(r *review.Request, _ *review.Answer) { r.Closed = &review.Closing{At: monday, State: review.Open} }, review.Closed},
	} {
		r := receiving(review.Decision)
		r.Browser = true
		r.Fold(r.Assign([]review.Bench{{Seat: "owner", Candidates: []review.Candidate{{Person: zeta, Via: review.ViaRole}}}}, monday))
		a := review.Answer{ID: "a-1", Request: r.ID, Person: zeta, Verdict: review.Approve, Channel: "portal"}
		c.change(r, &a)
		out, _ := r.Judge(a, monday)
		if out.Refusal != c.want || (out.Status == review.Counted) != (c.want == "") {
			t.Errorf("%s: %+v, want %q", name, out, c.want)
		}
	}
}
