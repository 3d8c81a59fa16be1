package activities

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"gangway/internal/custody"
	"gangway/internal/engagement"
	"gangway/internal/exit"
	"gangway/internal/inventory"
)

// TestWhatWasForgottenHasIdsOfItsOwn: the rows of a sheet that says what was forgotten are
// assets under ids that no plan has, and their names stay in documents.
func TestWhatWasForgottenHasIdsOfItsOwn(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	a := &Activities{Archive: s, Filing: s}
	var sheet engagement.Sheet
	for _, l := range [][3]string{{"found-1-what", "planted/spare", ""}, {"found-1-kind", "", "repository"}, {"found-1-with", "planted-holder", ""}, {"found-1-who", "", "it-ida"},
		{"found-2-what", "planted-domain", ""}, {"found-2-kind", "", "domain"}, {"found-3-kind", "", "domain"}, {"looked", "planted-place", ""}} {
		line := engagement.SheetLine{Point: engagement.Point{ID: l[0]}, Words: l[1], Finding: engagement.Finding{Point: l[0]}}
		if l[2] != "" {
			line.Finding.Choices = []string{l[2]}
		}
		sheet.Lines = append(sheet.Lines, line)
	}
	text, err := json.Marshal(sheet)
	if err != nil {
		t.Fatal(err)
	}
	out, err := a.PlanExit(t.Context(), PlanExitIn{Plan: s.put(t, text)})
	want := []exit.Asset{{ID: "found-1", Kind: exit.AssetRepository, Receiver: "it-ida"}, {ID: "found-2", Kind: exit.AssetDomain}, {ID: "found-3", Kind: exit.AssetDomain}}
	if err != nil || !slices.Equal(out.Assets, want) || len(out.Areas) > 0 || strings.Contains(show(t, out), "planted") {
		t.Errorf("%+v, %v", out, err)
	}
	var list custody.List
	if err := a.readJSON(t.Context(), out.Repositories, "a list", &list); err != nil || len(list.Items) != 1 || list.Items[0].Asset != "found-1" || list.Items[0].Repository.Name != "spare" {
		t.Errorf("%+v, %v", list, err)
	}
}

// TestAnInventorySaysWhatNobodyThoughtOf: a repository in which the vendor's people worked
// after the cut, and that the plan does not name, by its number; its name is filed.
func TestAnInventorySaysWhatNobodyThoughtOf(t *testing.T) {
	t.Parallel()
	roster := ourRoster
	roster.Cut = time.Date(2026, 5, 1, 9, 0, 0, 0, time.UTC)
	x := newSurveying(t, roster)
	push := theirs(inventory.PlacePushes, "portal", "")
	push.RepositoryID, push.ByHand = 2, true
	x.s.found["portal"] = []inventory.Finding{push}
	out, err := x.inventory(InventoryIn{Plan: x.store.put(t, []byte("we know of ledger"))})
	if err != nil || len(out.Forgotten) != 1 || out.Forgotten[0] != (exit.Asset{ID: "seen-2", Kind: exit.AssetRepository}) || strings.Contains(show(t, out), "portal") {
		t.Fatalf("%+v, %v", out, err)
	}
	var list custody.List
	if err := x.readJSON(t.Context(), out.List, "a list", &list); err != nil || len(list.Items) != 1 || list.Items[0].Asset != "seen-2" || list.Items[0].Repository.Name != "portal" {
		t.Errorf("%+v, %v", list, err)
	}
	for what, plan := range map[string]string{"the plan names it": x.store.put(t, []byte("we know of portal")), "there is no plan": ""} {
		x.again()
		if out, err := x.inventory(InventoryIn{Plan: plan}); err != nil || len(out.Forgotten) > 0 || out.List != "" {
			t.Errorf("%s: %+v, %v", what, out, err)
		}
	}
}
