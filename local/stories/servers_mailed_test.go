package stories

import (
	"context"
	"database/sql"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"gangway/config"
	"gangway/internal/mail/mailtest"
)

// mailed is a deployment as `gangway init` founds one: people hear of things by
// mail, follow its links and sign in with the code that was mailed.
type mailed struct {
	*deployment
	dir      string // that init wrote
	key      string // fingerprint of the key that seals
	mail     *mailtest.Server
	post     postbox
	people   map[string]*somebody
	operator *somebody
	db       *sql.DB
}

// bounceDomain is the envelope sender's domain of a worker's mails: it tells who
// sent a mail, and nothing else differs.
func bounceDomain(n int) string { return fmt.Sprintf("worker-%d.example", n) }

// newMailed founds a deployment: init, the first operator's link, two workers, and
// the example's people by `gangway people apply`.
func newMailed(t *testing.T) *mailed {
	t.Helper()
	m := &mailed{deployment: newServers(t), people: map[string]*somebody{}}
	var err error
	if m.mail, err = mailtest.Start(mailtest.Options{}); err != nil {
		t.Fatalf("starting the mail server: %v", err)
	}
	t.Cleanup(func() {
		if err := m.mail.Close(); err != nil {
			t.Errorf("closing the mail server: %v", err)
		}
	})
	m.collect()
	if m.db, err = sql.Open("pgx", m.record()); err != nil {
		t.Fatalf("opening the record's database: %v", err)
	}
	t.Cleanup(func() { _ = m.db.Close() })

	m.dir = filepath.Join(m.root, "founded")
	if err := os.Mkdir(m.dir, 0o700); err != nil {
		t.Fatalf("making a folder: %v", err)
	}
	var made struct{ Operator, Link, Fingerprint string }
	m.gangway(nil, "init", m.dir, "--operator", "Oscar Nyberg", "--mail", "oscar@northgate.example", "--address", m.url, "--zone", "Europe/London", "-o", "json").ends(0).json(&made)
	m.key = made.Fingerprint
	for n := range 2 {
		m.workers = append(m.workers, m.founded(n))
	}
	m.startAll()

	m.operator = m.somebody(made.Operator, "oscar@northgate.example")
	page := m.operator.opens(made.Link)
	m.operator.sends(page.form("/enter/"))
	m.operator.makesToken()
	m.write("people.yaml", m.peopleFile(made.Operator))
	m.gangway(m.operator, "people", "apply", "people.yaml").ends(0, "maya")
	list, err := config.ReadPeople("people.yaml", example(t, "people.yaml"))
	if err != nil {
		t.Fatalf("reading the example's people: %v", err)
	}
	for _, p := range list.List {
		m.people[p.ID] = m.somebody(p.ID, p.Mail)
	}
	copyExample(t, filepath.Join(m.dir, "example"))
	return m
}

// founded is a worker with the settings that init wrote, and what its operator
// adds to them.
func (m *mailed) founded(n int) *workerProcess {
	m.t.Helper()
	w := newWorkerProcess(m.t, n)
	text, err := os.ReadFile(filepath.Join(m.dir, "gangway.yaml"))
	if err != nil {
		m.t.Fatalf("reading what init wrote: %v", err)
	}
	more := fmt.Sprintf(`
database:
  url: {env: GANGWAY_DATABASE_URL}
engine:
  address: %s
mail:
  from: gangway@northgate.example
  bounces: %s
  smtp: {host: %s, port: %d, tls: none}
`, m.here("gangway", "temporal:7233"), bounceDomain(n), m.mail.Host(), m.mail.Port())
	name := filepath.Join(m.dir, w.name+".yaml")
	if err := os.WriteFile(name, append(text, more...), 0o600); err != nil {
		m.t.Fatalf("writing a worker's settings: %v", err)
	}
	w.args = []string{"-config", name, "-addr", fmt.Sprintf("127.0.0.1:%d", w.port), "-health", fmt.Sprintf("127.0.0.1:%d", w.health)}
	return w
}

// peopleFile is the example's, with the operator under the id that init gave, and
// working time without end where it is about noon: a digest leaves in it, and
// midnight is far, whenever this test runs.
func (m *mailed) peopleFile(operator string) []byte {
	m.t.Helper()
	text := string(example(m.t, "people.yaml"))
	east := 12 - time.Now().UTC().Hour()
	for from, to := range map[string]string{"\nzone: Europe/London\n": fmt.Sprintf("\nzone: Etc/GMT%+d\n", -east), "id: oscar\n": "id: " + operator + "\n", "\nhours: Mon-Fri 09:00-17:30\nholidays: england-and-wales\n": "\nhours: Mon-Sun 00:00-24:00\n"} {
		if strings.Count(text, from) != 1 {
			m.t.Fatalf("the example's people do not say %q once", from)
		}
		text = strings.Replace(text, from, to, 1)
	}
	return []byte(text)
}

func (m *mailed) write(name string, text []byte) {
	m.t.Helper()
	if err := os.WriteFile(filepath.Join(m.dir, name), text, 0o600); err != nil {
		m.t.Fatalf("writing a file: %v", err)
	}
}

