package stories

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"gangway/internal/archive"
	"gangway/internal/dossier"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// crowd is everybody of the example's people, answering whatever waits for them
// in all cases, while processes are killed under them.
type crowd struct {
	t      *testing.T
	c      *cast
	l      *ledger
	mu     sync.Mutex
	cases  []string
	opened int
	again  map[string]int // how often an answer was taken back or refused, by what it answered
	// last: no more cases are opened; the crowd goes home when all are live.
	last atomic.Bool
}

var everybody = []string{"maya", "tom", "helen", "george", "ravi", "claire", "jonas", "priya", "daniel", "ines", "ruth", "sam"}

func newCrowd(t *testing.T, c *cast, l *ledger) *crowd {
	return &crowd{t: t, c: c, l: l, again: map[string]int{}}
}

func (w *crowd) begun() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.cases)
}

// work lets everybody answer until no more cases are to come and all are live.
func (w *crowd) work(ctx context.Context, seed uint64) <-chan struct{} {
	done := make(chan struct{})
	home, sendHome := context.WithCancel(ctx)
	var wg sync.WaitGroup
	for i, person := range everybody {
		dice := rand.New(rand.NewPCG(seed, uint64(i)))
		wg.Go(func() { w.answerAll(home, person, dice) })
	}
	wg.Go(func() { w.fill(home, sendHome) })
	go func() { wg.Wait(); sendHome(); close(done) }()
	return done
}

// fill keeps inFlight cases running, and sends everybody home at the end.
func (w *crowd) fill(ctx context.Context, sendHome func()) {
	deadline := time.Now().Add(12 * time.Minute)
	for ctx.Err() == nil {
		running := w.running(ctx)
		if w.last.Load() && running == 0 {
			sendHome()
			return
		}
		if time.Now().After(deadline) {
			w.t.Errorf("%d cases never end", running)
			sendHome()
			return
		}
		for range inFlight - running {
			if w.last.Load() && w.begun() >= inFlight {
				break
			}
			w.open(ctx)
		}
		<-time.After(100 * time.Millisecond)
	}
}

func (w *crowd) open(ctx context.Context) {
	w.opened++
	var got struct{ Case string }
	if !w.c.insist(ctx, "POST", "/api/open", "tom", w.c.intake(ctx, w.opened), &got) {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if slices.Contains(w.cases, got.Case) {
		w.t.Errorf("two intakes got the case %s", got.Case)
	}
	w.cases = append(w.cases, got.Case)
}

// running counts the cases that are not closed.
func (w *crowd) running(ctx context.Context) int {
	var views []dossier.CaseView
	w.c.insist(ctx, "GET", "/api/cases", "maya", nil, &views)
	n := w.begun()
	for _, v := range views {
		if !v.Closed.IsZero() {
			n--
		}
	}
	return n
}

// answerAll is one person's day.
func (w *crowd) answerAll(ctx context.Context, person string, dice *rand.Rand) {
	for ctx.Err() == nil {
		var waiting []review.Request
		if !w.c.insist(ctx, "GET", "/api/waiting", person, nil, &waiting) {
			return
		}
		for _, r := range waiting {
			w.answer(ctx, person, r, dice)
			if ctx.Err() != nil {
				return
			}
		}
		pause(dice, 20, 200)
	}
}

// answer sends one answer until it is acknowledged; its id is made from what it
// answers, so that a repeated one is the same answer.
func (w *crowd) answer(ctx context.Context, person string, r review.Request, dice *rand.Rand) {
	seats := r.SeatsOf(person, time.Now())
	if len(seats) == 0 {
		return
	}
	seat, _, _ := r.Seat(seats[0])
	of := fmt.Sprintf("%s-%s-%d-%s", person, seat.ID, r.Current(), idOf(r.ID))
	f := review.Form{ID: fmt.Sprintf("%s-%d", of, w.backs(of)), Request: r.ID, Seat: seat.ID,
		Version: r.Current(), Attest: seat.Attest, Verdict: r.Verdicts()[0]}
	if len(r.Options) > 0 {
		f.Inside = "because it has to go on"
	}
	switch {
	case r.Step == playbook.ChoreNext:
		var paper dossier.Paper
		text := append(example(w.t, "contract-v2.md"), fmt.Sprintf("\n\nRevision %s.\n", r.ID)...)
		if !w.c.insist(ctx, "POST", "/api/documents", person, text, &paper) {
			return
		}
		f.Document = paper.Digest
	case r.Kind == review.Decision && r.Current() == 1 && dice.IntN(4) == 0:
		f.Verdict, f.Inside, f.Vendor = review.Changes, "not like this", "please mend clause 3"
	}
	var out review.Outcome
	if !w.c.insist(ctx, "POST", "/api/answer", person, f, &out) {
		return
	}
	w.l.note(said{person: person, request: r.ID, form: f, outcome: out})
	switch {
	case out.Status == review.Refused: // its id stays refused: the next try is another answer
		w.anew(of)
	case out.Status == review.Counted && dice.IntN(8) == 0:
		w.takeBack(ctx, person, of, f)
	}
}

// anew makes the next answer to this one with an id of its own.
func (w *crowd) anew(of string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.again[of]++
}

// backs is how often an answer to this was taken back or refused.
func (w *crowd) backs(of string) int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.again[of]
}

