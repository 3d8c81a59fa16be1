package engagement_test

import (
	"fmt"
	"math/big"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"gangway/internal/engagement"
)

func scorecard() []engagement.Criterion {
	return []engagement.Criterion{{ID: "quality", Weight: 50, Most: 5}, {ID: "communication", Weight: 30, Most: 5}, {ID: "deadlines", Weight: 20, Most: 10}}
}

func gave(quality, communication, deadlines int) map[string]int {
	return map[string]int{"quality": quality, "communication": communication, "deadlines": deadlines}
}

func TestWeighted(t *testing.T) {
	t.Parallel()
	for what, c := range map[string]struct {
		scorers []map[string]int
		want    int
	}{
		"all of it":             {[]map[string]int{gave(5, 5, 10)}, 100},
		"nothing":               {[]map[string]int{gave(0, 0, 0)}, 0},
		"one":                   {[]map[string]int{gave(4, 3, 7)}, 72}, // 40 + 18 + 14
		"two who differ":        {[]map[string]int{gave(5, 5, 10), gave(0, 0, 0)}, 50},
		"half is up":            {[]map[string]int{gave(0, 0, 1), gave(0, 0, 0), gave(0, 0, 0), gave(0, 0, 0)}, 1}, // 0.5
		"less than half":        {[]map[string]int{gave(0, 0, 1), gave(0, 0, 0), gave(0, 0, 0), gave(0, 0, 0), gave(0, 0, 0)}, 0},
		"a third each, exactly": {[]map[string]int{gave(5, 0, 0), gave(0, 5, 0), gave(0, 0, 10)}, 33},
	} {
		if got, ok := engagement.Weighted(scorecard(), c.scorers); !ok || got != c.want {
			t.Errorf("%s: %d %v, want %d", what, got, ok, c.want)
		}
	}
	for what, scorers := range map[string][]map[string]int{
		"nobody":           nil,
		"one left out":     {{"quality": 5, "communication": 5}},
		"more than best":   {gave(6, 5, 10)},
		"less than none":   {gave(-1, 5, 10)},
		"something else":   {{"quality": 5, "communication": 5, "deadlines": 5, "looks": 5}},
		"the second fails": {gave(5, 5, 10), {}},
	} {
		if got, ok := engagement.Weighted(scorecard(), scorers); ok {
			t.Errorf("%s: %d", what, got)
		}
	}
	if _, ok := engagement.Weighted(scorecard()[:2], []map[string]int{{"quality": 5, "communication": 5}}); ok {
		t.Error("a scorecard whose weights are 80 gave a score")
	}
}

// TestWeightedAgreesWithFractions holds the score to the sum of fractions that its
// definition is, whatever is weighed, and to what people would want of it.
func TestWeightedAgreesWithFractions(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 6).Draw(t, "criteria")
		left := 100
		var criteria []engagement.Criterion
		for i := range n {
			w := left
			if i < n-1 {
				w = rapid.IntRange(1, left-(n-1-i)).Draw(t, "weight")
			}
			left -= w
			criteria = append(criteria, engagement.Criterion{ID: fmt.Sprint("c", i), Weight: w, Most: rapid.IntRange(1, 17).Draw(t, "most")})
		}
		var scorers []map[string]int
		people := rapid.IntRange(1, 7).Draw(t, "scorers")
		sum := new(big.Rat)
		for range people {
			points := map[string]int{}
			for _, c := range criteria {
				points[c.ID] = rapid.IntRange(0, c.Most).Draw(t, "points")
				share := big.NewRat(int64(points[c.ID]), int64(c.Most))
				sum.Add(sum, share.Mul(share, big.NewRat(int64(c.Weight), int64(people))))
			}
			scorers = append(scorers, points)
		}
		got, ok := engagement.Weighted(criteria, scorers)
		off := new(big.Rat).Sub(big.NewRat(int64(got), 1), sum) // from -1/2 without to 1/2 with
		if !ok || got < 0 || got > 100 || off.Cmp(big.NewRat(1, 2)) > 0 || off.Cmp(big.NewRat(-1, 2)) <= 0 {
			t.Fatalf("%v %v: %d, and the fractions are %s", criteria, scorers, got, sum.FloatString(6))
		}
		better := rapid.SampledFrom(criteria).Draw(t, "better")
		if scorers[0][better.ID] < better.Most {
			scorers[0][better.ID]++
			if more, _ := engagement.Weighted(criteria, scorers); more < got {
				t.Fatalf("one point more for %s brought %d down to %d", better.ID, got, more)
			}
		}
	})
}

