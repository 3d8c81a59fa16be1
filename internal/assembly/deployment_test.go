package assembly

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.temporal.io/sdk/client"

	"gangway/config"
	"gangway/internal/archive"
	"gangway/internal/freeport"
)

func quiet() *slog.Logger { return slog.New(slog.DiscardHandler) }

func TestComplainNamesEachOfSeveral(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	one := hintedError{errors.New("one"), "do this"}
	Complain(&b, errors.Join(one, errors.Join(fmt.Errorf("two: %w", hintedError{errors.New("deep"), "do that"}), nil), errors.New("three")))
	Complain(&b, fmt.Errorf("both %w and %w", one, errors.New("four")))
	same(t, "said", "gangway: error: one\ngangway: hint: do this\ngangway: error: two: deep\ngangway: hint: do that\ngangway: error: three\n"+
		"gangway: error: both one and four\ngangway: hint: do this\n", b.String())
}

// TestHowTheEngineIsReached: Temporal's profile, variables over it, gangway.yaml
// over both.
func TestHowTheEngineIsReached(t *testing.T) {
	file := filepath.Join(t.TempDir(), "temporal.toml")
	ok(t, os.WriteFile(file, []byte("[profile.default]\naddress = \"profile:7233\"\nnamespace = \"of-profile\"\n[profile.prod]\naddress = \"prod:7233\"\napi_key = \"hunter2\"\n"), 0o600))
	t.Setenv("TEMPORAL_CONFIG_FILE", filepath.Join(t.TempDir(), "none.toml"))
	for _, c := range []struct {
		env, env2       string
		engine          config.Engine
		host, namespace string
		tls             bool
	}{
		{engine: config.Engine{}, host: "127.0.0.1:7233", namespace: "gangway"},
		{engine: config.Engine{ConfigFile: file}, host: "profile:7233", namespace: "of-profile"},
		{engine: config.Engine{ConfigFile: file, Profile: "prod"}, host: "prod:7233", namespace: "gangway", tls: true},
		{env: "variable:7233", env2: "of-variable", engine: config.Engine{ConfigFile: file}, host: "variable:7233", namespace: "of-variable"},
		{env: "variable:7233", env2: "of-variable", engine: config.Engine{ConfigFile: file, Address: "yaml:7233", Namespace: "of-yaml"}, host: "yaml:7233", namespace: "of-yaml"},
	} {
		for name, value := range map[string]string{"TEMPORAL_ADDRESS": c.env, "TEMPORAL_NAMESPACE": c.env2} {
			t.Setenv(name, value)
			if value == "" {
				ok(t, os.Unsetenv(name))
			}
		}
		o, err := EngineOptions(c.engine, quiet())
		ok(t, err)
		same(t, fmt.Sprint(c), []any{c.host, c.namespace, c.tls}, []any{o.HostPort, o.Namespace, o.ConnectionOptions.TLS != nil})
	}
	_, err := EngineOptions(config.Engine{ConfigFile: file, Profile: "gone"}, quiet())
	hinted(t, err)
	if strings.Contains(err.Error(), "hunter2") {
		t.Error(err)
	}
}

func TestWaitingForAnEngineEndsWithItsContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := Dial(ctx, client.Options{HostPort: "127.0.0.1:1"}, time.Hour, quiet())
	if !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

// TestADatabaseThatIsNotThere is waited for so long and then named.
func TestADatabaseThatIsNotThere(t *testing.T) {
	t.Parallel()
	port, err := freeport.Find()
	ok(t, err)
	var logs strings.Builder
	o := Options{Dir: t.TempDir(), Database: fmt.Sprintf("postgres://us:hunter2@127.0.0.1:%d/gangway", port), Log: slog.New(slog.NewJSONHandler(&logs, nil))}
	_, err = OpenWhen(t.Context(), &engine{}, o, firstPause/4)
	hinted(t, err)
	if !strings.Contains(logs.String(), "the database does not answer yet") || strings.Contains(logs.String()+err.Error(), "hunter2") {
		t.Errorf("%v\n%s", err, logs.String())
	}
}

// TestKeysOfTheirOwnFolder lie where they were named, and nowhere else.
func TestKeysOfTheirOwnFolder(t *testing.T) {
	t.Parallel()
	dir, keys := t.TempDir(), filepath.Join(t.TempDir(), "keys")
	made, err := archive.LoadKey(filepath.Dir(keys))
	ok(t, err)
	h := open1(t, Options{Dir: dir, Keys: keys}, &engine{})
	same(t, "key", made.Fingerprint(), h.Desk.Fingerprint(t.Context()))
	if _, err := os.Stat(filepath.Join(dir, "keys")); err == nil {
		t.Error("there are keys in the data folder")
	}
}

func TestHostsOfAnInbox(t *testing.T) {
	t.Parallel()
	l, err := ListenLoopback("127.0.0.1:0")
	ok(t, err)
	defer l.Close()
	_, port, err := net.SplitHostPort(l.Addr().String())
	ok(t, err)
	same(t, "public", []string{"g.example.org:8443", "127.0.0.1:" + port, "localhost:" + port}, InboxHosts(config.Deployment{Address: "https://g.example.org:8443"}, l))
	same(t, "none", Hosts(l), InboxHosts(config.Deployment{}, l))
	for _, listen := range []string{"0.0.0.0:0", "localhost:0"} {
		_, err = OpenInbox(config.Deployment{Listen: listen})
		hinted(t, err)
	}
	wide, err := OpenInbox(config.Deployment{Listen: "0.0.0.0:0", TrustProxy: true})
	ok(t, err)
	defer wide.Close()
	same(t, "behind a proxy", []string{"g.example.org"}, InboxHosts(config.Deployment{Address: "https://g.example.org"}, wide))
}
