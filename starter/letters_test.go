package main

import (
	"bytes"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestBounceIsBounded: what is larger than any report is dropped before it is
// sent, so that a mail server's pipe fills no memory here and none there.
func TestBounceIsBounded(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	fake := httptest.NewServer(&fakeAPI{t: t, dir: dir})
	t.Cleanup(fake.Close)
	for size, want := range map[int]int{mostBounce: exitDone, mostBounce + 1: exitData} {
		report := "Content-Type: message/delivery-status\n"
		var errs bytes.Buffer
		code := patient().run(t.Context(), []string{"bounce", "--url", fake.URL, "--as", "maya"}, nil,
			strings.NewReader(report+strings.Repeat("x", size-len(report))), new(bytes.Buffer), &errs)
		if code != want {
			t.Errorf("a report of %d bytes ends with %d, wanted %d\n%s", size, code, want, errs.String())
		}
	}
	sent, err := os.ReadFile(filepath.Join(dir, "sent"))
	if err != nil || strings.Count(string(sent), "/api/bounce") != 1 {
		t.Errorf("sent were %q (%v)", sent, err)
	}
}
