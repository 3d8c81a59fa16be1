// Package archive keeps what gangway must be able to show years later, and what
// it needs to get there.
//
// Three things live under one directory, or two of them in a PostgreSQL database
// and the documents under the directory. The journal: append-only lines of
// dossier entries, a hash chain per case and one register chain, with the views
// that people read (cases, requests, inboxes) written in the same transaction.
// The documents: content-addressed files. The working tables: people, texts,
// receipts, the answer queue, leases and numbers, all mutable and never evidence.
// Sealing a case and verifying a dossier live here too.
//
// It may import the pure packages and nothing else of ours. It promises that
// what a call acknowledged survives a power cut (SQLite: WAL with synchronous
// FULL; PostgreSQL: synchronous_commit and fsync), but for receipts and notes of
// starts, which are found out again; that a call that failed left
// nothing half written, that every write can be repeated under the same id, and
// that an erased text stands in none of its files (on PostgreSQL: in no row, see
// decision 10) while the chain still verifies. Times are UTC; free text lives in
// bodies and staged texts only.
package archive
