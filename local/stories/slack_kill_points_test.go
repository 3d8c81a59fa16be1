package stories

import (
	"context"
	"slices"
	"testing"
	"time"

	"gangway/internal/dossier"
	"gangway/internal/outbox"
	"gangway/internal/review"
	"gangway/internal/slack"
	"gangway/internal/slack/slacktest"
)

// slackWaits is how long Slack waits for an acknowledgement while processes are
// killed at a given point: long enough that it can deliver again to one that was
// started anew. Three seconds are too few for that on a busy machine, and what
// comes later than that is the person's next click.
const slackWaits = 40 * time.Second

// TestSlackKillAtEachPoint kills what takes Slack's deliveries, or writes to
// Slack, at the points where something could be lost or happen twice: between
// verifying and acknowledging, between receipt and reply, between decision and
// the update of cards, and between the posting of a card and the note of where it
// stands.
func TestSlackKillAtEachPoint(t *testing.T) {
	t.Parallel()
	for _, by := range transports() {
		t.Run(by.name, func(t *testing.T) {
			t.Parallel()
			c := newChatting(t, by, slackWaits, "web")
			p := &points{chatting: c, by: by, id: c.contracted(1)}
			p.request = p.requestOf("review")
			p.betweenVerifyingAndAcknowledging("daniel")
			p.betweenReceiptAndReply("ruth")
			p.betweenDecisionAndUpdate("ravi", slacktest.Unavailable)
			p.beforeTheNoteOfACard("jonas", "helen")
			p.betweenDecisionAndUpdate("maya", slacktest.Held)
			c.converges([]string{p.id}, 6*patience)
			p.audit("daniel", "ruth", "ravi", "jonas", "helen", "maya")
		})
	}
}

// contracted brings the n-th case past its first stages, by the web, so that its
// contract is read.
func (c *chatting) contracted(n int) string {
	c.t.Helper()
	var got struct{ Case string }
	if !c.insist(context.Background(), "POST", "/api/open", "tom", c.intake(context.Background(), n), &got) {
		c.t.Fatal("the case could not be opened")
	}
	c.says(got.Case, "helen", "need", review.Approve)
	c.says(got.Case, "ravi", "need", review.Approve)
	c.says(got.Case, "daniel", "security-look", review.Approve)
	c.says(got.Case, "ruth", "data-look", review.Approve)
	return got.Case
}

// says waits until somebody is asked, and answers on the web.
func (c *chatting) says(id, person, step string, v review.Verdict) {
	c.t.Helper()
	ctx := context.Background()
	var r review.Request
	if !within(4*patience, func() bool {
		var waiting []review.Request
		c.insist(ctx, "GET", "/api/waiting", person, nil, &waiting)
		i := slices.IndexFunc(waiting, func(r review.Request) bool { return r.Case == id && r.Step == step })
		if i >= 0 {
			r = waiting[i]
		}
		return i >= 0
	}) {
		c.t.Fatalf("%s is never asked %s of %s", person, step, id)
	}
	seat, _, _ := r.Seat(r.SeatsOf(person, time.Now())[0])
	f := review.Form{ID: "cli-" + freshID(), Request: r.ID, Seat: seat.ID, Version: r.Current(), Attest: seat.Attest, Verdict: v, Inside: "it was read"}
	if v == review.Changes {
		f.Vendor = "please mend clause 3"
	}
	var out review.Outcome
	if !c.insist(ctx, "POST", "/api/answer", person, f, &out) || out.Status == review.Refused {
		c.t.Fatalf("%s answers %s: %+v", person, step, out)
	}
}

// points is one case whose contract is read in Slack, while processes are killed.
type points struct {
	*chatting
	by          transport
	id, request string
}

// requestOf waits for the request of a step.
func (p *points) requestOf(step string) string {
	p.t.Helper()
	var found string
	if !within(4*patience, func() bool {
		v, err := p.record.Case(context.Background(), p.id)
		i := slices.IndexFunc(v.Requests, func(r review.Request) bool { return r.Step == step })
		if err == nil && i >= 0 {
			found = v.Requests[i].ID
		}
		return found != ""
	}) {
		p.t.Fatalf("nobody is ever asked %s", step)
	}
	return found
}

