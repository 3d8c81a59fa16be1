package stories

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/client"
	sdklog "go.temporal.io/sdk/log"

	"gangway/config"
	"gangway/internal/assembly"
	"gangway/internal/dossier"
	"gangway/internal/payload"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// TestKillWholeOnboarding kills engine, worker and inbox at random points while vendors
// of tier 1 are taken on board, and wants the same in the record as of one who was
// taken on board in peace: of every seat the same in the same order, of every process
// the same altogether.
func TestKillWholeOnboarding(t *testing.T) {
	t.Parallel()
	c := &voyage{cast: newCast(t)}
	c.storms(t, 20, c.plays)
}

// storms plays a case in peace and wants at least so many seats to do something in it,
// then others while engine, worker and inbox are killed, and wants the same in their
// records.
func (c *voyage) storms(t *testing.T, seats int, play func(name string) deeds) {
	t.Helper()
	dice := diceOf(t)
	n := kills(t)
	c.opens()
	calm := play("calm")
	if t.Failed() {
		return
	}
	t.Logf("in peace: %d seats of %d processes did something", len(calm.seats), len(calm.all))
	if len(calm.seats) < seats || len(calm.all) != 5 { // else nothing is compared
		t.Fatalf("too little: %v", calm.seats)
	}
	var wg sync.WaitGroup
	for ship := range min(4, 1+n/10) {
		wg.Go(func() {
			for again := 1; again == 1 || !c.over.Load(); again++ {
				c.compare(calm, play(fmt.Sprintf("storm-%d-%d", ship+1, again)))
				c.played.Add(1)
			}
		})
	}
	for i := range n {
		pause(dice, 100, 1500)
		role := []string{"engine", "worker", "web"}[dice.IntN(3)]
		c.kill(role)
		pause(dice, 0, 400)
		c.start(role)
		if (i+1)%10 == 0 {
			t.Logf("%d of %d kills; %d answers so far, %d cases over", i+1, n, c.said.Load(), c.played.Load())
		}
	}
	c.over.Store(true)
	wg.Wait()
	t.Logf("%d answers, %d cases over", c.said.Load(), c.played.Load())
}

// compare holds what was done in one case to what was done in peace.
func (c *voyage) compare(calm, got deeds) {
	c.t.Helper()
	if d := cmp.Diff(calm.seats, got.seats); d != "" {
		c.t.Errorf("%s: what seats did (-in peace +got):\n%s", got.id, d)
	}
	if d := cmp.Diff(calm.all, got.all); d != "" {
		c.t.Errorf("%s: what processes did (-in peace +got):\n%s", got.id, d)
	}
}

// voyage is a deployment in which whole cases are played, each by one who looks
// at what is asked and answers it in somebody's name.
type voyage struct {
	*cast
	house    *assembly.House // to move the clocks: nothing runs in it
	temporal client.Client
	said     atomic.Int64
	played   atomic.Int64
	over     atomic.Bool
	// leaving: the cases are exits.
	leaving bool
}

// opens a house of the test's own, beside those that are killed.
func (c *voyage) opens() {
	c.t.Helper()
	e, err := client.NewLazyClient(client.Options{HostPort: fmt.Sprintf("127.0.0.1:%d", c.engine), Namespace: "gangway", DataConverter: payload.Converter(), Logger: sdklog.NewStructuredLogger(quiet())})
	if err != nil {
		c.t.Fatalf("connecting to the engine: %v", err)
	}
	c.t.Cleanup(e.Close)
	c.temporal = e
	c.house, err = assembly.Open(c.t.Context(), e, assembly.Options{Dir: c.dir, Shared: true, PickPerson: true, Log: quiet()})
	if err != nil {
		c.t.Fatalf("opening a house: %v", err)
	}
	c.t.Cleanup(func() {
		if err := c.house.Close(); err != nil {
			c.t.Errorf("closing the house: %v", err)
		}
	})
}

// plays takes a vendor on board from the intake until it is live, and returns what is in
// the record.
func (c *voyage) plays(name string) deeds {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Minute)
	defer cancel()
	var opened struct{ Case string }
	if !c.insist(ctx, http.MethodPost, "/api/open", "tom", c.wants(ctx, name), &opened) {
		c.t.Errorf("%s is never opened", name)
		return deeds{}
	}
	p := player{voyage: c, id: opened.Case}
	for ctx.Err() == nil {
		v := p.look(ctx)
		if !v.Closed.IsZero() {
			if v.State != dossier.Live {
				c.t.Errorf("%s ended %s", p.id, v.State)
			}
			p.ended(ctx)
			return c.deedsOf(p.id, name)
		}
		if !p.turn(ctx) {
			<-time.After(30 * time.Millisecond)
		}
	}
	c.t.Errorf("%s is never live\n%s", p.id, describe(p.look(context.Background())))
	return deeds{}
}

// wants is the example's intake for the playbook `whole`, under a vendor of its own.
// The deputy files what comes by post: whoever owns the case judges it.
func (c *voyage) wants(ctx context.Context, name string) playbook.Intake {
	v, err := config.ReadIntake("vendor.yaml", example(c.t, "vendor.yaml"))
	if err != nil {
		c.t.Errorf("reading the example's vendor: %v", err)
	}
	i := v.Intake
	whole(&i)
	i.ID, i.Vendor.Slug, i.Vendor.Name, i.Rehearsal, i.Deputy = "intake-"+name, name, "Vendor "+name, true, "priya"
	i.Contract = c.files(ctx, "tom", example(c.t, v.ContractFile))
	return i
}

