package config

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"net"
	"net/mail"
	"regexp"
	"strings"
	"unicode"

	"gangway/internal/engagement"
)

// A local part has 64 letters (RFC 5321 section 4.5.3.1.1), and a plus and a
// ticket of 26 letters are put behind this one.
var replyLocal = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,36}$`)

// tenantName is an id, or a domain, of a tenant of Microsoft's.
var tenantName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9.-]{0,99}$`)

func (s *source) checkClient(c Client) {
	if c.Name != "" && engagement.CheckName(c.Name) != nil {
		s.say("$.client.name", "write it as vendors know it, in one line", "%s is no name of an organisation", quote(c.Name))
	}
	if c.Phone != "" && engagement.CheckPhone(c.Phone) != nil {
		s.say("$.client.phone", "write digits, spaces and + - / ( ), as in +49 30 1234-56", "%s is no phone number", quote(c.Phone))
	}
}

func (s *source) checkMail(m Mail) {
	if m.From != "" && !bareAddress(m.From) {
		s.say("$.mail.from", "write the bare address, such as gangway@example.org", "%s is no mail address", quote(m.From))
	}
	if m.Bounces != "" && !domainName.MatchString(m.Bounces) {
		s.say("$.mail.bounces", "write the domain alone, such as bounces.example.org", "%s is no domain", quote(m.Bounces))
	}
	if m.Witness != "" && !bareAddress(m.Witness) {
		s.say("$.mail.witness", "write the bare address, such as auditor@example.net", "%s is no mail address", quote(m.Witness))
	}
	if m.SMTP.Host != "" {
		if m.SendGrid.Region != "" && !s.spoilt("$.mail.sendgrid") {
			s.say("$.mail.sendgrid", "leave smtp or sendgrid out", "mail leaves one way, through smtp or through sendgrid")
		}
		s.checkServer("$.mail.smtp", m.SMTP.Host, m.SMTP.TLS)
		s.checkSignIn("$.mail.smtp", m.SMTP.User, m.SMTP.Password, m.SMTP.OAuth)
	}
	if key := m.SendGrid.EventsKey; key != "" && !isEventsKey(key) {
		s.say("$.mail.sendgrid.events-key", "copy the verification key of the signed event webhook (SendGrid: Settings, Mail Settings, Event Webhooks)", "this is no public key of P-256 in base64")
	}
	if m.Inbox.Host != "" {
		s.checkInbox(m.Inbox)
	}
}

func (s *source) checkServer(path, host, tls string) {
	switch {
	case net.ParseIP(host) == nil && !domainName.MatchString(host):
		s.say(path+".host", "the port is a key of its own", "%s is no host", quote(host))
	case tls == "none" && !loopback(host):
		s.say(path+".tls", "use starttls or implicit; none is for a server on this machine", "mails and the password would cross the network in the clear")
	}
}

// checkSignIn holds a user to exactly one way of signing in.
func (s *source) checkSignIn(path, user string, password Secret, o OAuth) {
	s.checkOAuth(path+".oauth", o)
	if o.Provider != "" {
		switch {
		case password.Given():
			s.say(path, "leave one of them out", "password and oauth are two ways to sign in")
		case user == "" && !s.spoilt(path+".user"):
			s.say(path, "write whose mailbox it is: `user: gangway@example.org`", "oauth needs a user")
		}
		return
	}
	if (user != "") != password.Given() && !s.spoilt(path+".oauth") && !s.spoilt(path+".oauth.provider") {
		missing := "password"
		if user == "" {
			missing = "user"
		}
		if !s.spoilt(path + "." + missing) {
			s.say(path, "give both, or neither for a server that asks nobody", "user and password go together: %s is missing", missing)
		}
	}
}

