package slack

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"gangway/internal/dossier"
	"gangway/internal/playbook"
)

// How many entries a home page has of each sort; a link leads to the rest. With
// all of them it stays below Slack's 100 blocks of a view.
const (
	homeWaiting = 20
	homeAsked   = 10
	homeRecent  = 10
	homeAways   = 5
)

// homeScene is what a person's own page is made of.
type homeScene struct {
	Viewer playbook.Person
	// Now is real time.
	Now time.Time
	// Waiting are the requests that wait for them, in any order.
	Waiting []scene
	// Asked are the cases that they asked for, or own, the newest first.
	Asked []caseScene
	// Away are their absences that have not ended.
	Away []playbook.Away
	// Recent are requests that they answered, in any order.
	Recent []scene
	People []playbook.Person
	Base   string
}

// view is the page.
func (h homeScene) view() slack.HomeTabViewRequest {
	var m message
	h.waiting(&m)
	h.asked(&m)
	h.away(&m)
	h.recent(&m)
	m.add(small(link(pageOf(h.Base), "gangway on the web") + " has all of it, and the documents."))
	return slack.HomeTabViewRequest{Type: slack.VTHomeTab, CallbackID: "home", Blocks: slack.Blocks{BlockSet: m.blocks(0)}}
}

// digest is the same for pages that show the same.
func (h homeScene) digest() string {
	sum := sha256.Sum256(wire(h.view()))
	return hex.EncodeToString(sum[:])
}

// pageOf is the first of the web pages.
func pageOf(base string) string {
	if base == "" {
		return ""
	}
	return base + "/"
}

// byDue puts what is due first first, what has no date last.
func byDue(list []scene) []scene {
	list = slices.Clone(list)
	slices.SortStableFunc(list, func(a, b scene) int {
		switch x, y := a.due(), b.due(); {
		case x.IsZero() == y.IsZero():
			return x.Compare(y)
		case x.IsZero():
			return 1
		default:
			return -1
		}
	})
	return list
}

func (h homeScene) waiting(m *message) {
	m.add(heading("Waiting on you"))
	list := byDue(slices.DeleteFunc(slices.Clone(h.Waiting), func(s scene) bool { return !s.standing().asks }))
	for _, s := range list[:min(len(list), homeWaiting)] {
		m.add(s.entry())
	}
	switch n := len(list) - homeWaiting; {
	case n > 0:
		m.add(small(link(pageOf(h.Base), fmt.Sprintf("And %d more, on the web page", n))))
	case len(list) == 0:
		m.add(section("✅ Nothing waits for you."))
	}
}

// entry is a request in a list: what it is, and a button to answer it.
func (s scene) entry() slack.Block {
	st := s.standing()
	words := st.mark + " *" + s.title() + "* – " + s.vendor()
	if s.page() != "" {
		words = st.mark + " *" + link(s.page(), bracketed(s.title())) + "* – " + s.vendor()
	}
	words += "\n" + st.word
	if due := s.due(); !due.IsZero() {
		words += " · due " + s.when(due)
	}
	if s.Case.Rehearsal {
		words = "🎭 Rehearsal: " + words
	}
	b := slack.NewSectionBlock(mrkdwn(byLines(words, mostText)), nil, nil)
	switch {
	case !st.asks:
	case s.Ticket != "" && !s.byPage():
		b.Accessory = slack.NewAccessory(s.button(verbAsk, "", "Answer…", slack.StyleDefault))
	case s.page() != "":
		b.Accessory = slack.NewAccessory(s.pageButton("Answer on the page…", slack.StyleDefault))
	}
	return b
}

// bracketed is literal text within a link, where a bar would end the address.
func bracketed(words string) string { return strings.ReplaceAll(words, "|", "∣") }

