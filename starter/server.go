package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// mostAnswer bounds a JSON answer of the server; a case of years stays far
// below.
const mostAnswer = 64 << 20

// localFile is what a running local leaves in its data folder.
type localFile struct {
	URL   string `json:"url"`
	PID   int    `json:"pid"`
	Token string `json:"token,omitempty"`
}

// place is where requests go.
type place struct {
	url   *url.URL
	token string
	local bool // found through a data folder: it may be restarting
}

// place finds the server: --url, or the local that runs on the data folder. The
// token of a local never goes anywhere else.
func (s *session) place() (place, error) {
	if address := s.setting("url", "GANGWAY_URL"); address != "" {
		u, err := readAddress(address)
		if err != nil {
			return place{}, usage(err.Error(), "write the whole address, such as https://gangway.example")
		}
		if err := overheard(u); err != nil {
			return place{}, err
		}
		secret, err := s.token()
		return place{url: u, token: secret}, err
	}
	path := filepath.Join(s.setting("data", "GANGWAY_DATA"), "local.json")
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return place{}, failed("no gangway runs on "+filepath.Dir(path),
			"start one with `go run ./local`, or say where it is with --data DIR or --url ADDRESS")
	}
	if err != nil {
		return place{}, fmt.Errorf("looking for a running local: %w", err)
	}
	var f localFile
	if err := json.Unmarshal(text, &f); err != nil {
		return place{}, failed(path+" is damaged: "+err.Error(), "restart the local; it writes the file anew")
	}
	u, err := readAddress(f.URL)
	if err != nil {
		return place{}, failed(path+" is damaged: "+err.Error(), "restart the local; it writes the file anew")
	}
	return place{url: u, token: f.Token, local: true}, nil
}

func readAddress(address string) (*url.URL, error) {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.User != nil {
		return nil, fmt.Errorf("%.80q is no address of a gangway", address)
	}
	return u, nil
}

// wish is one request; its body can be opened again.
type wish struct {
	method string
	path   string // "/api/case"
	query  url.Values
	media  string
	body   func() (io.ReadCloser, error)
	hasty  bool // never tried again, nothing said
}

func get(path string, pairs ...string) wish {
	w := wish{method: http.MethodGet, path: path, query: url.Values{}}
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			w.query.Set(pairs[i], pairs[i+1])
		}
	}
	return w
}

// post is a wish with a JSON body.
func post(path string, value any) (wish, error) {
	text, err := json.Marshal(value)
	if err != nil {
		return wish{}, fmt.Errorf("packing a request: %w", err)
	}
	open := func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(text)), nil }
	return wish{method: http.MethodPost, path: path, media: "application/json", body: open}, nil
}

// fetch does a wish and returns the JSON of the answer.
func (s *session) fetch(w wish) ([]byte, error) {
	var text []byte
	err := s.do(w, func(body io.Reader) error {
		var err error
		text, err = io.ReadAll(io.LimitReader(body, mostAnswer+1))
		if err == nil && len(text) > mostAnswer {
			err = failed("the server's answer is larger than " + size(mostAnswer))
		}
		return err
	})
	return text, err
}

// fetchInto is fetch into a value too.
func (s *session) fetchInto(w wish, v any) ([]byte, error) {
	text, err := s.fetch(w)
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(text, v); err != nil {
		return nil, problem{code: exitError, err: errors.New("the server's answer can't be read: " + err.Error()),
			hints: []string{"is the address that of a gangway, and of this version?"}, unsure: true}
	}
	return text, nil
}

