package desk

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"gangway/internal/access"
	"gangway/internal/dossier"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// Bounds of tokens.
const (
	tokenPrefix  = "gwt_"
	maxTokens    = 20 // good at a time, a person
	maxTokenName = 60 // characters
	maxTokenFor  = 366 * 24 * time.Hour
)

// newSession signs somebody in on a device. That an operator did stands in the
// register.
func (d *Desk) newSession(ctx context.Context, p playbook.Person, device string) (string, time.Time, error) {
	now := d.now()
	secret := newSecret()
	s := access.Session{ID: rand.Text(), Person: p.ID, Device: access.Device(device), Made: now, Seen: now, Until: now.Add(access.SessionFor)}
	var e *dossier.Entry
	if access.May(p, access.ChangePeople, nil) {
		e = d.accessEntry(p.ID, p.ID, "operator-signed-in", s.ID)
	}
	err := d.store.AddSession(ctx, access.Hash(secret), s, e)
	if err != nil {
		return "", time.Time{}, fmt.Errorf("signing in: %w", err)
	}
	d.sweepNow(ctx, now)
	return secret, s.Until, nil
}

// accessEntry is an entry of the register about somebody's access. It names ids
// and nothing else.
func (d *Desk) accessEntry(actor, whose, result, id string) *dossier.Entry {
	now := d.now().UTC().Round(0)
	return &dossier.Entry{ID: registerAccessID + result + "-" + id, Case: dossier.Register, Process: dossier.Register, Kind: dossier.AccessChanged,
		At: now, CaseAt: now, Actor: actor, Detail: &dossier.Detail{Result: result, Name: id, Owner: whose}}
}

// sweepNow removes what ended, once an hour at most; that it fails harms nobody.
func (d *Desk) sweepNow(ctx context.Context, now time.Time) {
	last := <-d.gate.swept
	due := now.Sub(last) >= sweepEvery
	if due {
		last = now
	}
	d.gate.swept <- last
	if !due {
		return
	}
	if err := d.store.Sweep(ctx); err != nil {
		d.log.Warn("sweeping ended sessions", "error", err)
	}
}

// SignedIn is who a session's secret stands for. Whoever left is signed in
// nowhere any more.
func (d *Desk) SignedIn(ctx context.Context, session string) (playbook.Person, access.Session, error) {
	hash := access.Hash(session)
	s, err := d.store.SessionBy(ctx, hash)
	var p playbook.Person
	if err == nil {
		p, err = d.insider(ctx, s.Person)
	}
	if isNotFound(err) {
		return playbook.Person{}, access.Session{}, endedError{"session", d.gate.address}
	}
	if err != nil {
		return playbook.Person{}, access.Session{}, fmt.Errorf("asking who is signed in: %w", err)
	}
	if now := d.now(); now.Sub(s.Seen) >= seenEvery {
		if err := d.store.SawSession(ctx, hash, now); err != nil { // they are signed in all the same
			d.log.Warn("noting that a session was used", "session", s.ID, "error", err)
		}
	}
	return p, s, nil
}

// insider is somebody who may sign in. Of whoever may not any more, nothing that
// lets them in is left.
func (d *Desk) insider(ctx context.Context, id string) (playbook.Person, error) {
	p, _, err := d.store.Person(ctx, id)
	if err != nil {
		return playbook.Person{}, err
	}
	if access.May(p, access.SignIn, nil) {
		return p, nil
	}
	if err := d.store.ShutOut(ctx, p.ID, nil); err != nil {
		d.log.Warn("ending the access of somebody who left", "person", p.ID, "error", err)
	}
	return playbook.Person{}, unknownPerson{}
}

// SignOut ends the session of a secret.
func (d *Desk) SignOut(ctx context.Context, session string) error {
	return d.store.DropSession(ctx, access.Hash(session))
}

// Sessions lists a person's devices.
func (d *Desk) Sessions(ctx context.Context, person string) ([]access.Session, error) {
	return d.store.Sessions(ctx, person)
}

// EndSession ends one of a person's sessions.
func (d *Desk) EndSession(ctx context.Context, person, id string) error {
	return d.store.EndSession(ctx, person, id)
}

