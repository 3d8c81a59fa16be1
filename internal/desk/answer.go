package desk

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"gangway/internal/access"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// Answer takes somebody's answer in. The outcome is counted, pending or
// refused; an error means that nothing was kept and that the channel must not
// acknowledge it (BusyError), or that the answer makes no sense (InputError).
func (d *Desk) Answer(ctx context.Context, a review.Answer) (review.Outcome, error) {
	err := checkAnswer(a)
	if err != nil {
		return review.Outcome{}, err
	}
	if processOf(a.Request) == "" {
		return review.Outcome{Status: review.Refused, Refusal: review.Unknown, Request: a.Request}, nil
	}
	person, reply, err := d.receive(ctx, a.ID, a.From, a.Request)
	if err != nil || reply != nil {
		return final(reply), err
	}
	a.Person, a.Channel = person, a.From.Channel // which some steps judge by
	out, err := d.prepare(ctx, &a)
	if err != nil || out.Status == review.Refused {
		return out, err
	}
	a.Written, err = d.keep(ctx, a.ID, a.Text)
	if err != nil {
		return review.Outcome{}, err
	}
	payload, err := json.Marshal(a)
	if err != nil {
		return review.Outcome{}, fmt.Errorf("packing the answer: %w", err)
	}
	out, err = d.deliver(ctx, review.Queued{ID: a.ID, Process: processOf(a.Request), Person: person.ID, Request: a.Request, Payload: payload, At: d.now()})
	if err != nil || !outside(a.From, person) {
		return out, err
	}
	if out.OK() {
		d.reception.delivered(ctx, person.ID, a.Request)
	}
	return told(out, person.ID), nil
}

// prepare refuses what can't be taken, and keeps what was filled in.
func (d *Desk) prepare(ctx context.Context, a *review.Answer) (review.Outcome, error) {
	q, err := d.asked(ctx, a)
	if err != nil {
		return review.Outcome{}, err
	}
	why, err := d.admit(ctx, *a)
	if err != nil {
		return review.Outcome{}, err
	}
	if why != "" {
		return review.Outcome{Status: review.Refused, Refusal: why, Request: a.Request}, nil
	}
	out, err := d.fits(ctx, q, *a)
	if err != nil || out.Status == review.Refused {
		return out, err
	}
	err = d.checkAccess(ctx, q, a)
	if err != nil {
		return review.Outcome{}, err
	}
	err = d.checkDates(q, a)
	if err != nil {
		return review.Outcome{}, err
	}
	return review.Outcome{}, d.file(ctx, q, a)
}

// admit refuses before anything is kept: what a contact may not say, what only the
// owner files for the vendor, and documents that were not taken.
func (d *Desk) admit(ctx context.Context, a review.Answer) (review.Refusal, error) {
	var why review.Refusal
	var err error
	switch {
	case outside(a.From, a.Person):
		why, err = d.admitVendor(ctx, a, a.Person)
	case a.ForVendor:
		why, err = d.admitForVendor(ctx, a)
	}
	look := d.taken
	if step := stepOf(a.Request); step == playbook.ChoreText || step == playbook.ChoreNext {
		look = d.readable // it is reviewed clause by clause
	}
	for _, doc := range a.Documents {
		if err == nil && why == "" {
			why, err = look(ctx, doc)
		}
	}
	return why, err
}

// receive looks whether this was said before, and who says it. A reply is final:
// the outcome of the first time, or that nobody is known at this address. What
// somebody else decided under the id is no reply to this person.
func (d *Desk) receive(ctx context.Context, id string, from review.Address, request string) (review.Person, *review.Outcome, error) {
	out, known, err := d.store.Receipt(ctx, id)
	if err != nil {
		return review.Person{}, nil, BusyError{fmt.Errorf("looking for a receipt: %w", err)}
	}
	person, revision, err := d.speaker(ctx, from, request)
	switch {
	case known && err == nil && outside(from, person.Record(revision)):
		said := told(out, person.ID)
		return review.Person{}, &said, theirs(out, person.ID)
	case known && err == nil:
		return review.Person{}, &out, theirs(out, person.ID)
	case known && (from.Channel == front || from.Channel == post):
		return review.Person{}, &review.Outcome{Status: review.Refused, Refusal: review.UnknownPerson, Request: request}, nil
	case known:
		return review.Person{}, &out, nil
	}
	if isNotFound(err) {
		return review.Person{}, &review.Outcome{Status: review.Refused, Refusal: review.UnknownPerson, Request: request}, nil
	}
	if err != nil {
		return review.Person{}, nil, BusyError{err}
	}
	if access.OnlyWatches(person) {
		return review.Person{}, nil, ForbiddenError{string(access.Answer)}
	}
	return person.Record(revision), nil, nil
}

