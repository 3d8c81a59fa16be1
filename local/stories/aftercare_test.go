package stories

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/converter"
	"google.golang.org/protobuf/proto"

	"gangway/internal/dossier"
	"gangway/internal/exit"
	"gangway/internal/playbook"
	"gangway/internal/proof"
	"gangway/workflows"
)

// What a year of an aftercare may cost in the engine in which four things end and one is
// prolonged; in a year in which nothing ends it is a calendar.
const (
	yearEvents = 560
	yearBytes  = 240_000
)

// mostKept bounds how many runs of one case become golden histories: the later ones do
// nothing that the one long run does not.
const mostKept = 6

// caredFor plays what follows an exit again from its beginning, with two backups of which
// one is prolonged, a place that is looked at again and something that the owner shows:
// once with a new run at every wake, and once in a single one, whose cost a year is held.
func (s *small) caredFor(v dossier.CaseView) {
	s.t.Helper()
	in := s.followedBy(v)
	for _, name := range []string{"cared", "calm"} {
		each := name == "cared"
		in.EachWake = each
		o := s.cares(in, name)
		v := o.until("the aftercare is sealed", func(v dossier.CaseView) bool { return v.Sealed })
		if r := v.Processes[0].Result; r != workflows.ResultDone {
			s.t.Errorf("the aftercare came to %q", r)
		}
		runs := v.Processes[0].Runs
		if len(runs) < 8 == each {
			s.t.Errorf("the aftercare %s took %d runs", name, len(runs))
		}
		for i, run := range runs[:min(len(runs), mostKept)] {
			o.keep(fmt.Sprintf("%s-%02d", name, i+1), o.id, run)
		}
		if !each {
			o.costsAYear(v)
		}
		o.replayed()
		s.supplements(o, in)
	}
}

// followedBy is the input with which an exit began its aftercare, with other things to
// follow.
func (s *small) followedBy(v dossier.CaseView) (in workflows.AftercareInput) {
	s.t.Helper()
	h, err := proof.Fetch(context.Background(), s.client, v.Processes[0].ID, v.Processes[0].Runs[0])
	if err != nil {
		s.t.Fatalf("fetching the exit: %v", err)
	}
	for _, e := range h.GetEvents() {
		a := e.GetStartChildWorkflowExecutionInitiatedEventAttributes()
		if e.GetEventType() == enums.EVENT_TYPE_START_CHILD_WORKFLOW_EXECUTION_INITIATED && a.GetWorkflowType().GetName() == workflows.AftercareType {
			if err := converter.GetDefaultDataConverter().FromPayloads(a.GetInput(), &in); err != nil {
				s.t.Fatalf("reading how the aftercare began: %v", err)
			}
		}
	}
	if in.Certificate == "" || len(in.Waivers) == 0 {
		s.t.Fatalf("no aftercare was begun: %+v", in)
	}
	m := in.Waivers[0]
	day := func(months int) time.Time { return v.Closed.UTC().Truncate(24*time.Hour).AddDate(0, months, 0) }
	in.Waivers = nil
	for id, months := range map[string]int{"data-return/" + in.Vendor + "/1:returned": 3, "revocation/" + in.Vendor + "/1:deploy-keys": 5} {
		m.ID, m.Until = id, day(months)
		in.Waivers = append(in.Waivers, m)
	}
	slices.SortFunc(in.Waivers, func(a, b exit.Matter) int { return strings.Compare(a.ID, b.ID) })
	for row, months := range map[string]int{"backup-1": 8, "backup-2": 11} {
		in.Backups = append(in.Backups, exit.Backup{ID: "data-return/" + in.Vendor + "/1:" + row, On: day(months), Document: in.Certificate})
	}
	slices.SortFunc(in.Backups, func(a, b exit.Backup) int { return strings.Compare(a.ID, b.ID) })
	return in
}

