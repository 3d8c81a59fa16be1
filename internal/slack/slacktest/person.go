package slacktest

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
)

// who finds a person; the caller holds the lock.
func (s *Server) who(user string) (User, error) {
	u, found := s.users[user]
	if !found {
		return u, fmt.Errorf("acting as %s: there is no such user", user)
	}
	return u, nil
}

// Click is a person's at a button of a message, or their choice in a menu there by
// its value. It waits until the app took it or was given up. Anybody may click who
// knows the message: they get forwarded. Where several blocks have the action, the
// block's id and a line's end stand in front of it. The error is of a click that
// nobody can do.
func (s *Server) Click(user, channel, ts, action string, chosen ...string) (Outcome, error) {
	s.mu.Lock()
	u, err := s.who(user)
	m := s.message(channel, ts)
	if err == nil && (m == nil || m.Deleted || m.Ephemeral != "" && m.Ephemeral != user) {
		err = fmt.Errorf("clicking at %s in %s: there is no such message", ts, channel)
	}
	var p map[string]any
	if err == nil {
		p, err = s.clicked(u, m, action, chosen)
	}
	s.mu.Unlock()
	if err != nil {
		return Outcome{}, err
	}
	out := s.dispatch(Interactive, p)
	s.mu.Lock()
	defer s.mu.Unlock()
	if m.Broken = ""; !out.Acked {
		m.Broken, out.Saw = out.why, broken
		s.notice(user, broken)
	}
	s.touch()
	return out, nil
}

// ClickView is a click in a modal or a home tab.
func (s *Server) ClickView(user, view, action string, chosen ...string) (Outcome, error) {
	s.mu.Lock()
	u, err := s.who(user)
	v := s.visible(user, view)
	if err == nil && v == nil {
		err = fmt.Errorf("clicking in %s: %s does not see it", view, user)
	}
	var p map[string]any
	if err == nil {
		p, err = s.clickedIn(u, v, action, chosen)
	}
	s.mu.Unlock()
	if err != nil {
		return Outcome{}, err
	}
	out := s.dispatch(Interactive, p)
	s.mu.Lock()
	defer s.mu.Unlock()
	if !out.Acked {
		out.Saw = broken
		s.notice(user, broken)
	}
	return out, nil
}

func (s *Server) visible(user, view string) *View {
	if v := s.homes[user]; v != nil && v.ID == view {
		return v
	}
	if v := s.views[view]; v != nil && v.User == user {
		return v
	}
	return nil
}

func (s *Server) clickedIn(u User, v *View, action string, chosen []string) (map[string]any, error) {
	act, _, err := s.action(v.Blocks, v.Values, action, chosen)
	if err != nil {
		return nil, err
	}
	modal := ""
	if v.Type == "modal" {
		modal = v.ID
	}
	p := s.interaction("block_actions", u)
	maps.Copy(p, map[string]any{"container": map[string]any{"type": "view", "view_id": v.ID}, "trigger_id": s.newTrigger(u.ID, modal),
		"view": s.viewObject(v), "actions": []any{act}})
	return p, nil
}

// CloseView is a person's closing of their topmost modal. The app hears of it where
// the view asks for that.
func (s *Server) CloseView(user string) (Outcome, error) {
	s.mu.Lock()
	u, err := s.who(user)
	stack := s.stacks[user]
	if err == nil && len(stack) == 0 {
		err = errors.New("closing a modal: none is open")
	}
	if err != nil {
		s.mu.Unlock()
		return Outcome{}, err
	}
	v := s.views[stack[len(stack)-1]]
	p := s.interaction("view_closed", u)
	p["view"], p["is_cleared"] = s.viewObject(v), v.ClearOnClose
	if v.ClearOnClose {
		s.closeAll(user)
	} else {
		s.remove(v)
	}
	s.mu.Unlock()
	if !v.NotifyOnClose {
		return Outcome{}, nil
	}
	return s.dispatch(Interactive, p), nil // nobody looks any more: no warning
}

