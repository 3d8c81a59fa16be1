package dossier_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"gangway/internal/dossier"
	"gangway/internal/review"
)

var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

// chained puts entries into a chain as archive does; bodies go by entry id.
func chained(chain string, entries []dossier.Entry, bodies map[string]dossier.Body) []dossier.Line {
	var lines []dossier.Line
	prev := dossier.Genesis(chain)
	for i, e := range entries {
		e.Case = chain
		l := dossier.Line{N: i + 1, Entry: e, Prev: prev}
		l.Conflict = slices.ContainsFunc(lines, func(o dossier.Line) bool { return o.Entry.ID == e.ID })
		if b, ok := bodies[e.ID]; ok && !l.Conflict {
			l.Salt, l.Body = fmt.Sprintf("salt-%04d-0123456789", i), &b
			l.BodyDigest = dossier.BodyDigest(l.Salt, b)
		}
		l.Hash = dossier.LineHash(l)
		prev = l.Hash
		lines = append(lines, l)
	}
	return lines
}

// erase takes a line's body away as archive does; the entry that says so must
// stand later in the chain.
func erase(l *dossier.Line, on time.Time, rule string) {
	l.Body, l.Salt, l.Erased = nil, "", &dossier.Erasure{On: on, Rule: rule}
}

// story is a chain with one of each: plain entries, a fact, a text, an erased
// text, a conflict and an erasure.
func story() []dossier.Line {
	at := func(h int) time.Time { return noon.Add(time.Duration(h) * time.Hour) }
	p := "onboarding/acme/1"
	entries := []dossier.Entry{
		{ID: p + "#1", Process: p, Run: "r1", Kind: dossier.CaseOpened, At: at(0), CaseAt: at(0), Actor: "rita",
			Detail: &dossier.Detail{Vendor: "acme", Owner: "olga", Requester: "rita", Tier: 2}},
		{ID: p + "#2", Process: p, Run: "r1", Kind: dossier.Request, At: at(1), CaseAt: at(1), Answer: "a1", Actor: "lena",
			Fact: &review.Fact{Kind: review.FactCounted, Request: "q1", At: at(1), Ballot: &review.Ballot{
				Answer: "a1", Seat: "legal", Person: "lena", Verdict: review.Changes, Version: 1, Attest: []string{"read"}, At: at(1)}}},
		{ID: p + "#desk/a2", Process: p, Kind: dossier.Noted, At: at(2), CaseAt: at(2), Actor: "sam"},
		{ID: p + "#2", Process: p, Run: "r2", Kind: dossier.Noted, At: at(3), CaseAt: at(3)},
		{ID: p + "#archive/1", Process: p, Kind: dossier.Erased, At: at(4), CaseAt: at(4), Actor: "olga",
			Detail: &dossier.Detail{Entries: []string{p + "#desk/a2"}, Rule: "art. 17"}},
		{ID: p + "#3", Process: p, Run: "r1", Kind: dossier.CaseClosed, At: at(5), CaseAt: at(5), Detail: &dossier.Detail{Result: "live"}},
	}
	lines := chained("onboarding/acme/1", entries, map[string]dossier.Body{
		p + "#2":       {Inside: "11.2 is not ours", Vendor: "please look at 11.2"},
		p + "#desk/a2": {Inside: "call me at home", Names: []dossier.Name{{ID: "sam", Name: "Sam"}}},
	})
	erase(&lines[2], at(4), "art. 17")
	return lines
}

func TestCheckChainTakesWhatWasWritten(t *testing.T) {
	t.Parallel()
	for n := range len(story()) + 1 {
		if n == 3 || n == 4 {
			continue // ends between an erased line and its erasure
		}
		if err := dossier.CheckChain(story()[:n]); err != nil {
			t.Errorf("the first %d lines: %v", n, err)
		}
	}
	back := roundTrip(t, story())
	if err := dossier.CheckChain(back); err != nil {
		t.Errorf("after JSON: %v", err)
	}
}

func roundTrip(t *testing.T, lines []dossier.Line) []dossier.Line {
	t.Helper()
	text, err := json.Marshal(lines)
	if err != nil {
		t.Fatal(err)
	}
	var back []dossier.Line
	if err := json.Unmarshal(text, &back); err != nil {
		t.Fatal(err)
	}
	return back
}

