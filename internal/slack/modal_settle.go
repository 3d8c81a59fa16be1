package slack

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/slack-go/slack"

	"gangway/internal/dossier"
	"gangway/internal/exit"
	"gangway/internal/review"
)

// settles are the words by which it is said who does the work when a vendor is gone.
func settles() []exit.After {
	return []exit.After{exit.AfterReplaced, exit.AfterInHouse, exit.AfterEnds}
}

// isExit reports whether a case is an exit or its drill.
func isExit(id string) bool {
	return strings.HasPrefix(id, exit.PartExit+"/") || strings.HasPrefix(id, "drill/")
}

// settleModal asks who does the work when a vendor is gone, and why. Its metadata is the
// case.
func settleModal(c dossier.CaseView, vendor string, f review.Form) slack.ModalViewRequest {
	m := modalView(verbSettle, "Who does it then?", "Settle it")
	if len(c.ID) <= mostMetadata {
		m.PrivateMetadata = c.ID
	}
	if c.Rehearsal {
		m.add(section("🎭 *Rehearsal*: nothing here is real."))
	}
	m.add(section("*" + lower(vendor) + "* is being left. It can be settled until the point of no return, by whoever owns the case."))
	options := make([]*slack.OptionBlockObject, 0, len(settles()))
	for _, after := range settles() {
		options = append(options, choice(string(after), human(string(after)), ""))
	}
	m.add(input(blockField+"after", "Who does the work afterwards", "", false, oneOf(options, f.Name)))
	successor := ""
	if len(f.Values) > 0 {
		successor = f.Values[0]
	}
	m.add(input(blockField+"successor", "The vendor who takes over", "Where one does: the name or short name.", true, line(successor, mostInput)))
	m.add(input(blockInside, "Why", "For your own people. It is in the record.", false, lines(f.Inside, mostInput)))
	return m.ModalViewRequest
}

// readSettle reads the form. Who is named although nobody takes over is left out.
func readSettle(st *slack.ViewState) (review.Form, map[string]string) {
	a := answers{st: st}
	f := review.Form{Act: review.Settle, Name: a.one(blockField + "after"), Inside: a.text(blockInside)}
	successor := a.text(blockField + "successor")
	switch {
	case !slices.Contains(settles(), exit.After(f.Name)):
		a.fault(blockField+"after", "Choose one of them.")
	case exit.After(f.Name) == exit.AfterReplaced && successor == "":
		a.fault(blockField+"successor", "Name the vendor who takes over.")
	case exit.After(f.Name) == exit.AfterReplaced:
		f.Values = []string{successor}
	}
	if f.Inside == "" {
		a.fault(blockInside, review.NeedsReason.Sentence())
	}
	return f, a.faults
}

// openSettle opens the form for the exit that somebody named.
func (h *Handler) openSettle(ctx context.Context, v visitor, trigger, named string) error {
	c, err := h.findIn(ctx, v, named, func(c dossier.CaseView) bool { return isExit(c.ID) && c.State == dossier.Running })
	if err != nil {
		return err
	}
	if !isExit(c.ID) {
		return aside("That is no exit of a vendor. `/vendor cases` lists yours.")
	}
	return h.openModal(ctx, trigger, settleModal(c, h.desk.VendorName(ctx, c.Vendor), review.Form{}))
}

// settle gives to the desk who does the work then.
func (h *Handler) settle(ctx context.Context, v visitor, s submission) (Reply, error) {
	id := s.c.View.PrivateMetadata
	if !isExit(id) {
		return Reply{}, aside(sayForeign)
	}
	f, faults := readSettle(s.c.View.State)
	if len(faults) > 0 {
		return h.faults(faults), nil
	}
	f.ID, f.Process = s.id(), id
	out, err := h.desk.Act(ctx, f.ActFrom(v.address, s.now))
	if err != nil && wrong(err) && !barred(err) {
		return h.faults(map[string]string{blockField + "successor": label(capitalised(err.Error()), faultMost)}), nil
	}
	if err != nil {
		return Reply{}, fmt.Errorf("settling who comes after a vendor: %w", err)
	}
	see := " " + link(page(h.base, "/case", id), "See the case")
	switch {
	case out.Status == review.Pending:
		return h.result("Received", "It is kept, and delivered as soon as the case can be reached."+see), nil
	case !out.OK():
		return h.faults(map[string]string{blockInside: clampPlain(out.Refusal.Sentence(), faultMost)}), nil
	}
	return h.result("Settled", "It stands in the record with your reason."+see), nil
}
