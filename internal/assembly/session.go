package assembly

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// sessionBytes is how long the key that signs session cookies is.
const sessionBytes = 32

// sessionKey reads the key that signs session cookies, and makes it on first
// use: a restart, or a second process on the same folder, knows who signed in.
// Losing it makes everybody sign in again and nothing else.
func sessionKey(keys string) ([]byte, error) {
	file := filepath.Join(keys, "session.key")
	key, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		key, err = makeSessionKey(file)
	}
	if err != nil {
		return nil, fmt.Errorf("reading the session key: %w", err)
	}
	info, err := os.Stat(file)
	if err != nil {
		return nil, fmt.Errorf("looking at the session key: %w", err)
	}
	if info.Mode().Perm()&0o077 != 0 { // whoever has it signs in as anybody
		return nil, hintedError{fmt.Errorf("the session key %s can be read by others", file), "remove it: a new one is made, and everybody signs in again"}
	}
	if len(key) != sessionBytes {
		return nil, fmt.Errorf("the session key %s has %d bytes instead of %d: remove it and everybody signs in again", file, len(key), sessionBytes)
	}
	return key, nil
}

// makeSessionKey writes a fresh key under another name and links it into place,
// so that of two processes that start at once one wins and both use its key.
func makeSessionKey(file string) ([]byte, error) {
	key := make([]byte, sessionBytes)
	rand.Read(key) // never fails: the runtime ends the process instead
	err := os.MkdirAll(filepath.Dir(file), 0o700)
	if err != nil {
		return nil, fmt.Errorf("making the folder of keys: %w", err)
	}
	fresh := fmt.Sprintf("%s.%s", file, rand.Text())
	err = os.WriteFile(fresh, key, 0o600)
	if err != nil {
		return nil, fmt.Errorf("writing a fresh key: %w", err)
	}
	err = os.Link(fresh, file)
	if gone := os.Remove(fresh); gone != nil {
		return nil, fmt.Errorf("clearing up after a fresh key: %w", gone)
	}
	if errors.Is(err, fs.ErrExist) {
		return os.ReadFile(file)
	}
	if err != nil {
		return nil, fmt.Errorf("putting a fresh key in place: %w", err)
	}
	return key, nil
}
