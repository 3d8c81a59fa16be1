package main

import (
	"fmt"
	"log/slog"
	"path/filepath"

	"gangway/config"
	"gangway/internal/assembly"
	"gangway/internal/mail/mailtest"
)

// answers is where mails to gangway go; in its domain all that bounces does too.
const (
	answers       = "gangway@" + answersDomain
	answersDomain = "gangway.example"
)

// mailbox is the mail server of a local: it takes everything that gangway sends,
// and what people write back, and hands nothing on. On its page one reads, replies
// and writes, as the client's people and as the vendor's.
type mailbox struct {
	server *mailtest.Server
	mail   config.Mail
	url    string
	close  func()
}

// mostMail is the size of a mail that is taken, in bytes, as large mail services
// have it; above what gangway reads, which it tells whoever wrote it.
const mostMail = 30 << 20

// openMailbox starts the mail server and its page, both on loopback.
func openMailbox(s settings, log *slog.Logger) (mailbox, error) {
	server, err := mailtest.Start(mailtest.Options{Dir: filepath.Join(s.data, "mail"), Inbox: answers, Catch: []string{answersDomain}, Largest: mostMail})
	if err != nil {
		return mailbox{}, fmt.Errorf("starting the mailbox: %w", err)
	}
	l, err := assembly.ListenLoopback("127.0.0.1:0")
	if err != nil {
		closing(log, "the mailbox", server.Close())
		return mailbox{}, fmt.Errorf("showing the mailbox: %w", err)
	}
	stop := assembly.ServeInbox(l, server.Handler(), log)
	return mailbox{
		server: server,
		mail: config.Mail{From: answers, SMTP: config.SMTP{Host: server.Host(), Port: server.Port(), TLS: "none"},
			Inbox: config.Inbox{Host: server.Host(), Port: server.IMAPPort(), TLS: "none", User: answers, Password: config.Opened(server.Password()),
				Mailbox: "INBOX", Processed: "Processed", Quarantine: "Quarantine", Address: answers, Trust: config.TrustDKIM}},
		url: "http://" + l.Addr().String() + "/",
		close: func() {
			stop()
			closing(log, "the mailbox", server.Close())
		},
	}, nil
}
