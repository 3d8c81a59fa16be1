package github

import (
	"net/http"
	"strings"
	"testing"
	"time"
	"unicode"

	"pgregory.net/rapid"
)

// FuzzSorted: whatever comes back, an error says one of the faults, waits for a time
// that one can wait, and repeats nothing of it but names of permissions.
func FuzzSorted(f *testing.F) {
	f.Add(403, "application/json", `{"message":"You have exceeded a secondary rate limit"}`, "60", "0", "1795000000", "members=write; administration=read", "required; url=https://x")
	f.Add(429, "text/html", `<html>`, "-1", "0", "99999999999999999999", "x=y,=,;", "partial-results; organizations=1")
	f.Add(200, "application/json", `[]`, "", "", "", "", "")
	f.Add(200, "application/json", ``, "Sun, 22 Nov 2026 10:00:00 GMT", "5000", "0", "a=b", "")
	f.Add(502, "text/html", `<html>`, "", "", "", "", "")
	now := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, status int, kind, body, after, remaining, reset, needs, sso string) {
		h := http.Header{}
		for key, value := range map[string]string{"Content-Type": kind, "Retry-After": after, "X-RateLimit-Remaining": remaining, "X-RateLimit-Reset": reset,
			"X-Accepted-GitHub-Permissions": needs, "X-GitHub-SSO": sso, "X-GitHub-Request-Id": needs} {
			h.Set(key, value)
		}
		n := &note{status: status, header: h, body: []byte(body)}
		err := sorted("GET /x", n, nil, now)
		if err == nil {
			if status != 0 && status != 204 && (status < 200 || status > 299 || strings.TrimSpace(body) == "") {
				t.Fatalf("%d %q is an answer", status, body)
			}
			return
		}
		e, _ := faultOf(err)
		if e.Fault == "" || e.RetryAfter() < 0 || e.RetryAfter() > mostLimited || e.Permanent() && e.RetryAfter() > 0 {
			t.Errorf("%+v", e)
		}
		text := e.Error() + e.Hint() + e.Request
		if strings.ContainsFunc(text, func(r rune) bool { return unicode.IsControl(r) || r > unicode.MaxASCII || r == '<' }) || len(text) > 8<<10 {
			t.Errorf("%q", text)
		}
		if status >= 300 && status < 500 && status != 429 && status != 403 && status != 401 && !e.Permanent() && n.json() {
			t.Errorf("%d is tried again: %+v", status, e)
		}
	})
}

// FuzzEntries: a page is a list of what can be named, or none.
func FuzzEntries(f *testing.F) {
	f.Add([]byte(`[{"id":1,"login":"a","failed_at":"","created_at":"2026-11-22T09:00:00Z"}]`))
	f.Add([]byte(`[{"id":1,"login":null,"failed_at":null,"team_count":1}]`))
	f.Add([]byte(`null`))
	f.Add([]byte(`{}`))
	f.Add([]byte(`[null]`))
	f.Add([]byte(``))
	f.Add([]byte(`[{"id":-1}]`))
	f.Fuzz(func(t *testing.T, body []byte) {
		if all, sound := entries[Account](body); sound {
			for _, a := range all {
				if a.ID <= 0 || a.Login == "" {
					t.Errorf("%+v", a)
				}
			}
		} else if all != nil {
			t.Error("a page that is none has entries")
		}
		if all, sound := entries[Invitation](body); sound {
			for _, i := range all {
				if i.ID <= 0 {
					t.Errorf("%+v", i)
				}
			}
		}
		if all, sound := entries[RepositoryInvitation](body); sound && len(all) > 0 && all[0].ID <= 0 {
			t.Errorf("%+v", all[0])
		}
	})
}

// FuzzCheckKey: what an operator gives for a key is one or is refused.
func FuzzCheckKey(f *testing.F) {
	f.Add([]byte("-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----\n"))
	f.Add([]byte("-----BEGIN PRIVATE KEY-----\n\n-----END PRIVATE KEY-----"))
	f.Add([]byte("hunter2"))
	f.Fuzz(func(t *testing.T, text []byte) {
		key, err := parseKey(text)
		if (err == nil) != (key != nil) || err == nil && key.N.BitLen() < leastKey {
			t.Errorf("%v %v", key, err)
		}
	})
}

// TestThePaceKeepsItsBounds, whenever one asks.
func TestThePaceKeepsItsBounds(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var p pace
		at := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
		var made []time.Time
		for range rapid.IntRange(1, 600).Draw(t, "calls") {
			at = at.Add(time.Duration(rapid.IntRange(0, 20_000).Draw(t, "pause")) * time.Millisecond)
			if wait := p.free(at, addCollaborator()); wait > 0 {
				at = at.Add(wait)
				if p.free(at, addCollaborator()) > 0 {
					t.Fatalf("what it says to wait is too short")
				}
			}
			p.take(at, addCollaborator())
			made = append(made, at)
		}
		for i := range made {
			within := func(n int, span time.Duration) {
				if i >= n && made[i].Sub(made[i-n]) < span {
					t.Fatalf("%d within %s", n+1, made[i].Sub(made[i-n]))
				}
			}
			within(1, between)
			within(mostMinute, time.Minute)
			within(mostHour, time.Hour)
		}
	})
}
