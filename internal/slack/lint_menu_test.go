package slack

import (
	"strings"
	"testing"
)

// modalWith is a modal with one menu.
func modalWith(e object) object {
	e["action_id"] = "typed"
	return object{"type": "modal", "title": words("plain_text", 3), "submit": words("plain_text", 3),
		"blocks": []any{object{"type": "input", "block_id": "x", "label": words("plain_text", 3), "element": e}}}
}

func offered(value string) object {
	return object{"text": object{"type": "plain_text", "text": value}, "value": value}
}

// TestLimitsOfMenus: groups of options, what is chosen at first, and links.
func TestLimitsOfMenus(t *testing.T) {
	t.Parallel()
	group := func(options ...any) object {
		return object{"label": words("plain_text", mostOption), "options": options}
	}
	for want, e := range map[string]object{
		"": {"type": "static_select", "option_groups": []any{group(offered("a")), group(offered("b"))}, "initial_option": offered("b")},
		"/blocks/0/element/option_groups: 101 of": {"type": "static_select", "option_groups": repeat(101, group(offered("a")))},
		"/option_groups/0/options: 101 of":        {"type": "static_select", "option_groups": []any{group(options(101)...)}},
		"/option_groups/0/label: a text":          {"type": "static_select", "option_groups": []any{object{"options": []any{offered("a")}}}},
		"it has options and groups":               {"type": "static_select", "options": []any{offered("a")}, "option_groups": []any{group(offered("b"))}},
		"/element: what is chosen at first is no": {"type": "radio_buttons", "options": []any{offered("a")}, "initial_option": offered("b")},
		"what is chosen at first is no option":    {"type": "multi_static_select", "options": []any{offered("a"), offered("c")}, "initial_options": []any{offered("c"), offered("b")}},
		"/element/options/0/url: only a ⋯":        {"type": "radio_buttons", "options": []any{object{"text": words("plain_text", 1), "value": "a", "url": "https://x"}}},
	} {
		got := strings.Join(viewFaults(modalWith(e)), "\n")
		if (want == "") != (got == "") || !strings.Contains(got, want) {
			t.Errorf("%v has %q, want %q", e["type"], got, want)
		}
	}
	fat := modalWith(object{"type": "plain_text_input"})
	fat["blocks"] = append(fat["blocks"].([]any), repeat(90, object{"type": "section", "text": object{"type": "mrkdwn", "text": strings.Repeat("x", mostText)}})...)
	if got := strings.Join(viewFaults(fat), "\n"); !strings.Contains(got, "bytes, want at most 250000") {
		t.Errorf("a view of 270 kB has %q", got)
	}
}
