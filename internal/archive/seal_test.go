package archive

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"gangway/internal/dossier"
	"gangway/internal/playbook"
)

// filed is an archive that holds a story, its documents, people and register.
func filed(t *testing.T, s *story) *Archive {
	t.Helper()
	ctx := t.Context()
	a, err := Open(ctx, Options{Dir: t.TempDir(), Now: func() time.Time { return storySeal }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := a.Close(); err != nil {
			t.Error(err)
		}
	})
	for _, text := range s.texts {
		if _, err := a.Put(ctx, strings.NewReader(text), 1<<20); err != nil {
			t.Fatal(err)
		}
	}
	people := []playbook.Person{{ID: "lena", Name: "Lena Lang"}, {ID: "olga", Name: "Olga Ochs"}, {ID: "zoe", Name: "Zoë Zahn"}}
	if _, _, err := a.ApplyPeople(ctx, people, "olga"); err != nil {
		t.Fatal(err)
	}
	if err := a.NameVendor(ctx, "acme", "Acme Ltd"); err != nil {
		t.Fatal(err)
	}
	register := []dossier.Entry{storyKey(1).Entry(storyNoon), s.entries[0]}
	register[1].Case = dossier.Register
	other := s.entries[0]
	other.ID, other.Case, other.Process = "onboarding/other/1#1", dossier.Register, "onboarding/other/1"
	if err := a.Append(ctx, append(register, other)); err != nil {
		t.Fatal(err)
	}
	counts := make(map[string]int)
	for _, e := range s.entries {
		if e.Kind == dossier.Erased {
			continue // Erase writes its own
		}
		counts[e.Process]++
		body, has := s.bodies[e.ID]
		e.ID = strings.ReplaceAll(e.ID, "#", "#archive/") // the numbers of a story run across its processes
		if has {
			err = a.AppendBody(ctx, e, body)
		} else {
			err = a.Append(ctx, []dossier.Entry{e})
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return a
}

func exported(t *testing.T, a *Archive, k *Key, at time.Time) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := a.Export(t.Context(), storyCase, k, at, &b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestExportOfAnOpenCase(t *testing.T) {
	t.Parallel()
	a, key := filed(t, openStory()), storyKey(1)
	file := exported(t, a, key, storySeal.Add(300*time.Millisecond))
	if !bytes.Equal(exported(t, a, key, storySeal), file) {
		t.Error("the same state and second gave other bytes")
	}
	v := judged(t, file, key.Fingerprint())
	if !v.Intact || !v.Open || !v.Known || v.Lines != 10 || v.Documents != 2 {
		t.Errorf("the verdict: %+v", v)
	}
	texts := make(map[string]string)
	for _, m := range members(t, file) {
		texts[m.path] = string(bytesOf(t, m))
	}
	if names := texts[namesPath]; !strings.Contains(names, "Lena Lang") || !strings.Contains(names, "Acme Ltd") || strings.Contains(names, "Zahn") {
		t.Errorf("the names are not those of the case: %s", names)
	}
	if register := texts[registerPath]; strings.Count(register, "\n") != 2 || strings.Contains(register, "other") || !strings.Contains(register, `"kind":"key"`) {
		t.Errorf("the register's lines are not those of the case and the key:\n%s", register)
	}
	if _, err := a.SealCase(t.Context(), storyCase, key, storySeal); err == nil || !strings.Contains(err.Error(), "the case is not closed (and 2 more)") {
		t.Errorf("sealing an open case: %v", err)
	} else if h, ok := err.(interface{ Hint() string }); !ok || h.Hint() == "" {
		t.Errorf("%T has no hint", err)
	}
}

func TestSealCase(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	a, key := filed(t, closedStory()), storyKey(1)
	if ready, err := a.SealReady(ctx); err != nil || !slices.Equal(ready, []string{storyCase}) {
		t.Fatalf("ready to be sealed: %q, %v", ready, err)
	}
	before := exported(t, a, key, storySeal)
	paper, err := a.SealCase(ctx, storyCase, key, storySeal)
	if err != nil {
		t.Fatal(err)
	}
	if paper.Digest != digestText(string(before)) || paper.Size != int64(len(before)) || paper.Media != "application/zip" {
		t.Errorf("sealed was %+v, not what was exported before", paper)
	}
	again, err := a.SealCase(ctx, storyCase, storyKey(2), storySeal.Add(time.Hour))
	if diff := cmp.Diff(paper, again); err != nil || diff != "" {
		t.Errorf("sealing again: %v\n%s", err, diff)
	}
	if !bytes.Equal(exported(t, a, storyKey(2), storySeal.Add(time.Hour)), before) {
		t.Error("exporting a sealed case gives other bytes than were sealed")
	}
	if ready, err := a.SealReady(ctx); err != nil || len(ready) > 0 {
		t.Errorf("still ready to be sealed: %q, %v", ready, err)
	}
	lines, err := a.Lines(ctx, storyCase)
	if err != nil {
		t.Fatal(err)
	}
	last := lines[len(lines)-1].Entry
	if last.Kind != dossier.Sealed || last.Detail.Document != paper.Digest || last.Detail.Digest != key.Fingerprint() || !last.CaseAt.Equal(storySeal) {
		t.Errorf("the last line is %+v", last)
	}
	if view, err := a.Case(ctx, storyCase); err != nil || !view.Sealed {
		t.Errorf("the view does not say that the case is sealed: %v", err)
	}
	if err := dossier.CheckChain(lines); err != nil {
		t.Error(err)
	}
}

// TestSealAgain: what comes after a seal makes a dossier that adds to it.
func TestSealAgain(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	a, key := filed(t, closedStory()), storyKey(1)
	first, err := a.SealCase(ctx, storyCase, key, storySeal)
	if err != nil {
		t.Fatal(err)
	}
	late := dossier.Entry{ID: storyContract + "#desk/late", Case: storyCase, Process: storyContract, Kind: dossier.Attempt, At: storySeal, CaseAt: storySeal, Actor: "lena"}
	if err := a.Append(ctx, []dossier.Entry{late}); err != nil {
		t.Fatal(err)
	}
	v := judged(t, exported(t, a, key, storySeal))
	if !v.Intact || v.Earlier != first.Digest || v.Lines != 23 {
		t.Errorf("exported after a late line: %+v", v)
	}
	if ready, err := a.SealReady(ctx); err != nil || len(ready) != 1 {
		t.Errorf("ready to be sealed again: %q, %v", ready, err)
	}
	second, err := a.SealCase(ctx, storyCase, key, storySeal.Add(time.Hour))
	if err != nil || second.Digest == first.Digest {
		t.Errorf("sealed again as %+v, %v", second, err)
	}
	if ready, err := a.SealReady(ctx); err != nil || len(ready) > 0 {
		t.Errorf("still ready: %q, %v", ready, err)
	}
}

// TestSealAfterErasure: an erased text stands in no dossier, and the new one
// verifies.
func TestSealAfterErasure(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	s := closedStory()
	a, key := filed(t, s), storyKey(1)
	if _, err := a.SealCase(ctx, storyCase, key, storySeal); err != nil {
		t.Fatal(err)
	}
	erased := strings.ReplaceAll(s.erased[0], "#", "#archive/")
	if err := a.Erase(ctx, storyCase, []string{erased}, "art. 17", "olga"); err != nil {
		t.Fatal(err)
	}
	if err := a.EraseDocument(ctx, storyCase, digestText(s.texts[0]), "art. 17", "olga"); err != nil {
		t.Fatal(err)
	}
	file := exported(t, a, key, storySeal.Add(time.Hour))
	v := judged(t, file, key.Fingerprint())
	if !v.Intact || v.Erased != 2 || v.Documents != 1 {
		t.Errorf("exported after the erasures: %+v", v)
	}
	if bytes.Contains(file, []byte("my sister works at Acme")) || bytes.Contains(file, []byte("Either side.")) {
		t.Error("an erased text stands in the dossier")
	}
	if paper, err := a.SealCase(ctx, storyCase, key, storySeal.Add(time.Hour)); err != nil || paper.Digest != digestText(string(file)) {
		t.Errorf("sealed again as %+v, %v", paper, err)
	}
	err := filepath.WalkDir(a.dir, func(name string, d os.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		text, err := os.ReadFile(name)
		if bytes.Contains(text, []byte("my sister works at Acme")) {
			t.Errorf("%s holds the erased text", d.Name())
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

// TestErasedRegisterLine: the register's part of a dossier keeps verifying when a
// text of it was erased.
func TestErasedRegisterLine(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	a, key := filed(t, openStory()), storyKey(1)
	e := dossier.Entry{ID: storyCase + "#archive/named", Case: dossier.Register, Process: storyCase, Kind: dossier.Noted, At: storyNoon, CaseAt: storyNoon}
	if err := a.AppendBody(ctx, e, dossier.Body{Inside: "call me at home"}); err != nil {
		t.Fatal(err)
	}
	if err := a.Erase(ctx, dossier.Register, []string{e.ID}, "art. 17", "olga"); err != nil {
		t.Fatal(err)
	}
	file := exported(t, a, key, storySeal)
	if v := judged(t, file); !v.Intact || bytes.Contains(file, []byte("call me at home")) {
		t.Errorf("after an erasure in the register: %+v", v)
	}
}

func TestExportNamesWhatIsLost(t *testing.T) {
	t.Parallel()
	key := storyKey(1)
	never := openStory()
	lost := digestText(never.texts[1])
	never.texts = never.texts[:1]
	removed := filed(t, openStory())
	if err := os.Remove(filepath.Join(removed.dir, documentsDir, lost[7:9], lost[7:])); err != nil {
		t.Fatal(err)
	}
	for name, a := range map[string]*Archive{"never filed": filed(t, never), "removed from the folder": removed} {
		err := a.Export(t.Context(), storyCase, key, storySeal, new(bytes.Buffer))
		var e lostError
		if !errors.As(err, &e) || e.mention.Digest != lost || e.Hint() == "" || !strings.Contains(err.Error(), "line 10") {
			t.Errorf("%s: %v", name, err)
		}
	}
	changed := filed(t, openStory())
	if err := os.WriteFile(filepath.Join(changed.dir, documentsDir, lost[7:9], lost[7:]), []byte("# Agreement\n\n11.2 Other side.\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := changed.Export(t.Context(), storyCase, key, storySeal, new(bytes.Buffer)); err == nil {
		t.Error("a document that was changed in the folder was packed")
	}
	for _, id := range []string{"onboarding/none/1", dossier.Register} {
		if err := changed.Export(t.Context(), id, key, storySeal, new(bytes.Buffer)); !errors.As(err, new(dossier.NotFoundError)) {
			t.Errorf("%s: %v", id, err)
		}
	}
}

func TestExportStops(t *testing.T) {
	t.Parallel()
	a := filed(t, closedStory())
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if err := a.Export(ctx, storyCase, storyKey(1), storySeal, new(bytes.Buffer)); !errors.Is(err, context.Canceled) {
		t.Errorf("a cancelled export: %v", err)
	}
	full := errors.New("no space")
	if err := a.Export(t.Context(), storyCase, storyKey(1), storySeal, failing{full}); !errors.Is(err, full) {
		t.Errorf("a writer that fails: %v", err)
	}
	if _, err := a.SealCase(ctx, storyCase, storyKey(1), storySeal); err == nil {
		t.Error("a cancelled seal was made")
	}
	if v, err := a.Case(t.Context(), storyCase); err != nil || v.Sealed {
		t.Errorf("the case is sealed: %v, %v", v.Sealed, err)
	}
}

type failing struct{ err error }

func (f failing) Write([]byte) (int, error) { return 0, f.err }

func TestSealReadyWantsEverything(t *testing.T) {
	t.Parallel()
	unfiled := closedStory()
	unfiled.entries = unfiled.entries[:len(unfiled.entries)-2]
	reset := closedStory() // an entry names a run whose history nobody filed
	reset.entries = append(reset.entries[:len(reset.entries)-1], dossier.Entry{ID: storyContract + "#reset", Process: storyContract, Run: "run-c",
		Case: storyCase, Kind: dossier.Noted, At: storyNoon, CaseAt: storyNoon})
	for name, s := range map[string]*story{"open": openStory(), "a history is not filed": unfiled, "a run is not filed": reset} {
		if ready, err := filed(t, s).SealReady(t.Context()); err != nil || len(ready) > 0 {
			t.Errorf("%s: ready to be sealed: %q, %v", name, ready, err)
		}
	}
}

// TestSealOf: a seal covers the lines before it, when it says so.
func TestSealOf(t *testing.T) {
	t.Parallel()
	note := dossier.Line{N: 1, Entry: dossier.Entry{Kind: dossier.Noted}}
	seal := func(n, covers int, conflict bool) dossier.Line {
		return dossier.Line{N: n, Conflict: conflict, Entry: dossier.Entry{Kind: dossier.Sealed, Detail: &dossier.Detail{Document: "d", Revision: covers}}}
	}
	late := note
	late.N = 2
	for name, c := range map[string]struct {
		lines  []dossier.Line
		sealed bool
	}{
		"no line":                   {nil, false},
		"never sealed":              {[]dossier.Line{note}, false},
		"sealed":                    {[]dossier.Line{note, seal(2, 1, false)}, true},
		"sealed while a line came":  {[]dossier.Line{note, late, seal(3, 1, false)}, false},
		"a line since":              {[]dossier.Line{note, seal(2, 1, false), {N: 3, Entry: note.Entry}}, false},
		"sealed twice at once":      {[]dossier.Line{note, seal(2, 1, false), seal(3, 1, true)}, true},
		"a seal that says nothing":  {[]dossier.Line{note, {N: 2, Entry: dossier.Entry{Kind: dossier.Sealed}}}, false},
		"a conflict of an old seal": {[]dossier.Line{note, seal(2, 1, true)}, false},
	} {
		if p, sealed := sealOf(c.lines); sealed != c.sealed || sealed && p.Digest != "d" {
			t.Errorf("%s: %+v, %v", name, p, sealed)
		}
	}
}

// TestSealReadyDoesNotScan: most cases are sealed, and the loop asks often.
func TestSealReadyDoesNotScan(t *testing.T) {
	t.Parallel()
	a := filed(t, openStory())
	plan, err := queryAll(t.Context(), a.reads, func(rows *sql.Rows) (string, error) {
		var id, parent, unused int
		var text string
		err := rows.Scan(&id, &parent, &unused, &text)
		return text, err
	}, `EXPLAIN QUERY PLAN `+sealReadyQuery, string(dossier.Running))
	if err != nil {
		t.Fatal(err)
	}
	for _, step := range plan {
		if strings.HasPrefix(step, "SCAN") && !strings.HasPrefix(step, "SCAN c") {
			t.Errorf("the plan scans: %q", plan)
		}
	}
}

// TestEverybodyOfACaseHasAName: whoever owns it, stands in, pays for it, decided or was
// at a session is in the dossier by name, not by a login that says nothing outside.
func TestEverybodyOfACaseHasAName(t *testing.T) {
	t.Parallel()
	seen := peopleOf([]dossier.Line{
		{Entry: dossier.Entry{Kind: dossier.CaseOpened, Actor: "tom", Detail: &dossier.Detail{Owner: "maya", Requester: "tom", Deputy: "dan", Sponsor: "helen"}}},
		{Entry: dossier.Entry{Kind: dossier.SessionSet, Detail: &dossier.Detail{Values: []string{"nadia"}}}},
		{Entry: dossier.Entry{Kind: dossier.FoundLater, Detail: &dossier.Detail{Values: []string{"asset-9"}}}},
	})
	for id, want := range map[string]bool{"maya": true, "tom": true, "dan": true, "helen": true, "nadia": true, "asset-9": false} {
		if seen[id] != want {
			t.Errorf("%s is named: %v", id, seen[id])
		}
	}
}
