//go:build race

package workflows

// Under the race detector the same code runs some ten times slower: random stories that are
// not counted take one seed in this many, and what a row of the survey fears is played with
// the playbook as it ships alone.
const sampled = 4
