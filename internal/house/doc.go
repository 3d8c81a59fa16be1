// Package house holds the rules of this source tree as tests: who may import
// whom, what must be documented, how long a file may grow, what must never
// stand in deterministic code.
//
// There is nothing here to import and nothing may import it. Every rule is a
// function from a tree of parsed files to findings, and every rule is itself
// tested on a small tree that breaks it: a rule that never fires would be worse
// than none. The files are read with go/parser and not through `go list`: a
// test that asks another program is answered from the test cache after the tree
// has changed, one that opens the files is not.
//
// A rule that stands in the way is changed here, together with the page that
// states it (docs/architecture.md, CONTRIBUTING.md) and a record of the reason
// in docs/decisions; it is never worked around.
package house
