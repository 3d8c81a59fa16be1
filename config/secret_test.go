package config

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// write makes a file with these rights.
func write(t *testing.T, file, text string, mode os.FileMode) string {
	t.Helper()
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(file, mode); err != nil {
		t.Fatal(err)
	}
	return file
}

const secretive = "sign-in: pick\ndatabase:\n  url: %s\n"

func reveal(t *testing.T, dir, ref string, env map[string]string) (string, error) {
	t.Helper()
	d, err := ReadDeployment(filepath.Join(dir, "gangway.yaml"), fmt.Appendf(nil, secretive, ref))
	if err != nil {
		t.Fatal(err)
	}
	err = d.Reveal(func(name string) string { return env[name] })
	return d.Database.Value(), err
}

func TestSecretsAreFoundWhereTheyAre(t *testing.T) {
	t.Parallel()
	dir, given := t.TempDir(), t.TempDir()
	const url = "postgres://us:hunter2@db/gangway"
	own := write(t, filepath.Join(dir, "own"), url+"\n", 0o440)
	write(t, filepath.Join(given, "db"), url+"\r\n", 0o444) // systemd's folder is nobody else's
	for ref, env := range map[string]map[string]string{
		"{env: URL}":            {"URL": url, "URL_FILE": "nowhere"},
		"{env: U2}":             {"U2_FILE": own},
		"{file: own}":           nil,
		"{file: ./own}":         {"CREDENTIALS_DIRECTORY": given},
		"{file: db}":            {"CREDENTIALS_DIRECTORY": given},
		"{file: '" + own + "'}": {"CREDENTIALS_DIRECTORY": given},
	} {
		got, err := reveal(t, dir, ref, env)
		if err != nil || got != url {
			t.Errorf("%s: %q, %v", ref, got, err)
		}
	}
}

func TestSecretsThatAreNone(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file := func(name, text string, mode os.FileMode) string {
		return write(t, filepath.Join(dir, name), text, mode)
	}
	file("open", "postgres://u:hunter2@db/g", 0o604)
	file("empty", "\n", 0o600)
	file("large", strings.Repeat("x", mostSecret+1), 0o600)
	file("other", "mysql://u:hunter2@db/g", 0o600)
	for _, c := range []struct{ ref, want string }{
		{"{env: NONE}", "3:8: the variable NONE is empty (set it, or NONE_FILE to a file that holds it)"},
		{"{file: gone}", fmt.Sprintf("3:8: there is no file %s (make it, with the secret on one line)", quote(filepath.Join(dir, "gone")))},
		{"{file: open}", fmt.Sprintf("3:8: everybody may read %s (chmod o= it (0400, or 0440 for a group of its own), and ask yourself who may have read it)", quote(filepath.Join(dir, "open")))},
		{"{file: empty}", fmt.Sprintf("3:8: the file %s is empty", quote(filepath.Join(dir, "empty")))},
		{"{file: large}", fmt.Sprintf("3:8: the file %s is too large for a secret", quote(filepath.Join(dir, "large")))},
		{"{file: .}", fmt.Sprintf("3:8: %s is no file", quote(dir))},
		{"{file: other}", "3:8: the database's url is none of PostgreSQL (it begins with postgres://)"},
	} {
		_, err := reveal(t, dir, c.ref, nil)
		wantHeads(t, err, c.want)
		if strings.Contains(fmt.Sprint(err), "hunter2") {
			t.Errorf("the secret is told: %v", err)
		}
	}
}

// TestASecretInTheFileIsNotShown: the fault names the line and leaves out what
// stands there.
func TestASecretInTheFileIsNotShown(t *testing.T) {
	t.Parallel()
	_, err := ReadDeployment("gangway.yaml", fmt.Appendf(nil, secretive, "postgres://us:hunter2@db/g"))
	if text := fmt.Sprint(err); !strings.Contains(text, "gangway.yaml:3:8:") || strings.Contains(text, "hunter2") {
		t.Error(text)
	}
}

func TestASecretShowsNothing(t *testing.T) {
	t.Parallel()
	s := Secret{env: "NAME", value: "hunter2"}
	d := Deployment{Database: s, Mail: Mail{SMTP: SMTP{Password: s}}, Slack: Slack{BotToken: s, AppToken: s, SigningSecret: s, OldSigningSecret: s}}
	var b strings.Builder
	for _, v := range []any{s, &s, d, &d, []Secret{s}, map[string]Secret{"a": s}} {
		fmt.Fprintf(&b, "%v %+v %#v %s %q %x\n", v, v, v, v, v, v)
		text, err := json.Marshal(v)
		if err != nil {
			t.Error(err)
		}
		b.Write(text)
		slog.New(slog.NewJSONHandler(&b, nil)).Info("it", "v", v)
		slog.New(slog.NewTextHandler(&b, nil)).Info("it", "v", v)
	}
	if strings.Contains(b.String(), "hunter2") || strings.Contains(b.String(), fmt.Sprintf("%x", "hunter2")) || !strings.Contains(b.String(), redacted) {
		t.Error(b.String())
	}
}

func TestTheAccessKey(t *testing.T) {
	t.Parallel()
	keys := filepath.Join(t.TempDir(), "data", "keys")
	made := make([][]byte, 8)
	var all sync.WaitGroup
	for i := range made { // workers that start at once
		all.Go(func() {
			key, err := AccessKey(keys)
			if err != nil || len(key) < leastKey {
				t.Errorf("%d bytes: %v", len(key), err)
			}
			made[i] = key
		})
	}
	all.Wait()
	for _, key := range made {
		if string(key) != string(made[0]) {
			t.Error("two keys")
		}
	}
	left, err := os.ReadDir(keys)
	if err != nil || len(left) != 1 {
		t.Errorf("%v %v", left, err)
	}
	file := filepath.Join(keys, "access.key")
	if err := os.Chmod(file, 0o640); err != nil {
		t.Fatal(err)
	}
	wantHint(t, keys, "can be read by others")
	for _, text := range []string{"", "short", "AAAA", strings.Repeat("A", 43)} {
		write(t, file, text, 0o600)
		wantHint(t, keys, "is damaged")
	}
}

func wantHint(t *testing.T, keys, want string) {
	t.Helper()
	_, err := AccessKey(keys)
	hinted, ok := err.(interface{ Hint() string })
	if !ok || hinted.Hint() == "" || !strings.Contains(err.Error(), want) {
		t.Errorf("%v, want %s", err, want)
	}
}

func TestAnAccessKeyAsASecret(t *testing.T) {
	t.Parallel()
	d, err := ReadDeployment("gangway.yaml", []byte("sign-in: pick\naccess-key: {env: K}\n"))
	if err != nil {
		t.Fatal(err)
	}
	err = d.Reveal(func(string) string { return "hunter2" })
	wantHeads(t, err, "2:13: an access key is base64 of at least 32 random bytes (use the line that `gangway init` wrote into keys/access.key)")
	if err := d.Reveal(func(string) string { return strings.Repeat("QUFB", 11) }); err != nil {
		t.Error(err)
	}
}