// theirs is the error for somebody whose answer came under the id of one that
// counts and is somebody else's: told that it counts, they would take it for
// their own, and what they said would be lost.
func theirs(out review.Outcome, person string) error {
	if out.Status != review.Counted && out.Status != review.Already || out.By == "" || out.By == person {
		return nil
	}
	return errTheirs()
}

func errTheirs() error {
	return invalid("send yours again under an id of its own; nothing that you wrote was decided", "this is the number of an answer of somebody else")
}

// final is a reply, or nothing where there is none.
func final(reply *review.Outcome) review.Outcome {
	if reply == nil {
		return review.Outcome{}
	}
	return *reply
}

// keep stores free text before anything else happens with the answer. The first
// text of an id stays; whoever comes with other words under it is refused, or
// they would be recorded as having said what somebody else wrote.
func (d *Desk) keep(ctx context.Context, id string, t review.Text) (review.Written, error) {
	if len(t.Inside)+len(t.Vendor) > maxText {
		return review.Written{}, invalid("shorten it, or file it as a document", "a reason has at most %d characters", maxText)
	}
	var w review.Written
	var err error
	if !t.Empty() {
		w, err = d.store.KeepText(ctx, id, t)
		if err != nil {
			return review.Written{}, BusyError{fmt.Errorf("keeping the text: %w", err)}
		}
	}
	kept, found, err := d.store.Text(ctx, id)
	if err != nil {
		return review.Written{}, BusyError{fmt.Errorf("reading the kept text: %w", err)}
	}
	if found && (kept.Inside != valid(t.Inside) || kept.Vendor != valid(t.Vendor)) {
		return review.Written{}, invalid("send it again under an id of its own", "other words were sent under this answer's id before; nothing was decided with these")
	}
	return w, nil
}

// valid is a text as it is kept: what is no UTF-8 is replaced byte by byte, and
// the one character that a database's text can't hold.
func valid(s string) string { return strings.ReplaceAll(string([]rune(s)), "\x00", "\uFFFD") }

// maxText bounds one answer's free text, in bytes.
const maxText = 64 << 10

// deliver brings something to its process, or queues it.
func (d *Desk) deliver(ctx context.Context, q review.Queued) (review.Outcome, error) {
	waiting, err := d.store.HasQueued(ctx, q.Process)
	if err != nil {
		return review.Outcome{}, BusyError{fmt.Errorf("looking at the queue: %w", err)}
	}
	if waiting { // what came first is delivered first
		return d.enqueue(ctx, q)
	}
	out, err := d.update(ctx, q, updateWithin)
	if err == nil && theirs(out, q.Person) != nil {
		return review.Outcome{}, theirs(out, q.Person)
	}
	if err != nil {
		d.log.Info("an answer is queued", "answer", q.ID, "process", q.Process, "error", err)
		return d.enqueue(ctx, q)
	}
	// The answer stands whether or not this succeeds: the process knows its id.
	// Whoever waits for it is not kept waiting by a record that is slow.
	keeping, cancel := context.WithTimeout(context.WithoutCancel(ctx), queueWithin)
	defer cancel()
	err = d.store.KeepReceipt(keeping, q.ID, q.Person, q.Request, out)
	if err != nil {
		d.log.Warn("a receipt could not be written", "answer", q.ID, "error", err)
	}
	return out, nil
}

// enqueue keeps something durably for the delivery loop.
func (d *Desk) enqueue(ctx context.Context, q review.Queued) (review.Outcome, error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), queueWithin)
	defer cancel()
	err := d.store.Enqueue(ctx, q)
	if err != nil {
		return review.Outcome{}, BusyError{fmt.Errorf("queueing the answer: %w", err)}
	}
	d.nudge()
	err = d.queuedAsTheirs(ctx, q)
	if err != nil {
		return review.Outcome{}, err
	}
	return review.Outcome{Status: review.Pending, Request: q.Request, By: q.Person, At: q.At}, nil
}

// queuedAsTheirs makes sure that what waits under the id, or was delivered since,
// is this person's: the first of an id stays in the queue.
func (d *Desk) queuedAsTheirs(ctx context.Context, q review.Queued) error {
	mine, err := d.store.QueuedOf(ctx, q.Person)
	if err != nil {
		return BusyError{fmt.Errorf("looking for the queued answer: %w", err)}
	}
	if slices.ContainsFunc(mine, func(m review.Queued) bool { return m.ID == q.ID }) {
		return nil
	}
	out, delivered, err := d.store.Receipt(ctx, q.ID)
	switch {
	case err != nil:
		return BusyError{fmt.Errorf("looking for the delivered answer: %w", err)}
	case delivered:
		return theirs(out, q.Person)
	}
	return errTheirs()
}

// nudge wakes the delivery loop.
func (d *Desk) nudge() {
	select {
	case d.wake <- struct{}{}:
	default:
	}
}