func (h homeScene) asked(m *message) {
	m.add(slack.NewDividerBlock())
	m.add(heading("You requested"))
	var own, others []caseScene
	for _, c := range h.Asked {
		if c.Case.Requester == h.Viewer.ID {
			own = append(own, c)
		} else {
			others = append(others, c)
		}
	}
	if len(own) == 0 {
		m.add(section("You have asked for nothing so far."))
	}
	h.listed(m, own)
	onboard := slack.NewButtonBlockElement(string(verbOnboard), "", plainText("Onboard a vendor…", mostButton))
	onboard.AccessibilityLabel = "Onboard a vendor: opens a form"
	m.add(slack.NewActionBlock("", onboard))
	if len(others) > 0 {
		m.add(heading("You own or sponsor"))
		h.listed(m, others)
	}
}

// listed is a list of cases with a link to those that it leaves out.
func (h homeScene) listed(m *message, cases []caseScene) {
	for _, c := range cases[:min(len(cases), homeAsked)] {
		m.add(section(c.summary()))
	}
	if n := len(cases) - homeAsked; n > 0 {
		m.add(small(link(pageOf(h.Base), fmt.Sprintf("And %d more, on the web page", n))))
	}
}

func (h homeScene) away(m *message) {
	m.add(slack.NewDividerBlock())
	m.add(heading("Away"))
	if len(h.Away) == 0 {
		m.add(section("You are here. Say when you will be away, and who stands in, before you go."))
	}
	for _, a := range h.Away[:min(len(h.Away), homeAways)] {
		words := "🌴 Away"
		if !a.From.After(h.Now) {
			words = "🌴 *Away now*"
		}
		words += " from " + when(a.From, h.Viewer, false) + " until " + when(a.Until, h.Viewer, false)
		if a.Backup != "" {
			words += "; " + literal(nameIn(h.People, h.Viewer, a.Backup), mostName) + " stands in"
		}
		m.add(section(words + "."))
	}
	say := slack.NewButtonBlockElement(string(verbAway), "", plainText("Say when you are away…", mostButton))
	say.AccessibilityLabel = "Say when you are away: opens a form"
	row := []slack.BlockElement{say}
	if len(h.Away) > 0 {
		back := slack.NewButtonBlockElement(string(verbBack), "", plainText("I am back", mostButton))
		back.AccessibilityLabel = "I am back: ends your absences"
		back.Confirm = &slack.ConfirmationBlockObject{Title: plainText("Are you back?", 100), Text: plainText("Your absences end, and requests come to you as usual.", 300),
			Confirm: plainText("I am back", 30), Deny: plainText("Not yet", 30)}
		row = append(row, back)
	}
	m.add(slack.NewActionBlock("", row...))
}

func (h homeScene) recent(m *message) {
	var lines []string
	list := slices.Clone(h.Recent)
	last := func(s scene) time.Time {
		var at time.Time
		for _, b := range s.Request.Ballots {
			if b.Person == h.Viewer.ID && b.At.After(at) {
				at = b.At
			}
		}
		return at
	}
	slices.SortStableFunc(list, func(a, b scene) int { return last(b).Compare(last(a)) })
	for _, s := range list {
		for i := len(s.Request.Ballots) - 1; i >= 0 && len(lines) < homeRecent; i-- {
			b := &s.Request.Ballots[i]
			if b.Person != h.Viewer.ID {
				continue
			}
			words := signOf(b.Verdict) + " " + link(s.page(), bracketed(s.title())) + " – " + s.vendor() + ": you " + saidBy(b.Verdict, true) + ", " + s.when(b.At)
			if b.TakenBack || b.Void {
				words += ", taken back"
			}
			lines = append(lines, drill(s.Case.Rehearsal, words))
			break
		}
	}
	if len(lines) == 0 {
		return
	}
	m.add(slack.NewDividerBlock())
	m.add(heading("Recently decided by you"))
	m.add(section(whole(lines, mostText-50)))
}

// caseScene is a case as people see it from outside: where it stands and who is
// waited for.
type caseScene struct {
	Case   dossier.CaseView // with its requests
	Vendor string
	People []playbook.Person
	// Viewer is who asks, whose zone times are in; nobody for a channel.
	Viewer playbook.Person
	Now    time.Time // case time
	Base   string
}
