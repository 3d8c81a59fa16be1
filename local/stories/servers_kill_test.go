package stories

import (
	"context"
	"database/sql"
	"math/rand/v2"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"sync"
	"syscall"
	"testing"
	"time"

	"gangway/internal/dossier"
	"gangway/internal/review"
)

func execHere(t *testing.T, name string, args ...string) string {
	t.Helper()
	out, err := exec.Command(name, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s %q: %v\n%s", name, args, err, out)
	}
	return string(out)
}

// diceOf are a story's dice; GANGWAY_SEED throws them again as they fell.
func diceOf(t *testing.T) *rand.Rand {
	seed := uint64(time.Now().UnixNano())
	if s, err := strconv.ParseUint(os.Getenv("GANGWAY_SEED"), 10, 64); err == nil {
		seed = s
	}
	t.Logf("seed %d (GANGWAY_SEED repeats it)", seed)
	return rand.New(rand.NewPCG(seed, 2))
}

// TestServersKillWorker is the first kill story on servers of one's own: twenty
// cases in flight on PostgreSQL, two workers behind a proxy, one of the two
// killed again and again. Everything that was acknowledged is in the record
// exactly once.
func TestServersKillWorker(t *testing.T) {
	d := newDeployment(t, 2)
	d.crowded(func(dice *rand.Rand) {
		for range kills(t) {
			pause(dice, 100, 1200)
			w := d.workers[dice.IntN(2)]
			w.kill()
			pause(dice, 0, 400)
			d.start(w)
			d.ready(w)
		}
	})
}

// TestServersKillDatabase ends PostgreSQL as a crash does while twenty cases are
// written: what the journal, the queue and the engine hold goes on where it was.
func TestServersKillDatabase(t *testing.T) {
	d := newDeployment(t, 2)
	d.crowded(func(dice *rand.Rand) {
		for range max(2, kills(t)/5) {
			pause(dice, 500, 2500)
			d.postgres.restart()
		}
	})
	for _, w := range d.workers {
		if !w.running() {
			t.Errorf("%s did not outlive its database: %v", w.name, w.err)
		}
	}
}

// crowded lets everybody answer while something happens, and audits the record.
func (d *deployment) crowded(happens func(*rand.Rand)) {
	d.t.Helper()
	dice := diceOf(d.t)
	l := &ledger{said: map[string]said{}}
	w := newCrowd(d.t, d.cast(d.url), l)
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	working := w.work(ctx, dice.Uint64())
	happens(dice)
	w.last.Store(true)
	<-working
	w.audit()
	d.t.Logf("%d answers, %d cases", l.size(), w.begun())
}

// TestServersSameMillisecond: two people answer through two workers at the same
// moment, and one person's answer arrives through both. Each seat has one answer,
// and everybody is told what the record says.
func TestServersSameMillisecond(t *testing.T) {
	d := newDeployment(t, 2)
	front := d.cast(d.url)
	inbox := []*cast{d.cast(d.workers[0].url), d.cast(d.workers[1].url)}
	ctx := context.Background()
	for n := range 5 {
		var got struct{ Case string }
		front.insist(ctx, "POST", "/api/open", "tom", front.intake(ctx, n+1), &got)
		twice := front.need(got.Case, "helen", "twice-"+strconv.Itoa(n))
		other := front.need(got.Case, "ravi", "other-"+strconv.Itoa(n))
		out := make([]review.Outcome, 3)
		atOnce(
			func() { inbox[0].insist(ctx, "POST", "/api/answer", "helen", twice, &out[0]) },
			func() { inbox[1].insist(ctx, "POST", "/api/answer", "helen", twice, &out[1]) },
			func() { inbox[1].insist(ctx, "POST", "/api/answer", "ravi", other, &out[2]) },
		)
		for i, o := range out {
			if o.Status != review.Counted && o.Status != review.Already && o.Status != review.Pending {
				t.Errorf("case %d, call %d: %+v", n, i, o)
			}
		}
		want := []string{other.ID, twice.ID}
		var ids []string
		if !within(patience, func() bool { ids = counted(front.lines(got.Case)); return len(ids) >= 2 }) || !slices.Equal(ids, want) {
			t.Errorf("counted are %q, want %q", ids, want)
		}
		if err := dossier.CheckChain(front.lines(got.Case)); err != nil {
			t.Errorf("the chain of %s: %v", got.Case, err)
		}
	}
}

// atOnce does all of it at the same moment, as far as two processors can.
func atOnce(all ...func()) {
	var ready, done sync.WaitGroup
	now := make(chan struct{})
	for _, f := range all {
		ready.Add(1)
		done.Go(func() { ready.Done(); <-now; f() })
	}
	ready.Wait()
	close(now)
	done.Wait()
}

// need waits until the case asks a person for "need", and returns their approval.
func (c *cast) need(caseID, person, id string) review.Form {
	c.t.Helper()
	f := review.Form{ID: id, Verdict: review.Approve}
	if !within(patience, func() bool {
		var waiting []review.Request
		c.insist(context.Background(), "GET", "/api/waiting", person, nil, &waiting)
		i := slices.IndexFunc(waiting, func(r review.Request) bool { return r.Case == caseID && r.Step == "need" })
		if i < 0 {
			return false
		}
		seat, _, _ := waiting[i].Seat(waiting[i].SeatsOf(person, time.Now())[0])
		f.Request, f.Version, f.Seat, f.Attest = waiting[i].ID, waiting[i].Current(), seat.ID, seat.Attest
		return true
	}) {
		c.t.Fatalf("%s is never asked for %s", person, caseID)
	}
	return f
}

// TestServersGracefulStop ends a worker while it files an entry: the journal's
// table is held, so that the activity hangs in its statement. The worker finishes
// it before it goes, and does not have another do it again.
func TestServersGracefulStop(t *testing.T) {
	d := newDeployment(t, 1)
	front := d.cast(d.url)
	ctx := context.Background()
	var got struct{ Case string }
	front.insist(ctx, "POST", "/api/open", "tom", front.intake(ctx, 1), &got)
	approve := front.need(got.Case, "helen", "helen-1")

	db, err := sql.Open("pgx", d.here("gangway", d.services["gangway"].Environment["GANGWAY_DATABASE_URL"]))
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
