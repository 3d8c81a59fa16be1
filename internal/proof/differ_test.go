package proof

import (
	"encoding/json"
	"fmt"
	"testing"

	"pgregory.net/rapid"
)

// valueOf draws a JSON value as it is read from a payload.
func valueOf(depth int) *rapid.Generator[any] {
	scalar := rapid.OneOf(
		rapid.Just[any](nil),
		rapid.Map(rapid.Bool(), func(b bool) any { return b }),
		rapid.Map(rapid.StringN(0, 6, -1), func(s string) any { return s }),
		rapid.Map(rapid.IntRange(-3, 3), func(n int) any { return json.Number(fmt.Sprint(n)) }),
	)
	if depth == 0 {
		return scalar
	}
	return rapid.OneOf(scalar,
		rapid.Map(rapid.SliceOfN(valueOf(depth-1), 0, 3), func(items []any) any { return items }),
		rapid.Map(rapid.MapOfN(rapid.SampledFrom([]string{"a", "b", "c", "d"}), valueOf(depth-1), 0, 3), func(m map[string]any) any { return m }))
}

// zeroes draws what a payload may leave out.
func zeroes() *rapid.Generator[any] {
	return rapid.SampledFrom([]any{nil, false, "", json.Number("0"), []any{}, map[string]any{}, map[string]any{"z": ""}})
}

// TestDifferProperties: a value is the same as itself, also with empty members beside it;
// of two that differ the other way round is told the same place; and what is put in is
// found.
func TestDifferProperties(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		v := valueOf(3).Draw(t, "value")
		if m, differs := differ("", v, v); differs {
			t.Fatalf("a value differs from itself: %+v", m)
		}
		more := map[string]any{"v": v, "new": zeroes().Draw(t, "zero")}
		if m, differs := differ("", map[string]any{"v": v}, more); differs {
			t.Fatalf("an empty member is a difference: %+v", m)
		}
		other := valueOf(3).Draw(t, "other")
		m, differs := differ("", v, other)
		n, back := differ("", other, v)
		if differs != back || m.field != n.field || m.a != n.b || m.b != n.a {
			t.Fatalf("%+v %v, and the other way round %+v %v", m, differs, n, back)
		}
		m, differs = differ("", map[string]any{"v": v}, map[string]any{"v": v, "w": "more"})
		if !differs || m.field != "w" || m.a != nothing || m.b != `"more"` {
			t.Fatalf("a member that was put in: %+v %v", m, differs)
		}
	})
}

// TestDiffer names places.
func TestDiffer(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ a, b, want string }{
		{`{"a":[{"b":1}]}`, `{"a":[{"b":2}]}`, `a[0].b: 1, 2`},
		{`{"a":[1]}`, `{"a":[1,2]}`, `a[1]: nothing, 2`},
		{`{"a":[1,2]}`, `{"a":[1]}`, `a[1]: 2, nothing`},
		{`{"a":{"b":"x"}}`, `{}`, `a: {"b":"x"}, nothing`},
		{`{"a":{"b":""}}`, `{}`, ""},
		{`{"a":[0]}`, `{"a":[]}`, `a[0]: 0, nothing`}, // one answer more is one more, whatever it says
		{`{"a":1}`, `{"a":1.0}`, `a: 1, 1.0`},
		{`{"a":"1"}`, `{"a":1}`, `a: "1", 1`},
		{`{"a":9007199254740993}`, `{"a":9007199254740992}`, `a: 9007199254740993, 9007199254740992`},
		{`{"b":1,"a":2}`, `{"a":2,"b":1}`, ""},
		{`[]`, `{}`, ""},
		{`[1]`, `{"a":1}`, `: [1], {"a":1}`},
		{`"x"`, `"y"`, `: "x", "y"`},
	} {
		a, err := readJSON([]byte(c.a))
		if err != nil {
			t.Fatal(err)
		}
		b, err := readJSON([]byte(c.b))
		if err != nil {
			t.Fatal(err)
		}
		m, differs := differ("", a, b)
		got := ""
		if differs {
			got = m.field + ": " + m.a + ", " + m.b
		}
		if got != c.want {
			t.Errorf("%s and %s: %s, wanted %s", c.a, c.b, got, c.want)
		}
	}
}
