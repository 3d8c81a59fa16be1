package posthouse

import (
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/emersion/go-smtp"
)

// Sent is a mail that left for elsewhere.
type Sent struct {
	From string
	To   []string
	Raw  []byte
}

// elsewhere is the rest of the world: it takes every mail, but for domains where
// nobody is known.
type elsewhere struct {
	server   *smtp.Server
	listener net.Listener
	unknown  []string

	mu   sync.Mutex
	sent []Sent
	came chan struct{} // closed and made anew with each mail
}

func openElsewhere(unknown []string) (*elsewhere, error) {
	e := &elsewhere{unknown: unknown, came: make(chan struct{})}
	var err error
	if e.listener, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
		return nil, fmt.Errorf("listening for mail to elsewhere: %w", err)
	}
	e.server = smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return &visit{e: e}, nil }))
	e.server.Domain = "elsewhere.test"
	e.server.ErrorLog = log.New(io.Discard, "", 0)
	go func() { _ = e.server.Serve(e.listener) }() // ends with close, which is what it then says
	return e, nil
}

func (e *elsewhere) port() int { return e.listener.Addr().(*net.TCPAddr).Port }

func (e *elsewhere) close() error {
	return errors.Join(e.server.Close(), e.listener.Close())
}

// visit is one connection.
type visit struct {
	e    *elsewhere
	sent Sent
}

// Mail begins a mail.
func (v *visit) Mail(from string, _ *smtp.MailOptions) error {
	v.sent = Sent{From: from}
	return nil
}

// Rcpt names a recipient.
func (v *visit) Rcpt(to string, _ *smtp.RcptOptions) error {
	if slices.ContainsFunc(v.e.unknown, func(d string) bool { return strings.HasSuffix(strings.ToLower(to), "@"+d) }) {
		return &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "User unknown"}
	}
	v.sent.To = append(v.sent.To, to)
	return nil
}

// Data takes the mail.
func (v *visit) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	v.sent.Raw = raw
	v.e.mu.Lock()
	defer v.e.mu.Unlock()
	v.e.sent = append(v.e.sent, v.sent)
	close(v.e.came)
	v.e.came = make(chan struct{})
	return nil
}

// Reset forgets the mail that was begun.
func (v *visit) Reset() { v.sent = Sent{} }

// Logout ends the session.
func (v *visit) Logout() error { return nil }

// tokens says who a bearer token is, as Google's and Microsoft's endpoints do.
type tokens struct {
	server   *http.Server
	listener net.Listener

	mu          sync.Mutex
	token, user string
}

func openTokens() (*tokens, error) {
	t := &tokens{}
	var err error
	if t.listener, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
		return nil, fmt.Errorf("listening for tokens: %w", err)
	}
	t.server = &http.Server{Handler: t, ReadHeaderTimeout: patience}
	go func() { _ = t.server.Serve(t.listener) }() // ends with close, which is what it then says
	return t, nil
}

func (t *tokens) port() int { return t.listener.Addr().(*net.TCPAddr).Port }

func (t *tokens) close() error { return t.server.Close() }

// ServeHTTP answers Dovecot's question.
func (t *tokens) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	t.mu.Lock()
	token, user := t.token, t.user
	t.mu.Unlock()
	if token == "" || subtle.ConstantTimeCompare([]byte(r.FormValue("access_token")), []byte(token)) != 1 {
		http.Error(w, `{"error":"invalid_token"}`, http.StatusUnauthorized)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(map[string]any{"email": user, "expires_in": 100}) // Dovecot may have gone
}
