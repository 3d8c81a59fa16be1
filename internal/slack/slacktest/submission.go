package slacktest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"net/mail"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// typed puts into a view's state what a person typed and chose.
func (v *View) typed(values url.Values) error {
	known := map[string]bool{}
	for _, b := range decode(v.Blocks) {
		block, _ := b["block_id"].(string)
		for _, e := range elements(b) {
			action, _ := e["action_id"].(string)
			name := action
			if _, given := values[block]; given && len(elements(b)) == 1 {
				name = block
			}
			known[name] = true
			given, is := values[name]
			if !is || v.Values[block][action] == nil {
				continue
			}
			state, err := chose(e, given)
			if err != nil {
				return err
			}
			raw, err := json.Marshal(state)
			if err != nil {
				return fmt.Errorf("writing what was typed: %w", err)
			}
			v.Values[block] = maps.Clone(v.Values[block])
			v.Values[block][action] = raw
		}
	}
	for name := range values {
		if !known[name] {
			return fmt.Errorf("filling in %s: the modal has no such input", name)
		}
	}
	return nil
}

// incomplete is what Slack itself says beside inputs before it sends a modal.
func (v *View) incomplete() map[string]string {
	wrong := map[string]string{}
	for _, b := range decode(v.Blocks) {
		if b["type"] != "input" {
			continue
		}
		block, _ := b["block_id"].(string)
		for _, e := range elements(b) {
			action, _ := e["action_id"].(string)
			if text := lacks(e, v.Values[block][action], b["optional"] == true); text != "" {
				wrong[block] = text
			}
		}
	}
	return wrong
}

func lacks(e map[string]any, raw json.RawMessage, optional bool) string {
	var state map[string]any
	_ = json.Unmarshal(raw, &state) // it was written here
	kind, _ := e["type"].(string)
	value := state[key(kind)]
	several, _ := value.([]any)
	text, _ := value.(string)
	if value == nil || value == "" || several != nil && len(several) == 0 {
		if optional {
			return ""
		}
		return "Please complete this required field."
	}
	least, _ := e["min_length"].(float64)
	most, limited := e["max_length"].(float64)
	n := float64(utf8.RuneCountInString(text))
	if kind == "plain_text_input" && !limited {
		most, limited = 3000, true
	}
	switch {
	case n < least:
		return fmt.Sprintf("Please enter at least %.0f characters.", least)
	case limited && n > most:
		return fmt.Sprintf("Please enter no more than %.0f characters.", most)
	}
	var err error
	switch kind {
	case "email_text_input":
		_, err = mail.ParseAddress(text)
	case "number_input":
		_, err = strconv.ParseFloat(text, 64)
	case "url_text_input":
		_, err = url.ParseRequestURI(text)
	}
	if err != nil {
		return "Please enter a valid value."
	}
	return ""
}

// submitted does what the app answered to a view_submission; the caller holds the
// lock.
func (s *Server) submitted(v *View, out *Outcome) {
	fail := func(format string, args ...any) {
		if format != "" {
			s.fault(format, args...)
		}
		v.Trouble, out.Saw = trouble, trouble
		s.notice(v.User, trouble)
	}
	if !out.Acked {
		fail("")
		return
	}
	body := bytes.TrimSpace(out.Answer)
	var said struct {
		Action string            `json:"response_action"`
		Errors map[string]string `json:"errors"`
		View   json.RawMessage   `json:"view"`
	}
	if len(body) > 0 && json.Unmarshal(body, &said) != nil {
		fail("a view_submission is answered with what is no JSON")
		return
	}
	switch said.Action {
	case "":
		s.remove(v)
	case "clear":
		s.closeAll(v.User)
	case "errors":
		if wrong := strangers(v, said.Errors); len(wrong) > 0 || len(said.Errors) == 0 {
			fail("a view_submission is answered with errors for blocks that are no inputs: %s", strings.Join(wrong, ", "))
			return
		}
		v.Errors, out.Errors = said.Errors, maps.Clone(said.Errors)
	case "update", "push":
		more, err := s.view(string(said.View), "modal")
		if err == nil {
			err = s.free(more.ExternalID, map[string]string{"update": v.ID}[said.Action])
		}
		if err == nil && said.Action == "push" && len(s.stacks[v.User]) >= deepest {
			err = refuse("push_limit_reached")
		}
		if err != nil {
			fail("a view_submission is answered with a view that can't be shown: %s", detail(err))
			return
		}
		if said.Action == "update" {
			s.replace(v, more)
		} else {
			s.put(more, v.User)
		}
	default:
		fail("a view_submission is answered with the unknown response_action %.40q", said.Action)
	}
}

func detail(err error) string { return string(encode(nil, err).body) }

// strangers are those block ids that are no inputs of a view.
func strangers(v *View, errs map[string]string) []string {
	var wrong []string
	for _, id := range slices.Sorted(maps.Keys(errs)) {
		if !slices.ContainsFunc(decode(v.Blocks), func(b map[string]any) bool { return b["type"] == "input" && b["block_id"] == id }) {
			wrong = append(wrong, id)
		}
	}
	return wrong
}
