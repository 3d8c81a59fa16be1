package workflows

import (
	"slices"
	"strings"
	"time"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// Names under which an oversight files what it watches over.
const (
	ExitPlanDocument = "exit-plan"
	contractDocument = "contract"
)

// OversightInput starts the oversight of a vendor that works, and starts it anew with
// what was carried over. Its steps are those of the processes that it may begin: the
// collection of a data processing agreement, the review of a contract.
type OversightInput struct {
	Common
	// Predecessor is the case that took the vendor on board; empty where it was adopted.
	Predecessor string `json:"predecessor,omitempty"`
	// Expiries are what is watched; Watch says how early each is brought up.
	Expiries []engagement.Expiry `json:"expiries,omitempty"`
	Watch    engagement.Watch    `json:"watch,omitzero"`
	// ExitPlan is the digest of the signed one, Contract that of the executed copy.
	ExitPlan string `json:"exitPlan,omitempty"`
	Contract string `json:"contract,omitempty"`
	// Contacts is the digest of the form that says who speaks for each side, and how
	// often they meet.
	Contacts string `json:"contacts,omitempty"`
	// Facts of the intake and DPAWhen go to the collection of an agreement.
	Facts   playbook.Facts     `json:"facts,omitzero"`
	DPAWhen playbook.Condition `json:"dpaWhen,omitzero"`
	// Intake is what was filed where the vendor was adopted, PlaybookDocument the
	// playbook as it was then.
	Intake           dossier.Paper `json:"intake,omitzero"`
	PlaybookDocument dossier.Paper `json:"playbookDocument,omitzero"`
	// Carried is the state of the run before; nil in the first.
	Carried *Carried `json:"carried,omitempty"`
	// EachWake starts anew at every wake, to show that nothing is lost by it.
	EachWake bool `json:"eachWake,omitempty"`
}

// OversightResult is how an oversight ended.
type OversightResult struct {
	Result string `json:"result"`
	By     string `json:"by,omitempty"`
}

// oversight is an oversight's own state besides what every process has.
type oversight struct {
	*process
	in       OversightInput
	watching []*Watching
	news     []News       // that came and was not looked at yet
	errands  []errandDone // that came back and were not looked at yet
	runs     int          // before this one
	woken    bool         // something happened in this run
	result   OversightResult
	years    almanacs
	// meeting is the regular meeting of both sides; inviting: people are being invited,
	// invitations what that came to and was not looked at yet.
	meeting     Meeting
	inviting    bool
	invitations []invited
	// leaving is the exit that follows, once it told.
	leaving *exitNews
}

// Watching is something that runs out, and where its renewal stands.
type Watching struct {
	Expiry engagement.Expiry `json:"expiry"`
	// Request is the id of the request that is open about it, Stage what that asks, or what
	// else is waited for.
	Request string `json:"request,omitempty"`
	Stage   stage  `json:"stage,omitempty"`
	// Begun is the process that is to renew it; Tries counts them.
	Begun string `json:"begun,omitempty"`
	Tries int    `json:"tries,omitempty"`
	// Document is what was delivered and waits to be accepted.
	Document string `json:"document,omitempty"`
	// Lapsed: it is in the record that it ran out; Passed, that the last day for notice
	// went by. Called: the sponsor was.
	Lapsed bool `json:"lapsed,omitempty"`
	Passed bool `json:"passed,omitempty"`
	Called bool `json:"called,omitempty"`
	// Decided is what was decided of a contract.
	Decided string `json:"decided,omitempty"`
	// Recalled is the end of the period of a contract that went on by itself about which
	// the sponsor was called again.
	Recalled time.Time `json:"recalled,omitzero"`
	// Again is when the Next errand about it is sent, or silence about what was begun is
	// asked about; zero: it isn't. Fails counts errands that came to nothing, ByHand says
	// that none can help. Evidence is the digest of what the last one showed.
	Again    time.Time `json:"again,omitzero"`
	Next     errand    `json:"next,omitempty"`
	Fails    int       `json:"fails,omitempty"`
	ByHand   bool      `json:"byHand,omitempty"`
	Evidence string    `json:"evidence,omitempty"`
	// Looks is when an invitation is looked at again; zero: none is. Waits counts how often
	// nobody had accepted it, Unseen how often it could not be seen. Invitation is what the
	// record was last told of it.
	Looks      time.Time `json:"looks,omitzero"`
	Waits      int       `json:"waits,omitempty"`
	Unseen     int       `json:"unseen,omitempty"`
	Invitation string    `json:"invitation,omitempty"`
	// Done: it is watched no longer. It stays here, so that old news wake nothing.
	Done bool `json:"done,omitempty"`
}

// Oversight watches a vendor from the day on which it is live: everything that runs
// out is brought up in time, as a request or as a process of its own that reports
// back. Silence decides nothing: it calls the sponsor. It lives for years, and goes on
// in a new run where its history grows long. It ends when the vendor is off.
func Oversight(ctx workflow.Context, in OversightInput) (OversightResult, error) {
	o := oversightOf(ctx, in)
	o.listenForNews(ctx)
	err := o.hear(ctx)
	if err != nil {
		return OversightResult{}, err
	}
	err = o.loop(ctx)
	if temporal.IsCanceledError(err) {
		o.result.Result = ResultWithdrawn
		ctx, _ = workflow.NewDisconnectedContext(ctx)
	} else if err != nil { // it goes on in a new run, or broke off
		return OversightResult{}, err
	}
	o.shutAll(ctx, o.result.Result)
	o.callOff(ctx)
	d := &dossier.Detail{Result: o.result.Result, Vendor: in.Vendor}
	o.note(ctx, dossier.ProcessEnded, o.result.By, "", nil, d)
	o.caseClosed(ctx, o.result.By, d)
	return o.result, o.filed(ctx)
}

// oversightOf is the state that an oversight begins with, or goes on with.
func oversightOf(ctx workflow.Context, in OversightInput) *oversight {
	if in.Carried != nil {
		return carriedOn(in)
	}
	p := begin(ctx, in.Common, playbook.Oversight)
	p.held = in.Held
	o := &oversight{process: p, in: in}
	o.opened(ctx)
	return o
}

// opened notes what the case starts with. Where a workflow began it, the register
// hears of it from here.
func (o *oversight) opened(ctx workflow.Context) {
	in := o.in
	o.openedAs(ctx, o.process.in.Case, in.Common, in.Predecessor)
	if in.Intake.Digest == "" {
		o.registered(ctx, in.Common)
	} else {
		o.note(ctx, dossier.DocumentFiled, in.Requester, "", nil, filedAs("intake", in.Intake))
	}
	if in.PlaybookDocument.Digest != "" {
		o.note(ctx, dossier.DocumentFiled, "", "", nil, filedAs("playbook", in.PlaybookDocument))
	}
	if in.Tier != 0 {
		o.note(ctx, dossier.TierSet, "", "", nil, &dossier.Detail{Tier: in.Tier})
	}
	for _, d := range []struct{ name, digest string }{{contractDocument, in.Contract}, {ExitPlanDocument, in.ExitPlan}} {
		if d.digest != "" {
			o.note(ctx, dossier.DocumentFiled, "", "", nil, &dossier.Detail{Name: d.name, Document: d.digest})
		}
	}
	o.meeting.Sheet = in.Contacts
	for _, e := range in.Expiries {
		o.take(ctx, o.inTime(ctx, o.own(e)), "")
	}
	o.watchReviews(ctx)
	o.watchExitPlan(ctx)
	o.in.Expiries = nil // they are in the state from now on
}

// own completes the id of what was filed before the process had one of its own.
func (o *oversight) own(e engagement.Expiry) engagement.Expiry {
	if strings.HasPrefix(e.ID, ":") {
		e.ID, e.Process = o.process.in.Process+e.ID, o.process.in.Process
	}
	return e
}

// watchExitPlan lets an exit plan be looked at in a year, where it has no day of its own.
func (o *oversight) watchExitPlan(ctx workflow.Context) {
	known := slices.ContainsFunc(o.watching, func(w *Watching) bool {
		return w.Expiry.Kind == engagement.ExpiryExitPlan || w.Expiry.Kind == engagement.ExpiryGap && w.Expiry.Name == GapExitPlan
	})
	if o.in.ExitPlan != "" && !known {
		o.take(ctx, engagement.Expiry{ID: o.process.in.Process + ":" + GapExitPlan, Kind: engagement.ExpiryExitPlan, Name: GapExitPlan,
			On: o.nextLook(ctx, engagement.ExpiryExitPlan), Document: o.in.ExitPlan, Process: o.process.in.Process}, "")
	}
}

// openedAs notes the opening of the case, and whom it follows.
func (p *process) openedAs(ctx workflow.Context, id string, in Common, predecessor string) {
	d := &dossier.Detail{Vendor: in.Vendor, Owner: in.Owner, Requester: in.Requester, Deputy: in.Deputy, Sponsor: in.Sponsor,
		Rehearsal: in.Rehearsal, Playbook: in.Playbook, Digest: in.Digest, Predecessor: predecessor}
	if in.Rehearsal {
		anchor := in.Anchor
		d.Anchor = &anchor
	}
	p.noteIn(ctx, id, dossier.CaseOpened, in.Requester, "", nil, d)
}

// registered notes in the register a case that no person opened.
func (p *process) registered(ctx workflow.Context, in Common) {
	p.noteIn(ctx, dossier.Register, dossier.CaseOpened, "", "", nil, &dossier.Detail{Vendor: in.Vendor, Owner: in.Owner, Requester: in.Requester,
		Deputy: in.Deputy, Sponsor: in.Sponsor, Rehearsal: in.Rehearsal, Playbook: in.Playbook, Digest: in.Digest, Parent: in.Case})
}

// inTime brings a review forward to what the vendor's tier says: a risk record may name
// an earlier day, and puts none off.
func (o *oversight) inTime(ctx workflow.Context, e engagement.Expiry) engagement.Expiry {
	if months := o.in.Watch.Reviews[o.in.Tier]; e.Kind == engagement.ExpiryReview && months > 0 {
		if latest := engagement.MonthsLater(o.now(ctx), months); e.On.After(latest) {
			e.On = latest
		}
	}
	return e
}

// watchReviews lets a vendor be looked at again as often as its tier says.
func (o *oversight) watchReviews(ctx workflow.Context) {
	months := o.in.Watch.Reviews[o.in.Tier]
	known := slices.ContainsFunc(o.watching, func(w *Watching) bool { return w.Expiry.Kind == engagement.ExpiryReview })
	if months > 0 && !known {
		o.take(ctx, engagement.Expiry{ID: o.process.in.Process + ":review", Kind: engagement.ExpiryReview, Name: "review",
			On: engagement.MonthsLater(o.now(ctx), months), Process: o.process.in.Process}, "")
	}
}

// take takes news of an expiry, and reports whether they are any: what was known, or
// what an earlier date says, changes nothing.
func (o *oversight) take(ctx workflow.Context, e engagement.Expiry, why string) bool {
	i := slices.IndexFunc(o.watching, func(w *Watching) bool { return w.Expiry.ID == e.ID })
	switch {
	case e.ID == "":
		return false
	case i < 0:
		o.watching = append(o.watching, &Watching{})
		i = len(o.watching) - 1
	case !e.Supersedes(o.watching[i].Expiry):
		return false
	}
	o.renewed(ctx, o.watching[i], e, "", why)
	for _, w := range o.watching { // what was lacking is known now
		if e.Kind != engagement.ExpiryGap && w.Expiry.Kind == engagement.ExpiryGap && !w.Done && why != "" && e.ID == o.process.in.Process+":"+w.Expiry.Name {
			o.end(ctx, w, "", "filled")
		}
	}
	return true
}

// renewed lets what was watched run until its new end. Whatever is asked about its
// old one is closed.
func (o *oversight) renewed(ctx workflow.Context, w *Watching, e engagement.Expiry, by, why string) {
	o.stopAsking(ctx, w)
	was := *w
	*w = Watching{Expiry: e, Tries: was.Tries, Begun: was.Begun, Looks: looksAt(e)}
	if e.Kind == engagement.ExpiryAccess && e.Document == was.Expiry.Document { // whose account it is is known from there
		w.Evidence, w.Invitation = was.Evidence, was.Invitation
	}
	if w.Begun != "" { // it still reports
		w.Stage, w.Again = stageBegun, was.Again
	}
	d := &dossier.Detail{Expiry: &e, Result: why}
	if e.Kind != engagement.ExpiryCopy { // whose document will be gone
		d.Document = e.Document
	}
	o.note(ctx, dossier.Watched, by, "", nil, d)
}

// end watches something no longer.
func (o *oversight) end(ctx workflow.Context, w *Watching, by, why string) {
	o.endWith(ctx, w, by, why, "")
}

// endWith is end, with the digest of what shows it.
func (o *oversight) endWith(ctx workflow.Context, w *Watching, by, why, evidence string) {
	o.stopAsking(ctx, w)
	w.Done, w.Stage, w.Begun, w.Again = true, "", "", time.Time{}
	e := w.Expiry
	o.note(ctx, dossier.WatchEnded, by, "", nil, &dossier.Detail{Expiry: &e, Result: why, Document: evidence})
}

// stopAsking closes what is open about something.
func (o *oversight) stopAsking(ctx workflow.Context, w *Watching) {
	if a := o.find(w.Request); a != nil && w.Request != "" {
		o.shut(ctx, a, a.req.Tally(o.now(ctx)).State, "superseded")
	}
	w.Request = ""
}

func (o *oversight) loop(ctx workflow.Context) error {
	for o.result.Result == "" {
		again, err := o.step(ctx)
		if err != nil {
			return err
		}
		if again || o.result.Result != "" {
			continue
		}
		if o.restful(ctx) && !o.drain(ctx) {
			return o.goOn(ctx)
		}
		err = o.rest(ctx)
		if err != nil {
			return err
		}
	}
	return nil
}

// step looks at the state and does the next thing; again says that the state has to be
// looked at anew before sleeping.
func (o *oversight) step(ctx workflow.Context) (again bool, err error) {
	switch {
	case o.withdrawn != nil:
		act := *o.withdrawn
		o.result = OversightResult{Result: ResultWithdrawn, By: act.Person.ID}
		o.note(ctx, dossier.Withdrawn, act.Person.ID, act.ID, nil, &dossier.Detail{Written: act.Written})
		return false, nil
	case o.leaving != nil:
		o.handToExit(ctx, o.leaving.Exit)
		return false, nil
	case len(o.news) > 0:
		n := o.news[0]
		o.news = o.news[1:]
		o.heardOf(ctx, n)
		return true, nil
	case len(o.errands) > 0:
		d := o.errands[0]
		o.errands = o.errands[1:]
		o.cameBack(ctx, d)
		return true, nil
	case o.held != nil: // days pass all the same, and are seen to when it goes on
		o.wake = time.Time{}
		return false, nil
	}
	if o.meet(ctx) {
		return true, nil
	}
	o.renewCalendar(ctx, &o.years)
	for _, w := range o.watching {
		again, err = o.tendTo(ctx, w)
		if again || err != nil {
			return again, err
		}
	}
	o.wake = o.nextWake(ctx)
	return false, nil
}

// tendTo does what one expiry wants now.
func (o *oversight) tendTo(ctx workflow.Context, w *Watching) (again bool, err error) {
	if w.Done {
		return false, nil
	}
	now := o.now(ctx)
	if a := o.find(w.Request); a != nil && w.Request != "" && a.req.Closed == nil && a.req.Tally(now).State == review.Met {
		o.shut(ctx, a, review.Met, "decided")
		w.Request = ""
		return true, o.answered(ctx, w, a)
	}
	due := func(at time.Time) bool { return !at.After(now) }
	switch {
	case o.declarerLeft(w, now):
		o.end(ctx, w, "", "left")
		return true, nil
	case w.Stage == "" && due(w.Expiry.BroughtUp(o.in.Watch)):
		return true, o.bringUp(ctx, w)
	case o.sponsorLeft(w):
		o.askNotice(ctx, w)
		return true, nil
	case o.noticeDue(w, now):
		o.noticeSilent(ctx, w)
		return true, nil
	case !w.Lapsed && !w.Expiry.On.IsZero() && due(w.Expiry.On):
		o.lapse(ctx, w)
		return true, nil
	case w.looksNow(now):
		o.lookAtInvitation(ctx, w)
		return true, nil
	case o.boundAgain(w, now):
		w.Recalled = renewedUntil(w.Expiry, now)
		o.callSponsor(ctx, w)
		return true, nil
	case w.Again.IsZero() || !due(w.Again):
	case w.Stage == stageBegun && w.Expiry.Kind == engagement.ExpiryContract:
		w.Again = time.Time{}
		o.undecided(ctx, w)
		return true, nil
	case w.Stage == stageBegun:
		o.askOwner(ctx, w, stageSilent)
		return true, nil
	default:
		o.send(ctx, w, w.Next, "")
		return true, nil
	}
	return false, nil
}

// farthest bounds how far ahead an oversight sleeps at once: nothing wants more, and
// the engine's clocks have ends of their own.
const farthest = 400 * 24 * time.Hour

// nextWake is when the first of what is watched wants something.
func (o *oversight) nextWake(ctx workflow.Context) time.Time {
	now := o.now(ctx)
	next := now.Add(farthest)
	some := false
	for _, w := range o.watching {
		if w.Done {
			continue
		}
		some = true
		for _, at := range o.instants(w, now) {
			if at.After(now) && at.Before(next) {
				next = at
			}
		}
	}
	waits := []time.Time{o.meeting.Again}
	if some {
		waits = append(waits, o.calendarDue(&o.years))
	}
	for _, at := range waits {
		if at.After(now) && at.Before(next) {
			some, next = true, at
		}
	}
	if !some {
		return time.Time{}
	}
	return next
}

// instants are the days that may want something of an expiry.
func (o *oversight) instants(w *Watching, now time.Time) []time.Time {
	list := []time.Time{w.Expiry.BroughtUp(o.in.Watch), w.Expiry.On, w.Again, w.Looks}
	if w.Expiry.Kind == engagement.ExpiryContract {
		_, deadline, last := engagement.NoticeOf(w.Expiry, o.in.Watch)
		list = append(append(list, deadline, last), o.periods(w, now)...)
	}
	return list
}

// rest sleeps until something changed or a clock asks for something, or until the run
// may end for the next to go on.
func (o *oversight) rest(ctx workflow.Context) error {
	err := o.awaitUntil(ctx, o.nextAlarm(ctx), func() bool { return o.changes != o.seen || o.restful(ctx) })
	if err != nil {
		return err
	}
	o.woken, o.seen = true, o.changes
	for _, w := range o.watching { // before anybody is asked in their place
		if !w.Done && o.declarerLeft(w, o.now(ctx)) {
			o.end(ctx, w, "", "left")
		}
	}
	return o.tend(ctx)
}
