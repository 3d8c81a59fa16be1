package workflows

import (
	"slices"
	"time"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"gangway/activities"
	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/exit"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// ReturnedDocument is the name under which the list of what came back is filed.
const ReturnedDocument = "returned-data"

// The choice of GDPR Art. 28(3)(g). Where those who choose say both, the data come back:
// what is deleted can't come back any more.
const (
	chooseReturn review.Verdict = "return"
	chooseDelete review.Verdict = "delete"
)

// Names of the matters of a return of data.
const (
	matterChoice      = "choice"
	matterReturned    = "returned"
	matterCertificate = "certificate"
)

// Why what the vendor delivered will not do.
const (
	whyNotWhole = "not-whole" // it can't be opened to its end
	whyLacking  = "lacking"   // somebody says that something is missing
)

// owed is one thing that the vendor owes: what comes is looked at by gangway, then by one
// of our people.
type owed struct {
	matter      string
	step, check playbook.Step
	ask, look   *asked
	accept      *asked // the decision on what whoever looked says
	round       int
	words       string // the answer whose words for the vendor go with the next asking
	came        bool   // what was delivered in this round was looked at
	silent      bool   // the exit was told that nothing came
	document    string
}

// dataReturn is a return of data's own state besides what every process has.
type dataReturn struct {
	*concerns
	in     ExitPartInput
	choice *asked
	chosen review.Verdict
	back   *owed // the data
	gone   *owed // the certificate of deletion
	// alone: the exit gave up waiting for the vendor.
	alone   bool
	backups []exit.Backup
	// came are the documents that the vendor delivered as our data, loaded the answer of
	// whoever said that they are loaded where they are needed.
	came   []string
	loaded review.Ballot
	copies copiesHere
	result ExitPartResult
}

// DataReturn gets the client's data back from the vendor, or deleted: the choice is
// recorded, what comes back is opened and somebody says whether it is whole, and what is
// deleted is certified, with every point looked for by somebody. Backups that nobody can
// delete sooner are handed on with their dates. Nothing is asked to be deleted before
// what was to come back is there, or waived. At last the copies are erased that are here
// still: of what came back, once somebody said where it is loaded, and of what is not
// kept for ever.
func DataReturn(ctx workflow.Context, in ExitPartInput) (ExitPartResult, error) {
	if in.Order.Mode == exit.ModeDrill {
		return drillPart(ctx, in, exit.PartDataReturn)
	}
	p := begin(ctx, in.Common, exit.PartDataReturn)
	p.held = in.Held
	d := &dataReturn{concerns: &concerns{process: p, part: exit.PartDataReturn}, in: in, chosen: chooseReturn}
	if s, ok := stepFor(in.Steps, exit.DoesReturned); ok {
		d.back = &owed{matter: matterReturned, step: s}
		d.back.check, _ = stepFor(in.Steps, exit.DoesOpened)
	}
	if s, ok := stepFor(in.Steps, exit.DoesDeleted); ok {
		d.gone = &owed{matter: matterCertificate, step: s}
		d.gone.check, _ = stepFor(in.Steps, exit.DoesChecked)
	}
	for _, name := range []string{matterChoice, matterReturned, matterCertificate} {
		d.matter(name)
	}
	d.takeCopies()
	d.restless = len(in.Copies) > 0
	workflow.GoNamed(ctx, "part", d.hearPart)
	out, err := d.run(ctx, in, &d.result, d.step)
	if err == nil {
		out.Copies = d.copiesLeft()
	}
	return out, err
}

// hearPart is the coroutine that hears that the exit goes on without the vendor.
func (d *dataReturn) hearPart(ctx workflow.Context) {
	for {
		var n PartNews
		workflow.GetSignalChannel(ctx, SignalPart).Receive(ctx, &n)
		d.alone = d.alone || n.Word == NewsAlone
		d.changes++
	}
}

func (d *dataReturn) step(ctx workflow.Context) (again bool, err error) {
	again, err = d.eraseDue(ctx)
	if again || err != nil || d.held != nil {
		return again, err
	}
	d.runOut(ctx)
	again, err = d.next(ctx)
	if !again && err == nil && d.result.Result == "" {
		d.concerns.ask(ctx)
	}
	return again, err
}

func (d *dataReturn) next(ctx workflow.Context) (again bool, err error) {
	if said := d.answers(ctx); said != nil {
		d.answered(ctx, *said)
		return true, nil
	}
	if !d.choose(ctx) {
		return false, nil
	}
	for _, w := range []*owed{d.back, d.gone} {
		if w == nil || !d.matter(w.matter).blocks() && !d.comes(ctx, w) {
			continue
		}
		again, err = d.bring(ctx, w)
		if again || err != nil || d.matter(w.matter).blocks() {
			return again, err
		}
	}
	again, err = d.eraseCopies(ctx)
	if again || err != nil {
		return again, err
	}
	if d.settled() {
		d.result.Result, d.result.Backups = ResultDone, d.backups
	}
	return false, nil
}

// comes reports whether something was delivered after all that was waived, and is not
// looked at yet.
func (d *dataReturn) comes(ctx workflow.Context, w *owed) bool {
	if d.matter(w.matter).State != exit.StateWaived || w.ask == nil {
		return false
	}
	return w.came || w.ask.req.Closed == nil && w.ask.req.Tally(d.now(ctx)).State == review.Met
}

// choose asks whether the data come back or are deleted, and reports whether it is said.
func (d *dataReturn) choose(ctx workflow.Context) bool {
	if d.matter(matterChoice).State != exit.StateOpen {
		return true
	}
	to := exit.Matter{State: exit.StateNotNeeded, Why: "not-asked"} // then the data come back
	s, ok := stepFor(d.in.Steps, exit.DoesChoice)
	if ok {
		if d.choice == nil {
			d.choice = d.open(ctx, question{step: s, options: []review.Verdict{chooseReturn, chooseDelete}})
		}
		if d.choice.req.Tally(d.now(ctx)).State != review.Met {
			return false
		}
		d.shut(ctx, d.choice, review.Met, "decided")
		d.chosen, to.State = chooseDelete, exit.StateDone
		for _, b := range standing(d.choice.req) {
			to.By, to.Answer = b.Person, b.Answer
			if b.Verdict == chooseReturn {
				d.chosen = chooseReturn
			}
		}
		to.Why = string(d.chosen)
	}
	d.becomes(ctx, matterChoice, "", to)
	if d.chosen == chooseDelete || d.back == nil && !ok {
		d.becomes(ctx, matterReturned, "", exit.Matter{State: exit.StateNotNeeded})
	} else if d.back == nil {
		d.becomes(ctx, matterReturned, playbook.ChoreNoData, exit.Matter{State: exit.StateFailed, Why: "not-asked"})
	}
	if d.gone == nil { // nobody certifies it: somebody has to answer for that
		d.becomes(ctx, matterCertificate, playbook.ChoreNoData, exit.Matter{State: exit.StateFailed, Why: "not-asked"})
	}
	return true
}

// bring brings on one thing that the vendor owes.
func (d *dataReturn) bring(ctx workflow.Context, w *owed) (again bool, err error) {
	switch {
	case w.ask == nil:
		w.ask = d.open(ctx, question{step: w.step, vendorText: w.words})
		w.came, w.look, w.accept = false, nil, nil
		return false, nil
	case w.ask.req.Closed == nil && w.ask.req.Tally(d.now(ctx)).State == review.Met:
		d.shut(ctx, w.ask, review.Met, "decided")
		w.round++
		w.document = deliveredIn(w.ask.req)
		d.becomes(ctx, w.matter, "", exit.Matter{State: exit.StateOpen, Document: w.document})
		d.tellSilence(ctx, w, false)
		return true, d.takeIn(ctx, w)
	case w.ask.req.Closed == nil:
		d.overdue(ctx, w)
		return false, nil
	case w.came:
		return d.lookAt(ctx, w), nil
	}
	return false, nil // the owner says what becomes of it
}

// overdue has the owner say what becomes of a vendor's silence, and tells the exit. What
// is asked stays asked.
func (d *dataReturn) overdue(ctx workflow.Context, w *owed) {
	late := slices.ContainsFunc(w.ask.req.Told, func(t review.Reminder) bool { return t.Why == playbook.WhyOwner })
	if !late && !d.alone || d.matter(w.matter).asks == playbook.ChoreNoData {
		return
	}
	d.becomes(ctx, w.matter, playbook.ChoreNoData, exit.Matter{State: exit.StateFailed, Why: whySilent})
	d.tellSilence(ctx, w, true)
}

// tellSilence tells the exit that the vendor owes something, or owes it no longer.
func (d *dataReturn) tellSilence(ctx workflow.Context, w *owed, silent bool) {
	if w.silent == silent || d.in.Parent == "" {
		return
	}
	w.silent = silent
	word := NewsAnswered
	if silent {
		word = NewsSilent
	}
	d.sends(ctx, workflow.SignalExternalWorkflow(ctx, d.in.Parent, "", SignalPart, PartNews{Word: word}))
}

// takeIn files what came; data are opened.
func (d *dataReturn) takeIn(ctx workflow.Context, w *owed) error {
	var documents []string
	for _, b := range standing(w.ask.req) {
		for i, digest := range b.Documents {
			detail := &dossier.Detail{Name: w.step.ID, Document: digest, Version: w.round, ForVendor: b.ForVendor, Written: b.Written}
			sheet := w.ask.req.Sheet && i == len(b.Documents)-1
			if sheet {
				detail.Media = engagement.SheetMedia
			} else {
				documents = append(documents, digest)
			}
			d.note(ctx, dossier.DocumentFiled, b.Person, b.Answer, nil, detail)
		}
	}
	w.came = true
	if w.matter == matterCertificate {
		d.backups = d.backupsIn(w)
		if d.lacks(w.ask.req) || d.undated(w.ask.req) {
			d.odd(ctx, w, whyLacking)
		}
		return nil
	}
	d.came = union(d.came, documents)
	d.working++
	out, err := call(ctx, within(10*time.Minute, "open what was returned"), actOpenReturned, acts.OpenReturned, activities.ExamineIn{Documents: documents})
	d.working--
	d.changes++
	if temporal.IsCanceledError(err) {
		return err
	}
	if err == nil {
		d.note(ctx, dossier.DocumentFiled, "", "", nil, &dossier.Detail{Name: ReturnedDocument, Document: out.Evidence, Version: w.round})
		w.document = out.Evidence
	}
	whole := err == nil && len(out.Papers) > 0
	for _, p := range out.Papers {
		whole = whole && p.Whole
	}
	if !whole {
		d.odd(ctx, w, whyNotWhole)
	} else if d.lacks(w.ask.req) {
		d.odd(ctx, w, whyLacking)
	}
	return nil
}

// odd has the owner say what becomes of what was delivered.
func (d *dataReturn) odd(ctx workflow.Context, w *owed, why string) {
	w.came = false
	d.becomes(ctx, w.matter, playbook.ChoreData, exit.Matter{State: exit.StateFailed, Why: why, Document: w.document})
}
