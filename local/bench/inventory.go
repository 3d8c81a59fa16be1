package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"syscall"
	"time"

	"go.temporal.io/sdk/client"

	"gangway/internal/inventory"
)

// mostAgain is how many calls may be made in all, to those that are needed: a worker
// that was killed does again what it did in the tenth of a second before.
const mostAgain = 1.1

// measureInventory takes stock of a large organisation and cuts a vendor off, while the
// process that does so is killed again and again.
func measureInventory(ctx context.Context, g *ground, t *table) error {
	clock := swift{From: time.Now()}
	s, roster, err := newStock(clock)
	if err != nil {
		return err
	}
	defer func() { _ = s.Close() }() // it held nothing that stays
	digest, err := g.file(ctx, roster)
	if err != nil {
		return err
	}
	run, err := g.house.client.ExecuteWorkflow(ctx, client.StartWorkflowOptions{ID: "stock", TaskQueue: stockQueue}, takeStock, digest)
	if err != nil {
		return fmt.Errorf("starting an inventory: %w", err)
	}
	work := calling{Role: roleStock, Place: g.place, Hub: hub{s.API(), s.Organisation(), s.Token(), clock}}
	made := func() int { return len(s.Calls("")) }
	began := time.Now()
	out, kills, err := g.killedWhile(ctx, run, work, made)
	if err != nil {
		return err
	}
	took := time.Since(began)
	var seen []inventory.Sight
	needed, counted := 0, 0
	for _, evidence := range []string{out.Before.Evidence, out.After.Evidence} {
		sights, err := g.sights(ctx, evidence)
		if err != nil {
			return err
		}
		calls, need := perRepository(sights)
		// Once in a process, and a team's members again after ten minutes.
		most := need + 2*(kills+1) + int(took*stockSpeed/(10*time.Minute))
		t.must(calls <= most, "%d calls for %d repositories (%.2f each), %d needed", calls, stockRepositories, float64(calls)/stockRepositories, most)
		needed, counted = needed+need, counted+total(sights)
		seen = sights
	}
	cuts, err := g.sights(ctx, out.Cut.Evidence)
	if err != nil {
		return err
	}
	counted += total(cuts)
	t.add(line{what: "calls made, to those of the evidence", own: float64(made()), bare: float64(counted), most: mostAgain})
	refused := 0
	for _, c := range s.Calls("") {
		if c.Status == 403 || c.Status == 429 {
			refused++
		}
	}
	t.must(refused == 0 && len(s.Exceeded()) == 0, "no call was refused for a limit (%d were, %q)", refused, s.Exceeded())
	t.must(out.Before.Repositories == stockRepositories && out.After.Repositories == stockRepositories, "all %d repositories were looked at, twice", stockRepositories)
	left := 0
	for _, c := range inventory.Compare(nil, seen).New {
		if roster.Takes(c) {
			left++
		}
	}
	t.must(left == 0 && out.Cut.Cut > 0 && out.Cut.Left == 0, "all %d things of the vendor's were cut (%d left, %d found again)", out.Cut.Cut, out.Cut.Left, left)
	t.note("%d kills; %s by GitHub's clock, half of whose limits it left to others; %d calls for the cuts", kills, (took * stockSpeed).Round(time.Minute), total(cuts))
	return nil
}

// killedWhile lets one process after the other work on a run, and kills each at some
// call, until the run ends.
func (g *ground) killedWhile(ctx context.Context, run client.WorkflowRun, work calling, made func() int) (out stock, kills int, err error) {
	done := make(chan error, 1)
	go func() { done <- run.Get(ctx, &out) }()
	for {
		k, _, err := spawn(work, nil)
		if err != nil {
			return out, kills, err
		}
		// Some nine thousand calls are made: the kills are spread over them.
		at := made() + 1 + rand.IntN(2*9000/(g.kills+1))
		for err = errGoesOn; errors.Is(err, errGoesOn) && (kills >= g.kills || made() < at); {
			select {
			case err = <-done:
			case <-k.ended:
				err = errors.New("a worker ended by itself")
			case <-time.After(20 * time.Millisecond):
			}
		}
		if !errors.Is(err, errGoesOn) {
			k.end()
			return out, kills, err
		}
		k.signal(syscall.SIGKILL)
		<-k.ended
		kills++
	}
}

// errGoesOn: a run has not ended.
var errGoesOn = errors.New("it goes on")

// file keeps a document in the ground's record.
func (g *ground) file(ctx context.Context, what any) (string, error) {
	text, err := json.Marshal(what)
	if err != nil {
		return "", fmt.Errorf("writing a document: %w", err)
	}
	p, err := g.house.Archive.Put(ctx, bytes.NewReader(text), 1<<20)
	if err != nil {
		return "", fmt.Errorf("filing a document: %w", err)
	}
	return p.Digest, nil
}

// sights are what the evidence of an inventory or a cut says.
func (g *ground) sights(ctx context.Context, digest string) ([]inventory.Sight, error) {
	_, r, err := g.house.Archive.Get(ctx, digest)
	if err != nil {
		return nil, fmt.Errorf("opening the evidence: %w", err)
	}
	defer r.Close()
	text, err := io.ReadAll(r)
	if err != nil {
		return nil, fmt.Errorf("reading the evidence: %w", err)
	}
	var said struct {
		Sights []inventory.Sight `json:"sights"`
	}
	err = json.Unmarshal(text, &said)
	return said.Sights, err
}

func total(sights []inventory.Sight) int {
	n := 0
	for _, s := range sights {
		n += s.Calls
	}
	return n
}

// perRepository is how many calls the repositories took, and how many GitHub's endpoints
// make necessary: eight each; which way somebody came in, where somebody was found; and
// who has the login of whoever added a key.
func perRepository(sights []inventory.Sight) (calls, need int) {
	seen := map[int64]bool{}
	for _, s := range sights {
		if s.RepositoryID == 0 {
			continue
		}
		calls += s.Calls
		if !seen[s.RepositoryID] {
			seen[s.RepositoryID] = true
			need += 8
		}
		direct, other := 0, 0
		for _, f := range s.Findings {
			switch {
			case s.Place == inventory.PlaceDeployKeys:
				need++
			case s.Place != inventory.PlaceCollaborators:
			case f.By == inventory.WayDirect:
				direct++
			default:
				other++
			}
		}
		if direct+other > 0 {
			need++
		}
		if other > 0 {
			need++
		}
	}
	return calls, need
}

// workOnStock is a process that works on inventories. It logs nothing: that it waits for
// the next hour is what is measured.
func workOnStock(ctx context.Context, c calling) (func(), error) {
	w, stop, err := stockWorker(ctx, c.Place, c.Hub, slog.New(slog.DiscardHandler))
	if err != nil {
		return nil, err
	}
	if err := w.Start(); err != nil {
		return nil, fmt.Errorf("starting a worker: %w", err)
	}
	return func() { w.Stop(); stop() }, nil
}
