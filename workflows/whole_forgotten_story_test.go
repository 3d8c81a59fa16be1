package workflows

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/exit"
	"gangway/internal/github/githubtest"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// forgets has whoever is asked what was forgotten name things, each as its kind and what
// it is called.
func (l *wholeExit) forgets(things ...[2]string) {
	l.always("exit-forgotten", func(a *review.Answer) {
		l.t.Helper()
		words := map[string]string{"looked": "the invoices, and those who do the work now"}
		for i, x := range things {
			row := fmt.Sprintf("%s-%d-", exit.RowFound, i+1)
			a.Findings = append(a.Findings, engagement.Finding{Point: row + exit.OfWhat, Said: true}, engagement.Finding{Point: row + exit.OfKind, Choices: []string{x[0]}},
				engagement.Finding{Point: row + exit.OfWith, Said: true})
			words[row+exit.OfWhat], words[row+exit.OfWith] = x[1], "the vendor"
		}
		v := l.view()
		r := v.Request(a.Request)
		sheet, err := engagement.FillSheet(r.Title, r.Points, a.Findings, words)
		if err != nil {
			l.t.Fatalf("saying what was forgotten: %v", err)
		}
		text, err := sheet.Encode()
		if err != nil {
			l.t.Fatalf("writing down what was forgotten: %v", err)
		}
		a.Documents[len(a.Documents)-1] = l.paper(string(text))
	})
}

// written puts a first version into a repository that a GitHub has somewhere.
func written(t *testing.T, folder string) {
	t.Helper()
	work := t.TempDir()
	if err := os.WriteFile(filepath.Join(work, "README"), []byte("how\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, args := range []string{"init -q -b trunk .", "add README", "commit -q -m one", "clone -q --mirror . " + folder} {
		cmd := exec.CommandContext(t.Context(), "git", strings.Fields(args)...)
		cmd.Dir = work
		cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + work, "GIT_CONFIG_NOSYSTEM=1", "GIT_CONFIG_GLOBAL=" + os.DevNull,
			"GIT_AUTHOR_NAME=Dev", "GIT_AUTHOR_EMAIL=acme-people@users.noreply.github.com", "GIT_COMMITTER_NAME=Dev", "GIT_COMMITTER_EMAIL=acme-people@users.noreply.github.com"}
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("git %s: %v\n%s", args, err, out)
		}
	}
}

// askedOn is when a step was first asked.
func (l *wholeExit) askedOn(step string) time.Time {
	for _, r := range l.view().Requests {
		if r.Step == step {
			return r.Opened
		}
	}
	return time.Time{}
}

// handedLate are the lines of the certificate of what was handed over late, by its id.
func (l *wholeExit) handedLate(out ExitResult, id string) string {
	_, after, _ := strings.Cut(l.textOf(out.Certificate), "\nHANDOVER\n")
	for _, line := range strings.Split(after, "\n") {
		if strings.HasPrefix(line, "  "+id+": ") {
			return line
		}
	}
	return ""
}

