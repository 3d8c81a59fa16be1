package mailtest

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	netmail "net/mail"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Grid is a SendGrid on loopback: it takes what the documentation of its v3 API
// says that a mail may be, refuses and complains of all else, and tells of events
// with a signature of its own key.
type Grid struct {
	server *httptest.Server
	key    string
	signer *ecdsa.PrivateKey
	hung   chan struct{}

	mu     sync.Mutex
	mails  []GridMail
	wrongs []string
	faults []GridFault
}

// GridMail is a mail as it came.
type GridMail struct {
	From, To, ReplyTo  GridAddress
	Subject            string
	Headers            map[string]string
	Args               map[string]string
	Categories         []string
	Text, HTML         string
	Calendar           string
	Files              []GridFile
	ClickText, Tracked bool
	ID                 string // X-Message-Id
}

// GridAddress is an address of the API.
type GridAddress struct {
	Email string `json:"email"`
	Name  string `json:"name,omitempty"`
}

// GridFile is an attachment.
type GridFile struct {
	Content     string `json:"content"`
	Type        string `json:"type,omitempty"`
	Filename    string `json:"filename"`
	Disposition string `json:"disposition,omitempty"`
	ContentID   string `json:"content_id,omitempty"`
}

// GridFault is what one call gets instead.
type GridFault struct {
	Status int // 0: the mail is taken or not as Take says, and the connection closed
	// Header of the reply.
	Header map[string]string
	// Take: the mail is taken all the same.
	Take bool
	// Hang: no reply comes until the Grid is closed.
	Hang bool
}

// StartGrid starts one whose API key is the one given.
func StartGrid(key string) (*Grid, error) {
	signer, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("making a key for events: %w", err)
	}
	g := &Grid{key: key, signer: signer, hung: make(chan struct{})}
	g.server = httptest.NewServer(http.HandlerFunc(g.serve))
	return g, nil
}

// URL is where its API is.
func (g *Grid) URL() string { return g.server.URL }

// Close ends it, and with it all calls that hang.
func (g *Grid) Close() {
	close(g.hung)
	g.server.Close()
}

// Mails are those that were taken, in their order.
func (g *Grid) Mails() []GridMail {
	g.mu.Lock()
	defer g.mu.Unlock()
	return slices.Clone(g.mails)
}

// Complaints are what the real one would have refused.
func (g *Grid) Complaints() []string {
	g.mu.Lock()
	defer g.mu.Unlock()
	return slices.Clone(g.wrongs)
}

// Fail lets the next calls end like this, one each.
func (g *Grid) Fail(faults ...GridFault) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.faults = append(g.faults, faults...)
}

func (g *Grid) serve(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 30<<20)) // the API's limit of a mail with its files
	switch {
	case err != nil:
		g.refuse(w, http.StatusRequestEntityTooLarge, "the mail is larger than 30 MB")
	case r.Header.Get("Authorization") != "Bearer "+g.key:
		reply(w, http.StatusUnauthorized, `{"errors":[{"message":"The provided authorization grant is invalid, expired, or revoked"}]}`)
	case r.Method == http.MethodGet && r.URL.Path == "/v3/scopes":
		reply(w, http.StatusOK, `{"scopes":["mail.send"]}`)
	case r.Method != http.MethodPost || r.URL.Path != "/v3/mail/send":
		g.refuse(w, http.StatusNotFound, r.Method+" "+r.URL.Path+" is nothing of the API that is used")
	case r.Header.Get("Content-Type") != "application/json":
		g.refuse(w, http.StatusUnsupportedMediaType, "the content type is "+r.Header.Get("Content-Type"))
	default:
		g.send(w, r, body)
	}
}

