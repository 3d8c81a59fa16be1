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
	values  url.Values
	files   []upload
	// takesFiles: the form says that it may carry a file.
	takesFiles bool
}

// Choice is one radio button or box. Group is what stands above it and those beside
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
		switch {
		case name == "":
		case d.DataAtom == atom.Textarea:
			f.values.Set(name, text(d))
		case d.DataAtom == atom.Input:
			f.input(d, name)
		case d.DataAtom == atom.Button:
			f.Choices = append(f.Choices, Choice{Name: name, Value: attr(d, "value"), Label: words(d)})
		}
	}
	return f, nil
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

// TickAll ticks every box.
func (f *Form) TickAll() *Form {
	for _, c := range f.Ticks {
		f.values.Add(c.Name, c.Value)
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
