package workflows

import (
	"cmp"
	"slices"
	"time"

	"go.temporal.io/sdk/workflow"

	"gangway/activities"
	"gangway/internal/custody"
	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/exit"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// How repositories go over: copied, restored from the copy, by a person too where the
// playbook says so, then transferred and watched to the real end.
const (
	moveKeep     = "keep"
	moveRestore  = "restore"
	moveDrill    = "drill"
	moveTransfer = "transfer"
	moveStand    = "stand"
)

// A transfer is looked at so often, and for so long: whoever has to accept one by mail has
// a day, as GitHub says, and a day of grace.
const (
	standEvery = 30 * time.Minute
	standFor   = 48 * time.Hour
)

// evidenceDocument is the name under which what is known of repositories is filed.
const evidenceDocument = "repositories"

// moving is how far the repositories of a list have come.
type moving struct {
	at     string
	pieces []*piece
	// running: an activity does it, came that it ended, with out or err.
	running, came bool
	out           activities.RepositoriesOut
	err           error
	// since is when the transfer was asked for, look when it is looked at again.
	since, look time.Time
	drill       *asked
}

// movable reports whether a list goes over by calls: somebody listed what its
// repositories are called.
func (h *handingOver) movable(l *assetList) bool {
	return l.kind == exit.AssetRepository && !l.counted && h.listOf(l) != ""
}

// listOf is the digest of the document that names a list's repositories.
func (h *handingOver) listOf(l *assetList) string {
	return cmp.Or(l.named, h.in.Repositories, h.in.Plan)
}

// moveOn brings a list's repositories one step further.
func (h *handingOver) moveOn(ctx workflow.Context, l *assetList) (again bool) {
	m := l.move
	switch {
	case m == nil:
		there := l.of(pieceThere)
		if len(there) == 0 || h.awaits && h.listOf(l) == h.in.Repositories {
			return false // who copies them says so
		}
		if l.evidence == "" {
			l.evidence = h.known
		}
		for _, x := range there {
			x.at = pieceAsked
		}
		l.move = &moving{at: moveKeep, pieces: there}
		h.call(ctx, l)
	case m.came:
		m.came = false
		h.moved(ctx, l)
		return true
	case m.running:
	case m.at == moveDrill:
		return h.drilled(ctx, l)
	case m.at == moveStand:
		if h.now(ctx).Before(m.look) {
			h.wakeAt(m.look)
			return false
		}
		h.call(ctx, l)
	}
	return false
}

// wakeAt has the part looked at again at an instant, if nothing wakes it sooner.
func (p *passing) wakeAt(at time.Time) {
	if p.wake.IsZero() || at.Before(p.wake) {
		p.wake = at
	}
}

// call does the step at which a list is.
func (h *handingOver) call(ctx workflow.Context, l *assetList) {
	m := l.move
	in := activities.RepositoriesIn{List: h.listOf(l), Evidence: l.evidence}
	for _, x := range m.pieces {
		in.Assets = append(in.Assets, x.asset.ID)
	}
	m.running = true
	h.beside(ctx, "repositories", func(ctx workflow.Context) {
		switch m.at {
		case moveKeep:
			m.out, m.err = call(ctx, onRepositories("copies of the repositories"), actKeepRepositories, acts.KeepRepositories, in)
		case moveRestore:
			m.out, m.err = call(ctx, onRepositories("copies restored"), actRestoreRepositories, acts.RestoreRepositories, in)
		case moveTransfer:
			m.out, m.err = call(ctx, onRepositories("repositories transferred"), actTransferRepositories, acts.TransferRepositories, in)
		default:
			m.out, m.err = call(ctx, onRepositories("where the repositories are"), actRepositoriesStand, acts.RepositoriesStand, in)
		}
		m.running, m.came = false, true
	})
}

// moved takes what a step came to: what did not go on is stuck, the rest goes on.
func (h *handingOver) moved(ctx workflow.Context, l *assetList) {
	m := l.move
	if m.err == nil && m.out.Evidence != "" && m.out.Evidence != l.evidence {
		l.evidence = m.out.Evidence
		h.files++
		h.note(ctx, dossier.DocumentFiled, "", "", nil, &dossier.Detail{Name: evidenceDocument, Document: l.evidence, Version: h.files})
	}
	var on, open, unlisted []*piece
	for _, x := range m.pieces {
		i := slices.IndexFunc(m.out.Repositories, func(s activities.RepositoryStanding) bool { return s.Asset == x.asset.ID })
		switch {
		case m.err != nil || i < 0:
			x.at, x.why, x.matter.Why = pieceStuck, whyNotMoved, "away"
		case m.out.Repositories[i].State == exit.StateDone:
			on = append(on, x)
		case m.at == moveKeep && m.out.Repositories[i].Why == custody.WhyNotListed:
			unlisted = append(unlisted, x)
		case m.out.Repositories[i].State == exit.StateOpen && (m.at == moveTransfer || m.at == moveStand) && h.watched(ctx, m):
			open = append(open, x)
		default:
			s := m.out.Repositories[i]
			x.at, x.why, x.matter.Why = pieceStuck, whyNotMoved, cmp.Or(string(s.Why), m.at)
		}
	}
	switch m.at {
	case moveKeep:
		h.goOn(ctx, l, moveRestore, on)
		h.askOf(l, unlisted)
	case moveRestore:
		if h.first(exit.DoesRestore) != nil {
			m.at, m.pieces = moveDrill, on
			if len(on) == 0 {
				l.move = nil
			}
			return
		}
		h.restored(l, on)
		h.goOn(ctx, l, moveTransfer, on)
	default:
		for _, x := range on {
			x.at, x.why, x.matter.Why, x.matter.Document = pieceHanded, "", "", l.evidence
			h.repeat = true
		}
		m.at, m.pieces, m.look = moveStand, open, h.now(ctx).Add(standEvery)
		if len(open) == 0 {
			l.move = nil
		}
	}
}

// restored notes that copies of repositories were restored, as the playbook wants it.
func (h *handingOver) restored(l *assetList, on []*piece) {
	for _, x := range on {
		x.restored = l.evidence
	}
}

// askOf has repositories handed over by whoever has them, as everything else is: somebody
// counted them, or wrote them down by words that are no name, and nothing can be called
// for them.
func (h *handingOver) askOf(l *assetList, unlisted []*piece) {
	if len(unlisted) == 0 {
		return
	}
	for _, x := range unlisted {
		x.at, x.why = pieceThere, ""
	}
	if len(unlisted) == len(l.pieces) {
		l.counted = true
		return
	}
	l.pieces = slices.DeleteFunc(l.pieces, func(x *piece) bool { return slices.Contains(unlisted, x) })
	h.addList(&assetList{kind: l.kind, receiver: l.receiver, named: l.named, counted: true, pieces: unlisted})
}

// watched reports whether a transfer that is under way is still watched.
func (h *handingOver) watched(ctx workflow.Context, m *moving) bool {
	if m.since.IsZero() {
		m.since = h.now(ctx)
	}
	return h.now(ctx).Sub(m.since) < standFor
}

// goOn does the next step with what is left.
func (h *handingOver) goOn(ctx workflow.Context, l *assetList, next string, on []*piece) {
	if len(on) == 0 {
		l.move = nil
		return
	}
	l.move.at, l.move.pieces = next, on
	h.call(ctx, l)
}

// drilled has a person restore what was copied, before anything is transferred.
func (h *handingOver) drilled(ctx workflow.Context, l *assetList) (again bool) {
	m := l.move
	if m.drill == nil {
		m.drill = h.open(ctx, question{step: l.listed(*h.first(exit.DoesRestore), m.pieces)})
		return false
	}
	if !h.met(ctx, m.drill) {
		return false
	}
	h.shut(ctx, m.drill, review.Met, "decided")
	h.fileSheets(ctx, m.drill)
	var on []*piece
	for _, x := range m.pieces {
		if saidYes(m.drill.req, x.asset.ID) {
			on, x.restorers = append(on, x), makers(m.drill.req)
		} else {
			x.at, x.why, x.matter.Why = pieceStuck, whyNotMoved, "not-restored"
		}
	}
	h.restored(l, on)
	h.goOn(ctx, l, moveTransfer, on)
	return true
}

// secondLook is the inventory that is taken once more where repositories are now: what
// belonged to the vendor's people has come along with them.
type secondLook struct {
	charge
	needed, running, came, waiving bool
	out                            activities.InventoryOut
	err                            error
	matter                         exit.Matter
}

// lookAround takes the inventory again once all lists have come over. It reports whether
// something changed, and whether it is still open.
func (h *handingOver) lookAround(ctx workflow.Context) (again, open bool) {
	x := &h.second
	switch {
	case x.came:
		x.came = false
		x.matter.State, x.matter.Document, x.matter.Why, x.matter.Found = exit.StateDone, x.out.Evidence, "", 0
		for _, n := range x.out.Counts {
			x.matter.Found += n.Found
		}
		if x.err != nil || x.out.Evidence == "" {
			x.matter.State, x.matter.Why = exit.StateNotCheckable, "not-set-up"
			h.want(ctx, &x.charge, whyNotSeen, playbook.AskAgain, playbook.Waive)
		}
		h.settled(ctx, x.matter)
		return true, true
	case x.running:
		return false, true
	case x.waiving:
		until, document := h.waive(ctx, &x.charge)
		if until.IsZero() {
			return false, true
		}
		x.waiving = false
		x.matter.State, x.matter.By, x.matter.Until, x.matter.Answer, x.matter.Document = exit.StateWaived, x.reason.Person, until, x.reason.Answer, document
		h.settled(ctx, x.matter)
		return true, false
	case x.chore != nil && x.chore.req.Closed == nil:
		b := h.chosen(ctx, &x.charge)
		if b == nil {
			return false, true
		}
		if b.Verdict == playbook.Waive {
			x.reason, x.waiving = *b, true
			return true, true
		}
	case !h.repeat || h.in.Roster == "":
		return false, false
	}
	h.repeat, x.needed, x.running = false, true, true
	in := activities.InventoryIn{Roster: h.in.Roster, Plan: h.in.Plan}
	h.beside(ctx, "inventory", func(ctx workflow.Context) {
		x.out, x.err = call(ctx, onRepositories("inventory on the new side"), actInventory, acts.Inventory, in)
		x.running, x.came = false, true
	})
	return false, true
}

// lapse brings back what was waived until a day that has come, and has the part woken for
// the next of those days.
func (p *passing) lapse(ctx workflow.Context, m *exit.Matter) bool {
	if m.State != exit.StateWaived {
		return false
	}
	if m.Until.After(p.now(ctx)) {
		p.wakeAt(m.Until)
		return false
	}
	p.result.Expiries = slices.DeleteFunc(p.result.Expiries, func(e engagement.Expiry) bool { return e.Document == m.Document })
	why := m.Why
	*m = p.matter(m.Name)
	m.State, m.Why = exit.StateFailed, why
	p.settled(ctx, *m)
	return true
}
