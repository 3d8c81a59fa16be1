package stories

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.temporal.io/sdk/converter"
	"golang.org/x/net/html"

	"gangway/internal/dossier"
	"gangway/internal/playbook"
	"gangway/internal/proof"
	"gangway/internal/review"
	"gangway/workflows"
)

// standing is one answer that stands, as each of four tellers tells it.
type standing struct {
	Seat, Person, Verdict string
	Version               int
}

// TestFourTellersTellTheSame takes who decided what on which version from the
// page, the command line, the record and the engine's history of one case.
func TestFourTellersTellTheSame(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	o := h.onboard()
	playQuarrelsome(o)
	v := o.until("the case is sealed", func(v dossier.CaseView) bool { return v.Sealed })
	process := lastContract(v)
	i := slices.IndexFunc(v.Requests, func(r review.Request) bool { return r.Process == process.ID && r.Step == "review" })
	if i < 0 {
		t.Fatalf("the last contract review has no request\n%s", describe(v))
	}
	request := v.Requests[i].ID
	want := fromRecord(h, o.id, request)
	if len(want) != 6 {
		t.Fatalf("the record tells of %d answers, want six: %+v", len(want), want)
	}
	for teller, got := range map[string][]standing{
		"the page":           fromPage(h, request),
		"the command line":   fromCommandLine(h, o.id, request),
		"the engine's own":   fromEngine(h, process.ID, process.Runs[0], request),
		"the dossier's view": fromView(&v.Requests[i]),
	} {
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s tells something else than the record (-record +teller):\n%s", teller, diff)
		}
	}
}

// playQuarrelsome has an answer taken back and a second version, so that the
// tellers have something to differ in.
func playQuarrelsome(o *onboarding) {
	o.needed()
	r := o.asked("jonas", "review")
	o.answer("jonas", "review", review.Approve)
	o.act("jonas", review.Act{Kind: review.TakeBack, Request: r.ID})
	o.answer("jonas", "review", review.Changes)
	for _, p := range []string{"daniel", "ruth", "ravi"} {
		o.answer(p, "review", review.Approve)
	}
	o.answer("maya", playbook.ChoreSend, playbook.Sent)
	o.answer("maya", playbook.ChoreNext, review.Delivered, withDocument(o.h.versionTwo()))
	for _, p := range []string{"jonas", "ravi", "maya", "helen"} {
		o.answer(p, "review", review.Approve)
	}
	o.live()
}

func sorted(all []standing) []standing {
	slices.SortFunc(all, func(a, b standing) int { return strings.Compare(a.Seat, b.Seat) })
	return all
}

// fromRecord folds the journal's lines itself: the last answer of a seat that
// was not taken back.
func fromRecord(h *house, caseID, request string) []standing {
	lines, err := h.Archive.Lines(context.Background(), caseID)
	if err != nil {
		h.t.Fatalf("reading the record: %v", err)
	}
	last := map[string]standing{}
	for _, l := range lines {
		f := l.Entry.Fact
		if f == nil || f.Request != request {
			continue
		}
		switch f.Kind {
		case review.FactCounted:
			last[f.Seat] = standing{f.Seat, f.Person, string(f.Ballot.Verdict), f.Ballot.Version}
		case review.FactTakenBack:
			delete(last, f.Seat)
		}
	}
	return values(last)
}

func values(m map[string]standing) []standing {
	var all []standing
	for _, s := range m {
		all = append(all, s)
	}
	return sorted(all)
}

func fromView(r *review.Request) []standing {
	var all []standing
	for _, s := range r.Policy.Seats() {
		if b := r.Standing(s.ID); b != nil {
			all = append(all, standing{s.ID, b.Person, string(b.Verdict), b.Version})
		}
	}
	return sorted(all)
}

// fromPage reads the table of seats of the request's page, signed in as helen.
func fromPage(h *house, request string) []standing {
	srv := httptest.NewServer(h.Web)
	defer srv.Close()
	jar, err := cookiejar.New(nil)
	if err != nil {
		h.t.Fatalf("making a cookie jar: %v", err)
	}
	browser := &http.Client{Jar: jar}
	resp, err := browser.PostForm(srv.URL+"/signin", url.Values{"person": {"helen"}, "next": {"/"}})
	if err != nil {
		h.t.Fatalf("signing in: %v", err)
	}
	resp.Body.Close()
	resp, err = browser.Get(srv.URL + query("/request", "id", request))
	if err != nil {
		h.t.Fatalf("opening the request: %v", err)
	}
	defer resp.Body.Close()
	root, err := html.Parse(resp.Body)
	if err != nil {
		h.t.Fatalf("reading the page: %v", err)
	}
	var all []standing
	for n := range root.Descendants() {
		a := map[string]string{}
		for _, x := range n.Attr {
			a[x.Key] = x.Val
		}
		if a["data-seat"] != "" && a["data-verdict"] != "" {
			version, _ := strconv.Atoi(a["data-version"])
			all = append(all, standing{a["data-seat"], a["data-person"], a["data-verdict"], version})
		}
	}
	return sorted(all)
}

// fromCommandLine runs `gangway show CASE -o json`, built from the tree.
func fromCommandLine(h *house, caseID, request string) []standing {
	srv := httptest.NewServer(h.Web)
	defer srv.Close()
	var out, errs bytes.Buffer
	cmd := exec.Command(program(h.t, "gangway"), "show", caseID, "-o", "json", "--as", "helen", "--url", srv.URL)
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil {
		h.t.Fatalf("gangway show: %v\n%s", err, errs.String())
	}
	var v dossier.CaseView
	if err := json.Unmarshal(out.Bytes(), &v); err != nil {
		h.t.Fatalf("reading what gangway show printed: %v\n%s", err, out.String())
	}
	r := v.Request(request)
	if r == nil {
		h.t.Fatalf("gangway show knows no %s", request)
	}
	return fromView(r)
}

// fromEngine reads the Updates that the engine recorded, and their outcomes.
func fromEngine(h *house, process, run, request string) []standing {
	hist, err := proof.Fetch(context.Background(), h.client, process, run)
	if err != nil {
		h.t.Fatalf("fetching the history: %v", err)
	}
	dc := converter.GetDefaultDataConverter()
	acts := map[string]review.Act{}
	last := map[string]standing{}
	for _, e := range hist.GetEvents() {
		if a := e.GetWorkflowExecutionUpdateAcceptedEventAttributes(); a != nil {
			req := a.GetAcceptedRequest()
			if req.GetInput().GetName() == workflows.UpdateAct {
				var act review.Act
				if err := dc.FromPayloads(req.GetInput().GetArgs(), &act); err != nil {
					h.t.Fatalf("reading an act: %v", err)
				}
				acts[req.GetMeta().GetUpdateId()] = act
			}
		}
		done := e.GetWorkflowExecutionUpdateCompletedEventAttributes()
		if done == nil {
			continue
		}
		var out review.Outcome
		if err := dc.FromPayloads(done.GetOutcome().GetSuccess(), &out); err != nil {
			continue // not an answer nor an act
		}
		if out.Status != review.Counted || out.Request != request {
			continue
		}
		switch act, ok := acts[done.GetMeta().GetUpdateId()]; {
		case ok && act.Kind == review.TakeBack:
			delete(last, out.Seat)
		case !ok:
			last[out.Seat] = standing{out.Seat, out.By, string(out.Verdict), out.Version}
		}
	}
	if len(last) == 0 {
		h.t.Fatalf("the history of %s tells of no answer", process)
	}
	return values(last)
}
