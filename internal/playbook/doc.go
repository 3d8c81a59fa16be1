// Package playbook knows what a process asks, of whom and by when.
//
// A Playbook is data that an organisation writes: roles, tier rules, and steps
// in stages, each with the seats that answer it and its deadlines. It is
// resolved when a case starts and goes into the workflow's input with its hash,
// so editing a playbook never touches a running case. People are the other
// half: they are not frozen, and live in the working tables.
//
// The package is pure: no clock, no random, no I/O. It may import engagement,
// calendar and review. Reading YAML is config's work.
package playbook
