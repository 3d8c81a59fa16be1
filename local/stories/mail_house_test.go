package stories

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"net/http"
	"slices"
	"strings"
	"testing"

	"gangway/config"
	"gangway/internal/arrivals"
	"gangway/internal/assembly"
	"gangway/internal/desk"
	"gangway/internal/dossier"
	"gangway/internal/mail/mailtest"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// Where answers come in, and the domain to which mails come back that could not be
// delivered.
const (
	replyAddress = "gangway@gangway.example"
	returnDomain = "bounces.gangway.example"
)

// Who the house writes to vendors for.
const (
	clientName  = "Northgate Housing"
	clientPhone = "+44 20 7946 0100"
)

// posted is a house whose people and whose vendors' people are reached by mail and
// answer by mail. Nobody may get a mail that the story does not speak of.
type posted struct {
	*house
	mail    *mailtest.Server
	address string
	people  map[string]*mailtest.Person
	nadia   *mailtest.Person // of the vendor
	opening *desk.Desk       // opens cases by the playbooks of shelf
	calls   *cast            // to the web's API
}

// newPosted opens one with the example's people. Of whom the story is not about
// nobody looks at the mail.
func newPosted(t *testing.T, about ...string) *posted { return postedOn(t, ground{}, about...) }

func postedOn(t *testing.T, g ground, about ...string) *posted {
	t.Helper()
	server := mailtest.Open(t, mailtest.Options{Inbox: replyAddress, Catch: []string{returnDomain}, Largest: 30 << 20})
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatalf("listening for the inbox: %v", err)
	}
	p := &posted{mail: server, address: "http://" + l.Addr().String(), people: map[string]*mailtest.Person{}}
	change := g.options
	g.options = func(o *assembly.Options) {
		o.Address = p.address
		mailInto(o, server.Host(), server.Port(), server.IMAPPort(), server.Password())
		o.LookupTXT = server.LookupTXT
		if change != nil {
			change(o)
		}
	}
	p.house = houseOn(t, g)
	p.opening = desk.New(p.Archive, p.client, shelf{}, unsealed{}, desk.Options{Log: quiet(), PickPerson: true})
	p.calls = &cast{t: t, web: l.Addr().(*net.TCPAddr).Port}
	inbox := &http.Server{Handler: p.Web, ReadHeaderTimeout: patience}
	served := make(chan struct{})
	go func() { defer close(served); _ = inbox.Serve(l) }() //nolint:errcheck // it ends with Close
	t.Cleanup(func() { _ = inbox.Close(); <-served })
	p.settle(about)
	return p
}

// mailInto lets a house send and read mail.
func mailInto(o *assembly.Options, host string, smtp, imap int, password string) {
	o.Mail = config.Mail{From: replyAddress, Bounces: returnDomain, SMTP: config.SMTP{Host: host, Port: smtp, TLS: "none"},
		Inbox: config.Inbox{Host: host, Port: imap, TLS: "none", User: replyAddress, Password: config.Opened(password),
			Mailbox: "INBOX", Processed: "Processed", Quarantine: "Quarantine", Address: replyAddress, Trust: config.TrustDKIM}}
	o.Client = config.Client{Name: clientName, Phone: clientPhone}
}

// settle gives everybody a mailbox.
func (p *posted) settle(about []string) {
	p.t.Helper()
	list, err := config.ReadPeople("people.yaml", example(p.t, "people.yaml"))
	if err != nil {
		p.t.Fatalf("reading the example's people: %v", err)
	}
	for _, one := range list.List {
		p.people[one.ID] = p.mail.Person(one.Name, one.Mail)
		if !slices.Contains(about, one.ID) {
			p.mail.Whatever(one.Mail)
		}
	}
	p.nadia = p.mail.Person("Nadia Rahman", "nadia@brightwell.example")
}

// shelf is the playbooks of these stories.
type shelf struct{ shipped }

// Playbook finds one.
func (s shelf) Playbook(name string) (playbook.Playbook, []byte, error) {
	text := []byte(map[string]string{"collecting": collectingBook, "looking": lookingBook}[name])
	pb, err := s.Read(text)
	return pb, text, err
}

