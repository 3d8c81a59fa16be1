package desk

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"gangway/internal/access"
	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/playbook"
	"gangway/internal/review"
	"gangway/workflows"
)

// roster is the vendor's people as the client's side looks after them.
type roster struct {
	desk   *Desk
	naming chan struct{} // one names somebody at a time
}

func newRoster(d *Desk) roster { return roster{desk: d, naming: make(chan struct{}, 1)} }

// namingFor is how long somebody may take to name a contact before another process
// does it as well.
const namingFor = 10 * time.Second

// alone makes sure that nobody else names people of the vendor just now: the same
// address twice would be two contacts.
func (r roster) alone(ctx context.Context, vendor string) (done func(), err error) {
	select {
	case r.naming <- struct{}{}:
	case <-ctx.Done():
		return nil, BusyError{fmt.Errorf("waiting to name a contact: %w", ctx.Err())}
	}
	lease := "contacts/" + vendor
	mine, err := r.desk.store.Lease(ctx, lease, r.desk.holder, namingFor)
	if err == nil && !mine {
		err = errNaming
	}
	if err != nil {
		<-r.naming
		return nil, BusyError{fmt.Errorf("naming a contact: %w", err)}
	}
	return func() {
		_ = r.desk.store.Release(context.WithoutCancel(ctx), lease, r.desk.holder) //nolint:errcheck // it runs out by itself
		<-r.naming
	}, nil
}

// errNaming says that another process is at it.
var errNaming = errors.New("somebody else of this vendor is being named just now")

// ContactsOf are the people of the vendor of a case, whoever was named first
// first, those who ended included.
func (r roster) ContactsOf(ctx context.Context, who review.Address, caseID string) ([]playbook.Contact, error) {
	_, view, err := r.desk.inCase(ctx, who, access.SeeCase, caseID)
	if err != nil {
		return nil, err
	}
	return r.desk.store.Contacts(ctx, view.Vendor)
}

// steering lets the owner of a case in, or whoever stands in for them.
func (r roster) steering(ctx context.Context, who review.Address, caseID string) (playbook.Person, dossier.CaseView, error) {
	p, view, err := r.desk.inCase(ctx, who, access.SeeCase, caseID)
	if err != nil {
		return p, view, err
	}
	if !access.May(p, access.Steer, &view) {
		return p, view, ForbiddenError{string(access.Steer)}
	}
	return p, view, nil
}

// AddContact names one more of the vendor's people: c has their name and mail
// address, and perhaps a phone number and the vendor's word for what they do.
// Named again by the same address they are who they were, and active.
func (r roster) AddContact(ctx context.Context, who review.Address, caseID string, c playbook.Contact) (playbook.Contact, error) {
	p, view, err := r.steering(ctx, who, caseID)
	if err != nil {
		return playbook.Contact{}, err
	}
	return r.name(ctx, engagement.Contact{Name: c.Name, Mail: c.Mail, Phone: c.Phone, Role: c.Role}, view.Vendor, caseID, p.ID, playbook.ContactActive)
}

// name keeps somebody of the vendor's under an id of theirs, once by their mail
// address.
func (r roster) name(ctx context.Context, named engagement.Contact, vendor, caseID, by string, state playbook.ContactState) (playbook.Contact, error) {
	named.Name, named.Mail = strings.TrimSpace(named.Name), normal(named.Mail)
	err := r.checkNamed(ctx, named)
	if err != nil {
		return playbook.Contact{}, err
	}
	done, err := r.alone(ctx, vendor)
	if err != nil {
		return playbook.Contact{}, err
	}
	defer done()
	known, err := r.desk.store.Contacts(ctx, vendor)
	if err != nil {
		return playbook.Contact{}, fmt.Errorf("looking up the vendor's people: %w", err)
	}
	now := r.desk.now().UTC()
	c := playbook.Contact{Vendor: vendor, Name: named.Name, Mail: named.Mail, Phone: named.Phone, Role: named.Role, State: state, By: by, Case: caseID, Made: now, Changed: now}
	i := slices.IndexFunc(known, func(x playbook.Contact) bool { return normal(x.Mail) == named.Mail })
	switch {
	case i >= 0 && (known[i].State == state || known[i].State == playbook.ContactActive):
		return known[i], nil
	case i >= 0:
		c.ID, c.Made, c.Changed = known[i].ID, known[i].Made, known[i].Changed
		c = r.moved(c, state)
		return c, r.change(ctx, c, by)
	case len(known) >= maxContacts:
		return playbook.Contact{}, invalid("end those who are no longer asked, or name somebody who is there", "the vendor has %d contacts already", len(known))
	}
	c.ID, err = r.desk.store.NextContact(ctx, vendor)
	if err != nil {
		return playbook.Contact{}, fmt.Errorf("giving a contact an id: %w", err)
	}
	return c, r.change(ctx, c, by)
}

// maxContacts bounds the people of one vendor: whoever writes to more writes to a
// list, and nobody may fill the tables by naming colleagues.
const maxContacts = 200

