package slack

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"gangway/internal/playbook"
	"gangway/internal/review"
)

// visitor is a member of the workspace who is known to be a person of ours.
type visitor struct {
	member
	address review.Address
	person  playbook.Person
	profile profile
}

// aside is a private answer instead of what somebody wanted: they are told it, in
// mrkdwn, and nothing is done.
type aside string

// Error is what they are told.
func (a aside) Error() string { return string(a) }

// asideOf is the private answer within an error.
func asideOf(err error) (string, bool) {
	var a aside
	ok := errors.As(err, &a)
	return string(a), ok
}

// identify finds out who a member is: by ids alone, and by what Slack says of
// them within the last minute. Guests, bots, people who left, of other workspaces
// and whoever is not linked get a private answer (aside). It fails closed: what
// can't be asked is an error.
func (h *Handler) identify(ctx context.Context, m member) (visitor, error) {
	p, err := h.client.Member(ctx, m.user)
	if err != nil {
		if missing(err) { // of another workspace, or of none
			return visitor{}, aside(sayOutsider)
		}
		return visitor{}, fmt.Errorf("asking Slack who somebody is: %w", err)
	}
	if p.Unfit != "" {
		h.log.Info("somebody who decides nothing here tried to", "team", m.team, "user", m.user, "kind", p.Unfit)
		return visitor{}, aside(sayOutsider)
	}
	// A command names the workspace that it was typed in, a click the user's.
	if !p.of(m.team, h.o.Teams) {
		h.log.Info("somebody of another workspace has the id of one of ours", "team", m.team, "user", m.user)
		return visitor{}, aside(sayOutsider)
	}
	v := visitor{member: m, address: h.client.address(p), profile: p}
	v.person, err = h.desk.Who(ctx, v.address)
	if missing(err) {
		known, knownErr := h.app.recognise(ctx, p)
		if knownErr != nil {
			return visitor{}, fmt.Errorf("looking who somebody new is: %w", knownErr)
		}
		if known {
			v.person, err = h.desk.Who(ctx, v.address)
		}
	}
	switch {
	case missing(err):
		return visitor{}, h.unlinked(ctx, v)
	case err != nil:
		return visitor{}, fmt.Errorf("looking for the person: %w", err)
	case v.person.Left:
		return visitor{}, aside(sayGone)
	case v.person.Employer != "":
		return visitor{}, aside(sayOutsider)
	}
	return v, nil
}

// unlinked offers the page on which somebody can say who they are.
func (h *Handler) unlinked(ctx context.Context, v visitor) error {
	url, err := h.desk.Pair(ctx, v.address, v.profile.Name)
	var limited interface{ Limited() bool }
	if errors.As(err, &limited) && limited.Limited() { // pressing again would help nobody
		return aside(sayNobody + " You have had several links to say who you are: open the newest, or come back later for another. Nothing was done.")
	}
	if err != nil {
		return fmt.Errorf("making a pairing link: %w", err)
	}
	return aside(sayNobody + " " + link(url, "Say who you are") + " (you sign in there), then press again. Nothing was done.")
}

// private refuses what was pressed in a channel that people of another
// organisation are in, or of which that can't be told: cards stand in the app's
// conversation with one person, whose id begins with D.
func (h *Handler) private(ctx context.Context, channel string) error {
	if channel == "" || strings.HasPrefix(channel, "D") {
		return nil
	}
	shared, err := h.client.IsShared(ctx, channel)
	if e, ok := callOf(err); ok && e.Permanent() { // not in it, or without the scope to see
		return aside(sayShared)
	}
	if err != nil {
		return fmt.Errorf("asking whether a channel is shared: %w", err)
	}
	if shared {
		return aside(sayShared)
	}
	return nil
}

// missing, barred and wrong say of what kind another room's error is.
func missing(err error) bool {
	var e interface{ NotFound() bool }
	return errors.As(err, &e) && e.NotFound()
}

func barred(err error) bool {
	var e interface{ Forbidden() bool }
	return errors.As(err, &e) && e.Forbidden()
}

func wrong(err error) bool {
	var e interface{ Invalid() bool }
	return errors.As(err, &e) && e.Invalid()
}

// wordsOf is what an error that is the sender's says to them, with what to do.
func wordsOf(err error) string {
	var (
		e interface {
			error
			Invalid() bool
		}
		hinted interface{ Hint() string }
	)
	if !errors.As(err, &e) {
		return ""
	}
	words := sentence(e.Error())
	if errors.As(err, &hinted) && hinted.Hint() != "" {
		words += " " + sentence(hinted.Hint())
	}
	return words
}

// sentence begins with a capital and ends with a full stop.
func sentence(words string) string {
	words = clean(words)
	if words == "" {
		return ""
	}
	first := []rune(words)
	words = strings.ToUpper(string(first[0])) + string(first[1:])
	if !strings.ContainsAny(words[len(words)-1:], ".!?") {
		words += "."
	}
	return words
}
