package slack

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

// TestPaceStaysBelowTheTier: whoever calls only when it is free never makes more
// calls in any minute than we allow ourselves, nor two for a channel too soon; and
// what is free is free without waiting for ever.
func TestPaceStaysBelowTheTier(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		minute := rapid.IntRange(1, 60).Draw(t, "minute")
		gap := time.Duration(rapid.IntRange(0, 3).Draw(t, "gap")) * time.Second
		p := newPace([]Method{{Name: "m", Minute: minute, PerChannel: gap}})
		now := time.Unix(1_800_000_000, 0)
		var calls []time.Time
		last := map[string]time.Time{}
		for range rapid.IntRange(1, 200).Draw(t, "calls") {
			now = now.Add(time.Duration(rapid.IntRange(0, 4000).Draw(t, "pause")) * time.Millisecond)
			channel := rapid.SampledFrom([]string{"C1", "C2", "C3"}).Draw(t, "channel")
			free := p.Free("m", channel, now)
			if free.Sub(now) > paceWindow+gap {
				t.Fatalf("free only in %s", free.Sub(now))
			}
			if free.After(now) && rapid.Bool().Draw(t, "give up") {
				continue
			}
			now = free
			if again := p.Free("m", channel, now); again.After(now) {
				t.Fatalf("at %s it is free only at %s", now, again)
			}
			p.Take("m", channel, now)
			calls = append(calls, now)
			if before, ok := last[channel]; ok && now.Sub(before) < gap {
				t.Fatalf("two calls for %s within %s", channel, now.Sub(before))
			}
			last[channel] = now
			within := 0
			for _, at := range calls {
				if now.Sub(at) < paceWindow {
					within++
				}
			}
			if within > most(minute) || within > minute {
				t.Fatalf("%d calls within a minute, %d are allowed", within, minute)
			}
		}
	})
}

func TestPaceKeepsAPauseThatSlackAsksFor(t *testing.T) {
	t.Parallel()
	p := newPace(Methods())
	now := time.Unix(1_800_000_000, 0)
	p.Pause(UpdateMessage, now.Add(7*time.Second))
	p.Pause(UpdateMessage, now.Add(3*time.Second)) // the longer one holds
	if at := p.Free(UpdateMessage, "C1", now); !at.Equal(now.Add(7 * time.Second)) {
		t.Errorf("free at %s", at)
	}
	if at := p.Free(PostMessage, "C1", now); !at.Equal(now) {
		t.Error("another method waits too")
	}
	if at := p.Free("no.such", "", now); !at.Equal(now) {
		t.Error("what has no tier waits")
	}
}
