package demo

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"gangway/internal/slack/slacktest"
)

// Member is one of the rehearsal's people who lives in Slack: they never open the
// inbox, and answer by the cards that reach them.
type Member struct {
	// Name is what the workspace calls them.
	Name  string
	Habit Habit
	// Slack is the workspace.
	Slack *slacktest.Server
	// Tell prints what they do.
	Tell func(format string, args ...any)

	user string
	seen map[string]int // by stamp: on how many days they looked at a card
	// pressed is what a card looked like when they answered by it: it takes a moment until
	// it says so.
	pressed map[string]string
	day     int
}

// Habit is what a member does with a card that asks them something, days after
// they first saw it: the button or choice to press, and what to write into the
// form that opens. No press: nothing yet.
type Habit func(card string, days int) (press string, write map[string]string, say string)

// Agree says yes once a card has lain there for so many days.
func Agree(after int) Habit {
	return func(_ string, days int) (string, map[string]string, string) {
		if days < after {
			return "", nil, ""
		}
		return "Approve", nil, "approves"
	}
}

// ReadTwice finds the first version of a document never good enough.
func ReadTwice(card string, _ int) (string, map[string]string, string) {
	if !strings.Contains(card, `*Document*\ncontract, version 1 `) {
		return "Approve", nil, "approves"
	}
	return "Request changes", map[string]string{
		"reason": "We pay everybody else within 14 days and get a discount for it; let us not start with 30 here.",
		"vendor": "Please change the time for payment in the charges to 14 days."}, "wants changes"
}

// StepAside declares a conflict of interest as soon as something is in front of
// them that would be agreed with the vendor: a contract, or its data processing
// agreement. Whether one is needed says nothing about the vendor's.
func StepAside(card string, days int) (string, map[string]string, string) {
	if !strings.Contains(card, "Contract") && !strings.Contains(card, "the data processing agreement") && !strings.Contains(card, "Data processing agreement") {
		return Agree(0)(card, days)
	}
	return "Declare a conflict", map[string]string{"words": "My brother has become a director of the vendor."}, "declares a conflict of interest"
}

// Arrive finds oneself in the workspace.
func (m *Member) Arrive() error {
	for _, u := range m.Slack.Users() {
		if u.RealName == m.Name {
			m.user, m.seen, m.pressed = u.ID, map[string]int{}, map[string]string{}
			return nil
		}
	}
	return fmt.Errorf("%s is not in the workspace", m.Name)
}

// NewDay tells the member that time has passed.
func (m *Member) NewDay() { m.day++ }

// Look opens Slack and answers what they are ready to answer. It reports whether
// they did anything.
func (m *Member) Look(ctx context.Context) (bool, error) {
	dm := m.Slack.DM(m.user)
	if dm == "" {
		return false, nil
	}
	for _, msg := range m.Slack.Messages(dm) {
		if err := ctx.Err(); err != nil {
			return false, fmt.Errorf("%s: %w", m.Name, err)
		}
		pressed, err := m.consider(dm, msg)
		if err != nil {
			return false, fmt.Errorf("%s: %w", m.Name, err)
		}
		if pressed {
			return true, nil
		}
	}
	return false, nil
}

// consider presses what the habit says, if the card offers it.
func (m *Member) consider(dm string, msg slacktest.Message) (bool, error) {
	offers := controls(msg.Blocks)
	if msg.Deleted || len(offers) == 0 || m.pressed[msg.TS] == string(msg.Blocks) {
		return false, nil
	}
	if _, known := m.seen[msg.TS]; !known {
		m.seen[msg.TS] = m.day
	}
	title, words := strings.TrimPrefix(heading(msg.Blocks), "Rehearsal: "), string(msg.Blocks)
	press, write, say := m.Habit(words, m.day-m.seen[msg.TS])
	offered := func(press string) int {
		return slices.IndexFunc(offers, func(c control) bool { return press != "" && strings.HasPrefix(c.label, press) })
	}
	i := offered(press)
	if i < 0 && press == "Approve" { // of a task
		i = offered("It is done")
	}
	if i < 0 {
		return false, nil
	}
	m.pressed[msg.TS] = words
	m.Tell("%s %s in Slack: “%s”", m.Name, say, title)
	out, err := m.Slack.Click(m.user, dm, msg.TS, offers[i].action, offers[i].choice...)
	if err != nil || !out.Acked {
		return false, fmt.Errorf("pressing %s: %s %w", press, out.Saw, err)
	}
	views := m.Slack.Views(m.user)
	if len(views) == 0 {
		return true, nil
	}
	return true, m.fill(views[len(views)-1], write)
}

