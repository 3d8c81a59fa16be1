package slack

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// untaken is a body that nobody should read.
type untaken struct{ *testing.T }

func (u untaken) Read([]byte) (int, error) {
	u.Error("the body was read")
	return 0, io.ErrUnexpectedEOF
}

// TestStrangersAreNotListenedTo: who sends no signature, or an old one, has their
// body left unread, however large it is and slowly it comes.
func TestStrangersAreNotListenedTo(t *testing.T) {
	t.Parallel()
	l := openLobby(t)
	now := itoa(int(l.clock.Now().Unix()))
	good := "v0=" + strings.Repeat("a", 64)
	for name, header := range map[string][2]string{
		"nothing": {}, "no signature": {now, ""}, "no time": {"", good}, "an old one": {itoa(int(l.clock.Now().Add(-time.Hour).Unix())), good},
		"another scheme": {now, "v1" + good[2:]}, "a short one": {now, good[:60]},
	} {
		for _, path := range []string{InteractivePath, CommandPath, EventsPath} {
			r := httptest.NewRequest(http.MethodPost, path, untaken{t})
			if header[0] != "" {
				r.Header.Set("X-Slack-Request-Timestamp", header[0])
			}
			if header[1] != "" {
				r.Header.Set("X-Slack-Signature", header[1])
			}
			w := httptest.NewRecorder()
			l.server.Config.Handler.ServeHTTP(w, r)
			if w.Code != http.StatusUnauthorized || w.Header().Get("Connection") != "close" {
				t.Errorf("%s at %s: %d", name, path, w.Code)
			}
		}
	}
}
