package archive

import (
	"bytes"
	"io"
	"strings"
	"testing"
	"time"

	"gangway/internal/dossier"
)

// checkpointIn is the checkpoint of a dossier, as somebody keeps it.
func checkpointIn(t testing.TB, file []byte) []byte {
	t.Helper()
	c, err := unsealed(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	text, ok, err := c.text(checkpointPath, tagMost)
	if err != nil || !ok {
		t.Fatalf("the dossier has no checkpoint: %v", err)
	}
	return text
}

func witnessed(t testing.TB, file, text []byte) Witness {
	t.Helper()
	w, err := CheckWitness(bytes.NewReader(file), int64(len(file)), text)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// TestWitness: a dossier that goes on from what a witness saw agrees with them; one whose
// past was made anew does not, though it is intact and signed with the very key.
func TestWitness(t *testing.T) {
	t.Parallel()
	open, closed := packed(t, openStory(), 1), packed(t, closedStory(), 1)
	kept := checkpointIn(t, open)
	if w := witnessed(t, open, kept); len(w.Findings) > 0 || !w.Journal || !w.Register || w.Lines != 10 || w.Case != storyCase {
		t.Errorf("the same dossier: %+v", w)
	}
	if w := witnessed(t, closed, kept); len(w.Findings) > 0 || !w.Journal || !w.Register || w.Fingerprint != storyKey(1).Fingerprint() {
		t.Errorf("a later one: %+v", w)
	}
	if w := witnessed(t, open, checkpointIn(t, closed)); len(w.Findings) != 1 || !strings.Contains(w.Findings[0], "ends at line 10, and the witness saw 22: the dossier is older, or lines were cut off") {
		t.Errorf("an earlier one: %+v", w)
	}

	forged := closedStory()
	for i := range forged.entries {
		if f := forged.entries[i].Fact; f != nil && f.Ballot != nil && f.Ballot.Answer == "a1" {
			b := *f.Ballot
			b.Verdict = "approve"
			f.Ballot = &b
		}
	}
	file := packed(t, forged, 1)
	if v := judged(t, file, storyKey(1).Fingerprint()); !v.Intact || !v.Known {
		t.Fatalf("the forged dossier is not intact in itself: %+v", v)
	}
	w := witnessed(t, file, kept)
	if len(w.Findings) != 1 || !strings.Contains(w.Findings[0], "data/journal.jsonl: line 10 is not the one that the witness saw on 2026-03-05") {
		t.Errorf("a forged one: %+v", w)
	}
	// Signed again with another key: the witness still says otherwise.
	if w := witnessed(t, packed(t, forged, 2), kept); len(w.Findings) != 1 {
		t.Errorf("a forged one of another key: %+v", w)
	}
}

// TestWitnessRegister: a checkpoint of another case bears witness to the register, as far
// as the dossier's excerpt of it goes.
func TestWitnessRegister(t *testing.T) {
	t.Parallel()
	file := packed(t, closedStory(), 1)
	c := closedStory().contents()
	for _, r := range []struct {
		name     string
		end      chainEnd
		at       time.Time
		compared bool
		want     string
	}{
		{"its end", c.end, storySeal, true, ""},
		{"a line in the excerpt", chainEnd{1, c.register[0].Hash}, storySeal, true, ""},
		{"another line in the excerpt", chainEnd{1, c.register[1].Hash}, storySeal, true, "data/register.jsonl: line 1 is not the one"},
		{"another end", chainEnd{2, c.register[0].Hash}, storySeal, true, "data/register.jsonl: line 2 is not the one"},
		{"an empty one", chainEnd{0, c.register[0].Prev}, storySeal, false, ""},
		{"more than there are", chainEnd{3, c.register[0].Hash}, storySeal, true, "the register has 2 lines, and had 3"},
		{"signed later", chainEnd{3, c.register[0].Hash}, storySeal.Add(time.Hour), false, ""},
	} {
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			text, err := checkpoint{Case: "onboarding/other/1", Journal: chainEnd{5, "x"}, Register: r.end, SignedAt: r.at}.sign(storyKey(3))
			if err != nil {
				t.Fatal(err)
			}
			w := witnessed(t, file, text)
			if w.Journal || w.Register != r.compared || (len(w.Findings) > 0) != (r.want != "") || r.want != "" && !strings.Contains(w.Findings[0], r.want) {
				t.Errorf("%+v", w)
			}
		})
	}
}

// TestWitnessOfNothing: a file that is no checkpoint, or was changed, is not a witness.
func TestWitnessOfNothing(t *testing.T) {
	t.Parallel()
	file := packed(t, closedStory(), 1)
	kept := checkpointIn(t, file)
	for _, text := range []string{"", "{}", "a letter", strings.Replace(string(kept), `"n": 22`, `"n": 20`, 1), string(kept) + "\n"} {
		_, err := CheckWitness(bytes.NewReader(file), int64(len(file)), []byte(text))
		hinted, ok := err.(interface{ Hint() string })
		if !ok || !strings.Contains(hinted.Hint(), "checkpoint.json") {
			t.Errorf("%.20q: %v", text, err)
		}
	}
	if _, err := CheckWitness(bytes.NewReader(file[:200]), 200, kept); err == nil {
		t.Error("half a dossier is held against a witness")
	}
}

// TestContents: whoever replays is given the journal and each history that it names.
func TestContents(t *testing.T) {
	t.Parallel()
	file := packed(t, closedStory(), 1)
	lines, open, err := Contents(bytes.NewReader(file), int64(len(file)))
	if err != nil || len(lines) != 22 {
		t.Fatalf("%d lines, %v", len(lines), err)
	}
	texts := make(map[string]string)
	for _, m := range dossier.Mentions(lines) {
		if !m.History {
			continue
		}
		r, err := open(m)
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(r)
		if err != nil || r.Close() != nil {
			t.Fatal(err)
		}
		texts[m.Process] = string(text)
	}
	if len(texts) != 2 || texts[storyCase] != `{"events":["a"]}` || texts[storyContract] != `{"events":["b"]}` {
		t.Errorf("the histories are %v", texts)
	}
	if _, err := open(dossier.Mention{History: true, Process: storyCase, Run: "another"}); err == nil {
		t.Error("a history that nobody filed was opened")
	}
	if _, _, err := Contents(bytes.NewReader(file[:200]), 200); err == nil {
		t.Error("half a dossier was opened")
	}
}