// TestEveryFieldCounts changes each field of each line, alone, also those that
// are not set, and wants the line named.
func TestEveryFieldCounts(t *testing.T) {
	t.Parallel()
	changes := 0
	for i := range story() {
		probe := story()
		for k, name := range mutations(reflect.ValueOf(&probe[i]).Elem(), "line", nil) {
			lines := story()
			mutations(reflect.ValueOf(&lines[i]).Elem(), "line", &k)
			err := dossier.CheckChain(lines)
			var broken dossier.BrokenError
			switch {
			case err == nil:
				t.Errorf("line %d: a change of %s was not found", i+1, name)
			case !errors.As(err, &broken):
				t.Errorf("line %d, %s: %T", i+1, name, err)
			case broken.N < i+1 && !(i == 4 && broken.N == 3), broken.N > i+2:
				t.Errorf("line %d, %s: the error names line %d", i+1, name, broken.N)
			}
			changes++
		}
	}
	if changes < 300 {
		t.Errorf("only %d changes were tried", changes)
	}
}

// mutations lists the changes that can be made to a value, by field; with do it
// makes the one of that index. Pointers that are nil are set, set ones are
// cleared and gone into.
func mutations(v reflect.Value, name string, do *int) []string {
	var names []string
	change := func(what string, f func()) {
		if do != nil && *do == len(names) {
			f()
		}
		names = append(names, what)
	}
	into := func(v reflect.Value, name string) {
		var rest *int
		if do != nil && *do >= len(names) {
			k := *do - len(names)
			rest = &k
		}
		names = append(names, mutations(v, name, rest)...)
	}
	switch v.Kind() {
	case reflect.String:
		change(name, func() { v.SetString(v.String() + "x") })
		if v.String() != "" {
			change(name+" emptied", func() { v.SetString("") })
		}
	case reflect.Bool:
		change(name, func() { v.SetBool(!v.Bool()) })
	case reflect.Int, reflect.Int64:
		change(name, func() { v.SetInt(v.Int() + 1) })
	case reflect.Slice:
		change(name+" longer", func() { v.Set(reflect.Append(v, reflect.Zero(v.Type().Elem()))) })
		if v.Len() > 0 {
			change(name+" shorter", func() { v.Set(v.Slice(0, v.Len()-1)) })
		}
		for i := range v.Len() {
			into(v.Index(i), fmt.Sprintf("%s[%d]", name, i))
		}
	case reflect.Pointer:
		if v.IsNil() {
			change(name+" set", func() { v.Set(reflect.New(v.Type().Elem())) })
			break
		}
		into(v.Elem(), name) // first: the indexes count what stands before
		change(name+" cleared", func() { v.Set(reflect.Zero(v.Type())) })
	case reflect.Struct:
		if at, ok := v.Interface().(time.Time); ok {
			change(name, func() { v.Set(reflect.ValueOf(at.Add(time.Nanosecond))) })
			break
		}
		for i := range v.NumField() {
			into(v.Field(i), name+"."+v.Type().Field(i).Name)
		}
	default:
		panic("no mutation for " + v.Kind().String())
	}
	return names
}

