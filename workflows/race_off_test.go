//go:build !race

package workflows

// Without the race detector every seed is played, and every playbook without a step.
const sampled = 1
