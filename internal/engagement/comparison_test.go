package engagement

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const numbered = "# Contract\n1. Payment\n    1. Fees. We pay 30 days after the invoice.\n    2. Taxes. They pay all taxes.\n" +
	"2. Confidentiality\n    1. Duty. Keep it secret.\n    2. Exceptions. Unless it is public.\n3. Term. Two years.\n"

func compare(t *testing.T, old, new string) Comparison {
	t.Helper()
	return Compare(split(t, old), split(t, new))
}

func TestCompareShowsWhatChanged(t *testing.T) {
	t.Parallel()
	changed := strings.Replace(numbered, "30 days", "60 days", 1)
	expect(t, compare(t, numbered, changed), []string{"1.1"}, nil, nil)
	longer := strings.Replace(numbered, "3. Term", "    3. Return. Give it back.\n3. Term", 1)
	expect(t, compare(t, numbered, longer), nil, []string{"2.3"}, nil)
	expect(t, compare(t, longer, numbered), nil, nil, []string{"2.3"})
	retitled := strings.Replace(numbered, "Taxes. They", "Duties. They", 1)
	expect(t, compare(t, numbered, retitled), []string{"1.2"}, nil, nil)
}

func TestCompareAClausePutInRenumbersTheOthers(t *testing.T) {
	t.Parallel()
	inserted := "# Contract\n1. Scope. All services.\n2. Payment\n    1. Fees. We pay 30 days after the invoice.\n    2. Taxes. They pay all taxes.\n" +
		"3. Confidentiality\n    1. Duty. Keep it very secret.\n    2. Exceptions. Unless it is public.\n4. Term. Two years.\n"
	old, new := split(t, numbered), split(t, inserted)
	got := Compare(old, new)
	want := Comparison{Changed: []string{"3.1"}, New: []string{"1"}, Same: 7, Moved: []Move{
		{"1", "2"}, {"1.1", "2.1"}, {"1.2", "2.2"}, {"2", "3"}, {"2.1", "3.1"}, {"2.2", "3.2"}, {"3", "4"},
	}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the comparison differs (-want +got):\n%s", diff)
	}
	for scope, asked := range map[string]bool{"title:confidentiality": true, "title:duty": true, "title:exceptions": false, "title:taxes": false} {
		for _, side := range [][]Clause{old, new} {
			if Touched(Scope{scope}.Resolve(side), side, got) != asked {
				t.Errorf("%s: asked again %v, want %v", scope, !asked, asked)
			}
		}
	}
	if !Touched([]string{"2"}, old, got) {
		t.Error("the seat that read the old clause 2 is not asked, though its words changed under another number")
	}
	if !Touched([]string{"2"}, old, Compare(old, split(t, strings.Replace(inserted, "    1. Duty. Keep it very secret.\n", "", 1)))) {
		t.Error("the seat that read the old clause 2 is not asked, though a part of it is gone")
	}
}

func TestCompareOnlyRenumberedIsEmpty(t *testing.T) {
	t.Parallel()
	got := compare(t, "1. A b c.\n2. D e f.", "5. A b c.\n6. D e f.")
	if !got.Empty() || got.Same != 2 || len(got.Moved) != 2 {
		t.Errorf("renumbering shows as %+v", got)
	}
}

// The same words below another clause, or in another order, can mean something else.
func TestCompareTakesPlaceAndOrderForMeaning(t *testing.T) {
	t.Parallel()
	periods := "1. Payment period\n    a. 30 days\n2. Cure period\n    a. 60 days\n"
	swapped := "1. Payment period\n    a. 60 days\n2. Cure period\n    a. 30 days\n"
	expect(t, compare(t, periods, swapped), []string{"1.a", "2.a"}, nil, nil)
	order := "1. The earlier controls:\n    a. the law\n    b. this contract\n    c. the order\n"
	reordered := "1. The earlier controls:\n    a. this contract\n    b. the law\n    c. the order\n"
	if compare(t, order, reordered).Empty() {
		t.Error("another order of precedence shows as nothing")
	}
	across := "1. Payment\n2. Confidentiality\n    1. Fees. We pay.\n"
	expect(t, compare(t, "1. Payment\n    1. Fees. We pay.\n2. Confidentiality\n", across), nil, []string{"2.1"}, []string{"1.1"})
}

func TestCompareMatchesDefinitionsByTheirTerm(t *testing.T) {
	t.Parallel()
	const old = "1. We use Fees.\n2. Definitions\n    1. \"Agreement\" means a.\n    2. \"Fees\" means b.\n"
	const new = "1. We use Fees.\n2. Definitions\n    1. \"Fees\" means b.\n    2. \"Order\" means d.\n    3. \"Agreement\" means c.\n"
	expect(t, compare(t, old, new), []string{"def/agreement"}, []string{"def/order"}, nil)
}

