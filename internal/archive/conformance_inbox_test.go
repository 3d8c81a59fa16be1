package archive_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"gangway/internal/archive"
	"gangway/internal/calendar"
	"gangway/internal/dossier"
	"gangway/internal/review"
)

// inbox reads the steps that wait for a person.
func inbox(t *testing.T, a *archive.Archive, person string) []string {
	t.Helper()
	var steps []string
	for _, r := range must[[]review.Request](t)(a.Waiting(context.Background(), person)) {
		steps = append(steps, r.Step)
	}
	return steps
}

// counted is what desk keeps for an answer that was counted.
func counted(request, person string, version int) review.Outcome {
	return review.Outcome{Status: review.Counted, Request: request, Seat: person, By: person, Verdict: review.Approve, Version: version}
}

func inboxTests() map[string]func(*testing.T, *archive.Archive) {
	return map[string]func(*testing.T, *archive.Archive){
		"an open seat waits until it is answered":         seatWaits,
		"a receipt hides until the journal has caught up": receiptHides,
		"a take-back brings it back":                      takeBackReturns,
		"a new version brings it back":                    versionReturns,
		"a queued row hides, a refusal does not":          queuedHides,
		"a later group waits for its turn":                groupsInTurn,
		"a decided group no longer asks":                  decidedGroup,
		"who was recused or left is not asked":            recusedOff,
		"a delegation ends by the case's clock":           delegationEnds,
		"a rehearsal's clock counts, not the wall's":      rehearsalClock,
		"one person fills one seat":                       onePersonOneSeat,
		"what nobody has read waits for readers":          unreadWaits,
		"a closed request waits for nobody": func(t *testing.T, a *archive.Archive) {
			p := newCase(acme).opened()
			id := p.asks("legal", "lena")
			p.fact(review.Fact{Kind: review.FactClosed, Request: id, State: review.Wanted, Why: "withdrawn"})
			p.file(t, a)
			same(t, "lena", []string(nil), inbox(t, a, "lena"))
		},
		"the oldest is first": func(t *testing.T, a *archive.Archive) {
			p, q := newCase(acme).opened(), newCase("onboarding/bolt/1").opened()
			p.asks("a", "lena")
			p.file(t, a)
			q.asks("b", "lena")
			q.file(t, a)
			p.asks("c", "lena")
			p.file(t, a)
			same(t, "lena", []string{"a", "c", "b"}, inbox(t, a, "lena"))
		},
	}
}

func seatWaits(t *testing.T, a *archive.Archive) {
	p := newCase(acme).opened()
	id := p.asks("legal", "lena", "sam")
	p.file(t, a)
	same(t, "lena", []string{"legal"}, inbox(t, a, "lena"))
	p.answers("web-1", id, "lena", review.Approve, 1, review.Written{})
	p.file(t, a)
	same(t, "lena", []string(nil), inbox(t, a, "lena"))
	same(t, "sam", []string{"legal"}, inbox(t, a, "sam"))
	same(t, "olga", []string(nil), inbox(t, a, "olga"))
}

// unreadWaits: who has answered is asked again only where sections are left that
// nobody has read, and only once all have answered.
func unreadWaits(t *testing.T, a *archive.Archive) {
	p := newCase(acme).opened()
	id := p.id + "/legal"
	r := review.Request{ID: id, Case: p.of, Process: p.id, Step: "legal", Kind: review.Decision, Owner: "olga", Vendor: "acme", Opened: p.at,
		ReadAll: true, Versions: []review.Version{{Number: 1, Document: "sha256:1", Sections: []string{"1", "2"}}},
		Policy: review.Policy{Groups: []review.Group{group(review.RuleAll, "lena", "sam")}}, Seatings: []review.Seating{seat("lena", "lena"), seat("sam", "sam")}}
	p.fact(review.Fact{Kind: review.FactOpened, Request: id, Opened: &r})
	p.fact(review.Fact{Kind: review.FactGroup, Request: id})
	p.answers("web-1", id, "lena", review.Approve, 1, review.Written{})
	p.file(t, a)
	same(t, "lena, while sam is asked", []string(nil), inbox(t, a, "lena"))
	same(t, "sam", []string{"legal"}, inbox(t, a, "sam"))
	p.answers("web-2", id, "sam", review.Approve, 1, review.Written{})
	p.file(t, a)
	for _, who := range []string{"lena", "sam"} {
		same(t, who+", while nobody has read", []string{"legal"}, inbox(t, a, who))
	}
	same(t, "olga", []string(nil), inbox(t, a, "olga"))
	p.fact(review.Fact{Kind: review.FactRead, Request: id, Seat: "sam", Person: "sam", Answer: "web-3",
		Ballot: &review.Ballot{Answer: "web-3", Seat: "sam", Person: "sam", Version: 1, Read: []string{"all"}}})
	p.file(t, a)
	for _, who := range []string{"lena", "sam"} {
		same(t, who+", when all is read", []string(nil), inbox(t, a, who))
	}
}

