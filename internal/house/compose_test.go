package house

import (
	"bytes"
	"io/fs"
	"maps"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/goccy/go-yaml"
)

// built is what an image of ours is built from.
type built struct {
	Context string            `yaml:"context"`
	Args    map[string]string `yaml:"args"`
}

// compose is as much of docker-compose.yml as may stand in it: a key that is not
// here is a fault, a misspelt one as well as one that nobody looked at.
type compose struct {
	Name     string              `yaml:"name"`
	Hardened any                 `yaml:"x-hardened"`
	Job      any                 `yaml:"x-job"`
	Services map[string]*service `yaml:"services"`
	Networks map[string]struct {
		Internal bool `yaml:"internal"`
	} `yaml:"networks"`
	Volumes map[string]struct{} `yaml:"volumes"`
}

type service struct {
	Image       string            `yaml:"image"`
	Build       built             `yaml:"build"`
	PullPolicy  string            `yaml:"pull_policy"`
	User        string            `yaml:"user"`
	Command     []string          `yaml:"command"`
	Environment map[string]string `yaml:"environment"`
	EnvFile     []struct {
		Path     string `yaml:"path"`
		Required bool   `yaml:"required"`
	} `yaml:"env_file"`
	Volumes     []string `yaml:"volumes"`
	Tmpfs       []string `yaml:"tmpfs"`
	Ports       []string `yaml:"ports"`
	Networks    []string `yaml:"networks"`
	NetworkMode string   `yaml:"network_mode"`
	DependsOn   map[string]struct {
		Condition string `yaml:"condition"`
		Restart   bool   `yaml:"restart"`
	} `yaml:"depends_on"`
	Healthcheck *struct {
		Test        []string `yaml:"test"`
		Interval    string   `yaml:"interval"`
		Timeout     string   `yaml:"timeout"`
		Retries     int      `yaml:"retries"`
		StartPeriod string   `yaml:"start_period"`
	} `yaml:"healthcheck"`
	Restart     string   `yaml:"restart"`
	ReadOnly    bool     `yaml:"read_only"`
	CapDrop     []string `yaml:"cap_drop"`
	CapAdd      []string `yaml:"cap_add"`
	SecurityOpt []string `yaml:"security_opt"`
	ShmSize     string   `yaml:"shm_size"`
	StopSignal  string   `yaml:"stop_signal"`
	StopGrace   string   `yaml:"stop_grace_period"`
	Logging     struct {
		Driver  string            `yaml:"driver"`
		Options map[string]string `yaml:"options"`
	} `yaml:"logging"`
}

// job tells a service that ends from one that stays.
func (s *service) job() bool { return strings.HasPrefix(s.Restart, "on-failure") }

func readCompose(text []byte) (compose, error) {
	var c compose
	err := yaml.NewDecoder(bytes.NewReader(text), yaml.Strict()).Decode(&c)
	return c, err
}

// a composeRule looks at one service.
type composeRule func(c compose, name string, s *service) []string

// composeFindings holds a compose file to every rule.
func composeFindings(tr *tree) []finding {
	const file = "docker-compose.yml"
	text, err := fs.ReadFile(tr.fsys, file)
	if err != nil {
		return []finding{{path: file, text: err.Error()}}
	}
	c, err := readCompose(text)
	if err != nil {
		return []finding{{path: file, text: err.Error()}}
	}
	var found []finding
	for _, name := range slices.Sorted(maps.Keys(c.Services)) {
		for _, rule := range []composeRule{pinned, loopbackPorts, healthChecked, hardened, secretless, ordered, reachable, mounted} {
			for _, text := range rule(c, name, c.Services[name]) {
				found = append(found, finding{path: file, text: name + ": " + text})
			}
		}
		for _, v := range c.Services[name].Volumes {
			from, _, _ := strings.Cut(v, ":")
			if !strings.HasPrefix(from, "./") {
				continue
			}
			if info, err := fs.Stat(tr.fsys, path.Clean(from)); err != nil || info.IsDir() {
				found = append(found, finding{path: file, text: name + ": mounts " + from + ", which is no file here"})
			}
		}
	}
	for _, chain := range circles(c) {
		found = append(found, finding{path: file, text: "waits for itself: " + chain})
	}
	slices.SortFunc(found, func(a, b finding) int { return strings.Compare(a.text, b.text) })
	return found
}

