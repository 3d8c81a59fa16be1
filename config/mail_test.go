package config

import (
	"crypto/ecdh"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/base64"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// mailed is a deployment that sends through SendGrid and reads by IMAP.
const mailed = `sign-in: pick
client: {name: Northgate Trading, phone: "+44 20 7946 0100"}
mail:
  from: gangway@example.org
  sendgrid: {key: {env: GRID}, region: eu}
  inbox:
    host: outlook.office365.com
    user: gangway@example.org
    oauth: {provider: microsoft, tenant: example.onmicrosoft.com, client-id: abc, client-secret: {env: APP}}
    address: answers@example.org
    processed: Done
    trust: trusted-header mx.example.org
documents: {clamd: "127.0.0.1:3310", pdftotext: bin/pdftotext}
`

func TestMailIsReadAsItIsMeant(t *testing.T) {
	t.Parallel()
	d, err := ReadDeployment("etc/gangway.yaml", []byte(mailed))
	if err != nil {
		t.Fatal(err)
	}
	want := Mail{From: "gangway@example.org", SendGrid: SendGrid{Key: Secret{env: "GRID", path: "$.mail.sendgrid.key"}, Region: "eu"},
		Inbox: Inbox{Host: "outlook.office365.com", Port: 993, TLS: "implicit", User: "gangway@example.org",
			OAuth:   OAuth{Provider: "microsoft", Tenant: "example.onmicrosoft.com", ClientID: "abc", ClientSecret: Secret{env: "APP", path: "$.mail.inbox.oauth.client-secret"}},
			Mailbox: "INBOX", Processed: "Done", Quarantine: "Quarantine", Address: "answers@example.org", Trust: TrustHeader, TrustedHeader: "mx.example.org"}}
	if diff := cmp.Diff(want, d.Mail, unseen); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(Client{Name: "Northgate Trading", Phone: "+44 20 7946 0100"}, d.Client); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(Documents{Clamd: "127.0.0.1:3310", PDFToText: "etc/bin/pdftotext"}, d.Documents); diff != "" {
		t.Error(diff)
	}
	d, err = ReadDeployment("g", []byte("sign-in: pick\nmail: {from: a@b.example, smtp: {host: smtp.gmail.com, user: a@b.example, oauth: {provider: google, service-account: {file: sa.json}}}, inbox: {host: localhost, tls: none, user: a, password: {env: P}, address: a@b.example}}"))
	if err != nil || d.Mail.SMTP.OAuth.Provider != "google" || d.Mail.SendGrid.Region != "" || d.Mail.Inbox.Port != 143 || d.Mail.Inbox.Trust != TrustDKIM {
		t.Errorf("%+v, %v", d.Mail, err)
	}
}

// TestFaultsOfMail: one part of a sound file is replaced.
func TestFaultsOfMail(t *testing.T) {
	t.Parallel()
	const signIn = "    oauth: {provider: microsoft, tenant: example.onmicrosoft.com, client-id: abc, client-secret: {env: APP}}\n"
	for _, c := range []struct{ old, new, want string }{
		{"Northgate Trading", `"a\u0007b"`, `2:16: "a\ab" is no name of an organisation (write it as vendors know it, in one line)`},
		{`"+44 20 7946 0100"`, "call me", `2:42: "call me" is no phone number (write digits, spaces and + - / ( ), as in +49 30 1234-56)`},
		{"  sendgrid: {key: {env: GRID}, region: eu}\n", "", "4:3: smtp is missing (name the mail server: `smtp: {host: smtp.example.org}`)"},
		{"{key: {env: GRID}, region: eu}", "{region: eu}", "5:13: key is missing (write `key: {env: GANGWAY_SENDGRID_KEY}`, and an API key that may send mail into that variable)"},
		{"{key: {env: GRID}, region: eu}", "{key: SG.hunter2}", "5:19: key is a secret, and secrets don't stand in this file (write {env: NAME} or {file: PATH}; the file may then be shown to anybody)"},
		{"region: eu", "region: moon", `5:40: region cannot be "moon" (write global or eu)`},
		{"region: eu", "events-key: AAAA", "5:44: this is no public key of P-256 in base64 (copy the verification key of the signed event webhook (SendGrid: Settings, Mail Settings, Event Webhooks))"},
		{"  inbox:\n", "  smtp: {host: smtp.example.org}\n  inbox:\n", "5:13: mail leaves one way, through smtp or through sendgrid (leave smtp or sendgrid out)"},
		{"    host: outlook.office365.com\n", "", "7:5: host is missing (name the IMAP server: `host: imap.example.org`)"},
		{"outlook.office365.com", "'imap:993'", `7:11: "imap:993" is no host (the port is a key of its own)`},
		{"    user: gangway@example.org\n", "    tls: none\n    user: gangway@example.org\n", "8:10: mails and the password would cross the network in the clear (use starttls or implicit; none is for a server on this machine)"},
		{"    user: gangway@example.org\n", "", "7:5: user is missing (write who signs in there: `user: gangway@example.org`)"},
		{signIn, "", "7:5: a mailbox is opened to nobody without a password (write `password: {file: imap-password}`, or `oauth`)"},
		{signIn, signIn + "    password: {env: P}\n", "7:5: password and oauth are two ways to sign in (leave one of them out)"},
		{"provider: microsoft", "provider: yahoo", `9:23: provider cannot be "yahoo" (write google or microsoft)`},
		{"provider: microsoft, ", "", "9:12: provider is missing (write `provider: google` or `provider: microsoft`)"},
		{"tenant: example.onmicrosoft.com, ", "", "9:12: Microsoft would not know who asks (give `tenant`, `client-id` and `client-secret`)"},
		{"tenant: example.onmicrosoft.com", "tenant: a/b", `9:42: "a/b" is no tenant (write its id, or its domain such as example.onmicrosoft.com)`},
		{", client-secret: {env: APP}", "", "9:12: Microsoft would not know who asks (give `tenant`, `client-id` and `client-secret`)"},
		{"client-secret: {env: APP}", "service-account: {file: x}", "9:100: service accounts are Google's (give `client-secret` of the app)"},
		{"provider: microsoft, tenant: example.onmicrosoft.com", "provider: google", "9:12: Google would not know who asks (give `service-account`, or `client-id`, `client-secret` and `refresh-token`)"},
		{"answers@example.org", "answers+me@example.org", `10:14: "answers+me@example.org" is no address for answers (write one such as gangway@example.org: before the @ letters, digits, dots and dashes, 37 at most, since a plus and a ticket come behind them)`},
		{"answers@example.org", strings.Repeat("a", 38) + "@example.org", `10:14: "` + strings.Repeat("a", 38) + `@e"… is no address for answers (write one such as gangway@example.org: before the @ letters, digits, dots and dashes, 37 at most, since a plus and a ticket come behind them)`},
		{"processed: Done", "processed: inbox", `11:16: "inbox" is the folder of mailbox already (give each a folder of its own: what was read would be read again)`},
		{"processed: Done", "processed: 'a*'", `11:16: "a*" is no name of a folder (a name without * and %)`},
		{"trusted-header mx.example.org", "trusted-header", "12:12: nobody knows whom to trust by \"trusted-header\" (write dkim-local, m365-topmost, or trusted-header and the name by which your mail server signs its Authentication-Results: `trusted-header mx.example.org`)"},
		{"trusted-header mx.example.org", "m365-topmost mx.example.org", "12:12: nobody knows whom to trust by \"m365-topmost mx.example.org\" (write dkim-local, m365-topmost, or trusted-header and the name by which your mail server signs its Authentication-Results: `trusted-header mx.example.org`)"},
		{"trusted-header mx.example.org", "everybody", "12:12: nobody knows whom to trust by \"everybody\" (write dkim-local, m365-topmost, or trusted-header and the name by which your mail server signs its Authentication-Results: `trusted-header mx.example.org`)"},
		{`"127.0.0.1:3310"`, "clamd", `13:20: "clamd" is no host and port (write host and port, such as 127.0.0.1:8470)`},
	} {
		if !strings.Contains(mailed, c.old) {
			t.Fatalf("%s is not in the file", c.old)
		}
		_, err := ReadDeployment("gangway.yaml", []byte(strings.Replace(mailed, c.old, c.new, 1)))
		wantHeads(t, err, c.want)
		if strings.Contains(fmt.Sprint(err), "hunter2") {
			t.Errorf("the secret is told: %v", err)
		}
	}
}

// TestKeyOfEvents takes what SendGrid shows and no other key: one of another
// kind would panic where signatures are checked.
func TestKeyOfEvents(t *testing.T) {
	t.Parallel()
	p256, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	p384, err := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	x25519, err := ecdh.X25519().GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	for i, c := range []struct {
		key  any
		want bool
	}{{&p256.PublicKey, true}, {&p384.PublicKey, false}, {x25519.PublicKey(), false}} {
		der, err := x509.MarshalPKIXPublicKey(c.key)
		if err != nil {
			t.Fatal(err)
		}
		if got := isEventsKey(base64.StdEncoding.EncodeToString(der)); got != c.want {
			t.Errorf("%d: %t", i, got)
		}
	}
}

func TestSecretsOfMailHaveTheirShape(t *testing.T) {
	t.Parallel()
	const text = "sign-in: pick\nmail: {from: a@b.example, sendgrid: {key: {env: GRID}}, inbox: {host: h.example, user: a@b.example, oauth: {provider: google, service-account: {env: SA}}, address: a@b.example}}"
	const account = `{"type": "service_account", "client_email": "a@b.iam.example", "private_key": "hunter2"}`
	for _, c := range []struct{ grid, account, want string }{
		{"SG.hunter2", account, ""},
		{"hunter2", account, "2:43: key is no API key of SendGrid (it begins with SG.: SendGrid, Settings, API Keys)"},
		{"SG.hunter2", `{"type": "authorized_user", "client_email": "hunter2"}`, "2:144: this is no key of a service account (use the JSON file that Google's console gave when the key was made)"},
		{"SG.hunter2", "", "2:144: the variable SA is empty (set it, or SA_FILE to a file that holds it)"},
	} {
		d, err := ReadDeployment("gangway.yaml", []byte(text))
		if err != nil {
			t.Fatal(err)
		}
		err = d.Reveal(func(name string) string { return map[string]string{"GRID": c.grid, "SA": c.account}[name] })
		if strings.Contains(fmt.Sprint(err), "hunter2") {
			t.Errorf("the secret is told: %v", err)
		}
		if c.want == "" {
			if err != nil || d.Mail.SendGrid.Key.Value() != c.grid || d.Mail.Inbox.OAuth.ServiceAccount.Value() != c.account {
				t.Errorf("not opened: %v", err)
			}
			continue
		}
		wantHeads(t, err, c.want)
	}
}
