package slacktest

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
)

// interaction is what all interactions carry; the caller holds the lock.
func (s *Server) interaction(kind string, u User) map[string]any {
	team := map[string]any{"id": s.o.Team, "domain": s.o.Domain}
	var enterprise any
	if s.o.Enterprise != "" {
		team["enterprise_id"], team["enterprise_name"] = s.o.Enterprise, s.o.TeamName
		enterprise = map[string]any{"id": s.o.Enterprise, "name": s.o.TeamName}
	}
	return map[string]any{"type": kind, "token": s.verification, "api_app_id": s.o.App, "team": team, "enterprise": enterprise,
		"is_enterprise_install": false, "user": map[string]any{"id": u.ID, "username": u.Name, "name": u.Name, "team_id": u.Team}}
}

func channelName(c Channel) string {
	switch c.Kind {
	case Direct:
		return "directmessage"
	case Private:
		return "privategroup"
	}
	return c.Name
}

// clicked is the payload of a click at a message; the caller holds the lock.
func (s *Server) clicked(u User, m *Message, action string, chosen []string) (map[string]any, error) {
	act, values, err := s.action(m.Blocks, held(m.Blocks), action, chosen)
	if err != nil {
		return nil, err
	}
	c := s.channels[m.Channel]
	p := s.interaction("block_actions", u)
	container := map[string]any{"type": "message", "message_ts": m.TS, "channel_id": m.Channel, "is_ephemeral": m.Ephemeral != ""}
	if m.ThreadTS != "" {
		container["thread_ts"] = m.ThreadTS
	}
	maps.Copy(p, map[string]any{"container": container, "channel": map[string]any{"id": c.ID, "name": channelName(c)}, "state": map[string]any{"values": values},
		"trigger_id": s.newTrigger(u.ID, ""), "response_url": s.newResponse(u.ID, m.Channel, m), "actions": []any{act}})
	if m.Ephemeral == "" { // of an ephemeral one Slack keeps nothing to show
		p["message"] = s.messageObject(m)
	}
	return p, nil
}

// action is one of actions, and the state with it.
func (s *Server) action(blocks json.RawMessage, values map[string]map[string]json.RawMessage, id string, chosen []string) (map[string]any, any, error) {
	block, element := blockOf(blocks, id)
	if element == nil {
		return nil, nil, fmt.Errorf("clicking %s: there is no such action", id)
	}
	id, _ = element["action_id"].(string)
	kind, _ := element["type"].(string)
	act := map[string]any{"type": kind, "action_id": id, "block_id": block["block_id"], "action_ts": s.stamp()}
	for _, name := range []string{"text", "value", "style", "url", "confirm", "placeholder"} {
		if element[name] != nil && (kind == "button" || name == "confirm" || name == "placeholder") {
			act[name] = element[name]
		}
	}
	if kind == "button" {
		return act, values, nil
	}
	if kind == "overflow" {
		option, err := pick(element, chosen)
		if err != nil {
			return nil, nil, err
		}
		act["selected_option"] = option[0]
		return act, values, nil
	}
	value, err := chose(element, chosen)
	if err != nil {
		return nil, nil, err
	}
	act[key(kind)] = value[key(kind)]
	name, _ := block["block_id"].(string)
	raw, err := json.Marshal(value)
	if err != nil {
		return nil, nil, fmt.Errorf("writing what was chosen: %w", err)
	}
	inner := map[string]json.RawMessage{id: raw}
	for other, kept := range values[name] { // others may be reading the old one
		if other != id {
			inner[other] = kept
		}
	}
	values[name] = inner
	return act, values, nil
}

// pick finds the options with these values.
func pick(element map[string]any, values []string) ([]any, error) {
	found := []any{}
	for _, value := range values {
		at := slices.IndexFunc(options(element), func(o any) bool {
			option, _ := o.(map[string]any)
			return option["value"] == value
		})
		if at < 0 {
			return nil, fmt.Errorf("choosing %q: there is no such option", value)
		}
		found = append(found, options(element)[at])
	}
	if len(found) == 0 {
		return nil, fmt.Errorf("choosing in %v: nothing is chosen", element["action_id"])
	}
	return found, nil
}

// chose is what an element's state is once somebody chose or typed something;
// nothing empties it.
func chose(element map[string]any, values []string) (map[string]any, error) {
	kind, _ := element["type"].(string)
	at := key(kind)
	state := map[string]any{"type": kind, at: nil}
	several := at == "selected_options" || at == "selected_users" || at == "selected_conversations" || at == "selected_channels"
	switch {
	case at == "":
		return nil, fmt.Errorf("choosing in %v: it holds nothing", element["action_id"])
	case len(values) == 0 || len(values) == 1 && values[0] == "":
		if several {
			state[at] = []any{}
		}
	case at == "selected_option" || at == "selected_options":
		found, err := pick(element, values)
		if err != nil {
			return nil, err
		}
		if state[at] = any(found); !several {
			state[at] = found[0]
		}
	case several:
		state[at] = values
	case at == "selected_date_time":
		n, err := strconv.ParseInt(values[0], 10, 64)
		if err != nil {
			return nil, fmt.Errorf("choosing a date and time: %w", err)
		}
		state[at] = n
	case at == "rich_text_value":
		state[at] = map[string]any{"type": "rich_text", "elements": []any{map[string]any{"type": "rich_text_section",
			"elements": []any{map[string]any{"type": "text", "text": values[0]}}}}}
	default:
		state[at] = values[0]
	}
	return state, nil
}
