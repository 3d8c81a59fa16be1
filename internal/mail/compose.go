package mail

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"gangway/internal/access"
	"gangway/internal/dossier"
	"gangway/internal/outbox"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// maxItems is how many requests one mail tells of; mail readers cut what is
// longer than 100 kB.
const maxItems = 50

// item is one request, or one case that ended, as a mail tells it.
type item struct {
	Title, Ask, Vendor, Case, Document string
	Due                                string // empty: none
	Overdue                            bool
	Why, From                          string
	Outcome                            string
	Link                               string
	// How and Buttons are how it is answered by mail, Reply the address where the
	// mail has another one.
	How     string
	Buttons []button
	Reply   string
	// Summary is what the vendor is for, in the words of whoever asked for it; Unread
	// are the sections that nobody has read. Both are for the client's own.
	Summary, Unread string
	// Taught is what leaving vendors of the kind taught, for the client's own too.
	Taught []string
	// Form: a form is asked for, which can be filled in away from the page.
	Form bool
	// Missing is what the client wrote to the vendor of what came before.
	Missing string
	// Kept is what becomes of what the vendor sent, once all is over.
	Kept string

	due       time.Time
	why       string
	ways      ways
	address   string // for replies about this request
	reminders int    // that a vendor's contact had
}

// content is a mail before it is written.
type content struct {
	to        playbook.Person
	lane      outbox.Lane
	kind      outbox.Kind
	rehearsal bool
	items     []item
	more      int    // requests that found no room
	link      string // of a sign-in
	code      string
	until     string
	inbox     string
	// tickets are kept before the mail leaves: its links and addresses lead to them.
	tickets []access.Ticket
	// replyTo is where answers go; empty: they are not read.
	replyTo string
	outside *outside        // to somebody of the vendor; nil: to the client's own
	answer  *answer         // to a mail that came
	meeting *outbox.Meeting // of an invitation
	seal    *sealed         // to the witness
}

func (c *content) empty() bool {
	return len(c.items) == 0 && c.link == "" && c.answer == nil && c.meeting == nil && c.seal == nil
}

// composer reads what a mail tells of from the record as it is now.
type composer struct {
	*Post
	who    playbook.Person
	now    time.Time
	cases  map[string]*dossier.CaseView
	people map[string]playbook.Person
	said   map[string]inShort // by case
	c      content
}

// compose writes down what the letters still have to tell: requests that closed
// meanwhile, or that the person answered, are left out.
func (p *Post) compose(ctx context.Context, who playbook.Person, bundle []outbox.Letter, now time.Time) (content, error) {
	first := bundle[0]
	w := composer{Post: p, who: who, now: now, cases: map[string]*dossier.CaseView{}, people: map[string]playbook.Person{}, said: map[string]inShort{}}
	w.c = content{to: who, lane: first.Lane(), kind: first.Kind, rehearsal: first.Rehearsal, inbox: p.o.Address + "/", replyTo: p.o.Replies}
	var err error
	switch first.Kind {
	case outbox.SignIn:
		w.c.replyTo = ""
		w.c.link = p.o.Address + "/enter/" + p.o.Key.Link(first.Link)
		w.c.code = p.o.Key.Code(first.Link)
		w.c.until = first.Until.In(zoneOf(who)).Format("15:04 MST")
		return w.c, nil
	case outbox.Invitation:
		w.c.meeting, w.c.replyTo = first.Meeting, ""
		if first.Outside {
			w.c.outside, err = w.outsider(ctx, first)
		}
		return w.c, err
	case outbox.Portal:
		err = w.newLink(ctx, first)
		return w.c, err
	case outbox.Comment:
		err = w.word(ctx, first)
		return w.c, err
	case outbox.Checkpoint:
		err = w.checkpoint(ctx, first)
		return w.c, err
	}
	if first.Outside {
		if w.c.outside, err = w.outsider(ctx, first); err != nil {
			return content{}, err
		}
	}
	if first.Kind == outbox.Reply {
		err = w.reply(ctx, first)
	} else {
		err = w.tell(ctx, bundle)
	}
	if err != nil {
		return content{}, err
	}
	w.answers()
	return w.c, nil
}

