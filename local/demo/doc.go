// Package demo is the people of a rehearsal: they know only what reached them.
// Each has a browser of their own, signs in on the page, finds what waits in
// their inbox, and fills in the form that the page shows. Nothing here knows
// desk, workflows or archive; what a person does is decided by the words on the
// page and by who they are.
package demo
