package slacktest

import (
	"encoding/json"
	"regexp"
	"slices"
	"time"
	"unicode/utf8"
)

// longest is a message's text in characters; Slack cuts some off and refuses
// others, this one refuses.
const longest = 40_000

var timestamp = regexp.MustCompile(`^[0-9]{1,12}\.[0-9]{6}$`)

// place is where an app may post: a channel, a direct conversation, or a person,
// whose direct conversation it then is.
func (s *Server) place(id string) (Channel, error) {
	if u, is := s.users[id]; is && !u.Bot {
		if dm := s.dm(id); dm != "" {
			id = dm
		} else if u.Deleted {
			return Channel{}, refuse("channel_not_found")
		} else {
			id = s.open(Direct, []string{s.o.BotUser, id}).ID
		}
	}
	c, err := s.seen(id)
	switch {
	case err != nil:
		return c, err
	case c.Archived || c.Kind == Direct && s.users[s.other(c)].Deleted:
		return c, refuse("is_archived")
	case !slices.Contains(c.Members, s.o.BotUser) && !slices.Contains(s.o.Scopes, "chat:write.public"):
		return c, refuse("not_in_channel")
	}
	return c, nil
}

// content is what a message says: its text and its blocks.
func (s *Server) content(name string, a args) (Version, error) {
	v := Version{Text: a["text"], At: s.now()}
	if utf8.RuneCountInString(v.Text) > longest {
		return v, refuse("msg_too_long")
	}
	if raw := a["blocks"]; raw != "" {
		var blocks []any
		if json.Unmarshal([]byte(raw), &blocks) != nil {
			return v, refuse("invalid_blocks_format")
		}
		if faults := lintBlocks(blocks, onMessage); len(faults) > 0 {
			return v, badBlocks("invalid_blocks", faults)
		}
		v.Blocks = s.complete(blocks)
	}
	if a["attachments"] != "" && a["attachments"] != "[]" {
		s.fault("%s: it has attachments, which people's screens show badly", name)
	}
	switch {
	case v.Text == "" && len(v.Blocks) == 0:
		return v, refuse("no_text")
	case v.Text == "":
		s.fault("%s: blocks without a text, phones and screen readers show nothing", name)
	}
	return v, nil
}

func badBlocks(code string, faults []string) error {
	return &refusal{code, map[string]any{"errors": faults, "response_metadata": map[string]any{"messages": marked(faults)}}}
}

func marked(faults []string) []string {
	var all []string
	for _, f := range faults {
		all = append(all, "[ERROR] "+f)
	}
	return all
}

// messageObject is a message as Slack shows it.
func (s *Server) messageObject(m *Message) map[string]any {
	object := map[string]any{"type": "message", "user": m.User, "ts": m.TS, "text": m.Text, "team": s.o.Team}
	if m.User == s.o.BotUser {
		object["bot_id"], object["app_id"] = s.o.Bot, s.o.App
		object["bot_profile"] = map[string]any{"id": s.o.Bot, "app_id": s.o.App, "user_id": s.o.BotUser, "name": s.users[s.o.BotUser].RealName,
			"icons": map[string]any{}, "deleted": false, "updated": 1600000000, "team_id": s.o.Team}
	}
	if len(m.Blocks) > 0 {
		object["blocks"] = m.Blocks
	}
	if m.ThreadTS != "" {
		object["thread_ts"], object["parent_user_id"] = m.ThreadTS, s.o.BotUser
	}
	if len(m.Metadata) > 0 {
		object["metadata"] = m.Metadata
	}
	if len(m.Earlier) > 0 {
		object["edited"] = map[string]any{"user": s.o.Bot, "ts": stampAt(m.At)}
	}
	return object
}

func (s *Server) chatPost(a args) (answer, error) {
	c, err := s.place(a["channel"])
	if err != nil {
		return nil, err
	}
	v, err := s.content("chat.postMessage", a)
	if err != nil {
		return nil, err
	}
	if err := s.thread(c, a["thread_ts"]); err != nil {
		return nil, err
	}
	metadata, err := metadataOf(a["metadata"])
	if err != nil {
		return nil, err
	}
	m := &Message{Channel: c.ID, TS: s.stamp(), ThreadTS: a["thread_ts"], User: s.o.BotUser, Version: v, Metadata: metadata}
	s.keep(m)
	return answer{"channel": c.ID, "ts": m.TS, "message": s.messageObject(m)}, nil
}

