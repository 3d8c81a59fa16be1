package github

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"testing"
	"time"

	"gangway/internal/github/githubtest"
)

const signIns = "POST /app/installations/{installation_id}/access_tokens"

// TestAnAppsTokenIsUsedForItsHour, and replaced before it ends.
func TestAnAppsTokenIsUsedForItsHour(t *testing.T) {
	t.Parallel()
	w := newWorld(t, asApp(t, full()))
	for i, want := range []int{1, 1, 2, 2, 3} {
		_, err := w.c.Organisation(t.Context())
		ok(t, err)
		if n := w.count(signIns); n != want {
			t.Errorf("after %d: %d tokens, want %d", i, n, want)
		}
		w.clock.skip(28 * time.Minute)
	}
}

// TestAnAppsTokenThatWasWithdrawn is replaced once; a token of a person's is not.
func TestAnAppsTokenThatWasWithdrawn(t *testing.T) {
	t.Parallel()
	w := newWorld(t, asApp(t, full()))
	_, err := w.c.Organisation(t.Context())
	ok(t, err)
	w.s.Revoke()
	_, err = w.c.Organisation(t.Context())
	ok(t, err)
	if n := w.count(signIns); n != 2 {
		t.Errorf("%d tokens", n)
	}
	w.s.Order(githubtest.Failure{Call: getOrganisation().name, How: githubtest.Unauth, Times: -1})
	_, err = w.c.Organisation(t.Context())
	faulty(t, err, Denied)
	if n := w.count(signIns); n != 3 {
		t.Errorf("%d tokens: it was tried again and again", n)
	}
	w = newWorld(t, func(_ *githubtest.Options, c *Connection) { c.Token = "ghp_other" })
	_, err = w.c.Organisation(t.Context())
	faulty(t, err, Denied)
	if n := w.count(""); n != 1 {
		t.Errorf("%d calls with a bad token", n)
	}
}

// TestAClockThatIsOff: an app's signature holds with a minute's difference, and not
// with a quarter of an hour's.
func TestAClockThatIsOff(t *testing.T) {
	t.Parallel()
	for off, sound := range map[time.Duration]bool{0: true, 50 * time.Second: true, -50 * time.Second: true, 15 * time.Minute: false, -15 * time.Minute: false} {
		w := newWorld(t, changed(asApp(t, full()), func(*Connection) {}))
		w.c.o.Now = func() time.Time { return w.clock.now().Add(off) }
		_, err := w.c.Organisation(t.Context())
		if (err == nil) != sound {
			t.Errorf("%s off: %v", off, err)
		}
	}
}

// TestAnAppsAnswerIsRead: a token that is none, or over, is not used.
func TestAnAppsAnswerIsRead(t *testing.T) {
	t.Parallel()
	for how, fault := range map[githubtest.How]Fault{githubtest.Empty: Broken, githubtest.Null: Lost, githubtest.Page: Broken, githubtest.Down: Broken,
		githubtest.Cut: Lost, githubtest.Lost: Unreachable, githubtest.Second: Limited, githubtest.Hidden: Hidden} {
		w := newWorld(t, changed(asApp(t, full()), func(c *Connection) { c.API = straight }))
		w.s.Order(githubtest.Failure{Call: signIns, How: how})
		_, err := w.c.Organisation(t.Context())
		if e := faulty(t, err, fault); e.Call != signIns {
			t.Errorf("%s: %v", how, e)
		}
	}
	w := newWorld(t, changed(asApp(t, full()), func(*Connection) {}))
	w.c.o.Now = func() time.Time { return w.clock.now().Add(-50 * time.Second) }
	w.s.Advance(-2 * time.Hour) // its tokens end before they begin
	_, err := w.c.Organisation(t.Context())
	faulty(t, err, Denied)
}

func TestKeysThatCanSign(t *testing.T) {
	t.Parallel()
	long, err := appKey()
	ok(t, err)
	short, err := rsa.GenerateKey(rand.Reader, 1024)
	ok(t, err)
	curve, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	ok(t, err)
	pkcs8 := func(key any) []byte {
		text, err := x509.MarshalPKCS8PrivateKey(key)
		ok(t, err)
		return pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: text})
	}
	pkcs1 := pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(long)})
	for name, c := range map[string]struct {
		text []byte
		good bool
	}{
		"PKCS 1": {pkcs1, true}, "with room around": {append([]byte("\n\n"), pkcs1...), true}, "PKCS 8": {pkcs8(long), true},
		"too short": {pkcs8(short), false}, "no RSA": {pkcs8(curve), false}, "no PEM": {[]byte("hunter2"), false}, "nothing": {nil, false},
		"cut":          {pkcs1[:len(pkcs1)-100], false},
		"a public one": {pem.EncodeToMemory(&pem.Block{Type: "RSA PUBLIC KEY", Bytes: x509.MarshalPKCS1PublicKey(&long.PublicKey)}), false},
	} {
		if err := CheckKey(c.text); (err == nil) != c.good {
			t.Errorf("%s: %v", name, err)
		}
	}
}
