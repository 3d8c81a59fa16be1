package slack

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// long is that many characters of four bytes each: Slack counts characters.
func long(n int) string { return strings.Repeat("𝔘", n) }

func words(kind string, n int) object { return object{"type": kind, "text": long(n)} }

func button(change ...func(object)) object {
	b := object{"type": "button", "action_id": "approve", "value": long(mostValue), "style": "primary", "text": words("plain_text", mostButton),
		"confirm": object{"title": words("plain_text", 100), "text": words("mrkdwn", 300), "confirm": words("plain_text", 30), "deny": words("plain_text", 30)}}
	for _, c := range change {
		c(b)
	}
	return b
}

func options(n int) []any {
	var all []any
	for i := range n {
		all = append(all, object{"text": words("plain_text", mostOption), "value": fmt.Sprint(i)})
	}
	return all
}

func repeat(n int, one object) []any {
	var all []any
	for range n {
		all = append(all, one)
	}
	return all
}

func divider() object { return object{"type": "divider"} }

// full is a message at every limit.
func full() object {
	var buttons []any
	for i := range mostActions - 1 {
		buttons = append(buttons, button(func(b object) { b["action_id"] = fmt.Sprint("button ", i) }))
	}
	menu := object{"type": "overflow", "action_id": strings.Repeat("m", mostID), "options": options(mostMenu)}
	blocks := []any{
		object{"type": "header", "block_id": long(mostID), "text": words("plain_text", mostHeader)},
		object{"type": "section", "block_id": "b2", "text": words("mrkdwn", mostText), "fields": repeat(mostFields, words("mrkdwn", mostField)), "accessory": menu},
		object{"type": "context", "block_id": "b3", "elements": repeat(mostContext, words("plain_text", 20))},
		object{"type": "actions", "block_id": "b4", "elements": append(buttons, menu)},
	}
	for len(blocks) < mostMessageBlocks {
		blocks = append(blocks, divider())
	}
	return object{"text": long(mostMessageText), "blocks": blocks}
}

// form is a modal with every element that we use.
func form() object {
	input := func(id string, e object) object {
		e["action_id"] = "it"
		return object{"type": "input", "block_id": id, "label": words("plain_text", mostLabel), "hint": words("plain_text", mostLabel), "element": e}
	}
	return object{"type": "modal", "callback_id": long(mostID), "external_id": long(mostID), "private_metadata": long(mostMetadata),
		"title": words("plain_text", mostTitle), "submit": words("plain_text", mostTitle), "close": words("plain_text", mostTitle), "blocks": []any{
			input("reason", object{"type": "plain_text_input", "multiline": true, "min_length": 10, "max_length": 2000, "initial_value": long(2000), "placeholder": words("plain_text", mostPlaceholder)}),
			input("whom", object{"type": "users_select"}), input("until", object{"type": "datepicker"}),
			input("read", object{"type": "checkboxes", "options": options(mostChoices)}), input("which", object{"type": "radio_buttons", "options": options(mostChoices)}),
			input("kind", object{"type": "static_select", "options": options(mostOptions)})}}
}

// block is the message's or the view's block of a number.
func block(o object, n int) object { return o["blocks"].([]any)[n].(object) }

func element(o object, n, e int) object { return block(o, n)["elements"].([]any)[e].(object) }

func at(o object, path ...string) object {
	for _, name := range path {
		o = o[name].(object)
	}
	return o
}

func linted(t *testing.T, lint func([]byte) []fault, o object) []string {
	t.Helper()
	text, err := json.Marshal(o)
	if err != nil {
		t.Fatal(err)
	}
	var at []string
	for _, f := range lint(text) {
		at = append(at, f.At)
	}
	return at
}

