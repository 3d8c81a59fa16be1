package desk

import (
	"context"
	"crypto/rand"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"time"

	"go.temporal.io/sdk/client"

	"gangway/internal/access"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// The times within which an answer is durable before it is acknowledged: Slack
// gives three seconds, and a person waits no longer gladly.
const (
	updateWithin = 1200 * time.Millisecond
	queueWithin  = 500 * time.Millisecond
)

// perProcess is how many Updates desk lets into one process at a time. The
// engine takes ten; the rest is left to others.
const perProcess = 4

// Desk is the one door for answers.
type Desk struct {
	reception
	roster
	clerk

	store   Store
	engine  client.Client
	library Library
	sealer  Sealer
	log     *slog.Logger
	now     func() time.Time
	holder  string // of leases
	pick    bool
	wake    chan struct{}
	late    *limiter // what comes too late and is written down, by case and person
	gate    *gate
	starts  starts
	// mailings are the one-time links that are being mailed just now.
	mailings sync.WaitGroup

	mu    sync.Mutex
	slots map[string]*slot
	// rules are the playbooks of cases, read, by their document's digest.
	rules map[string]playbook.Playbook
}

// slot bounds the Updates in flight to one process; users counts who has it.
type slot struct {
	free  chan struct{}
	users int
}

// Options are what a desk can do without.
type Options struct {
	Log *slog.Logger
	Now func() time.Time // nil: the real clock
	// PickPerson: one signs in by picking a person, so the list of people is
	// shown to whoever reaches the page. For loopback alone.
	PickPerson bool
	// Key is what links, codes and tickets are derived from; without it nobody
	// can sign in by them.
	Key access.Key
	// Address is where people sign in, for hints.
	Address string
	// Courier takes the letters of one-time links; nil: none are mailed.
	Courier Courier
	// Papers reads what people send; nil: only plain text is read, and nothing
	// else is taken from a vendor.
	Papers Papers
	// Access says what GitHub knows of an access before somebody accepts it; nil: nothing
	// is said.
	Access looker
	// Client is who writes to vendors, and Phone where they are called back if the
	// person who asks has no number.
	Client, Phone string
}

// New returns a desk over its stores. Run must be running for what is queued to
// be delivered.
func New(store Store, engine client.Client, library Library, sealer Sealer, o Options) *Desk {
	d := &Desk{store: store, engine: engine, library: library, sealer: sealer, log: o.Log, now: o.Now,
		gate: newGate(o), holder: rand.Text(), pick: o.PickPerson, wake: make(chan struct{}, 1), slots: map[string]*slot{}, rules: map[string]playbook.Playbook{},
		late: newLimiter(access.Limit{Most: review.MaxAttempts, In: lateWithin})}
	d.reception, d.roster, d.clerk = newReception(d, o), newRoster(d), clerk{desk: d, papers: o.Papers, looks: o.Access}
	if d.log == nil {
		d.log = slog.New(slog.DiscardHandler)
	}
	if d.now == nil {
		d.now = time.Now
	}
	return d
}

// enter takes one of a process's places, or gives up when ctx ends.
func (d *Desk) enter(ctx context.Context, process string) (leave func(), err error) {
	d.mu.Lock()
	s := d.slots[process]
	if s == nil {
		s = &slot{free: make(chan struct{}, perProcess)}
		d.slots[process] = s
	}
	s.users++
	d.mu.Unlock()
	done := func() {
		d.mu.Lock()
		defer d.mu.Unlock()
		s.users--
		if s.users == 0 {
			delete(d.slots, process)
		}
	}
	select {
	case s.free <- struct{}{}:
		return func() { <-s.free; done() }, nil
	case <-ctx.Done():
		done()
		return nil, fmt.Errorf("waiting for a place at the process: %w", ctx.Err())
	}
}

// Who returns the person behind a channel's address. An unknown address is an
// error with a NotFound method.
func (d *Desk) Who(ctx context.Context, from review.Address) (playbook.Person, error) {
	p, _, err := d.speaker(ctx, from, "")
	return p, err
}

// speaker is who for what may also come by mail or from the portal: answers and
// notes. Whoever brings it in has made sure that the address is the sender's. In
// the post one's own people come first; an address of a vendor's people is that of
// the vendor whom the request is about, since somebody may work for two.
func (d *Desk) speaker(ctx context.Context, from review.Address, request string) (playbook.Person, int, error) {
	switch {
	case from.ID == "":
		return playbook.Person{}, 0, unknownPerson{}
	case from.Channel == front:
		return d.contactPerson(ctx, from.ID)
	case from.Channel != post:
		return d.who(ctx, from)
	}
	own, err := d.byMail(ctx, normal(from.ID))
	if err == nil {
		return d.personOf(ctx, own.ID)
	}
	if !isNotFound(err) || request == "" {
		return playbook.Person{}, 0, err
	}
	c, err := d.contactByMail(ctx, from.ID, request)
	if err != nil {
		return playbook.Person{}, 0, err
	}
	return d.contactPerson(ctx, c.ID)
}

// who finds the person, and the revision of the people that was read. In the
// browser and on the command line whoever asks was signed in, and the address is
// their id. In Slack it is looked up, and in any other channel it is nobody's: an
// id that anybody can write down must not become a person. What comes by mail or
// from the portal goes through speaker, and reaches no other verb.
func (d *Desk) who(ctx context.Context, from review.Address) (playbook.Person, int, error) {
	switch {
	case from.ID == "":
		return playbook.Person{}, 0, unknownPerson{}
	case from.Channel == chat:
		return d.bound(ctx, from.ID)
	case from.Channel != pages && from.Channel != commands, playbook.IsContact(from.ID): // those have no account
		return playbook.Person{}, 0, unknownPerson{}
	}
	return d.personOf(ctx, from.ID)
}

func (d *Desk) personOf(ctx context.Context, id string) (playbook.Person, int, error) {
	p, revision, err := d.store.Person(ctx, id)
	if isNotFound(err) {
		return playbook.Person{}, 0, unknownPerson{}
	}
	if err != nil {
		return playbook.Person{}, 0, fmt.Errorf("looking up who this is: %w", err)
	}
	return p, revision, nil
}

// The channels. In the portal the address is a contact's id, known by a session
// of its own.
const (
	pages    = "web"
	commands = "cli"
	chat     = "slack"
	post     = "mail"
	front    = "portal"
)

type unknownPerson struct{}

func (unknownPerson) Error() string  { return "nobody is known at this address" }
func (unknownPerson) NotFound() bool { return true }
func (unknownPerson) Hint() string {
	return "the people file lists who is known; `gangway people apply FILE` changes it"
}

func byID(people []playbook.Person, id string) (playbook.Person, bool) {
	for _, p := range people {
		if p.ID == id {
			return p, true
		}
	}
	return playbook.Person{}, false
}

// processOf is the process that a request belongs to.
func processOf(request string) string {
	process, _, _ := strings.Cut(request, ":")
	return process
}

// stepOf is the step that a request asks; its last part is how often it was asked.
func stepOf(request string) string {
	_, step, _ := strings.Cut(request, ":")
	return step[:max(0, strings.LastIndexByte(step, '.'))]
}
