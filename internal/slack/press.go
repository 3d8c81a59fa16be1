package slack

import (
	"context"
	"crypto/sha256"
	"encoding/base32"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"gangway/internal/access"
	"gangway/internal/outbox"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// Words for those who pressed something, in mrkdwn.
const (
	sayPressAgain = "That was *not recorded*. Please press again in a minute; it can't count twice."
	sayTooSlow    = "Slack could not open the form in time, so nothing was done. Please press again."
	sayNotYours   = "That was asked of somebody else, and it is not for you to see. Nothing was done."
)

// press is that somebody pressed a button, or chose from the menu of a card.
type press struct {
	c   slack.InteractionCallback
	m   member
	now time.Time
}

// channel is where it was pressed; empty: in a modal or on the home page.
func (p press) channel() string { return p.c.Container.ChannelID }

// action is what was pressed. Slack names one; of several the first is meant.
func (p press) action() slack.BlockAction {
	for _, a := range p.c.ActionCallback.BlockActions {
		if a != nil {
			return *a
		}
	}
	return slack.BlockAction{}
}

// answerID is the id of what was said by something that Slack delivers once: the
// same delivery again is the same answer, another click is another.
func answerID(parts ...string) string {
	sum := sha256.New()
	for _, p := range parts { // with lengths, so that no two lists read the same
		_, _ = sum.Write([]byte(strconv.Itoa(len(p)) + ":" + p)) // a hash takes everything
	}
	return "slack-" + strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(sum.Sum(nil)))
}

// pressed does what a button is for. Whoever pressed it gets an answer: their
// card shows it, a form opens, or they are told.
func (h *Handler) pressed(ctx context.Context, p press) (Reply, bool) {
	a := p.action()
	k, ours := readClick(a.ActionID, a.Value, a.SelectedOption.Value)
	switch {
	case !ours && p.channel() == "": // a field within a form
		return Reply{}, true
	case !ours:
		h.tell(ctx, p.m, p.channel(), sayForeign)
		return Reply{}, true
	case k.Verb == verbOpen: // a link
		return Reply{}, true
	}
	err := h.guarded(ctx, func(ctx context.Context) error { return h.do(ctx, p, a, k) })
	words, told := asideOf(err)
	switch {
	case err == nil:
		return Reply{}, true
	case told:
		h.tell(ctx, p.m, p.channel(), words)
		return Reply{}, true
	case barred(err):
		h.tell(ctx, p.m, p.channel(), sayNotYours)
		return Reply{}, true
	case wrong(err):
		h.tell(ctx, p.m, p.channel(), escaped(wordsOf(err), mostWords))
		return Reply{}, true
	}
	h.notRecorded(p.m, err)
	h.tell(ctx, p.m, p.channel(), sayPressAgain)
	return Reply{}, false
}

// do is who pressed, what it leads to, and then the verb.
func (h *Handler) do(ctx context.Context, p press, a slack.BlockAction, k click) error {
	v, err := h.identify(ctx, p.m)
	if err != nil {
		return err
	}
	err = h.private(ctx, p.channel())
	if err != nil {
		return err
	}
	id := answerID("press", p.m.team, p.m.user, a.ActionTs, k.Ticket, a.ActionID, string(k.Verb))
	switch k.Verb {
	case verbOnboard:
		return h.openOnboard(ctx, v, p.c.TriggerID, "")
	case verbAway:
		return h.openAway(ctx, v, p.c.TriggerID, playbook.Away{})
	case verbBack:
		return h.back(ctx, v, id)
	}
	s, t, err := h.sceneFor(ctx, v, k.Ticket)
	if err != nil {
		return err
	}
	card := h.adopt(ctx, p, v, s)
	defer h.hurry(ctx, card, id)
	if k.Verb != verbAnswer {
		return h.openForm(ctx, p.c.TriggerID, v, s, t, k)
	}
	f := review.Form{ID: id, Request: s.Request.ID, Version: t.Version, Verdict: k.Verdict}
	out, err := h.desk.Answer(ctx, f.Answer(v.address, p.now))
	if err != nil {
		return fmt.Errorf("answering: %w", err)
	}
	if out.Status == review.Refused && unfinished(out.Refusal) {
		return h.openForm(ctx, p.c.TriggerID, v, s, t, click{Verb: verbAsk, Verdict: k.Verdict, Ticket: k.Ticket})
	}
	return h.outcome(ctx, v, s, id, out)
}

