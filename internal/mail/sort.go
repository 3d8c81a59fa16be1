package mail

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/jhillyerd/enmime/v2"

	"gangway/internal/access"
	"gangway/internal/arrivals"
	"gangway/internal/dossier"
	"gangway/internal/outbox"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// sorted is what a mail turned out to be, before anything follows from it.
type sorted struct {
	row arrivals.Arrival
	// ticket is what the mail's address of ours leads to; known: it has exactly one.
	ticket access.Ticket
	known  bool
	// person is whom we asked, who is written to whatever the mail's sender says.
	person   playbook.Person
	onRecord bool
	request  *review.Request // nil: it leads to none
	view     *dossier.CaseView
	// from is the one address of the one From; empty: there is no such. sure: somebody
	// vouches for it.
	from string
	sure bool

	reply  reply
	env    *enmime.Envelope
	answer *review.Answer // what it decides; nil: nothing
	files  []attachment   // of a delivery
	wants  string         // the point of a form that the one file is for
	until  []awayNote
	bounce *Bounce
	// tell: the person on record is written what became of it.
	tell   bool
	papers []outbox.Paper
	refuse review.Refusal
}

// awayNote is an absence, for one case that waits for the person.
type awayNote struct{ caseID, request string }

func (s *sorted) why(w arrivals.Why) {
	if w != "" && !slices.Contains(s.row.Why, w) {
		s.row.Why = append(s.row.Why, w)
	}
}

// sort reads a kept mail. It asks the record and the domain name system and
// changes nothing.
func (r *Reader) sort(ctx context.Context, a arrivals.Arrival, raw []byte) (sorted, error) {
	s := sorted{row: a}
	h, _ := readHeading(raw)
	m := readMachine(&h)
	s.from, _ = h.sender()
	if err := r.find(ctx, &s, &h); err != nil {
		return s, err
	}
	var unsafe arrivals.Why
	if a.Size > MaxMail {
		unsafe = arrivals.TooBig
	} else {
		s.env, unsafe = parse(raw)
	}
	switch {
	case unsafe != "":
		s.row.Kind, s.tell = arrivals.Unsafe, s.known && !m.is
		s.why(unsafe)
		return s, nil
	case m.is:
		return s, r.sortMachine(ctx, &s, &h, m, raw)
	}
	s.reply = readReply(s.env)
	if s.row.Case == "" || s.person.ID == "" {
		s.row.Kind = arrivals.Stray
		s.why(arrivals.NoToken)
		return s, nil
	}
	return s, r.sortReply(ctx, &s, &h, raw)
}

// find looks up what the mail is about: by a token in an address, else by a mail
// of ours that it answers. A case's name in the subject is kept with the row and
// leads nowhere: anybody can write one.
func (r *Reader) find(ctx context.Context, s *sorted, h *heading) error {
	tickets, letters, err := r.leads(ctx, h)
	if err != nil {
		return err
	}
	if len(tickets) > 0 { // several: nobody says which is meant
		s.known = len(tickets) == 1
		s.ticket = tickets[0]
		return r.about(ctx, s, s.ticket.Person, s.ticket.Request)
	}
	if len(letters) > 0 {
		request := ""
		if all := requestsOf(letters); len(all) == 1 {
			request = all[0]
		}
		s.row.Case = letters[0].Case
		return r.about(ctx, s, letters[0].Person, request)
	}
	if id := caseNamed(decoded(h.first("subject"))); id != "" {
		return r.stray(ctx, s, id)
	}
	return nil
}

// mostStrays is how many mails go to a case only because their subject names it.
// Anybody can guess the name, and each of them stays in the case's record.
const mostStrays = 20

