package stories

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"gangway/internal/dossier"
)

// What is wrong is told with what to do, nothing is lost and nothing half done:
// the built command line against the built local.

// cases counts the cases that there are, open and closed.
func (l *running) cases() int {
	l.t.Helper()
	var all []dossier.CaseView
	l.gangway("maya", "cases", "--all", "-o", "json").ends(0).json(&all)
	return len(all)
}

// unchanged wants that something left neither a case nor a line.
func (l *running) unchanged(id string, do func()) {
	l.t.Helper()
	cases, lines := l.cases(), 0
	if id != "" {
		lines = l.view(id).Lines
	}
	do()
	if n := l.cases(); n != cases {
		l.t.Errorf("there were %d cases, and now %d", cases, n)
	}
	if id != "" {
		if v := l.view(id); v.Lines != lines {
			l.t.Errorf("%s had %d lines, and now %d", id, lines, v.Lines)
		}
	}
}

// noAgreement waits until the case knows that no agreement on data is owed: that is
// said beside the review, and its lines come when they come, its history's the last.
func (l *running) noAgreement(id string) {
	l.t.Helper()
	if !within(patience, func() bool {
		return slices.ContainsFunc(l.view(id).Processes, func(p dossier.ProcessView) bool { return strings.HasPrefix(p.ID, "dpa/") && len(p.Filed) > 0 })
	}) {
		l.t.Fatalf("nothing says that %s owes no agreement", id)
	}
}

// spoil is the example's vendor file with parts replaced.
func (l *running) spoil(name string, pairs ...string) string {
	l.t.Helper()
	text, err := os.ReadFile(filepath.Join(l.example, "vendor.yaml"))
	if err != nil {
		l.t.Fatalf("reading the example's vendor: %v", err)
	}
	for i := 0; i < len(pairs); i += 2 {
		if !strings.Contains(string(text), pairs[i]) {
			l.t.Fatalf("the example's vendor does not say %q", pairs[i])
		}
		text = []byte(strings.Replace(string(text), pairs[i], pairs[i+1], 1))
	}
	return l.write(name, text)
}

func TestBadVendorFiles(t *testing.T) {
	t.Parallel()
	l := newLocal(t)
	l.unchanged("", func() {
		// Every fault at once, each with its place.
		f := l.gangway("tom", "onboard", l.spoil("wrong.yaml", "yearly-cost: 18_600", "yearly-cost: plenty", "data: [payment]", "data: personal",
			"deputy: tom", "deptuy: tom", "country: GB", "country: [GB]", "playbook: standard", "playbook: 7.5")).ends(1, "deptuy", "deputy", "yearly-cost", "country")
		if places := regexp.MustCompile(`wrong\.yaml:\d+:\d+`).FindAllString(f.errs, -1); len(places) < 4 {
			t.Errorf("the faults have the places %v, want one each\n%s", places, f.errs)
		}
		// What only the server can know, all at once too.
		l.gangway("tom", "onboard", l.spoil("unknown.yaml", "owner: maya", "owner: nobody", "sponsor: helen", "sponsor: somebody", "data: [payment]", "data: [gossip]")).
			refuses(1, "nobody", "somebody", "gossip")
		l.gangway("tom", "onboard", l.spoil("book.yaml", "playbook: standard", "playbook: none-such")).refuses(1, "none-such")
		l.gangway("tom", "onboard", "no-such-file.yaml").ends(1, "no-such-file.yaml", "no such file")
		l.gangway("tom", "onboard", l.write("empty.yaml", nil)).ends(1, "empty.yaml")
		l.gangway("tom", "onboard", l.write("binary.yaml", []byte{0, 1, 2, 0xff})).ends(1, "binary.yaml")
		l.gangway("nobody", "onboard", "vendor.yaml").refuses(4, "there is no person")
	})
}

