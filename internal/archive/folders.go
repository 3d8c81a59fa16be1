package archive

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
)

// folders are those of the documents, "00" to "ff", whose names are known to
// survive a power cut: each is made sure of once in a process, not again with
// each document.
type folders struct {
	mu   sync.Mutex
	kept map[string]bool
}

// make makes all of them at once, for an archive that begins.
func (f *folders) make(root string) error {
	for n := range 256 {
		err := os.Mkdir(filepath.Join(root, fmt.Sprintf("%02x", n)), 0o700)
		if err != nil && !errors.Is(err, os.ErrExist) {
			return fmt.Errorf("making the folders of the documents: %w", err)
		}
	}
	if err := syncFolder(root); err != nil {
		return err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.kept = make(map[string]bool, 256)
	for n := range 256 {
		f.kept[fmt.Sprintf("%02x", n)] = true
	}
	return nil
}

// keep makes sure that a folder's name survives.
func (f *folders) keep(name, root string) error {
	f.mu.Lock()
	kept := f.kept[name]
	f.mu.Unlock()
	if kept {
		return nil
	}
	if err := syncFolder(root); err != nil {
		return err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.kept == nil {
		f.kept = map[string]bool{}
	}
	f.kept[name] = true
	return nil
}
