package playbook

import (
	"slices"
	"strconv"
	"strings"

	"gangway/internal/engagement"
)

// formReading reads the values of one filled-in form; each field has at most one
// fault, so that a page shows one line beside it.
type formReading struct {
	form   IntakeForm
	values map[string][]string
	found  faults
}

func (r *formReading) fault(name, hint, format string, args ...any) {
	if !slices.ContainsFunc(r.found, func(f Fault) bool { return f.Place == name }) {
		r.found.add(name, hint, format, args...)
	}
}

func (r *formReading) field(name string) (IntakeField, bool) {
	i := slices.IndexFunc(r.form.Fields, func(f IntakeField) bool { return f.Name == name })
	if i < 0 {
		return IntakeField{}, false
	}
	return r.form.Fields[i], true
}

// strangers refuses values for fields that the form does not have: dropping them
// would lose what somebody wrote.
func (r *formReading) strangers() {
	var names []string
	for name := range r.values {
		if _, known := r.field(name); !known {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	for _, name := range names[:min(len(names), 10)] {
		r.fault(name, "", "the form has no field %s", shown(name))
	}
}

// line is the value of a field that has one; choices are held to their options.
func (r *formReading) line(name string) string {
	given := r.values[name]
	f, known := r.field(name)
	if !known {
		return ""
	}
	if len(given) > 1 {
		r.fault(name, "give one", "%d values are given where one is wanted", len(given))
		return ""
	}
	text := ""
	if len(given) == 1 {
		text = strings.TrimSpace(strings.ReplaceAll(given[0], "\r\n", "\n"))
	}
	switch {
	case text == "" && f.Required:
		r.fault(name, "", "this is needed")
	case f.Kind == ChoiceField && text != "" && !slices.Contains(f.Options, text):
		r.fault(name, meant(text, f.Options), "%s is none of the choices", shown(text))
	}
	return text
}

// lines are the lines of a text that say something.
func (r *formReading) lines(name string) []string { return filled(strings.Split(r.line(name), "\n")) }

// contacts are people, one a line.
func (r *formReading) contacts(name string) []engagement.Contact {
	list, bad := ReadContacts(r.line(name))
	if bad != "" {
		r.fault(name, "write it as in: Sam Field, sam@acme.example", "%s is no name and mail address", shown(bad))
	}
	return list
}

// ReadContacts reads people, one a line, as a mail program or a hand writes them:
// "Sam Field, sam@acme.example", "Sam Field <sam@acme.example>", with a phone number
// behind. bad is the first line that is neither; then there is no list.
func ReadContacts(text string) (list []engagement.Contact, bad string) {
	for _, line := range filled(strings.Split(text, "\n")) {
		words := strings.FieldsFunc(line, func(c rune) bool { return strings.ContainsRune(" \t\r,;<>", c) })
		i := slices.IndexFunc(words, func(w string) bool { return strings.Contains(w, "@") })
		if i < 1 {
			return nil, line
		}
		list = append(list, engagement.Contact{Name: strings.Join(words[:i], " "), Mail: words[i], Phone: strings.Join(words[i+1:], " ")})
	}
	return list, ""
}

// many is a field of several words: those chosen, or separated by commas where
// there is nothing to choose from.
func (r *formReading) many(name string) []string {
	f, known := r.field(name)
	if !known {
		return nil
	}
	if len(f.Options) == 0 {
		var words []string
		for _, text := range r.values[name] {
			words = append(words, strings.FieldsFunc(strings.ToLower(text), func(c rune) bool { return c == ',' || c == ';' || c == '\n' })...)
		}
		return filled(words)
	}
	chosen := filled(r.values[name])
	for _, word := range chosen {
		if !slices.Contains(f.Options, word) {
			r.fault(name, meant(word, f.Options), "%s is none of the choices", shown(word))
		}
	}
	return chosen
}

// amount is a whole number; thousands may be set apart.
func (r *formReading) amount(name string) int {
	text := r.line(name)
	if text == "" {
		return 0
	}
	n, ok := whole(text)
	if !ok {
		r.fault(name, "write it in digits, such as 48000", "%s is no whole number", shown(text))
	}
	return n
}

// given is an amount, nil where none was filled in.
func (r *formReading) given(name string) *int {
	if r.line(name) == "" {
		return nil
	}
	n := r.amount(name)
	return &n
}

// whole reads 48000, 48,000, 48.000, 48 000 and 48'000. What stands behind one
// separator has three digits, so that 48,5 is no number here rather than 485.
func whole(text string) (int, bool) {
	for _, separator := range []string{",", ".", "'", "’", "_", " ", "\u00a0", "\u202f"} {
		parts := strings.Split(text, separator)
		if len(parts) == 1 {
			continue
		}
		for i, part := range parts {
			if i > 0 && len(part) != 3 || i == 0 && (len(part) == 0 || len(part) > 3) {
				return 0, false
			}
		}
		text = strings.Join(parts, "")
		break
	}
	if strings.Trim(text, "0123456789") != "" || len(text) > 12 {
		return 0, false
	}
	n, err := strconv.Atoi(text)
	return n, err == nil
}

func filled(texts []string) []string {
	var list []string
	for _, text := range texts {
		if text = strings.TrimSpace(text); text != "" && !slices.Contains(list, text) {
			list = append(list, text)
		}
	}
	return list
}

// website is an address as people type it, with what makes it one.
func website(text string) string {
	if text == "" || strings.Contains(text, ":") || strings.ContainsAny(text, " \n") {
		return text
	}
	return "https://" + text
}
