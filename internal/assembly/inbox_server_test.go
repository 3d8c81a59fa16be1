package assembly

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"
)

// hasty bounds end within a test what the usual ones end within minutes.
func hasty() bounds {
	return bounds{header: 60 * time.Millisecond, read: 120 * time.Millisecond, write: 120 * time.Millisecond, idle: 60 * time.Millisecond, headerBytes: 4 << 10, drain: 50 * time.Millisecond}
}

// dial serves h within hasty bounds and connects to it.
func dial(t *testing.T, h http.HandlerFunc, log *slog.Logger) (c net.Conn, stop func()) {
	t.Helper()
	l, err := ListenLoopback("127.0.0.1:0")
	ok(t, err)
	stop = serve(l, h, hasty(), log)
	c, err = net.Dial("tcp", l.Addr().String())
	ok(t, err)
	t.Cleanup(func() { _ = c.Close() })
	return c, stop
}

// drip sends a letter whenever nothing came back for a while, until the other
// end hangs up; what came back is returned.
func drip(t *testing.T, c net.Conn, text string) string {
	t.Helper()
	var said bytes.Buffer
	part := make([]byte, 512)
	for i := 0; ; i++ {
		if _, err := c.Write([]byte{text[i%len(text)]}); err != nil {
			return said.String()
		}
		ok(t, c.SetReadDeadline(time.Now().Add(5*time.Millisecond)))
		n, err := c.Read(part)
		said.Write(part[:n])
		if err != nil && !errors.Is(err, os.ErrDeadlineExceeded) {
			return said.String()
		}
	}
}

// TestSlowLoris: somebody who sends a letter now and then is cut off, in the
// headers, in the body, and between two requests, and no page ever runs for them.
func TestSlowLoris(t *testing.T) {
	t.Parallel()
	for name, begin := range map[string]string{"headers": "GET / HTTP/1.1\r\nHost: x\r\nX-Long: ", "request line": "GET /", "nothing": "G"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, stop := dial(t, func(http.ResponseWriter, *http.Request) { t.Error("a page ran") }, slog.New(slog.DiscardHandler))
			defer stop()
			_, err := io.WriteString(c, begin)
			ok(t, err)
			if said := drip(t, c, "a"); strings.Contains(said, "200") {
				t.Errorf("it was answered: %s", said)
			}
		})
	}
	t.Run("body", func(t *testing.T) {
		t.Parallel()
		read := make(chan error, 1)
		c, stop := dial(t, func(_ http.ResponseWriter, r *http.Request) {
			_, err := io.ReadAll(r.Body)
			read <- err
		}, slog.New(slog.DiscardHandler))
		defer stop()
		_, err := io.WriteString(c, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n")
		ok(t, err)
		drip(t, c, "a")
		if err := <-read; err == nil {
			t.Error("the body ended well")
		}
	})
	t.Run("idle", func(t *testing.T) {
		t.Parallel()
		c, stop := dial(t, func(http.ResponseWriter, *http.Request) {}, slog.New(slog.DiscardHandler))
		defer stop()
		_, err := io.WriteString(c, "GET / HTTP/1.1\r\nHost: x\r\n\r\n")
		ok(t, err)
		_, err = io.ReadAll(c) // ends only when the other end hangs up
		ok(t, err)
	})
}

// TestSomebodyWhoDoesNotRead holds a page up for the write bound and no longer.
func TestSomebodyWhoDoesNotRead(t *testing.T) {
	t.Parallel()
	wrote := make(chan error, 1)
	c, stop := dial(t, func(w http.ResponseWriter, _ *http.Request) {
		var err error
		for part := make([]byte, 1<<20); err == nil; {
			_, err = w.Write(part)
		}
		wrote <- err
	}, slog.New(slog.DiscardHandler))
	defer stop()
	_, err := io.WriteString(c, "GET / HTTP/1.1\r\nHost: x\r\n\r\n")
	ok(t, err)
	if <-wrote == nil {
		t.Error("everything was taken")
	}
}

func TestHeadersThatAreTooLarge(t *testing.T) {
	t.Parallel()
	c, stop := dial(t, func(http.ResponseWriter, *http.Request) { t.Error("a page ran") }, slog.New(slog.DiscardHandler))
	defer stop()
	_, err := io.WriteString(c, "GET / HTTP/1.1\r\nHost: x\r\nX-Long: "+strings.Repeat("a", 9<<10)+"\r\n\r\n")
	ok(t, err)
	said, err := io.ReadAll(c)
	if !strings.Contains(string(said), "431") {
		t.Errorf("%s, %v", said, err)
	}
}

