package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// TestAway: one says it on one's own page, sees what stands, and ends it.
func TestAway(t *testing.T) {
	t.Parallel()
	g := newGated(t)
	send := func(more url.Values) page {
		more.Set("nonce", newNonce())
		return g.send("session-lena", "/me/away", more)
	}
	p := g.at("session-lena", "/me")
	p.wants(http.StatusOK)
	if !strings.Contains(p.Body, "When you are away") || strings.Contains(p.Body, "I am back") || !strings.Contains(p.Body, `<option value="ben">`) || strings.Contains(p.Body, `<option value="lena">`) {
		t.Errorf("the page says\n%s", p.Body)
	}
	send(url.Values{"from": {"2026-12-21"}, "until": {"2027-01-03"}, "backup": {"ben"}}).leads("/me")
	if did := g.desk.changes[len(g.desk.changes)-1]; !strings.HasPrefix(did, "away lena ") || !strings.HasSuffix(did, " ben") {
		t.Errorf("the desk was told %q", did)
	}
	p = g.at("session-lena", "/me")
	if !strings.Contains(p.Body, "stands in</div>") && !strings.Contains(p.Body, "stands in") || !strings.Contains(p.Body, "I am back") {
		t.Errorf("the page says\n%s", p.Body)
	}
	send(url.Values{"end": {"yes"}}).leads("/me")
	if p = g.at("session-lena", "/me"); strings.Contains(p.Body, "I am back") {
		t.Error("what was said stands after its end")
	}
	for _, wrong := range []url.Values{{"from": {"2027-01-03"}, "until": {"2026-12-21"}}, {"from": {"soon"}, "until": {"2026-12-21"}}, {"from": {"2026-12-21"}},
		{"from": {"2026-12-21"}, "until": {"2027-01-03"}, "backup": {"nobody"}}} {
		n := len(g.desk.changes)
		p := send(wrong)
		p.wants(http.StatusUnprocessableEntity)
		if !strings.Contains(p.Body, `value="`+wrong.Get("from")+`"`) || len(g.desk.changes) != n {
			t.Errorf("%v: what was typed is lost, or something happened", wrong)
		}
	}
	g.send("session-lena", "/me/away", url.Values{"from": {"2026-12-21"}, "until": {"2027-01-03"}}).wants(http.StatusBadRequest)
}