// gangway runs the command line with somebody's token; nil: without.
func (m *mailed) gangway(p *somebody, args ...string) finished {
	m.t.Helper()
	env := []string{"GANGWAY_URL=" + m.url, "NO_COLOR=1"}
	if p != nil {
		env = append(env, "GANGWAY_TOKEN="+p.token)
	}
	return execute(m.t, m.dir, env, "gangway", args...)
}

// run makes a part of a test a test of its own, on the same servers.
func (m *mailed) run(name string, story func(*mailed)) {
	all := m.t
	all.Run(name, func(t *testing.T) {
		m.t = t
		defer func() { m.t = all }()
		story(m)
	})
}

// citizens is a cast whose people have tokens; all of them have signed in.
func (m *mailed) citizens(ids ...string) *cast {
	m.t.Helper()
	c := m.cast(m.url)
	c.tokens = map[string]string{}
	for _, id := range ids {
		p := m.people[id]
		if !p.signed {
			p.signsIn()
		}
		if p.token == "" {
			p.makesToken()
		}
		c.tokens[id] = p.token
	}
	return c
}

// postbox is every mail that came, however many: the mail server keeps a thousand.
type postbox struct {
	mu    sync.Mutex
	mails []mailtest.Mail
}

// collect fills the postbox until the test ends.
func (m *mailed) collect() {
	ctx, stop := context.WithCancel(context.Background())
	var reading sync.WaitGroup
	reading.Go(func() {
		last := 0
		for {
			mail, err := m.mail.Wait(ctx, func(got mailtest.Mail) bool { return got.Number > last })
			if err != nil {
				return
			}
			last = mail.Number
			m.post.mu.Lock()
			m.post.mails = append(m.post.mails, mail)
			m.post.mu.Unlock()
		}
	})
	m.t.Cleanup(func() {
		stop()
		reading.Wait()
		if said := m.mail.Complaints(); len(said) > 0 {
			m.owner.Errorf("the mail server complains: %q", said)
		}
	})
}

// times counts the mails by Message-ID.
func (m *mailed) times() map[string]int {
	m.post.mu.Lock()
	defer m.post.mu.Unlock()
	n := map[string]int{}
	for _, mail := range m.post.mails {
		n[mail.Message()]++
	}
	return n
}

// letter is what a row says of a letter.
type letter struct {
	id, of, person, kind, state, message string
	tries                                int
}

// letters reads the rows.
func (m *mailed) letters() []letter {
	m.t.Helper()
	var found []letter
	rows, err := m.db.QueryContext(context.Background(), "SELECT id, case_id, person, kind, state, message, tries FROM letters ORDER BY made, id")
	if err != nil {
		m.t.Fatalf("looking at the letters: %v", err)
	}
	defer rows.Close()
	for rows.Next() {
		var l letter
		if err := rows.Scan(&l.id, &l.of, &l.person, &l.kind, &l.state, &l.message, &l.tries); err != nil {
			m.t.Fatalf("reading a letter: %v", err)
		}
		found = append(found, l)
	}
	if err := rows.Err(); err != nil {
		m.t.Fatalf("reading the letters: %v", err)
	}
	return found
}

// aged lets a quarter of an hour pass for letters whose sender is gone: only after
// that do workers give them up.
func (m *mailed) aged() {
	m.t.Helper()
	_, err := m.db.ExecContext(context.Background(), "UPDATE letters SET changed = changed - $1 WHERE state = 'sending'", (20 * time.Minute).Microseconds())
	if err != nil {
		m.t.Fatalf("letting time pass: %v", err)
	}
}

// auditLetters wants that nothing more is on its way, that no mail came twice, that
// each mail is one of the rows', that each that is sent came, and that those of
// which nobody knows say so.
func (m *mailed) auditLetters() {
	m.t.Helper()
	states := map[string]int{}
	open := func() int {
		clear(states)
		for _, l := range m.letters() {
			states[l.state]++
		}
		return states["waiting"] + states["sending"]
	}
	// What the killed left behind stays "sending" while the others empty the rows.
	within(patience, func() bool { open(); return states["waiting"] == 0 })
	m.aged()
	if !within(patience, func() bool { return open() == 0 }) {
		m.t.Errorf("letters are still on their way: %v", states)
	}
	came := m.times()
	for message, n := range came {
		if n != 1 {
			m.t.Errorf("the mail %s came %d times", message, n)
		}
	}
	rows := map[string]bool{}
	for _, l := range m.letters() {
		if l.message == "" {
			continue
		}
		rows[l.message] = true
		if l.state == "sent" && came[l.message] != 1 {
			m.t.Errorf("letter %s is sent, and %d mails came", l.id, came[l.message])
		}
	}
	for _, message := range slices.Sorted(maps.Keys(came)) {
		if !rows[message] {
			m.t.Errorf("the mail %s is of no letter", message)
		}
	}
	m.t.Logf("%d mails; letters: %v", len(came), states)
}