func (r *Reader) stray(ctx context.Context, s *sorted, id string) error {
	_, err := r.o.Store.CaseHead(ctx, id)
	if isMissing(err) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("looking up the case that a subject names: %w", err)
	}
	filed, err := r.o.Store.Arrivals(ctx, "case", id, 1000)
	if err != nil {
		return fmt.Errorf("counting the mails of a case: %w", err)
	}
	strays := 0
	for _, a := range filed {
		if a.Kind == arrivals.Stray || a.Kind == arrivals.Unsafe {
			strays++
		}
	}
	if strays < mostStrays && len(filed) < 1000 {
		s.row.Case = id
	}
	return nil
}

// leads are the tickets that a mail carries, or else the letters that it answers.
func (r *Reader) leads(ctx context.Context, h *heading) (tickets []access.Ticket, letters []outbox.Letter, err error) {
	for _, token := range replyTokens(h, r.o.Local) {
		t, err := r.o.Store.TicketBy(ctx, access.Hash(token))
		if isMissing(err) || err == nil && t.Channel != "mail" {
			continue
		}
		if err != nil {
			return nil, nil, fmt.Errorf("looking up the ticket of a mail: %w", err)
		}
		tickets = append(tickets, t)
	}
	if len(tickets) > 0 {
		return tickets, nil, nil
	}
	letters, err = r.lettersOf(ctx, h)
	return nil, letters, err
}

// about fills in the person, the request and the case.
func (r *Reader) about(ctx context.Context, s *sorted, person, request string) error {
	who, _, err := r.o.Store.Person(ctx, person)
	if err != nil && !isMissing(err) {
		return fmt.Errorf("looking up whom a mail is from: %w", err)
	}
	s.person, s.onRecord = who, err == nil
	s.person.ID, s.row.Person = person, person
	if request != "" {
		found, err := r.o.Store.Request(ctx, request)
		if err != nil && !isMissing(err) {
			return fmt.Errorf("looking up what a mail is about: %w", err)
		}
		if err == nil {
			s.request, s.row.Request, s.row.Case = &found, found.ID, found.Case
		}
	}
	if s.row.Case == "" {
		return nil
	}
	view, err := r.o.Store.CaseHead(ctx, s.row.Case)
	if isMissing(err) {
		s.row.Case, s.row.Request, s.request = "", "", nil
		return nil
	}
	if err != nil {
		return fmt.Errorf("looking up the case of a mail: %w", err)
	}
	s.view = &view
	return nil
}

// lettersOf are the letters that left in the mail which this one answers.
func (r *Reader) lettersOf(ctx context.Context, h *heading) ([]outbox.Letter, error) {
	var ways []outbox.Which
	for _, token := range envelopeTokens(h) {
		ways = append(ways, outbox.Which{By: outbox.ByToken, Of: access.Hash(token)})
	}
	for _, id := range messagesNamed(h) {
		ways = append(ways, outbox.Which{By: outbox.ByMessage, Of: id})
	}
	for _, w := range ways {
		found, err := r.o.Store.Letters(ctx, w)
		if err != nil {
			return nil, fmt.Errorf("looking for the mail of ours that one answers: %w", err)
		}
		if len(found) > 0 {
			return found, nil
		}
	}
	return nil, nil
}

func requestsOf(letters []outbox.Letter) []string {
	var all []string
	for _, l := range letters {
		for _, id := range l.Requests {
			if !slices.Contains(all, id) {
				all = append(all, id)
			}
		}
	}
	return all
}

// sortMachine sorts what no person wrote. None of it decides anything, whatever
// words are in it, and none is answered: two programs would never stop.
func (r *Reader) sortMachine(ctx context.Context, s *sorted, h *heading, m machine, raw []byte) error {
	s.row.Kind = arrivals.Automatic
	s.why(arrivals.IsAutomatic)
	if b, err := ReadBounce(raw); err == nil {
		s.row.Kind, s.bounce = arrivals.Bounce, &b
		return nil
	}
	s.reply = readReply(s.env)
	if s.row.Case == "" || s.person.ID == "" {
		if s.row.Case == "" {
			s.row.Kind = arrivals.Stray
		}
		return nil
	}
	if m.away && s.from != "" && s.from == sameAddress(s.person.Mail) {
		s.row.Kind = arrivals.Away
		s.until = []awayNote{{s.row.Case, s.row.Request}}
		letters, err := r.lettersOf(ctx, h)
		if err != nil {
			return err
		}
		for _, l := range letters {
			same := func(n awayNote) bool { return n.caseID == l.Case }
			if l.Case != "" && !slices.ContainsFunc(s.until, same) {
				n := awayNote{caseID: l.Case}
				if len(l.Requests) > 0 {
					n.request = l.Requests[0]
				}
				s.until = append(s.until, n)
			}
		}
	}
	return nil
}

