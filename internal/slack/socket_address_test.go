package slack

import (
	"net/http"
	"net/http/httptest"
	"testing"
)

// TestSocketAddress: what people say is never carried in the clear, wherever Slack
// says to connect to; and nothing else than a connection is opened.
func TestSocketAddress(t *testing.T) {
	t.Parallel()
	for api, addresses := range map[string]map[string]bool{
		"https://slack.com/api/": {"wss://wss-primary.slack.com/link/?ticket=x": true, "ws://wss-primary.slack.com/link/?ticket=x": false, "ws://127.0.0.1/": false,
			"https://slack.com/": false, "wss://": false, "": false, "wss://user:word@slack.com/": false, "file:///etc/passwd": false, "\x00": false},
		"http://127.0.0.1:1/api/": {"ws://127.0.0.1:2/link/": true, "ws://localhost:2/": true, "ws://127.0.0.1.example.org/": false, "wss://elsewhere.example/": true,
			"http://127.0.0.1:1/": false},
	} {
		c, err := NewClient(Connection{API: api, BotToken: func() (string, error) { return "xoxb-1", nil }})
		if err != nil {
			t.Fatal(err)
		}
		for address, want := range addresses {
			if c.isSocket(address) != want {
				t.Errorf("with the API at %s, %q: %v", api, address, !want)
			}
		}
	}
}

// TestSocketAddressElsewhere: an address in the clear is no answer.
func TestSocketAddressElsewhere(t *testing.T) {
	t.Parallel()
	api := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte(`{"ok":true,"url":"ws://elsewhere.example/link/?ticket=x"}`))
	}))
	t.Cleanup(api.Close)
	token := func() (string, error) { return "xapp-1", nil }
	c, err := NewClient(Connection{API: api.URL, BotToken: token, AppToken: token})
	if err != nil {
		t.Fatal(err)
	}
	if address, err := c.connection(t.Context()); err == nil {
		t.Errorf("it is told to connect to %s", address)
	}
}
