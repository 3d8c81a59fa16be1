// Package posthouse runs a real mail server on loopback for tests: Dovecot for
// IMAP and LMTP, Postfix for SMTP, with mailboxes, an out-of-office and domains
// that bounce, in a folder that goes with them.
//
// The programs are looked for where Debian installs them. Without them, or without
// root, the test is skipped, or fails where GANGWAY_REQUIRE is set. The servers end
// with the process that started them, even when that is killed. The configurations
// are those of Dovecot 2.3 (Debian 12); that of 2.4 is another one.
package posthouse

import (
	"bufio"
	"crypto/rand"
	"embed"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"text/template"
	"time"

	"gangway/internal/freeport"
)

// Options says whose mailboxes there are. The zero value has those of example.test.
type Options struct {
	// Domains are those of which every address is a mailbox; what follows a + in an
	// address is no part of the mailbox's name. Empty: example.test.
	Domains []string
	// Catch are domains of which every mail goes to gangway@ the first of Domains,
	// with the local part after a +, for bounces.
	Catch []string
	// Unknown are domains elsewhere where nobody is known (550): Postfix then writes
	// a delivery report.
	Unknown []string
}

// House is the running servers.
type House struct {
	// IMAP, SMTP and LMTP are their ports at 127.0.0.1. SMTP takes mails for
	// everybody; what is for elsewhere ends at Elsewhere.
	IMAP, SMTP, LMTP int
	// Password is everybody's; the user is the address.
	Password string

	o         Options
	dir       string
	elsewhere *elsewhere
	tokens    *tokens
	leash     io.Closer
	gone      sync.Once
}

//go:embed conf
var conf embed.FS

// owner is the user that has the mailboxes; Debian has it everywhere.
const owner = "mail"

// patience is how long anything may take on a slow machine.
const patience = 60 * time.Second

// missingError says what is not here.
type missingError struct{ what string }

// Error says it.
func (e missingError) Error() string { return "no real mail server: " + e.what }

// Start starts the servers for a test, with which they end.
func Start(t testing.TB, o Options) *House {
	t.Helper()
	h, err := open(o)
	switch {
	case errors.As(err, new(missingError)) && os.Getenv("GANGWAY_REQUIRE") == "":
		t.Skip(err)
	case err != nil:
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if t.Failed() {
			t.Log(h.Log())
		}
		h.end()
	})
	return h
}

func open(o Options) (*House, error) {
	if err := able(); err != nil {
		return nil, err
	}
	if len(o.Domains) == 0 {
		o.Domains = []string{"example.test"}
	}
	h := &House{o: o, Password: rand.Text()}
	if err := h.start(); err != nil {
		err = fmt.Errorf("starting a mail server: %w\n%s", err, h.Log())
		h.end()
		return nil, err
	}
	return h, nil
}

// able says what keeps the servers from running here.
func able() error {
	for _, name := range []string{"dovecot", "doveadm", "postfix"} {
		if program(name) == "" {
			return missingError{name + " is not installed (Debian: dovecot-imapd dovecot-lmtpd dovecot-sieve postfix)"}
		}
	}
	if sieve, err := filepath.Glob("/usr/lib/dovecot/modules/lib90_sieve_plugin.so"); err != nil || len(sieve) == 0 {
		return missingError{"Dovecot has no Sieve (Debian: dovecot-sieve)"}
	}
	said, err := exec.Command(program("dovecot"), "--version").Output()
	if err != nil {
		return fmt.Errorf("asking Dovecot for its version: %w", err)
	}
	if version := strings.TrimSpace(string(said)); !strings.HasPrefix(version, "2.3.") {
		return missingError{"this is Dovecot " + version + ", and the configuration here is that of 2.3 (Debian 12); 2.4 (Debian 13) wants another one"}
	}
	if os.Getuid() != 0 {
		return missingError{"Dovecot and Postfix are started by root alone"}
	}
	return nil
}

// program finds one, in the folders of administrators too.
func program(name string) string {
	if path, err := exec.LookPath(name); err == nil {
		return path
	}
	if path := "/usr/sbin/" + name; exec.Command("test", "-x", path).Run() == nil {
		return path
	}
	return ""
}

// leashed runs the servers until its standard input ends, which it also does when
// the process that holds the other end is killed.
const leashed = `"$2" -F -c "$3/dovecot.conf" >"$3/dovecot.out" 2>&1 &
dovecot=$!
if "$1" -c "$3/pf/etc" start >"$3/postfix.log" 2>&1; then
	echo ready
	read unused
fi
kill -CONT $(cat "$3/stopped" 2>/dev/null) 2>/dev/null
kill -TERM $dovecot 2>/dev/null
"$1" -c "$3/pf/etc" abort >/dev/null 2>&1
wait
rm -rf "$3"`

func (h *House) start() error {
	var err error
	if h.dir, err = os.MkdirTemp("", "gangway-posthouse-"); err != nil {
		return fmt.Errorf("making its folder: %w", err)
	}
	for _, port := range []*int{&h.IMAP, &h.LMTP, &h.SMTP} {
		if *port, err = freeport.Find(); err != nil {
			return err
		}
	}
	if h.elsewhere, err = openElsewhere(h.o.Unknown); err != nil {
		return err
	}
	if h.tokens, err = openTokens(); err != nil {
		return err
	}
	if err := h.furnish(); err != nil {
		return err
	}
	return h.run()
}

