package demo

import (
	"bytes"
	"fmt"
	"io"
	"mime/multipart"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Form is a form as a person sees it: what can be chosen, ticked and written.
type Form struct {
	Action *url.URL
	// Choices are the radio buttons, and Ticks the boxes, by field and value, in
	// the page's order.
	Choices []Choice
	Ticks   []Choice
	// Lines are what is filled in, in the page's order.
	Lines  []Line
	values url.Values
	files  []upload
	// takesFiles: the form says that it may carry a file.
	takesFiles bool
}

// Line is one thing that a form has somebody fill in. Its words are what stands above the
// field; Field is what the page calls it.
type Line struct {
	Field, Words string
	Kind         LineKind
	// Optional: it may stay empty. Filled: something stands there already.
	Optional, Filled bool
	// Options are what can be picked, for lines where one is.
	Options []Choice
}

// LineKind is what a line takes.
type LineKind string

// What lines take.
const (
	LineText   LineKind = "text"
	LineDate   LineKind = "date"
	LineNumber LineKind = "number"
	LinePick   LineKind = "pick"
	LineFile   LineKind = "file"
)

// Choice is one radio button or box, or one of a list. Group is what stands above it and those beside
// it.
type Choice struct{ Name, Value, Label, Group string }

type upload struct {
	field, name string
	text        []byte
}

func readForm(at *url.URL, n *html.Node) (*Form, error) {
	action, err := at.Parse(attr(n, "action"))
	if err != nil {
		return nil, fmt.Errorf("reading a form's address: %w", err)
	}
	f := &Form{Action: action, values: url.Values{}, takesFiles: attr(n, "enctype") == "multipart/form-data"}
	for d := range n.Descendants() {
		name := attr(d, "name")
		if field, is := strings.CutSuffix(name, ".point"); is {
			f.Lines = append(f.Lines, Line{Field: field})
		}
		f.above(n, d, name)
		switch {
		case name == "":
		case d.DataAtom == atom.Textarea:
			f.values.Set(name, text(d))
		case d.DataAtom == atom.Input:
			f.input(d, name)
		case d.DataAtom == atom.Select:
			f.list(d, name)
		case d.DataAtom == atom.Button:
			f.Choices = append(f.Choices, Choice{Name: name, Value: attr(d, "value"), Label: words(d)})
		}
	}
	return f, nil
}

// above adds to the line that is being read what one of its fields tells of it.
func (f *Form) above(form, n *html.Node, name string) {
	if len(f.Lines) == 0 {
		return
	}
	l := &f.Lines[len(f.Lines)-1]
	said, of := strings.CutPrefix(name, l.Field+".")
	if !of {
		return
	}
	switch {
	case said == "kept":
		l.Filled = true
	case said == "file":
		l.Kind, l.Words = LineFile, labelFor(form, attr(n, "id"))
	case said != "a":
		return
	case attr(n, "type") == "radio" || attr(n, "type") == "checkbox":
		l.Kind, l.Words = LinePick, legend(n)
		l.Options = append(l.Options, Choice{Name: name, Value: attr(n, "value"), Label: label(n)})
		l.Filled = l.Filled || has(n, "checked")
	default:
		l.Kind, l.Words = kindOf(n), labelFor(form, attr(n, "id"))
		l.Filled = attr(n, "value") != "" || n.DataAtom == atom.Textarea && text(n) != ""
	}
	l.Optional = strings.Contains(l.Words, "may stay empty")
}

// kindOf is what a field takes.
func kindOf(n *html.Node) LineKind {
	switch {
	case n.DataAtom == atom.Select:
		return LinePick
	case attr(n, "type") == "date":
		return LineDate
	case attr(n, "inputmode") == "numeric":
		return LineNumber
	}
	return LineText
}

// labelFor is the words of the label that says that it is for a field.
func labelFor(form *html.Node, id string) string {
	for d := range form.Descendants() {
		if d.DataAtom == atom.Label && id != "" && attr(d, "for") == id {
			return words(d)
		}
	}
	return ""
}

// list reads a list of which one is picked; its first entry is for none.
func (f *Form) list(n *html.Node, name string) {
	for d := range n.Descendants() {
		if d.DataAtom != atom.Option {
			continue
		}
		value := attr(d, "value")
		if has(d, "selected") {
			f.values.Set(name, value)
		}
		if len(f.Lines) > 0 && value != "" && name == f.Lines[len(f.Lines)-1].Field+".a" {
			l := &f.Lines[len(f.Lines)-1]
			l.Options = append(l.Options, Choice{Name: name, Value: value, Label: words(d)})
			l.Filled = l.Filled || has(d, "selected")
		}
	}
}

func (f *Form) input(n *html.Node, name string) {
	c := Choice{Name: name, Value: attr(n, "value"), Label: label(n), Group: legend(n)}
	switch attr(n, "type") {
	case "radio":
		f.Choices = append(f.Choices, c)
		if has(n, "checked") {
			f.values.Set(name, c.Value)
		}
	case "checkbox":
		f.Ticks = append(f.Ticks, c)
		if has(n, "checked") {
			f.values.Add(name, c.Value)
		}
	case "file":
	default:
		f.values.Set(name, c.Value)
	}
}

// label is the words of the label around an input.
func label(n *html.Node) string {
	for p := n.Parent; p != nil; p = p.Parent {
		if p.DataAtom == atom.Label {
			return words(p)
		}
	}
	return ""
}

// legend is the words of the legend of the fieldset around an input.
func legend(n *html.Node) string {
	for p := n.Parent; p != nil; p = p.Parent {
		if p.DataAtom != atom.Fieldset {
			continue
		}
		for d := range p.Descendants() {
			if d.DataAtom == atom.Legend {
				return words(d)
			}
		}
	}
	return ""
}

func text(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data)
		}
	}
	return b.String()
}

