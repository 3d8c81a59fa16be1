// Package access is who may come in, and what they may do once they are.
//
// Signing in: secrets that are derived from the deployment's key and never
// stored (tickets, one-time links, codes), secrets that are random and stored as
// digests (sessions, tokens), and how long each lives. Being allowed: roles, and
// one function that says what a role may, so that no page and no command decides
// it for itself.
//
// It is pure: no clock, no random source, no store. It may import the pure
// packages and nothing else of ours.
package access
