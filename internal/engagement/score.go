package engagement

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math/big"
)

// allWeights is what the weights of a scorecard add up to, and the best score.
const allWeights = 100

// Bounds on a scorecard: what people still weigh with care.
const (
	mostCriteria = 30
	mostPoints   = 1000
)

// CheckCriteria returns every fault of a scorecard at once; nil: it can be scored.
func CheckCriteria(criteria []Criterion) []error {
	var faults []error
	add := func(format string, args ...any) { faults = append(faults, fmt.Errorf(format, args...)) }
	if len(criteria) == 0 {
		add("a score has no criterion")
	}
	if len(criteria) > mostCriteria {
		add("a score has %d criteria, more than %d", len(criteria), mostCriteria)
	}
	seen, sum := map[string]bool{}, 0
	for _, c := range criteria {
		switch {
		case c.ID == "":
			add("a criterion has no id")
		case seen[c.ID]:
			add("criterion %q stands twice", c.ID)
		}
		if c.Weight < 1 || c.Weight > allWeights {
			add("criterion %q weighs %d; a weight is from 1 to %d", c.ID, c.Weight, allWeights)
		}
		if c.Most < 1 || c.Most > mostPoints {
			add("criterion %q has %d points at most; they are from 1 to %d", c.ID, c.Most, mostPoints)
		}
		seen[c.ID], sum = true, sum+c.Weight
	}
	if len(criteria) > 0 && sum != allWeights {
		add("the weights add up to %d, not to %d", sum, allWeights)
	}
	return faults
}

// Weighted is the score from 0 to 100 that several people gave together: the points of
// each criterion as a share of the best that all of them could have given, by weight,
// rounded half up once at the end. Each scorer's points are by criterion. It is false
// where there is nothing to say: no scorer, a scorecard with faults, or a scorer who
// left out a criterion or gave points that there are not.
func Weighted(criteria []Criterion, scorers []map[string]int) (score int, ok bool) {
	if len(scorers) == 0 || CheckCriteria(criteria) != nil {
		return 0, false
	}
	total := new(big.Rat)
	for _, c := range criteria {
		given := int64(0)
		for _, points := range scorers {
			n, there := points[c.ID]
			if !there || n < 0 || n > c.Most {
				return 0, false
			}
			given += int64(n)
		}
		total.Add(total, big.NewRat(int64(c.Weight)*given, int64(c.Most)*int64(len(scorers))))
	}
	for _, points := range scorers {
		if len(points) != len(criteria) {
			return 0, false
		}
	}
	// Half up, in whole numbers: (2·numerator + denominator) / (2·denominator).
	two := big.NewInt(2)
	top := new(big.Int).Add(new(big.Int).Mul(two, total.Num()), total.Denom())
	return int(new(big.Int).Quo(top, new(big.Int).Mul(two, total.Denom())).Int64()), true
}

// FrozenCriteria is a digest over a scorecard and the score that it needs. Taken before
// anybody scores, it shows later that neither was changed to fit the points. It is
// SHA-256 over lines: the threshold, then weight, most, id, title and question of each
// criterion, texts quoted as Go quotes them. Not over JSON, whose encoder the check on
// workflow code can't see through.
func FrozenCriteria(criteria []Criterion, threshold int) string {
	text := fmt.Appendf(nil, "threshold %d\n", threshold)
	for _, c := range criteria {
		text = fmt.Appendf(text, "%d %d %q %q %q\n", c.Weight, c.Most, c.ID, c.Title, c.Ask)
	}
	sum := sha256.Sum256(text)
	return "sha256:" + hex.EncodeToString(sum[:])
}