// Offers reports whether a choice with this value can be made.
func (f *Form) Offers(name, value string) bool {
	return slices.ContainsFunc(f.Choices, func(c Choice) bool { return c.Name == name && c.Value == value })
}

// Choose picks a radio button or presses a button.
func (f *Form) Choose(name, value string) *Form {
	f.values.Set(name, value)
	return f
}

// TickAll ticks every box but those of a line that may stay empty: there what they know
// is ticked.
func (f *Form) TickAll() *Form {
	for _, c := range f.Ticks {
		if !slices.ContainsFunc(f.Lines, func(l Line) bool { return l.Optional && c.Name == l.Field+".a" }) {
			f.values.Add(c.Name, c.Value)
		}
	}
	return f
}

// Tick ticks one box.
func (f *Form) Tick(name, value string) *Form {
	f.values.Add(name, value)
	return f
}

// Write writes into a text field.
func (f *Form) Write(name, value string) *Form {
	f.values.Set(name, value)
	return f
}

// Attach adds a file.
func (f *Form) Attach(field, name string, text []byte) *Form {
	f.files = append(f.files, upload{field, name, text})
	return f
}

// body is what a browser would post, and its content type.
func (f *Form) body() (io.Reader, string, error) {
	if !f.takesFiles {
		return strings.NewReader(f.values.Encode()), "application/x-www-form-urlencoded", nil
	}
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for _, name := range sorted(f.values) {
		for _, v := range f.values[name] {
			err := w.WriteField(name, v)
			if err != nil {
				return nil, "", fmt.Errorf("writing a field: %w", err)
			}
		}
	}
	for _, u := range f.files {
		part, err := w.CreateFormFile(u.field, u.name)
		if err == nil {
			_, err = part.Write(u.text)
		}
		if err != nil {
			return nil, "", fmt.Errorf("writing a file: %w", err)
		}
	}
	err := w.Close()
	if err != nil {
		return nil, "", fmt.Errorf("closing a form: %w", err)
	}
	return &b, w.FormDataContentType(), nil
}

func sorted(v url.Values) []string {
	names := make([]string, 0, len(v))
	for name := range v {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}
