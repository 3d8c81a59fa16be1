package web

import (
	"context"
	"slices"
	"time"

	"gangway/internal/access"
	"gangway/internal/review"
)

// slackLink is a link out of the chat.
const slackLink = "slacklinkaaaaaaaaaaaaaaaaa"

// chatroom is what a recorder knows of accounts of the chat.
type chatroom struct {
	pairing  access.Pairing // of slackLink
	bindings []access.Binding
	confirm  error // what confirming comes to
}

func newChatroom() chatroom {
	return chatroom{
		pairing: access.Pairing{ID: "pairing-1", Channel: "slack", Address: "T01:U0NEW", Name: "lena (she)", Made: today(), Until: today().Add(access.PairingFor)},
		bindings: []access.Binding{{Channel: "slack", Address: "T01:U0LENA", Person: "lena", How: access.ByMail, Made: today().Add(-time.Hour)},
			{Channel: "slack", Address: "T01:U0FILE", Person: "lena", How: access.ByFile, Made: today().Add(-time.Hour)},
			{Channel: "slack", Address: "T01:U0OLA", Person: "ola", How: access.ByLink, Made: today().Add(-time.Hour)}}}
}

func (d *recorder) Pairing(_ context.Context, secret string) (access.Pairing, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if secret != slackLink || !d.chat.pairing.Used.IsZero() {
		return access.Pairing{}, notThere{"link"}
	}
	return d.chat.pairing, d.stop
}

func (d *recorder) ConfirmPairing(_ context.Context, who review.Address, secret string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.did("pair %s %s", who.ID, secret)
	switch {
	case d.chat.confirm != nil:
		return d.chat.confirm
	case secret != slackLink || !d.chat.pairing.Used.IsZero():
		return notThere{"link"}
	}
	d.chat.pairing.Used = today()
	d.chat.bindings = append(d.chat.bindings, access.Binding{Channel: "slack", Address: d.chat.pairing.Address, Person: who.ID, How: access.ByLink, Made: today()})
	return nil
}

func (d *recorder) Bindings(_ context.Context, who review.Address) ([]access.Binding, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(d.chat.bindings), func(b access.Binding) bool { return b.Person != who.ID }), d.stop
}

func (d *recorder) Unbind(_ context.Context, who review.Address, address string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	i := slices.IndexFunc(d.chat.bindings, func(b access.Binding) bool { return b.Person == who.ID && b.Address == address })
	if i < 0 {
		return notThere{"account of yours"}
	}
	d.did("unbind %s %s", who.ID, address)
	d.chat.bindings = slices.Delete(d.chat.bindings, i, i+1)
	return nil
}
