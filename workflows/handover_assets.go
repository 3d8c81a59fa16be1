package workflows

import (
	"cmp"
	"slices"
	"strconv"
	"time"

	"go.temporal.io/sdk/workflow"

	"gangway/internal/engagement"
	"gangway/internal/exit"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// mostListed is how many assets one request lists: a sheet has room for some lines of the
// playbook's besides (engagement.MaxSheetLines).
const mostListed = 150

// handingOver is an asset hand-over's own state.
type handingOver struct {
	*passing
	lists []*assetList
	// repeat: repositories came over with what belongs to them, second is the inventory
	// that is taken then. files counts what was filed of them.
	repeat bool
	second secondLook
	files  int
	// known is what another part knows of the repositories, awaits that it is about to say so.
	known  string
	awaits bool
	// more asks what else there is than the plan and the inventory name.
	more *asked
}

// assetList is the assets of one kind and receiver: one request each asks for all of them
// to be handed over, verified and taken.
type assetList struct {
	charge
	kind     exit.AssetKind
	receiver string
	pieces   []*piece
	// hand, verify and take are the list's requests, the newest of each; words is the
	// answer whose words for the vendor go with the next asking.
	hand, verify, take *asked
	words              string
	// move is where its repositories are on their way, evidence what is known of them, named
	// the list that was sent with them; empty: that of the part.
	move            *moving
	evidence, named string
	// counted: no list names its repositories, so that nothing can be called for them: whoever
	// has them is asked.
	counted bool
	// stuck are what the chore is about, waiving what the waiver is.
	stuck, waiving []*piece
}

// handedness is how far an asset has come.
type handedness string

const (
	pieceThere   handedness = ""        // whoever has it has it still
	pieceAsked   handedness = "asked"   // they are asked to hand it over
	pieceHanded  handedness = "handed"  // they say that they did
	pieceLooked  handedness = "looked"  // somebody is asked whether it works
	pieceGood    handedness = "good"    // it does
	pieceOffered handedness = "offered" // the receiver is asked to take it
	pieceTaken   handedness = "taken"
	pieceStuck   handedness = "stuck"
	pieceWaived  handedness = "waived"
)

// over reports whether nothing is left to do for the asset.
func (x handedness) over() bool { return x == pieceTaken || x == pieceWaived }

// piece is one asset on its way.
type piece struct {
	asset exit.Asset
	at    handedness
	// why it is stuck, or how it came otherwise than asked.
	why string
	// handed are who handed it over, or say that it was: others verify it.
	handed   []string
	verified string
	// restored is what is known of the repository since a copy of it was restored; empty:
	// none was. restorers are who did so by hand.
	restored  string
	restorers []string
	matter    exit.Matter
}

// AssetHandover hands over what the vendor has of the client's: each asset handed over,
// verified by somebody else, and taken by its receiver. Where a playbook has no step that
// verifies, whoever takes it looks whether it works, and did not hand it over. Assets of one kind and receiver
// are asked about together. It ends when nothing is left with the vendor but what somebody
// waived by name, with a reason and an end.
func AssetHandover(ctx workflow.Context, in ExitPartInput) (ExitPartResult, error) {
	if in.Order.Mode == exit.ModeDrill {
		return drillPart(ctx, in, exit.PartHandover)
	}
	h := &handingOver{passing: pass(ctx, in, exit.PartHandover)}
	h.known, h.awaits = in.Evidence, in.Copied
	h.add(in.Assets, "")
	h.takeAnew(in.Before)
	h.second = secondLook{charge: charge{id: "inventory"}, matter: h.matter("inventory")}
	err := h.hear(ctx)
	if err != nil {
		return ExitPartResult{}, err
	}
	if s := h.first(exit.DoesAssets); s != nil {
		h.more = h.open(ctx, question{step: *s})
	}
	err = h.loop(ctx)
	h.byTheirs()
	return h.finish(ctx, err, h.matters)
}

func (h *handingOver) loop(ctx workflow.Context) error {
	for h.result.Result == "" {
		again, err := h.step(ctx)
		if err != nil {
			return err
		}
		if again || h.result.Result != "" {
			continue
		}
		err = h.turn(ctx)
		if err != nil {
			return err
		}
	}
	return nil
}

// step looks at the state and does the next thing; again says that the state has to be
// looked at anew before sleeping.
func (h *handingOver) step(ctx workflow.Context) (again bool, err error) {
	h.wake = time.Time{}
	switch {
	case h.over(ctx):
		return false, nil
	case h.held != nil:
		return false, nil
	case len(h.news) > 0:
		n := h.news[0]
		h.news = h.news[1:]
		switch n.Word {
		case NewsAlone:
			h.alone = true
		case NewsCopied:
			h.known, h.awaits = n.Document, false
		case NewsSuccessor:
			h.succeeds(ctx, n.Successor)
		case NewsFound:
			h.add(n.Assets, n.Repositories)
		}
		return true, nil
	case h.met(ctx, h.more):
		h.shut(ctx, h.more, review.Met, "decided")
		h.fileSheets(ctx, h.more)
		h.add(foundIn(h.more.req), deliveredIn(h.more.req))
		return true, nil
	}
	for _, l := range h.lists {
		if h.bring(ctx, l) {
			return true, nil
		}
	}
	h.tellExit(ctx, slices.ContainsFunc(h.lists, func(l *assetList) bool { return silent(l.hand) && l.hand.step.AsksVendor() }))
	asking := h.more != nil && h.more.req.Closed == nil
	on := slices.ContainsFunc(h.lists, func(l *assetList) bool { return l.move != nil })
	if !on {
		again, open := h.lookAround(ctx)
		if again {
			return true, nil
		}
		on = open
	}
	if !asking && !on && !slices.ContainsFunc(h.pieces(), func(x *piece) bool { return !x.at.over() }) {
		h.result.Result = ResultDone
	}
	return false, nil
}

// foundIn are the assets that a form counts besides those that were known: a point whose
// id is a kind says how many of it. What they are called stands in its sheet.
func foundIn(r *review.Request) []exit.Asset {
	var all []exit.Asset
	for _, b := range standing(r) {
		for _, f := range b.Findings {
			kind := exit.AssetKind(f.Point)
			if f.Number == nil || !slices.Contains(exit.AssetKinds(), kind) {
				continue
			}
			for n := range min(*f.Number, mostListed) {
				all = append(all, exit.Asset{ID: "more-" + f.Point + "-" + strconv.FormatInt(n+1, 10), Kind: kind})
			}
		}
	}
	return all
}

// pieces are all assets, list by list.
func (h *handingOver) pieces() []*piece {
	var all []*piece
	for _, l := range h.lists {
		all = append(all, l.pieces...)
	}
	return all
}

// add puts assets on lists. One that is known is left where it is.
func (h *handingOver) add(assets []exit.Asset, named string) {
	known := h.pieces()
	fresh := slices.DeleteFunc(slices.Clone(assets), func(a exit.Asset) bool {
		return a.ID == "" || slices.ContainsFunc(known, func(x *piece) bool { return x.asset.ID == a.ID })
	})
	for _, g := range exit.Lists(fresh, mostListed) {
		l := &assetList{kind: g.Kind, receiver: g.Receiver, named: named}
		for _, a := range g.Assets {
			l.pieces = append(l.pieces, &piece{asset: a, matter: h.matter(a.ID)})
		}
		h.addList(l)
	}
}

// addList adds a list under the next id of its kind.
func (h *handingOver) addList(l *assetList) {
	n := 1
	for _, x := range h.lists {
		if x.kind == l.kind {
			n++
		}
	}
	l.id = string(l.kind)
	if n > 1 {
		l.id += "-" + strconv.Itoa(n)
	}
	h.lists = append(h.lists, l)
	h.changes++
}

// stepFor is the step of a purpose for a kind of assets: one that names the kind, else the
// first that names none. Staff are never the vendor's to hand over, nor are secrets, which
// are made anew.
func (h *handingOver) stepFor(does playbook.Purpose, kind exit.AssetKind) *playbook.Step {
	var general *playbook.Step
	for i := range h.in.Steps {
		s := &h.in.Steps[i]
		inside := kind == exit.AssetStaff || kind == exit.AssetSecret
		if s.Process != h.part || s.Does != does || !s.Applies(h.process.in.Tier) || inside && s.AsksVendor() {
			continue
		}
		if slices.Contains(s.Assets, kind) {
			return s
		}
		if len(s.Assets) == 0 && general == nil {
			general = s
		}
	}
	return general
}

// of are the list's assets that have come so far.
func (l *assetList) of(at handedness) []*piece {
	return slices.DeleteFunc(slices.Clone(l.pieces), func(x *piece) bool { return x.at != at })
}

// listed is a step as it is asked about some assets of a list: a line each.
func (l *assetList) listed(s playbook.Step, some []*piece) playbook.Step {
	s = about(s, l.id)
	named := func(p engagement.Point) bool {
		return slices.ContainsFunc(some, func(x *piece) bool { return x.asset.ID == p.ID })
	}
	s.Points = slices.DeleteFunc(slices.Clone(s.Points), named)
	for _, x := range some {
		s.Points = append(s.Points, engagement.Point{ID: x.asset.ID, Title: string(x.asset.Kind) + " " + x.asset.ID, Kind: engagement.PointYesNo})
	}
	return s
}

// matters are what became of every asset.
func (h *handingOver) matters() []exit.Matter {
	var all []exit.Matter
	for _, x := range h.pieces() {
		m := x.matter
		if !x.at.over() {
			m.Why = x.because()
			if x.at == pieceStuck {
				m.State = exit.StateFailed
			}
			if m.Why == "" {
				m.Why = cmp.Or(string(x.at), whyNotAsked)
			}
		}
		all = append(all, m)
	}
	if slices.ContainsFunc(h.lists, h.movable) {
		m := h.second.matter
		if !h.second.needed {
			m.State, m.Why = exit.StateNotNeeded, "none-moved"
			if h.in.Roster == "" {
				m.Why = "no-roster"
			}
		}
		all = append(all, m)
	}
	if len(all) == 0 {
		m := h.matter("assets")
		m.State, m.Why = exit.StateNotNeeded, "none-named"
		all = append(all, m)
	}
	return all
}

// taken notes that assets are the receiver's.
func (h *handingOver) taken(ctx workflow.Context, x *piece, b review.Ballot) {
	x.at = pieceTaken
	x.matter.State, x.matter.By, x.matter.Answer, x.matter.Why = exit.StateDone, cmp.Or(x.verified, b.Person), b.Answer, x.why
	h.settled(ctx, x.matter)
}

// filedWith notes a sheet that a list was answered with, and returns its digest.
func (h *handingOver) filedWith(ctx workflow.Context, a *asked) string {
	h.fileSheets(ctx, a)
	return deliveredIn(a.req)
}
