package slacktest

import (
	"fmt"
	"maps"
	"slices"
	"unicode/utf8"
)

// surface is where blocks stand.
type surface string

const (
	onMessage surface = "message"
	onModal   surface = "modal"
	onHome    surface = "home"
)

// linter reads blocks as Slack's documentation has them ("Reference: blocks",
// "block elements", "composition objects", "views") and keeps what is wrong, in
// Slack's words, each with its JSON pointer (RFC 6901).
type linter struct {
	faults   []string
	on       surface
	blockIDs map[string]bool
	markdown int // characters in all markdown blocks
}

func (l *linter) wrong(at, format string, args ...any) {
	l.faults = append(l.faults, fmt.Sprintf(format, args...)+" [json-pointer:"+at+"]")
}

// check looks at a value at a place.
type check func(l *linter, at string, v any)

// fields are those that an object may have; a name with * in front must be there.
type fields map[string]check

func (l *linter) object(at string, v any, may fields) (map[string]any, bool) {
	o, is := v.(map[string]any)
	if !is {
		l.wrong(at, "must provide an object")
		return nil, false
	}
	for _, name := range slices.Sorted(maps.Keys(may)) {
		bare, must := name, name[0] == '*'
		if must {
			bare = name[1:]
		}
		value, there := o[bare]
		switch {
		case !there || value == nil:
			if must {
				l.wrong(at, "missing required field: %s", bare)
			}
		case may[name] != nil:
			may[name](l, at+"/"+bare, value)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(o)) {
		_, may1 := may[name]
		_, may2 := may["*"+name]
		if !may1 && !may2 && name != "type" {
			l.wrong(at, "invalid additional property: %s", name)
		}
	}
	return o, true
}

func text(least, most int) check {
	return func(l *linter, at string, v any) {
		s, is := v.(string)
		n := utf8.RuneCountInString(s)
		switch {
		case !is:
			l.wrong(at, "must provide a string")
		case n > most:
			l.wrong(at, "must be less than %d characters", most+1)
		case n < least:
			l.wrong(at, "must be more than %d characters", least-1)
		}
	}
}

func oneOf(values ...string) check {
	return func(l *linter, at string, v any) {
		if s, is := v.(string); !is || !slices.Contains(values, s) {
			l.wrong(at, "must be a valid enum value")
		}
	}
}

func flag(l *linter, at string, v any) {
	if _, is := v.(bool); !is {
		l.wrong(at, "must be a boolean")
	}
}

func number(least, most float64) check {
	return func(l *linter, at string, v any) {
		if n, is := v.(float64); !is || n < least || n > most {
			l.wrong(at, "must be a number from %.0f to %.0f", least, most)
		}
	}
}

func list(least, most int, each check) check {
	return func(l *linter, at string, v any) {
		all, is := v.([]any)
		switch {
		case !is:
			l.wrong(at, "must be an array")
			return
		case len(all) > most:
			l.wrong(at, "no more than %d items allowed", most)
		case len(all) < least:
			l.wrong(at, "no less than %d items allowed", least)
		}
		for i, one := range all {
			each(l, fmt.Sprintf("%s/%d", at, i), one)
		}
	}
}

func anything(*linter, string, any) {}

// plain is a text object of plain_text, written one of either kind.
func plain(most int) check {
	return func(l *linter, at string, v any) {
		o, is := l.object(at, v, fields{"*type": oneOf("plain_text"), "*text": text(1, most), "emoji": flag})
		if is && o["verbatim"] != nil {
			l.wrong(at, "invalid additional property: verbatim")
		}
	}
}

func written(most int) check {
	return func(l *linter, at string, v any) {
		if o, is := v.(map[string]any); is && o["type"] == "mrkdwn" {
			l.object(at, v, fields{"*text": text(1, most), "verbatim": flag})
			return
		}
		plain(most)(l, at, v)
	}
}

func confirm(l *linter, at string, v any) {
	l.object(at, v, fields{"*title": plain(100), "*text": written(300), "*confirm": plain(30), "*deny": plain(30), "style": oneOf("primary", "danger")})
}

// lintBlocks names what is wrong with the blocks of a message.
func lintBlocks(blocks []any, on surface) []string {
	l := &linter{on: on, blockIDs: map[string]bool{}}
	l.blocks("/blocks", blocks, 50)
	return l.faults
}

// lintView names what is wrong with a modal or a home tab.
func lintView(view map[string]any, kind string) []string {
	l := &linter{on: surface(kind), blockIDs: map[string]bool{}}
	may := fields{"*type": oneOf(kind), "*blocks": func(l *linter, at string, v any) { l.blocks(at, v, 100) },
		"private_metadata": text(0, 3000), "callback_id": text(0, 255), "external_id": text(0, 255)}
	if kind == "modal" {
		maps.Copy(may, fields{"*title": plain(24), "submit": plain(24), "close": plain(24), "clear_on_close": flag, "notify_on_close": flag,
			"submit_disabled": flag})
	}
	l.object("/view", view, may)
	blocks, _ := view["blocks"].([]any)
	input := slices.ContainsFunc(blocks, func(b any) bool {
		o, is := b.(map[string]any)
		return is && o["type"] == "input"
	})
	if kind == "modal" && input && view["submit"] == nil {
		l.wrong("/view", "missing required field: submit")
	}
	return l.faults
}

func (l *linter) blocks(at string, v any, most int) {
	list(0, most, (*linter).block)(l, at, v)
	if l.markdown > 12_000 {
		l.wrong(at, "markdown blocks must be less than 12001 characters in total")
	}
}

func (l *linter) block(at string, v any) {
	o, is := v.(map[string]any)
	if !is {
		l.wrong(at, "must provide an object")
		return
	}
	kind, _ := o["type"].(string)
	may, known := l.layouts()[kind]
	if !known {
		l.wrong(at+"/type", "unsupported type: %s", kind)
		return
	}
	may["block_id"] = text(0, 255)
	l.object(at, o, may)
	if id, _ := o["block_id"].(string); id != "" {
		if l.blockIDs[id] {
			l.wrong(at+"/block_id", "block_id must be unique, %q is there already", id)
		}
		l.blockIDs[id] = true
	}
	seen := map[string]bool{}
	for _, e := range elements(o) {
		if id, _ := e["action_id"].(string); id != "" {
			if seen[id] {
				l.wrong(at, "action_id must be unique within a block, %q is there twice", id)
			}
			seen[id] = true
		}
	}
	if kind == "section" && o["text"] == nil && o["fields"] == nil {
		l.wrong(at, "missing required field: text")
	}
	if kind == "image" && (o["image_url"] == nil) == (o["slack_file"] == nil) {
		l.wrong(at, "must have either image_url or slack_file")
	}
}

// layouts are the blocks that may stand here.
func (l *linter) layouts() map[string]fields {
	all := map[string]fields{
		"divider": {},
		"header":  {"*text": plain(150), "level": number(1, 4)},
		"section": {"text": written(3000), "fields": list(1, 10, written(2000)), "accessory": l.elementsOf("section"), "expand": flag},
		"context": {"*elements": list(1, 10, contextual)},
		"actions": {"*elements": list(1, 25, l.elementsOf("actions"))},
		"image":   {"image_url": text(1, 3000), "slack_file": anything, "*alt_text": text(1, 2000), "title": plain(2000)},
		"input": {"*label": plain(2000), "*element": l.elementsOf("input"), "hint": plain(2000), "optional": flag,
			"dispatch_action": flag},
		"rich_text": {"*elements": list(0, 1000, anything)},
	}
	if l.on == onMessage {
		all["markdown"] = fields{"*text": func(l *linter, at string, v any) {
			text(1, 12_000)(l, at, v)
			s, _ := v.(string)
			l.markdown += utf8.RuneCountInString(s)
		}}
		all["table"] = fields{"*rows": list(1, 100, list(1, 20, anything)), "column_settings": list(0, 20, anything)}
	}
	return all
}

func contextual(l *linter, at string, v any) {
	if o, is := v.(map[string]any); is && o["type"] == "image" {
		l.object(at, v, picture())
		return
	}
	written(3000)(l, at, v)
}

func picture() fields {
	return fields{"image_url": text(1, 3000), "slack_file": anything, "*alt_text": text(1, 2000)}
}
