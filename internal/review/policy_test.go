package review_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"gangway/internal/review"
)

func faults(p review.Policy) []string {
	var words []string
	for _, err := range p.Check() {
		words = append(words, err.Error())
	}
	return words
}

func TestCheckFindsEachFault(t *testing.T) {
	t.Parallel()
	good := func() review.Policy {
		p := policy(all("legal", "privacy"), some(2, "security", "finance", "board"), anyOf("ceo", "cfo"))
		p.Pairs, p.Depth = []review.Pair{{A: "legal", B: "privacy"}}, 3
		return p
	}
	for _, c := range []struct {
		name  string
		spoil func(*review.Policy)
		want  []string
	}{
		{"nothing", func(*review.Policy) {}, nil},
		{"no group", func(p *review.Policy) { *p = review.Policy{} }, []string{"the policy has no group"}},
		{"no seat", func(p *review.Policy) { p.Groups[2] = review.Group{Name: "board", Rule: review.RuleAny} }, []string{"board has no seat"}},
		{"a number with all", func(p *review.Policy) { p.Groups[0].N = 2 }, []string{`group 1: a number belongs to the rule "some" only`}},
		{"a number with any", func(p *review.Policy) { p.Groups[2].N = -1 }, []string{`group 3: a number belongs to the rule "some" only`}},
		{"no number", func(p *review.Policy) { p.Groups[1].N = 0 }, []string{"group 2 needs 0 approvals: at least 1 is wanted"}},
		{"a quorum larger than its group", func(p *review.Policy) { p.Groups[1].N = 4 }, []string{"group 2 needs 4 approvals but has only 3 seats"}},
		{"a quorum as large as its group", func(p *review.Policy) { p.Groups[1].N = 3 }, nil},
		{"an unknown rule", func(p *review.Policy) { p.Groups[0].Rule = "most" }, []string{`group 1: unknown rule "most" (all, any, some)`}},
		{"a seat without id", func(p *review.Policy) { p.Groups[1].Seats[0].ID = "" }, []string{"group 2 has a seat without an id"}},
		{"a seat twice", func(p *review.Policy) { p.Groups[1].Seats[0].ID = "legal" }, []string{`seat "legal" stands twice in the policy`}},
		{"a seat without role", func(p *review.Policy) { p.Groups[1].Seats[1].Role = "" }, []string{`seat "finance" has no role`}},
		{"a pair with nobody", func(p *review.Policy) { p.Pairs[0].B = "moon" }, []string{`the pair "legal" and "moon" does not name two seats of the policy`}},
		{"nobody with a pair", func(p *review.Policy) { p.Pairs[0].A = "moon" }, []string{`the pair "moon" and "privacy" does not name two seats of the policy`}},
		{"a pair of one", func(p *review.Policy) { p.Pairs[0].B = "legal" }, []string{`the pair "legal" and "legal" does not name two seats of the policy`}},
		{"a negative depth", func(p *review.Policy) { p.Depth = -1 }, []string{"a delegation depth of -1 makes no sense"}},
	} {
		p := good()
		c.spoil(&p)
		if d := cmp.Diff(c.want, faults(p)); d != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, d)
		}
	}
}

func TestCheckFindsAllFaultsAtOnce(t *testing.T) {
	t.Parallel()
	p := review.Policy{Depth: -2, Pairs: []review.Pair{{A: "x", B: "y"}}, Groups: []review.Group{
		{Rule: "most", Seats: []review.Seat{{}, {ID: "a", Role: "r"}, {ID: "a", Role: "r"}}},
		{Name: "board", Rule: review.RuleSome, N: 1},
	}}
	want := []string{
		`group 1: unknown rule "most" (all, any, some)`,
		"group 1 has a seat without an id",
		`seat "" has no role`,
		`seat "a" stands twice in the policy`,
		"board has no seat",
		"board needs 1 approvals but has only 0 seats",
		`the pair "x" and "y" does not name two seats of the policy`,
		"a delegation depth of -2 makes no sense",
	}
	if d := cmp.Diff(want, faults(p)); d != "" {
		t.Errorf("faults (-want +got):\n%s", d)
	}
}

func TestAPairHasNoDirection(t *testing.T) {
	t.Parallel()
	p := review.Policy{Pairs: []review.Pair{{A: "a", B: "b"}, {A: "c", B: "a"}}}
	for _, c := range []struct {
		a, b string
		want bool
	}{{"a", "b", true}, {"b", "a", true}, {"a", "c", true}, {"b", "c", false}, {"a", "a", false}} {
		if got := p.Paired(c.a, c.b); got != c.want {
			t.Errorf("%s and %s paired: %v", c.a, c.b, got)
		}
	}
}

func TestSeatsComeInGroupOrder(t *testing.T) {
	t.Parallel()
	p := policy(all("a", "b"), anyOf("c"))
	var ids []string
	for _, s := range p.Seats() {
		ids = append(ids, s.ID)
	}
	if d := cmp.Diff([]string{"a", "b", "c"}, ids); d != "" {
		t.Errorf("seats (-want +got):\n%s", d)
	}
}