const bookHead = `title: A story
hours: {zone: Europe/London, week: Mon-Fri 09:00-17:30, holidays: england-and-wales}
roles: [service-owner, sponsor, finance, legal, security, data-protection, it]
data: [none, personal, special-category, payment]
tiers: [{tier: 2}]
chores: {due: 3 working days, remind: [1 working day, 2 working days], backup: 4 working days, manager: 5 working days}
`

// collectingBook collects an agreement: ruth goes through it, jonas signs it off.
const collectingBook = "name: collecting\n" + bookHead + `stages: [contract]
dpa-when: {data: [personal, special-category]}
steps:
  - id: review
    process: contract
    kind: decision
    title: Contract review
    seats: [{id: legal, role: legal, mandatory: true}]
    due: 5 working days
  - id: dpa
    process: dpa
    kind: delivery
    title: Data processing agreement
    ask: Send the data processing agreement that you use, signed on your side, as a PDF or a Word document.
    seats: [{id: vendor, role: "@vendor", mandatory: true}]
    due: 5 working days
    remind: [2 working days, 4 working days, 7 working days]
    owner: 8 working days
  - id: dpa-points
    process: dpa
    kind: checklist
    title: Go through the agreement
    ask: Find for each point where the agreement says it.
    seats: [{id: data-protection, role: data-protection, mandatory: true, minutes: 45}]
    due: 5 working days
    remind: [2 working days]
    owner: 7 working days
  - id: dpa-sign
    process: dpa
    kind: decision
    title: Sign the agreement off
    ask: Read what was found and say whether the agreement will do.
    seats: [{id: legal, role: legal, mandatory: true, minutes: 15}]
    due: 5 working days
    remind: [2 working days]
    owner: 7 working days
`

// lookingBook is a step that jonas and daniel answer.
const lookingBook = "name: looking\n" + bookHead + `stages: [looks]
steps:
  - id: look
    stage: looks
    kind: decision
    title: Is it good enough?
    ask: Look at what there is and say whether it will do.
    groups:
      - name: who looks
        rule: all
        seats:
          - {id: legal, role: legal, mandatory: true}
          - {id: security, role: security, mandatory: true}
    due: 3 working days
    remind: [1 working day, 2 working days]
    backup: 4 working days
    owner: 5 working days
`

// intake is the example's, under a name of the story's own; empty: the example's.
func (p *posted) intake(book, name string) playbook.Intake {
	p.t.Helper()
	v, err := config.ReadIntake("vendor.yaml", example(p.t, "vendor.yaml"))
	if err != nil {
		p.t.Fatalf("reading the example's vendor: %v", err)
	}
	i := v.Intake
	i.ID, i.From, i.Rehearsal, i.Playbook = "intake-"+freshID(), as("tom"), true, book
	i.Deputy, i.Contract = "", ""
	if name != "" {
		i.Vendor.Slug, i.Vendor.Name = name, "Vendor "+name
	}
	return i
}

// looks opens a case in which something is looked at.
func (p *posted) looks(name string) *onboarding {
	p.t.Helper()
	id, err := p.opening.Open(context.Background(), p.intake("looking", name))
	if err != nil {
		p.t.Fatalf("opening a case: %v", err)
	}
	return &onboarding{h: p.house, id: id}
}

// collects opens the collection of an agreement, of which maya is the owner.
func (p *posted) collects() *onboarding {
	p.t.Helper()
	id, err := p.opening.OpenDPA(context.Background(), p.intake("collecting", "").Collection())
	if err != nil {
		p.t.Fatalf("opening a collection: %v", err)
	}
	return &onboarding{h: p.house, id: id}
}

// get calls the web's API as somebody.
func (p *posted) get(path, person string, out any) {
	p.t.Helper()
	if !p.calls.insist(context.Background(), http.MethodGet, path, person, nil, out) {
		p.t.Fatalf("%s as %s", path, person)
	}
}

// answers sends an answer over the web's API; it must count.
func (p *posted) answers(person string, f review.Form) {
	p.t.Helper()
	f.ID = "cli-" + freshID()
	var out review.Outcome
	if !p.calls.insist(context.Background(), http.MethodPost, "/api/answer", person, f, &out) || out.Status != review.Counted {
		p.t.Fatalf("%s answers %s to %s: %+v", person, f.Verdict, f.Request, out)
	}
}

