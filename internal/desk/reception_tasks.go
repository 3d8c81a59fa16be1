package desk

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"gangway/internal/access"
	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

const (
	// earlierFor is how old a document may be that is offered to be used again,
	// where nobody found until when it is good: a year, and a month to be late in.
	earlierFor = 396 * 24 * time.Hour
	// earlierBy bounds through how many of the vendor's people its cases are looked for.
	earlierBy = 20
	// maxDraft bounds a form that somebody has begun to fill in (bytes).
	maxDraft = 256 << 10
)

// vendorSeat is the vendor's seat of a delivery that somebody holds, empty for
// none: all that a contact may answer.
func vendorSeat(q *review.Request, person string, now time.Time) string {
	if q.Kind != review.Delivery {
		return ""
	}
	for _, s := range q.Policy.Seats() {
		if s.Role == review.VendorRole && q.Holds(s.ID, person, now) {
			return s.ID
		}
	}
	return ""
}

// isTask reports whether a request is a contact's to see: a delivery of their
// vendor that asks them, or that they delivered to.
func isTask(q *review.Request, c playbook.Contact, now time.Time) bool {
	if q.Vendor != c.Vendor || q.Kind != review.Delivery {
		return false
	}
	if vendorSeat(q, c.ID, now) != "" {
		return true
	}
	return slices.ContainsFunc(q.Ballots, func(b review.Ballot) bool { return b.Person == c.ID })
}

// task is a request for a contact to whom it is a task: nothing else is there for
// them.
func (r reception) task(ctx context.Context, who review.Address, request string) (playbook.Contact, *review.Request, error) {
	missing := dossier.NotFoundError{What: "request", ID: request}
	c, err := r.guest(ctx, who, request)
	if err != nil {
		return c, nil, err
	}
	q, err := r.desk.store.Request(ctx, request)
	if isNotFound(err) {
		return c, nil, missing
	}
	if err != nil {
		return c, nil, fmt.Errorf("looking up a task: %w", err)
	}
	view, err := r.desk.store.Case(ctx, q.Case)
	if err != nil {
		return c, nil, fmt.Errorf("looking up the case of a task: %w", err)
	}
	if receiverSeat(&view, &q, c, r.desk) != "" {
		return c, &q, r.mayReceive(ctx, c)
	}
	if !isTask(&q, c, view.Now(r.desk.now())) {
		return c, nil, missing
	}
	hidden, err := r.withheld(ctx, &view, &q)
	if err == nil && hidden {
		err = invalid("sign that first: it is among your tasks", "this is shown once the confidentiality agreement is signed")
	}
	if err != nil {
		return c, nil, err
	}
	return c, &q, nil
}

// PortalTasks lists what a contact is asked, open tasks first, then the newest of
// the others.
func (r reception) PortalTasks(ctx context.Context, who review.Address) ([]access.VendorTask, error) {
	c, err := r.guest(ctx, who, "")
	if err != nil {
		return nil, err
	}
	views, err := r.desk.store.SeenCases(ctx, c.ID)
	if err != nil {
		return nil, fmt.Errorf("listing the cases that ask a contact: %w", err)
	}
	queued, err := r.desk.store.QueuedOf(ctx, c.ID)
	if err != nil {
		return nil, fmt.Errorf("listing what a contact sent: %w", err)
	}
	var tasks []access.VendorTask
	for i := range views {
		takesOver := comesAfter(&views[i], c)
		if views[i].Vendor != c.Vendor && (!takesOver || r.mayReceive(ctx, c) != nil) {
			continue
		}
		name, phone, err := r.asker(ctx, &views[i])
		if err != nil {
			return nil, err
		}
		nda, err := r.desk.unsigned(ctx, &views[i])
		if err != nil {
			return nil, err
		}
		now := views[i].Now(r.desk.now())
		for j := range views[i].Requests {
			q := &views[i].Requests[j]
			receives := takesOver && receiverSeat(&views[i], q, c, r.desk) != ""
			if !receives && !isTask(q, c, now) {
				continue
			}
			if nda != "" && q.Step != nda {
				continue
			}
			t := access.VendorTask{Request: q.ID, Title: q.Title, Ask: q.Ask, Asker: name, Phone: phone, Asked: q.Opened, Now: now, Rehearsal: views[i].Rehearsal}
			if receives {
				err = r.received(ctx, &t, &views[i], q, c, queued)
			} else {
				err = r.fill(ctx, &t, &views[i], q, c, queued)
			}
			if err != nil {
				return nil, err
			}
			tasks = append(tasks, t)
		}
	}
	slices.SortStableFunc(tasks, func(a, b access.VendorTask) int {
		if x, y := a.State == access.TaskOpen, b.State == access.TaskOpen; x != y {
			if x {
				return -1
			}
			return 1
		}
		return b.Asked.Compare(a.Asked)
	})
	return tasks, nil
}

