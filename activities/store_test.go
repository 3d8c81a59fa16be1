package activities

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// store is an archive over a folder: documents are files under their digest.
type store struct {
	dir      string
	people   []playbook.Person
	entries  []dossier.Entry
	fault    error // what every call comes to, if set
	reserved string
	opened   int // documents open now
	readings map[string]engagement.Reading
	erased   []string // "case rule" of each erasure
}

func newStore(t *testing.T) *store { return &store{dir: t.TempDir()} }

// put files a text and returns its digest.
func (s *store) put(t *testing.T, text []byte) string {
	t.Helper()
	sum := sha256.Sum256(text)
	hexed := hex.EncodeToString(sum[:])
	err := os.WriteFile(filepath.Join(s.dir, hexed), text, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	return "sha256:" + hexed
}

func (s *store) Append(_ context.Context, entries []dossier.Entry) error {
	s.entries = append(s.entries, entries...)
	return s.fault
}

func (s *store) People(context.Context) ([]playbook.Person, int, error) { return s.people, 7, s.fault }

func (s *store) Get(_ context.Context, digest string) (dossier.Paper, io.ReadCloser, error) {
	if s.fault != nil {
		return dossier.Paper{}, nil, s.fault
	}
	f, err := os.Open(filepath.Join(s.dir, strings.TrimPrefix(digest, "sha256:")))
	if errors.Is(err, fs.ErrNotExist) {
		return dossier.Paper{}, nil, dossier.NotFoundError{What: "document", ID: digest}
	}
	if err != nil {
		return dossier.Paper{}, nil, err
	}
	info, err := f.Stat()
	if err != nil {
		return dossier.Paper{}, nil, err
	}
	s.opened++
	return dossier.Paper{Digest: digest, Size: info.Size(), Media: "text/markdown"}, &counted{File: f, s: s}, nil
}

func (s *store) EraseDocument(_ context.Context, caseID, digest, rule, actor string) error {
	if s.fault != nil {
		return s.fault
	}
	err := os.Remove(filepath.Join(s.dir, strings.TrimPrefix(digest, "sha256:")))
	if errors.Is(err, fs.ErrNotExist) {
		return dossier.NotFoundError{What: "document of " + caseID, ID: digest}
	}
	s.erased = append(s.erased, caseID+" "+rule+actor)
	return err
}

func (s *store) Reading(_ context.Context, digest string) (engagement.Reading, error) {
	if found, ok := s.readings[digest]; ok || s.fault != nil {
		return found, s.fault
	}
	return engagement.Reading{}, dossier.NotFoundError{What: "reading", ID: digest}
}

func (s *store) TextOf(ctx context.Context, digest string) (dossier.Paper, io.ReadCloser, error) {
	if found, ok := s.readings[digest]; ok {
		if found.Text == "" {
			return dossier.Paper{}, nil, dossier.NotFoundError{What: "text", ID: digest}
		}
		digest = found.Text
	}
	return s.Get(ctx, digest)
}

// counted is a file whose closing is noticed.
type counted struct {
	*os.File
	s *store
}

func (c *counted) Close() error {
	c.s.opened--
	return c.File.Close()
}

func (s *store) NumberFor(_ context.Context, prefix, key string) (int, error) {
	s.reserved = prefix + " " + key
	return 3, s.fault
}

// channel is a messenger that reaches whom it is told to.
type channel struct {
	name    string
	reaches map[string]bool
	faults  map[string]error // by person, or by request for copies
	shown   []string
	copies  []string
}

func (c *channel) Channel() string { return c.name }

func (c *channel) Show(_ context.Context, n review.Notice) (bool, error) {
	if err := c.faults[n.Person]; err != nil {
		return false, err
	}
	if c.reaches[n.Person] {
		c.shown = append(c.shown, n.ID)
	}
	return c.reaches[n.Person], nil
}

func (c *channel) Follow(_ context.Context, x review.Copy) error {
	if err := c.faults[x.Request]; err != nil {
		return err
	}
	c.copies = append(c.copies, x.Request)
	return nil
}

// contract reads one of the real contracts, which lie beside the repository and
// not in it.
func contract(t *testing.T, name string) []byte {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.work")); err == nil || filepath.Dir(dir) == dir {
			break
		}
		dir = filepath.Dir(dir)
	}
	text, err := os.ReadFile(filepath.Join(dir, "..", "shared", "documents", name))
	if err != nil {
		if os.Getenv("GANGWAY_REQUIRE") != "" {
			t.Fatalf("reading a real contract: %v", err)
		}
		t.Skipf("the real contracts are not beside this repository (GANGWAY_REQUIRE=1 makes this a failure): %v", err)
	}
	return text
}
