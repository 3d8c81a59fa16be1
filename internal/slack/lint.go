package slack

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"unicode/utf8"
)

// What Slack takes, in characters and pieces (Slack, "Reference: blocks",
// "Reference: composition objects", "Reference: views"). One more and it refuses
// the whole message with invalid_blocks.
const (
	mostMessageBlocks = 50
	mostViewBlocks    = 100
	mostMessageText   = 4000 // the hard limit is 40,000; this is what Slack advises
	mostTitle         = 24   // a modal's title and its two buttons
	mostID            = 255
	mostMetadata      = 3000
	mostText          = 3000
	mostFields        = 10
	mostField         = 2000
	mostHeader        = 150
	mostContext       = 10
	mostActions       = 25
	mostButton        = 75
	mostValue         = 2000
	mostURL           = 3000
	mostOptions       = 100
	mostMenu          = 5
	mostChoices       = 10 // checkboxes and radio buttons
	mostOption        = 75
	mostOptionValue   = 150
	mostLabel         = 2000
	mostPlaceholder   = 150
	mostInput         = 3000
	mostView          = 250_000 // bytes of a view's JSON
)

// fault is something that Slack would refuse.
type fault struct {
	At   string // a JSON pointer (RFC 6901), as Slack's own faults have
	What string
}

func (f fault) String() string { return f.At + ": " + f.What }

// lintMessage names what Slack would refuse of a message as it is sent, and a
// missing text: phones show nothing else.
func lintMessage(message []byte) []fault {
	l, m := begin(message)
	if m == nil {
		return l.faults
	}
	l.length("/text", m["text"], 1, mostMessageText)
	l.blocks(m, 1, mostMessageBlocks, false)
	return l.faults
}

// lintView names what Slack would refuse of a modal or a home tab.
func lintView(view []byte) []fault {
	l, v := begin(view)
	if v == nil {
		return l.faults
	}
	modal := v["type"] == "modal"
	if !modal && v["type"] != "home" {
		l.say("/type", "a view is a modal or a home")
	}
	if modal {
		l.text("/title", v["title"], mostTitle, "plain_text")
	}
	for _, name := range []string{"submit", "close"} {
		if v[name] != nil {
			l.text("/"+name, v[name], mostTitle, "plain_text")
		}
	}
	l.length("/callback_id", v["callback_id"], 0, mostID)
	l.length("/external_id", v["external_id"], 0, mostID)
	l.length("/private_metadata", v["private_metadata"], 0, mostMetadata)
	if len(view) > mostView {
		l.say("", "%d bytes, want at most %d", len(view), mostView)
	}
	l.blocks(v, 0, mostViewBlocks, modal)
	if modal && l.inputs > 0 && v["submit"] == nil {
		l.say("/submit", "a modal that asks for something needs it")
	}
	return l.faults
}

type object = map[string]any

// linter gathers faults.
type linter struct {
	faults []fault
	ids    map[string]bool
	inputs int
}

func begin(text []byte) (*linter, object) {
	l := &linter{ids: map[string]bool{}}
	var o object
	err := json.Unmarshal(text, &o)
	if err != nil || o == nil {
		l.say("", "it is no JSON object")
		return l, nil
	}
	return l, o
}

func (l *linter) say(at, what string, args ...any) {
	l.faults = append(l.faults, fault{at, fmt.Sprintf(what, args...)})
}

// length checks a string; least 0: it may be missing.
func (l *linter) length(at string, value any, least, most int) {
	if value == nil && least == 0 {
		return
	}
	s, is := value.(string)
	n := utf8.RuneCountInString(s)
	switch {
	case !is:
		l.say(at, "it is missing, or no string")
	case n < least || n > most:
		l.say(at, "%d characters, want %d to %d", n, least, most)
	}
}

// text checks a text object of one of the types.
func (l *linter) text(at string, value any, most int, types ...string) {
	o, is := value.(object)
	if !is {
		l.say(at, "a text object is missing")
		return
	}
	kind, _ := o["type"].(string) //nolint:errcheck // another type is the fault below
	if !slices.Contains(types, kind) {
		l.say(at+"/type", "it is %q, want one of %v", kind, types)
	}
	l.length(at+"/text", o["text"], 1, most)
	if _, has := o["emoji"]; has && kind != "plain_text" {
		l.say(at+"/emoji", "only a plain text has it")
	}
	if _, has := o["verbatim"]; has && kind != "mrkdwn" {
		l.say(at+"/verbatim", "only mrkdwn has it")
	}
}

