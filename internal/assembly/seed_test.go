package assembly

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
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

// TestSeedFile writes an operator's file, once, and names its faults.
func TestSeedFile(t *testing.T) {
	t.Parallel()
	h := open1(t, Options{Dir: t.TempDir()}, &engine{})
	file := filepath.Join(t.TempDir(), "people.yaml")
	ok(t, os.WriteFile(file, []byte("zone: UTC\nhours: Mon-Fri 09:00-17:00\npeople:\n  - {id: zoe, name: Zoe Zahn, roles: [legal]}\n"), 0o600))
	ok(t, h.SeedFile(t.Context(), file))
	ok(t, h.SeedFile(t.Context(), file))
	people, revision, err := h.Archive.People(t.Context())
	ok(t, err)
	same(t, "people, revision", []int{1, 1}, []int{len(people), revision})
	ok(t, os.WriteFile(file, []byte("people:\n  - {id: zoe, nam: Zoe}\n"), 0o600))
	err = h.SeedFile(t.Context(), file)
	if err == nil || !strings.Contains(err.Error(), "people.yaml:2") {
		t.Errorf("a faulty file: %v, want its fault with its line", err)
	}
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
