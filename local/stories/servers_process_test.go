package stories

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
)

// child is a program that a story started. It is killed with the test's process,
// however that ends.
type child struct {
	t     *testing.T
	name  string
	cmd   *exec.Cmd
	said  *tail
	ended chan struct{}
	err   error // how it ended; after ended
	leash *exec.Cmd
	last  os.Signal // that ends it when the test is over
}

// spawn starts a program with an environment of its own, which ends with the
// deployment.
func (d *deployment) spawn(name string, cmd *exec.Cmd) *child {
	d.t.Helper()
	t := d.t
	log, err := os.Create(filepath.Join(d.root, fmt.Sprintf("%d-%s.log", len(d.logs), name)))
	if err != nil {
		t.Fatalf("making the log of %s: %v", name, err)
	}
	c := &child{t: t, name: name, cmd: cmd, said: &tail{file: log}, ended: make(chan struct{}), last: syscall.SIGKILL}
	d.logs = append(d.logs, c)
	cmd.Stdout, cmd.Stderr = c.said, c.said
	if err := cmd.Start(); err != nil {
		t.Fatalf("starting %s: %v", name, err)
	}
	// A pipe that closes when this process is gone, whatever ended it.
	c.leash = exec.Command("sh", "-c", `cat >/dev/null; kill -9 "$1"`, "leash", strconv.Itoa(cmd.Process.Pid))
	_, err = c.leash.StdinPipe()
	if err == nil {
		err = c.leash.Start()
	}
	if err != nil {
		_ = cmd.Process.Kill()
		t.Fatalf("tying %s to this process: %v", name, err)
	}
	go func() {
		c.err = cmd.Wait()
		_ = c.leash.Process.Kill() // before the number may be another's
		_ = c.leash.Wait()
		close(c.ended)
	}()
	d.owner.Cleanup(func() {
		c.signal(c.last)
		<-c.ended
		_ = log.Close()
		if d.owner.Failed() {
			d.owner.Logf("%s said at last:\n%s", name, c.said)
		}
	})
	return c
}

// running tells whether it has not ended.
func (c *child) running() bool {
	select {
	case <-c.ended:
		return false
	default:
		return true
	}
}

func (c *child) signal(s os.Signal) {
	if c.running() {
		_ = c.cmd.Process.Signal(s) // it may end at this moment
	}
}

// kill ends it as a power cut does.
func (c *child) kill() {
	c.signal(syscall.SIGKILL)
	<-c.ended
}

// tail keeps the last of what a program said, and all of it in a file.
type tail struct {
	mu   sync.Mutex
	text []byte
	file *os.File
}

// Write fails when the file does.
func (l *tail) Write(p []byte) (int, error) {
	const most = 8 << 10
	l.mu.Lock()
	defer l.mu.Unlock()
	if _, err := l.file.Write(p); err != nil {
		return 0, err
	}
	l.text = append(l.text, p...)
	if len(l.text) > most {
		l.text = bytes.Clone(l.text[len(l.text)-most:])
	}
	return len(p), nil
}

// String is what was kept.
func (l *tail) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return string(l.text)
}

// postgresServer is a PostgreSQL as the container makes it: its superuser has the
// password of .env, and nobody comes in over TCP without one.
type postgresServer struct {
	d    *deployment
	bin  string
	dir  string
	port int
	args []string // of compose's command
	as   *syscall.Credential
	*child
}

// postgresBin finds PostgreSQL's programs, of the container's version if they are
// there.
func postgresBin() string {
	for _, version := range []string{"15", "*"} {
		if found, err := filepath.Glob("/usr/lib/postgresql/" + version + "/bin/initdb"); err == nil && len(found) > 0 {
			return filepath.Dir(found[len(found)-1])
		}
	}
	if path, err := exec.LookPath("initdb"); err == nil {
		return filepath.Dir(path)
	}
	return ""
}

// newPostgres makes a database cluster as the image's entrypoint does, and starts
// it with the command of the compose file.
func newPostgres(d *deployment, bin string) *postgresServer {
	d.t.Helper()
	t, s := d.t, d.services["postgres"]
	p := &postgresServer{d: d, bin: bin, port: freePort(t), args: s.Command[1:]}
	var err error
	if p.dir, err = os.MkdirTemp("", "gangway-deployment-"); err != nil { // a test's own folder is closed to others
		t.Fatalf("making a folder for PostgreSQL: %v", err)
	}
	d.owner.Cleanup(func() { _ = os.RemoveAll(p.dir) })
	secret := filepath.Join(p.dir, "password")
	if err := os.WriteFile(secret, []byte(s.Environment["POSTGRES_PASSWORD"]), 0o600); err != nil {
		t.Fatalf("writing PostgreSQL's password: %v", err)
	}
	if os.Getuid() == 0 { // it refuses to run as root
		p.as = ordinaryUser(t)
		for _, f := range []string{p.dir, secret} {
			if err := os.Chown(f, int(p.as.Uid), int(p.as.Gid)); err != nil {
				t.Fatalf("giving PostgreSQL its folder: %v", err)
			}
		}
	}
	args := append([]string{"-D", p.dir + "/data", "-U", s.Environment["POSTGRES_USER"], "--pwfile", secret, "--no-sync"},
		strings.Fields(s.Environment["POSTGRES_INITDB_ARGS"])...)
	if out, err := p.command("initdb", args...).CombinedOutput(); err != nil {
		t.Fatalf("initdb: %v\n%s", err, out)
	}
	p.start()
	return p
}

func ordinaryUser(t *testing.T) *syscall.Credential {
	t.Helper()
	u, err := user.Lookup("postgres")
	if err != nil {
		t.Fatalf("looking for a user for PostgreSQL: %v", err)
	}
	uid, err1 := strconv.ParseUint(u.Uid, 10, 32)
	gid, err2 := strconv.ParseUint(u.Gid, 10, 32)
	if err1 != nil || err2 != nil {
		t.Fatalf("the user postgres is %s:%s", u.Uid, u.Gid)
	}
	return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
}

func (p *postgresServer) command(name string, args ...string) *exec.Cmd {
	cmd := exec.Command(filepath.Join(p.bin, name), args...)
	cmd.Dir = p.dir
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: p.as}
	return cmd
}

// start starts it and waits until it takes connections.
func (p *postgresServer) start() {
	p.d.t.Helper()
	args := append([]string{"-D", p.dir + "/data", "-p", strconv.Itoa(p.port), "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=" + p.dir}, p.args...)
	p.child = p.d.spawn("postgres", p.command("postgres", args...))
	p.last = syscall.SIGQUIT // killed, it would leave its memory behind
	ready := func() bool {
		return p.command("pg_isready", "--quiet", "--host=127.0.0.1", "--port="+strconv.Itoa(p.port)).Run() == nil
	}
	if !within(patience, func() bool { return ready() || !p.running() }) || !p.running() {
		p.d.t.Fatalf("PostgreSQL does not start:\n%s", p.said)
	}
}

// restart ends it as a crash does (SIGQUIT: no checkpoint, nobody is asked), and
// starts it again.
func (p *postgresServer) restart() {
	p.d.t.Helper()
	p.signal(syscall.SIGQUIT)
	<-p.ended
	p.start()
}

var _ io.Writer = &tail{}
