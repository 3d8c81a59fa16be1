package archive

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"strings"
	"testing"
	"time"

	"gangway/internal/dossier"
)

// quoted puts marks in front of every line, as a reply does.
func quoted(text, marks string) string {
	return marks + strings.ReplaceAll(text, "\n", "\n"+marks)
}

// keptAs are ways in which somebody keeps the mail with a block.
func keptAs(block string) map[string]string {
	letter := "Keep this.\n\n" + block + "\n-- \nwritten by gangway\n"
	head := "From: gangway@example.org\nTo: auditor@example.net\nSubject: sealed\nMIME-Version: 1.0\n"
	quotedPrintable := strings.ReplaceAll(letter, "o", "=6F") // some servers encode more than they must
	parts := "Content-Type: multipart/alternative; boundary=b\n\n--b\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\n" +
		quotedPrintable + "\n--b\nContent-Type: text/html\n\n<pre>\n" + strings.ReplaceAll(block, "+", "&#43;") + "\n</pre>\n--b--\n"
	encoded := base64.StdEncoding.EncodeToString([]byte(strings.ReplaceAll(letter, "\n", "\r\n")))
	return map[string]string{
		"the block alone":       block,
		"the text of it":        letter,
		"with CR LF":            strings.ReplaceAll(letter, "\n", "\r\n"),
		"a reply to it":         "Thank you.\n\nOn Monday gangway wrote:\n" + quoted(letter, "> "),
		"a reply to a reply":    quoted(quoted(letter, "> "), ">"),
		"double-spaced":         strings.ReplaceAll(letter, "\n", "\n\n"),
		"indented":              quoted(letter, "    "),
		"a mail":                head + "\n" + letter,
		"a mail in a folder":    "From - Mon Mar  2 09:00:00 2026\n" + head + "\n" + letter,
		"a mail of parts":       head + parts,
		"a mail in base64":      head + "Content-Type: text/plain\nContent-Transfer-Encoding: base64\n\n" + encoded + "\n",
		"a mail that forwards":  head + "Content-Type: multipart/mixed; boundary=o\n\n--o\nContent-Type: text/plain\n\nsee below\n--o\nContent-Type: message/rfc822\n\n" + head + parts + "\n--o--\n",
		"the text and its copy": letter + quoted(letter, "> "),
	}
}

// TestWitnessByMail: whoever kept the mail in whichever way has the checkpoint in it, and
// it finds what the file would have found.
func TestWitnessByMail(t *testing.T) {
	t.Parallel()
	file := packed(t, closedStory(), 1)
	kept := checkpointIn(t, file)
	forged := closedStory()
	for i := range forged.entries {
		if f := forged.entries[i].Fact; f != nil && f.Ballot != nil && f.Ballot.Answer == "a1" {
			b := *f.Ballot
			b.Verdict = "approve"
			f.Ballot = &b
		}
	}
	anew := packed(t, forged, 2) // every hash counted anew, and signed with another key
	for name, text := range keptAs(blockOf(kept)) {
		if w := witnessed(t, file, []byte(text)); len(w.Findings) > 0 || !w.Journal || w.Lines != 22 {
			t.Errorf("%s: %+v", name, w)
		}
		if w := witnessed(t, anew, []byte(text)); len(w.Findings) != 1 || !strings.Contains(w.Findings[0], "line 22 is not the one that the witness saw") {
			t.Errorf("%s, of one that was made anew: %+v", name, w)
		}
	}
	for line := range strings.Lines(blockOf(kept)) {
		if n := len(strings.TrimSuffix(line, "\n")); n > 64 || strings.Contains(line, "=") {
			t.Errorf("a mail server may change %q", line)
		}
	}
}

