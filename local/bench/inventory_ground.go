package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/worker"

	"gangway/activities"
	"gangway/internal/assembly"
	"gangway/internal/github"
	"gangway/internal/github/githubtest"
	"gangway/internal/inventory"
)

// The organisation: how many repositories, and how many of the vendor's people.
const (
	stockRepositories = 500
	stockPeople       = 40
	// stockSpeed is how much faster its clock goes than ours: an hour of GitHub's limits
	// takes half a minute.
	stockSpeed = 120
	stockQueue = "stock"
	// stockBeat is after how long without a word a worker is taken for gone.
	stockBeat = 2 * time.Second
)

// swift is a clock that goes faster than the machine's. A GitHub and whoever calls it
// have the same.
type swift struct{ From time.Time }

func (c swift) now() time.Time { return c.From.Add(stockSpeed * time.Since(c.From)) }

func (c swift) wait(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d / stockSpeed)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// hub is where a worker finds the organisation.
type hub struct {
	API, Organisation, Token string
	Clock                    swift
}

// hurried has the engine wait by the swift clock, too.
type hurried struct{ s *github.Surveyor }

// Organisation looks at the organisation.
func (h hurried) Organisation(ctx context.Context, r inventory.Roster) (inventory.Overview, error) {
	o, err := h.s.Organisation(ctx, r)
	return o, sooner(err)
}

// Repository looks at one.
func (h hurried) Repository(ctx context.Context, r inventory.Roster, repo inventory.Repository) ([]inventory.Sight, error) {
	all, err := h.s.Repository(ctx, r, repo)
	return all, sooner(err)
}

// Cut takes one thing away.
func (h hurried) Cut(ctx context.Context, r inventory.Roster, f inventory.Finding) (inventory.Sight, error) {
	s, err := h.s.Cut(ctx, r, f)
	return s, sooner(err)
}

func sooner(err error) error {
	var e *github.CallError
	if !errors.As(err, &e) {
		return err
	}
	return soonError{e}
}

// soonError is tried again by the swift clock.
type soonError struct{ *github.CallError }

// RetryAfter is the pause that GitHub asks for, by our clock.
func (e soonError) RetryAfter() time.Duration { return e.CallError.RetryAfter() / stockSpeed }

// stockWorker works on inventories; at is where its record is.
func stockWorker(ctx context.Context, at place, to hub, log *slog.Logger) (worker.Worker, func(), error) {
	c, err := connectPacked(ctx, at, log)
	if err != nil {
		return nil, nil, fmt.Errorf("connecting a worker: %w", err)
	}
	h, err := assembly.Open(ctx, c, assembly.Options{Dir: at.Dir, Database: at.Database, Shared: true, Log: log})
	if err != nil {
		return nil, nil, fmt.Errorf("opening a worker's house: %w", err)
	}
	client, err := github.NewClient(github.Connection{API: to.API, Organisation: to.Organisation, Token: to.Token, Now: to.Clock.now, Wait: to.Clock.wait})
	if err != nil {
		return nil, nil, errors.Join(err, h.Close())
	}
	acts := &activities.Activities{Archive: h.Archive, Filing: h.Archive, Survey: hurried{github.NewSurveyor(client)}}
	w := worker.New(c, stockQueue, worker.Options{StickyScheduleToStartTimeout: localSticky, MaxHeartbeatThrottleInterval: 100 * time.Millisecond})
	w.RegisterWorkflow(takeStock)
	w.RegisterActivityWithOptions(acts.Inventory, activity.RegisterOptions{Name: "Inventory"})
	w.RegisterActivityWithOptions(acts.Cut, activity.RegisterOptions{Name: "Cut"})
	return w, func() { _ = h.Close() }, nil // the process ends
}

// newStock is a GitHub with a large organisation, in which a vendor's people are in
// teams, in repositories, invited, and have keys.
func newStock(clock swift) (*githubtest.Server, inventory.Roster, error) {
	s, err := githubtest.New(githubtest.Options{Organisation: "northgate", Now: clock.now})
	if err != nil {
		return nil, inventory.Roster{}, err
	}
	s.AddMember("owner", "admin")
	r := inventory.Roster{Vendor: "acme", Named: []string{"acme.example"}}
	for i := range stockPeople {
		r.Identities = append(r.Identities, inventory.Identity{Login: vendors(i), Account: s.AddUser(vendors(i)).ID})
	}
	s.AddTeam("outsourced", "push", vendors(0), vendors(1), vendors(2), "ann")
	s.AddTeam("staff", "push", "ann")
	for i := range stockRepositories {
		name := fmt.Sprintf("repository-%03d", i)
		s.AddRepository(name, "private", "staff")
		if i%10 == 0 {
			s.Let("outsourced", name)
		}
		if i%5 == 1 {
			s.AddCollaborator(name, vendors(3+i/5%(stockPeople-3)), "write")
		}
		if i%25 == 2 {
			s.AddKey(name, "deploy", vendors(7))
			s.AddHook(name, "https://ci.acme.example/push")
		}
	}
	return s, r, nil
}

func vendors(i int) string { return fmt.Sprintf("vendor-%02d", i) }
