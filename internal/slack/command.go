package slack

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"gangway/internal/access"
	word "gangway/internal/desk/verb"
	"gangway/internal/dossier"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// mostListed bounds what a command lists; the web page has the rest.
const mostListed = 20

// asked is a slash command that somebody typed.
type asked struct {
	c   slack.SlashCommand
	m   member
	now time.Time
}

// whispered is what a command is answered with: only who typed it sees it.
type whispered struct {
	Type   string        `json:"response_type"` // always ephemeral
	Text   string        `json:"text"`
	Blocks []slack.Block `json:"blocks,omitempty"`
}

func (h *Handler) whisper(words string) Reply {
	return h.packed(whispered{Type: "ephemeral", Text: clampWords(words)})
}

func (h *Handler) whisperAll(m message) Reply {
	return h.packed(whispered{Type: "ephemeral", Text: m.text, Blocks: m.blocks(1)})
}

// command answers what somebody typed. Its words show things or open forms; none
// decides (S11).
func (h *Handler) command(ctx context.Context, body []byte, now time.Time) (Reply, bool) {
	c, m, err := readCommand(body)
	if err != nil {
		return h.ignored(err)
	}
	if m.app != h.o.AppID || !h.ours(c.TeamID, m) {
		return h.foreign(m)
	}
	var reply Reply
	err = h.guarded(ctx, func(ctx context.Context) (err error) {
		reply, err = h.typed(ctx, asked{c: c, m: m, now: now})
		return err
	})
	words, told := asideOf(err)
	switch {
	case err == nil:
		return reply, true
	case told:
		return h.whisper(words), true
	case missing(err):
		return h.whisper("There is no such case."), true
	case barred(err):
		return h.whisper("That is not for you to see."), true
	case wrong(err):
		return h.whisper(escaped(wordsOf(err), mostWords)), true
	}
	h.notRecorded(m, err)
	return h.whisper("That did not work just now. Please try again in a minute."), false
}

// typed does what a word asks for.
func (h *Handler) typed(ctx context.Context, a asked) (Reply, error) {
	v, err := h.identify(ctx, a.m)
	if err != nil {
		return Reply{}, err
	}
	err = h.unshared(ctx, a.c.ChannelID)
	if err != nil {
		return Reply{}, err
	}
	w, args, err := word.Parse(a.c.Text)
	if err != nil { // with all there is, so that nobody has to ask twice
		return h.whisper(escaped(wordsOf(err), 400) + "\n" + h.help(nil)), nil
	}
	args = append(args, "", "") // what was left out
	switch w.Word {
	case "onboard":
		return Reply{}, h.openOnboard(ctx, v, a.c.TriggerID, args[0])
	case "open":
		return Reply{}, h.openPart(ctx, v, a.c.TriggerID, args[0], args[1])
	case "exit":
		return Reply{}, h.openExit(ctx, a.c.TriggerID, args[0])
	case "settle":
		return Reply{}, h.openSettle(ctx, v, a.c.TriggerID, args[0])
	case "away":
		return h.typedAway(ctx, v, a, args[0], args[1])
	case "delegate":
		return h.typedDelegate(ctx, v, a, args[0], args[1])
	case "waiting":
		return h.waiting(ctx, v)
	case "cases":
		return h.cases(ctx, v)
	case "show":
		return h.show(ctx, v, args[0])
	case "dossier":
		c, err := h.find(ctx, v, args[0])
		if err != nil {
			return Reply{}, err
		}
		return h.whisper("A dossier never comes by chat: " + link(h.base+"/dossier?"+url.Values{"case": {c.ID}}.Encode(), "fetch it, signed in") + "."), nil
	}
	return h.whisper(h.help(args)), nil
}

// unshared refuses a command in a channel that is known to be shared. Of one that
// the app is not in that can't be known; its answers are private all the same.
func (h *Handler) unshared(ctx context.Context, channel string) error {
	if !isID(channel) || strings.HasPrefix(channel, "D") {
		return nil
	}
	shared, err := h.client.IsShared(ctx, channel)
	if e, ok := callOf(err); ok && e.Permanent() {
		return nil
	}
	if err != nil {
		return fmt.Errorf("asking whether a channel is shared: %w", err)
	}
	if shared {
		return aside(sayShared)
	}
	return nil
}

