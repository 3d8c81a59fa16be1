package stories

import (
	"bytes"
	"context"
	"crypto/rand"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"go.temporal.io/sdk/client"
	sdklog "go.temporal.io/sdk/log"

	"gangway/config"
	"gangway/internal/assembly"
	"gangway/internal/desk"
	"gangway/internal/dossier"
	"gangway/internal/payload"
	"gangway/internal/playbook"
	"gangway/internal/review"
	"gangway/local/embedded"
	"gangway/workflows"
)

// patience bounds every wait for something that must happen. It is long because
// the machine may be busy; nothing asserts how long it took.
const patience = 30 * time.Second

// attributes are the search attributes that gangway's processes carry.
func attributes() map[string]string {
	return map[string]string{workflows.AttributeVendor: "Keyword", workflows.AttributeCase: "Keyword"}
}

// quiet logs errors only, to the test's own output.
func quiet() *slog.Logger {
	return slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelError + 4}))
}

// engines bounds how many houses run at once in this process: each has an engine
// of its own.
var engines = make(chan struct{}, 3)

// house is everything of gangway in this process, on an engine of its own.
type house struct {
	*assembly.House
	t      *testing.T
	dir    string
	engine *embedded.Server
	client client.Client
	rests  func() // ends its loops, but for the worker's
}

// ground is where a house stands; the zero value is an engine in memory and a
// folder of its own.
type ground struct {
	dir    string // of the record; "": a fresh one
	engine string // the engine's file; "": in memory
	// desk replaces the house's own; nil: it stays.
	desk func(*house) *desk.Desk
	// idle: nobody works on processes until work is called.
	idle bool
	// database is the record's PostgreSQL; "": SQLite in dir.
	database string
	// options changes how the house is opened; nil: nothing.
	options func(*assembly.Options)
}

// newHouse starts a house with the example's people.
func newHouse(t *testing.T) *house { return houseOn(t, ground{}) }

func houseOn(t *testing.T, g ground) *house {
	t.Helper()
	engines <- struct{}{}
	t.Cleanup(func() { <-engines })
	ctx := context.Background()
	engine, err := embedded.Start(ctx, embedded.Options{File: g.engine, UIPort: -1, Attributes: attributes(), Log: quiet()})
	if err != nil {
		t.Fatalf("starting the engine: %v", err)
	}
	t.Cleanup(engine.Stop)
	c, err := client.Dial(client.Options{HostPort: engine.HostPort(), Namespace: engine.Namespace(), DataConverter: payload.Converter(), Identity: "stories", Logger: sdklog.NewStructuredLogger(quiet())})
	if err != nil {
		t.Fatalf("connecting to the engine: %v", err)
	}
	t.Cleanup(c.Close)
	h := &house{t: t, dir: g.dir, engine: engine, client: c}
	if h.dir == "" {
		h.dir = t.TempDir()
	}
	o := assembly.Options{Dir: h.dir, Shared: g.database != "", Database: g.database, PickPerson: true, Log: quiet()}
	if g.options != nil {
		g.options(&o)
	}
	h.House, err = assembly.Open(ctx, c, o)
	if err != nil {
		t.Fatalf("opening the house: %v", err)
	}
	t.Cleanup(func() {
		if err := h.Close(); err != nil {
			t.Errorf("closing the house: %v", err)
		}
	})
	if g.desk != nil {
		h.Desk = g.desk(h)
	}
	if !g.idle {
		h.work()
	}
	loops, stop := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() { h.Run(loops); close(done) }()
	h.rests = func() { stop(); <-done }
	t.Cleanup(h.rests)
	if err := h.SeedExample(ctx); err != nil {
		t.Fatalf("seeding the people: %v", err)
	}
	return h
}

// work starts a worker for the house's processes.
func (h *house) work() {
	h.t.Helper()
	w := h.NewWorker(time.Second)
	if err := w.Start(); err != nil {
		h.t.Fatalf("starting the worker: %v", err)
	}
	h.t.Cleanup(w.Stop)
}

func example(t testing.TB, name string) []byte {
	t.Helper()
	text, err := fs.ReadFile(config.Example(), name)
	if err != nil {
		t.Fatalf("opening the example's %s: %v", name, err)
	}
	return text
}