func TestBadDocuments(t *testing.T) {
	t.Parallel()
	l := newLocal(t)
	picture := append([]byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"), bytes.Repeat([]byte{0xde, 0xad, 0, 0xff}, 500)...)
	docs := []struct {
		name  string
		text  []byte
		words string
	}{
		{"huge.md", bytes.Repeat([]byte("# 1. All work and no play\n\nmakes a long contract.\n\n"), 30<<20/50), "more than the"},
		{"empty.md", nil, "is empty"},
		{"blank.md", []byte(" \n\n\t\n"), "can't be read as text"},
		{"picture.md", picture, "can't be read as text"},
	}
	l.unchanged("", func() {
		for _, d := range docs {
			l.write(d.name, d.text)
			l.gangway("tom", "onboard", l.spoil("v-"+d.name+".yaml", "contract: contract.md", "contract: "+d.name)).refuses(1, d.words)
		}
	})
	l.gangway("tom", "onboard", l.spoil("later.yaml", "contract: contract.md", "")).ends(0)
	l.says("helen", "need", "approve", "--attest-all")
	l.gangway("ravi", "answer", brightwell, "need", "approve", "--attest-all").ends(0)
	l.says("daniel", "security-look", "approve", "--attest-all")
	l.gangway("ruth", "answer", brightwell, "data-look", "approve", "--attest-all").ends(0)
	l.asked("maya", brightwell, "text")
	l.noAgreement(brightwell)
	for _, d := range docs {
		code := 5
		if d.words == "more than the" || d.words == "is empty" {
			code = 1
		}
		l.unchanged(brightwell, func() {
			l.gangway("maya", "answer", brightwell, "text", "delivered", "--document", d.name).ends(code, "gangway: error: ", d.words)
		})
	}
	l.gangway("maya", "answer", brightwell, "text", "delivered").refuses(5, "--document")
	l.gangway("maya", "answer", brightwell, "text", "delivered", "--document", "contract.md").ends(0, "counted")
	l.says("jonas", "review", "changes", "--reason", "not yet")
	l.gangway("maya", "submit", brightwell, "contract", "contract.md").ends(5, "exactly the text of a version that is already there")
	l.unchanged(brightwell, func() {
		l.gangway("maya", "submit", brightwell, "contract", "picture.md").ends(5, "can't be read as text")
	})
}

func TestBadAnswers(t *testing.T) {
	t.Parallel()
	l := newLocal(t)
	l.gangway("tom", "onboard", "vendor.yaml").ends(0)
	answer := func(person string, args ...string) finished {
		t.Helper()
		return l.gangway(person, append([]string{"answer", brightwell}, args...)...)
	}
	l.asked("helen", brightwell, "need")
	l.gangway("helen", "answer", brightwell, "need", "approve", "--attest-all", "--id", "once-and-for-all").ends(0, "counted")
	answer("maya", "need", "approve").ends(5, "you hold no seat in this request")
	answer("jonas", "need", "approve").ends(1, "gangway: error: there is no case") // who has no part in it yet does not see it
	answer("tom", "need", "approve").ends(5, "nobody answers their own request")
	answer("nobody", "need", "approve").refuses(4, "there is no person")
	for range 2 { // the same answer, delivered again
		answer("helen", "need", "approve", "--attest-all", "--id", "once-and-for-all").ends(0, "seat sponsor")
	}
	answer("helen", "need", "reject", "--reason", "on second thoughts").ends(5, "this seat has already answered", "helen decided")
	answer("ravi", "need", "perhaps").refuses(2, "perhaps", "approve, changes, reject")
	answer("ravi", "need", "reject").refuses(5, "--reason")
	answer("ravi", "nead", "approve").refuses(1, "did you mean need?")
	l.gangway("ravi", "answer", "onboarding/other/1", "need", "approve").ends(1, "gangway: error: there is no case")
	answer("ravi", "need", "approve", "--attest-all").ends(0)
	l.says("daniel", "security-look", "approve", "--attest-all")
	answer("ravi", "need", "approve", "--attest-all").ends(5, "this request is closed", "ravi decided")
	answer("ruth", "data-look", "approve", "--attest-all").ends(0)
	l.says("jonas", "review", "changes", "--reason", "clause 5")
	answer("helen", "review", "approve", "--attest-all").ends(5, "your group has not been asked yet")
	answer("ravi", "review", "approve", "--version", "7").refuses(5, "there is no such version")
	l.gangway("maya", "submit", brightwell, "contract", "contract-v2.md").ends(0)
	if !within(patience, func() bool { return len(l.view(brightwell).Documents) > 3 }) {
		t.Fatal("the second version is never filed")
	}
	answer("ravi", "review", "approve", "--version", "1").refuses(5, "a newer version changed what you were asked to read")
	answer("daniel", "review", "approve", "--version", "1").ends(0, "counted") // what he reads is the same in both
	count := map[string]int{}
	within(patience, func() bool { // what counts is filed a moment later
		v := l.view(brightwell)
		clear(count)
		for i := range v.Requests {
			for _, b := range v.Requests[i].Ballots {
				count[v.Requests[i].Step+" "+b.Person]++
			}
		}
		return len(count) >= 6
	})
	for who, n := range count {
		if n != 1 {
			t.Errorf("%s counts %d times", who, n)
		}
	}
	if len(count) != 6 {
		t.Errorf("%d answers were counted: %v", len(count), count)
	}
	l.gangway("jonas", "withdraw", brightwell, "--reason", "I don't like it").ends(5, "only the case owner")
	l.gangway("maya", "withdraw", brightwell, "--reason", "it was only a test").ends(0)
}

func TestHostileNames(t *testing.T) {
	t.Parallel()
	l := newLocal(t)
	const company = "Brightwell Payroll Ltd."
	long := strings.Repeat("z", 10_000)
	l.unchanged("", func() {
		for i, name := range []string{`"Bright\x1b[31mwell"`, `"Bright\u0000well"`, `"Bright\u202ewell"`, `"Bright\nwell"`, long, `""`, `"   "`} {
			f := l.gangway("tom", "onboard", l.spoil(fmt.Sprintf("hostile-%d.yaml", i), company, name))
			if f.code != 1 || !strings.Contains(f.errs, "gangway: error: ") || !strings.Contains(f.errs, "name") {
				t.Errorf("a vendor called %.30s: exit code %d\n%.600s", name, f.code, f.errs)
			}
			harmless(t, f.out+f.errs)
		}
	})
	script := `"<script>alert(1)</script> & Söhne"`
	l.gangway("tom", "onboard", l.spoil("script.yaml", company, script)).ends(0, brightwell)
	reason := "no\x1b[2J\u202e<script>alert(2)</script>"
	l.says("helen", "need", "changes", "--reason", reason)
	for _, path := range []string{"/case?id=" + brightwell, "/api/case?id=" + brightwell} {
		if _, text := l.as("helen", path); strings.Contains(text, "<script") {
			t.Errorf("%s holds a script of a stranger's", path)
		}
	}
	harmless(t, l.gangway("helen", "show", brightwell, "--journal").ends(0).out)
	var text string
	if !within(patience, func() bool {
		_, text = l.as("helen", "/case?id="+brightwell)
		return strings.Contains(text, "alert(2)")
	}) {
		t.Error("the page never shows the reason")
	}
	// A page keeps what a stranger wrote within <bdi>, where a mark of direction
	// turns nothing else.
	outside := regexp.MustCompile(`(?s)<bdi>.*?</bdi>`).ReplaceAllString(text, "")
	if i := strings.IndexAny(outside, "\x1b\u202e"); i >= 0 {
		t.Errorf("the page holds what a stranger wrote as they wrote it: …%q", outside[max(0, i-200):min(len(outside), i+40)])
	}
	l.gangway("maya", "answer", brightwell, "need", "approve", "--reason", strings.Repeat("y", 70<<10)).ends(1, "a reason has at most")
}

// harmless wants that nothing printed can steer a terminal or turn a line.
func harmless(t *testing.T, text string) {
	t.Helper()
	if i := strings.IndexFunc(text, func(r rune) bool {
		return r < ' ' && r != '\n' && r != '\t' || r == 0x7f || r >= 0x80 && r < 0xa0 || r >= '\u202a' && r <= '\u202e' || r >= '\u2066' && r <= '\u2069'
	}); i >= 0 {
		t.Errorf("the output holds %q", text[i:min(i+20, len(text))])
	}
}

// as fetches a page as a person: signed in, and named to /api.
func (l *running) as(person, path string) (int, string) {
	l.t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		l.t.Fatalf("making a cookie jar: %v", err)
	}
	browser := &http.Client{Jar: jar}
	resp, err := browser.PostForm(l.url+"/signin", url.Values{"person": {person}, "next": {"/"}})
	if err != nil {
		l.t.Fatalf("signing in: %v", err)
	}
	_ = resp.Body.Close() // its cookie is what counts
	req, err := http.NewRequestWithContext(l.t.Context(), http.MethodGet, l.url+path, nil)
	if err != nil {
		l.t.Fatalf("making a request: %v", err)
	}
	req.Header.Set("Gangway-As", person)
	resp, err = browser.Do(req)
	if err != nil {
		l.t.Fatalf("fetching %s: %v", path, err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK {
		l.t.Fatalf("reading %s: status %d, %v", path, resp.StatusCode, err)
	}
	return resp.StatusCode, string(text)
}
