package workflows

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"

	"gangway/activities"
	"gangway/internal/custody"
	"gangway/internal/dossier"
	"gangway/internal/exit"
	"gangway/internal/inventory"
)

// mover is a place where repositories are kept, in a story: each has a text, a log of who
// wrote it, and an owner.
type mover struct {
	rec  *record
	mu   sync.Mutex
	did  []string // "keep r-1"
	logs map[string]string
	// refuses says why a repository is not transferred, damaged that its copy does not
	// restore; slow are how often one is still under way.
	refuses map[string]custody.Why
	damaged map[string]bool
	slow    map[string]int
	away    int // calls that fail
	copied  int // copies that were made, and not known before
}

func newMover(rec *record) *mover {
	return &mover{rec: rec, logs: map[string]string{}, refuses: map[string]custody.Why{}, damaged: map[string]bool{}, slow: map[string]int{}}
}

// over makes the mover that of a house.
func (m *mover) over(a *activities.Activities) { a.Mover, a.Filing = m, m }

// listed files the list of the repositories.
func (m *mover) listed(ids ...string) string {
	l := custody.List{Kind: custody.ListKind}
	for i, id := range ids {
		l.Items = append(l.Items, custody.Item{Asset: id, Repository: inventory.Repository{ID: int64(i + 1), Owner: "acme", Name: "planted-name-" + id}})
	}
	return m.packed(l)
}

// packed files a document as JSON.
func (m *mover) packed(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	p, _ := m.Put(context.Background(), strings.NewReader(string(text)), 1<<20)
	return p.Digest
}

func (m *mover) Put(_ context.Context, r io.Reader, _ int64) (dossier.Paper, error) {
	text, err := io.ReadAll(r)
	if err != nil {
		return dossier.Paper{}, err
	}
	digest := fmt.Sprintf("sha256:%x", sha256.Sum256(text))
	m.rec.mu.Lock()
	defer m.rec.mu.Unlock()
	m.rec.papers[digest] = string(text)
	return dossier.Paper{Digest: digest, Size: int64(len(text))}, nil
}

// doing notes what is done, unless the place is away.
func (m *mover) doing(what string, i custody.Item) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.away > 0 {
		m.away--
		return errors.New("GitHub is away")
	}
	m.did = append(m.did, what+" "+i.Asset)
	return nil
}

// times counts what was done.
func (m *mover) times(what string) (n int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, d := range m.did {
		if d == what {
			n++
		}
	}
	return n
}

func (m *mover) Keep(ctx context.Context, i custody.Item, before custody.Copy, file activities.FileCopy) (custody.Copy, error) {
	if err := m.doing("keep", i); err != nil {
		return custody.Copy{}, err
	}
	if before.State == exit.StateDone {
		return before, nil
	}
	m.mu.Lock()
	m.copied++
	m.mu.Unlock()
	digest, size, err := file(ctx, strings.NewReader("the bundle of "+i.Asset))
	return custody.Copy{Item: i, State: exit.StateDone, Parts: []custody.Part{{Kind: exit.AssetRepository, State: exit.StateDone, Document: digest, Size: size}}}, err
}

func (m *mover) Restore(_ context.Context, c custody.Copy, _ activities.OpenCopy) (custody.Restoration, error) {
	if err := m.doing("restore", c.Item); err != nil {
		return custody.Restoration{}, err
	}
	if m.damaged[c.Asset] {
		return custody.Restoration{Asset: c.Asset, State: exit.StateFailed, Why: custody.WhyDiffers}, nil
	}
	return custody.Restoration{Asset: c.Asset, State: exit.StateDone}, nil
}

func (m *mover) Transfer(_ context.Context, i custody.Item, _ custody.Passage) (custody.Passage, error) {
	if err := m.doing("transfer", i); err != nil {
		return custody.Passage{}, err
	}
	return m.passage(i), nil
}

func (m *mover) Stand(_ context.Context, i custody.Item, _ custody.Passage) (custody.Passage, error) {
	if err := m.doing("stand", i); err != nil {
		return custody.Passage{}, err
	}
	return m.passage(i), nil
}

func (m *mover) passage(i custody.Item) custody.Passage {
	m.mu.Lock()
	defer m.mu.Unlock()
	switch why := m.refuses[i.Asset]; {
	case why != "":
		return custody.Passage{Item: i, State: exit.StateFailed, Why: why}
	case m.slow[i.Asset] > 0:
		m.slow[i.Asset]--
		return custody.Passage{Item: i, State: exit.StateOpen, Why: custody.WhyUnderWay, Asked: monday}
	}
	return custody.Passage{Item: i, State: exit.StateDone, Asked: monday, Owner: "northgate", Repeat: true}
}

func (m *mover) History(_ context.Context, c custody.Copy, _ activities.OpenCopy, read func(io.Reader, []string) error) (custody.Why, error) {
	if err := m.doing("history", c.Item); err != nil {
		return "", err
	}
	log, there := m.logs[c.Asset]
	if !there {
		return custody.WhyNoGit, nil
	}
	return "", read(strings.NewReader(log), []string{"pay/run.go", "web/page.go"})
}

// sortedDid are what was done, in the order of the alphabet.
func (m *mover) sortedDid() []string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Sorted(slices.Values(m.did))
}
