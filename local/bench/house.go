package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"time"

	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/worker"

	"gangway/activities"
	"gangway/config"
	"gangway/internal/assembly"
	"gangway/internal/calendar"
	"gangway/internal/desk"
	"gangway/internal/playbook"
	"gangway/internal/review"
	"gangway/internal/web"
	"gangway/workflows"
)

// gatePlaybook is the smallest sign-off that people would know as one: one step,
// three seats, all of them.
const gatePlaybook = `name: gate
title: A gate
hours: {zone: Europe/London, week: Mon-Fri 09:00-17:00, holidays: england-and-wales}
roles: [legal, security, finance]
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
          - {id: legal, role: legal}
          - {id: security, role: security}
          - {id: finance, role: finance}
    due: 3 working days
    remind: [1 working day, 2 working days]
    backup: 2 working days
    owner: 4 working days
chores:
  due: 3 working days
  remind: [1 working day]
`

// gatePeople hold the three seats; one more asks.
const gatePeople = `zone: Europe/London
hours: Mon-Fri 09:00-17:00
holidays: england-and-wales
people:
  - {id: olga, name: Olga Owner, mail: olga@gate.example, roles: [legal]}
  - {id: lena, name: Lena Legal, mail: lena@gate.example, roles: [legal], manager: olga}
  - {id: seth, name: Seth Security, mail: seth@gate.example, roles: [security], manager: olga}
  - {id: finn, name: Finn Finance, mail: finn@gate.example, roles: [finance], manager: olga}
`

// signers answer the gate, in this order.
func signers() []string { return []string{"lena", "seth", "finn"} }

// gateLibrary has the gate's playbook alone.
type gateLibrary struct{}

func (gateLibrary) Playbook(string) (playbook.Playbook, []byte, error) {
	pb, err := config.ReadPlaybook("gate.yaml", []byte(gatePlaybook))
	return pb, []byte(gatePlaybook), err
}

func (gateLibrary) Read(text []byte) (playbook.Playbook, error) {
	return config.ReadPlaybook("gate.yaml", text)
}

func (gateLibrary) Snapshot(people []playbook.Person, pb playbook.Playbook, from time.Time) (calendar.Snapshot, error) {
	return config.Snapshot(people, pb, from)
}

// unsealed is for a desk that is asked for no dossier.
type unsealed struct{ desk.Sealer }

// house is gangway on the ground's engine. The loop that files histories does
// not run: what it does is no part of a sign-off.
type house struct {
	*assembly.House
	desk *desk.Desk
	stop func()
}

func openHouse(ctx context.Context, c client.Client, dir string, b *bells, log *slog.Logger) (*house, error) {
	err := os.MkdirAll(dir, 0o700)
	if err != nil {
		return nil, fmt.Errorf("making the record's folder: %w", err)
	}
	a, err := assembly.Open(ctx, c, assembly.Options{Dir: dir, PickPerson: true, Log: log})
	if err != nil {
		return nil, fmt.Errorf("opening the house: %w", err)
	}
	h := &house{House: a, stop: func() {}}
	h.desk = desk.New(a.Archive, c, gateLibrary{}, unsealed{}, desk.Options{Log: log, PickPerson: true})
	people, err := config.ReadPeople("people.yaml", []byte(gatePeople))
	if err == nil {
		_, _, err = h.desk.SeedPeople(ctx, people.List)
	}
	// As assembly makes it, and a channel more.
	w := worker.New(c, workflows.TaskQueue, worker.Options{StickyScheduleToStartTimeout: time.Second,
		DisableRegistrationAliasing: true, MaxConcurrentActivityExecutionSize: 32,
		DeploymentOptions: worker.DeploymentOptions{Version: worker.WorkerDeploymentVersion{DeploymentName: "gangway", BuildID: "a1b2c3d4"}}})
	workflows.Register(w, &activities.Activities{Archive: a.Archive, Messengers: []activities.Messenger{web.Board{Roster: a.Archive}, b}})
	if err == nil {
		err = w.Start()
	}
	if err != nil {
		_ = a.Close() //nolint:errcheck // the first error is the one to tell
		return nil, fmt.Errorf("furnishing the house: %w", err)
	}
	loops, end := context.WithCancel(context.WithoutCancel(ctx))
	ended := make(chan struct{})
	go func() { h.desk.Run(loops); close(ended) }()
	h.stop = func() { end(); <-ended; w.Stop() }
	return h, nil
}

func (h *house) close() error {
	h.stop()
	return h.Close()
}

// open opens the gate of a vendor of its own.
func (h *house) open(ctx context.Context, n string) (string, error) {
	i := playbook.Intake{ID: "gate-" + n, Reason: "It has to be measured.", YearlyCost: 1000, Currency: "EUR", Data: []string{"none"}, Owner: "olga",
		From: review.Address{Channel: "web", ID: "olga"}}
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

// say answers for one seat as a person's browser would.
func (h *house) say(ctx context.Context, id string, seat int) error {
	who := signers()[seat]
	out, err := h.desk.Answer(ctx, review.Answer{ID: "web-" + strings.ToLower(rand.Text()), Request: request(id), Verdict: review.Approve,
		From: review.Address{Channel: "web", ID: who}, Channel: "web", At: time.Now()})
	if err != nil {
		return fmt.Errorf("answering a gate: %w", err)
	}
	if out.Status != review.Counted && out.Status != review.Pending { // pending: the loop delivers it
		return fmt.Errorf("the answer of %s does not count: %s %s", who, out.Status, out.Refusal)
	}
	return nil
}
