package slack

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// The request that Slack's documentation signs, and when.
const (
	publishedSecret    = "8f742231b10e8888abcd99yyyzzz85a5"
	publishedTime      = "1531420618"
	publishedBody      = "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c"
	publishedSignature = "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"
)

func published() time.Time { return time.Unix(1531420618, 0) }

// stopped is a clock that stands still.
func stopped(at time.Time) func() time.Time { return func() time.Time { return at } }

func verifier(t *testing.T, now func() time.Time, secrets ...string) *Verifier {
	t.Helper()
	v, err := NewVerifier(now, secrets...)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func headers(stamp, signature string) http.Header {
	h := http.Header{}
	h.Set(timeHeader, stamp)
	h.Set(signatureHeader, signature)
	return h
}

// sign signs as Slack documents it.
func sign(secret, stamp, body string) string {
	mac := hmac.New(sha256.New, []byte(secret))
	_, _ = fmt.Fprintf(mac, "v0:%s:%s", stamp, body) // a hash takes everything
	return "v0=" + hex.EncodeToString(mac.Sum(nil))
}

func refused(t *testing.T, what string, err error, why string) {
	t.Helper()
	var e SignatureError
	if !errors.As(err, &e) || !strings.Contains(e.Why, why) {
		t.Errorf("%s: got %v, want a refusal because %s", what, err, why)
	}
}

// TestThePublishedVector: what Slack's documentation signs is taken, once.
func TestThePublishedVector(t *testing.T) {
	t.Parallel()
	v := verifier(t, stopped(published()), publishedSecret)
	h := headers(publishedTime, publishedSignature)
	if err := v.Verify(h, []byte(publishedBody)); err != nil {
		t.Fatal(err)
	}
	if err := v.Verify(h, []byte(publishedBody)); !errors.As(err, new(ReplayError)) {
		t.Errorf("the same request again: %v, want ReplayError", err)
	}
	for _, e := range []interface{ Forbidden() bool }{SignatureError{}, ReplayError{}} {
		if !e.Forbidden() {
			t.Errorf("%T is no refusal", e)
		}
	}
}

// TestSigningTimes: five minutes either way and not a second more, and no time
// that can't be one.
func TestSigningTimes(t *testing.T) {
	t.Parallel()
	for off, taken := range map[time.Duration]bool{0: true, Window: true, -Window: true, Window + time.Second: false, -Window - time.Second: false, Window + time.Nanosecond: false, 9 * time.Hour: false} {
		v := verifier(t, stopped(published().Add(off)), publishedSecret)
		err := v.Verify(headers(publishedTime, publishedSignature), []byte(publishedBody))
		if taken != (err == nil) {
			t.Errorf("%s off: %v, want it taken: %t", off, err, taken)
		}
		if !taken {
			refused(t, off.String(), err, "off")
		}
	}
	v := verifier(t, stopped(published()), publishedSecret)
	for _, stamp := range []string{"", " 1531420618", "1531420618 ", "+1531420618", "-1531420618", "1531420618.0", "0x5b47a0ca", "1_531_420_618", "١٥٣١٤٢٠٦١٨", "99999999999999999999", "9223372036854775807", "253402300799"} {
		if err := v.Verify(headers(stamp, sign(publishedSecret, stamp, publishedBody)), []byte(publishedBody)); !errors.As(err, new(SignatureError)) {
			t.Errorf("the time %q: %v, want a refusal", stamp, err)
		}
	}
}

// TestSecretsOfARotation: the new and the old one are good, others are not, and
// an empty one stops the start.
func TestSecretsOfARotation(t *testing.T) {
	t.Parallel()
	v := verifier(t, stopped(published()), "the new one", publishedSecret)
	for _, secret := range []string{"the new one", publishedSecret} {
		if err := v.Verify(headers(publishedTime, sign(secret, publishedTime, publishedBody)), []byte(publishedBody)); err != nil {
			t.Errorf("signed with %s: %v", secret, err)
		}
	}
	for _, secret := range []string{"", "another", "the new one\n"} {
		refused(t, "signed with "+secret, v.Verify(headers(publishedTime, sign(secret, publishedTime, publishedBody)), []byte(publishedBody)), "another")
	}
	for _, secrets := range [][]string{nil, {""}, {" \n"}, {publishedSecret, ""}} {
		if _, err := NewVerifier(time.Now, secrets...); err == nil {
			t.Errorf("a verifier begins with the secrets %q", secrets)
		}
	}
}

// TestForgedSignatures: another form, none, or two of them.
func TestForgedSignatures(t *testing.T) {
	t.Parallel()
	good := strings.TrimPrefix(publishedSignature, "v0=")
	v := verifier(t, stopped(published()), publishedSecret)
	for what, signature := range map[string]string{
		"no scheme": good, "another scheme": "v1=" + good, "upper case": "v0=" + strings.ToUpper(good), "cut": "v0=" + good[:62], "longer": "v0=" + good + "00",
		"no hex": "v0=" + strings.Repeat("x", 64), "nothing": "v0=", "zeros": "v0=" + strings.Repeat("0", 64),
	} {
		if err := v.Verify(headers(publishedTime, signature), []byte(publishedBody)); !errors.As(err, new(SignatureError)) {
			t.Errorf("%s: %v", what, err)
		}
	}
	for _, name := range []string{timeHeader, signatureHeader} {
		missing, twice := headers(publishedTime, publishedSignature), headers(publishedTime, publishedSignature)
		missing.Del(name)
		twice.Add(name, twice.Get(name))
		refused(t, "without "+name, v.Verify(missing, []byte(publishedBody)), name)
		refused(t, "with two of "+name, v.Verify(twice, []byte(publishedBody)), name)
	}
	// None of these was taken, so the real one still is.
	if err := v.Verify(headers(publishedTime, publishedSignature), []byte(publishedBody)); err != nil {
		t.Errorf("the real one after the forged: %v", err)
	}
}

// TestAnyOtherRequestIsRefused: a request is what was signed, byte for byte.
func TestAnyOtherRequestIsRefused(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		v, err := NewVerifier(stopped(published()), publishedSecret)
		if err != nil {
			t.Fatal(err)
		}
		body := rapid.SliceOfN(rapid.Byte(), 1, 300).Draw(t, "body")
		signature := sign(publishedSecret, publishedTime, string(body))
		other := append([]byte{}, body...)
		at := rapid.IntRange(0, len(body)-1).Draw(t, "at")
		other[at] ^= rapid.ByteRange(1, 255).Draw(t, "changed by")
		if v.Verify(headers(publishedTime, signature), other) == nil {
			t.Fatalf("byte %d is another, and it is taken", at)
		}
		if v.Verify(headers("1531420619", signature), body) == nil {
			t.Fatal("the time is another, and it is taken")
		}
		if err := v.Verify(headers(publishedTime, signature), body); err != nil {
			t.Fatal(err)
		}
	})
}

