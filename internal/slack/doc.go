// Package slack is Slack, both ways: what gangway shows people there, and what
// they say there. slack-go is known here and nowhere else.
//
// Out. App is a channel as mail.Post is. Show and Follow write rows (outbox:
// postings, places) and call nobody; Run brings to Slack what is due, one process
// of a deployment at a time, at the pace that Slack allows (run, pace). A look at a
// posting (posting*.go) reads the record as it is then, makes a scene of it
// (posting_scene.go) and of the scene a message, and posts or updates where the
// digest differs. Who somebody is in Slack, and whether they may be written to, is
// found out in reach.go; who isn't reached is told by another channel. Client is
// the narrow wrapper: a deadline, a pace and a typed error for each call; methods.go
// is the table of those calls with their scopes, and Check tries them for doctor.
//
// Between. scene in, message out: card*.go, modal*.go, home.go, board.go, words.go
// are pure. Whatever strangers wrote goes through text.go; lint.go holds Slack's
// limits, and every golden and every property goes through it.
//
// In. Handler.Take is the one door of both transports: http.go, where a Verifier
// has looked at each byte first, and socket.go, where Slack was called by us. It
// finds out who is there (identity.go) and what they mean by a button's ticket
// (press.go, click.go), a form (submit.go), a word after /vendor (command.go) or
// by looking at their page (event.go). What they say goes to the Desk; Take
// returns, and so Slack is acknowledged, when that is durable, refused, or their
// text is back in front of them (tell.go).
//
// It may import the pure packages and nothing else of ours; the record and the
// desk are interfaces (Store, Desk). It promises that nothing is parsed before it is
// verified, that the same delivery twice is one answer, that nothing is acknowledged
// before it is durable, that a button says nothing but which ticket, and that no
// reason of anybody else's, no text of a document and no mail address is shown.
package slack
