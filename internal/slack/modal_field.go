package slack

import (
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/slack-go/slack"

	"gangway/internal/playbook"
)

// How many people a menu offers, and how many bytes of JSON they may take: three
// menus of them stay below the 250 kB of a view.
const (
	mostPeople    = 300
	mostMenuBytes = 70_000
)

// input is a field of a modal. Others' words in labels and hints are plain text.
func input(block, words, hint string, optional bool, e slack.BlockElement) slack.Block {
	b := slack.NewInputBlock(block, plainText(words, mostLabel), nil, e)
	if hint != "" {
		b.Hint = plainText(hint, mostLabel)
	}
	b.Optional = optional
	return b
}

// lines is a field to write several lines into.
func lines(typed string, most int) *slack.PlainTextInputBlockElement {
	e := line(typed, most)
	e.Multiline = true
	return e
}

// line is a field to write one line into.
func line(typed string, most int) *slack.PlainTextInputBlockElement {
	if most <= 0 || most > mostInput {
		most = mostInput
	}
	e := slack.NewPlainTextInputBlockElement(nil, typedID)
	e.MaxLength, e.InitialValue = most, clampPlain(typed, most)
	return e
}

func choice(value, words, note string) *slack.OptionBlockObject {
	if blank(words) {
		words = value
	}
	o := slack.NewOptionBlockObject(value, plainText(label(words, mostOption), mostOption), nil)
	if !blank(note) {
		o.Description = plainText(label(note, mostOption), mostOption)
	}
	return o
}

// oneOf offers options to choose one of: all to be seen while they are few.
func oneOf(options []*slack.OptionBlockObject, chosen string) slack.BlockElement {
	i := slices.IndexFunc(options, func(o *slack.OptionBlockObject) bool { return o.Value == chosen && chosen != "" })
	if len(options) <= 5 {
		e := slack.NewRadioButtonsBlockElement(typedID, options...)
		if i >= 0 {
			e.InitialOption = options[i]
		}
		return e
	}
	e := slack.NewOptionsSelectBlockElement(slack.OptTypeStatic, plainText("Choose one", mostPlaceholder), typedID)
	e.Options, e.OptionGroups = grouped(options)
	if i >= 0 {
		e.InitialOption = options[i]
	}
	return e
}

// anyOf offers options to choose several of.
func anyOf(options []*slack.OptionBlockObject, chosen []string) slack.BlockElement {
	var initial []*slack.OptionBlockObject
	for _, o := range options {
		if slices.Contains(chosen, o.Value) {
			initial = append(initial, o)
		}
	}
	if len(options) <= mostChoices {
		e := slack.NewCheckboxGroupsBlockElement(typedID, options...)
		e.InitialOptions = initial
		return e
	}
	e := slack.NewOptionsMultiSelectBlockElement(slack.MultiOptTypeStatic, plainText("Choose any", mostPlaceholder), typedID)
	e.Options, e.OptionGroups = grouped(options)
	e.InitialOptions = initial
	return e
}

// grouped puts more options than a menu takes into groups, which it takes as many
// of, named by what they begin and end with.
func grouped(options []*slack.OptionBlockObject) ([]*slack.OptionBlockObject, []*slack.OptionGroupBlockObject) {
	if len(options) <= mostOptions {
		return options, nil
	}
	var groups []*slack.OptionGroupBlockObject
	for part := range slices.Chunk(options, mostOptions) {
		words := clampPlain(part[0].Text.Text, 30) + " – " + clampPlain(part[len(part)-1].Text.Text, 30)
		groups = append(groups, slack.NewOptionGroupBlockElement(plainText(words, mostOption), part...))
	}
	return nil, groups
}

// someone offers people; nil: there is nobody to offer. Those for whom there is no
// room are left out, unless one of them is chosen; left is how many are.
func someone(people []playbook.Person, chosen string) (e slack.BlockElement, left int) {
	var options []*slack.OptionBlockObject
	size := 0
	for _, p := range people {
		full := len(options) >= mostPeople || size > mostMenuBytes
		if len(p.ID) > mostOptionValue || p.ID == "" || full && p.ID != chosen {
			left++
			continue
		}
		name, note := p.Name, ""
		if blank(name) {
			name = p.ID
		}
		if len(p.Roles) > 0 {
			note = human(p.Roles[0])
		}
		o := choice(p.ID, name, note)
		options = append(options, o)
		size += len(wire(o))
	}
	if len(options) == 0 {
		return nil, left
	}
	i := slices.IndexFunc(options, func(o *slack.OptionBlockObject) bool { return o.Value == chosen && chosen != "" })
	menu := slack.NewOptionsSelectBlockElement(slack.OptTypeStatic, plainText("Choose somebody", mostPlaceholder), typedID)
	menu.Options, menu.OptionGroups = grouped(options)
	if i >= 0 {
		menu.InitialOption = options[i]
	}
	return menu, left
}

// crowded is the hint of a menu of people: where to go with those who are left
// out of it, and what there is to say anyway.
func crowded(left int, elsewhere, hint string) string {
	if left == 0 {
		return hint
	}
	words := "Not everybody has room here, " + itoa(left) + " are left out: " + elsewhere
	if hint != "" {
		words += " " + hint
	}
	return words
}

// byName puts people in the order in which one looks for them; the client's own
// only, nobody who left.
func byName(people []playbook.Person, may func(playbook.Person) bool) []playbook.Person {
	var list []playbook.Person
	for _, p := range people {
		if !p.Left && p.Employer == "" && may(p) {
			list = append(list, p)
		}
	}
	slices.SortStableFunc(list, func(a, b playbook.Person) int {
		return strings.Compare(strings.ToLower(clean(a.Name)), strings.ToLower(clean(b.Name)))
	})
	return list
}

// day is a field for a day.
func day(t time.Time, zone *time.Location) *slack.DatePickerBlockElement {
	e := slack.NewDatePickerBlockElement(typedID)
	if !t.IsZero() {
		e.InitialDate = t.In(zone).Format(time.DateOnly)
	}
	return e
}

// answers reads what was typed into a modal.
type answers struct {
	st     *slack.ViewState
	faults map[string]string
}

func (a *answers) at(block string) slack.BlockAction {
	if a.st == nil {
		return slack.BlockAction{}
	}
	return a.st.Values[block][typedID]
}

// text is what was written: one kind of line end, no characters that are no text.
func (a *answers) text(block string) string {
	text := strings.ReplaceAll(strings.ReplaceAll(strings.ToValidUTF8(a.at(block).Value, "�"), "\r\n", "\n"), "\r", "\n")
	text = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' && r != '\t' {
			return -1
		}
		return r
	}, text)
	return strings.TrimSpace(text)
}

func (a *answers) one(block string) string { return a.at(block).SelectedOption.Value }

func (a *answers) many(block string) []string {
	var values []string
	for _, o := range a.at(block).SelectedOptions {
		values = append(values, o.Value)
	}
	return values
}

// fault says what is wrong of a field; the first that is said stays.
func (a *answers) fault(block, words string) {
	if a.faults == nil {
		a.faults = map[string]string{}
	}
	if a.faults[block] == "" {
		a.faults[block] = clampPlain(words, faultMost)
	}
}

// day reads a day: its first instant in the zone, zero for none.
func (a *answers) day(block string, zone *time.Location) time.Time {
	text := a.at(block).SelectedDate
	if text == "" {
		return time.Time{}
	}
	t, err := time.ParseInLocation(time.DateOnly, text, zone)
	if err != nil {
		a.fault(block, "That is no day.")
		return time.Time{}
	}
	return t
}
