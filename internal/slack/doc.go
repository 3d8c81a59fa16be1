// Package slack is Slack, both ways: what gangway shows people there, and what
// they say there. So far it holds the check that a request really comes from
// Slack (Verifier); cards, modals and the two ways in follow.
//
// It may import the pure packages and slack-go, and nothing else of ours. It
// promises that nothing is parsed before it is verified, and that nothing is
// taken twice.
package slack
