package slacktest

import (
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
)

// Whatever a body is, the answer is an object that says ok or not, and why not.
func FuzzBodies(f *testing.F) {
	names := slices.Sorted(maps.Keys(methods()))
	for i := range names {
		f.Add(uint8(i), true, `{"channel":"U0ANA","users":"U0ANA","user_id":"U0ANA","text":"a","blocks":`+button+`}`)
		f.Add(uint8(i), true, `{"channel":"C0OPEN","user":"U0ANA","ts":"1.000000","view":`+modal+`}`)
		f.Add(uint8(i), false, "channel=C0OPEN&text=a&blocks=%5B%7B%7D%5D&limit=1&cursor=x&view=%7B%22type%22%3A%22modal%22%7D")
	}
	f.Fuzz(func(t *testing.T, which uint8, asJSON bool, body string) {
		s, err := New(Options{Users: people(), Channels: []Channel{{ID: "C0OPEN", Members: []string{"U0TESTBOT", "U0ANA"}}}})
		if err != nil {
			t.Fatal(err)
		}
		defer func() {
			if err := s.Close(); err != nil {
				t.Error(err)
			}
		}()
		name := names[int(which)%len(names)]
		r := httptest.NewRequest(http.MethodPost, "/api/"+name, strings.NewReader(body))
		r.Header.Set("Content-Type", map[bool]string{true: "application/json", false: "application/x-www-form-urlencoded"}[asJSON])
		r.Header.Set("Authorization", "Bearer "+map[bool]string{true: s.o.AppToken, false: s.o.BotToken}[methods()[name].app])
		w := httptest.NewRecorder()
		s.handler().ServeHTTP(w, r)
		var said object
		if err := json.Unmarshal(w.Body.Bytes(), &said); err != nil || w.Code != http.StatusOK {
			t.Fatalf("%s: %d %s", name, w.Code, w.Body)
		}
		code, _ := said["error"].(string)
		if ok, is := said["ok"].(bool); !is || ok != (code == "") {
			t.Fatalf("%s: %s", name, w.Body)
		}
	})
}

// What passes still passes with all that Slack adds to it.
func FuzzBlocks(f *testing.F) {
	f.Add(button)
	f.Add(`[{"type":"input","label":{"type":"plain_text","text":"a"},"element":{"type":"checkboxes","options":[{"text":{"type":"mrkdwn","text":"a"},"value":"1"}]}}]`)
	f.Add(`[{"type":"section","fields":[{"type":"mrkdwn","text":"a"}],"accessory":{"type":"image","image_url":"u","alt_text":"a"}},{"type":"context","elements":[]}]`)
	f.Add(`[null,[],"a",{"type":1},{"type":"actions","elements":[null,{"type":"button"}]}]`)
	s := &Server{state: newState()}
	f.Fuzz(func(t *testing.T, raw string) {
		var blocks []any
		if json.Unmarshal([]byte(raw), &blocks) != nil {
			return
		}
		if len(lintBlocks(blocks, onModal)) > 0 {
			return
		}
		var again []any
		if err := json.Unmarshal(s.complete(blocks), &again); err != nil {
			t.Fatal(err)
		}
		if faults := lintBlocks(again, onModal); len(faults) > 0 {
			t.Fatalf("%s: %v", raw, faults)
		}
	})
}

// Strangers' bytes over a socket end nothing.
func FuzzAcknowledgements(f *testing.F) {
	f.Add([]byte(`{"envelope_id":"e","payload":{"a":1}}`))
	f.Add([]byte(`[]`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		s := &Server{state: newState()}
		e := s.envelope("e")
		s.acknowledge(raw)
		s.acknowledge(raw)
		select {
		case <-e.acked:
			if len(s.Faults()) != 0 {
				t.Errorf("acknowledged, and a fault: %v", s.Faults())
			}
		default:
			if len(s.Faults()) == 0 {
				t.Error("neither acknowledged nor a fault")
			}
		}
	})
}