// furnish writes the configurations and makes the folders.
func (h *House) furnish() error {
	what := struct {
		Dir, User, Password, Domain, Local  string
		Domains, Catch                      []string
		IMAP, LMTP, SMTP, Elsewhere, Tokens int
	}{h.dir, owner, h.Password, h.o.Domains[0], "gangway", h.o.Domains, h.o.Catch, h.IMAP, h.LMTP, h.SMTP, h.elsewhere.port(), h.tokens.port()}
	folders := []struct {
		name, owner string
	}{{"", ""}, {"mail", owner}, {"sieve", owner}, {"pf", ""}, {"pf/etc", ""}, {"pf/queue", ""}, {"pf/data", "postfix"}}
	for _, f := range folders {
		path := filepath.Join(h.dir, f.name)
		if err := os.MkdirAll(path, 0o755); err != nil {
			return fmt.Errorf("making a folder: %w", err)
		}
		// Dovecot's and Postfix's users walk through it.
		if err := errors.Join(os.Chmod(path, 0o755), give(path, f.owner)); err != nil {
			return fmt.Errorf("giving a folder away: %w", err)
		}
	}
	quoted := template.FuncMap{"quoted": regexp.QuoteMeta}
	t, err := template.New("").Funcs(quoted).ParseFS(conf, "conf/*")
	if err != nil {
		return fmt.Errorf("reading the configurations: %w", err)
	}
	for _, name := range []string{"dovecot.conf", "oauth2.conf.ext", "main.cf", "master.cf", "catch"} {
		to := name
		if !strings.Contains(name, ".conf") {
			to = "pf/etc/" + name
		}
		var b strings.Builder
		if err := t.ExecuteTemplate(&b, name, what); err != nil {
			return fmt.Errorf("writing a configuration: %w", err)
		}
		if err := os.WriteFile(filepath.Join(h.dir, to), []byte(b.String()), 0o644); err != nil {
			return fmt.Errorf("writing a configuration down: %w", err)
		}
	}
	return nil
}

func give(path, name string) error {
	if name == "" {
		return nil
	}
	u, err := user.Lookup(name)
	if err != nil {
		return err
	}
	uid, err := strconv.Atoi(u.Uid)
	if err != nil {
		return err
	}
	gid, err := strconv.Atoi(u.Gid)
	if err != nil {
		return err
	}
	return os.Chown(path, uid, gid)
}

// run starts both on a leash and waits until they answer.
func (h *House) run() error {
	cmd := exec.Command("sh", "-c", leashed, "posthouse", program("postfix"), program("dovecot"), h.dir)
	cmd.Dir = "/"
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // out of the terminal's reach
	leash, err := cmd.StdinPipe()
	if err != nil {
		return fmt.Errorf("taking its leash: %w", err)
	}
	said, err := cmd.StdoutPipe()
	if err != nil {
		return fmt.Errorf("listening to it: %w", err)
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	ended := make(chan struct{})
	h.leash = closer(func() error {
		err := leash.Close()
		<-ended
		return err
	})
	line, err := bufio.NewReader(said).ReadString('\n')
	go func() {
		_ = cmd.Wait() // how it ended says nothing: the folder is gone or is removed by end
		close(ended)
	}()
	if strings.TrimSpace(line) != "ready" {
		return fmt.Errorf("it did not become ready: %w", err)
	}
	return errors.Join(greets(h.IMAP, "* OK"), greets(h.SMTP, "220 "), greets(h.LMTP, "220 "))
}

type closer func() error

// Close closes.
func (c closer) Close() error { return c() }

// greets waits until a server at a port greets.
func greets(port int, how string) error {
	var err error
	try := time.NewTicker(20 * time.Millisecond)
	defer try.Stop()
	for end := time.Now().Add(patience); time.Now().Before(end); <-try.C {
		var conn net.Conn
		if conn, err = net.Dial("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port))); err != nil {
			continue
		}
		var line string
		err = conn.SetDeadline(end)
		if err == nil {
			line, err = bufio.NewReader(conn).ReadString('\n')
		}
		if err = errors.Join(err, conn.Close()); err == nil && strings.HasPrefix(line, how) {
			return nil
		}
	}
	return fmt.Errorf("waiting for the server at port %d: %w", port, err)
}

// end ends the servers and removes their folder.
func (h *House) end() {
	h.gone.Do(func() {
		if h.leash != nil {
			_ = h.leash.Close() // it ends when this process does, at the latest
		}
		if h.elsewhere != nil {
			_ = h.elsewhere.close() // likewise
		}
		if h.tokens != nil {
			_ = h.tokens.close() // likewise
		}
		if h.dir != "" {
			_ = os.RemoveAll(h.dir) // the script has removed it, unless it never started
		}
	})
}

// Log is what the servers have logged, for a test that fails.
func (h *House) Log() string {
	var all strings.Builder
	for _, name := range []string{"postfix.log", "pf/mail.log", "dovecot.out", "dovecot.log"} {
		if text, err := os.ReadFile(filepath.Join(h.dir, name)); err == nil {
			all.Write(text)
		}
	}
	return all.String()
}
