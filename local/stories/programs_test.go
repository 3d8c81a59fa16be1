package stories

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"gangway/config"
	"gangway/internal/dossier"
	"gangway/internal/review"
)

// programs are the real binaries, each built once from the tree when it is first
// wanted, by the folder of its main.
var programs = map[string]func() (string, error){
	"local":          sync.OnceValues(func() (string, error) { return build("local", "local") }),
	"gangway":        sync.OnceValues(func() (string, error) { return build("gangway", "starter") }),
	"gangway-worker": sync.OnceValues(func() (string, error) { return build("gangway-worker", "worker") }),
}

// built is the folder of the binaries.
var built = sync.OnceValues(func() (string, error) { return os.MkdirTemp("", "gangway-programs-") })

func build(name, from string) (string, error) {
	dir, err := built()
	if err != nil {
		return "", fmt.Errorf("making a folder for programs: %w", err)
	}
	file := filepath.Join(dir, name)
	cmd := exec.Command("go", "build", "-o", file, ".")
	cmd.Dir = filepath.Join(checkout, from)
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("building %s: %w\n%s", name, err, out)
	}
	return file, nil
}

// program is the path of a built binary.
func program(t *testing.T, name string) string {
	t.Helper()
	file, err := programs[name]()
	if err != nil {
		t.Fatal(err)
	}
	return file
}

// sweepPrograms removes what was built.
func sweepPrograms() {
	if dir, err := built(); err == nil {
		_ = os.RemoveAll(dir)
	}
}

// finished is a program that ended.
type finished struct {
	t         *testing.T
	line      string // the command line, for messages
	out, errs string
	code      int
}

func execute(t *testing.T, dir string, env []string, name string, args ...string) finished {
	t.Helper()
	return executeWithin(t, 3*patience, dir, env, name, args...)
}

// executeWithin runs a program that may take longer than others.
func executeWithin(t *testing.T, long time.Duration, dir string, env []string, name string, args ...string) finished {
	t.Helper()
	file := program(t, name) // which may have to be built first: that takes its own time
	ctx, cancel := context.WithTimeout(t.Context(), long)
	defer cancel()
	cmd := exec.CommandContext(ctx, file, args...)
	var out, errs bytes.Buffer
	cmd.Dir, cmd.Stdout, cmd.Stderr = dir, &out, &errs
	cmd.Env = append(os.Environ(), env...)
	err := cmd.Run()
	var ended *exec.ExitError
	if err != nil && !errors.As(err, &ended) {
		t.Fatalf("running %s: %v", name, err)
	}
	return finished{t: t, line: name + " " + strings.Join(args, " "), out: out.String(), errs: errs.String(), code: cmd.ProcessState.ExitCode()}
}

// ends wants an exit code, and words among what was printed.
func (f finished) ends(code int, words ...string) finished {
	f.t.Helper()
	if f.code != code {
		f.t.Errorf("%s ended with %d, want %d\n%s%s", f.line, f.code, code, f.out, f.errs)
		return f
	}
	for _, w := range words {
		if !strings.Contains(f.out+f.errs, w) {
			f.t.Errorf("%s does not say %q:\n%s%s", f.line, w, f.out, f.errs)
		}
	}
	return f
}

// refuses wants an error with a hint and an exit code.
func (f finished) refuses(code int, words ...string) finished {
	f.t.Helper()
	return f.ends(code, append(words, "gangway: error: ", "gangway: hint: ")...)
}

// running is the built local at work, as somebody at a terminal has it.
type running struct {
	t       *testing.T
	data    string // its folder
	example string // a copy of the example, to be changed at will
	cmd     *exec.Cmd
	said    string // what it printed until it was ready
	url     string
	errs    *bytes.Buffer
}

// newLocal starts the built local in a folder of its own.
func newLocal(t *testing.T) *running {
	t.Helper()
	program(t, "local")
	engines <- struct{}{}
	t.Cleanup(func() { <-engines })
	l := &running{t: t, data: t.TempDir(), example: t.TempDir()}
	copyExample(t, l.example)
	l.start()
	t.Cleanup(func() {
		if l.cmd.ProcessState == nil {
			l.kill()
		}
		if t.Failed() && l.errs.Len() > 0 {
			t.Logf("local logged:\n%s", l.errs)
		}
	})
	return l
}

