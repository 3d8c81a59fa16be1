package assembly

import (
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"testing"
)

func TestListenLoopback(t *testing.T) {
	t.Parallel()
	for _, addr := range []string{"0.0.0.0:0", ":0", "[::]:0", "192.0.2.1:0", "example.com:80", "localhost:0", "127.0.0.1.example.com:0"} {
		l, err := ListenLoopback(addr)
		if err == nil {
			_ = l.Close()
			t.Errorf("%s was opened", addr)
		}
		hinted(t, err)
	}
	for _, addr := range []string{"", "127.0.0.1", "127.0.0.1:99999", "127.0.0.1:x"} {
		if CheckLoopback(addr) == nil {
			t.Errorf("%q passes before anything is made", addr)
		}
		_, err := ListenLoopback(addr)
		if err == nil {
			t.Errorf("%q was opened", addr)
		}
	}
	l, err := ListenLoopback("127.0.0.1:0")
	ok(t, err)
	_, port, err := net.SplitHostPort(l.Addr().String())
	ok(t, err)
	same(t, "hosts", []string{"127.0.0.1:" + port, "localhost:" + port}, Hosts(l))
	_, err = ListenLoopback(l.Addr().String())
	if err == nil {
		t.Error("a taken port was opened")
	}
	ok(t, l.Close())
}

// TestServeInbox stops while somebody's request is on its way.
func TestServeInbox(t *testing.T) {
	t.Parallel()
	l, err := ListenLoopback("127.0.0.1:0")
	ok(t, err)
	came, goOn := make(chan struct{}), make(chan struct{})
	stop := ServeInbox(l, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		close(came)
		<-goOn
		_, _ = io.WriteString(w, "recorded")
	}), slog.New(slog.DiscardHandler))
	var both sync.WaitGroup
	both.Go(func() {
		r, err := http.Get("http://" + l.Addr().String())
		if err != nil {
			t.Error(err)
			return
		}
		text, err := io.ReadAll(r.Body)
		if err != nil || string(text) != "recorded" || r.Body.Close() != nil {
			t.Errorf("%s %v", text, err)
		}
	})
	<-came
	both.Go(stop)
	for { // until nobody new is let in
		c, err := net.Dial("tcp", l.Addr().String())
		if err != nil {
			break
		}
		ok(t, c.Close())
	}
	close(goOn)
	both.Wait()
}

func readNotice(dir string) (n Notice, err error) {
	text, err := os.ReadFile(filepath.Join(dir, "local.json"))
	if err == nil {
		err = json.Unmarshal(text, &n)
	}
	return n, err
}

func TestAnnounce(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	first, err := Announce(dir, Notice{URL: "http://127.0.0.1:1", Engine: "127.0.0.1:2", UI: "http://127.0.0.1:3"})
	ok(t, err)
	n, err := readNotice(dir)
	ok(t, err)
	same(t, "notice", Notice{URL: "http://127.0.0.1:1", PID: os.Getpid(), Engine: "127.0.0.1:2", UI: "http://127.0.0.1:3"}, n)
	second, err := Announce(dir, Notice{URL: "http://127.0.0.1:4"})
	ok(t, err)
	first()
	n, err = readNotice(dir)
	ok(t, err)
	same(t, "the other one's stays", "http://127.0.0.1:4", n.URL)
	second()
	second()
	files, err := os.ReadDir(dir)
	ok(t, err)
	same(t, "nothing is left", 0, len(files))
}

// Two workers of one data folder start in the same moment and each says where
// its inbox is: none may fail for the other's draft.
func TestManyAnnounceAtOnce(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	start := make(chan struct{})
	var all sync.WaitGroup
	for i := range 16 {
		all.Go(func() {
			<-start
			for range 25 {
				if _, err := Announce(dir, Notice{URL: fmt.Sprintf("http://127.0.0.1:%d", i+1)}); err != nil {
					t.Errorf("worker %d: %v", i, err)
					return
				}
			}
		})
	}
	close(start)
	all.Wait()
	_, err := readNotice(dir)
	ok(t, err)
	files, err := os.ReadDir(dir)
	ok(t, err)
	same(t, "files", 1, len(files))
}

func TestAnnounceWholeOrNotAtAll(t *testing.T) {
	t.Parallel()
	_, err := Announce(filepath.Join(t.TempDir(), "missing"), Notice{})
	if err == nil {
		t.Error("announced in a folder that isn't there")
	}
	dir := t.TempDir()
	ok(t, os.MkdirAll(filepath.Join(dir, "local.json", "in the way"), 0o700))
	_, err = Announce(dir, Notice{URL: "http://127.0.0.1:1"})
	if err == nil {
		t.Error("announced over a folder")
	}
	files, err := os.ReadDir(dir)
	ok(t, err)
	same(t, "nothing half done", 1, len(files))
	dir = t.TempDir()
	_, err = Announce(dir, Notice{URL: "http://127.0.0.1:1"})
	ok(t, err)
	done := make(chan struct{})
	go func() {
		defer close(done)
		for range 200 {
			if _, err := Announce(dir, Notice{URL: "http://127.0.0.1:2"}); err != nil {
				t.Error(err)
			}
		}
	}()
	for reading := true; reading; {
		select {
		case <-done:
			reading = false
		default:
		}
		if n, err := readNotice(dir); err != nil || n.URL == "" {
			t.Fatalf("read %+v: %v", n, err)
		}
	}
}