// takeBack thinks better of an answer; its person is asked anew. It may come too
// late, which they are told.
func (w *crowd) takeBack(ctx context.Context, person, of string, f review.Form) {
	back := review.Form{ID: f.ID + "-back", Act: review.TakeBack, Request: f.Request, Seat: f.Seat, Inside: "on second thoughts"}
	var out review.Outcome
	if !w.c.insist(ctx, "POST", "/api/act", person, back, &out) {
		return
	}
	w.l.note(said{person: person, request: f.Request, form: back, outcome: out})
	w.anew(of)
}

// idOf makes a request's id fit for an answer's.
func idOf(request string) string {
	b := []byte(request)
	for i, c := range b {
		if c == '/' || c == ':' || c == '.' {
			b[i] = '-'
		}
	}
	return string(b)
}

// audit wants everything acknowledged exactly once in the record, nothing there
// that nobody said, every case live, every chain whole, and dossiers that verify.
func (w *crowd) audit() {
	seen := map[string]int{}
	for i, id := range w.cases {
		lines := w.c.lines(id)
		if err := dossier.CheckChain(lines); err != nil {
			w.t.Errorf("the chain of %s: %v", id, err)
		}
		for _, answer := range counted(lines) {
			seen[answer]++
		}
		for _, l := range lines {
			if l.Conflict {
				w.t.Errorf("%s line %d: an entry stands twice with other content", id, l.N)
			}
		}
		var v dossier.CaseView
		w.c.insist(context.Background(), "GET", query("/api/case", "id", id), "maya", nil, &v)
		if v.State != dossier.Live {
			w.t.Errorf("%s ended %s", id, v.State)
		}
		if i < 3 {
			w.verify(id)
		}
	}
	for id, n := range seen {
		if _, ok := w.l.said[id]; n != 1 || !ok {
			w.t.Errorf("%s is in the record %d times; somebody was told of it: %t", id, n, ok)
		}
	}
	for id, s := range w.l.said {
		acknowledged := s.outcome.Status == review.Counted || s.outcome.Status == review.Already
		if acknowledged && seen[id] != 1 {
			w.t.Errorf("acknowledged as %s and not in the record: %s by %s", s.outcome.Status, id, s.person)
		}
		if s.outcome.Status == review.Pending && seen[id] == 0 {
			w.pendingRefused(s)
		}
	}
}

// verify waits until a case is sealed and verifies its dossier.
func (w *crowd) verify(id string) {
	var v dossier.CaseView
	if !within(2*patience, func() bool {
		w.c.insist(context.Background(), "GET", query("/api/case", "id", id), "maya", nil, &v)
		return v.Sealed
	}) {
		w.t.Errorf("%s is never sealed", id)
		return
	}
	zip := w.c.download(query("/api/dossier", "case", id))
	verdict, err := archive.Verify(bytes.NewReader(zip), int64(len(zip)), nil)
	if err != nil || !verdict.Intact || verdict.Open {
		w.t.Errorf("the dossier of %s: %+v, %v", id, verdict, err)
	}
}

// pendingRefused allows a queued answer that was then refused, if its person can
// see so.
func (w *crowd) pendingRefused(s said) {
	var got struct{ Outcome review.Outcome }
	w.c.insist(context.Background(), "GET", query("/api/receipt", "id", s.form.ID), s.person, nil, &got)
	if got.Outcome.Status != review.Refused {
		w.t.Errorf("received from %s and neither counted nor refused: %s is %+v", s.person, s.form.ID, got.Outcome)
	}
}
