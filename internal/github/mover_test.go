package github

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"gangway/internal/authorship"
	"gangway/internal/custody"
	"gangway/internal/exit"
	"gangway/internal/github/githubtest"
	"gangway/internal/inventory"
)

// came checks what a copy, a restoration or a passage came to.
func came(t *testing.T, what string, state exit.State, why custody.Why, err error, wantState exit.State, wantWhy custody.Why) {
	t.Helper()
	if err != nil || state != wantState || why != wantWhy {
		t.Errorf("%s: %s %s, %v; want %s %s", what, state, why, err, wantState, wantWhy)
	}
}

// TestARepositoryIsCopiedWholeAndRestored: every ref and object of it and of its wiki are
// in the bundles, over git's own server; restoring finds them all again.
func TestARepositoryIsCopiedWholeAndRestored(t *testing.T) {
	t.Parallel()
	y := newYard(t, nil, nil)
	y.fill("acme", "engine")
	wiki := t.TempDir()
	gitIn(t, wiki, "init", "-q", "-b", "master", ".")
	commit(t, wiki, "Ann <ann@northgate.example>", "Home.md=how")
	y.publish(wiki, y.s.GitFolder("acme", "engine", true))
	c, err := y.m.Keep(t.Context(), engine(), custody.Copy{}, y.shelf.file)
	came(t, "keeping", c.State, c.Why, err, exit.StateDone, "")
	if len(c.Parts) != 2 || c.Part(exit.AssetWiki).State != exit.StateDone || c.Part(exit.AssetWiki).Objects != 3 {
		t.Fatalf("it has %+v", c.Parts)
	}
	p := c.Parts[0]
	refs := strings.Split(gitIn(t, y.s.GitFolder("acme", "engine", false), "for-each-ref", "--format=%(objectname) %(refname)"), "\n")
	slices.Sort(refs)
	sum := sha256.Sum256([]byte(strings.Join(refs, "\n") + "\n"))
	if p.Refs != "sha256:"+hex.EncodeToString(sum[:]) || p.References != 5 || len(refs) != 5 || p.Head != "refs/heads/trunk" || p.Document == "" ||
		int64(len(y.shelf.docs[p.Document])) != p.Size {
		t.Errorf("%+v, of %q", p, refs)
	}
	if c.Repository.ID != y.s.RepositoryID("acme", "engine") || len(c.Calls) == 0 || !c.At.Equal(y.clock.now()) {
		t.Errorf("%+v", c)
	}
	if fetches := y.s.Fetches(); !slices.ContainsFunc(fetches, func(f string) bool { return strings.HasPrefix(f, "acme/engine /git-upload-pack") }) {
		t.Errorf("git fetched %q", fetches)
	}
	r, err := y.m.Restore(t.Context(), c, y.shelf.get)
	came(t, "restoring", r.State, r.Why, err, exit.StateDone, "")
	if len(r.Parts) != 2 || r.Parts[0].Refs != p.Refs || r.Parts[0].Objects != p.Objects {
		t.Errorf("restored %+v", r.Parts)
	}
}

// TestACopyThatIsNotWholeIsNeverCalledRestored, however it came to be so.
func TestACopyThatIsNotWholeIsNeverCalledRestored(t *testing.T) {
	t.Parallel()
	y := newYard(t, nil, nil)
	y.fill("acme", "engine")
	sound, err := y.m.Keep(t.Context(), engine(), custody.Copy{}, y.shelf.file)
	ok(t, err)
	for name, c := range map[string]struct {
		why    custody.Why
		change func(*custody.Part)
	}{
		"a byte is another": {custody.WhyDiffers, func(p *custody.Part) {
			text := slices.Clone(y.shelf.docs[p.Document])
			text[len(text)/2] ^= 1
			p.Document += "-changed"
			y.shelf.docs[p.Document] = text
		}},
		"it was cut before it was filed": {custody.WhyDamaged, func(p *custody.Part) {
			text := y.shelf.docs[p.Document]
			text = text[:len(text)-40]
			sum := sha256.Sum256(text)
			p.Document = "sha256:" + hex.EncodeToString(sum[:])
			y.shelf.docs[p.Document] = text
		}},
		"a branch is missing":  {custody.WhyDiffers, func(p *custody.Part) { p.Refs = "sha256:" + strings.Repeat("0", 64) }},
		"an object is missing": {custody.WhyDiffers, func(p *custody.Part) { p.Objects++ }},
		"it is no bundle at all": {custody.WhyDamaged, func(p *custody.Part) {
			p.Document, _, _ = y.shelf.file(t.Context(), strings.NewReader("no bundle"))
		}},
	} {
		broken := sound
		broken.Parts = slices.Clone(sound.Parts)
		c.change(&broken.Parts[0])
		r, err := y.m.Restore(t.Context(), broken, y.shelf.get)
		came(t, name, r.State, r.Why, err, exit.StateFailed, c.why)
	}
	if _, err := y.m.Restore(t.Context(), custody.Copy{Item: engine(), State: exit.StateDone, Parts: []custody.Part{{Kind: exit.AssetRepository, State: exit.StateDone, Document: "gone"}}}, y.shelf.get); err == nil {
		t.Error("a copy that is gone")
	}
	r, err := y.m.Restore(t.Context(), custody.Copy{Item: engine()}, y.shelf.get)
	came(t, "no copy", r.State, r.Why, err, exit.StateNotCheckable, custody.WhyNoCopy)
}