// cares starts an aftercare, and has everybody answer until it is over.
func (s *small) cares(in workflows.AftercareInput, name string) *onboarding {
	s.t.Helper()
	ctx := context.Background()
	n, err := s.Archive.NumberFor(ctx, workflows.AftercarePrefix(in.Vendor), name)
	if err != nil {
		s.t.Fatalf("reserving a number: %v", err)
	}
	id := workflows.ProcessID(workflows.AftercarePrefix(in.Vendor), n)
	in.Case, in.Process = id, id
	_, err = s.client.ExecuteWorkflow(ctx, client.StartWorkflowOptions{ID: id, TaskQueue: workflows.TaskQueue}, workflows.AftercareType, in)
	if err != nil {
		s.t.Fatalf("starting an aftercare: %v", err)
	}
	o := &onboarding{h: s.house, id: id}
	o.until("it runs", func(v dossier.CaseView) bool { return v.State == dossier.Running })
	prolonged := false
	for range 120 {
		next := o.quiet()
		if v := o.view(); !v.Closed.IsZero() {
			return o
		}
		answered := false
		for _, r := range o.open() {
			answered = s.seesTo(o, r, &prolonged) || answered
		}
		if answered {
			continue
		}
		if next.IsZero() {
			s.t.Fatalf("nobody is asked anything, and no day is waited for\n%s", describe(o.view()))
		}
		if err := s.Rehearse(id).Jump(ctx, next); err != nil {
			s.t.Fatalf("jumping to %s: %v", next, err)
		}
	}
	s.t.Fatalf("the aftercare does not end\n%s", describe(o.view()))
	return o
}

// seesTo lets one of those answer who are asked: the first backup is there two months
// longer, and what was waived is looked at.
func (s *small) seesTo(o *onboarding, r asked, prolonged *bool) bool {
	s.t.Helper()
	who, is := r.next(o.now())
	if !is {
		return false
	}
	sound := o.sound()
	if r.Step == "data-backup" && !*prolonged {
		*prolonged = true
		sound.own[exit.PointGone] = o.now().AddDate(0, 2, 0).Format(time.DateOnly)
	}
	person, f := sound.answers(r.Request, who)
	if slices.Contains(r.Options, playbook.LookAgain) {
		f.Verdict = playbook.LookAgain
	}
	f.ID = "web-" + freshID()
	out, err := s.Desk.Answer(context.Background(), f.Answer(as(person), time.Now()))
	o.accepts(out, err, r, who)
	return true
}

// costsAYear prints and bounds what a year of a case in one run costs.
func (o *onboarding) costsAYear(v dossier.CaseView) {
	t := o.h.t
	t.Helper()
	h, err := proof.Fetch(context.Background(), o.h.client, o.id, v.Processes[0].Runs[0])
	if err != nil {
		t.Fatalf("fetching the history of %s: %v", o.id, err)
	}
	years := v.Closed.Sub(v.Opened).Hours() / 24 / 365
	events, bytes := float64(len(h.GetEvents()))/years, float64(proto.Size(h))/years
	t.Logf("%s: %.0f events and %.0f bytes a year, over %.1f years", o.id, events, bytes, years)
	if years < 0.9 || events > yearEvents || bytes > yearBytes {
		t.Errorf("%s costs %.0f events and %.0f bytes a year of %.1f, want at most %d and %d", o.id, events, bytes, years, yearEvents, yearBytes)
	}
}

// supplements: the dossier of an aftercare holds the very certificate of the exit, and
// names the exit; the command line alone verifies and replays it.
func (s *small) supplements(o *onboarding, in workflows.AftercareInput) {
	t := o.h.t
	t.Helper()
	var zip bytes.Buffer
	if err := o.h.Desk.Dossier(context.Background(), as("maya"), o.id, &zip); err != nil {
		t.Fatalf("taking the dossier: %v", err)
	}
	file := filepath.Join(t.TempDir(), "supplement.zip")
	if err := os.WriteFile(file, zip.Bytes(), 0o600); err != nil {
		t.Fatalf("keeping the dossier: %v", err)
	}
	said := s.gangway("maya", "verify", "--replay", file).ends(0, "")
	t.Logf("%s", said.out)
	lines := o.lines()
	if !slices.ContainsFunc(lines, func(l dossier.Line) bool {
		d := l.Entry.Detail
		return l.Entry.Kind == dossier.DocumentFiled && d.Name == workflows.CertificateDocument && d.Document == in.Certificate
	}) {
		t.Errorf("the supplement does not name the certificate %s", in.Certificate)
	}
	if i := slices.IndexFunc(lines, func(l dossier.Line) bool { return l.Entry.Kind == dossier.CaseOpened }); i < 0 || lines[i].Entry.Detail.Predecessor != in.Predecessor {
		t.Errorf("the supplement does not name the exit %s", in.Predecessor)
	}
	if !strings.Contains(zip.String(), strings.TrimPrefix(in.Certificate, "sha256:")) {
		t.Errorf("the certificate is not among the supplement's files")
	}
}
