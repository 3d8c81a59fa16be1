package slacktest

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

const button = `[{"type":"section","text":{"type":"mrkdwn","text":"Review"}},{"type":"actions","block_id":"b1","elements":[` +
	`{"type":"button","action_id":"approve","text":{"type":"plain_text","text":"Approve"},"value":"v1"},` +
	`{"type":"overflow","action_id":"more","options":[{"text":{"type":"plain_text","text":"Delegate"},"value":"delegate"}]}]}]`

func TestPosting(t *testing.T) {
	t.Parallel()
	s := start(t, Options{})
	said := fine(t, call(t, s, "chat.postMessage", "channel", "U0ANA", "text", "Please review", "blocks", button,
		"metadata", `{"event_type":"card","event_payload":{"id":"1"}}`))
	channel, ts := said["channel"].(string), said["ts"].(string)
	if !strings.HasPrefix(channel, "D") || !timestamp.MatchString(ts) {
		t.Fatalf("posted to %s at %s", channel, ts)
	}
	message := said["message"].(object)
	if message["bot_id"] != "B0TEST" || message["user"] != "U0TESTBOT" || message["type"] != "message" || message["ts"] != ts || message["team"] != "T0TEST" {
		t.Errorf("the message is %v", message)
	}
	section := message["blocks"].([]any)[0].(object)
	if section["block_id"] == "" || section["block_id"] == nil || under(section, "text", "verbatim") != false {
		t.Errorf("Slack has added nothing to %v", section)
	}
	reply := fine(t, call(t, s, "chat.postMessage", "channel", channel, "text", "noted", "thread_ts", ts))
	if reply["ts"] == ts || under(reply, "message", "thread_ts") != ts {
		t.Errorf("the reply is %v", reply)
	}
	for _, test := range [][]string{
		{"channel_not_found", "channel", "C0NONE", "text", "a"},
		{"channel_not_found", "channel", "C0HIDDEN", "text", "a"},
		{"not_in_channel", "channel", "C0AWAY", "text", "a"},
		{"is_archived", "channel", "C0OLD", "text", "a"},
		{"no_text", "channel", "C0OPEN"},
		{"msg_too_long", "channel", "C0OPEN", "text", strings.Repeat("é", longest+1)},
		{"invalid_blocks_format", "channel", "C0OPEN", "blocks", "{"},
		{"invalid_thread_ts", "channel", "C0OPEN", "text", "a", "thread_ts", "12"},
		{"thread_not_found", "channel", "C0OPEN", "text", "a", "thread_ts", ts},
		{"invalid_metadata_format", "channel", "C0OPEN", "text", "a", "metadata", "card"},
		{"invalid_metadata_schema", "channel", "C0OPEN", "text", "a", "metadata", "{}"},
	} {
		s.Advance(time.Second)
		refused(t, call(t, s, "chat.postMessage", test[1:]...), test[0])
	}
	if got := s.Faults(); len(got) != 0 {
		t.Errorf("faults: %v", got)
	}
	fine(t, call(t, s, "chat.postMessage", "channel", channel, "blocks", button))
	if got := s.Faults(); len(got) != 1 || !strings.Contains(got[0], "without a text") {
		t.Errorf("a message without a text is no fault: %v", got)
	}
}

func TestEveryMessageHasItsOwnTimestamp(t *testing.T) {
	t.Parallel()
	s := start(t, Options{})
	seen := map[string]bool{}
	for range 100 {
		ts := s.Say("U0ANA", "C0OPEN", "a").TS
		if seen[ts] || !timestamp.MatchString(ts) {
			t.Fatalf("%s comes twice, or is none", ts)
		}
		seen[ts] = true
	}
}

