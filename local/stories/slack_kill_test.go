package stories

import (
	"context"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"gangway/internal/access"
	"gangway/internal/dossier"
	"gangway/internal/review"
)

// TestSlackKillAnything kills engine, worker and web at random points while twenty
// cases wait in Slack, people click, type commands and send new versions. Then
// everything that was acknowledged is in the record, no seat was decided twice,
// nobody misses a card, every card says what is so, and every chain is whole.
func TestSlackKillAnything(t *testing.T) {
	t.Parallel()
	for _, by := range transports() {
		t.Run(by.name, func(t *testing.T) {
			t.Parallel()
			dice := diceOf(t)
			c := newChatting(t, by, 3*time.Second, "worker", "web")
			w := newChatCrowd(c)
			w.prepare()
			working := w.work(dice.Uint64())
			n := chatKills(t)
			for i := range n {
				pause(dice, 100, 1800)
				role := []string{"engine", "worker", "web", "web"}[dice.IntN(4)]
				c.kill(role)
				pause(dice, 0, 400)
				c.start(role)
				if (i+1)%10 == 0 {
					t.Logf("%d of %d kills; %d answers so far", i+1, n, w.size())
				}
			}
			w.stop.Store(true)
			<-working
			w.delivered()
			c.converges(w.cases, time.Duration(4+n/20)*time.Minute)
			w.audit()
		})
	}
}

// chatKills is kills, within a bound: Slack takes fifty updates a minute, and a
// story of more than five minutes tells nothing that a shorter one does not.
func chatKills(t *testing.T) int { return min(kills(t), 40) }

// chatCrowd is people in Slack, and two on the web: one who owns the cases and
// sends new versions, one who opened them.
type chatCrowd struct {
	*chatting
	web   *crowd // who answers there
	cases []string
	stop  atomic.Bool
	// left is how many answers are still given: Slack takes 50 updates a minute.
	left atomic.Int64
	mu   sync.Mutex
	said map[chatAnswer][]chatSaid
	asks int // slash commands that were answered
}

// chatAnswer is what somebody answers in Slack, at most once successfully.
type chatAnswer struct {
	person, request string
	version         int
}

// webbers answer on the web.
var webbers = []string{"maya", "tom"}

func newChatCrowd(c *chatting) *chatCrowd {
	w := &chatCrowd{chatting: c, said: map[chatAnswer][]chatSaid{}}
	w.web = newCrowd(c.t, c.cast, &ledger{said: map[string]said{}})
	w.left.Store(int64(35 + chatKills(c.t)/2))
	return w
}

func (w *chatCrowd) size() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.said)
}

// prepare opens the cases: of four the contract is being read, of two of those
// changes are asked for, which the owner will send on.
func (w *chatCrowd) prepare() {
	w.t.Helper()
	ctx := context.Background()
	for n := range 4 {
		id := w.contracted(n + 1)
		w.cases = append(w.cases, id)
		if n >= 2 {
			continue
		}
		w.says(id, "jonas", "review", review.Changes)
		for _, p := range []string{"daniel", "ruth", "ravi"} {
			w.says(id, p, "review", review.Approve)
		}
	}
	for n := len(w.cases) + 1; len(w.cases) < inFlight; n++ {
		var got struct{ Case string }
		if !w.insist(ctx, "POST", "/api/open", "tom", w.intake(ctx, n), &got) {
			w.t.Fatal("a case could not be opened")
		}
		w.cases = append(w.cases, got.Case)
	}
	for _, id := range w.cases { // in the record too
		if !within(2*patience, func() bool { _, err := w.record.Case(ctx, id); return err == nil }) {
			w.t.Fatalf("%s never begins", id)
		}
	}
	// Some have cards before the first kill; the others get theirs meanwhile.
	if !within(4*patience, func() bool { return len(w.cards()) >= inFlight }) {
		w.t.Fatalf("only %d cards stand", len(w.cards()))
	}
	var open int
	for _, v := range w.views(w.cases) {
		for i := range v.Requests {
			if v.Requests[i].IsOpen() {
				open++
			}
		}
	}
	w.t.Logf("%d requests in flight", open)
}

// work lets everybody act until they are stopped.
func (w *chatCrowd) work(seed uint64) <-chan struct{} {
	done := make(chan struct{})
	var wg sync.WaitGroup
	for i, person := range everybody {
		dice := rand.New(rand.NewPCG(seed, uint64(i)))
		if slices.Contains(webbers, person) {
			wg.Go(func() { w.onTheWeb(person, dice) })
		} else {
			wg.Go(func() { w.inSlack(person, dice) })
		}
	}
	go func() { wg.Wait(); close(done) }()
	return done
}

func (w *chatCrowd) onTheWeb(person string, dice *rand.Rand) {
	ctx := context.Background()
	for !w.stop.Load() {
		var waiting []review.Request
		w.insist(ctx, "GET", "/api/waiting", person, nil, &waiting)
		for _, r := range waiting {
			if !w.stop.Load() {
				w.web.answer(ctx, person, r, dice)
			}
		}
		pause(dice, 200, 1000)
	}
}

