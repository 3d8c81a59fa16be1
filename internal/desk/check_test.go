package desk

import (
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"gangway/internal/dossier"
)

func ok(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// must passes a value on and fails the test at an error.
func must[T any](t *testing.T) func(v T, err error) T {
	return func(v T, err error) T {
		t.Helper()
		ok(t, err)
		return v
	}
}

func same(t *testing.T, what string, want, got any) {
	t.Helper()
	if d := cmp.Diff(want, got, cmpopts.EquateEmpty()); d != "" {
		t.Errorf("%s (-want +got):\n%s", what, d)
	}
}

// isBusy wants a BusyError whose hint says what becomes of the text.
func isBusy(t *testing.T, err error) {
	t.Helper()
	var busy BusyError
	if !errors.As(err, &busy) || !strings.Contains(busy.Hint(), "can't count twice") || errors.Unwrap(busy) == nil {
		t.Errorf("want BusyError, got %v", err)
	}
}

// isInput wants an InputError with a hint.
func isInput(t *testing.T, err error) InputError {
	t.Helper()
	var input InputError
	if !errors.As(err, &input) || !input.Invalid() || input.Hint() == "" {
		t.Errorf("want InputError, got %v", err)
	}
	return input
}

func missing(t *testing.T, err error) {
	t.Helper()
	if !isNotFound(err) {
		t.Errorf("want an error with NotFound, got %v", err)
	}
}

func forbidden(t *testing.T, err error) {
	t.Helper()
	var no ForbiddenError
	if !errors.As(err, &no) || !no.Forbidden() || no.Hint() == "" {
		t.Errorf("want ForbiddenError, got %v", err)
	}
}

// paperOf closes what was opened.
func paperOf(p dossier.Paper, r io.ReadCloser, err error) (dossier.Paper, error) {
	if err == nil {
		err = r.Close()
	}
	return p, err
}