func (g *Grid) send(w http.ResponseWriter, r *http.Request, body []byte) {
	g.mu.Lock()
	var fault *GridFault
	if len(g.faults) > 0 {
		fault, g.faults = &g.faults[0], g.faults[1:]
	}
	g.mu.Unlock()
	if fault == nil || fault.Take {
		mail, wrong := readGridMail(body)
		if wrong != "" {
			g.refuse(w, http.StatusBadRequest, wrong)
			return
		}
		g.mu.Lock()
		mail.ID = fmt.Sprintf("%022d", len(g.mails)+1)
		g.mails = append(g.mails, mail)
		g.mu.Unlock()
		w.Header().Set("X-Message-Id", mail.ID)
	}
	switch {
	case fault == nil:
		w.WriteHeader(http.StatusAccepted)
	case fault.Hang:
		select {
		case <-g.hung:
		case <-r.Context().Done():
		}
	case fault.Status == 0:
		panic(http.ErrAbortHandler)
	default:
		for name, value := range fault.Header {
			w.Header().Set(name, value)
		}
		reply(w, fault.Status, `{"errors":[{"message":"ordered"}]}`)
	}
}

func (g *Grid) refuse(w http.ResponseWriter, status int, wrong string) {
	g.mu.Lock()
	g.wrongs = append(g.wrongs, wrong)
	g.mu.Unlock()
	text, err := json.Marshal(map[string]any{"errors": []map[string]string{{"message": wrong}}})
	if err != nil {
		text = []byte("{}")
	}
	reply(w, status, string(text))
}

func reply(w http.ResponseWriter, status int, body string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, body) // whoever is gone needs no answer
}

// EventsKey is the public key of the signed event webhook, as SendGrid shows it.
func (g *Grid) EventsKey() (string, error) {
	der, err := x509.MarshalPKIXPublicKey(&g.signer.PublicKey)
	if err != nil {
		return "", fmt.Errorf("writing the key of events: %w", err)
	}
	return base64.StdEncoding.EncodeToString(der), nil
}

// Event is what SendGrid tells of a mail, with its custom arguments as fields of
// their own.
func (m GridMail) Event(id, event string, fields map[string]string) map[string]string {
	all := map[string]string{"sg_event_id": id, "event": event, "email": m.To.Email, "sg_message_id": m.ID + ".filter", "smtp-id": "<" + m.ID + "@geopod-ismtpd>"}
	for _, more := range []map[string]string{m.Args, fields} {
		for name, value := range more {
			all[name] = value
		}
	}
	return all
}

// Tell posts events to a webhook, signed as of an instant, and returns the status
// of the reply.
func (g *Grid) Tell(ctx context.Context, url string, at time.Time, events ...map[string]string) (int, error) {
	body, err := json.Marshal(events)
	if err != nil {
		return 0, fmt.Errorf("writing events: %w", err)
	}
	stamp := strconv.FormatInt(at.Unix(), 10)
	sum := sha256.Sum256(append([]byte(stamp), body...))
	signature, err := ecdsa.SignASN1(rand.Reader, g.signer, sum[:])
	if err != nil {
		return 0, fmt.Errorf("signing events: %w", err)
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(body))
	if err != nil {
		return 0, fmt.Errorf("making a delivery of events: %w", err)
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("X-Twilio-Email-Event-Webhook-Signature", base64.StdEncoding.EncodeToString(signature))
	r.Header.Set("X-Twilio-Email-Event-Webhook-Timestamp", stamp)
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		return 0, fmt.Errorf("delivering events: %w", err)
	}
	return resp.StatusCode, resp.Body.Close()
}

// gridRequest is the body of POST /v3/mail/send, as far as we may use it: another
// field is refused.
type gridRequest struct {
	From             GridAddress  `json:"from"`
	ReplyTo          *GridAddress `json:"reply_to"`
	Subject          string       `json:"subject"`
	Personalizations []struct {
		To   []GridAddress     `json:"to"`
		Args map[string]string `json:"custom_args"`
	} `json:"personalizations"`
	Content []struct {
		Type  string `json:"type"`
		Value string `json:"value"`
	} `json:"content"`
	Attachments []GridFile        `json:"attachments"`
	Headers     map[string]string `json:"headers"`
	Categories  []string          `json:"categories"`
	Tracking    *struct {
		Click        *gridSwitch `json:"click_tracking"`
		Open         *gridSwitch `json:"open_tracking"`
		Subscription *gridSwitch `json:"subscription_tracking"`
	} `json:"tracking_settings"`
}

type gridSwitch struct {
	Enable     *bool `json:"enable"`
	EnableText *bool `json:"enable_text"`
}

func (s *gridSwitch) off() bool { return s != nil && s.Enable != nil && !*s.Enable }

