package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"

	"google.golang.org/grpc/health/grpc_health_v1"
)

// nothing is an empty environment.
func nothing(string) string { return "" }

// buffer can be written and read at once.
type buffer struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (b *buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.Write(p)
}

func (b *buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.String()
}

func TestCommandLinesThatMakeNoSense(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{"-nonsense"}, {"-data"}, {"-data", t.TempDir(), "start"}, {"onboard"}, {"doctor", "all"}, {"health", "-x"}, {"-wait", "long"}} {
		var out, errs bytes.Buffer
		if code := run(t.Context(), args, nothing, &out, &errs); code != 2 || errs.Len() == 0 || out.Len() > 0 {
			t.Errorf("%v: exit %d, %q, %q", args, code, &out, &errs)
		}
	}
	var out, errs bytes.Buffer
	if code := run(t.Context(), []string{"-h"}, nothing, &out, &errs); code != 0 || !strings.Contains(errs.String(), "-namespace") {
		t.Errorf("help: exit %d, %s", code, &errs)
	}
}

// fails wants exit 1 with an error and a hint, and no record begun.
func fails(t *testing.T, want string, args ...string) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "data")
	var out, errs bytes.Buffer
	code := run(t.Context(), append([]string{"-data", dir, "-wait", "0s"}, args...), nothing, &out, &errs)
	lines := errs.String()
	if code != 1 || !strings.Contains(lines, "gangway: error: ") || !strings.Contains(lines, want) || !strings.Contains(lines, "gangway: hint: ") {
		t.Errorf("%v: exit %d, want %s\n%s", args, code, want, lines)
	}
	if _, err := os.Stat(filepath.Join(dir, "archive.db")); err == nil || out.Len() > 0 {
		t.Errorf("%v began something: %s", args, &out)
	}
	return lines
}

func TestAnEngineThatIsNotThere(t *testing.T) {
	t.Parallel()
	addr := free(t)
	fails(t, "reaching the Temporal server at "+addr, "-engine", addr, "-addr", "")
}

// TestTheInboxIsForThisMachineAlone: one signs in by picking a person.
func TestTheInboxIsForThisMachineAlone(t *testing.T) {
	t.Parallel()
	for _, addr := range []string{"0.0.0.0:0", ":0", "192.0.2.1:80"} {
		fails(t, "is not a loopback address", "-addr", addr)
	}
}

func TestAFolderThatCannotBeMade(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	var out, errs bytes.Buffer
	if code := run(t.Context(), []string{"-data", filepath.Join(file, "data")}, nothing, &out, &errs); code != 1 || !strings.Contains(errs.String(), "making the data folder") {
		t.Errorf("exit %d: %s", code, &errs)
	}
}

// running is a worker that runs until its context ends.
type running struct {
	stop  context.CancelFunc
	ended chan int
	said  *io.PipeReader
	logs  *buffer
}

func start(t *testing.T, getenv func(string) string, args ...string) running {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	said, out := io.Pipe()
	r := running{stop: stop, ended: make(chan int, 1), said: said, logs: &buffer{}}
	go func() {
		r.ended <- run(ctx, args, getenv, out, r.logs)
		_ = out.Close()
	}()
	return r
}

// end stops it and wants that it ended well.
func (r running) end(t *testing.T) {
	t.Helper()
	r.stop()
	go func() { _, _ = io.Copy(io.Discard, r.said) }()
	if code := <-r.ended; code != 0 {
		t.Errorf("exit %d: %s", code, r.logs)
	}
}

// TestWorksUntilItIsStopped starts all of it, reads where the inbox is from the
// data folder, and ends it.
func TestWorksUntilItIsStopped(t *testing.T) {
	t.Parallel()
	for _, inbox := range []bool{true, false} {
		addr, asked := serve(t, sound())
		dir := t.TempDir()
		args := []string{"-data", dir, "-engine", addr, "-namespace", "trial", "-addr", ""}
		if inbox {
			args[len(args)-1] = "127.0.0.1:0"
		}
		r := start(t, nothing, args...)
		if inbox {
			look(t, dir, r.said)
		}
		<-asked.polls
		r.end(t)
		if _, err := os.Stat(filepath.Join(dir, "local.json")); err == nil {
			t.Error("the notice is still there")
		}
		if _, err := os.Stat(filepath.Join(dir, "archive.db")); err != nil {
			t.Error("there is no record")
		}
		if kind := asked.look().attribute["GwVendor"]; kind.String() != "Keyword" {
			t.Errorf("the search attribute was registered as %s", kind)
		}
	}
}

// look waits for the line that says where the inbox is, and goes there.
func look(t *testing.T, dir string, said io.Reader) (url string) {
	t.Helper()
	line := make([]byte, 200)
	n, err := said.Read(line)
	if err != nil {
		t.Fatal(err)
	}
	url, found := strings.CutPrefix(strings.TrimSpace(string(line[:n])), "inbox ")
	text, err := os.ReadFile(filepath.Join(dir, "local.json"))
	if err != nil || !found {
		t.Fatalf("%s: %v", line[:n], err)
	}
	var notice struct{ URL, Engine string }
	if err := json.Unmarshal(text, &notice); err != nil || notice.URL != url {
		t.Errorf("said %s, noted %s: %v", url, notice.URL, err)
	}
	if code, _ := page(t, url+"/"); code >= 500 {
		t.Errorf("status %d", code)
	}
	return url
}

