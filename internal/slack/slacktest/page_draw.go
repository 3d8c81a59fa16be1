package slacktest

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// spot is where something is clicked: at a message, or in a view.
type spot struct{ User, Channel, TS, View, Back string }

// drawnBlock is a block as a page shows it.
type drawnBlock struct {
	// Kind is header, divider, text, actions, context, input or unknown.
	Kind      string
	Lines     []styled
	Fields    [][]styled
	Elements  []control
	Accessory *control
	Input     *field
}

// control is something in a block that is clicked, or chosen in and then sent; in a
// context it is a text.
type control struct {
	// Kind is button, link, overflow, choose (one or several of Groups), date, time,
	// text or unknown.
	Kind, Label, Aloud, Style, URL string
	Block, Action                  string
	Spot                           spot
	Groups                         []choices
	Several                        bool
	Value                          string
	Lines                          []styled
}

// choices are options under a heading; empty: none.
type choices struct {
	Label   string
	Options []choiceOf
}

// choiceOf is one option.
type choiceOf struct {
	Label, Note, Value, URL string
	Chosen                  bool
}

// field is an input of a modal.
type field struct {
	control
	ID, Hint, Error string
	Optional        bool
	// Type is the HTML input's; select, radio, checkbox, textarea for others.
	Type string
}

// drawnModal is an open modal.
type drawnModal struct {
	View, User, Back     string
	Title, Submit, Close string
	Trouble              string
	Blocks               []drawnBlock
}

func (p *viewer) modal(v View, back string) *drawnModal {
	var sent map[string]any
	_ = json.Unmarshal(v.JSON, &sent) // has been read before
	d := &drawnModal{View: v.ID, User: v.User, Back: back, Title: v.Title, Trouble: v.Trouble, Submit: rawText(sent["submit"]), Close: rawText(sent["close"])}
	if d.Close == "" {
		d.Close = "Close"
	}
	d.Blocks = p.blocks(v.Blocks, spot{User: v.User, View: v.ID, Back: back}, &v)
	return d
}

// blocks draws those of a message, a home tab, or a modal with what it holds.
func (p *viewer) blocks(raw json.RawMessage, at spot, v *View) []drawnBlock {
	var all []drawnBlock
	for i, b := range decode(raw) {
		d := drawnBlock{Kind: "text"}
		switch b["type"] {
		case "header":
			d.Kind, d.Lines = "header", p.styled(b["text"])
		case "divider":
			d.Kind = "divider"
		case "section":
			d.Lines = p.styled(b["text"])
			list, _ := b["fields"].([]any)
			for _, f := range list {
				d.Fields = append(d.Fields, p.styled(f))
			}
			for _, e := range elements(b) {
				c := p.control(b, e, at, v)
				d.Accessory = &c
			}
		case "context", "actions":
			d.Kind, _ = b["type"].(string)
			for _, e := range elements(b) {
				d.Elements = append(d.Elements, p.control(b, e, at, v))
			}
		case "input":
			d.Kind = "input"
			d.Input = p.field(b, v, fmt.Sprint("f", i))
		default:
			d.Lines = plainLines(strings.Join(p.s.words(b), "\n"))
		}
		all = append(all, d)
	}
	return all
}

// styled are the lines of a text object.
func (p *viewer) styled(v any) []styled {
	o, _ := v.(map[string]any)
	if o["type"] == "mrkdwn" {
		return p.s.lines(rawText(v))
	}
	return plainLines(p.s.label(v))
}

func plainLines(text string) []styled {
	if text == "" {
		return nil
	}
	var all []styled
	for _, l := range strings.Split(text, "\n") {
		all = append(all, styled{Runs: []styledRun{{Text: l}}})
	}
	return all
}