// TestWitnessByMailIsStrict: whatever is not the very checkpoint that was sent is no
// witness, and it is said why.
func TestWitnessByMailIsStrict(t *testing.T) {
	t.Parallel()
	file := packed(t, closedStory(), 1)
	kept, other := checkpointIn(t, file), checkpointIn(t, packed(t, openStory(), 1))
	block := blockOf(kept)
	lines := strings.Split(block, "\n")
	changed := bytes.Replace(kept, []byte(`"n": 22`), []byte(`"n": 20`), 1)
	for name, c := range map[string]struct{ text, want string }{
		"nothing in it":         {"Dear auditor,\n\nall is well.\n", "neither checkpoint.json nor a mail"},
		"a mail without":        {"From: a@b.example\nSubject: x\n\nall is well\n", "neither checkpoint.json nor a mail"},
		"a line is lacking":     {strings.Join(append(append([]string{}, lines[:3]...), lines[4:]...), "\n"), "can't be"},
		"a line twice":          {strings.Join(append(append([]string{}, lines[:3]...), lines[2:]...), "\n"), "can't be"},
		"its end is lacking":    {strings.Join(lines[:len(lines)-1], "\n"), "not as they were sent"},
		"a word within":         {strings.Join(lines[:3], "\n") + "\nhello there!\n" + strings.Join(lines[3:], "\n"), "not as they were sent"},
		"empty":                 {lines[0] + "\n" + lines[len(lines)-1], "not as they were sent"},
		"changed, encoded anew": {blockOf(changed), "something was changed after it was signed"},
		"of two dossiers":       {block + "\n" + blockOf(other), "several dossiers"},
		"far too long":          {block + strings.Repeat("\n", witnessMost), "more than a mail"},
	} {
		_, err := CheckWitness(bytes.NewReader(file), int64(len(file)), []byte(c.text))
		want := c.want
		if want == "can't be" { // where the lines break decides which it is
			want = "the mail:"
		}
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// FuzzWitness: no text makes reading a witness fall over, and the only checkpoint that is
// ever read is the one that was signed.
func FuzzWitness(f *testing.F) {
	kept := checkpointIn(f, packed(f, closedStory(), 1))
	f.Add(kept)
	for _, text := range keptAs(blockOf(kept)) {
		f.Add([]byte(text))
	}
	want, finding := readCheckpoint(kept)
	if finding != "" {
		f.Fatal(finding)
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		c, finding := readWitness(text)
		if finding == "" && c != want || finding != "" && c != (checkpoint{}) {
			t.Errorf("%q was read as %+v", finding, c)
		}
	})
}

// TestSealedCheckpoint: whoever is told of a seal is told ahead of it, once for each, and
// finds the checkpoint of just that one.
func TestSealedCheckpoint(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	a, key := filed(t, closedStory()), storyKey(1)
	var told []int
	crash := true
	before := func(_ context.Context, v dossier.CaseView, lines int) error {
		if told = append(told, lines); crash {
			return errors.New("killed")
		}
		if v.ID != storyCase || v.Sealed {
			t.Errorf("told of %+v", v)
		}
		return nil
	}
	if _, err := a.SealCase(ctx, storyCase, key, storySeal, before); err == nil {
		t.Fatal("it was sealed, and nobody could be told")
	}
	n := told[0]
	if _, _, err := a.SealedCheckpoint(ctx, storyCase, n); !errors.As(err, new(dossier.NotFoundError)) {
		t.Errorf("before it is sealed: %v", err)
	}
	crash = false
	for range 2 { // the second time it stays as it is
		if _, err := a.SealCase(ctx, storyCase, key, storySeal, before); err != nil {
			t.Fatal(err)
		}
	}
	if len(told) != 2 || told[1] != n {
		t.Errorf("told of %v", told)
	}
	s, found, err := a.SealedCheckpoint(ctx, storyCase, n)
	if err != nil || !found || s.Fingerprint != key.Fingerprint() || !s.SignedAt.Equal(storySeal) {
		t.Errorf("%+v, %t, %v", s, found, err)
	}
	file := exported(t, a, key, storySeal.Add(time.Hour))
	if s.Block != blockOf(checkpointIn(t, file)) {
		t.Error("the block is not of the dossier's checkpoint")
	}
	if _, found, err := a.SealedCheckpoint(ctx, storyCase, n-1); err != nil || found {
		t.Errorf("one that was never sealed: %t, %v", found, err)
	}
}
