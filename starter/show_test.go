package main

import (
	"slices"
	"strings"
	"testing"
	"time"

	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/review"
)

// TestUnreached: whoever holds a seat of an open request and could not be told
// is named, once; others are not, nor anybody of a request that is over.
func TestUnreached(t *testing.T) {
	t.Parallel()
	now := days(7)
	lost := func(person string, more ...func(*review.Holder)) review.Holder {
		h := review.Holder{Person: person, Since: days(1), Undelivered: true}
		for _, m := range more {
			m(&h)
		}
		return h
	}
	r := &review.Request{ID: "q", Opened: days(1), Seatings: []review.Seating{
		{Seat: "legal", Holders: []review.Holder{lost("lee"), lost("gone", func(h *review.Holder) { h.Off = true }),
			lost("late", func(h *review.Holder) { h.Until = days(3) })}},
		{Seat: "finance", Holders: []review.Holder{lost("lee"), {Person: "fay", Since: days(1)}}},
	}}
	if got := unreached(r, now); !slices.Equal(got, []string{"lee"}) {
		t.Errorf("not reached: %q", got)
	}
	r.Closed = &review.Closing{State: review.Met, At: now}
	if got := unreached(r, now); len(got) > 0 {
		t.Errorf("of a request that is over: %q", got)
	}
}

// TestHappenedSaysWhoIsNotReached: the one who looks at a case sees whom a channel
// does not reach, why, and who told them.
func TestHappenedSaysWhoIsNotReached(t *testing.T) {
	t.Parallel()
	for want, d := range map[string]dossier.Detail{
		"note unreached guest (tom in slack) told by mail": {Name: "unreached", Person: "tom", Channel: "slack", Result: "guest", Instead: "mail"},
		"note unreached (tom in slack)":                    {Name: "unreached", Person: "tom", Channel: "slack"},
	} {
		if got := happened(dossier.Line{Entry: dossier.Entry{Kind: dossier.Noted, Detail: &d}}); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// TestHappenedInAWholeOnboarding: a line of the record has words and what they are
// about, and no kind's raw name with its hyphens.
func TestHappenedInAWholeOnboarding(t *testing.T) {
	t.Parallel()
	cover := &engagement.Expiry{ID: "i", Kind: engagement.ExpiryInsurance, Name: "insurance", On: days(90)}
	on := days(90).UTC().Format(time.DateOnly)
	for _, c := range []struct {
		kind dossier.Kind
		d    dossier.Detail
		want string
	}{
		{dossier.ClausesFound, dossier.Detail{Step: "commercial", Result: "missing", Points: []string{"exit", "ip"}}, "clauses looked for commercial missing exit, ip"},
		{dossier.ClauseWaived, dossier.Detail{Step: "commercial", Points: []string{"exit"}, Ends: days(90)}, "clause waived commercial exit until " + on},
		{dossier.AccessStands, dossier.Detail{Name: "access", Result: "given", Values: []string{"access-1 found", "access-2 clean"}}, "accesses to code access given access-1 found; access-2 clean"},
		{dossier.ScoresOpened, dossier.Detail{Result: "below", Score: 60, Threshold: 70}, "scores opened below 60 of 100, needs 70"},
		{dossier.Milestone, dossier.Detail{Step: "m1", Result: "delivered", Late: 90}, "milestone m1 delivered 1 working hour 30 minutes late"},
		{dossier.HandedOver, dossier.Detail{Result: "oversight", Parent: "oversight/acme/1"}, "handed over to oversight oversight/acme/1"},
		{dossier.Watched, dossier.Detail{Expiry: cover}, "watched the insurance on " + on},
		{dossier.Escalated, dossier.Detail{Expiry: cover, Person: "tom"}, "called after silence the insurance on " + on + " tom"},
		{dossier.Evidence, dossier.Detail{Step: "iso", Result: "waived", Ends: days(90)}, "due diligence iso waived until " + on},
	} {
		if got := happened(dossier.Line{Entry: dossier.Entry{Kind: c.kind, Detail: &c.d}}); got != c.want {
			t.Errorf("%s reads %q, want %q", c.kind, got, c.want)
		}
	}
	if got := happened(dossier.Line{Entry: dossier.Entry{Kind: dossier.Request, Fact: &review.Fact{Kind: review.FactDue, Request: "q"}}}); got != "due moved q" {
		t.Errorf("a fact reads %q", got)
	}
}

// TestShowSaysWhatNobodyHasRead: the sections stand under the request as long as
// somebody may still read them.
func TestShowSaysWhatNobodyHasRead(t *testing.T) {
	t.Parallel()
	r := &review.Request{ID: "q", ReadAll: true, Opened: days(1), Versions: []review.Version{{Number: 1, Document: "sha256:1", At: days(1), Sections: []string{"1", "2", "3"}}},
		Reads: []review.Ballot{{Answer: "a", Person: "lee", Version: 1, Read: []string{"2"}}}}
	var b strings.Builder
	s := &session{out: &terminal{w: &b}}
	s.printRequest(r, days(2))
	if !strings.Contains(b.String(), "nobody has read: 1, 3\n") {
		t.Errorf("open: %s", b.String())
	}
	b.Reset()
	r.Closed = &review.Closing{State: review.Denied, At: days(2)}
	s.printRequest(r, days(2))
	if strings.Contains(b.String(), "nobody has read") {
		t.Errorf("closed: %s", b.String())
	}
}
