package web

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"gangway/internal/access"
	"gangway/internal/engagement"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

const (
	veraTicket = "veraticketaaaaaaaaaaaaaaa"
	deadTicket = "deadticketaaaaaaaaaaaaaaa"
	dpaTask    = "dpa/northwind/1:ask.1"
	oldTask    = "dpa/northwind/1:ask.0"
)

// frontdoor is a Portal in memory: strict about what it is asked, and it writes
// down what was done.
type frontdoor struct {
	t        testing.TB
	mu       sync.Mutex
	contacts map[string]playbook.Contact
	links    map[string]string // secret to contact
	sessions map[string]string
	tasks    []access.VendorTask
	uploads  map[string][]access.SentPaper // by contact and request
	drafts   map[string][]byte
	earlier  []access.Earlier
	sheets   []access.FilledSheet
	answers  []review.Answer
	did      []string
	fail     error
	refuse   review.Refusal
}

func newFrontdoor(t testing.TB) *frontdoor {
	f := &frontdoor{t: t, contacts: map[string]playbook.Contact{}, links: map[string]string{veraTicket: "northwind.1"}, sessions: map[string]string{}, uploads: map[string][]access.SentPaper{}, drafts: map[string][]byte{}}
	for id, name := range map[string]string{"northwind.1": "Vera Lindqvist", "northwind.2": "Olu Adeyemi"} {
		f.contacts[id] = playbook.Contact{ID: id, Vendor: "northwind", Name: name, Mail: strings.ToLower(name[:4]) + "@northwind.example", State: playbook.ContactActive}
		f.sessions["visit-"+id] = id
	}
	f.contacts["elsewhere.1"] = playbook.Contact{ID: "elsewhere.1", Vendor: "elsewhere", Name: "Eve Elsewhere", State: playbook.ContactActive}
	f.sessions["visit-elsewhere.1"] = "elsewhere.1"
	f.contacts["northwind.9"] = playbook.Contact{ID: "northwind.9", Vendor: "northwind", Name: "Gone Gary", State: playbook.ContactEnded}
	f.sessions["visit-northwind.9"] = "northwind.9"
	f.tasks = []access.VendorTask{
		{Request: dpaTask, Title: "Your data processing agreement", Ask: "Send the agreement under Art. 28 GDPR that you offer your customers, signed or ready to be signed.\nA PDF or a Word document is fine.",
			Asker: "Ola Nordmann", Phone: "+49 30 1234567", Asked: day(17), Due: day(27), Now: today(), State: access.TaskOpen, Others: []string{"Olu Adeyemi"}},
		{Request: oldTask, Title: "Your certificate of insurance", Ask: "Send the certificate.", Asker: "Ola Nordmann", Phone: "+49 30 1234567", Asked: day(3), Due: day(10), Now: today(), State: access.TaskAccepted,
			Deliveries: []access.Delivery{{Answer: "web-aaaaaaaaaaaaaaaaaaaaaaaaaa", At: day(9), By: "Vera Lindqvist", Papers: []access.SentPaper{{Name: "insurance.pdf", Reading: engagement.Reading{Document: digestOf("insurance"), Media: "application/pdf", Size: 1234, Pages: 2}}}}}},
	}
	f.earlier = []access.Earlier{{SentPaper: access.SentPaper{Name: "dpa-2025.pdf", Reading: engagement.Reading{Document: digestOf("dpa 2025"), Media: "application/pdf", Size: 90_000, Pages: 11, Words: 5200}}, Title: "Your data processing agreement", On: day(1)}}
	return f
}

func digestOf(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "sha256:" + hex.EncodeToString(sum[:])
}

// acts is what was done so far.
func (f *frontdoor) acts() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.did)
}

func (f *frontdoor) note(format string, args ...any) {
	f.did = append(f.did, fmt.Sprintf(format, args...))
}

func (f *frontdoor) PortalLook(_ context.Context, secret string) (access.Welcome, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if !isSecret(secret) {
		f.t.Errorf("the portal was asked about %q", secret)
	}
	c, ok := f.contacts[f.links[secret]]
	switch {
	case f.fail != nil:
		return access.Welcome{}, f.fail
	case secret == deadTicket:
		return access.Welcome{For: "Nobody", Client: "secret"}, nil // more than a desk says
	case !ok || c.State != playbook.ContactActive:
		return access.Welcome{}, notThere{"link"}
	}
	return access.Welcome{For: "Vera L.", Vendor: "Northwind Hosting", Client: "Harbour Bank", Asker: "Ola Nordmann", Phone: "+49 30 1234567", Opens: true}, nil
}

