package archive

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"slices"

	"gangway/internal/dossier"
	"gangway/internal/playbook"
)

// People returns everybody who was ever in a people file, in the file's order,
// which says who is asked first, and after them those who left; then the vendors'
// contacts, by vendor and in the order in which they were named, but not those
// who are only proposed (playbook.Own leaves contacts out); and the revision: how
// often what the file says has changed. 0: no file was applied yet. When somebody
// is away is what they said themselves (SetAway), the newest first, and then what
// the file says. Neither that nor a contact has a part in the revision.
func (a *Archive) People(ctx context.Context) ([]playbook.Person, int, error) {
	var people []playbook.Person
	var revision int
	err := a.read(ctx, func(q querier) error {
		var err error
		people, revision, err = readPeople(ctx, q)
		if err != nil {
			return err
		}
		if err := withAways(ctx, q, people); err != nil {
			return err
		}
		people, err = withContacts(ctx, q, people)
		return err
	})
	if err != nil {
		return nil, 0, fmt.Errorf("reading the people: %w", err)
	}
	return people, revision, nil
}

// readPeople reads the people as the file has them.
func readPeople(ctx context.Context, q querier) ([]playbook.Person, int, error) {
	var revision int
	if _, err := queryOne(ctx, q, []any{&revision}, `SELECT value FROM state WHERE name = 'people'`); err != nil {
		return nil, 0, err
	}
	people, err := queryAll(ctx, q, func(rows *sql.Rows) (p playbook.Person, err error) {
		text, err := scanString(rows)
		if err != nil {
			return p, err
		}
		return p, decode(text, &p)
	}, `SELECT person FROM people ORDER BY place`)
	return people, revision, err
}

// ApplyPeople makes the people those of a whole people file. Who is missing from
// it is kept as somebody who left. changed names, sorted, everybody who is new or
// different; when nobody is and the order is as it was, the revision stays and
// nothing is recorded. A change is an entry of the register, in the same
// transaction. What people said themselves of being away, and the vendors' contacts,
// are not the file's: they stay, and where the list has them, read from here, they
// are left out.
func (a *Archive) ApplyPeople(ctx context.Context, people []playbook.Person, actor string) (revision int, changed []string, err error) {
	if err := eachOnce(people); err != nil {
		return 0, nil, fmt.Errorf("applying the people: %w", err)
	}
	now, people := a.now(), fromFile(people)
	err = a.write(ctx, "applying the people", later, func(q querier) error {
		changed = nil
		if err := lockChain(ctx, q, dossier.Register); err != nil {
			return err
		}
		stood, last, err := readPeople(ctx, q)
		if err != nil {
			return err
		}
		next, differ, err := merge(stood, people)
		if revision = last; err != nil || len(differ) == 0 && sameOrder(stood, next) {
			return err
		}
		revision = last + 1
		for _, p := range differ {
			changed = append(changed, p.ID)
		}
		slices.Sort(changed)
		for i, p := range next {
			if err := savePerson(ctx, q, i, p); err != nil {
				return err
			}
		}
		if _, err := q.ExecContext(ctx, `UPDATE state SET value = ? WHERE name = 'people'`, revision); err != nil {
			return fmt.Errorf("counting the revision: %w", err)
		}
		return recordPeople(ctx, q, next, newNames(stood, differ), dossier.Entry{
			Case: dossier.Register, Process: dossier.Register, Kind: dossier.PeopleChanged, At: now, CaseAt: now, Actor: actor,
			Detail: &dossier.Detail{Revision: revision},
		})
	})
	if err != nil {
		return 0, nil, err
	}
	return revision, changed, nil
}

func eachOnce(people []playbook.Person) error {
	ids := make([]string, 0, len(people))
	for _, p := range people {
		if p.ID == "" {
			return errors.New("somebody has no id")
		}
		if slices.Contains(ids, p.ID) {
			return fmt.Errorf("%s is listed twice", p.ID)
		}
		ids = append(ids, p.ID)
	}
	return nil
}

func sameOrder(a, b []playbook.Person) bool {
	return slices.EqualFunc(a, b, func(x, y playbook.Person) bool { return x.ID == y.ID })
}