func TestCheckChainNamesTheFault(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		change func([]dossier.Line) []dossier.Line
		want   string
	}{
		"first line gone": {func(l []dossier.Line) []dossier.Line { return l[1:] }, "line 1: the line says that it is line 2"},
		"line gone":       {func(l []dossier.Line) []dossier.Line { return slices.Delete(l, 1, 2) }, "line 2: the line says that it is line 3"},
		"line twice":      {func(l []dossier.Line) []dossier.Line { return slices.Insert(l, 1, l[0]) }, "line 2: the line says that it is line 1"},
		"swapped":         {func(l []dossier.Line) []dossier.Line { l[0], l[1] = l[1], l[0]; return l }, "line 1: the line says that it is line 2"},
		"other text":      {func(l []dossier.Line) []dossier.Line { l[1].Body.Inside = "fine by me"; return l }, "line 2: the text is not the one that was written"},
		"other verdict": {func(l []dossier.Line) []dossier.Line {
			l[1].Entry.Fact.Ballot.Verdict = review.Approve
			return l
		}, "line 2: the hash does not fit the entry"},
		"hash made anew": {func(l []dossier.Line) []dossier.Line {
			l[1].Entry.Fact.Ballot.Verdict = review.Approve
			l[1].Hash = dossier.LineHash(l[1])
			return l
		}, "line 3: it does not follow the line before"},
		"text quietly gone": {func(l []dossier.Line) []dossier.Line { l[1].Body, l[1].Salt = nil, ""; return l },
			"line 2: the text is missing and no erasure accounts for it"},
		"erased without an entry": {func(l []dossier.Line) []dossier.Line { erase(&l[1], noon, "a rule"); return l },
			"line 2: the text is erased and no later entry says when and under which rule"},
		"salt kept": {func(l []dossier.Line) []dossier.Line { l[2].Salt = "salt"; return l }, "line 3: the text is erased but its salt is not"},
		"a conflict with nothing": {func([]dossier.Line) []dossier.Line {
			return flagged(func(l *dossier.Line) { l.Conflict = l.N == 2 })
		}, "line 2: it is flagged as a conflict with an entry that does not stand before it"},
		"a conflict that is not flagged": {func([]dossier.Line) []dossier.Line {
			return flagged(func(l *dossier.Line) { l.Conflict = false })
		}, "line 4: an earlier line has the same entry id and this one is not flagged"},
		"erased by a conflict": {func([]dossier.Line) []dossier.Line {
			return flagged(func(l *dossier.Line) {
				if l.N == 5 {
					l.Entry.ID, l.Conflict = "onboarding/acme/1#1", true
				}
			})
		}, "line 3: the text is erased and no later entry"},
		"erased by an earlier entry": {func([]dossier.Line) []dossier.Line {
			return flagged(func(l *dossier.Line) {
				switch l.N {
				case 3:
					l.Entry, l.BodyDigest, l.Erased = story()[4].Entry, "", nil
				case 5:
					was := story()[2]
					l.Entry, l.BodyDigest, l.Erased = was.Entry, was.BodyDigest, was.Erased
				}
			})
		}, "line 5: the text is erased and no later entry"},
		"of another case": {func([]dossier.Line) []dossier.Line {
			l := story()
			for i := range l {
				l[i].Entry.Case = "onboarding/other/1"
				l[i].Hash = dossier.LineHash(l[i])
			}
			return l
		}, "line 1: it does not follow the line before"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			err := dossier.CheckChain(c.change(story()))
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want …%s", err, c.want)
			}
		})
	}
}

// flagged is the story with each line changed before it is put into the chain.
func flagged(change func(*dossier.Line)) []dossier.Line {
	lines := story()
	prev := dossier.Genesis("onboarding/acme/1")
	for i := range lines {
		change(&lines[i])
		lines[i].Prev = prev
		lines[i].Hash = dossier.LineHash(lines[i])
		prev = lines[i].Hash
	}
	return lines
}

// TestChainProperties: any order but the right one, any line left out except at
// the end, and any line of another chain put in, is found.
func TestChainProperties(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(2, 12).Draw(t, "lines")
		bodies := map[string]dossier.Body{}
		var entries []dossier.Entry
		for i := range n {
			e := dossier.Entry{ID: fmt.Sprintf("p#%d", i+1), Process: "p", Kind: dossier.Noted,
				At: noon.Add(time.Duration(i) * time.Minute), CaseAt: noon, Actor: rapid.String().Draw(t, "actor")}
			if rapid.Bool().Draw(t, "text") {
				bodies[e.ID] = dossier.Body{Inside: rapid.String().Draw(t, "inside"), Vendor: rapid.String().Draw(t, "vendor")}
			}
			entries = append(entries, e)
		}
		lines := chained("c", entries, bodies)
		if err := dossier.CheckChain(lines); err != nil {
			t.Fatalf("as written: %v", err)
		}
		order := rapid.Permutation(lines).Draw(t, "order")
		if err := dossier.CheckChain(order); (err == nil) != reflect.DeepEqual(order, lines) {
			t.Fatalf("in another order: %v", err)
		}
		k := rapid.IntRange(0, n-2).Draw(t, "left out")
		if dossier.CheckChain(slices.Delete(slices.Clone(lines), k, k+1)) == nil {
			t.Fatalf("line %d left out was not found", k+1)
		}
		other := chained("d", entries, bodies)
		mixed := slices.Clone(lines)
		mixed[k] = other[k]
		if dossier.CheckChain(mixed) == nil {
			t.Fatalf("line %d of another chain was not found", k+1)
		}
		tail := rapid.IntRange(0, n-1).Draw(t, "tail")
		if err := dossier.CheckExcerpt(lines[tail:], n, lines[n-1].Hash); err != nil {
			t.Fatalf("an excerpt from line %d: %v", tail+1, err)
		}
	})
}

