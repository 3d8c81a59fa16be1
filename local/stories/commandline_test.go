package stories

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gangway/internal/dossier"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

const brightwell = "onboarding/brightwell-payroll/1"

// TestTheCommandLineFromPeopleToADossier takes the example's vendor on board
// through the command line alone. Between answers local is stopped; started again
// with the same data, the case goes on.
func TestTheCommandLineFromPeopleToADossier(t *testing.T) {
	t.Parallel()
	l := newLocal(t)
	l.gangway("", "people", "list").refuses(4)
	l.gangway("tom", "people", "list").ends(0, "Maya Lindqvist", "Inês Costa")
	l.gangway("", "plan", "vendor.yaml").ends(0, "Contract review", "Helen Marsh")
	l.gangway("tom", "cases").ends(0, "no case is running")
	if f := l.gangway("tom", "onboard", "vendor.yaml").ends(0, "gangway show "+brightwell); f.out != brightwell+"\n" {
		t.Errorf("onboard prints %q, want the case alone", f.out)
	}
	l.says("helen", "need", "approve", "--attest-all")
	l.gangway("ravi", "waiting").ends(0, brightwell, "need")

	l.stop()
	l.gangway("ravi", "answer", brightwell, "need", "approve", "--attest-all").refuses(1, "no gangway runs on", "go run ./local")
	l.start()
	l.refusedAtLast("ravi", "need", "--attest no-conflict")
	l.says("ravi", "need", "approve", "--attest-all")
	l.says("daniel", "security-look", "approve", "--attest-all")
	l.says("ruth", "data-look", "reject", "--reason", "the data would leave the country")
	l.says("maya", "settle-data-look", "waive", "--reason", "they moved the data back")

	l.stop()
	l.start()
	l.says("jonas", "review", "changes", "--reason", "thirty days is too long", "--for-vendor", "pay in 14 days")
	l.gangway("jonas", "take-back", brightwell, "review", "--reason", "I had not read clause 12").ends(0, "counted")
	l.says("jonas", "review", "changes", "--reason", "thirty days is too long")
	l.gangway("ruth", "recuse", brightwell, "--reason", "my sister works there").ends(0, "counted")
	l.says("sam", "review", "approve")
	l.says("daniel", "review", "approve")
	l.says("ravi", "review", "approve")
	l.says("maya", "send", "sent", "--for-vendor", "please take 14 days")
	l.asked("maya", brightwell, "next")
	l.gangway("maya", "submit", brightwell, "contract", "contract-v2.md", "--from-vendor").ends(0, "counted")

	l.stop()
	l.start()
	l.says("jonas", "review", "approve", "--attest-all", "--version", "2")
	l.says("ravi", "review", "approve")
	l.says("maya", "review", "approve", "--attest-all")
	l.says("helen", "review", "approve", "--attest-all")
	l.gangway("maya", "show", brightwell, "--exit-code").ends(8)
	l.says("maya", "contacts", "done")
	l.says("maya", "backup-people", "done")
	l.ended(dossier.Live)
}

// TestAKilledLocalGoesOn: SIGKILL between what people say; what was acknowledged
// stands, and the case goes on when local is started again.
func TestAKilledLocalGoesOn(t *testing.T) {
	t.Parallel()
	l := newLocal(t)
	l.gangway("tom", "onboard", "vendor.yaml").ends(0)
	l.kill()
	l.start()
	l.says("helen", "need", "approve", "--attest-all")
	l.kill()
	l.start()
	l.says("ravi", "need", "approve", "--attest-all")
	l.says("ruth", "data-look", "approve", "--attest-all")
	l.kill()
	l.start()
	l.says("daniel", "security-look", "approve", "--attest-all")
	l.asked("jonas", brightwell, "review")
	l.gangway("maya", "withdraw", brightwell, "--reason", "it was only a test").ends(0)
	if !within(patience, func() bool { return !l.view(brightwell).Closed.IsZero() }) {
		t.Fatal("the case never ends")
	}
	v, count := l.view(brightwell), 0
	for i := range v.Requests {
		count += len(v.Requests[i].Ballots)
	}
	if count != 4 || v.State != dossier.Ended {
		t.Errorf("the case ended %s with %d answers, want it withdrawn with four", v.State, count)
	}
}