// inSlack is one person's time in Slack: mostly they press something on any of
// their cards, however old; now and then they type a command.
func (w *chatCrowd) inSlack(person string, dice *rand.Rand) {
	for !w.stop.Load() {
		pause(dice, 100, 1200)
		channel := w.slack.DM(userOf(person))
		if channel == "" {
			continue
		}
		if dice.IntN(4) == 0 {
			out, err := w.slack.Slash(userOf(person), channel, "/vendor", []string{"waiting", "cases", "help", "approve everything"}[dice.IntN(4)])
			if err != nil {
				w.t.Errorf("%s types a command: %v", person, err)
			}
			if out.Acked {
				w.mu.Lock()
				w.asks++
				w.mu.Unlock()
			}
			continue
		}
		mine := slices.DeleteFunc(w.cards(), func(s cardSeen) bool {
			_, offered := s.verdictOn(review.Approve)
			return s.person != person || !offered || w.done(s)
		})
		if len(mine) > 0 && w.left.Load() > 0 {
			w.answer(mine[dice.IntN(len(mine))], dice)
		}
	}
}

// answerOn is what pressing a card answers.
func (w *chatCrowd) answerOn(s cardSeen) chatAnswer {
	t, err := w.record.TicketBy(context.Background(), access.Hash(buttonsOf(s.Blocks)[0].ticket))
	if err != nil {
		w.t.Errorf("a card of %s has a ticket that nobody knows: %v", s.person, err)
	}
	return chatAnswer{s.person, s.request, t.Version}
}

// done: somebody knows that they have answered this.
func (w *chatCrowd) done(s cardSeen) bool {
	a := w.answerOn(s)
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.ContainsFunc(w.said[a], chatSaid.accepted)
}

func (s chatSaid) accepted() bool { return s == chatCounted || s == chatPending }

func (w *chatCrowd) answer(s cardSeen, dice *rand.Rand) {
	a, v := w.answerOn(s), review.Approve
	if dice.IntN(5) == 0 {
		v = review.Changes
	}
	got := w.answers(s, v)
	if got.accepted() {
		w.left.Add(-1)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.said[a] = append(w.said[a], got)
}

// delivered waits until nothing is queued any more.
func (w *chatCrowd) delivered() {
	w.t.Helper()
	var waits []string
	if !within(4*patience, func() bool {
		var err error
		waits, err = w.record.QueuedProcesses(context.Background())
		if err != nil {
			w.t.Fatalf("looking at the queue: %v", err)
		}
		return len(waits) == 0
	}) {
		w.t.Errorf("answers to %q are never delivered", waits)
	}
}

// audit wants everything that was acknowledged in the record, nothing twice, and
// nothing that nobody said.
func (w *chatCrowd) audit() {
	w.t.Helper()
	counted, refused := map[chatAnswer][]int{}, map[chatAnswer]int{}
	ids, standing := map[string]int{}, map[string]int{}
	for _, id := range w.cases {
		lines := w.lines(id)
		if err := dossier.CheckChain(lines); err != nil {
			w.t.Errorf("the chain of %s: %v", id, err)
		}
		for _, l := range lines {
			f := l.Entry.Fact
			switch {
			case l.Conflict:
				w.t.Errorf("%s line %d: an entry stands twice with other content", id, l.N)
			case f == nil:
			case f.Kind == review.FactRefused:
				refused[chatAnswer{person: f.Person, request: f.Request}]++
			case f.Kind == review.FactTakenBack:
				delete(standing, f.Request+" seat "+f.Seat)
			case f.Kind == review.FactCounted:
				ids[f.Answer]++
				// Who wanted changes is asked again where the owner says so, with nothing new
				// to read: then a button of before answers too, for the version of now.
				seat, under := f.Request+" seat "+f.Ballot.Seat, max(f.Ballot.Version, f.Ballot.Under)
				if was, stands := standing[seat]; stands && was == under {
					w.t.Errorf("%s was decided twice on version %d", seat, was)
				}
				standing[seat] = under
				if f.Ballot.Channel == "slack" {
					a := chatAnswer{f.Ballot.Person, f.Request, f.Ballot.Version}
					counted[a] = append(counted[a], under)
				}
			}
		}
	}
	for what, n := range ids {
		if n != 1 {
			w.t.Errorf("the answer %s is in the record %d times", what, n)
		}
	}
	for a, under := range counted {
		if len(slices.Compact(slices.Sorted(slices.Values(under)))) != len(under) || len(w.said[a]) < len(under) {
			w.t.Errorf("%+v is counted for the versions %d; it was said as %q", a, under, w.said[a])
		}
	}
	versions := 0
	for _, v := range w.views(w.cases) {
		for i := range v.Requests {
			versions = max(versions, v.Requests[i].Current())
		}
	}
	kinds := map[chatSaid]int{}
	for a, all := range w.said {
		for _, s := range all {
			kinds[s]++
		}
		pending := !slices.Contains(all, chatCounted) && slices.Contains(all, chatPending)
		if slices.ContainsFunc(all, chatSaid.accepted) && len(counted[a]) == 0 && !(pending && (refused[chatAnswer{person: a.person, request: a.request}] > 0 || w.toldNot(a))) {
			w.t.Errorf("acknowledged and not in the record: %+v, %q", a, all)
		}
	}
	w.t.Logf("in Slack %v, %d commands answered; counted there %d, on the web %d; versions up to %d", kinds, w.asks, len(counted), w.web.l.size(), versions)
}

// toldNot: somebody whose answer was received was told in Slack that it was not
// counted.
func (w *chatCrowd) toldNot(a chatAnswer) bool {
	for _, m := range w.slack.Messages(w.slack.DM(userOf(a.person))) {
		if strings.Contains(strings.ToLower(m.Text), "not counted") {
			return true
		}
	}
	return false
}
