package review_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"

	"gangway/internal/review"
)

// asksVendor is a delivery of the vendor's seat, held by the contact Vera; the
// owner Olga, the deputy Dora and the sponsor Sam may file in their place.
func asksVendor(t *testing.T, change ...func(*review.Request)) *room {
	t.Helper()
	p := policy(review.Group{Rule: review.RuleAll, Seats: []review.Seat{{ID: "vera", Role: review.VendorRole, Mandatory: true}}})
	m := gather(t, p, append([]func(*review.Request){func(r *review.Request) {
		r.Kind, r.Requester, r.Filers = review.Delivery, "", []string{"Olga", "Dora", "Sam"}
	}}, change...)...)
	m.people["Vera"] = review.Person{ID: "Vera", Employer: "acme", Active: true}
	m.people["Viktor"] = review.Person{ID: "Viktor", Employer: "acme", Active: true}
	m.people["Other"] = review.Person{ID: "Other", Employer: "other", Active: true}
	return m
}

func withDocument(a *review.Answer) { a.Documents = []string{"sha256:dpa"} }
func forVendor(a *review.Answer)    { a.ForVendor = true }

func TestTheVendorsContactDelivers(t *testing.T) {
	t.Parallel()
	m := asksVendor(t)
	m.refused(m.says("Vera", review.Delivered), review.NeedsDocument)
	m.counted(m.says("Vera", review.Delivered, withDocument, func(a *review.Answer) { a.Channel = "portal" }))
	m.is(review.Met)
	if b := m.r.Standing("vera"); b.ForVendor || b.Person != "Vera" {
		t.Errorf("the delivery stands as %+v", b)
	}
	m.counted(m.does("Vera", review.TakeBack))
	m.is(review.Open)
}

func TestTheVendorsContactHoldsNothingElse(t *testing.T) {
	t.Parallel()
	for _, kind := range []review.Kind{review.Decision, review.Rating, review.Task, review.Checklist} {
		m := asksVendor(t, func(r *review.Request) { r.Kind = kind })
		m.refused(m.says("Vera", m.r.Verdicts()[0], withDocument), review.VendorPerson)
		if m.r.MayHold("vera", m.person("Viktor"), m.now) {
			t.Errorf("a vendor's person may hold a seat of a %s", kind)
		}
	}
	// Beside the vendor's seat there is one of the client's, and a contact who came
	// to hold it (they went over to the vendor, say) still has no say in it.
	both := policy(review.Group{Rule: review.RuleAll, Seats: []review.Seat{{ID: "vera", Role: review.VendorRole}, {ID: "legal", Role: "legal"}}})
	m := asksVendor(t, func(r *review.Request) {
		r.Policy = both
		r.Seatings = append(r.Seatings, review.Seating{Seat: "legal", Holders: []review.Holder{{Person: "Viktor", Via: review.ViaRole}}})
	})
	m.refused(m.says("Viktor", review.Delivered, withDocument), review.VendorPerson)
	m.refused(m.passes("Viktor", "Legal", "legal", friday), review.VendorPerson)
	if m.r.MayHold("legal", m.person("Vera"), m.now) || m.r.MayHold("", m.person("Vera"), m.now) {
		t.Error("a vendor's person may hold a seat of the client")
	}
}

func TestNobodyOfTheClientHoldsTheVendorsSeat(t *testing.T) {
	t.Parallel()
	m := asksVendor(t)
	m.refused(m.says("Olga", review.Delivered, withDocument), review.VendorSeat)
	m.refused(m.says("Olga", review.Delivered, withDocument, forSeat("vera")), review.VendorSeat)
	m.refused(m.says("Other", review.Delivered, withDocument, forSeat("vera")), review.VendorSeat)
	m.refused(m.passes("Vera", "Legal", "vera", friday), review.BadDelegate)
	m.refused(m.passes("Vera", "Other", "vera", friday), review.BadDelegate)
	m.counted(m.passes("Vera", "Viktor", "vera", friday))
	m.counted(m.says("Viktor", review.Delivered, withDocument))

	empty := asksVendor(t, func(r *review.Request) { r.Seatings[0].Holders = nil })
	bench := review.Bench{Seat: "vera", Candidates: []review.Candidate{
		{Person: empty.person("Olga"), Via: review.ViaRole}, {Person: empty.person("Other"), Via: review.ViaRole}, {Person: empty.person("Vera"), Via: review.ViaRole}}}
	facts := empty.r.Assign([]review.Bench{bench}, empty.now)
	if len(facts) != 1 || facts[0].Person != "Vera" {
		t.Errorf("seated: %+v", facts)
	}
	if _, why := empty.r.Steer(review.Act{Kind: review.AddSeat, Role: review.VendorRole}, 9, empty.now); why != review.WrongAct {
		t.Errorf("a seat of the vendor was added: %q", why)
	}
	if _, why := empty.r.Steer(review.Act{Kind: review.AddSeat, To: empty.person("Vera")}, 9, empty.now); why != review.BadDelegate {
		t.Errorf("a seat for the vendor's person was added: %q", why)
	}
}

