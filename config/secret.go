package config

import (
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/goccy/go-yaml/ast"
)

// mostSecret bounds a secret's file, in bytes.
const mostSecret = 64 << 10

var variableName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

// Secret is a reference to a secret, and the secret once Deployment.Reveal has
// opened it. However it is printed, logged or encoded, it shows nothing.
type Secret struct {
	env, file string
	path      string // in the file that names it
	value     string
}

// redacted is what a secret shows.
const redacted = "[redacted]"

// Opened is a secret that no file names: one that a program made for itself.
func Opened(value string) Secret { return Secret{value: value} }

// Given reports that there is one.
func (s Secret) Given() bool { return s.env != "" || s.file != "" || s.value != "" }

// Value is the secret itself; empty until Reveal.
func (s Secret) Value() string { return s.value }

// String shows nothing.
func (s Secret) String() string { return redacted }

// GoString shows nothing under %#v either.
func (s Secret) GoString() string { return redacted }

// Format shows nothing, whatever the verb.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(redacted)) }

// MarshalText shows nothing in JSON and YAML.
func (s Secret) MarshalText() ([]byte, error) { return []byte(redacted), nil }

// LogValue shows nothing in logs.
func (s Secret) LogValue() slog.Value { return slog.StringValue(redacted) }

// secret reads {env: NAME} or {file: PATH}. A secret that stands in the file
// itself is refused, and its line is not shown.
func (t *table) secret(key string) Secret {
	path := t.path + "." + key
	n := t.has(key, path)
	if n == nil {
		return Secret{}
	}
	const hint = "write {env: NAME} or {file: PATH}; the file may then be shown to anybody"
	switch n.(type) {
	case *ast.MappingNode, *ast.MappingValueNode:
	default:
		t.s.bad[path] = true
		t.s.fault(t.s.at(n), hint, "%s is a secret, and secrets don't stand in this file", key)
		if i := len(t.s.faults) - 1; i >= 0 {
			t.s.faults[i].Excerpt = ""
		}
		return Secret{}
	}
	sub := t.s.table(n, path, key, "env", "file")
	s := Secret{env: sub.text("env", path+".env"), file: sub.text("file", path+".file"), path: path}
	switch {
	case t.s.spoilt(path+".env") || t.s.spoilt(path+".file"):
	case (s.env == "") == (s.file == ""):
		t.s.fault(t.s.at(n), hint, "%s names no one place", key)
	case s.env != "" && !variableName.MatchString(s.env):
		t.s.fault(t.s.find(path+".env"), "letters, digits and underscores", "%s is no name of a variable", quote(s.env))
	default:
		return s
	}
	t.s.bad[path] = true
	return Secret{}
}

// Reveal opens the secrets that the file names: {env: NAME} is the variable, or
// the file that NAME_FILE names; {file: NAME} without a slash lies in
// $CREDENTIALS_DIRECTORY where that is set, else beside gangway.yaml. One line
// break at the end is dropped. The error is Faults: an empty one, a missing one,
// and a file that everybody on the machine may read, each with its line.
func (d *Deployment) Reveal(getenv func(string) string) error {
	if d.source == nil {
		return nil
	}
	s := &source{name: d.source.name, lines: d.source.lines, places: d.source.places}
	for _, secret := range append([]*Secret{&d.AccessKey, &d.Database,
		&d.Slack.BotToken, &d.Slack.AppToken, &d.Slack.SigningSecret, &d.Slack.OldSigningSecret, &d.GitHub.Key, &d.GitHub.Token}, d.Mail.secrets()...) {
		if !secret.Given() {
			continue
		}
		var hint string
		var err error
		secret.value, hint, err = s.reveal(*secret, getenv)
		if err != nil {
			s.fault(s.find(secret.path), hint, "%v", err)
		}
	}
	s.checkSecrets(*d)
	s.checkSlackSecrets(d.Slack)
	s.checkMailSecrets(d.Mail)
	s.checkGitHubSecrets(d.GitHub)
	return s.err()
}

func (s *source) checkSecrets(d Deployment) {
	if v := d.Database.value; v != "" && !strings.HasPrefix(v, "postgres://") && !strings.HasPrefix(v, "postgresql://") {
		s.fault(s.find(d.Database.path), "it begins with postgres://", "the database's url is none of PostgreSQL")
	}
	if d.AccessKey.value != "" {
		if _, err := ParseAccessKey(d.AccessKey.value); err != nil {
			s.fault(s.find(d.AccessKey.path), "use the line that `gangway init` wrote into keys/access.key", "%v", err)
		}
	}
}

func (s *source) reveal(secret Secret, getenv func(string) string) (text, hint string, err error) {
	file := secret.file
	if secret.env != "" {
		if text = getenv(secret.env); text != "" {
			return text, "", nil
		}
		if file = getenv(secret.env + "_FILE"); file == "" {
			return "", "set it, or " + secret.env + "_FILE to a file that holds it", fmt.Errorf("the variable %s is empty", secret.env)
		}
		return readSecret(file, false)
	}
	if dir := getenv("CREDENTIALS_DIRECTORY"); dir != "" && !strings.ContainsAny(file, `/\`) {
		return readSecret(filepath.Join(dir, file), true)
	}
	return readSecret(s.beside(file), false)
}

// readSecret reads a secret's file. What systemd hands over (trusted) lies in a
// folder that nobody else can enter, whatever the file's mode.
func readSecret(file string, trusted bool) (text, hint string, err error) {
	info, err := os.Stat(file)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "", "make it, with the secret on one line", fmt.Errorf("there is no file %s", quote(file))
	case err != nil:
		return "", "", fmt.Errorf("looking at a secret's file: %w", err)
	case !info.Mode().IsRegular():
		return "", "", fmt.Errorf("%s is no file", quote(file))
	case info.Size() > mostSecret:
		return "", "", fmt.Errorf("the file %s is too large for a secret", quote(file))
	case !trusted && info.Mode().Perm()&0o007 != 0:
		return "", "chmod o= it (0400, or 0440 for a group of its own), and ask yourself who may have read it", fmt.Errorf("everybody may read %s", quote(file))
	}
	raw, err := os.ReadFile(file)
	if err != nil {
		return "", "who runs gangway must be able to read it", fmt.Errorf("reading a secret's file: %w", err)
	}
	text = strings.TrimSuffix(strings.TrimSuffix(string(raw), "\n"), "\r")
	if text == "" {
		return "", "", fmt.Errorf("the file %s is empty", quote(file))
	}
	return text, "", nil
}
