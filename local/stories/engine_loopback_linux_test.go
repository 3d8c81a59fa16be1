package stories

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"gangway/local/embedded"
)

// This file is for Linux, where /proc tells what a process listens on.

// listeners gives the local address of everything this process listens on, as
// the kernel writes it (hexadecimal, host byte order).
func listeners(t *testing.T) []string {
	t.Helper()
	ours := make(map[string]bool)
	links, err := filepath.Glob("/proc/self/fd/*")
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
	for _, table := range []string{"/proc/self/net/tcp", "/proc/self/net/tcp6"} {
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
	const loopback = "0100007F:" // 127.0.0.1
	var here int
	for _, addr := range listeners(t) {
		if !strings.HasPrefix(addr, loopback) {
			t.Errorf("something listens on %s, which is not 127.0.0.1", addr)
			continue
		}
		here++
	}
	if here < 5 {
		t.Errorf("found %d listeners, want at least the four services and the UI: this test sees too little", here)
	}
}
