package activities

import (
	"errors"
	"slices"
	"testing"

	"go.temporal.io/sdk/temporal"
)

// Every copy that is there is erased under the rule, and whoever asks is told of one
// that never was.
func TestErase(t *testing.T) {
	s := newStore(t)
	a := &Activities{Archive: s}
	first, second := s.put(t, []byte("a passport")), s.put(t, []byte("a police check"))
	in := EraseIn{Case: "diligence/acme/1", Documents: []string{first, "sha256:none", second}, Rule: "30 days"}
	out, err := a.Erase(t.Context(), in)
	if err != nil || !slices.Equal(out.Missing, []string{"sha256:none"}) {
		t.Fatalf("%+v, %v", out, err)
	}
	if want := []string{"diligence/acme/1 30 days", "diligence/acme/1 30 days"}; !slices.Equal(s.erased, want) {
		t.Errorf("erased %q, want %q", s.erased, want)
	}
}

// A record that is away is tried again, one that refuses is not.
func TestEraseInTrouble(t *testing.T) {
	s := newStore(t)
	a := &Activities{Archive: s}
	for _, c := range []struct {
		fault error
		final bool
	}{{errors.New("the disk is away"), false}, {finally{}, true}} {
		s.fault = c.fault
		_, err := a.Erase(t.Context(), EraseIn{Case: "c", Documents: []string{"sha256:x"}, Rule: "r"})
		var app *temporal.ApplicationError
		if err == nil || (errors.As(err, &app) && app.NonRetryable()) != c.final {
			t.Errorf("%v came out as %v", c.fault, err)
		}
	}
}

type finally struct{}

func (finally) Error() string   { return "refused for good" }
func (finally) Permanent() bool { return true }
