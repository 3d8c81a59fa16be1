// Package freeport finds ports for servers that tests start, kill and start anew
// at the same address.
//
// A port that the system picked (address ":0") may be given to anybody else as
// soon as its listener is closed: to another test's listener, or to an outgoing
// connection. The ports found here lie below those that systems pick by
// themselves, and each is kept: until the process that found it ends, nobody else
// who asks here gets it, in this process or beside it. A test whose server is down
// would else talk to another test's, which answers.
package freeport

import (
	"fmt"
	"math/rand/v2"
	"net"
	"strconv"
	"sync"
)

// Lowest and Beyond bound the ports that are tried. Linux picks from 32768 up
// (ip_local_port_range), other systems from 49152 (RFC 6335 section 6); embedded engines
// take theirs from 16384 up, and are asked for there long after they stopped.
const (
	Lowest = 10_240
	Beyond = Keeps
	// Keeps is where the ports begin whose listeners keep the others: that of port n
	// listens on Keeps + n - Lowest. The system lets go of it when the process ends,
	// however it ends.
	Keeps = 13_312
)

// tries is how many ports are tried: that all of them are taken means that
// something other than chance is wrong.
const tries = 100

// kept holds the listeners that keep ports: one that nothing holds would be collected,
// and closed.
type kept struct {
	mu        sync.Mutex
	listeners []net.Listener
}

var keeping kept

// Find returns a port of 127.0.0.1 on which nothing listens at this moment, and which
// nobody else finds while this process runs. Its error says what stood in the way of the
// last port that was tried.
func Find() (int, error) {
	var last error
	for range tries {
		port := Lowest + rand.IntN(Beyond-Lowest)
		keep, err := listen(Keeps + port - Lowest)
		if err != nil {
			last = err
			continue
		}
		l, err := listen(port)
		if err != nil {
			last = err
			_ = keep.Close() // it kept nothing
			continue
		}
		if err := l.Close(); err != nil {
			return 0, fmt.Errorf("giving the port free: %w", err)
		}
		keeping.mu.Lock()
		keeping.listeners = append(keeping.listeners, keep)
		keeping.mu.Unlock()
		return port, nil
	}
	return 0, fmt.Errorf("finding a free port in %d tries: %w", tries, last)
}

func listen(port int) (net.Listener, error) {
	return net.Listen("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
}
