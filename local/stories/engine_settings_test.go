package stories

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"gangway/local/embedded"

	"go.temporal.io/api/taskqueue/v1"
	"go.temporal.io/api/workflowservice/v1"
)

// What the engine is told about its store can be read back from the file.
func TestEngineFileHasTheSettings(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "engine.db")
	startEngine(t, embedded.Options{File: file, UIPort: -1}).Stop()
	db, err := sql.Open("sqlite", file)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	for query, want := range map[string]string{
		"PRAGMA journal_mode":              "wal",
		"PRAGMA integrity_check":           "ok",
		"PRAGMA application_id":            "1735288695", // "gngw"
		"PRAGMA user_version":              "1032001",
		"SELECT count(*) FROM shards":      "4",
		"SELECT min(name) FROM namespaces": "gangway",
	} {
		var got string
		if err := db.QueryRow(query).Scan(&got); err != nil || got != want {
			t.Errorf("%s: got %q (%v), want %q", query, got, err, want)
		}
	}
}

// One partition: with more, a task can wait where nobody polls.
func TestEngineTaskQueuesHaveOnePartition(t *testing.T) {
	t.Parallel()
	s := startEngine(t, embedded.Options{UIPort: -1})
	is, err := dialEngine(t, s).WorkflowService().ListTaskQueuePartitions(t.Context(), &workflowservice.ListTaskQueuePartitionsRequest{
		Namespace: s.Namespace(),
		TaskQueue: &taskqueue.TaskQueue{Name: "greetings"},
	})
	if err != nil {
		t.Fatalf("listing the partitions: %v", err)
	}
	if got := len(is.GetWorkflowTaskQueuePartitions()); got != 1 {
		t.Errorf("workflow task partitions: got %d, want 1", got)
	}
	if got := len(is.GetActivityTaskQueuePartitions()); got != 1 {
		t.Errorf("activity task partitions: got %d, want 1", got)
	}
}

// In memory nothing is kept anyway, so the floor for files does not hold.
func TestEngineInMemoryMayForgetSoon(t *testing.T) {
	t.Parallel()
	s := startEngine(t, embedded.Options{UIPort: -1, Retention: 24 * time.Hour, Synchronous: "normal"})
	checkNamespace(t, dialEngine(t, s), "gangway", 24*time.Hour, map[string]string{})
}

// A start that fails, however far it came, leaves the file for the next one.
func TestEngineStartThatFailsLeavesNothingBehind(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "engine.db")
	quiet := slog.New(slog.DiscardHandler)
	tooMany := make(map[string]string)
	for i := range 40 {
		tooMany[fmt.Sprintf("Flag%d", i)] = "Bool"
	}
	if _, err := embedded.Start(t.Context(), embedded.Options{
		File: file, UIPort: -1, Attributes: tooMany, Log: quiet,
	}); err == nil || !strings.Contains(err.Error(), "search attributes") {
		t.Errorf("40 flags: got error %v, want one about search attributes", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := embedded.Start(ctx, embedded.Options{File: file, UIPort: -1, Log: quiet}); !errors.Is(err, context.Canceled) {
		t.Errorf("a start that nobody waits for: got error %v, want %v", err, context.Canceled)
	}
	s := startEngine(t, embedded.Options{File: file, UIPort: -1})
	if got, want := runGreeting(t, dialEngine(t, s), "greet/after", nil), "welcome, Acme"; got != want {
		t.Errorf("after two starts that failed: got %q, want %q", got, want)
	}
}

// Whoever calls Stop second must not go on while the first is still at it.
func TestEngineStopWaitsForTheFirstCaller(t *testing.T) {
	t.Parallel()
	s := startEngine(t, embedded.Options{UIPort: -1})
	var all sync.WaitGroup
	var one sync.Mutex // they would be in each other's way
	for range 3 {
		all.Go(func() {
			s.Stop()
			one.Lock()
			defer one.Unlock()
			l, err := net.Listen("tcp", s.HostPort())
			if err != nil {
				t.Errorf("after Stop returned: %v", err)
				return
			}
			if err := l.Close(); err != nil {
				t.Errorf("closing: %v", err)
			}
		})
	}
	all.Wait()
}
