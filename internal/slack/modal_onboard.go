package slack

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/slack-go/slack"

	"gangway/internal/playbook"
)

// firstField is a field that every intake form has.
const firstField = "vendor.name"

// onboardModal is a playbook's intake form; in is what was typed before. Its
// private metadata is the playbook's name.
func onboardModal(f playbook.IntakeForm, people []playbook.Person, in playbook.Intake) slack.ModalViewRequest {
	m := modalView(verbOnboard, "Onboard a vendor", "Open the case")
	if len(f.Playbook) <= mostMetadata {
		m.PrivateMetadata = f.Playbook
	}
	m.add(section("By the playbook *" + lower(f.Playbook) + "*. A case opens once you send this, and people are asked. " +
		"The contract cannot come with this form: once the case is open, its page takes the first version, and the review waits for it."))
	for _, field := range f.Fields[:min(len(f.Fields), mostViewBlocks-1)] {
		m.add(intakeInput(field, people, intakeValue(in, field.Name)))
	}
	return m.ModalViewRequest
}

// intakeInput is a field of the form; nil: nobody could fill it.
func intakeInput(f playbook.IntakeField, people []playbook.Person, typed []string) slack.Block {
	var options []*slack.OptionBlockObject
	for _, o := range f.Options[:min(len(f.Options), mostPeople)] {
		if n := len([]rune(o)); !blank(o) && n <= mostOptionValue {
			options = append(options, choice(o, human(o), ""))
		}
	}
	first := ""
	if len(typed) > 0 {
		first = typed[0]
	}
	var e slack.BlockElement
	left := 0
	switch {
	case f.Kind == playbook.PersonField:
		e, left = someone(byName(people, func(playbook.Person) bool { return true }), first)
		if e == nil {
			return nil
		}
	case f.Kind == playbook.ChoiceField && len(options) > 0:
		e = oneOf(options, first)
	case f.Kind == playbook.ManyField && len(options) > 0:
		e = anyOf(options, typed)
	case f.Kind == playbook.TextField:
		e = lines(strings.Join(typed, "\n"), f.Most)
	default:
		e = line(strings.Join(typed, ", "), f.Most)
	}
	hint := strings.TrimSpace(f.Hint + " " + f.Needed)
	if hint == "" && f.Kind == playbook.ManyField && len(options) == 0 {
		hint = "Several are separated by commas."
	}
	hint = crowded(left, "gangway onboard, on the command line, takes anybody.", hint)
	words := label(f.Label, mostLabel)
	if blank(words) {
		words = human(f.Name)
	}
	return input(blockField+f.Name, words, labelOr(hint), !f.Required, e)
}

// labelOr is a hint, or none where nothing of it would be seen.
func labelOr(hint string) string {
	if blank(hint) {
		return ""
	}
	return label(hint, mostLabel)
}

// intakeValue is what stands in a field of an intake.
func intakeValue(in playbook.Intake, name string) []string {
	one := func(s string) []string {
		if s == "" {
			return nil
		}
		return []string{s}
	}
	if name == "yearlyCost" && in.YearlyCost != 0 {
		return one(strconv.Itoa(in.YearlyCost))
	}
	if name == "baselineCost" && in.BaselineCost != nil {
		return one(strconv.Itoa(*in.BaselineCost))
	}
	if name == "vendor.contacts" {
		var lines []string
		for _, c := range in.Vendor.Contacts {
			lines = append(lines, strings.TrimSpace(c.Name+", "+c.Mail+" "+c.Phone))
		}
		return lines
	}
	if many := intakeMany(&in, name); many != nil {
		return *many
	}
	if text := intakeText(&in, name); text != nil {
		return one(*text)
	}
	return nil
}

