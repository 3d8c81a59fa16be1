package embedded

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"strconv"
	"sync/atomic"
	"syscall"
	"time"
)

// loopback is the only address anything here listens on.
const loopback = "127.0.0.1"

// ports are where the four services listen. The server insists on opening
// them itself, by number.
type ports struct {
	frontend, history, matching, worker int
}

func (p ports) all() []int { return []int{p.frontend, p.history, p.matching, p.worker} }

func address(port int) string { return net.JoinHostPort(loopback, strconv.Itoa(port)) }

// The ports that are tried where nobody asks for one lie below those that systems
// pick by themselves (Linux from 32768 up), and no process tries one twice before all
// were tried. The server's own clients of its services go on connecting for ever after it
// stopped: what listened there next, a mail server of a test say, would hear from them.
const (
	lowestPort = 16_384
	beyondPort = 32_768
	// mostTried in a row that are taken means that something other than chance is wrong.
	mostTried = 1_000
)

// tried is how many ports this process tried, from one that chance picked.
var tried atomic.Uint32

var firstTried = rand.Uint32N(beyondPort - lowestPort)

// listenAnywhere listens on the next port that is free.
func listenAnywhere() (l net.Listener, err error) {
	for range mostTried {
		port := lowestPort + (firstTried+tried.Add(1))%(beyondPort-lowestPort)
		if l, err = net.Listen("tcp", address(int(port))); err == nil {
			return l, nil
		}
	}
	return nil, fmt.Errorf("finding a free port in %d tries: %w", mostTried, err)
}

// choosePorts finds four free ports, the frontend's being the one asked for
// unless that is 0. All are held at the same moment, so they differ; they are
// given up again for the server to take, and somebody else may be quicker:
// then NewServer fails with EADDRINUSE and the caller chooses again.
func choosePorts(frontend int) (ports, error) {
	asked := []int{frontend, 0, 0, 0}
	var got []int
	var held []net.Listener
	var err error
	for _, port := range asked {
		var l net.Listener
		if port == 0 {
			l, err = listenAnywhere()
		} else {
			l, err = net.Listen("tcp", address(port))
		}
		if err != nil {
			break
		}
		held = append(held, l)
		got = append(got, l.Addr().(*net.TCPAddr).Port)
	}
	for _, l := range held {
		err = errors.Join(err, l.Close())
	}
	if err != nil {
		if frontend != 0 && len(got) == 0 {
			return ports{}, &PortTakenError{Port: frontend, Err: err}
		}
		return ports{}, fmt.Errorf("looking for free ports: %w", err)
	}
	return ports{frontend: got[0], history: got[1], matching: got[2], worker: got[3]}, nil
}

// portTaken tells a lost race for a port from every other failure.
func portTaken(err error) bool { return errors.Is(err, syscall.EADDRINUSE) }

// waitUntilFree returns once all ports can be listened on again.
func waitUntilFree(ctx context.Context, all []int) error {
	const pause = 5 * time.Millisecond
	for _, port := range all {
		for {
			l, err := net.Listen("tcp", address(port))
			if err == nil {
				if err := l.Close(); err != nil {
					return fmt.Errorf("closing the port after trying it: %w", err)
				}
				break
			}
			select {
			case <-ctx.Done():
				return fmt.Errorf("waiting for port %d to be free: %w", port, err)
			case <-time.After(pause):
			}
		}
	}
	return nil
}
