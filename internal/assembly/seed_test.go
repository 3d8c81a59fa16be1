package assembly

import (
	"bytes"
	"errors"
	"fmt"
	"testing"

	"gangway/internal/dossier"
)

// TestSeedExample fills an empty record, and no other.
func TestSeedExample(t *testing.T) {
	t.Parallel()
	h := open1(t, Options{Dir: t.TempDir()}, &engine{})
	ok(t, h.SeedExample(t.Context()))
	people, revision, err := h.Archive.People(t.Context())
	ok(t, err)
	same(t, "revision", 1, revision)
	if len(people) < 3 {
		t.Fatalf("only %d people", len(people))
	}
	own := people[:1]
	own[0].Backups, own[0].Manager = nil, ""
	_, _, err = h.Desk.SeedPeople(t.Context(), own) // an operator's file
	ok(t, err)
	ok(t, h.SeedExample(t.Context()))
	people, revision, err = h.Archive.People(t.Context())
	ok(t, err)
	there := 0
	for _, p := range people {
		if !p.Left {
			there++
		}
	}
	same(t, "the operator's people stay", []int{2, 1}, []int{revision, there})
}

func TestComplain(t *testing.T) {
	t.Parallel()
	hinted := dossier.FullError{Doing: "keeping a text"}
	for _, tt := range []struct {
		err  error
		want string
	}{
		{errors.New("no luck"), "gangway: error: no luck\n"},
		{fmt.Errorf("starting: %w", hinted), fmt.Sprintf("gangway: error: starting: %v\ngangway: hint: %s\n", hinted, hinted.Hint())},
	} {
		var out bytes.Buffer
		Complain(&out, tt.err)
		same(t, "said", tt.want, out.String())
	}
}
