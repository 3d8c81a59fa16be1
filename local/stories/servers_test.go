package stories

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/goccy/go-yaml"
)

// composed is what of a service of docker-compose.yml a process can have.
type composed struct {
	Command     []string          `yaml:"command"`
	Environment map[string]string `yaml:"environment"`
	Volumes     []string          `yaml:"volumes"`
	Healthcheck struct {
		Test []string `yaml:"test"`
	} `yaml:"healthcheck"`
}

// deployment is docker-compose.yml as processes: the same order, scripts,
// variables, settings and checks, on free ports of this machine.
type deployment struct {
	t        *testing.T // that runs now
	owner    *testing.T // at whose end everything ends
	root     string     // a copy of the compose file and what it mounts
	path     string     // PATH, with the engine's programs in it
	services map[string]composed
	postgres *postgresServer
	ports    map[string]int
	engine   *child
	workers  []*workerProcess
	url      string   // of the proxy before the workers
	logs     []*child // everything that was started, ended or not
	private  []string // what no log may hold, besides the people's names
}

// workerProcess is one worker and what stays when it is killed.
type workerProcess struct {
	name   string
	args   []string // that rule over its settings, and -config
	url    string
	port   int
	health int
	*child
}

// serversOf finds what a deployment takes, or skips.
func serversOf(t *testing.T) (temporal, postgres string) {
	t.Helper()
	temporal = os.Getenv("GANGWAY_TEMPORAL")
	if temporal == "" {
		temporal = filepath.Join(checkout, "bin", "servers")
	}
	missing := ""
	if _, err := os.Stat(filepath.Join(temporal, "server")); err != nil {
		missing = "no Temporal server: GANGWAY_TEMPORAL names no folder with it (.ci/run builds one)"
	}
	if postgres = postgresBin(); postgres == "" {
		missing = "no PostgreSQL: its server programs are not installed"
	}
	for _, name := range []string{"psql", "wget"} {
		if _, err := exec.LookPath(name); err != nil {
			missing = name + " is not installed"
		}
	}
	if missing != "" && os.Getenv("GANGWAY_REQUIRE") == "" {
		t.Skip(missing)
	}
	if missing != "" {
		t.Fatal(missing)
	}
	return temporal, postgres
}

// checkout is the tree that this test was built from.
var checkout = filepath.Join("..", "..")

// newDeployment brings everything up in the order of the compose file, with so
// many workers; one picks who one is.
func newDeployment(t *testing.T, workers int) *deployment {
	t.Helper()
	d := newServers(t)
	for i := range workers {
		d.workers = append(d.workers, d.newWorker(i))
	}
	d.startAll()
	return d
}

// startAll starts all workers and waits for them.
func (d *deployment) startAll() {
	d.t.Helper()
	for _, w := range d.workers {
		d.start(w)
	}
	for _, w := range d.workers {
		d.ready(w)
	}
}

// newServers brings up all that a worker needs, and the proxy before workers.
func newServers(t *testing.T) *deployment {
	t.Helper()
	temporal, bin := serversOf(t)
	engines <- struct{}{}
	t.Cleanup(func() { <-engines })
	d := &deployment{t: t, owner: t, root: t.TempDir(), ports: map[string]int{}}
	t.Cleanup(d.logsOfIdsAlone) // after all that logs has ended
	d.link(temporal, bin)
	for _, name := range []string{"deploy", filepath.Join("config", "example")} {
		if err := os.CopyFS(filepath.Join(d.root, name), os.DirFS(filepath.Join(checkout, name))); err != nil {
			t.Fatalf("copying %s: %v", name, err)
		}
	}
	d.read()
	d.postgres = newPostgres(d, bin)
	d.runScript("postgres", filepath.Join("deploy", "postgres", "databases.sh"), "PGHOST=127.0.0.1", "PGPORT="+strconv.Itoa(d.postgres.port), "PGPASSWORD="+d.services["postgres"].Environment["POSTGRES_PASSWORD"])
	d.job("temporal-schema")
	for _, name := range []string{"FRONTEND_GRPC", "FRONTEND_HTTP", "FRONTEND_MEMBERSHIP", "MATCHING_GRPC", "MATCHING_MEMBERSHIP", "HISTORY_GRPC", "HISTORY_MEMBERSHIP", "WORKER_GRPC", "WORKER_MEMBERSHIP"} {
		d.ports[name] = lowPort(t)
	}
	d.startEngine()
	d.job("temporal-namespace")
	d.proxy()
	return d
}

