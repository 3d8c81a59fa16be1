package workflows

import (
	"encoding/json"
	"slices"
	"testing"
	"time"

	"go.temporal.io/sdk/workflow"

	"gangway/internal/engagement"
	"gangway/internal/exit"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// forgottenText is a sheet that names a repository and a licence that were forgotten.
func forgottenText(repository string) string {
	line := func(id, words string, choices ...string) engagement.SheetLine {
		return engagement.SheetLine{Point: engagement.Point{ID: id}, Finding: engagement.Finding{Point: id, Choices: choices, Said: words != ""}, Words: words}
	}
	text, err := json.Marshal(engagement.Sheet{Title: "Forgotten", Lines: []engagement.SheetLine{
		line("found-1-what", repository), line("found-1-kind", "", string(exit.AssetRepository)), line("found-1-with", "the vendor"), line("found-1-who", "", "it-ida"),
		line("found-2-what", "a licence"), line("found-2-kind", "", string(exit.AssetLicence)), line("looked", "invoices")}})
	if err != nil {
		panic(err)
	}
	return string(text)
}

// remembers has people asked what was forgotten.
func (x *departure) remembers(sheets ...string) {
	x.in.Steps = append(x.in.Steps, exitStep(x.t, "forgotten", exit.DoesForgotten, review.Task, seat("service")))
	x.forgets = func(round int) string { return sheets[min(round, len(sheets))-1] }
}

// What a revocation that stays does: it looks, says so, and looks again for what it is
// told of, until there is no more.
func (x *departure) staying(looks *int) func(workflow.Context, ExitPartInput) (ExitPartResult, error) {
	return func(ctx workflow.Context, in ExitPartInput) (ExitPartResult, error) {
		if !in.Stays {
			x.t.Errorf("a revocation is not told to stay: %+v", in.Process)
		}
		gone, enough := in.SameDay, false
		workflow.Go(ctx, func(ctx workflow.Context) {
			for {
				var n PartNews
				workflow.GetSignalChannel(ctx, SignalPart).Receive(ctx, &n)
				x.heard = append(x.heard, "revocation "+n.Word)
				switch n.Word {
				case NewsGo:
					gone = true
				case NewsFound:
					*looks++
					x.env.SignalWorkflow(SignalPart, PartNews{Word: NewsLooked})
				case NewsEnough:
					enough = true
				}
			}
		})
		if err := workflow.Await(ctx, func() bool { return gone }); err != nil {
			return ExitPartResult{Result: ResultWithdrawn}, nil
		}
		if err := workflow.Sleep(ctx, 30*day); err != nil {
			return ExitPartResult{Result: ResultWithdrawn}, nil
		}
		*looks++
		x.env.SignalWorkflow(SignalPart, PartNews{Word: NewsLooked})
		if err := workflow.Await(ctx, func() bool { return enough }); err != nil {
			return ExitPartResult{Result: ResultWithdrawn}, nil
		}
		return ExitPartResult{Result: ResultDone, Matters: []exit.Matter{lineOf(in.Process, exit.PartRevocation, exit.StateDone)}}, nil
	}
}

// People are asked what was forgotten after the last look at access, and not before. What
// they name is handed over by a process of its own, that asks nobody what else there is;
// access is looked at again for the repository among it, and only then is there no more.
func TestWhatPeopleForgotIsHandedOver(t *testing.T) {
	x := newDeparture(t, exit.ModePlanned, exit.AfterInHouse)
	x.remembers("planted prose", forgottenText("acme/spare")) // which nobody can read; then a sheet
	x.in.Steps = append(x.in.Steps, playbook.Step{ID: "else", Process: exit.PartHandover, Does: exit.DoesAssets, Kind: review.Task})
	looks := 0
	x.does[exit.PartRevocation] = x.staying(&looks)
	x.daily(day, nil)
	out := x.leave()
	if out.Result != ResultExited || x.asked != 2 || looks != 2 {
		t.Errorf("got %+v; asked were people %d times, looked at was access %d times", out, x.asked, looks)
	}
	got := x.given(exit.PartHandover)
	want := []exit.Asset{{ID: "found-1", Kind: exit.AssetRepository, Receiver: "it-ida"}, {ID: "found-2", Kind: exit.AssetLicence}}
	if got.Process != "handover/acme/2" || !slices.Equal(got.Assets, want) || got.Repositories == "" || len(got.Areas) > 0 ||
		slices.ContainsFunc(got.Steps, func(s playbook.Step) bool { return s.Does == exit.DoesAssets }) {
		t.Errorf("handed over is %+v", got)
	}
	if heard := slices.DeleteFunc(slices.Clone(x.heard), func(h string) bool { return h[:3] != "rev" }); !slices.Equal(heard, []string{"revocation " + NewsGo, "revocation " + NewsFound, "revocation " + NewsEnough}) {
		t.Errorf("the revocation heard %v", heard)
	}
	if begun := x.begun(); slices.Contains(begun, "revocation/acme/2") {
		t.Errorf("begun were %v", begun)
	}
}

// The revocation is over when the repository has come: another looks at access, and cuts.
func TestAccessIsLookedAtAgainAfterARepositoryCameLate(t *testing.T) {
	x := newDeparture(t, exit.ModePlanned, exit.AfterInHouse)
	x.remembers(forgottenText("acme/spare"))
	x.daily(day, nil)
	out := x.leave()
	if got := x.given(exit.PartRevocation); out.Result != ResultExited || got.Process != "revocation/acme/2" || !got.SameDay {
		t.Errorf("got %+v; looked again is by %+v", out, got)
	}
}

// What has no name that a call could use is handed over all the same, and no access came
// along with it that a program could see.
func TestWhatWasForgottenWithoutAName(t *testing.T) {
	x := newDeparture(t, exit.ModePlanned, exit.AfterInHouse)
	x.remembers(forgottenText("the old site"))
	x.daily(day, nil)
	out := x.leave()
	if got := x.given(exit.PartHandover); out.Result != ResultExited || len(got.Assets) != 2 || got.Repositories != "" || slices.Contains(x.begun(), "revocation/acme/2") {
		t.Errorf("got %+v; handed over is %+v", out, got)
	}
}

// Something is found while assets change hands, and the owner has those handed over once
// more: what was found is not forgotten again.
func TestWhatJoinedAHandoverJoinsTheNext(t *testing.T) {
	x := newDeparture(t, exit.ModeForCause, exit.AfterEnds)
	runs := 0
	x.does[exit.PartHandover] = func(ctx workflow.Context, in ExitPartInput) (ExitPartResult, error) {
		runs++
		if runs > 1 {
			return x.lasts(ctx, exit.PartHandover, in, 10*day, exit.StateDone)
		}
		x.env.RegisterDelayedCallback(func() {
			for range 2 { // told twice, it is one thing
				x.env.SignalWorkflow(SignalPart, PartNews{Word: NewsFound, Document: "sha256:found", Assets: []exit.Asset{{ID: "seen-7", Kind: exit.AssetRepository}}})
			}
		}, day)
		return x.lasts(ctx, exit.PartHandover, in, 10*day, exit.StateFailed)
	}
	x.on(time.Hour, func() {
		x.answer("it-ida", "emergency", review.Approve)
		x.answer("legal-lee", "emergency", review.Approve)
	})
	x.daily(day, nil)
	out := x.leave()
	found := slices.DeleteFunc(slices.Clone(x.heard), func(h string) bool { return h != "handover "+NewsFound })
	if out.Result != ResultExited || runs != 2 || len(found) != 2 {
		t.Errorf("got %+v after %d runs; parts heard %v", out, runs, x.heard)
	}
}
