package mail_test

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"gangway/internal/mail"
	"gangway/internal/mail/mailtest"
	"gangway/internal/outbox"
	"gangway/internal/playbook"
)

// issuer is a provider's token endpoint.
type issuer struct {
	*httptest.Server
	mu    sync.Mutex
	asked []url.Values
	// answer is the status and JSON of the next replies.
	status int
	answer string
}

func newIssuer(t *testing.T) *issuer {
	t.Helper()
	i := &issuer{status: http.StatusOK, answer: `{"access_token":"good","token_type":"Bearer","expires_in":3600}`}
	i.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		i.mu.Lock()
		defer i.mu.Unlock()
		if err := r.ParseForm(); err != nil {
			t.Error(err)
		}
		i.asked = append(i.asked, r.PostForm)
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(i.status)
		_, _ = w.Write([]byte(i.answer))
	}))
	t.Cleanup(i.Close)
	return i
}

func (i *issuer) say(status int, answer string) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.status, i.answer = status, answer
}

func (i *issuer) last() url.Values {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.asked[len(i.asked)-1]
}

func (i *issuer) times() int {
	i.mu.Lock()
	defer i.mu.Unlock()
	return len(i.asked)
}

func microsoft(endpoint string) mail.OAuth {
	return mail.OAuth{Provider: "microsoft", Tenant: "example.org", ClientID: "app", ClientSecret: "hunter2", Endpoint: endpoint}
}

func TestMicrosoftGivesATokenToTheApp(t *testing.T) {
	t.Parallel()
	i := newIssuer(t)
	token, err := microsoft(i.URL).Tokens()
	if err != nil {
		t.Fatal(err)
	}
	for range 3 {
		if got, err := token(t.Context()); err != nil || got != "good" {
			t.Fatalf("%q, %v", got, err)
		}
	}
	form := i.last()
	if i.times() != 1 || form.Get("grant_type") != "client_credentials" || form.Get("client_id") != "app" || form.Get("client_secret") != "hunter2" || form.Get("scope") != "https://outlook.office365.com/.default" {
		t.Errorf("asked %d times, last %v", i.times(), form)
	}
}

// A token that is about to end is asked for anew, and a newer refresh token is
// used from then on.
func TestRefreshTokensAreUsedAsTheyCome(t *testing.T) {
	t.Parallel()
	i := newIssuer(t)
	token, err := mail.OAuth{Provider: "google", ClientID: "app", ClientSecret: "hunter2", RefreshToken: "first", Endpoint: i.URL}.Tokens()
	if err != nil {
		t.Fatal(err)
	}
	i.say(http.StatusOK, `{"access_token":"one","expires_in":60,"refresh_token":"second"}`)
	if got, err := token(t.Context()); err != nil || got != "one" || i.last().Get("refresh_token") != "first" || i.last().Get("grant_type") != "refresh_token" {
		t.Fatalf("%q, %v, %v", got, err, i.last())
	}
	i.say(http.StatusOK, `{"access_token":"two","expires_in":3600}`)
	if got, err := token(t.Context()); err != nil || got != "two" || i.last().Get("refresh_token") != "second" {
		t.Fatalf("%q, %v, %v", got, err, i.last())
	}
	if got, err := token(t.Context()); err != nil || got != "two" || i.times() != 2 {
		t.Fatalf("%q, %v, asked %d times", got, err, i.times())
	}
}

// TestServiceAccountSignsForItsUser: what asks for the token is signed by the
// account's key and names the user.
func TestServiceAccountSignsForItsUser(t *testing.T) {
	t.Parallel()
	i := newIssuer(t)
	secret, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(secret)
	if err != nil {
		t.Fatal(err)
	}
	file, err := json.Marshal(map[string]string{"type": "service_account", "client_email": "gw@project.example", "private_key_id": "k1",
		"private_key": string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})), "token_uri": "https://oauth2.googleapis.com/token"})
	if err != nil {
		t.Fatal(err)
	}
	token, err := mail.OAuth{Provider: "google", ServiceAccount: string(file), User: "gangway@example.org", Endpoint: i.URL}.Tokens()
	if err != nil {
		t.Fatal(err)
	}
	if got, err := token(t.Context()); err != nil || got != "good" {
		t.Fatalf("%q, %v", got, err)
	}
	parts := strings.Split(i.last().Get("assertion"), ".")
	if len(parts) != 3 {
		t.Fatalf("%v", i.last())
	}
	signature, err := base64.RawURLEncoding.DecodeString(parts[2])
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256([]byte(parts[0] + "." + parts[1]))
	if err := rsa.VerifyPKCS1v15(&secret.PublicKey, crypto.SHA256, sum[:], signature); err != nil {
		t.Error(err)
	}
	claims, err := base64.RawURLEncoding.DecodeString(parts[1])
	for _, want := range []string{`"sub":"gangway@example.org"`, `"iss":"gw@project.example"`, `"scope":"https://mail.google.com/"`, `"aud":"https://oauth2.googleapis.com/token"`} {
		if err != nil || !strings.Contains(string(claims), want) {
			t.Errorf("%s lacks %s (%v)", claims, want, err)
		}
	}
}