// TestReplaysAtOnce: of many at the same time one is taken.
func TestReplaysAtOnce(t *testing.T) {
	t.Parallel()
	v := verifier(t, stopped(published()), publishedSecret)
	var taken atomic.Int64
	var all sync.WaitGroup
	for range 50 {
		all.Go(func() {
			if v.Verify(headers(publishedTime, publishedSignature), []byte(publishedBody)) == nil {
				taken.Add(1)
			}
		})
	}
	all.Wait()
	if n := taken.Load(); n != 1 {
		t.Errorf("%d of 50 are taken, want one", n)
	}
}

// TestWhatIsRemembered: a signature is remembered as long as its request could
// be sent again, no longer, and never more of them than the bound.
func TestWhatIsRemembered(t *testing.T) {
	t.Parallel()
	now := published()
	v := verifier(t, func() time.Time { return now }, publishedSecret)
	send := func(at time.Time, body string) error {
		stamp := fmt.Sprint(at.Unix())
		return v.Verify(headers(stamp, sign(publishedSecret, stamp, body)), []byte(body))
	}
	ahead := now.Add(Window) // it can be sent for ten minutes
	if err := send(ahead, "click"); err != nil {
		t.Fatal(err)
	}
	for now = now.Add(time.Minute); !now.After(ahead.Add(Window)); now = now.Add(time.Minute) {
		if err := send(ahead, "click"); !errors.As(err, new(ReplayError)) {
			t.Fatalf("%s later: %v, want ReplayError", now.Sub(published()), err)
		}
		if err := send(now, "other "+now.String()); err != nil {
			t.Fatal(err)
		}
	}
	refused(t, "when it is too old", send(ahead, "click"), "off")
	now = now.Add(3 * Window)
	if err := send(now, "the next"); err != nil {
		t.Fatal(err)
	}
	if n := len(v.seen); n != 1 {
		t.Errorf("%d signatures are remembered, want the last", n)
	}
	for i := len(v.seen); i < mostRemembered; i++ {
		v.seen[sha256.Sum256([]byte(fmt.Sprint(i)))] = now.Add(Window)
	}
	refused(t, "one too many", send(now, "one too many"), "too many")
	now = now.Add(2*Window + time.Second)
	if err := send(now, "when the others are too old"); err != nil || len(v.seen) != 1 {
		t.Errorf("%v, %d remembered", err, len(v.seen))
	}
	for i := len(v.seen); i < mostRemembered; i++ {
		v.seen[sha256.Sum256([]byte(fmt.Sprint(i)))] = now.Add(time.Second)
	}
	now = now.Add(2 * time.Second)
	if err := send(now, "when there is no room, but for what is too old"); err != nil || len(v.seen) != 2 {
		t.Errorf("%v, %d remembered", err, len(v.seen))
	}
}

// FuzzVerify: nothing that strangers send is taken, and nothing makes it fall.
func FuzzVerify(f *testing.F) {
	f.Add(publishedTime, publishedSignature, publishedBody)
	f.Add("", "", "")
	f.Add("18446744073709551615", "v0=", "payload=%7B%7D")
	f.Fuzz(func(t *testing.T, stamp, signature, body string) {
		v := verifier(t, stopped(published()), "a secret that nobody guesses")
		if v.Verify(headers(stamp, signature), []byte(body)) == nil {
			t.Errorf("%q, %q is taken", stamp, signature)
		}
	})
}
