package mail

import (
	"slices"
	"strings"
	"testing"
)

// Of the ways by a token the standard one comes first; where only Microsoft's is
// offered, that; where none is, none.
func TestBearerTakesWhatIsOffered(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		offered []string
		want    string
		first   string
	}{
		{[]string{"PLAIN", "XOAUTH2", "OAUTHBEARER"}, "OAUTHBEARER", "n,a=me@example.org,\x01host=h\x01port=587\x01auth=Bearer tok\x01\x01"},
		{[]string{"LOGIN", "XOAUTH2"}, "XOAUTH2", "user=me@example.org\x01auth=Bearer tok\x01\x01"},
		{[]string{"PLAIN"}, "", ""},
	} {
		way := bearer(func(name string) bool { return slices.Contains(c.offered, name) }, "me@example.org", "tok", "h", 587)
		if way == nil {
			if c.want != "" {
				t.Errorf("%v: none", c.offered)
			}
			continue
		}
		name, first, err := way.Start()
		if err != nil || name != c.want || string(first) != c.first {
			t.Errorf("%v: %s %q, %v", c.offered, name, first, err)
		}
		if _, err := way.Next([]byte(`{"status":"401","schemes":"bearer"}`)); err == nil {
			t.Errorf("%s goes on after a refusal", name)
		}
	}
	long := strings.Repeat("x", 10_000)
	if _, err := (&xoauth2{}).Next([]byte(long)); len(err.Error()) > 400 {
		t.Error("a refusal is as long as the server likes")
	}
}
