// Package mailtest is a strict mail server on loopback. It takes mails as a real
// one does, refuses what no mail of ours should look like, fails to order, keeps
// what came, and shows it on a page. Tests, the demo and local use it; it knows
// nothing of ours.
package mailtest
