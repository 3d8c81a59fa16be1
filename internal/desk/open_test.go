package desk

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"go.temporal.io/api/enums/v1"
	"go.temporal.io/api/serviceerror"

	"gangway/internal/archive"
	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/playbook"
)

func intake(id string) playbook.Intake {
	return playbook.Intake{ID: id, Vendor: engagement.Vendor{Name: "Acme " + planted, Slug: "acme-payroll", Service: planted + " payroll", Country: "GB"},
		Reason: planted + " it is slow", Data: []string{"personal"}, Owner: "olga", From: from("rita")}
}

// another is an intake of an engagement of its own.
func another(id string) playbook.Intake {
	i := intake(id)
	i.Vendor.Slug = "acme-" + id
	return i
}

func (w *world) open(i playbook.Intake) string {
	w.t.Helper()
	return must[string](w.t)(w.desk.Open(w.t.Context(), i))
}

func TestOpen(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	i := intake("web-1")
	i.Contract = must[dossier.Paper](t)(w.desk.File(t.Context(), from("rita"), strings.NewReader("# One\n\nA clause.\n"))).Digest
	i.Rehearsal = true
	id := w.open(i)
	same(t, "case", "onboarding/acme-payroll/1", id)
	o, in := w.engine.starts[0], w.engine.inputs[0]
	same(t, "start", []any{id, "gangway", enums.WORKFLOW_ID_REUSE_POLICY_REJECT_DUPLICATE, true},
		[]any{o.ID, o.TaskQueue, o.WorkflowIDReusePolicy, o.WorkflowExecutionErrorWhenAlreadyStarted})
	if o.RetryPolicy != nil || o.CronSchedule != "" {
		t.Errorf("a process is started again under %+v %q: its id would be used twice", o.RetryPolicy, o.CronSchedule)
	}
	same(t, "input", []any{id, id, "acme-payroll", "rita", "olga", "standard", i.Contract, monday()},
		[]any{in.Case, in.Process, in.Vendor, in.Requester, in.Owner, in.Playbook, in.Contract, in.Anchor.CaseAt(monday())})
	for _, digest := range []string{in.Intake.Digest, in.PlaybookDocument.Digest} {
		_, r, err := w.store.Get(t.Context(), digest)
		ok(t, err)
		ok(t, r.Close())
	}
	lines := w.lines(dossier.Register)
	last := lines[len(lines)-1]
	same(t, "register", []any{id + "#desk/web-1", dossier.CaseOpened, "rita", id, "Acme " + planted},
		[]any{last.Entry.ID, last.Entry.Kind, last.Entry.Actor, last.Entry.Detail.Parent, last.Body.Names[0].Name})
	same(t, "the vendor's name", "Acme "+planted, w.desk.VendorName(t.Context(), "acme-payroll"))
	same(t, "an unknown vendor", "zeta", w.desk.VendorName(t.Context(), "zeta"))
	w.delivers()
	same(t, "nothing is left to start", 0, len(must[[]playbook.Reserved](t)(w.store.Unstarted(t.Context()))))
	same(t, "another engagement", "onboarding/acme-web-2/1", w.open(another("web-2")))
	other := another("web-3")
	other.Owner = ""
	w.open(other)
	same(t, "who files it owns it", "rita", w.engine.inputs[2].Owner)
}

// TestADoubleClick files the same intake many times at once, and once more with
// other words.
func TestADoubleClick(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var clicks sync.WaitGroup
	for range 8 {
		clicks.Go(func() {
			id, err := w.desk.Open(t.Context(), intake("web-1"))
			if err != nil || id != "onboarding/acme-payroll/1" {
				t.Errorf("%q %v", id, err)
			}
		})
	}
	clicks.Wait()
	same(t, "starts", 1, len(w.engine.starts))
	same(t, "again", "onboarding/acme-payroll/1", w.open(intake("web-1")))
	w.delivers()
	same(t, "starts", 1, len(w.engine.starts))
	opened := 0
	for _, l := range w.lines(dossier.Register) {
		if l.Entry.Kind == dossier.CaseOpened {
			opened++
		}
	}
	same(t, "register", 1, opened)
	same(t, "another engagement", "onboarding/acme-web-2/1", w.open(another("web-2")))
}

