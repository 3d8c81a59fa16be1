//go:build unix

package main

import (
	"path/filepath"
	"syscall"
	"testing"
)

// TestVerifyWaitsForNoPipe: opening one waits for its writer, and no signal ends
// that.
func TestVerifyWaitsForNoPipe(t *testing.T) {
	t.Parallel()
	pipe := filepath.Join(t.TempDir(), "dossier.zip")
	err := syscall.Mkfifo(pipe, 0o600)
	if err != nil {
		t.Fatalf("making a pipe: %v", err)
	}
	_, err = verifyFile(pipe, nil)
	if err == nil {
		t.Error("a pipe passes for a dossier")
	}
}
