package authorship

import (
	"path"
	"slices"
	"strings"
)

// Root is what the whole of a repository is called among its directories.
const Root = "."

// OnlyBy are the directories whose only authors are given people: the widest ones, in
// order, none within another. A directory counts with everything below it; files without
// an author count for nobody.
func OnlyBy(files []File, theirs func(person string) bool) []string {
	authored, others := map[string]bool{}, map[string]bool{}
	for _, f := range files {
		if len(f.Authors) == 0 {
			continue
		}
		other := slices.ContainsFunc(f.Authors, func(a string) bool { return !theirs(a) })
		for _, dir := range above(f.Path) {
			authored[dir] = true
			others[dir] = others[dir] || other
		}
	}
	var only []string
	for dir := range authored {
		if others[dir] || dir != Root && !others[parent(dir)] {
			continue
		}
		only = append(only, dir)
	}
	slices.Sort(only)
	return only
}

// above are the directories that a file is in, the nearest first.
func above(name string) []string {
	var all []string
	for dir := parent(name); ; dir = parent(dir) {
		all = append(all, dir)
		if dir == Root {
			return all
		}
	}
}

// parent is the directory that something is in. Git's paths are clean and relative; what
// is not is taken for one at the top.
func parent(name string) string {
	if strings.HasPrefix(name, "/") {
		return Root
	}
	return path.Dir(path.Clean(name))
}
