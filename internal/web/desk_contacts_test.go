package web

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"sync"
	"testing"
	"time"

	"gangway/internal/access"
	"gangway/internal/arrivals"
	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

const (
	askID   = "dpa/northwind/1:ask.1"
	checkID = "dpa/northwind/1:check.1"
)

// backoffice is a VendorSide in memory.
type backoffice struct {
	t        testing.TB
	desk     *recorder
	mu       sync.Mutex
	contacts []playbook.Contact
	offers   []access.AwayOffer
	mails    []arrivals.Arrival
	readings map[string]engagement.Reading
	texts    map[string]string // digest of a file to that of its text
	drafts   map[string][]byte
	outside  []playbook.Contact
	watch    engagement.Watch
	did      []string
	fail     error
}

func newBackoffice(t testing.TB) *backoffice {
	return &backoffice{t: t, readings: map[string]engagement.Reading{}, texts: map[string]string{}, drafts: map[string][]byte{},
		contacts: []playbook.Contact{
			{ID: "northwind.1", Vendor: "northwind", Name: "Vera Lindqvist", Mail: "vera@northwind.example", Phone: "+46 8 123", Role: "Sales", State: playbook.ContactActive, By: "ria", Changed: day(2)},
			{ID: "northwind.2", Vendor: "northwind", Name: "Pat Proposed", Mail: "pat@lawyers.example", State: playbook.ContactProposed, By: "northwind.1", Changed: day(19)},
			{ID: "northwind.3", Vendor: "northwind", Name: "Gone Gary", Mail: "gary@northwind.example", State: playbook.ContactEnded, By: "ria", Changed: day(5)}},
		offers: []access.AwayOffer{{ID: "mail-away1", Person: "lena", Case: theCase, At: day(19), From: day(19), Until: day(30)}},
		mails: []arrivals.Arrival{
			{ID: "m1", Came: day(18), State: arrivals.Settled, Kind: arrivals.Comment, Person: "northwind.1", Case: theCase, Request: reviewID, Why: []arrivals.Why{arrivals.NotAligned, arrivals.Unclear}},
			{ID: "m2", Came: day(19), State: arrivals.Settled, Kind: arrivals.Decision, Person: "lena", Case: theCase, Request: reviewID, Outcome: "counted"},
			{ID: "m3", Came: day(20), State: arrivals.Kept, Case: theCase}}}
}

func (b *backoffice) note(format string, args ...any) {
	b.did = append(b.did, fmt.Sprintf(format, args...))
}

func (b *backoffice) acts() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Clone(b.did)
}

func (b *backoffice) may(who review.Address, caseID string, steer bool) error {
	c, err := b.desk.Case(context.Background(), who, caseID)
	if err == nil && steer && !access.May(b.desk.person(who.ID), access.Steer, &c) {
		err = notFor{}
	}
	return err
}

