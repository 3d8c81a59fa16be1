package review_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"strconv"
	"strings"
	"testing"

	"gangway/internal/review"
)

// refusals reads the constants of type Refusal from the source, so that a new
// one can't be forgotten here.
func refusals(t *testing.T) map[string]review.Refusal {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "outcome.go", nil, 0)
	if err != nil {
		t.Fatalf("parsing outcome.go: %v", err)
	}
	found := map[string]review.Refusal{}
	ast.Inspect(file, func(n ast.Node) bool {
		v, ok := n.(*ast.ValueSpec)
		if !ok {
			return true
		}
		if id, ok := v.Type.(*ast.Ident); !ok || id.Name != "Refusal" {
			return true
		}
		word, err := strconv.Unquote(v.Values[0].(*ast.BasicLit).Value)
		if err != nil {
			t.Fatalf("reading %s: %v", v.Names[0].Name, err)
		}
		found[v.Names[0].Name] = review.Refusal(word)
		return true
	})
	return found
}

func TestEveryRefusalHasASentenceOfItsOwn(t *testing.T) {
	t.Parallel()
	fallback := review.Refusal("no such refusal").Sentence()
	words, sentences := map[review.Refusal]string{}, map[string]string{}
	all := refusals(t)
	if len(all) < 27 {
		t.Fatalf("only %d refusals found in the source", len(all))
	}
	for name, why := range all {
		s := why.Sentence()
		if s == fallback {
			t.Errorf("%s has no sentence", name)
		}
		if other, twice := sentences[s]; twice {
			t.Errorf("%s and %s say the same: %q", name, other, s)
		}
		if other, twice := words[why]; twice {
			t.Errorf("%s and %s are the same word %q", name, other, why)
		}
		if !strings.HasSuffix(s, ".") || s[0] < 'A' || s[0] > 'Z' {
			t.Errorf("%s: %q is not a sentence", name, s)
		}
		sentences[s], words[why] = name, name
	}
}

func TestPositiveWordsFillASeat(t *testing.T) {
	t.Parallel()
	for v, want := range map[review.Verdict]bool{review.Approve: true, review.Delivered: true, review.Scored: true, review.Done: true,
		"an option": true, review.Changes: false, review.Reject: false, "": false} {
		if review.Positive(v) != want {
			t.Errorf("%q fills a seat: %v", v, !want)
		}
	}
}

func TestOnlyARefusalDoesNotStand(t *testing.T) {
	t.Parallel()
	for s, want := range map[review.Status]bool{review.Counted: true, review.Already: true, review.Pending: true, review.Refused: false} {
		if (review.Outcome{Status: s}).OK() != want {
			t.Errorf("%s is OK: %v", s, !want)
		}
	}
}

func TestNothingWrittenIsEmpty(t *testing.T) {
	t.Parallel()
	if !(review.Text{}).Empty() || (review.Text{Inside: "x"}).Empty() || (review.Text{Vendor: "x"}).Empty() {
		t.Error("a text is empty when both parts are")
	}
	if !(review.Written{}).Empty() || (review.Written{Inside: "x"}).Empty() || (review.Written{Vendor: "x"}).Empty() {
		t.Error("digests are empty when both are")
	}
}
