package slack

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// hold compares what is shown with what was shown when somebody last looked.
// Written anew with GANGWAY_UPDATE=1; then look at it.
func hold(t *testing.T, name string, got []byte) {
	t.Helper()
	var pretty bytes.Buffer
	if err := json.Indent(&pretty, got, "", " "); err != nil {
		t.Fatal(err)
	}
	pretty.WriteByte('\n')
	path := filepath.Join("testdata", name+".json")
	if os.Getenv("GANGWAY_UPDATE") != "" {
		if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, pretty.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), pretty.String()); d != "" {
		t.Errorf("%s (-want +got); write it anew with GANGWAY_UPDATE=1:\n%s", name, d)
	}
}

// readable is JSON without < as an escape, to be read by people.
func readable(t *testing.T, v any) []byte {
	t.Helper()
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func holdMessage(t *testing.T, name string, m message) {
	t.Helper()
	if f := m.faults(); f != nil {
		t.Errorf("%s: Slack refuses it: %v", name, f)
	}
	harmless(t, name, m.wire(7))
	hold(t, name, readable(t, map[string]any{"text": m.text, "blocks": m.blocks(7)}))
}

func holdView(t *testing.T, name string, v any) {
	t.Helper()
	if f := viewFaults(v); f != nil {
		t.Errorf("%s: Slack refuses it: %v", name, f)
	}
	harmless(t, name, wire(v))
	hold(t, name, readable(t, v))
}

func TestGoldenCards(t *testing.T) {
	t.Parallel()
	for name, s := range cards() {
		m := s.card()
		holdMessage(t, "card/"+name, m)
		if n := len(m.parts); n > 12 {
			t.Errorf("%s has %d blocks", name, n)
		}
	}
}

func TestGoldenTidings(t *testing.T) {
	t.Parallel()
	all := cards()
	for _, name := range []string{"approved", "changes", "rejected", "withdrawn", "waived"} {
		s := all[name]
		s.Viewer = personOf("max")
		holdMessage(t, "tidings/"+name, s.tidings())
	}
	if m := all["pending"].tidings(); m.text != "" {
		t.Errorf("tidings of what is open: %q", m.text)
	}
}

// TestEveryCardSaysItsStateInItsText holds the words by which one reads a card
// where its blocks are not shown.
func TestEveryCardSaysItsStateInItsText(t *testing.T) {
	t.Parallel()
	texts := map[string]string{}
	var names []string
	for name, s := range cards() {
		names = append(names, name)
		texts[name] = s.card().text
	}
	slices.Sort(names)
	hold(t, "card-texts", readable(t, texts))
	for _, name := range names {
		text := texts[name]
		if text == "" || len(text) > 1000 {
			t.Errorf("%s has the text %q", name, text)
		}
	}
}
