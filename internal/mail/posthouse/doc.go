// Package posthouse runs a real mail server on loopback for tests: Dovecot for
// IMAP and LMTP, Postfix for SMTP, with mailboxes, an out-of-office and a domain
// that bounces, in a folder that goes with them.
//
// The programs are looked for where Debian installs them. Without them, or without
// root, the test is skipped, or fails where GANGWAY_REQUIRE is set. The servers end
// with the process that started them.
package posthouse
