package desk

import (
	"cmp"
	"context"
	"crypto/rand"
	"fmt"
	"slices"
	"time"

	"gangway/internal/access"
	"gangway/internal/dossier"
	"gangway/internal/outbox"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// How long a link of the portal opens at most, and what one contact may do.
const (
	closedLinkFor  = 90 * 24 * time.Hour // after its request closed
	uploadsAtOnce  = 4                   // each holds its document in memory
	entriesPerLink = 30                  // in networkWithin
	wordsPerDay    = 20                  // notes of one contact
	handsPerDay    = 10                  // colleagues whom one contact names
	papersPerHour  = 100                 // documents of one contact
)

// reception is what the portal gives the vendor's people. Who asks is a contact,
// known by a session of PortalEnter; whatever isn't theirs is not there for them.
type reception struct {
	desk   *Desk
	client string
	phone  string
	enters *limiter // by link
	again  *limiter // new links, by the old one
	words  *limiter // what contacts write, by contact
	hands  *limiter // whom they name, by contact
	sent   *limiter // documents, by contact
	busy   chan struct{}
}

func newReception(d *Desk, o Options) reception {
	day := 24 * time.Hour
	return reception{desk: d, client: o.Client, phone: o.Phone,
		enters: newLimiter(access.Limit{Most: entriesPerLink, In: networkWithin}),
		again:  newLimiter(access.LinkLimits()...),
		words:  newLimiter(access.Limit{Most: wordsPerDay, In: day}),
		hands:  newLimiter(access.Limit{Most: handsPerDay, In: day}),
		sent:   newLimiter(access.Limit{Most: papersPerHour, In: time.Hour}),
		busy:   make(chan struct{}, uploadsAtOnce)}
}

// PortalLook says what a link of the portal is, and uses nothing up: programs that
// look at mails open links before their readers do. Of a link that opens nothing
// it says only that.
func (r reception) PortalLook(ctx context.Context, secret string) (access.Welcome, error) {
	l, c, view, err := r.link(ctx, secret)
	if isNotFound(err) {
		return access.Welcome{}, nil
	}
	if err != nil {
		return access.Welcome{}, err
	}
	name, phone, err := r.asker(ctx, &view)
	if err != nil {
		return access.Welcome{}, err
	}
	w := access.Welcome{For: access.Mask(c.Name), Client: r.client, Asker: name, Phone: phone, Opens: true}
	if c.Vendor != review.OutsideRole {
		w.Vendor = r.desk.VendorName(ctx, l.Vendor)
	}
	return w, nil
}

// link finds the good link of a secret, its contact and its case. One error is
// for every link that is no good.
func (r reception) link(ctx context.Context, secret string) (access.PortalLink, playbook.Contact, dossier.CaseView, error) {
	var none dossier.CaseView
	l, err := r.desk.store.PortalLink(ctx, access.Hash(secret))
	var c playbook.Contact
	if err == nil {
		c, err = r.activeContact(ctx, l.Person)
	}
	var view dossier.CaseView
	if err == nil {
		view, err = r.desk.store.Case(ctx, l.Case)
	}
	now := r.desk.now()
	if isNotFound(err) || err == nil && (c.Vendor != l.Vendor || !leads(c, l, &view) || !opens(l, &view, now)) {
		return access.PortalLink{}, playbook.Contact{}, none, deadPortalError{}
	}
	if err != nil {
		return access.PortalLink{}, playbook.Contact{}, none, fmt.Errorf("looking for a link of the portal: %w", err)
	}
	return l, c, view, nil
}

// leads reports whether a link leads its person into a case: one with their vendor, one in
// which their vendor takes over as long as they do, or the one for which somebody of neither side was named.
func leads(c playbook.Contact, l access.PortalLink, v *dossier.CaseView) bool {
	if c.Vendor == review.OutsideRole {
		return c.Case == v.ID
	}
	return v.Vendor == l.Vendor || comesAfter(v, c)
}

// opens reports whether a link still leads in. It lives from the last mail that
// carried it, and not past the time in which people look after what they sent.
func opens(l access.PortalLink, v *dossier.CaseView, now time.Time) bool {
	over := slices.ContainsFunc(v.Requests, func(q review.Request) bool {
		return q.ID == l.Request && q.Closed != nil && v.Now(now).Sub(q.Closed.At) >= closedLinkFor
	})
	return l.Opens(now) && !over
}

// activeContact is a contact who is still asked things.
func (r reception) activeContact(ctx context.Context, id string) (playbook.Contact, error) {
	c, err := r.desk.store.Contact(ctx, id)
	if err != nil {
		return playbook.Contact{}, err
	}
	if c.State != playbook.ContactActive {
		return playbook.Contact{}, unknownPerson{}
	}
	return c, nil
}

// asker is who asks for the client: the case's owner or whoever stands in, with a
// number to call.
func (r reception) asker(ctx context.Context, v *dossier.CaseView) (name, phone string, err error) {
	people, _, err := r.desk.store.People(ctx)
	if err != nil {
		return "", "", fmt.Errorf("looking up who asks the vendor: %w", err)
	}
	id := playbook.OwnerNow(people, v.Owner, v.Deputy, v.Sponsor, v.Recused(), v.Now(r.desk.now()))
	if id == "" {
		id = v.Owner
	}
	p, _ := byID(people, id)
	return p.Name, cmp.Or(p.Phone, r.phone), nil
}

// PortalEnter lets the link's contact in on this device.
func (r reception) PortalEnter(ctx context.Context, secret, device string) (session string, until time.Time, err error) {
	l, c, _, err := r.link(ctx, secret)
	if err != nil {
		return "", time.Time{}, err
	}
	now := r.desk.now()
	if wait := r.enters.take(l.Hash, now); wait > 0 {
		return "", time.Time{}, limitedError{after: wait, hint: "go on where you came in before, or try again later"}
	}
	session = newSecret()
	s := access.PortalSession{Hash: access.Hash(session), Person: c.ID, Vendor: c.Vendor, Link: l.Hash, Device: access.Device(device), Made: now.UTC(), Until: now.Add(access.PortalSessionFor).UTC()}
	err = r.desk.store.PutPortalSession(ctx, s)
	if isNotFound(err) { // revoked at this very moment
		return "", time.Time{}, deadPortalError{}
	}
	if err != nil {
		return "", time.Time{}, fmt.Errorf("letting a contact in: %w", err)
	}
	r.desk.sweepNow(ctx, now)
	return session, s.Until, nil
}

// PortalIn is who a session's secret stands for. Whoever is no contact any more is
// in nowhere.
func (r reception) PortalIn(ctx context.Context, session string) (playbook.Contact, error) {
	s, err := r.desk.store.PortalSession(ctx, access.Hash(session))
	var c playbook.Contact
	if err == nil {
		c, err = r.activeContact(ctx, s.Person)
	}
	if isNotFound(err) || err == nil && (c.Vendor != s.Vendor || !r.desk.now().Before(s.Until)) {
		return playbook.Contact{}, endedVisitError{}
	}
	if err != nil {
		return playbook.Contact{}, fmt.Errorf("asking who is in the portal: %w", err)
	}
	return c, nil
}

// PortalOut ends the visits of whose session it is, on every device.
func (r reception) PortalOut(ctx context.Context, session string) error {
	c, err := r.PortalIn(ctx, session)
	if isNotFound(err) {
		return nil
	}
	if err != nil {
		return err
	}
	err = r.desk.store.EndPortalSessions(ctx, c.ID)
	if err != nil {
		return fmt.Errorf("ending a contact's visits: %w", err)
	}
	return nil
}

// PortalAgain mails a new link to the address on record of the contact to whom an
// old one was sent, or seems to: whether there is one shows in nothing.
func (r reception) PortalAgain(_ context.Context, secret, from string) error {
	g := r.desk.gate
	if g.courier == nil || len(g.key) == 0 {
		return noMailError{}
	}
	if secret == "" || len(secret) > maxAsked {
		return invalid("follow the link in the mail", "this is no link of ours")
	}
	now := r.desk.now()
	if wait := g.asks.take(network(from), now); wait > 0 {
		return limitedError{after: wait}
	}
	if wait := r.again.take(access.Hash(secret), now); wait > 0 {
		return limitedError{after: wait}
	}
	select {
	case g.mailing <- struct{}{}:
	default:
		return limitedError{after: mailWithin}
	}
	r.desk.mailings.Go(func() {
		defer func() { <-g.mailing }()
		ctx, cancel := context.WithTimeout(context.Background(), mailWithin) // not the caller's: they needn't wait
		defer cancel()
		if err := r.sendLink(ctx, secret, now); err != nil {
			r.desk.log.Warn("sending a new link into the portal", "error", err)
		}
	})
	return nil
}

// sendLink makes a link of its own: the old one may have been revoked because it
// came into wrong hands, and must stay so.
func (r reception) sendLink(ctx context.Context, secret string, now time.Time) error {
	old, err := r.desk.store.PortalLink(ctx, access.Hash(secret))
	if err == nil {
		_, err = r.activeContact(ctx, old.Person)
	}
	if isNotFound(err) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("looking for an old link of the portal: %w", err)
	}
	id := rand.Text()
	l := access.PortalLink{Hash: access.Hash(r.desk.gate.key.Link(id)), Person: old.Person, Vendor: old.Vendor, Case: old.Case, Request: old.Request,
		Made: now.UTC(), Until: now.Add(access.PortalLinkFor).UTC()}
	err = r.desk.store.PutPortalLink(ctx, l)
	if err != nil {
		return fmt.Errorf("keeping a link of the portal before it is mailed: %w", err)
	}
	err = r.desk.gate.courier.PutLetter(ctx, outbox.Letter{ID: "portal/" + id, Person: l.Person, Kind: outbox.Portal, Case: l.Case, Link: id, Made: now, Next: now, State: outbox.Waiting})
	if err != nil {
		return fmt.Errorf("handing over a link of the portal: %w", err)
	}
	return nil
}