// lowPorts are those that were given out: between that and a server's start, and
// between its end and its next start, nothing listens there.
var lowPorts sync.Map

// lowPort finds a free port below 32768: on PostgreSQL the engine's table of
// members keeps ports as signed numbers of two bytes.
func lowPort(t *testing.T) int {
	t.Helper()
	for range 100 {
		l, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", 10000+rand.IntN(22000)))
		if err != nil {
			continue
		}
		port := l.Addr().(*net.TCPAddr).Port
		_ = l.Close() // it was only asked for
		if _, given := lowPorts.LoadOrStore(port, true); !given {
			return port
		}
	}
	t.Fatal("no port below 32768 is free")
	return 0
}

// link puts the engine's programs under the names that the images give them.
func (d *deployment) link(temporal, postgres string) {
	d.t.Helper()
	bin := filepath.Join(d.root, "bin")
	err := os.Mkdir(bin, 0o700)
	for name, of := range map[string]string{"temporal-server": "server", "temporal-sql-tool": "sql"} {
		if err == nil {
			var target string
			target, err = filepath.Abs(filepath.Join(temporal, of))
			if err == nil {
				err = os.Symlink(target, filepath.Join(bin, name))
			}
		}
	}
	if err != nil {
		d.t.Fatalf("linking the engine's programs: %v", err)
	}
	d.path = bin + ":" + postgres + ":" + os.Getenv("PATH")
}

// read reads the compose file, with the secrets that deploy/secrets.sh makes.
func (d *deployment) read() {
	d.t.Helper()
	if out, err := exec.Command("sh", filepath.Join(d.root, "deploy", "secrets.sh")).CombinedOutput(); err != nil {
		d.t.Fatalf("making secrets: %v\n%s", err, out)
	}
	env, err := os.ReadFile(filepath.Join(d.root, ".env"))
	if err != nil {
		d.t.Fatalf("reading the secrets: %v", err)
	}
	text, err := os.ReadFile(filepath.Join(checkout, "docker-compose.yml"))
	if err != nil {
		d.t.Fatalf("reading the compose file: %v", err)
	}
	filled := string(text)
	for line := range strings.Lines(string(env)) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), "=")
		if len(value) != 64 {
			d.t.Fatalf("the secret %s is %d letters long, want 64", name, len(value))
		}
		filled = strings.ReplaceAll(filled, "${"+name+":?run deploy/secrets.sh}", value)
	}
	filled = strings.ReplaceAll(filled, "${GANGWAY_COMMIT:-}", "") // who builds an image may say of which commit
	if strings.Contains(filled, "${") {
		d.t.Fatal("the compose file asks for what deploy/secrets.sh does not make")
	}
	var file struct {
		Services map[string]composed `yaml:"services"`
	}
	if err := yaml.Unmarshal([]byte(filled), &file); err != nil {
		d.t.Fatalf("reading the compose file: %v", err)
	}
	d.services = file.Services
}

// here turns what a container sees into what a process sees: the hosts are this
// machine, the ports are free ones, and mounted files are where they come from.
func (d *deployment) here(service, value string) string {
	for _, v := range d.services[service].Volumes {
		from, to, _ := strings.Cut(strings.TrimSuffix(v, ":ro"), ":")
		if rest, below := strings.CutPrefix(value, to); below && strings.HasPrefix(from, "./") {
			return filepath.Join(d.root, from) + rest
		}
	}
	const local = "127.0.0.1"
	port := func(name string) string { return strconv.Itoa(d.ports[name]) }
	switch value {
	case "postgres":
		return local
	case "5432":
		return strconv.Itoa(d.postgres.port)
	case "0.0.0.0":
		return local
	}
	return strings.NewReplacer("@postgres:5432", "@"+local+":"+strconv.Itoa(d.postgres.port),
		"temporal:7233", local+":"+port("FRONTEND_GRPC"), "temporal:7243", local+":"+port("FRONTEND_HTTP"), "127.0.0.1:7243", local+":"+port("FRONTEND_HTTP")).Replace(value)
}

