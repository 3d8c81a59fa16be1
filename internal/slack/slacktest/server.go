package slacktest

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"net"
	"net/http"
	"sync"
	"time"
)

// Options says what workspace it is. The zero value is one with an app and nobody
// else, on a free port.
type Options struct {
	// Address is where it listens; empty: a free port of 127.0.0.1. Others than
	// loopback are refused.
	Address string
	// Team and App are their ids; Enterprise is empty where there is none. BotUser
	// is the app's user, Bot its id as a bot.
	Team, TeamName, Domain, Enterprise, App, BotUser, Bot string
	// BotToken and AppToken let the app in, Secret signs what it is sent; empty: new
	// ones, see Server.Options.
	BotToken, AppToken, Secret string
	// File keeps conversations, messages and home tabs from start to start; empty:
	// they are forgotten.
	File string
	// Scopes are what the bot's token may; nil: all that the API asks for.
	Scopes []string
	// RequestURL takes interactions, EventURL events and CommandURL slash commands.
	// Where RequestURL is empty, Socket Mode carries all of them; the other two fall
	// back to it.
	RequestURL, EventURL, CommandURL string
	// Now is the workspace's clock; nil: time.Now. Patience is how long an
	// acknowledgement may take, on the real clock; 0: three seconds, as Slack's.
	Now      func() time.Time
	Patience time.Duration
	// PingEvery is how often a socket is pinged; 0: five seconds.
	PingEvery time.Duration
	Users     []User
	Channels  []Channel
	Groups    []Group
}

// Server is a running Slack. Its methods can be used by many goroutines.
type Server struct {
	o        Options
	listener net.Listener
	http     *http.Server
	served   chan struct{}
	ended    chan struct{} // closed by Close: nothing waits any longer
	methods  map[string]method
	client   *http.Client // of deliveries
	// verification is the token that is in every delivery; deprecated, but there.
	verification string
	work         sync.WaitGroup // of what runs beside requests
	told         telling        // of the story that is told here

	mu     sync.Mutex
	closed bool
	// unsaved is why File could not be written; nil: it was.
	unsaved error
	ahead   time.Duration
	state
}

// New starts a Slack; Close ends it.
func New(o Options) (*Server, error) {
	o.fill()
	s := &Server{o: o, served: make(chan struct{}), ended: make(chan struct{}), methods: methods(), verification: secret(), state: newState()}
	s.client = &http.Client{
		Transport:     &http.Transport{DisableKeepAlives: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	s.setUser(User{ID: o.BotUser, Name: "gangway", RealName: "Gangway", Bot: true})
	for _, u := range o.Users {
		s.setUser(u)
	}
	for _, c := range o.Channels {
		s.channels[c.ID] = c
	}
	for _, g := range o.Groups {
		s.groups[g.ID] = g
	}
	var err error
	if o.File != "" {
		if err := s.load(); err != nil {
			return nil, err
		}
	}
	if s.listener, err = net.Listen("tcp", o.Address); err != nil {
		return nil, fmt.Errorf("listening as Slack: %w", err)
	}
	if !s.listener.Addr().(*net.TCPAddr).IP.IsLoopback() {
		return nil, errors.Join(fmt.Errorf("listening as Slack at %s: a test's Slack stays on loopback", o.Address), s.listener.Close())
	}
	s.http = &http.Server{Handler: s.handler(), ReadHeaderTimeout: 10 * time.Second}
	go func() {
		defer close(s.served)
		_ = s.http.Serve(s.listener) // ends with Close, which is what it then says
	}()
	if o.File != "" {
		s.work.Go(s.remember)
	}
	return s, nil
}

func (o *Options) fill() {
	or := func(value *string, other string) {
		if *value == "" {
			*value = other
		}
	}
	or(&o.Address, "127.0.0.1:0")
	or(&o.Team, "T0TEST")
	or(&o.TeamName, "Test")
	or(&o.Domain, "test")
	or(&o.App, "A0TEST")
	or(&o.BotUser, "U0TESTBOT")
	or(&o.Bot, "B0TEST")
	or(&o.BotToken, "xoxb-"+secret())
	or(&o.AppToken, "xapp-"+secret())
	or(&o.Secret, secret())
	if o.Scopes == nil {
		o.Scopes = everyScope()
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Patience == 0 {
		o.Patience = 3 * time.Second
	}
	if o.PingEvery == 0 {
		o.PingEvery = 5 * time.Second
	}
}

func secret() string {
	b := make([]byte, 16)
	_, _ = rand.Read(b) // never fails (crypto/rand)
	return hex.EncodeToString(b)
}

// Options are those it runs with, its tokens and secret among them.
func (s *Server) Options() Options {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.o
}

// URL is where it is reached, without a slash at its end; the Web API is below
// /api/, and a page to look at at /, see Handler.
func (s *Server) URL() string { return "http://" + s.listener.Addr().String() }

// Close ends the server and every connection, and waits for what it was doing.
func (s *Server) Close() error {
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		return nil
	}
	s.closed = true
	close(s.ended)
	s.mu.Unlock()
	err := s.http.Close()
	<-s.served
	s.work.Wait()
	if err != nil {
		return fmt.Errorf("closing the test's Slack: %w", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.unsaved
}

func (s *Server) handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/api/{method}", s.serveAPI)
	mux.HandleFunc("GET /link/", s.serveSocket)
	mux.HandleFunc("POST /actions/", s.serveResponse)
	mux.Handle("/", s.Handler())
	return mux
}

// until is a context that ends with the server.
func (s *Server) until(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(ctx)
	go func() {
		select {
		case <-s.ended:
			cancel()
		case <-ctx.Done():
		}
	}()
	return ctx, cancel
}

// beside runs something that Close waits for; after Close it does not.
func (s *Server) beside(do func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.closed {
		s.work.Go(do)
	}
}
