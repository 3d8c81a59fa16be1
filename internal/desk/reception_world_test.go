package desk

import (
	"bytes"
	"context"
	"log/slog"
	"strings"
	"testing"
	"time"

	"gangway/internal/access"
	"gangway/internal/calendar"
	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/mail"
	"gangway/internal/outbox"
	"gangway/internal/papers"
	"gangway/internal/playbook"
	"gangway/internal/review"
	"gangway/internal/web"
)

// press reads documents by their first word: what is wrong with one, or that it is
// no text by itself.
type press struct{}

func (press) Read(_ context.Context, _, _ string, raw []byte) (engagement.Reading, []byte, error) {
	first, rest, _ := bytes.Cut(raw, []byte(" "))
	switch word := string(first); word {
	case "%PDF":
		return engagement.Reading{Media: "application/pdf", Pages: 1, Words: len(bytes.Fields(rest)), Kind: engagement.KindDPA}, rest, nil
	case "%SCAN":
		return engagement.Reading{Media: "application/pdf", Flags: []engagement.ReadingFlag{engagement.FlagUnreadable}}, nil, nil
	case "encrypted", "malware", "not-scanned", "macros":
		return engagement.Reading{Fault: engagement.ReadingFault(word)}, nil, nil
	}
	return engagement.Reading{Media: "text/plain; charset=utf-8", Words: len(bytes.Fields(raw))}, nil, nil
}

// lobby is an entrance with a vendor: a case that asks its people for an agreement.
type lobby struct {
	*entrance
	root     *process
	ask      string
	ann, bob playbook.Contact
}

func newLobby(t *testing.T) *lobby {
	t.Helper()
	l := &lobby{entrance: newEntrance(t)}
	l.desk = New(l.store, l.engine, shelf{}, wax{}, Options{Now: l.clock.now, Key: l.key, Courier: l.post, Address: "https://gangway.example",
		Papers: press{}, Client: planted + " Client", Phone: "+44 20 7946 0000", Log: slog.New(slog.NewJSONHandler(l.logs, nil))})
	l.root = l.opens("dpa/acme/1", calendar.Anchor{})
	l.ann = l.names("ann", "Ann")
	l.bob = l.names("bob", "Bob")
	l.ask = l.wants(l.root, "deliver", l.ann)
	return l
}

// names adds a contact of Acme.
func (l *lobby) names(local, name string) playbook.Contact {
	l.t.Helper()
	c := must[playbook.Contact](l.t)(l.desk.AddContact(l.t.Context(), from("olga"), "dpa/acme/1",
		playbook.Contact{Name: planted + " " + name, Mail: local + "@" + strings.ToLower(planted) + ".example"}))
	l.delivers() // that there is one more
	return c
}

// wants asks the vendor's people for documents, in one seat.
func (l *lobby) wants(p *process, step string, people ...playbook.Contact) string {
	l.t.Helper()
	return l.wantsAs(p, step, func(*review.Request) {}, people...)
}

// wantsAs is wants with a change to the request before it opens.
func (l *lobby) wantsAs(p *process, step string, change func(*review.Request), people ...playbook.Contact) string {
	l.t.Helper()
	at := p.anchor.CaseAt(l.clock.now())
	r := review.Request{ID: p.id + ":" + step + ".1", Case: p.of, Process: p.id, Step: step, Kind: review.Delivery, Title: "Your agreement", Ask: "Send it signed.",
		Owner: "olga", Requester: "rita", Vendor: "acme", Filers: []string{"olga"}, Opened: at, Clocks: []review.Clock{{Opened: at, Due: at.Add(72 * time.Hour)}},
		Policy:   review.Policy{Groups: []review.Group{{Name: "vendor", Rule: review.RuleAll, Seats: []review.Seat{{ID: "vendor", Role: review.VendorRole}}}}},
		Seatings: []review.Seating{{Seat: "vendor"}}}
	if step == "again" {
		r.VendorText = "a-words"
	}
	for _, c := range people {
		r.Seatings[0].Holders = append(r.Seatings[0].Holders, review.Holder{Person: c.ID, Via: review.ViaRole, Since: at})
	}
	change(&r)
	l.engine.mu.Lock()
	defer l.engine.mu.Unlock()
	held := r.Clone()
	p.requests = append(p.requests, &held)
	p.say(l.clock.now(), dossier.Entry{Kind: dossier.Request, Fact: &review.Fact{Kind: review.FactOpened, Request: r.ID, At: at, Opened: &r}})
	l.flush(p)
	return r.ID
}

