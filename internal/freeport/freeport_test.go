package freeport

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"strconv"
	"strings"
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

// askerEnv has this test's program find ports and say which, instead of testing.
const askerEnv = "GANGWAY_TEST_PORTS"

func TestMain(m *testing.M) {
	if os.Getenv(askerEnv) == "" {
		os.Exit(m.Run())
	}
	for range many {
		port, err := Find()
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		fmt.Println(port)
	}
	fmt.Println("found")
	_, _ = os.Stdin.Read(make([]byte, 1)) // it keeps them until it is let go
}

// many is so much of what there is that two who drew by chance would meet.
const many = 400

func TestNobodyFindsWhatIsKept(t *testing.T) {
	t.Parallel()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), askerEnv+"=1")
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	found := map[int]string{}
	for {
		var word string
		if _, err := fmt.Fscan(out, &word); err != nil {
			t.Fatalf("the other one stopped after %d ports: %v", len(found), err)
		}
		if strings.HasPrefix(word, "found") {
			break
		}
		port, err := strconv.Atoi(word)
		if err != nil {
			t.Fatal(err)
		}
		found[port] = "the other process"
	}
	for range many {
		port, err := Find()
		if err != nil {
			t.Fatal(err)
		}
		if who := found[port]; who != "" {
			t.Errorf("port %d is kept by %s", port, who)
		}
		found[port] = "this process"
	}
	if len(found) != 2*many {
		t.Errorf("%d ports, want %d", len(found), 2*many)
	}
	if err := in.Close(); err != nil {
		t.Error(err)
	}
	if err := cmd.Wait(); err != nil {
		t.Error(err)
	}
}
