package desk

import (
	"strings"
	"testing"

	"gangway/internal/access"
	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/playbook"
	"gangway/internal/review"
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

// TestAReceiverWhoseVendorHasNotSigned: as long as their vendor's own case waits for the
// confidentiality agreement they see, have, send and say nothing of another's.
func TestAReceiverWhoseVendorHasNotSigned(t *testing.T) {
	t.Parallel()
	h := newHandingOn(t)
	ctx := t.Context()
	_, text, err := shelf{}.Playbook("whole")
	ok(t, err)
	h.engine.mu.Lock()
	for name, content := range map[string]string{"playbook": string(text), "intake": `{"data":["pupil"]}`} {
		paper := must[dossier.Paper](t)(h.store.Put(ctx, strings.NewReader(content), engagement.MaxDocument))
		h.next.say(h.clock.now(), dossier.Entry{Kind: dossier.DocumentFiled, Detail: &dossier.Detail{Name: name, Document: paper.Digest, Size: paper.Size, Media: paper.Media}})
	}
	h.next.say(h.clock.now(), dossier.Entry{Kind: dossier.TierSet, Detail: &dossier.Detail{Tier: 1}})
	h.flush(h.next)
	h.engine.mu.Unlock()
	same(t, "tasks", 0, len(h.tasks(h.zoe)))
	who := portal(h.zoe)
	_, said := h.desk.Answer(ctx, h.signs("early"))
	for door, err := range map[string]error{
		"the material":  second(paperOf(h.desk.ReceivedText(ctx, who, h.shown, h.written))),
		"as it is":      second(paperOf(h.desk.ReceivedDocument(ctx, who, h.received, h.written))),
		"uploading":     second(h.desk.PortalUpload(ctx, who, h.shown, "x.txt", "text/plain", strings.NewReader("x"))),
		"asking back":   h.desk.AskBack(ctx, who, "q-1", h.shown, "What?"),
		"an answer":     said,
		"a draft of it": h.desk.SaveDraft(ctx, who, h.shown, []byte("{}")),
	} {
		if !isInputError(err) || !strings.Contains(err.Error(), "confidentiality agreement") {
			t.Errorf("%s: %v", door, err)
		}
	}
	same(t, "what was opened", 0, len(h.opened()))
}

// TestANameAloneIsNotEnough: a request that has somebody of the next vendor in its seat by
// name, and says of no vendor or of another that it receives, is not there for them.
func TestANameAloneIsNotEnough(t *testing.T) {
	t.Parallel()
	for i, vendor := range []string{"", "eta", "acme"} {
		h := newHandingOn(t)
		id := h.wantsAs(h.transfer, "transfer-shown-area-3", func(r *review.Request) {
			r.Kind, r.Receiver, r.About, r.Given, r.Filers = review.Task, vendor, []string{"area-1"}, []string{h.written}, nil
			r.Policy.Groups[0].Seats[0] = review.Seat{ID: "owner", Role: review.NamedPrefix + h.zoe.ID, Mandatory: true}
			r.Seatings = []review.Seating{{Seat: "owner", Holders: []review.Holder{{Person: h.zoe.ID, Via: review.ViaRole, Since: r.Opened}}}}
		})
		same(t, "her tasks", 2, len(h.tasks(h.zoe)))
		missing(t, second(paperOf(h.desk.ReceivedText(t.Context(), portal(h.zoe), id, h.written))))
		missing(t, second(h.desk.PortalUploads(t.Context(), portal(h.zoe), id)))
		a := h.shows("n-" + string(rune('a'+i)))
		a.Request, a.Findings, a.Words = id, nil, nil
		if out := h.answers(a); out.OK() {
			t.Errorf("receiving is %q, and she is heard: %+v", vendor, out)
		}
	}
}
