package stories

import (
	"archive/zip"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"gangway/internal/exit"
)

// TestLocalSaysWhereItRuns: what it prints is true, and its file is gone when it
// has ended.
func TestLocalSaysWhereItRuns(t *testing.T) {
	t.Parallel()
	l := newLocal(t)
	for _, want := range []string{"inbox ", "mailbox ", "engine ", "data ", l.data, "next: "} {
		if !strings.Contains(l.said, want) {
			t.Errorf("local does not say %q:\n%s", want, l.said)
		}
	}
	for _, address := range regexp.MustCompile(`http://\S+`).FindAllString(l.said, -1) {
		if status, _ := l.get(address, ""); status != http.StatusOK {
			t.Errorf("%s answers %d", address, status)
		}
	}
	l.stop()
	if _, err := os.Stat(filepath.Join(l.data, "local.json")); err == nil {
		t.Error("the file by which the command line finds local is there after it ended")
	}
	l.gangway("tom", "cases").refuses(1, "no gangway runs on")
}

// get fetches an address under a Host header ("": its own).
func (l *running) get(address, host string) (int, string) {
	l.t.Helper()
	req, err := http.NewRequestWithContext(l.t.Context(), http.MethodGet, address, nil)
	if err != nil {
		l.t.Fatalf("making a request: %v", err)
	}
	req.Host = host
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		l.t.Fatalf("fetching %s: %v", address, err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		l.t.Fatalf("reading %s: %v", address, err)
	}
	return resp.StatusCode, string(text)
}

// TestLocalServesItsOwnNameOnly: a page elsewhere whose name points at this
// machine gets nothing, on any path.
func TestLocalServesItsOwnNameOnly(t *testing.T) {
	t.Parallel()
	l := newLocal(t)
	u, err := url.Parse(l.url)
	if err != nil {
		t.Fatalf("reading the inbox's address: %v", err)
	}
	for _, host := range []string{"evil.example", "evil.example:" + u.Port(), "localhost.evil.example", "0.0.0.0:" + u.Port(), "127.0.0.1:1"} {
		for _, path := range []string{"/", "/signin", "/api/people", "/static/style.css"} {
			if status, text := l.get(l.url+path, host); status != http.StatusMisdirectedRequest || strings.Contains(text, "Maya") {
				t.Errorf("%s under the name %s answers %d", path, host, status)
			}
		}
	}
	for _, host := range []string{u.Host, "localhost:" + u.Port()} {
		if status, _ := l.get(l.url+"/signin", host); status != http.StatusOK {
			t.Errorf("under its own name %s it answers %d", host, status)
		}
	}
}

// TestASecondLocalIsRefused: on the same data, and on the same port.
func TestASecondLocalIsRefused(t *testing.T) {
	t.Parallel()
	l := newLocal(t)
	again := func(args ...string) finished { return execute(t, t.TempDir(), nil, "local", args...) }
	again("-data", l.data, "-addr", "127.0.0.1:0").refuses(1, "is in use by process", "stop the gangway that is running on this folder")
	again("-data", t.TempDir(), "-addr", strings.TrimPrefix(l.url, "http://")).refuses(1, "something listens there already", "port 0")
	l.gangway("tom", "people", "list").ends(0, "Maya Lindqvist") // the first was not disturbed
}

// TestLocalRefusesCommandLines: each with its exit code, and nothing is made.
func TestLocalRefusesCommandLines(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		args  []string
		code  int
		words []string
	}{
		{[]string{"-nosuch"}, 2, []string{"-nosuch"}},
		{[]string{"serve"}, 2, []string{`"serve" is not a flag`}},
		{[]string{"-addr", "0.0.0.0:0"}, 1, []string{"gangway: error: ", "is not a loopback address", "gangway: hint: ", "127.0.0.1"}},
		{[]string{"-addr", "[::]:0"}, 1, []string{"is not a loopback address", "gangway: hint: "}},
		{[]string{"-addr", "example.com:80"}, 1, []string{"is not a loopback address", "gangway: hint: "}},
		{[]string{"-addr", "8470"}, 1, []string{"gangway: error: ", "gangway: hint: "}},
		{[]string{"-log", "loud"}, 2, []string{"loud"}},
		{[]string{"-h"}, 0, []string{"-data", "-addr", "-demo"}},
	} {
		dir := t.TempDir()
		execute(t, dir, nil, "local", c.args...).ends(c.code, c.words...)
		if made, err := os.ReadDir(dir); err != nil || len(made) > 0 {
			t.Errorf("local %q made %v, %v", c.args, made, err)
		}
	}
}

