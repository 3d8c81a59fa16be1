package archive

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"gangway/internal/dossier"
	"gangway/internal/playbook"
)

// erasure is one call of Erase or EraseDocument within its transaction.
type erasure struct {
	ctx         context.Context
	q           querier
	now         time.Time
	rule, actor string
	about       []string // processes and people whose names went from the register
	gone        []string // documents whose content must go
}

// Erase erases the texts of entries of one chain, a case's or the register's,
// everywhere: in the journal, where a text waited for it, in the names of people
// who left, in the mails as they came, and in the sealed dossiers that hold it. The chain still verifies and
// gets an entry that says what was erased, when and under which rule. Then the
// database is written anew, so that none of its files holds the text; for that
// time nothing else is written. If that last part fails (a full disk), repeating
// the call, or opening the archive again, does it.
//
// An entry that isn't there or never had a text is a dossier.NotFoundError, and
// nothing is erased. One that was erased before is passed over.
func (a *Archive) Erase(ctx context.Context, caseID string, entryIDs []string, rule, actor string) error {
	if rule == "" || len(entryIDs) == 0 {
		return errors.New("erasing texts: there is no rule, or no entry to erase")
	}
	e := erasure{ctx: ctx, now: a.now(), rule: rule, actor: actor}
	err := a.write(ctx, "erasing texts", later, func(q querier) error {
		e.q, e.about, e.gone = q, nil, nil
		return e.texts(caseID, entryIDs)
	})
	if err != nil {
		return err
	}
	if err := a.removePapers(ctx, e.gone); err != nil {
		return fault("removing the dossiers that hold an erased text", err)
	}
	return a.db.scrub(ctx)
}

func (e *erasure) texts(chain string, ids []string) error {
	if err := lockChain(e.ctx, e.q, chain); err != nil {
		return err
	}
	ids = slices.Clone(ids)
	slices.Sort(ids)
	var erased []string
	for _, id := range slices.Compact(ids) {
		done, err := e.text(chain, id)
		if err != nil {
			return err
		}
		if done {
			erased = append(erased, id)
		}
	}
	if _, err := e.q.ExecContext(e.ctx, `UPDATE state SET value = 1 WHERE name = 'scrub'`); err != nil {
		return fmt.Errorf("noting that the files must be written anew: %w", err)
	}
	if len(erased) == 0 {
		return nil
	}
	if err := e.record(chain, dossier.Detail{Entries: erased}); err != nil {
		return err
	}
	if chain != dossier.Register {
		return e.dossiers(chain)
	}
	return e.dossiersWith()
}

// erasable is what Erase reads of a line.
type erasable struct {
	entry   dossier.Entry
	body    sql.NullString
	digest  string
	erasure sql.NullString
}

// text erases what one entry left as text and reports whether there was any.
func (e *erasure) text(chain, id string) (done bool, err error) {
	lines, err := queryAll(e.ctx, e.q, func(rows *sql.Rows) (l erasable, err error) {
		var text string
		if err := rows.Scan(&text, &l.body, &l.digest, &l.erasure); err != nil {
			return l, err
		}
		return l, decode(text, &l.entry)
	}, `SELECT entry, body, body_digest, erased_on FROM lines WHERE chain = ? AND id = ?`, chain, id)
	if err != nil {
		return false, fmt.Errorf("looking for entry %s: %w", id, err)
	}
	if len(lines) == 0 {
		return false, dossier.NotFoundError{What: "entry of " + chain, ID: id}
	}
	had := false
	for _, l := range lines {
		had = had || l.digest != ""
		done = done || l.body.Valid
		if l.body.Valid && (l.entry.Kind == dossier.PeopleChanged || l.entry.Kind == dossier.ContactChanged) {
			if err := e.names(l.body.String); err != nil {
				return false, err
			}
		}
		if answer := answerOf(l.entry); answer != "" {
			if err := dropText(e.ctx, e.q, answer); err != nil {
				return false, err
			}
			if err := e.mails(mailsOfAnswer, answer); err != nil {
				return false, err
			}
		}
	}
	if !had {
		return false, dossier.NotFoundError{What: "text of entry", ID: id}
	}
	_, err = e.q.ExecContext(e.ctx, `UPDATE lines SET body = NULL, salt = NULL, erased_on = ?, erased_rule = ? WHERE chain = ? AND id = ? AND body IS NOT NULL`,
		e.now.Format(time.RFC3339Nano), e.rule, chain, id)
	if err != nil {
		return false, fmt.Errorf("erasing the text of entry %s: %w", id, err)
	}
	if done {
		e.about = append(e.about, lines[0].entry.Process)
	}
	return done, nil
}

