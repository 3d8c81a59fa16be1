package desk

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"encoding/base32"
	"fmt"
	"net/url"
	"strings"
	"time"

	"gangway/internal/access"
	"gangway/internal/dossier"
	"gangway/internal/outbox"
	"gangway/internal/playbook"
)

// gateLimits are what strangers may do, by their network, however many people
// share it: a whole office comes from one address.
const (
	asksPerNetwork   = 60
	triesPerNetwork  = 100
	networkWithin    = 15 * time.Minute
	unknownsWithin   = 200 // sign-ins of nobody that are written down, a process
	mailingAtOnce    = 8
	mailWithin       = 20 * time.Second
	sweepEvery       = time.Hour
	seenEvery        = time.Minute
	maxAsked         = 320 // a mail address or ticket (bytes)
	maxCodeTyped     = 20
	nobodyPrefix     = "~"      // begins no person's id
	firstPrefix      = "first/" // begins the id of no mailed link
	registerAccessID = dossier.Register + "#desk/access-"
)

// gate is what signing in keeps in memory.
type gate struct {
	key      access.Key
	address  string
	courier  Courier
	asks     *limiter // mails, by network
	subjects *limiter // mails, by ticket or mail address
	unknowns *limiter // by nothing: all of them together
	tries    *limiter // codes, by network
	pairs    *limiter // links to pair, by address of the chat
	mailing  chan struct{}
	swept    chan time.Time // holds when ended rows were swept last
}

func newGate(o Options) *gate {
	g := &gate{key: o.Key, address: o.Address, courier: o.Courier,
		asks:     newLimiter(access.Limit{Most: asksPerNetwork, In: networkWithin}),
		subjects: newLimiter(access.LinkLimits()...),
		unknowns: newLimiter(access.Limit{Most: unknownsWithin, In: networkWithin}),
		pairs:    newLimiter(pairingLimits()...),
		tries:    newLimiter(access.Limit{Most: triesPerNetwork, In: networkWithin}),
		mailing:  make(chan struct{}, mailingAtOnce), swept: make(chan time.Time, 1)}
	g.swept <- time.Time{}
	return g
}

// Greeting says for whom a ticket is and where it leads.
func (d *Desk) Greeting(ctx context.Context, ticket string) (access.Greeting, error) {
	t, err := d.store.TicketBy(ctx, access.Hash(ticket))
	if err != nil {
		return access.Greeting{}, fmt.Errorf("looking for whom a ticket is: %w", err)
	}
	p, _, err := d.store.Person(ctx, t.Person)
	if err != nil {
		return access.Greeting{}, fmt.Errorf("looking up the person of a ticket: %w", err)
	}
	return access.Greeting{Name: access.Mask(p.Name), Person: p.ID, Next: requestPage(t.Request)}, nil
}

// requestPage is the local page of a request.
func requestPage(id string) string { return "/request?" + url.Values{"id": {id}}.Encode() }

// MailCode mails a one-time link and its code, or seems to. Whether anybody was
// found shows neither in what it returns nor in how long that takes: everything
// that depends on it happens afterwards.
func (d *Desk) MailCode(_ context.Context, ask access.CodeWanted, from string) error {
	if d.gate.courier == nil || len(d.gate.key) == 0 {
		return noMailError{}
	}
	err := checkAsk(ask)
	if err != nil {
		return err
	}
	now := d.now()
	for _, l := range []struct {
		by  *limiter
		key string
	}{{d.gate.asks, network(from)}, {d.gate.subjects, soughtKey(ask)}} {
		if wait := l.by.take(l.key, now); wait > 0 {
			return limitedError{after: wait}
		}
	}
	select {
	case d.gate.mailing <- struct{}{}:
	default:
		return limitedError{after: mailWithin}
	}
	d.mailings.Go(func() {
		defer func() { <-d.gate.mailing }()
		ctx, cancel := context.WithTimeout(context.Background(), mailWithin) // not the caller's: they needn't wait
		defer cancel()
		if err := d.mailCode(ctx, ask, now); err != nil {
			d.log.Warn("mailing a one-time link", "error", err)
		}
	})
	return nil
}

