package freeport

import (
	"net"
	"strconv"
	"testing"
)

func TestFindIsFreeAndNobodyElsesPick(t *testing.T) {
	t.Parallel()
	for range 50 {
		port, err := Find()
		if err != nil {
			t.Fatal(err)
		}
		if port < Lowest || port >= Beyond {
			t.Errorf("port %d is one that the system may pick for others", port)
		}
		l, err := net.Listen("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
		if err != nil {
			t.Fatalf("port %d is not free: %v", port, err)
		}
		if err := l.Close(); err != nil {
			t.Error(err)
		}
	}
}
