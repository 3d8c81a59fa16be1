package main

import (
	"slices"
	"testing"

	"gangway/internal/dossier"
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
