package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"gangway/internal/archive/postgrestest"
)

// bed lies under postgrestest where there is no test: what would fail a test
// becomes an error, and what would be cleaned up after one is so at close.
type bed struct {
	testing.TB // nil: what is not below is not called
	cleanups   []func()
}

// bedFault is what a failure panics with.
type bedFault struct{ error }

// Helper does nothing.
func (*bed) Helper() {}

// Cleanup keeps a function for close.
func (b *bed) Cleanup(f func()) { b.cleanups = append(b.cleanups, f) }

// Fatal ends what is being done.
func (*bed) Fatal(args ...any) { panic(bedFault{fmt.Errorf("%s", fmt.Sprint(args...))}) }

// Fatalf ends it likewise.
func (*bed) Fatalf(format string, args ...any) { panic(bedFault{fmt.Errorf(format, args...)}) }

// Skip ends it likewise: what can't be measured is no success.
func (b *bed) Skip(args ...any) { b.Fatal(args...) }

// try does what may fail a test.
func (b *bed) try(do func()) (err error) {
	defer func() {
		switch said := recover().(type) {
		case nil:
		case bedFault:
			err = said.error
		default:
			panic(said)
		}
	}()
	do()
	return nil
}

// postgres is a PostgreSQL with its files on the disk.
type postgres struct {
	bed    bed
	server *postgrestest.Server
}

func startPostgres() (*postgres, error) {
	p := &postgres{}
	err := p.bed.try(func() { p.server = postgrestest.Start(&p.bed) })
	if err != nil {
		return nil, fmt.Errorf("starting PostgreSQL: %w", err)
	}
	return p, nil
}

// database makes an empty database and returns its URL.
func (p *postgres) database() (at string, err error) {
	err = p.bed.try(func() { at = p.server.Database(&p.bed) })
	return at, err
}

func (p *postgres) close() {
	for _, f := range slices.Backward(p.bed.cleanups) {
		f()
	}
}

// settingsOf tells what of a database's settings a rate hangs on.
func settingsOf(ctx context.Context, at string) (_ string, err error) {
	db, err := sql.Open("pgx", at)
	if err != nil {
		return "", fmt.Errorf("opening PostgreSQL: %w", err)
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	var said []string
	for _, name := range []string{"server_version", "fsync", "synchronous_commit", "shared_buffers", "max_connections"} {
		var value string
		err := db.QueryRowContext(ctx, "SHOW "+name).Scan(&value)
		if err != nil {
			return "", fmt.Errorf("asking PostgreSQL for its settings: %w", err)
		}
		said = append(said, name+"="+value)
	}
	return strings.Join(said, ", "), nil
}
