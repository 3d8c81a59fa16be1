package config

import (
	"log/slog"
	"net"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// Deployment is gangway.yaml: how the programs of one gangway run. Paths are
// absolute or relative to the working directory, as the file's name is.
type Deployment struct {
	// Address is the public URL without a slash at its end; empty: none.
	Address string
	// Listen is empty where no inbox is served.
	Listen     string
	TrustProxy bool
	// Health is empty where nobody is to ask.
	Health string
	// PickPerson: one picks who one is, on loopback alone.
	PickPerson bool
	Data       string
	// Keys is the folder of the keys; its last part is "keys".
	Keys      string
	AccessKey Secret
	People    string
	// Database is PostgreSQL's URL; not given: SQLite in Data.
	Database Secret
	Engine   Engine
	// Client is who writes to vendors.
	Client Client
	// Mail has no From where there is none.
	Mail Mail
	// Slack has no App where there is none.
	Slack Slack
	// GitHub has no Organisation where there is none.
	GitHub    GitHub
	Documents Documents
	Log       Log

	source *source // for faults of secrets, which show only when they are opened
}

// Engine is how the Temporal server is found; empty fields leave it to
// Temporal's own profile and environment.
type Engine struct {
	Profile, ConfigFile, Address, Namespace string
	// Retention is what the namespace should keep closed runs for.
	Retention time.Duration
	// Wait is how long a start waits for an engine that does not answer.
	Wait time.Duration
}

// Client is the organisation that asks, as vendors know it.
type Client struct {
	Name string
	// Phone is the number under which somebody confirms that a mail is genuine.
	Phone string
}

// Documents is how the files that people send are read.
type Documents struct {
	// Clamd is where the malware scanner listens; empty: nothing is scanned.
	Clamd string
	// PDFToText is the program that reads PDF; empty: the one that is found.
	PDFToText string
}

// Log is what is written to standard error.
type Log struct {
	Level slog.Level
	Text  bool // instead of JSON
}

// Least retention of closed runs: each must be exported while it is there.
const LeastRetention = 30 * 24 * time.Hour

// DefaultDeployment is what holds where a file says nothing.
func DefaultDeployment() Deployment {
	d, err := ReadDeployment("gangway.yaml", []byte("sign-in: pick\n"))
	if err != nil { // a constant that a test reads
		panic(err)
	}
	return d
}

// ReadDeployment reads gangway.yaml; name is the file's name, for faults and for
// the folder that paths in it start from. The error is Faults. Secrets stay
// closed until Reveal.
func ReadDeployment(name string, data []byte) (Deployment, error) {
	s, body := read(name, data)
	if body == nil {
		return Deployment{}, s.err()
	}
	t := s.table(body, "$", "gangway.yaml", keysOf("")...)
	d := Deployment{source: s}
	d.Address = strings.TrimSuffix(t.text("address", "$.address"), "/")
	d.Listen = t.place("listen")
	d.TrustProxy = t.yes("trust-proxy", "$.trust-proxy")
	d.Health = t.place("health")
	d.PickPerson = t.choice("sign-in", "link", "pick") == "pick"
	d.Data = s.beside(t.or("data"))
	d.Keys = s.beside(t.text("keys", "$.keys"))
	if d.Keys == "" {
		d.Keys = filepath.Join(d.Data, "keys")
	}
	d.AccessKey = t.secret("access-key")
	d.People = s.beside(t.text("people", "$.people"))
	if n := t.has("database", "$.database"); n != nil {
		sub := s.table(n, "$.database", "the database", keysOf("database")...)
		d.Database = sub.secret("url")
		sub.needs("url", "write `url: {env: GANGWAY_DATABASE_URL}`, or leave database out: the record is SQLite then")
	}
	d.Engine = s.engine(t.section("engine"))
	client := t.section("client")
	d.Client = Client{Name: client.text("name", "$.client.name"), Phone: client.text("phone", "$.client.phone")}
	if n := t.has("mail", "$.mail"); n != nil {
		d.Mail = s.mail(s.table(n, "$.mail", "mail", keysOf("mail")...))
	}
	if n := t.has("slack", "$.slack"); n != nil {
		d.Slack = s.slack(s.table(n, "$.slack", "slack", keysOf("slack")...))
	}
	if n := t.has("github", "$.github"); n != nil {
		d.GitHub = s.github(s.table(n, "$.github", "github", keysOf("github")...))
	}
	papers := t.section("documents")
	d.Documents = Documents{Clamd: papers.text("clamd", "$.documents.clamd"), PDFToText: s.beside(papers.text("pdftotext", "$.documents.pdftotext"))}
	log := t.section("log")
	_ = d.Log.Level.UnmarshalText([]byte(log.choice("level", "debug", "info", "warn", "error"))) // one of the four
	d.Log.Text = log.choice("format", "json", "text") == "text"
	s.checkDeployment(d)
	if err := s.err(); err != nil {
		return Deployment{}, err
	}
	return d, nil
}

func (s *source) engine(t table) Engine {
	return Engine{Profile: t.text("profile", "$.engine.profile"), ConfigFile: s.beside(t.text("config-file", "$.engine.config-file")),
		Address: t.text("address", "$.engine.address"), Namespace: t.text("namespace", "$.engine.namespace"),
		Retention: time.Duration(t.count("retention-days", 30, 36500)) * 24 * time.Hour,
		Wait:      time.Duration(t.count("wait-seconds", 0, 3600)) * time.Second}
}

// beside is a path of the file, from where its reader stands.
func (s *source) beside(path string) string {
	if path == "" || filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(filepath.Dir(s.name), path)
}

// section reads a table that may be missing.
func (t *table) section(key string) table {
	n := t.has(key, "$."+key)
	if n == nil {
		return table{s: t.s, path: "$." + key, at: t.at}
	}
	return t.s.table(n, "$."+key, key, keysOf(key)...)
}

// or is the text of a key, or its default.
func (t *table) or(key string) string {
	if text := t.text(key, t.path+"."+key); text != "" {
		return text
	}
	return defaultOf(strings.TrimPrefix(t.path+"."+key, "$."))
}

// place is where something listens; empty where it is off.
func (t *table) place(key string) string {
	if place := t.or(key); place != "off" {
		return place
	}
	return ""
}

// choice is one of a few words; the default where there is none.
func (t *table) choice(key string, words ...string) string {
	text := t.or(key)
	if n := t.has(key, t.path+"."+key); n != nil && !oneOf(text, words) {
		t.s.bad[t.path+"."+key] = true
		t.s.fault(t.s.at(n), "write "+strings.Join(words, " or "), "%s cannot be %s", key, value(n))
		return words[0]
	}
	return text
}

// count is a whole number within bounds, or its default.
func (t *table) count(key string, least, most int) int {
	path := t.path + "." + key
	n := t.has(key, path)
	if n == nil {
		v, _ := strconv.Atoi(defaultOf(strings.TrimPrefix(path, "$."))) // none: 0
		return v
	}
	v := t.s.number(n, key, path)
	if !t.s.bad[path] && (v < least || v > most) {
		t.s.bad[path] = true
		t.s.fault(t.s.at(n), "", "%s is between %d and %d, not %d", key, least, most, v)
	}
	return v
}

// needs reports a key that is missing or empty.
func (t *table) needs(key, hint string) {
	if t.has(key, t.path+"."+key) == nil && !t.s.spoilt(t.path+"."+key) {
		t.s.bad[t.path+"."+key] = true
		t.s.fault(t.s.find(t.path+"."+key), hint, "%s is missing", key)
	}
}

// loopback reports that a host is this machine.
func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// WithData is the deployment on another folder of data; keys that lie in the old
// one are looked for in the new one.
func (d Deployment) WithData(dir string) Deployment {
	if d.Keys == filepath.Join(d.Data, "keys") {
		d.Keys = filepath.Join(dir, "keys")
	}
	d.Data = dir
	return d
}
