package archive

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"go.temporal.io/api/enums/v1"
	"go.temporal.io/api/history/v1"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/client"

	"gangway/internal/desk"
	"gangway/internal/dossier"
	"gangway/internal/playbook"
	"gangway/internal/proof"
	"gangway/internal/review"
	"gangway/internal/web"
)

// running is how many of the many cases, the newest, run; the others are over
// and sealed.
const running = 100

// manyCases fills an archive in big batches, past what Append takes at once and
// without waiting for the disk. olga owns all cases; one person of ten asked for
// each and is asked in it, of what is over only p9's.
func manyCases(t *testing.T, a *Archive) {
	t.Helper()
	ctx := context.Background()
	if _, err := inFile(a).conn.ExecContext(ctx, `PRAGMA synchronous = OFF`); err != nil {
		t.Fatal(err)
	}
	for i := 0; i < many; i += 50 {
		var list []pending
		for k := i; k < i+50; k++ {
			for _, e := range manyEntries(k) {
				p, err := prepare(e, nil)
				if err != nil {
					t.Fatal(err)
				}
				list = append(list, p)
			}
		}
		err := a.write(ctx, "appending many", later, func(q querier) error { return appendAll(ctx, q, list) })
		if err != nil {
			t.Fatal(err)
		}
	}
}

func manyID(i int) string { return fmt.Sprintf("onboarding/v%d/1", i) }

func manyEntries(i int) []dossier.Entry {
	id, person := manyID(i), fmt.Sprint("p", i%10)
	at := time.Date(2026, 3, 2, 9, 0, i, 0, time.UTC)
	var all []dossier.Entry
	say := func(e dossier.Entry) {
		e.Case, e.Process, e.At, e.CaseAt = id, id, at, at
		if e.ID == "" {
			e.ID = fmt.Sprintf("%s#%d", id, len(all)+1)
		}
		all = append(all, e)
	}
	say(dossier.Entry{Kind: dossier.CaseOpened, Detail: &dossier.Detail{Vendor: "acme", Owner: "olga", Requester: person}})
	runs := i >= many-running
	if runs || person == "p9" { // who stands for all
		r := review.Request{ID: id + ":legal.1", Case: id, Process: id, Step: "legal", Kind: review.Decision, Title: "Sign off", Owner: "olga", Vendor: "acme", Opened: at,
			Policy:   review.Policy{Groups: []review.Group{{Rule: review.RuleAll, Seats: []review.Seat{{ID: "legal", Role: "legal"}}}}},
			Seatings: []review.Seating{{Seat: "legal", Holders: []review.Holder{{Person: person, Via: review.ViaRole, Since: at}}}}}
		say(dossier.Entry{Kind: dossier.Request, Fact: &review.Fact{Kind: review.FactOpened, Request: r.ID, At: at, Opened: &r}})
		if !runs {
			b := review.Ballot{Answer: "web-" + id, Seat: "legal", Person: person, Verdict: review.Approve, At: at}
			say(dossier.Entry{Kind: dossier.Request, Answer: b.Answer, Fact: &review.Fact{Kind: review.FactCounted, Request: r.ID, Seat: "legal", Person: person, Answer: b.Answer, At: at, Ballot: &b}})
			say(dossier.Entry{Kind: dossier.Request, Fact: &review.Fact{Kind: review.FactClosed, Request: r.ID, At: at, State: review.Met, Why: "decided"}})
		}
	}
	if runs {
		say(dossier.Entry{Kind: dossier.ProcessStarted, Run: "run", Detail: &dossier.Detail{}})
		return all
	}
	say(dossier.Entry{Kind: dossier.ProcessEnded, Run: "run"})
	say(dossier.Entry{Kind: dossier.CaseClosed, Detail: &dossier.Detail{Result: "live"}})
	say(dossier.Entry{ID: id + "#archive/history-run", Run: "run", Kind: dossier.HistoryFiled, Detail: &dossier.Detail{Document: "sha256:h"}})
	say(dossier.Entry{ID: id + "#archive/seal", Kind: dossier.Sealed, Detail: &dossier.Detail{Revision: len(all)}})
	return all
}

// closedRuns is an engine in which every run has ended, and which lists none.
type closedRuns struct {
	client.Client
	fetched []string
}

// ListWorkflow lists nothing.
func (c *closedRuns) ListWorkflow(context.Context, *workflowservice.ListWorkflowExecutionsRequest) (*workflowservice.ListWorkflowExecutionsResponse, error) {
	return &workflowservice.ListWorkflowExecutionsResponse{}, nil
}

// GetWorkflowHistory is one event.
func (c *closedRuns) GetWorkflowHistory(_ context.Context, process, _ string, _ bool, _ enums.HistoryEventFilterType) client.HistoryEventIterator {
	c.fetched = append(c.fetched, process)
	return &oneEvent{}
}

type oneEvent struct{ read bool }

// HasNext reports whether the event is still to come.
func (e *oneEvent) HasNext() bool { return !e.read }

// Next returns it.
func (e *oneEvent) Next() (*history.HistoryEvent, error) {
	e.read = true
	return &history.HistoryEvent{EventId: 1, EventType: enums.EVENT_TYPE_WORKFLOW_EXECUTION_COMPLETED}, nil
}

// wax notes what it is asked to seal, and seals it in the record.
type wax struct {
	a      *Archive
	sealed []string
}