// list returns the objects of a list of a length within bounds.
func (l *linter) list(at string, value any, least, most int) []object {
	if value == nil && least == 0 {
		return nil
	}
	all, is := value.([]any)
	if !is || len(all) < least || len(all) > most {
		l.say(at, "%d of them, want %d to %d", len(all), least, most)
	}
	var found []object
	for i, one := range all {
		o, is := one.(object)
		if !is {
			l.say(fmt.Sprintf("%s/%d", at, i), "it is no object")
		}
		found = append(found, o)
	}
	return found
}

func (l *linter) blocks(in object, least, most int, inputs bool) {
	for i, b := range l.list("/blocks", in["blocks"], least, most) {
		at := fmt.Sprintf("/blocks/%d", i)
		l.length(at+"/block_id", b["block_id"], 0, mostID)
		if id, has := b["block_id"].(string); has {
			if l.ids[id] {
				l.say(at+"/block_id", "another block has %q", id)
			}
			l.ids[id] = true
		}
		l.block(at, b, inputs)
	}
}

func (l *linter) block(at string, b object, inputs bool) {
	switch b["type"] {
	case "divider":
	case "header":
		l.text(at+"/text", b["text"], mostHeader, "plain_text")
	case "section":
		l.section(at, b)
	case "context":
		for i, e := range l.list(at+"/elements", b["elements"], 1, mostContext) {
			l.text(fmt.Sprintf("%s/elements/%d", at, i), e, mostText, "plain_text", "mrkdwn")
		}
	case "actions":
		ids := map[string]bool{}
		for i, e := range l.list(at+"/elements", b["elements"], 1, mostActions) {
			here := fmt.Sprintf("%s/elements/%d", at, i)
			id, _ := e["action_id"].(string) //nolint:errcheck // none is said below
			if ids[id] {
				l.say(here+"/action_id", "another element of the block has %q", id)
			}
			ids[id] = true
			l.interactive(here, e)
		}
	case "input":
		l.inputs++
		if !inputs {
			l.say(at+"/type", "only a modal has inputs here")
		}
		l.text(at+"/label", b["label"], mostLabel, "plain_text")
		if b["hint"] != nil {
			l.text(at+"/hint", b["hint"], mostLabel, "plain_text")
		}
		e, _ := b["element"].(object) //nolint:errcheck // none is a fault of its own kind
		l.interactive(at+"/element", e)
	default:
		l.say(at+"/type", "%v is no kind of block that we use", b["type"])
	}
}

func (l *linter) section(at string, b object) {
	if b["text"] == nil && b["fields"] == nil {
		l.say(at, "it has neither text nor fields")
	}
	if b["text"] != nil {
		l.text(at+"/text", b["text"], mostText, "plain_text", "mrkdwn")
	}
	if b["fields"] != nil {
		for i, f := range l.list(at+"/fields", b["fields"], 1, mostFields) {
			l.text(fmt.Sprintf("%s/fields/%d", at, i), f, mostField, "plain_text", "mrkdwn")
		}
	}
	if e, has := b["accessory"].(object); has {
		l.interactive(at+"/accessory", e)
	}
}

// interactive checks what one can press, choose or fill in.
func (l *linter) interactive(at string, e object) {
	l.length(at+"/action_id", e["action_id"], 1, mostID)
	l.element(at, e)
	if e["confirm"] != nil {
		l.confirm(at+"/confirm", e["confirm"])
	}
	if e["placeholder"] != nil {
		l.text(at+"/placeholder", e["placeholder"], mostPlaceholder, "plain_text")
	}
}

