package slack

import (
	"context"
	"fmt"

	"gangway/internal/outbox"
	"gangway/internal/playbook"
)

// What stands where nobody may read on: an account that was unlinked, perhaps
// since somebody else had it, or whose person left. It names nothing.
const (
	sayShut     = "🔒 *Not shown here any more*\nThis account is no longer linked to whoever was asked. If you are them, you find it on the web."
	sayShutHome = "🔒 *Nothing is shown here*\nThis account is not linked to anybody any more."
)

// shutCard stands in place of a card.
func shutCard() message {
	m := message{text: "Not shown here any more: this account is no longer linked to whoever was asked."}
	m.add(section(sayShut))
	return m
}

// stillTheirs reports whether a message stands in the conversation with somebody
// as who they are bound now.
func (a *App) stillTheirs(ctx context.Context, who playbook.Person, place outbox.Place) (bool, error) {
	if who.Left || who.Employer != "" {
		return false, nil
	}
	user, found, err := a.bound(ctx, who.ID)
	if err != nil || !found {
		return false, err
	}
	dm, err := a.o.Store.PlaceAt(ctx, place.Channel, dmStamp)
	if isMissing(err) { // whose conversation it is was forgotten
		return true, nil
	}
	if err != nil {
		return false, fmt.Errorf("looking whose conversation it is: %w", err)
	}
	return dm.Digest == user, nil
}

// clearHomes takes somebody's page from every account but the one that is theirs;
// empty: from all.
func (a *App) clearHomes(ctx context.Context, p outbox.Posting, theirs string) error {
	places, err := a.o.Store.Places(ctx, p.ID)
	if err != nil {
		return fmt.Errorf("looking who sees the page: %w", err)
	}
	for _, place := range places {
		if place.Stamp != homeStamp || place.Channel == theirs {
			continue
		}
		if err := a.mayCall(PublishView, ""); err != nil {
			return err
		}
		err := a.o.Client.PublishHome(ctx, place.Channel, plainHome(sayShutHome))
		if call, ok := callOf(err); err != nil && !(ok && (call.person() || call.NotFound())) {
			return err
		}
		place.Gone = true
		if err := a.o.Store.PutPlace(ctx, place); err != nil {
			return fmt.Errorf("keeping that a page is cleared: %w", err)
		}
	}
	return nil
}
