package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"gangway/internal/mail/mailtest"
	"gangway/internal/outbox"
	"gangway/local/demo"
)

// wordDocument is the media type of what the vendor sends.
const wordDocument = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

// What of the vendor's is at GitHub.
const (
	vendorLogin      = "nadia-rahman"
	vendorKey        = "brightwell nightly export"
	vendorOwner      = "brightwell"
	vendorRepository = "payroll-scripts"
)

// invite gives everybody what they answer with: a session in the browser, a place in
// Slack, a mailbox.
func (r *rehearsal) invite(ctx context.Context) error {
	next, err := example("contract-v2.md")
	if err != nil {
		return err
	}
	err = r.correspond()
	if err != nil {
		return err
	}
	for _, m := range []struct {
		id     string
		manner demo.Manner
	}{
		{owner, demo.Owner{Next: next, VendorTakes: 2}},
		{"ravi", demo.Late{Days: 2}}, {"claire", demo.Late{Days: 9}}, {"daniel", demo.Late{Days: 1}}, {"ines", demo.Late{Days: 2}},
		{"sam", demo.Prompt{}}, {"jonas", nil}, // who answers in Slack what Slack takes
	} {
		p := &demo.Person{ID: m.id, Manner: demo.Clerk{Else: m.manner, Knows: r.knows(), Places: places(), Today: r.now}, Tell: r.tell}
		err := p.Arrive(ctx, r.place.url)
		if err != nil {
			return fmt.Errorf("signing %s in: %w", m.id, err)
		}
		r.people = append(r.people, p)
	}
	for _, m := range []*demo.Member{
		{Name: "Helen Marsh", Habit: demo.Agree(0)}, {Name: "Jonas Keller", Habit: demo.ReadTwice}, {Name: "Ruth Evans", Habit: r.aside},
	} {
		m.Slack, m.Tell = r.place.workspace.server, r.tell
		err := m.Arrive()
		if err != nil {
			return err
		}
		r.people = append(r.people, m)
	}
	return nil
}

func (r *rehearsal) now() time.Time { return r.today }

// aside is how somebody answers whose brother is at the vendor: not in anything that is
// agreed with that one, and nothing of their exit; the vendor who comes after is none of it.
func (r *rehearsal) aside(card string, days int) (press string, write map[string]string, say string) {
	switch {
	case strings.Contains(card, successorName):
		return demo.Agree(0)(card, days)
	case r.exit != "":
		return "Declare a conflict", map[string]string{"words": "My brother is a director of the vendor."}, "declares a conflict of interest"
	}
	return demo.StepAside(card, days)
}

// places are where the client's people find what they look for: in the contract what
// outlives it, in the vendor's certificate what it has to say; they name these where no
// search proposes a place.
func places() []demo.Known {
	return []demo.Known{{Asked: "Confidentiality", Says: "7"}, {Asked: "Who owns what was made", Says: "2"}, {Asked: "Liability", Says: "11"}, {Asked: "Audit", Says: "8"},
		{Asked: "Hiring each other", Says: "6"}, {Asked: "Records", Says: "14"}, {Asked: "Data protection", Says: "9"},
		{Asked: "What was deleted", Says: "1"}, {Asked: "On which systems", Says: "2"}, {Asked: "By which method", Says: "3"}, {Asked: "Who signed", Says: "7"},
		{Asked: "On which day", Says: "4"}, {Asked: "The others, too", Says: "5"}, {Asked: "Backups", Says: "6"}}
}

// correspond gives those a mailbox who answer out of it: the account managers of both
// vendors, and a reviewer of ours, who approves by reply what can be and signs in for the
// rest.
func (r *rehearsal) correspond() error {
	text, err := example("dpa.md")
	if err != nil {
		return err
	}
	server := r.place.post
	for _, v := range []struct{ name, mail, vendor string }{{"Nadia Rahman", "nadia@brightwell.example", "Brightwell"}, {"Omar Haddad", "omar@calder.example", "Calder"}} {
		agreement, err := demo.Word(strings.ReplaceAll(string(text), "Brightwell", v.vendor))
		if err != nil {
			return fmt.Errorf("writing the vendor's agreement: %w", err)
		}
		r.people = append(r.people, &demo.Correspondent{Mailbox: server.Person(v.name, v.mail), Tell: r.tell,
			Way: &demo.Supplier{Agreement: &mailtest.File{Name: "data-processing-agreement.docx", Kind: wordDocument, Bytes: agreement}, Takes: 2,
				Today: r.now, Knows: theyKnow()}})
	}
	r.people = append(r.people, &demo.Correspondent{Mailbox: server.Person("Daniel Brooks", "daniel@northgate.example"), Tell: r.tell, Way: demo.ByReply{}})
	return nil
}

// What the vendor sends when they are left: the data of the last run, and the certificate
// of their deletion.
const (
	payrollData         = "employee;month;gross;net\n1001;2027-03;2850.00;2214.50\n1002;2027-03;3120.00;2390.10\n"
	deletionCertificate = `1. Scope. We delete data of the client: all personal data of its employees that we held, all of them, from the first run to the last.

2. Systems. They were deleted on every server and system: the payroll server, the archive and the test environment.

3. Method. The disks were overwritten by the method Clear of NIST SP 800-88.

4. Date. The data were deleted on the date of this certificate.

5. Sub-processors. Our only sub-processor, the printing company, deleted what it had on the same day.

6. Backups. No backup is left; the last one ran out by its retention before this day.

7. Signed by Nadia Rahman, account manager and officer, on behalf of Brightwell Payroll Ltd.
`
)

// reached reports whether everything that was sent has reached its people, and what
// they wrote us: cards in Slack are as the record says, or nearly (copies are brought
// to their state a moment after it changed), no letter is due, no mail lies unread.
func (r *rehearsal) reached(ctx context.Context) (bool, error) {
	due, err := r.place.house.Archive.Postings(ctx, time.Now().Add(time.Minute), 1000)
	if err != nil {
		return false, fmt.Errorf("looking whether cards are shown: %w", err)
	}
	if slices.ContainsFunc(due, func(p outbox.Posting) bool { return p.Kind == outbox.Card && p.Wanted > p.Shown }) {
		return false, nil
	}
	letters, err := r.place.house.Archive.Letters(ctx, outbox.Which{By: outbox.ByDue, Now: time.Now()})
	if err != nil {
		return false, fmt.Errorf("looking whether letters are sent: %w", err)
	}
	return len(letters) == 0 && len(r.place.post.In("INBOX")) == 0, nil
}
