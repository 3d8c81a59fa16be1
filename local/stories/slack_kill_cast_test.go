package stories

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"gangway/config"
	"gangway/internal/access"
	"gangway/internal/archive"
	"gangway/internal/assembly"
	"gangway/internal/dossier"
	"gangway/internal/outbox"
	"gangway/internal/review"
	"gangway/internal/slack"
	"gangway/internal/slack/slacktest"
)

// chatEnv tells a role of the Slack that it works with, as JSON.
const chatEnv = "GANGWAY_ROLE_SLACK"

// chatRole is what a role knows of Slack. Without AppToken it opens no
// connection, without Secret it takes nothing over HTTP.
type chatRole struct{ API, App, Team, Bot, AppToken, Secret, Address string }

// chatInto gives a role its Slack, where there is one.
func chatInto(o *assembly.Options) error {
	text := os.Getenv(chatEnv)
	if text == "" {
		return nil
	}
	var r chatRole
	if err := json.Unmarshal([]byte(text), &r); err != nil {
		return fmt.Errorf("reading the Slack of a role: %w", err)
	}
	o.Address = r.Address
	o.Slack = config.Slack{App: r.App, Teams: []string{r.Team}, BotToken: config.Opened(r.Bot), AppToken: config.Opened(r.AppToken),
		SigningSecret: config.Opened(r.Secret), BindByMail: []string{"northgate.example"}, API: r.API}
	return nil
}

// chatting is engine, worker and web as processes of their own, and a Slack that
// outlives them all.
type chatting struct {
	*cast
	slack  *slacktest.Server
	record *archive.Archive
}

// transport is how Slack delivers.
type transport struct {
	name string
	http bool
}

func transports() []transport { return []transport{{"socket", false}, {"http", true}} }

// newChatting starts everything. How long Slack waits for an acknowledgement is
// for the story to say: within that time it delivers over a socket again.
func newChatting(t *testing.T, by transport, waits time.Duration, listeners ...string) *chatting {
	t.Helper()
	c := &chatting{cast: &cast{t: t, dir: t.TempDir(), engine: freePort(t), web: freePort(t), env: map[string][]string{}}}
	c.procs = map[string]*exec.Cmd{}
	o := slacktest.Options{Patience: waits}
	if by.http {
		o.RequestURL, o.CommandURL, o.EventURL = c.url(slack.InteractivePath), c.url(slack.CommandPath), c.url(slack.EventsPath)
	}
	for _, p := range everybody {
		o.Users = append(o.Users, slacktest.User{ID: userOf(p), Name: p, RealName: p, Email: p + "@northgate.example"})
	}
	var err error
	if c.slack, err = slacktest.New(o); err != nil {
		t.Fatalf("starting Slack: %v", err)
	}
	t.Cleanup(func() {
		for _, fault := range c.slack.Faults() {
			t.Errorf("Slack would not have taken: %s", fault)
		}
		if err := c.slack.Close(); err != nil {
			t.Errorf("closing Slack: %v", err)
		}
	})
	c.tell(by, listeners)
	c.startAll()
	if c.record, err = archive.Open(t.Context(), archive.Options{Dir: c.dir, Shared: true}); err != nil {
		t.Fatalf("opening the record: %v", err)
	}
	t.Cleanup(func() { _ = c.record.Close() }) // it was only read
	return c
}

// tell lets each role know of Slack, and the listeners take what it delivers.
func (c *chatting) tell(by transport, listeners []string) {
	s := c.slack.Options()
	for _, role := range []string{"worker", "web"} {
		r := chatRole{API: c.slack.URL() + "/api/", App: s.App, Team: s.Team, Bot: s.BotToken, Address: c.url("")}
		switch {
		case !slices.Contains(listeners, role):
		case by.http:
			r.Secret = s.Secret
		default:
			r.AppToken = s.AppToken
		}
		text, err := json.Marshal(r)
		if err != nil {
			c.t.Fatalf("packing what a role knows of Slack: %v", err)
		}
		c.env[role] = []string{chatEnv + "=" + string(text)}
	}
}

// userOf is somebody in Slack.
func userOf(person string) string { return "U0" + strings.ToUpper(person) }

// cardSeen is a person's card of a request.
type cardSeen struct {
	slacktest.Message
	person, request string
	// known: a place is kept for it. A message whose reply was lost has none, until
	// somebody presses something on it.
	known bool
}