func checkAsk(ask access.CodeWanted) error {
	if ask.Ticket == "" && ask.Mail == "" {
		return invalid("give the address that your mails come to", "nobody is named")
	}
	if len(ask.Ticket) > maxAsked || len(ask.Mail) > maxAsked {
		return invalid("give the address that your mails come to", "this is no mail address")
	}
	return nil
}

// soughtKey is the key of whom a code is wanted for.
func soughtKey(ask access.CodeWanted) string {
	if ask.Ticket != "" {
		return access.Hash(ask.Ticket)
	}
	return access.Hash(normal(ask.Mail))
}

func normal(mail string) string { return strings.ToLower(strings.TrimSpace(mail)) }

// subject is for whom a code is wanted: the id of somebody who may sign in, or
// else an id that is nobody's and that the same work is done for.
func (d *Desk) subject(ctx context.Context, ask access.CodeWanted) (id, next string, known bool, err error) {
	var p playbook.Person
	next = access.LocalPath(ask.Next)
	if ask.Ticket != "" {
		var t access.Ticket
		t, err = d.store.TicketBy(ctx, access.Hash(ask.Ticket))
		if err == nil {
			next = requestPage(t.Request)
			p, _, err = d.store.Person(ctx, t.Person)
		}
	} else {
		p, err = d.byMail(ctx, normal(ask.Mail))
	}
	if err != nil && !isNotFound(err) {
		return "", "", false, fmt.Errorf("looking for whom a code is: %w", err)
	}
	if err != nil || !access.May(p, access.SignIn, nil) {
		return nobodyPrefix + soughtKey(ask), next, false, nil
	}
	return p.ID, next, true, nil
}

func (d *Desk) byMail(ctx context.Context, mail string) (playbook.Person, error) {
	people, _, err := d.store.People(ctx)
	if err != nil {
		return playbook.Person{}, err
	}
	for _, p := range people {
		if mail != "" && p.Employer == "" && normal(p.Mail) == mail {
			return p, nil
		}
	}
	return playbook.Person{}, unknownPerson{}
}

// mailCode writes the link down and then hands its letter over.
func (d *Desk) mailCode(ctx context.Context, ask access.CodeWanted, now time.Time) error {
	id, next, known, err := d.subject(ctx, ask)
	if err != nil {
		return err
	}
	if !known && d.gate.unknowns.take("", now) > 0 {
		return nil
	}
	l := access.Link{ID: rand.Text(), Person: id, Next: next, Made: now, Until: now.Add(access.LinkFor)}
	wait, err := d.store.AddLink(ctx, access.Hash(d.gate.key.Link(l.ID)), l, access.LinkLimits())
	if err != nil {
		return fmt.Errorf("keeping a link before it is mailed: %w", err)
	}
	if wait > 0 || !known { // who asks through several processes is held here, and told nothing
		return nil
	}
	err = d.gate.courier.PutLetter(ctx, outbox.Letter{ID: "sign-in/" + l.ID, Person: id, Kind: outbox.SignIn, Link: l.ID, Made: now, Next: now, State: outbox.Waiting})
	if err != nil {
		return fmt.Errorf("handing over a link's letter: %w", err)
	}
	return nil
}

// LinkFor says for whom a one-time link is and uses nothing up.
func (d *Desk) LinkFor(ctx context.Context, secret string) (access.Greeting, error) {
	l, p, err := d.link(ctx, secret)
	if err != nil {
		return access.Greeting{}, err
	}
	return access.Greeting{Name: access.Mask(p.Name), Person: p.ID, Next: l.Next}, nil
}

// link finds the good link of a secret and its person.
func (d *Desk) link(ctx context.Context, secret string) (access.Link, playbook.Person, error) {
	l, first, err := d.findLink(ctx, secret)
	if err == nil {
		var p playbook.Person
		p, _, err = d.store.Person(ctx, l.Person)
		if err == nil && access.May(p, access.SignIn, nil) && (!first || access.May(p, access.ChangePeople, nil)) {
			return l, p, nil
		}
	}
	if err == nil || isNotFound(err) {
		err = deadLinkError{}
	}
	return access.Link{}, playbook.Person{}, err
}

