package desk

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"golang.org/x/net/publicsuffix"

	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/outbox"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// HandOn gives a task to a colleague, who then may answer it as well. Somebody of
// the same organisation's domain is asked at once; anybody else waits until the
// case owner confirms them. The same id again changes nothing.
func (r reception) HandOn(ctx context.Context, who review.Address, id, request, name, mail string) (playbook.Contact, error) {
	var none playbook.Contact
	c, q, err := r.task(ctx, who, request)
	if err != nil {
		return none, err
	}
	err = checkID(id)
	if err != nil {
		return none, err
	}
	if q.Closed != nil {
		return none, invalid("there is nothing left to do", "this is no longer asked for")
	}
	if q.Vendor != c.Vendor { // the plan names who receives
		return none, invalid("ask the one who wrote to you", "this is yours by name, and not handed on from here")
	}
	if wait := r.hands.take(c.ID, r.desk.now()); wait > 0 {
		return none, limitedError{after: wait, hint: "you named many people today; ask the one who wrote to you, or try again tomorrow"}
	}
	state := playbook.ContactProposed
	if sameOrganisation(c.Mail, mail) && !r.hasEnded(ctx, c.Vendor, mail) {
		state = playbook.ContactActive
	}
	to, err := r.desk.roster.name(ctx, engagement.Contact{Name: name, Mail: mail}, c.Vendor, q.Case, c.ID, state)
	switch {
	case err != nil:
		return none, err
	case to.ID == c.ID:
		return none, invalid("name somebody else", "this is your own address")
	case to.State != playbook.ContactActive:
		return to, r.say(ctx, who, review.Note{ID: id, Kind: review.NoteContact, Case: q.Case, Request: request, Person: to.ID, Reason: string(to.State)}, c, outbox.WhyProposed)
	}
	return to, r.desk.passOn(ctx, id, *q, c, to)
}

// hasEnded reports whether the address is that of a contact who ended: only the
// client's side brings them back.
func (r reception) hasEnded(ctx context.Context, vendor, mail string) bool {
	list, err := r.desk.store.ContactsBy(ctx, normal(mail))
	for _, c := range list {
		if c.Vendor == vendor && c.State == playbook.ContactEnded {
			return true
		}
	}
	return err != nil
}

// passOn seats a colleague beside the contact, as anybody's delegation does.
func (d *Desk) passOn(ctx context.Context, id string, q review.Request, from, to playbook.Contact) error {
	me, revision, err := d.contactPerson(ctx, from.ID)
	if err != nil {
		return err
	}
	they, _, err := d.contactPerson(ctx, to.ID)
	if err != nil {
		return err
	}
	view, err := d.store.Case(ctx, q.Case)
	if err != nil {
		return fmt.Errorf("looking up the case of what is handed on: %w", err)
	}
	now := d.now()
	if q.Holds(vendorSeat(&q, from.ID, view.Now(now)), to.ID, view.Now(now)) {
		return nil
	}
	a := review.Act{ID: id, Kind: review.Delegate, Process: q.Process, Request: q.ID, Seat: vendorSeat(&q, from.ID, view.Now(now)), Person: me.Record(revision), To: they.Record(revision),
		Until: view.Now(now).AddDate(maxYears/2, 0, 0).UTC(), Channel: front, At: now.UTC()}
	out, known, err := d.store.Receipt(ctx, id)
	if err != nil {
		return BusyError{fmt.Errorf("looking whether it was handed on before: %w", err)}
	}
	if !known {
		payload, err := json.Marshal(a)
		if err != nil {
			return fmt.Errorf("packing what is handed on: %w", err)
		}
		out, err = d.deliver(ctx, review.Queued{ID: a.ID, Process: a.Process, Act: true, Person: from.ID, Request: q.ID, Payload: payload, At: now})
		if err != nil {
			return err
		}
	}
	if out.Status == review.Refused {
		return invalid("ask the one who wrote to you", "it could not be handed on: %s", out.Refusal.Sentence())
	}
	return nil
}

// handOver hands on to somebody, now a contact, what the colleague who named them
// still holds in the case.
func (d *Desk) handOver(ctx context.Context, caseID string, to playbook.Contact) error {
	from, err := d.store.Contact(ctx, to.By)
	if isNotFound(err) || err == nil && from.State != playbook.ContactActive {
		return nil // who named them is the client's, or left: vacant seats are filled anyhow
	}
	if err != nil {
		return fmt.Errorf("looking up who named a contact: %w", err)
	}
	view, err := d.store.Case(ctx, caseID)
	if err != nil {
		return fmt.Errorf("looking up what is to be handed on: %w", err)
	}
	now := view.Now(d.now())
	for _, q := range view.Requests {
		if q.Closed != nil || vendorSeat(&q, from.ID, now) == "" {
			continue
		}
		err = d.passOn(ctx, "confirmed-"+to.ID+"-"+q.ID, q, from, to)
		var said InputError
		if err != nil && !errors.As(err, &said) { // refused: answered meanwhile
			return err
		}
	}
	return nil
}

// NotMe ends the contact who asks: they are the wrong person. What they held is
// asked of the vendor's other contacts, or else waits for the case owner, who is
// told, with whom the contact suggests.
func (r reception) NotMe(ctx context.Context, who review.Address, id, request, suggestion string) error {
	c, q, err := r.task(ctx, who, request)
	if err != nil {
		return err
	}
	n := review.Note{ID: id, Kind: review.NoteContact, Case: q.Case, Request: request, Person: c.ID, Reason: string(playbook.ContactEnded), Text: review.Text{Inside: suggestion}}
	err = r.say(ctx, who, n, c, outbox.WhyNotMe)
	if err != nil {
		return err
	}
	return r.desk.roster.end(ctx, c, c.ID)
}

