package mailtest

import (
	"encoding/base64"
	"errors"
	"strings"
)

// bearer is the server's side of XOAUTH2, which Google and Microsoft have, and of
// OAUTHBEARER (RFC 7628).
type bearer struct {
	mechanism string
	signIn    func(user, token string) bool
	refused   bool
}

// errRefused: signing in failed.
var errRefused = errors.New("signing in: refused")

// refusal is what one that is refused is told first; it answers before the no comes.
const refusal = `{"status":"401","schemes":"bearer","scope":"mail"}`

// Next takes what the client says.
func (b *bearer) Next(response []byte) (challenge []byte, done bool, err error) {
	if b.refused {
		return nil, false, errRefused
	}
	if response == nil {
		return []byte{}, false, nil // the client's turn
	}
	user, token, ok := b.parse(string(response))
	if ok && b.signIn(user, token) {
		return nil, true, nil
	}
	b.refused = true
	return []byte(refusal), false, nil
}

func (b *bearer) parse(response string) (user, token string, ok bool) {
	fields := strings.Split(response, "\x01")
	if len(fields) < 4 || fields[len(fields)-1] != "" || fields[len(fields)-2] != "" {
		return "", "", false
	}
	if b.mechanism == xoauth2 {
		user, ok = strings.CutPrefix(fields[0], "user=")
	} else {
		user, ok = strings.CutPrefix(fields[0], "n,a=")
		user = strings.NewReplacer("=2C", ",", "=3D", "=").Replace(strings.TrimSuffix(user, ","))
	}
	for _, f := range fields[1 : len(fields)-2] {
		if t, found := strings.CutPrefix(f, "auth=Bearer "); found {
			token = t
		}
	}
	return user, token, ok && token != ""
}

// parsePlain reads what PLAIN says (RFC 4616).
func parsePlain(response []byte) (user, password string, ok bool) {
	fields := strings.Split(string(response), "\x00")
	if len(fields) != 3 {
		return "", "", false
	}
	return fields[1], fields[2], true
}

func encode(b []byte) string { return base64.StdEncoding.EncodeToString(b) }
