// Package workflows is gangway's processes: deterministic code, one file a
// process, and asking.go, the one engine behind every question.
//
// A process is a loop: it looks at its state, opens or closes requests, and
// sleeps until something changed or a deadline came. What changes it are the
// Updates answer, act, people and jump, whose handlers never block: they judge,
// fold facts into the state, and return what the person is told. Everything
// that happens becomes an entry; a coroutine files entries in order through an
// activity, so the record may lag behind the state but never skips.
//
// Nothing here reads a clock, a file, configuration or an interface: the world
// is behind activities, the rules are in the pure packages, and everything a
// case depends on is in its input. The package may import activities and the
// pure packages.
package workflows
