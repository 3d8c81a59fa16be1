// Package custody is what becomes of repositories that change hands: the copies that are
// kept of them, whether those can be restored, and where they are now.
//
// It is pure. Names of repositories stand in it, so all of it is kept as documents and
// never enters a payload; a process knows a repository by the id of its asset.
package custody
