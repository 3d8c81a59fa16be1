package slack

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"math"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Slack's headers of a signed request ("Verifying requests from Slack").
const (
	signatureHeader = "X-Slack-Signature"
	timeHeader      = "X-Slack-Request-Timestamp"
	signatureScheme = "v0="
)

// Window is how far a request's time may lie from ours, before or after: what
// Slack's documentation asks for.
const Window = 5 * time.Minute

// mostRemembered bounds the signatures that are remembered: a request more within
// two windows is refused rather than taken unchecked. Slack sends an app at most
// 30,000 events an hour, so a tenth of that in ten minutes and as many clicks.
const mostRemembered = 20_000

// SignatureError says why a request is not taken for Slack's. It is for the log
// and for tests: whoever sent it is told nothing but that it was refused.
type SignatureError struct{ Why string }

// Error is why.
func (e SignatureError) Error() string { return "the request is not Slack's: " + e.Why }

// Forbidden marks the error as a refusal.
func (SignatureError) Forbidden() bool { return true }

// ReplayError says that a request was taken before, unchanged. Slack signs each
// delivery anew, a second delivery of the same thing too.
type ReplayError struct{}

// Error says so.
func (ReplayError) Error() string { return "the request was taken before" }

// Forbidden marks the error as a refusal.
func (ReplayError) Forbidden() bool { return true }

// Verifier tells Slack's requests from others'. Many may use it at once.
type Verifier struct {
	secrets [][]byte
	now     func() time.Time

	mu sync.Mutex
	// seen are the signatures that were taken, with the time after which their
	// request is too old anyway.
	seen map[[sha256.Size]byte]time.Time
	// swept is when seen was last cleared of what is too old.
	swept time.Time
}

// NewVerifier returns a verifier that takes what is signed with any of the
// secrets: during a rotation Slack's old one stays good for a day. No secret, or
// an empty one, is an error: an empty key verifies what anybody can sign.
func NewVerifier(now func() time.Time, secrets ...string) (*Verifier, error) {
	v := &Verifier{now: now, seen: map[[sha256.Size]byte]time.Time{}}
	for _, s := range secrets {
		if strings.TrimSpace(s) == "" {
			return nil, errors.New("a signing secret of Slack is empty")
		}
		v.secrets = append(v.secrets, []byte(s))
	}
	if len(v.secrets) == 0 {
		return nil, errors.New("there is no signing secret of Slack")
	}
	return v, nil
}

// Verify takes a request once if Slack signed it, by its headers and its body as
// it came. SignatureError and ReplayError say why not.
func (v *Verifier) Verify(header http.Header, body []byte) error {
	c, err := v.claim(header)
	if err != nil {
		return err
	}
	if !v.signed(c.stamp, body, c.sum) {
		return SignatureError{"its signature is another"}
	}
	return v.take([sha256.Size]byte(c.sum), c.at.Add(Window), v.now())
}

// claim is what a request's headers say of its signature: who sends none need
// not be listened to any further.
type claim struct {
	stamp string
	at    time.Time
	sum   []byte
}

func (v *Verifier) claim(header http.Header) (c claim, err error) {
	c.stamp, err = one(header, timeHeader)
	if err != nil {
		return c, err
	}
	signed, err := one(header, signatureHeader)
	if err != nil {
		return c, err
	}
	c.at, err = instant(c.stamp)
	if err != nil {
		return c, err
	}
	if off := v.now().Sub(c.at); off > Window || off < -Window {
		return c, SignatureError{fmt.Sprintf("it is %s off", off.Round(time.Second))}
	}
	hexed, scheme := strings.CutPrefix(signed, signatureScheme)
	c.sum, err = hex.DecodeString(hexed)
	if !scheme || err != nil || len(c.sum) != sha256.Size || strings.ToLower(hexed) != hexed {
		return c, SignatureError{"its signature has another form"}
	}
	return c, nil
}

// one is the value of a header that came exactly once.
func one(header http.Header, name string) (string, error) {
	all := header.Values(name)
	if len(all) != 1 || all[0] == "" {
		return "", SignatureError{"it does not have one " + name}
	}
	return all[0], nil
}

// instant reads a time in whole seconds since 1970, as Slack writes it: digits
// alone. Bounded, since a time far ahead would overflow what it is subtracted
// from.
func instant(stamp string) (time.Time, error) {
	n, err := strconv.ParseUint(stamp, 10, 63)
	if err != nil || n > math.MaxUint32*4 {
		return time.Time{}, SignatureError{"its time can't be read"}
	}
	return time.Unix(int64(n), 0), nil
}

// signed compares in a time that says nothing about the signature.
func (v *Verifier) signed(stamp string, body, sum []byte) bool {
	good := false
	for _, secret := range v.secrets {
		mac := hmac.New(sha256.New, secret)
		_, _ = mac.Write([]byte("v0:" + stamp + ":")) // a hash takes everything
		_, _ = mac.Write(body)
		good = hmac.Equal(mac.Sum(nil), sum) || good
	}
	return good
}

// take remembers a signature until its request would be too old.
func (v *Verifier) take(sum [sha256.Size]byte, until, now time.Time) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	if now.Sub(v.swept) >= Window || len(v.seen) >= mostRemembered {
		for old, end := range v.seen {
			if end.Before(now) {
				delete(v.seen, old)
			}
		}
		v.swept = now
	}
	if _, before := v.seen[sum]; before {
		return ReplayError{}
	}
	if len(v.seen) >= mostRemembered {
		return SignatureError{"too many requests are remembered to tell whether it is new"}
	}
	v.seen[sum] = until
	return nil
}
