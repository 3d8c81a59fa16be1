package slack

import (
	"testing"
	"time"
)

// TestOnceIsBounded: whoever asks for long lists all the time fills no memory with
// the replies, and what was asked last is known.
func TestOnceIsBounded(t *testing.T) {
	t.Parallel()
	var o once
	now := time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)
	const long = 20 << 10
	for i := range 3 * mostHeld / long {
		now = now.Add(time.Second)
		key := itoa(i)
		d, first := o.begin(now, key, "id:"+key)
		if !first {
			t.Fatalf("%d was taken before", i)
		}
		o.finish(d, Reply{Body: make([]byte, long)}, i%3 > 0, key, "id:"+key)
		held := 0
		for _, d := range o.taken {
			held += len(d.reply.Body)
		}
		if held > mostHeld || held != o.held {
			t.Fatalf("%d bytes are held, %d counted", held, o.held)
		}
	}
	now = now.Add(2 * rememberedFor)
	d, _ := o.begin(now, "last")
	o.finish(d, Reply{Body: []byte("x")}, true, "last")
	if _, first := o.begin(now, "last"); first || o.held != 1 || len(o.taken) != 1 {
		t.Errorf("it is known: %v, and %d bytes of %d are held", !first, o.held, len(o.taken))
	}
	slow, _ := o.begin(now, "slow")
	for range rememberedFor / time.Minute {
		now = now.Add(2 * time.Minute)
		o.begin(now, now.String())
	}
	o.finish(slow, Reply{Body: []byte("late")}, true, "slow")
	if o.held != 0 {
		t.Errorf("%d bytes of what was forgotten are held", o.held)
	}
}
