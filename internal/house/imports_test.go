package house

import (
	"go/ast"
	"io/fs"
	"path"
	"slices"
	"strings"
	"testing"
)

// The pure packages: rules without a clock, a network or an engine.
var pure = []string{
	"internal/engagement", "internal/calendar", "internal/review", "internal/playbook", "internal/dossier",
	"internal/access", "internal/outbox", "internal/arrivals", "internal/desk/verb", "internal/entitlement",
	"internal/exit", "internal/inventory", "internal/custody", "internal/authorship",
}

// The channels' loopback opposites; only tests, the demo and local may use them.
var loopback = []string{
	"internal/slack/slacktest", "internal/mail/mailtest", "internal/github/githubtest", "internal/github/described", "internal/archive/postgrestest",
	"internal/mail/posthouse", "internal/freeport",
}

// mains link everything and are imported by nothing.
var mains = []string{"worker", "starter", "local"}

// inner is every package of the root module that assembly may wire together.
var inner = with(pure, "workflows", "activities", "config", "config/playbooks",
	"internal/desk", "internal/slack", "internal/mail", "internal/github", "internal/web",
	"internal/archive", "internal/papers", "internal/proof", "internal/payload", "internal/assembly")

// ours is the import table of docs/architecture.md: what each package may
// import of ours. A package that has no row here is an error, so that a new one
// is a decision and not an accident.
var ours = map[string][]string{
	"internal/engagement": nil,
	"internal/calendar":   nil,
	"internal/review":     {"internal/engagement", "internal/calendar"},
	"internal/playbook":   {"internal/engagement", "internal/entitlement", "internal/calendar", "internal/review", "internal/exit"},
	"internal/dossier":    {"internal/engagement", "internal/calendar", "internal/review", "internal/exit"},

	"internal/access": {"internal/engagement", "internal/calendar", "internal/review", "internal/playbook", "internal/dossier"},
	"internal/outbox": {"internal/engagement", "internal/calendar", "internal/review", "internal/playbook", "internal/dossier"},

	"internal/arrivals": {"internal/engagement", "internal/calendar", "internal/review", "internal/playbook", "internal/dossier"},

	"internal/desk/verb": {"internal/playbook"},

	"internal/entitlement": {"internal/engagement"},
	"internal/inventory":   {"internal/entitlement"},
	"internal/exit":        nil,
	"internal/custody":     {"internal/engagement", "internal/entitlement", "internal/exit", "internal/inventory"},
	"internal/authorship":  {"internal/inventory"},

	"activities": pure,
	"workflows":  with(pure, "activities"),

	// These satisfy the activities' interfaces without importing them.
	"internal/slack":   pure,
	"internal/mail":    pure,
	"internal/github":  pure,
	"internal/web":     pure,
	"internal/archive": pure,

	// Reads the bytes that people send; what it finds is engagement.Reading.
	"internal/papers": pure,

	"internal/slack/slacktest":      nil,
	"internal/mail/mailtest":        nil,
	"internal/github/githubtest":    nil,
	"internal/github/described":     nil,
	"internal/archive/postgrestest": {"internal/freeport"},
	"internal/mail/posthouse":       {"internal/freeport"},
	"internal/freeport":             nil,

	"internal/desk":  with(pure, "workflows"),
	"internal/proof": with(pure, "workflows", "activities", "internal/payload"),

	// How what the engine keeps is packed; nothing of ours is known there.
	"internal/payload": nil,

	"config":           with(pure, "config/playbooks"),
	"config/playbooks": pure, // embedded content; Go only as far as embedding it takes

	// Of internal/slack it uses Check, which tries the calls (decision 13).
	"starter":           with(pure, "config", "config/playbooks", "internal/archive", "internal/proof", "internal/slack"),
	"internal/assembly": inner,
	"worker":            inner,

	"local/embedded": nil,
	"local/bench":    with(with(inner, loopback...), "local/embedded"),
	"local/demo":     with(pure, "internal/slack/slacktest", "internal/mail/mailtest"),
	"local":          with(with(inner, loopback...), "local/embedded", "local/demo"),
	"local/stories":  with(with(inner, loopback...), "local/embedded", "local/demo"),

	"internal/house": nil,
}

// theirs says which packages may know a library: the first row whose prefix
// matches an import rules it. A library without a row is free to all packages
// but the pure ones and workflows.
var theirs = []struct {
	prefix string
	only   []string
}{
	{"go.temporal.io/server", []string{"local/embedded"}},
	{"github.com/temporalio/ui-server", []string{"local/embedded"}},
	{"go.temporal.io", []string{
		"workflows", "activities", "internal/desk", "internal/proof", "internal/payload", "internal/assembly", "local/embedded",
		"worker", "starter", "local", "local/bench",
	}},
	{"github.com/slack-go/slack", []string{"internal/slack"}},
	{"github.com/emersion/go-imap", []string{"internal/mail"}},
	{"github.com/sendgrid", []string{"internal/mail"}},
	{"github.com/google/go-github", []string{"internal/github"}},
	{"github.com/getkin/kin-openapi", []string{"internal/github/described"}},
}

