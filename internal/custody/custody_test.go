package custody

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"gangway/internal/engagement"
	"gangway/internal/exit"
	"gangway/internal/inventory"
)

func packed(t testing.TB, v any) []byte {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// TestRepositoriesAreReadFromAForm as people write them, and from a list.
func TestRepositoriesAreReadFromAForm(t *testing.T) {
	t.Parallel()
	line := func(id, words string) engagement.SheetLine {
		return engagement.SheetLine{Point: engagement.Point{ID: id}, Finding: engagement.Finding{Point: id, Said: words != "", Missing: words == "missing"}, Words: words}
	}
	sheet := engagement.Sheet{Lines: []engagement.SheetLine{line("asset-1-repository", " https://github.com/acme/engine.git "), line("asset-1-receiver", "ann"),
		line("asset-2-repository", "acme/web"), line("asset-3-repository", "ledger"), line("asset-4-repository", ""), line("asset-5-repository", "missing"), line("asset-6-domain", "acme.example")}}
	got, err := ItemsIn(packed(t, sheet))
	want := "[{asset-1 {0 acme engine}} {asset-2 {0 acme web}} {asset-3 {0  ledger}}]"
	if err != nil || fmt.Sprint(got) != want {
		t.Errorf("%v, %v, want %s", got, err, want)
	}
	again, err := ItemsIn(packed(t, List{Kind: ListKind, Items: got}))
	if err != nil || fmt.Sprint(again) != want {
		t.Errorf("as a list %v, %v", again, err)
	}
}

// TestWhatNamesARepository and what doesn't: words for people are no name of one.
func TestWhatNamesARepository(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"acme/engine": "acme/engine", " acme/engine.git\n": "acme/engine", "engine": "/engine", ".github": "/.github", "pay-run_2.0": "/pay-run_2.0",
		"https://github.com/acme/engine": "acme/engine", "https://github.com/acme/engine/tree/main/doc": "acme/engine", "https://github.com/acme/engine/": "acme/engine",
		"git@github.com:acme/engine.git": "acme/engine", "ssh://git@github.com/acme/engine.git": "acme/engine",
		"": "", "the pay engine": "", "acme/": "", "/engine": "", "a/b/c": "", "a/b c": "", "..": "", "acme/..": "", "acme/.git": "", "https://github.com/acme": "", "https://github.com": "",
		"ängine": "", "a/b?c": "", "a%2fb": "", strings.Repeat("a", mostName+1): "", strings.Repeat("a", mostOwner+1) + "/b": "",
	} {
		got, ok := Named(text)
		said := ""
		if ok {
			said = got.Owner + "/" + got.Name
		}
		if said != want || got.ID != 0 {
			t.Errorf("%q is %q, want %q", text, said, want)
		}
	}
}

// TestOneNameHoweverItIsWritten: by its address, its clone's address, or as owner/name, with
// or without an ending.
func TestOneNameHoweverItIsWritten(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		owner := rapid.StringMatching(`[a-zA-Z0-9][a-zA-Z0-9-]{0,38}`).Draw(t, "owner")
		name := rapid.StringMatching(`[a-zA-Z0-9_][a-zA-Z0-9_.-]{0,90}[a-z]`).Filter(func(s string) bool { return !strings.HasSuffix(s, ".git") }).Draw(t, "name")
		want := inventory.Repository{Owner: owner, Name: name}
		whole := owner + "/" + name
		for _, text := range []string{whole, "https://github.com/" + whole, "https://git.example:8443/" + whole + "/issues/1", "git@github.com:" + whole, "ssh://git@github.com/" + whole} {
			for _, end := range []string{"", ".git"} {
				if strings.HasSuffix(text, "/1") {
					end = ""
				}
				if got, ok := Named(text + end); !ok || got != want {
					t.Fatalf("%q is %+v, %t", text+end, got, ok)
				}
			}
		}
		if got, ok := Named(name); !ok || got != (inventory.Repository{Name: name}) {
			t.Fatalf("%q is %+v, %t", name, got, ok)
		}
	})
}

// TestAListThatIsNoneIsRefused, and nothing of it is quoted.
func TestAListThatIsNoneIsRefused(t *testing.T) {
	t.Parallel()
	item := func(id, owner, name string) Item {
		return Item{Asset: id, Repository: inventory.Repository{Owner: owner, Name: name}}
	}
	many := make([]Item, mostItems+1)
	for i := range many {
		many[i] = item(fmt.Sprint("planted", i), "", "x")
	}
	for name, text := range map[string][]byte{
		"words":        []byte("planted"),
		"another kind": []byte(`{"kind":"planted"}`),
		"no id":        packed(t, List{Kind: ListKind, Items: []Item{item("", "acme", "planted")}}),
		"one id twice": packed(t, List{Kind: ListKind, Items: []Item{item("a", "acme", "planted"), item("a", "acme", "other")}}),
		"too many":     packed(t, List{Kind: ListKind, Items: many}),
	} {
		if got, err := ItemsIn(text); err == nil || len(got) > 0 || strings.Contains(err.Error(), "planted") {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
}

// TestEvidenceKnowsTheLastOfEach, and evidence that was taken before stays as it was.
func TestEvidenceKnowsTheLastOfEach(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var e Evidence
		last := map[string]exit.State{}
		for range rapid.IntRange(0, 20).Draw(t, "steps") {
			asset := rapid.SampledFrom([]string{"a", "b", "c"}).Draw(t, "asset")
			state := rapid.SampledFrom([]exit.State{exit.StateDone, exit.StateOpen, exit.StateFailed}).Draw(t, "state")
			before, was := e, e.CopyOf(asset).State
			e.AddCopy(Copy{Item: Item{Asset: asset}, State: state})
			e.AddPassage(Passage{Item: Item{Asset: asset}, State: state})
			e.AddRestoration(Restoration{Asset: asset, State: state})
			e.AddAuthors(Authors{Asset: asset, State: state})
			if before.CopyOf(asset).State != was {
				t.Fatalf("what was known of %s changed", asset)
			}
			last[asset] = state
		}
		for _, asset := range []string{"a", "b", "c"} {
			if e.CopyOf(asset).State != last[asset] || e.PassageOf(asset).State != last[asset] || e.RestorationOf(asset).State != last[asset] || e.AuthorsOf(asset).State != last[asset] {
				t.Fatalf("%s: %+v", asset, e)
			}
		}
		if len(e.Copies) != len(last) || len(e.Passages) != len(last) {
			t.Fatalf("%d copies of %d", len(e.Copies), len(last))
		}
	})
}

// FuzzItemsIn: what is read has an id of its own each.
func FuzzItemsIn(f *testing.F) {
	f.Add([]byte(`{"kind":"gangway repositories 1","items":[{"asset":"a","repository":{"id":1,"owner":"acme","name":"engine"}}]}`))
	f.Add([]byte(`{"title":"Exit","lines":[{"point":{"id":"a-repository"},"words":"https://github.com/acme/engine"}]}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		items, err := ItemsIn(text)
		if err != nil && len(items) > 0 {
			t.Errorf("%d of a list that was refused", len(items))
		}
		ids := map[string]bool{}
		for _, i := range items {
			if i.Asset == "" || ids[i.Asset] {
				t.Errorf("%+v", i)
			}
			ids[i.Asset] = true
		}
	})
}