// TestTheSameEngagementTwice: whoever opens it again is told where it is, in words that
// every channel shows, whether or not it has begun; another service of the vendor is
// fine, and so is a second try once the first is over.
func TestTheSameEngagementTwice(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.engine.fails(down())
	w.open(intake("web-1"))
	wantTwice := func(id, says string) {
		t.Helper()
		_, err := w.desk.Open(t.Context(), intake(id))
		var told interface {
			Invalid() bool
			Hint() string
		}
		if !errors.As(err, &told) || !told.Invalid() || !strings.Contains(err.Error(), says) || !strings.Contains(told.Hint(), "another service of theirs") {
			t.Errorf("a second onboarding came to %v, want it to say %q", err, says)
		}
	}
	wantTwice("web-2", "Acme "+planted+" is being taken on board already, in onboarding/acme-payroll/1")
	same(t, "a double click", "onboarding/acme-payroll/1", w.open(intake("web-1")))
	w.engine.works()
	w.delivers()
	wantTwice("web-3", "is being taken on board already")
	entry := func(n string, kind dossier.Kind) dossier.Entry {
		const id = "onboarding/acme-payroll/1"
		return dossier.Entry{ID: id + n, Case: id, Process: id, Kind: kind, At: monday(), CaseAt: monday(), Detail: &dossier.Detail{Vendor: "acme-payroll", Result: "withdrawn"}}
	}
	first, last := entry("#1", dossier.CaseOpened), entry("#2", dossier.CaseClosed)
	ok(t, w.store.Append(t.Context(), []dossier.Entry{first}))
	wantTwice("web-4", "is being taken on board already")
	ok(t, w.store.Append(t.Context(), []dossier.Entry{last}))
	same(t, "after the first is over", "onboarding/acme-payroll/2", w.open(intake("web-5")))
}

func TestOpenWhileTheEngineIsAway(t *testing.T) {
	t.Parallel()
	for name, f := range map[string]fault{"down": down(), "lost reply": {err: serviceerror.NewUnavailable("reset"), applied: true}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.engine.fails(f)
			first := w.open(intake("web-1"))
			second := w.open(another("web-2"))
			w.delivers()
			w.engine.works()
			changed := intake("web-1")
			changed.Owner = "lena"
			same(t, "a changed mind under the same id", first, w.open(changed))
			w.delivers()
			w.delivers()
			same(t, "started", []string{first, second}, []string{w.engine.starts[0].ID, w.engine.starts[1].ID})
			same(t, "once", 2, len(w.engine.starts))
			same(t, "what was registered is what runs", "olga", w.engine.inputs[0].Owner)
			w.lines(dossier.Register)
		})
	}
}

// TestOneReservedCaseInTheWay: the engine refuses one for good.
func TestOneReservedCaseInTheWay(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.engine.fails(down())
	first := w.open(intake("web-1"))
	second := w.open(another("web-2"))
	w.engine.failsFor(func(id string) fault {
		return cond(id == first, fault{err: serviceerror.NewInvalidArgument("no such search attribute")}, fault{})
	})
	w.delivers()
	same(t, "started", []string{second}, []string{w.engine.starts[0].ID})
}

// TestACrashAfterReserving: a release that noted a case after it had reserved it
// was killed between; whoever starts the case also sees that the register has it.
func TestACrashAfterReserving(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.store.refuse("AppendBody", errors.New("the process is killed"))
	_, err := w.desk.Open(t.Context(), intake("web-1"))
	if err == nil {
		t.Fatal("opened")
	}
	w.delivers()
	same(t, "nothing runs that the register doesn't know", 0, len(w.engine.starts))
	w.store.refuse("AppendBody", nil)
	w.delivers()
	same(t, "starts", 1, len(w.engine.starts))
	lines := w.lines(dossier.Register)
	last := lines[len(lines)-1]
	same(t, "register", []any{"onboarding/acme-payroll/1#desk/web-1", "Acme " + planted}, []any{last.Entry.ID, last.Body.Names[0].Name})
	same(t, "again", "onboarding/acme-payroll/1", w.open(intake("web-1")))
	same(t, "register", len(lines), len(w.lines(dossier.Register)))
}

