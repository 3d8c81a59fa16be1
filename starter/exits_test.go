package main

import (
	"bytes"
	"errors"
	"fmt"
	"testing"

	"gangway/config"
	"gangway/internal/dossier"
)

func TestPlain(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"You hold no seat in this request.": "you hold no seat in this request",
		"A reason is needed.":               "a reason is needed",
		"I give up":                         "I give up",
		"HTTP is off.":                      "HTTP is off",
		"and so on...":                      "and so on...",
		" two  words ":                      "two  words",
		"":                                  "",
		"X":                                 "X",
		"Ünal left.":                        "ünal left",
	} {
		if got := plain(text); got != want {
			t.Errorf("plain(%q) = %q, want %q", text, got, want)
		}
	}
}

func TestReport(t *testing.T) {
	t.Parallel()
	faults := config.Faults{{File: "a.yaml", Line: 2, Column: 3, Message: "no", Excerpt: "    2 | x\x1b\n      ^"}, {File: "b.yaml", Message: "gone", Hint: "look"}}
	for name, x := range map[string]struct {
		err  error
		code int
		want string
	}{
		"nothing":  {nil, 0, ""},
		"silent":   {silent(8), 8, ""},
		"an error": {errors.New("Reading a line: no."), 1, "gangway: error: reading a line: no\n"},
		"two lines": {problem{code: 4, err: errors.New("One.\nTwo."), hints: []string{"", "Do this."}}, 4,
			"gangway: error: one\ngangway: error: two\ngangway: hint: do this\n"},
		"wrapped": {fmt.Errorf("planning: %w", usage("no file", "name one")), 2, "gangway: error: planning: no file\ngangway: hint: name one\n"},
		"hinted": {fmt.Errorf("verifying: %w", dossier.FullError{Doing: "writing"}), 1,
			"gangway: error: verifying: writing: no space left\ngangway: hint: " + dossier.FullError{}.Hint() + "\n"},
		"faults": {fmt.Errorf("reading: %w", faults), 1,
			"a.yaml:2:3: no\n    2 | x\\u001b\n      ^\nb.yaml: gone (look)\ngangway: error: 2 faults\n"},
	} {
		var b bytes.Buffer
		s := &session{errs: &terminal{w: &b}}
		if code := s.report(x.err); code != x.code || b.String() != x.want {
			t.Errorf("%s: code %d\n%s\nwant %d\n%s", name, code, b.String(), x.code, x.want)
		}
	}
}

func TestExitCodesNeverChange(t *testing.T) {
	t.Parallel()
	want := []int{0, 1, 2, 3, 4, 5, 8, 65, 75} // one more is no change
	if len(exitMeans()) != len(want) {
		t.Fatalf("%d codes are documented, wanted %d", len(exitMeans()), len(want))
	}
	for i, e := range exitMeans() {
		if e.Code != want[i] || e.Text == "" {
			t.Errorf("code %d is documented as %d: %s", want[i], e.Code, e.Text)
		}
	}
}