func as(person string) review.Address { return review.Address{Channel: "web", ID: person} }

func freshID() string { return strings.ToLower(rand.Text()) }

// file keeps a document and returns its digest.
func (h *house) file(person string, text []byte) string {
	h.t.Helper()
	p, err := h.Desk.File(context.Background(), as(person), bytes.NewReader(text))
	if err != nil {
		h.t.Fatalf("filing a document: %v", err)
	}
	return p.Digest
}

// onboard opens the example's case as tom, so that maya owns what he asked for.
func (h *house) onboard(change ...func(*playbook.Intake)) *onboarding {
	h.t.Helper()
	v, err := config.ReadIntake("vendor.yaml", example(h.t, "vendor.yaml"))
	if err != nil {
		h.t.Fatalf("reading the example's vendor: %v", err)
	}
	i := v.Intake
	i.ID, i.From, i.Rehearsal, i.Data = "intake-"+freshID(), as("tom"), true, unprotected(i.Data)
	i.Deputy = ""
	i.Contract = h.file("tom", example(h.t, v.ContractFile))
	for _, c := range change {
		c(&i)
	}
	id, err := h.Desk.Open(context.Background(), i)
	if err != nil {
		h.t.Fatalf("opening the case: %v", err)
	}
	return &onboarding{h: h, id: id}
}

// protected opens the example's case as it is: its vendor touches personal data.
func (h *house) protected() *onboarding {
	return h.onboard(func(i *playbook.Intake) { i.Data = append(i.Data, "personal") })
}

// collected opens the collection of an agreement for the example's vendor.
func (h *house) collected() *onboarding {
	h.t.Helper()
	v, err := config.ReadIntake("vendor.yaml", example(h.t, "vendor.yaml"))
	if err != nil {
		h.t.Fatalf("reading the example's vendor: %v", err)
	}
	i := v.Intake
	i.ID, i.From, i.Rehearsal, i.Deputy, i.Contract = "intake-"+freshID(), as("tom"), true, "", ""
	id, err := h.Desk.OpenDPA(context.Background(), i.Collection())
	if err != nil {
		h.t.Fatalf("opening a collection: %v", err)
	}
	return &onboarding{h: h, id: id}
}

// unprotected is what data a vendor touches without those for which an agreement
// is collected: the stories of that collection are others.
func unprotected(data []string) []string {
	return slices.DeleteFunc(data, func(d string) bool { return d == "personal" || d == "special-category" })
}

// onboarding is one case as a story sees it.
type onboarding struct {
	h  *house
	id string
}

// until waits until the case looks as wanted.
func (o *onboarding) until(what string, want func(dossier.CaseView) bool) dossier.CaseView {
	o.h.t.Helper()
	var v dossier.CaseView
	var err error
	if !within(patience, func() bool {
		v, err = o.h.Archive.Case(context.Background(), o.id)
		return err == nil && want(v)
	}) {
		o.h.t.Fatalf("waiting until %s: %v\n%s", what, err, describe(v))
	}
	return v
}

// within looks again and again until it is true or time is up.
func within(d time.Duration, is func() bool) bool {
	deadline := time.Now().Add(d)
	for !is() {
		if time.Now().After(deadline) {
			return false
		}
		<-time.After(5 * time.Millisecond)
	}
	return true
}

// describe says where a case stands, for a failure that can be read.
func describe(v dossier.CaseView) string {
	var b strings.Builder
	fmt.Fprintf(&b, "case %s: %s, stage %s, %d lines\n", v.ID, v.State, v.Stage, v.Lines)
	for i := range v.Requests {
		r := &v.Requests[i]
		t := r.Tally(v.Now(time.Now()))
		fmt.Fprintf(&b, "  %s: %s (closed %+v)\n", r.ID, t.State, r.Closed)
		for _, g := range t.Groups {
			fmt.Fprintf(&b, "    %+v\n", g)
		}
		for _, s := range r.Seatings {
			fmt.Fprintf(&b, "    %s is held by %+v\n", s.Seat, s.Holders)
		}
	}
	return b.String()
}