func page(t *testing.T, url string) (code int, text string) {
	t.Helper()
	r, err := http.Get(url)
	if err != nil {
		return 0, err.Error()
	}
	all, err := io.ReadAll(r.Body)
	if err != nil || r.Body.Close() != nil {
		t.Errorf("reading %s: %v", url, err)
	}
	return r.StatusCode, string(all)
}

// setUp writes a gangway.yaml.
func setUp(t *testing.T, text string) (file, dir string) {
	t.Helper()
	dir = t.TempDir()
	file = filepath.Join(dir, "gangway.yaml")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file, dir
}

// TestAsGangwayYAMLSays: the file that GANGWAY_CONFIG names, a flag over it,
// people from a file, and what /readyz says in each state.
func TestAsGangwayYAMLSays(t *testing.T) {
	t.Parallel()
	addr, asked := serve(t, sound())
	ready := free(t)
	file, dir := setUp(t, fmt.Sprintf("sign-in: pick\nlisten: 127.0.0.1:1\nhealth: %s\npeople: people.yaml\nengine: {address: %q, namespace: trial}\n", ready, addr))
	people := "zone: UTC\nhours: Mon-Fri 09:00-17:00\npeople:\n  - {id: ann, name: Annabel Quist, mail: ann@quist.example, roles: [legal]}\n"
	if err := os.WriteFile(filepath.Join(dir, "people.yaml"), []byte(people), 0o600); err != nil {
		t.Fatal(err)
	}
	env := func(name string) string { return map[string]string{"GANGWAY_CONFIG": file}[name] }
	r := start(t, env, "-addr", "127.0.0.1:0")
	url := look(t, filepath.Join(dir, "gangway-data"), r.said)
	for { // until it says so
		if code, _ := page(t, "http://"+ready+"/readyz"); code == http.StatusOK {
			break
		}
	}
	code, text := page(t, "http://"+ready+"/readyz")
	want := `{"ready":true,"phase":"running","parts":{"database":{"state":"ok"},"engine":{"state":"ok"},"mail":{"state":"off"},"mailbox":{"state":"off"},"people":{"state":"ok"},"slack":{"state":"off"}}}` + "\n"
	if code != http.StatusOK || text != want {
		t.Errorf("%d %s", code, text)
	}
	var errs bytes.Buffer
	if code := run(t.Context(), []string{"health"}, env, io.Discard, &errs); code != 0 {
		t.Errorf("health: exit %d, %s", code, &errs)
	}
	for _, at := range []string{url, "http://" + ready} {
		if code, text := page(t, at+"/livez"); code != http.StatusOK || text != "gangway is alive\n" {
			t.Errorf("%s: %d %s", at, code, text)
		}
	}
	asked.health.SetServingStatus(workflows, grpc_health_v1.HealthCheckResponse_NOT_SERVING)
	code, text = page(t, "http://"+ready+"/readyz")
	if code != http.StatusServiceUnavailable || !strings.Contains(text, `"engine":{"state":"away"}`) || !strings.Contains(text, `"database":{"state":"ok"}`) {
		t.Errorf("%d %s", code, text)
	}
	if code := run(t.Context(), []string{"health"}, env, io.Discard, &errs); code != 1 || !strings.Contains(errs.String(), "not ready") {
		t.Errorf("health: exit %d, %s", code, &errs)
	}
	r.end(t)
	for _, secret := range []string{"Annabel", "quist.example"} {
		if strings.Contains(r.logs.String(), secret) {
			t.Errorf("the logs hold %s:\n%s", secret, r.logs)
		}
	}
	for _, line := range strings.Split(strings.TrimSpace(r.logs.String()), "\n") {
		if !json.Valid([]byte(line)) {
			t.Errorf("no JSON: %s", line)
		}
	}
}

// TestReadyzBeforeTheEngineIsThere: a worker that waits for its engine lives and
// is not ready; once the engine is there it goes on by itself.
func TestReadyzBeforeTheEngineIsThere(t *testing.T) {
	t.Parallel()
	late, ready := free(t), free(t)
	file, dir := setUp(t, fmt.Sprintf("sign-in: pick\nlisten: 127.0.0.1:0\nhealth: %s\nengine: {address: %q, namespace: trial}\n", ready, late))
	r := start(t, nothing, "-config", file)
	for { // until its port is open
		if code, _ := page(t, "http://"+ready+"/livez"); code == http.StatusOK {
			break
		}
	}
	if code, text := page(t, "http://"+ready+"/readyz"); code != http.StatusServiceUnavailable || text != `{"ready":false,"phase":"starting"}`+"\n" {
		t.Errorf("%d %s", code, text)
	}
	for !strings.Contains(r.logs.String(), "the engine does not answer yet") { // until it says what it waits for
		runtime.Gosched()
	}
	l, err := net.Listen("tcp", late)
	if err != nil {
		t.Fatal(err)
	}
	asked := serveAt(t, l, sound())
	look(t, filepath.Join(dir, "gangway-data"), r.said) // it waited for the engine
	<-asked.polls
	r.end(t)
}