// A month after the cut somebody remembers a repository of the vendor's, and a domain. The
// exit stays open: both are handed over, looked at by somebody else and taken; the key of
// the vendor's that comes along with the repository is found and cut; then it is certified.
func TestWholeExitWhereARepositoryWasForgotten(t *testing.T) {
	l, h := newFoundExit(t, nil)
	h.s.Anywhere("acme", "spare", "private")
	written(t, h.s.GitFolder("acme", "spare", false))
	l.forgets([2]string{string(exit.AssetRepository), "acme/spare"}, [2]string{string(exit.AssetDomain), "pay.example"})
	var cut time.Time
	l.when("access-systems", func() { cut = l.env.Now() })
	taken := 0
	l.disturb = func(r review.Request, _ review.Seat, _ string) bool {
		if strings.HasPrefix(r.Process, "handover/acme/2") && r.Step == "assets-verify-repository" && taken == 0 {
			taken++
			h.s.AddKey("spare", "spare key", "acme-people")
		}
		return false
	}
	out := l.leaves()
	if out.Result != ResultExited || h.s.RepositoryID("northgate", "spare") == 0 {
		t.Errorf("%+v", out)
	}
	if asked := l.askedOn("exit-forgotten"); asked.Sub(cut) < 29*day || l.askedOn("exit-close").Before(asked) {
		t.Errorf("access was cut on %s, and people are asked what was forgotten on %s", cut, asked)
	}
	if n := len(l.rec.of(dossier.FoundLater)); n != 1 || len(l.rec.of(dossier.PartEnded)) != 5 {
		t.Errorf("it was found %d times, and %d parts ended", n, len(l.rec.of(dossier.PartEnded)))
	}
	l.wantParts(exit.PartTransfer, exit.PartHandover, exit.PartRevocation, exit.PartDataReturn)
	l.wantResult("handover/acme/2", ResultDone)
	for _, id := range []string{"found-1", "found-2"} {
		if line := l.handedLate(out, id); !strings.HasPrefix(line, "  "+id+": done, verified by it-") {
			t.Errorf("the certificate says of %s %q", id, line)
		}
	}
	if left := strings.Join(h.s.Things(), " "); taken != 1 || strings.Contains(left, "spare key") {
		t.Errorf("left are %q", left)
	}
	if n := len(l.filed(CutDocument)); n != 2 {
		t.Errorf("it was cut %d times", n)
	}
}

// The vendor's people still push to a repository of ours that no plan names, when access
// is looked at again after a month: it is an asset, and somebody of ours has to own it.
// That they could push is waived by name.
func TestWholeExitMeetsARepositoryThatNoPlanNames(t *testing.T) {
	l, h := newFoundExit(t, nil)
	written(t, h.s.GitFolder("northgate", "ledger", false))
	l.when("access-systems", func() {
		l.env.RegisterDelayedCallback(func() { h.s.Push("ledger", "acme-people") }, 20*day)
	})
	l.expect(playbook.ChoreSettle + "-" + playbook.ChoreStillThere).says(playbook.Waive)
	out := l.leaves()
	id := fmt.Sprintf("seen-%d", h.s.RepositoryID("northgate", "ledger"))
	if line := l.handedLate(out, id); out.Result != ResultExited || !strings.HasPrefix(line, "  "+id+": done, verified by it-") {
		t.Errorf("%+v, the certificate says %q:\n%s", out, line, l.textOf(out.Certificate))
	}
	later := l.rec.of(dossier.FoundLater)
	if len(later) != 1 || !slices.Equal(later[0].Detail.Values, []string{id}) || later[0].Detail.Document == "" {
		t.Errorf("found later: %+v", later)
	}
	if page := l.textOf(out.Certificate); !strings.Contains(page, "pushes (revocation): by owner-ola") {
		t.Errorf("the certificate says\n%s", page)
	}
}

// Nobody has forgotten anything, which is an answer: nothing is handed over for it.
func TestWholeExitWhereNothingWasForgotten(t *testing.T) {
	l, _ := newFoundExit(t, func(*githubtest.Options) {})
	out := l.leaves()
	if out.Result != ResultExited || len(l.rec.of(dossier.FoundLater)) != 0 || len(l.rec.of(dossier.PartEnded)) != 4 {
		t.Errorf("%+v, found later: %+v", out, l.rec.of(dossier.FoundLater))
	}
	if !slices.Contains(l.answeredBy("service-sol"), "exit-forgotten") || !slices.Contains(l.answeredBy("it-ida"), "exit-forgotten"+acceptSuffix) {
		t.Error("people were not asked, or nobody looked at what they say")
	}
	if page := l.textOf(out.Certificate); !strings.Contains(page, "exit-forgotten: done by it-ida") {
		t.Errorf("the certificate says\n%s", page)
	}
}