// asked waits until a step is asked of a person who has not answered, and
// returns the request.
func (o *onboarding) asked(person, step string) review.Request {
	o.h.t.Helper()
	var found review.Request
	v := dossier.CaseView{}
	ok := within(patience, func() bool {
		v, _ = o.h.Archive.Case(context.Background(), o.id)
		waiting, err := o.h.Desk.Waiting(context.Background(), as(person))
		if err != nil {
			o.h.t.Fatalf("looking at what waits for %s: %v", person, err)
		}
		i := slices.IndexFunc(waiting, func(r review.Request) bool { return r.Case == o.id && r.Step == step })
		if i >= 0 {
			found = waiting[i]
		}
		return i >= 0
	})
	if !ok {
		o.h.t.Fatalf("%s is never asked %q\n%s", person, step, describe(v))
	}
	return found
}

// answer lets a person answer what they were asked; the outcome must count.
func (o *onboarding) answer(person, step string, verdict review.Verdict, more ...func(*review.Answer)) review.Outcome {
	o.h.t.Helper()
	out := o.say(person, o.asked(person, step), verdict, more...)
	if out.Status != review.Counted {
		o.h.t.Fatalf("%s answers %s to %s: %+v", person, verdict, step, out)
	}
	return out
}

// say sends an answer with everything that its seat attests, and the statement on
// interests where it is asked.
func (o *onboarding) say(person string, r review.Request, verdict review.Verdict, more ...func(*review.Answer)) review.Outcome {
	o.h.t.Helper()
	a := review.Answer{ID: "web-" + freshID(), Request: r.ID, Version: r.Current(), Verdict: verdict, From: as(person), Channel: "web", At: time.Now()}
	for _, s := range r.Policy.Seats() {
		if r.Holds(s.ID, person, time.Now().AddDate(10, 0, 0)) || r.Holds(s.ID, person, r.Opened) {
			a.Attest = append(a.Attest, s.Attest...)
		}
	}
	if r.Declaration != "" && !slices.Contains(r.Declared, person) && !slices.Contains(a.Attest, r.Declaration) {
		a.Attest = append(a.Attest, r.Declaration)
	}
	if verdict == review.Changes || verdict == review.Reject || len(r.Options) > 0 {
		a.Text = review.Text{Inside: person + " has a reason", Vendor: "please mend this"}
	}
	for _, m := range more {
		m(&a)
	}
	out, err := o.h.Desk.Answer(context.Background(), a)
	if err != nil {
		o.h.t.Fatalf("%s answers: %v", person, err)
	}
	return out
}

// needed brings the case past its first two stages.
func (o *onboarding) needed() {
	o.h.t.Helper()
	o.answer("helen", "need", review.Approve)
	o.answer("ravi", "need", review.Approve)
	o.answer("daniel", "security-look", review.Approve)
	o.answer("ruth", "data-look", review.Approve)
}

// live answers what is asked after the signature.
func (o *onboarding) live() {
	o.h.t.Helper()
	o.answer("maya", "contacts", review.Done)
	o.answer("maya", "backup-people", review.Done)
}

// jump moves a rehearsal to what its clock wants next, once nothing is being
// filed or told, and returns the new case time.
func (o *onboarding) jump() time.Time {
	o.h.t.Helper()
	r := o.h.Rehearse(o.id)
	ctx := context.Background()
	var next time.Time
	if !within(patience, func() bool {
		n, quiet, err := r.Due(ctx)
		if err != nil {
			o.h.t.Fatalf("asking what is due: %v", err)
		}
		next = n
		return quiet && !n.IsZero()
	}) {
		v, _ := o.h.Archive.Case(ctx, o.id)
		o.h.t.Fatalf("the case never comes to rest\n%s", describe(v))
	}
	if err := r.Jump(ctx, next); err != nil {
		o.h.t.Fatalf("jumping to %s: %v", next, err)
	}
	return next
}

// versionTwo keeps the example's second version and returns its digest.
func (h *house) versionTwo() string { return h.file("maya", example(h.t, "contract-v2.md")) }

// lastContract is the newest contract review of a case; beside it runs whatever
// says whether an agreement on data is needed.
func lastContract(v dossier.CaseView) dossier.ProcessView {
	for _, p := range slices.Backward(v.Processes) {
		if strings.HasPrefix(p.ID, "contract/") {
			return p
		}
	}
	return dossier.ProcessView{}
}
