package mail

import (
	"context"
	"fmt"

	"gangway/internal/access"
	"gangway/internal/outbox"
)

// word tells the case owner of what the vendor's people wrote, or of one of them
// who waits for a word. What they wrote stands on the page: a mail says only that
// there is something.
func (w *composer) word(ctx context.Context, l outbox.Letter) error {
	v, err := w.view(ctx, l.Case)
	if err != nil {
		return err
	}
	it := item{Case: v.ID, why: l.Why, Link: w.o.Address + "/case?id=" + escape(v.ID)}
	if it.Vendor, err = w.vendor(ctx, v.Vendor); err != nil {
		return err
	}
	it.Title, it.Outcome = saidByVendor(l.Why)
	for _, id := range l.Requests[:min(len(l.Requests), 1)] {
		r, err := w.o.Store.Request(ctx, id)
		if err != nil {
			return fmt.Errorf("reading the request that the vendor wrote about: %w", err)
		}
		it.Outcome = fmt.Sprintf("It is about %q. %s", textLine(r.Title, 200), it.Outcome)
	}
	w.c.items = append(w.c.items, it)
	return nil
}

// saidByVendor is what happened, and what the owner can do about it.
func saidByVendor(why string) (title, then string) {
	switch why {
	case outbox.WhyAskedBack:
		return "The vendor asks you something", "The question stands in the case. Answer it where you usually speak to them; nothing is decided by it, and what they were asked stays open."
	case outbox.WhyNotMe:
		return "A contact says that they are not the right person", "They are asked nothing any more. If nobody else of the vendor is known, name somebody in the case, or file the document yourself."
	case outbox.WhyWithdraws:
		return "The vendor says that it withdraws", "Their reason stands in the case. Nothing has ended by it, and what they were asked stays open: speak to them, and withdraw the case if it is so."
	case outbox.WhyProposed:
		return "A contact names a colleague of another domain", "They are asked nothing before you confirm them in the case. Make sure first that they belong to the vendor: call the contact whom you know."
	default:
		return "The vendor wrote by mail", "What they wrote was no delivery, and is kept as a comment in the case."
	}
}

// newLink gives a contact the link that they asked for.
func (w *composer) newLink(ctx context.Context, l outbox.Letter) (err error) {
	w.c.replyTo = ""
	w.c.link = w.o.Address + "/portal/" + w.o.Key.Link(l.Link)
	w.c.until = l.Made.Add(access.PortalLinkFor).In(zoneOf(w.who)).Format("2 January 2006")
	w.c.outside, err = w.outsider(ctx, l)
	return err
}
