// Package github gives people of vendors access to teams and repositories of one
// GitHub organisation, takes it away, and says what they have.
//
// Client is the port: GitHub's calls in our own types. Only its files know go-github,
// so that another version of it stays in them. Each call has an end, is tried once, is
// paced, and fails with a *CallError that says whether trying again would help. Keeper
// does what a grant asks for, with as many calls as that takes; doing it again changes
// nothing.
//
// Looking has three results: clean, found, not checkable. A 404, a refusal or a part of
// a list is never clean: GitHub hides what a token may not see.
//
// It may import the pure packages and nothing else of ours.
package github