// TestWhatCannotBeCopiedSaysWhy, and is tried again only where that could help.
func TestWhatCannotBeCopiedSaysWhy(t *testing.T) {
	t.Parallel()
	blind := func(o *githubtest.Options, c *Connection) {
		o.Tokens = []githubtest.Token{{Value: "github_pat_x", Permissions: map[string]string{"metadata": "read"}}}
		c.Token = "github_pat_x"
	}
	for name, c := range map[string]struct {
		change func(*githubtest.Options, *Connection)
		how    func(*Copying)
		before func(*yard)
		item   custody.Item
		why    custody.Why
	}{
		"no git":          {unheld, func(o *Copying) { o.Git = "git-that-is-not-there" }, nil, engine(), custody.WhyNoGit},
		"no such":         {nil, nil, nil, custody.Item{Asset: "x", Repository: inventory.Repository{Owner: "acme", Name: "gone"}}, custody.WhyHidden},
		"git hides it":    {nil, nil, func(y *yard) { ok(t, os.RemoveAll(y.s.GitFolder("acme", "engine", false))) }, engine(), custody.WhyHidden},
		"renamed":         {nil, nil, func(y *yard) { y.s.HandOn("acme", "engine", "bcme") }, engine(), custody.WhyMoved},
		"another one":     {nil, nil, nil, custody.Item{Asset: "x", Repository: inventory.Repository{ID: 1, Owner: "acme", Name: "engine"}}, custody.WhyOther},
		"no permission":   {blind, nil, nil, engine(), custody.WhyPermission},
		"larger than may": {nil, func(o *Copying) { o.Most = 64 << 10 }, nil, engine(), custody.WhyTooLarge},
		"slower than may": {unheld, func(o *Copying) { o.Patience = time.Millisecond }, nil, engine(), custody.WhyTooSlow},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			y := newYard(t, c.change, c.how)
			y.fill("acme", "engine", "large="+randomText(t, 200<<10))
			if c.before != nil {
				c.before(y)
			}
			got, err := y.m.Keep(t.Context(), c.item, custody.Copy{}, y.shelf.file)
			came(t, name, got.State, got.Why, err, exit.StateNotCheckable, c.why)
			if len(y.shelf.docs) > 0 {
				t.Errorf("%d documents were filed", len(y.shelf.docs))
			}
		})
	}
	y := newYard(t, nil, nil)
	y.fill("acme", "engine")
	y.s.Order(githubtest.Failure{How: githubtest.Down})
	if _, err := y.m.Keep(t.Context(), engine(), custody.Copy{}, y.shelf.file); !is(err, Broken) {
		t.Errorf("a GitHub that is down: %v", err)
	}
	if _, err := y.m.Keep(t.Context(), engine(), custody.Copy{}, func(context.Context, io.Reader) (string, int64, error) { return "", 0, io.ErrShortWrite }); err == nil {
		t.Error("a copy that could not be filed")
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := y.m.Keep(ctx, engine(), custody.Copy{}, y.shelf.file); err == nil {
		t.Error("a worker that is ending")
	}
}

// randomText does not get smaller by packing.
func randomText(t *testing.T, n int) string {
	t.Helper()
	var text strings.Builder
	for i := 0; text.Len() < n; i++ {
		sum := sha256.Sum256([]byte{byte(i), byte(i >> 8)})
		text.WriteString(hex.EncodeToString(sum[:]))
	}
	return text.String()
}

