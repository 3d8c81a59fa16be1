package githubtest

import (
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// TestATransferArrivesLater: the answer has the owner of before; old names lead on, the
// number stays, and so do collaborators, releases, packages and secrets.
func TestATransferArrivesLater(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "github.json")
	c := newCaller(t, func(o *Options) { o.TransferLag, o.File = time.Minute, file })
	id := c.s.Anywhere("acme", "engine", "private")
	if again := c.s.Anywhere("acme", "engine", "public"); again != id {
		t.Errorf("%d and %d", id, again)
	}
	c.s.Release("acme", "engine", Release{Tag: "v1", Files: []string{"a.tar"}})
	c.s.Package("acme", "engine", "image")
	c.s.Secret("acme", "engine", "PAY_KEY")
	type place struct {
		ID       int64  `json:"id"`
		FullName string `json:"full_name"`
		Owner    struct{ Login, Type string }
	}
	var p place
	if resp := c.call("POST", "repos/acme/engine/transfer", `{"new_owner":"test"}`, &p); resp.StatusCode != http.StatusAccepted || p.Owner.Login != "acme" {
		t.Errorf("%d %+v", resp.StatusCode, p)
	}
	c.status(422, "POST", "repos/acme/engine/transfer", `{"new_owner":"test"}`) // it is on its way
	c.skip(59 * time.Second)
	c.status(200, "GET", "repos/acme/engine", "")
	c.status(404, "GET", "repos/test/engine", "")
	c.skip(time.Second)
	number := "repositories/" + strconv.FormatInt(id, 10)
	if resp := c.call("GET", "repos/acme/engine", "", nil); resp.StatusCode != http.StatusMovedPermanently || !strings.HasSuffix(resp.Header.Get("Location"), number) {
		t.Errorf("the old name: %d to %s", resp.StatusCode, resp.Header.Get("Location"))
	}
	if resp := c.call("GET", number, "", &p); resp.StatusCode != 200 || p.ID != id || p.FullName != "test/engine" || p.Owner.Type != "Organization" {
		t.Errorf("%d %+v", resp.StatusCode, p)
	}
	if r := c.s.Roles("engine", "acme"); r["direct"] != "admin" || c.s.RepositoryID("test", "engine") != id || c.s.RepositoryID("acme", "engine") != 0 {
		t.Errorf("the owner of before is %v", r)
	}
	var some []any
	for path, want := range map[string]int{"repos/test/engine/releases": 1, "orgs/test/packages?package_type=container": 1, "orgs/test/packages?package_type=npm": 0} {
		if c.call("GET", path, "", &some); len(some) != want {
			t.Errorf("%s has %d", path, len(some))
		}
	}
	var secrets struct {
		Total   int `json:"total_count"`
		Secrets []struct{ Name string }
	}
	if c.call("GET", "repos/test/engine/actions/secrets", "", &secrets); secrets.Total != 1 || len(secrets.Secrets) != 1 || secrets.Secrets[0].Name != "PAY_KEY" {
		t.Errorf("its secrets are %+v", secrets)
	}
	c.status(404, "GET", "repositories/1", "")
	if err := c.s.Close(); err != nil {
		t.Fatal(err)
	}
	again, err := New(Options{File: file})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := again.Close(); err != nil {
			t.Error(err)
		}
	}()
	if again.RepositoryID("test", "engine") != id {
		t.Error("the next start has forgotten it")
	}
}

