// Package stories holds tests only: whole processes on the real engine. It is
// the one test binary that links the Temporal server, because linking takes
// longer than most stories do.
package stories