// cards are all that stand in people's conversations.
func (c *chatting) cards() []cardSeen {
	c.t.Helper()
	bot := c.slack.Options().BotUser
	var list []cardSeen
	for _, m := range c.slack.Messages("") {
		if m.User != bot || m.Deleted || m.Ephemeral != "" || m.ThreadTS != "" {
			continue
		}
		if card, is := c.cardAt(m); is {
			list = append(list, card)
		}
	}
	return list
}

// cardAt says of which request a message is the card: as the record knows its
// place, else by the ticket on its buttons. Of what is said to a person only a card has
// a heading: tidings of a request whose reply was lost have its ticket too, and nothing
// follows them.
func (c *chatting) cardAt(m slacktest.Message) (cardSeen, bool) {
	c.t.Helper()
	ctx := context.Background()
	place, err := c.record.PlaceAt(ctx, m.Channel, m.TS)
	var missing interface{ NotFound() bool }
	switch {
	case err == nil:
		p, err := c.record.Posting(ctx, place.Posting)
		if err != nil {
			c.t.Fatalf("reading a posting: %v", err)
		}
		return cardSeen{Message: m, person: p.Person, request: p.Request, known: true}, p.Kind == outbox.Card && !place.Gone
	case !errors.As(err, &missing):
		c.t.Fatalf("looking for a place: %v", err)
	}
	for _, v := range append([]slacktest.Version{m.Version}, m.Earlier...) {
		if !headed(v.Blocks) {
			continue
		}
		for _, b := range buttonsOf(v.Blocks) {
			if t, err := c.record.TicketBy(ctx, access.Hash(b.ticket)); err == nil {
				return cardSeen{Message: m, person: t.Person, request: t.Request}, true
			}
		}
	}
	return cardSeen{}, false
}

// headed reports whether blocks begin with a heading.
func headed(blocks json.RawMessage) bool {
	var list []struct {
		Type string `json:"type"`
	}
	_ = json.Unmarshal(blocks, &list) // Slack took them
	return len(list) > 0 && list[0].Type == "header"
}

// cardOf waits for somebody's card of a request that offers an action.
func (c *chatting) cardOf(person, request, action string) cardSeen {
	c.t.Helper()
	var found cardSeen
	if !within(4*patience, func() bool {
		all := c.cards()
		i := slices.IndexFunc(all, func(s cardSeen) bool {
			return s.person == person && s.request == request && slices.ContainsFunc(buttonsOf(s.Blocks), func(b buttonSeen) bool { return b.action == action })
		})
		if i >= 0 {
			found = all[i]
		}
		return i >= 0
	}) {
		c.t.Fatalf("%s has no card of %s that offers %s", person, request, action)
	}
	return found
}

// buttonSeen is a button, or an entry of the menu beside them.
type buttonSeen struct{ action, ticket, choice string }

func buttonsOf(blocks json.RawMessage) []buttonSeen {
	type element struct {
		Type    string `json:"type"`
		Action  string `json:"action_id"`
		Value   string `json:"value"`
		Options []struct {
			Value string `json:"value"`
		} `json:"options"`
	}
	var list []struct {
		Elements []json.RawMessage `json:"elements"`
	}
	_ = json.Unmarshal(blocks, &list) // Slack took them
	var found []buttonSeen
	for _, b := range list {
		for _, raw := range b.Elements {
			var e element
			if json.Unmarshal(raw, &e) != nil || e.Type != "button" && e.Type != "overflow" {
				continue
			}
			if e.Type == "button" {
				found = append(found, buttonSeen{action: e.Action, ticket: e.Value})
			}
			for _, o := range e.Options {
				ticket, _, _ := strings.Cut(o.Value, "/")
				found = append(found, buttonSeen{action: e.Action, ticket: ticket, choice: o.Value})
			}
		}
	}
	return found
}

// verdictOn is the button for a verdict that a card has: one that counts at once,
// or one that opens a form.
func (s cardSeen) verdictOn(v review.Verdict) (action string, offered bool) {
	for _, b := range buttonsOf(s.Blocks) {
		if b.action == "answer/"+string(v) || b.action == "ask/"+string(v) {
			return b.action, true
		}
	}
	return "", false
}