// intakeText is the field of an intake that has one text.
func intakeText(in *playbook.Intake, name string) *string {
	switch name {
	case "vendor.name":
		return &in.Vendor.Name
	case "vendor.service":
		return &in.Vendor.Service
	case "vendor.country":
		return &in.Vendor.Country
	case "vendor.website":
		return &in.Vendor.Website
	case "playbook":
		return &in.Playbook
	case "reason":
		return &in.Reason
	case "alternative":
		return &in.Alternative
	case "summary":
		return &in.Summary
	case "currency":
		return &in.Currency
	case "interest":
		return &in.Interest
	case "whichInterest":
		return &in.WhichInterest
	case "owner":
		return &in.Owner
	case "deputy":
		return &in.Deputy
	case "sponsor":
		return &in.Sponsor
	}
	return nil
}

// intakeMany is the field of an intake that has several.
func intakeMany(in *playbook.Intake, name string) *[]string {
	switch name {
	case "success":
		return &in.Success
	case "data":
		return &in.Data
	case "systems":
		return &in.Systems
	}
	return nil
}

// readOnboard reads an intake; its id and address are the caller's to set.
func readOnboard(f playbook.IntakeForm, st *slack.ViewState) (playbook.Intake, map[string]string) {
	a := answers{st: st}
	in := playbook.Intake{Playbook: f.Playbook}
	for _, field := range f.Fields {
		block := blockField + field.Name
		text, chosen, many := a.text(block), a.one(block), a.many(block)
		if chosen != "" {
			text = chosen
		}
		if field.Required && text == "" && len(many) == 0 {
			a.fault(block, "This is needed.")
			continue
		}
		switch {
		case field.Name == "yearlyCost":
			in.YearlyCost = a.number(block, text)
		case field.Name == "baselineCost":
			if text != "" { // nothing written is no cost of 0
				cost := a.number(block, text)
				in.BaselineCost = &cost
			}
		case field.Name == "vendor.contacts":
			list, bad := playbook.ReadContacts(text)
			if bad != "" {
				a.fault(block, "Write one a line: name, mail address.")
			}
			in.Vendor.Contacts = list
		case intakeMany(&in, field.Name) != nil:
			if many == nil {
				many = parts(text, field.Kind)
			}
			*intakeMany(&in, field.Name) = many
		case intakeText(&in, field.Name) != nil:
			*intakeText(&in, field.Name) = text
		}
	}
	return in, a.faults
}

// parts are the values in a text: its lines, else what commas separate.
func parts(text string, kind playbook.FieldKind) []string {
	var list []string
	split := func(r rune) bool { return r == '\n' || r == ',' && kind != playbook.TextField }
	for part := range strings.FieldsFuncSeq(text, split) {
		if part = strings.TrimSpace(part); part != "" {
			list = append(list, part)
		}
	}
	return list
}

// number reads an amount as people write it: 12,000 or 12 000.
func (a *answers) number(block, text string) int {
	if text == "" {
		return 0
	}
	n, err := strconv.Atoi(strings.NewReplacer(",", "", " ", "", "'", "", "_", "", "\u00a0", "", "\u202f", "").Replace(text))
	if err != nil || n < 0 {
		a.fault(block, "Write a whole number, such as 12000.")
		return 0
	}
	return n
}

// onboardFaults puts the faults of an intake ("$.vendor.name", "$.data[1]") at
// its fields; those of no field at the first, which the form always has.
func onboardFaults(f playbook.IntakeForm, list []playbook.Fault) map[string]string {
	a := answers{}
	for _, x := range list {
		name, _, _ := strings.Cut(strings.TrimPrefix(x.Place, "$."), "[")
		known := slices.ContainsFunc(f.Fields, func(field playbook.IntakeField) bool { return field.Name == name })
		words := capitalised(x.Message) + "."
		if x.Hint != "" {
			words += " " + capitalised(x.Hint) + "."
		}
		if !known {
			words = fmt.Sprintf("%s: %s", name, words)
			name = firstField
		}
		a.fault(blockField+name, label(words, faultMost))
	}
	return a.faults
}

// capitalised begins a sentence.
func capitalised(words string) string {
	if blank(words) {
		return ""
	}
	return strings.ToUpper(words[:1]) + words[1:]
}
