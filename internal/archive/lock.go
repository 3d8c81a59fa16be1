package archive

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// inUseError says that another process works on the directory.
type inUseError struct{ dir, process string }

// Error names the directory and, where known, the process.
func (e inUseError) Error() string {
	if e.process == "" {
		return fmt.Sprintf("the archive in %s is in use by another process", e.dir)
	}
	return fmt.Sprintf("the archive in %s is in use by process %s", e.dir, e.process)
}

// Hint says what to do about it.
func (e inUseError) Hint() string {
	return "stop the gangway that is running on this folder, or start with another data folder"
}

// lockDir takes the directory's lock: alone, or together with others that share.
// The lock file stays behind on purpose: removing it would let a third process
// lock a new one while a second still waits on the old.
func lockDir(dir string, shared bool) (*os.File, error) {
	f, err := os.OpenFile(filepath.Join(dir, "archive.lock"), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("opening the archive's lock file: %w", err)
	}
	how := syscall.LOCK_EX
	if shared {
		how = syscall.LOCK_SH
	}
	err = syscall.Flock(int(f.Fd()), how|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return nil, errors.Join(inUseError{dir: dir, process: lockedBy(f)}, f.Close())
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("locking the archive's directory: %w", err), f.Close())
	}
	if err := writeHolder(f, shared); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

func writeHolder(f *os.File, shared bool) error {
	if err := f.Truncate(0); err != nil {
		return fmt.Errorf("emptying the archive's lock file: %w", err)
	}
	if shared { // several hold it: no single one to name
		return nil
	}
	if _, err := f.WriteAt(fmt.Appendln(nil, os.Getpid()), 0); err != nil {
		return fmt.Errorf("writing the process into the archive's lock file: %w", err)
	}
	return nil
}

// lockedBy reads who holds the lock, for a message only: empty when it can't be told.
func lockedBy(f *os.File) string {
	b, err := io.ReadAll(io.LimitReader(f, 32))
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(b))
}