// closes ends one request of a process.
func (l *lobby) closes(p *process, request string, state review.State) {
	l.t.Helper()
	l.engine.mu.Lock()
	defer l.engine.mu.Unlock()
	at := p.anchor.CaseAt(l.clock.now())
	f := review.Fact{Kind: review.FactClosed, Request: request, At: at, State: state, Why: "decided"}
	p.find(request).Apply(f)
	p.say(l.clock.now(), dossier.Entry{Kind: dossier.Request, Fact: &f})
	l.flush(p)
}

func portal(c playbook.Contact) review.Address { return review.Address{Channel: "portal", ID: c.ID} }

func mailFrom(c playbook.Contact) review.Address {
	return review.Address{Channel: "mail", ID: strings.ToUpper(c.Mail)}
}

// link is what a mail to a contact carries.
func (l *lobby) link(c playbook.Contact, request string) string {
	l.t.Helper()
	secret := l.key.Ticket(request, 0, c.ID, "mail")
	ok(l.t, l.store.PutTicket(l.t.Context(), access.Ticket{Hash: access.Hash(secret), Request: request, Person: c.ID, Channel: "mail", Made: l.clock.now()}))
	return secret
}

func (l *lobby) enters(secret string) string {
	l.t.Helper()
	session, until, err := l.desk.PortalEnter(l.t.Context(), secret, "Firefox")
	ok(l.t, err)
	same(l.t, "twelve hours", l.clock.now().Add(12*time.Hour), until)
	return session
}

// sends uploads a document for the ask and wants it taken.
func (l *lobby) sends(c playbook.Contact, request, text string) engagement.Reading {
	l.t.Helper()
	found := must[engagement.Reading](l.t)(l.desk.PortalUpload(l.t.Context(), portal(c), request, planted+".pdf", "application/pdf", strings.NewReader(text)))
	if found.Fault != "" || found.Document != digestOf([]byte(text)) {
		l.t.Fatalf("not taken: %+v", found)
	}
	return found
}

func delivers(id, request string, who review.Address, documents ...string) review.Answer {
	return review.Answer{ID: id, Request: request, Verdict: review.Delivered, Documents: documents, At: monday(), From: who}
}

func (l *lobby) tasks(c playbook.Contact) []access.VendorTask {
	l.t.Helper()
	return must[[]access.VendorTask](l.t)(l.desk.PortalTasks(l.t.Context(), portal(c)))
}

func (l *lobby) contact(id string) playbook.Contact {
	l.t.Helper()
	return must[playbook.Contact](l.t)(l.store.Contact(l.t.Context(), id))
}

// letters are those of a kind, "person why" each.
func (l *lobby) letters(kind outbox.Kind) []string {
	l.desk.mailings.Wait()
	l.post.mu.Lock()
	defer l.post.mu.Unlock()
	var list []string
	for _, x := range l.post.letters {
		if x.Kind == kind {
			list = append(list, strings.TrimSpace(x.Person+" "+x.Why))
		}
	}
	return list
}

// notes are the notes of the case, "name person result" each.
func (l *lobby) notes() []string {
	l.t.Helper()
	var list []string
	for _, x := range l.lines("dpa/acme/1") {
		if d := x.Entry.Detail; x.Entry.Kind == dossier.Noted {
			list = append(list, strings.Join(strings.Fields(x.Entry.Actor+" "+d.Name+" "+d.Person+" "+d.Result), " "))
		}
	}
	return list
}

var (
	_ Papers         = (*papers.Reader)(nil)
	_ mail.Desk      = (*Desk)(nil)
	_ web.Desk       = (*Desk)(nil)
	_ web.Portal     = (*Desk)(nil)
	_ web.VendorSide = (*Desk)(nil)
	_ web.Collector  = (*Desk)(nil)
)
