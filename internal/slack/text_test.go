package slack

import (
	"regexp"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"pgregory.net/rapid"
)

// hostile are names that people have given, or would, to be taken for more than
// a name.
func hostile() []string {
	return []string{
		"<!channel>", "<!here|here>", "<@U2CERLKJA>", "<#C024BE91L|general>", "<https://evil.example|Approve>", "<!subteam^S1>", "<!date^1392734382^{date}|now>",
		"&lt;!channel&gt;", "a & b < c > d", "\u202egnitirw fo noitcerid\u202c", "A\u2066B\u2069C", "zero\u200bwidth\u2060\ufeff", "bell\a\x00\x1b[31m\u0085", "line\r\nend\u2028and\u2029more\ttabs",
		"\xff\xfe no UTF-8 \xc3", "👩\u200d👩\u200d👧\u200d👦 " + strings.Repeat("𝔘", 3000), strings.Repeat("ש", 3000), strings.Repeat("<", 3000), strings.Repeat("&", 2999) + "x", strings.Repeat("e\u0301", 1600), "", " ",
	}
}

// loose is an ampersand that begins no entity of ours, or a bracket.
var loose = regexp.MustCompile(`[<>]|&(?:[^alg]|a[^m]|am[^p]|amp[^;]|[lg][^t]|[lg]t[^;]|$|a$|am$|amp$|[lg]$|[lg]t$)`)

func checkText(t interface{ Errorf(string, ...any) }, words string, most int) {
	for name, got := range map[string]string{"plain": plain(words, most), "escaped": escaped(words, most)} {
		if n := utf8.RuneCountInString(got); n > max(most, 0) {
			t.Errorf("%s of %q has %d characters, more than %d", name, words, n, most)
		}
		if !utf8.ValidString(got) {
			t.Errorf("%s of %q is no UTF-8", name, words)
		}
		for _, r := range got {
			if unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) || unicode.IsSpace(r) && r != ' ' {
				t.Errorf("%s of %q has %U in it", name, words, r)
			}
		}
		if name == "escaped" && loose.MatchString(got) {
			t.Errorf("escaped of %q is %q: something of it could be markup", words, got)
		}
	}
}

// TestHostileNames: none of them is markup, hides anything or is too long.
func TestHostileNames(t *testing.T) {
	t.Parallel()
	for _, name := range hostile() {
		for _, most := range []int{-1, 0, 1, 2, 5, 24, 75, 150, 2000, 3000} {
			checkText(t, name, most)
		}
	}
}

// TestAnyWords is the same for whatever there may be.
func TestAnyWords(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		words := rapid.OneOf(rapid.String(), rapid.StringOf(rapid.SampledFrom([]rune("<>&;alt gmp\u202e\u200b\n𝔘"))), rapid.Custom(func(t *rapid.T) string { return string(rapid.SliceOf(rapid.Byte()).Draw(t, "bytes")) })).Draw(t, "words")
		most := rapid.IntRange(-1, 40).Draw(t, "most")
		checkText(t, words, most)
		// Read back, what is shown is how the words begin.
		shown := strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&").Replace(escaped(words, most))
		whole := clean(words)
		if begin, left := strings.CutSuffix(shown, cut); left && shown != whole {
			if !strings.HasPrefix(whole, begin) {
				t.Errorf("%q is shown as %q", words, shown)
			}
		} else if shown != whole && most > 0 {
			t.Errorf("%q is shown as %q, and nothing says that it is cut", words, shown)
		}
		if utf8.RuneCountInString(whole) <= most && plain(words, most) != whole {
			t.Errorf("%q fits and is cut to %q", words, plain(words, most))
		}
	})
}

// TestWordsRead are the same for people: what is harmless stays as it is.
func TestWordsRead(t *testing.T) {
	t.Parallel()
	for words, want := range map[string]string{
		"Brightwell Payroll Ltd":       "Brightwell Payroll Ltd",
		"Müller & Söhne GmbH":          "Müller &amp; Söhne GmbH",
		"  two\r\n lines \t of it ":    "two lines of it",
		"می\u200cخواهم 👩\u200d🚀":       "می\u200cخواهم 👩\u200d🚀",
		"\u202eevil\u202c Ltd":         "evil Ltd",
		"1 < 2":                        "1 &lt; 2",
		"name" + "\xff":                "name\uFFFD",
		"tagged\U000e0041\U000e007f 1": "tagged 1",
	} {
		if got := escaped(words, 100); got != want {
			t.Errorf("%q reads %q, want %q", words, got, want)
		}
	}
	for most, want := range map[int]string{9: "ab &amp;…", 8: "ab…", 4: "ab…", 3: "ab…", 2: "a…", 1: "…", 0: ""} {
		if got := escaped("ab &<", most); got != want {
			t.Errorf("in %d characters it reads %q, want %q", most, got, want)
		}
	}
}

// FuzzText: no bytes of strangers make markup.
func FuzzText(f *testing.F) {
	for i, name := range hostile() {
		f.Add(name, i)
	}
	f.Fuzz(func(t *testing.T, words string, most int) { checkText(t, words, most%4000) })
}

// The colon that would end an emoji's name may be ours: "Title :b" before ": approved".
func TestAColonOfOursEndsNobodysEmoji(t *testing.T) {
	t.Parallel()
	for words, want := range map[string]string{":b": "꞉b", "a :smile": "a ꞉smile", ":b:": "꞉b:", "a: b": "a: b", "a:": "a:", ":": ":"} {
		if got := literal(words, 50); got != want {
			t.Errorf("%q is written %q, want %q", words, got, want)
		}
	}
}
