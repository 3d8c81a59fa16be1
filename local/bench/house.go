package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/worker"

	"gangway/activities"
	"gangway/config"
	"gangway/internal/archive"
	"gangway/internal/assembly"
	"gangway/internal/calendar"
	"gangway/internal/desk"
	"gangway/internal/playbook"
	"gangway/internal/review"
	"gangway/internal/web"
	"gangway/workflows"
)

// The playbooks: gate is the smallest sign-off that people would know as one: one
// step, three seats, all of them; counsel is the same with another person in the
// first seat; single has one seat.
const (
	gateName    = "gate"
	counselName = "counsel"
	singleName  = "single"
)

// gatePlaybook has %[1]s for its name and %[2]s for the role in the first seat.
const gatePlaybook = `name: %[1]s
title: A gate
hours: {zone: Europe/London, week: Mon-Fri 09:00-17:00, holidays: england-and-wales}
roles: [legal, security, finance, counsel]
data: [none, personal]
tiers: [{tier: 2}]
stages: [gate]
steps:
  - id: gate
    stage: gate
    kind: decision
    title: May the vendor start?
    ask: Say yes, what has to change first, or no.
    groups:
      - name: everybody
        rule: all
        seats:
          - {id: legal, role: %[2]s}
%[3]s    due: 3 working days
    remind: [1 working day, 2 working days]
    backup: 2 working days
    owner: 4 working days
chores:
  due: 3 working days
  remind: [1 working day]
`

// otherSeats are the second and the third seat.
const otherSeats = `          - {id: security, role: security}
          - {id: finance, role: finance}
`

// rulesOf is the text of a playbook.
func rulesOf(name string) []byte {
	switch name {
	case counselName:
		return fmt.Appendf(nil, gatePlaybook, name, "counsel", otherSeats)
	case singleName:
		return fmt.Appendf(nil, gatePlaybook, name, "security", "")
	}
	return fmt.Appendf(nil, gatePlaybook, gateName, "legal", otherSeats)
}

// gatePeople hold the three seats; one more asks.
const gatePeople = `zone: Europe/London
hours: Mon-Fri 09:00-17:00
holidays: england-and-wales
people:
  - {id: olga, name: Olga Owner, mail: olga@gate.example, roles: [legal]}
  - {id: lena, name: Lena Legal, mail: lena@gate.example, roles: [legal], manager: olga}
  - {id: ines, name: Ines Inbox, mail: ines@gate.example, roles: [counsel], manager: olga}
  - {id: seth, name: Seth Security, mail: seth@gate.example, roles: [security], manager: olga}
  - {id: finn, name: Finn Finance, mail: finn@gate.example, roles: [finance], manager: olga}
`

// signers answer the gate, in this order.
func signers() []string { return []string{"lena", "seth", "finn"} }

// gateLibrary has the gates' playbooks alone.
type gateLibrary struct{}

func (gateLibrary) Playbook(name string) (playbook.Playbook, []byte, error) {
	pb, err := gates[name]()
	return pb, rulesOf(name), err
}

// gates are read once, as the playbooks that ship are.
var gates = map[string]func() (playbook.Playbook, error){gateName: reader(gateName), counselName: reader(counselName), singleName: reader(singleName)}

func reader(name string) func() (playbook.Playbook, error) {
	return sync.OnceValues(func() (playbook.Playbook, error) { return config.ReadPlaybook("gate.yaml", rulesOf(name)) })
}

func (gateLibrary) Playbooks() []string { return []string{gateName, counselName, singleName} }

func (gateLibrary) Read(text []byte) (playbook.Playbook, error) {
	return config.ReadPlaybook("gate.yaml", text)
}

func (gateLibrary) Snapshot(people []playbook.Person, pb playbook.Playbook, from time.Time) (calendar.Snapshot, error) {
	return config.Snapshot(people, pb, from)
}

// unsealed is for a desk that is asked for no dossier.
type unsealed struct{ desk.Sealer }

// house is gangway on the ground's engine, without a worker. The loop that files
// histories does not run: what it does is no part of a sign-off.
type house struct {
	*assembly.House
	desk   *desk.Desk
	client client.Client
	stop   func()
	// busy counts the answers that could not be taken at once and were sent again,
	// pending those that were queued.
	busy, pending atomic.Int64
}