func TestCheckExcerpt(t *testing.T) {
	t.Parallel()
	n, head := 6, story()[5].Hash
	pick := func(ns ...int) []dossier.Line {
		var lines []dossier.Line
		for _, n := range ns {
			lines = append(lines, story()[n-1])
		}
		return lines
	}
	for _, ns := range [][]int{{}, {1}, {2}, {6}, {1, 2, 6}, {3, 5}, {1, 2, 3, 4, 5, 6}} {
		if err := dossier.CheckExcerpt(pick(ns...), n, head); err != nil {
			t.Errorf("lines %v: %v", ns, err)
		}
	}
	for _, ns := range [][]int{{2, 1}, {1, 1}, {3}, {3, 4}, {5, 3}} {
		if dossier.CheckExcerpt(pick(ns...), n, head) == nil {
			t.Errorf("lines %v were taken", ns)
		}
	}
	changes := map[string]func(l []dossier.Line, n *int, h *string){
		"shorter chain": func(_ []dossier.Line, n *int, _ *string) { *n = 5 },
		"another end":   func(_ []dossier.Line, _ *int, h *string) { *h = dossier.Genesis("x") },
		"entry":         func(l []dossier.Line, _ *int, _ *string) { l[1].Entry.Actor = "otto" },
		"another chain": func(l []dossier.Line, _ *int, _ *string) {
			l[5] = rehash(l[5], func(x *dossier.Line) { x.Entry.Case = "c" })
		},
		"broken link": func(l []dossier.Line, _ *int, _ *string) {
			l[1] = rehash(l[1], func(x *dossier.Line) { x.Prev = "sha256:0" })
		},
		"another genesis": func(l []dossier.Line, _ *int, _ *string) {
			l[0] = rehash(l[0], func(x *dossier.Line) { x.Prev = "sha256:0" })
		},
		"a line before it": func(l []dossier.Line, _ *int, _ *string) { l[0] = rehash(l[0], func(x *dossier.Line) { x.N = 0 }) },
	}
	for name, change := range changes {
		lines, n, h := story(), n, head
		change(lines, &n, &h)
		if dossier.CheckExcerpt(lines, n, h) == nil {
			t.Errorf("%s was not found", name)
		}
	}
}

func rehash(l dossier.Line, change func(*dossier.Line)) dossier.Line {
	change(&l)
	l.Hash = dossier.LineHash(l)
	return l
}

func TestDigestsOfTheChain(t *testing.T) {
	t.Parallel()
	body := dossier.Body{Inside: "a", Vendor: "b"}
	all := map[string]string{
		"genesis c":   dossier.Genesis("c"),
		"genesis d":   dossier.Genesis("d"),
		"body":        dossier.BodyDigest("s", body),
		"other salt":  dossier.BodyDigest("t", body),
		"moved":       dossier.BodyDigest("s", dossier.Body{Inside: "ab"}),
		"salt longer": dossier.BodyDigest("s{", body),
		"line":        dossier.LineHash(dossier.Line{N: 1}),
		"conflict":    dossier.LineHash(dossier.Line{N: 1, Conflict: true}),
		"body as end": dossier.LineHash(dossier.Line{N: 1, BodyDigest: "x"}),
		"prev as end": dossier.LineHash(dossier.Line{N: 1, Prev: "x"}),
	}
	seen := map[string]string{}
	for name, d := range all {
		if len(d) != len("sha256:")+64 || !strings.HasPrefix(d, "sha256:") {
			t.Errorf("%s: %q is no digest", name, d)
		}
		if other := seen[d]; other != "" {
			t.Errorf("%s and %s have the same digest", name, other)
		}
		seen[d] = name
	}
	// Stored chains must keep verifying for ever: these bytes are frozen.
	frozen := map[string]string{
		dossier.Genesis("onboarding/acme/1"): "sha256:c534fb10c7eceb7c9a204b95043403ad09dab64b000a0856f2e18495b6e2c617",
		story()[0].Hash:                      "sha256:0112e3e4f5efff1bbda1a3c8a756e9ff494479d3c21f161694fa90534d74c937",
		story()[1].BodyDigest:                "sha256:023bcef0a7423fc3c2b9ed16f4a637168b842416defcbe6d95acf3a7609c8cba",
	}
	for got, want := range frozen {
		if got != want {
			t.Errorf("a digest changed: %s, it was %s", got, want)
		}
	}
	far := dossier.Line{N: 1, Entry: dossier.Entry{At: time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC)}}
	if dossier.LineHash(far) != "" || dossier.CheckExcerpt([]dossier.Line{far}, 1, "") == nil {
		t.Error("an entry that JSON can't say has a hash")
	}
}
