package stories

import (
	"context"
	"math/rand/v2"
	"os"
	"os/exec"
	"strconv"
	"testing"
	"time"

	"gangway/internal/mail/mailtest"
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
// cases in flight on PostgreSQL, everybody signed in and told by mail, two workers
// behind a proxy, one of the two killed again and again: in mid-case, in
// mid-append, in mid-mail. Everything that was acknowledged is in the record
// exactly once, and no mail came twice.
func TestServersKillWorker(t *testing.T) {
	t.Parallel()
	m := newMailed(t)
	people := m.citizens(everybody...)
	// Most of the time that mail takes is after its end, so that some are killed there.
	m.mail.Order(mailtest.Fault{At: mailtest.AtEnd, How: mailtest.Slow, For: 30 * time.Millisecond, Times: -1})
	m.crowded(people, func(dice *rand.Rand) {
		for range kills(t) {
			pause(dice, 100, 1200)
			w := m.workers[dice.IntN(2)]
			w.kill()
			pause(dice, 0, 400)
			m.start(w)
			m.ready(w)
		}
	})
	m.auditLetters()
}

// TestServersKillDatabase ends PostgreSQL as a crash does while twenty cases are
// written: what the journal, the queue and the engine hold goes on where it was.
func TestServersKillDatabase(t *testing.T) {
	t.Parallel()
	m := newMailed(t)
	m.crowded(m.citizens(everybody...), func(dice *rand.Rand) {
		for range max(2, kills(t)/5) {
			pause(dice, 500, 2500)
			m.postgres.restart()
		}
	})
	m.auditLetters()
	for _, w := range m.workers {
		if !w.running() {
			t.Errorf("%s did not outlive its database: %v", w.name, w.err)
		}
	}
}

// crowded lets everybody answer while something happens, and audits the record.
func (d *deployment) crowded(people *cast, happens func(*rand.Rand)) {
	d.t.Helper()
	dice := diceOf(d.t)
	l := &ledger{said: map[string]said{}}
	w := newCrowd(d.t, people, l)
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	working := w.work(ctx, dice.Uint64())
	happens(dice)
	w.last.Store(true)
	<-working
	w.audit()
	d.t.Logf("%d answers, %d cases", l.size(), w.begun())
}