// tell adds what the letters are about.
func (w *composer) tell(ctx context.Context, bundle []outbox.Letter) error {
	told := map[string]bool{}
	for _, l := range slices.Backward(bundle) { // the newest reason is the one that holds
		if l.Why == outbox.WhyEnded {
			if err := w.ended(ctx, l); err != nil {
				return err
			}
		}
		if endsForVendor(l.Why) && w.c.outside != nil && !told[l.Why] {
			told[l.Why] = true
			it, err := w.farewell(ctx, l)
			if err != nil {
				return err
			}
			w.c.items = append(w.c.items, it)
		}
		for _, id := range l.Requests {
			if told[id] {
				continue
			}
			told[id] = true
			if err := w.request(ctx, l, id); err != nil {
				return err
			}
		}
	}
	slices.SortStableFunc(w.c.items, earliest)
	slices.SortStableFunc(w.c.items, wholeFirst)
	if len(w.c.items) > maxItems {
		w.c.more = len(w.c.items) - maxItems
		w.c.items = w.c.items[:maxItems]
	}
	return nil
}

// answers says for each request how it is answered by mail. A mail about one
// request is answered by a plain reply; in one about several each has an address
// of its own, and a plain reply is a comment.
func (w *composer) answers() {
	if w.o.Replies == "" {
		return
	}
	several := len(w.c.items) > 1 || w.c.more > 0
	for i := range w.c.items {
		it := &w.c.items[i]
		if it.address == "" {
			continue
		}
		if several {
			it.Reply = it.address
		} else {
			w.c.replyTo = it.address
		}
	}
}

// earliest puts what is due first first, what has no date last.
func earliest(a, b item) int {
	switch {
	case a.due.IsZero() || b.due.IsZero():
		if a.due.IsZero() == b.due.IsZero() {
			return strings.Compare(a.Case, b.Case)
		}
		if a.due.IsZero() {
			return 1
		}
		return -1
	default:
		return a.due.Compare(b.due)
	}
}

// request adds a request, unless nothing is left to tell of it.
func (w *composer) request(ctx context.Context, l outbox.Letter, id string) error {
	r, err := w.o.Store.Request(ctx, id)
	if err != nil {
		return fmt.Errorf("reading a request to tell of: %w", err)
	}
	v, err := w.view(ctx, r.Case)
	if err != nil {
		return err
	}
	it := item{Title: textLine(r.Title, 200), Case: r.Case, why: l.Why}
	if l.Kind == outbox.Outcome {
		if r.IsOpen() || !isOutcome(r.Closed.Why) {
			return nil
		}
		it.Outcome = outcomeOf(&r)
		if l.Outside {
			it.Outcome = outcomeOutside(&r, w.who.ID, w.o.Client)
		}
	} else if asked, err := w.asked(ctx, l, &r, v.Now(w.now), &it); err != nil || !asked {
		return err
	}
	if it.Vendor, err = w.vendor(ctx, v.Vendor); err != nil {
		return err
	}
	w.lead(&r, &it, l.Kind != outbox.Outcome)
	w.c.items = append(w.c.items, it)
	return nil
}

// asked says of an open request what is wanted; false: nothing any more.
func (w *composer) asked(ctx context.Context, l outbox.Letter, r *review.Request, now time.Time, it *item) (bool, error) {
	seats := w.open(r, l.Why, now)
	if len(seats) == 0 {
		return false, nil
	}
	it.Ask = textBlock(r.Ask, 2000)
	w.date(r, it, now)
	if l.Outside {
		var err error
		it.Form = r.Sheet
		it.Missing, err = w.missing(ctx, r)
		it.reminders = remindersOf(r, w.who.ID, l.At)
		return true, err
	}
	it.Why = whyOf(r, l.Why, seats, w.who.ID)
	it.Unread = textLine(strings.Join(r.Tally(now).Unread, ", "), 300)
	short, err := w.summary(ctx, r.Case)
	if err != nil {
		return false, err
	}
	it.Summary, it.Taught = short.words, short.taught
	if r.Document != "" && r.Current() > 0 {
		it.Document = fmt.Sprintf("%s, version %d", textLine(r.Document, 100), r.Current())
	}
	if l.Why != playbook.WhyManager && l.Why != playbook.WhyOwner && l.Why != playbook.WhyVacant && l.Why != playbook.WhyUnread {
		it.ways = waysOf(r, seats, w.who.ID)
	}
	asker := r.Requester
	if asker == "" {
		asker = r.Owner
	}
	who, err := w.person(ctx, asker)
	it.From = textLine(who.Name, maxName)
	return true, err
}

