package slacktest

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
)

// Modal is one that stands open. What is filled in is sent with Submit.
type Modal struct{ sheet }

type sheet struct {
	board
	given *[]given // since the last Submit
}

// given is what a person puts into an input, by its label.
type given struct {
	label  string
	values []string
	into   []string // kinds of elements; empty: boxes to check
}

func (m *sheet) put(label string, values, into []string) *Modal {
	*m.given = append(*m.given, given{label, values, into})
	return &Modal{*m}
}

// Fill writes into an input; nothing empties it.
func (m *sheet) Fill(label, text string) *Modal {
	return m.put(label, []string{text}, []string{"plain_text_input", "email_text_input", "url_text_input", "number_input", "rich_text_input"})
}

// Choose chooses what a menu or a list offers, by what stands there; people by
// handle, mail address or id where they are asked for.
func (m *sheet) Choose(label string, options ...string) *Modal {
	return m.put(label, options, []string{"static_select", "radio_buttons", "multi_static_select", "checkboxes", "users_select", "multi_users_select"})
}

// Date sets a day, such as 2026-12-24.
func (m *sheet) Date(label, day string) *Modal {
	return m.put(label, []string{day}, []string{"datepicker"})
}

// Check checks a box besides those that are: by its own words, or by the label of
// its input where that is the only box there.
func (m *sheet) Check(words string) *Modal { return m.put(words, nil, nil) }

// Submit fills in what was said, and sends the modal. It waits until the app
// answered; errors are then beside the inputs, see Wrong.
func (m *sheet) Submit(t T) Outcome {
	t.Helper()
	values, err := m.values()
	if err != nil {
		t.Fatalf("filling in a modal: %v", err)
	}
	v, _ := m.seen()
	for block := range v.Errors {
		m.s.told.forget(errorKey(m.view, block)) // what it says now is news
	}
	out, err := m.s.Submit(m.as, m.view, values)
	if err != nil {
		t.Fatalf("%v", err)
	}
	return out
}

// Close closes the modal on top.
func (m *sheet) Close(t T) Outcome {
	t.Helper()
	out, err := m.s.CloseView(m.as)
	if err != nil {
		t.Fatalf("%v", err)
	}
	return out
}

// Wrong holds that an error with these words stands beside an input.
func (m *sheet) Wrong(t T, label string, words ...string) {
	t.Helper()
	v, there := m.seen()
	if !there {
		t.Fatalf("reading what is wrong with “%s”: the modal is closed", label)
	}
	block, _, err := m.input(v, label)
	if err != nil {
		t.Fatalf("reading what is wrong: %v", err)
	}
	id, _ := block["block_id"].(string)
	if text, is := v.Errors[id]; !is || !holdsAll(text, words) {
		t.Fatalf("beside “%s” stands “%s”, not %s", label, text, quoted(words))
	}
	m.s.told.first(errorKey(m.view, id))
}

// Holds holds that an input still has what was typed or chosen, by what stands
// there.
func (m *sheet) Holds(t T, label string, values ...string) {
	t.Helper()
	v, there := m.seen()
	if !there {
		t.Fatalf("reading “%s”: the modal is closed", label)
	}
	block, e, err := m.input(v, label)
	if err != nil {
		t.Fatalf("reading an input: %v", err)
	}
	if got := m.s.holding(v, block, e); !slices.Equal(got, values) {
		t.Errorf("“%s” holds %s, not %s", label, quoted(got), quoted(values))
	}
}

func (m *sheet) seen() (View, bool) {
	for _, v := range m.s.Views(m.as) {
		if v.ID == m.view {
			return v, true
		}
	}
	return View{}, false
}

// input is one by its label.
func (m *sheet) input(v View, label string) (block, element map[string]any, err error) {
	var there []string
	for _, b := range decode(v.Blocks) {
		if b["type"] != "input" {
			continue
		}
		name := m.s.label(b["label"])
		if there = append(there, name); same(name, label) {
			element, _ = b["element"].(map[string]any)
			return b, element, nil
		}
	}
	return nil, nil, fmt.Errorf("there is no input “%s”, but %s", label, quoted(there))
}