// came are the mails of a case as its owner sees them, in the order in which they
// were settled.
func (o *onboarding) came() []arrivals.Arrival {
	o.h.t.Helper()
	all, err := o.h.Archive.Arrivals(context.Background(), "case", o.id, 1000)
	if err != nil {
		o.h.t.Fatalf("reading what mails came: %v", err)
	}
	return slices.DeleteFunc(all, func(a arrivals.Arrival) bool { return a.State != arrivals.Settled })
}

// comes waits until a number of mails of the case are settled, and returns the
// newest.
func (o *onboarding) comes(n int) arrivals.Arrival {
	o.h.t.Helper()
	var all []arrivals.Arrival
	if !within(patience, func() bool { all = o.came(); return len(all) >= n }) || len(all) > n {
		o.h.t.Fatalf("%d mails came, want %d: %+v\n%s", len(all), n, all, describe(o.view()))
	}
	slices.SortStableFunc(all, func(a, b arrivals.Arrival) int { return a.Done.Compare(b.Done) })
	return all[n-1]
}

// wantArrival asserts what a mail turned out to be.
func wantArrival(t *testing.T, a arrivals.Arrival, kind arrivals.Kind, why ...arrivals.Why) {
	t.Helper()
	if a.Kind != kind || !slices.Equal(a.Why, why) {
		t.Errorf("the mail is %s because of %q (%s), want %s because of %q", a.Kind, a.Why, a.Outcome, kind, why)
	}
}

// hasBallots asserts that a step has so many answers.
func (o *onboarding) hasBallots(step string, n int) {
	o.h.t.Helper()
	if r := o.newest(step); len(r.Ballots) != n {
		o.h.t.Errorf("%s has the answers %q, want %d", step, ballots(o.h.t, r), n)
	}
}

// filedMails wants every mail of the case in its dossier, byte for byte. The last may
// still lie in the inbox: it is moved once it is settled.
func (o *onboarding) filedMails(v dossier.CaseView, server *mailtest.Server) {
	o.h.t.Helper()
	zip := o.verified(v)
	for _, a := range o.came() {
		name := "data/documents/" + strings.TrimPrefix(a.Raw, "sha256:")
		raw, found := member(o.h.t, zip, name)
		switch {
		case !found:
			o.h.t.Errorf("the dossier lacks the mail %s (%s)", name, a.Kind)
		case !slices.ContainsFunc(slices.Concat(server.In("INBOX"), server.In("Processed"), server.In("Quarantine")), func(m mailtest.Mail) bool { return bytes.Contains(raw, bytes.TrimSpace(m.Raw)) }):
			o.h.t.Errorf("the mail %s in the dossier is none of those that were sent", name)
		}
	}
}

// pdf draws lines of text as a PDF of one font, forty lines a page.
func pdf(text string) []byte {
	var pages [][]string
	for lines := range slices.Chunk(strings.Split(strings.TrimSpace(text), "\n"), 40) {
		pages = append(pages, lines)
	}
	objects := []string{"<</Type/Catalog/Pages 2 0 R>>", "", "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>"}
	var kids strings.Builder
	for _, lines := range pages {
		n := len(objects) + 1
		fmt.Fprintf(&kids, "%d 0 R ", n)
		var drawn strings.Builder
		for i, line := range lines {
			fmt.Fprintf(&drawn, "BT /F1 9 Tf 1 0 0 1 40 %d Tm (%s) Tj ET\n", 800-14*i, strings.NewReplacer(`\`, `\\`, "(", `\(`, ")", `\)`).Replace(line))
		}
		objects = append(objects,
			fmt.Sprintf("<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F1 3 0 R>>>>/Contents %d 0 R>>", n+1),
			fmt.Sprintf("<</Length %d>>\nstream\n%s\nendstream", drawn.Len(), drawn.String()))
	}
	objects[1] = fmt.Sprintf("<</Type/Pages/Count %d/Kids[%s]>>", len(pages), kids.String())
	var b bytes.Buffer
	b.WriteString("%PDF-1.4\n")
	var places strings.Builder
	for i, o := range objects {
		fmt.Fprintf(&places, "%010d 00000 n \n", b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	start := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n%strailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n", len(objects)+1, places.String(), len(objects)+1, start)
	return b.Bytes()
}

// pdfFile is a PDF as somebody attaches it.
func pdfFile(name, text string) mailtest.File {
	return mailtest.File{Name: name, Kind: "application/pdf", Bytes: pdf(text)}
}