func TestABadIntakeNamesEveryFault(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	binary := must[dossier.Paper](t)(w.desk.File(t.Context(), from("rita"), strings.NewReader("%PDF-1.7\xff\xfe\x00")))
	i := intake("web-1")
	i.Vendor.Name, i.Reason, i.YearlyCost, i.Currency = "Ac\u202eme<script>", "", -1, "pounds"
	i.Data, i.Owner, i.Deputy, i.Sponsor = []string{"secrets"}, "nobody", "gone", "nobody-either"
	i.Contract = binary.Digest
	_, err := w.desk.Open(t.Context(), i)
	input := isInput(t, err)
	for _, place := range []string{"$.vendor.name", "$.reason", "$.yearlyCost", "$.currency", "$.data[0]", "$.owner", "$.deputy", "$.sponsor", "contract: "} {
		if strings.Count(err.Error(), place) != 1 {
			t.Errorf("%s stands %d times in:\n%s", place, strings.Count(err.Error(), place), err)
		}
	}
	same(t, "a line a fault", len(input.Faults), 1+strings.Count(err.Error(), "\n"))
	for name, change := range map[string]func(*playbook.Intake){
		"id":       func(i *playbook.Intake) { i.ID = "people/1/x" },
		"playbook": func(i *playbook.Intake) { i.Playbook = "../../etc/passwd" },
		"contract": func(i *playbook.Intake) { i.Contract = "sha256:" + strings.Repeat("0", 64) },
	} {
		bad := intake("web-2")
		change(&bad)
		_, err = w.desk.Open(t.Context(), bad)
		t.Log(name)
		isInput(t, err)
	}
	same(t, "nothing was reserved", "onboarding/acme-payroll/1", w.open(intake("web-3")))
}

func TestWhoMayOpen(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, who := range []string{"vera", "gone"} {
		i := intake("web-" + who)
		i.From = from(who)
		_, err := w.desk.Open(t.Context(), i)
		forbidden(t, err)
	}
	i := intake("web-1")
	i.From = from("nobody")
	_, err := w.desk.Open(t.Context(), i)
	missing(t, err)
	same(t, "starts", 0, len(w.engine.starts))
}

// TestStatement reads the playbook that the case was started with.
func TestStatement(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.opens(onboarding, rehearsal())
	same(t, "without a playbook", "read-in-full", w.desk.Statement(t.Context(), onboarding, "read-in-full"))
	text := string(must2(t)(shelf{}.Playbook("small")))
	text = strings.Replace(text, "I have read this version in full.", "I did read it.", 1)
	paper := must[dossier.Paper](t)(w.desk.File(t.Context(), from("rita"), strings.NewReader(text)))
	w.engine.mu.Lock()
	p.say(w.clock.now(), dossier.Entry{Kind: dossier.DocumentFiled, Detail: &dossier.Detail{Name: "intake", Document: "sha256:" + strings.Repeat("0", 64)}})
	p.say(w.clock.now(), dossier.Entry{Kind: dossier.DocumentFiled, Detail: &dossier.Detail{Name: "playbook", Document: paper.Digest}})
	w.flush(p)
	w.engine.mu.Unlock()
	for range 2 {
		same(t, "statement", "I did read it.", w.desk.Statement(t.Context(), onboarding, "read-in-full"))
	}
	same(t, "unknown", "no-such", w.desk.Statement(t.Context(), onboarding, "no-such"))
	for _, doc := range must[dossier.CaseView](t)(w.store.Case(t.Context(), onboarding)).Documents {
		if doc.Name == "playbook" {
			rules := must[playbook.Playbook](t)(w.desk.Rules(t.Context(), doc.Document))
			same(t, "rules", "I did read it.", rules.Attestation("read-in-full"))
		}
	}
	_, err := w.desk.Rules(t.Context(), "sha256:"+strings.Repeat("1", 64))
	same(t, "no such document", true, isNotFound(err))
	same(t, "no case", "read-in-full", w.desk.Statement(t.Context(), "onboarding/zeta/1", "read-in-full"))
	broken := w.opens("onboarding/acme/2", rehearsal())
	bad := must[dossier.Paper](t)(w.desk.File(t.Context(), from("rita"), strings.NewReader("name: [")))
	w.engine.mu.Lock()
	broken.say(w.clock.now(), dossier.Entry{Kind: dossier.DocumentFiled, Detail: &dossier.Detail{Name: "playbook", Document: bad.Digest}})
	w.flush(broken)
	w.engine.mu.Unlock()
	same(t, "unreadable", "read-in-full", w.desk.Statement(t.Context(), broken.id, "read-in-full"))
}