// merge gives the people as they will stand, the file's order first, and those
// of them that are new or different.
func merge(stood, file []playbook.Person) (next, differ []playbook.Person, err error) {
	next = slices.Clone(file)
	for _, p := range stood {
		if !slices.ContainsFunc(file, func(f playbook.Person) bool { return f.ID == p.ID }) {
			p.Left = true
			next = append(next, p)
		}
	}
	for _, p := range next {
		var before string
		i := slices.IndexFunc(stood, func(s playbook.Person) bool { return s.ID == p.ID })
		if i >= 0 {
			if before, err = encode(stood[i]); err != nil {
				return nil, nil, err
			}
		}
		after, err := encode(p)
		if err != nil {
			return nil, nil, err
		}
		if after != before {
			differ = append(differ, p)
		}
	}
	return next, differ, nil
}

func savePerson(ctx context.Context, q querier, place int, p playbook.Person) error {
	text, err := encode(p)
	if err != nil {
		return fmt.Errorf("writing person %s: %w", p.ID, err)
	}
	_, err = q.ExecContext(ctx, `INSERT INTO people (id, place, person) VALUES (?, ?, ?)
		ON CONFLICT (id) DO UPDATE SET place = excluded.place, person = excluded.person`, p.ID, place, text)
	if err != nil {
		return fmt.Errorf("storing person %s: %w", p.ID, err)
	}
	return nil
}

// recordPeople appends the register's entry of a change. Its digest covers what
// reviews judge by and neither names nor addresses, so that it tells nothing
// after those were erased; its body names those whose name is new.
func recordPeople(ctx context.Context, q querier, next []playbook.Person, b dossier.Body, e dossier.Entry) error {
	bare := slices.Clone(next)
	for i := range bare {
		bare[i].Name, bare[i].Mail, bare[i].Slack = "", "", ""
	}
	text, err := encode(bare)
	if err != nil {
		return fmt.Errorf("writing the people for their digest: %w", err)
	}
	e.Detail.Digest = fmt.Sprintf("sha256:%x", sha256.Sum256([]byte(text)))
	if e.ID, err = archiveID(ctx, q, dossier.Register, dossier.Register); err != nil {
		return err
	}
	body := &b
	if len(b.Names) == 0 {
		body = nil
	}
	p, err := prepare(e, body)
	if err != nil {
		return err
	}
	return appendAll(ctx, q, []pending{p})
}

// newNames lists the names that nobody had before under that id: a name stands
// in the register once, so that it can be erased at one place.
func newNames(stood, differ []playbook.Person) dossier.Body {
	var b dossier.Body
	for _, p := range differ {
		known := slices.ContainsFunc(stood, func(s playbook.Person) bool { return s.ID == p.ID && s.Name == p.Name })
		if p.Name != "" && !known {
			b.Names = append(b.Names, dossier.Name{ID: p.ID, Name: p.Name})
		}
	}
	return b
}

// archiveID is the next "process#archive/<k>" of a chain.
func archiveID(ctx context.Context, q querier, chain, process string) (string, error) {
	var n int
	_, err := queryOne(ctx, q, []any{&n}, `SELECT count(*) FROM lines WHERE chain = ? AND id > ? AND id < ? AND conflict = 0`,
		chain, process+"#archive/", process+"#archive0") // 0 follows the slash
	for err == nil {
		n++
		id := fmt.Sprintf("%s#archive/%d", process, n)
		var taken bool
		_, err = queryOne(ctx, q, []any{&taken}, `SELECT EXISTS (SELECT 1 FROM lines WHERE chain = ? AND id = ? AND conflict = 0)`, chain, id)
		if err == nil && !taken {
			return id, nil
		}
	}
	return "", fmt.Errorf("numbering an entry of the archive: %w", err)
}

// Vendor returns the name that a slug stands for, if it was named.
func (a *Archive) Vendor(ctx context.Context, slug string) (string, bool, error) {
	var name string
	found, err := queryOne(ctx, a.reads, []any{&name}, `SELECT name FROM vendors WHERE slug = ?`, slug)
	if err != nil {
		return "", false, fmt.Errorf("reading a vendor's name: %w", err)
	}
	return name, found, nil
}

// NameVendor keeps the name that a slug stands for; the newest wins.
func (a *Archive) NameVendor(ctx context.Context, slug, name string) error {
	return a.write(ctx, "naming a vendor", later, func(q querier) error {
		return nameVendor(ctx, q, slug, name)
	})
}

func nameVendor(ctx context.Context, q querier, slug, name string) error {
	_, err := q.ExecContext(ctx, `INSERT INTO vendors (slug, name) VALUES (?, ?) ON CONFLICT (slug) DO UPDATE SET name = excluded.name`, slug, name)
	return err
}
