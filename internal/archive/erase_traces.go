package archive

import (
	"fmt"

	"gangway/internal/dossier"
	"gangway/internal/playbook"
)

// Mails that bear what is erased.
const (
	mailsOfAnswer = `SELECT arrival FROM arrivals WHERE answer = ? AND answer <> ''`
	mailsOfPerson = `SELECT arrival FROM arrivals WHERE person = ? AND person <> ''`
)

// traces removes what leads from a person to an address of theirs in a chat, as an
// address in the people file does, when they were away, the forms that they began
// to fill in, and the mails that they wrote: each bears their name and address.
func (e *erasure) traces(person string) error {
	for _, query := range []string{
		`DELETE FROM bindings WHERE person = ?`,
		`DELETE FROM places WHERE posting IN (SELECT id FROM postings WHERE person = ? AND person <> '')`,
		`DELETE FROM aways WHERE person = ?`,
		`DELETE FROM drafts WHERE person = ?`,
		`DELETE FROM portal_sessions WHERE person = ?`,
	} {
		if _, err := e.q.ExecContext(e.ctx, query, person); err != nil {
			return fmt.Errorf("erasing the addresses of a person who left: %w", err)
		}
	}
	return e.mails(mailsOfPerson, person)
}

// contact erases who a contact of a vendor was, unless they still are one.
func (e *erasure) contact(id string) error {
	all, err := queryAll(e.ctx, e.q, scanContact, contactQuery, id)
	if err != nil {
		return fmt.Errorf("reading contact %s: %w", id, err)
	}
	if len(all) == 0 || all[0].State != playbook.ContactEnded {
		return nil
	}
	c := all[0]
	c.Name, c.Mail, c.Phone, c.Role = "", "", "", ""
	text, err := encode(c)
	if err != nil {
		return fmt.Errorf("writing contact %s: %w", id, err)
	}
	if _, err := e.q.ExecContext(e.ctx, `UPDATE contacts SET mail = '', contact = ? WHERE id = ?`, text, id); err != nil {
		return fmt.Errorf("erasing contact %s: %w", id, err)
	}
	e.about = append(e.about, id)
	return e.traces(id)
}

// mails erases the mails that a query finds, as they came.
func (e *erasure) mails(query, of string) error {
	all, err := queryAll(e.ctx, e.q, scanArrival, query, of)
	if err != nil {
		return fmt.Errorf("looking for mails that bear what is erased: %w", err)
	}
	for _, m := range all {
		if _, err := e.content(m.Raw); err != nil {
			return err
		}
	}
	return nil
}

// content marks a document as erased wherever it stands, and reports whether it was
// still there.
func (e *erasure) content(digest string) (bool, error) {
	marked, err := e.mark(digest)
	if err != nil || !marked {
		return false, err
	}
	cases, err := queryAll(e.ctx, e.q, scanString, `SELECT case_id FROM case_documents WHERE digest = ? ORDER BY case_id`, digest)
	if err != nil {
		return false, fmt.Errorf("looking who else has a document: %w", err)
	}
	for _, c := range cases {
		if err := e.record(c, dossier.Detail{Document: digest}); err != nil {
			return false, err
		}
		if err := e.dossiers(c); err != nil {
			return false, err
		}
	}
	return true, nil
}

// mailsWith finds the mails that brought a document: they became an answer in a
// case that has it, and a line of that answer names it.
const mailsWith = `SELECT a.arrival FROM case_documents d JOIN arrivals a ON a.case_id = d.case_id AND a.case_id <> ''
	WHERE d.digest = ?1 AND a.answer <> '' AND EXISTS (SELECT 1 FROM lines l WHERE l.answer = a.answer AND replace(l.entry, ?1, '') <> l.entry)`

// copies erases what else holds the content of a document: the text that was found
// in it, unless another document says the same, and the mails that brought it.
func (e *erasure) copies(digest string) error {
	read, err := queryAll(e.ctx, e.q, scanReading, readingQuery, digest)
	if err != nil {
		return fmt.Errorf("looking for the text of a document: %w", err)
	}
	if _, err := e.q.ExecContext(e.ctx, `DELETE FROM readings WHERE document = ?`, digest); err != nil {
		return fmt.Errorf("forgetting what was read in a document: %w", err)
	}
	for _, r := range read {
		var shared bool
		if _, err := queryOne(e.ctx, e.q, []any{&shared}, `SELECT EXISTS (SELECT 1 FROM readings WHERE text = ?1 AND text <> '')`, r.Text); err != nil {
			return fmt.Errorf("looking who else says what a document says: %w", err)
		}
		if r.Text == "" || shared {
			continue
		}
		if _, err := e.content(r.Text); err != nil {
			return err
		}
	}
	return e.mails(mailsWith, digest)
}