// pureStd is the part of the standard library that computes: no clock of its
// own, no random source, no network, no files, no shared state. `time` is here
// for its types; calls that read the clock are forbidden by a rule of their own.
// `io` is here for io.EOF and the Reader that encoding/json wants.
var pureStd = []string{
	"bufio", "bytes", "cmp", "container/heap", "crypto/ed25519", "crypto/hmac", "crypto/sha256", "crypto/sha512",
	"crypto/subtle", "encoding", "encoding/base32", "encoding/base64", "encoding/binary", "encoding/csv", "encoding/hex",
	"encoding/json", "errors", "fmt", "hash", "html", "io", "iter", "maps", "math", "math/big", "math/bits", "path",
	"regexp", "slices", "sort", "strconv", "strings", "time", "unicode", "unicode/utf16", "unicode/utf8",
}

// workflowStd is what deterministic code needs of the standard library and of
// Temporal. `context` is here for the signature of the typed activity call, the
// api's enums for close and reuse policies. Anything that computes more belongs
// in a pure package.
var workflowStd = []string{
	"cmp", "context", "errors", "fmt", "maps", "slices", "sort", "strconv", "strings", "time",
	"go.temporal.io/api/enums/v1", "go.temporal.io/sdk/log", "go.temporal.io/sdk/temporal", "go.temporal.io/sdk/workflow",
}

// registerOnly is for workflows/register.go: the registry of a worker and the
// options that pin names, neither of them used by a running process.
var registerOnly = []string{"go.temporal.io/sdk/activity", "go.temporal.io/sdk/worker"}

// starterNever keeps the command line off the database and the engine: it
// speaks HTTP to the inbox, and of archive it uses what verifies.
var starterNever = []string{"database/sql", "go.temporal.io/sdk/client", "go.temporal.io/sdk/worker"}

// badNames are directories that say how code is stacked instead of what it is
// about. `vendor` is worse: the go command treats it specially.
var badNames = []string{
	"vendor", "util", "utils", "common", "types", "manager", "managers", "helper", "helpers", "service", "services",
	"core", "base", "model", "models", "misc", "lib",
}

func with(list []string, more ...string) []string { return append(slices.Clone(list), more...) }

// importTable reports every import of ours that the table does not allow, and
// every package without a row.
func importTable(tr *tree) []finding {
	var found []finding
	dirs, byDir := packages(tr.files)
	for _, dir := range dirs {
		allowed, known := ours[dir]
		if !known {
			found = append(found, finding{path: dir, text: "package without a row in the import table (internal/house/imports_test.go)"})
			continue
		}
		for _, f := range byDir[dir] {
			if f.test {
				continue
			}
			for _, spec := range f.ast.Imports {
				if text := forbiddenOfOurs(dir, importPath(spec), allowed); text != "" {
					found = append(found, f.at(spec.Pos(), "%s", text))
				}
			}
		}
	}
	return found
}

func forbiddenOfOurs(dir, imported string, allowed []string) string {
	target, isOurs := strings.CutPrefix(imported, modulePath+"/")
	switch {
	case imported == modulePath || !isOurs:
		return ""
	case slices.Contains(mains, target):
		return "imports " + target + ": nobody imports a main"
	case !slices.Contains(allowed, target):
		return dir + " may not import " + target
	}
	return ""
}

// libraries reports third-party and standard packages where they don't belong.
func libraries(tr *tree) []finding {
	var found []finding
	for _, f := range tr.production() {
		for _, spec := range f.ast.Imports {
			if text := forbiddenOfTheirs(f, importPath(spec)); text != "" {
				found = append(found, f.at(spec.Pos(), "%s", text))
			}
		}
	}
	return found
}

func forbiddenOfTheirs(f *file, imported string) string {
	if within(imported, modulePath) {
		return ""
	}
	switch {
	case slices.Contains(pure, f.dir) && !slices.Contains(pureStd, imported):
		return "imports " + imported + ": a pure package computes only, with the standard library's list in internal/house"
	case f.path == "workflows/register.go" && slices.Contains(registerOnly, imported):
		return ""
	case f.dir == "workflows" && !slices.Contains(workflowStd, imported):
		return "imports " + imported + ": not on the list for deterministic code"
	case f.dir == "starter" && slices.Contains(starterNever, imported):
		return "imports " + imported + ": the command line opens neither database nor engine"
	}
	for _, lib := range theirs {
		if within(imported, lib.prefix) {
			if !slices.Contains(lib.only, f.dir) {
				return "imports " + imported + ": only " + strings.Join(lib.only, ", ") + " may know it"
			}
			return ""
		}
	}
	return ""
}