// TestLimitsOfAMessage: a message at every limit passes, and each step beyond one
// is named where it is.
func TestLimitsOfAMessage(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change func(o object)
		want   string
	}{
		"at every limit":    {func(object) {}, ""},
		"no text":           {func(o object) { delete(o, "text") }, "/text"},
		"an empty text":     {func(o object) { o["text"] = "" }, "/text"},
		"a long text":       {func(o object) { o["text"] = long(mostMessageText + 1) }, "/text"},
		"no blocks":         {func(o object) { o["blocks"] = []any{} }, "/blocks"},
		"too many blocks":   {func(o object) { o["blocks"] = append(o["blocks"].([]any), divider()) }, "/blocks"},
		"a block of text":   {func(o object) { o["blocks"].([]any)[4] = "divider" }, "/blocks/4 /blocks/4/type"},
		"an unknown block":  {func(o object) { o["blocks"].([]any)[4] = object{"type": "video"} }, "/blocks/4/type"},
		"an input":          {func(o object) { o["blocks"].([]any)[4] = block(form(), 0) }, "/blocks/4/type"},
		"a long block id":   {func(o object) { block(o, 0)["block_id"] = long(mostID + 1) }, "/blocks/0/block_id"},
		"a block id twice":  {func(o object) { block(o, 1)["block_id"] = "b3" }, "/blocks/2/block_id"},
		"a long header":     {func(o object) { block(o, 0)["text"] = words("plain_text", mostHeader+1) }, "/blocks/0/text/text"},
		"a marked header":   {func(o object) { block(o, 0)["text"] = words("mrkdwn", 3) }, "/blocks/0/text/type"},
		"a long section":    {func(o object) { block(o, 1)["text"] = words("mrkdwn", mostText+1) }, "/blocks/1/text/text"},
		"an empty section":  {func(o object) { block(o, 1)["text"] = words("mrkdwn", 0) }, "/blocks/1/text/text"},
		"a section of none": {func(o object) { delete(block(o, 1), "text"); delete(block(o, 1), "fields") }, "/blocks/1"},
		"too many fields":   {func(o object) { block(o, 1)["fields"] = repeat(mostFields+1, words("mrkdwn", 1)) }, "/blocks/1/fields"},
		"a long field":      {func(o object) { block(o, 1)["fields"] = repeat(1, words("mrkdwn", mostField+1)) }, "/blocks/1/fields/0/text"},
		"no elements":       {func(o object) { delete(block(o, 2), "elements") }, "/blocks/2/elements"},
		"too much context":  {func(o object) { block(o, 2)["elements"] = repeat(mostContext+1, words("mrkdwn", 1)) }, "/blocks/2/elements"},
		"emoji in mrkdwn": {func(o object) {
			block(o, 2)["elements"] = repeat(1, object{"type": "mrkdwn", "text": "x", "emoji": true})
		},
			"/blocks/2/elements/0/emoji"},
		"verbatim in plain": {func(o object) {
			block(o, 2)["elements"] = repeat(1, object{"type": "plain_text", "text": "x", "verbatim": true})
		}, "/blocks/2/elements/0/verbatim"},
		"too many buttons":    {func(o object) { block(o, 3)["elements"] = append(block(o, 3)["elements"].([]any), button()) }, "/blocks/3/elements"},
		"a button twice":      {func(o object) { element(o, 3, 1)["action_id"] = "button 0" }, "/blocks/3/elements/1/action_id"},
		"a nameless button":   {func(o object) { delete(element(o, 3, 0), "action_id") }, "/blocks/3/elements/0/action_id"},
		"a long button":       {func(o object) { element(o, 3, 0)["text"] = words("plain_text", mostButton+1) }, "/blocks/3/elements/0/text/text"},
		"a marked button":     {func(o object) { element(o, 3, 0)["text"] = words("mrkdwn", 1) }, "/blocks/3/elements/0/text/type"},
		"a long value":        {func(o object) { element(o, 3, 0)["value"] = long(mostValue + 1) }, "/blocks/3/elements/0/value"},
		"a long url":          {func(o object) { element(o, 3, 0)["url"] = long(mostURL + 1) }, "/blocks/3/elements/0/url"},
		"another style":       {func(o object) { element(o, 3, 0)["style"] = "default" }, "/blocks/3/elements/0/style"},
		"a long label":        {func(o object) { element(o, 3, 0)["accessibility_label"] = long(76) }, "/blocks/3/elements/0/accessibility_label"},
		"an unknown element":  {func(o object) { element(o, 3, 0)["type"] = "timepicker" }, "/blocks/3/elements/0/type"},
		"a long confirmation": {func(o object) { at(element(o, 3, 0), "confirm")["text"] = words("mrkdwn", 301) }, "/blocks/3/elements/0/confirm/text/text"},
		"no way out":          {func(o object) { delete(at(element(o, 3, 0), "confirm"), "deny") }, "/blocks/3/elements/0/confirm/deny"},
		"a long yes":          {func(o object) { at(element(o, 3, 0), "confirm")["confirm"] = words("plain_text", 31) }, "/blocks/3/elements/0/confirm/confirm/text"},
		"a long question":     {func(o object) { at(element(o, 3, 0), "confirm")["title"] = words("plain_text", 101) }, "/blocks/3/elements/0/confirm/title/text"},
		"a word to confirm":   {func(o object) { element(o, 3, 0)["confirm"] = "sure?" }, "/blocks/3/elements/0/confirm"},
		"too long a menu":     {func(o object) { at(block(o, 1), "accessory")["options"] = options(mostMenu + 1) }, "/blocks/1/accessory/options /blocks/3/elements/24/options"},
		"an empty menu":       {func(o object) { at(block(o, 1), "accessory")["options"] = []any{} }, "/blocks/1/accessory/options /blocks/3/elements/24/options"},
	} {
		t.Run(name, func(t *testing.T) {
			o := full()
			c.change(o)
			if d := cmp.Diff(c.want, strings.Join(linted(t, lintMessage, o), " ")); d != "" {
				t.Errorf("faults (-want +got):\n%s", d)
			}
		})
	}
}

