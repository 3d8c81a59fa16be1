package access

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func noon() time.Time { return time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC) }

func keys() (ours, theirs Key) {
	return Key(strings.Repeat("k", 32)), Key(strings.Repeat("K", 32))
}

// TestSecretsAreApart: what is derived from one key for two purposes, or for two
// of anything, is never the same.
func TestSecretsAreApart(t *testing.T) {
	t.Parallel()
	k, other := keys()
	seen := map[string]string{}
	for name, secret := range map[string]string{
		"link": k.Link("a"), "another link": k.Link("b"), "another key's": other.Link("a"), "ticket": k.Ticket("a", 1, "b", "c"),
		"another version": k.Ticket("a", 11, "b", "c"), "moved": k.Ticket("a", 1, "bc", ""), "another person": k.Ticket("a", 1, "d", "c"),
	} {
		if twin := seen[secret]; twin != "" || len(secret) != 26 || strings.ToLower(secret) != secret {
			t.Errorf("%s is %q, as is %s", name, secret, twin)
		}
		seen[secret] = name
	}
	if code := k.Code("a"); len(code) != 6 || strings.Trim(code, "0123456789") != "" || code == other.Code("a") {
		t.Errorf("the code is %q", code)
	}
	if Hash("AbC") != Hash("aBc") || Hash("abc") == Hash("abd") || !strings.HasPrefix(Hash(""), "sha256:") {
		t.Error("digests of secrets")
	}
}

func TestFirstLink(t *testing.T) {
	t.Parallel()
	k, other := keys()
	until := noon().Add(FirstFor)
	secret := k.First("helen", until)
	person, end, ok := k.ReadFirst(secret, noon())
	if !ok || person != "helen" || !end.Equal(until) {
		t.Errorf("read %q, %s, %v", person, end, ok)
	}
	if _, _, ok := k.ReadFirst(secret, until); ok {
		t.Error("it is good for ever")
	}
	sum, rest, _ := strings.Cut(secret, ".")
	for _, forged := range []string{"", ".", "..", sum, rest, "." + rest, sum + ".", sum + "..helen", secret + "x", "x" + secret, strings.Replace(secret, "helen", "maya", 1),
		strings.Replace(secret, ".", ".z", 1), sum + "." + rest + "." + rest, other.First("helen", until), k.Link("helen"), strings.ToUpper(secret)} {
		if person, _, ok := k.ReadFirst(forged, noon()); ok {
			t.Errorf("%q is taken for %s", forged, person)
		}
	}
	if _, _, ok := k.ReadFirst(k.First("", until), noon()); ok {
		t.Error("a link for nobody is good")
	}
}

func FuzzReadFirst(f *testing.F) {
	k, _ := keys()
	f.Add(k.First("helen", noon().Add(time.Hour)))
	f.Add("a.b.c")
	f.Fuzz(func(t *testing.T, secret string) {
		person, until, ok := k.ReadFirst(secret, noon())
		if ok && k.First(person, until) != secret {
			t.Errorf("%q is good and was never made", secret)
		}
	})
}

func TestMask(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"Helen Marsh": "Helen M.", "Inês da Costa": "Inês C.", "Cher": "Cher", "": "", " \t": "", "  a  b ": "a B.", "李 小龙": "李 小.",
		"éva ángel": "éva Á.",
	} {
		if got := Mask(name); got != want {
			t.Errorf("%q is shown as %q, want %q", name, got, want)
		}
	}
	if got := Mask(strings.Repeat("ü", 10_000)); len([]rune(got)) != maxMasked {
		t.Errorf("a long name is shown as %q", got)
	}
}

func TestDevice(t *testing.T) {
	t.Parallel()
	for said, want := range map[string]string{"Firefox on Linux": "Firefox on Linux", " a\x00b\r\nc\u202e\xff ": "abc", "": ""} {
		if got := Device(said); got != want {
			t.Errorf("%q is kept as %q, want %q", said, got, want)
		}
	}
	if got := Device(strings.Repeat("x", 1000)); len([]rune(got)) != maxDevice {
		t.Errorf("a long one is kept as %q", got)
	}
}

func TestLocalPath(t *testing.T) {
	t.Parallel()
	for next, want := range map[string]string{"/": "/", "/request?id=a%2Fb": "/request?id=a%2Fb", "": "/", "//evil.example": "/", "https://evil.example": "/",
		"/\\evil.example": "/", "evil": "/", "/a b": "/", "/a\nb": "/", "/\t/evil.example": "/", "/" + strings.Repeat("a", 3000): "/"} {
		if got := LocalPath(next); got != want {
			t.Errorf("%.40q leads to %q, want %q", next, got, want)
		}
	}
}

// TestWait: whoever waits as long as they are told may come, a moment earlier
// not, and no window ever holds more than its limit.
func TestWait(t *testing.T) {
	t.Parallel()
	limits := LinkLimits()
	if d := cmp.Diff(12*time.Minute, Wait(limits, []time.Time{noon(), noon().Add(time.Minute), noon().Add(2 * time.Minute)}, noon().Add(3*time.Minute))); d != "" {
		t.Error(d)
	}
	rapid.Check(t, func(t *rapid.T) {
		var came []time.Time
		now := noon()
		for range rapid.IntRange(0, 40).Draw(t, "n") {
			now = now.Add(time.Duration(rapid.IntRange(0, 3_000).Draw(t, "seconds")) * time.Second)
			wait := Wait(limits, came, now)
			if wait == 0 {
				came = append(came, now)
			} else if Wait(limits, came, now.Add(wait)) != 0 || Wait(limits, came, now.Add(wait-1)) == 0 {
				t.Fatalf("after waiting %s one waits again, or waited too long", wait)
			}
			for _, l := range limits {
				within := 0
				for _, c := range came {
					if now.Sub(c) < l.In {
						within++
					}
				}
				if within > l.Most {
					t.Fatalf("%d within %s", within, l.In)
				}
			}
		}
	})
}

// TestHowLongThingsLive: what was promised to people, in numbers.
func TestHowLongThingsLive(t *testing.T) {
	t.Parallel()
	if SessionFor != 720*time.Hour {
		t.Errorf("a device stays signed in for %s, want 30 days", SessionFor)
	}
	if LinkFor > time.Hour || TokenFor > 90*24*time.Hour || MaxTries > 5 {
		t.Errorf("a link lives %s, a token %s, %d codes may be tried", LinkFor, TokenFor, MaxTries)
	}
}