// unfinished reports whether an answer lacks only what a form asks for.
func unfinished(why review.Refusal) bool {
	return slices.Contains([]review.Refusal{review.NeedsReason, review.NeedsAttest, review.NeedsInterest, review.WhichSeat}, why)
}

// outcome is what became of something that was pressed. What counted is shown by
// the card, so that nobody is told it twice; all else is said in words.
func (h *Handler) outcome(ctx context.Context, v visitor, s scene, id string, out review.Outcome) error {
	switch out.Status {
	case review.Refused:
		return aside(s.refusedWords(out))
	case review.Pending:
		h.follow(ctx, v, s, id)
		return aside(s.outcomeWords(out))
	}
	return nil
}

// refusedWords are what somebody is told whose answer was refused, with the way to
// where it can be given.
func (s scene) refusedWords(out review.Outcome) string {
	words := s.outcomeWords(out)
	if out.Refusal == review.NeedsBrowser {
		words += " " + link(s.page(), "Open it")
	}
	return words
}

// follow leaves a posting for what becomes of something that was received: its
// person hears of it here, of a refusal too.
func (h *Handler) follow(ctx context.Context, v visitor, s scene, id string) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), followWithin)
	defer cancel()
	now := h.now()
	err := h.store.PutPosting(ctx, outbox.Posting{ID: outbox.VerdictID(id), Kind: outbox.Verdict, Person: v.person.ID,
		Case: s.Request.Case, Request: s.Request.ID, Answer: id, Rehearsal: s.Case.Rehearsal, At: s.Now, Made: now,
		State: outbox.Due, Wanted: 1, Next: now})
	if err != nil { // the card follows all the same
		h.log.Warn("what becomes of an answer will not be told by itself", "answer", id, "error", err)
	}
}

// adopt makes sure that the message that was pressed follows its request: after a
// lost reply there may be a twin of a card that nobody knows of. It returns the
// card's posting.
func (h *Handler) adopt(ctx context.Context, p press, v visitor, s scene) string {
	id := outbox.CardID(v.person.ID, s.Request.ID)
	at := p.c.Container
	// A copy that somebody forwarded is theirs and can't be changed by us.
	if !strings.HasPrefix(at.ChannelID, "D") || at.MessageTs == "" || at.IsEphemeral {
		return id
	}
	_, err := h.store.PlaceAt(ctx, at.ChannelID, at.MessageTs)
	if err == nil {
		return id
	}
	if missing(err) {
		err = h.store.PutPosting(ctx, outbox.Posting{ID: id, Kind: outbox.Card, Person: v.person.ID, Case: s.Request.Case,
			Request: s.Request.ID, Rehearsal: s.Case.Rehearsal, At: s.Now, Made: p.now, State: outbox.Standing, Wanted: 1, Next: p.now})
		if err == nil {
			err = h.store.PutPlace(ctx, outbox.Place{Posting: id, Channel: at.ChannelID, Stamp: at.MessageTs, Made: p.now})
		}
	}
	if err != nil { // it is adopted when it is pressed again
		h.log.Warn("a copy of a card is not followed", "posting", id, "error", err)
	}
	return id
}

// sceneFor is the request that a ticket leads to, as its person sees it. Anybody
// else is told who can answer (S5, S6).
func (h *Handler) sceneFor(ctx context.Context, v visitor, ticket string) (scene, access.Ticket, error) {
	t, err := h.desk.Ticket(ctx, ticket)
	if missing(err) || err == nil && t.Channel != Channel {
		return scene{}, t, aside(sayForeign)
	}
	if err != nil {
		return scene{}, t, fmt.Errorf("looking up a ticket: %w", err)
	}
	s, err := h.scene(ctx, v, t.Request)
	switch {
	case missing(err) || barred(err):
		return scene{}, t, aside(sayNotYours)
	case err != nil:
		return scene{}, t, err
	case t.Person != v.person.ID:
		return scene{}, t, aside(s.wrongPerson())
	}
	s.Ticket = ticket
	return s, t, nil
}

