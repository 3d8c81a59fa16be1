package house

import (
	"io/fs"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// promisedTargets are what README, CONTRIBUTING and CI call.
var promisedTargets = []string{
	"test", "check", "race", "replay", "fuzz", "history", "history-record", "docs", "demo", "kill", "build",
}

// makeTargets reports targets that `make` would list without a word of help, that
// a file of the same name would switch off, and promised ones that are missing.
func makeTargets(tr *tree) []finding {
	text, err := fs.ReadFile(tr.fsys, "Makefile")
	if err != nil {
		return []finding{{path: "Makefile", text: err.Error()}}
	}
	target := regexp.MustCompile(`^([a-z][a-z0-9-]*)\s*:([^=].*)?$`)
	var found []finding
	var names []string
	phony := phonyTargets(string(text))
	for i, line := range strings.Split(string(text), "\n") {
		m := target.FindStringSubmatch(line)
		if m == nil || strings.Contains(m[2], "export ") {
			continue
		}
		names = append(names, m[1])
		if _, help, ok := strings.Cut(m[2], "## "); !ok || strings.TrimSpace(help) == "" {
			found = append(found, finding{"Makefile", i + 1, "target " + m[1] + " has no ## help"})
		}
		if !slices.Contains(phony, m[1]) {
			found = append(found, finding{"Makefile", i + 1, "target " + m[1] + " is not in .PHONY: a file of that name would switch it off"})
		}
	}
	for _, name := range promisedTargets {
		if !slices.Contains(names, name) {
			found = append(found, finding{path: "Makefile", text: "target " + name + " is missing"})
		}
	}
	return found
}

// phonyTargets reads every .PHONY line; a line may go on after a backslash.
func phonyTargets(text string) []string {
	var names []string
	for _, line := range strings.Split(strings.ReplaceAll(text, "\\\n", " "), "\n") {
		if rest, ok := strings.CutPrefix(line, ".PHONY:"); ok {
			names = append(names, strings.Fields(rest)...)
		}
	}
	return names
}

func TestMakeTargets(t *testing.T) { holds(t, makeTargets) }

func TestMakeTargetsFires(t *testing.T) {
	t.Parallel()
	fires(t, makeTargets, map[string]string{"Makefile": `
.PHONY: test check race replay fuzz history \
  history-record docs demo build silent
FUZZTIME ?= 30s
X := y
test: ## runs everything
	go test ./...
check: test ## says more
silent: test
race replay: ## two at once is not our way
race: ##
replay: ## x
fuzz: ## x
history: ## x
history-record: ## x
docs: ## x
demo: ## x
kill: export GANGWAY_KILLS = 100
loose: ## x
build: ## x
`},
		"Makefile: target kill is missing",
		"Makefile:9: target silent has no ## help",
		"Makefile:11: target race has no ## help",
		"Makefile:19: target loose is not in .PHONY: a file of that name would switch it off",
	)
}