// remove takes one modal off its person's stack.
func (s *Server) remove(v *View) {
	delete(s.views, v.ID)
	s.stacks[v.User] = slices.DeleteFunc(slices.Clone(s.stacks[v.User]), func(id string) bool { return id == v.ID })
	s.touch()
}

func (s *Server) closeAll(user string) {
	for _, id := range s.stacks[user] {
		delete(s.views, id)
	}
	s.stacks[user] = nil
	s.touch()
}

// Slash is a person's command, such as "/vendor", with what they wrote behind it.
func (s *Server) Slash(user, channel, command, text string) (Outcome, error) {
	s.mu.Lock()
	u, err := s.who(user)
	c, found := s.channels[channel]
	if err == nil && !found {
		err = fmt.Errorf("writing in %s: there is no such channel", channel)
	}
	if err != nil {
		s.mu.Unlock()
		return Outcome{}, err
	}
	fields := map[string]string{"token": s.verification, "team_id": s.o.Team, "team_domain": s.o.Domain, "channel_id": c.ID,
		"channel_name": channelName(c), "user_id": u.ID, "user_name": u.Name, "command": command, "text": text, "api_app_id": s.o.App,
		"is_enterprise_install": "false", "response_url": s.newResponse(user, channel, nil), "trigger_id": s.newTrigger(user, "")}
	if s.o.Enterprise != "" {
		fields["enterprise_id"], fields["enterprise_name"] = s.o.Enterprise, s.o.TeamName
	}
	s.mu.Unlock()
	out := s.dispatch(Command, fields)
	s.mu.Lock()
	defer s.mu.Unlock()
	code := ""
	switch {
	case out.Acked:
		code = s.answered(out.Answer, user, channel)
	case strings.Contains(out.why, "timeout"):
		code = "operation_timeout"
	case out.why == "http_error":
		code = "http_service_error"
	default:
		code = "dispatch_failed"
	}
	if code != "" {
		out.Saw = fmt.Sprintf("%s failed with the error %q", command, code)
		s.notice(user, out.Saw)
	}
	return out, nil
}

// answered shows what a command was answered with: nothing, a text, or a message
// as JSON. It says what was wrong with it.
func (s *Server) answered(body []byte, user, channel string) string {
	text := strings.TrimSpace(string(body))
	if text == "" || text == "{}" || text == "null" {
		return ""
	}
	var said spoken
	if text[0] == '{' {
		if json.Unmarshal(body, &said) != nil {
			return "invalid_command_response"
		}
	} else if json.Unmarshal(body, &said.Text) != nil {
		said.Text = text
	}
	if err := s.speak(said, user, channel, nil); err != nil {
		s.fault("a command is answered with what can't be shown: %v", err)
		return err.Error()
	}
	return ""
}

// Submit sends a person's topmost modal. The values are by block id, or by action id
// where a block holds several; an input that is not among them stays as it is.
func (s *Server) Submit(user, view string, values url.Values) (Outcome, error) {
	s.mu.Lock()
	u, err := s.who(user)
	stack := s.stacks[user]
	v := s.views[view]
	if err == nil && (v == nil || len(stack) == 0 || stack[len(stack)-1] != view) {
		err = fmt.Errorf("submitting %s: it is not on top for %s", view, user)
	}
	if err == nil {
		err = v.typed(values)
	}
	if err != nil {
		s.mu.Unlock()
		return Outcome{}, err
	}
	v.Trouble = ""
	if v.Errors = v.incomplete(); len(v.Errors) > 0 { // Slack itself asks for more
		out := Outcome{Errors: maps.Clone(v.Errors)}
		s.touch()
		s.mu.Unlock()
		return out, nil
	}
	p := s.interaction("view_submission", u)
	p["view"], p["trigger_id"], p["response_urls"] = s.viewObject(v), s.newTrigger(user, view), []any{}
	s.mu.Unlock()
	out := s.dispatch(Interactive, p)
	s.mu.Lock()
	defer s.mu.Unlock()
	if now := s.views[view]; now != nil { // it may have been updated meanwhile
		s.submitted(now, &out)
	}
	s.touch()
	return out, nil
}