// checkNamed refuses what is no name or address, and one's own people: what comes
// from their address is theirs.
func (r roster) checkNamed(ctx context.Context, named engagement.Contact) error {
	v := engagement.Vendor{Name: "vendor", Service: "service", Contacts: []engagement.Contact{named}}
	faults := v.Check()
	if named.Mail == "" {
		return invalid("give the address that mails to them go to", "a contact needs a mail address")
	}
	if len(faults) > 0 {
		return InputError{Faults: faults, hint: "mend what is named above; nobody was added"}
	}
	_, err := r.desk.byMail(ctx, named.Mail)
	if err == nil {
		return invalid("name somebody of the vendor", "this is the address of one of your own people")
	}
	if !isNotFound(err) {
		return fmt.Errorf("looking whether a contact is one of the client's: %w", err)
	}
	return nil
}

// change writes a contact down and tells the processes that may ask them. The
// register comes first: it names ids, and the name beside them can be erased.
func (r roster) change(ctx context.Context, c playbook.Contact, by string) error {
	mark := contactMark(c)
	e := dossier.Entry{ID: dossier.Register + "#desk/" + mark, Case: dossier.Register, Process: dossier.Register, Kind: dossier.ContactChanged,
		At: c.Changed, CaseAt: c.Changed, Actor: by, Detail: &dossier.Detail{Vendor: c.Vendor, Person: c.ID, Result: string(c.State), Parent: c.Case}}
	said, err := r.desk.store.Contact(ctx, c.ID)
	switch {
	case err != nil && !isNotFound(err):
		return BusyError{fmt.Errorf("looking up a contact before a change: %w", err)}
	case err == nil && said.Name == c.Name: // said before: each further place is one more to erase
		err = r.desk.store.Append(ctx, []dossier.Entry{e})
	default:
		err = r.desk.store.AppendBody(ctx, e, dossier.Body{Names: []dossier.Name{{ID: c.ID, Name: c.Name}}})
	}
	if err != nil {
		return BusyError{fmt.Errorf("noting a contact in the register: %w", err)}
	}
	err = r.desk.store.PutContact(ctx, c)
	if err != nil {
		return BusyError{fmt.Errorf("keeping a contact: %w", err)}
	}
	if c.State == playbook.ContactProposed {
		return nil
	}
	return r.tell(ctx, c)
}

// contactMark is what names a change of a contact: to which state, and when.
func contactMark(c playbook.Contact) string {
	return "contact/" + c.ID + "/" + string(c.State) + "/" + strconv.FormatInt(c.Changed.UnixMicro(), 36)
}

// tell queues the news for every open process with the vendor, and for those of others
// in which they were asked to receive something: who ended leaves their seats, and whoever
// is new may fill one that nobody holds.
func (r roster) tell(ctx context.Context, c playbook.Contact) error {
	p, _, err := r.desk.contactPerson(ctx, c.ID)
	if err != nil {
		return BusyError{fmt.Errorf("reading a contact who changed: %w", err)}
	}
	_, revision, err := r.desk.store.People(ctx)
	if err != nil {
		return BusyError{fmt.Errorf("reading the people's revision: %w", err)}
	}
	open, err := r.desk.store.OpenProcesses(ctx)
	if err != nil {
		return BusyError{fmt.Errorf("listing the processes that may ask a contact: %w", err)}
	}
	news := workflows.PeopleChange{Revision: revision, People: []review.Person{p.Record(revision)}}
	var view dossier.CaseView // of the process before: those of a case come together
	for _, process := range open {
		view, err = r.desk.caseWith(ctx, view, process)
		if err != nil {
			return BusyError{err}
		}
		if c.Vendor != view.Vendor && process != c.Process && !asked(&view, process, c.ID) {
			continue
		}
		err = r.desk.tellProcess(ctx, peoplePrefix+contactMark(c)+"/"+process, process, news)
		if err != nil {
			return BusyError{err}
		}
	}
	r.desk.nudge()
	return nil
}

// contactPerson is a contact as everybody else sees people. One who is only
// proposed is nobody yet.
func (d *Desk) contactPerson(ctx context.Context, id string) (playbook.Person, int, error) {
	c, err := d.store.Contact(ctx, id)
	if isNotFound(err) || err == nil && c.State == playbook.ContactProposed {
		return playbook.Person{}, 0, unknownPerson{}
	}
	if err != nil {
		return playbook.Person{}, 0, fmt.Errorf("looking up a contact: %w", err)
	}
	return d.personOf(ctx, c.ID)
}

// contactByMail is the contact with an address at the vendor whom a request is
// about, an active one before those who ended.
func (d *Desk) contactByMail(ctx context.Context, mail, request string) (playbook.Contact, error) {
	q, err := d.store.Request(ctx, request)
	if isNotFound(err) {
		return playbook.Contact{}, unknownPerson{}
	}
	if err != nil {
		return playbook.Contact{}, fmt.Errorf("looking up what a mail is about: %w", err)
	}
	list, err := d.store.ContactsBy(ctx, normal(mail))
	if err != nil {
		return playbook.Contact{}, fmt.Errorf("looking up the contacts of an address: %w", err)
	}
	var found playbook.Contact
	for _, c := range list {
		if c.Vendor == q.Vendor && (found.ID == "" || c.State == playbook.ContactActive) {
			found = c
		}
	}
	if found.ID == "" {
		return found, unknownPerson{}
	}
	return found, nil
}

