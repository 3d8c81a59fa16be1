package mail

import (
	"context"
	"fmt"
	"time"

	"gangway/internal/outbox"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// outside is what every mail to somebody of a vendor says of who writes: they
// have no account here and no reason to trust a mail.
type outside struct {
	Client  string
	Vendor  string
	Asker   string // the case's owner
	Phone   string // where they are reached; empty: nobody said
	Genuine string // the page on how to check that a mail is genuine
	// Reader: they are of neither side, and read a document for the client.
	Reader bool
	// Receiver: they are of the vendor who takes over from Vendor.
	Receiver bool
}

// OnPage reports whether they answer on the page alone, and hand nothing on.
func (o *outside) OnPage() bool { return o.Reader || o.Receiver }

// outsider reads who asks.
func (w *composer) outsider(ctx context.Context, l outbox.Letter) (*outside, error) {
	v, err := w.view(ctx, l.Case)
	if err != nil {
		return nil, err
	}
	owner, err := w.person(ctx, v.Owner)
	if err != nil {
		return nil, err
	}
	o := outside{Client: w.o.Client, Asker: textLine(owner.Name, maxName), Phone: owner.Phone, Genuine: w.o.Address + "/portal/genuine"}
	if o.Phone == "" {
		o.Phone = w.o.Phone
	}
	o.Reader = w.who.Employer == review.OutsideRole
	o.Receiver = !o.Reader && w.who.Employer != v.Vendor
	o.Vendor, err = w.vendor(ctx, v.Vendor)
	return &o, err
}

// missing is what the client wrote to the vendor with this request. It is the one
// text of a person that a mail to a vendor carries: it was written to be sent.
func (w *composer) missing(ctx context.Context, r *review.Request) (string, error) {
	id := r.VendorText
	if id == "" {
		id = r.AskText
	}
	if id == "" || w.c.outside != nil && w.c.outside.Receiver { // it was written to another vendor
		return "", nil
	}
	line, filed, err := w.o.Store.AnswerLine(ctx, id)
	if err != nil {
		return "", fmt.Errorf("looking for what a vendor is told: %w", err)
	}
	if filed {
		if line.Body == nil { // erased by rule, or nothing was written
			return "", nil
		}
		return textBlock(line.Body.Vendor, maxMissing), nil
	}
	text, _, err := w.o.Store.Text(ctx, id)
	if err != nil {
		return "", fmt.Errorf("looking for the text that a vendor is told: %w", err)
	}
	return textBlock(text.Vendor, maxMissing), nil
}

// maxMissing is how many characters of a text to a vendor a mail shows.
const maxMissing = 8000

// remindersOf counts how often somebody was reminded of a request until then.
func remindersOf(r *review.Request, person string, until time.Time) int {
	n := 0
	for _, t := range r.Told {
		if t.Person == person && t.Why == playbook.WhyReminder && !t.At.After(until) {
			n++
		}
	}
	return n
}

// outcomeOutside says to somebody of a vendor that a request is over, and nothing
// of why inside.
func outcomeOutside(r *review.Request, person, client string) string {
	if r.Closed.State != review.Met || r.Closed.Why == "withdrawn" {
		return "This is no longer needed. Please send nothing more for it."
	}
	for _, b := range r.Ballots {
		if b.TakenBack || b.Void {
			continue
		}
		switch {
		case b.ForVendor || !vendorsBallot(r, b):
			return client + " has it from elsewhere. Nothing more is needed from you."
		case b.Person != person:
			return "A colleague of yours has delivered it. Nothing more is needed from you."
		}
	}
	return "It has arrived. " + client + " looks through it and writes again if something is missing."
}

// vendorsBallot reports whether the vendor's own people gave an answer.
func vendorsBallot(r *review.Request, b review.Ballot) bool {
	seat, _, known := r.Seat(b.Seat)
	return !known || seat.Role == review.VendorRole
}

// vendorSeats are the people of the vendor whom a request was asked of.
func vendorSeats(r *review.Request) []string {
	var people []string
	for _, s := range r.Seatings {
		seat, _, found := r.Seat(s.Seat)
		if !found || seat.Role != review.VendorRole {
			continue
		}
		for _, h := range s.Holders {
			if !h.Off {
				people = append(people, h.Person)
			}
		}
	}
	return people
}

// urgency is how a mail to a vendor begins, the more pressing the more often it
// was asked: 0 is the first time, and every reminder adds one.
func (c *content) urgency() (title, lead string) {
	o, most, late, missing := c.outside, 0, false, false
	for _, it := range c.items {
		most, late, missing = max(most, it.reminders), late || it.Overdue, missing || it.Missing != ""
	}
	if c.kind == outbox.Reminder {
		most = max(most, 1)
	}
	switch {
	case most == 0 && o.Reader:
		return o.Client + " asks you to read a document", o.Client + " asks you, who are of neither side, to read its contract with " + o.Vendor + " and to say what you think of it. The link below is yours alone: it opens this document and nothing else."
	case most > 0 && o.Reader:
		title, lead = "A reminder from "+o.Client, "Your answer about the contract with "+o.Vendor+" has not arrived yet. Perhaps the request only slipped through."
	case most == 0 && o.Receiver:
		return o.Client + " asks you to take something over", o.Client + " asks you for what follows, which you take over from " + o.Vendor + ". The link below is yours alone: it opens what you receive and nothing else."
	case most > 0 && o.Receiver:
		title, lead = "A reminder from "+o.Client, "What follows, which you take over from "+o.Vendor+", has not arrived yet. Perhaps the request only slipped through."
	case most == 0 && missing:
		return "Something is still missing", "Thank you for what you sent. " + o.Client + " has looked through it, and this is still missing."
	case most == 0:
		return o.Client + " asks you for something", o.Client + " asks " + o.Vendor + " for what follows, and you were named as the person for it."
	case most == 1:
		title, lead = "A reminder from "+o.Client, "What follows has not arrived yet. Perhaps it only slipped through."
	case most == 2:
		title, lead = "Second reminder from "+o.Client, "What follows has still not arrived, and the work waits for it. If something is unclear, or somebody else should do it, please say so: one line is enough."
	default:
		title = fmt.Sprintf("Urgent: %s still waits for you", o.Client)
		lead = fmt.Sprintf("This is reminder %d. Without what follows the work between %s and %s cannot go on. If you cannot send it, please say today why, and by when you can.", most, o.Client, o.Vendor)
	}
	if late {
		lead += " It should have been there already."
	}
	return title, lead
}

// outsideSubject is what a mail to a vendor is called. It says who asks for what
// and by when, and nothing of the case: its id says what the client is about.
func (c *content) outsideSubject() string {
	first := c.items[0]
	what := shorten(first.Title, 70)
	if n := len(c.items) + c.more; n > 1 {
		what = fmt.Sprintf("%s and %d more", what, n-1)
	}
	head := shorten(c.outside.Client, 50) + ": "
	if c.rehearsal {
		head = "Rehearsal: " + head
	}
	switch {
	case c.isFarewell() && first.why == playbook.WhyReleased:
		return head + "nothing more is asked of you"
	case c.isFarewell():
		return head + "how it ended"
	}
	if c.kind == outbox.Outcome {
		return head + what + ": nothing more to do for now"
	}
	most := 0
	for _, it := range c.items {
		most = max(most, it.reminders)
	}
	if c.kind == outbox.Reminder {
		most = max(most, 1)
	}
	switch {
	case most == 0 && first.Missing != "":
		what = "still missing for " + what
	case most == 1:
		head = "Reminder: " + head
	case most == 2:
		head = "Second reminder: " + head
	case most > 2:
		head = "Urgent: " + head
	}
	switch {
	case first.Overdue:
		what += ", overdue since " + shortDay(first)
	case first.Due != "":
		what += ", by " + shortDay(first)
	}
	return head + what
}