func TestUpdating(t *testing.T) {
	t.Parallel()
	s := start(t, Options{})
	said := fine(t, call(t, s, "chat.postMessage", "channel", "U0ANA", "text", "one", "blocks", button))
	channel, ts := said["channel"].(string), said["ts"].(string)
	said = fine(t, call(t, s, "chat.update", "channel", channel, "ts", ts, "text", "two", "blocks", `[{"type":"divider"}]`))
	if said["text"] != "two" || said["ts"] != ts || under(said, "message", "edited") == nil {
		t.Errorf("updating says %v", said)
	}
	m, _ := s.Message(channel, ts)
	if m.Text != "two" || len(m.Earlier) != 1 || m.Earlier[0].Text != "one" {
		t.Errorf("the message is %v", m)
	}
	refused(t, call(t, s, "chat.update", "channel", "U0ANA", "ts", ts, "text", "a"), "channel_not_found")
	refused(t, call(t, s, "chat.update", "channel", "C0NONE", "ts", ts, "text", "a"), "channel_not_found")
	refused(t, call(t, s, "chat.update", "channel", channel, "ts", "1.000000", "text", "a"), "message_not_found")
	other := s.Say("U0ANA", channel, "mine")
	refused(t, call(t, s, "chat.update", "channel", channel, "ts", other.TS, "text", "a"), "cant_update_message")
	refused(t, call(t, s, "chat.delete", "channel", channel, "ts", other.TS), "cant_delete_message")
	eph := fine(t, call(t, s, "chat.postEphemeral", "channel", channel, "user", "U0ANA", "text", "only you"))
	refused(t, call(t, s, "chat.update", "channel", channel, "ts", eph["message_ts"].(string), "text", "a"), "message_not_found")
	refused(t, call(t, s, "chat.postEphemeral", "channel", channel, "user", "U0BO", "text", "only you"), "user_not_in_channel")
	fine(t, call(t, s, "chat.update", "channel", channel, "ts", ts, "text", "three"))
	if got := s.Faults(); len(got) != 1 || !strings.Contains(got[0], "updated without") {
		t.Errorf("an update that leaves the blocks open is no fault: %v", got)
	}
	s.EditWindow(time.Hour)
	s.Advance(time.Hour + time.Second)
	refused(t, call(t, s, "chat.update", "channel", channel, "ts", ts, "text", "a"), "edit_window_closed")
	fine(t, call(t, s, "chat.delete", "channel", channel, "ts", ts))
	refused(t, call(t, s, "chat.delete", "channel", channel, "ts", ts), "message_not_found")
	if m, found := s.Message(channel, ts); !found || !m.Deleted || m.Text != "three" {
		t.Errorf("the deleted message is %v", m)
	}
}

func TestBadBlocks(t *testing.T) {
	t.Parallel()
	s := start(t, Options{})
	for _, test := range []struct{ blocks, want string }{
		{`[{"type":"header","text":{"type":"plain_text","text":"` + strings.Repeat("é", 151) + `"}}]`, "must be less than 151 characters [json-pointer:/blocks/0/text/text]"},
		{`[{"type":"header","text":{"type":"mrkdwn","text":"a"}}]`, "must be a valid enum value [json-pointer:/blocks/0/text/type]"},
		{`[{"type":"section","text":{"type":"mrkdwn","text":""}}]`, "must be more than 0 characters [json-pointer:/blocks/0/text/text]"},
		{`[{"type":"section"}]`, "missing required field: text [json-pointer:/blocks/0]"},
		{`[{"type":"marquee"}]`, "unsupported type: marquee [json-pointer:/blocks/0/type]"},
		{`[{"type":"divider","colour":"red"}]`, "invalid additional property: colour [json-pointer:/blocks/0]"},
		{`[{"type":"actions","elements":[{"type":"plain_text_input","action_id":"a"}]}]`, "unsupported type: plain_text_input [json-pointer:/blocks/0/elements/0/type]"},
		{`[{"type":"actions","elements":[]}]`, "no less than 1 items allowed [json-pointer:/blocks/0/elements]"},
		{`[{"type":"divider","block_id":"a"},{"type":"divider","block_id":"a"}]`, `block_id must be unique, "a" is there already [json-pointer:/blocks/1/block_id]`},
		{strings.Replace(button, `"more"`, `"approve"`, 1), `action_id must be unique within a block, "approve" is there twice [json-pointer:/blocks/1]`},
		{strings.Replace(button, `"value":"v1"`, `"value":"`+strings.Repeat("v", 2001)+`"`, 1), "must be less than 2001 characters [json-pointer:/blocks/1/elements/0/value]"},
		{strings.Replace(button, `"text":"Approve"`, `"text":"`+strings.Repeat("é", 76)+`"`, 1), "must be less than 76 characters [json-pointer:/blocks/1/elements/0/text/text]"},
		{`[{"type":"section","text":{"type":"mrkdwn","text":"a"},"accessory":{"type":"static_select","action_id":"a"}}]`, "must have either options or option_groups [json-pointer:/blocks/0/accessory]"},
		{"[" + strings.Repeat(`{"type":"divider"},`, 50) + `{"type":"divider"}]`, "no more than 50 items allowed [json-pointer:/blocks]"},
	} {
		s.Advance(time.Second)
		said := call(t, s, "chat.postMessage", "channel", "C0OPEN", "text", "a", "blocks", test.blocks)
		refused(t, said, "invalid_blocks")
		if diff := cmp.Diff([]any{"[ERROR] " + test.want}, under(said, "response_metadata", "messages")); diff != "" {
			t.Error(diff)
		}
	}
	// As much as may be, and in 4-byte letters.
	s.Advance(time.Second)
	fine(t, call(t, s, "chat.postMessage", "channel", "C0OPEN", "text", "a", "blocks",
		`[{"type":"section","text":{"type":"plain_text","text":"`+strings.Repeat("🜚", 3000)+`"}}]`))
}
