package config

import "strings"

// Mail is how mail leaves and comes: through SMTP or through SendGrid.
type Mail struct {
	From, Bounces string
	// Witness is mailed the checkpoint of every sealed case; empty: nobody is.
	Witness string
	SMTP    SMTP
	// SendGrid has no Region where mail leaves through SMTP.
	SendGrid SendGrid
	// Inbox has no Host where no mail is read.
	Inbox Inbox
}

// SMTP is the mail server.
type SMTP struct {
	Host string
	Port int
	// TLS is starttls, implicit or none.
	TLS      string
	User     string
	Password Secret
	OAuth    OAuth
}

// SendGrid is the account through which mail leaves.
type SendGrid struct {
	Key Secret
	// Region is global or eu.
	Region string
	// EventsKey is the public key of the event webhook as SendGrid shows it: base64
	// of a key of P-256. Empty: events are not taken.
	EventsKey string
}

// OAuth is how a mail server is signed in to without a password; Provider is
// empty where it isn't.
type OAuth struct {
	// Provider is google or microsoft.
	Provider, Tenant, ClientID string
	ClientSecret, RefreshToken Secret
	// ServiceAccount is the content of a key file of Google's.
	ServiceAccount Secret
}

// Inbox is the mailbox in which answers arrive.
type Inbox struct {
	Host string
	Port int
	// TLS is starttls, implicit or none.
	TLS      string
	User     string
	Password Secret
	OAuth    OAuth
	// Mailbox is the folder that is read, Processed and Quarantine are where what
	// was read goes.
	Mailbox, Processed, Quarantine string
	// Address is the one that answers go to, with a plus and a ticket put before
	// its @.
	Address string
	// Trust is dkim-local, trusted-header or m365-topmost; TrustedHeader is the
	// authserv-id of a trusted-header.
	Trust, TrustedHeader string
}

// Ways to know that a mail's sender is real.
const (
	TrustDKIM   = "dkim-local"     // signatures are checked here
	TrustHeader = "trusted-header" // the Authentication-Results of a server of ours
	TrustM365   = "m365-topmost"   // the topmost one of Microsoft 365, which names no server
)

func (s *source) mail(t table) Mail {
	m := Mail{From: t.text("from", "$.mail.from"), Bounces: t.text("bounces", "$.mail.bounces"), Witness: t.text("witness", "$.mail.witness")}
	t.needs("from", "write whom mails come from: `from: gangway@example.org`")
	n := t.has("sendgrid", "$.mail.sendgrid")
	if n != nil {
		m.SendGrid = s.sendGrid(s.table(n, "$.mail.sendgrid", "sendgrid", keysOf("mail.sendgrid")...))
	} else {
		t.needs("smtp", "name the mail server: `smtp: {host: smtp.example.org}`")
	}
	if n := t.has("smtp", "$.mail.smtp"); n != nil {
		m.SMTP = s.smtp(s.table(n, "$.mail.smtp", "the mail server", keysOf("mail.smtp")...))
	}
	if n := t.has("inbox", "$.mail.inbox"); n != nil {
		m.Inbox = s.inbox(s.table(n, "$.mail.inbox", "the mailbox", keysOf("mail.inbox")...))
	}
	return m
}

func (s *source) smtp(t table) SMTP {
	m := SMTP{Host: t.text("host", "$.mail.smtp.host"), User: t.text("user", "$.mail.smtp.user"),
		Password: t.secret("password"), TLS: t.choice("tls", "starttls", "implicit", "none"), OAuth: s.oauth(t)}
	t.needs("host", "name the mail server: `host: smtp.example.org`")
	m.Port = t.port(m.TLS, map[string]int{"starttls": 587, "implicit": 465, "none": 25})
	return m
}

func (s *source) sendGrid(t table) SendGrid {
	t.needs("key", "write `key: {env: GANGWAY_SENDGRID_KEY}`, and an API key that may send mail into that variable")
	return SendGrid{Key: t.secret("key"), Region: t.choice("region", "global", "eu"), EventsKey: t.text("events-key", "$.mail.sendgrid.events-key")}
}

func (s *source) inbox(t table) Inbox {
	at := func(key string) string { return "$.mail.inbox." + key }
	b := Inbox{Host: t.text("host", at("host")), User: t.text("user", at("user")), Password: t.secret("password"),
		TLS: t.choice("tls", "implicit", "starttls", "none"), OAuth: s.oauth(t),
		Mailbox: t.or("mailbox"), Processed: t.or("processed"), Quarantine: t.or("quarantine"), Address: t.text("address", at("address"))}
	t.needs("host", "name the IMAP server: `host: imap.example.org`")
	t.needs("user", "write who signs in there: `user: gangway@example.org`")
	t.needs("address", "write the address whose mail arrives there: `address: gangway@example.org`")
	b.Port = t.port(b.TLS, map[string]int{"starttls": 143, "implicit": 993, "none": 143})
	trust := strings.Fields(t.or("trust"))
	if len(trust) > 0 {
		b.Trust, b.TrustedHeader = trust[0], strings.Join(trust[1:], " ")
	}
	return b
}

// oauth reads what stands under a server's oauth.
func (s *source) oauth(server table) OAuth {
	path := server.path + ".oauth"
	n := server.has("oauth", path)
	if n == nil {
		return OAuth{}
	}
	t := s.table(n, path, "oauth", keysOf(strings.TrimPrefix(path, "$."))...)
	t.needs("provider", "write `provider: google` or `provider: microsoft`")
	return OAuth{Provider: t.choice("provider", "google", "microsoft"), Tenant: t.text("tenant", path+".tenant"),
		ClientID: t.text("client-id", path+".client-id"), ClientSecret: t.secret("client-secret"),
		RefreshToken: t.secret("refresh-token"), ServiceAccount: t.secret("service-account")}
}

// port is the one that is written, or the usual one.
func (t *table) port(tls string, usual map[string]int) int {
	if _, given := t.entry("port"); given {
		return t.count("port", 1, 65535)
	}
	return usual[tls]
}

func (m *Mail) secrets() []*Secret {
	all := []*Secret{&m.SMTP.Password, &m.SendGrid.Key, &m.Inbox.Password}
	for _, o := range []*OAuth{&m.SMTP.OAuth, &m.Inbox.OAuth} {
		all = append(all, &o.ClientSecret, &o.RefreshToken, &o.ServiceAccount)
	}
	return all
}