func receiptHides(t *testing.T, a *archive.Archive) {
	ctx := context.Background()
	p := newCase(acme).opened()
	id := p.asks("legal", "lena", "sam")
	p.asks("other", "lena")
	p.file(t, a)
	ok(t, a.KeepReceipt(ctx, "web-1", "lena", id, counted(id, "lena", 1)))
	same(t, "lena before", []string{"other"}, inbox(t, a, "lena"))
	same(t, "sam", []string{"legal"}, inbox(t, a, "sam"))
	p.answers("web-1", id, "lena", review.Approve, 1, review.Written{})
	p.file(t, a)
	same(t, "lena after", []string{"other"}, inbox(t, a, "lena"))
	for i, s := range []review.Status{review.Already, review.Pending} {
		ok(t, a.KeepReceipt(ctx, fmt.Sprint("web-s", i), "sam", id, review.Outcome{Status: s}))
		same(t, string(s), []string(nil), inbox(t, a, "sam"))
		p.say(dossier.Entry{Kind: dossier.Noted, Answer: fmt.Sprint("web-s", i)})
		p.file(t, a)
		same(t, string(s)+" caught up", []string{"legal"}, inbox(t, a, "sam"))
	}
}

func takeBackReturns(t *testing.T, a *archive.Archive) {
	ctx := context.Background()
	p := newCase(acme).opened()
	id := p.asks("legal", "lena")
	p.asks("other", "sam")
	p.answers("web-1", id, "lena", review.Changes, 1, review.Written{})
	p.file(t, a)
	ok(t, a.KeepReceipt(ctx, "web-1", "lena", id, counted(id, "lena", 1)))
	ok(t, a.KeepReceipt(ctx, "web-2", "lena", id, counted(id, "lena", 1)))
	same(t, "received", []string(nil), inbox(t, a, "lena"))
	p.fact(review.Fact{Kind: review.FactTakenBack, Request: id, Seat: "lena", Person: "lena", Answer: "web-2"})
	p.file(t, a)
	same(t, "taken back", []string{"legal"}, inbox(t, a, "lena"))
}

func versionReturns(t *testing.T, a *archive.Archive) {
	ctx := context.Background()
	p := newCase(acme).opened()
	id := p.asks("legal", "lena", "sam")
	for _, who := range []string{"lena", "sam"} {
		p.answers("web-"+who, id, who, review.Approve, 1, review.Written{})
		ok(t, a.KeepReceipt(ctx, "web-"+who, who, id, counted(id, who, 1)))
	}
	p.file(t, a)
	p.fact(review.Fact{Kind: review.FactVersion, Request: id, Version: &review.Version{
		Number: 2, Document: "sha256:2", Touched: []review.Touch{{Version: 1, Seats: []string{"lena"}}},
	}})
	p.file(t, a)
	same(t, "touched", []string{"legal"}, inbox(t, a, "lena"))
	same(t, "not touched", []string(nil), inbox(t, a, "sam"))
}

func queuedHides(t *testing.T, a *archive.Archive) {
	ctx := context.Background()
	p := newCase(acme).opened()
	id := p.asks("legal", "lena", "sam")
	p.file(t, a)
	row := review.Queued{ID: "web-1", Process: acme, Person: "lena", Request: id, At: monday()}
	ok(t, a.Enqueue(ctx, row))
	same(t, "queued", []string(nil), inbox(t, a, "lena"))
	same(t, "somebody else", []string{"legal"}, inbox(t, a, "sam"))
	ok(t, a.Settle(ctx, row, review.Outcome{Status: review.Refused, Refusal: review.NeedsReason}))
	same(t, "refused", []string{"legal"}, inbox(t, a, "lena"))
}

// asksPolicy opens a request of any shape.
func (p *process) asksPolicy(step string, policy review.Policy, seatings ...review.Seating) string {
	id := p.id + "/" + step
	r := review.Request{ID: id, Case: p.of, Process: p.id, Step: step, Kind: review.Decision, Owner: "olga", Vendor: "acme",
		Opened: p.at, Policy: policy, Seatings: seatings}
	p.fact(review.Fact{Kind: review.FactOpened, Request: id, Opened: &r})
	p.fact(review.Fact{Kind: review.FactGroup, Request: id})
	return id
}