func (l *linter) element(at string, e object) {
	switch e["type"] {
	case "button":
		l.text(at+"/text", e["text"], mostButton, "plain_text")
		l.length(at+"/value", e["value"], 0, mostValue)
		l.length(at+"/url", e["url"], 0, mostURL)
		l.length(at+"/accessibility_label", e["accessibility_label"], 0, mostButton)
		if style := e["style"]; style != nil && style != "primary" && style != "danger" {
			l.say(at+"/style", "%v is no style", style)
		}
	case "overflow":
		l.options(at, e, mostMenu)
	case "static_select", "multi_static_select":
		l.menu(at, e)
	case "checkboxes", "radio_buttons":
		l.options(at, e, mostChoices)
	case "plain_text_input":
		l.bounds(at, e)
	case "users_select", "datepicker":
	default:
		l.say(at+"/type", "%v is no element that we use", e["type"])
	}
}

// bounds are how much may be written in a field, and what stands in it at first.
func (l *linter) bounds(at string, e object) {
	for least, name := range []string{"min_length", "max_length"} {
		n, is := e[name].(float64)
		if e[name] != nil && (!is || n < float64(least) || n > mostInput) {
			l.say(at+"/"+name, "it is %v, want %d to %d", e[name], least, mostInput)
		}
	}
	most := mostInput
	if n, is := e["max_length"].(float64); is {
		most = int(n)
	}
	l.length(at+"/initial_value", e["initial_value"], 0, most)
}

// menu checks a select: options, or groups of them.
func (l *linter) menu(at string, e object) {
	if e["option_groups"] == nil {
		l.options(at, e, mostOptions)
		return
	}
	if e["options"] != nil {
		l.say(at, "it has options and groups of them")
	}
	for i, g := range l.list(at+"/option_groups", e["option_groups"], 1, mostOptions) {
		here := fmt.Sprintf("%s/option_groups/%d", at, i)
		l.text(here+"/label", g["label"], mostOption, "plain_text")
		l.options(here, g, mostOptions)
	}
	l.initial(at, e)
}

// initial checks that what is chosen at first is one of the options, letter by
// letter.
func (l *linter) initial(at string, e object) {
	offered, _ := e["options"].([]any)      //nolint:errcheck // none is said elsewhere
	groups, _ := e["option_groups"].([]any) //nolint:errcheck // as above
	for _, g := range groups {
		if o, is := g.(object); is {
			more, _ := o["options"].([]any) //nolint:errcheck // as above
			offered = append(offered[:len(offered):len(offered)], more...)
		}
	}
	chosen, _ := e["initial_options"].([]any) //nolint:errcheck // none is none
	if e["initial_option"] != nil {
		chosen = append(chosen[:len(chosen):len(chosen)], e["initial_option"])
	}
	for _, c := range chosen {
		if !slices.ContainsFunc(offered, func(o any) bool { return reflect.DeepEqual(o, c) }) {
			l.say(at, "what is chosen at first is no option")
		}
	}
}

func (l *linter) options(at string, e object, most int) {
	values := map[string]bool{}
	l.initial(at, e)
	for i, o := range l.list(at+"/options", e["options"], 1, most) {
		here := fmt.Sprintf("%s/options/%d", at, i)
		l.text(here+"/text", o["text"], mostOption, "plain_text", "mrkdwn")
		if o["description"] != nil {
			l.text(here+"/description", o["description"], mostOption, "plain_text", "mrkdwn")
		}
		l.length(here+"/value", o["value"], 1, mostOptionValue)
		v, _ := o["value"].(string) //nolint:errcheck // none is said above
		if values[v] {
			l.say(here+"/value", "another option has %q", v)
		}
		values[v] = true
		if o["url"] != nil {
			l.length(here+"/url", o["url"], 1, mostURL)
			if e["type"] != "overflow" {
				l.say(here+"/url", "only a ⋯ has it")
			}
		}
	}
}

func (l *linter) confirm(at string, value any) {
	c, is := value.(object)
	if !is {
		l.say(at, "it is no object")
		return
	}
	l.text(at+"/title", c["title"], 100, "plain_text")
	l.text(at+"/text", c["text"], 300, "plain_text", "mrkdwn")
	l.text(at+"/confirm", c["confirm"], 30, "plain_text")
	l.text(at+"/deny", c["deny"], 30, "plain_text")
}
