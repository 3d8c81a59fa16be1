package exit

import "testing"

// Why something could not be seen is a sentence of its own for who reads a certificate:
// “edition” tells nobody anything.
func TestWhysAreSaidInWords(t *testing.T) {
	t.Parallel()
	for why, want := range map[string]string{
		"edition":       "GitHub shows it in Enterprise Cloud with single sign-on alone",
		"apps-alone":    "GitHub shows it to apps alone, and gangway signs in with a token",
		"silent":        "nobody answered",
		"return":        "return",
		"a-later-words": "a later words",
		"":              "",
	} {
		if got := WhyWords(why); got != want {
			t.Errorf("%q reads %q, want %q", why, got, want)
		}
	}
	if got, want := WhysWords([]string{"away", "return"}), "GitHub could not be reached, return"; got != want {
		t.Errorf("two read %q, want %q", got, want)
	}
	if got := WhysWords(nil); got != "" {
		t.Errorf("none reads %q", got)
	}
}