func (p *viewer) control(b, e map[string]any, at spot, v *View) control {
	c := control{Kind: "unknown", Label: rawText(e["text"]), Spot: at}
	c.Block, _ = b["block_id"].(string)
	c.Action, _ = e["action_id"].(string)
	c.Aloud, _ = e["accessibility_label"].(string)
	c.Style, _ = e["style"].(string)
	c.URL, _ = e["url"].(string)
	kind, _ := e["type"].(string)
	if v == nil { // a message keeps nothing: it shows what it offers at first
		v = &View{Values: held(onlyOne(b))}
	}
	holds := chosen(*v, b, e)
	if len(holds) > 0 {
		c.Value = holds[0]
	}
	switch kind {
	case "mrkdwn", "plain_text", "image":
		c.Kind, c.Lines = "text", p.styled(e)
	case "button":
		c.Kind = "button"
		if c.URL != "" {
			c.Kind = "link"
		}
	case "overflow":
		c.Kind, c.Groups = "overflow", p.groups(e, nil)
	case "datepicker":
		c.Kind, c.Label = "date", "Day"
	case "timepicker":
		c.Kind, c.Label = "time", "Time"
	default:
		c.Groups = p.groups(e, holds)
		c.Several = strings.HasPrefix(kind, "multi_") || kind == "checkboxes"
		if c.Groups != nil {
			c.Kind = "choose"
			if c.Label = rawText(e["placeholder"]); c.Label == "" {
				c.Label = "Choose"
			}
		}
	}
	return c
}

// onlyOne is a block as the only one of an array.
func onlyOne(b map[string]any) json.RawMessage {
	raw, _ := json.Marshal([]any{b}) // it came as JSON
	return raw
}

// groups are the options of an element, people and channels among them.
func (p *viewer) groups(e map[string]any, holds []string) []choices {
	kind, _ := e["type"].(string)
	var all []choices
	add := func(label string, list []any) {
		g := choices{Label: label}
		for _, each := range list {
			o, _ := each.(map[string]any)
			c := choiceOf{Label: p.s.label(o["text"]), Note: p.s.label(o["description"])}
			c.Value, _ = o["value"].(string)
			c.URL, _ = o["url"].(string)
			c.Chosen = slices.Contains(holds, c.Value)
			g.Options = append(g.Options, c)
		}
		all = append(all, g)
	}
	list, _ := e["options"].([]any)
	if len(list) > 0 {
		add("", list)
	}
	groups, _ := e["option_groups"].([]any)
	for _, each := range groups {
		o, _ := each.(map[string]any)
		list, _ := o["options"].([]any)
		add(p.s.label(o["label"]), list)
	}
	g := choices{}
	switch {
	case strings.HasSuffix(kind, "users_select"):
		for _, u := range p.s.Users() {
			g.Options = append(g.Options, choiceOf{Label: nameOf(u), Value: u.ID, Chosen: slices.Contains(holds, u.ID)})
		}
	case strings.HasSuffix(kind, "channels_select"), strings.HasSuffix(kind, "conversations_select"):
		for _, c := range p.s.Channels() {
			if c.Name != "" {
				g.Options = append(g.Options, choiceOf{Label: "#" + c.Name, Value: c.ID, Chosen: slices.Contains(holds, c.ID)})
			}
		}
	}
	if len(g.Options) > 0 {
		all = append(all, g)
	}
	return all
}

// field draws an input; nil in what is no modal, where none stands.
func (p *viewer) field(b map[string]any, v *View, id string) *field {
	e, _ := b["element"].(map[string]any)
	if v == nil || e == nil {
		return nil
	}
	f := &field{control: p.control(b, e, spot{User: v.User, View: v.ID}, v), ID: id, Hint: p.s.label(b["hint"])}
	f.Label = p.s.label(b["label"])
	f.Optional = b["optional"] == true
	f.Error = v.Errors[f.Block]
	switch kind, _ := e["type"].(string); kind {
	case "plain_text_input", "rich_text_input":
		f.Type = "text"
		if e["multiline"] == true || kind == "rich_text_input" {
			f.Type = "textarea"
		}
	case "email_text_input":
		f.Type = "email"
	case "url_text_input":
		f.Type = "url"
	case "number_input":
		f.Type = "number"
	case "datepicker":
		f.Type = "date"
	case "timepicker":
		f.Type = "time"
	case "radio_buttons":
		f.Type = "radio"
	case "checkboxes":
		f.Type = "checkbox"
	default:
		if f.Groups != nil {
			f.Type = "select"
		}
	}
	return f
}
