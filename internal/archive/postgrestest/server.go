// Package postgrestest starts PostgreSQL servers for tests: real ones, on
// loopback, in a folder that goes with them.
//
// The server's programs are looked for in PATH and where Debian installs them.
// GANGWAY_POSTGRES names a server that is there already instead, by the URL of a
// database in which its user may create others. Without either the test is
// skipped, or fails where GANGWAY_REQUIRE is set. A server ends with the process
// that started it, even when that is killed.
package postgrestest

import (
	"bufio"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib" // registers the driver "pgx"

	"gangway/internal/freeport"
)

// Server is a PostgreSQL server.
type Server struct {
	admin *url.URL
	bin   string // folder of its programs; empty: it was there already
	dir   string // empty likewise
	as    *syscall.Credential
	leash io.Closer // closing it ends the server
	made  atomic.Int64
	gone  sync.Once
}

// shared is the server of the whole test binary.
var shared = sync.OnceValues(func() (*Server, error) { return open(inMemory()) })

// memory is where Linux has files in memory, and room how many bytes of them a
// server may need.
const (
	memory = "/dev/shm"
	room   = 2 << 30
)

// inMemory is a folder in memory when there is enough of it, where waiting for
// the disk takes no time; otherwise none.
func inMemory() string {
	var disk syscall.Statfs_t
	if err := syscall.Statfs(memory, &disk); err != nil || disk.Bavail*uint64(disk.Bsize) < room {
		return ""
	}
	return memory
}

// Shared returns the one server of this process, starting it when it is first
// asked for. It must not be stopped. Its files are in memory where that is
// possible: it shows what is right, not how fast it is.
func Shared(t testing.TB) *Server {
	t.Helper()
	s, err := shared()
	return require(t, s, err)
}

// Start starts a server of the test's own, with its files on the disk.
func Start(t testing.TB) *Server {
	t.Helper()
	s, err := open("")
	require(t, s, err)
	t.Cleanup(s.end)
	return s
}

// missingError says that there is nothing to start.
type missingError struct{}

// Error says what to install.
func (e missingError) Error() string {
	return "no PostgreSQL: its server programs are not installed, and GANGWAY_POSTGRES names no server"
}

func require(t testing.TB, s *Server, err error) *Server {
	t.Helper()
	switch {
	case errors.As(err, new(missingError)) && os.Getenv("GANGWAY_REQUIRE") == "":
		t.Skip(err)
	case err != nil:
		t.Fatal(err)
	}
	return s
}

func open(parent string) (*Server, error) {
	if given := os.Getenv("GANGWAY_POSTGRES"); given != "" {
		u, err := url.Parse(given)
		if err != nil {
			return nil, errors.New("reading GANGWAY_POSTGRES: it is no URL") // the error would quote a password
		}
		return &Server{admin: u}, nil
	}
	bin, err := programs()
	if err != nil {
		return nil, err
	}
	s := &Server{bin: bin}
	if err := s.start(parent); err != nil {
		s.end()
		return nil, fmt.Errorf("starting PostgreSQL: %w", err)
	}
	return s, nil
}

// programs finds the folder of initdb and postgres, the newest version first.
func programs() (string, error) {
	if path, err := exec.LookPath("initdb"); err == nil {
		return filepath.Dir(path), nil
	}
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if err != nil || len(found) == 0 {
		return "", missingError{}
	}
	newest := found[0]
	for _, f := range found {
		if versionOf(f) > versionOf(newest) {
			newest = f
		}
	}
	return filepath.Dir(newest), nil
}

func versionOf(path string) int {
	n, _ := strconv.Atoi(filepath.Base(filepath.Dir(filepath.Dir(path)))) // 0: no number, and none is older
	return n
}

// leashed runs the server until its standard input ends, which it also does when
// the process that holds the other end is killed.
const leashed = `set -e
"$1/initdb" -D "$2/data" -U gangway --auth=trust -E UTF8 --no-locale --no-sync >"$2/initdb.log" 2>&1
cat >>"$2/data/postgresql.conf" <<END
listen_addresses = '127.0.0.1'
port = $3
unix_socket_directories = '$2'
max_connections = 300
shared_buffers = 64MB
dynamic_shared_memory_type = mmap
END
"$1/pg_ctl" -D "$2/data" -l "$2/server.log" -w start >/dev/null 2>&1
echo ready
read unused || true
"$1/pg_ctl" -D "$2/data" -m immediate -w stop >/dev/null 2>&1 || true
rm -rf "$2"`

