package house

import (
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func ourCompose(t *testing.T) compose {
	t.Helper()
	text, err := os.ReadFile("../../docker-compose.yml")
	if err != nil {
		t.Fatal(err)
	}
	c, err := readCompose(text)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// TestComposeVersions holds images to the modules that the tests run.
func TestComposeVersions(t *testing.T) {
	t.Parallel()
	c := ourCompose(t)
	version := func(file, module string) string {
		text, err := os.ReadFile("../../" + file)
		if err != nil {
			t.Fatal(err)
		}
		m := regexp.MustCompile(`(?m)^\s*` + regexp.QuoteMeta(module) + ` v?(\S+)`).FindSubmatch(text)
		if m == nil {
			t.Fatalf("%s does not name %s", file, module)
		}
		return string(m[1])
	}
	server := version(".ci/temporal/go.mod", "go.temporal.io/server")
	ui := version("local/go.mod", "github.com/temporalio/ui-server/v2")
	for name, want := range map[string]string{
		"temporal": "temporalio/server:" + server, "temporal-schema": "temporalio/admin-tools:" + server,
		"temporal-namespace": "temporalio/admin-tools:" + server, "temporal-ui": "temporalio/ui:" + ui,
	} {
		if got := c.Services[name].Image; got != want {
			t.Errorf("%s is %s, want %s", name, got, want)
		}
	}
	docker, err := os.ReadFile("../../Dockerfile")
	if err != nil {
		t.Fatal(err)
	}
	if want := "FROM golang:" + version("go.mod", "go") + "-"; !strings.Contains(string(docker), want) {
		t.Errorf("the Dockerfile does not begin with %s…", want)
	}
	// a release that knows no commit replays nothing wholly: the image is told which it is
	if n := strings.Count(string(docker), "-X gangway/internal/proof.commit=$COMMIT"); n != strings.Count(string(docker), "go build ") || n == 0 {
		t.Errorf("%d programs of the Dockerfile are told their commit", n)
	}
	if got := c.Services["gangway"].Build.Args["COMMIT"]; got != "${GANGWAY_COMMIT:-}" {
		t.Errorf("the image is built of the commit %q", got)
	}
}

// TestComposeEnvFiles: a file with an operator's own secrets may be missing, and is never
// checked in.
func TestComposeEnvFiles(t *testing.T) {
	t.Parallel()
	ignored, err := os.ReadFile("../../.gitignore")
	if err != nil {
		t.Fatal(err)
	}
	for name, s := range ourCompose(t).Services {
		for _, f := range s.EnvFile {
			if f.Required || !slices.Contains(strings.Split(string(ignored), "\n"), "/"+f.Path) {
				t.Errorf("%s: %s may not be missing, or is checked in", name, f.Path)
			}
		}
	}
	if len(ourCompose(t).Services["gangway"].EnvFile) == 0 {
		t.Error("there is no place for the secrets that gangway.yaml names")
	}
}

// TestComposeSecrets: what the file asks for is what deploy/secrets.sh makes.
func TestComposeSecrets(t *testing.T) {
	t.Parallel()
	asked := map[string]bool{}
	for _, s := range ourCompose(t).Services {
		for _, v := range s.Environment {
			for _, m := range filledIn.FindAllStringSubmatch(v, -1) {
				asked[m[1]] = true
			}
		}
	}
	text, err := os.ReadFile("../../deploy/secrets.sh")
	if err != nil {
		t.Fatal(err)
	}
	m := regexp.MustCompile(`for name in ([A-Z_ ]+);`).FindSubmatch(text)
	if m == nil {
		t.Fatal("deploy/secrets.sh names no secrets")
	}
	made := strings.Fields(string(m[1]))
	slices.Sort(made)
	if d := cmp.Diff(slices.Sorted(maps.Keys(asked)), made); d != "" {
		t.Errorf("asked for and made (-asked +made):\n%s", d)
	}
}
