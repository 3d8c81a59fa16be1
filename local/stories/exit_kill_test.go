package stories

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"gangway/internal/dossier"
	"gangway/internal/exit"
)

// TestKillWholeExit kills engine, worker and inbox at random points while vendors of
// tier 1 are left, and wants the same in the record as of one who was left in peace:
// of every seat the same in the same order, of every process the same altogether.
func TestKillWholeExit(t *testing.T) {
	dice := diceOf(t)
	n := kills(t)
	c := &voyage{cast: newCast(t), leaving: true}
	c.opens()
	calm := c.leaves("calm")
	if t.Failed() {
		return
	}
	t.Logf("in peace: %d seats of %d processes did something", len(calm.seats), len(calm.all))
	if len(calm.seats) < 15 || len(calm.all) != 5 { // else nothing is compared
		t.Fatalf("too little: %v", calm.seats)
	}
	var wg sync.WaitGroup
	for ship := range min(4, 1+n/10) {
		wg.Go(func() {
			for again := 1; again == 1 || !c.over.Load(); again++ {
				got := c.leaves(fmt.Sprintf("storm-%d-%d", ship+1, again))
				if d := cmp.Diff(calm.seats, got.seats); d != "" {
					t.Errorf("%s: what seats did (-in peace +got):\n%s", got.id, d)
				}
				if d := cmp.Diff(calm.all, got.all); d != "" {
					t.Errorf("%s: what processes did (-in peace +got):\n%s", got.id, d)
				}
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
			t.Logf("%d of %d kills; %d answers so far, %d vendors off", i+1, n, c.said.Load(), c.played.Load())
		}
	}
	c.over.Store(true)
	wg.Wait()
	t.Logf("%d answers, %d vendors off", c.said.Load(), c.played.Load())
}

// leaves adopts a vendor, orders the exit and plays it until the vendor is off, and
// returns what is in the record.
func (c *voyage) leaves(name string) deeds {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Minute)
	defer cancel()
	now := time.Now()
	csv := "vendor,service,owner,sponsor,data,contract_end,notice_days,contacts,source\n" +
		name + ",deliveries,maya,helen,payment," + now.AddDate(3, 0, 0).Format(time.DateOnly) + ",90,Ann Archer <ann@" + name + ".example>,the register\n"
	if !c.insist(ctx, http.MethodPost, "/api/adopt", "tom", dossier.AdoptOrder{CSV: csv, Playbook: "whole", Rehearsal: true}, nil) {
		return deeds{}
	}
	watch := player{voyage: c, id: "oversight/" + name + "/1"}
	for ctx.Err() == nil && len(watch.look(ctx).Watched) < 3 {
		<-time.After(30 * time.Millisecond)
	}
	var opened struct{ Case string }
	if !c.insist(ctx, http.MethodPost, "/api/exit", "tom", dossier.ExitOrder{ID: "exit-" + name, Vendor: name, Confirm: name, Mode: exit.ModePlanned, After: exit.AfterEnds,
		By: now.AddDate(0, 8, 0).Format(time.DateOnly), Reason: "nobody needs it any more"}, &opened) {
		return deeds{}
	}
	p := player{voyage: c, id: opened.Case}
	for ctx.Err() == nil {
		v := p.look(ctx)
		if !v.Closed.IsZero() {
			if v.State != "exited" {
				c.t.Errorf("%s ended %s", p.id, v.State)
			}
			p.ended(ctx)
			return c.deedsOf(p.id, name)
		}
		if !p.turn(ctx) {
			<-time.After(30 * time.Millisecond)
		}
	}
	c.t.Errorf("%s does not end\n%s", p.id, describe(p.look(context.Background())))
	return deeds{}
}

// left reports whether the parts of the exit's leg run already, as begun does of an
// onboarding's stage.
func left(v dossier.CaseView) bool {
	runs := func(kind string) bool {
		return slices.ContainsFunc(v.Processes, func(p dossier.ProcessView) bool { return strings.HasPrefix(p.ID, kind+"/") })
	}
	switch v.Stage {
	case "":
		return false
	case "transition":
		return runs("transfer") && runs("handover") && runs("revocation")
	case "closing":
		return runs("data-return")
	}
	return true
}