// do does a wish until it was answered. Connection errors at a local are tried
// again for a while: it may be restarting, perhaps at another port. That is safe,
// since everything that changes anything carries an id.
func (s *session) do(w wish, read func(io.Reader) error) error {
	if err := s.known(); err != nil {
		return err
	}
	at, err := s.place()
	if err != nil {
		return err
	}
	var end time.Time // of the tries; set by the first that failed
	for {
		err = s.once(at, w, read)
		var lost connectionError
		switch {
		case s.ctx.Err() != nil:
			return problem{code: exitError, err: errors.New("interrupted"), unsure: true}
		case !errors.As(err, &lost):
			return err
		case !at.local || w.hasty || !end.IsZero() && time.Now().After(end):
			return unreachable(at, lost)
		}
		if end.IsZero() {
			end = time.Now().Add(s.patience)
			s.tell("%s does not answer; trying for %s", at.url.String(), s.patience)
		}
		select {
		case <-s.ctx.Done():
		case <-time.After(s.pause):
		}
		if moved, err := s.place(); err == nil { // while it restarts there may be no file
			at = moved
		}
	}
}

func unreachable(at place, lost connectionError) error {
	hint := "is the address right, and does it run?"
	if at.local {
		hint = "start it again with `go run ./local`; what it had taken in is kept"
	}
	return problem{code: exitError, err: fmt.Errorf("reaching gangway at %s: %w", at.url.String(), lost.cause), hints: []string{hint}, unsure: true}
}

// connectionError is a request that got no whole answer.
type connectionError struct{ cause error }

// Error is the cause.
func (e connectionError) Error() string { return e.cause.Error() }

func (s *session) once(at place, w wish, read func(io.Reader) error) error {
	var body io.ReadCloser = http.NoBody
	if w.body != nil {
		var err error
		if body, err = w.body(); err != nil {
			return err
		}
	}
	target := at.url.JoinPath(w.path)
	target.RawQuery = w.query.Encode()
	req, err := http.NewRequestWithContext(s.ctx, w.method, target.String(), body)
	if err != nil {
		return errors.Join(fmt.Errorf("making a request: %w", err), body.Close())
	}
	if s.as != "" {
		req.Header.Set("Gangway-As", s.as)
	}
	req.Header.Set("Accept", "application/json")
	if w.media != "" {
		req.Header.Set("Content-Type", w.media)
	}
	if at.token != "" {
		req.Header.Set("Authorization", "Bearer "+at.token)
	}
	answer, err := client(at).Do(req)
	if err != nil {
		var bare *url.Error
		if errors.As(err, &bare) {
			err = bare.Err
		}
		return connectionError{err}
	}
	defer answer.Body.Close() // only read
	if answer.StatusCode != http.StatusOK {
		return refusedBy(answer)
	}
	if err := read(answer.Body); err != nil {
		var cut net.Error
		if errors.Is(err, io.ErrUnexpectedEOF) || errors.As(err, &cut) {
			return connectionError{err}
		}
		return err
	}
	return nil
}

// client follows no redirect, which would carry a token elsewhere, and asks no
// proxy for the way to this machine.
func client(at place) *http.Client {
	t := &http.Transport{DisableKeepAlives: true, ResponseHeaderTimeout: time.Minute}
	if !at.local {
		t.Proxy = http.ProxyFromEnvironment
	}
	return &http.Client{Transport: t, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

// refusedBy is the error that the server answered with.
func refusedBy(answer *http.Response) error {
	var said struct {
		Error string `json:"error"`
		Hint  string `json:"hint"`
	}
	text, err := io.ReadAll(io.LimitReader(answer.Body, 1<<20))
	if err != nil {
		return connectionError{err}
	}
	if err := json.Unmarshal(text, &said); err != nil || said.Error == "" {
		return problem{code: exitError, err: errors.New("the server answered " + strings.ToLower(answer.Status) + " and nothing that gangway says"),
			hints: []string{"is the address that of a gangway?"}, unsure: true}
	}
	code := exitError
	if answer.StatusCode == http.StatusUnauthorized || answer.StatusCode == http.StatusForbidden {
		code = exitDenied
	}
	return problem{code: code, err: errors.New(said.Error), hints: []string{said.Hint}, status: answer.StatusCode, unsure: answer.StatusCode >= http.StatusInternalServerError}
}
