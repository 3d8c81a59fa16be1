package archive

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"gangway/internal/review"
)

func storedRequest(t testing.TB, id string, ballots int) string {
	t.Helper()
	r := review.Request{ID: id, Case: "onboarding/acme/1", Seatings: []review.Seating{{Seat: "legal", Holders: []review.Holder{{Person: "ana"}}}}}
	for i := range ballots {
		r.Ballots = append(r.Ballots, review.Ballot{Answer: fmt.Sprint(id, i), Seat: "legal", Person: "ana", At: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC), Documents: []string{"d"}})
	}
	text, err := encode(&r)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// What was read before says what reading it anew would, whatever others did with theirs.
func TestWhatWasReadBeforeIsNobodysToChange(t *testing.T) {
	t.Parallel()
	var u understood
	text := storedRequest(t, "q1", 2)
	var want review.Request
	if err := decode(text, &want); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		got, err := u.request(text)
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Fatalf("it says something else (-stored +given):\n%s", d)
		}
		got.Ballots[0].Documents[0], got.Seatings[0].Holders[0].Person, got.Title = "another", "bo", "Changed"
	}
	if len(u.kept) != 1 {
		t.Errorf("%d are kept of one text", len(u.kept))
	}
}

// However many cases are looked at, what is kept stays within its bound; a text that
// can't be read is kept by nobody, and who writes reads what stands there.
func TestWhatIsKeptIsBounded(t *testing.T) {
	t.Parallel()
	var u understood
	most := 0
	for i := range 200 {
		text := storedRequest(t, fmt.Sprintf("q%d%s", i, strings.Repeat("x", 100_000)), 1)
		if _, err := u.request(text); err != nil {
			t.Fatal(err)
		}
		sum := 0
		for kept := range u.kept {
			sum += len(kept)
		}
		if sum != u.bytes || sum > mostUnderstood {
			t.Fatalf("%d bytes are kept and counted as %d", sum, u.bytes)
		}
		most = max(most, sum)
	}
	if most < mostUnderstood/2 {
		t.Errorf("no more than %d bytes were ever kept", most)
	}
	before := len(u.kept)
	if _, err := u.request("{"); err == nil || len(u.kept) != before {
		t.Errorf("half a text is read, or kept: %v", err)
	}
	var none *understood
	if r, err := none.request(storedRequest(t, "q1", 0)); err != nil || r.ID != "q1" {
		t.Errorf("without any: %+v, %v", r, err)
	}
}

// Pages are read by many at once.
func TestManyReadTheSameAtOnce(t *testing.T) {
	t.Parallel()
	var u understood
	texts := []string{storedRequest(t, "q1", 3), storedRequest(t, "q2", 1)}
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 50 {
				list, err := u.requests(texts)
				if err != nil || len(list) != 2 || list[0].ID != "q1" || list[1].ID != "q2" {
					t.Errorf("read as %d requests: %v", len(list), err)
					return
				}
				list[0].Ballots[0].Documents[0] = "another"
			}
		})
	}
	all.Wait()
}

func BenchmarkReadingARequestAgain(b *testing.B) {
	var u understood
	text := storedRequest(b, "q1", 12)
	for _, how := range []struct {
		name string
		from *understood
	}{{"anew", nil}, {"again", &u}} {
		b.Run(how.name, func(b *testing.B) {
			for b.Loop() {
				if _, err := how.from.request(text); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
