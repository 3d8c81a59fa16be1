package slacktest

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// Screen is what a person looks at and clicks: a home tab, and what cards and
// modals have in common.
type Screen struct{ board }

// board is a message or a view, whichever is named.
type board struct {
	s           *Server
	as          string // the id of who looks
	channel, ts string
	view        string
}

// look is what is on it now; false: it is gone.
func (b board) look() (v Version, there bool) {
	if b.view == "" {
		m, there := b.s.Message(b.channel, b.ts)
		return m.Version, there && !m.Deleted
	}
	b.s.mu.Lock()
	defer b.s.mu.Unlock()
	if seen := b.s.visible(b.as, b.view); seen != nil {
		return Version{Blocks: seen.Blocks, At: seen.At}, true
	}
	return Version{}, false
}

// Text is what stands on it, as its reader sees it: marks, ids and dates resolved.
func (b board) Text() string {
	v, _ := b.look()
	return b.s.reading(v)
}

// Says waits until all of these words stand on it.
func (b board) Says(t T, words ...string) {
	t.Helper()
	b.until(t, func(text string, there bool) bool { return there && holdsAll(text, words) }, "to say "+quoted(words))
}

// SaysNot waits until none of these words stands on it any more.
func (b board) SaysNot(t T, words ...string) {
	t.Helper()
	b.until(t, func(text string, there bool) bool {
		return there && !slices.ContainsFunc(words, func(w string) bool { return holdsAll(text, []string{w}) })
	}, "to say no more "+quoted(words))
}

// Gone waits until it is deleted or closed.
func (b board) Gone(t T) {
	t.Helper()
	b.until(t, func(_ string, there bool) bool { return !there }, "to be gone")
}

// Offers waits until each of these can be clicked, in a menu or not.
func (b board) Offers(t T, labels ...string) {
	t.Helper()
	b.offering(t, labels, true, "to offer "+quoted(labels))
}

// OffersNot waits until none of these can be clicked.
func (b board) OffersNot(t T, labels ...string) {
	t.Helper()
	b.offering(t, labels, false, "to offer no more "+quoted(labels))
}

func (b board) offering(t T, labels []string, should bool, want string) {
	t.Helper()
	b.s.await(t, func() bool {
		v, there := b.look()
		for _, label := range labels {
			offered := len(presses(v.Blocks, label, false))+len(presses(v.Blocks, label, true)) > 0
			if !there || offered != should {
				return false
			}
		}
		return true
	}, "waiting for it %s", want)
}

func (b board) until(t T, holds func(text string, there bool) bool, want string) {
	t.Helper()
	b.s.await(t, func() bool {
		v, there := b.look()
		return holds(b.s.reading(v), there)
	}, "waiting for what first said “%.300s” %s", squeeze(b.Text()), want)
}

// Button is one by its label. It is looked for when it is clicked.
func (b board) Button(label string) Press { return Press{press{b, label, false, nil}} }

// Menu is what a menu offers under this label: a select or ⋯.
func (b board) Menu(label string) Press { return Press{press{b, label, true, nil}} }

// Press is something to click.
type Press struct{ press }

type press struct {
	board
	label string
	menu  bool
	asked []string
}

// Asking lets the click fail unless a question with these words comes before it.
func (p press) Asking(words ...string) Press {
	p.asked = words
	return Press{p}
}

// Click clicks it once it is there, and says yes to the question that may come
// before. It waits until the app took the click or was given up.
func (p press) Click(t T) Outcome {
	t.Helper()
	for {
		var found []pressable
		p.s.await(t, func() bool {
			v, _ := p.look()
			found = presses(v.Blocks, p.label, p.menu)
			return len(found) > 0
		}, "waiting for “%s” to click, on “%.300s”", p.label, squeeze(p.Text()))
		if len(found) > 1 {
			t.Fatalf("clicking “%s”: there are %d of them, name one by what a screen reader says: %s", p.label, len(found), strings.Join(aloud(found), " | "))
		}
		hit := found[0]
		if !holdsAll(hit.question, p.asked) || len(p.asked) > 0 && hit.question == "" {
			t.Fatalf("clicking “%s”: asked before is “%s”, without %s", p.label, hit.question, quoted(p.asked))
		}
		out, err := p.click(hit)
		if err == nil {
			return out
		}
		v, _ := p.look() // it may have been updated since
		if slices.ContainsFunc(presses(v.Blocks, p.label, p.menu), func(now pressable) bool { return now.action == hit.action }) {
			t.Fatalf("clicking “%s”: %v", p.label, err)
		}
	}
}

func (p press) click(hit pressable) (Outcome, error) {
	if p.view != "" {
		return p.s.ClickView(p.as, p.view, hit.action, hit.chosen...)
	}
	if p.as == "" {
		return Outcome{}, fmt.Errorf("nobody clicks: say who by Card.As")
	}
	return p.s.Click(p.as, p.channel, p.ts, hit.action, hit.chosen...)
}

// pressable is something with a label that can be clicked.
type pressable struct {
	action   string // with its block
	chosen   []string
	aloud    string // what a screen reader says
	question string // that comes before
}

func aloud(found []pressable) []string {
	var all []string
	for _, f := range found {
		all = append(all, f.aloud)
	}
	return all
}

// presses are the buttons, or the entries of menus, with a label.
func presses(blocks json.RawMessage, label string, menu bool) []pressable {
	var found []pressable
	for _, b := range decode(blocks) {
		if b["type"] == "input" {
			continue
		}
		for _, e := range elements(b) {
			block, _ := b["block_id"].(string)
			id, _ := e["action_id"].(string)
			aloud, _ := e["accessibility_label"].(string)
			p := pressable{action: block + "\n" + id, aloud: aloud, question: question(e)}
			if words := rawText(e["text"]); !menu && e["type"] == "button" && (same(words, label) || same(aloud, label)) {
				found = append(found, p)
			}
			for _, o := range options(e) {
				option, _ := o.(map[string]any)
				value, _ := option["value"].(string)
				if words := rawText(option["text"]); menu && same(words, label) {
					p.chosen, p.aloud = []string{value}, words
					found = append(found, p)
				}
			}
		}
	}
	return found
}

// rawText is the text of a text object, as it was sent.
func rawText(v any) string {
	o, _ := v.(map[string]any)
	text, _ := o["text"].(string)
	return text
}

func question(e map[string]any) string {
	c, _ := e["confirm"].(map[string]any)
	return strings.TrimSpace(rawText(c["title"]) + "\n" + rawText(c["text"]))
}

// Card is a message.
type Card struct{ posted }

type posted struct {
	board
	thread string // that it stands in; empty: none
}

// As is the card as somebody else looks at it and clicks: it was forwarded to them.
func (c posted) As(p Person) *Card {
	if u, found := c.s.called(p.name); found {
		c.as = u.ID
	} else {
		c.as = p.name
	}
	return &Card{c}
}

// Thread is the one below the message, or the one that it stands in.
func (c posted) Thread() Place {
	root := c.ts
	if c.thread != "" {
		root = c.thread
	}
	return Place{place{s: c.s, as: c.as, channel: c.channel, root: root}}
}

// Message is it as Slack has it.
func (c posted) Message() Message {
	m, _ := c.s.Message(c.channel, c.ts)
	return m
}