// A refusal says what to do, and repeats nothing of what the provider said.
func TestRefusedTokensSayWhatToDo(t *testing.T) {
	t.Parallel()
	for answer, want := range map[string]string{
		`{"error":"invalid_grant","error_description":"hunter2 of gangway@example.org"}`: "give consent anew",
		`{"error":"invalid_client","error_description":"hunter2"}`:                       "check the client's id and secret",
		`{"error":"hunter3"}`:  "audit log",
		`<html>hunter2</html>`: "audit log",
	} {
		i := newIssuer(t)
		i.say(http.StatusBadRequest, answer)
		token, err := microsoft(i.URL).Tokens()
		if err != nil {
			t.Fatal(err)
		}
		_, err = token(t.Context())
		var hint interface{ Hint() string }
		if err == nil || !as(err, &hint) || !strings.Contains(hint.Hint(), want) || strings.Contains(err.Error(), "hunter2") || strings.Contains(err.Error(), "@") {
			t.Errorf("%s: %v", answer, err)
		}
		i.say(http.StatusOK, `{"access_token":"good","expires_in":3600}`)
		if got, err := token(t.Context()); err != nil || got != "good" {
			t.Errorf("a refusal stays: %q, %v", got, err)
		}
	}
	i := newIssuer(t)
	i.say(http.StatusOK, `{"token_type":"Bearer"}`)
	token, err := microsoft(i.URL).Tokens()
	if err != nil {
		t.Fatal(err)
	}
	if got, err := token(t.Context()); err == nil {
		t.Errorf("no token is one: %q", got)
	}
	i.Close()
	if _, err := token(t.Context()); err == nil || !strings.Contains(err.Error(), "asking for a token") {
		t.Error(err)
	}
}

func TestOAuthIsHeldToItsShape(t *testing.T) {
	t.Parallel()
	for name, o := range map[string]mail.OAuth{
		"nobody":              {},
		"another provider":    {Provider: "yahoo", ClientID: "a", ClientSecret: "b"},
		"no tenant":           {Provider: "microsoft", ClientID: "a", ClientSecret: "b"},
		"no secret":           {Provider: "microsoft", Tenant: "t", ClientID: "a"},
		"Google's app alone":  {Provider: "google", ClientID: "a", ClientSecret: "b"},
		"no app":              {Provider: "google", RefreshToken: "a"},
		"in the clear":        {Provider: "google", ClientID: "a", RefreshToken: "b", Endpoint: "http://oauth2.googleapis.com/token"},
		"no address":          {Provider: "google", ClientID: "a", RefreshToken: "b", Endpoint: "::"},
		"no account":          {Provider: "google", ServiceAccount: "{}", User: "a"},
		"an account for none": {Provider: "google", ServiceAccount: `{"type":"service_account","client_email":"a","private_key":"b"}`},
	} {
		if _, err := o.Tokens(); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
}

// A mail server is signed in to by a token in the way that it offers, and a
// token that it refuses leaves the letters waiting.
func TestTokensSignInAtAMailServer(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		token string
		want  outbox.State
	}{{"good", outbox.Sent}, {"bad", outbox.Waiting}} {
		w := newWorld(t, mailtest.Options{STARTTLS: true, User: "gangway@example.org", Token: "good"})
		i := newIssuer(t)
		i.say(http.StatusOK, fmt.Sprintf(`{"access_token":%q,"expires_in":3600}`, c.token))
		token, err := microsoft(i.URL).Tokens()
		w.ok(err)
		w.post = w.newPost(w.a, func(o *mail.Options) {
			o.Server.TLS, o.Server.Roots, o.Server.User, o.Server.Token = mail.STARTTLS, w.server.Roots(), "gangway@example.org", token
		})
		if err := w.post.Check(t.Context()); (err == nil) != (c.token == "good") {
			t.Errorf("%s: %v", c.token, err)
		}
		w.show("n1", acme, "helen", playbook.WhyAsked, w.newCase(acme, false).ask("legal", "Legal review", "helen"))
		w.pass(time.Minute)
		w.deliver()
		w.isState("n1", c.want)
	}
}
