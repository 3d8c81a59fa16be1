//go:build race

package review_test

// Under the race detector the oracle takes one policy in this many, and the
// properties run fewer steps.
const sampled = 7
