package config

import (
	"bytes"
	"log/slog"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

const whole = `address: https://gangway.example.org/
listen: 10.0.0.5:80
trust-proxy: yes
health: off
data: /srv/data
keys: secret/keys
access-key: {env: ACCESS}
people: people.yaml
database: {url: {file: /run/secrets/db}}
engine: {profile: prod, config-file: temporal.toml, address: "temporal:7233", namespace: quay, retention-days: 45, wait-seconds: 0}
mail:
  from: gangway@example.org
  bounces: bounces.example.org
  smtp: {host: smtp.example.org, tls: implicit, user: us, password: {file: smtp}}
log: {level: debug, format: text}
`

// unseen leaves out what a comparison is not about.
var unseen = cmp.Options{cmp.AllowUnexported(Secret{}), cmpopts.IgnoreUnexported(Deployment{})}

func TestDeploymentIsReadAsItIsMeant(t *testing.T) {
	t.Parallel()
	d, err := ReadDeployment("etc/gangway.yaml", []byte(whole))
	if err != nil {
		t.Fatal(err)
	}
	want := Deployment{Address: "https://gangway.example.org", Listen: "10.0.0.5:80", TrustProxy: true, Data: "/srv/data",
		Keys: "etc/secret/keys", AccessKey: Secret{env: "ACCESS", path: "$.access-key"}, People: "etc/people.yaml",
		Database: Secret{file: "/run/secrets/db", path: "$.database.url"},
		Engine:   Engine{Profile: "prod", ConfigFile: "etc/temporal.toml", Address: "temporal:7233", Namespace: "quay", Retention: 45 * 24 * time.Hour},
		Mail: Mail{From: "gangway@example.org", Bounces: "bounces.example.org",
			SMTP: SMTP{Host: "smtp.example.org", Port: 465, TLS: "implicit", User: "us", Password: Secret{file: "smtp", path: "$.mail.smtp.password"}}},
		Log: Log{Level: slog.LevelDebug, Text: true}}
	if diff := cmp.Diff(want, d, unseen); diff != "" {
		t.Error(diff)
	}
}

func TestDeploymentOfWhoSaysNothing(t *testing.T) {
	t.Parallel()
	want := Deployment{Listen: "127.0.0.1:8470", Health: "127.0.0.1:8471", PickPerson: true, Data: "gangway-data", Keys: "gangway-data/keys",
		Engine: Engine{Retention: 90 * 24 * time.Hour, Wait: time.Minute}}
	if diff := cmp.Diff(want, DefaultDeployment(), unseen); diff != "" {
		t.Error(diff)
	}
	for tls, port := range map[string]int{"starttls": 587, "implicit": 465, "none": 25} {
		d, err := ReadDeployment("g", []byte("sign-in: pick\nmail: {from: a@b.example, smtp: {host: localhost, tls: "+tls+"}}"))
		if err != nil || d.Mail.SMTP.Port != port {
			t.Errorf("%s: port %d, %v", tls, d.Mail.SMTP.Port, err)
		}
	}
}

// TestFaultsOfADeployment: one line of a sound file is replaced, or one added.
func TestFaultsOfADeployment(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ old, new, want string }{
		{"address: https://gangway.example.org/", "adress: https://gangway.example.org", `1:1: unknown key "adress" in gangway.yaml (did you mean address?)`},
		{"address: https://gangway.example.org/", "", "2:1: links in mails need the public address (write the address that people open: `address: https://gangway.example.org`; for a trial on this machine `sign-in: pick`)"},
		{"https://gangway.example.org/", "http://gangway.example.org", "1:10: sessions would cross the network without TLS (write https://…; a proxy in front holds the certificate)"},
		{"https://gangway.example.org/", "gangway.example.org", `1:10: "gangway.example.org" is no address of an inbox (write https://, the host and a port if it is not the usual one)`},
		{"https://gangway.example.org/", "https://a:b@gangway.example.org", `1:10: "https://a:b@gangway.example.org" is no address of an inbox (write https://, the host and a port if it is not the usual one)`},
		{"https://gangway.example.org/", "https://gangway.example.org/inbox", `1:10: "https://gangway.example.org/inbox" is no address of an inbox (write https://, the host and a port if it is not the usual one)`},
		{"trust-proxy: yes", "", "2:9: other machines would reach the inbox without TLS (listen on 127.0.0.1, or put a proxy with TLS in front that alone reaches this port, and say so: `trust-proxy: true`)"},
		{"trust-proxy: yes", "trust-proxy: maybe", `3:14: trust-proxy is true or false: it cannot be "maybe"`},
		{"10.0.0.5:80", "localhost:80\nsign-in: pick", "3:10: whoever reached this inbox from elsewhere could be anybody (use `sign-in: link`; pick is for 127.0.0.1 without a proxy)"},
		{"10.0.0.5:80", "127.0.0.1:80\nsign-in: pick", "3:10: whoever reached this inbox from elsewhere could be anybody (use `sign-in: link`; pick is for 127.0.0.1 without a proxy)"},
		{"10.0.0.5:80", "127.0.0.1:80\nsign-in: nobody", `3:10: sign-in cannot be "nobody" (write link or pick)`},
		{"10.0.0.5:80", "80", `2:9: "80" is no host and port (write host and port, such as 127.0.0.1:8470)`},
		{"10.0.0.5:80", "10.0.0.5:99999", `2:9: "10.0.0.5:99999" is no host and port (write host and port, such as 127.0.0.1:8470)`},
		{"health: off", "health: a b:1", `4:9: "a b:1" is no host and port (write host and port, such as 127.0.0.1:8470)`},
		{"secret/keys", "secret", `6:7: the folder of the keys is called "secret" (name it …/keys, so that nobody takes it for anything else)`},
		{"{env: ACCESS}", "{env: 9}", `7:19: "9" is no name of a variable (letters, digits and underscores)`},
		{"{env: ACCESS}", "{env: A, file: b}", "7:13: access-key names no one place (write {env: NAME} or {file: PATH}; the file may then be shown to anybody)"},
		{"{env: ACCESS}", "{}", "7:13: access-key names no one place (write {env: NAME} or {file: PATH}; the file may then be shown to anybody)"},
		{"{env: ACCESS}", "hunter2", "7:13: access-key is a secret, and secrets don't stand in this file (write {env: NAME} or {file: PATH}; the file may then be shown to anybody)"},
		{"{url: {file: /run/secrets/db}}", "{urls: 1}", `9:12: unknown key "urls" in the database (did you mean url?)`},
		{"{url: {file: /run/secrets/db}}", "{url: }", "9:12: url is missing (write `url: {env: GANGWAY_DATABASE_URL}`, or leave database out: the record is SQLite then)"},
		{`"temporal:7233"`, "temporal", `10:62: "temporal" is no host and port (write host and port, such as 127.0.0.1:8470)`},
		{"namespace: quay", "namespace: a/b", `10:90: "a/b" is no name of a namespace (letters, digits, dots and dashes, 200 at most)`},
		{"retention-days: 45", "retention-days: 29", "10:112: retention-days is between 30 and 36500, not 29"},
		{"retention-days: 45", "retention-days: long", `10:112: retention-days is a whole number: it cannot be "long"`},
		{"wait-seconds: 0", "wait-seconds: 9999", "10:130: wait-seconds is between 0 and 3600, not 9999"},
		{"  from: gangway@example.org", "", "13:3: from is missing (write whom mails come from: `from: gangway@example.org`)"},
		{"  from: gangway@example.org", "  from: gangway@example.org\n  witness: the auditor", "13:12: \"the auditor\" is no mail address (write the bare address, such as auditor@example.net)"},
		{"gangway@example.org", "Gangway <gangway@example.org>", `12:9: "Gangway <gangway@example.org>" is no mail address (write the bare address, such as gangway@example.org)`},
		{"bounces.example.org", "a@bounces.example.org", `13:12: "a@bounces.example.org" is no domain (write the domain alone, such as bounces.example.org)`},
		{"host: smtp.example.org, ", "", "14:9: host is missing (name the mail server: `host: smtp.example.org`)"},
		{"host: smtp.example.org, ", "host: 'smtp.example.org:25', ", `14:16: "smtp.example.org:25" is no host (the port is a key of its own)`},
		{"tls: implicit", "tls: none", "14:39: mails and the password would cross the network in the clear (use starttls or implicit; none is for a server on this machine)"},
		{"tls: implicit", "tls: ssl", `14:39: tls cannot be "ssl" (write starttls or implicit or none)`},
		{"tls: implicit", "port: 0", "14:40: port is between 1 and 65535, not 0"},
		{", password: {file: smtp}", "", "14:9: user and password go together: password is missing (give both, or neither for a server that asks nobody)"},
		{"user: us, ", "", "14:9: user and password go together: user is missing (give both, or neither for a server that asks nobody)"},
		{"level: debug", "level: loud", `15:14: level cannot be "loud" (write debug or info or warn or error)`},
		{"format: text", "format: xml", `15:29: format cannot be "xml" (write json or text)`},
	} {
		if !strings.Contains(whole, c.old) {
			t.Fatalf("%s is not in the file", c.old)
		}
		_, err := ReadDeployment("gangway.yaml", []byte(strings.Replace(whole, c.old, c.new, 1)))
		if got := heads(err); !oneOf(c.want, got) || len(got) > 1 {
			t.Errorf("%s: %s\nwant %s", c.new, strings.Join(got, "\n"), c.want)
		}
	}
}