// within tells whether an import path is the prefix or lies below it.
func within(imported, prefix string) bool {
	return imported == prefix || strings.HasPrefix(imported, prefix+"/")
}

// starterVerifies reports what the command line uses of archive to open or
// change a store: only `verify` reads there, and it reads a file.
func starterVerifies(tr *tree) []finding {
	var found []finding
	for _, f := range tr.production() {
		if f.dir != "starter" {
			continue
		}
		for n := range ast.Preorder(f.ast) {
			pkg, name := f.selects(n)
			if pkg == modulePath+"/internal/archive" && hasAnyPrefix(name, "Open", "Create", "Migrate", "Append") {
				found = append(found, f.at(n.Pos(), "archive.%s: the command line only verifies", name))
			}
		}
	}
	return found
}

func hasAnyPrefix(s string, prefixes ...string) bool {
	return slices.ContainsFunc(prefixes, func(p string) bool { return strings.HasPrefix(s, p) })
}

// directoryNames reports directories with a name from badNames.
func directoryNames(tr *tree) []finding {
	var found []finding
	for _, d := range tr.dirs {
		if slices.Contains(badNames, path.Base(d)) {
			found = append(found, finding{path: d, text: "a directory is named after what it is about, never " + path.Base(d)})
		}
	}
	return found
}

// serverStaysOut reports the Temporal server in the product's go.mod. Since the
// go.mod of a module lists everything its packages and tests need, this is the
// worker's whole dependency list.
func serverStaysOut(tr *tree) []finding {
	text, err := fs.ReadFile(tr.fsys, "go.mod")
	if err != nil {
		return []finding{{path: "go.mod", text: err.Error()}}
	}
	var found []finding
	for i, line := range strings.Split(string(text), "\n") {
		for _, word := range strings.Fields(line) {
			if within(word, "go.temporal.io/server") || within(word, "github.com/temporalio/ui-server") {
				found = append(found, finding{path: "go.mod", line: i + 1, text: word + " belongs in local/go.mod only"})
			}
		}
	}
	return found
}

func TestImportTable(t *testing.T)     { holds(t, importTable) }
func TestImportLibraries(t *testing.T) { holds(t, libraries) }
func TestStarterVerifies(t *testing.T) { holds(t, starterVerifies) }
func TestDirectoryNames(t *testing.T)  { holds(t, directoryNames) }
func TestServerStaysOut(t *testing.T)  { holds(t, serverStaysOut) }

func TestImportTableFires(t *testing.T) {
	t.Parallel()
	fires(t, importTable, map[string]string{
		"internal/calendar/a.go":      "package calendar\n\nimport \"gangway/internal/engagement\"\n",
		"internal/calendar/a_test.go": "package calendar\n\nimport _ \"gangway/internal/archive\"\n",
		"internal/review/a.go":        "package review\n\nimport (\n\t\"gangway/internal/calendar\"\n\t_ \"gangway/internal/engagement\"\n)\n",
		"internal/web/a.go":           "package web\n\nimport . \"gangway/internal/desk\"\n",
		"internal/assembly/a.go":      "package assembly\n\nimport (\n\t\"gangway/local\"\n\t\"gangway/internal/slack/slacktest\"\n\t\"gangway/worker\"\n)\n",
		"local/demo/a.go":             "package demo\n\nimport \"gangway/internal/archive\"\n",
		"local/a.go":                  "package main\n\nimport \"gangway/starter\"\n",
		"internal/extra/a.go":         "package extra\n",
		"internal/tried/a_test.go":    "package tried\n",
	},
		"internal/assembly/a.go:4: imports local: nobody imports a main",
		"internal/assembly/a.go:5: internal/assembly may not import internal/slack/slacktest",
		"internal/assembly/a.go:6: imports worker: nobody imports a main",
		"internal/calendar/a.go:3: internal/calendar may not import internal/engagement",
		"internal/extra: package without a row in the import table (internal/house/imports_test.go)",
		"internal/tried: package without a row in the import table (internal/house/imports_test.go)",
		"internal/web/a.go:3: internal/web may not import internal/desk",
		"local/a.go:3: imports starter: nobody imports a main",
		"local/demo/a.go:3: local/demo may not import internal/archive",
	)
}

// TestImportTableNamesOnlyItself: a row must not allow a package that has none.
func TestImportTableNamesOnlyItself(t *testing.T) {
	t.Parallel()
	for dir, allowed := range ours {
		for _, a := range allowed {
			if _, ok := ours[a]; !ok {
				t.Errorf("row %s allows %s, which has no row", dir, a)
			}
		}
	}
}

