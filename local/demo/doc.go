// Package demo is the people of a rehearsal: they know only what reached them.
// Some have a browser of their own (Person): they sign in on the page, find what
// waits in their inbox, and fill in the form that the page shows. Others live in
// Slack (Member) and press the buttons of their cards, or answer out of a mail program
// (Correspondent), as the vendor's people do. Nothing here knows desk,
// workflows or archive; what somebody does is decided by the words that they read
// and by who they are.
package demo