// fill adds what changes: where it stands, by when, who else, what was sent.
func (r reception) fill(ctx context.Context, t *access.VendorTask, v *dossier.CaseView, q *review.Request, c playbook.Contact, queued []review.Queued) error {
	t.State = taskState(v, q)
	t.Points, t.Sheet = q.Points, q.Sheet
	if len(q.Clocks) > 0 && q.Closed == nil {
		t.Due = q.Clocks[min(q.Tally(t.Now).Group, len(q.Clocks)-1)].Due
	}
	var err error
	t.Missing, err = r.forVendor(ctx, q)
	if err != nil {
		return err
	}
	for _, s := range q.Seatings {
		for _, h := range s.Holders {
			other, err := r.colleague(ctx, c, h.Person)
			if err != nil {
				return err
			}
			if h.Person != c.ID && h.Active(t.Now) && other != "" && !slices.Contains(t.Others, other) {
				t.Others = append(t.Others, other)
			}
			if h.Person == c.ID || other == "" || !q.Sheet || q.Closed != nil {
				continue
			}
			if err := r.begun(ctx, t, h.Person, other); err != nil {
				return err
			}
		}
	}
	for _, b := range q.Ballots {
		if b.TakenBack || b.Void {
			continue
		}
		d, err := r.delivery(ctx, c, q, b)
		if err != nil {
			return err
		}
		t.Deliveries = append(t.Deliveries, d)
	}
	for _, w := range queued {
		var a review.Answer
		if w.Request != q.ID || w.Act || json.Unmarshal(w.Payload, &a) != nil {
			continue
		}
		d, err := r.delivery(ctx, c, q, review.Ballot{Answer: a.ID, Person: c.ID, Documents: a.Documents, At: w.At})
		if err != nil {
			return err
		}
		d.Pending = true
		t.Deliveries = append(t.Deliveries, d)
	}
	return nil
}

// begun adds a colleague who has begun to fill in the form that a task asks for: two
// people who do know of one another, and nothing of what the other typed.
func (r reception) begun(ctx context.Context, t *access.VendorTask, contact, name string) error {
	_, at, err := r.desk.store.Draft(ctx, contact, t.Request)
	switch {
	case isNotFound(err):
		return nil
	case err != nil:
		return fmt.Errorf("looking whether a colleague has begun: %w", err)
	}
	if !slices.ContainsFunc(t.Begun, func(b access.Begun) bool { return b.By == name }) {
		t.Begun = append(t.Begun, access.Begun{By: name, At: at})
	}
	return nil
}

// colleague is the name of another contact of the vendor; nobody else's name is
// for them.
func (r reception) colleague(ctx context.Context, c playbook.Contact, id string) (string, error) {
	other, err := r.desk.store.Contact(ctx, id)
	if isNotFound(err) || err == nil && other.Vendor != c.Vendor {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("looking up a contact's colleague: %w", err)
	}
	return other.Name, nil
}

// delivery is a counted answer as the vendor is shown it.
func (r reception) delivery(ctx context.Context, c playbook.Contact, q *review.Request, b review.Ballot) (access.Delivery, error) {
	d := access.Delivery{Answer: b.Answer, At: b.At, ForVendor: b.ForVendor}
	line, filed, err := r.desk.store.AnswerLine(ctx, b.Answer)
	if err != nil {
		return d, fmt.Errorf("looking when something was delivered: %w", err)
	}
	if filed {
		d.At = line.Entry.At
	}
	if seat, _, _ := q.Seat(b.Seat); b.ForVendor || seat.Role != review.VendorRole { // what the client filed in their place stays the client's
		d.By = r.client
		return d, nil
	}
	d.By, err = r.colleague(ctx, c, b.Person)
	if err != nil {
		return d, err
	}
	for _, digest := range b.Documents {
		p, err := r.sentPaper(ctx, b.Person, q.ID, digest)
		if err != nil {
			return d, err
		}
		d.Papers = append(d.Papers, p)
	}
	return d, nil
}

