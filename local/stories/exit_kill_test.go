package stories

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"gangway/internal/dossier"
	"gangway/internal/exit"
)

// TestKillWholeExit kills engine, worker and inbox at random points while vendors of
// tier 1 are left, and wants the same in the record as of one who was left in peace:
// of every seat the same in the same order, of every process the same altogether.
func TestKillWholeExit(t *testing.T) {
	t.Parallel()
	c := &voyage{cast: newCast(t), leaving: true}
	c.storms(t, 15, c.leaves)
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