func (f *frontdoor) PortalEnter(_ context.Context, secret, device string) (string, time.Time, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	id, ok := f.links[secret]
	if !ok || f.contacts[id].State != playbook.ContactActive {
		return "", time.Time{}, notThere{"link"}
	}
	f.note("enter %s on %s", id, device)
	session := fmt.Sprintf("visit-%s-%d", id, len(f.sessions))
	f.sessions[session] = id
	return session, today().Add(12 * time.Hour), f.fail
}

func (f *frontdoor) PortalAgain(_ context.Context, secret, from string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if from == "" || !isSecret(secret) {
		f.t.Errorf("a new link was asked for %q from %q", secret, from)
	}
	f.note("again %s", secret)
	return f.fail
}

func (f *frontdoor) PortalIn(_ context.Context, session string) (playbook.Contact, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if errors.Is(f.fail, errDown) {
		return playbook.Contact{}, f.fail
	}
	c, ok := f.contacts[f.sessions[session]]
	if !ok {
		return c, notThere{"visit"}
	}
	return c, nil
}

func (f *frontdoor) PortalOut(_ context.Context, session string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.note("out %s", f.sessions[session])
	delete(f.sessions, session)
	return nil
}

// theirs is the index of a task of whoever asks.
func (f *frontdoor) theirs(who review.Address, request string) (int, error) {
	c, ok := f.contacts[who.ID]
	if who.Channel != "portal" || !ok {
		f.t.Errorf("the portal was asked as %+v", who)
	}
	i := slices.IndexFunc(f.tasks, func(t access.VendorTask) bool { return t.Request == request })
	if i < 0 || c.Vendor != "northwind" {
		return -1, notThere{"task"}
	}
	return i, nil
}

func (f *frontdoor) PortalTasks(_ context.Context, who review.Address) ([]access.VendorTask, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.contacts[who.ID].Vendor != "northwind" {
		return nil, nil
	}
	return slices.Clone(f.tasks), nil
}

