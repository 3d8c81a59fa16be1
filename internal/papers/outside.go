package papers

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"strings"
	"time"

	"gangway/internal/engagement"
)

// What a program that reads a stranger's file may take.
const (
	outsideMemory  = 2 << 30 // bytes of address space; Go maps half of it before it begins
	outsideSeconds = 30      // of processor time
	outsideFiles   = 64
	outsideWords   = 4 << 10 // bytes of what it complains
)

// outside is what became of a program.
type outside struct {
	stdout string
	stderr string
	code   int
	cut    bool // it had more to say than a document may have
	late   bool // it was ended: out of time or of memory
}

// runOutside runs a program on bytes, without a shell, without our environment
// (there are secrets in it), and within limits that are set before it gets the
// first byte. An error is ours: the caller gave up, or the program isn't there.
func runOutside(ctx context.Context, patience time.Duration, argv []string, in []byte) (outside, error) {
	within, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	cmd := exec.CommandContext(within, argv[0], argv[1:]...)
	cmd.Env = []string{"LC_ALL=C.UTF-8", "GOMAXPROCS=1", "GOTRACEBACK=none"}
	cmd.Dir = "/"
	cmd.WaitDelay = time.Second // for what holds its pipes after it is gone
	stdin, err := cmd.StdinPipe()
	if err != nil {
		return outside{}, fmt.Errorf("making a pipe to a reader of PDFs: %w", err)
	}
	stdout, stderr := &bounded{most: engagement.MaxDocument, full: cancel}, &bounded{most: outsideWords}
	cmd.Stdout, cmd.Stderr = stdout, stderr
	if err := cmd.Start(); err != nil {
		return outside{}, fmt.Errorf("starting a reader of PDFs: %w", err)
	}
	limitErr := limit(cmd.Process.Pid)
	if limitErr != nil {
		cancel()
	} else {
		_, _ = io.Copy(stdin, bytes.NewReader(in)) // one that ends before it has read all says why by its code
	}
	_ = stdin.Close() // likewise
	err = cmd.Wait()
	if limitErr != nil {
		return outside{}, fmt.Errorf("limiting a reader of PDFs: %w", limitErr)
	}
	if ctx.Err() != nil {
		return outside{}, fmt.Errorf("waiting for a reader of PDFs: %w", ctx.Err())
	}
	out := outside{stdout: strings.ToValidUTF8(stdout.String(), "\ufffd"), stderr: stderr.String(), cut: stdout.over}
	var exit *exec.ExitError
	switch {
	case out.cut:
	case errors.As(err, &exit) && exit.Exited():
		out.code = exit.ExitCode()
	case err != nil:
		out.late = true
	}
	return out, nil
}

// bounded keeps the first bytes that are written to it, and tells when there are
// more.
type bounded struct {
	bytes.Buffer
	most int
	over bool
	full func()
}

func (b *bounded) Write(p []byte) (int, error) {
	if room := b.most - b.Len(); len(p) > room {
		b.Buffer.Write(p[:room])
		if !b.over && b.full != nil {
			b.full()
		}
		b.over = true
		return len(p), nil
	}
	return b.Buffer.Write(p)
}