// sentPaper is a document with what its sender called it, as far as that is known.
func (r reception) sentPaper(ctx context.Context, contact, request, digest string) (access.SentPaper, error) {
	p := access.SentPaper{}
	found, err := r.desk.store.Reading(ctx, digest)
	if err != nil && !isNotFound(err) {
		return p, fmt.Errorf("reading what was found in a delivered document: %w", err)
	}
	p.Reading = found
	p.Document = digest
	text, _, err := r.desk.store.Draft(ctx, contact, request+uploadOf+digest)
	if err != nil && !isNotFound(err) {
		return p, fmt.Errorf("looking what a document was called: %w", err)
	}
	var u upload
	if err == nil && json.Unmarshal(text, &u) == nil {
		p.Name = u.Name
	}
	return p, nil
}

// taskState says where a task stands in the few words that the vendor is told.
func taskState(v *dossier.CaseView, q *review.Request) access.TaskState {
	delivered := slices.ContainsFunc(q.Ballots, func(b review.Ballot) bool { return !b.TakenBack && !b.Void })
	if q.Closed == nil && !delivered {
		return access.TaskOpen
	}
	again := slices.ContainsFunc(v.Requests, func(other review.Request) bool {
		return other.Step == q.Step && other.Process == q.Process && other.Opened.After(q.Opened)
	})
	i := slices.IndexFunc(v.Processes, func(p dossier.ProcessView) bool { return p.ID == q.Process })
	over := v.State == dossier.Ended || i >= 0 && !v.Processes[i].Ended.IsZero()
	switch {
	case !delivered:
		return access.TaskOver
	case again:
		return access.TaskSentBack
	case i >= 0 && over && accepted(v.Processes[i].Result):
		return access.TaskAccepted
	case over:
		return access.TaskOver
	}
	return access.TaskReceived
}

// accepted reports whether a process ended with what the vendor delivered in force.
func accepted(result string) bool {
	return result == "in-force" || result == "signed-off" || result == string(dossier.Live)
}

// forVendor is what the case owner wrote to the vendor with a question: the part
// that is for them, and never the other.
func (r reception) forVendor(ctx context.Context, q *review.Request) (string, error) {
	id := cmp.Or(q.VendorText, q.AskText)
	if id == "" {
		return "", nil
	}
	line, filed, err := r.desk.store.AnswerLine(ctx, id)
	if err != nil {
		return "", fmt.Errorf("looking for what the vendor is told: %w", err)
	}
	if filed {
		if line.Body == nil { // erased by rule, or nothing was written
			return "", nil
		}
		return line.Body.Vendor, nil
	}
	text, _, err := r.desk.store.Text(ctx, id)
	if err != nil {
		return "", fmt.Errorf("looking for the text that the vendor is told: %w", err)
	}
	return text.Vendor, nil
}

// Earlier lists what the vendor's people delivered to the same step of earlier
// cases and may use again, the newest first.
func (r reception) Earlier(ctx context.Context, who review.Address, request string) ([]access.Earlier, error) {
	c, q, err := r.task(ctx, who, request)
	if err != nil {
		return nil, err
	}
	return r.earlier(ctx, c, q)
}

func (r reception) earlier(ctx context.Context, c playbook.Contact, q *review.Request) ([]access.Earlier, error) {
	views, err := r.vendorCases(ctx, c)
	if err != nil {
		return nil, err
	}
	var list []access.Earlier
	for i := range views {
		v := &views[i]
		if v.ID == q.Case {
			continue
		}
		for j := range v.Requests {
			old := &v.Requests[j]
			if old.Step != q.Step || old.Kind != review.Delivery || old.Vendor != c.Vendor || old.Closed == nil {
				continue
			}
			found, err := r.reusable(ctx, v, old)
			if err != nil {
				return nil, err
			}
			for _, e := range found {
				if !slices.ContainsFunc(list, func(x access.Earlier) bool { return x.Document == e.Document }) {
					list = append(list, e)
				}
			}
		}
	}
	slices.SortStableFunc(list, func(a, b access.Earlier) int { return b.On.Compare(a.On) })
	return list, nil
}