func TestImportLibrariesFires(t *testing.T) {
	t.Parallel()
	fires(t, libraries, map[string]string{
		"internal/review/a.go":      "package review\n\nimport (\n\t\"math/rand\"\n\t\"net/url\"\n\t\"os\"\n\t\"strings\"\n\t\"golang.org/x/text/unicode/norm\"\n)\n",
		"internal/review/a_test.go": "package review\n\nimport \"os\"\n",
		"workflows/a.go":            "package workflows\n\nimport (\n\t\"encoding/json\"\n\t\"gangway/activities\"\n\t\"go.temporal.io/sdk/client\"\n\t\"go.temporal.io/sdk/worker\"\n\t\"go.temporal.io/sdk/workflow\"\n)\n",
		"workflows/register.go":     "package workflows\n\nimport (\n\t\"go.temporal.io/sdk/activity\"\n\t\"go.temporal.io/sdk/worker\"\n)\n",
		"internal/web/a.go":         "package web\n\nimport (\n\t\"go.temporal.io/sdk/client\"\n\t\"net/http\"\n\t\"github.com/slack-go/slack\"\n)\n",
		"internal/slack/a.go":       "package slack\n\nimport \"github.com/slack-go/slack/socketmode\"\n",
		"internal/desk/a.go":        "package desk\n\nimport (\n\timap \"github.com/emersion/go-imap/v2\"\n\t\"go.temporal.io/sdk/client\"\n\t\"go.temporal.io/server/temporal\"\n)\n",
		"starter/main.go":           "package main\n\nimport (\n\t\"database/sql\"\n\t\"go.temporal.io/sdk/client\"\n)\n",
	},
		"internal/desk/a.go:4: imports github.com/emersion/go-imap/v2: only internal/mail may know it",
		"internal/desk/a.go:6: imports go.temporal.io/server/temporal: only local/embedded may know it",
		"internal/review/a.go:4: imports math/rand: a pure package computes only, with the standard library's list in internal/house",
		"internal/review/a.go:5: imports net/url: a pure package computes only, with the standard library's list in internal/house",
		"internal/review/a.go:6: imports os: a pure package computes only, with the standard library's list in internal/house",
		"internal/review/a.go:8: imports golang.org/x/text/unicode/norm: a pure package computes only, with the standard library's list in internal/house",
		"internal/web/a.go:4: imports go.temporal.io/sdk/client: only workflows, activities, internal/desk, internal/proof, internal/payload, internal/assembly, local/embedded, worker, starter, local, local/bench may know it",
		"internal/web/a.go:6: imports github.com/slack-go/slack: only internal/slack may know it",
		"starter/main.go:4: imports database/sql: the command line opens neither database nor engine",
		"starter/main.go:5: imports go.temporal.io/sdk/client: the command line opens neither database nor engine",
		"workflows/a.go:4: imports encoding/json: not on the list for deterministic code",
		"workflows/a.go:6: imports go.temporal.io/sdk/client: not on the list for deterministic code",
		"workflows/a.go:7: imports go.temporal.io/sdk/worker: not on the list for deterministic code",
	)
}

func TestStarterVerifiesFires(t *testing.T) {
	t.Parallel()
	fires(t, starterVerifies, map[string]string{
		"starter/verify.go": "package main\n\nimport \"gangway/internal/archive\"\n\nfunc f() {\n\tarchive.Verify()\n\tarchive.Open()\n\tx.Open()\n}\n",
		"worker/wire.go":    "package main\n\nimport \"gangway/internal/archive\"\n\nfunc f() { archive.Open() }\n",
	},
		"starter/verify.go:7: archive.Open: the command line only verifies",
	)
}

func TestDirectoryNamesFires(t *testing.T) {
	t.Parallel()
	fires(t, directoryNames, map[string]string{
		"internal/vendor/a.go":         "package vendor\n",
		"internal/web/utils/a.css":     "",
		"internal/web/testdata/core/a": "",
		"internal/engagement/a.go":     "package engagement\n",
	},
		"internal/vendor: a directory is named after what it is about, never vendor",
		"internal/web/utils: a directory is named after what it is about, never utils",
	)
}

func TestServerStaysOutFires(t *testing.T) {
	t.Parallel()
	fires(t, serverStaysOut, map[string]string{
		"go.mod": "module gangway\n\nrequire (\n\tgo.temporal.io/sdk v1.50.0\n\tgo.temporal.io/server v1.32.1 // indirect\n)\n",
	},
		"go.mod:5: go.temporal.io/server belongs in local/go.mod only",
	)
	fires(t, serverStaysOut, map[string]string{"go.mod": "module gangway\n\nrequire go.temporal.io/sdk v1.50.0\n"})
}