// contactIn is a contact of the vendor of a case that the person steers.
func (r roster) contactIn(ctx context.Context, who review.Address, caseID, id string) (playbook.Person, playbook.Contact, error) {
	p, view, err := r.steering(ctx, who, caseID)
	if err != nil {
		return p, playbook.Contact{}, err
	}
	c, err := r.desk.store.Contact(ctx, id)
	if isNotFound(err) || err == nil && c.Vendor != view.Vendor {
		return p, playbook.Contact{}, dossier.NotFoundError{What: "contact", ID: id}
	}
	if err != nil {
		return p, playbook.Contact{}, fmt.Errorf("looking up a contact of the case: %w", err)
	}
	return p, c, nil
}

// ConfirmContact makes somebody a contact whom a colleague of theirs named, or who
// had ended. What the colleague was to hand on goes to them.
func (r roster) ConfirmContact(ctx context.Context, who review.Address, caseID, id string) error {
	p, c, err := r.contactIn(ctx, who, caseID, id)
	if err != nil {
		return err
	}
	if c.State != playbook.ContactActive {
		c = r.moved(c, playbook.ContactActive)
		err = r.change(ctx, c, p.ID)
	} else {
		err = r.tell(ctx, c)
	}
	if err != nil {
		return err
	}
	return r.desk.handOver(ctx, caseID, c)
}

// EndContact takes somebody off: of one who was proposed, it says no. Their links
// and visits end.
func (r roster) EndContact(ctx context.Context, who review.Address, caseID, id string) error {
	p, c, err := r.contactIn(ctx, who, caseID, id)
	if err != nil {
		return err
	}
	return r.end(ctx, c, p.ID)
}

// end is EndContact by whoever says so; said again it does what is still to do.
func (r roster) end(ctx context.Context, c playbook.Contact, by string) error {
	if c.State == playbook.ContactEnded {
		return r.tell(ctx, c)
	}
	return r.change(ctx, r.moved(c, playbook.ContactEnded), by)
}

// moved is a contact in another state, later than whatever was said of them before:
// the register tells changes apart by it.
func (r roster) moved(c playbook.Contact, to playbook.ContactState) playbook.Contact {
	now := r.desk.now().UTC()
	if !now.After(c.Changed) {
		now = c.Changed.Add(time.Microsecond)
	}
	c.State, c.Changed = to, now
	return c
}

// RevokeLinks ends the links of a contact to a case, and to what they receive in those of
// other vendors, where nobody has them on a list; and the visits that began with them. It
// says how many links there were. The next mail brings no new one: they ask for it, and it
// goes to the address on record.
func (r roster) RevokeLinks(ctx context.Context, who review.Address, caseID, id string) (int, error) {
	p, c, err := r.contactIn(ctx, who, caseID, id)
	if err != nil {
		return 0, err
	}
	cases, err := r.ledInto(ctx, c)
	if err != nil {
		return 0, err
	}
	now, n := r.desk.now().UTC(), 0
	for _, id := range append(cases, caseID) {
		revoked, err := r.desk.store.RevokePortalLinks(ctx, c.ID, id, now)
		if err != nil {
			return n, fmt.Errorf("revoking a contact's links: %w", err)
		}
		n += revoked
	}
	if n == 0 {
		return 0, nil
	}
	err = r.desk.store.Append(ctx, []dossier.Entry{*r.desk.accessEntry(p.ID, c.ID, "links-revoked", c.ID+"-"+strconv.FormatInt(now.UnixMicro(), 36))})
	if err != nil {
		return n, fmt.Errorf("noting that links were revoked: %w", err)
	}
	return n, nil
}

// ledInto are the cases of other vendors in which a contact receives, or received.
func (r roster) ledInto(ctx context.Context, c playbook.Contact) ([]string, error) {
	views, err := r.desk.store.SeenCases(ctx, c.ID)
	if err != nil {
		return nil, fmt.Errorf("listing where else a contact's links lead: %w", err)
	}
	var ids []string
	for i := range views {
		if views[i].Vendor != c.Vendor {
			ids = append(ids, views[i].ID)
		}
	}
	return ids, nil
}

// namedInIntake makes contacts of the vendor's people whom an intake names with an
// address. That one of them can't be named keeps no case from running.
func (r roster) namedInIntake(ctx context.Context, caseID, by string, v engagement.Vendor) {
	for _, named := range v.Contacts {
		if named.Mail == "" {
			continue
		}
		_, err := r.name(ctx, named, v.Slug, caseID, by, playbook.ContactActive)
		if err != nil {
			r.desk.log.Warn("naming a contact of an intake", "case", caseID, "error", err)
		}
	}
}
