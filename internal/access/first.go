package access

import (
	"crypto/hmac"
	"strconv"
	"strings"
	"time"
)

// FirstFor is how long the link lives that a new deployment's operator gets on
// the terminal, where no mail is set up yet.
const FirstFor = 24 * time.Hour

// First is the secret of a one-time link for somebody, good until then (to the
// second). It is made from the key alone: whoever makes it needs no database,
// and whoever takes it checks that the person is an operator.
func (k Key) First(person string, until time.Time) string {
	end := strconv.FormatInt(until.Unix(), 36)
	return k.spell("first", person, end) + "." + end + "." + person
}

// ReadFirst reads a secret that First made; ok is false for anything else, and
// for one that is too old.
func (k Key) ReadFirst(secret string, now time.Time) (person string, until time.Time, ok bool) {
	sum, rest, found := strings.Cut(secret, ".")
	end, person, also := strings.Cut(rest, ".")
	if !found || !also || person == "" || !hmac.Equal([]byte(sum), []byte(k.spell("first", person, end))) {
		return "", time.Time{}, false
	}
	at, err := strconv.ParseInt(end, 36, 64)
	if err != nil {
		return "", time.Time{}, false
	}
	until = time.Unix(at, 0).UTC()
	return person, until, now.Before(until)
}
