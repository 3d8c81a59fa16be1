// Package freeport finds ports for servers that tests start, kill and start anew
// at the same address.
//
// A port that the system picked (address ":0") may be given to anybody else as
// soon as its listener is closed: to another test's listener, or to an outgoing
// connection. The ports found here lie below those that systems pick by
// themselves, so that between a kill and a restart nobody takes them.
package freeport

import (
	"fmt"
	"math/rand/v2"
	"net"
	"strconv"
)

// Lowest and Beyond bound the ports that are tried. Linux picks from 32768 up
// (ip_local_port_range), other systems from 49152 (RFC 6335 section 6); embedded engines
// take theirs from 16384 up, and are asked for there long after they stopped.
const (
	Lowest = 10_240
	Beyond = 16_384
)

// tries is how many ports are tried: that all of them are taken means that
// something other than chance is wrong.
const tries = 100

// Find returns a port of 127.0.0.1 on which nothing listens at this moment. Its
// error says what stood in the way of the last port that was tried.
func Find() (int, error) {
	var last error
	for range tries {
		port := Lowest + rand.IntN(Beyond-Lowest)
		l, err := net.Listen("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
		if err != nil {
			last = err
			continue
		}
		if err := l.Close(); err != nil {
			return 0, fmt.Errorf("giving the port free: %w", err)
		}
		return port, nil
	}
	return 0, fmt.Errorf("finding a free port in %d tries: %w", tries, last)
}