// copyExample copies the example, with a vendor who touches no personal data: the
// stories of the agreement that would be collected are others.
func copyExample(t *testing.T, dir string) {
	t.Helper()
	if err := os.CopyFS(dir, config.Example()); err != nil {
		t.Fatalf("copying the example: %v", err)
	}
	file := filepath.Join(dir, "vendor.yaml")
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatalf("reading the example's vendor: %v", err)
	}
	const with, without = "data: [personal, payment]", "data: [payment]"
	if !strings.Contains(string(text), with) {
		t.Fatalf("the example's vendor does not say %q", with)
	}
	if err := os.WriteFile(file, []byte(strings.Replace(string(text), with, without, 1)), 0o600); err != nil {
		t.Fatalf("changing the example's vendor: %v", err)
	}
}

// start starts it, or starts it again, and waits until it says where it runs.
func (l *running) start() {
	l.t.Helper()
	l.cmd = exec.Command(program(l.t, "local"), "-data", l.data, "-addr", "127.0.0.1:0")
	l.errs = &bytes.Buffer{}
	l.cmd.Stderr = l.errs
	out, err := l.cmd.StdoutPipe()
	if err != nil {
		l.t.Fatalf("starting local: %v", err)
	}
	if err := l.cmd.Start(); err != nil {
		l.t.Fatalf("starting local: %v", err)
	}
	l.said, l.url = "", ""
	lines := bufio.NewReader(out)
	for !strings.Contains(l.said, "next: ") {
		line, err := lines.ReadString('\n')
		if err != nil {
			_ = l.cmd.Wait()
			l.t.Fatalf("local ended before it said where it runs: %v\n%s%s", err, l.said, l.errs)
		}
		l.said += line
		if rest, ok := strings.CutPrefix(strings.TrimSpace(line), "inbox"); ok {
			l.url = strings.TrimSpace(rest)
		}
	}
	go func() { _, _ = io.Copy(io.Discard, lines) }()
}

// stop ends it as a shell does, and wants that it ends well.
func (l *running) stop() {
	l.t.Helper()
	if err := l.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		l.t.Fatalf("stopping local: %v", err)
	}
	if err := l.cmd.Wait(); err != nil {
		l.t.Errorf("local ended with %v\n%s", err, l.errs)
	}
}

// kill ends it as a power cut does.
func (l *running) kill() {
	l.t.Helper()
	if err := l.cmd.Process.Kill(); err != nil {
		l.t.Fatalf("killing local: %v", err)
	}
	_ = l.cmd.Wait() // it was killed: its exit code says so
}

// gangway runs the command line as a person, in the example's folder.
func (l *running) gangway(person string, args ...string) finished {
	l.t.Helper()
	return execute(l.t, l.example, []string{"GANGWAY_DATA=" + l.data, "GANGWAY_AS=" + person, "NO_COLOR=1"}, "gangway", args...)
}

// asked waits until a step waits for a person. An activity that was killed with
// its worker is tried again after a minute, hence the long patience.
func (l *running) asked(person, id, step string) {
	l.t.Helper()
	if !within(3*patience, func() bool {
		var waiting []review.Request
		l.gangway(person, "waiting", "-o", "json").ends(0).json(&waiting)
		return slices.ContainsFunc(waiting, func(r review.Request) bool { return r.Case == id && r.Step == step })
	}) {
		l.t.Fatalf("%s is never asked %q\n%s", person, step, l.gangway(person, "show", id).out)
	}
}

// says waits until a step of the example's case waits for a person, and answers
// it; the answer must count, at once or once it was delivered.
func (l *running) says(person, step, verdict string, more ...string) finished {
	l.t.Helper()
	l.asked(person, brightwell, step)
	id := freshID()
	f := l.gangway(person, append([]string{"answer", brightwell, step, verdict, "--id", id}, more...)...)
	if f.code == 8 {
		f.ends(8, "received, being delivered")
		if !within(3*patience, func() bool { return l.gangway(person, "receipt", id).code != 8 }) {
			l.t.Fatalf("%s's answer to %s is never delivered", person, step)
		}
		return l.gangway(person, "receipt", id).ends(0)
	}
	return f.ends(0, "counted")
}

// view is `gangway show CASE -o json`.
func (l *running) view(id string) dossier.CaseView {
	l.t.Helper()
	var v dossier.CaseView
	l.gangway("maya", "show", id, "-o", "json").ends(0).json(&v)
	return v
}

// json reads what was printed to stdout.
func (f finished) json(into any) {
	f.t.Helper()
	if err := json.Unmarshal([]byte(f.out), into); err != nil {
		f.t.Fatalf("reading what %s printed: %v\n%s", f.line, err, f.out)
	}
}

// write puts a file beside the example's.
func (l *running) write(name string, text []byte) string {
	l.t.Helper()
	file := filepath.Join(l.example, name)
	if err := os.WriteFile(file, text, 0o600); err != nil {
		l.t.Fatalf("writing a file: %v", err)
	}
	return name
}