func must2(t *testing.T) func(_ playbook.Playbook, text []byte, err error) []byte {
	return func(_ playbook.Playbook, text []byte, err error) []byte {
		t.Helper()
		ok(t, err)
		return text
	}
}

// TestTheRegisterTellsOfPlaybooks: each text of a playbook once, with the first
// case that runs with it.
func TestTheRegisterTellsOfPlaybooks(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, id := range []string{"web-1", "web-2", "web-1"} {
		w.open(another(id))
	}
	noted := func() []dossier.Line {
		var found []dossier.Line
		for _, l := range w.lines(dossier.Register) {
			if l.Entry.Kind == dossier.PlaybookUsed {
				found = append(found, l)
			}
		}
		return found
	}
	if n := len(noted()); n != 1 {
		t.Fatalf("the register tells %d times of one playbook", n)
	}
	e, in := noted()[0].Entry, w.engine.inputs[0]
	same(t, "playbook", []any{"onboarding/acme-web-1/1", in.Playbook, in.Digest, in.PlaybookDocument.Digest, false},
		[]any{e.Process, e.Detail.Playbook, e.Detail.Digest, e.Detail.Document, noted()[0].Conflict})
	changed := in
	changed.Digest = "sha256:another text of the same name"
	ok(t, w.desk.registerPlaybook(t.Context(), "onboarding/acme-payroll/2", onboardingOf(changed)))
	ok(t, w.desk.registerPlaybook(t.Context(), "onboarding/acme-payroll/3", onboardingOf(changed)))
	same(t, "a changed text", 2, len(noted()))
}

// A playbook that is there is not written anew; one that was damaged is.
func TestAPlaybookIsFiledOnce(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	w := newWorldIn(t, archive.Options{Dir: dir})
	content := []byte("a playbook's text")
	sum := sha256.Sum256(content)
	digest := "sha256:" + hex.EncodeToString(sum[:])
	for _, name := range []string{"new", "there"} {
		p, err := w.desk.filed(t.Context(), digest, content)
		ok(t, err)
		same(t, name, []any{digest, int64(len(content))}, []any{p.Digest, p.Size})
	}
	var at string
	ok(t, filepath.WalkDir(dir, func(path string, _ fs.DirEntry, err error) error {
		if filepath.Base(path) == digest[len("sha256:"):] {
			at = path
		}
		return err
	}))
	ok(t, os.WriteFile(at, []byte("a playbook's tex"), 0o600))
	must[dossier.Paper](t)(w.desk.filed(t.Context(), digest, content))
	same(t, "repaired", string(content), string(must[[]byte](t)(os.ReadFile(at))))
}

// TestARehearsalBeginsWhereAnotherStands: one may begin on a later day, and its calendar
// reaches from there. What is real begins when it is asked for.
func TestARehearsalBeginsWhereAnotherStands(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	i := intake("web-1")
	i.Begins = monday().AddDate(0, 4, 0)
	_, err := w.desk.Open(t.Context(), i)
	if err == nil || !strings.Contains(err.Error(), "only a rehearsal begins on another day") {
		t.Errorf("a case that is real begins in four months: %v", err)
	}
	i.Rehearsal, i.Begins = true, monday().AddDate(mostAhead+1, 0, 0)
	_, err = w.desk.Open(t.Context(), i)
	if err == nil || !strings.Contains(err.Error(), "within 10 years") {
		t.Errorf("a rehearsal begins in eleven years: %v", err)
	}
	if len(w.engine.starts) != 0 {
		t.Errorf("started was %v", w.engine.starts)
	}
	i.Begins = monday().AddDate(0, 4, 0)
	w.open(i)
	same(t, "the case's day", i.Begins, w.engine.inputs[0].Anchor.CaseAt(monday()))
	earlier := another("web-2")
	earlier.Rehearsal, earlier.Begins = true, monday().AddDate(0, -1, 0)
	w.open(earlier)
	same(t, "the day of one that would have begun before", monday(), w.engine.inputs[1].Anchor.CaseAt(monday()))
}