// TestLimitsOfAView is the same for modals and home tabs.
func TestLimitsOfAView(t *testing.T) {
	t.Parallel()
	field := func(o object, n int) object { return at(block(o, n), "element") }
	for name, c := range map[string]struct {
		change func(o object)
		want   string
	}{
		"at every limit":      {func(object) {}, ""},
		"another kind":        {func(o object) { o["type"] = "sheet" }, "/type /blocks/0/type /blocks/1/type /blocks/2/type /blocks/3/type /blocks/4/type /blocks/5/type"},
		"no title":            {func(o object) { delete(o, "title") }, "/title"},
		"a long title":        {func(o object) { o["title"] = words("plain_text", mostTitle+1) }, "/title/text"},
		"a long submit":       {func(o object) { o["submit"] = words("plain_text", mostTitle+1) }, "/submit/text"},
		"no submit":           {func(o object) { delete(o, "submit") }, "/submit"},
		"a long callback":     {func(o object) { o["callback_id"] = long(mostID + 1) }, "/callback_id"},
		"a long name":         {func(o object) { o["external_id"] = long(mostID + 1) }, "/external_id"},
		"much metadata":       {func(o object) { o["private_metadata"] = long(mostMetadata + 1) }, "/private_metadata"},
		"metadata of numbers": {func(o object) { o["private_metadata"] = 7 }, "/private_metadata"},
		"too many blocks": {func(o object) {
			for len(o["blocks"].([]any)) <= mostViewBlocks {
				o["blocks"] = append(o["blocks"].([]any), divider())
			}
		}, "/blocks"},
		"no label":            {func(o object) { delete(block(o, 0), "label") }, "/blocks/0/label"},
		"a long hint":         {func(o object) { block(o, 0)["hint"] = words("plain_text", mostLabel+1) }, "/blocks/0/hint/text"},
		"no element":          {func(o object) { delete(block(o, 1), "element") }, "/blocks/1/element/action_id /blocks/1/element/type"},
		"a long placeholder":  {func(o object) { field(o, 0)["placeholder"] = words("plain_text", mostPlaceholder+1) }, "/blocks/0/element/placeholder/text"},
		"room for too much":   {func(o object) { field(o, 0)["max_length"] = mostInput + 1 }, "/blocks/0/element/max_length"},
		"room for nothing":    {func(o object) { field(o, 0)["max_length"] = 0 }, "/blocks/0/element/max_length /blocks/0/element/initial_value"},
		"less than nothing":   {func(o object) { field(o, 0)["min_length"] = -1 }, "/blocks/0/element/min_length"},
		"more than there may": {func(o object) { field(o, 0)["initial_value"] = long(2001) }, "/blocks/0/element/initial_value"},
		"too many boxes":      {func(o object) { field(o, 3)["options"] = options(mostChoices + 1) }, "/blocks/3/element/options"},
		"too many options":    {func(o object) { field(o, 5)["options"] = options(mostOptions + 1) }, "/blocks/5/element/options"},
		"a long option": {func(o object) {
			field(o, 5)["options"] = repeat(1, object{"text": words("plain_text", mostOption+1), "value": long(mostOptionValue + 1), "description": words("plain_text", mostOption+1)})
		}, "/blocks/5/element/options/0/text/text /blocks/5/element/options/0/description/text /blocks/5/element/options/0/value"},
		"an option twice": {func(o object) { field(o, 5)["options"] = repeat(2, options(1)[0].(object)) }, "/blocks/5/element/options/1/value"},
	} {
		t.Run(name, func(t *testing.T) {
			o := form()
			c.change(o)
			if d := cmp.Diff(c.want, strings.Join(linted(t, lintView, o), " ")); d != "" {
				t.Errorf("faults (-want +got):\n%s", d)
			}
		})
	}
	home := object{"type": "home", "blocks": []any{object{"type": "header", "text": words("plain_text", 10)}}}
	if got := linted(t, lintView, home); got != nil {
		t.Errorf("a home tab: %v", got)
	}
}

// FuzzLint: what is no message at all is named too.
func FuzzLint(f *testing.F) {
	for _, o := range []object{full(), form(), {}} {
		text, err := json.Marshal(o)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	for _, text := range []string{"", "null", "[]", `{"blocks":[null]}`, `{"type":"modal","blocks":{"0":1}}`, `{"blocks":[{"type":"actions","elements":[null,{"confirm":1}]}]}`} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		for _, found := range append(lintMessage(text), lintView(text)...) {
			if found.String() == "" || !json.Valid(text) && found.At != "" {
				t.Errorf("%q: %s", text, found)
			}
		}
	})
}
