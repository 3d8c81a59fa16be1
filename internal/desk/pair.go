package desk

import (
	"context"
	"crypto/rand"
	"fmt"
	"strings"
	"time"

	"gangway/internal/access"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// pairPath is where web serves pairings.
const pairPath = "/pair/"

// pairsAtOnce is how many links one address gets in the time that one lives.
const pairsAtOnce = 5

// pairingLimits are how many links one address of the chat gets.
func pairingLimits() []access.Limit {
	return []access.Limit{{Most: pairsAtOnce, In: access.PairingFor}, {Most: 20, In: 24 * time.Hour}}
}

// Pair is the URL at which whoever signs in can say that an address of the chat
// is theirs; name is what the chat calls its owner. It works once and for
// PairingFor.
func (d *Desk) Pair(ctx context.Context, who review.Address, name string) (string, error) {
	if who.Channel != chat || !isChatAddress(who.ID) {
		return "", invalid("link from the chat", "this is no address of the chat")
	}
	if len(d.gate.key) == 0 || d.gate.address == "" {
		return "", noPairingError{}
	}
	_, err := d.Who(ctx, who)
	if err == nil {
		return "", invalid("to link it to somebody else, unlink it first on your own page", "this account is linked already")
	}
	if !isNotFound(err) {
		return "", err
	}
	now := d.now().UTC()
	if wait := d.gate.pairs.take(who.ID, now); wait > 0 {
		return "", limitedError{after: wait, hint: "use the newest link that you got, or try again later"}
	}
	p := access.Pairing{ID: rand.Text(), Channel: who.Channel, Address: who.ID, Name: access.Device(name), Made: now, Until: now.Add(access.PairingFor)}
	secret := d.gate.key.Link(p.ID)
	err = d.store.AddPairing(ctx, access.Hash(secret), p)
	if err != nil {
		return "", fmt.Errorf("keeping a link to pair an address: %w", err)
	}
	return strings.TrimSuffix(d.gate.address, "/") + pairPath + secret, nil
}

// Pairing is what a link of Pair is about; a NotFound error for one that is no
// good. It uses nothing up and decides nothing.
func (d *Desk) Pairing(ctx context.Context, secret string) (access.Pairing, error) {
	p, err := d.store.PairingBy(ctx, access.Hash(secret))
	if isNotFound(err) || err == nil && !d.now().Before(p.Until) {
		return access.Pairing{}, deadPairingError{}
	}
	if err != nil {
		return access.Pairing{}, fmt.Errorf("looking for a link to pair an address: %w", err)
	}
	return p, nil
}

// ConfirmPairing binds the address of a link to the person who is signed in and
// says so. It works once, for exactly one of all who try.
func (d *Desk) ConfirmPairing(ctx context.Context, who review.Address, secret string) error {
	if who.Channel != pages { // where people see for whom they confirm, and are signed in by more than a token
		return ForbiddenError{"linking an account"}
	}
	by, err := d.client(ctx, who, access.SeeOwn)
	if err != nil {
		return err
	}
	p, err := d.Pairing(ctx, secret)
	if err != nil {
		return err
	}
	b, _, err := d.bindable(ctx, access.Binding{Channel: p.Channel, Address: p.Address, Person: by.ID, How: access.ByLink})
	if err != nil {
		return err
	}
	err = d.onlyAccount(ctx, by, p.Address)
	if err != nil {
		return err
	}
	err = d.store.PairUp(ctx, p.ID, b, d.boundEntry(b))
	if isNotFound(err) { // used at this very moment
		return deadPairingError{}
	}
	if err != nil {
		return fmt.Errorf("linking an account: %w", err)
	}
	return nil
}

// onlyAccount refuses a second account in a workspace where somebody is linked
// already: nobody needs one, and whoever lured them into confirming a link would
// read and decide in their name from then on, as the newest of their accounts.
func (d *Desk) onlyAccount(ctx context.Context, p playbook.Person, address string) error {
	mine, err := d.bindingsOf(ctx, p)
	if err != nil {
		return err
	}
	team, _, _ := strings.Cut(address, ":")
	for _, b := range mine {
		switch {
		case b.Address == address || !strings.HasPrefix(b.Address, team+":"):
		case b.How == access.ByFile:
			return invalid("if it is yours, ask an operator to write it into the people file instead of the other; if somebody sent you the link, tell them", "another account of that workspace is yours by the people file")
		default:
			return invalid("if both are yours, unlink the other one first on your own page; if somebody sent you the link, tell whoever runs gangway", "another account of that workspace is linked to you already")
		}
	}
	return nil
}

// Ticket is what a button's value or a link leads to: an error with a NotFound
// method where this deployment never sent it.
func (d *Desk) Ticket(ctx context.Context, ticket string) (access.Ticket, error) {
	t, err := d.store.TicketBy(ctx, access.Hash(ticket))
	if err != nil {
		return access.Ticket{}, fmt.Errorf("looking what a ticket is for: %w", err)
	}
	return t, nil
}

// deadPairingError is one error for every link to pair an address that is no good.
type deadPairingError struct{}

// Error says so.
func (deadPairingError) Error() string { return "this link was used, has ended, or is none of ours" }

// NotFound marks the error for channels that know only the small interface.
func (deadPairingError) NotFound() bool { return true }

// Hint says what to do.
func (deadPairingError) Hint() string {
	return "a link works once and for ten minutes; ask for a new one in the chat, such as with /vendor waiting"
}

// noPairingError says that accounts can't be linked here.
type noPairingError struct{}

// Error says so.
func (noPairingError) Error() string { return "accounts can't be linked here" }

// Hint says whom to ask.
func (noPairingError) Hint() string {
	return "tell whoever runs gangway: it needs a public address and its access key; `gangway doctor` says what is missing"
}