func openHouse(ctx context.Context, c client.Client, at place, shared bool, log *slog.Logger) (*house, error) {
	a, err := assembly.Open(ctx, c, assembly.Options{Dir: at.Dir, Database: at.Database, Shared: shared, PickPerson: true, Log: log})
	if err != nil {
		return nil, fmt.Errorf("opening the house: %w", err)
	}
	h := &house{House: a, client: c, stop: func() {}}
	h.desk = desk.New(a.Archive, c, gateLibrary{}, unsealed{}, desk.Options{Log: log, PickPerson: true})
	people, err := config.ReadPeople("people.yaml", []byte(gatePeople))
	if err == nil {
		_, _, err = h.desk.SeedPeople(ctx, people.List)
	}
	if err != nil {
		_ = a.Close() //nolint:errcheck // the first error is the one to tell
		return nil, fmt.Errorf("furnishing the house: %w", err)
	}
	loops, end := context.WithCancel(context.WithoutCancel(ctx))
	ended := make(chan struct{})
	go func() { h.desk.Run(loops); close(ended) }()
	h.stop = func() { end(); <-ended }
	return h, nil
}

// gangwayWorker is a worker as assembly makes it, and a channel more: one that
// rings.
func gangwayWorker(c client.Client, record *archive.Archive, b *bells, sticky time.Duration) worker.Worker {
	w := worker.New(c, workflows.TaskQueue, worker.Options{StickyScheduleToStartTimeout: sticky, WorkerStopTimeout: 20 * time.Second,
		DisableRegistrationAliasing: true, MaxConcurrentActivityExecutionSize: 32,
		DeploymentOptions: worker.DeploymentOptions{Version: worker.WorkerDeploymentVersion{DeploymentName: "gangway", BuildID: "a1b2c3d4"}}})
	workflows.Register(w, &activities.Activities{Archive: record, Messengers: []activities.Messenger{web.Board{Roster: record}, b}})
	return w
}

func (h *house) close() error {
	h.stop()
	return h.Close()
}

// open opens the gate of a vendor of its own.
func (h *house) open(ctx context.Context, n string) (string, error) {
	return h.openAs(ctx, n, gateName, false)
}

func (h *house) openAs(ctx context.Context, n, rules string, rehearsal bool) (string, error) {
	i := playbook.Intake{ID: "gate-" + n, Playbook: rules, Rehearsal: rehearsal, Reason: "It has to be measured.", YearlyCost: 1000, Currency: "EUR",
		Data: []string{"none"}, Owner: "olga", From: review.Address{Channel: "web", ID: "olga"}}
	i.Vendor.Name, i.Vendor.Service, i.Vendor.Country, i.Vendor.Slug = "Gate "+n, "A gate", "GB", "gate-"+n
	id, err := h.desk.Open(ctx, i)
	if err != nil {
		return "", fmt.Errorf("opening a gate: %w", err)
	}
	return id, nil
}

// caseOf is the id that the gate of a vendor gets.
func caseOf(n string) string { return "onboarding/gate-" + n + "/1" }

func request(id string) string { return id + ":gate.1" }

// patience is how long somebody sends the same answer again that could not be
// taken.
const patience = time.Minute

// say answers for one seat as a person's browser would.
func (h *house) say(ctx context.Context, id string, seat int) error {
	_, err := h.answer(ctx, id, signers()[seat])
	return err
}

// answer answers for a person. Whoever is told that the answer could not be taken
// sends it again; that is counted, and is in the time.
func (h *house) answer(ctx context.Context, id, who string) (review.Outcome, error) {
	a := review.Answer{ID: "web-" + strings.ToLower(rand.Text()), Request: request(id), Verdict: review.Approve,
		From: review.Address{Channel: "web", ID: who}, Channel: "web", At: time.Now()}
	out, err := h.desk.Answer(ctx, a)
	for begun := time.Now(); errors.As(err, new(desk.BusyError)) && time.Since(begun) < patience; {
		h.busy.Add(1)
		out, err = h.desk.Answer(ctx, a)
	}
	if err != nil {
		return out, fmt.Errorf("answering a gate: %w", err)
	}
	if out.Status != review.Counted && out.Status != review.Pending { // pending: the loop delivers it
		return out, fmt.Errorf("the answer of %s does not count: %s %s", who, out.Status, out.Refusal)
	}
	if out.Status == review.Pending {
		h.pending.Add(1)
	}
	for out.Status == review.Pending {
		time.Sleep(pollEvery)
		found, known, err := h.Archive.Receipt(ctx, a.ID)
		switch {
		case err != nil:
			return out, fmt.Errorf("looking for a receipt: %w", err)
		case known:
			out = found
		case time.Since(a.At) > patience:
			return out, fmt.Errorf("the answer of %s is pending for ever", who)
		}
	}
	return out, nil
}

// pollEvery is how often a receipt is looked for; it is in the time of an answer
// that was queued.
const pollEvery = 5 * time.Millisecond