// guest is the contact who asks, through the portal or by a mail that was checked.
func (r reception) guest(ctx context.Context, who review.Address, request string) (playbook.Contact, error) {
	if who.Channel != front && who.Channel != post {
		return playbook.Contact{}, unknownPerson{}
	}
	p, _, err := r.desk.speaker(ctx, who, request)
	if err != nil {
		return playbook.Contact{}, err
	}
	if p.Employer == "" { // one of the client's own, whose pages are elsewhere
		return playbook.Contact{}, unknownPerson{}
	}
	return r.activeContact(ctx, p.ID)
}

// deadPortalError is one error for every link of the portal that is no good.
type deadPortalError struct{}

// Error says so.
func (deadPortalError) Error() string { return "this link is no longer good" }

// NotFound marks the error for channels that know only the small interface.
func (deadPortalError) NotFound() bool { return true }

// Hint says what to do.
func (deadPortalError) Hint() string {
	return "ask for a new one there; it is mailed to the address that the old one was sent to"
}

// endedVisitError says that a session of the portal is over.
type endedVisitError struct{}

// Error says so.
func (endedVisitError) Error() string { return "your visit has ended" }

// NotFound marks the error for channels that know only the small interface.
func (endedVisitError) NotFound() bool { return true }

// Hint says what to do.
func (endedVisitError) Hint() string { return "open the link in the mail again" }