// help is what can be typed.
func (h *Handler) help(args []string) string {
	words := word.Help("/vendor", word.Slack)
	if len(args) > 0 && args[0] != "" {
		w, _, known := word.Find(args[0])
		if on := word.HelpOn(w, "/vendor", word.Slack); known && on != "" {
			words = on
		}
	}
	return "```\n" + fenced(words) + "```"
}

// fenced escapes a text of ours with its line ends.
func fenced(words string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(words)
}

// typedAway opens the form for an absence, with the days that were typed.
func (h *Handler) typedAway(ctx context.Context, v visitor, a asked, from, until string) (Reply, error) {
	var away playbook.Away
	var err error
	if from != "" {
		away, err = days(v.person, from, until)
		if err != nil {
			return Reply{}, err
		}
	}
	return Reply{}, h.openAway(ctx, v, a.c.TriggerID, away)
}

// days reads the first and the last day of an absence, in the person's own zone.
func days(p playbook.Person, first, last string) (playbook.Away, error) {
	zone, err := time.LoadLocation(p.Hours.Zone)
	if err != nil || p.Hours.Zone == "Local" {
		zone = time.UTC
	}
	if last == "" {
		last = first
	}
	from, err := time.ParseInLocation(time.DateOnly, first, zone)
	if err != nil {
		return playbook.Away{}, aside("Days are written like 2026-12-21: the first, then the last.")
	}
	end, err := time.ParseInLocation(time.DateOnly, last, zone)
	if err != nil || end.Before(from) {
		return playbook.Away{}, aside("Days are written like 2026-12-21: the first, then the last.")
	}
	return playbook.Away{From: from, Until: end.AddDate(0, 0, 1)}, nil
}

// typedDelegate opens the form by which a seat is passed on, of the one request
// that is meant.
func (h *Handler) typedDelegate(ctx context.Context, v visitor, a asked, named, step string) (Reply, error) {
	c, err := h.find(ctx, v, named)
	if err != nil {
		return Reply{}, err
	}
	list, err := h.desk.Waiting(ctx, v.address)
	if err != nil {
		return Reply{}, fmt.Errorf("reading what waits: %w", err)
	}
	list = slices.DeleteFunc(list, func(r review.Request) bool { return r.Case != c.ID || step != "" && r.Step != step })
	switch {
	case len(list) == 0:
		return h.whisper("Nothing there waits for you, so there is no seat to pass on."), nil
	case len(list) > 1:
		var steps []string
		for _, r := range list {
			steps = append(steps, "`"+escaped(r.Step, 80)+"`")
		}
		return h.whisper("Several things there wait for you. Name the step too: " + strings.Join(steps, ", ")), nil
	}
	s, err := h.scene(ctx, v, list[0].ID)
	if err != nil {
		return Reply{}, err
	}
	t, err := h.ticket(ctx, v, list[0], a.now)
	if err != nil {
		return Reply{}, err
	}
	s.Ticket = t
	return Reply{}, h.openModal(ctx, a.c.TriggerID, s.delegateModal(review.Form{}))
}

// ticket makes one for a request that no card opened.
func (h *Handler) ticket(ctx context.Context, v visitor, r review.Request, now time.Time) (string, error) {
	secret := h.app.o.Key.Ticket(r.ID, r.Current(), v.person.ID, Channel)
	err := h.store.PutTicket(ctx, access.Ticket{Hash: access.Hash(secret), Request: r.ID, Version: r.Current(), Person: v.person.ID, Channel: Channel, Made: now})
	if err != nil {
		return "", fmt.Errorf("writing a ticket: %w", err)
	}
	return secret, nil
}