func TestAllFaultsOfADeploymentAtOnce(t *testing.T) {
	t.Parallel()
	_, err := ReadDeployment("gangway.yaml", []byte("adress: x\nlisten: x\nlog: {level: x}\nmail: {smtp: {tls: x}}\n"))
	wantHeads(t, err, `1:1: unknown key "adress" in gangway.yaml (did you mean address?)`,
		`2:9: "x" is no host and port (write host and port, such as 127.0.0.1:8470)`,
		`3:14: level cannot be "x" (write debug or info or warn or error)`,
		"4:7: from is missing (write whom mails come from: `from: gangway@example.org`)",
		"4:14: host is missing (name the mail server: `host: smtp.example.org`)",
		`4:20: tls cannot be "x" (write starttls or implicit or none)`)
}

// uncomment makes every key of a written file count.
func uncomment(text []byte) []byte {
	return regexp.MustCompile(`(?m)^( *)#([a-z])`).ReplaceAll(text, []byte("$1$2"))
}

// TestTheWrittenFile is sound as it is, and with each of its comments taken off.
func TestTheWrittenFile(t *testing.T) {
	t.Parallel()
	text := SampleDeployment(map[string]string{"address": "https://g.example.org", "people": "people.yaml", "mail.from": "g@example.org", "mail.smtp.host": "smtp.example.org"})
	d, err := ReadDeployment("gangway.yaml", text)
	if err != nil || d.Address != "https://g.example.org" || d.Mail.SMTP.Host != "smtp.example.org" || d.Database.Given() {
		t.Errorf("%v %+v\n%s", err, d, text)
	}
	text = uncomment(SampleDeployment(nil))
	for _, line := range strings.Split(string(text), "\n") {
		if len([]rune(line)) > 100 {
			t.Errorf("long: %s", line)
		}
	}
	for _, s := range settings() {
		if n := len(regexp.MustCompile(`(?m)^ *`+s.word()+`: `).FindAll(text, -1)); n == 0 {
			t.Errorf("%s is not in the file", s.Key)
		}
	}
	text = insteadOf.ReplaceAll(text, nil)
	d, err = ReadDeployment("gangway.yaml", text)
	if err != nil || !d.Mail.SMTP.Password.Given() || !d.Database.Given() || d.Engine.Namespace != "gangway" || d.Engine.Profile != "default" || d.Slack.App == "" ||
		d.Mail.Inbox.Trust != TrustDKIM || d.Client.Phone == "" || d.Documents.Clamd == "" || d.GitHub.App == 0 || !d.GitHub.Key.Given() || d.GitHub.Token.Given() {
		t.Errorf("%v %+v\n%s", err, d, text)
	}
}