// TestTheTokenIsInNoAddressArgumentOrFile: git is given it by its environment, for one
// host alone, and only where it fetches.
func TestTheTokenIsInNoAddressArgumentOrFile(t *testing.T) {
	t.Parallel()
	needProgram(t, "git")
	script := filepath.Join(t.TempDir(), "git")
	notes := filepath.Join(t.TempDir(), "notes")
	// It writes down what it was called with, and then is git.
	ok(t, os.WriteFile(script, []byte("#!/bin/sh\n{ echo \"args $*\"; env; } >> "+notes+"\nexec git \"$@\"\n"), 0o700))
	y := newYard(t, nil, func(o *Copying) { o.Git = script })
	y.fill("acme", "engine")
	c, err := y.m.Keep(t.Context(), engine(), custody.Copy{}, y.shelf.file)
	came(t, "keeping", c.State, c.Why, err, exit.StateDone, "")
	text, err := os.ReadFile(notes)
	ok(t, err)
	for _, line := range strings.Split(string(text), "\n") {
		switch {
		case strings.Contains(line, y.s.Token()):
			t.Errorf("the token stands in %q", line)
		case strings.HasPrefix(line, "GIT_CONFIG_KEY_") && strings.HasSuffix(line, "extraHeader") && !strings.HasSuffix(line, "http."+y.s.URL()+"/.extraHeader"):
			t.Errorf("it is for more than GitHub: %q", line)
		}
	}
	if n := strings.Count(string(text), "Authorization: Basic "); n != 2 { // the repository, and its wiki that is not there
		t.Errorf("git was let in %d times", n)
	}
	for _, word := range []string{"GIT_CONFIG_NOSYSTEM=1", "GIT_CONFIG_GLOBAL=/dev/null", "GIT_ALLOW_PROTOCOL=http\n", "GIT_ALLOW_PROTOCOL=none\n", "=core.hooksPath"} {
		if !strings.Contains(string(text), word) {
			t.Errorf("git ran without %s", word)
		}
	}
	for name, want := range map[string]string{"https://api.github.com/": "https://github.com/", "https://git.example.org/api/v3/": "https://git.example.org/"} {
		client, err := NewClient(Connection{API: name, Organisation: "northgate", Token: "ghp_x"})
		ok(t, err)
		if got := NewMover(client, Copying{}).o.Host; got != want {
			t.Errorf("git finds %s at %s", name, got)
		}
	}
}

// TestReleasesPackagesAndSecretsAreListed: they are not in git, so their part stays open;
// of secrets nobody is shown more than what they are called.
func TestReleasesPackagesAndSecretsAreListed(t *testing.T) {
	t.Parallel()
	y := newYard(t, nil, nil)
	y.fill("northgate", "ledger")
	y.s.Release("northgate", "ledger", githubtest.Release{Tag: "v1", Files: []string{"engine.tar"}})
	y.s.Package("northgate", "ledger", "image")
	y.s.Secret("northgate", "ledger", "PAY_KEY")
	y.s.Secret("northgate", "ledger", "NPM_TOKEN")
	c, err := y.m.Keep(t.Context(), own(), custody.Copy{}, y.shelf.file)
	came(t, "keeping", c.State, c.Why, err, exit.StateDone, "")
	for kind, want := range map[exit.AssetKind]string{exit.AssetRelease: "v1 engine.tar", exit.AssetPackage: "container/image", exit.AssetSecret: "PAY_KEY NPM_TOKEN"} {
		p := c.Part(kind)
		var names []string
		for _, e := range p.Entries {
			names = append(names, e.Name)
		}
		if p.State != exit.StateOpen || p.Why != custody.WhyListed || strings.Join(names, " ") != want {
			t.Errorf("%s: %+v", kind, p)
		}
	}
	y.s.Order(githubtest.Failure{Call: listPackages().name, How: githubtest.Forbidden, Needs: "packages=read"})
	c, err = y.m.Keep(t.Context(), own(), custody.Copy{}, y.shelf.file)
	came(t, "without permission", c.State, c.Why, err, exit.StateDone, "")
	if p := c.Part(exit.AssetSecret); p.State != exit.StateOpen || len(p.Entries) != 2 {
		t.Errorf("%+v", p)
	}
	if p := c.Part(exit.AssetPackage); p.State != exit.StateNotCheckable || p.Why != custody.WhyPermission || !slices.Equal(c.Needs, []string{"packages=read"}) {
		t.Errorf("%+v, needs %v", p, c.Needs)
	}
}

