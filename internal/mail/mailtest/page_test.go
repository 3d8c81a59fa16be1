package mailtest

import (
	"bytes"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"
	"time"
)

func TestThePage(t *testing.T) {
	t.Parallel()
	s := start(t, Options{})
	if err := send(s, "helen@example.org", letter(1, "")); err != nil {
		t.Fatal(err)
	}
	page := httptest.NewServer(http.StripPrefix("/mailbox", s.Handler()))
	defer page.Close()
	get := func(path, host string) (int, string, http.Header) {
		t.Helper()
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, page.URL+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		if host != "" {
			r.Host = host
		}
		resp, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(resp.Body)
		if err != nil || resp.Body.Close() != nil {
			t.Fatal(err)
		}
		return resp.StatusCode, string(body), resp.Header
	}
	for path, want := range map[string]string{"/mailbox/": `<a href="1"><bdi>Number 1</bdi></a>`, "/mailbox/?to=helen@example.org": "Number 1", "/mailbox/?to=sam@example.org": "No mail has come yet",
		"/mailbox/1": `<iframe src="1/html"`, "/mailbox/1/html": `<base target="_blank">`, "/mailbox/1/raw": "Message-ID: <m1@example.org>"} {
		code, body, head := get(path, "")
		if code != http.StatusOK || !strings.Contains(body, want) {
			t.Errorf("%s: %d\n%s", path, code, body)
		}
		policy := head.Get("Content-Security-Policy")
		if !strings.Contains(policy, "default-src 'none'") || strings.Contains(policy, "script-src") || head.Get("Cache-Control") != "no-store" {
			t.Errorf("%s: %q", path, policy)
		}
		if path == "/mailbox/1/html" && (!strings.Contains(policy, "sandbox") || strings.Contains(policy, "allow-scripts")) {
			t.Errorf("a mail's HTML may run: %q", policy)
		}
	}
	for path, want := range map[string]int{"/mailbox/2": 404, "/mailbox/x": 404, "/mailbox/1/html/x": 404} {
		if code, _, _ := get(path, ""); code != want {
			t.Errorf("%s: %d", path, code)
		}
	}
	if code, _, _ := get("/mailbox/", "evil.example.org"); code != http.StatusMisdirectedRequest {
		t.Errorf("another name for this machine gets %d", code)
	}
}

// visitor is a browser without a screen.
type visitor struct {
	t    *testing.T
	page *httptest.Server
}

func visit(t *testing.T, s *Server) visitor {
	t.Helper()
	page := httptest.NewServer(http.StripPrefix("/mailbox", s.Handler()))
	t.Cleanup(page.Close)
	return visitor{t, page}
}

func (v visitor) get(path string) string {
	v.t.Helper()
	resp, err := http.Get(v.page.URL + "/mailbox/" + path)
	if err != nil {
		v.t.Fatal(err)
	}
	body, err := io.ReadAll(resp.Body)
	if err != nil || resp.Body.Close() != nil || resp.StatusCode != http.StatusOK {
		v.t.Fatalf("%s: %d %v", path, resp.StatusCode, err)
	}
	return string(body)
}

// token is what the forms carry.
func (v visitor) token() string {
	v.t.Helper()
	found := regexp.MustCompile(`name="token" value="([^"]+)"`).FindStringSubmatch(v.get("write"))
	if found == nil {
		v.t.Fatal("no form has a token")
	}
	return found[1]
}

