package assembly

import (
	"context"
	"fmt"
	"strings"
	"time"

	"gangway/config"
	"gangway/internal/archive"
	"gangway/internal/desk"
	"gangway/internal/mail"
)

// mailbox sets up the reading of mail; nil where a deployment names no mailbox.
func mailbox(a *archive.Archive, d *desk.Desk, p *mail.Post, o Options) (*mail.Reader, error) {
	in := o.Mail.Inbox
	if in.Host == "" || p == nil {
		return nil, nil
	}
	box, err := imapOf(in)
	if err != nil {
		return nil, err
	}
	local, _, _ := strings.Cut(in.Address, "@")
	r, err := mail.NewReader(mail.ReaderOptions{Mailbox: box, Store: a, Desk: d, Outgoing: p, Local: local, Every: o.MailboxEvery, Log: o.Log,
		Trust: mail.Trust{Mode: mail.TrustMode(in.Trust), Name: in.TrustedHeader, LookupTXT: o.LookupTXT}})
	if err != nil {
		return nil, fmt.Errorf("setting up the reading of mail: %w", err)
	}
	return r, nil
}

// imapOf is a mailbox as the file names it, not open yet.
func imapOf(in config.Inbox) (mail.Mailbox, error) {
	token, err := tokensOf(in.OAuth, in.User)
	if err != nil {
		return nil, fmt.Errorf("setting up how the mailbox is signed in to: %w", err)
	}
	box, err := mail.NewIMAP(mail.IMAP{Host: in.Host, Port: in.Port, TLS: mail.TLS(in.TLS), User: in.User,
		Password: func() (string, error) { return in.Password.Value(), nil }, Token: token,
		Folder: in.Mailbox, ProcessedFolder: in.Processed, QuarantineFolder: in.Quarantine})
	if err != nil {
		return nil, fmt.Errorf("setting up the mailbox: %w", err)
	}
	return box, nil
}

// tokensOf is where tokens come from for a user; nil where a password signs in.
func tokensOf(o config.OAuth, user string) (mail.Token, error) {
	if o.Provider == "" {
		return nil, nil
	}
	return mail.OAuth{Provider: o.Provider, Tenant: o.Tenant, ClientID: o.ClientID, ClientSecret: o.ClientSecret.Value(),
		RefreshToken: o.RefreshToken.Value(), ServiceAccount: o.ServiceAccount.Value(), User: user}.Tokens()
}

// readAgain is how long the reading of mail rests after it ended with an error: an
// operator may mend the mailbox meanwhile.
const readAgain = time.Minute

// readMail works off the mailbox until ctx ends.
func (h *House) readMail(ctx context.Context) {
	for ctx.Err() == nil {
		err := h.mailbox.Run(ctx)
		if err != nil && ctx.Err() == nil {
			h.log.Error("the reading of mail ended; it is tried again in a minute", "error", err)
		}
		select {
		case <-ctx.Done():
		case <-time.After(readAgain):
		}
	}
}

// lateArrival is how long a mail may lie that was kept and not worked off.
const lateArrival = 10 * time.Minute

// mailboxPart is how the reading of mail is doing.
func (h *House) mailboxPart(ctx context.Context) Part {
	if h.mailbox == nil {
		return Part{State: stateOff}
	}
	now, err := h.mailbox.Health(ctx)
	if err != nil || now.Fault != nil {
		return Part{State: stateAway}
	}
	part := Part{State: stateOK}
	if !now.Oldest.IsZero() {
		oldest := time.Since(now.Oldest)
		part.Oldest = oldest.Round(time.Second).String()
		if oldest > lateArrival {
			part.State = stateLate
		}
	}
	return part
}