func TestTheOwnerFilesInTheVendorsPlace(t *testing.T) {
	t.Parallel()
	for _, who := range []string{"Olga", "Dora", "Sam"} {
		m := asksVendor(t)
		m.refused(m.says(who, review.Delivered, forVendor, withDocument, wordless), review.NeedsSource)
		m.refused(m.says(who, review.Delivered, forVendor), review.NeedsDocument)
		m.counted(m.says(who, review.Delivered, forVendor, withDocument))
		if b := m.r.Standing("vera"); b == nil || !b.ForVendor || b.Person != who || b.Written.Empty() {
			t.Errorf("it stands as %+v", b)
		}
		m.is(review.Met)
		m.counted(m.does(who, review.TakeBack))
	}
	m := asksVendor(t)
	m.refused(m.says("Mallory", review.Delivered, forVendor, withDocument), review.NotOwner)
	m.refused(m.says("Vera", review.Delivered, forVendor, withDocument), review.VendorPerson)
	m.people["Olga"] = review.Person{ID: "Olga", Employer: "acme", Active: true} // she works for the vendor now
	m.refused(m.says("Olga", review.Delivered, forVendor, withDocument), review.VendorPerson)
	m.counted(m.says("Vera", review.Delivered, withDocument))
	late := m.says("Dora", review.Delivered, forVendor, withDocument)
	m.refused(late, review.Answered)
	m.tells(late, "Vera", monday)
}

func TestOnlyTheVendorsSeatIsFiledFor(t *testing.T) {
	t.Parallel()
	m := gather(t, policy(all("legal")), func(r *review.Request) { r.Kind, r.Filers = review.Delivery, []string{"Olga"} })
	m.refused(m.says("Olga", review.Delivered, forVendor, withDocument), review.NoVendorSeat)
	m.refused(m.says("Olga", review.Delivered, forVendor, withDocument, forSeat("legal")), review.NoVendorSeat)

	two := policy(review.Group{Rule: review.RuleAll, Seats: []review.Seat{{ID: "first", Role: review.VendorRole}, {ID: "second", Role: review.VendorRole}}})
	m = asksVendor(t, func(r *review.Request) {
		r.Policy, r.Seatings = two, []review.Seating{{Seat: "first"}, {Seat: "second"}}
	})
	m.refused(m.says("Olga", review.Delivered, forVendor, withDocument), review.WhichSeat)
	m.counted(m.says("Olga", review.Delivered, forVendor, withDocument, forSeat("second")))
	m.counted(m.says("Olga", review.Delivered, forVendor, withDocument))
	m.is(review.Met)
}

// TestFilingFillsNoSeatOfOnesOwn: the owner holds a seat beside the vendor's, and
// fills it before or after they file in the vendor's place.
func TestFilingFillsNoSeatOfOnesOwn(t *testing.T) {
	t.Parallel()
	for _, filesFirst := range []bool{true, false} {
		m := asksVendor(t, func(r *review.Request) {
			r.Policy = policy(review.Group{Rule: review.RuleAll, Seats: []review.Seat{{ID: "vera", Role: review.VendorRole}, {ID: "olga", Role: "buyer"}}})
			r.Seatings = append(r.Seatings, review.Seating{Seat: "olga", Holders: []review.Holder{{Person: "Olga", Via: review.ViaRole}}})
		})
		if filesFirst {
			m.counted(m.says("Olga", review.Delivered, forVendor, withDocument))
		}
		m.counted(m.says("Olga", review.Delivered, withDocument))
		if !filesFirst {
			m.counted(m.says("Olga", review.Delivered, forVendor, withDocument))
		}
		m.is(review.Met)
	}
}