// findLink finds a mailed link, or one that was made from the key alone.
func (d *Desk) findLink(ctx context.Context, secret string) (l access.Link, first bool, err error) {
	if len(d.gate.key) == 0 {
		return l, false, deadLinkError{}
	}
	if person, until, ok := d.gate.key.ReadFirst(secret, d.now()); ok {
		l = access.Link{ID: firstPrefix + access.Hash(secret), Person: person, Next: "/", Made: d.now(), Until: until}
		used, err := d.store.LinkUsed(ctx, l.ID)
		if err == nil && used {
			err = deadLinkError{}
		}
		return l, true, err
	}
	l, err = d.store.LinkBy(ctx, access.Hash(secret))
	return l, false, err
}

// EnterByLink uses a link up and signs its person in on this device.
func (d *Desk) EnterByLink(ctx context.Context, secret, device string) (session string, until time.Time, next string, err error) {
	l, p, err := d.link(ctx, secret)
	if err != nil {
		return "", time.Time{}, "", err
	}
	if strings.HasPrefix(l.ID, firstPrefix) { // made from the key alone: it has no row yet
		_, err = d.store.AddLink(ctx, access.Hash(secret), l, nil)
		if err != nil {
			return "", time.Time{}, "", fmt.Errorf("keeping a link before it is used: %w", err)
		}
	}
	return d.enterBy(ctx, l, p, device)
}

func (d *Desk) enterBy(ctx context.Context, l access.Link, p playbook.Person, device string) (session string, until time.Time, next string, err error) {
	won, err := d.store.UseLink(ctx, l.ID)
	if err != nil {
		return "", time.Time{}, "", fmt.Errorf("using a link up: %w", err)
	}
	if !won {
		return "", time.Time{}, "", deadLinkError{}
	}
	session, until, err = d.newSession(ctx, p, device)
	return session, until, l.Next, err
}

// EnterByCode does what EnterByLink does with the code that stood beside the
// link. Every try counts before it is compared, against every link that the
// person has.
func (d *Desk) EnterByCode(ctx context.Context, ask access.CodeWanted, code, device, from string) (session string, until time.Time, next string, err error) {
	fail := func(err error) (string, time.Time, string, error) { return "", time.Time{}, "", err }
	if len(d.gate.key) == 0 {
		return fail(noMailError{})
	}
	if err := checkAsk(ask); err != nil {
		return fail(err)
	}
	if wait := d.gate.tries.take(network(from), d.now()); wait > 0 {
		return fail(limitedError{after: wait})
	}
	code = digits(code)
	id, _, known, err := d.subject(ctx, ask)
	if err != nil {
		return fail(err)
	}
	links, err := d.store.TryLinks(ctx, id)
	if err != nil {
		return fail(fmt.Errorf("counting a try at a code: %w", err))
	}
	right := -1
	for i, l := range links {
		if hmac.Equal([]byte(code), []byte(d.gate.key.Code(l.ID))) {
			right = i
		}
	}
	if right < 0 || !known {
		return fail(wrongCodeError{})
	}
	p, _, err := d.store.Person(ctx, id)
	if err != nil {
		return fail(fmt.Errorf("looking up who typed a code: %w", err))
	}
	session, until, next, err = d.enterBy(ctx, links[right], p, device)
	if isNotFound(err) { // used at this very moment on another device
		err = wrongCodeError{}
	}
	return session, until, next, err
}

// digits drops what people type between the digits of a code.
func digits(code string) string {
	if len(code) > maxCodeTyped {
		return ""
	}
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, code)
}

// newSecret is 256 random bits that nobody can guess, in letters that survive
// cookies, addresses and copying.
func newSecret() string {
	b := make([]byte, 32)
	rand.Read(b) // never fails: the runtime ends the process instead
	return strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(b))
}
