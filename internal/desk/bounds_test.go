package desk

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"

	"gangway/internal/calendar"
	"gangway/internal/dossier"
	"gangway/internal/playbook"
)

// TestPlacesAreGivenBack: what desk keeps for a process goes when nobody is at
// it, whether they had a place or gave up waiting for one.
func TestPlacesAreGivenBack(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var all sync.WaitGroup
	for i := range 200 {
		all.Go(func() {
			leave, err := w.desk.enter(t.Context(), fmt.Sprint("onboarding/acme/", i%20))
			if err != nil {
				t.Error(err)
				return
			}
			leave()
		})
	}
	all.Wait()
	same(t, "processes", 0, len(w.desk.slots))
	var leaves []func()
	for range perProcess {
		leave, err := w.desk.enter(t.Context(), onboarding)
		ok(t, err)
		leaves = append(leaves, leave)
	}
	gone, stop := context.WithCancel(t.Context())
	stop()
	if _, err := w.desk.enter(gone, onboarding); err == nil {
		t.Error("a place too many")
	}
	same(t, "one process", 1, len(w.desk.slots))
	for _, leave := range leaves {
		leave()
	}
	same(t, "none", 0, len(w.desk.slots))
}

// TestPlaybooksInMemoryAreBounded: a desk that runs for years sees many.
func TestPlaybooksInMemoryAreBounded(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.opens(onboarding, calendar.Anchor{})
	text := string(must2(t)(shelf{}.Playbook("small")))
	paper := must[dossier.Paper](t)(w.desk.File(t.Context(), from("rita"), strings.NewReader(text)))
	w.engine.mu.Lock()
	p.say(w.clock.now(), dossier.Entry{Kind: dossier.DocumentFiled, Detail: &dossier.Detail{Name: "playbook", Document: paper.Digest}})
	w.flush(p)
	w.engine.mu.Unlock()
	for i := range maxRules {
		w.desk.rules[fmt.Sprint("sha256:", i)] = playbook.Playbook{}
	}
	for range 2 {
		if got := w.desk.Statement(t.Context(), onboarding, "read-in-full"); got == "read-in-full" {
			t.Error("the case's playbook was not read")
		}
	}
	same(t, "kept", 1, len(w.desk.rules))
}
