package desk

import (
	"context"
	"crypto/rand"
	"fmt"
	"strings"

	"gangway/internal/access"
	"gangway/internal/dossier"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// Why an address is no longer somebody's: words of the register.
const (
	unboundAsked  = "asked"  // they, or an operator, said so
	unboundLeft   = "left"   // they may do nothing here any more
	unboundFile   = "file"   // the people file, which named it, names it no longer
	unboundAccess = "access" // everything that lets them in was ended
)

// byMailPrefix begins the mark of an address that was bound by mail address.
const byMailPrefix = "bound-by-mail/"

// maxAddress bounds an address of the chat (bytes): two ids of Slack and a colon.
const maxAddress = 80

// bound is the person to whom an address of the chat is bound, and the revision
// of the people that was read.
func (d *Desk) bound(ctx context.Context, address string) (playbook.Person, int, error) {
	var none playbook.Person
	b, err := d.store.BindingBy(ctx, chat, address)
	if isNotFound(err) {
		return none, 0, unlinkedError{}
	}
	if err != nil {
		return none, 0, fmt.Errorf("looking up whose address this is: %w", err)
	}
	p, revision, err := d.store.Person(ctx, b.Person)
	if isNotFound(err) {
		return none, 0, unlinkedError{}
	}
	if err != nil {
		return none, 0, fmt.Errorf("looking up who is bound to an address: %w", err)
	}
	if void(b, p) != "" {
		return none, 0, unlinkedError{}
	}
	return p, revision, nil
}

// void says why a binding that stands in the tables is none: its person may do
// nothing here, or the people file named the address and was mended since. Empty:
// it counts.
func void(b access.Binding, p playbook.Person) string {
	switch {
	case !access.May(p, access.SignIn, nil):
		return unboundLeft
	case b.How == access.ByFile && !namedInFile(b, p):
		return unboundFile
	}
	return ""
}

// namedInFile reports whether the people file names an address as the person's: as
// a whole, or by its member alone. Which workspaces are ours the channel knows.
func namedInFile(b access.Binding, p playbook.Person) bool {
	_, member, _ := strings.Cut(b.Address, ":")
	return p.Slack != "" && (p.Slack == b.Address || p.Slack == member)
}

// Bind says that an address is a person's. Said again it changes nothing. An
// address that is somebody else's stays theirs until they give it up, and one
// that was bound by mail address is never bound so again: what the chat says of
// mail addresses counts once.
func (d *Desk) Bind(ctx context.Context, b access.Binding) error {
	b, stands, err := d.bindable(ctx, b)
	if err != nil || stands {
		return err
	}
	e := d.boundEntry(b)
	if b.How == access.ByMail {
		e.Answer = byMailPrefix + e.Detail.Digest
		_, before, err := d.store.AnswerLine(ctx, e.Answer)
		if err != nil {
			return fmt.Errorf("looking whether an address was bound before: %w", err)
		}
		if before {
			return invalid("link it from the chat: gangway answers there with the link", "this address was bound by its mail address once, and given up since")
		}
	}
	err = d.store.Bind(ctx, b, e)
	if err != nil {
		return fmt.Errorf("binding an address: %w", err)
	}
	return nil
}

// bindable is a binding as it may be made; stands: it is there already. What is
// in its way and is void goes.
func (d *Desk) bindable(ctx context.Context, b access.Binding) (_ access.Binding, stands bool, err error) {
	err = checkBinding(b)
	if err != nil {
		return b, false, err
	}
	p, _, err := d.store.Person(ctx, b.Person)
	if isNotFound(err) {
		return b, false, invalid("name somebody of the people file", "there is no person %.40q", b.Person)
	}
	if err != nil {
		return b, false, fmt.Errorf("looking up whom to bind: %w", err)
	}
	b.Made = d.now().UTC()
	switch void(b, p) {
	case unboundLeft:
		return b, false, invalid("only your own people who have not left decide in the chat", "%.40q can't be bound to an address", b.Person)
	case unboundFile:
		return b, false, invalid("write the member's id into the people file", "the people file doesn't name this address as that of %.40q", b.Person)
	}
	old, err := d.store.BindingBy(ctx, b.Channel, b.Address)
	if isNotFound(err) {
		return b, false, nil
	}
	if err != nil {
		return b, false, fmt.Errorf("looking whose address it is so far: %w", err)
	}
	whose, _, err := d.store.Person(ctx, old.Person)
	if err != nil && !isNotFound(err) {
		return b, false, fmt.Errorf("looking up whose address it is so far: %w", err)
	}
	why := void(old, whose)
	switch {
	case why != "":
		return b, false, d.unbind(ctx, "", old, why)
	case old.Person != b.Person:
		return b, false, takenError()
	}
	return b, true, nil
}

func takenError() error {
	return invalid("whoever it is unlinks it on their own page; an operator can end their access", "this address is somebody else's here")
}

func checkBinding(b access.Binding) error {
	if b.Channel != chat || !isChatAddress(b.Address) {
		return invalid("an address of the chat is the workspace's id and the member's, as in T0123:U4567", "%.40q is no address of the channel %.40q", b.Address, b.Channel)
	}
	switch b.How {
	case access.ByFile, access.ByMail, access.ByLink:
		return nil
	}
	return invalid("an address is bound by file, mail or link", "%.40q is no way to bind one", b.How)
}

// isChatAddress: two ids of capitals and digits. Names never look like that.
func isChatAddress(address string) bool {
	team, member, found := strings.Cut(address, ":")
	other := func(r rune) bool { return (r < 'A' || r > 'Z') && (r < '0' || r > '9') }
	return found && len(address) <= maxAddress && team != "" && member != "" && !strings.ContainsFunc(team+member, other)
}

// Bindings are the addresses of the chat that are the asking person's.
func (d *Desk) Bindings(ctx context.Context, who review.Address) ([]access.Binding, error) {
	p, err := d.client(ctx, who, access.SeeOwn)
	if err != nil {
		return nil, err
	}
	return d.bindingsOf(ctx, p)
}

// bindingsOf leaves out what counts no more.
func (d *Desk) bindingsOf(ctx context.Context, p playbook.Person) ([]access.Binding, error) {
	all, err := d.store.BindingsOf(ctx, chat, p.ID)
	if err != nil {
		return nil, fmt.Errorf("listing somebody's addresses: %w", err)
	}
	var list []access.Binding
	for _, b := range all {
		if void(b, p) == "" {
			list = append(list, b)
		}
	}
	return list, nil
}

// Unbind gives an address of one's own up. What the people file names an operator
// takes out of it: until then it would only be bound again.
func (d *Desk) Unbind(ctx context.Context, who review.Address, address string) error {
	p, err := d.client(ctx, who, access.SeeOwn)
	if err != nil {
		return err
	}
	mine, err := d.bindingsOf(ctx, p)
	if err != nil {
		return err
	}
	for _, b := range mine {
		switch {
		case b.Address != address:
		case b.How == access.ByFile:
			return invalid("ask an operator to take it out of the people file", "this address stands in the people file")
		default:
			return d.unbind(ctx, p.ID, b, unboundAsked)
		}
	}
	return dossier.NotFoundError{What: "address of yours"}
}

func (d *Desk) unbind(ctx context.Context, actor string, b access.Binding, why string) error {
	e := d.bindingEntry(dossier.Unbound, b)
	e.Actor, e.Detail.Result = actor, why
	err := d.store.Unbind(ctx, b.Channel, b.Address, e)
	if err != nil && !isNotFound(err) { // gone at this very moment
		return fmt.Errorf("unbinding an address: %w", err)
	}
	return nil
}

// unbindVoid ends the bindings of people that are none any more: channels that
// write to somebody look no further than the table.
func (d *Desk) unbindVoid(ctx context.Context, actor string, people []string) error {
	for _, id := range people {
		p, _, err := d.store.Person(ctx, id)
		if err != nil {
			return fmt.Errorf("looking up whose addresses may have ended: %w", err)
		}
		all, err := d.store.BindingsOf(ctx, chat, id)
		if err != nil {
			return fmt.Errorf("listing addresses that may have ended: %w", err)
		}
		for _, b := range all {
			if why := void(b, p); why != "" {
				err = d.unbind(ctx, actor, b, why)
			}
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// unbindAll ends what somebody else may have linked in a person's name, when
// everything that lets them in is ended. What the people file names stays: no
// stranger wrote it.
func (d *Desk) unbindAll(ctx context.Context, actor, person string) error {
	all, err := d.store.BindingsOf(ctx, chat, person)
	if err != nil {
		return fmt.Errorf("listing the addresses of whose access ends: %w", err)
	}
	for _, b := range all {
		if b.How == access.ByFile {
			continue
		}
		err = d.unbind(ctx, actor, b, unboundAccess)
		if err != nil {
			return err
		}
	}
	return nil
}

// boundEntry is the register's entry of a binding. By link its person did it.
func (d *Desk) boundEntry(b access.Binding) *dossier.Entry {
	e := d.bindingEntry(dossier.Bound, b)
	e.Detail.Result = b.How
	if b.How == access.ByLink {
		e.Actor = b.Person
	}
	return e
}

// bindingEntry has the address's digest: an auditor who has the address can hold
// it against it, and nobody else learns it.
func (d *Desk) bindingEntry(kind dossier.Kind, b access.Binding) *dossier.Entry {
	now := d.now().UTC().Round(0)
	return &dossier.Entry{ID: registerAccessID + string(kind) + "-" + rand.Text(), Case: dossier.Register, Process: dossier.Register, Kind: kind,
		At: now, CaseAt: now, Detail: &dossier.Detail{Channel: b.Channel, Person: b.Person, Digest: access.Hash(b.Channel + " " + b.Address)}}
}

// unlinkedError says that nobody is bound to an address of the chat.
type unlinkedError struct{}

// Error says so.
func (unlinkedError) Error() string { return "this account is not linked to anybody here" }

// NotFound marks the error for channels that know only the small interface.
func (unlinkedError) NotFound() bool { return true }

// Hint says what to do.
func (unlinkedError) Hint() string {
	return "link it once: gangway answers in the chat with a link, and you sign in behind it"
}