// said lists the answers of somebody that the record counts.
func (p *points) said(person string) []dossier.Line {
	p.t.Helper()
	lines, err := p.record.Lines(context.Background(), p.id)
	if err != nil {
		p.t.Fatalf("reading the chain: %v", err)
	}
	return slices.DeleteFunc(lines, func(l dossier.Line) bool {
		f := l.Entry.Fact
		return f == nil || f.Kind != review.FactCounted || f.Request != p.request || f.Ballot == nil || f.Ballot.Person != person
	})
}

// clicks lets somebody answer their card while something else goes on.
func (p *points) clicks(person string) <-chan chatSaid {
	card := p.cardOf(person, p.request, "answer/approve")
	done := make(chan chatSaid, 1)
	go func() { done <- p.answers(card, review.Approve) }()
	return done
}

// held waits until Slack keeps an answer back.
func (p *points) held() {
	p.t.Helper()
	if !within(patience, func() bool { return p.slack.Waiting() > 0 }) {
		p.t.Fatal("Slack is never called")
	}
}

// anew kills roles and starts them again.
func (p *points) anew(roles ...string) {
	p.t.Helper()
	for _, r := range roles {
		p.kill(r)
	}
	p.slack.Mend()
	p.slack.Release()
	for _, r := range roles {
		p.start(r)
	}
}

// settles wants that somebody's click was acknowledged where Slack delivers again,
// and lets them click again where it does not; then it must count, once.
func (p *points) settles(person string, first chatSaid) {
	p.t.Helper()
	switch {
	case p.by.http && first != chatUnheard:
		p.t.Errorf("%s: a killed process acknowledged: %s", person, first)
	case !p.by.http && first != chatCounted && first != chatPending:
		p.t.Errorf("%s: what Slack delivered again was %s", person, first)
	}
	if first == chatUnheard {
		cards := p.cards()
		i := slices.IndexFunc(cards, func(s cardSeen) bool { return s.person == person && s.request == p.request })
		p.t.Logf("%s clicks again and is %s", person, p.answers(cards[i], review.Approve))
	}
	if !within(2*patience, func() bool { return len(p.said(person)) > 0 }) {
		p.t.Errorf("the answer of %s is never in the record", person)
	}
	p.shows(person, "You answered: Approve")
}

// shows waits until all cards that somebody has of the request begin with words.
func (p *points) shows(person string, words ...string) {
	p.t.Helper()
	var last []string
	if !within(4*patience, func() bool {
		last = nil
		for _, s := range p.cards() {
			if s.person == person && s.request == p.request && !slices.ContainsFunc(words, func(w string) bool { return len(s.Text) > len(w) && s.Text[:len(w)] == w }) {
				last = append(last, s.Text)
			}
		}
		return len(last) == 0
	}) {
		p.t.Errorf("cards of %s don't say %q: %q", person, words, last)
	}
}

// betweenVerifyingAndAcknowledging: the click is verified, and Slack is asked who
// clicked, when the process is killed. Nothing was said; the same click delivered
// again counts, once.
func (p *points) betweenVerifyingAndAcknowledging(person string) {
	p.t.Helper()
	p.cardOf(person, p.request, "answer/approve")
	p.anew("web") // it knows nobody yet
	p.slack.Order(slacktest.Failure{Method: slack.UserInfo, How: slacktest.Held, Times: -1})
	done := p.clicks(person)
	p.held()
	p.kill("web")
	if n := len(p.said(person)); n > 0 {
		p.t.Errorf("%d answers were recorded before it was known who gave them", n)
	}
	p.shows(person, "Waiting for you")
	p.slack.Mend()
	p.slack.Release()
	p.start("web")
	p.settles(person, <-done)
}

// betweenReceiptAndReply: the engine is away, the answer is kept, and its person is
// being told so when the process is killed: kept and not acknowledged.
func (p *points) betweenReceiptAndReply(person string) {
	p.t.Helper()
	p.cardOf(person, p.request, "answer/approve")
	p.kill("engine")
	p.slack.Order(slacktest.Failure{Method: slack.PostEphemeral, How: slacktest.Held, Times: -1})
	done := p.clicks(person)
	p.held()
	kept, err := p.record.QueuedOf(context.Background(), person)
	if err != nil || len(kept) != 1 {
		p.t.Errorf("%d answers are kept while their person is told so (%v), want one", len(kept), err)
	}
	p.kill("web")
	p.slack.Mend()
	p.slack.Release()
	p.start("engine")
	p.start("web")
	p.settles(person, <-done)
}