// start makes the server's folder in parent (empty: the usual place) and runs it. PostgreSQL refuses to run as root:
// then it runs as the user "postgres".
func (s *Server) start(parent string) error {
	var err error
	if s.dir, err = os.MkdirTemp(parent, "gangway-postgres-"); err != nil {
		return fmt.Errorf("making its folder: %w", err)
	}
	if os.Getuid() == 0 {
		if s.as, err = ordinary(); err != nil {
			return err
		}
		if err := os.Chown(s.dir, int(s.as.Uid), int(s.as.Gid)); err != nil {
			return fmt.Errorf("giving it its folder: %w", err)
		}
	}
	port, err := freeport.Find()
	if err != nil {
		return err
	}
	cmd := exec.Command("sh", "-c", leashed, "postgres", s.bin, s.dir, strconv.Itoa(port))
	s.own(cmd)
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
	s.leash = closer(func() error {
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
		return fmt.Errorf("it did not become ready: %w\n%s", err, s.Log())
	}
	s.admin = &url.URL{Scheme: "postgres", User: url.User("gangway"), Host: net.JoinHostPort("127.0.0.1", strconv.Itoa(port)),
		Path: "/postgres", RawQuery: "sslmode=disable"}
	return nil
}

type closer func() error

// Close closes.
func (c closer) Close() error { return c() }

// own makes the command run as the server's user, out of the terminal's reach.
func (s *Server) own(cmd *exec.Cmd) {
	cmd.Dir = "/"
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Credential: s.as}
}

func ordinary() (*syscall.Credential, error) {
	u, err := user.Lookup("postgres")
	if err != nil {
		return nil, fmt.Errorf("looking for a user that is not root: %w", err)
	}
	uid, err := strconv.ParseUint(u.Uid, 10, 32)
	if err != nil {
		return nil, fmt.Errorf("reading that user's id: %w", err)
	}
	gid, err := strconv.ParseUint(u.Gid, 10, 32)
	if err != nil {
		return nil, fmt.Errorf("reading that user's group: %w", err)
	}
	return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, nil
}

// end ends the server and removes its folder.
func (s *Server) end() {
	s.gone.Do(func() {
		if s.leash != nil {
			_ = s.leash.Close() // it ends when this process does, at the latest
		}
		if s.dir != "" {
			_ = os.RemoveAll(s.dir) // the server has removed it, unless it never started
		}
	})
}

// Log is what the server has logged, for a test that fails.
func (s *Server) Log() string {
	var all strings.Builder
	for _, name := range []string{"initdb.log", "server.log"} {
		text, err := os.ReadFile(filepath.Join(s.dir, name))
		if err == nil {
			all.Write(text)
		}
	}
	return all.String()
}

// Database makes an empty database and returns its URL; it goes with the test.
func (s *Server) Database(t testing.TB) string {
	t.Helper()
	name := fmt.Sprintf("gangway_%d_%d", os.Getpid(), s.made.Add(1))
	if err := s.admins("CREATE DATABASE " + name); err != nil {
		t.Fatalf("making a database: %v", err)
	}
	t.Cleanup(func() {
		// A server that the test stopped has none any more.
		_ = s.admins("DROP DATABASE IF EXISTS " + name + " WITH (FORCE)")
	})
	u := *s.admin
	u.Path = "/" + name
	return u.String()
}

func (s *Server) admins(statement string) error {
	db, err := sql.Open("pgx", s.admin.String())
	if err != nil {
		return err
	}
	_, err = db.ExecContext(context.Background(), statement)
	return errors.Join(err, db.Close())
}

// Stop stops the server: its clients are told that it shuts down.
func (s *Server) Stop(t testing.TB) { s.control(t, "-m", "fast", "-w", "stop") }

// Kill ends the server at once, as a crash would: it recovers when it starts.
func (s *Server) Kill(t testing.TB) { s.control(t, "-m", "immediate", "-w", "stop") }

// Restart kills the server, if it runs, and starts it again on the same port.
func (s *Server) Restart(t testing.TB) { s.control(t, "-m", "immediate", "-w", "restart") }

// control runs pg_ctl.
func (s *Server) control(t testing.TB, args ...string) {
	t.Helper()
	if s.bin == "" {
		if os.Getenv("GANGWAY_REQUIRE") != "" {
			t.Fatal("the server that GANGWAY_POSTGRES names is not ours to stop")
		}
		t.Skip("the server that GANGWAY_POSTGRES names is not ours to stop")
	}
	cmd := exec.Command(filepath.Join(s.bin, "pg_ctl"), append([]string{"-D", filepath.Join(s.dir, "data"), "-l", filepath.Join(s.dir, "server.log")}, args...)...)
	s.own(cmd)
	if err := cmd.Run(); err != nil { // not its output: the server would keep a pipe open
		t.Errorf("pg_ctl %s: %v\n%s", strings.Join(args, " "), err, s.Log())
	}
}

// Folder makes a folder on a disk of the test's that the server may write to.
func (s *Server) Folder(t testing.TB, dir string) {
	t.Helper()
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	if s.as == nil {
		return
	}
	if err := os.Chmod(filepath.Dir(dir), 0o711); err != nil { // the way to it
		t.Fatal(err)
	}
	if err := os.Chown(dir, int(s.as.Uid), int(s.as.Gid)); err != nil {
		t.Fatal(err)
	}
}