// environment is a service's own, and nothing of this process's but PATH.
func (d *deployment) environment(service string, more ...string) []string {
	env := append([]string{"PATH=" + d.path, "HOME=" + d.root}, more...)
	for name, value := range d.services[service].Environment {
		if name == "DB" || strings.HasSuffix(name, "USER") { // a word that is a host's name too
			env = append(env, name+"="+value)
			continue
		}
		env = append(env, name+"="+d.here(service, value))
	}
	return env
}

// job runs a service that ends, and wants that it ends well. It runs twice: at
// the next start it finds its work done.
func (d *deployment) job(service string) {
	d.t.Helper()
	command := d.services[service].Command
	for range 2 {
		d.run(service, command[0], d.here(service, command[1]))
	}
}

func (d *deployment) runScript(service, script string, more ...string) {
	d.t.Helper()
	d.run(service, "sh", append([]string{filepath.Join(d.root, script)}, more...)...)
}

// run runs a program in a service's environment; arguments with a "=" are more of
// that.
func (d *deployment) run(service, name string, args ...string) {
	d.t.Helper()
	var argv, more []string
	for _, a := range args {
		if strings.Contains(a, "=") {
			more = append(more, a)
		} else {
			argv = append(argv, a)
		}
	}
	cmd := exec.Command(name, argv...)
	cmd.Dir, cmd.Env = d.root, d.environment(service, more...)
	out, err := cmd.CombinedOutput()
	if err != nil {
		d.t.Fatalf("%s: %s %q: %v\n%s", service, name, argv, err, out)
	}
	d.t.Logf("%s: %s", service, bytes.TrimSpace(out))
}

// startEngine starts the Temporal server and waits until the compose file's own
// check says that it is healthy.
func (d *deployment) startEngine() {
	d.t.Helper()
	var ports []string
	for name, port := range d.ports {
		ports = append(ports, fmt.Sprintf("%s_PORT=%d", name, port))
	}
	cmd := exec.Command(filepath.Join(d.root, "bin", "temporal-server"), "start")
	cmd.Dir, cmd.Env = d.root, d.environment("temporal", ports...)
	d.engine = d.spawn("temporal", cmd)
	d.healthy("temporal", d.engine)
}

// healthy waits until a service's health check in the compose file passes.
func (d *deployment) healthy(service string, c *child) {
	d.t.Helper()
	var test []string
	for _, word := range d.services[service].Healthcheck.Test[1:] {
		test = append(test, d.here(service, word))
	}
	if !within(2*patience, func() bool { return exec.Command(test[0], test[1:]...).Run() == nil || !c.running() }) || !c.running() {
		d.t.Fatalf("%s never gets healthy by %q:\n%s", service, test, c.said)
	}
}