// Seal seals.
func (w *wax) Seal(ctx context.Context, id string) error {
	w.sealed = append(w.sealed, id)
	lines, err := w.a.Lines(ctx, id)
	if err != nil {
		return err
	}
	return w.a.Append(ctx, []dossier.Entry{{ID: id + "#archive/seal", Case: id, Process: id, Kind: dossier.Sealed, Detail: &dossier.Detail{Revision: len(lines)}}})
}

// Export is not asked for.
func (w *wax) Export(context.Context, string, io.Writer) error { return errors.New("no dossier here") }

// Fingerprint is not asked for.
func (w *wax) Fingerprint() string { return "" }

// TestManyCases: with 5,000 cases (fewer under the race detector) a pass of the keeper, an inbox and a look-up
// read what they need and nothing else, by the rows that SQLite hands out and by
// how it finds them. No time is measured.
func TestManyCases(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	a := openTest(t, t.TempDir())
	manyCases(t, a)
	_, _, err := a.ApplyPeople(ctx, []playbook.Person{{ID: "olga", Name: "Olga"}, {ID: "p9", Name: "Pia"}}, "olga")
	if err != nil {
		t.Fatal(err)
	}
	w := watched(t, a)
	reads := func(what string, most int, short ...string) {
		t.Helper()
		rows, said := w.since()
		t.Logf("%s: %d rows, %d statements", what, rows, len(said))
		if rows > most || len(said) == 0 {
			t.Errorf("%s: %d rows, want at most %d", what, rows, most)
		}
		searches(t, a, said, short...)
		w.since()
	}
	t.Run("keeper", func(t *testing.T) { keeperReads(t, a, reads) })
	t.Run("pages", func(t *testing.T) { pagesRead(t, a, reads) })
	t.Run("people", func(t *testing.T) {
		open, err := a.OpenProcesses(ctx)
		if err != nil || len(open) != running-2 {
			t.Errorf("%d open, %v", len(open), err)
		}
		reads("a change of people", running)
		if id, err := a.CaseOf(ctx, manyID(7)); err != nil || id != manyID(7) {
			t.Error(id, err)
		}
		reads("the case of a process", 1)
	})
}

func keeperReads(t *testing.T, a *Archive, reads func(what string, most int, short ...string)) {
	ctx := context.Background()
	engine, sealer := &closedRuns{}, &wax{a: a}
	k := proof.NewKeeper(a, sealer, engine, nil)
	pass := func() {
		t.Helper()
		if err := k.Pass(ctx); err != nil {
			t.Fatal(err)
		}
	}
	pass()
	reads("a pass that sweeps", running+20)
	pass()
	reads("a pass with nothing to do", 5)
	if len(engine.fetched)+len(sealer.sealed) > 0 {
		t.Errorf("what is sealed was touched: %q %q", engine.fetched, sealer.sealed)
	}
	for i := many - 2; i < many; i++ {
		id := manyID(i)
		err := a.Append(ctx, []dossier.Entry{{ID: id + "#4", Case: id, Process: id, Run: "run", Kind: dossier.ProcessEnded, CaseAt: time.Date(2026, 3, 3, 9, 0, 0, 0, time.UTC)},
			{ID: id + "#5", Case: id, Process: id, Kind: dossier.CaseClosed, CaseAt: time.Date(2026, 3, 3, 9, 0, 0, 0, time.UTC), Detail: &dossier.Detail{Result: "live"}}})
		if err != nil {
			t.Fatal(err)
		}
	}
	reads("two cases end", 40)
	pass()
	reads("a pass that files and seals two", 100)
	if len(engine.fetched) != 2 || len(sealer.sealed) != 2 {
		t.Errorf("fetched %q, sealed %q", engine.fetched, sealer.sealed)
	}
	pass()
	reads("a pass after it", 5)
}

func pagesRead(t *testing.T, a *Archive, reads func(what string, most int, short ...string)) {
	everybody := []string{"people", "contacts", "aways USING INDEX aways_made"} // and when they are away
	d := desk.New(a, &closedRuns{}, nil, &wax{a: a}, desk.Options{PickPerson: true})
	server := httptest.NewServer(web.New(d, web.Options{PickPerson: true}))
	defer server.Close()
	for _, c := range []struct {
		person, path, shows string
		most                int
	}{
		// what waits and 101 cases with a request each, of 500
		{"p9", "/", "Your cases", 400},
		{"olga", "/cases", "More cases", 230},
		{"olga", "/cases?after=" + url.QueryEscape(manyID(300)), "More cases", 230},
		{"p9", "/request?id=" + url.QueryEscape(manyID(9)+":legal.1"), "Sign off", 40},
		{"olga", "/", "You have more than these", 230},
	} {
		jar, err := cookiejar.New(nil)
		if err != nil {
			t.Fatal(err)
		}
		browser := &http.Client{Jar: jar}
		get := func(r *http.Response, err error) string {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
			text, err := io.ReadAll(r.Body)
			if err := errors.Join(err, r.Body.Close()); err != nil || r.StatusCode != http.StatusOK {
				t.Fatal(r.Status, err)
			}
			return string(text)
		}
		get(browser.PostForm(server.URL+"/signin", url.Values{"person": {c.person}, "next": {"/request?id=" + manyID(9) + ":legal.1"}}))
		reads(c.person+" signs in", 80, everybody...)
		if text := get(browser.Get(server.URL + c.path)); !strings.Contains(text, c.shows) {
			t.Errorf("%s %s lacks %q", c.person, c.path, c.shows)
		}
		reads(c.person+" at "+c.path, c.most, everybody...)
	}
}
