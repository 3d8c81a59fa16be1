package assembly

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"strconv"
	"syscall"
	"time"
)

// CheckLoopback refuses every address but this machine's own, as ListenLoopback
// does, and opens nothing. Its errors have a Hint.
func CheckLoopback(addr string) error {
	host, port, err := net.SplitHostPort(addr)
	if err == nil {
		_, err = strconv.ParseUint(port, 10, 16)
	}
	if err != nil {
		return hintedError{fmt.Errorf("reading the address %q: %w", addr, err), "write host and port, such as 127.0.0.1:8470; port 0 takes any free one"}
	}
	ip := net.ParseIP(host)
	if ip == nil || !ip.IsLoopback() {
		return notLoopbackError{addr}
	}
	return nil
}

// ListenLoopback opens a port of this machine alone. It refuses every other
// address: where one signs in by picking a person, nobody else may reach it.
func ListenLoopback(addr string) (net.Listener, error) {
	err := CheckLoopback(addr)
	if err != nil {
		return nil, err
	}
	l, err := net.Listen("tcp", addr)
	if errors.Is(err, syscall.EADDRINUSE) {
		err = hintedError{err, "something listens there already, perhaps another gangway; with -addr 127.0.0.1:0 any free port is taken"}
	}
	if err != nil {
		return nil, fmt.Errorf("opening the inbox's port: %w", err)
	}
	return l, nil
}

// hintedError is an error with what to do about it.
type hintedError struct {
	error
	hint string
}

// Unwrap returns the error itself.
func (e hintedError) Unwrap() error { return e.error }

// Hint says what to do.
func (e hintedError) Hint() string { return e.hint }

type notLoopbackError struct{ addr string }

// Error names the address.
func (e notLoopbackError) Error() string { return fmt.Sprintf("%q is not a loopback address", e.addr) }

// Hint says why it must be one.
func (e notLoopbackError) Hint() string {
	return "one signs in by picking a person, so the inbox is for this machine alone: use 127.0.0.1 or [::1]"
}

// Hosts are the Host headers under which a loopback listener is reached.
func Hosts(l net.Listener) []string {
	_, port, err := net.SplitHostPort(l.Addr().String())
	if err != nil {
		return []string{l.Addr().String()}
	}
	return []string{l.Addr().String(), "localhost:" + port}
}

// ServeInbox serves the inbox until stop is called, which lets requests in
// flight finish.
func ServeInbox(l net.Listener, h http.Handler, log *slog.Logger) (stop func()) {
	srv := &http.Server{Handler: h, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 2 * time.Minute,
		WriteTimeout: 5 * time.Minute, IdleTimeout: 2 * time.Minute}
	done := make(chan struct{})
	go func() {
		defer close(done)
		err := srv.Serve(l)
		if !errors.Is(err, http.ErrServerClosed) {
			log.Error("the inbox stopped", "error", err)
		}
	}()
	return func() {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		err := srv.Shutdown(ctx)
		if err != nil {
			log.Warn("closing the inbox", "error", err)
		}
		<-done
	}
}