// refusedAtLast lets a person approve without what their seat must state. Right
// after a start the answer may be received first; then its receipt says why.
func (l *running) refusedAtLast(person, step string, words ...string) {
	l.t.Helper()
	id := freshID()
	f := l.gangway(person, "answer", brightwell, step, "approve", "--id", id)
	if f.code == 8 && within(3*patience, func() bool { f = l.gangway(person, "receipt", id); return f.code != 8 }) {
		f.ends(5, "every statement confirmed")
		return
	}
	f.refuses(5, words...)
}

// ended waits until the case is sealed, and takes and verifies its dossier as
// somebody who was given the key's fingerprint.
func (l *running) ended(state dossier.CaseState) {
	l.t.Helper()
	var v dossier.CaseView
	if !within(patience, func() bool { v = l.view(brightwell); return v.Sealed }) {
		l.t.Fatalf("the case is never sealed\n%s", describe(v))
	}
	if v.State != state {
		l.t.Errorf("the case ended %s, want %s", v.State, state)
	}
	l.gangway("maya", "show", brightwell, "--exit-code").ends(0, "live")
	l.gangway("maya", "cases").ends(0, "no case is running")
	l.gangway("maya", "cases", "--all").ends(0, brightwell, "live")
	key := strings.TrimSpace(l.gangway("maya", "key", "fingerprint").ends(0).out)
	l.gangway("maya", "dossier", brightwell, "--out", "d.zip").ends(0, "d.zip", "intact", key)
	l.gangway("maya", "dossier", brightwell, "--out", "d.zip").refuses(1, "is there already")
	l.stop()
	l.gangway("", "verify", "d.zip", "--key", key).ends(0, "intact; signed by "+key+", the key you gave", "3 histories")
	l.gangway("", "verify", "d.zip").ends(0, "not known here")
	zip, err := os.ReadFile(filepath.Join(l.example, "d.zip"))
	if err != nil {
		l.t.Fatalf("reading the dossier: %v", err)
	}
	zip[len(zip)/2] ^= 1
	l.gangway("", "verify", l.write("bent.zip", zip), "--key", key).refuses(1, "is not intact", "wrong: ")
}

// TestReadmeCommands runs what README tells a reader to type, line by line.
func TestReadmeCommands(t *testing.T) {
	t.Parallel()
	l := newLocal(t)
	text, err := os.ReadFile(filepath.Join("..", "..", "README.md"))
	if err != nil {
		t.Fatalf("reading the README: %v", err)
	}
	ran := 0
	for line := range strings.Lines(string(text)) {
		command, _, _ := strings.Cut(line, "#")
		words := strings.Fields(command)
		if len(words) < 2 || words[0] != "gangway" || strings.ContainsAny(command, "(`.:") && !strings.Contains(command, ".yaml") && !strings.Contains(command, ".zip") {
			continue
		}
		if words[1] == "answer" { // a reader is not as fast as this
			l.asked("helen", brightwell, "need")
		}
		f := l.gangway("", words[1:]...).ends(0)
		t.Logf("$ %s\n%s", strings.TrimSpace(command), f.out)
		ran++
	}
	if ran < 7 {
		t.Errorf("the README has %d commands, want the seven of its first walk", ran)
	}
}

// TestPeopleApplied: the people file changes while a case runs, and seats follow.
func TestPeopleApplied(t *testing.T) {
	t.Parallel()
	l := newLocal(t)
	l.gangway("tom", "onboard", "vendor.yaml").ends(0)
	l.says("helen", "need", "approve", "--attest-all")
	text, err := os.ReadFile(filepath.Join(l.example, "people.yaml"))
	if err != nil {
		t.Fatalf("reading the example's people: %v", err)
	}
	without := strings.Replace(string(text), "    backups: [claire]\n", "    backups: [claire]\n    left: true\n", 1)
	l.gangway("oscar", "people", "apply", l.write("people2.yaml", []byte(without))).ends(0, "ravi")
	l.says("claire", "need", "approve", "--attest-all")
	l.gangway("ravi", "waiting").refuses(4, "no longer with us")
	l.says("daniel", "security-look", "reject", "--reason", "nobody answered a question")
	l.says("maya", "settle-security-look", string(playbook.Withdraw), "--reason", "we found another way")
	if !within(patience, func() bool { return l.view(brightwell).Sealed }) {
		t.Fatal("the case is never sealed")
	}
	l.gangway("maya", "show", brightwell, "--exit-code").ends(5, "withdrawn")
	v := l.view(brightwell)
	for i := range v.Requests {
		if r := &v.Requests[i]; r.Step == "need" && (r.Closed == nil || r.Closed.State != review.Met) {
			t.Errorf("need ended as %+v", r.Closed)
		}
	}
}
