package mail_test

import (
	"bytes"
	"encoding/base64"
	"io"
	"net"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"gangway/internal/mail"
)

// wire is a line to Dovecot that can be listened to, so that something happens to
// the server in the middle of what it says.
type wire struct {
	t        *testing.T
	listener net.Listener
	to       string

	mu   sync.Mutex
	gate *gate
}

// gate holds back what the server says from a moment on, until it is opened.
type gate struct {
	at            func(said []byte) bool
	reached, open chan struct{}
}

// idling: the server has said that it waits.
func idling(said []byte) bool { return bytes.Contains(said, []byte("+ idling")) }

// fetching: it is in the middle of a large mail. What the kernel holds is less than
// the rest.
func fetching(said []byte) bool { return len(said) > 256<<10 }

func newWire(t *testing.T, port int) *wire {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	w := &wire{t: t, listener: l, to: net.JoinHostPort("127.0.0.1", strconv.Itoa(port))}
	var lines sync.WaitGroup
	lines.Go(func() {
		for {
			near, err := l.Accept()
			if err != nil {
				return // it was closed
			}
			lines.Go(func() { w.carry(near) })
		}
	})
	t.Cleanup(func() {
		_ = l.Close() // nothing hangs on it
		lines.Wait()
	})
	return w
}

func (w *wire) port() int { return w.listener.Addr().(*net.TCPAddr).Port }

// hold puts a gate up for the next time that its moment comes.
func (w *wire) hold(at func([]byte) bool) *gate {
	g := &gate{at: at, reached: make(chan struct{}), open: make(chan struct{})}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.gate = g
	return g
}

// carry carries one connection until either end closes it.
func (w *wire) carry(near net.Conn) {
	far, err := net.Dial("tcp", w.to)
	if err != nil {
		_ = near.Close() // as the server did
		return
	}
	over := func() { _, _ = near.Close(), far.Close() } // both ends know then
	defer over()
	go func() {
		defer over()
		_, _ = io.Copy(far, near) // ends with either end
	}()
	_, _ = io.Copy(near, io.TeeReader(far, &ear{w: w})) // likewise
}

// ear hears what the server says on one connection.
type ear struct {
	w    *wire
	said []byte
}

// Write hears.
func (e *ear) Write(p []byte) (int, error) {
	e.said = append(e.said, p...)
	e.w.mu.Lock()
	g := e.w.gate
	if g != nil && g.at(e.said) {
		e.w.gate = nil
	} else {
		g = nil
	}
	e.w.mu.Unlock()
	if g != nil {
		close(g.reached)
		select {
		case <-g.open:
		case <-e.w.t.Context().Done():
		}
	}
	return len(p), nil
}

// kicked: Dovecot ends the connection at a moment.
func (w *realInbox) kicked(at func([]byte) bool) {
	w.outage(at, func() { w.h.Kick(w.t, gangwayMail) }, func() {})
}

// silent: Dovecot stops at a moment and says nothing more, and no connection ends.
func (w *realInbox) silent(at func([]byte) bool) {
	w.outage(at, func() { w.h.Stop(w.t) }, func() { w.h.Continue(w.t) })
}

// outage: one mail lies there or comes in before, one comes while the server is
// away. Both are read when it is back, each once.
func (w *realInbox) outage(at func([]byte) bool, goes, comesBack func()) {
	t := w.t
	w.box = w.dovecot(func(o *mail.IMAP) { o.Patience = 500 * time.Millisecond })
	w.reader = w.newReader(func(o *mail.ReaderOptions) { o.Idle = 2 * time.Second })
	first, to := w.asks("legal", "helen")
	w.replies("helen@example.org", to, w.large(to))
	w.comesIn(1)
	gate := w.wire.hold(at)
	stop := w.runs(w.reader)
	select {
	case <-gate.reached:
	case <-time.After(30 * time.Second):
		t.Fatal("it never came to that moment")
	}
	goes()
	close(gate.open)
	w.until(func() bool { h, err := w.reader.Health(t.Context()); return err == nil && h.Fault != nil })
	h, err := w.reader.Health(t.Context())
	w.ok(err)
	t.Logf("meanwhile: %v", h.Fault)
	second, to := w.asks("tax", "helen")
	w.replies("helen@example.org", to, w.letterOf(helen, to, "Re: Legal review", "approved\n"))
	comesBack()
	w.until(func() bool { return len(w.h.Mails(t, gangwayMail, "Processed")) == 2 })
	stop()
	w.isApproved(first, second)
	if n := len(w.settled()); n != 2 {
		t.Errorf("%d mails were settled", n)
	}
	w.lie(0, 2, 0)
}

// large is an approval with a scan of 12 MiB.
func (w *realInbox) large(to string) string {
	scan := base64.StdEncoding.EncodeToString(bytes.Repeat([]byte("a scan "), 12<<20/7))
	var lines strings.Builder
	for ; len(scan) > 76; scan = scan[76:] {
		lines.WriteString(scan[:76] + "\n")
	}
	text := "--b\nContent-Type: text/plain\n\napproved\n\n--b\nContent-Type: application/octet-stream; name=scan.bin\nContent-Disposition: attachment; filename=scan.bin\nContent-Transfer-Encoding: base64\n\n" + lines.String() + scan + "\n--b--\n"
	return w.letterOf(helen, to, "Re: Legal review", text, "MIME-Version: 1.0", "Content-Type: multipart/mixed; boundary=b")
}
