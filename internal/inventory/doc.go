// Package inventory is where people of a vendor have access at GitHub, or own something
// there, place by place, and what was found: clean, found, or not checkable.
//
// It is pure. Logins and names of repositories stand in its findings, which are kept as
// documents and never enter a payload; Counts is what a process is told.
package inventory