var fixedTag = regexp.MustCompile(`^[a-z0-9./-]+:v?[0-9]+\.[0-9]+(\.[0-9]+)?(-[a-z0-9.]+)?(@sha256:[0-9a-f]{64})?$`)

func pinned(_ compose, _ string, s *service) []string {
	if s.Build.Context == "" && !fixedTag.MatchString(s.Image) || s.Build.Context != "" && s.PullPolicy != "build" {
		return []string{"image " + s.Image + " is not pinned to a version"}
	}
	return nil
}

func loopbackPorts(_ compose, _ string, s *service) []string {
	var found []string
	for _, p := range s.Ports {
		if !regexp.MustCompile(`^127\.0\.0\.1:[0-9]+:[0-9]+$`).MatchString(p) {
			found = append(found, "port "+p+" is not this machine's own")
		}
	}
	return found
}

func healthChecked(_ compose, _ string, s *service) []string {
	h := s.Healthcheck
	switch {
	case s.job() && h == nil:
		return nil
	case s.job():
		return []string{"a job needs no health check: it ends"}
	case h == nil || len(h.Test) < 2 || h.Test[0] != "CMD" || h.Retries == 0:
		return []string{"has no health check in exec form with a number of tries"}
	}
	for _, d := range []string{h.Interval, h.Timeout, h.StartPeriod} {
		if _, err := time.ParseDuration(d); err != nil {
			return []string{"its health check has no interval, timeout or start period"}
		}
	}
	return nil
}

func hardened(_ compose, _ string, s *service) []string {
	var found []string
	if !s.ReadOnly || !slices.Equal(s.CapDrop, []string{"ALL"}) || !slices.Equal(s.SecurityOpt, []string{"no-new-privileges:true"}) {
		found = append(found, "may write to its own files, or gain rights")
	}
	// Images that say themselves whom they run as: see docker/targets in
	// go.temporal.io/server, the Dockerfile of ui-server, and ours.
	known := s.Build.Context != "" || strings.HasPrefix(s.Image, "temporalio/")
	if user, _, _ := strings.Cut(s.User, ":"); user == "0" || user == "root" || user == "" && !known {
		found = append(found, "runs as root")
	}
	if s.Logging.Options["max-size"] == "" || s.Logging.Options["max-file"] == "" {
		found = append(found, "its log grows without end")
	}
	return found
}

var (
	secretName = regexp.MustCompile(`PASSWORD|PWD|SECRET|TOKEN|KEY|_URL$`)
	filledIn   = regexp.MustCompile(`\$\{([A-Z_]+):\?run deploy/secrets\.sh\}`)
)

// secretless wants secrets from outside, and a start that fails without them.
func secretless(_ compose, _ string, s *service) []string {
	var found []string
	for name, value := range s.Environment {
		rest := filledIn.ReplaceAllString(value, "")
		if strings.Contains(rest, "$") {
			found = append(found, name+" takes a variable that may be empty")
		}
		u, err := url.Parse(filledIn.ReplaceAllString(value, "FILLED"))
		if err == nil && u.User != nil {
			if word, given := u.User.Password(); given && word != "FILLED" {
				found = append(found, name+" holds a password")
			}
			continue
		}
		if secretName.MatchString(name) && rest != "" {
			found = append(found, name+" holds a secret")
		}
	}
	slices.Sort(found)
	return found
}

// ordered wants every wait to name a service and what of it is waited for.
func ordered(c compose, _ string, s *service) []string {
	var found []string
	for _, name := range slices.Sorted(maps.Keys(s.DependsOn)) {
		on, known := c.Services[name]
		condition := s.DependsOn[name].Condition
		switch {
		case !known:
			found = append(found, "waits for "+name+", which is no service")
		case on.job() && condition != "service_completed_successfully":
			found = append(found, "does not wait until "+name+" is done")
		case !on.job() && condition != "service_healthy" && s.NetworkMode != "service:"+name:
			found = append(found, "does not wait until "+name+" is healthy")
		}
	}
	return found
}

// waits lists all that a service waits for, at whatever remove.
func waits(c compose, name string, seen map[string]bool) {
	if s := c.Services[name]; s != nil {
		for on := range s.DependsOn {
			if !seen[on] {
				seen[on] = true
				waits(c, on, seen)
			}
		}
	}
}

func circles(c compose) []string {
	var found []string
	for _, name := range slices.Sorted(maps.Keys(c.Services)) {
		seen := map[string]bool{}
		waits(c, name, seen)
		if seen[name] {
			found = append(found, name)
		}
	}
	return found
}