// lead gives the request its link and, where answers are read, its address.
func (w *composer) lead(r *review.Request, it *item, answerable bool) {
	ticket := w.o.Key.Ticket(r.ID, r.Current(), w.who.ID, w.Channel())
	it.Link = w.o.Address + "/go/" + ticket
	if w.c.outside != nil {
		it.Link = w.o.Address + "/portal/" + ticket
	}
	w.c.tickets = append(w.c.tickets, access.Ticket{Hash: access.Hash(ticket), Request: r.ID, Version: r.Current(), Person: w.who.ID, Channel: w.Channel(), Made: w.now})
	if w.o.Replies == "" || !answerable || w.c.outside != nil && w.c.outside.Receiver {
		return
	}
	it.address, it.How = w.replyTo(ticket), it.ways.How
	it.Buttons = buttons(r, it.ways.By, it.address, "[GW "+textLine(r.Case, 60)+"] "+shorten(it.Title, 60))
}

// open lists the seats of the asked group that a mail would be about; none: the
// request is closed, or the person has nothing left to do with it.
func (w *composer) open(r *review.Request, why string, now time.Time) []string {
	if !r.IsOpen() {
		return nil
	}
	t := r.Tally(now)
	if t.Group >= len(t.Groups) || t.Groups[t.Group].State.Decided() {
		return nil
	}
	var seats []string
	for _, s := range t.Groups[t.Group].Seats {
		mine := r.Holds(s.Seat, w.who.ID, now)
		switch why {
		case playbook.WhyManager, playbook.WhyOwner:
			mine = true
		case playbook.WhyVacant:
			mine = s.Vacant
		}
		if why == playbook.WhyUnread {
			if len(t.Unread) > 0 { // whoever answered may read on, and the owner be told
				seats = append(seats, s.Seat)
			}
			continue
		}
		if s.Verdict == "" && mine {
			seats = append(seats, s.Seat)
		}
	}
	return seats
}

// date is when the request is due, where the person works.
func (w *composer) date(r *review.Request, it *item, now time.Time) {
	group := r.Tally(now).Group
	if group >= len(r.Clocks) || r.Clocks[group].Due.IsZero() {
		return
	}
	it.due = r.Clocks[group].Due
	it.Due = it.due.In(zoneOf(w.who)).Format("Mon 2 January 2006, 15:04 MST")
	it.Overdue = it.due.Before(now)
}

// ended adds that a case is over.
func (w *composer) ended(ctx context.Context, l outbox.Letter) error {
	v, err := w.view(ctx, l.Case)
	if err != nil {
		return err
	}
	if v.State == dossier.Running { // reopened
		return nil
	}
	it := item{Case: v.ID, Outcome: endOf(v.State), why: outbox.WhyEnded, Link: w.o.Address + "/case?id=" + escape(v.ID)}
	if it.Vendor, err = w.vendor(ctx, v.Vendor); err != nil {
		return err
	}
	it.Title = "The case of " + shorten(it.Vendor, 60) + " is over"
	if strings.HasPrefix(v.ID, "drill/") { // the vendor works on, and nobody shall think otherwise
		it.Title = "The drill of leaving " + shorten(it.Vendor, 60) + " is over"
	}
	w.c.items = append(w.c.items, it)
	return nil
}

func (w *composer) view(ctx context.Context, id string) (*dossier.CaseView, error) {
	if v := w.cases[id]; v != nil {
		return v, nil
	}
	v, err := w.o.Store.CaseHead(ctx, id)
	if err != nil {
		return nil, fmt.Errorf("reading the case to tell of: %w", err)
	}
	w.cases[id] = &v
	return &v, nil
}

// person is who somebody is; empty for nobody.
func (w *composer) person(ctx context.Context, id string) (playbook.Person, error) {
	if who, known := w.people[id]; known || id == "" {
		return who, nil
	}
	who, _, err := w.o.Store.Person(ctx, id)
	if err != nil && !isMissing(err) {
		return who, fmt.Errorf("reading who asks: %w", err)
	}
	w.people[id] = who
	return who, nil
}

func (w *composer) vendor(ctx context.Context, slug string) (string, error) {
	name, found, err := w.o.Store.Vendor(ctx, slug)
	if err != nil {
		return "", fmt.Errorf("reading the vendor's name: %w", err)
	}
	if !found {
		name = slug
	}
	return textLine(name, maxName), nil
}
