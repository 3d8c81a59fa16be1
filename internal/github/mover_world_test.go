package github

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"gangway/internal/custody"
	"gangway/internal/github/githubtest"
	"gangway/internal/inventory"
)

// shelf keeps documents by their digest.
type shelf struct {
	mu   sync.Mutex
	docs map[string][]byte
	open int
}

func (s *shelf) file(_ context.Context, r io.Reader) (string, int64, error) {
	text, err := io.ReadAll(r)
	if err != nil {
		return "", 0, err
	}
	sum := sha256.Sum256(text)
	digest := "sha256:" + hex.EncodeToString(sum[:])
	s.mu.Lock()
	defer s.mu.Unlock()
	s.docs[digest] = text
	return digest, int64(len(text)), nil
}

// lent is a document that is read, and has to be closed.
type lent struct {
	io.Reader
	s *shelf
}

func (l lent) Close() error {
	l.s.mu.Lock()
	defer l.s.mu.Unlock()
	l.s.open--
	return nil
}

func (s *shelf) get(_ context.Context, digest string) (io.ReadCloser, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	text, there := s.docs[digest]
	if !there {
		return nil, errors.New("there is no such document")
	}
	s.open++
	return lent{bytes.NewReader(text), s}, nil
}

// yard is a world with repositories that git fetches, and a mover.
type yard struct {
	*world
	m      *Mover
	shelf  *shelf
	folder string
}

func needProgram(t *testing.T, name string) {
	t.Helper()
	if _, err := exec.LookPath(name); err == nil {
		return
	} else if os.Getenv("GANGWAY_REQUIRE") != "" {
		t.Fatalf("this test needs %s: %v", name, err)
	}
	t.Skipf("there is no %s (GANGWAY_REQUIRE=1 makes this a failure)", name)
}

func newYard(t *testing.T, change func(*githubtest.Options, *Connection), how func(*Copying)) *yard {
	t.Helper()
	needProgram(t, "git")
	y := &yard{shelf: &shelf{docs: map[string][]byte{}}, folder: t.TempDir()}
	y.world = newWorld(t, func(o *githubtest.Options, c *Connection) {
		o.Git = t.TempDir()
		if change != nil {
			change(o, c)
		}
	})
	o := Copying{Folder: y.folder, Host: y.s.URL(), Look: time.Millisecond}
	if how != nil {
		how(&o)
	}
	y.m = NewMover(y.c, o)
	y.s.Anywhere("acme", "engine", "private")
	t.Cleanup(func() {
		if left, err := os.ReadDir(y.folder); err != nil || len(left) > 0 {
			t.Errorf("%d folders are left, %v", len(left), err)
		}
		if y.shelf.open != 0 {
			t.Errorf("%d documents were left open", y.shelf.open)
		}
	})
	return y
}

// engine is the vendor's repository, ledger the client's own.
func engine() custody.Item {
	return custody.Item{Asset: "a1", Repository: inventory.Repository{Owner: "acme", Name: "engine"}}
}

func own() custody.Item {
	return custody.Item{Asset: "a2", Repository: inventory.Repository{Name: "ledger"}}
}

// git runs the machine's git for a test, without the machine's configuration.
func gitIn(t *testing.T, dir string, args ...string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "git", args...)
	cmd.Dir = dir
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + dir, "GIT_CONFIG_NOSYSTEM=1", "GIT_CONFIG_GLOBAL=" + os.DevNull, "GIT_LFS_SKIP_SMUDGE=1",
		"GIT_AUTHOR_NAME=Dev", "GIT_AUTHOR_EMAIL=dev@acme.example", "GIT_COMMITTER_NAME=Dev", "GIT_COMMITTER_EMAIL=dev@acme.example",
		"GIT_AUTHOR_DATE=2026-01-02T03:04:05Z", "GIT_COMMITTER_DATE=2026-01-02T03:04:05Z"}
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("git %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return strings.TrimSpace(string(out))
}

// commit writes files and commits them as somebody.
func commit(t *testing.T, dir, author string, files ...string) {
	t.Helper()
	for _, f := range files {
		name, text, _ := strings.Cut(f, "=")
		at := filepath.Join(dir, name)
		ok(t, os.MkdirAll(filepath.Dir(at), 0o700))
		ok(t, os.WriteFile(at, []byte(text+"\n"), 0o600))
	}
	gitIn(t, dir, "add", "-A")
	gitIn(t, dir, "commit", "-q", "-m", "work", "--author", author)
}

// fill gives a repository a history: branches, a tag, a note and a pull request.
func (y *yard) fill(owner, name string, files ...string) (work string) {
	t := y.t
	t.Helper()
	work = t.TempDir()
	gitIn(t, work, "init", "-q", "-b", "trunk", ".")
	commit(t, work, "Ann <ann@northgate.example>", "README=one")
	commit(t, work, "Dev One <4711+dev-one@users.noreply.github.com>", append(files, "pay/run.go=one", "pay/tax.go=one")...)
	gitIn(t, work, "tag", "-a", "-m", "first", "v1")
	gitIn(t, work, "notes", "add", "-m", "seen")
	gitIn(t, work, "update-ref", "refs/pull/1/head", "HEAD")
	gitIn(t, work, "checkout", "-q", "-b", "side")
	commit(t, work, "Ann <ann@northgate.example>", "side=two")
	gitIn(t, work, "checkout", "-q", "trunk")
	y.publish(work, y.s.GitFolder(owner, name, false))
	return work
}

func (y *yard) publish(work, to string) {
	y.t.Helper()
	ok(y.t, os.RemoveAll(to))
	gitIn(y.t, work, "clone", "-q", "--mirror", ".", to)
}
