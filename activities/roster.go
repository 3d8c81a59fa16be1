package activities

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"
	"unicode"

	"go.temporal.io/sdk/temporal"

	"gangway/internal/engagement"
	"gangway/internal/entitlement"
	"gangway/internal/exit"
	"gangway/internal/inventory"
)

// RosterIn names what a roster is made of.
type RosterIn struct {
	Vendor string `json:"vendor"` // slug
	// Sources are digests of forms that people filled in (a roster's, an access form),
	// of evidence of accesses, and of rosters before.
	Sources []string `json:"sources"`
	// Cut is after when nobody may have pushed; zero: not cut yet.
	Cut time.Time `json:"cut,omitzero"`
}

// RosterOut is the roster, without whom it names.
type RosterOut struct {
	Roster   string `json:"roster"` // digest of the inventory.Roster
	Accounts int    `json:"accounts"`
	Named    int    `json:"named,omitempty"`
}

// ofStaff is how the ids of points begin that name accounts of one's own people.
const ofStaff = "staff"

// ofTitle is how the ids of points end that name a key, hook, application or runner.
const ofTitle = "title"

// Roster makes the list of a vendor's accounts of what people said of them, each once.
// An account that is one's own people's as well is nobody's to take away: the list is
// refused.
func (a *Activities) Roster(ctx context.Context, in RosterIn) (RosterOut, error) {
	r := inventory.Roster{Vendor: in.Vendor, Cut: in.Cut}
	for _, digest := range in.Sources {
		err := a.enrol(ctx, digest, &r)
		if err != nil {
			return RosterOut{}, err
		}
	}
	for _, i := range r.Identities {
		if r.Employs(i) {
			return RosterOut{}, temporal.NewNonRetryableApplicationError("an account stands among the vendor's and among one's own people's", ErrUnreadable, nil)
		}
	}
	if len(r.Identities)+len(r.Named) == 0 {
		return RosterOut{}, temporal.NewNonRetryableApplicationError("the roster names no account", ErrUnreadable, nil)
	}
	text, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return RosterOut{}, fmt.Errorf("writing a roster: %w", err)
	}
	p, err := a.Filing.Put(ctx, bytes.NewReader(append(text, '\n')), mostSheet)
	if err != nil {
		return RosterOut{}, outside(fmt.Errorf("filing a roster: %w", err))
	}
	return RosterOut{Roster: p.Digest, Accounts: len(r.Identities), Named: len(r.Named)}, nil
}

// enrol takes what one source says into a roster.
func (a *Activities) enrol(ctx context.Context, digest string, r *inventory.Roster) error {
	_, f, err := a.Archive.Get(ctx, digest)
	if err != nil {
		return outside(fmt.Errorf("opening what a roster is made of: %w", err))
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, mostSheet+1))
	if err != nil {
		return outside(fmt.Errorf("reading what a roster is made of: %w", err))
	}
	bad := func(why string) error { return temporal.NewNonRetryableApplicationError(why, ErrUnreadable, nil) }
	var s struct {
		inventory.Roster
		engagement.Sheet
		Kind      string                 `json:"kind"`
		Standings []entitlement.Standing `json:"standings"`
	}
	if len(text) > mostSheet || json.Unmarshal(text, &s) != nil {
		return bad("what the roster is made of is not what it should be")
	}
	for _, i := range s.Identities {
		r.Enrol(i)
	}
	for _, i := range s.Staff {
		r.Employ(i)
	}
	for _, n := range s.Named {
		r.Name(n)
	}
	for _, x := range s.Standings {
		r.Enrol(inventory.Identity{Login: x.Login, Account: x.Account})
	}
	for _, l := range s.Lines {
		if err := enrolLine(l, r); err != nil {
			return bad(err.Error())
		}
	}
	if r.Cut.IsZero() {
		r.Cut = s.Cut
	}
	return nil
}

// enrolList takes a list of accounts, whole or not at all. What is wrong with it names
// people, and stays out of the error.
func enrolList(text string, r *inventory.Roster) error {
	list, faults := inventory.ReadList(text)
	if len(faults) > 0 {
		return fmt.Errorf("the list of accounts has %d lines that can't be read", len(faults))
	}
	for _, who := range list.Vendor {
		r.Enrol(who)
	}
	for _, who := range list.Staff {
		r.Employ(who)
	}
	return nil
}

// enrolLine takes what one point of a form says. Several logins may stand in one.
func enrolLine(l engagement.SheetLine, r *inventory.Roster) error {
	first, _, _ := strings.Cut(l.Point.ID, "-")
	last := l.Point.ID[strings.LastIndexByte(l.Point.ID, '-')+1:]
	if l.Finding.Missing {
		return nil
	}
	if l.Point.ID == exit.PointAccounts {
		return enrolList(l.Words, r)
	}
	switch last {
	case ofTitle:
		for _, n := range strings.Split(l.Words, "\n") {
			r.Name(strings.TrimSpace(n))
		}
	case entitlement.GrantLogin, "logins":
		for _, login := range strings.FieldsFunc(l.Words, func(c rune) bool { return unicode.IsSpace(c) || c == ',' || c == ';' }) {
			login = strings.TrimPrefix(login, "@")
			if err := entitlement.CheckLogin(login); err != nil {
				return fmt.Errorf("the point %s: %w", l.Point.ID, err)
			}
			if first == ofStaff {
				r.Employ(inventory.Identity{Login: login})
			} else {
				r.Enrol(inventory.Identity{Login: login})
			}
		}
	}
	return nil
}
