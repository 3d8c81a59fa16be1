package slack

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/slack-go/slack"
)

// mostReply bounds what Slack may answer, in bytes: a message comes back whole.
const mostReply = 4 << 20

// errEmpty: Slack said ok and nothing else.
var errEmpty = errors.New("an answer without what was asked for")

// wants is errEmpty where something is missing that an answer always has.
func wants(values ...string) error {
	for _, v := range values {
		if v == "" {
			return errEmpty
		}
	}
	return nil
}

// wireHTTP makes the library's requests, and looks at the answers before the
// library does: it takes ok:false without a word for success, and a 429 without
// Retry-After for any other failure (slack-go v0.35.0).
type wireHTTP struct{ client *http.Client }

func newWire() *wireHTTP {
	dialer := &net.Dialer{Timeout: 5 * time.Second, KeepAlive: 30 * time.Second}
	return &wireHTTP{&http.Client{
		Timeout: 30 * time.Second, // for what has no deadline of its own
		Transport: &http.Transport{
			Proxy: http.ProxyFromEnvironment, DialContext: dialer.DialContext, ForceAttemptHTTP2: true,
			TLSHandshakeTimeout: 5 * time.Second, ResponseHeaderTimeout: 20 * time.Second, IdleConnTimeout: 60 * time.Second, MaxIdleConnsPerHost: 8,
		},
		// A redirect would carry the token elsewhere.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// Do makes a request. Its errors are *CallError without a method.
func (w *wireHTTP) Do(req *http.Request) (*http.Response, error) {
	var sent atomic.Bool
	trace := &httptrace.ClientTrace{GotConn: func(httptrace.GotConnInfo) { sent.Store(true) }}
	resp, err := w.client.Do(req.WithContext(httptrace.WithClientTrace(req.Context(), trace)))
	if err != nil {
		if sent.Load() {
			return nil, &CallError{Fault: Lost, cause: causeOf(err)}
		}
		return nil, &CallError{Fault: Unreachable, cause: causeOf(err)}
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(io.LimitReader(resp.Body, mostReply+1))
	if err == nil && len(body) > mostReply {
		err = errors.New("too long")
	}
	if e := judged(resp, body, err); e != nil {
		return nil, e
	}
	resp.Body = io.NopCloser(bytes.NewReader(body))
	return resp, nil
}

// judged is what is wrong with an answer; nil: nothing is.
func judged(resp *http.Response, body []byte, err error) error {
	switch code := resp.StatusCode; {
	case code == http.StatusTooManyRequests:
		return &CallError{Fault: Limited, Word: "429", after: waitOf(resp.Header.Get("Retry-After"))}
	case code >= 500:
		return &CallError{Fault: Broken, Word: strconv.Itoa(code)}
	case code != http.StatusOK:
		return &CallError{Fault: Refused, Word: strconv.Itoa(code)}
	case err != nil:
		return &CallError{Fault: Lost, cause: causeOf(err)}
	}
	var said struct {
		OK       *bool  `json:"ok"`
		Error    string `json:"error"`
		Needed   string `json:"needed"`
		Metadata struct {
			Messages []string `json:"messages"`
		} `json:"response_metadata"`
	}
	if json.Unmarshal(body, &said) != nil || said.OK == nil {
		return &CallError{Fault: Lost}
	}
	if *said.OK {
		return nil
	}
	e := &CallError{Word: clean(said.Error)}
	if e.Word == "" {
		e.Fault = Broken
		return e
	}
	if !isWord(e.Word, "") {
		e.Word = "unreadable"
	}
	e.Fault = wordFault(e.Word)
	switch e.Fault {
	case Denied:
		if e.Word == "missing_scope" {
			e.Scope = scopesOf(said.Needed)
		}
	case Limited:
		e.after = waitOf(resp.Header.Get("Retry-After"))
	case Faulty:
		e.Pointers = pointersOf(said.Metadata.Messages)
	}
	return e
}

// waitOf reads Retry-After: seconds.
func waitOf(header string) time.Duration {
	seconds, err := strconv.ParseFloat(strings.TrimSpace(header), 64)
	if err != nil || !(seconds > 0) {
		return limitedFor
	}
	if seconds > mostLimited.Seconds() {
		return mostLimited
	}
	return time.Duration(seconds * float64(time.Second))
}

// isWord: Slack's words are of this form; anything else could be anything, a
// token too.
func isWord(word, more string) bool {
	for _, r := range word {
		if (r < 'a' || r > 'z') && (r < '0' || r > '9') && r != '_' && !strings.ContainsRune(more, r) {
			return false
		}
	}
	return word != "" && len(word) <= 80
}

// scopesOf are the scopes that are missing, as Slack lists them.
func scopesOf(needed string) string {
	var scopes []string
	for _, s := range strings.FieldsFunc(needed, func(r rune) bool { return r == ',' || r == ' ' }) {
		if isWord(s, ":.") {
			scopes = append(scopes, s)
		}
	}
	if len(scopes) == 0 {
		return "that this call needs"
	}
	return strings.Join(scopes, ",")
}

// mostPointers bounds what is kept of Slack's words on what we sent.
const mostPointers = 5

// pointersOf keeps the JSON pointers of Slack's messages and drops their words,
// which may quote what was sent: "[ERROR] must be less than 76 characters
// [json-pointer:/blocks/0/text]".
func pointersOf(messages []string) []string {
	var found []string
	for _, m := range messages {
		_, rest, ok := strings.Cut(m, "json-pointer:")
		pointer, _, closed := strings.Cut(rest, "]")
		if !ok || !closed || len(pointer) > 200 || strings.ContainsAny(pointer, " \n\t\"") || len(found) == mostPointers {
			continue
		}
		found = append(found, pointer)
	}
	return found
}

// sorted is an error of the library as one of ours.
func sorted(method string, err error) error {
	if err == nil {
		return nil
	}
	if e, ok := callOf(err); ok {
		e.Method = method
		return e
	}
	var limited *slack.RateLimitedError
	switch {
	case errors.As(err, &limited):
		return &CallError{Method: method, Fault: Limited, after: max(limited.RetryAfter, time.Second)}
	case errors.Is(err, errEmpty):
		return &CallError{Method: method, Fault: Lost, Word: "empty"}
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return &CallError{Method: method, Fault: Lost, cause: causeOf(err)}
	case errors.Is(err, slack.ErrParametersMissing), errors.Is(err, slack.ErrBlockIDNotUnique):
		return &CallError{Method: method, Fault: Faulty, Word: "arguments"}
	}
	return &CallError{Method: method, Fault: Lost, Word: "unreadable"}
}
