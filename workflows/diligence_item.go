package workflows

import (
	"errors"
	"slices"
	"time"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"gangway/activities"
	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// proving is how far an item has come. The zero value waits for a delivery.
type proving string

const (
	itemAsked   proving = ""
	itemCame    proving = "came"   // it was delivered, and is taken in
	itemOdd     proving = "odd"    // the owner says what becomes of something odd
	itemJudged  proving = "judged" // people say whether it will do
	itemWaiving proving = "waiving"
	itemGood    proving = "good"
	itemWaived  proving = "waived"
	itemDropped proving = "dropped" // no longer asked of such a vendor
)

// over reports whether nothing is left to do for the item.
func (x proving) over() bool { return x == itemGood || x == itemWaived || x == itemDropped }

// item is one thing that is to be known of the vendor.
type item struct {
	step  playbook.Step
	phase proving
	// ask, decision, chore and waiver are the item's requests, the newest of each.
	ask, decision, chore, waiver *asked
	// round counts deliveries; words is the answer or act whose words for the vendor go
	// with the next asking.
	round int
	words string
	// odd names the chore that something odd is, wanted the one that is asked.
	odd, wanted string
	// documents of the newest delivery; document is the one that people judge.
	documents []string
	document  string
	// reason is the owner's answer that waives the item.
	reason review.Ballot
	// ends are the dates of what was accepted or waived.
	ends []engagement.Expiry
}

// bring brings one item on.
func (d *diligence) bring(ctx workflow.Context, it *item) (again bool, err error) {
	if it.chore != nil && it.chore.req.Closed == nil && it.chore.req.Tally(d.now(ctx)).State == review.Met {
		d.choreDone(ctx, it)
		return true, nil
	}
	switch it.phase {
	case itemAsked:
		return d.askFor(ctx, it), nil
	case itemCame:
		return true, d.takeIn(ctx, it)
	case itemOdd:
		d.want(ctx, it, it.odd)
	case itemJudged:
		return d.judge(ctx, it), nil
	case itemWaiving:
		return d.waive(ctx, it), nil
	}
	return false, nil
}

// askFor asks for the item, and takes what was delivered. Where nothing came by the
// time at which the owner is told, the owner may do something about it.
func (d *diligence) askFor(ctx workflow.Context, it *item) (again bool) {
	if it.ask == nil {
		it.ask = d.open(ctx, question{step: it.step, vendorText: it.words})
		return false
	}
	if it.ask.req.Tally(d.now(ctx)).State == review.Met {
		d.want(ctx, it, "")
		d.shut(ctx, it.ask, review.Met, "decided")
		it.round++
		it.phase = itemCame
		return true
	}
	if slices.ContainsFunc(it.ask.req.Told, func(t review.Reminder) bool { return t.Why == playbook.WhyOwner }) {
		d.want(ctx, it, playbook.ChoreSilent)
	}
	return false
}

// askAfresh asks for the item once more. What people said of the delivery before stays
// in the record and counts for nothing in the next.
func (d *diligence) askAfresh(ctx workflow.Context, it *item, words string) {
	d.shutItem(ctx, it, "superseded")
	it.ask, it.decision, it.waiver, it.words = nil, nil, nil, words
	it.phase, it.ends = itemAsked, nil
}

// shutItem closes whatever is asked about the item.
func (d *diligence) shutItem(ctx workflow.Context, it *item, why string) {
	d.want(ctx, it, "")
	for _, a := range []*asked{it.ask, it.decision, it.waiver} {
		if a != nil {
			d.shut(ctx, a, a.req.Tally(d.now(ctx)).State, why)
		}
	}
}

// takeIn files what was delivered and has a look at it: something odd goes to the
// owner, everything else to those who accept it.
func (d *diligence) takeIn(ctx workflow.Context, it *item) error {
	ballots := standing(it.ask.req)
	var documents []string
	for _, b := range ballots {
		for _, digest := range b.Documents {
			if !slices.Contains(documents, digest) {
				documents = append(documents, digest)
			}
		}
	}
	d.working++
	out, err := call(ctx, thorough("look at what was delivered"), actExamine, acts.Examine, activities.ExamineIn{Documents: documents})
	d.working--
	d.changes++
	var app *temporal.ApplicationError
	if errors.As(err, &app) { // final: everything else is tried for ever
		out, err = unknown(documents), nil
	}
	if err != nil {
		return err
	}
	for _, p := range out.Papers {
		b := ballots[slices.IndexFunc(ballots, func(b review.Ballot) bool { return slices.Contains(b.Documents, p.Document) })]
		d.note(ctx, dossier.DocumentFiled, b.Person, b.Answer, nil, &dossier.Detail{Name: it.nameOf(b, p.Document), Document: p.Document, Version: it.round,
			Size: p.Size, Media: p.Media, ReadAs: p.ReadAs, Clauses: p.Clauses, ForVendor: b.ForVendor, Written: b.Written})
	}
	it.odd = d.oddity(ctx, it, documents, out.Papers)
	it.documents, it.document = documents, deliveredIn(it.ask.req)
	it.phase = itemJudged
	if it.odd != "" {
		it.phase = itemOdd
	}
	return nil
}

// nameOf is the name under which a document of the item is filed: the item's own for
// what was filled in, or delivered alone, else with the point that it answers.
func (it *item) nameOf(b review.Ballot, digest string) string {
	for _, f := range b.Findings {
		if f.Document == digest {
			return it.step.ID + "-" + f.Point
		}
	}
	return it.step.ID
}

// oddity is the chore that the owner gets about a delivery; empty: nothing is odd.
// What people have to judge anyway is left to them, unless it can't be any good.
func (d *diligence) oddity(ctx workflow.Context, it *item, documents []string, papers []activities.ExaminedPaper) string {
	readable := func(p activities.ExaminedPaper) bool { return p.Readable }
	lacking := slices.ContainsFunc(standing(it.ask.req), func(b review.Ballot) bool {
		return it.ask.req.Sheet && len(engagement.Lacking(it.step.Points, b.Findings)) > 0
	})
	switch {
	case it.past(d.process.in.Process, d.now(ctx)):
		return playbook.ChoreRunOut
	case slices.Equal(documents, it.documents):
		return playbook.ChoreSame
	case it.step.Accept != nil:
		return ""
	case lacking:
		return playbook.ChoreIncomplete
	case !it.ask.req.Sheet && !slices.ContainsFunc(papers, readable):
		return playbook.ChoreUnreadable
	}
	return ""
}

// past reports whether a date of what was delivered has passed.
func (it *item) past(process string, now time.Time) bool {
	ends := firstEnd(expiring(process, it.ask))
	return !ends.IsZero() && !ends.After(now)
}

// judge asks those who accept the item, and acts on what they say.
func (d *diligence) judge(ctx workflow.Context, it *item) (again bool) {
	if it.step.Accept == nil {
		d.accept(ctx, it)
		return true
	}
	if it.decision == nil {
		d.want(ctx, it, "")
		it.decision = d.openAccept(ctx, it.ask, makers(it.ask.req)...)
		return false
	}
	switch it.decision.req.Tally(d.now(ctx)).State {
	case review.Met:
		d.want(ctx, it, "")
		d.shut(ctx, it.decision, review.Met, "decided")
		d.accept(ctx, it)
		return true
	case review.Wanted:
		if !it.step.AsksVendor() { // our own people need nobody to carry the words
			d.askAfresh(ctx, it, "")
			return true
		}
		d.want(ctx, it, playbook.ChoreNotAccepted)
	case review.Denied:
		d.want(ctx, it, playbook.ChoreNotAccepted)
	default:
		d.want(ctx, it, "")
	}
	return false
}

// accept notes that an item is good, until when, and from when on its copies count
// their days. What ran out while people were reading is not good.
func (d *diligence) accept(ctx workflow.Context, it *item) {
	if it.past(d.process.in.Process, d.now(ctx)) {
		it.phase, it.odd, it.decision = itemOdd, playbook.ChoreRunOut, nil
		return
	}
	it.phase, it.ends = itemGood, expiring(d.process.in.Process, it.ask)
	d.keepFrom(it, d.now(ctx))
	d.note(ctx, dossier.Evidence, "", "", nil, &dossier.Detail{Step: it.step.ID, Result: playbook.EvidenceAccepted, Document: it.document, Version: it.round, Ends: firstEnd(it.ends)})
}

// makers are who delivered, or filed it in the vendor's place: somebody else says
// whether it will do.
func makers(r *review.Request) []string {
	var all []string
	for _, b := range standing(r) {
		if !slices.Contains(all, b.Person) {
			all = append(all, b.Person)
		}
	}
	return all
}
