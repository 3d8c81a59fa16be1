package workflows

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"gangway/internal/dossier"
	"gangway/internal/exit"
	"gangway/internal/review"
)

// theirMail is the address that GitHub gives to the vendor's account.
const theirMail = "acme-people@users.noreply.github.com"

// newUnnamedArea is newFoundExit where a colleague wrote the vendor's repository with them,
// but for what runs at night: of that only the vendor's people know anything, and no plan
// says so.
func newUnnamedArea(t *testing.T) *wholeExit {
	t.Helper()
	l, h := newFoundExit(t, nil)
	work, folder := t.TempDir(), h.s.GitFolder("acme", "engine", false)
	git := func(mail string, args ...string) {
		t.Helper()
		cmd := exec.CommandContext(t.Context(), "git", args...)
		cmd.Dir = work
		cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + work, "GIT_CONFIG_NOSYSTEM=1", "GIT_CONFIG_GLOBAL=" + os.DevNull,
			"GIT_AUTHOR_NAME=Dev", "GIT_AUTHOR_EMAIL=" + mail, "GIT_COMMITTER_NAME=Dev", "GIT_COMMITTER_EMAIL=" + mail}
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("git %s: %v\n%s", args, err, out)
		}
	}
	git(theirMail, "clone", "-q", folder, ".")
	for _, c := range []struct {
		mail  string
		files []string
	}{{"ann@northgate.example", []string{"README", "web/page.go"}}, {theirMail, []string{"web/more.go", "night/run.go", "night/close/books.go"}}} {
		for _, f := range c.files {
			path := filepath.Join(work, f)
			if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, []byte(strings.Repeat(c.mail+" "+f+"\n", 20)), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		git(c.mail, "add", ".")
		git(c.mail, "commit", "-q", "-m", "more")
	}
	git(theirMail, "push", "-q", "origin", "trunk")
	return l
}

// wantFound holds what was read of who wrote the repository: the one directory, and in the
// evidence alone.
func (l *wholeExit) wantFound() {
	l.t.Helper()
	var evidence string
	for _, e := range l.rec.of(dossier.MatterSettled) {
		if e.Detail.Name == "authors" {
			evidence = l.textOf(e.Detail.Document)
		}
	}
	_, authors, _ := strings.Cut(evidence, `"authors"`)
	if !strings.Contains(authors, `"night"`) || strings.Contains(authors, `"web"`) || strings.Contains(authors, `"night/close"`) {
		l.t.Errorf("of who wrote it is known %s", authors)
	}
}

// steps are those about an area that were asked, in order, each once.
func (l *wholeExit) steps(area string) []string {
	var all []string
	for _, r := range l.view().Requests {
		if strings.HasSuffix(r.Step, "-"+area) && !slices.Contains(all, r.Step) {
			all = append(all, r.Step)
		}
	}
	return all
}

// Nobody named what runs at night, and the repository says who wrote it: the vendor's people
// alone. It is taught, shown by a receiver, judged and signed like what the plan names, and
// the certificate has it.
func TestWholeExitLearnsWhatNobodyNamed(t *testing.T) {
	l := newUnnamedArea(t)
	out := l.leaves()
	if out.Result != ResultExited {
		t.Fatalf("%+v", out)
	}
	l.wantFound()
	got := l.steps("asset-1")
	for _, step := range []string{"transfer-session-asset-1", "transfer-shown-asset-1", "transfer-received-asset-1"} {
		if !slices.Contains(got, step) {
			t.Errorf("%s was never asked: %q", step, got)
		}
	}
	page := l.textOf(out.Certificate)
	_, taught, _ := strings.Cut(page, "\nTRANSFER\n")
	taught, _, _ = strings.Cut(taught, "\n\n")
	if !strings.Contains(taught, "asset-1, acme/engine: done, verified by ") || !strings.Contains(taught, "area-1, payroll exports: done, verified by ") {
		t.Errorf("the certificate says\n%s", page)
	}
}

// Nobody learns it: no certificate is signed, however long they wait.
func TestWholeExitWhereNobodyLearnsWhatNobodyNamed(t *testing.T) {
	l := newUnnamedArea(t)
	l.never("transfer-shown-asset-1")
	l.anyOutcome, l.idle = true, true
	l.disturb = func(r review.Request, _ review.Seat, _ string) bool { return r.Step == "settle-asset-1" }
	l.givesUp(140)
	l.on(time.Hour, l.tick)
	l.start(ExitType, exitID, l.exit)
	if err := l.env.GetWorkflowError(); err != nil {
		t.Fatal(err)
	}
	var out ExitResult
	if err := l.env.GetWorkflowResult(&out); err != nil {
		t.Fatal(err)
	}
	if out.Result != ResultIncomplete && out.Result != ResultWithdrawn || out.Certificate != "" || len(l.rec.of(dossier.Certified)) > 0 {
		t.Errorf("%+v", out)
	}
	if !slices.Contains(l.stuck, "settle-asset-1") || slices.Contains(l.stuck, "settle-area-1") {
		t.Errorf("open were %q", l.stuck)
	}
	for _, m := range l.rec.of(dossier.MatterSettled) {
		if m.Detail.Name == "asset-1" && m.Process == string(exit.PartTransfer)+"/acme/1" && m.Detail.Result == string(exit.StateDone) {
			t.Error("it is called done")
		}
	}
}
