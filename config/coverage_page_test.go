package config

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestDocsOfTheCoverageAreCurrent holds docs/coverage.md to the rows.
func TestDocsOfTheCoverageAreCurrent(t *testing.T) {
	t.Parallel()
	pb, _, err := Shipped(wholePlaybook)
	if err != nil {
		t.Fatal(err)
	}
	want := coveragePage(coverage(t), stepsOf(pb), tests(t), stories(t))
	page := filepath.Join("..", "docs", "coverage.md")
	if os.Getenv("GANGWAY_UPDATE") != "" {
		if err := os.WriteFile(page, want, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(page)
	if err != nil || !bytes.Equal(got, want) {
		t.Errorf("the page is stale: run `make docs` (%v)", err)
	}
}

// coveragePage is the page: what is feared at a glance, then each row with what answers
// it and the stories that show so.
func coveragePage(rows []covered, titles, known map[string]string, told map[string]told) []byte {
	var b strings.Builder
	say := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	homeless := 0
	for _, r := range rows {
		if len(r.steps) == 0 {
			homeless++
		}
	}
	say("# What is feared, and what answers it\n")
	say("<!-- Made from config/testdata/coverage.yaml, the playbook whole and its stories; `make docs` writes it anew. -->\n")
	say("What goes wrong between a client and a vendor, from a survey of the field: %d rows. Those of an onboarding and of an exit are", len(rows))
	say("answered by steps and keys of the playbook whole (`gangway plan FILE --playbook whole` shows those of an onboarding, with `--exit`")
	say("those of leaving), and each is played: people behave as the row fears, and the playbook as it ships has to stop them. Then a step or")
	say("key is taken out of it, and the same people have to get through; a story that passes without its answer fails. Some steps no exit")
	say("goes without, whatever the playbook says: each is taken out in `%s`, and no certificate is", insistsStory)
	say("signed that waives nothing. %d rows have *no home yet*: they belong to the time between.\n", homeless)
	say("| row | what is feared | when | answered |\n|---|---|---|---|")
	for _, r := range rows {
		say("| [%d](#row-%d) | %s | %s | %s |", r.row, r.row, r.says, r.when, r.state())
	}
	for _, r := range rows {
		say("\n## Row %d\n", r.row)
		say("**Feared:** %s. **Wanted:** %s.", r.says, r.wants)
		if len(r.steps) == 0 {
			say("\n*No home yet*: it belongs to the time between onboarding and exit.")
			continue
		}
		say("\n**Answered by** %s.", strings.Join(append(namedLines(r.steps, titles), partLines(r)...), "; "))
		if len(r.insists) > 0 {
			say("\n**No exit goes without** %s.", strings.Join(namedLines(r.insists, titles), "; "))
		}
		for i, name := range r.stories {
			if i == 0 {
				say("\n**Played:**\n")
			}
			test, _, _ := strings.Cut(name, "/")
			say("- %s Gets through without %s. `%s`", told[name].says, without(told[name]), test)
		}
		if len(r.stories) == 0 {
			say("\n*No story yet.*")
		}
		if len(r.tests) > 0 {
			say("\nIts parts are tested by %s.", strings.Join(testLines(r, known), ", "))
		}
		if r.lacks != "" {
			say("\n**Not yet:** %s.", r.lacks)
		}
	}
	return []byte(b.String())
}

// without says what a story takes out of the playbook, each in a play of its own.
func without(story told) string {
	var all []string
	for _, names := range story.outs {
		all = append(all, "`"+strings.Join(names, "` and `")+"`")
	}
	return strings.Join(all, ", or without ")
}

// state is how far a row is answered, in a word.
func (r covered) state() string {
	switch {
	case len(r.steps) == 0:
		return "*no home yet*"
	case r.when == "between" || r.lacks != "":
		return "in part"
	}
	return "yes"
}

func namedLines(steps []string, titles map[string]string) []string {
	var all []string
	for _, id := range steps {
		all = append(all, fmt.Sprintf("%s (`%s`)", strings.TrimSuffix(titles[id], "."), id))
	}
	return all
}

func partLines(r covered) []string {
	var all []string
	for _, part := range r.parts {
		all = append(all, "the key `"+part+"`")
	}
	return all
}

func testLines(r covered, known map[string]string) []string {
	var all []string
	for _, test := range r.tests {
		all = append(all, fmt.Sprintf("`%s` in `%s`", test, known[test]))
	}
	return all
}
