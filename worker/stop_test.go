package main

import (
	"fmt"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
)

// TestNotReadyFirstThenStopped: while somebody's request is still being read, a
// worker that is to stop says so, takes nobody new, and ends once they are done.
func TestNotReadyFirstThenStopped(t *testing.T) {
	t.Parallel()
	addr, _ := serve(t, sound())
	ready := free(t)
	file, dir := setUp(t, fmt.Sprintf("sign-in: pick\nlisten: 127.0.0.1:0\nhealth: %s\nengine: {address: %q, namespace: trial}\n", ready, addr))
	r := start(t, nothing, "-config", file)
	url := look(t, filepath.Join(dir, "gangway-data"), r.said)
	for { // until it is ready
		if code, _ := page(t, "http://"+ready+"/readyz"); code == http.StatusOK {
			break
		}
	}
	host := strings.TrimPrefix(url, "http://")
	c, err := net.Dial("tcp", host)
	if err != nil {
		t.Fatal(err)
	}
	_, err = fmt.Fprintf(c, "POST /signin HTTP/1.1\r\nHost: %s\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 100\r\nExpect: 100-continue\r\n\r\n", host)
	if err != nil {
		t.Fatal(err)
	}
	if n, err := c.Read(make([]byte, 25)); err != nil || n == 0 { // 100 Continue: the page reads
		t.Fatal(err)
	}
	r.stop()
	for { // until it says so
		code, text := page(t, "http://"+ready+"/readyz")
		if code == http.StatusServiceUnavailable && strings.Contains(text, `"stopping"`) {
			break
		}
	}
	for { // until nobody new is let in
		late, err := net.Dial("tcp", host)
		if err != nil {
			break
		}
		_ = late.Close()
	}
	select {
	case code := <-r.ended:
		t.Errorf("it ended with %d before the request did", code)
	default:
	}
	if err := c.Close(); err != nil {
		t.Error(err)
	}
	r.end(t)
}
