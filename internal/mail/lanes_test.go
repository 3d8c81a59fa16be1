package mail

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// Whatever comes: what has a key in common is done in its order, never two at once,
// and no more is in work than there are places.
func TestLanesKeepTheOrder(t *testing.T) {
	t.Parallel()
	dice := rand.New(rand.NewPCG(5, 8))
	for range 20 {
		const n = 8
		l := newLanes(n)
		var mu sync.Mutex
		in, began := map[string]int{}, map[string][]int{}
		want := map[string][]int{}
		var inside, most atomic.Int64
		for i := range 300 {
			keys := []string{fmt.Sprint("mail ", i%250), fmt.Sprint("process ", dice.IntN(12)), fmt.Sprint("person ", dice.IntN(12))}
			for _, k := range keys {
				want[k] = append(want[k], i)
			}
			places := l.enter(dice.Int64N(1 + MaxMail/(1+dice.Int64N(50))))
			if now := inside.Add(int64(places)); now > most.Load() {
				most.Store(now)
			}
			l.begin(places, keys, func() {
				mu.Lock()
				for _, k := range keys {
					began[k] = append(began[k], i)
					if in[k]++; in[k] > 1 {
						t.Errorf("two of %q at once", k)
					}
				}
				mu.Unlock()
				inside.Add(-int64(places)) // before the places are free
				mu.Lock()
				for _, k := range keys {
					in[k]--
				}
				mu.Unlock()
			})
		}
		l.wait()
		for k, order := range want {
			if !slices.Equal(began[k], order) {
				t.Fatalf("%s: %v, want %v", k, began[k], order)
			}
		}
		if most.Load() > n {
			t.Errorf("%d places are taken, of %d", most.Load(), n)
		}
	}
}

// What has nothing in common is in work at once, as many as may be; the largest
// mail is alone.
func TestLanesWorkSideBySide(t *testing.T) {
	t.Parallel()
	l := newLanes(4)
	var inside atomic.Int64
	all := make(chan struct{})
	for i := range 4 {
		l.begin(l.enter(1000), []string{fmt.Sprint(i)}, func() {
			if inside.Add(1) == 4 {
				close(all)
			}
			<-all // for ever, were they not at once
			inside.Add(-1)
		})
	}
	for _, size := range []int64{MaxMail, 10 * MaxMail} { // of the latter the header is read
		l.begin(l.enter(size), nil, func() {
			if n := inside.Add(1); n != 1 {
				t.Errorf("%d beside the largest", n-1)
			}
			inside.Add(-1)
		})
	}
	if one := newLanes(1); one.enter(0) != 1 {
		t.Error("one lane takes one mail")
	}
	l.wait()
}

// A key is asked for once a minute; what failed is asked again at once.
func TestKeysOfDomainsAreRemembered(t *testing.T) {
	t.Parallel()
	asked, now, fault := 0, time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC), errors.New("no server answers")
	k := newKeyring(func(name string) ([]string, error) {
		asked++
		return []string{name, fmt.Sprint(asked)}, fault
	}, func() time.Time { return now })
	for range 2 {
		if _, err := k.lookup("a"); !errors.Is(err, fault) {
			t.Error(err)
		}
	}
	fault = nil
	for range 3 {
		if txt, err := k.lookup("a"); err != nil || !slices.Equal(txt, []string{"a", "3"}) {
			t.Error(txt, err)
		}
	}
	if txt, _ := k.lookup("b"); !slices.Equal(txt, []string{"b", "4"}) {
		t.Error(txt)
	}
	now = now.Add(time.Minute)
	if txt, _ := k.lookup("a"); !slices.Equal(txt, []string{"a", "5"}) {
		t.Error(txt)
	}
	for i := range 3 * mostKeys { // strangers' names
		_, _ = k.lookup(fmt.Sprint("evil", i))
	}
	if len(k.keys) > mostKeys {
		t.Errorf("%d are remembered", len(k.keys))
	}
}