// reachable wants a service to wait for those that its variables name, and to
// share a network with them.
func reachable(c compose, name string, s *service) []string {
	var found []string
	seen := map[string]bool{}
	waits(c, name, seen)
	for other, o := range c.Services {
		host := regexp.MustCompile(`(^|[/@])` + other + `(:[0-9]+|$|/)`)
		for key, value := range s.Environment {
			if other == name || !host.MatchString(value) || key == "DB" || strings.HasSuffix(key, "USER") || strings.HasSuffix(key, "NAMESPACE") {
				continue
			}
			if !seen[other] {
				found = append(found, key+" names "+other+", for which it does not wait")
			}
			if !slices.ContainsFunc(s.Networks, func(n string) bool { return slices.Contains(o.Networks, n) }) {
				found = append(found, key+" names "+other+", which no network leads to")
			}
		}
	}
	if of, shared := strings.CutPrefix(s.NetworkMode, "service:"); shared != (len(s.Networks) == 0) || shared && (c.Services[of] == nil || !seen[of]) {
		found = append(found, "is on no network")
	}
	for _, n := range s.Networks {
		if _, declared := c.Networks[n]; !declared {
			found = append(found, "network "+n+" is not declared")
		}
	}
	slices.Sort(found)
	return found
}

// mounted wants volumes declared, and files of the tree unchanged.
func mounted(c compose, _ string, s *service) []string {
	var found []string
	for _, v := range s.Volumes {
		from, to, _ := strings.Cut(v, ":")
		if strings.HasPrefix(from, "./") {
			if !strings.HasSuffix(to, ":ro") {
				found = append(found, from+" may be written to")
			}
		} else if _, declared := c.Volumes[from]; !declared {
			found = append(found, "volume "+from+" is not declared")
		}
	}
	return found
}

func TestCompose(t *testing.T) { holds(t, composeFindings) }

// composeOf is a file of one service that breaks no rule but what more says.
func composeOf(more string) map[string]string {
	return map[string]string{"docker-compose.yml": `
services:
  db:
    image: postgres:15.18
    user: postgres
    read_only: true
    cap_drop: [ALL]
    security_opt: ["no-new-privileges:true"]
    logging: {driver: json-file, options: {max-size: 1m, max-file: "2"}}
    healthcheck: {test: [CMD, "true"], interval: 1s, timeout: 1s, retries: 3, start_period: 1s}
    networks: [data]
` + more + "networks:\n  data: {}\n"}
}

func TestComposeFires(t *testing.T) {
	t.Parallel()
	const file = "docker-compose.yml: "
	fires(t, composeFindings, composeOf(""))
	fires(t, composeFindings, composeOf("    ports: [\"8470:8470\", \"0.0.0.0:1:1\"]\n    volumes: [\"lost:/x\", \"./nowhere:/y\"]\n"),
		file+"db: ./nowhere may be written to",
		file+"db: mounts ./nowhere, which is no file here",
		file+"db: port 0.0.0.0:1:1 is not this machine's own",
		file+"db: port 8470:8470 is not this machine's own",
		file+"db: volume lost is not declared",
	)
	fires(t, composeFindings, composeOf("    environment: {A_PASSWORD: hunter2, B_PWD: \"${B}\", C_URL: \"postgres://u:p@h/x\", D_PASSWORD: \"${D:?run deploy/secrets.sh}\"}\n"),
		file+"db: A_PASSWORD holds a secret",
		file+"db: B_PWD holds a secret",
		file+"db: B_PWD takes a variable that may be empty",
		file+"db: C_URL holds a password",
	)
	fires(t, composeFindings, composeOf("  app:\n    image: app:latest\n    environment: {AT: \"db:5432\"}\n    depends_on: {db: {condition: service_started}, gone: {condition: service_healthy}}\n    networks: [other]\n"),
		file+"app: AT names db, which no network leads to",
		file+"app: does not wait until db is healthy",
		file+"app: has no health check in exec form with a number of tries",
		file+"app: image app:latest is not pinned to a version",
		file+"app: its log grows without end",
		file+"app: may write to its own files, or gain rights",
		file+"app: network other is not declared",
		file+"app: runs as root",
		file+"app: waits for gone, which is no service",
	)
	fires(t, composeFindings, composeOf("    depends_on: {db: {condition: service_healthy}}\n    environment: {AT: \"app:1\"}\n"), file+"waits for itself: db")
}
