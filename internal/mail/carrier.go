package mail

import (
	"context"

	"gangway/internal/outbox"
)

// carrier takes mails from here on: a mail server, or SendGrid. One goroutine uses
// it.
type carrier interface {
	// reach makes ready to send, so that a carrier that is away costs no mail its
	// "sending". Its error's class is what is kept.
	reach(ctx context.Context) error
	// carry hands one mail over and says what became of it. Not nil: why the others
	// of the round would fare the same.
	carry(ctx context.Context, w *outgoing, t outbox.Try) (outbox.Settled, error)
	// check tries the carrier without sending anything. Its error has a Hint.
	check(ctx context.Context) error
	// rest ends what is open. Servers don't like idle connections.
	rest()
}

// Check tries what takes the mails, without sending anything. Its error has a
// Hint.
func (p *Post) Check(ctx context.Context) error {
	return p.carrier.check(ctx)
}

// byServer carries through a mail server.
type byServer struct {
	server Server
	line   *line // nil: none
}

func (b *byServer) reach(ctx context.Context) error {
	if b.line != nil && b.line.alive() {
		return nil
	}
	b.drop()
	var err error
	b.line, err = dial(ctx, b.server)
	return err
}

func (b *byServer) carry(ctx context.Context, w *outgoing, t outbox.Try) (outbox.Settled, error) {
	t.Phase, t.Code = b.line.send(ctx, w.envelope, w.to.Address, w.raw)
	s := t.Settle()
	if s.State != outbox.Sent { // the conversation may be anywhere
		b.drop()
	}
	return s, nil
}

func (b *byServer) drop() {
	if b.line != nil {
		b.line.drop()
		b.line = nil
	}
}

func (b *byServer) rest() {
	if b.line != nil {
		b.line.hangUp()
		b.line = nil
	}
}