// TestAnEmptyRepositoryIsNoFault: there is nothing to copy, and that is whole.
func TestAnEmptyRepositoryIsNoFault(t *testing.T) {
	t.Parallel()
	y := newYard(t, nil, nil)
	gitIn(t, t.TempDir(), "init", "-q", "--bare", y.s.GitFolder("acme", "engine", false))
	c, err := y.m.Keep(t.Context(), engine(), custody.Copy{}, y.shelf.file)
	came(t, "keeping", c.State, c.Why, err, exit.StateDone, custody.WhyEmpty)
	r, err := y.m.Restore(t.Context(), c, y.shelf.get)
	came(t, "restoring", r.State, r.Why, err, exit.StateDone, custody.WhyEmpty)
	why, err := y.m.History(t.Context(), c, y.shelf.get, func(io.Reader, []string) error { t.Error("it has a history"); return nil })
	if err != nil || why != custody.WhyEmpty {
		t.Errorf("%s, %v", why, err)
	}
}

// TestLargeFilesAreCopiedToo, and each is what its name says.
func TestLargeFilesAreCopiedToo(t *testing.T) {
	t.Parallel()
	needProgram(t, "git-lfs")
	y := newYard(t, nil, nil)
	pointer, err := y.s.LargeFile("acme", "engine", []byte("a large film"))
	ok(t, err)
	work := y.fill("acme", "engine", ".gitattributes=*.film filter=lfs diff=lfs merge=lfs -text", "one.film="+strings.TrimSuffix(pointer, "\n"))
	c, err := y.m.Keep(t.Context(), engine(), custody.Copy{}, y.shelf.file)
	came(t, "keeping", c.State, c.Why, err, exit.StateDone, "")
	p := c.Part(exit.AssetLFS)
	if p.State != exit.StateDone || p.Objects != 1 || p.Document == "" {
		t.Fatalf("%+v", p)
	}
	r, err := y.m.Restore(t.Context(), c, y.shelf.get)
	came(t, "restoring", r.State, r.Why, err, exit.StateDone, "")
	text := string(y.shelf.docs[p.Document])
	y.shelf.docs[p.Document] = []byte(strings.Replace(text, "a large film", "a large fiim", 1))
	r, err = y.m.Restore(t.Context(), c, y.shelf.get)
	came(t, "restoring another film", r.State, r.Why, err, exit.StateFailed, custody.WhyDamaged)
	commit(t, work, "Ann <ann@northgate.example>", "two.film=version https://git-lfs.github.com/spec/v1\noid sha256:"+strings.Repeat("0", 64)+"\nsize 5")
	y.publish(work, y.s.GitFolder("acme", "engine", false))
	c, err = y.m.Keep(t.Context(), engine(), custody.Copy{}, y.shelf.file)
	came(t, "keeping one that lost a film", c.State, c.Why, err, exit.StateDone, "")
	if p := c.Part(exit.AssetLFS); p.State != exit.StateFailed || p.Document != "" {
		t.Errorf("%+v", p)
	}
}