func (s *Server) thread(c Channel, ts string) error {
	if ts == "" {
		return nil
	}
	if !timestamp.MatchString(ts) {
		return refuse("invalid_thread_ts")
	}
	if m := s.message(c.ID, ts); m == nil || m.Deleted {
		return refuse("thread_not_found")
	} else if m.Ephemeral != "" {
		return refuse("cannot_reply_to_message")
	}
	return nil
}

func metadataOf(raw string) (json.RawMessage, error) {
	if raw == "" {
		return nil, nil
	}
	var m struct {
		Type    string          `json:"event_type"`
		Payload *map[string]any `json:"event_payload"`
	}
	if json.Unmarshal([]byte(raw), &m) != nil {
		return nil, refuse("invalid_metadata_format")
	}
	if m.Type == "" || m.Payload == nil {
		return nil, refuse("invalid_metadata_schema")
	}
	return json.RawMessage(raw), nil
}

func (s *Server) chatPostEphemeral(a args) (answer, error) {
	c, err := s.place(a["channel"])
	if err != nil {
		return nil, err
	}
	v, err := s.content("chat.postEphemeral", a)
	if err != nil {
		return nil, err
	}
	if _, found := s.users[a["user"]]; !found || !slices.Contains(c.Members, a["user"]) {
		return nil, refuse("user_not_in_channel")
	}
	if err := s.thread(c, a["thread_ts"]); err != nil {
		return nil, err
	}
	m := &Message{Channel: c.ID, TS: s.stamp(), ThreadTS: a["thread_ts"], User: s.o.BotUser, Ephemeral: a["user"], Version: v}
	s.keep(m)
	return answer{"message_ts": m.TS}, nil
}

// own is a message that the app may change: its own, there, and not ephemeral.
// Unlike posting it wants the conversation's id, a person's won't do.
func (s *Server) own(a args, cannot string) (*Message, error) {
	c, err := s.seen(a["channel"])
	if err != nil {
		return nil, err
	}
	m := s.message(c.ID, a["ts"])
	switch {
	case m == nil || m.Deleted || m.Ephemeral != "":
		return nil, refuse("message_not_found")
	case m.User != s.o.BotUser:
		return nil, refuse(cannot)
	case c.Archived:
		return nil, refuse("is_archived")
	}
	return m, nil
}

func (s *Server) chatUpdate(a args) (answer, error) {
	m, err := s.own(a, "cant_update_message")
	if err != nil {
		return nil, err
	}
	if s.window > 0 && s.now().Sub(timeOf(m.TS)) > s.window {
		return nil, refuse("edit_window_closed")
	}
	if _, given := a["blocks"]; !given && len(m.Blocks) > 0 {
		s.fault("chat.update: a message with blocks is updated without, which leaves or removes them")
	}
	v, err := s.content("chat.update", a)
	if err != nil {
		return nil, err
	}
	if a["metadata"] != "" {
		metadata, err := metadataOf(a["metadata"])
		if err != nil {
			return nil, err
		}
		m.Metadata = metadata
	}
	m.Earlier, m.Version, m.Broken = append(m.Earlier, m.Version), v, ""
	s.touch()
	return answer{"channel": m.Channel, "ts": m.TS, "text": m.Text, "message": s.messageObject(m)}, nil
}

func (s *Server) chatDelete(a args) (answer, error) {
	m, err := s.own(a, "cant_delete_message")
	if err != nil {
		return nil, err
	}
	m.Deleted = true
	s.touch()
	return answer{"channel": m.Channel, "ts": m.TS}, nil
}

// EditWindow lets messages be updated only so long after they were posted; 0: for
// ever.
func (s *Server) EditWindow(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.window = d
}

// Say posts a message as a person does.
func (s *Server) Say(user, channel, text string) Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	m := &Message{Channel: channel, TS: s.stamp(), User: user, Version: Version{Text: text, At: s.now()}}
	s.keep(m)
	return m.copy()
}