func TestCompareSeesWordsThatMeanSomethingElseNow(t *testing.T) {
	t.Parallel()
	const old = "1. We share with Affiliates.\n2. See Section 4.\n3. Payment. On time.\n4. Liability. None.\n\n\"Affiliate\" means a.\n"
	gone := strings.Replace(old, "\"Affiliate\" means a.\n", "", 1)
	got := compare(t, old, gone)
	want := Comparison{Gone: []string{"def/affiliate"}, Same: 4, Rebound: []string{"1"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the comparison differs (-want +got):\n%s", diff)
	}
	if !Touched([]string{"1"}, split(t, gone), got) || Touched([]string{"2"}, split(t, gone), got) {
		t.Error("the clause that uses the term is to be read again, the others are not")
	}
}

func TestTouched(t *testing.T) {
	t.Parallel()
	const text = "1. Use\n    1. We share with Affiliates.\n    2. See Section 3.\n2. Secrets. Nothing else.\n3. Payment\n    1. On time.\n" +
		"4. Definitions\n    1. \"Affiliate\" means a Company.\n    2. \"Company\" means a firm.\n    3. \"Firm\" means none.\n"
	for _, c := range []struct {
		name, from, to string
		asked          string // scopes out of 1.1 1.2 2 3 def/*
	}{
		{"a clause itself", "Nothing else", "Nothing more", "2"},
		{"a definition in use", "means a Company", "means the Company", "1.1 def/*"},
		{"a definition that a definition uses", "means a firm", "means a shop", "1.1 def/*"},
		{"a definition that nobody uses", "means none", "means nothing", "def/*"},
		{"below a clause that is named", "On time", "Late", "1.2 3"},
		{"a new clause below one that is named", "    1. On time.\n", "    1. On time.\n    2. In full.\n", "1.2 3"},
		{"a clause gone below one that is named", "    1. On time.\n", "", "1.2 3"},
		{"a definition gone", "    2. \"Company\" means a firm.\n", "", "1.1 def/*"},
		{"a definition put in, of a word in use", "    3. \"Firm\"", "    3. \"Section\" means a part.\n    4. \"Firm\"", "1.2 def/*"},
	} {
		old, new := split(t, text), split(t, strings.Replace(text, c.from, c.to, 1))
		got := Compare(old, new)
		var asked []string
		for _, scope := range []string{"1.1", "1.2", "2", "3", "def/*"} {
			if Touched([]string{scope}, new, got) {
				asked = append(asked, scope)
			}
		}
		if strings.Join(asked, " ") != c.asked {
			t.Errorf("%s: asks %v, want %s (%+v)", c.name, asked, c.asked, got)
		}
		if !Touched(nil, new, got) {
			t.Errorf("%s: the seat that reads all is not asked", c.name)
		}
	}
	if cs := split(t, text); Touched(nil, cs, Compare(cs, cs)) {
		t.Error("nothing changed, but the seat that reads all is asked")
	}
}

// A number that goes on pointing where it pointed, at another clause now.
func TestTouchedByAReferenceThatMissesItsClauseNow(t *testing.T) {
	t.Parallel()
	old := split(t, "1. Caps. See Section 2.\n2. Secrets. Keep them.\n3. Payment. On time.\n")
	new := split(t, "1. Caps. See Section 2.\n2. Scope. All of it.\n3. Secrets. Keep them.\n4. Payment. On time.\n")
	got := Compare(old, new)
	if !slices.Equal(got.Rebound, []string{"1"}) || !Touched([]string{"1"}, new, got) {
		t.Errorf("the stale reference is not seen: %+v", got)
	}
}

func TestScope(t *testing.T) {
	t.Parallel()
	cs := split(t, numbered+"\n11. Eleven\n    1. Below.\n\n110. Far\n\n\"Fees\" means b.\n")
	for _, c := range []struct {
		scope Scope
		want  string
	}{
		{nil, ""},
		{Scope{"1"}, "1 1.1 1.2"},
		{Scope{"11"}, "11 11.1"},
		{Scope{"1.1", "3"}, "1.1 3"},
		{Scope{"title:CONFIDENTIALITY"}, "2 2.1 2.2"},
		{Scope{"Title: fees. "}, "1.1 def/fees"},
		{Scope{"def/*"}, "def/fees"},
		{Scope{"def/fees", "0"}, "0 def/fees"},
		{Scope{"99"}, ""},
	} {
		if got := strings.Join(c.scope.Resolve(cs), " "); got != c.want {
			t.Errorf("%v resolves to %s, want %s", c.scope, got, c.want)
		}
	}
	if !(Scope{}).Covers(cs[0]) || (Scope{""}).Covers(cs[0]) || (Scope{"title:"}).Covers(cs[0]) {
		t.Error("an empty scope covers everything, an empty entry nothing")
	}
	left := Uncovered(cs, [][]string{{"1"}, {"2", "def/*"}, {"110"}})
	if diff := cmp.Diff([]string{"0", "3", "11", "11.1"}, left); diff != "" {
		t.Errorf("left over differs (-want +got):\n%s", diff)
	}
	if left := Uncovered(cs, [][]string{{"1"}, {}}); left != nil {
		t.Errorf("beside a seat that reads all, %v is left", left)
	}
	if left := Uncovered(cs, nil); len(left) != len(cs) {
		t.Errorf("without scopes %v is left, want all", left)
	}
}

func TestScopeDigest(t *testing.T) {
	t.Parallel()
	const text = "1. We share with Affiliates.\n2. Secrets.\n3. \"Affiliate\" means a Company.\n4. \"Company\" means b.\n5. \"Fees\" means c.\n"
	cs := split(t, text)
	shuffled := slices.Clone(cs)
	rand.New(rand.NewPCG(1, 2)).Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
	for _, scope := range [][]string{nil, {"1"}, {"1", "2"}} {
		if ScopeDigest(scope, cs) != ScopeDigest(scope, shuffled) {
			t.Errorf("the digest of %v depends on the order of clauses", scope)
		}
	}
	if ScopeDigest([]string{"1", "2"}, cs) != ScopeDigest([]string{"2", "1"}, cs) {
		t.Error("the digest depends on the order of refs")
	}
	for _, c := range []struct {
		from, to string
		differs  string // for scopes 1, 2 and all
	}{{"means b", "means x", "1 all"}, {"means c", "means x", "all"}, {"Secrets", "Public", "2 all"}, {"We share", "We **share**", ""}} {
		changed := split(t, strings.Replace(text, c.from, c.to, 1))
		var differs []string
		for _, scope := range []string{"1", "2", "all"} {
			refs := []string{scope}
			if scope == "all" {
				refs = nil
			}
			if ScopeDigest(refs, cs) != ScopeDigest(refs, changed) {
				differs = append(differs, scope)
			}
		}
		if strings.Join(differs, " ") != c.differs {
			t.Errorf("%s → %s: digests differ for %v, want %s", c.from, c.to, differs, c.differs)
		}
	}
}

// What comes out of a payload has no titles and still compares, only by number where words differ.
func TestClausesFromAPayload(t *testing.T) {
	t.Parallel()
	bare := func(cs []Clause) []Clause {
		text, err := json.Marshal(cs)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(text), "secret") || strings.Contains(string(text), "Payment") {
			t.Errorf("words of the contract are in the payload: %s", text)
		}
		var back []Clause
		if err := json.Unmarshal(text, &back); err != nil {
			t.Fatal(err)
		}
		return back
	}
	old, new := split(t, numbered), split(t, strings.Replace(numbered, "30 days", "60 days", 1))
	if diff := cmp.Diff(Compare(old, new), Compare(bare(old), bare(new))); diff != "" {
		t.Errorf("the comparison differs without titles (-with +without):\n%s", diff)
	}
	text, err := json.Marshal(Comparison{Changed: []string{"1"}, Same: 2})
	if err != nil || string(text) != `{"changed":["1"],"same":2}` {
		t.Errorf("a comparison is written %s, %v", text, err)
	}
}

