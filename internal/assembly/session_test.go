package assembly

import (
	"bytes"
	"os"
	"path/filepath"
	"sync"
	"testing"
)

func TestSessionKeyIsMadeOnceAndKept(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	keys := make([][]byte, 20)
	var wg sync.WaitGroup
	for i := range keys {
		wg.Go(func() {
			k, err := sessionKey(filepath.Join(dir, "keys"))
			if err != nil {
				t.Errorf("reading the key: %v", err)
			}
			keys[i] = k
		})
	}
	wg.Wait()
	for i, k := range keys {
		if len(k) != sessionBytes || !bytes.Equal(k, keys[0]) {
			t.Errorf("reader %d got %x, the first got %x", i, k, keys[0])
		}
	}
	left, err := os.ReadDir(filepath.Join(dir, "keys"))
	if err != nil || len(left) != 1 {
		t.Errorf("the folder of keys holds %v (%v), want one file", left, err)
	}
	info, err := os.Stat(filepath.Join(dir, "keys", "session.key"))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the key's file: %v, %v; want it for its owner alone", info, err)
	}
}

func TestSessionKeyThatIsNone(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.MkdirAll(filepath.Join(dir, "keys"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "keys", "session.key"), []byte("short"), 0o600); err != nil {
		t.Fatal(err)
	}
	if k, err := sessionKey(filepath.Join(dir, "keys")); err == nil {
		t.Errorf("a key of five bytes was taken: %x", k)
	}
}

// TestASessionKeyThatOthersReadIsRefused: with it they sign in as anybody.
func TestASessionKeyThatOthersReadIsRefused(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	_, err := sessionKey(filepath.Join(dir, "keys"))
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "keys", "session.key")
	err = os.Chmod(file, 0o644)
	if err != nil {
		t.Fatal(err)
	}
	_, err = sessionKey(filepath.Join(dir, "keys"))
	hinted(t, err)
}
