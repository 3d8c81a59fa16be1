package main

import (
	"context"
	"fmt"
	"io/fs"
	"slices"
	"time"

	"gangway/config"
	"gangway/internal/mail/mailtest"
	"gangway/internal/outbox"
	"gangway/local/demo"
)

// wordDocument is the media type of what the vendor sends.
const wordDocument = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

// invite gives everybody what they answer with: a session in the browser, a place in
// Slack, a mailbox.
func (r *rehearsal) invite(ctx context.Context) error {
	next, err := fs.ReadFile(config.Example(), "contract-v2.md")
	if err != nil {
		return fmt.Errorf("opening the example's second version: %w", err)
	}
	err = r.correspond()
	if err != nil {
		return err
	}
	manners := []struct {
		id     string
		manner demo.Manner
	}{
		{owner, demo.Owner{Next: next, VendorTakes: 2}},
		{"ravi", demo.Late{Days: 2}}, {"claire", demo.Late{Days: 9}}, {"daniel", demo.Late{Days: 1}},
		{"sam", demo.Checker{Today: func() time.Time { return r.today }}},
	}
	for _, m := range manners {
		p := &demo.Person{ID: m.id, Manner: m.manner, Tell: r.tell}
		err := p.Arrive(ctx, r.place.url)
		if err != nil {
			return fmt.Errorf("signing %s in: %w", m.id, err)
		}
		r.people = append(r.people, p)
	}
	for _, m := range []*demo.Member{
		{Name: "Helen Marsh", Habit: demo.Agree(0)}, {Name: "Jonas Keller", Habit: demo.ReadTwice}, {Name: "Ruth Evans", Habit: demo.StepAside},
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

// correspond gives those a mailbox who answer out of it: the vendor's account manager,
// and a reviewer of ours, who approves by reply what can be and signs in for the rest.
func (r *rehearsal) correspond() error {
	text, err := fs.ReadFile(config.Example(), "dpa.md")
	if err != nil {
		return fmt.Errorf("opening the example's agreement: %w", err)
	}
	agreement, err := demo.Word(string(text))
	if err != nil {
		return fmt.Errorf("writing the vendor's agreement: %w", err)
	}
	server := r.place.post
	r.people = append(r.people,
		&demo.Correspondent{Mailbox: server.Person("Nadia Rahman", "nadia@brightwell.example"), Tell: r.tell,
			Way: &demo.Supplier{Agreement: &mailtest.File{Name: "data-processing-agreement.docx", Kind: wordDocument, Bytes: agreement}, Takes: 2}},
		&demo.Correspondent{Mailbox: server.Person("Daniel Brooks", "daniel@northgate.example"), Tell: r.tell, Way: demo.ByReply{}})
	return nil
}

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
