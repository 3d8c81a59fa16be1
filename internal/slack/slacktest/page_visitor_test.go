package slacktest

import (
	"encoding/xml"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
)

// visitor looks at the pages as a browser without scripts: it follows forms.
type visitor struct {
	t      *testing.T
	h      http.Handler
	path   string
	body   string
	text   string // what can be read, on one line
	forms  []*htmlForm
	inputs []*htmlInput
}

// htmlForm is a form of a page.
type htmlForm struct {
	id, action string
	fields     url.Values
	buttons    []string
}

// htmlInput is what can be filled in.
type htmlInput struct {
	form              *htmlForm
	id, label         string
	kind, name, value string
	options           map[string]string // value by what stands there
	several, checked  bool
	selected          []string
	formID            string
}

func visit(t *testing.T, s *Server, path string) *visitor {
	t.Helper()
	v := &visitor{t: t, h: s.Handler()}
	v.get(path)
	return v
}

func (v *visitor) get(path string) {
	v.t.Helper()
	w := httptest.NewRecorder()
	v.h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "http://127.0.0.1/"+path, nil))
	v.path = path
	v.came(w, http.StatusOK)
}

func (v *visitor) came(w *httptest.ResponseRecorder, status int) {
	v.t.Helper()
	v.body = w.Body.String()
	if w.Code != status {
		v.t.Fatalf("%s is answered with %d: %s", v.path, w.Code, v.body)
	}
	v.read()
}

// press presses the button with this label; where there are several, the one whose
// form has the value.
func (v *visitor) press(label string, values ...string) {
	v.t.Helper()
	v.pressFor(label, http.StatusOK, values...)
}

func (v *visitor) pressFor(label string, status int, values ...string) {
	v.t.Helper()
	for _, f := range v.forms {
		if !slices.Contains(f.buttons, label) {
			continue
		}
		w := httptest.NewRecorder()
		r := httptest.NewRequest(http.MethodPost, "http://127.0.0.1/"+f.action, strings.NewReader(f.fields.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Sec-Fetch-Site", "same-origin")
		v.h.ServeHTTP(w, r)
		if w.Code == http.StatusSeeOther {
			v.get(strings.TrimPrefix(w.Header().Get("Location"), "/"))
			return
		}
		v.path = f.action
		v.came(w, status)
		return
	}
	v.t.Fatalf("there is no button %q on %s: %s", label, v.path, v.text)
}

// fill fills in what has this label; with an option it chooses.
func (v *visitor) fill(label, value string) {
	v.t.Helper()
	for _, in := range v.inputs {
		if in.label != label {
			continue
		}
		if in.options != nil {
			option, is := in.options[value]
			if !is {
				v.t.Fatalf("%s does not offer %s, but %v", label, value, in.options)
			}
			value = option
		}
		if in.several {
			in.form.fields.Add(in.name, value)
		} else {
			in.form.fields.Set(in.name, value)
		}
		return
	}
	v.t.Fatalf("there is nothing to fill in called %q on %s", label, v.path)
}

// tick checks a box, or chooses a radio button.
func (v *visitor) tick(label string) {
	v.t.Helper()
	for _, in := range v.inputs {
		if in.label == label && in.kind == "checkbox" {
			in.form.fields.Add(in.name, in.value)
			return
		} else if in.label == label && in.kind == "radio" {
			in.form.fields.Set(in.name, in.value)
			return
		}
	}
	v.t.Fatalf("there is nothing to tick called %q on %s", label, v.path)
}

func (v *visitor) reads(words ...string) {
	v.t.Helper()
	for _, w := range words {
		if !strings.Contains(v.text, w) {
			v.t.Errorf("%q does not stand on %s: %s", w, v.path, v.text)
		}
	}
}

func (v *visitor) readsNot(words ...string) {
	v.t.Helper()
	for _, w := range words {
		if strings.Contains(v.text, w) {
			v.t.Errorf("%q stands on %s: %s", w, v.path, v.text)
		}
	}
}

// reading is what is known while a page is read.
type pageReading struct {
	*visitor
	form    *htmlForm
	field   *htmlInput
	label   string // the text of the label, button or option that is open
	open    bool
	forID   string
	labels  map[string]string
	option  string
	all     strings.Builder
	ticking *htmlInput
	every   []*htmlInput // hidden ones too
}

// read takes a page apart; it has to be well formed.
func (v *visitor) read() {
	v.t.Helper()
	v.forms, v.inputs = nil, nil
	d := xml.NewDecoder(strings.NewReader(v.body))
	d.Strict, d.AutoClose, d.Entity = false, xml.HTMLAutoClose, xml.HTMLEntity
	p := &pageReading{visitor: v, labels: map[string]string{}}
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			v.t.Fatalf("reading %s: %v\n%s", v.path, err, v.body)
		}
		switch token := token.(type) {
		case xml.StartElement:
			at := map[string]string{}
			for _, a := range token.Attr {
				at[a.Name.Local] = a.Value
			}
			p.begin(token.Name.Local, at)
		case xml.EndElement:
			p.end(token.Name.Local)
		case xml.CharData:
			p.all.Write(token)
			if p.open {
				p.label += string(token)
			}
		}
	}
	for _, in := range p.every {
		p.hold(in)
	}
	for _, in := range v.inputs {
		if in.label == "" {
			in.label = p.labels[in.id]
		}
	}
	v.text = squeeze(p.all.String())
}