// betweenDecisionAndUpdate: the answer counts and is acknowledged; Slack does not
// take the update of the card, or does and nobody hears of it, when every process
// that could write is killed.
func (p *points) betweenDecisionAndUpdate(person string, how slacktest.How) {
	p.t.Helper()
	card, action := p.asked(person)
	if how == slacktest.Unavailable { // the update is not done
		p.slack.Order(slacktest.Failure{Method: slack.UpdateMessage, How: how, Times: -1})
	} else { // it is done, and its reply waits
		p.slack.Order(slacktest.Failure{Method: slack.UpdateMessage, How: how})
	}
	before := len(p.slack.Calls(slack.UpdateMessage))
	if got := p.answers(card, review.Approve); got != chatCounted {
		p.t.Fatalf("%s presses %s: %s", person, action, got)
	}
	if !within(2*patience, func() bool { return len(p.slack.Calls(slack.UpdateMessage)) > before }) {
		p.t.Fatal("no card is updated")
	}
	p.anew("worker", "web")
	if !within(2*patience, func() bool { return len(p.said(person)) == 1 }) {
		p.t.Errorf("the acknowledged answer of %s is in the record %d times", person, len(p.said(person)))
	}
	p.shows(person, "You answered: Approve", "Approved")
}

// asked waits for somebody's card with a verdict on it.
func (p *points) asked(person string) (cardSeen, string) {
	p.t.Helper()
	var found cardSeen
	var action string
	if !within(4*patience, func() bool {
		for _, s := range p.cards() {
			if a, offered := s.verdictOn(review.Approve); offered && s.person == person && s.request == p.request {
				found, action = s, a
			}
		}
		return action != ""
	}) {
		p.t.Fatalf("%s has no card of %s to answer", person, p.request)
	}
	return found, action
}

// beforeTheNoteOfACard: the last of the first readers answers, the card of the next
// is posted, and whoever posted it is killed before Slack's reply. It is posted
// again: twins, which share ticket and state once one was pressed.
func (p *points) beforeTheNoteOfACard(last, next string) {
	p.t.Helper()
	p.slack.Order(slacktest.Failure{Method: slack.PostMessage, Channel: p.slack.DM(userOf(next)), How: slacktest.Held})
	card, _ := p.asked(last)
	if got := p.answers(card, review.Approve); got != chatCounted {
		p.t.Fatalf("%s answers the form: %s", last, got)
	}
	p.held()
	p.anew("worker", "web")
	var twins []cardSeen
	if !within(4*patience, func() bool {
		twins = slices.DeleteFunc(p.cards(), func(s cardSeen) bool { return s.person != next || s.request != p.request })
		return len(twins) == 2 && twins[1].known // once its place is noted, after Slack's reply
	}) {
		p.t.Fatalf("%s has %d cards, want the lost one and its twin", next, len(twins))
	}
	if a, b := twins[0], twins[1]; a.known || !b.known || buttonsOf(a.Blocks)[0].ticket != buttonsOf(b.Blocks)[0].ticket {
		p.t.Errorf("the twins: known %t and %t, tickets alike: %t", a.known, b.known, buttonsOf(a.Blocks)[0].ticket == buttonsOf(b.Blocks)[0].ticket)
	}
	if got := p.answers(twins[0], review.Approve); got != chatCounted {
		p.t.Errorf("%s answers on the lost twin: %s", next, got)
	}
	p.shows(next, "You answered: Approve", "Approved")
	place, err := p.record.PlaceAt(context.Background(), twins[0].Channel, twins[0].TS)
	if err != nil || place.Posting != outbox.CardID(next, p.request) {
		p.t.Errorf("the lost twin is not followed: %+v, %v", place, err)
	}
}

// audit wants each of these people's answer in the record, once, and a whole chain.
func (p *points) audit(people ...string) {
	p.t.Helper()
	lines := p.lines(p.id)
	if err := dossier.CheckChain(lines); err != nil {
		p.t.Errorf("the chain: %v", err)
	}
	seats := map[string]int{}
	for _, person := range people {
		said := p.said(person)
		if len(said) != 1 {
			p.t.Errorf("%s answered %d times by the record, want once", person, len(said))
		}
		for _, l := range said {
			seats[l.Entry.Fact.Ballot.Seat]++
		}
	}
	if len(seats) != len(people) {
		p.t.Errorf("%d seats were decided by %d people: %v", len(seats), len(people), seats)
	}
}
