package embedded

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"syscall"
)

// lock holds an engine file for one Server. It is a file of its own, beside
// the data: closing any descriptor of a SQLite file drops every lock that the
// process holds on it, so the data file itself must not be opened for this.
type lock struct {
	held *os.File
}

// acquire takes the lock of an engine file or says who has it (InUseError).
// The lock file stays behind on purpose: removing it would let a third
// process lock a new one while a second still waits on the old.
func acquire(file string) (*lock, error) {
	f, err := os.OpenFile(file+".lock", os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("opening the engine's lock file: %w", err)
	}
	err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		holder := readProcess(f)
		return nil, errors.Join(&InUseError{File: file, Process: holder}, f.Close())
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("locking the engine's file: %w", err), f.Close())
	}
	if err := writeProcess(f); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return &lock{held: f}, nil
}

// release gives the file free. A nil lock (in memory) has nothing to release.
func (l *lock) release() error {
	if l == nil {
		return nil
	}
	err := l.held.Close()
	if err != nil {
		return fmt.Errorf("releasing the engine's lock: %w", err)
	}
	return nil
}

func writeProcess(f *os.File) error {
	if err := f.Truncate(0); err != nil {
		return fmt.Errorf("emptying the engine's lock file: %w", err)
	}
	if _, err := f.WriteAt([]byte(strconv.Itoa(os.Getpid())+"\n"), 0); err != nil {
		return fmt.Errorf("writing the process into the engine's lock file: %w", err)
	}
	return nil
}

// readProcess gives the id in the lock file; it is for a message only, so
// whatever cannot be read is 0.
func readProcess(f *os.File) int {
	b, err := io.ReadAll(io.LimitReader(f, 32))
	if err != nil {
		return 0
	}
	id, err := strconv.Atoi(strings.TrimSpace(string(b)))
	if err != nil {
		return 0
	}
	return id
}