// values are those of all inputs that were filled in, by block id.
func (m *sheet) values() (url.Values, error) {
	v, there := m.seen()
	if !there {
		return nil, errors.New("it is closed")
	}
	values, all := url.Values{}, *m.given
	*m.given = nil // what was typed stays in the modal by itself
	for _, g := range all {
		var err error
		if len(g.into) == 0 {
			err = m.check(v, g.label, values)
		} else {
			err = m.fill(v, g, values)
		}
		if err != nil {
			return nil, err
		}
	}
	return values, nil
}

func (m *sheet) fill(v View, g given, values url.Values) error {
	block, e, err := m.input(v, g.label)
	if err != nil {
		return err
	}
	kind, _ := e["type"].(string)
	if !slices.Contains(g.into, kind) {
		return fmt.Errorf("“%s” is a %s, which is filled in otherwise", g.label, kind)
	}
	id, _ := block["block_id"].(string)
	values[id] = []string{}
	for _, value := range g.values {
		switch {
		case strings.HasSuffix(kind, "users_select"):
			u, found := m.s.called(value)
			if !found {
				return fmt.Errorf("choosing in “%s”: there is no user %s", g.label, value)
			}
			value = u.ID
		case options(e) != nil:
			if value, err = m.option(e, g.label, value); err != nil {
				return err
			}
		}
		values[id] = append(values[id], value)
	}
	return nil
}

// option is the value of one by what stands there.
func (m *sheet) option(e map[string]any, label, words string) (string, error) {
	var there []string
	for _, each := range options(e) {
		o, _ := each.(map[string]any)
		value, _ := o["value"].(string)
		name := m.s.label(o["text"])
		if there = append(there, name); same(name, words) {
			return value, nil
		}
	}
	return "", fmt.Errorf("choosing “%s” in “%s”: it offers %s", words, label, quoted(there))
}

func (m *sheet) check(v View, words string, values url.Values) error {
	for _, b := range decode(v.Blocks) {
		e, _ := b["element"].(map[string]any)
		if e["type"] != "checkboxes" {
			continue
		}
		only := len(options(e)) == 1 && same(m.s.label(b["label"]), words)
		for _, each := range options(e) {
			o, _ := each.(map[string]any)
			if !only && !same(m.s.label(o["text"]), words) {
				continue
			}
			id, _ := b["block_id"].(string)
			value, _ := o["value"].(string)
			if values[id] == nil {
				values[id] = chosen(v, b, e)
			}
			if !slices.Contains(values[id], value) {
				values[id] = append(values[id], value)
			}
			return nil
		}
	}
	return fmt.Errorf("there is no box “%s”", words)
}

// stateOf is what an element holds now.
func stateOf(v View, block, e map[string]any) any {
	id, _ := block["block_id"].(string)
	action, _ := e["action_id"].(string)
	kind, _ := e["type"].(string)
	var holds map[string]any
	_ = json.Unmarshal(v.Values[id][action], &holds) // it was written here; nothing where empty
	return holds[key(kind)]
}

// chosen are the values that an element holds.
func chosen(v View, block, e map[string]any) []string {
	values := []string{}
	add := func(each any) {
		switch each := each.(type) {
		case string:
			values = append(values, each)
		case map[string]any:
			value, _ := each["value"].(string)
			values = append(values, value)
		}
	}
	switch holds := stateOf(v, block, e).(type) {
	case []any:
		for _, each := range holds {
			add(each)
		}
	default:
		add(holds)
	}
	return values
}

// holding is what an element holds, as its reader sees it.
func (s *Server) holding(v View, block, e map[string]any) []string {
	all := chosen(v, block, e)
	for i, value := range all {
		for _, each := range options(e) {
			if o, _ := each.(map[string]any); o["value"] == value {
				all[i] = s.label(o["text"])
			}
		}
	}
	return all
}
