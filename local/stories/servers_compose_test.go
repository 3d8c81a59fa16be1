package stories

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gangway/config"
	"gangway/internal/dossier"
)

// TestServersFromRequestToDossier takes the example's vendor on board on servers
// of one's own: everything that docker-compose.yml starts, as processes, with two
// workers, and `gangway` as a customer types it.
func TestServersFromRequestToDossier(t *testing.T) {
	d := newDeployment(t, 2)
	l := d.customer()
	if out := l.gangway("tom", "onboard", "vendor.yaml").ends(0).out; out != brightwell+"\n" {
		t.Fatalf("onboard prints %q", out)
	}
	for _, person := range []string{"helen", "ravi"} {
		l.says(person, "need", "approve", "--attest-all")
	}
	l.says("daniel", "security-look", "approve", "--attest-all")
	l.says("ruth", "data-look", "approve", "--attest-all")
	l.says("jonas", "review", "changes", "--reason", "thirty days is too long", "--for-vendor", "pay in 14 days")
	for _, person := range []string{"daniel", "ruth", "ravi"} {
		l.says(person, "review", "approve", "--attest-all")
	}
	l.says("maya", "send", "sent", "--for-vendor", "please take 14 days")
	l.asked("maya", brightwell, "next")
	l.gangway("maya", "submit", brightwell, "contract", "contract-v2.md", "--from-vendor").ends(0, "counted")
	l.says("jonas", "review", "approve", "--attest-all", "--version", "2")
	for _, person := range []string{"ravi", "maya", "helen"} {
		l.says(person, "review", "approve", "--attest-all")
	}
	l.says("maya", "contacts", "done")
	l.says("maya", "backup-people", "done")
	if !within(2*patience, func() bool { return l.view(brightwell).Sealed }) {
		t.Fatalf("the case is never sealed\n%s", describe(l.view(brightwell)))
	}
	if v := l.view(brightwell); v.State != dossier.Live {
		t.Errorf("the case ended %s, want %s", v.State, dossier.Live)
	}
	key := strings.TrimSpace(l.gangway("maya", "key", "fingerprint").ends(0).out)
	l.gangway("maya", "dossier", brightwell, "--out", "d.zip").ends(0, "intact")
	for _, w := range d.workers {
		w.stop()
	}
	l.gangway("", "verify", "d.zip", "--key", key).ends(0, "intact; signed by "+key, "2 histories")
	d.logsOfIdsAlone()
}

// customer is somebody at a terminal, with a copy of the example. The test can't
// be parallel: where gangway is stands in this process's environment.
func (d *deployment) customer() *running {
	d.t.Helper()
	d.t.Setenv("GANGWAY_URL", d.url)
	l := &running{t: d.t, example: d.t.TempDir()}
	if err := os.CopyFS(l.example, config.Example()); err != nil {
		d.t.Fatalf("copying the example: %v", err)
	}
	return l
}

// logsOfIdsAlone looks for the example's people in what the programs logged.
func (d *deployment) logsOfIdsAlone() {
	d.t.Helper()
	people, err := config.ReadPeople("people.yaml", example(d.t, "people.yaml"))
	if err != nil {
		d.t.Fatalf("reading the example's people: %v", err)
	}
	for _, c := range []*child{d.workers[0].child, d.workers[1].child, d.engine, d.postgres.child} {
		said := c.said.String()
		for _, p := range people.List {
			for _, word := range []string{p.Name, p.Mail} {
				if word != "" && strings.Contains(said, word) {
					d.t.Errorf("%s logged %q", c.name, word)
				}
			}
		}
		if strings.Contains(said, d.services["gangway"].Environment["GANGWAY_DATABASE_URL"]) {
			d.t.Errorf("%s logged the database's password", c.name)
		}
	}
}

// TestServersDynamicConfiguration lets the engine's own check read the file: a key
// that it does not know is only a warning at the start.
func TestServersDynamicConfiguration(t *testing.T) {
	temporal, _ := serversOf(t)
	d := &deployment{t: t, root: t.TempDir()}
	d.link(temporal, "/usr/bin")
	file := filepath.Join(checkout, "deploy", "temporal", "dynamic.yaml")
	out := execHere(t, filepath.Join(d.root, "bin", "temporal-server"), "validate-dynamic-config", file)
	if strings.Contains(out, "warning") || strings.Contains(out, "error") || !strings.Contains(out, "dynamic.yaml") {
		t.Errorf("the engine says of it:\n%s", out)
	}
}