// TokenOf is who a token's secret stands for.
func (d *Desk) TokenOf(ctx context.Context, secret string) (playbook.Person, access.Token, error) {
	err := error(unknownPerson{})
	var t access.Token
	var p playbook.Person
	hash := access.Hash(secret)
	if strings.HasPrefix(strings.ToLower(secret), tokenPrefix) {
		t, err = d.store.TokenBy(ctx, hash)
	}
	if err == nil {
		p, err = d.insider(ctx, t.Person)
	}
	if isNotFound(err) {
		return playbook.Person{}, access.Token{}, endedError{"token", d.gate.address}
	}
	if err != nil {
		return playbook.Person{}, access.Token{}, fmt.Errorf("asking whose token this is: %w", err)
	}
	if now := d.now(); now.Sub(t.Seen) >= seenEvery {
		if err := d.store.SawToken(ctx, hash, now); err != nil {
			d.log.Warn("noting that a token was used", "token", t.ID, "error", err)
		}
	}
	return p, t, nil
}

// NewToken makes a token for somebody; without an end it lives for 90 days. Its
// secret is told this once.
func (d *Desk) NewToken(ctx context.Context, person, name string, until time.Time) (string, access.Token, error) {
	now := d.now()
	if until.IsZero() {
		until = now.Add(access.TokenFor)
	}
	name = strings.TrimSpace(name)
	err := d.checkToken(ctx, person, name, until, now)
	if err != nil {
		return "", access.Token{}, err
	}
	secret := tokenPrefix + newSecret()
	t := access.Token{ID: strings.ToLower(rand.Text()), Person: person, Name: name, Made: now, Until: until}
	err = d.store.AddToken(ctx, access.Hash(secret), t, d.accessEntry(person, person, "token-made", t.ID))
	if err != nil {
		return "", access.Token{}, fmt.Errorf("making a token: %w", err)
	}
	return secret, t, nil
}

func (d *Desk) checkToken(ctx context.Context, person, name string, until, now time.Time) error {
	p, _, err := d.store.Person(ctx, person)
	if err != nil {
		return fmt.Errorf("looking up who wants a token: %w", err)
	}
	if !access.May(p, access.SignIn, nil) {
		return ForbiddenError{"having a token"}
	}
	var faults []error
	if name == "" || access.Device(name) != name || len([]rune(name)) > maxTokenName {
		faults = append(faults, fmt.Errorf("a token's name has 1 to %d characters on one line", maxTokenName))
	}
	if !until.After(now) || until.Sub(now) > maxTokenFor {
		faults = append(faults, errors.New("a token ends within a year, and not before it begins"))
	}
	if len(faults) > 0 {
		return InputError{Faults: faults, hint: "name it after where it is used, such as laptop or nightly-report"}
	}
	have, err := d.store.Tokens(ctx, person)
	if err != nil {
		return fmt.Errorf("counting somebody's tokens: %w", err)
	}
	have = slices.DeleteFunc(have, func(t access.Token) bool { return !t.Revoked.IsZero() || !t.Until.After(now) })
	if len(have) >= maxTokens {
		return invalid("revoke one that is no longer used", "%d tokens are as many as a person may have", maxTokens)
	}
	return nil
}

// Tokens lists a person's tokens.
func (d *Desk) Tokens(ctx context.Context, person string) ([]access.Token, error) {
	return d.store.Tokens(ctx, person)
}

// RevokeToken ends one of a person's tokens.
func (d *Desk) RevokeToken(ctx context.Context, person, id string) error {
	return d.store.RevokeToken(ctx, person, id, d.accessEntry(person, person, "token-revoked", id))
}

// ShutOut ends everything that lets somebody in: a lost laptop, a token that
// leaked. They sign in anew by mail. For operators, and for oneself.
func (d *Desk) ShutOut(ctx context.Context, who review.Address, person string) error {
	by, err := d.client(ctx, who, access.SeeOwn)
	if err != nil {
		return err
	}
	if by.ID != person && !access.May(by, access.ShutOut, nil) {
		return ForbiddenError{string(access.ShutOut)}
	}
	_, _, err = d.store.Person(ctx, person)
	if err != nil {
		return fmt.Errorf("looking up whose access ends: %w", err)
	}
	err = d.store.ShutOut(ctx, person, d.accessEntry(by.ID, person, "shut-out", rand.Text()))
	if err != nil {
		return fmt.Errorf("ending somebody's access: %w", err)
	}
	return d.unbindAll(ctx, by.ID, person)
}
