package archive_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"gangway/internal/archive"
	"gangway/internal/archive/postgrestest"
	"gangway/internal/dossier"
	"gangway/internal/review"
)

// opener opens a new, empty archive. Every engine that archives are kept in has
// one, and runs the whole suite with it.
type opener func(t *testing.T) *archive.Archive

// suite is what every engine must do. The tests are in conformance_*_test.go.
func suite(t *testing.T, open opener) {
	t.Helper()
	for _, part := range []struct {
		name  string
		tests map[string]func(*testing.T, *archive.Archive)
	}{
		{"journal", journalTests()}, {"views", viewTests()}, {"index", indexTests()}, {"inbox", inboxTests()}, {"texts", textTests()},
		{"queue", queueTests()}, {"numbers", numberTests()}, {"people", peopleTests()}, {"access", accessTests()}, {"letters", letterTests()},
		{"postings", postingTests()}, {"bindings", bindingTests()}, {"absences", awayTests()},
		{"arrivals", arrivalTests()}, {"contacts", contactTests()}, {"portal", portalTests()}, {"readings", readingTests()},
		{"documents", documentTests()}, {"erasure", erasureTests()}, {"erasure of mail", mailErasureTests()}, {"crowd", crowdTests()}, {"audit", auditTests()},
	} {
		for name, test := range part.tests {
			t.Run(part.name+"/"+name, func(t *testing.T) {
				t.Parallel()
				test(t, open(t))
			})
		}
	}
}

func TestSQLite(t *testing.T) {
	t.Parallel()
	suite(t, func(t *testing.T) *archive.Archive { return openAt(t, archive.Options{Dir: t.TempDir()}) })
}

func TestSQLiteShared(t *testing.T) {
	t.Parallel()
	suite(t, func(t *testing.T) *archive.Archive {
		return openAt(t, archive.Options{Dir: t.TempDir(), Shared: true})
	})
}

func TestPostgres(t *testing.T) {
	t.Parallel()
	server := postgrestest.Shared(t)
	suite(t, func(t *testing.T) *archive.Archive {
		return openAt(t, archive.Options{Dir: t.TempDir(), Database: server.Database(t)})
	})
}

// monday is when the stories begin, a winter's morning.
func monday() time.Time { return time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC) }

// openAt opens an archive whose clock stands at noon of that Monday.
func openAt(t *testing.T, o archive.Options) *archive.Archive {
	t.Helper()
	if o.Now == nil {
		o.Now = func() time.Time { return monday().Add(3 * time.Hour) }
	}
	a, err := archive.Open(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := a.Close(); err != nil {
			t.Error(err)
		}
	})
	return a
}

// ok fails the test at an error.
func ok(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// must passes a value on and fails the test at an error.
func must[T any](t *testing.T) func(v T, err error) T {
	return func(v T, err error) T {
		t.Helper()
		ok(t, err)
		return v
	}
}

func same(t *testing.T, what string, want, got any) {
	t.Helper()
	if d := cmp.Diff(want, got, cmpopts.EquateEmpty()); d != "" {
		t.Errorf("%s (-want +got):\n%s", what, d)
	}
}

func isNotFound(t *testing.T, err error) {
	t.Helper()
	if e := (dossier.NotFoundError{}); !errors.As(err, &e) {
		t.Errorf("want NotFoundError, got %v", err)
	}
}

// process writes the entries of one process as its workflow would.
type process struct {
	id   string
	of   string // the case
	n    int
	at   time.Time
	rest []dossier.Entry
}

func newCase(id string) *process { return &process{id: id, of: id, at: monday()} }

// say adds the next entry, a minute later.
func (p *process) say(e dossier.Entry) dossier.Entry {
	p.n++
	p.at = p.at.Add(time.Minute)
	e.ID, e.Case, e.Process, e.At, e.CaseAt = fmt.Sprintf("%s#%d", p.id, p.n), p.of, p.id, p.at, p.at
	p.rest = append(p.rest, e)
	return e
}

func (p *process) opened() *process {
	p.say(dossier.Entry{Kind: dossier.CaseOpened, Actor: "rita", Run: "run-1", Detail: &dossier.Detail{
		Vendor: "acme", Owner: "olga", Requester: "rita", Playbook: "standard", Digest: "sha256:00",
	}})
	p.say(dossier.Entry{Kind: dossier.ProcessStarted, Run: "run-1", Detail: &dossier.Detail{}})
	return p
}

// fact adds an entry for what happened to a request.
func (p *process) fact(f review.Fact) dossier.Entry {
	f.At = p.at.Add(time.Minute)
	return p.say(dossier.Entry{Kind: dossier.Request, Fact: &f, Answer: f.Answer})
}

// asks opens a request with one group in which all of the seats must approve;
// each seat is held by the person of the same name.
func (p *process) asks(step string, seats ...string) string {
	r := review.Request{
		ID: p.id + "/" + step, Case: p.of, Process: p.id, Step: step, Kind: review.Decision, Title: "Sign off",
		Owner: "olga", Requester: "rita", Vendor: "acme", Opened: p.at,
		Versions: []review.Version{{Number: 1, Document: "sha256:" + strings.Repeat("1", 64)}},
	}
	g := review.Group{Name: "all", Rule: review.RuleAll}
	for _, s := range seats {
		g.Seats = append(g.Seats, review.Seat{ID: s, Role: s})
		r.Seatings = append(r.Seatings, review.Seating{Seat: s, Holders: []review.Holder{{Person: s, Via: review.ViaRole, Since: p.at}}})
	}
	r.Policy = review.Policy{Groups: []review.Group{g}}
	p.fact(review.Fact{Kind: review.FactOpened, Request: r.ID, Opened: &r})
	p.fact(review.Fact{Kind: review.FactGroup, Request: r.ID, Due: p.at.Add(72 * time.Hour)})
	return r.ID
}

// answers records a counted answer of the person in the seat of the same name.
func (p *process) answers(answer, request, person string, v review.Verdict, version int, w review.Written) dossier.Entry {
	b := review.Ballot{Answer: answer, Seat: person, Person: person, Verdict: v, Version: version, Written: w, At: p.at}
	return p.fact(review.Fact{Kind: review.FactCounted, Request: request, Seat: person, Person: person, Answer: answer, Ballot: &b, Written: w})
}

// file appends what was said since the last time.
func (p *process) file(t *testing.T, a *archive.Archive) {
	t.Helper()
	ok(t, a.Append(context.Background(), p.rest))
	p.rest = nil
}

// chain reads a chain and checks it.
func chain(t *testing.T, a *archive.Archive, id string) []dossier.Line {
	t.Helper()
	lines := must[[]dossier.Line](t)(a.Lines(context.Background(), id))
	ok(t, dossier.CheckChain(lines))
	return lines
}

// holding lists the files under dir in whose bytes the text stands.
func holding(t *testing.T, dir, text string) []string {
	t.Helper()
	var found []string
	ok(t, filepath.WalkDir(dir, func(name string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		if strings.Contains(string(b), text) {
			found = append(found, name)
		}
		return nil
	}))
	return found
}
