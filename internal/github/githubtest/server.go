package githubtest

import (
	"crypto/rand"
	"crypto/rsa"
	"errors"
	"fmt"
	"net"
	"net/http"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"
)

// Options say what organisation it is. The zero value is an empty one, on a free port,
// with one token that may do everything.
type Options struct {
	// Address is where it listens; empty: a free port of 127.0.0.1. Others than
	// loopback are refused.
	Address string
	// Organisation is its login; Base is what every member may do with every
	// repository: none, read, write, admin.
	Organisation, Base string
	// Tokens let in; none: one with the name that Token gives.
	Tokens []Token
	// App may sign in where it has a public key.
	App App
	// Now is GitHub's clock; nil: time.Now.
	Now func() time.Time
	// Lag is how long somebody who was removed from a repository is still shown there.
	Lag time.Duration
	// TransferLag is how long a repository is on its way; Unaccepted: whoever has to accept
	// transfers never does.
	TransferLag time.Duration
	Unaccepted  bool
	// Git is the folder of the git repositories (GitFolder); empty: git finds none.
	Git string
	// NoOutsiders: the organisation lets nobody in who is not a member.
	NoOutsiders bool
	// PerHour, ContentMinute, ContentHour and InvitationsDay are limits; 0: GitHub's own.
	PerHour, ContentMinute, ContentHour, InvitationsDay int
	// PointsMinute is how many points of calls a minute has, a call that reads being one
	// and one that changes something five; Concurrent how many may run at once; 0:
	// GitHub's own.
	PointsMinute, Concurrent int
	// Enterprise: it has what GitHub's Enterprise Cloud alone has.
	Enterprise bool
	// File keeps the organisation from start to start; empty: it is forgotten.
	File string
	// PerPage is the most that a page holds; 0: a hundred, as GitHub's.
	PerPage int
}

// Token is a personal access token.
type Token struct {
	Value string
	// Scopes make it a classic one; else Permissions are a fine-grained one's, such as
	// members: write. nil both: it may do everything.
	Scopes      []string
	Permissions map[string]string
	// Repositories that it sees; nil: all.
	Repositories []string
}

// App is a GitHub App that is installed in the organisation.
type App struct {
	ID, Installation int64
	Key              *rsa.PublicKey
	Permissions      map[string]string
	Repositories     []string // as in Token
	// Lives is how long its tokens do; 0: an hour.
	Lives time.Duration
}

// GitHub's limits (its page "Rate limits for the REST API"); the last is of an
// organisation's first month.
const (
	perHour        = 5000
	pointsMinute   = 900
	concurrent     = 100
	contentMinute  = 80
	contentHour    = 500
	invitationsDay = 50
	perPage        = 100
	usualPage      = 30
)

// Server is a running GitHub. Its methods can be used by many goroutines.
type Server struct {
	o        Options
	listener net.Listener
	http     *http.Server
	served   chan struct{}

	atOnce atomic.Int64 // calls that run

	mu     sync.Mutex
	closed bool
	ahead  time.Duration
	// unsaved is why the file could not be written.
	unsaved error
	state
}

// New starts a GitHub; Close ends it.
func New(o Options) (*Server, error) {
	o.fill()
	s := &Server{o: o, served: make(chan struct{}), state: newState()}
	err := s.load()
	if err != nil {
		return nil, err
	}
	if o.Git != "" { // git is run in that folder, and takes a relative one from there
		if s.o.Git, err = filepath.Abs(o.Git); err != nil {
			return nil, fmt.Errorf("finding the folder of the repositories: %w", err)
		}
	}
	if s.listener, err = net.Listen("tcp", o.Address); err != nil {
		return nil, fmt.Errorf("listening as GitHub: %w", err)
	}
	if !s.listener.Addr().(*net.TCPAddr).IP.IsLoopback() {
		return nil, errors.Join(fmt.Errorf("listening as GitHub at %s: a test's GitHub stays on loopback", o.Address), s.listener.Close())
	}
	s.http = &http.Server{Handler: s.handler(), ReadHeaderTimeout: 10 * time.Second}
	go func() {
		defer close(s.served)
		_ = s.http.Serve(s.listener) // ends with Close, which is what it then says
	}()
	return s, nil
}

func (o *Options) fill() {
	or := func(value *int, other int) {
		if *value == 0 {
			*value = other
		}
	}
	or(&o.PerHour, perHour)
	or(&o.ContentMinute, contentMinute)
	or(&o.ContentHour, contentHour)
	or(&o.InvitationsDay, invitationsDay)
	or(&o.PerPage, perPage)
	or(&o.PointsMinute, pointsMinute)
	or(&o.Concurrent, concurrent)
	if o.Address == "" {
		o.Address = "127.0.0.1:0"
	}
	if o.Organisation == "" {
		o.Organisation = "test"
	}
	if o.Base == "" {
		o.Base = "none"
	}
	if len(o.Tokens) == 0 {
		o.Tokens = []Token{{Value: "ghp_" + rand.Text()}}
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.App.Lives == 0 {
		o.App.Lives = time.Hour
	}
}

// Token is the first of the tokens that let in.
func (s *Server) Token() string { return s.o.Tokens[0].Value }

// Organisation is its login.
func (s *Server) Organisation() string { return s.o.Organisation }

// URL is where it is reached, without a slash at its end: a page to look at. The API is
// below, as on an Enterprise Server: see API.
func (s *Server) URL() string { return "http://" + s.listener.Addr().String() }

// API is the base of the REST API.
func (s *Server) API() string { return s.URL() + prefix }

// prefix begins the paths of the API.
const prefix = "/api/v3/"

// Advance lets GitHub's clock go forward.
func (s *Server) Advance(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ahead += d
	s.keep()
}

// Now is the time by GitHub's clock.
func (s *Server) Now() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.now()
}

func (s *Server) now() time.Time { return s.o.Now().Add(s.ahead) }

// Close ends the server and every connection.
func (s *Server) Close() error {
	s.mu.Lock()
	closed := s.closed
	s.closed = true
	s.mu.Unlock()
	if closed {
		return nil
	}
	err := s.http.Close()
	<-s.served
	if err != nil {
		err = fmt.Errorf("closing the test's GitHub: %w", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.keep()
	return errors.Join(err, s.unsaved)
}

func (s *Server) handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc(prefix, s.serveAPI)
	mux.Handle("/", s.Handler())
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if owner, name, wiki, rest, is := gitPath(r.URL.Path); is {
			s.serveGit(w, r, owner, name, wiki, rest)
			return
		}
		mux.ServeHTTP(w, r)
	})
}