// TestWhatATransferIsRefusedFor, in GitHub's status; and what is somebody else's may be
// handed to yet another.
func TestWhatATransferIsRefusedFor(t *testing.T) {
	t.Parallel()
	c := newCaller(t, func(o *Options) { o.Unaccepted = true })
	id := c.s.Anywhere("acme", "hull", "private")
	c.s.Anywhere("acme", "engine", "private")
	c.s.AddRepository("hull-fork", "private")
	c.status(422, "POST", "repos/acme/hull/transfer", `{"new_owner":"test"}`) // there is one of that name
	c.status(422, "POST", "repos/test/hull/transfer", `{"new_owner":"test"}`) // it is there
	c.status(422, "POST", "repos/acme/engine/transfer", `{"new_owner":"bcme"}`)
	c.status(404, "POST", "repos/acme/none/transfer", `{"new_owner":"test"}`)
	c.s.RemoveTeam("crew")
	c.s.RenameRepository("hull", "keel")
	c.s.Fork("hull-fork", id)
	c.status(422, "POST", "repos/acme/hull/transfer", `{"new_owner":"test"}`) // there is a fork of it
	c.status(202, "POST", "repos/acme/engine/transfer", `{"new_owner":"test"}`)
	c.skip(100 * time.Hour)
	c.status(200, "GET", "repos/acme/engine", "") // nobody accepted
	c.s.HandOn("acme", "engine", "bcme")
	c.status(301, "GET", "repos/acme/engine", "")
	c.status(200, "GET", "repos/bcme/engine", "")
}

// TestGitIsServedByGit, to who has a token, and only to fetch.
func TestGitIsServedByGit(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("git"); err != nil {
		if os.Getenv("GANGWAY_REQUIRE") != "" {
			t.Fatal("there is no git")
		}
		t.Skip("there is no git (GANGWAY_REQUIRE=1 makes this a failure)")
	}
	folder := t.TempDir()
	work, err := os.Getwd()
	if err == nil {
		folder, err = filepath.Rel(work, folder) // as whoever names a folder from where they stand
	}
	if err != nil {
		t.Fatal(err)
	}
	c := newCaller(t, func(o *Options) { o.Git = folder })
	c.status(200, "GET", "repos/test/hull", "")
	if at := c.s.GitFolder("test", "hull", false); !filepath.IsAbs(at) {
		t.Errorf("git, which runs elsewhere, is sent to %s", at)
	}
	run := func(args ...string) {
		t.Helper()
		cmd := exec.CommandContext(t.Context(), "git", args...)
		cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + t.TempDir(), "GIT_CONFIG_NOSYSTEM=1", "GIT_CONFIG_GLOBAL=" + os.DevNull}
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("git %v: %v\n%s", args, err, out)
		}
	}
	run("init", "-q", "--bare", c.s.GitFolder("test", "hull", false))
	c.s.RenameRepository("site", "page")
	run("init", "-q", "--bare", c.s.GitFolder("test", "page", false))
	const refs = "/info/refs?service=git-upload-pack"
	for _, a := range []struct {
		path, token string
		want        int
	}{
		{"/test/hull.git" + refs, c.token, 200}, {"/test/hull.git" + refs, "ghp_wrong", 401}, {"/test/hull.git" + refs, "", 401},
		{"/test/none.git" + refs, c.token, 404}, {"/other/hull.git" + refs, c.token, 404}, {"/test/hull.wiki.git" + refs, c.token, 404},
		{"/test/page.git" + refs, "", 200}, {"/test/site.git" + refs, c.token, 301},
		{"/test/hull.git/info/refs?service=git-receive-pack", c.token, 403},
		{"/test/hull.git/../../x.git" + refs, c.token, 404},
		{"/test/hull.git/info/lfs/objects/" + strings.Repeat("0", 64), c.token, 404}, {"/test/hull.git/info/lfs/objects/..%2f..%2fx", c.token, 404},
	} {
		req, err := http.NewRequestWithContext(t.Context(), "GET", c.s.URL()+a.path, nil)
		if err != nil {
			t.Fatal(err)
		}
		if a.token != "" {
			req.SetBasicAuth("x-access-token", a.token)
		}
		client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
		resp, err := client.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		if err := resp.Body.Close(); err != nil {
			t.Error(err)
		}
		if resp.StatusCode != a.want {
			t.Errorf("%s with %q: %d, want %d", a.path, a.token, resp.StatusCode, a.want)
		}
	}
	if c.s.GitFolder("test", "none", false) != "" {
		t.Error("a folder of nothing")
	}
}