// post sends a form with attachments, and follows where it leads.
func (v visitor) post(action string, fields map[string]string, files map[string]string, bend func(*http.Request)) (int, string) {
	v.t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for name, value := range fields {
		if err := w.WriteField(name, value); err != nil {
			v.t.Fatal(err)
		}
	}
	for name, content := range files {
		part, err := w.CreateFormFile("files", name)
		if err == nil {
			_, err = part.Write([]byte(content))
		}
		if err != nil {
			v.t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		v.t.Fatal(err)
	}
	r, err := http.NewRequestWithContext(v.t.Context(), http.MethodPost, v.page.URL+"/mailbox/"+action, &b)
	if err != nil {
		v.t.Fatal(err)
	}
	r.Header.Set("Content-Type", w.FormDataContentType())
	if bend != nil {
		bend(r)
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		v.t.Fatal(err)
	}
	body, err := io.ReadAll(resp.Body)
	if err != nil || resp.Body.Close() != nil {
		v.t.Fatal(err)
	}
	return resp.StatusCode, string(body)
}

func TestReplyingOnThePage(t *testing.T) {
	t.Parallel()
	s, _ := tell(t)
	s.Whatever("ruth@northgate.example", "max@northgate.example", "bounces@example.org")
	v := visit(t, s)
	holds(t, v.get(""), `href="./?to=ruth%40northgate.example"`, "gangway@example.org", `href="./?folder=INBOX"`)
	holds(t, v.get("1"), "Reply as <bdi>ruth@northgate.example</bdi>", "gangway&#43;tok@example.org")
	holds(t, v.get("1/html"), `href="../write?as=ruth%40northgate.example&amp;mailto=mailto%3Agangway%2Btok%40example.org%3Fsubject`)
	token := v.token()
	code, body := v.post("reply", map[string]string{"token": token, "number": "1", "as": "ruth@northgate.example", "text": "approved\r\nas it is", "program": "outlook", "how": "reply"}, map[string]string{"signed <b>.pdf": "%PDF-1.7"}, nil)
	if code != http.StatusOK {
		t.Fatal(code, body)
	}
	holds(t, body, "The reply was sent.", "Data processing agreement")
	raw, m := last(t, s)
	if len(m.Files) != 1 || m.Files[0].Name != "signed <b>.pdf" || string(m.Files[0].Bytes) != "%PDF-1.7" || !strings.HasPrefix(m.Text, "approved\nas it is\n\n____") || m.Header.Get("From") != `"Ruth" <ruth@northgate.example>` {
		t.Errorf("%+v\n%s", m.Files, raw)
	}
	holds(t, v.get("?folder=INBOX"), "Re: Data processing agreement")
	holds(t, v.get("2"), "signed &lt;b&gt;.pdf", `href="2/file?n=0"`)
	if got := v.get("2/file?n=0"); got != "%PDF-1.7" {
		t.Error(got)
	}
	for _, how := range []string{"away", "bounce"} {
		code, body = v.post("automatic", map[string]string{"token": token, "number": "1", "as": "ruth@northgate.example", "how": how}, nil, nil)
		holds(t, body, "Their mail server answered.")
		if code != http.StatusOK {
			t.Error(code)
		}
	}
}

func TestWritingOnThePage(t *testing.T) {
	t.Parallel()
	s, _ := tell(t)
	s.Whatever("ruth@northgate.example")
	v := visit(t, s)
	holds(t, v.get("write?as=ruth@northgate.example&mailto=mailto%3Agangway%2Btok%40example.org%3Fsubject%3DRe%253A%2520Acme%26body%3D%2523approve"),
		`value="ruth@northgate.example"`, `value="gangway&#43;tok@example.org"`, `value="Re: Acme"`, "\n#approve</textarea>")
	code, body := v.post("send", map[string]string{"token": v.token(), "as": "Dana <dana@acme.example>", "to": us, "subject": "Our DPA\r\nBcc: x@y.example", "text": "Attached"}, map[string]string{"dpa.txt": "text"}, nil)
	if code != http.StatusOK {
		t.Fatal(code, body)
	}
	holds(t, body, "It was sent.", "Our DPA Bcc: x@y.example", "dana@acme.example")
	if _, m := last(t, s); m.Header.Get("From") != `"Dana" <dana@acme.example>` || m.Header.Get("Bcc") != "" || len(m.Files) != 1 {
		t.Errorf("%+v", m.Header)
	}
}

// TestNobodyElsesForms: without the page's token, from another site, too large, or
// for somebody who has no such mail nothing happens.
func TestNobodyElsesForms(t *testing.T) {
	t.Parallel()
	s, _ := tell(t)
	s.Whatever("ruth@northgate.example")
	v := visit(t, s)
	token := v.token()
	fields := func(change ...string) map[string]string {
		f := map[string]string{"token": token, "number": "1", "as": "ruth@northgate.example", "text": "approved"}
		for i := 0; i < len(change); i += 2 {
			f[change[i]] = change[i+1]
		}
		return f
	}
	for name, c := range map[string]struct {
		fields map[string]string
		bend   func(*http.Request)
		code   int
	}{
		"no token":        {fields("token", ""), nil, 403},
		"another token":   {fields("token", "x"), nil, 403},
		"another site":    {fields(), func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "cross-site") }, 403},
		"another name":    {fields(), func(r *http.Request) { r.Host = "evil.example" }, 421},
		"in the address":  {fields(), func(r *http.Request) { r.URL.RawQuery = "token=" + token }, 400},
		"not theirs":      {fields("as", "max@northgate.example"), nil, 409},
		"no such mail":    {fields("number", "7"), nil, 409},
		"larger than any": {fields("text", strings.Repeat("x", largest+2<<20)), nil, 400},
	} {
		if code, body := v.post("reply", c.fields, nil, c.bend); code != c.code {
			t.Errorf("%s: %d %s", name, code, body)
		}
	}
	if n := len(s.In(inbox)); n != 0 {
		t.Errorf("%d mails were sent", n)
	}
	resp, err := http.Get(v.page.URL + "/mailbox/reply?number=1&token=" + token)
	if err != nil || resp.Body.Close() != nil || resp.StatusCode < 400 {
		t.Error(err, resp.StatusCode)
	}
}

// chromium is a real one, or a skip.
func chromium(t *testing.T) string {
	t.Helper()
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	if os.Getenv("GANGWAY_REQUIRE") != "" {
		t.Fatal("Chromium is not installed and GANGWAY_REQUIRE is set")
	}
	t.Skip("Chromium is not installed")
	return ""
}

// TestPageInABrowser: nothing is said on the console, which is where a breach of the
// content policy is said, and the mail's own script does not run.
func TestPageInABrowser(t *testing.T) {
	path := chromium(t)
	s := start(t, Options{Inbox: us})
	if err := send(s, "helen@example.org", strings.Replace(letter(1, ""), "alert(1)", "console.log('ran')", 1)); err != nil {
		t.Fatal(err)
	}
	page := httptest.NewServer(s.Handler())
	t.Cleanup(page.Close)
	for _, address := range []string{"/", "/1", "/write?as=helen@example.org"} {
		cmd := exec.CommandContext(t.Context(), path, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
			"--disable-component-update", "--disable-sync", "--disable-dev-shm-usage", "--user-data-dir="+t.TempDir(), "--enable-logging=stderr", "--v=0",
			"--virtual-time-budget=3000", "--dump-dom", page.URL+address)
		cmd.WaitDelay = 10 * time.Second
		var out, errs strings.Builder
		cmd.Stdout, cmd.Stderr = &out, &errs
		if err := cmd.Run(); err != nil {
			t.Fatalf("running the browser: %v\n%s", err, errs.String())
		}
		holds(t, out.String(), "helen@example.org")
		for line := range strings.Lines(errs.String()) {
			if strings.Contains(line, "CONSOLE") && !strings.Contains(line, "Blocked script execution") {
				t.Errorf("%s: %s", address, line)
			}
		}
	}
}