// checkOAuth holds what is given to what the provider's ways need.
func (s *source) checkOAuth(path string, o OAuth) {
	for _, key := range []string{"", ".provider", ".client-secret", ".refresh-token", ".service-account"} {
		if s.spoilt(path + key) {
			return
		}
	}
	switch {
	case o.Provider == "":
	case o.Tenant != "" && !tenantName.MatchString(o.Tenant):
		s.say(path+".tenant", "write its id, or its domain such as example.onmicrosoft.com", "%s is no tenant", quote(o.Tenant))
	case o.Provider == "google" && o.ServiceAccount.Given():
		if o.ClientID != "" || o.ClientSecret.Given() || o.RefreshToken.Given() || o.Tenant != "" {
			s.say(path, "leave the others out", "a service account needs nothing beside it")
		}
	case o.Provider == "google" && (o.ClientID == "" || !o.ClientSecret.Given() || !o.RefreshToken.Given()):
		s.say(path, "give `service-account`, or `client-id`, `client-secret` and `refresh-token`", "Google would not know who asks")
	case o.Provider == "google" && o.Tenant != "":
		s.say(path+".tenant", "leave it out", "Google has no tenants")
	case o.Provider == "microsoft" && o.ServiceAccount.Given():
		s.say(path+".service-account", "give `client-secret` of the app", "service accounts are Google's")
	case o.Provider == "microsoft" && (o.Tenant == "" || o.ClientID == "" || !o.ClientSecret.Given() && !o.RefreshToken.Given()):
		s.say(path, "give `tenant`, `client-id` and `client-secret`", "Microsoft would not know who asks")
	}
}

func (s *source) checkInbox(b Inbox) {
	s.checkServer("$.mail.inbox", b.Host, b.TLS)
	if !b.Password.Given() && b.OAuth.Provider == "" && !s.spoilt("$.mail.inbox.password") && !s.spoilt("$.mail.inbox.oauth") && !s.spoilt("$.mail.inbox.oauth.provider") {
		s.say("$.mail.inbox", "write `password: {file: imap-password}`, or `oauth`", "a mailbox is opened to nobody without a password")
	}
	s.checkSignIn("$.mail.inbox", b.User, b.Password, b.OAuth)
	if local, _, _ := strings.Cut(b.Address, "@"); b.Address != "" && (!bareAddress(b.Address) || !replyLocal.MatchString(local)) {
		s.say("$.mail.inbox.address", "write one such as gangway@example.org: before the @ letters, digits, dots and dashes, 37 at most, since a plus and a ticket come behind them", "%s is no address for answers", quote(b.Address))
	}
	folders := []struct{ key, name string }{{"mailbox", b.Mailbox}, {"processed", b.Processed}, {"quarantine", b.Quarantine}}
	for i, f := range folders {
		path := "$.mail.inbox." + f.key
		if len(f.name) > 200 || strings.ContainsFunc(f.name, unicode.IsControl) || strings.ContainsAny(f.name, "*%") {
			s.say(path, "a name without * and %", "%s is no name of a folder", quote(f.name))
		}
		for _, other := range folders[:i] {
			if strings.EqualFold(f.name, other.name) {
				s.say(path, "give each a folder of its own: what was read would be read again", "%s is the folder of %s already", quote(f.name), other.key)
			}
		}
	}
	if sound := b.Trust == TrustHeader && domainName.MatchString(b.TrustedHeader) || (b.Trust == TrustDKIM || b.Trust == TrustM365) && b.TrustedHeader == ""; !sound {
		s.say("$.mail.inbox.trust", "write dkim-local, m365-topmost, or trusted-header and the name by which your mail server signs its Authentication-Results: `trusted-header mx.example.org`", "nobody knows whom to trust by %s", quote(strings.TrimSpace(b.Trust+" "+b.TrustedHeader)))
	}
}

func bareAddress(text string) bool {
	a, err := mail.ParseAddress(text)
	return err == nil && a.Address == text
}

// isEventsKey: a public key of P-256, which is what SendGrid signs with.
func isEventsKey(text string) bool {
	der, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return false
	}
	key, err := x509.ParsePKIXPublicKey(der)
	if err != nil {
		return false
	}
	ec, ok := key.(*ecdsa.PublicKey)
	return ok && ec.Curve == elliptic.P256()
}

// checkMailSecrets holds the opened secrets to the shapes that they have.
func (s *source) checkMailSecrets(m Mail) {
	if v := m.SendGrid.Key.value; v != "" && (!strings.HasPrefix(v, "SG.") || strings.ContainsAny(v, " \t\r\n")) {
		s.fault(s.find(m.SendGrid.Key.path), "it begins with SG.: SendGrid, Settings, API Keys", "key is no API key of SendGrid")
	}
	for _, account := range []Secret{m.SMTP.OAuth.ServiceAccount, m.Inbox.OAuth.ServiceAccount} {
		var file struct {
			Type  string `json:"type"`
			Email string `json:"client_email"`
			Key   string `json:"private_key"`
		}
		if v := account.value; v != "" && (json.Unmarshal([]byte(v), &file) != nil || file.Type != "service_account" || file.Email == "" || file.Key == "") {
			s.fault(s.find(account.path), "use the JSON file that Google's console gave when the key was made", "this is no key of a service account")
		}
	}
}
