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

	"go.temporal.io/api/serviceerror"
	"go.temporal.io/sdk/client"

	"gangway/internal/dossier"
)

// Store is the record as proof needs it.
type Store interface {
	// Unfiled lists cases with a run of an ended process whose history is not
	// filed, OpenProcesses the processes that no entry says have ended.
	Unfiled(ctx context.Context) ([]string, error)
	OpenProcesses(ctx context.Context) ([]string, error)
	// CaseOf is the case of a process; Case one case.
	CaseOf(ctx context.Context, process string) (string, error)
	Case(ctx context.Context, id string) (dossier.CaseView, error)
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
	sweepAll   = 24 * time.Hour // between sweeps of all that the engine retains
	sweepBack  = time.Hour      // how far the others look back beyond the last one
	leaseFor   = 20 * time.Second
	leaseName  = "proof"
)

// Keeper files histories and seals cases.
type Keeper struct {
	store  Store
	sealer Sealer
	engine client.Client
	log    *slog.Logger
	holder string
	swept  time.Time // when it was swept without a fault
	now    func() time.Time

	sweptFull time.Time // when all was
	lost      []string  // runs that the engine no longer has, each said once
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
	unfiled, err := k.store.Unfiled(ctx)
	if err != nil {
		return fmt.Errorf("listing what is not filed: %w", err)
	}
	var faults []error
	for _, id := range unfiled {
		err = k.fileCase(ctx, id)
		if stops(err) {
			return errors.Join(append(faults, err)...)
		}
		faults = append(faults, err)
	}
	if k.sweeps() {
		faults = append(faults, k.sweep(ctx))
	}
	return errors.Join(append(faults, k.seal(ctx))...)
}

// stops reports an error that the next case would meet too: the lease or the
// engine is gone, or it is time to stop. With thousands of cases waiting, each
// would be tried in vain.
func stops(err error) bool {
	var unavailable *serviceerror.Unavailable
	return errors.Is(err, errTaken) || errors.As(err, &unavailable) || errors.Is(err, context.Canceled)
}

// sweeps reports whether it is time to look at what the engine has closed.
func (k *Keeper) sweeps() bool { return k.now().Sub(k.swept) >= sweepEvery }

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
func (k *Keeper) fileCase(ctx context.Context, id string) error {
	v, err := k.store.Case(ctx, id)
	if err != nil {
		return fmt.Errorf("looking up a case whose histories are not filed: %w", err)
	}
	sweeping := k.sweeps() // what the engine has lost is asked for no more often
	var faults []error
	for _, p := range v.Processes {
		if p.Ended.IsZero() {
			continue
		}
		for _, run := range p.Runs {
			if !filed(p, run) && (sweeping || !slices.Contains(k.lost, run)) {
				faults = append(faults, k.file(ctx, v, p.ID, run))
			}
		}
	}
	return errors.Join(faults...)
}

func filed(p dossier.ProcessView, run string) bool {
	return slices.ContainsFunc(p.Filed, func(f dossier.FiledHistory) bool { return f.Run == run })
}
