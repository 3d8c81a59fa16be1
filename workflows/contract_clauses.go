package workflows

import (
	"slices"
	"time"

	"go.temporal.io/sdk/workflow"

	"gangway/activities"
	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// What became of the points of a pack, as the record says it.
const (
	clausesFound   = "found"
	clausesMissing = "missing"
	clausesCarried = "carried"
	clausesTouched = "touched"
	clausesWanted  = "wanted"
)

// pack is a pack of clauses that somebody looks for in the contract, beside its
// review.
type pack struct {
	step  playbook.Step
	ask   *asked // the newest checklist, nil where nothing is left to look for
	lines []clauseLine
}

// clauseLine is where one point of a pack stands.
type clauseLine struct {
	point engagement.Point
	is    clauseState
	// version and places are where it was found: the version in which they stand.
	version int
	places  []string
	on      time.Time // the date that was found, of a dated point
	// until is when the waiver ends, by who waived it.
	until time.Time
	by    string
}

// clauseState is what is known of a point.
type clauseState int

const (
	clauseSought  clauseState = iota // nobody has said
	clauseFound                      // located, and confirmed by who looked; or optional and not there
	clauseMissing                    // not there, and the owner has not said what follows
	clauseWaived
	clauseWanted // not there: the vendor is asked for it
)

// lacks reports whether the owner still has to say something of the point. A waiver
// that ran out before the contract was signed is none.
func (l clauseLine) lacks(now time.Time) bool {
	return l.is == clauseMissing || l.is == clauseWaived && !l.until.After(now)
}

// open reports whether somebody is being asked.
func (k *pack) open() bool { return k.ask != nil && k.ask.req.Closed == nil }

// waivable reports whether the owner may do without a clause: where any point of the
// pack says so for itself, the others may not be lacking.
func (k *pack) waivable(p engagement.Point) bool {
	if slices.ContainsFunc(k.lines, func(l clauseLine) bool { return l.point.Waivable }) {
		return p.Waivable
	}
	return k.step.Policy.Waivable
}

// packsOf are the packs that the vendor's tier has.
func (p *process) packsOf() []*pack {
	var packs []*pack
	for _, s := range p.in.Steps {
		if s.Process != playbook.Contract || s.Does != playbook.DoesClauses || !s.Applies(p.in.Tier) {
			continue
		}
		packs = append(packs, newPack(s))
	}
	return packs
}

func newPack(s playbook.Step) *pack {
	k := &pack{step: s}
	for _, point := range s.Points {
		k.lines = append(k.lines, clauseLine{point: point})
	}
	return k
}

// soughtIn is what a version is searched for, and where it was found before.
func soughtIn(of []*pack) []activities.Pack {
	var packs []activities.Pack
	for _, k := range of {
		in := activities.Pack{Step: k.step.ID}
		for _, l := range k.lines {
			in.Points = append(in.Points, engagement.Point{ID: l.point.ID, Kind: l.point.Kind, Cues: l.point.Cues})
			if l.is == clauseFound {
				in.Found = append(in.Found, activities.FoundPlaces{Point: l.point.ID, Version: l.version, Places: l.places})
			}
		}
		packs = append(packs, in)
	}
	return packs
}

// askPacks asks for whatever a new version leaves to be looked for: all of it in the
// first, later what has other words, and what was missing and not waived.
func (c *contractReview) askPacks(ctx workflow.Context, v review.Version, found []activities.PackPlaces) {
	if c.chore != nil && c.chore.step.ID == playbook.ChoreClauses { // it is about the version before
		c.want(ctx, "")
	}
	for i, k := range c.packs {
		if k.ask != nil {
			c.shut(ctx, k.ask, k.ask.req.Tally(c.now(ctx)).State, "superseded")
		}
		k.ask = nil
		var carried, touched []string
		var points []engagement.Point
		for j := range k.lines {
			l := &k.lines[j]
			if kept(l, found[i], v.Number, c.now(ctx)) {
				carried = append(carried, l.point.ID)
				continue
			}
			if l.is == clauseFound {
				touched = append(touched, l.point.ID)
			}
			*l = clauseLine{point: l.point}
			point := l.point
			point.Cues, point.Proposed = nil, placesOf(found[i].Proposed, l.point.ID)
			points = append(points, point)
		}
		c.noteClauses(ctx, k, v.Number, clausesCarried, carried, review.Ballot{})
		c.noteClauses(ctx, k, v.Number, clausesTouched, touched, review.Ballot{})
		if len(points) == 0 {
			continue
		}
		k.ask = c.open(ctx, question{step: k.step, document: ContractDocument, points: points,
			versions: []review.Version{{Number: v.Number, Document: v.Document, At: v.At}}})
	}
}

// kept reports whether what is known of a point holds for the new version too, and
// says where it stands there.
func kept(l *clauseLine, found activities.PackPlaces, version int, now time.Time) bool {
	switch l.is {
	case clauseWaived:
		return l.until.After(now)
	case clauseFound:
		i := slices.IndexFunc(found.Carried, func(p activities.PointPlaces) bool { return p.Point == l.point.ID })
		if i < 0 || slices.Contains(found.Touched, l.point.ID) {
			return false
		}
		l.version, l.places = version, found.Carried[i].Places
		return true
	default:
		return false
	}
}

func placesOf(all []activities.PointPlaces, point string) []string {
	i := slices.IndexFunc(all, func(p activities.PointPlaces) bool { return p.Point == point })
	if i < 0 {
		return nil
	}
	return all[i].Places
}

// takePack takes what was found in one pack that has been answered, and reports
// whether there was one.
func (c *contractReview) takePack(ctx workflow.Context) bool {
	for _, k := range c.packs {
		if !k.open() || k.ask.req.Tally(c.now(ctx)).State != review.Met {
			continue
		}
		c.shut(ctx, k.ask, review.Met, "decided")
		ballots := standing(k.ask.req)
		var found, missing, wanted []string
		for i := range k.lines {
			l := &k.lines[i]
			if !slices.ContainsFunc(k.ask.req.Points, func(p engagement.Point) bool { return p.ID == l.point.ID }) {
				continue
			}
			l.take(ballots, k.ask.req.Current())
			switch {
			case l.is == clauseFound:
				found = append(found, l.point.ID)
			case c.approved == nil && !k.waivable(l.point): // nobody may do without it
				l.is = clauseWanted
				wanted = append(wanted, l.point.ID)
			default:
				missing = append(missing, l.point.ID)
			}
		}
		version := k.ask.req.Current()
		c.noteClauses(ctx, k, version, clausesFound, found, ballots[0])
		c.noteClauses(ctx, k, version, clausesMissing, missing, ballots[0])
		c.noteClauses(ctx, k, version, clausesWanted, wanted, ballots[0])
		return true
	}
	return false
}

// take sets what people found: a point that one of them did not find is missing.
func (l *clauseLine) take(ballots []review.Ballot, version int) {
	*l = clauseLine{point: l.point, is: clauseFound, version: version}
	if len(engagement.Lacking([]engagement.Point{l.point}, nil)) == 0 { // optional: it need not be there
		l.gather(ballots)
		return
	}
	for _, b := range ballots {
		if len(engagement.Lacking([]engagement.Point{l.point}, b.Findings)) > 0 {
			*l = clauseLine{point: l.point, is: clauseMissing, version: version}
			return
		}
	}
	l.gather(ballots)
}

func (l *clauseLine) gather(ballots []review.Ballot) {
	for _, b := range ballots {
		for _, f := range b.Findings {
			if f.Point != l.point.ID {
				continue
			}
			for _, place := range f.Places {
				if !slices.Contains(l.places, place) {
					l.places = append(l.places, place)
				}
			}
			if !f.On.IsZero() && (l.on.IsZero() || f.On.Before(l.on)) {
				l.on = f.On
			}
		}
	}
}

// missing are the points for which the owner has to say what follows, as lines of
// ChoreClauses, with the packs and lines that they stand for.
func (c *contractReview) missing(ctx workflow.Context) (points []engagement.Point, of []*clauseLine, packs []*pack) {
	for _, k := range c.packs {
		for i := range k.lines {
			l := &k.lines[i]
			if k.open() || !l.lacks(c.now(ctx)) {
				continue
			}
			points = append(points, engagement.Point{ID: k.step.ID + "-" + l.point.ID, Title: l.point.Title, Ask: l.point.Ask, Source: l.point.Source, Dated: true})
			of, packs = append(of, l), append(packs, k)
		}
	}
	return points, of, packs
}

// settleClauses acts on what the owner said of missing clauses: a date in the future
// waives one until then, anything else asks the vendor for it. Where the text is
// settled already there is no vendor to ask, and it is put to the owner again.
func (c *contractReview) settleClauses(ctx workflow.Context, b review.Ballot) {
	now := c.now(ctx)
	points, of, packs := c.missing(ctx)
	for i, l := range of {
		at := slices.IndexFunc(b.Findings, func(f engagement.Finding) bool { return f.Point == points[i].ID })
		switch {
		case at < 0: // it came after the owner was asked
		case b.Findings[at].On.After(now):
			l.is, l.until, l.by = clauseWaived, b.Findings[at].On, b.Person
			c.note(ctx, dossier.ClauseWaived, b.Person, b.Answer, nil, &dossier.Detail{Step: packs[i].step.ID, Version: l.version,
				Points: []string{l.point.ID}, Ends: l.until, Written: b.Written})
		case c.approved == nil && b.Findings[at].On.IsZero():
			l.is = clauseWanted
			c.noteClauses(ctx, packs[i], l.version, clausesWanted, []string{l.point.ID}, b)
		}
	}
}

// wanted are the clauses that the vendor is asked for, as what is expected of the next
// version.
func (c *contractReview) wanted() []engagement.Point {
	var points []engagement.Point
	for _, k := range c.packs {
		for _, l := range k.lines {
			if l.is == clauseWanted {
				points = append(points, engagement.Point{ID: k.step.ID + "-" + l.point.ID, Title: l.point.Title, Ask: l.point.Ask, Source: l.point.Source})
			}
		}
	}
	return points
}

// looking reports whether a pack is still asked; in time leaves out those that are
// overdue, for which nobody waits who has something to send.
func (c *contractReview) looking(ctx workflow.Context, inTime bool) bool {
	return slices.ContainsFunc(c.packs, func(k *pack) bool {
		if !k.open() {
			return false
		}
		t := k.ask.req.Tally(c.now(ctx))
		if !inTime || t.Group >= len(k.ask.req.Clocks) {
			return true
		}
		due := k.ask.req.Clocks[t.Group].Due
		return due.IsZero() || c.now(ctx).Before(due)
	})
}

// noteClauses records what became of points of a pack.
func (c *contractReview) noteClauses(ctx workflow.Context, k *pack, version int, result string, points []string, b review.Ballot) {
	if len(points) == 0 {
		return
	}
	c.note(ctx, dossier.ClausesFound, b.Person, b.Answer, nil, &dossier.Detail{Step: k.step.ID, Version: version, Result: result, Points: points})
}

// expiries are the waivers, and the dates that people found in the text.
func (c *contractReview) clauseExpiries() []engagement.Expiry {
	var all []engagement.Expiry
	for _, k := range c.packs {
		for _, l := range k.lines {
			e := engagement.Expiry{ID: c.process.in.Process + ":" + k.step.ID + "/" + l.point.ID, Name: l.point.ID, Process: c.process.in.Process}
			switch {
			case l.is == clauseWaived:
				e.Kind, e.On, e.Person = engagement.ExpiryWaiver, l.until, l.by
			case l.is == clauseFound && l.point.Expires && !l.on.IsZero():
				e.Kind, e.On = k.step.Expiry, l.on
				if e.Kind == "" {
					e.Kind = engagement.ExpiryContract
				}
			default:
				continue
			}
			all = append(all, e)
		}
	}
	return all
}
