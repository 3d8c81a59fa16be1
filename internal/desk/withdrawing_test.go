package desk

import (
	"errors"
	"slices"
	"testing"

	"gangway/internal/calendar"
	"gangway/internal/dossier"
	"gangway/internal/outbox"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// TestAVendorSaysThatItWithdraws: it comes to the case with its reason and to the owner by
// letter, once; nothing ends by it, and only a contact whose task it is can say it.
func TestAVendorSaysThatItWithdraws(t *testing.T) {
	t.Parallel()
	l := newLobby(t)
	ctx := t.Context()
	other := l.opens("dpa/heron/1", calendar.Anchor{})
	theirs := l.wants(other, "deliver")
	before, letters := len(l.engine.calls), len(l.letters(outbox.Comment))
	for name, err := range map[string]error{
		"a contact who was not asked": l.desk.VendorWithdraws(ctx, portal(l.bob), "x-1", l.ask, "we are full"),
		"for another case":            l.desk.VendorWithdraws(ctx, portal(l.ann), "x-2", theirs, "we are full"),
		"what isn't asked":            l.desk.VendorWithdraws(ctx, portal(l.ann), "x-3", "dpa/acme/1:nothing.1", "we are full"),
		"one of the client's":         l.desk.VendorWithdraws(ctx, from("olga"), "x-4", l.ask, "we are full"),
	} {
		if !isNotFound(err) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := l.desk.VendorWithdraws(ctx, portal(l.ann), "x-5", l.ask, " \n"); !isInputError(err) {
		t.Errorf("without a reason: %v", err)
	}
	same(t, "nothing is noted", 0, len(l.notes()))
	same(t, "and nobody told", letters, len(l.letters(outbox.Comment)))

	for range 2 {
		ok(t, l.desk.VendorWithdraws(ctx, portal(l.ann), "w-1", l.ask, planted+" we have no people for it"))
	}
	same(t, "noted", []string{"acme.1 vendor-withdraws"}, l.notes())
	for _, x := range l.lines("dpa/acme/1") {
		if x.Entry.Answer == "w-1" {
			same(t, "why", planted+" we have no people for it", x.Body.Inside)
		}
	}
	same(t, "the owner is told", []string{"olga " + outbox.WhyWithdraws}, slices.Compact(l.letters(outbox.Comment)[letters:])) // one letter by its id
	v := must[dossier.CaseView](t)(l.store.Case(ctx, "dpa/acme/1"))
	same(t, "the case runs on", []any{dossier.Running, true}, []any{v.State, v.Request(l.ask).Closed == nil})
	same(t, "nothing went to its process", before, len(l.engine.calls))
	same(t, "the contact is who they were", playbook.ContactActive, l.contact(l.ann.ID).State)
	found := l.sends(l.ann, l.ask, "%PDF after all")
	same(t, "they may still answer", review.Counted, l.answers(delivers("d-1", l.ask, portal(l.ann), found.Document)).Status)

	a := act("w-2", "olga", review.Withdraw)
	a.Process = "dpa/acme/1"
	same(t, "the owner ends it", review.Counted, l.does(a).Status)
	l.engine.mu.Lock()
	l.root.say(l.clock.now(), dossier.Entry{Kind: dossier.CaseClosed, Detail: &dossier.Detail{Result: string(dossier.Ended)}})
	l.flush(l.root)
	l.engine.mu.Unlock()
	err := l.desk.VendorWithdraws(ctx, portal(l.ann), "w-3", l.ask, "really")
	if err == nil || !isInputError(err) && !isNotFound(err) && !errors.As(err, new(InputError)) {
		t.Errorf("from a case that ended: %v", err)
	}
	same(t, "noted once", 1, len(l.notes()))
}
