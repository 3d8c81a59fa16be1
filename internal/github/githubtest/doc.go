// Package githubtest is a strict GitHub on loopback: one organisation with its members,
// teams, repositories, outside collaborators and invitations, the calls that give and
// take access, and the people who accept. Its answers have the shapes of GitHub's own
// description. It refuses what GitHub refuses, keeps its limits, lets invitations run
// out, is late with removals, hides what a token may not see, fails to order, and keeps
// what came. Tests and local use it; it knows nothing of ours.
package githubtest
