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

	due    time.Time
	why    string
	ticket access.Ticket // no hash: the link is none
}

// content is a mail before it is written.
type content struct {
	to        playbook.Person
	lane      outbox.Lane
	rehearsal bool
	items     []item
	more      int    // requests that found no room
	link      string // of a sign-in
	code      string
	until     string
	inbox     string
}

func (c *content) empty() bool { return len(c.items) == 0 && c.link == "" }

// composer reads what a mail tells of from the record as it is now.
type composer struct {
	*Post
	who   playbook.Person
	now   time.Time
	cases map[string]*dossier.CaseView
	names map[string]string
	c     content
}

// compose writes down what the letters still have to tell: requests that closed
// meanwhile, or that the person answered, are left out.
func (p *Post) compose(ctx context.Context, who playbook.Person, bundle []outbox.Letter, now time.Time) (content, error) {
	w := composer{Post: p, who: who, now: now, cases: map[string]*dossier.CaseView{}, names: map[string]string{}}
	w.c = content{to: who, lane: bundle[0].Lane(), rehearsal: bundle[0].Rehearsal, inbox: p.o.Address + "/"}
	if bundle[0].Kind == outbox.SignIn {
		w.c.link = p.o.Address + "/enter/" + p.o.Key.Link(bundle[0].Link)
		w.c.code = p.o.Key.Code(bundle[0].Link)
		w.c.until = bundle[0].Until.In(zoneOf(who)).Format("15:04 MST")
		return w.c, nil
	}
	told := map[string]bool{}
	for i := len(bundle) - 1; i >= 0; i-- { // the newest reason is the one that holds
		l := bundle[i]
		if l.Why == outbox.WhyEnded {
			if err := w.ended(ctx, l); err != nil {
				return content{}, err
			}
		}
		for _, id := range l.Requests {
			if told[id] {
				continue
			}
			told[id] = true
			if err := w.request(ctx, l, id); err != nil {
				return content{}, err
			}
		}
	}
	slices.SortStableFunc(w.c.items, earliest)
	if len(w.c.items) > maxItems {
		w.c.more = len(w.c.items) - maxItems
		w.c.items = w.c.items[:maxItems]
	}
	return w.c, nil
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
	now := v.Now(w.now)
	it := item{Title: textLine(r.Title, 200), Case: r.Case, why: l.Why}
	if l.Kind == outbox.Outcome {
		if r.IsOpen() || !isOutcome(r.Closed.Why) {
			return nil
		}
		it.Outcome = outcomeOf(&r)
	} else {
		seats := w.open(&r, l.Why, now)
		if len(seats) == 0 {
			return nil
		}
		it.Why = whyOf(&r, l.Why, seats, w.who.ID)
		it.Ask = textBlock(r.Ask, 2000)
		w.date(&r, &it, now)
		if r.Document != "" && r.Current() > 0 {
			it.Document = fmt.Sprintf("%s, version %d", textLine(r.Document, 100), r.Current())
		}
		asker := r.Requester
		if asker == "" {
			asker = r.Owner
		}
		if it.From, err = w.name(ctx, asker); err != nil {
			return err
		}
	}
	if it.Vendor, err = w.vendor(ctx, v.Vendor); err != nil {
		return err
	}
	ticket := w.o.Key.Ticket(r.ID, r.Current(), w.who.ID, w.Channel())
	it.Link = w.o.Address + "/go/" + ticket
	it.ticket = access.Ticket{Hash: access.Hash(ticket), Request: r.ID, Version: r.Current(), Person: w.who.ID, Channel: w.Channel(), Made: w.now}
	w.c.items = append(w.c.items, it)
	return nil
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

// name is who somebody is; empty for nobody.
func (w *composer) name(ctx context.Context, id string) (string, error) {
	if name, known := w.names[id]; known || id == "" {
		return name, nil
	}
	who, _, err := w.o.Store.Person(ctx, id)
	if err != nil && !isMissing(err) {
		return "", fmt.Errorf("reading who asks: %w", err)
	}
	w.names[id] = textLine(who.Name, maxName)
	return w.names[id], nil
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