// TestAStopWaitsOnlySoLong for a page that does not end.
func TestAStopWaitsOnlySoLong(t *testing.T) {
	t.Parallel()
	came, end := make(chan struct{}), make(chan struct{})
	c, stop := dial(t, func(_ http.ResponseWriter, r *http.Request) {
		close(came)
		<-r.Context().Done() // the connection was cut
		close(end)
	}, slog.New(slog.DiscardHandler))
	_, err := io.WriteString(c, "GET / HTTP/1.1\r\nHost: x\r\n\r\n")
	ok(t, err)
	<-came
	stop()
	<-end
}

// TestLogsOfConnectionsNameNobody: the http server's own words hold addresses,
// and what a page fell over.
func TestLogsOfConnectionsNameNobody(t *testing.T) {
	t.Parallel()
	var logs strings.Builder
	c, stop := dial(t, func(http.ResponseWriter, *http.Request) { panic("Maya Lindqvist wrote this") }, slog.New(slog.NewJSONHandler(&logs, nil)))
	_, err := io.WriteString(c, "GET / HTTP/1.1\r\nHost: x\r\n\r\n")
	ok(t, err)
	_, err = io.ReadAll(c)
	ok(t, err)
	stop()
	text := logs.String()
	if strings.Contains(text, "Maya") || strings.Contains(text, c.LocalAddr().String()) || !strings.Contains(text, "a page failed") || !strings.Contains(text, "inbox_server_test.go") {
		t.Error(text)
	}
}

func TestWhomAProxyNames(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		headers []string
		want    string
	}{
		{nil, "192.0.2.1:1234"},
		{[]string{"203.0.113.9"}, "203.0.113.9:0"},
		{[]string{"10.0.0.1, 203.0.113.9"}, "203.0.113.9:0"}, // the first is what the client wrote
		{[]string{"10.0.0.1", "2001:db8::1"}, "[2001:db8::1]:0"},
		{[]string{"203.0.113.9, nonsense"}, "192.0.2.1:1234"},
		{[]string{""}, "192.0.2.1:1234"},
	} {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		for _, h := range c.headers {
			r.Header.Add("X-Forwarded-For", h)
		}
		got := ""
		behindProxy(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { got = r.RemoteAddr })).ServeHTTP(httptest.NewRecorder(), r)
		same(t, fmt.Sprint(c.headers), c.want, got)
	}
}

// TestNoFileStaysBehindAProxy: what a stranger sends with a form is gone when the
// form is answered, also where a proxy named them.
func TestNoFileStaysBehindAProxy(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	files := func() int {
		list, err := os.ReadDir(dir)
		ok(t, err)
		return len(list)
	}
	spilled := 0
	l, err := ListenLoopback("127.0.0.1:0")
	ok(t, err)
	stop := serve(l, behindProxy(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		if err := r.ParseMultipartForm(1); err != nil {
			t.Error(err)
		}
		spilled = files()
	})), usual(), slog.New(slog.DiscardHandler))
	body := "--x\r\nContent-Disposition: form-data; name=file; filename=x\r\n\r\n" + strings.Repeat("x", 1<<16) + "\r\n--x--\r\n"
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://"+l.Addr().String()+"/", strings.NewReader(body))
	ok(t, err)
	r.Header.Set("Content-Type", "multipart/form-data; boundary=x")
	r.Header.Set("X-Forwarded-For", "203.0.113.9")
	answer, err := http.DefaultClient.Do(r)
	ok(t, err)
	ok(t, answer.Body.Close())
	stop() // which waits for the request's end
	same(t, "files while it was read", 1, spilled)
	same(t, "and after", 0, files())
}

func TestLivezSaysOneThing(t *testing.T) {
	t.Parallel()
	h := alive(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTeapot) }))
	for _, c := range []struct {
		method, path string
		want         int
	}{{"GET", "/livez", 200}, {"HEAD", "/livez", 200}, {"POST", "/livez", 405}, {"GET", "/livez/x", 418}, {"GET", "/", 418}} {
		answer := httptest.NewRecorder()
		h.ServeHTTP(answer, httptest.NewRequest(c.method, c.path, nil))
		same(t, c.method+" "+c.path, c.want, answer.Code)
		if c.want == 200 {
			same(t, "body", Alive, answer.Body.String())
		}
	}
}
