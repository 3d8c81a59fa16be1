package web

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"gangway/internal/playbook"
)

// fewChoices is how many choices stand on the page; more are a list to pick from.
const fewChoices = 6

// intakePage is the form by which somebody asks for a vendor.
type intakePage struct {
	intakeForm
	Title, Lead string
	Lines       []intakeLine
	Others      []choice // playbooks whose form can be shown instead
	Parts       []choice // what can be opened alone
	Takes       bool     // a contract can come with it
	WrongPaper  string
	Lost        []string // what was typed that this playbook does not ask
	Wrong       string
	Faulty      *faultyList
}

// intakeLine is one field.
type intakeLine struct {
	Name, ID, Label, Hint string
	Kind                  playbook.FieldKind
	Required, Listed      bool
	Most                  int
	Text                  string
	Picks                 []choice
	Wrong                 string
}

// renderIntake shows the form with what was typed and what is wrong with it.
func (s *server) renderIntake(w http.ResponseWriter, r *http.Request, me visitor, status int, form playbook.IntakeForm, in intakeForm, wrongs intakeWrongs) error {
	who, err := s.namesFor(r.Context(), me)
	if err != nil {
		return err
	}
	in.Playbook = form.Playbook
	title, lead := partWords(in.Part)
	page := intakePage{intakeForm: in, Title: title, Lead: lead, Takes: in.takesContract(), WrongPaper: wrongs.at[atContract], Wrong: wrongs.whole, Lost: in.lost(form)}
	for _, f := range form.Fields {
		page.Lines = append(page.Lines, intakeLineOf(f, in.Values[f.Name], wrongs.at[f.Name], who.colleagues()))
	}
	for _, name := range form.Others {
		page.Others = append(page.Others, choice{ID: name, Label: flat(name)})
	}
	for _, part := range s.intakeParts() {
		if part != in.Part {
			words, _ := partWords(part)
			page.Parts = append(page.Parts, choice{ID: intakePath + "?" + url.Values{"playbook": {form.Playbook}, "part": {string(part)}}.Encode(), Label: words})
		}
	}
	if len(wrongs.at) > 0 {
		page.Wrong = count(len(wrongs.at), "thing") + " to be put right. What you wrote is kept, and no case was opened."
		page.Faulty = page.faulty()
	}
	s.show(w, r, &me, status, "intake", title, page)
	return nil
}

// faulty lists what is wrong in the order in which the fields stand.
func (p *intakePage) faulty() *faultyList {
	l := &faultyList{}
	for _, line := range p.Lines {
		if line.Wrong != "" {
			l.add(faulty{"#" + line.ID, line.Label, line.Wrong})
		}
	}
	if p.WrongPaper != "" {
		l.add(faulty{"#in-contract", "The contract", p.WrongPaper})
	}
	return l
}

// partWords are what a part is called when it is asked for, and what comes of it.
func partWords(part playbook.Process) (title, lead string) {
	const alone = " What a tier needs for a whole onboarding may stay empty here."
	switch part {
	case playbook.Diligence:
		return "Ask for a due diligence alone", "The vendor is looked into as the playbook has it, as a case of its own." + alone
	case playbook.Pilot:
		return "Ask for a pilot alone", "The vendor is tried out against criteria that are frozen at the start, as a case of its own." + alone
	case playbook.Contract:
		return "Ask for a contract review alone", "A contract is read and signed off as the playbook has it, as a case of its own." + alone
	case playbook.DPA:
		return "Ask for a data processing agreement alone", "The agreement is asked of the vendor, read and signed off, as a case of its own." + alone
	}
	return "Ask for a vendor", "A case opens once you send this, and people are asked. What you say here is in the record."
}

// intakeLineOf shows a field with what was typed into it.
func intakeLineOf(f playbook.IntakeField, typed []string, wrong string, people []choice) intakeLine {
	l := intakeLine{Name: inIntake + f.Name, ID: "in-" + strings.ReplaceAll(f.Name, ".", "-"), Label: f.Label, Hint: strings.TrimSpace(f.Hint + " " + f.Needed), Kind: f.Kind, Required: f.Required, Most: f.Most, Wrong: wrong}
	if l.Most == 0 || l.Most > maxReason {
		l.Most = maxReason
	}
	options := make([]choice, 0, len(f.Options))
	for _, o := range f.Options {
		options = append(options, choice{ID: o, Label: human(o)})
	}
	switch {
	case f.Kind == playbook.PersonField:
		options, l.Listed = slices.Clone(people), true
	case f.Kind == playbook.ManyField && len(options) == 0:
		l.Kind, l.Text = playbook.LineField, strings.Join(typed, ", ")
	case f.Kind == playbook.ChoiceField:
		l.Listed = len(options) > fewChoices
	case f.Kind != playbook.ManyField:
		l.Text = strings.Join(typed, "\n")
	}
	for i := range options {
		options[i].Checked = slices.Contains(typed, options[i].ID)
	}
	l.Picks = options
	return l
}

// lost is what was typed that the form of another playbook has no place for.
func (in intakeForm) lost(form playbook.IntakeForm) []string {
	var lost []string
	for _, name := range sortedKeys(in.Values) {
		i := slices.IndexFunc(form.Fields, func(f playbook.IntakeField) bool { return f.Name == name })
		for _, text := range in.Values[name] {
			if i < 0 || len(form.Fields[i].Options) > 0 && !slices.Contains(form.Fields[i].Options, text) {
				lost = append(lost, cut(text))
			}
		}
	}
	return lost
}
