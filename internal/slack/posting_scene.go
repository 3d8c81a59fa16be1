package slack

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"gangway/internal/access"
	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// sceneFor is a request as everybody sees it.
func (a *App) sceneFor(ctx context.Context, r review.Request) (scene, error) {
	v, err := a.o.Store.CaseHead(ctx, r.Case)
	if err != nil {
		return scene{}, fmt.Errorf("reading the case: %w", err)
	}
	s := scene{Request: r, Case: v, Now: v.Now(a.now()), Base: a.o.Address, Browser: r.Browser}
	if s.Vendor, err = a.vendor(ctx, r.Vendor); err != nil {
		return s, err
	}
	s.People, err = a.people(ctx)
	return s, err
}

// sceneOf is a request as one person sees it, with their ticket, which is kept
// before anything that carries it is sent. answer is what they said last, where
// the request may not have it yet.
func (a *App) sceneOf(ctx context.Context, r review.Request, who playbook.Person, answer string) (scene, error) {
	s, err := a.sceneFor(ctx, r)
	if err != nil {
		return s, err
	}
	s.Viewer = who
	if s.Queued, err = a.o.Store.QueuedOf(ctx, who.ID); err != nil {
		return s, fmt.Errorf("reading what is being delivered: %w", err)
	}
	if answer != "" && !has(&r, answer) {
		out, known, err := a.o.Store.Receipt(ctx, answer)
		if err != nil {
			return s, fmt.Errorf("looking up what became of an answer: %w", err)
		}
		if known && out.Request == r.ID {
			s.Receipt = out
		}
	}
	s.Question = a.question(ctx, r, who)
	if r.IsOpen() && len(r.SeatsOf(who.ID, s.Now)) > 0 {
		pb, known := a.book(ctx, &s.Case)
		s.Statements = a.statements(ctx, &r, pb, known)
		s.outlook = a.outlook(ctx, &s, pb, known)
		if s.Changed, err = a.changedFor(ctx, &s.Case, &r, who.ID); err != nil {
			return s, err
		}
	}
	secret := a.o.Key.Ticket(r.ID, r.Current(), who.ID, Channel)
	err = a.o.Store.PutTicket(ctx, access.Ticket{Hash: access.Hash(secret), Request: r.ID, Version: r.Current(), Person: who.ID, Channel: Channel, Made: a.now()})
	if err != nil {
		return s, fmt.Errorf("keeping a ticket before it is sent: %w", err)
	}
	s.Ticket = secret
	return s, nil
}

// has reports whether an answer is in a request's state.
func has(r *review.Request, answer string) bool {
	for _, b := range r.Ballots {
		if b.Answer == answer {
			return true
		}
	}
	for _, list := range [][]review.Attempt{r.Attempts, r.Acts} {
		for _, at := range list {
			if at.Answer == answer {
				return true
			}
		}
	}
	return false
}

// vendor is a vendor's name as it calls itself.
func (a *App) vendor(ctx context.Context, slug string) (string, error) {
	name, _, err := a.o.Store.Vendor(ctx, slug)
	if err != nil {
		return "", fmt.Errorf("reading the vendor's name: %w", err)
	}
	return name, nil
}

func (a *App) people(ctx context.Context) ([]playbook.Person, error) {
	people, _, err := a.o.Store.People(ctx)
	if err != nil {
		return nil, fmt.Errorf("reading the people: %w", err)
	}
	return people, nil
}

// question is what the owner asks in their own words. Where it can't be read the
// card leads to the page, which says why.
func (a *App) question(ctx context.Context, r review.Request, who playbook.Person) string {
	if r.AskText == "" {
		return ""
	}
	address, found, err := a.addressOf(ctx, who.ID)
	if err != nil || !found {
		return ""
	}
	words, err := a.o.Desk.Question(ctx, address, r)
	if err != nil {
		a.o.Log.Warn("reading a question", "request", r.ID, "error", err)
		return ""
	}
	return words
}

// statements are the words of what an approval confirms.
func (a *App) statements(ctx context.Context, r *review.Request, pb playbook.Playbook, known bool) map[string]string {
	words := map[string]string{}
	for _, g := range r.Policy.Groups {
		for _, s := range g.Seats {
			for _, id := range s.Attest {
				switch {
				case words[id] != "":
				case known:
					words[id] = pb.Attestation(id)
				default:
					words[id] = a.o.Desk.Statement(ctx, r.Case, id)
				}
			}
		}
	}
	if id := r.Declaration; id != "" && words[id] == "" {
		if words[id] = pb.Attestation(id); !known {
			words[id] = a.o.Desk.Statement(ctx, r.Case, id)
		}
	}
	return words
}

// lastSeen is the version that somebody had before them last: the one they
// answered for, else the one before the current.
func lastSeen(r *review.Request, person string) (review.Version, bool) {
	if len(r.Versions) < 2 {
		return review.Version{}, false
	}
	number := r.Versions[len(r.Versions)-2].Number
	for _, b := range r.Ballots {
		if b.Person == person && b.Version < r.Current() {
			number = b.Version
		}
	}
	for _, v := range r.Versions {
		if v.Number == number {
			return v, true
		}
	}
	return review.Version{}, false
}

// changedFor is what differs from the version that somebody saw last; nil where
// they saw none, or the two can't be compared.
func (a *App) changedFor(ctx context.Context, v *dossier.CaseView, r *review.Request, person string) (*changed, error) {
	old, ok := lastSeen(r, person)
	if !ok {
		return nil, nil
	}
	now := r.Versions[len(r.Versions)-1]
	if old.Number == now.Number-1 { // the record has it
		for _, d := range v.Documents {
			if d.Document == now.Document && d.Comparison != nil && d.Version == now.Number {
				return &changed{From: old.Number, Comparison: *d.Comparison}, nil
			}
		}
	}
	before, err := a.clauses(ctx, old.Document)
	if err != nil || before == nil {
		return nil, err
	}
	after, err := a.clauses(ctx, now.Document)
	if err != nil || after == nil {
		return nil, err
	}
	return &changed{From: old.Number, Comparison: engagement.Compare(before, after)}, nil
}

// clauses are those of a document; nil: it is no text, too long, or not kept.
func (a *App) clauses(ctx context.Context, digest string) ([]engagement.Clause, error) {
	paper, body, err := a.o.Store.Get(ctx, digest)
	if isMissing(err) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("opening a version: %w", err)
	}
	text, err := io.ReadAll(io.LimitReader(body, engagement.MaxDocument+1))
	if err = errors.Join(err, body.Close()); err != nil {
		return nil, fmt.Errorf("reading a version: %w", err)
	}
	if !strings.HasPrefix(paper.Media, "text/") {
		return nil, nil
	}
	list, err := engagement.Split(text)
	if err != nil { // the page says why
		return nil, nil
	}
	return list, nil
}
