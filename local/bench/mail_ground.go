package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"gangway/config"
	"gangway/internal/access"
	"gangway/internal/assembly"
	"gangway/internal/mail/mailtest"
	"gangway/internal/outbox"
)

// answers is where mails to gangway go.
const answers = "gangway@gangway.example"

// What waits in the mailbox, 1,000 in all, and how large a file is.
const (
	mailAnswers   = 600
	mailAutomatic = 200
	mailFiles     = 100
	mailJunk      = 100
	mailsWaiting  = mailAnswers + mailAutomatic + mailFiles + mailJunk
	fileSize      = 1 << 20
	// soonAnswers are answered one after the other when nothing waits any more.
	soonAnswers = 50
	// seatsAsked is how many people each request asks.
	seatsAsked = 10
)

// asked is somebody who was asked, and where their answer goes.
type asked struct {
	person, request, address string
}

// post is gangway with a mail server.
type post struct {
	home
	server *mailtest.Server
	asked  []asked
}

func newPost(ctx context.Context, g *ground) (_ *post, err error) {
	p := &post{}
	defer func() {
		if err != nil {
			p.close()
		}
	}()
	people := "zone: Europe/London\nhours: Mon-Fri 09:00-17:00\nholidays: england-and-wales\npeople:\n  - {id: olga, name: Olga Owner, mail: olga@gate.example}\n"
	for i := range clickers {
		who := clicker(i)
		people += fmt.Sprintf("  - {id: %s, name: %s, mail: %s, roles: [%s], manager: olga}\n", who, who, mailOf(who), who)
	}
	p.server, err = mailtest.Start(mailtest.Options{Inbox: answers, Catch: []string{"gangway.example"}, Largest: 30 << 20})
	if err != nil {
		return p, fmt.Errorf("starting the mail server: %w", err)
	}
	p.closers = append(p.closers, func() { _ = p.server.Close() }) // it is of no use any more
	err = p.furnish(ctx, g, "mail", people, func(_ string, o *assembly.Options) {
		o.LookupTXT, o.Client = p.server.LookupTXT, config.Client{Name: "Northgate Ltd"}
		o.Mail = config.Mail{From: answers, SMTP: config.SMTP{Host: p.server.Host(), Port: p.server.Port(), TLS: "none"},
			Inbox: config.Inbox{Host: p.server.Host(), Port: p.server.IMAPPort(), TLS: "none", User: answers, Password: config.Opened(p.server.Password()),
				Mailbox: "INBOX", Processed: "Processed", Quarantine: "Quarantine", Address: answers, Trust: config.TrustDKIM}}
	})
	return p, err
}

func mailOf(person string) string { return person + "@gate.example" }

// ask opens requests of no document until enough people were asked, and waits until every letter
// about that has left.
func (p *post) ask(ctx context.Context) error {
	key := access.Key(bytes.Repeat([]byte("k"), 32)) // of these tickets alone
	for n := 0; len(p.asked) < mailAnswers+soonAnswers; n++ {
		from := n * seatsAsked % clickers
		request, err := p.open(ctx, fmt.Sprintf("mail-%d", n), from, from+seatsAsked)
		if err != nil {
			return err
		}
		for i := from; i < from+seatsAsked; i++ {
			a := asked{person: clicker(i), request: request}
			ticket := key.Ticket(request, 0, a.person, "mail")
			err = p.house.Archive.PutTicket(ctx, access.Ticket{Hash: access.Hash(ticket), Request: request, Person: a.person, Channel: "mail", Made: time.Now().UTC()})
			if err != nil {
				return fmt.Errorf("writing a ticket: %w", err)
			}
			a.address = "gangway+" + ticket + "@gangway.example"
			p.asked = append(p.asked, a)
		}
	}
	for _, a := range p.asked {
		err := p.until(ctx, func() (bool, error) {
			_, err := p.house.Archive.Request(ctx, a.request)
			var missing interface{ NotFound() bool }
			if errors.As(err, &missing) {
				return false, nil
			}
			return err == nil, err
		})
		if err != nil {
			return fmt.Errorf("waiting until request %s is open: %w", a.request, err)
		}
	}
	return p.until(ctx, func() (bool, error) {
		due, err := p.house.Archive.Letters(ctx, outbox.Which{By: outbox.ByDue, Now: time.Now().Add(time.Hour)})
		return len(due) == 0, err
	})
}

// quoted is what stands below an answer.
const quoted = "\n\nOn Mon, 2 Mar 2026 at 10:00, gangway <gangway@gangway.example> wrote:\n> May the vendor start?\n> Say yes, what has to change first, or no.\n" +
	"> Answer with approved, changes or rejected in the first line.\n"

// write sends a mail of somebody's about what they were asked.
func (p *post) write(t mailtest.T, a asked, text string, header []string, files ...mailtest.File) {
	who := p.server.Person("", mailOf(a.person))
	clients := []mailtest.Client{mailtest.Gmail, mailtest.Outlook, mailtest.Apple, mailtest.Plain}
	who.Send(t, mailtest.Draft{To: []string{a.address}, Subject: "Re: A gate", Text: text, As: clients[len(a.request+a.person+text)%len(clients)], Header: header, Files: files})
}

// fill puts what waits into the mailbox, all kinds mixed, in the same order each
// time.
func (p *post) fill(ctx context.Context) error {
	dice := rand.New(rand.NewPCG(1, 2))
	var kinds []func(t mailtest.T)
	for i, a := range p.asked[:mailAnswers] {
		kinds = append(kinds, func(t mailtest.T) { p.write(t, a, "approved"+quoted, nil) })
		if i%3 == 0 && i/3 < mailAutomatic {
			kinds = append(kinds, func(t mailtest.T) {
				p.write(t, a, "I am out of the office until Friday.", []string{"Auto-Submitted: auto-replied", "X-Auto-Response-Suppress: All"})
			})
		}
		if i%6 == 0 && i/6 < mailFiles {
			kinds = append(kinds, func(t mailtest.T) {
				content := make([]byte, fileSize)
				for i := range content {
					content[i] = byte(dice.Uint32())
				}
				p.write(t, a, "Here is what we found."+quoted, nil, mailtest.File{Name: "found.pdf", Kind: "application/pdf", Bytes: content})
			})
		}
		if i%6 == 0 && i/6 < mailJunk {
			kinds = append(kinds, func(t mailtest.T) {
				p.server.Forge(t, mailtest.Draft{From: fmt.Sprintf("winner%d@junk.example", i), To: []string{answers}, Subject: "You won", Text: "approved"})
			})
		}
	}
	dice.Shuffle(len(kinds), func(i, j int) { kinds[i], kinds[j] = kinds[j], kinds[i] })
	return mailtest.Try(ctx, func(t mailtest.T) {
		for _, send := range kinds {
			send(t)
		}
	})
}

// settled is how many mails of a kind were worked off; of any where it is empty.
func (p *post) settled(ctx context.Context, kind string) (n int, err error) {
	err = p.rows.QueryRowContext(ctx, `SELECT count(*) FROM arrivals WHERE state = 'settled' AND (kind = ? OR ? = '')`, kind, kind).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("counting mails: %w", err)
	}
	return n, nil
}
