package config

import (
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// leastKey is how many random bytes the access key has at least.
const leastKey = 32

// badKeyError says that the access key's file can't be used.
type badKeyError struct{ what, hint string }

// Error says what is wrong.
func (e badKeyError) Error() string { return e.what }

// Hint says what to do.
func (e badKeyError) Hint() string { return e.hint }

// ParseAccessKey reads the access key as its file holds it: base64 of at least
// 32 random bytes.
func ParseAccessKey(text string) ([]byte, error) {
	key, err := base64.StdEncoding.DecodeString(strings.TrimSpace(text))
	if err != nil || len(key) < leastKey {
		return nil, fmt.Errorf("an access key is base64 of at least %d random bytes", leastKey)
	}
	return key, nil
}

// AccessKey reads access.key in the folder of the keys, and makes it on first
// use; of two that make it at once, one wins and both use its key. Losing it ends
// the links and codes that are on their way, and nothing else. A file that others
// may read is refused: its errors have a Hint.
func AccessKey(keys string) ([]byte, error) {
	file := filepath.Join(keys, "access.key")
	info, err := os.Stat(file)
	if errors.Is(err, fs.ErrNotExist) {
		if err = makeAccessKey(file); err == nil {
			info, err = os.Stat(file)
		}
	}
	if err != nil {
		return nil, fmt.Errorf("looking at the access key: %w", err)
	}
	if info.Mode().Perm()&0o077 != 0 {
		return nil, badKeyError{"the access key " + file + " can be read by others", "chmod 600 it; if somebody may have copied it, remove it: a new one is made, and links on their way end"}
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("reading the access key: %w", err)
	}
	key, err := ParseAccessKey(string(text))
	if err != nil {
		return nil, badKeyError{"the access key " + file + " is damaged: " + err.Error(), "remove it: a new one is made, and links on their way end"}
	}
	return key, nil
}

// makeAccessKey writes a fresh key under another name and links it into place,
// whole or not at all.
func makeAccessKey(file string) error {
	err := os.MkdirAll(filepath.Dir(file), 0o700)
	if err != nil {
		return fmt.Errorf("making the folder of keys: %w", err)
	}
	key := make([]byte, leastKey)
	rand.Read(key) // never fails: the runtime ends the process instead
	fresh := file + "." + rand.Text()
	err = os.WriteFile(fresh, []byte(base64.StdEncoding.EncodeToString(key)+"\n"), 0o600)
	if err != nil {
		return errors.Join(fmt.Errorf("writing a fresh access key: %w", err), os.RemoveAll(fresh))
	}
	err = os.Link(fresh, file)
	if errors.Is(err, fs.ErrExist) {
		err = nil
	}
	if err := errors.Join(err, os.Remove(fresh)); err != nil {
		return fmt.Errorf("putting a fresh access key in place: %w", err)
	}
	return nil
}
