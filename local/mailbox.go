package main

import (
	"fmt"
	"log/slog"
	"path/filepath"

	"gangway/config"
	"gangway/internal/assembly"
	"gangway/internal/mail/mailtest"
)

// mailbox is the mail server of a local: it takes everything that gangway sends
// and hands nothing on; its page shows the mails.
type mailbox struct {
	mail  config.Mail
	url   string
	close func()
}

// openMailbox starts the mail server and its page, both on loopback.
func openMailbox(s settings, log *slog.Logger) (mailbox, error) {
	server, err := mailtest.Start(mailtest.Options{Dir: filepath.Join(s.data, "mail")})
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
		mail: config.Mail{From: "gangway@gangway.example", SMTP: config.SMTP{Host: server.Host(), Port: server.Port(), TLS: "none"}},
		url:  "http://" + l.Addr().String() + "/",
		close: func() {
			stop()
			closing(log, "the mailbox", server.Close())
		},
	}, nil
}
