package mail

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
)

// maxReply is how many bytes a server may say before it is asked again, with the
// certificates of TLS: a reply is kept in memory until it ends.
const maxReply = 256 << 10

// talk is a connection to somebody who might never stop talking.
type talk struct {
	net.Conn
	left int
}

// Read reads no more than is left.
func (t *talk) Read(b []byte) (int, error) {
	if t.left <= 0 {
		return 0, errors.New("the server says more than a reply has")
	}
	n, err := t.Conn.Read(b[:min(len(b), t.left)])
	t.left -= n
	return n, err
}

// secure speaks TLS from the first byte on.
func secure(ctx context.Context, conn net.Conn, config *tls.Config) (net.Conn, error) {
	c := tls.Client(conn, config)
	if err := c.HandshakeContext(ctx); err != nil {
		_ = conn.Close() // the handshake's error says more
		return nil, err
	}
	return c, nil
}
