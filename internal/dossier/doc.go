// Package dossier knows what happened: entries, the chain that binds them, and
// the views that people read.
//
// Everything that happens in a case is an Entry of its chain; changes of people,
// roles, playbooks and keys, and the opening and closing of every case, are
// entries of the one register chain. A Line is an entry as it stands in the
// chain. Views (a case, an inbox, the register) are folds of entries and hold
// nothing that an entry doesn't say.
//
// The package is pure: no clock, no random, no I/O. It may import engagement,
// calendar and review. Free text stands in the body of a line and nowhere else,
// so that it can be erased while the chain still verifies.
package dossier