// TestACopyThatIsTheSameIsNotMadeAgain: as long as every ref of the repository and its
// wiki is where it was, only that is asked; one commit in either, or another repository
// under the name, and it is copied anew.
func TestACopyThatIsTheSameIsNotMadeAgain(t *testing.T) {
	t.Parallel()
	y := newYard(t, nil, nil)
	work := y.fill("acme", "engine")
	wiki := t.TempDir()
	gitIn(t, wiki, "init", "-q", "-b", "master", ".")
	commit(t, wiki, "Ann <ann@northgate.example>", "Home.md=how")
	y.publish(wiki, y.s.GitFolder("acme", "engine", true))
	c, err := y.m.Keep(t.Context(), engine(), custody.Copy{}, y.shelf.file)
	ok(t, err)
	packs := func() (n int) {
		for _, f := range y.s.Fetches() {
			if strings.HasSuffix(f, "/git-upload-pack") {
				n++
			}
		}
		return n
	}
	y.clock.skip(time.Hour)
	y.s.Release("acme", "engine", githubtest.Release{Tag: "v1"})
	filed := len(y.shelf.docs)
	unfiled := func(context.Context, io.Reader) (string, int64, error) {
		t.Error("it was copied again")
		return "", 0, io.ErrShortWrite
	}
	again, err := y.m.Keep(t.Context(), engine(), c, unfiled)
	came(t, "keeping it again", again.State, again.Why, err, exit.StateDone, "")
	if len(again.Parts) != 3 || again.Part(exit.AssetRelease).Entries[0].Name != "v1" || !again.At.Equal(c.At) || again.Part(exit.AssetWiki).Document != c.Part(exit.AssetWiki).Document {
		t.Errorf("it has %+v", again)
	}
	for name, change := range map[string]func(before *custody.Copy){
		"another commit": func(*custody.Copy) {
			commit(t, work, "Ann <ann@northgate.example>", "README=more")
			y.publish(work, y.s.GitFolder("acme", "engine", false))
		},
		"another page": func(*custody.Copy) {
			commit(t, wiki, "Ann <ann@northgate.example>", "Home.md=more")
			y.publish(wiki, y.s.GitFolder("acme", "engine", true))
		},
		"another repository": func(before *custody.Copy) { before.Repository.ID++ },
		"another asset":      func(before *custody.Copy) { before.Asset = "a9" },
		"a part that failed": func(before *custody.Copy) { before.Parts[1].State = exit.StateFailed },
		"no copy at all":     func(before *custody.Copy) { before.State = exit.StateNotCheckable },
	} {
		before := again
		before.Parts = slices.Clone(again.Parts)
		change(&before)
		seen := packs()
		next, err := y.m.Keep(t.Context(), engine(), before, y.shelf.file)
		came(t, name, next.State, next.Why, err, exit.StateDone, "")
		if packs() < seen+4 { // two for each of the two
			t.Errorf("%s: it was not copied", name)
		}
		again = next
	}
	if len(y.shelf.docs) <= filed {
		t.Error("nothing new was filed")
	}
}

// TestTheHistoryOfACopyIsRead: from the bundle, without GitHub.
func TestTheHistoryOfACopyIsRead(t *testing.T) {
	t.Parallel()
	y := newYard(t, nil, nil)
	y.fill("acme", "engine")
	c, err := y.m.Keep(t.Context(), engine(), custody.Copy{}, y.shelf.file)
	ok(t, err)
	calls := len(y.s.Calls(""))
	whose := authorship.NewWhose(inventory.Roster{Identities: []inventory.Identity{{Login: "dev-one", Account: 4711}}})
	var only []string
	why, err := y.m.History(t.Context(), c, y.shelf.get, func(log io.Reader, files []string) error {
		l, err := authorship.Count(log)
		if err == nil {
			l.Keep(files)
			only = authorship.OnlyBy(l.Files(whose.Person), whose.Theirs)
		}
		return err
	})
	if err != nil || why != "" || !slices.Equal(only, []string{"pay"}) || len(y.s.Calls("")) != calls {
		t.Errorf("%q %s, %v", only, why, err)
	}
	if _, err := y.m.History(t.Context(), c, y.shelf.get, func(io.Reader, []string) error { return io.ErrNoProgress }); !errors.Is(err, io.ErrNoProgress) {
		t.Errorf("a reader that gives up: %v", err)
	}
}

// TestWhatAKilledWorkerLeftIsSweptAway, when nobody can be at it any more; what is fresh,
// and what is not ours, stays.
func TestWhatAKilledWorkerLeftIsSweptAway(t *testing.T) {
	t.Parallel()
	here, err := os.Getwd()
	ok(t, err)
	folder, err := filepath.Rel(here, filepath.Join(t.TempDir(), "copies")) // as operators write it
	ok(t, err)
	y := newYard(t, nil, func(o *Copying) { o.Folder, o.Patience = folder, time.Hour })
	y.fill("acme", "engine")
	for name, age := range map[string]time.Duration{workPrefix + "old": 3 * time.Hour, workPrefix + "fresh": time.Minute, "another": 100 * time.Hour} {
		ok(t, os.MkdirAll(filepath.Join(folder, name, "engine.git"), 0o700))
		at := time.Now().Add(-age)
		ok(t, os.Chtimes(filepath.Join(folder, name), at, at))
	}
	c, err := y.m.Keep(t.Context(), engine(), custody.Copy{}, y.shelf.file)
	came(t, "keeping", c.State, c.Why, err, exit.StateDone, "")
	left, err := os.ReadDir(folder)
	if err != nil || len(left) != 2 || left[0].Name() != "another" || left[1].Name() != workPrefix+"fresh" {
		t.Errorf("left are %v, %v", left, err)
	}
}