// scene is a request as somebody sees it now.
func (h *Handler) scene(ctx context.Context, v visitor, request string) (scene, error) {
	r, err := h.desk.Request(ctx, v.address, request)
	if err != nil {
		return scene{}, fmt.Errorf("opening a request: %w", err)
	}
	c, err := h.desk.Case(ctx, v.address, r.Case)
	if err != nil {
		return scene{}, fmt.Errorf("opening its case: %w", err)
	}
	people, err := h.people(ctx, v)
	if err != nil {
		return scene{}, err
	}
	s := scene{Request: r, Case: c, Vendor: h.desk.VendorName(ctx, r.Vendor), People: people, Viewer: v.person,
		Now: c.Now(h.now()), Base: h.base, Statements: map[string]string{}, Browser: r.Browser}
	s.NextDay = h.app.nextDay(v.person, s.Now)
	for _, seat := range r.Policy.Seats() {
		for _, id := range seat.Attest {
			s.Statements[id] = h.desk.Statement(ctx, r.Case, id)
		}
	}
	if id := r.Declaration; id != "" {
		s.Statements[id] = h.desk.Statement(ctx, r.Case, id)
	}
	return s, nil
}

// people gives names to ids; whoever may not see them sees ids.
func (h *Handler) people(ctx context.Context, v visitor) ([]playbook.Person, error) {
	people, err := h.desk.People(ctx, v.address)
	if barred(err) {
		return []playbook.Person{v.person}, nil
	}
	if err != nil {
		return nil, fmt.Errorf("reading the people: %w", err)
	}
	return people, nil
}

// openForm opens the form of a verb, unless nothing typed into it could count.
func (h *Handler) openForm(ctx context.Context, trigger string, v visitor, s scene, t access.Ticket, k click) error {
	if why, no := h.futile(v, s, t, k); no {
		return aside(s.refusedWords(why))
	}
	view, has := s.modalFor(k, review.Form{Verdict: k.Verdict})
	if !has {
		return aside(sayForeign)
	}
	return h.openModal(ctx, trigger, view)
}

// futile judges, by the rules that will judge what is sent, whether a form can
// lead to anything: nobody should write a reason for a request that was decided
// meanwhile, or for a version that they have not seen.
func (h *Handler) futile(v visitor, s scene, t access.Ticket, k click) (review.Outcome, bool) {
	if k.Verb != verbAsk {
		return review.Outcome{Status: review.Refused, Refusal: review.Closed, Request: s.Request.ID}, s.Request.Closed != nil
	}
	verdict := k.Verdict
	if words := s.Request.Verdicts(); verdict == "" && len(words) > 0 {
		verdict = words[0]
	}
	out, _ := s.Request.Judge(review.Answer{ID: "preview", Request: s.Request.ID, Version: t.Version, Verdict: verdict, Person: v.person.Record(0)}, s.Now)
	return out, out.Status == review.Refused && !unfinished(out.Refusal) && out.Refusal != review.NeedsDocument
}

// openModal opens a modal, and says what to do where that came too late.
func (h *Handler) openModal(ctx context.Context, trigger string, view slack.ModalViewRequest) error {
	_, _, err := h.client.OpenModal(ctx, trigger, view)
	if e, ok := callOf(err); ok && (late(e.Word) || e.Fault == Lost && ctx.Err() != nil) {
		return aside(sayTooSlow)
	}
	if err != nil {
		return fmt.Errorf("opening a form: %w", err)
	}
	return nil
}

// late are Slack's words for a trigger that is older than three seconds, or was
// used (Slack, views.open, errors).
func late(word string) bool {
	return slices.Contains([]string{"expired_trigger_id", "exchanged_trigger_id", "trigger_expired", "trigger_exchanged", "invalid_trigger_id"}, word)
}
