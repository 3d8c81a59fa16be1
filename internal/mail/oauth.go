package mail

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"sync"
	"time"

	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"
	"golang.org/x/oauth2/jwt"
)

// Token gives a token that signs in now; it is asked at every connection.
type Token func(ctx context.Context) (string, error)

// OAuth is how tokens are got from Google or Microsoft.
type OAuth struct {
	// Provider is google or microsoft.
	Provider string
	// Tenant is Microsoft's alone.
	Tenant                 string
	ClientID, ClientSecret string
	// RefreshToken is what a person's consent gave. A newer one that the provider
	// hands out is kept for as long as this process runs.
	RefreshToken string
	// ServiceAccount is the content of a key file of Google's; it acts for User.
	ServiceAccount, User string
	// Endpoint is asked instead of the provider's; it is https, or on this machine.
	Endpoint string
}

const (
	// mostAsking bounds one question for a token.
	mostAsking = 30 * time.Second
	// spare is how long a token must live on to be used: a connection is made, and
	// signed in, within it.
	spare = 2 * time.Minute
)

// Scopes: all that mail needs, and what was granted counts beneath it.
const (
	scopeGoogle    = "https://mail.google.com/"
	scopeMicrosoft = "https://outlook.office365.com/.default"
)

// Tokens checks the settings and returns the source of tokens. One token serves
// all connections until it is about to end.
func (o OAuth) Tokens() (Token, error) {
	ask, err := o.source()
	if err != nil {
		return nil, err
	}
	c := cache{ask: ask}
	return c.token, nil
}

// asking gets a fresh token; refresh is the newest refresh token that is known.
type asking func(ctx context.Context, refresh string) (*oauth2.Token, error)

func (o OAuth) source() (asking, error) {
	endpoint, scope, err := o.endpoint()
	if err != nil {
		return nil, err
	}
	switch {
	case o.ServiceAccount != "":
		return o.serviceAccount(endpoint)
	case o.ClientID == "":
		return nil, FaultyError{"nothing says which app asks for tokens", "give the client's id"}
	case o.RefreshToken != "":
		c := oauth2.Config{ClientID: o.ClientID, ClientSecret: o.ClientSecret, Endpoint: oauth2.Endpoint{TokenURL: endpoint, AuthStyle: oauth2.AuthStyleInParams}}
		return func(ctx context.Context, refresh string) (*oauth2.Token, error) {
			if refresh == "" {
				refresh = o.RefreshToken
			}
			return c.TokenSource(ctx, &oauth2.Token{RefreshToken: refresh}).Token()
		}, nil
	case o.ClientSecret == "" || o.Provider != "microsoft":
		return nil, FaultyError{"nothing proves who asks for tokens", "give Google's service account or refresh token, or Microsoft's client secret"}
	}
	c := clientcredentials.Config{ClientID: o.ClientID, ClientSecret: o.ClientSecret, TokenURL: endpoint, Scopes: []string{scope}, AuthStyle: oauth2.AuthStyleInParams}
	return func(ctx context.Context, _ string) (*oauth2.Token, error) { return c.Token(ctx) }, nil
}

func (o OAuth) endpoint() (endpoint, scope string, err error) {
	switch {
	case o.Provider == "google":
		endpoint, scope = "https://oauth2.googleapis.com/token", scopeGoogle
	case o.Provider == "microsoft" && o.Tenant != "":
		endpoint, scope = "https://login.microsoftonline.com/"+url.PathEscape(o.Tenant)+"/oauth2/v2.0/token", scopeMicrosoft
	case o.Provider == "microsoft":
		return "", "", FaultyError{"no tenant of Microsoft's is named", "give its id or its domain"}
	default:
		return "", "", FaultyError{fmt.Sprintf("%.40q gives no tokens", o.Provider), "write google or microsoft"}
	}
	if o.Endpoint != "" {
		endpoint = o.Endpoint
	}
	u, err := url.Parse(endpoint)
	if err != nil || u.User != nil || u.Scheme != "https" && (u.Scheme != "http" || !isLoopback(u.Hostname())) {
		return "", "", FaultyError{"a client's secret would cross the network in the clear", "tokens are got by https"}
	}
	return endpoint, scope, nil
}

// serviceAccount signs what asks for a token (RFC 7523). The file names its own
// place to ask; another one than Google's is not asked.
func (o OAuth) serviceAccount(endpoint string) (asking, error) {
	var file struct {
		Type     string `json:"type"`
		Email    string `json:"client_email"`
		Key      string `json:"private_key"`
		KeyID    string `json:"private_key_id"`
		Audience string `json:"token_uri"`
	}
	if err := json.Unmarshal([]byte(o.ServiceAccount), &file); err != nil || file.Type != "service_account" || file.Email == "" || file.Key == "" {
		return nil, FaultyError{"this is no key of a service account", "use the JSON file that Google's console gave when the key was made"}
	}
	if o.User == "" {
		return nil, FaultyError{"a service account acts for nobody", "name the user whose mailbox it is"}
	}
	c := jwt.Config{Email: file.Email, PrivateKey: []byte(file.Key), PrivateKeyID: file.KeyID, Subject: o.User, Scopes: []string{scopeGoogle}, TokenURL: endpoint, Audience: file.Audience}
	return func(ctx context.Context, _ string) (*oauth2.Token, error) { return c.TokenSource(ctx).Token() }, nil
}

// cache keeps one token; whoever comes while it is asked for waits.
type cache struct {
	ask     asking
	mu      sync.Mutex
	known   *oauth2.Token
	refresh string
}

func (c *cache) token(ctx context.Context) (string, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.known != nil && (c.known.Expiry.IsZero() || time.Until(c.known.Expiry) > spare) {
		return c.known.AccessToken, nil
	}
	ctx, cancel := context.WithTimeout(ctx, mostAsking)
	defer cancel()
	client := &http.Client{Timeout: mostAsking, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	fresh, err := c.ask(context.WithValue(ctx, oauth2.HTTPClient, client), c.refresh)
	switch {
	case err != nil:
		return "", tokenError(err)
	case fresh.AccessToken == "":
		return "", ServerError{"asking for a token", "see the provider's audit log", errors.New("the answer has none")}
	}
	c.known, c.refresh = fresh, fresh.RefreshToken
	return fresh.AccessToken, nil
}

// tokenError says what an operator can do. The provider's words stay out of it:
// they name accounts.
func tokenError(err error) error {
	var refused *oauth2.RetrieveError
	if !errors.As(err, &refused) || refused.Response == nil {
		return ServerError{"asking for a token", "this machine must reach the provider's token endpoint", err}
	}
	said := fmt.Errorf("status %d %.40q", refused.Response.StatusCode, refused.ErrorCode)
	switch refused.ErrorCode {
	case "invalid_grant":
		return ServerError{"asking for a token", "the refresh token has ended, or the service account may not act for the user: give consent anew", said}
	case "invalid_client", "unauthorized_client":
		return ServerError{"asking for a token", "check the client's id and secret, and that the secret has not ended", said}
	}
	return ServerError{"asking for a token", "see the provider's audit log", said}
}