// said is what became of what somebody did in Slack, as far as they can tell.
type chatSaid string

const (
	chatCounted chatSaid = "counted"      // and nothing else was said
	chatPending chatSaid = "received"     // and is being delivered
	chatRefused chatSaid = "refused"      // they were told why, or that it was not recorded
	chatUnheard chatSaid = "not answered" // nobody knows
)

// answers lets somebody press a verdict on a card and fill in the form that may
// open.
func (c *chatting) answers(s cardSeen, v review.Verdict) chatSaid {
	c.t.Helper()
	action, offered := s.verdictOn(v)
	if !offered {
		return chatRefused
	}
	user := userOf(s.person)
	for len(c.slack.Views(user)) > 0 {
		if _, err := c.slack.CloseView(user); err != nil {
			c.t.Fatalf("closing what stands open: %v", err)
		}
	}
	before := c.aside(user)
	out, err := c.slack.Click(user, s.Channel, s.TS, action)
	if err != nil { // the card changed a moment ago
		return chatRefused
	}
	if strings.HasPrefix(action, "answer/") {
		return heard(out, c.aside(user)[len(before):])
	}
	open := c.slack.Views(user)
	if !out.Acked || len(open) == 0 {
		return chatRefused // nothing was said yet
	}
	return c.submits(user, open[len(open)-1])
}

// submits sends a form with everything that it asks for.
func (c *chatting) submits(user string, form slacktest.View) chatSaid {
	c.t.Helper()
	values := url.Values{}
	for block := range form.Values {
		if id, is := strings.CutPrefix(block, "attest/"); is {
			values[block] = []string{id}
		}
	}
	values.Set("inside", "it was looked at")
	out, err := c.slack.Submit(user, form.ID, values)
	switch {
	case err != nil:
		c.t.Fatalf("sending a form: %v", err)
	case !out.Acked:
		return chatUnheard
	case len(out.Errors) > 0:
		return chatRefused
	case len(out.Answer) > 2: // more than {}: another page
		return heard(out, []string{string(out.Answer)})
	}
	return chatCounted
}

// heard reads what somebody was told by words.
func heard(out slacktest.Outcome, words []string) chatSaid {
	all := strings.Join(words, "\n")
	switch {
	case !out.Acked:
		return chatUnheard
	case all == "":
		return chatCounted
	case strings.Contains(all, "Received") || strings.Contains(all, "safely stored"):
		return chatPending
	}
	return chatRefused
}

// aside is what somebody alone was told, the oldest first.
func (c *chatting) aside(user string) []string {
	var told []string
	for _, m := range c.slack.Messages("") {
		if m.Ephemeral == user {
			told = append(told, m.Text)
		}
	}
	return told
}

// untrue says in what a card is not as the record has it; empty: it is true.
func (c *chatting) untrue(s cardSeen) string {
	c.t.Helper()
	r, err := c.record.Request(context.Background(), s.request)
	if err != nil {
		return fmt.Sprintf("its request can't be read: %v", err)
	}
	_, asks := s.verdictOn(cmp.Or(r.Verdicts()...))
	asks = asks || slices.ContainsFunc(buttonsOf(s.Blocks), func(b buttonSeen) bool { return b.choice != "" })
	waits := waitsFor(&r, s.person)
	if asks != waits {
		return fmt.Sprintf("it offers an answer: %t; the request waits for them: %t", asks, waits)
	}
	want := headsOf(&r, s.person)
	if !slices.ContainsFunc(want, func(w string) bool { return strings.HasPrefix(s.Text, w) }) {
		return fmt.Sprintf("it begins with none of %q", want)
	}
	// Without a document a version is a round of the same question, and no number
	// that means anything to people.
	if n := len(r.Versions); n > 0 && r.Versions[n-1].Document != "" && !strings.Contains(string(s.Blocks), fmt.Sprintf("version %d", r.Current())) {
		return fmt.Sprintf("it does not name version %d", r.Current())
	}
	if quorum := quorumOf(&r); !strings.Contains(s.Text, quorum) {
		return "it does not say " + quorum
	}
	return ""
}