// TestMailMayCommentNotDecide: where the step says so, an answer by mail never
// counts, whoever it comes from.
func TestMailMayCommentNotDecide(t *testing.T) {
	t.Parallel()
	byMail := func(a *review.Answer) { a.Channel = "mail" }
	m := asksVendor(t, func(r *review.Request) { r.MailComments = true })
	m.refused(m.says("Vera", review.Delivered, withDocument, byMail), review.CommentsOnly)
	m.counted(m.says("Vera", review.Delivered, withDocument))
	m = gather(t, policy(all("legal")), func(r *review.Request) { r.MailComments = true })
	m.refused(m.says("Legal", review.Approve, byMail), review.CommentsOnly)
	m.counted(m.says("Legal", review.Approve))
}

// sides is a request with seats of both sides and people of both, of another
// vendor and of none.
func sides(dice *rand.Rand) (review.Request, []review.Person) {
	r := review.Request{ID: "q", Kind: review.Delivery, Owner: "c0", Vendor: "acme", Filers: []string{"c0", "v0"}}
	if dice.IntN(3) == 0 {
		r.Kind = review.Decision
	}
	g := review.Group{Rule: review.RuleAll}
	for i := range 1 + dice.IntN(4) {
		s := review.Seat{ID: fmt.Sprint("s", i), Role: []string{review.VendorRole, "r"}[dice.IntN(2)]}
		g.Seats = append(g.Seats, s)
		r.Seatings = append(r.Seatings, review.Seating{Seat: s.ID})
	}
	r.Policy.Groups, r.Clocks = []review.Group{g}, []review.Clock{{Opened: monday}}
	var people []review.Person
	for i := range 3 {
		people = append(people, review.Person{ID: fmt.Sprint("c", i), Active: i < 2}, review.Person{ID: fmt.Sprint("v", i), Employer: "acme", Active: i < 2},
			review.Person{ID: fmt.Sprint("o", i), Employer: "other", Active: i < 2})
	}
	return r, people
}

// TestNobodyCrossesToTheOtherSide: whatever is tried, the vendor's people hold and
// answer for the vendor's seats in deliveries only, and the client's people for
// their own, but for what those who may file in the vendor's place.
func TestNobodyCrossesToTheOtherSide(t *testing.T) {
	t.Parallel()
	filed, delivered, crossed := 0, 0, 0
	rapid.Check(t, func(t *rapid.T) {
		dice := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		r, people := sides(dice)
		any := func() review.Person { return people[dice.IntN(len(people))] }
		seat := func() string { return r.Seatings[dice.IntN(len(r.Seatings))].Seat }
		for i := range 40 {
			switch id := fmt.Sprint(i); dice.IntN(4) {
			case 0:
				b := review.Bench{Seat: seat(), Candidates: []review.Candidate{{Person: any(), Via: review.ViaRole}, {Person: any(), Via: review.ViaRole}}}
				r.Fold(r.Assign([]review.Bench{b}, monday))
			case 1:
				_, facts := r.Act(review.Act{ID: id, Kind: []review.ActKind{review.Delegate, review.TakeBack}[dice.IntN(2)], Request: "q",
					Seat: seat(), Person: any(), To: any(), Until: friday, Written: review.Written{Inside: "x"}}, monday)
				r.Fold(facts)
			default:
				a := review.Answer{ID: id, Request: "q", Seat: seat(), Person: any(), Verdict: r.Verdicts()[0], Documents: []string{"d"},
					ForVendor: dice.IntN(3) == 0, Written: review.Written{Inside: "x"}, Channel: "web"}
				if dice.IntN(3) == 0 {
					a.Seat = ""
				}
				_, facts := r.Judge(a, monday)
				r.Fold(facts)
			}
		}
		side := func(id string) string { return id[:1] }
		for _, s := range r.Seatings {
			of, _, _ := r.Seat(s.Seat)
			theirs := of.Role == review.VendorRole
			for _, h := range s.Holders {
				if theirs != (side(h.Person) == "v") || theirs && r.Kind != review.Delivery {
					t.Fatalf("%s holds %s (%s) in a %s", h.Person, s.Seat, of.Role, r.Kind)
				}
			}
			for _, b := range r.Ballots {
				switch {
				case b.Seat != s.Seat:
				case b.ForVendor:
					filed++
					if !theirs || b.Person != "c0" || r.Kind != review.Delivery {
						t.Fatalf("filed for the vendor: %+v", b)
					}
				case theirs != (side(b.Person) == "v") || theirs && r.Kind != review.Delivery:
					t.Fatalf("%s answered for %s (%s)", b.Person, s.Seat, of.Role)
				case theirs:
					delivered++
				}
			}
		}
		crossed += r.Refusals
	})
	if filed == 0 || delivered == 0 || crossed == 0 {
		t.Errorf("%d filed, %d delivered, %d refused: the worlds are too tame", filed, delivered, crossed)
	}
}
