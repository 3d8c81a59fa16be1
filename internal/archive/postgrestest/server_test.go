package postgrestest_test

import (
	"context"
	"database/sql"
	"errors"
	"testing"

	"gangway/internal/archive/postgrestest"
)

// ask opens a database anew and asks it for a number.
func ask(url, query string) (int, error) {
	db, err := sql.Open("pgx", url)
	if err != nil {
		return 0, err
	}
	var n int
	err = db.QueryRowContext(context.Background(), query).Scan(&n)
	return n, errors.Join(err, db.Close())
}

func tell(t *testing.T, url, statement string) {
	t.Helper()
	db, err := sql.Open("pgx", url)
	if err != nil {
		t.Fatal(err)
	}
	_, err = db.ExecContext(context.Background(), statement)
	if err := errors.Join(err, db.Close()); err != nil {
		t.Fatal(err)
	}
}

func TestDatabasesAreApart(t *testing.T) {
	t.Parallel()
	s := postgrestest.Shared(t)
	one, two := s.Database(t), s.Database(t)
	tell(t, one, "CREATE TABLE x (n int)")
	if n, err := ask(two, "SELECT count(*) FROM pg_class WHERE relname = 'x'"); n != 0 || err != nil {
		t.Error(n, err)
	}
}

// TestKilledServerRecovers: what was committed is there after a crash, under the
// same URL, and a stopped server answers nobody.
func TestKilledServerRecovers(t *testing.T) {
	t.Parallel()
	s := postgrestest.Start(t)
	url := s.Database(t)
	tell(t, url, "CREATE TABLE x (n int); INSERT INTO x VALUES (7)")
	for _, down := range []func(testing.TB){s.Stop, s.Kill} {
		down(t)
		if _, err := ask(url, "SELECT n FROM x"); err == nil {
			t.Error("a stopped server answered")
		}
		s.Restart(t)
		if n, err := ask(url, "SELECT n FROM x"); n != 7 || err != nil {
			t.Error(n, err)
		}
	}
}