// waitsFor: somebody holds a seat of the group that is asked, without an answer
// that stands.
func waitsFor(r *review.Request, person string) bool {
	t := r.Tally(time.Now())
	if r.Closed != nil || t.Group >= len(r.Policy.Groups) || r.Requester == person {
		return false
	}
	return slices.ContainsFunc(r.Policy.Groups[t.Group].Seats, func(seat review.Seat) bool {
		return r.Holds(seat.ID, person, time.Now()) && r.Standing(seat.ID) == nil
	})
}

// headsOf are the words that a true card may begin with.
func headsOf(r *review.Request, person string) []string {
	switch {
	case r.Closed != nil && r.Closed.Why == "superseded":
		return []string{"Superseded"}
	case r.Closed != nil:
		return map[review.State][]string{review.Met: {"Approved", "Decided: ", "Delivered", "Done"}, review.Wanted: {"Changes requested"}, review.Denied: {"Rejected"}}[r.Closed.State]
	case waitsFor(r, person):
		return []string{"Waiting for you", "A newer version waits for you"}
	}
	for _, seat := range r.Policy.Seats() {
		if b := r.Standing(seat.ID); b != nil && b.Person == person {
			return []string{"You answered: "}
		}
	}
	return []string{"Answered by ", "Settled without you", "Not asked yet", "No longer with you", "Nothing is asked of you"}
}

// quorumOf is how many agreed in the group that is asked.
func quorumOf(r *review.Request) string {
	t := r.Tally(time.Now())
	g := t.Groups[min(t.Group, len(t.Groups)-1)]
	return fmt.Sprintf("%d of %d agreed", g.Approved, g.Needed)
}

// untruths lists what is wrong with the cards of cases: those that don't show the
// record, and those that are missing for a request that waits.
func (c *chatting) untruths(cases []string) []string {
	c.t.Helper()
	var wrong []string
	standing := map[string]bool{}
	for _, s := range c.cards() {
		standing[s.person+" "+s.request] = true
		if why := c.untrue(s); why != "" {
			wrong = append(wrong, fmt.Sprintf("the card of %s (known: %t, %d versions) of %s says %.60q: %s", s.person, s.known, len(s.Earlier)+1, s.request, s.Text, why))
		}
	}
	for _, v := range c.views(cases) {
		for i := range v.Requests {
			for _, p := range everybody {
				if r := &v.Requests[i]; waitsFor(r, p) && !standing[p+" "+r.ID] {
					wrong = append(wrong, fmt.Sprintf("%s has no card of %s", p, r.ID))
				}
			}
		}
	}
	return wrong
}

// views are cases as the record has them.
func (c *chatting) views(cases []string) []dossier.CaseView {
	c.t.Helper()
	var views []dossier.CaseView
	for _, id := range cases {
		v, err := c.record.Case(context.Background(), id)
		if err != nil {
			c.t.Fatalf("reading a case: %v", err)
		}
		views = append(views, v)
	}
	return views
}

// converges waits until every card is true and none is missing. Slack takes fewer
// than one update a second, hence the patience. A card whose reply was lost is
// nobody's until its person presses something on it, which they do here.
func (c *chatting) converges(cases []string, bound time.Duration) {
	c.t.Helper()
	var wrong []string
	pressed := map[string]bool{}
	if !within(bound, func() bool {
		wrong = c.untruths(cases)
		if len(wrong) == 0 {
			return true
		}
		c.press(pressed)
		<-time.After(300 * time.Millisecond)
		return false
	}) {
		c.t.Errorf("%d cards don't become true:\n%s", len(wrong), strings.Join(wrong[:min(len(wrong), 20)], "\n"))
	}
	c.t.Logf("%d cards, %d of them twins that somebody had to press", len(c.cards()), len(pressed))
}

// press opens the menu of each card that nobody follows, once.
func (c *chatting) press(pressed map[string]bool) {
	c.t.Helper()
	for _, s := range c.cards() {
		i := slices.IndexFunc(buttonsOf(s.Blocks), func(b buttonSeen) bool { return strings.HasSuffix(b.choice, "/snooze") })
		if s.known || i < 0 || pressed[s.TS] || c.untrue(s) == "" {
			continue
		}
		b := buttonsOf(s.Blocks)[i]
		out, err := c.slack.Click(userOf(s.person), s.Channel, s.TS, b.action, b.choice)
		if err != nil {
			c.t.Fatalf("pressing a card that nobody follows: %v", err)
		}
		pressed[s.TS] = out.Acked
	}
}
