package papers

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"strings"
	"time"
)

// Tried is one thing that reading documents needs, and how a try of it went.
type Tried struct {
	Part string
	Said string // how it is, where Err is nil
	Err  error
}

// missingError says what reading documents lacks.
type missingError struct {
	err  error
	hint string
}

// Error says what.
func (e missingError) Error() string { return e.err.Error() }

// Hint says what to do about it.
func (e missingError) Hint() string { return e.hint }

// Unwrap gives the cause.
func (e missingError) Unwrap() error { return e.err }

// Check tries the scanner and what reads PDFs. It sends nobody anything.
func (r *Reader) Check(ctx context.Context) []Tried {
	return []Tried{r.tryScanner(ctx), r.tryPDF(ctx)}
}

func (r *Reader) tryScanner(ctx context.Context) Tried {
	t := Tried{Part: "malware scanner", Said: "none: documents are not scanned"}
	if r.clamd == "" {
		return t
	}
	t.Said = r.clamd
	answer, err := askClamd(ctx, r.clamd, "zPING\x00", r.patience)
	if err == nil && answer != "PONG" {
		err = errors.New("it answers, and not as clamd does")
	}
	if err != nil {
		t.Err = missingError{fmt.Errorf("asking the malware scanner: %w", err),
			"documents.clamd names where clamd listens (TCPAddr and TCPSocket in clamd.conf, or its LocalSocket); until it answers no document is taken"}
	}
	return t
}

// askClamd sends one command and returns what is answered up to a null.
func askClamd(ctx context.Context, address, command string, patience time.Duration) (string, error) {
	network := "tcp"
	if strings.HasPrefix(address, "/") {
		network = "unix"
	}
	conn, err := (&net.Dialer{Timeout: patience}).DialContext(ctx, network, address)
	if err != nil {
		return "", fmt.Errorf("reaching it: %w", err)
	}
	defer func() { _ = conn.Close() }() // its answer is all that counts
	deadline := time.Now().Add(patience)
	if by, bounded := ctx.Deadline(); bounded && by.Before(deadline) {
		deadline = by
	}
	if err := conn.SetDeadline(deadline); err != nil {
		return "", fmt.Errorf("bounding the connection: %w", err)
	}
	if _, err := io.WriteString(conn, command); err != nil {
		return "", fmt.Errorf("sending it a word: %w", err)
	}
	answer, err := io.ReadAll(io.LimitReader(conn, 1<<10))
	if err != nil {
		return "", fmt.Errorf("reading its answer: %w", err)
	}
	return strings.TrimRight(string(answer), "\x00\n"), nil
}

func (r *Reader) tryPDF(ctx context.Context) Tried {
	t := Tried{Part: "pdf reader"}
	if r.pdf.poppler == "" {
		if len(r.pdf.aside) > 0 {
			t.Said = "no pdftotext; the reader that comes with gangway, which reads most files"
			return t
		}
		t.Err = missingError{errors.New("there is no pdftotext, so text in PDFs can't be read"), "install poppler-utils, or name the program: documents.pdftotext"}
		return t
	}
	ctx, cancel := context.WithTimeout(ctx, r.patience)
	defer cancel()
	cmd := exec.CommandContext(ctx, r.pdf.poppler, "-v")
	cmd.Env = []string{"PATH=" + os.Getenv("PATH")}
	said, err := cmd.CombinedOutput()
	first, _, _ := strings.Cut(string(said), "\n")
	if err != nil || !strings.Contains(first, "pdftotext") {
		t.Err = missingError{fmt.Errorf("starting %s: %w", r.pdf.poppler, errors.Join(err, errors.New("it doesn't say that it is pdftotext"))), "name poppler's pdftotext: documents.pdftotext"}
		return t
	}
	t.Said = strings.TrimSpace(first)
	return t
}