// AskBack asks the case owner something: a comment on the request.
func (r reception) AskBack(ctx context.Context, who review.Address, id, request, text string) error {
	c, q, err := r.task(ctx, who, request)
	if err != nil {
		return err
	}
	if strings.TrimSpace(text) == "" {
		return invalid("write what you want to know", "the question is empty")
	}
	return r.say(ctx, who, review.Note{ID: id, Kind: review.NoteComment, Case: q.Case, Request: request, Text: review.Text{Inside: text}}, c, outbox.WhyAskedBack)
}

// VendorWithdraws tells the case owner that the vendor withdraws, and why. A contact's
// word ends no case: the owner does, or doesn't.
func (r reception) VendorWithdraws(ctx context.Context, who review.Address, id, request, why string) error {
	c, q, err := r.task(ctx, who, request)
	if err != nil {
		return err
	}
	if q.Vendor != c.Vendor {
		return invalid("ask the one who wrote to you", "there is nothing to withdraw from here")
	}
	if strings.TrimSpace(why) == "" {
		return invalid("write why you withdraw", "the reason is empty")
	}
	view, err := r.desk.store.Case(ctx, q.Case)
	if err != nil {
		return BusyError{fmt.Errorf("looking up the case that a vendor withdraws from: %w", err)}
	}
	if view.State != dossier.Running {
		return invalid("ask the one who wrote to you", "there is nothing left to withdraw from here")
	}
	return r.say(ctx, who, review.Note{ID: id, Kind: review.NoteWithdraws, Case: q.Case, Request: request, Text: review.Text{Inside: why}}, c, outbox.WhyWithdraws)
}

// say notes what a contact says, and tells the case owner.
func (r reception) say(ctx context.Context, who review.Address, n review.Note, c playbook.Contact, why string) error {
	_, said, err := r.desk.store.AnswerLine(ctx, n.ID)
	if err != nil {
		return BusyError{fmt.Errorf("looking whether a contact said it before: %w", err)}
	}
	if wait := time.Duration(0); !said {
		if wait = r.words.take(c.ID, r.desk.now()); wait > 0 {
			return limitedError{after: wait, hint: "you wrote much today; call the one who asks you, or try again tomorrow"}
		}
	}
	n.From, n.Channel, n.At = who, who.Channel, r.desk.now()
	return r.desk.note(ctx, n, why)
}

// tellOwner leaves a letter for whoever stands for the case's owner: the vendor's
// people wrote. Without mail the case shows it.
func (d *Desk) tellOwner(ctx context.Context, view *dossier.CaseView, n review.Note, why string) error {
	if d.gate.courier == nil {
		return nil
	}
	people, _, err := d.store.People(ctx)
	if err != nil {
		return BusyError{fmt.Errorf("looking up whom to tell of a vendor's words: %w", err)}
	}
	now := d.now()
	owner := playbook.OwnerNow(people, view.Owner, view.Deputy, view.Sponsor, view.Recused(), view.Now(now))
	if owner == "" {
		return nil
	}
	l := outbox.Letter{ID: "comment/" + n.ID, Person: owner, Kind: outbox.Comment, Why: why, Case: view.ID, Rehearsal: view.Rehearsal, At: view.Now(now), Made: now, Next: now, State: outbox.Waiting}
	if n.Request != "" {
		l.Requests = []string{n.Request}
	}
	err = d.gate.courier.PutLetter(ctx, l)
	if err != nil {
		return BusyError{fmt.Errorf("telling the case owner of a vendor's words: %w", err)}
	}
	return nil
}

// sameOrganisation reports whether two mail addresses are of one organisation's
// domain. At a provider where anybody gets an address nobody is a colleague.
func sameOrganisation(a, b string) bool {
	x, y := organisation(a), organisation(b)
	return x != "" && x == y && !isProvider(x)
}

// organisation is the registered domain of a mail address, empty for none.
func organisation(mail string) string {
	_, host, found := strings.Cut(normal(mail), "@")
	if !found {
		return ""
	}
	domain, err := publicsuffix.EffectiveTLDPlusOne(strings.TrimSuffix(host, "."))
	if err != nil { // a suffix itself, or no domain at all
		return ""
	}
	return domain
}

// isProvider names the largest of those who give addresses to anybody. One that is
// missing makes a stranger there a colleague of a contact there, so the case owner
// sees all contacts.
func isProvider(domain string) bool {
	name, _, _ := strings.Cut(domain, ".")
	switch name {
	case "gmail", "googlemail", "outlook", "hotmail", "live", "msn", "yahoo", "ymail", "rocketmail", "icloud", "me", "mac", "aol", "proton", "protonmail", "pm",
		"gmx", "web", "mail", "email", "yandex", "zoho", "tutanota", "tuta", "fastmail", "hey", "t-online", "freenet", "posteo", "mailbox", "orange", "wanadoo", "free",
		"laposte", "libero", "virgilio", "tiscali", "wp", "onet", "interia", "o2", "qq", "163", "126", "btinternet", "sky", "comcast", "verizon", "att":
		return true
	}
	return false
}
