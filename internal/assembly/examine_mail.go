package assembly

import (
	"context"
	"fmt"

	"gangway/config"
	"gangway/internal/access"
	"gangway/internal/archive"
	"gangway/internal/mail"
	"gangway/internal/papers"
)

// mailServer goes as far as a mail would before it is handed over: connection,
// TLS, signing in.
func mailServer(ctx context.Context, d config.Deployment) Finding {
	found := Finding{Part: "mail"}
	if d.Mail.From == "" {
		found.Said = "none is sent"
		return found
	}
	o, err := mailOptions(Options{Address: d.Address, Mail: d.Mail, Client: d.Client})
	if err != nil {
		found.Err = err
		return found
	}
	o.Store, o.Key = (*archive.Archive)(nil), make(access.Key, 32) // nothing is read or sent
	p, err := mail.New(o)
	if err == nil {
		ctx, cancel := context.WithTimeout(ctx, perCall)
		defer cancel()
		err = p.Check(ctx)
	}
	if err != nil {
		found.Err = fmt.Errorf("trying how mail leaves: %w", err)
		return found
	}
	found.Said = fmt.Sprintf("%s:%d, %s", d.Mail.SMTP.Host, d.Mail.SMTP.Port, d.Mail.SMTP.TLS)
	if d.Mail.SendGrid.Region != "" {
		found.Said = "SendGrid, " + d.Mail.SendGrid.Region
	}
	return found
}

// mailboxThere goes as far as the reading of mail would before the first mail:
// connection, TLS, signing in, the folders. A folder that is missing is made.
func mailboxThere(ctx context.Context, d config.Deployment) Finding {
	found := Finding{Part: "mailbox"}
	in := d.Mail.Inbox
	if in.Host == "" {
		found.Said = "no mail is read: people answer in the browser and in Slack, vendors in the portal"
		return found
	}
	box, err := imapOf(in)
	if err != nil {
		found.Err = err
		return found
	}
	defer box.Close()
	ctx, cancel := context.WithTimeout(ctx, perCall)
	defer cancel()
	_, err = box.Open(ctx)
	if err != nil {
		found.Err = fmt.Errorf("trying the mailbox: %w", err)
		return found
	}
	found.Said = fmt.Sprintf("%s at %s:%d, answers go to %s", in.User, in.Host, in.Port, in.Address)
	if !box.Signals() {
		found.Said += "; it says nothing of new mail by itself (no IDLE), so it is looked at every two minutes"
	}
	return found
}

// documentTools tries what reads the files that people send.
func documentTools(ctx context.Context, d config.Documents) []Finding {
	ctx, cancel := context.WithTimeout(ctx, perCall)
	defer cancel()
	var found []Finding
	for _, f := range papers.New(papers.Options{Clamd: d.Clamd, PDFToText: d.PDFToText, Aside: Aside()}).Check(ctx) {
		found = append(found, Finding{Part: f.Part, Said: f.Said, Err: f.Err})
	}
	return found
}