// sortReply sorts what a person wrote: all that must hold for a decision is looked
// at, and whatever fails is told.
func (r *Reader) sortReply(ctx context.Context, s *sorted, h *heading, raw []byte) error {
	s.row.Kind, s.tell = arrivals.Comment, true
	if s.request != nil && s.counted() { // it was judged when it was seen first
		s.read()
		return nil
	}
	if !s.known {
		s.why(arrivals.NoToken)
	}
	switch {
	case s.from == "":
		s.why(arrivals.ManySenders)
	case !s.onRecord || s.person.Mail == "":
		s.why(arrivals.NotKnown)
	case s.from != sameAddress(s.person.Mail):
		s.why(arrivals.NotAddressee)
	}
	if s.from != "" {
		v, err := r.o.Trust.vouch(raw, h, s.from)
		if errors.Is(err, errLater) && r.now().Sub(s.row.Came) < patienceElsewhere {
			return fmt.Errorf("looking who vouches for mail %s: %w", s.row.ID, err)
		}
		s.sure = err == nil && v.ok
		switch {
		case err != nil:
			s.why(arrivals.NotAligned)
		case !v.ok:
			s.why(v.why)
		case s.known && !r.bound(s, h, v):
			s.why(arrivals.NotAligned)
		}
	}
	if s.request == nil {
		return nil
	}
	if s.old() {
		s.why(arrivals.OldToken)
	}
	if s.request.MailComments || s.request.Browser {
		s.why(arrivals.CommentOnly)
	}
	s.read()
	return nil
}

// bound reports whether what was vouched for says that it is about this request:
// the address that it was sent to, the link in what it quotes, or the case in its
// subject. Otherwise any mail that somebody ever signed could be sent on to an
// address of ours and would answer there. What names another request and not this
// one is about that.
func (r *Reader) bound(s *sorted, h *heading, v vouched) bool {
	signed := func(name string) bool { return v.signed == nil || slices.Contains(v.signed, name) }
	var sent []string
	for _, name := range []string{"to", "cc"} {
		if all := h.all(name); len(all) == 1 && signed(name) {
			sent = appendTokens(sent, all[0], r.o.Local)
		}
	}
	quoted := linked(linked(nil, plainText(s.env.Root)), bounded64(s.env.HTML))
	mine := func(token string) bool { return access.Hash(token) == s.ticket.Hash }
	toMine, quotesMine := slices.ContainsFunc(sent, mine), slices.ContainsFunc(quoted, mine)
	switch {
	case toMine && v.signed != nil, quotesMine:
		return true
	case len(quoted) > 0: // who only saw the mail can't say who wrote its To
		return false
	case len(sent) > 0:
		return toMine
	}
	all := h.all("subject")
	return len(all) == 1 && signed("subject") && caseNamed(decoded(all[0])) == s.row.Case
}

// linked are the tickets in the links of ours that are quoted. Bodies are signed as
// a whole.
func linked(found []string, text string) []string {
	text = strings.ToLower(text)
	for _, path := range []string{"/go/", "/portal/"} {
		rest := text
		for range maxTokens {
			_, after, more := strings.Cut(rest, path)
			if !more {
				break
			}
			if token := leading(after); token != "" {
				found = append(found, token)
			}
			rest = after
		}
	}
	return found
}
