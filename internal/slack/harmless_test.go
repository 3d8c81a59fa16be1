package slack

import (
	"encoding/json"
	"regexp"
	"strings"
	"unicode"
)

// harmless looks through a message or view as it is sent: nothing in it is active
// but our own dates and links, every mrkdwn is verbatim, every button carries the
// ticket or nothing and says aloud what it does, and nothing hides.
func harmless(t interface {
	Helper()
	Errorf(string, ...any)
}, name string, sent []byte) {
	t.Helper()
	var o any
	if err := json.Unmarshal(sent, &o); err != nil {
		t.Errorf("%s is no JSON: %v", name, err)
		return
	}
	ours := regexp.MustCompile(`<!date\^\d+\^\{date_long_pretty\} at \{time\}\|[^<>|]+>|<https://gangway\.example\.org/[^<>|\s]*\|[^<>|]*>`)
	text := func(s string) {
		rest := ours.ReplaceAllString(s, "")
		rest = strings.TrimPrefix(strings.ReplaceAll(rest, "\n> ", "\n"), "> ") // a quotation
		if strings.ContainsAny(rest, "<>") {
			t.Errorf("%s: something of others is active in %q", name, s)
		}
		for _, r := range s {
			if hidden(r) && r != '\n' && r != '\u2068' && r != '\u2069' {
				t.Errorf("%s: %U hides in %q", name, r, s)
			}
		}
	}
	var walk func(v any)
	walk = func(v any) {
		switch v := v.(type) {
		case []any:
			for _, x := range v {
				walk(x)
			}
		case map[string]any:
			switch v["type"] {
			case "mrkdwn":
				text(v["text"].(string))
				if v["verbatim"] != true {
					t.Errorf("%s: Slack would look for links in %v", name, v["text"])
				}
			case "button":
				if x, is := v["value"]; is && x != testTicket {
					t.Errorf("%s: a button carries %v", name, x)
				}
				if v["accessibility_label"] == nil {
					t.Errorf("%s: a button says nothing aloud: %v", name, v["text"])
				}
			case "overflow":
				for _, o := range v["options"].([]any) {
					x := o.(map[string]any)["value"].(string)
					if c, ok := readClick("menu", "", x); !ok || c.Ticket != testTicket {
						t.Errorf("%s: a menu carries %v", name, x)
					}
				}
			}
			for _, x := range v {
				walk(x)
			}
		}
	}
	walk(o)
	if m, is := o.(map[string]any); is {
		if s, is := m["text"].(string); is {
			text(s)
			if strings.ContainsFunc(s, unicode.IsControl) && !strings.Contains(s, "\n") {
				t.Errorf("%s: its text has control characters: %q", name, s)
			}
		}
		if s, is := m["private_metadata"].(string); is && s != testTicket && m["callback_id"] != "onboard" && m["callback_id"] != "exit-name" && m["callback_id"] != "settle" {
			t.Errorf("%s: its metadata is %q", name, s)
		}
	}
	if strings.Contains(string(sent), "@example.org") {
		t.Errorf("%s has a mail address", name)
	}
}
