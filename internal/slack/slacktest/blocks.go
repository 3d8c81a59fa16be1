package slacktest

import (
	"encoding/json"
	"strings"
)

// complete adds what Slack adds to blocks: a block_id where there is none, an
// action_id likewise, and the flags of texts.
func (s *Server) complete(blocks []any) json.RawMessage {
	for _, b := range blocks {
		block, is := b.(map[string]any)
		if !is {
			continue
		}
		if id, _ := block["block_id"].(string); id == "" {
			block["block_id"] = secret()[:5]
		}
		s.fill(block)
		for _, e := range elements(block) {
			if id, _ := e["action_id"].(string); id == "" && e["type"] != "image" && e["type"] != "mrkdwn" && e["type"] != "plain_text" {
				e["action_id"] = secret()[:5]
			}
		}
	}
	if blocks == nil {
		blocks = []any{}
	}
	raw, _ := json.Marshal(blocks) // it came as JSON
	return raw
}

func (s *Server) fill(v any) {
	switch v := v.(type) {
	case []any:
		for _, each := range v {
			s.fill(each)
		}
	case map[string]any:
		if _, is := v["text"].(string); is && v["type"] == "mrkdwn" && v["verbatim"] == nil {
			v["verbatim"] = false
		} else if is && v["type"] == "plain_text" && v["emoji"] == nil {
			v["emoji"] = true
		}
		for _, each := range v {
			s.fill(each)
		}
	}
}

// elements are those of a block that people can do something with, and those that
// stand beside them.
func elements(block map[string]any) []map[string]any {
	var all []map[string]any
	add := func(v any) {
		if e, is := v.(map[string]any); is {
			all = append(all, e)
		}
	}
	switch block["type"] {
	case "section":
		add(block["accessory"])
	case "input":
		add(block["element"])
	case "actions", "context":
		list, _ := block["elements"].([]any)
		for _, e := range list {
			add(e)
		}
	}
	return all
}

func decode(blocks json.RawMessage) []map[string]any {
	var all []map[string]any
	_ = json.Unmarshal(blocks, &all) // it was written by complete; nothing where empty
	return all
}

// blockOf finds the block and the element of an action. Several blocks may have an
// action of the same id: then the block's id and a line's end stand in front of it.
func blockOf(blocks json.RawMessage, action string) (block, element map[string]any) {
	in, id, within := strings.Cut(action, "\n")
	if !within {
		id = action
	}
	for _, b := range decode(blocks) {
		for _, e := range elements(b) {
			if e["action_id"] == id && id != "" && (!within || b["block_id"] == in) {
				return b, e
			}
		}
	}
	return nil, nil
}

// held is what the stateful elements of blocks hold at first, as in state.values.
func held(blocks json.RawMessage) map[string]map[string]json.RawMessage {
	values := map[string]map[string]json.RawMessage{}
	for _, b := range decode(blocks) {
		for _, e := range elements(b) {
			value := initial(e)
			id, _ := e["action_id"].(string)
			block, _ := b["block_id"].(string)
			if value == nil || id == "" {
				continue
			}
			if values[block] == nil {
				values[block] = map[string]json.RawMessage{}
			}
			values[block][id], _ = json.Marshal(value) // it came as JSON
		}
	}
	return values
}

// key is where an element's value stands, in its state and in an action.
func key(kind string) string {
	switch kind {
	case "plain_text_input", "email_text_input", "url_text_input", "number_input":
		return "value"
	case "rich_text_input":
		return "rich_text_value"
	case "static_select", "external_select", "radio_buttons":
		return "selected_option"
	case "multi_static_select", "multi_external_select", "checkboxes":
		return "selected_options"
	case "users_select":
		return "selected_user"
	case "multi_users_select":
		return "selected_users"
	case "conversations_select":
		return "selected_conversation"
	case "multi_conversations_select":
		return "selected_conversations"
	case "channels_select":
		return "selected_channel"
	case "multi_channels_select":
		return "selected_channels"
	case "datepicker":
		return "selected_date"
	case "timepicker":
		return "selected_time"
	case "datetimepicker":
		return "selected_date_time"
	}
	return "" // it holds nothing
}

func initial(e map[string]any) map[string]any {
	kind, _ := e["type"].(string)
	at := key(kind)
	if at == "" {
		return nil
	}
	from := map[string]string{"value": "initial_value", "rich_text_value": "initial_value", "selected_option": "initial_option",
		"selected_options": "initial_options", "selected_user": "initial_user", "selected_users": "initial_users",
		"selected_conversation": "initial_conversation", "selected_conversations": "initial_conversations", "selected_channel": "initial_channel",
		"selected_channels": "initial_channels", "selected_date": "initial_date", "selected_time": "initial_time",
		"selected_date_time": "initial_date_time"}[at]
	value := e[from]
	if value == nil && (kind == "checkboxes" || len(kind) > 6 && kind[:6] == "multi_") {
		value = []any{}
	}
	return map[string]any{"type": kind, at: value}
}
