package desk

import (
	"strings"
	"testing"

	"gangway/internal/access"
	"gangway/internal/playbook"
)

// TestAReceiverWhoLeft: somebody who is none of their vendor's people any more is out by
// every door at once, and the process that asks them hears that they left.
func TestAReceiverWhoLeft(t *testing.T) {
	t.Parallel()
	for name, leaves := range map[string]func(*handingOn) error{
		"the owner of their own case says so": func(h *handingOn) error {
			return h.desk.EndContact(h.t.Context(), from("olga"), "onboarding/zeta/1", h.zoe.ID)
		},
		"she says so": func(h *handingOn) error {
			return h.desk.NotMe(h.t.Context(), portal(h.zoe), "n-1", h.shown, "Ask Zed.")
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHandingOn(t)
			ctx := t.Context()
			secret := h.link(h.zoe, h.shown)
			session := h.enters(secret)
			ok(t, leaves(h))
			same(t, "the link", access.Welcome{}, must[access.Welcome](t)(h.desk.PortalLook(ctx, secret)))
			missing(t, second3(h.desk.PortalEnter(ctx, secret, "x")))
			missing(t, second(h.desk.PortalIn(ctx, session)))
			missing(t, second(h.desk.PortalTasks(ctx, portal(h.zoe))))
			missing(t, second(paperOf(h.desk.ReceivedText(ctx, portal(h.zoe), h.shown, h.written))))
			missing(t, second(paperOf(h.desk.ReceivedDocument(ctx, portal(h.zoe), h.received, h.written))))
			missing(t, second(h.desk.PortalUpload(ctx, portal(h.zoe), h.shown, "x.txt", "text/plain", strings.NewReader("x"))))
			if out := h.answers(h.signs("late")); out.OK() {
				t.Errorf("she is heard: %+v", out)
			}
			h.delivers()
			told := 0
			for _, c := range h.transfer.people {
				for _, p := range c.People {
					if p.ID == h.zoe.ID && !p.Active {
						told++
					}
				}
			}
			same(t, "the transfer was told that she left", 1, told)
			for _, c := range h.exit.people { // which asked her nothing
				if len(c.People) > 0 && c.People[0].ID == h.zoe.ID {
					t.Errorf("the exit was told of her: %+v", c)
				}
			}
		})
	}
}

// TestLinksOfAReceiverAreRevoked by whoever looks after their own vendor's people: those
// into what they receive, too, with the visits that began there.
func TestLinksOfAReceiverAreRevoked(t *testing.T) {
	t.Parallel()
	h := newHandingOn(t)
	ctx := t.Context()
	secret := h.link(h.zoe, h.shown)
	session := h.enters(secret)
	missing(t, second(h.desk.RevokeLinks(ctx, from("olga"), "exit/acme/1", h.zoe.ID))) // no contact of theirs
	same(t, "in", h.zoe.ID, must[playbook.Contact](t)(h.desk.PortalIn(ctx, session)).ID)
	same(t, "of a colleague", 0, must[int](t)(h.desk.RevokeLinks(ctx, from("olga"), "onboarding/zeta/1", h.zed.ID)))
	same(t, "links", 1, must[int](t)(h.desk.RevokeLinks(ctx, from("olga"), "onboarding/zeta/1", h.zoe.ID)))
	same(t, "the link", access.Welcome{}, must[access.Welcome](t)(h.desk.PortalLook(ctx, secret)))
	missing(t, second(h.desk.PortalIn(ctx, session)))
	same(t, "again", 0, must[int](t)(h.desk.RevokeLinks(ctx, from("olga"), "onboarding/zeta/1", h.zoe.ID)))
}
