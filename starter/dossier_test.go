package main

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
)

// TestDossierCutOff: a download that breaks off is begun anew, and the file is
// whole.
func TestDossierCutOff(t *testing.T) {
	t.Parallel()
	made, err := dossiers()
	if err != nil {
		t.Fatal(err)
	}
	var tries atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if n := int(tries.Add(1)); n < 3 {
			_, _ = w.Write(bytes.Repeat(made.live, 3-n)) // more than the whole, then nothing
			_ = http.NewResponseController(w).Flush()
			panic(http.ErrAbortHandler)
		}
		_, _ = w.Write(made.live)
	}))
	t.Cleanup(server.Close)
	dir := t.TempDir()
	out := filepath.Join(dir, "out.zip")
	var errs bytes.Buffer
	code := patient().run(t.Context(), []string{"dossier", brightwell, "--out", out, "--data", folder(t, server.URL, ""), "--as", "maya"}, nil, nil, new(bytes.Buffer), &errs)
	got, err := os.ReadFile(out)
	if code != 0 || err != nil || !bytes.Equal(got, made.live) || tries.Load() != 3 {
		t.Errorf("exit code %d after %d tries, %v\n%s", code, tries.Load(), err, errs.String())
	}
	nothingLeft(t, dir, "out.zip")
}

// TestDossierRace: a file that came to be there while the dossier was on its way
// stays as it is.
func TestDossierRace(t *testing.T) {
	t.Parallel()
	made, err := dossiers()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	out := filepath.Join(dir, "out.zip")
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if err := os.WriteFile(out, []byte("mine"), 0o600); err != nil {
			t.Error(err)
		}
		_, _ = w.Write(made.live)
	}))
	t.Cleanup(server.Close)
	var errs bytes.Buffer
	code := patient().run(t.Context(), []string{"dossier", brightwell, "--out", out, "--url", server.URL, "--as", "maya"}, nil, nil, new(bytes.Buffer), &errs)
	got, err := os.ReadFile(out)
	if code != exitError || err != nil || string(got) != "mine" || !strings.Contains(errs.String(), "is there already") {
		t.Errorf("exit code %d, the file holds %d bytes\n%s", code, len(got), errs.String())
	}
	nothingLeft(t, dir, "out.zip")
}

func nothingLeft(t *testing.T, dir string, want ...string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	if len(entries) != len(want) {
		t.Errorf("the folder holds %v, want %v", entries, want)
	}
}
