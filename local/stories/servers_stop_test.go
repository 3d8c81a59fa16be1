package stories

import (
	"context"
	"database/sql"
	"slices"
	"syscall"
	"testing"

	"gangway/internal/dossier"
	"gangway/internal/review"
)

// TestServersGracefulStop ends a worker while it files an entry: the journal's
// table is held, so that the activity hangs in its statement. The worker finishes
// it before it goes, and does not have another do it again.
func TestServersGracefulStop(t *testing.T) {
	t.Parallel()
	d := newDeployment(t, 1)
	front := d.cast(d.url)
	ctx := context.Background()
	var got struct{ Case string }
	front.insist(ctx, "POST", "/api/open", "tom", front.intake(ctx, 1), &got)
	approve := front.need(got.Case, "helen", "helen-1")

	db, err := sql.Open("pgx", d.record())
	if err != nil {
		t.Fatalf("opening the record's database: %v", err)
	}
	defer db.Close()
	hold, err := db.BeginTx(ctx, nil)
	if err != nil {
		t.Fatalf("connecting to the record's database: %v", err)
	}
	if _, err := hold.ExecContext(ctx, "LOCK TABLE lines IN SHARE MODE"); err != nil {
		t.Fatalf("holding the journal: %v", err)
	}
	var out review.Outcome
	front.insist(ctx, "POST", "/api/answer", "helen", approve, &out)
	if out.Status != review.Counted {
		t.Fatalf("helen's answer: %+v", out)
	}
	waiting := func() (n int) {
		err := db.QueryRowContext(ctx, "SELECT count(*) FROM pg_locks WHERE NOT granted").Scan(&n)
		if err != nil {
			t.Fatalf("looking who waits for the journal: %v", err)
		}
		return n
	}
	if !within(patience, func() bool { return waiting() > 0 }) {
		t.Fatal("nothing is being filed")
	}
	w := d.workers[0]
	w.signal(syscall.SIGTERM)
	if !within(patience, func() bool { return front.call("GET", "/api/waiting", "helen", nil, nil) != nil }) {
		t.Error("the inbox is still open")
	}
	if !w.running() || waiting() == 0 {
		t.Errorf("the worker left what it was doing: %v\n%s", w.err, w.said)
	}
	if err := hold.Rollback(); err != nil {
		t.Fatalf("letting the journal go: %v", err)
	}
	<-w.ended
	if w.err != nil {
		t.Errorf("the worker ended with %v\n%s", w.err, w.said)
	}
	d.start(w)
	d.ready(w)
	if lines := front.lines(got.Case); !slices.Equal(counted(lines), []string{"helen-1"}) || dossier.CheckChain(lines) != nil {
		t.Errorf("counted are %q, the chain: %v", counted(lines), dossier.CheckChain(lines))
	}
}
