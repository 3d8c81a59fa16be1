package papers

import (
	"errors"
	"syscall"

	"golang.org/x/sys/unix"
)

// limit bounds a process that has begun and waits for its first byte.
func limit(pid int) error {
	for _, l := range []struct {
		resource int
		most     uint64
	}{
		{unix.RLIMIT_AS, outsideMemory}, {unix.RLIMIT_CPU, outsideSeconds}, {unix.RLIMIT_NOFILE, outsideFiles},
		{unix.RLIMIT_FSIZE, 0}, {unix.RLIMIT_CORE, 0},
	} {
		err := unix.Prlimit(pid, l.resource, &unix.Rlimit{Cur: l.most, Max: l.most}, nil)
		if errors.Is(err, syscall.ESRCH) {
			return nil // it has ended already, which its code tells about
		}
		if err != nil {
			return err
		}
	}
	return nil
}