func (h *Handler) waiting(ctx context.Context, v visitor) (Reply, error) {
	list, err := h.desk.Waiting(ctx, v.address)
	if err != nil {
		return Reply{}, fmt.Errorf("reading what waits: %w", err)
	}
	people, err := h.people(ctx, v)
	if err != nil {
		return Reply{}, err
	}
	heads := map[string]dossier.CaseView{} // several requests of one case
	var scenes []scene
	for _, r := range list[:min(len(list), mostListed)] {
		c, known := heads[r.Case]
		if !known {
			c, err = h.desk.Case(ctx, v.address, r.Case)
			if err != nil {
				return Reply{}, fmt.Errorf("opening a case: %w", err)
			}
			heads[r.Case] = c
		}
		scenes = append(scenes, scene{Request: r, Case: c, Vendor: h.desk.VendorName(ctx, r.Vendor), People: people, Viewer: v.person,
			Now: c.Now(h.now()), Base: h.base})
	}
	return h.whisperAll(waitingMessage(scenes)), nil
}

func (h *Handler) cases(ctx context.Context, v visitor) (Reply, error) {
	list, err := h.desk.CasesOf(ctx, v.address, mostListed)
	if err != nil {
		return Reply{}, fmt.Errorf("listing cases: %w", err)
	}
	return h.listed(ctx, v, list)
}

func (h *Handler) show(ctx context.Context, v visitor, named string) (Reply, error) {
	c, err := h.find(ctx, v, named)
	if err != nil {
		return Reply{}, err
	}
	whole, err := h.desk.Case(ctx, v.address, c.ID)
	if err != nil {
		return Reply{}, fmt.Errorf("opening a case: %w", err)
	}
	return h.listed(ctx, v, []dossier.CaseView{whole})
}

func (h *Handler) listed(ctx context.Context, v visitor, list []dossier.CaseView) (Reply, error) {
	people, err := h.people(ctx, v)
	if err != nil {
		return Reply{}, err
	}
	scenes := make([]caseScene, len(list))
	for i, c := range list {
		scenes[i] = caseScene{Case: c, Vendor: h.desk.VendorName(ctx, c.Vendor), People: people, Viewer: v.person, Now: c.Now(h.now()), Base: h.base}
	}
	return h.whisperAll(casesMessage(scenes)), nil
}

// find is the case that somebody named: by its id, or by its vendor's name or
// slug, among those that they have to do with. Where none is called that, the
// beginning of a name will do: nobody types "Ltd.".
func (h *Handler) find(ctx context.Context, v visitor, named string) (dossier.CaseView, error) {
	return h.findIn(ctx, v, named, func(dossier.CaseView) bool { return true })
}

// findIn is find among those of the cases that are meant.
func (h *Handler) findIn(ctx context.Context, v visitor, named string, meant func(dossier.CaseView) bool) (dossier.CaseView, error) {
	if strings.Contains(named, "/") {
		c, err := h.desk.Case(ctx, v.address, named)
		if err != nil {
			return c, fmt.Errorf("opening a case: %w", err)
		}
		return c, nil
	}
	list, err := h.desk.CasesOf(ctx, v.address, 10*mostListed)
	if err != nil {
		return dossier.CaseView{}, fmt.Errorf("listing cases: %w", err)
	}
	named = strings.ToLower(clean(named))
	var called, begun []dossier.CaseView
	for _, c := range list {
		slug, name := strings.ToLower(c.Vendor), strings.ToLower(clean(h.desk.VendorName(ctx, c.Vendor)))
		switch {
		case !meant(c):
		case named == slug || named == name:
			called = append(called, c)
		case named != "" && (strings.HasPrefix(slug, named) || strings.HasPrefix(name, named)):
			begun = append(begun, c)
		}
	}
	list = called
	if len(list) == 0 {
		list = begun
	}
	switch len(list) {
	case 0:
		return dossier.CaseView{}, aside("There is no case of that name that you have to do with. `/vendor cases` lists yours.")
	case 1:
		return list[0], nil
	}
	var ids []string
	for _, c := range list[:min(len(list), mostListed)] {
		ids = append(ids, "`"+escaped(c.ID, 120)+"`")
	}
	return dossier.CaseView{}, aside("There are several of that name. Name one by its id: " + strings.Join(ids, ", "))
}