// names erases names and addresses of the people that a body names and who left,
// or are no contact of a vendor any more. Who is still there is in the people file,
// and would be back with it.
func (e *erasure) names(body string) error {
	var b dossier.Body
	if err := decode(body, &b); err != nil {
		return fmt.Errorf("reading whom an entry names: %w", err)
	}
	for _, n := range b.Names {
		if playbook.IsContact(n.ID) {
			if err := e.contact(n.ID); err != nil {
				return err
			}
			continue
		}
		var place int
		var text string
		found, err := queryOne(e.ctx, e.q, []any{&place, &text}, `SELECT place, person FROM people WHERE id = ?`, n.ID)
		if err != nil {
			return fmt.Errorf("reading person %s: %w", n.ID, err)
		}
		if !found {
			continue
		}
		var p playbook.Person
		if err := decode(text, &p); err != nil {
			return fmt.Errorf("reading person %s as stored: %w", n.ID, err)
		}
		if !p.Left {
			continue
		}
		e.about = append(e.about, p.ID)
		p.Name, p.Mail, p.Slack = "", "", ""
		if err := savePerson(e.ctx, e.q, place, p); err != nil {
			return err
		}
		if err := e.traces(p.ID); err != nil {
			return err
		}
	}
	return nil
}

// record appends the entry of an erasure; its instant is the mark's.
func (e *erasure) record(chain string, d dossier.Detail) error {
	d.Rule = e.rule
	id, err := archiveID(e.ctx, e.q, chain, chain)
	if err != nil {
		return err
	}
	caseAt, err := caseTime(e.ctx, e.q, chain, e.now)
	if err != nil {
		return err
	}
	p, err := prepare(dossier.Entry{
		ID: id, Case: chain, Process: chain, Kind: dossier.Erased, At: e.now, CaseAt: caseAt, Actor: e.actor, Detail: &d,
	}, nil)
	if err != nil {
		return err
	}
	return appendAll(e.ctx, e.q, []pending{p})
}

// dossiers marks the sealed dossiers of a case: they hold what was erased.
func (e *erasure) dossiers(caseID string) error {
	all, err := queryAll(e.ctx, e.q, func(rows *sql.Rows) (d dossier.Entry, err error) {
		text, err := scanString(rows)
		if err != nil {
			return d, err
		}
		return d, decode(text, &d)
	}, `SELECT entry FROM lines WHERE chain = ? AND kind = 'sealed' ORDER BY n`, caseID)
	if err != nil {
		return fmt.Errorf("looking for dossiers of case %s: %w", caseID, err)
	}
	for _, s := range all {
		if s.Detail == nil || s.Detail.Document == "" {
			continue
		}
		marked, err := e.mark(s.Detail.Document)
		if err != nil {
			return err
		}
		if !marked {
			continue
		}
		if err := e.record(caseID, dossier.Detail{Document: s.Detail.Document}); err != nil {
			return err
		}
	}
	return nil
}

// dossiersWith marks the sealed dossiers that hold what went from the register:
// its lines about the case's processes, and the names of people who appear in
// it. It reads every sealed chain.
func (e *erasure) dossiersWith() error {
	sealed, err := queryAll(e.ctx, e.q, scanString, `SELECT DISTINCT chain FROM lines WHERE kind = 'sealed' ORDER BY chain`)
	if err != nil {
		return fmt.Errorf("listing the sealed cases: %w", err)
	}
	slices.Sort(e.about)
	for _, chain := range sealed {
		for _, id := range slices.Compact(slices.Clone(e.about)) {
			needle, err := encode(id)
			if err != nil {
				return fmt.Errorf("writing what to look for: %w", err)
			}
			var has bool
			if _, err := queryOne(e.ctx, e.q, []any{&has}, `SELECT EXISTS (SELECT 1 FROM lines WHERE chain = ? AND replace(entry, ?, '') <> entry)`, chain, needle); err != nil {
				return fmt.Errorf("looking who appears in %s: %w", chain, err)
			}
			if !has {
				continue
			}
			if err := e.dossiers(chain); err != nil {
				return err
			}
			break
		}
	}
	return nil
}

// mark puts the tombstone of a document and reports whether it was still there.
func (e *erasure) mark(digest string) (bool, error) {
	r, err := e.q.ExecContext(e.ctx, `UPDATE documents SET erased_on = ?, erased_rule = ? WHERE digest = ? AND erased_on IS NULL`,
		e.now.Format(time.RFC3339Nano), e.rule, digest)
	if err != nil {
		return false, fmt.Errorf("marking document %s as erased: %w", digest, err)
	}
	n, err := r.RowsAffected()
	if err != nil || n == 0 {
		return false, err
	}
	e.gone = append(e.gone, digest)
	return true, nil
}