// fill fills the form that opened and sends it: every statement is confirmed, the
// first of each choice taken.
func (m *Member) fill(v slacktest.View, write map[string]string) error {
	values := url.Values{}
	for _, f := range inputs(v.Blocks) {
		switch f.kind {
		case "plain_text_input":
			for word, text := range write {
				if strings.Contains(strings.ToLower(f.label), word) {
					values.Set(f.block, text)
				}
			}
		case "checkboxes":
			values[f.block] = f.options
		case "radio_buttons", "static_select":
			if !f.filled && len(f.options) > 0 {
				values.Set(f.block, f.options[0])
			}
		}
	}
	out, err := m.Slack.Submit(m.user, v.ID, values)
	if err != nil || !out.Acked || len(out.Errors) > 0 {
		return fmt.Errorf("sending the form “%s”: %s %v %w", v.Title, out.Saw, out.Errors, err)
	}
	if left := m.Slack.Views(m.user); len(left) > 0 { // a result to read
		_, err = m.Slack.CloseView(m.user)
	}
	return err
}

// control is a button, or a choice of a menu, as a reader sees it.
type control struct {
	label, action string
	choice        []string
}

// block is what a member sees of a block.
type block struct {
	Type     string          `json:"type"`
	BlockID  string          `json:"block_id"`
	Text     caption         `json:"text"`
	Label    caption         `json:"label"`
	Element  element         `json:"element"`
	Elements json.RawMessage `json:"elements"` // of a context they are texts
}

type element struct {
	Type     string          `json:"type"`
	ActionID string          `json:"action_id"`
	URL      string          `json:"url"`
	Text     json.RawMessage `json:"text"` // of a context a string
	Options  []option        `json:"options"`
	Initial  json.RawMessage `json:"initial_option"`
}

type option struct {
	Text  caption `json:"text"`
	Value string  `json:"value"`
	URL   string  `json:"url"`
}

type caption struct {
	Text string `json:"text"`
}

func blocksOf(raw json.RawMessage) []block {
	var list []block
	_ = json.Unmarshal(raw, &list) // the workspace took them as blocks
	return list
}

// controls are what can be pressed, links left out.
func controls(raw json.RawMessage) []control {
	var list []control
	for _, b := range blocksOf(raw) {
		if b.Type != "actions" {
			continue
		}
		var elements []element
		_ = json.Unmarshal(b.Elements, &elements)
		for _, e := range elements {
			var label caption
			_ = json.Unmarshal(e.Text, &label)
			if e.Type == "button" && e.URL == "" {
				list = append(list, control{label: label.Text, action: e.ActionID})
			}
			for _, o := range e.Options {
				if o.URL == "" {
					list = append(list, control{label: o.Text.Text, action: e.ActionID, choice: []string{o.Value}})
				}
			}
		}
	}
	return list
}

func heading(raw json.RawMessage) string {
	for _, b := range blocksOf(raw) {
		if b.Type == "header" {
			return b.Text.Text
		}
	}
	return "a card"
}

// input is a field of a form.
type input struct {
	block, label, kind string
	options            []string
	filled             bool
}

func inputs(raw json.RawMessage) []input {
	var list []input
	for _, b := range blocksOf(raw) {
		if b.Type != "input" {
			continue
		}
		f := input{block: b.BlockID, label: b.Label.Text, kind: b.Element.Type, filled: len(b.Element.Initial) > 0}
		for _, o := range b.Element.Options {
			f.options = append(f.options, o.Value)
		}
		list = append(list, f)
	}
	return list
}