// hold puts what an input holds at first into its form.
func (p *pageReading) hold(in *htmlInput) {
	for _, f := range p.forms {
		if in.formID != "" && f.id == in.formID {
			in.form = f
		}
	}
	if in.form == nil {
		p.t.Fatalf("the input %s of %s is in no form", in.name, p.path)
	}
	switch {
	case in.options != nil:
		for _, value := range in.selected {
			in.form.fields.Add(in.name, value)
		}
	case in.kind != "radio" && in.kind != "checkbox" || in.checked:
		in.form.fields.Add(in.name, in.value)
	}
}

func (p *pageReading) begin(name string, at map[string]string) {
	keep := func(in *htmlInput) {
		in.form, in.formID = p.form, at["form"]
		p.every = append(p.every, in)
		if in.kind != "hidden" {
			p.inputs = append(p.inputs, in)
		}
	}
	switch name {
	case "form":
		p.form = &htmlForm{id: at["id"], action: at["action"], fields: url.Values{}}
		p.forms = append(p.forms, p.form)
	case "button":
		p.open, p.label = true, ""
	case "label":
		p.open, p.label, p.forID = true, "", at["for"]
	case "input":
		in := &htmlInput{id: at["id"], label: at["aria-label"], kind: at["type"], name: at["name"], value: at["value"]}
		_, in.checked = at["checked"]
		if in.kind == "radio" || in.kind == "checkbox" {
			p.ticking = in
		}
		keep(in)
	case "select":
		_, several := at["multiple"]
		p.field = &htmlInput{id: at["id"], label: at["aria-label"], kind: name, name: at["name"], options: map[string]string{}, several: several}
		keep(p.field)
	case "option":
		p.open, p.label, p.option = true, "", at["value"]
		if _, is := at["selected"]; is {
			p.field.selected = append(p.field.selected, p.option)
		}
	case "textarea":
		p.field = &htmlInput{id: at["id"], kind: name, name: at["name"]}
		p.open, p.label = true, ""
		keep(p.field)
	}
}

func (p *pageReading) end(name string) {
	text := squeeze(p.label)
	if strings.Contains(" div p button label option blockquote legend a ", " "+name+" ") {
		p.all.WriteByte(' ')
	}
	switch name {
	case "form":
		p.form = nil
	case "button":
		p.form.buttons, p.open = append(p.form.buttons, text), false
	case "label":
		if p.open = false; p.forID != "" {
			p.labels[p.forID] = text
		} else if p.ticking != nil {
			p.ticking.label, p.ticking = text, nil
		}
	case "option":
		p.field.options[text], p.open = p.option, false
	case "textarea":
		p.field.value, p.open = strings.TrimPrefix(p.label, "\n"), false
	}
}
