package github

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/google/go-github/v60/github"

	"gangway/internal/entitlement"
)

// Connection is how GitHub is reached.
type Connection struct {
	// API is the base of the REST API; empty: that of github.com.
	API string
	// Organisation is its login.
	Organisation string
	// Token is a personal access token; empty: the app signs in.
	Token string
	// App, Installation and Key (PEM) are those of a GitHub App.
	App, Installation int64
	Key               []byte
	// ReadOnly refuses whatever could change anything before it leaves this machine. An
	// app still signs in.
	ReadOnly bool
	// Patience bounds one call, pauses included; 0: 20 s.
	Patience time.Duration
	// Now is the clock, Wait lets time pass by it; nil: the real ones.
	Now  func() time.Time
	Wait func(context.Context, time.Duration) error
}

const (
	defaultAPI = "https://api.github.com/"
	// patience: GitHub itself ends a call after ten seconds.
	patience = 20 * time.Second
	idle     = 90 * time.Second
)

// Client calls GitHub. Every call has an end; none is tried twice, but after a token of
// an app's was withdrawn, and reading on a connection that broke, which net/http does.
// Every failure is a *CallError. Its methods can be used by many
// goroutines; calls that change something go one after the other.
type Client struct {
	o         Connection
	base      *url.URL
	signin    *signin
	transport http.RoundTripper
	turn      chan struct{} // held by the one call that changes something

	mu    sync.Mutex
	pace  pace
	quota quota
	until time.Time // nothing is called before: there were too many
	hits  int       // limits in a row
}

// NewClient checks the connection and calls nobody.
func NewClient(o Connection) (*Client, error) {
	if o.API == "" {
		o.API = defaultAPI
	}
	u, err := url.Parse(o.API)
	if err != nil || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" || u.Scheme != "https" && !(u.Scheme == "http" && loopback(u.Hostname())) {
		return nil, errors.New("setting up GitHub: the address of its API is not one with https (or one on this machine)")
	}
	if !strings.HasSuffix(u.Path, "/") {
		u.Path += "/" // the library wants it so
	}
	if entitlement.CheckLogin(o.Organisation) != nil {
		return nil, errors.New("setting up GitHub: the organisation's name is none")
	}
	if o.Patience <= 0 {
		o.Patience = patience
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Wait == nil {
		o.Wait = wait
	}
	s, err := newSignin(o)
	if err != nil {
		return nil, fmt.Errorf("setting up GitHub: %w", err)
	}
	c := &Client{o: o, base: u, signin: s, transport: newTransport(), turn: make(chan struct{}, 1)}
	if o.ReadOnly {
		c.transport = reading{next: c.transport, signIn: u.Path + signInPath(o.Installation)}
	}
	return c, nil
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

func wait(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// library is go-github for one call. A client of its own each time: the library
// remembers limits by the machine's clock and then invents refusals.
func (c *Client) library(token string) *github.Client {
	api := github.NewClient(&http.Client{Transport: wire{token: token, next: c.transport}, CheckRedirect: stay})
	api.BaseURL, api.UserAgent = c.base, "gangway"
	return api
}

// doing is what one call does with the library.
type doing func(context.Context, *github.Client) (*github.Response, error)

// call makes one call, and says what came back.
func (c *Client) call(ctx context.Context, k call, do doing) (*note, error) {
	ctx, cancel := context.WithTimeout(ctx, c.o.Patience)
	defer cancel()
	if k.changes() {
		select {
		case c.turn <- struct{}{}:
			defer func() { <-c.turn }()
		case <-ctx.Done():
			return nil, &CallError{Call: k.name, Fault: Unreachable, cause: causeOf(ctx.Err())}
		}
	}
	if err := c.free(ctx, k); err != nil {
		return nil, err
	}
	n, err := c.once(ctx, k, do)
	if is(err, Denied) && n != nil && n.status == http.StatusUnauthorized && c.signin.forget() {
		n, err = c.once(ctx, k, do) // an app's token that was withdrawn, or ran out on the way
	}
	return n, err
}

// once signs in and makes a call.
func (c *Client) once(ctx context.Context, k call, do doing) (*note, error) {
	token, err := c.signin.token(ctx, c)
	if err != nil {
		return nil, err
	}
	return c.with(ctx, k, token, do)
}

// with makes a call with a token.
func (c *Client) with(ctx context.Context, k call, token string, do doing) (*note, error) {
	ctx, n := noting(ctx)
	_, err := do(ctx, c.library(token))
	now := c.o.Now()
	err = sorted(k.name, n, err, now)
	c.learn(k, n, err, now)
	follow(ctx, k, n, err, now)
	return n, err
}

// free waits until a call may be made, where that is soon.
func (c *Client) free(ctx context.Context, k call) error {
	for {
		c.mu.Lock()
		now := c.o.Now()
		limited := c.until.Sub(now)
		wait := limited
		if isGentle(ctx) {
			short, long := c.quota.free(now)
			limited = max(limited, long)
			wait = max(limited, short)
		}
		if k.changes() {
			wait = max(wait, c.pace.free(now, k))
		}
		if wait <= 0 {
			c.take(ctx, k, now)
		}
		c.mu.Unlock()
		switch {
		case wait <= 0:
			return nil
		case limited > 0 || wait > shortPause:
			return &CallError{Call: k.name, Fault: Limited, after: wait}
		}
		if err := c.o.Wait(ctx, wait); err != nil {
			return &CallError{Call: k.name, Fault: Unreachable, cause: causeOf(err)}
		}
	}
}

// take counts a call that is made now; the caller holds the lock.
func (c *Client) take(ctx context.Context, k call, now time.Time) {
	if k.changes() {
		c.pace.take(now, k)
	}
	if isGentle(ctx) {
		c.quota.take(now, k)
	}
}

// learn takes notice of limits: all calls wait, each limit in a row for longer.
func (c *Client) learn(k call, n *note, err error, now time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if k.name != callSignIn { // which counts against a limit of its own
		c.quota.learn(n.header)
	}
	e, _ := faultOf(err)
	if e == nil || e.Fault != Limited {
		c.hits = 0
		return
	}
	if e.after == 0 {
		e.after = min(limitedFor<<min(c.hits, 10), mostBackoff)
	}
	c.hits++
	if until := now.Add(e.after); until.After(c.until) {
		c.until = until
	}
}
