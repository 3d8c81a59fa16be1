// Package embedded runs a whole Temporal server inside this process: frontend,
// history, matching and worker, on loopback only, keeping its data in one
// SQLite file (or in memory), with the Temporal UI beside it.
//
// It exists for the run that needs nothing else installed, and for the stories
// that test on the real engine. Production runs against a Temporal of its own
// and must never link this package, which is why it lives in a module of its
// own; it imports nothing of ours.
//
// What it promises:
//   - Every listener is on 127.0.0.1, without authorisation behind it, and
//     nothing calls out.
//   - A file that another server version, or another program, made is refused
//     before anything opens it for writing. The file carries its mark itself
//     (see mark.go), so the promise survives copying and renaming.
//   - One process at a time works on a file; the lock is the operating
//     system's, so that a killed process leaves nothing to clean up.
//   - After Stop nothing listens any more and the file alone, without its
//     write-ahead log, holds everything.
//
// A limit of the server: it keeps its one SQLite connection open, idle, until
// the process ends. It costs three file descriptors for each Start on a file,
// and a database in memory lives as long as the process.
package embedded
