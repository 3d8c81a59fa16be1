package github

import (
	"bytes"
	"context"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/google/go-github/v60/github"
)

// signin gives the token for calls: the one that an operator made, or one of an hour
// that the app asks for with its signature.
type signin struct {
	fixed             string
	app, installation int64
	key               *rsa.PrivateKey

	mu      sync.Mutex
	current installationToken
}

// installationToken is what an app may do for an hour.
type installationToken struct {
	Token       string            `json:"token"`
	Expires     time.Time         `json:"expires_at"`
	Permissions map[string]string `json:"permissions"`
	// Selection is all or selected: which repositories it sees.
	Selection string `json:"repository_selection"`
}

// renewBefore is how long before its end a token is replaced: a call may take
// a while, and clocks differ.
const renewBefore = 5 * time.Minute

// An app's signature counts for ten minutes at most, and not before its time by
// GitHub's clock (its page "Generating a JSON Web Token for a GitHub App").
const (
	signedBefore = time.Minute
	signedFor    = 9 * time.Minute
)

func newSignin(o Connection) (*signin, error) {
	if o.Token != "" {
		return &signin{fixed: o.Token}, nil
	}
	if len(o.Key) == 0 {
		return nil, errors.New("it needs a token, or the key of an app")
	}
	if o.App <= 0 || o.Installation <= 0 {
		return nil, errors.New("an app needs its id and that of its installation")
	}
	key, err := parseKey(o.Key)
	if err != nil {
		return nil, err
	}
	return &signin{app: o.App, installation: o.Installation, key: key}, nil
}

// CheckKey reports why text can't be an app's private key, or nil; it quotes nothing.
func CheckKey(text []byte) error {
	_, err := parseKey(text)
	return err
}

// leastKey is the length of a key, in bits, that is worth a signature.
const leastKey = 2048

func parseKey(text []byte) (*rsa.PrivateKey, error) {
	block, _ := pem.Decode(bytes.TrimSpace(text))
	if block == nil {
		return nil, errors.New("the app's key is no PEM file")
	}
	if key, err := x509.ParsePKCS1PrivateKey(block.Bytes); err == nil {
		return longEnough(key)
	}
	parsed, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	key, is := parsed.(*rsa.PrivateKey)
	if err != nil || !is {
		return nil, errors.New("the app's key is no private RSA key")
	}
	return longEnough(key)
}

func longEnough(key *rsa.PrivateKey) (*rsa.PrivateKey, error) {
	if key.N.BitLen() < leastKey {
		return nil, fmt.Errorf("the app's key is shorter than %d bits", leastKey)
	}
	return key, nil
}

// token is the token of the moment.
func (s *signin) token(ctx context.Context, c *Client) (string, error) {
	t, err := s.granted(ctx, c)
	return t.Token, err
}

// granted is the app's token with what it may; of a token that an operator made
// nothing but the token is known.
func (s *signin) granted(ctx context.Context, c *Client) (installationToken, error) {
	if s.fixed != "" {
		return installationToken{Token: s.fixed}, nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	now := c.o.Now()
	if s.current.Token != "" && s.current.Expires.Sub(now) > renewBefore {
		return s.current, nil
	}
	signed, err := s.sign(now)
	if err != nil {
		return installationToken{}, &CallError{Call: callSignIn, Fault: Unready}
	}
	var fresh installationToken
	_, err = c.with(ctx, signInCall(), signed, func(ctx context.Context, api *github.Client) (*github.Response, error) {
		// The library's own method drops which repositories the app sees.
		req, err := api.NewRequest(http.MethodPost, signInPath(s.installation), &github.InstallationTokenOptions{})
		if err != nil {
			return nil, err
		}
		return api.Do(ctx, req, &fresh)
	})
	if err != nil {
		return installationToken{}, err
	}
	if fresh.Token == "" || !fresh.Expires.After(now) {
		return installationToken{}, &CallError{Call: callSignIn, Fault: Lost, Status: http.StatusCreated}
	}
	s.current = fresh
	return fresh, nil
}

// signInPath is where an app gets its token, beneath the address of the API.
func signInPath(installation int64) string {
	return "app/installations/" + strconv.FormatInt(installation, 10) + "/access_tokens"
}

// forget drops an app's token; false: there is none that could be replaced.
func (s *signin) forget() bool {
	if s.fixed != "" {
		return false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	had := s.current.Token != ""
	s.current = installationToken{}
	return had
}

// sign makes the JSON Web Token (RFC 7519, RS256) by which the app says who it is.
func (s *signin) sign(now time.Time) (string, error) {
	claims, err := json.Marshal(map[string]any{
		"iat": now.Add(-signedBefore).Unix(), "exp": now.Add(signedFor).Unix(), "iss": strconv.FormatInt(s.app, 10),
	})
	if err != nil {
		return "", fmt.Errorf("writing the app's claims: %w", err)
	}
	enc := base64.RawURLEncoding
	text := enc.EncodeToString([]byte(`{"alg":"RS256","typ":"JWT"}`)) + "." + enc.EncodeToString(claims)
	sum := sha256.Sum256([]byte(text))
	signature, err := rsa.SignPKCS1v15(rand.Reader, s.key, crypto.SHA256, sum[:])
	if err != nil {
		return "", fmt.Errorf("signing as the app: %w", err)
	}
	return text + "." + enc.EncodeToString(signature), nil
}