func TestCheckCriteria(t *testing.T) {
	t.Parallel()
	if faults := engagement.CheckCriteria(scorecard()); faults != nil {
		t.Errorf("a good scorecard: %v", faults)
	}
	many := make([]engagement.Criterion, 31)
	for i := range many {
		many[i] = engagement.Criterion{ID: fmt.Sprint(i), Weight: 3, Most: 5}
	}
	for want, criteria := range map[string][]engagement.Criterion{
		"no criterion":           nil,
		"add up to 99":           {{ID: "a", Weight: 99, Most: 5}},
		"add up to 101":          {{ID: "a", Weight: 100, Most: 5}, {ID: "b", Weight: 1, Most: 5}},
		"twice":                  {{ID: "a", Weight: 50, Most: 5}, {ID: "a", Weight: 50, Most: 5}},
		"no id":                  {{Weight: 100, Most: 5}},
		"weighs 0":               {{ID: "a", Weight: 100, Most: 5}, {ID: "b", Most: 5}},
		"weighs -10":             {{ID: "a", Weight: 110, Most: 5}, {ID: "b", Weight: -10, Most: 5}},
		"0 points at most":       {{ID: "a", Weight: 100}},
		"1001 points at most":    {{ID: "a", Weight: 100, Most: 1001}},
		"31 criteria, more than": many,
	} {
		said := fmt.Sprint(engagement.CheckCriteria(criteria))
		if !strings.Contains(said, want) {
			t.Errorf("%v: %s, want %q", criteria, said, want)
		}
	}
}

// TestFrozenCriteria: nothing of a scorecard can change without its digest changing.
func TestFrozenCriteria(t *testing.T) {
	t.Parallel()
	freeze := func(criteria []engagement.Criterion, threshold int) string {
		digest := engagement.FrozenCriteria(criteria, threshold)
		if len(digest) != len("sha256:")+64 {
			t.Fatalf("froze %q", digest)
		}
		return digest
	}
	seen := map[string]string{freeze(scorecard(), 70): "the scorecard"}
	for what, change := range map[string]func(c []engagement.Criterion) []engagement.Criterion{
		"an id":     func(c []engagement.Criterion) []engagement.Criterion { c[0].ID = "a"; return c },
		"a title":   func(c []engagement.Criterion) []engagement.Criterion { c[0].Title = "a"; return c },
		"a text":    func(c []engagement.Criterion) []engagement.Criterion { c[0].Ask = "a"; return c },
		"a weight":  func(c []engagement.Criterion) []engagement.Criterion { c[0].Weight = 51; return c },
		"the best":  func(c []engagement.Criterion) []engagement.Criterion { c[2].Most = 9; return c },
		"the order": func(c []engagement.Criterion) []engagement.Criterion { c[0], c[1] = c[1], c[0]; return c },
		"one less":  func(c []engagement.Criterion) []engagement.Criterion { return c[:2] },
	} {
		digest := freeze(change(scorecard()), 70)
		if seen[digest] != "" {
			t.Errorf("%s and %s are frozen alike", what, seen[digest])
		}
		seen[digest] = what
	}
	if freeze(scorecard(), 71) == freeze(scorecard(), 70) {
		t.Error("the threshold isn't frozen")
	}
	first, again := freeze(scorecard(), 70), freeze(scorecard(), 70)
	if first != again {
		t.Error("the same is frozen in two ways")
	}
}
