//go:build !race

package review_test

// Without the race detector nothing is left out.
const sampled = 1