func (b *backoffice) ContactsOf(_ context.Context, who review.Address, caseID string) ([]playbook.Contact, error) {
	if err := b.may(who, caseID, false); err != nil {
		return nil, err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Clone(b.contacts), nil
}

func (b *backoffice) AddContact(_ context.Context, who review.Address, caseID string, c playbook.Contact) (playbook.Contact, error) {
	if err := b.may(who, caseID, true); err != nil {
		return c, err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.fail != nil {
		return c, b.fail
	}
	b.note("add %s %s %s %s", c.Name, c.Mail, c.Phone, c.Role)
	c.ID, c.Vendor, c.State, c.By = "northwind.4", "northwind", playbook.ContactActive, who.ID
	b.contacts = append(b.contacts, c)
	return c, nil
}

func (b *backoffice) change(who review.Address, caseID, contact, what string) error {
	if err := b.may(who, caseID, true); err != nil {
		return err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.fail != nil {
		return b.fail
	}
	b.note("%s %s", what, contact)
	return nil
}

func (b *backoffice) ConfirmContact(_ context.Context, who review.Address, caseID, contact string) error {
	return b.change(who, caseID, contact, "confirm")
}

func (b *backoffice) EndContact(_ context.Context, who review.Address, caseID, contact string) error {
	return b.change(who, caseID, contact, "end")
}

func (b *backoffice) RevokeLinks(_ context.Context, who review.Address, caseID, contact string) (int, error) {
	return 2, b.change(who, caseID, contact, "revoke")
}

func (b *backoffice) Offers(_ context.Context, who review.Address, caseID string) ([]access.AwayOffer, error) {
	return b.offers, b.may(who, caseID, true)
}

func (b *backoffice) TakeOffer(_ context.Context, who review.Address, id string) error {
	return b.change(who, theCase, id, "take")
}

func (b *backoffice) ArrivalsOf(_ context.Context, who review.Address, caseID string) ([]arrivals.Arrival, error) {
	return slices.Clone(b.mails), b.may(who, caseID, false)
}

func (b *backoffice) ReadingOf(_ context.Context, who review.Address, caseID, digest string) (engagement.Reading, error) {
	r, ok := b.readings[digest]
	if !ok {
		return r, notThere{"reading"}
	}
	return r, b.may(who, caseID, false)
}

func (b *backoffice) TextOf(ctx context.Context, who review.Address, caseID, digest string) (dossier.Paper, io.ReadCloser, error) {
	text, ok := b.desk.papers[b.texts[digest]]
	if !ok {
		return dossier.Paper{}, nil, notThere{"text"}
	}
	return dossier.Paper{Digest: b.texts[digest], Size: int64(len(text)), Media: "text/plain; charset=utf-8"}, io.NopCloser(bytes.NewReader(text)), b.may(who, caseID, false)
}

func (b *backoffice) WatchOf(_ context.Context, who review.Address, caseID string) (engagement.Watch, error) {
	return b.watch, b.may(who, caseID, false)
}

func (b *backoffice) OutsidersOf(_ context.Context, who review.Address, caseID string) ([]playbook.Contact, error) {
	if err := b.may(who, caseID, false); err != nil {
		return nil, err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(b.outside), func(c playbook.Contact) bool { return c.Case != caseID }), nil
}

func (b *backoffice) NameOutside(_ context.Context, who review.Address, request, seat string, c playbook.Contact) (playbook.Contact, error) {
	r := b.desk.request(request)
	if r == nil {
		return c, notThere{"request"}
	}
	if err := b.may(who, r.Case, true); err != nil {
		return c, err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.fail != nil {
		return c, b.fail
	}
	b.note("name %s %s for %s", c.Name, c.Mail, seat)
	c.ID, c.Vendor, c.State, c.By = fmt.Sprintf("outside.%d", len(b.outside)+1), review.OutsideRole, playbook.ContactActive, who.ID
	c.Case, c.Process, c.Seat, c.Changed = r.Case, r.Process, seat, day(20)
	b.outside = append(b.outside, c)
	return c, nil
}

func (b *backoffice) EndOutside(_ context.Context, who review.Address, caseID, id string) error {
	if err := b.change(who, caseID, id, "end outside"); err != nil {
		return err
	}
	for i := range b.outside {
		if b.outside[i].ID == id {
			b.outside[i].State = playbook.ContactEnded
		}
	}
	return nil
}

func (b *backoffice) SaveDraft(_ context.Context, who review.Address, request string, fields []byte) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.note("draft %s %s", who.ID, request)
	b.drafts[who.ID+request] = bytes.Clone(fields)
	return b.fail
}

func (b *backoffice) DraftOf(_ context.Context, who review.Address, request string) ([]byte, time.Time, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	fields, ok := b.drafts[who.ID+request]
	if !ok {
		return nil, time.Time{}, notThere{"draft"}
	}
	return fields, today(), nil
}

// dpa adds the collection of a data processing agreement to the scene: asked of
// the vendor, and a checklist of what it delivered before, a PDF.
func (b *backoffice) dpa(d *recorder, source []byte) *review.Request {
	b.t.Helper()
	clauses, err := engagement.Split(source)
	if err != nil {
		b.t.Fatal(err)
	}
	file, text := d.put([]byte("%PDF-1.7 the agreement"), "application/pdf"), d.put(source, "text/plain; charset=utf-8")
	b.texts[file] = text
	b.readings[file] = engagement.Reading{Document: file, Media: "application/pdf", Text: text, Pages: 9, Words: 4000, Flags: []engagement.ReadingFlag{engagement.FlagComments}}
	c := d.cases[0]
	c.Processes = append(c.Processes, dossier.ProcessView{ID: "dpa/northwind/1", Parent: theCase, Started: day(16)})
	c.Documents = append(c.Documents, dossier.DocumentView{Process: "dpa/northwind/1", Name: "dpa", Version: 1, Document: file, Media: "application/pdf", By: "northwind.1", At: day(18)})
	seat := func(id, role, person string, via review.Via) (review.Policy, []review.Seating) {
		return review.Policy{Groups: []review.Group{{Rule: review.RuleAll, Seats: []review.Seat{{ID: id, Role: role}}}}},
			[]review.Seating{{Seat: id, Holders: []review.Holder{{Person: person, Via: via, Since: day(16)}}}}
	}
	ask := review.Request{ID: askID, Case: theCase, Process: "dpa/northwind/1", Step: "dpa-ask", Kind: review.Delivery, Title: "Send your data processing agreement", Owner: "ola", Vendor: "northwind",
		Filers: []string{"ola", "ria"}, Opened: day(16), Clocks: []review.Clock{{Opened: day(16), Due: day(26)}}}
	ask.Policy, ask.Seatings = seat("vendor", review.VendorRole, "northwind.1", review.ViaRole)
	check := review.Request{ID: checkID, Case: theCase, Process: "dpa/northwind/1", Step: "dpa-check", Kind: review.Checklist, Title: "Go through the data processing agreement", Owner: "ola", Vendor: "northwind", Browser: true,
		Document: "dpa", Versions: []review.Version{{Number: 1, Document: file, At: day(18)}}, Points: engagement.Propose(clauses), Opened: day(18), Clocks: []review.Clock{{Opened: day(18), Due: day(28)}}}
	check.Policy, check.Seatings = seat("data-protection", "data-protection", "dora", review.ViaRole)
	c.Requests = append(c.Requests, ask, check)
	return &c.Requests[len(c.Requests)-1]
}

// newSidedSite is a site whose owner looks after the vendor's people, with a
// checklist to be gone through.
func newSidedSite(t testing.TB, change ...func(*Options)) (*site, *backoffice) {
	t.Helper()
	b := newBackoffice(t)
	s := newSite(t, append([]func(*Options){func(o *Options) { o.VendorSide = b }}, change...)...)
	b.desk = s.desk
	b.dpa(s.desk, agreement(t))
	return s, b
}

// agreement is a real data processing agreement.
func agreement(t testing.TB) []byte {
	t.Helper()
	text, err := os.ReadFile("../../../shared/documents/data-processing-agreement.md")
	if err != nil {
		t.Fatal(err)
	}
	return text
}