// insteadOf finds the sections and the key that stand for others: what is in both of
// two ways to sign in, or to send, is refused.
var insteadOf = regexp.MustCompile(`(?m)^  token: .*\n|^  sendgrid:\n(\n|    .*\n)*|^    oauth:\n(\n|      .*\n)*`)

func TestDocsOfTheDeploymentAreCurrent(t *testing.T) {
	t.Parallel()
	page := filepath.Join("..", "docs", "configuration.md")
	want := DeploymentReference()
	if os.Getenv("GANGWAY_UPDATE") != "" {
		if err := os.WriteFile(page, want, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(page)
	if err != nil || !bytes.Equal(got, want) {
		t.Errorf("the page is stale: run `make docs` (%v)", err)
	}
}

func FuzzDeployment(f *testing.F) {
	f.Add([]byte(whole))
	f.Add(uncomment(SampleDeployment(nil)))
	f.Add([]byte("sign-in: pick\nmail: {smtp: [1]}\naccess-key: {env: {}}\nengine: ~\nlog: 5\ndatabase: {}"))
	f.Fuzz(func(t *testing.T, text []byte) {
		d, err := ReadDeployment("gangway.yaml", text)
		if err == nil && !d.PickPerson && d.Address == "" {
			t.Error("links lead nowhere")
		}
	})
}
