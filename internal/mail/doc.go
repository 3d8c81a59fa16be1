// Package mail is mail, both ways: letters leave as mails through SMTP or
// SendGrid, and what comes back is read. What is written into an envelope, a
// header, a link or a reply address here is read by the code next to it.
//
// A letter is a row before it is a mail (package outbox has the rules). Showing
// people something only writes rows; Run sends them, with the text that the
// record gives at that moment. A row says "sending" before the server is spoken
// to, so a mail that may have left is never sent again blindly: neither after a
// crash nor after a server that fell silent.
//
// Mails are read by mail servers, scanners and whoever looks over a shoulder:
// they carry what is asked and by when, no document, no reason and no names but
// of who asks; to a vendor's people also what was written for them. The link in
// them opens nothing without that person's session.
//
// It may import the pure packages and nothing else of ours.
package mail