// newWorker writes a worker's settings: those that the container mounts, but for
// places and ports, and for how one signs in. Mail and signing in by link have
// stories of their own.
func (d *deployment) newWorker(n int) *workerProcess {
	d.t.Helper()
	w := newWorkerProcess(d.t, n)
	text, err := os.ReadFile(d.here("gangway", "/etc/gangway/gangway.yaml"))
	if err != nil {
		d.t.Fatalf("reading the worker's settings: %v", err)
	}
	settings := string(text)
	for from, to := range map[string]string{
		"address: http://127.0.0.1:8470\n": "sign-in: pick\n",
		"listen: 127.0.0.1:8470\n":         fmt.Sprintf("listen: 127.0.0.1:%d\n", w.port),
		"trust-proxy: true\n":              "",
		"health: 127.0.0.1:8471\n":         fmt.Sprintf("health: 127.0.0.1:%d\n", w.health),
		"data: /var/lib/gangway\n":         "data: " + filepath.Join(d.root, "data") + "\n",
		"people: people.yaml\n":            "people: " + d.here("gangway", "/etc/gangway/people.yaml") + "\n",
		"address: temporal:7233\n":         "address: " + d.here("gangway", "temporal:7233") + "\n",
	} {
		if strings.Count(settings, from) != 1 {
			d.t.Fatalf("the worker's settings do not say %q once", from)
		}
		settings = strings.Replace(settings, from, to, 1)
	}
	settings, _, _ = strings.Cut(settings, "\nmail:\n")
	config := filepath.Join(d.root, w.name+".yaml")
	if err := os.WriteFile(config, []byte(settings), 0o600); err != nil {
		d.t.Fatalf("writing the worker's settings: %v", err)
	}
	w.args = []string{"-config", config}
	return w
}

// newWorkerProcess has a name and ports of its own.
func newWorkerProcess(t *testing.T, n int) *workerProcess {
	t.Helper()
	w := &workerProcess{name: fmt.Sprintf("gangway-%d", n+1), port: freePort(t), health: freePort(t)}
	w.url = fmt.Sprintf("http://127.0.0.1:%d", w.port)
	return w
}

// record is the URL of the record's database.
func (d *deployment) record() string {
	return d.here("gangway", d.services["gangway"].Environment["GANGWAY_DATABASE_URL"])
}

// start starts a worker, with the command of the compose file.
func (d *deployment) start(w *workerProcess) {
	d.t.Helper()
	if command := d.services["gangway"].Command; command[0] != w.args[0] {
		d.t.Fatalf("the compose file starts a worker with %q", command)
	}
	cmd := exec.Command(program(d.t, "gangway-worker"), w.args...)
	// Under its name the database lists whose statement waits.
	cmd.Dir, cmd.Env = d.root, append(d.environment("gangway"), "GANGWAY_DATABASE_URL="+d.record()+"&application_name="+w.name)
	w.child = d.spawn(w.name, cmd)
}

// ready waits until a worker says so, by the command that its container asks.
func (d *deployment) ready(w *workerProcess) {
	d.t.Helper()
	test := d.services["gangway"].Healthcheck.Test
	ask := func() bool {
		cmd := exec.Command(program(d.t, "gangway-worker"), append(append([]string{}, test[2:]...), w.args...)...)
		cmd.Env = d.environment("gangway")
		return cmd.Run() == nil
	}
	if !within(2*patience, func() bool { return ask() || !w.running() }) || !w.running() {
		d.t.Fatalf("%s never gets ready:\n%s", w.name, w.said)
	}
}

// proxy leads to any of the workers: one that is down is a failed call, which
// people repeat.
func (d *deployment) proxy() {
	d.t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		d.t.Fatalf("opening the proxy's port: %v", err)
	}
	front := &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			to, _ := url.Parse(d.workers[rand.IntN(len(d.workers))].url) // made by us
			r.SetURL(to)
		},
		ErrorHandler: func(w http.ResponseWriter, _ *http.Request, _ error) { w.WriteHeader(http.StatusBadGateway) },
	}
	s := &http.Server{Handler: front}
	var serving sync.WaitGroup
	serving.Go(func() { _ = s.Serve(l) })
	d.owner.Cleanup(func() { _ = s.Close(); serving.Wait() })
	d.url = "http://" + l.Addr().String()
}

// cast lets people talk to the deployment, through the proxy or one worker.
func (d *deployment) cast(at string) *cast {
	d.t.Helper()
	u, err := url.Parse(at)
	if err != nil {
		d.t.Fatalf("reading %s: %v", at, err)
	}
	port, err := strconv.Atoi(u.Port())
	if err != nil {
		d.t.Fatalf("reading the port of %s: %v", at, err)
	}
	return &cast{t: d.t, web: port}
}