func TestRisingIsALongestRisingPart(t *testing.T) {
	t.Parallel()
	chance := rand.New(rand.NewPCG(3, 4))
	for range 300 {
		n := chance.IntN(9)
		spans := make([]span, n)
		for i, to := range chance.Perm(n) {
			spans[i] = span{i, to}
		}
		got := rising(spans)
		if !slices.IsSortedFunc(got, func(a, b span) int { return a.to - b.to }) || !slices.IsSortedFunc(got, func(a, b span) int { return a.from - b.from }) {
			t.Fatalf("rising(%v) = %v does not rise", spans, got)
		}
		if best := longestRising(spans); len(got) != best {
			t.Fatalf("rising(%v) = %v, want %d of them", spans, got, best)
		}
	}
}

// longestRising tries every subset.
func longestRising(spans []span) int {
	best := 0
	for set := range 1 << len(spans) {
		last, count, rises := -1, 0, true
		for i, s := range spans {
			if set&(1<<i) != 0 {
				rises = rises && s.to > last
				last, count = s.to, count+1
			}
		}
		if rises {
			best = max(best, count)
		}
	}
	return best
}

func ExampleCompare() {
	old, _ := Split([]byte("1. Payment. We pay in 30 days.\n2. Term. Two years."))
	new, _ := Split([]byte("1. Scope. Payroll.\n2. **Payment**. We pay in 60 days.\n3. Term. Two years."))
	c := Compare(old, new)
	fmt.Println("changed", c.Changed, "new", c.New, "gone", c.Gone, "moved", c.Moved)
	// Output: changed [2] new [1] gone [] moved [{1 2} {2 3}]
}
