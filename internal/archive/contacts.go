package archive

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"gangway/internal/calendar"
	"gangway/internal/dossier"
	"gangway/internal/playbook"
)

const (
	contactQuery    = `SELECT contact FROM contacts WHERE id = ?`
	contactsQuery   = `SELECT contact FROM contacts WHERE vendor = ? ORDER BY n`
	contactsByQuery = `SELECT contact FROM contacts WHERE mail = ? AND mail <> '' ORDER BY vendor, n`
	allContacts     = `SELECT contact FROM contacts ORDER BY vendor, n`
)

// NextContact gives the next id of a vendor's contact. Two who ask get two.
func (f frontoffice) NextContact(ctx context.Context, vendor string) (string, error) {
	if vendor == "" {
		return "", errors.New("numbering a contact: no vendor is named")
	}
	var n int
	err := f.archive.write(ctx, "numbering a contact", first, func(q querier) (err error) {
		n, err = next(ctx, q, "contact of "+vendor)
		return err
	})
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("%s.%d", vendor, n), nil
}

// contactNumber is the number in a contact's id; ok is false where the id is none
// of that vendor's.
func contactNumber(id, vendor string) (n int, ok bool) {
	digits, found := strings.CutPrefix(id, vendor+".")
	if !found || vendor == "" || digits == "" || digits[0] == '0' || strings.Trim(digits, "0123456789") != "" {
		return 0, false
	}
	n, err := strconv.Atoi(digits)
	return n, err == nil
}

// PutContact keeps a contact, new or changed. One that is not active any more
// loses their links and browsers in the same transaction.
func (f frontoffice) PutContact(ctx context.Context, c playbook.Contact) error {
	n, ok := contactNumber(c.ID, c.Vendor)
	if !ok || c.State == "" {
		return errors.New("keeping a contact: the id is none of the vendor's, or the contact has no state")
	}
	c.Made, c.Changed = c.Made.UTC(), c.Changed.UTC()
	text, err := encode(c)
	if err != nil {
		return fmt.Errorf("writing a contact: %w", err)
	}
	return f.archive.write(ctx, "keeping a contact", first, func(q querier) error {
		_, err := q.ExecContext(ctx, `INSERT INTO contacts (id, vendor, n, mail, contact) VALUES (?, ?, ?, ?, ?)
			ON CONFLICT (id) DO UPDATE SET mail = excluded.mail, contact = excluded.contact`, c.ID, c.Vendor, n, strings.ToLower(c.Mail), text)
		if err != nil || c.State == playbook.ContactActive {
			return err
		}
		_, err = revokePortal(ctx, q, c.ID, "", micro(f.archive.now()))
		return err
	})
}

// Contact returns a contact, or dossier.NotFoundError.
func (f frontoffice) Contact(ctx context.Context, id string) (playbook.Contact, error) {
	return contactOf(ctx, f.archive.reads, id)
}

func contactOf(ctx context.Context, q querier, id string) (playbook.Contact, error) {
	all, err := queryAll(ctx, q, scanContact, contactQuery, id)
	if err != nil {
		return playbook.Contact{}, fmt.Errorf("reading a contact: %w", err)
	}
	if len(all) == 0 {
		return playbook.Contact{}, dossier.NotFoundError{What: "contact", ID: id}
	}
	return all[0], nil
}

func scanContact(rows *sql.Rows) (c playbook.Contact, err error) {
	text, err := scanString(rows)
	if err != nil {
		return c, err
	}
	return c, decode(text, &c)
}

// Contacts lists everybody who was ever named for a vendor, in the order in which
// they were.
func (f frontoffice) Contacts(ctx context.Context, vendor string) ([]playbook.Contact, error) {
	all, err := queryAll(ctx, f.archive.reads, scanContact, contactsQuery, vendor)
	if err != nil {
		return nil, fmt.Errorf("listing a vendor's contacts: %w", err)
	}
	return all, nil
}

// ContactsBy lists who has a mail address, in whatever letters it is written. The
// same address may be a contact of several vendors.
func (f frontoffice) ContactsBy(ctx context.Context, mail string) ([]playbook.Contact, error) {
	all, err := queryAll(ctx, f.archive.reads, scanContact, contactsByQuery, strings.ToLower(mail))
	if err != nil {
		return nil, fmt.Errorf("looking whose a mail address is: %w", err)
	}
	return all, nil
}

// withContacts adds the vendor's people to those of the people file. Those who were
// only proposed are nobody yet.
func withContacts(ctx context.Context, q querier, people []playbook.Person) ([]playbook.Person, error) {
	all, err := queryAll(ctx, q, scanContact, allContacts)
	if err != nil {
		return nil, fmt.Errorf("reading the vendors' contacts: %w", err)
	}
	ours := people
	for _, c := range all {
		if c.State != playbook.ContactProposed {
			people = append(people, c.Person(hoursFor(c, ours)))
		}
	}
	return people, nil
}

// hoursFor is when a contact is asked things: nobody knows their hours, so it is in
// those of whoever named them, else of the first of the client's people.
func hoursFor(c playbook.Contact, ours []playbook.Person) calendar.Schedule {
	var general calendar.Schedule
	for _, p := range ours {
		if p.Hours.Zone == "" {
			continue
		}
		if p.ID == c.By {
			return p.Hours
		}
		if general.Zone == "" {
			general = p.Hours
		}
	}
	return general
}

// contactPerson is somebody of a vendor as People would give them.
func (a *Archive) contactPerson(ctx context.Context, id string) (p playbook.Person, revision int, err error) {
	err = a.read(ctx, func(q querier) error {
		c, err := contactOf(ctx, q, id)
		if err != nil {
			return err
		}
		if c.State == playbook.ContactProposed {
			return dossier.NotFoundError{What: "person", ID: id}
		}
		ours, last, err := readPeople(ctx, q)
		if err != nil {
			return fmt.Errorf("reading in whose hours a contact is asked: %w", err)
		}
		p, revision = c.Person(hoursFor(c, ours)), last
		return nil
	})
	return p, revision, err
}
