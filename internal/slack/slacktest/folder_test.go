package slacktest

import (
	"os"
	"path/filepath"
	"testing"
)

// A workspace that is started again has its conversations, messages and home tabs;
// new ones get names of their own.
func TestAWorkspaceRemembers(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "slack.json")
	lena := User{ID: "ULENA", Name: "lena", RealName: "Lena"}
	open := func() *Server {
		t.Helper()
		s, err := New(Options{File: file, BotToken: "xoxb-test-token", Users: []User{lena}})
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	s := open()
	dm := call(t, s, "conversations.open", "users", "ULENA")["channel"].(object)["id"].(string)
	ts := call(t, s, "chat.postMessage", "channel", dm, "text", "Hello")["ts"].(string)
	call(t, s, "views.publish", "user_id", "ULENA", "view", `{"type":"home","blocks":[]}`)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = open()
	if got := s.DM("ULENA"); got != dm {
		t.Errorf("the conversation is %q, want %q", got, dm)
	}
	if m, found := s.Message(dm, ts); !found || m.Text != "Hello" {
		t.Errorf("the message is %+v, %v", m, found)
	}
	if _, found := s.Home("ULENA"); !found {
		t.Error("the home tab is gone")
	}
	call(t, s, "chat.update", "channel", dm, "ts", ts, "text", "Hello again")
	if next := call(t, s, "chat.postMessage", "channel", dm, "text", "More")["ts"].(string); next == ts {
		t.Error("two messages have one name")
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = open()
	if m, _ := s.Message(dm, ts); m.Text != "Hello again" || len(s.Messages(dm)) != 2 {
		t.Errorf("after another start: %+v", s.Messages(dm))
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if s, err := New(Options{File: file}); err == nil {
		t.Error("a file that is none was taken for an empty workspace")
		_ = s.Close()
	}
}

// What can't be written is told at the end.
func TestAWorkspaceThatCannotRememberSaysSo(t *testing.T) {
	t.Parallel()
	s, err := New(Options{File: filepath.Join(t.TempDir(), "nowhere", "slack.json")})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err == nil {
		t.Error("nothing was said")
	}
}
