package activities

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"go.temporal.io/sdk/temporal"

	"gangway/internal/custody"
	"gangway/internal/exit"
	"gangway/internal/inventory"
)

// mover is a place where repositories are, by name: what a copy of each has in it, and
// who owns it now.
type mover struct {
	content map[string]string
	logs    map[string]string
	owners  map[string]string
	fault   map[string]error
	worked  []string
	copied  int // files that were filed anew
}

func (m *mover) Keep(ctx context.Context, i custody.Item, before custody.Copy, file FileCopy) (custody.Copy, error) {
	m.worked = append(m.worked, "keep "+i.Repository.Name)
	if err := m.fault[i.Repository.Name]; err != nil {
		return custody.Copy{}, err
	}
	text, there := m.content[i.Repository.Name]
	if !there {
		return custody.Copy{Item: i, State: exit.StateNotCheckable, Why: custody.WhyHidden}, nil
	}
	if before.State == exit.StateDone && before.Parts[0].Objects == len(text) {
		return before, nil
	}
	m.copied++
	digest, size, err := file(ctx, strings.NewReader(text))
	return custody.Copy{Item: i, State: exit.StateDone, Parts: []custody.Part{{Kind: exit.AssetRepository, State: exit.StateDone, Document: digest, Size: size, Objects: len(text)}}}, err
}

func (m *mover) read(ctx context.Context, c custody.Copy, open OpenCopy) (string, error) {
	r, err := open(ctx, c.Parts[0].Document)
	if err != nil {
		return "", err
	}
	text, err := io.ReadAll(r)
	return string(text), errors.Join(err, r.Close())
}

func (m *mover) Restore(ctx context.Context, c custody.Copy, open OpenCopy) (custody.Restoration, error) {
	text, err := m.read(ctx, c, open)
	r := custody.Restoration{Asset: c.Asset, State: exit.StateDone}
	if text != m.content[c.Repository.Name] {
		r.State, r.Why = exit.StateFailed, custody.WhyDiffers
	}
	return r, err
}

func (m *mover) Transfer(ctx context.Context, i custody.Item, before custody.Passage) (custody.Passage, error) {
	p, err := m.Stand(ctx, i, before)
	if before.Asked.IsZero() {
		p.Asked = time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	}
	return p, err
}

func (m *mover) Stand(_ context.Context, i custody.Item, before custody.Passage) (custody.Passage, error) {
	p := custody.Passage{Item: i, State: exit.StateOpen, Why: custody.WhyUnderWay, Asked: before.Asked, Owner: m.owners[i.Repository.Name]}
	if p.Owner == "northgate" {
		p.State, p.Why, p.Repeat = exit.StateDone, "", true
	}
	return p, m.fault[i.Repository.Name]
}

func (m *mover) History(ctx context.Context, c custody.Copy, open OpenCopy, read func(io.Reader, []string) error) (custody.Why, error) {
	if _, err := m.read(ctx, c, open); err != nil {
		return "", err
	}
	log, there := m.logs[c.Repository.Name]
	if !there {
		return custody.WhyNoGit, nil
	}
	return "", read(strings.NewReader(log), []string{"pay/run.go", "pay/tax.go", "README"})
}

// moves is the activities over three repositories of the vendor's.
func moves(t *testing.T) (*Activities, *mover, *store, RepositoriesIn) {
	t.Helper()
	m := &mover{content: map[string]string{"planted-ledger": "one", "planted-site": "two"}, owners: map[string]string{"planted-ledger": "acme"}, logs: map[string]string{}, fault: map[string]error{}}
	s := newStore(t)
	t.Cleanup(func() {
		if s.opened != 0 {
			t.Errorf("%d documents were left open", s.opened)
		}
	})
	l := custody.List{Kind: custody.ListKind}
	for i, name := range []string{"planted-ledger", "planted-gone", "planted-site"} {
		l.Items = append(l.Items, custody.Item{Asset: []string{"a1", "a2", "a3"}[i], Repository: inventory.Repository{ID: int64(i + 1), Owner: "acme", Name: name}})
	}
	return &Activities{Archive: s, Filing: s, Mover: m}, m, s, RepositoriesIn{List: s.put(t, packed(t, l))}
}