// TestDemo: it plays a whole life, and ends with two dossiers that the command line verifies
// as well. The vendor answers by mail alone, and a reviewer by reply; both mails lie in the
// first. The exit has all its parts, and what it says of GitHub is looked at there.
func TestDemo(t *testing.T) {
	t.Parallel()
	program(t, "local")
	engines <- struct{}{}
	defer func() { <-engines }()
	dir := t.TempDir()
	// Beside other stories it takes what they leave of the machine.
	f := executeWithin(t, 9*patience, dir, nil, "local", "-demo", "-data", "life").ends(0, "The dossier is intact", "the case is closed: live", "the calendar moved here",
		"Nadia Rahman opens the link in the mail “Northgate Housing Association: Data processing agreement", "“One thing waits for you”",
		"Nadia Rahman replies with “data-processing-agreement.docx” attached", "Nadia Rahman reads “Northgate Housing Association: Your documents have arrived”",
		"Ruth Evans declares a conflict of interest in Slack: “", // once, in whichever part comes to her first: it counts in all of them
		"Sam Whitfield reads “Is everything in the data processing agreement?”: 17 points found, 0 missing",
		"Sam Whitfield says yes to “Data processing agreement signed off”", "Jonas Keller approves in Slack: “Data processing agreement signed off",
		"Daniel Brooks replies “Approved.” to the mail “Contract review for Brightwell Payroll Ltd.")
	t.Logf("%s", f.out)
	for _, want := range []string{"fills in “There is no exit plan”", "fills in “Give notice”", "» Notice was given", "» The exit plan", "» The contract of who comes after is signed", "» Who comes after is live",
		"» The knowledge transfer came to its end", "» The hand-over of assets came to its end", "fills in “Old and new side by side”", "» The point of no return was passed", "» The return of data came to its end",
		"» The revocation of access came to its end", "» Certificate 1 was signed", "the case is closed: exited", "nadia-rahman is in none of our repositories"} {
		if !strings.Contains(f.out, want) {
			t.Errorf("the demo does not say %q", want)
		}
	}
	key := regexp.MustCompile(`verify: .* verify (\S+)exit.zip --key (\S+) --replay`).FindStringSubmatch(f.out)
	if key == nil {
		t.Fatal("the demo does not say how to verify its dossier")
	}
	execute(t, dir, nil, "gangway", "verify", key[1]+"exit.zip", "--key", key[2], "--replay").ends(0, "intact; signed by "+key[2], "a REHEARSAL", "5 of 5 histories replayed")
	if record := inDossier(t, filepath.Join(dir, key[1]+"exit.zip"), "data/journal.jsonl"); strings.Count(record, `"kind":"certificate"`) != 1 || !strings.Contains(record, `"kind":"gate"`) {
		t.Error("the exit's dossier has no certificate, or heard nothing of who comes after")
	}
	data := regexp.MustCompile(`"name":"certificate-data","document":"sha256:([0-9a-f]{64})"`).FindStringSubmatch(inDossier(t, filepath.Join(dir, key[1]+"exit.zip"), "data/journal.jsonl"))
	page := regexp.MustCompile(`\(the certificate: dossier/(data/documents/[0-9a-f]{64})\)`).FindStringSubmatch(f.out)
	if data == nil || page == nil {
		t.Fatal("the demo does not say which document of its dossier is the certificate")
	}
	var certificate exit.Certificate
	if err := json.Unmarshal([]byte(inDossier(t, filepath.Join(dir, key[1]+"exit.zip"), "data/documents/"+data[1])), &certificate); err != nil {
		t.Fatalf("reading the certificate: %v", err)
	}
	if says := fmt.Sprintf("On the certificate: %d done, %d not needed, %d waived by", certificate.Count(exit.StateDone), certificate.Count(exit.StateNotNeeded), certificate.Count(exit.StateWaived)); !strings.Contains(f.out, says) {
		t.Errorf("the demo does not say what its certificate does: %s", says)
	}
	if text := inDossier(t, filepath.Join(dir, key[1]+"exit.zip"), page[1]); !strings.Contains(text, data[1]) {
		t.Errorf("what the demo calls the certificate is %.200q", text)
	}
	key[1] += "onboarding.zip"
	execute(t, dir, nil, "gangway", "verify", key[1], "--key", key[2]).ends(0, "intact; signed by "+key[2], "a REHEARSAL", "3 histories")
	record := inDossier(t, filepath.Join(dir, key[1]), "data/journal.jsonl")
	for want, n := range map[string]int{`"channel":"mail"`: 2, `"kind":"mail"`: 2, `"kind":"checklist"`: 1, `"kind":"dpa-in-force"`: 1} {
		if got := strings.Count(record, want); got != n {
			t.Errorf("the dossier's journal has %s %d times, want %d", want, got, n)
		}
	}
	if f.errs != "" {
		t.Errorf("the demo complains:\n%s", f.errs)
	}
}

// inDossier is a file in a dossier.
func inDossier(t *testing.T, dossier, name string) string {
	t.Helper()
	r, err := zip.OpenReader(dossier)
	if err != nil {
		t.Fatalf("opening the dossier: %v", err)
	}
	defer r.Close()
	f, err := r.Open(name)
	if err != nil {
		t.Fatalf("opening %s of the dossier: %v", name, err)
	}
	text, err := io.ReadAll(f)
	if err != nil {
		t.Fatalf("reading %s of the dossier: %v", name, err)
	}
	return string(text)
}