// readGridMail holds a mail to what the documentation's page of errors refuses.
func readGridMail(body []byte) (m GridMail, wrong string) {
	var r gridRequest
	d := json.NewDecoder(bytes.NewReader(body))
	d.DisallowUnknownFields()
	if err := d.Decode(&r); err != nil {
		return m, "the body: " + err.Error()
	}
	for _, check := range []func() string{r.addresses, r.contents, r.files, r.settings} {
		if wrong := check(); wrong != "" {
			return m, wrong
		}
	}
	to := r.Personalizations[0]
	m = GridMail{From: r.From, To: to.To[0], Subject: r.Subject, Headers: r.Headers, Args: to.Args, Categories: r.Categories, Files: r.Attachments,
		ClickText: r.Tracking.Click.EnableText == nil || *r.Tracking.Click.EnableText}
	m.Tracked = m.ClickText || !r.Tracking.Click.off() || !r.Tracking.Open.off() || !r.Tracking.Subscription.off()
	if r.ReplyTo != nil {
		m.ReplyTo = *r.ReplyTo
	}
	for _, c := range r.Content {
		switch c.Type {
		case "text/plain":
			m.Text = c.Value
		case "text/html":
			m.HTML = c.Value
		default:
			m.Calendar = c.Value
		}
	}
	return m, ""
}

func (r *gridRequest) addresses() string {
	if len(r.Personalizations) != 1 || len(r.Personalizations[0].To) != 1 {
		return "one mail goes to one person"
	}
	all := []GridAddress{r.From, r.Personalizations[0].To[0]}
	if r.ReplyTo != nil {
		all = append(all, *r.ReplyTo)
	}
	for _, a := range all {
		if parsed, err := netmail.ParseAddress(a.Email); err != nil || parsed.Address != a.Email {
			return "no valid address: " + a.Email
		}
		if strings.ContainsAny(a.Name, "\r\n") {
			return "a name has a line break"
		}
	}
	switch {
	case strings.TrimSpace(r.Subject) == "":
		return "the subject is required"
	case strings.ContainsAny(r.Subject, "\r\n"):
		return "the subject has a line break"
	}
	return ""
}

func (r *gridRequest) contents() string {
	order := map[string]int{"text/plain": 1, "text/html": 2}
	last := 0
	for _, c := range r.Content {
		n, known := order[c.Type]
		if !known {
			n = 3
		}
		switch {
		case c.Value == "":
			return "a content is empty"
		case strings.ContainsAny(c.Type, ";\r\n"):
			return "content types cannot contain ; or CRLF: " + c.Type
		case n < last || n == last && known:
			return "text/plain comes first, then text/html, each once"
		}
		last = n
	}
	if len(r.Content) == 0 {
		return "there is no content"
	}
	return ""
}

func (r *gridRequest) files() string {
	for _, f := range r.Attachments {
		_, err := base64.StdEncoding.DecodeString(f.Content)
		switch {
		case err != nil || f.Content == "":
			return "an attachment is not in base64"
		case f.Filename == "" || strings.ContainsAny(f.Filename+f.Type, ";\r\n"):
			return "an attachment's name or type cannot contain ; or CRLF"
		case !slices.Contains([]string{"", "inline", "attachment"}, f.Disposition):
			return "an attachment is inline or attachment"
		}
	}
	return ""
}

func (r *gridRequest) settings() string {
	reserved := []string{"x-sg-id", "x-sg-eid", "received", "dkim-signature", "content-type", "content-transfer-encoding", "to", "from", "subject", "reply-to", "cc", "bcc"}
	for name, value := range r.Headers {
		if slices.Contains(reserved, strings.ToLower(name)) || strings.ContainsAny(name+value, "\r\n") || name == "" {
			return "the header " + name + " cannot be set"
		}
	}
	size := 0
	for name, value := range r.Personalizations[0].Args {
		size += len(name) + len(value)
	}
	switch {
	case size > 10_000:
		return "custom arguments have more than 10,000 bytes"
	case len(r.Categories) > 10:
		return "there are more than 10 categories"
	case r.Tracking == nil || r.Tracking.Click == nil:
		return "nothing is said about tracking: the account's settings would hold"
	}
	return ""
}
