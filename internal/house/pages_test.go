package house

import (
	"errors"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var (
	pageLink   = regexp.MustCompile(`\]\(([^()\s]+)\)`)
	pageTarget = regexp.MustCompile("(?:^|`)make ([a-z][a-z-]*)")
	pagePath   = regexp.MustCompile("`((?:activities|config|docs|internal|local|starter|worker|workflows|\\.ci)/[A-Za-z0-9_./-]+)`")
	pageMade   = regexp.MustCompile(`docs/[a-z-]+\.md`)
)

// pages reports what the documentation names and the tree does not have: links,
// files and folders of ours in code font, make targets, and pages that the
// Makefile promises to write.
func pages(tr *tree) []finding {
	there := func(name string) bool {
		_, err := fs.Stat(tr.fsys, path.Clean(name))
		return err == nil
	}
	makefile, err := fs.ReadFile(tr.fsys, "Makefile")
	if err != nil {
		return []finding{{path: "Makefile", text: err.Error()}}
	}
	var found []finding
	for i, line := range strings.Split(string(makefile), "\n") {
		for _, page := range pageMade.FindAllString(line, -1) {
			if !there(page) {
				found = append(found, finding{"Makefile", i + 1, page + " is not there"})
			}
		}
	}
	targets := phonyTargets(string(makefile))
	err = fs.WalkDir(tr.fsys, ".", func(p string, d fs.DirEntry, err error) error {
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return nil
		case err != nil:
			return err
		case d.IsDir() && (d.Name() == ".git" || d.Name() == "testdata" || ignored(p)):
			return fs.SkipDir
		case d.IsDir() || path.Ext(p) != ".md" || strings.HasPrefix(path.Base(p), "contract"): // the example's contracts are no pages
			return nil
		}
		text, err := fs.ReadFile(tr.fsys, p)
		if err != nil {
			return err
		}
		for i, line := range strings.Split(string(text), "\n") {
			add := func(what string) { found = append(found, finding{p, i + 1, what}) }
			for _, m := range pageLink.FindAllStringSubmatch(line, -1) {
				to, _, _ := strings.Cut(m[1], "#")
				if to != "" && !strings.Contains(to, "://") && !there(path.Join(path.Dir(p), to)) {
					add("the link leads nowhere: " + to)
				}
			}
			for _, m := range pagePath.FindAllStringSubmatch(line, -1) {
				if !strings.Contains(m[1], "NNNN") && !there(m[1]) {
					add(m[1] + " is not there")
				}
			}
			for _, m := range pageTarget.FindAllStringSubmatch(line, -1) {
				if !slices.Contains(targets, m[1]) {
					add("there is no make " + m[1])
				}
			}
		}
		return nil
	})
	if err != nil {
		found = append(found, finding{path: ".", text: err.Error()})
	}
	return found
}

func TestPages(t *testing.T) { holds(t, pages) }

func TestPagesFires(t *testing.T) {
	t.Parallel()
	fires(t, pages, map[string]string{
		"Makefile":           ".PHONY: test docs\ntest: ## runs\ndocs: ## writes docs/here.md and docs/gone.md\n",
		"docs/here.md":       "See [us](../README.md), [it](here.md#part), [them](https://example.com/x.md) and [nobody](gone.md).\n",
		"README.md":          "`internal/a` and `internal/b/c.go`\n`make test`, `make bench`\nmake tests run\n",
		"internal/a/a.go":    "package a\n",
		"config/contract.md": "[5](nowhere.md)\n",
	},
		"Makefile:3: docs/gone.md is not there",
		"README.md:1: internal/b/c.go is not there",
		"README.md:2: there is no make bench",
		"README.md:3: there is no make tests",
		"docs/here.md:1: the link leads nowhere: gone.md",
	)
}
