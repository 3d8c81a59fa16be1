package slack

import (
	"slices"
	"strings"
	"testing"
)

func TestEveryMethodSaysWhatItIsForAndHowOften(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, m := range Methods() {
		if seen[m.Name] {
			t.Errorf("%s is there twice", m.Name)
		}
		seen[m.Name] = true
		if m.For == "" || m.Minute < 1 {
			t.Errorf("%s: for %q, %d a minute", m.Name, m.For, m.Minute)
		}
		if m.AppLevel != (m.Scope == scopeConnections) {
			t.Errorf("%s: the app-level token has one scope, and only it", m.Name)
		}
	}
}

// TestNoMethodReadsWhatPeopleWrite: what the note on Slack says not to take.
func TestNoMethodReadsWhatPeopleWrite(t *testing.T) {
	t.Parallel()
	for _, m := range Methods() {
		for _, scope := range append(slices.Clone(m.More), m.Scope) {
			if strings.HasSuffix(scope, ":history") || scope == "files:read" || scope == "chat:write.public" {
				t.Errorf("%s wants %s", m.Name, scope)
			}
		}
	}
}
