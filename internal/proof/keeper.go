package proof

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"time"

	"go.temporal.io/sdk/client"

	"gangway/internal/dossier"
)

// Store is the record as proof needs it.
type Store interface {
	Cases(ctx context.Context) ([]dossier.CaseView, error)
	Append(ctx context.Context, entries []dossier.Entry) error
	Put(ctx context.Context, r io.Reader, limit int64) (dossier.Paper, error)
	// SealReady lists cases that are closed, complete and not sealed.
	SealReady(ctx context.Context) ([]string, error)
	Lease(ctx context.Context, name, holder string, ttl time.Duration) (bool, error)
	Release(ctx context.Context, name, holder string) error
}

// Sealer seals a case; sealing it twice changes nothing.
type Sealer interface {
	Seal(ctx context.Context, caseID string) error
}

// How the loop paces itself. A history is filed within seconds of its run's
// last entry; the promise is an hour.
const (
	keepEvery  = 2 * time.Second
	sweepEvery = 10 * time.Minute
	leaseFor   = time.Minute
	leaseName  = "proof"
)

// Keeper files histories and seals cases.
type Keeper struct {
	store  Store
	sealer Sealer
	engine client.Client
	log    *slog.Logger
	holder string
	swept  time.Time
	now    func() time.Time
	lost   []string // runs that the engine no longer has, each said once
}

// NewKeeper returns a keeper; Run does the work.
func NewKeeper(store Store, sealer Sealer, engine client.Client, log *slog.Logger) *Keeper {
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	return &Keeper{store: store, sealer: sealer, engine: engine, log: log, holder: rand.Text(), now: time.Now}
}

// Run keeps on until ctx ends.
func (k *Keeper) Run(ctx context.Context) {
	tick := time.NewTicker(keepEvery)
	defer tick.Stop()
	for {
		err := k.Pass(ctx)
		if err != nil && ctx.Err() == nil {
			k.log.Warn("keeping evidence; trying again", "error", err)
		}
		select {
		case <-ctx.Done():
			err = k.store.Release(context.WithoutCancel(ctx), leaseName, k.holder)
			if err != nil {
				k.log.Debug("leaving the lease to run out", "error", err)
			}
			return
		case <-tick.C:
		}
	}
}

// Pass files what has ended and seals what is complete, once. Another holder of
// the lease makes it do nothing. What can't be done for one case is an error
// and keeps no other case waiting.
func (k *Keeper) Pass(ctx context.Context) error {
	err := k.hold(ctx)
	if errors.Is(err, errTaken) {
		return nil
	}
	if err != nil {
		return err
	}
	cases, err := k.store.Cases(ctx)
	if err != nil {
		return fmt.Errorf("listing cases: %w", err)
	}
	var faults []error
	for _, v := range cases {
		if !v.Sealed {
			faults = append(faults, k.fileCase(ctx, v))
		}
	}
	if k.now().Sub(k.swept) >= sweepEvery {
		err = k.sweep(ctx, cases)
		if err == nil {
			k.swept = k.now()
		}
		faults = append(faults, err)
	}
	return errors.Join(append(faults, k.seal(ctx))...)
}

// errTaken: the lease went to another holder, so this one stops.
var errTaken = errors.New("another one keeps the evidence")

// hold takes the lease, or has it longer. It is asked before every step: two who
// filed or sealed the same thing would both stand in the record.
func (k *Keeper) hold(ctx context.Context) error {
	mine, err := k.store.Lease(ctx, leaseName, k.holder, leaseFor)
	if err != nil {
		return fmt.Errorf("taking the lease: %w", err)
	}
	if !mine {
		return errTaken
	}
	return nil
}

func (k *Keeper) seal(ctx context.Context) error {
	ready, err := k.store.SealReady(ctx)
	if err != nil {
		return fmt.Errorf("listing what can be sealed: %w", err)
	}
	var faults []error
	for _, id := range ready {
		err = k.hold(ctx)
		if err == nil {
			err = k.sealer.Seal(ctx, id)
		}
		if err != nil {
			faults = append(faults, fmt.Errorf("sealing a case: %w", err))
			continue
		}
		k.log.Info("a case is sealed", "case", id)
	}
	return errors.Join(faults...)
}

// fileCase files the histories of a case's processes that have ended.
func (k *Keeper) fileCase(ctx context.Context, v dossier.CaseView) error {
	var faults []error
	for _, p := range v.Processes {
		if p.Ended.IsZero() {
			continue
		}
		for _, run := range p.Runs {
			if !slices.ContainsFunc(p.Filed, func(f dossier.FiledHistory) bool { return f.Run == run }) {
				faults = append(faults, k.file(ctx, v, p.ID, run))
			}
		}
	}
	return errors.Join(faults...)
}