func (c *voyage) files(ctx context.Context, person string, text []byte) string {
	var paper dossier.Paper
	c.insist(ctx, http.MethodPost, "/api/documents", person, text, &paper)
	return paper.Digest
}

// player answers what is asked in one case, one after the other.
type player struct {
	*voyage
	id string
}

func (p player) look(ctx context.Context) (v dossier.CaseView) {
	for ctx.Err() == nil && p.call(http.MethodGet, query("/api/case", "id", p.id), "maya", nil, &v) != nil {
		<-time.After(30 * time.Millisecond) // it is away, or has not heard of the case yet
	}
	return v
}

// ended waits until the case's workflow is over: whom the news of its end did not reach
// is in the record after the end itself.
func (p player) ended(ctx context.Context) {
	for ctx.Err() == nil {
		d, err := p.temporal.DescribeWorkflowExecution(ctx, p.id, "")
		if err == nil && d.GetWorkflowExecutionInfo().GetStatus() != enums.WORKFLOW_EXECUTION_STATUS_RUNNING {
			return
		}
		<-time.After(30 * time.Millisecond)
	}
	p.t.Errorf("the workflow of %s goes on", p.id)
}

// turn answers the first of what is asked, or moves the clock where nobody is asked
// anything; false: the case is not at rest, or something was away.
func (p player) turn(ctx context.Context) bool {
	next, quiet, err := p.house.Rehearse(p.id).Due(ctx)
	if err != nil || !quiet {
		return false
	}
	v := p.look(ctx)
	if !p.leaving && !begun(v) || p.leaving && !left(v) {
		return false
	}
	// Which process wrote first is chance, and whoever answers two of them states their
	// interests with the first.
	slices.SortStableFunc(v.Requests, func(a, b review.Request) int { return strings.Compare(processIn(a.ID), processIn(b.ID)) })
	open := false
	for i := range v.Requests {
		r := asked{&v.Requests[i]}
		who, is := r.next(v.Now(time.Now()))
		if open = open || r.Closed == nil; is {
			return p.answers(ctx, r, who, v.Now(time.Now()))
		}
	}
	return !open && (p.leaving && !next.IsZero() || soon(next, v.Now(time.Now()))) && p.house.Rehearse(p.id).Jump(ctx, next) == nil
}

// begun reports whether the processes of the stage run already: what is answered first
// would else depend on how fast they start.
func begun(v dossier.CaseView) bool {
	runs := func(kind string) bool {
		return slices.ContainsFunc(v.Processes, func(p dossier.ProcessView) bool { return strings.HasPrefix(p.ID, kind+"/") })
	}
	switch v.Stage {
	case "":
		return false
	case "checks":
		return runs("diligence") && runs("pilot")
	case playbook.ContractStage:
		return runs("contract") && runs("dpa")
	}
	return true
}

// answers sends one answer until it is acknowledged; its id is made from what it
// answers.
func (p player) answers(ctx context.Context, r asked, who asker, today time.Time) bool {
	sound := soundly(today, "priya", func(person string, text []byte) string { return p.files(ctx, person, text) })
	person, f := sound.answers(r.Request, who)
	if p.leaving {
		sound.filer = "maya" // who owns an adopted vendor's case
		person, f = sound.parts(r.Request, who)
	}
	f.ID = fmt.Sprintf("%s-%s-%d", idOf(r.ID), who.seat.ID, r.Current())
	var out review.Outcome
	if !p.insist(ctx, http.MethodPost, "/api/answer", person, f, &out) {
		return false
	}
	if out.Status == review.Refused {
		p.t.Errorf("%s answers %s to %s: %+v", person, f.Verdict, r.ID, out)
	}
	p.said.Add(1)
	return true
}

// deeds are what a case's record says that was done, in words that are the same for
// every vendor.
type deeds struct {
	id    string
	seats map[string][]string // by process and seat, in order
	all   map[string][]string // by process, sorted
}

// deedsOf reads them. What repeats itself after a kill, and the archive's own filing,
// are left out.
func (c *voyage) deedsOf(id, vendor string) deeds {
	lines := c.lines(id)
	if err := dossier.CheckChain(lines); err != nil {
		c.t.Errorf("the chain of %s: %v", id, err)
	}
	d := deeds{id: id, seats: map[string][]string{}, all: map[string][]string{}}
	for _, l := range lines {
		e := l.Entry
		if l.Conflict {
			c.t.Errorf("%s line %d: an entry stands twice with other content", id, l.N)
		}
		if e.Fact != nil && e.Fact.Kind == review.FactRefused || strings.Contains(e.ID, "#archive/") {
			continue
		}
		process := strings.ReplaceAll(e.Process, vendor, "VENDOR")
		deed, seat := strings.ReplaceAll(deedOf(e), vendor, "VENDOR"), ""
		if e.Fact != nil {
			seat = e.Fact.Seat
		}
		d.all[process] = append(d.all[process], deed)
		if seat != "" {
			d.seats[process+" "+seat] = append(d.seats[process+" "+seat], deed)
		}
	}
	for _, list := range d.all {
		slices.Sort(list)
	}
	return d
}

// deedOf is kind, step, seat, person, verdict and version of an entry.
func deedOf(e dossier.Entry) string {
	f := e.Fact
	if f == nil {
		return fmt.Sprintf("%s %s", e.Kind, e.Actor)
	}
	words := []string{string(e.Kind), string(f.Kind), stepOf(f.Request), f.Seat, f.Person, f.Why}
	if b := f.Ballot; b != nil {
		words = append(words, string(b.Verdict), fmt.Sprint(b.Version))
	}
	if v := f.Version; v != nil {
		words = append(words, fmt.Sprint("version ", v.Number))
	}
	return strings.Join(words, " ")
}
