// Package web is the inbox in the browser, and the door that the command line
// speaks to.
//
// Pages are html/template with a stylesheet of our own and no script at all: what
// a page can do, a plain form does. A GET never decides or changes anything.
// Everything that somebody says goes to the Desk, whose words come back on the
// page; web itself knows no rule about who may decide what. /api says the same
// things as JSON.
//
// Where people sign in by mail, the Gate says who they are. A stranger with a link
// learns for whom it is; a link is used up by a form of ours and never by opening
// it; secrets stand on one page, once, and in no log.
//
// It may import the pure packages, goldmark and bluemonday (documents are shown
// as Markdown, sanitised), and never the engine, the record or the desk: it
// declares the Desk and the Gate that it needs, and talks to nothing else.
//
// It promises: a foreign Host is refused before anything else happens; a form
// that came from another site is refused; what somebody wrote is given back to
// them whenever their answer could not be taken; names and documents of other
// people are text, whatever they hold.
package web