// vendorCases are the cases that asked the vendor's people anything.
func (r reception) vendorCases(ctx context.Context, c playbook.Contact) ([]dossier.CaseView, error) {
	people, err := r.desk.store.Contacts(ctx, c.Vendor)
	if err != nil {
		return nil, fmt.Errorf("listing a contact's colleagues: %w", err)
	}
	var views []dossier.CaseView
	for _, p := range people[max(0, len(people)-earlierBy):] {
		seen, err := r.desk.store.SeenCases(ctx, p.ID)
		if err != nil {
			return nil, fmt.Errorf("listing the cases of a contact's colleague: %w", err)
		}
		for _, v := range seen {
			if !slices.ContainsFunc(views, func(x dossier.CaseView) bool { return x.ID == v.ID }) {
				views = append(views, v)
			}
		}
	}
	return views, nil
}

// reusable is what the vendor delivered to a request of old and is still good.
func (r reception) reusable(ctx context.Context, v *dossier.CaseView, old *review.Request) ([]access.Earlier, error) {
	now := v.Now(r.desk.now())
	var list []access.Earlier
	for _, b := range old.Ballots {
		if b.TakenBack || b.Void || b.ForVendor || expired(v, old, b, now) {
			continue
		}
		for _, digest := range b.Documents {
			p, err := r.sentPaper(ctx, b.Person, old.ID, digest)
			if err != nil {
				return nil, err
			}
			if p.Fault == "" && !p.Reading.At.IsZero() && p.Media != engagement.SheetMedia { // forms are filled in anew

				list = append(list, access.Earlier{SentPaper: p, Title: old.Title, On: b.At})
			}
		}
	}
	return list, nil
}

// expired reports whether what was delivered is over: by the dates that somebody
// found in it, or else by its age.
func expired(v *dossier.CaseView, old *review.Request, b review.Ballot, now time.Time) bool {
	dated := false
	for i := range v.Requests {
		q := &v.Requests[i]
		if q.Process != old.Process || q.Kind != review.Checklist {
			continue
		}
		for _, check := range q.Ballots {
			for _, f := range check.Findings {
				if check.TakenBack || check.Void || f.On.IsZero() {
					continue
				}
				dated = true
				if !now.Before(f.On) {
					return true
				}
			}
		}
	}
	return !dated && now.Sub(b.At) >= earlierFor
}

// SaveDraft keeps a form that somebody has begun to fill in, for a request that
// asks them; what was saved last stands.
func (r reception) SaveDraft(ctx context.Context, who review.Address, request string, fields []byte) error {
	person, err := r.drafter(ctx, who, request)
	if err != nil {
		return err
	}
	if len(fields) > maxDraft {
		return invalid("send what is there, and go on then", "a form that is saved has at most %d kB", maxDraft>>10)
	}
	err = r.desk.store.PutDraft(ctx, person, request, fields, r.desk.now().UTC())
	if err != nil {
		return BusyError{fmt.Errorf("saving a form: %w", err)}
	}
	return nil
}

// DraftOf is the form that somebody saved, and when; NotFound where there is none.
func (r reception) DraftOf(ctx context.Context, who review.Address, request string) ([]byte, time.Time, error) {
	person, err := r.drafter(ctx, who, request)
	if err != nil {
		return nil, time.Time{}, err
	}
	return r.desk.store.Draft(ctx, person, request)
}

// drafter is whose form it is: a contact's of a task, or that of one of the
// client's people who may see the request.
func (r reception) drafter(ctx context.Context, who review.Address, request string) (string, error) {
	if who.Channel == front {
		c, _, err := r.task(ctx, who, request)
		return c.ID, err
	}
	q, err := r.desk.Request(ctx, who, request)
	if err != nil {
		return "", err
	}
	p, _, err := r.desk.inCase(ctx, who, access.SeeCase, q.Case)
	return p.ID, err
}

// delivered forgets what a contact had begun for a request; what was sent is in the
// answer now. That it fails harms nobody.
func (r reception) delivered(ctx context.Context, contact, request string) {
	err := r.desk.store.DropDraft(ctx, contact, request)
	if err == nil || isNotFound(err) {
		err = r.desk.store.DropDraft(ctx, contact, request+uploadsOf)
	}
	if err != nil && !isNotFound(err) {
		r.desk.log.Warn("forgetting a form that was sent", "person", contact, "error", err)
	}
}
