package githubtest

import (
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// look gets the page, or answers one of its forms.
func (c *caller) look(host string, form url.Values) (int, string) {
	c.t.Helper()
	method, path, body := http.MethodGet, "/", ""
	if form != nil {
		method, path, body = http.MethodPost, "/answer", form.Encode()
	}
	req, err := http.NewRequestWithContext(c.t.Context(), method, c.s.URL()+path, strings.NewReader(body))
	if err != nil {
		c.t.Fatal(err)
	}
	if host != "" {
		req.Host = host
	}
	if form != nil {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		c.t.Fatal(err)
	}
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		c.t.Fatal(err)
	}
	if err := resp.Body.Close(); err != nil {
		c.t.Error(err)
	}
	return resp.StatusCode, string(text)
}

func TestThePageShowsAndAnswers(t *testing.T) {
	t.Parallel()
	c := newCaller(t, nil)
	c.status(201, "PUT", "repos/test/hull/collaborators/dev", `{"permission":"pull"}`)
	c.status(200, "PUT", "orgs/test/teams/crew/memberships/dev", `{}`)
	code, text := c.look("", nil)
	for _, want := range []string{"<b>owner</b> admin", "<b>dev</b> member, invited", "<h3>crew, write</h3>", "<h3>hull, private</h3>", "Nobody of its own",
		"<td>test, team crew</td>", "PUT /repos/{owner}/{repo}/collaborators/{username}", "29 Nov 2026, 09:00 UTC"} {
		if code != 200 || !strings.Contains(text, want) {
			t.Errorf("%s is not on the page", want)
		}
	}
	for _, repository := range []string{"hull", ""} {
		code, text = c.look("", url.Values{"login": {"dev"}, "repository": {repository}, "say": {"accept"}})
		if code != 200 || !strings.Contains(text, "<b>dev</b>") {
			t.Errorf("%d %s", code, text)
		}
	}
	if c.s.Membership("dev", "crew").State != "active" || c.s.Roles("hull", "dev")["direct"] != "read" {
		t.Error("nothing was accepted")
	}
	for say, want := range map[string]int{"accept": 409, "decline": 409, "": 400} {
		if code, _ := c.look("", url.Values{"login": {"dev"}, "repository": {"hull"}, "say": {say}}); code != want {
			t.Errorf("%q comes to %d", say, code)
		}
	}
	if code, _ := c.look("gangway.example.org", nil); code != http.StatusMisdirectedRequest {
		t.Errorf("another name comes to %d", code)
	}
}
