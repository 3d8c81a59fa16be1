package slacktest

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

func TestReading(t *testing.T) {
	t.Parallel()
	s := start(t, Options{})
	for _, test := range []struct{ text, want string }{
		{"*Acme* _and_ ~Co~ `x`", "Acme and Co x"},
		{"*_both_ of them*", "both of them"},
		{"2*3*4 and snake_case_name", "2*3*4 and snake_case_name"},
		{"* no * _ mark _ **", "* no * _ mark _ **"},
		{"*not closed", "*not closed"},
		{"*over\nlines*", "*over\nlines*"},
		{"(*bold*), “_slanted_”!", "(bold), “slanted”!"},
		{"*bold*ly", "*bold*ly"},
		{"&lt;b&gt; &amp;amp; *&lt;*", "<b> &amp; <"},
		{"> quoted\n&gt; too\nnot > this", "quoted\ntoo\nnot > this"},
		{"```*as* it is\nhere```", "*as* it is\nhere"},
		{"`*as* it is`", "*as* it is"},
		{"<https://example.com/a_b_c|*words*> <https://example.com/_x_>", "*words* https://example.com/_x_"},
		{"*<https://example.com/*|a link>*", "a link"},
		{"<mailto:a@example.com|a@example.com>", "a@example.com"},
		{"<@U0ANA> <@U0NONE> <#C0OPEN> <#C0NONE|old> <!channel> <!subteam^S1|@legal>", "@Ana Lima @U0NONE #vendors #C0NONE @channel @legal"},
		{"<!date^1795770000^{date_long_pretty} at {time}|Fri 27 Nov 2026, 09:00 GMT>", "Fri 27 Nov 2026, 09:00 GMT"},
		{"a < b", "a < b"},
		{"*⛔ stop*, ё*нет*", "⛔ stop, ё*нет*"},
	} {
		if diff := cmp.Diff(test.want, s.plainly(test.text)); diff != "" {
			t.Errorf("%q: %s", test.text, diff)
		}
	}
}

func TestReadingStyles(t *testing.T) {
	t.Parallel()
	s := start(t, Options{})
	want := []styled{
		{Quote: true, Runs: []styledRun{{Text: "a "}, {Text: "b ", Bold: true}, {Text: "c", Bold: true, Italic: true}}},
		{},
		{Runs: []styledRun{{Text: "d", Link: "https://example.com/?a=1&b=2", Bold: true}, {Text: " "}, {Text: "e", Strike: true}, {Text: " "}, {Text: "f", Code: true}}},
		{Code: true, Runs: []styledRun{{Text: "g", Code: true}}},
	}
	if diff := cmp.Diff(want, s.lines("> a *b _c_*\n\n*<https://example.com/?a=1&amp;b=2|d>* ~e~ `f`\n```\ng\n```")); diff != "" {
		t.Error(diff)
	}
}

func TestHoldsAll(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		text  string
		words []string
		want  bool
	}{
		{"Due\nFri 27 Nov", []string{"Due Fri"}, true},
		{"from \u2068שלום\u2069 on", []string{"from שלום on"}, true},
		{"Due Fri", []string{"Due", "Sat"}, false},
		{"Due Fri", nil, true},
		{"Due Fri", []string{"due"}, false},
	} {
		if got := holdsAll(test.text, test.words); got != test.want {
			t.Errorf("%q in %q: %v", test.words, test.text, got)
		}
	}
	if !same("Reject…", "Reject") || !same(" Reject ", "Reject…") || same("Reject", "Reject all") {
		t.Error("labels differ at most in their …")
	}
}

// FuzzReading: reading ends, keeps every letter that no <…> and no entity hides,
// and makes no new ones.
func FuzzReading(f *testing.F) {
	for _, seed := range []string{"*a* _b_ ~c~ `d` ```e```", "> *a _b*_", "<@U0ANA><#C0OPEN|x><!date^1^x|y><a|b>", "&lt;&amp;&gt;", "**_*_*~`*", "<<>>", "\xff*\xff*"} {
		f.Add(seed)
	}
	s, err := New(Options{})
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { _ = s.Close() })
	letters := func(text string) string {
		return strings.Map(func(r rune) rune {
			if wordy(r) && r != utf8.RuneError {
				return r
			}
			return -1
		}, text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		text = strings.ToValidUTF8(text, "\ufffd") // what comes out of JSON always is
		got := s.plainly(text)
		if !utf8.ValidString(got) {
			t.Errorf("%q is read as %q, which is no text", text, got)
		}
		if !strings.ContainsAny(text, "<&") && letters(got) != letters(text) {
			t.Errorf("%q is read as %q", text, got)
		}
	})
}
