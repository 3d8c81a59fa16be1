package assembly

import (
	"errors"
	"fmt"
	"net"
	"strconv"
	"syscall"
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
	return Listen(addr)
}

// Listen opens a port, for everybody who reaches it.
func Listen(addr string) (net.Listener, error) {
	l, err := net.Listen("tcp", addr)
	if errors.Is(err, syscall.EADDRINUSE) {
		err = hintedError{err, "something listens there already, perhaps another gangway; with port 0 any free port is taken"}
	}
	if err != nil {
		return nil, fmt.Errorf("opening the port: %w", err)
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
	return "it speaks http alone, and where one signs in by picking a person anybody could be anybody: use 127.0.0.1 or [::1], or a proxy with TLS and trust-proxy"
}

// Hosts are the Host headers under which a loopback listener is reached.
func Hosts(l net.Listener) []string {
	_, port, err := net.SplitHostPort(l.Addr().String())
	if err != nil {
		return []string{l.Addr().String()}
	}
	return []string{l.Addr().String(), "localhost:" + port}
}
