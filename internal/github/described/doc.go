// Package described holds what a client and a server of GitHub say to each other to
// GitHub's own description: each request, and each answer. It stands between the two in
// tests, knows neither, and is linked into no program.
package described