func (f *frontdoor) PortalUpload(_ context.Context, who review.Address, request, name, declared string, r io.Reader) (engagement.Reading, error) {
	raw, err := io.ReadAll(r)
	if err != nil {
		return engagement.Reading{}, fmt.Errorf("receiving a document: %w", err)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if _, err := f.theirs(who, request); err != nil {
		return engagement.Reading{}, err
	}
	f.note("upload %s %s %d", who.ID, request, len(raw))
	found := engagement.Reading{Document: digestOf(string(raw)), Size: int64(len(raw)), Media: "text/plain; charset=utf-8", Words: len(bytes.Fields(raw)), At: today()}
	switch {
	case f.fail != nil:
		return engagement.Reading{}, f.fail
	case len(raw) == 0:
		found.Fault = engagement.FaultEmpty
	case strings.HasSuffix(name, ".docm"):
		found.Fault = engagement.FaultMacros
	case bytes.HasPrefix(raw, []byte("%PDF")):
		found.Media, found.Pages, found.Flags = "application/pdf", 3, []engagement.ReadingFlag{engagement.FlagUnreadable}
	}
	if found.Fault == "" {
		f.uploads[who.ID+request] = append(f.uploads[who.ID+request], access.SentPaper{Name: name, Reading: found})
	}
	return found, nil
}

func (f *frontdoor) PortalUploads(_ context.Context, who review.Address, request string) ([]access.SentPaper, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	_, err := f.theirs(who, request)
	return slices.Clone(f.uploads[who.ID+request]), err
}

func (f *frontdoor) PortalDrop(_ context.Context, who review.Address, request, digest string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.note("drop %s %s", who.ID, digest[:12])
	f.uploads[who.ID+request] = slices.DeleteFunc(f.uploads[who.ID+request], func(p access.SentPaper) bool { return p.Document == digest })
	return nil
}

func (f *frontdoor) Answer(_ context.Context, a review.Answer) (review.Outcome, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.note("answer %s %s %s", a.From.ID, a.Request, a.Verdict)
	if f.fail != nil {
		return review.Outcome{}, f.fail
	}
	i, err := f.theirs(a.From, a.Request)
	if err != nil || f.refuse != "" || f.tasks[i].State != access.TaskOpen {
		refusal := review.Answered
		if f.refuse != "" {
			refusal = f.refuse
		}
		return review.Outcome{Status: review.Refused, Refusal: refusal}, err
	}
	f.answers = append(f.answers, a)
	d := access.Delivery{Answer: a.ID, At: a.At, By: f.contacts[a.From.ID].Name}
	for _, digest := range a.Documents {
		j := slices.IndexFunc(f.uploads[a.From.ID+a.Request], func(p access.SentPaper) bool { return p.Document == digest })
		switch {
		case j >= 0:
			d.Papers = append(d.Papers, f.uploads[a.From.ID+a.Request][j])
		case digest == f.earlier[0].Document:
			d.Papers = append(d.Papers, f.earlier[0].SentPaper)
		default:
			f.t.Errorf("%s was never uploaded", digest)
		}
	}
	if t := f.tasks[i]; t.Sheet {
		sheet, err := engagement.FillSheet(t.Title, t.Points, a.Findings, a.Words)
		if err != nil {
			f.t.Errorf("what was filled in is no form: %v", err)
		}
		text, err := sheet.Encode()
		if err != nil {
			f.t.Errorf("what was filled in can't be kept: %v", err)
		}
		digest := digestOf(string(text))
		f.sheets = slices.Insert(f.sheets, 0, access.FilledSheet{Sheet: sheet, Digest: digest, Title: t.Title, On: today()})
		d.Papers = append(d.Papers, access.SentPaper{Reading: engagement.Reading{Document: digest, Size: int64(len(text)), Media: engagement.SheetMedia}})
	}
	f.tasks[i].State = access.TaskReceived
	f.tasks[i].Deliveries = append(slices.Clone(f.tasks[i].Deliveries), d)
	return review.Outcome{Status: review.Counted, Request: a.Request, Verdict: a.Verdict, At: a.At}, nil
}

func (f *frontdoor) Earlier(_ context.Context, who review.Address, request string) ([]access.Earlier, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	_, err := f.theirs(who, request)
	return f.earlier, err
}

func (f *frontdoor) PortalSheets(_ context.Context, who review.Address, request string) ([]access.FilledSheet, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	_, err := f.theirs(who, request)
	return slices.Clone(f.sheets), err
}

func (f *frontdoor) HandOn(_ context.Context, who review.Address, id, request, name, mail string) (playbook.Contact, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if !isNonce(id) || name == "" || !isMail(mail) {
		f.t.Errorf("handed on to %q %q under %q", name, mail, id)
	}
	if f.fail != nil {
		return playbook.Contact{}, f.fail
	}
	f.note("hand on %s %s to %s", who.ID, request, mail)
	c := playbook.Contact{ID: "northwind.3", Vendor: "northwind", Name: name, Mail: mail, State: playbook.ContactActive}
	if !strings.HasSuffix(mail, "@northwind.example") {
		c.State = playbook.ContactProposed
	}
	f.contacts[c.ID] = c
	return c, nil
}

func (f *frontdoor) NotMe(_ context.Context, who review.Address, id, request, suggestion string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.note("not me %s %s %q", who.ID, request, suggestion)
	c := f.contacts[who.ID]
	c.State = playbook.ContactEnded
	f.contacts[who.ID] = c
	return f.fail
}

func (f *frontdoor) AskBack(_ context.Context, who review.Address, id, request, text string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.note("ask %s %s %q", who.ID, request, text)
	return f.fail
}

func (f *frontdoor) VendorWithdraws(_ context.Context, who review.Address, id, request, why string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.note("withdraws %s %s %q", who.ID, request, why)
	return f.fail
}

func (f *frontdoor) SaveDraft(_ context.Context, who review.Address, request string, fields []byte) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.note("draft %s", who.ID)
	if fields == nil {
		delete(f.drafts, who.ID+request)
		return nil
	}
	f.drafts[who.ID+request] = bytes.Clone(fields)
	return nil
}

func (f *frontdoor) DraftOf(_ context.Context, who review.Address, request string) ([]byte, time.Time, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	fields, ok := f.drafts[who.ID+request]
	if !ok {
		return nil, time.Time{}, notThere{"draft"}
	}
	return fields, today(), nil
}
