package workflows

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"google.golang.org/protobuf/proto"
)

// budget is what a history may cost; it stands beside the histories.
type budget struct {
	// Events is the most events, Bytes the most bytes as the engine stores them.
	Events int `json:"events"`
	Bytes  int `json:"bytes"`
}

// TestHistoriesStayInBudget prints and bounds what each golden history costs.
func TestHistoriesStayInBudget(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(filepath.Join("testdata", "histories", "budgets.json"))
	if err != nil {
		t.Fatalf("reading the budgets: %v", err)
	}
	var budgets map[string]budget
	if err := json.Unmarshal(text, &budgets); err != nil {
		t.Fatalf("reading the budgets: %v", err)
	}
	for _, file := range histories(t) {
		name, err := filepath.Rel(filepath.Join("testdata", "histories"), file)
		if err != nil {
			t.Fatalf("naming a history: %v", err)
		}
		h := readHistory(t, file)
		events, bytes := len(h.GetEvents()), proto.Size(h)
		b, ok := budgets[filepath.ToSlash(name)]
		t.Logf("%-45s %4d events of %4d  %7d bytes of %7d", name, events, b.Events, bytes, b.Bytes)
		if !ok {
			t.Errorf("%s has no budget in budgets.json", name)
			continue
		}
		if events > b.Events || bytes > b.Bytes {
			t.Errorf("%s costs %d events and %d bytes, its budget is %d and %d", name, events, bytes, b.Events, b.Bytes)
		}
		delete(budgets, filepath.ToSlash(name))
	}
	for name := range budgets {
		t.Errorf("budgets.json names %s, which is not there", name)
	}
}