func packed(t *testing.T, v any) []byte {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func states(out RepositoriesOut) string {
	var words []string
	for _, r := range out.Repositories {
		words = append(words, strings.TrimSpace(r.Asset+" "+string(r.State)+" "+string(r.Why)))
	}
	return strings.Join(words, "; ")
}

// TestRepositoriesAreKeptRestoredAndHandedOver, one after the other, each knowing what the
// one before found out; no name is in what goes in and out.
func TestRepositoriesAreKeptRestoredAndHandedOver(t *testing.T) {
	t.Parallel()
	a, m, s, in := moves(t)
	step := func(what, want string, do func(context.Context, RepositoriesIn) (RepositoriesOut, error)) RepositoriesOut {
		t.Helper()
		out, err := do(t.Context(), in)
		if err != nil || states(out) != want {
			t.Errorf("%s: %q, %v, want %q", what, states(out), err, want)
		}
		if bytes.Contains(packed(t, []any{in, out}), []byte("planted")) {
			t.Errorf("%s: a name is in a payload: %s", what, packed(t, out))
		}
		in.Evidence = out.Evidence
		return out
	}
	out := step("keeping", "a1 done; a2 not-checkable hidden; a3 done", a.KeepRepositories)
	if p := out.Repositories[0].Parts; len(p) != 1 || p[0].Found != 3 || p[0].Document == "" {
		t.Errorf("the first has %+v", p)
	}
	step("keeping again", "a1 done; a2 not-checkable hidden; a3 done", a.KeepRepositories)
	if m.copied != 2 {
		t.Errorf("two repositories were copied %d times", m.copied)
	}
	m.content["planted-site"] = "another"
	step("restoring", "a1 done; a2 not-checkable no-copy; a3 failed differs", a.RestoreRepositories)
	in.Assets = []string{"a1"}
	asked := step("handing over", "a1 open under-way", a.TransferRepositories).Repositories[0].Asked
	step("handing over again", "a1 open under-way", a.TransferRepositories)
	m.owners["planted-ledger"] = "northgate"
	out = step("looking", "a1 done", a.RepositoriesStand)
	if r := out.Repositories[0]; !r.Repeat || asked.IsZero() || !r.Asked.Equal(asked) {
		t.Errorf("%+v, asked at %s", r, asked)
	}
	var e custody.Evidence
	if _, r, err := s.Get(t.Context(), out.Evidence); err != nil || json.NewDecoder(r).Decode(&e) != nil || r.Close() != nil {
		t.Fatal(err)
	}
	if len(e.Copies) != 3 || len(e.Restorations) != 3 || len(e.Passages) != 1 || e.CopyOf("a1").Repository.Name != "planted-ledger" {
		t.Errorf("the evidence has %+v", e)
	}
}

// TestWithoutAPlaceForRepositories nobody copies anything, and it is said.
func TestWithoutAPlaceForRepositories(t *testing.T) {
	t.Parallel()
	a, _, s, in := moves(t)
	first, err := a.KeepRepositories(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	a.Mover, in.Evidence = nil, first.Evidence
	for _, do := range []func(context.Context, RepositoriesIn) (RepositoriesOut, error){a.KeepRepositories, a.RestoreRepositories, a.TransferRepositories, a.RepositoriesStand} {
		out, err := do(t.Context(), in)
		if err != nil || states(out) != "a1 not-checkable not-set-up; a2 not-checkable not-set-up; a3 not-checkable not-set-up" || out.Evidence != first.Evidence {
			t.Errorf("%q, %v", states(out), err)
		}
	}
	out, err := a.Authors(t.Context(), AuthorsIn{RepositoriesIn: in, Roster: s.put(t, []byte("{}"))})
	if err != nil || len(out.Repositories) != 3 || out.Repositories[0].Why != custody.WhyNotSetUp || out.Evidence != first.Evidence {
		t.Errorf("%+v, %v", out, err)
	}
}

// TestRepositoriesThatCannotBeRead end the attempt for good, without a word of them.
func TestRepositoriesThatCannotBeRead(t *testing.T) {
	t.Parallel()
	a, m, s, in := moves(t)
	gone := "sha256:" + strings.Repeat("0", 64)
	for name, c := range map[string]struct {
		in   RepositoriesIn
		kind string
	}{
		"no such list":          {RepositoriesIn{List: gone}, ErrNotFound},
		"no list":               {RepositoriesIn{List: s.put(t, []byte("planted text"))}, ErrUnreadable},
		"a list of another":     {RepositoriesIn{List: s.put(t, []byte(`{"kind":"planted"}`))}, ErrUnreadable},
		"one id twice":          {RepositoriesIn{List: s.put(t, []byte(`{"kind":"`+custody.ListKind+`","items":[{"asset":"planted"},{"asset":"planted"}]}`))}, ErrUnreadable},
		"no evidence":           {RepositoriesIn{List: in.List, Evidence: in.List}, ErrUnreadable},
		"evidence that is gone": {RepositoriesIn{List: in.List, Evidence: gone}, ErrNotFound},
	} {
		_, err := a.TransferRepositories(t.Context(), c.in)
		var app *temporal.ApplicationError
		if !errors.As(err, &app) || !app.NonRetryable() || app.Type() != c.kind || strings.Contains(err.Error(), "planted") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if len(m.worked) > 0 {
		t.Errorf("all the same, %v", m.worked)
	}
}

// TestARepositoryThatTheListDoesNotName is not checkable, and the others go on.
func TestARepositoryThatTheListDoesNotName(t *testing.T) {
	t.Parallel()
	a, m, s, in := moves(t)
	in.Assets = []string{"a1", "a7"}
	for name, do := range map[string]func(context.Context, RepositoriesIn) (RepositoriesOut, error){"keeping": a.KeepRepositories, "restoring": a.RestoreRepositories} {
		in.Evidence = ""
		out, err := do(t.Context(), in)
		if err != nil || len(out.Repositories) != 2 || states(out)[:len("a7 not-checkable not-listed; ")] != "a7 not-checkable not-listed; " {
			t.Errorf("%s: %+v, %v", name, out, err)
		}
	}
	out, err := a.Authors(t.Context(), AuthorsIn{RepositoriesIn: in, Roster: s.put(t, []byte(`{"vendor":"acme"}`))})
	if err != nil || len(out.Repositories) != 2 || out.Repositories[0].Why != custody.WhyNotListed || len(m.worked) == 0 {
		t.Errorf("%+v, %v", out, err)
	}
}

// busy is worth another try, after a pause.
type busy struct{}

func (busy) Error() string             { return "busy" }
func (busy) RetryAfter() time.Duration { return time.Minute }

// TestAnAttemptGoesOnWhereTheOneBeforeCameTo: what it did is not done again.
func TestAnAttemptGoesOnWhereTheOneBeforeCameTo(t *testing.T) {
	t.Parallel()
	a, m, _, in := moves(t)
	m.fault["planted-site"] = busy{}
	items, err := a.items(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	keep := func(ctx context.Context, i custody.Item, e *custody.Evidence) error {
		c, err := m.Keep(ctx, i, e.CopyOf(i.Asset), a.fileCopy)
		e.AddCopy(c)
		return err
	}
	_, at, err := a.eachRepository(t.Context(), repositoryProgress{}, items, keep)
	var app *temporal.ApplicationError
	if !errors.As(err, &app) || app.NextRetryDelay() != time.Minute || !slices.Equal(at.Assets, []string{"a1", "a2"}) {
		t.Fatalf("%v, done %v", err, at.Assets)
	}
	m.fault, m.worked = nil, nil
	e, at, err := a.eachRepository(t.Context(), at, items, keep)
	if err != nil || !slices.Equal(m.worked, []string{"keep planted-site"}) || len(e.Copies) != 3 || len(at.Assets) != 3 {
		t.Errorf("%v: %v, %d copies, done %v", err, m.worked, len(e.Copies), at.Assets)
	}
}

// TestAuthorsAreTheAgendaOfATransfer: directories that only the vendor's people wrote; and
// where nobody is recognised nothing is called known.
func TestAuthorsAreTheAgendaOfATransfer(t *testing.T) {
	t.Parallel()
	a, m, s, in := moves(t)
	const theirs, ours = "\x02dev@acme.example\x1fPlanted Dev\x00", "\x02ann@northgate.example\x1fAnn\x00"
	m.logs["planted-ledger"] = theirs + "\nA\x00pay/run.go\x00A\x00pay/tax.go\x00A\x00old/gone.go\x00" + ours + "\nA\x00README\x00"
	m.logs["planted-site"] = ours + "\nA\x00README\x00"
	kept, err := a.KeepRepositories(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	in.Evidence = kept.Evidence
	roster := s.put(t, packed(t, inventory.Roster{Vendor: "acme", Mails: []string{"@acme.example"}}))
	out, err := a.Authors(t.Context(), AuthorsIn{RepositoriesIn: in, Roster: roster})
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(packed(t, out), []byte("lanted")) {
		t.Errorf("a name is in a payload: %s", packed(t, out))
	}
	want := []AuthorsStanding{{Asset: "a1", State: exit.StateDone, Directories: 1, TruckFactor: 1, Theirs: 1, Others: 1},
		{Asset: "a2", State: exit.StateNotCheckable, Why: custody.WhyNoCopy},
		{Asset: "a3", State: exit.StateNotCheckable, Why: custody.WhyNobody, TruckFactor: 1, Others: 1}}
	if !slices.Equal(out.Repositories, want) || !slices.Equal(out.Areas, []exit.Area{{ID: "a1", Directories: 1}}) {
		t.Errorf("%+v, areas %+v", out.Repositories, out.Areas)
	}
	e, err := a.knownOf(t.Context(), out.Evidence)
	if err != nil || !slices.Equal(e.AuthorsOf("a1").Directories, []string{"pay"}) || len(e.Copies) != 3 {
		t.Errorf("%+v, %v", e.Authors, err)
	}
	m.logs["planted-ledger"] = "planted"
	if _, err := a.Authors(t.Context(), AuthorsIn{RepositoriesIn: in, Roster: roster}); err == nil || strings.Contains(err.Error(), "planted") {
		t.Errorf("a log that is none: %v", err)
	}
}