func seat(id string, people ...string) review.Seating {
	s := review.Seating{Seat: id}
	for _, p := range people {
		s.Holders = append(s.Holders, review.Holder{Person: p})
	}
	return s
}

func group(rule review.Rule, seats ...string) review.Group {
	g := review.Group{Rule: rule}
	for _, s := range seats {
		g.Seats = append(g.Seats, review.Seat{ID: s, Role: s})
	}
	return g
}

func groupsInTurn(t *testing.T, a *archive.Archive) {
	p := newCase(acme).opened()
	id := p.asksPolicy("legal", review.Policy{Groups: []review.Group{group(review.RuleAll, "lena"), group(review.RuleAll, "sam")}},
		seat("lena", "lena"), seat("sam", "sam"))
	p.file(t, a)
	same(t, "sam before", []string(nil), inbox(t, a, "sam"))
	p.answers("web-1", id, "lena", review.Approve, 0, review.Written{})
	p.file(t, a)
	same(t, "sam after", []string{"legal"}, inbox(t, a, "sam"))
}

func decidedGroup(t *testing.T, a *archive.Archive) {
	p := newCase(acme).opened()
	id := p.asksPolicy("any", review.Policy{Groups: []review.Group{group(review.RuleAny, "lena", "sam")}}, seat("lena", "lena"), seat("sam", "sam"))
	p.answers("web-1", id, "lena", review.Approve, 0, review.Written{})
	p.file(t, a)
	same(t, "sam", []string(nil), inbox(t, a, "sam"))
}

func recusedOff(t *testing.T, a *archive.Archive) {
	p := newCase(acme).opened()
	id := p.asksPolicy("legal", review.Policy{Groups: []review.Group{group(review.RuleAll, "legal")}}, seat("legal", "lena", "bo", "cy"))
	p.fact(review.Fact{Kind: review.FactRecused, Request: id, Person: "lena"})
	p.fact(review.Fact{Kind: review.FactUnseated, Request: id, Seat: "legal", Person: "bo"})
	p.file(t, a)
	same(t, "lena", []string(nil), inbox(t, a, "lena"))
	same(t, "bo", []string(nil), inbox(t, a, "bo"))
	same(t, "cy", []string{"legal"}, inbox(t, a, "cy"))
}

func delegationEnds(t *testing.T, a *archive.Archive) { // the archive's clock: noon
	p := newCase(acme).opened()
	id := p.asksPolicy("legal", review.Policy{Groups: []review.Group{group(review.RuleAll, "legal")}}, seat("legal", "lena"))
	for who, until := range map[string]time.Time{"early": monday().Add(2 * time.Hour), "late": monday().Add(4 * time.Hour)} {
		p.fact(review.Fact{Kind: review.FactSeated, Request: id, Seat: "legal", Person: who, Holder: &review.Holder{Person: who, Until: until}})
	}
	p.file(t, a)
	same(t, "early", []string(nil), inbox(t, a, "early"))
	same(t, "late", []string{"legal"}, inbox(t, a, "late"))
}

func rehearsalClock(t *testing.T, a *archive.Archive) {
	p := newCase(acme).opened()
	id := p.asksPolicy("legal", review.Policy{Groups: []review.Group{group(review.RuleAll, "legal")}}, seat("legal", "lena"))
	until := monday().Add(4 * time.Hour)
	p.fact(review.Fact{Kind: review.FactSeated, Request: id, Seat: "legal", Person: "bo", Holder: &review.Holder{Person: "bo", Until: until}})
	p.file(t, a)
	same(t, "before", []string{"legal"}, inbox(t, a, "bo"))
	anchor := calendar.Anchor{Real: p.at, Case: p.at.Add(2 * time.Hour)} // at noon the case believes that it is past 14:00
	p.say(dossier.Entry{Kind: dossier.Jumped, Detail: &dossier.Detail{Anchor: &anchor}})
	p.file(t, a)
	same(t, "jumped", []string(nil), inbox(t, a, "bo"))
	same(t, "lena", []string{"legal"}, inbox(t, a, "lena"))
}

func onePersonOneSeat(t *testing.T, a *archive.Archive) {
	p := newCase(acme).opened()
	two := review.Policy{Groups: []review.Group{group(review.RuleAll, "lena", "tech")}}
	paired := two
	paired.Pairs = []review.Pair{{A: "tech", B: "lena"}}
	for step, policy := range map[string]review.Policy{"single": two, "paired": paired} {
		id := p.asksPolicy(step, policy, seat("lena", "lena"), seat("tech", "lena", "sam"))
		p.answers("web-"+step, id, "lena", review.Approve, 0, review.Written{})
	}
	p.file(t, a)
	same(t, "lena", []string{"paired"}, inbox(t, a, "lena"))
}
