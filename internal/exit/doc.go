// Package exit is what leaving a vendor is made of: why, how and by when; what changes
// hands; what was checked; and the certificate at the end, which calls nothing done that
// is open, failed or unchecked.
//
// It is pure: no clock, no network. People, repositories and accounts stand in it by
// ids; their names are in documents.
package exit
