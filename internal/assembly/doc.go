// Package assembly is the wiring that worker and local share: it opens the
// archive, hangs desk, activities, web and proof together, and says what runs.
// It may import everything but the mains, the loopback servers and local.
package assembly
