package stories

import (
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"gangway/local/embedded"
)

// This file is for Linux, where /proc tells what a process listens on.

// listeners gives the local address of everything that a process ("self", or its
// number) listens on, as the kernel writes it (hexadecimal, host byte order).
func listeners(t *testing.T, process string) []string {
	t.Helper()
	ours := make(map[string]bool)
	links, err := filepath.Glob("/proc/" + process + "/fd/*")
	if err != nil {
		t.Fatal(err)
	}
	socket := regexp.MustCompile(`^socket:\[(\d+)\]$`)
	for _, link := range links {
		target, err := os.Readlink(link)
		if err != nil {
			continue // closed since
		}
		if m := socket.FindStringSubmatch(target); m != nil {
			ours[m[1]] = true
		}
	}
	const listening, stateField, inodeField = "0A", 3, 9
	var found []string
	for _, table := range []string{"/proc/" + process + "/net/tcp", "/proc/" + process + "/net/tcp6"} {
		b, err := os.ReadFile(table)
		if os.IsNotExist(err) {
			continue // a machine without IPv6
		}
		if err != nil {
			t.Fatal(err)
		}
		for _, line := range strings.Split(string(b), "\n") {
			f := strings.Fields(line)
			if len(f) > inodeField && f[stateField] == listening && ours[f[inodeField]] {
				found = append(found, f[1])
			}
		}
	}
	return found
}

func TestEngineListensOnLoopbackOnly(t *testing.T) {
	t.Parallel()
	startEngine(t, embedded.Options{})
	wantLoopback(t, "self", 5) // the four services and the UI
}

// TestLocalListensOnLoopbackOnly is the same of the built program.
func TestLocalListensOnLoopbackOnly(t *testing.T) {
	t.Parallel()
	l := newLocal(t)
	wantLoopback(t, strconv.Itoa(l.cmd.Process.Pid), 6) // and the inbox
}

// wantLoopback wants at least so many listeners of a process, all on 127.0.0.1.
func wantLoopback(t *testing.T, process string, least int) {
	t.Helper()
	const loopback = "0100007F:"
	var here int
	for _, addr := range listeners(t, process) {
		if !strings.HasPrefix(addr, loopback) {
			t.Errorf("something listens on %s, which is not 127.0.0.1", addr)
			continue
		}
		here++
	}
	if here < least {
		t.Errorf("found %d listeners, want at least %d: this test sees too little", here, least)
	}
}
