package web

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"gangway/internal/access"
	"gangway/internal/dossier"
	"gangway/internal/exit"
	"gangway/internal/playbook"
)

// exitForm is what somebody wants a vendor left with, as it came in.
type exitForm struct {
	Nonce string
	Order dossier.ExitOrder
	// Shown stands for the order of which a preview was on the page.
	Shown string
}

// exitPage is the form by which a vendor is left. What that comes to is shown first; only
// then is there a button that does it.
type exitPage struct {
	exitForm
	Vendor, Name, Path string
	Lines              []intakeLine // what is left, how and when
	Last               []intakeLine // why, and the typed name
	Preview            *exitView
	Wrong, Moved       string
	Faulty             *faultyList
}

// exitView is a preview in words.
type exitView struct {
	Case  string // where it leads
	Says  []dossier.ExitLine
	Steps []exitStepView
}

type exitStepView struct{ Part, Title, Whom string }

// showLeaving puts on the page of a case that its vendor was left since, or where somebody
// may leave them, if they work by this case now.
func (s *server) showLeaving(ctx context.Context, page *casePage, me visitor, c *dossier.CaseView) error {
	l, can := s.desk.(Leaver)
	oversees := strings.HasPrefix(c.ID, string(playbook.Oversight)+"/") && c.State == dossier.Running
	live := strings.HasPrefix(c.ID, string(playbook.Onboarding)+"/") && c.State == dossier.Live
	if !can || !oversees && !live {
		return nil
	}
	if live {
		by, left, err := l.LeftBy(ctx, me.address(), c.ID)
		if err != nil {
			return fmt.Errorf("asking whether the vendor was left: %w", err)
		}
		if left {
			page.Left = &leftView{Link: caseLink(by), Case: by}
			return nil
		}
	}
	if access.May(me.Person, access.OpenCase, nil) && access.May(me.Person, access.Leave, c) {
		page.Leave = exitPath(c.Vendor)
	}
	return nil
}

// leftView is by which exit a vendor was left; without one it is not for everybody to see.
type leftView struct{ Link, Case string }

func exitPath(vendor string) string { return "/vendors/" + url.PathEscape(vendor) + "/exit" }

// showExit shows the form, or that a case was opened by it.
func (s *server) showExit(w http.ResponseWriter, r *http.Request, me visitor) error {
	if _, can := s.desk.(Leaver); !can {
		return missing("page")
	}
	o := dossier.ExitOrder{Vendor: r.PathValue("vendor"), Mode: exit.ModePlanned}
	return s.renderExit(w, r, me, http.StatusOK, exitPage{exitForm: exitForm{Nonce: newNonce(), Order: o}}, nil)
}

// parseExit reads the form. Its error means that no page of ours made it.
func parseExit(vendor string, v url.Values) (exitForm, error) {
	text := func(name string) string { return tidy(v.Get(inIntake + name)) }
	f := exitForm{Nonce: v.Get("nonce"), Shown: v.Get("shown"), Order: dossier.ExitOrder{ID: v.Get("nonce"), Vendor: vendor, Mode: exit.Mode(text("mode")), Rehearses: exit.Mode(text("rehearses")),
		WithPeople: text("people") != "", After: exit.After(text("after")), Successor: text("successor"), Trigger: exit.Trigger(text("trigger")), By: text("by"),
		Reason: text("reason"), Confirm: text("confirm")}}
	if !isNonce(f.Nonce) {
		return f, badForm("the form has lost its number")
	}
	o := f.Order
	if !isPlain(vendor) || !isPlain(string(o.Mode)+string(o.Rehearses)+string(o.After)+string(o.Trigger)+o.By) {
		return f, badForm("the form holds characters that none of ours has")
	}
	return f, nil
}

// sum stands for what a preview is about: whoever changes any of it has not seen what it
// comes to.
func (f exitForm) sum() string {
	o := f.Order
	people := ""
	if o.WithPeople {
		people = "people"
	}
	return url.Values{"of": {string(o.Mode), string(o.Rehearses), people, string(o.After), o.Successor, string(o.Trigger), o.By}}.Encode()
}

// takeExit shows what leaving a vendor comes to, and does it once that was seen and the
// vendor's name typed.
func (s *server) takeExit(w http.ResponseWriter, r *http.Request, me visitor) error {
	l, can := s.desk.(Leaver)
	if !can {
		return missing("page")
	}
	f, err := parseExit(r.PathValue("vendor"), r.PostForm)
	if err != nil {
		return err
	}
	page := exitPage{exitForm: f}
	if f.Order.Mode != exit.ModeDrill { // what only a drill has is not looked at
		f.Order.Rehearses, f.Order.WithPeople = "", false
	}
	if f.Order.After != exit.AfterReplaced {
		f.Order.Successor = ""
	}
	leaves := r.PostForm.Get("do") == "leave"
	if leaves && f.Shown != f.sum() {
		page.Moved = "You changed something since this was shown. Nothing was done: look at what it comes to now."
		leaves = false
	}
	if utf8.RuneCountInString(f.Order.Reason) > maxReason {
		return s.renderExit(w, r, me, http.StatusUnprocessableEntity, page, map[string]string{"reason": "This is longer than 20,000 characters. Shorten it, or file it as a document of the case."})
	}
	var opened string
	if leaves {
		opened, err = l.OpenExit(r.Context(), me.address(), f.Order)
	}
	if err == nil && leaves {
		http.Redirect(w, r, s.begunLink(r.Context(), me, opened), http.StatusSeeOther)
		return nil
	}
	wrongs := map[string]string{}
	status := http.StatusOK
	if err != nil {
		told := s.report(r, err)
		if told.Status == http.StatusForbidden {
			return err
		}
		status, page.Nonce = told.Status, told.number(f.Nonce)
		page.Wrong = takeExitFaults(wrongs, told)
	}
	seen, err := l.PreviewExit(r.Context(), me.address(), f.Order)
	switch {
	case err == nil:
		who, err := s.namesFor(r.Context(), me)
		if err != nil {
			return err
		}
		page.Preview, page.Shown, page.Name = who.exit(seen), f.sum(), seen.Name
	case status == http.StatusOK:
		told := s.report(r, err)
		if told.Status == http.StatusForbidden {
			return err
		}
		status, page.Wrong = told.Status, takeExitFaults(wrongs, told)
	}
	return s.renderExit(w, r, me, status, page, wrongs)
}

// takeExitFaults puts what the desk said at the fields that it is about: each of its lines
// begins with one. What is about none of them is returned.
func takeExitFaults(wrongs map[string]string, told fault) string {
	if told.Status != http.StatusUnprocessableEntity {
		return sentence(told)
	}
	whole := ""
	for line := range strings.Lines(told.What) {
		name, words, placed := strings.Cut(strings.TrimSpace(line), ": ")
		name = strings.ToLower(name) // a sentence begins with a capital
		switch {
		case placed && slices.Contains([]string{"mode", "rehearses", "after", "successor", "trigger", "by", "reason", "confirm"}, name):
			wrongs[name] = closed(words)
		case placed && (name == "vendor" || name == "playbook"):
			whole = advised(words, told.Hint)
		case line != "":
			whole = advised(strings.TrimSpace(line), told.Hint)
		}
	}
	return whole
}

// exit puts a preview into words.
func (n names) exit(p dossier.ExitPreview) *exitView {
	v := &exitView{Case: caseLink(p.Case), Says: p.Lines()}
	for _, step := range p.Steps {
		whom := make([]string, 0, len(step.People))
		for _, id := range step.People {
			whom = append(whom, n.of(id))
		}
		if len(whom) == 0 {
			whom = append(whom, "nobody yet")
		}
		v.Steps = append(v.Steps, exitStepView{Part: human(step.Process), Title: cut(step.Title), Whom: strings.Join(whom, ", ")})
	}
	return v
}

// renderExit shows the form with what was typed and what is wrong with it.
func (s *server) renderExit(w http.ResponseWriter, r *http.Request, me visitor, status int, page exitPage, wrongs map[string]string) error {
	page.Vendor = page.Order.Vendor
	page.Path = exitPath(page.Vendor)
	if page.Name == "" { // whoever may not see the vendor's case learns no name here
		page.Name = page.Vendor
	}
	title := "Leave " + flat(page.Name)
	page.Lines, page.Last = page.fields(wrongs)
	if len(wrongs) > 0 {
		page.Wrong = strings.TrimSpace(page.Wrong + " " + count(len(wrongs), "thing") + " to be put right. What you wrote is kept, and nobody was told.")
		page.Faulty = &faultyList{}
		for _, line := range append(slices.Clone(page.Lines), page.Last...) {
			if line.Wrong != "" {
				page.Faulty.add(faulty{"#" + line.ID, line.Label, line.Wrong})
			}
		}
	}
	s.show(w, r, &me, status, "exit", title, page)
	return nil
}

// fields are the form's, in the order in which people decide them.
func (p exitPage) fields(wrongs map[string]string) (first, last []intakeLine) {
	o := p.Order
	people := ""
	if o.WithPeople {
		people = "people"
	}
	field := func(name, label, hint string, kind playbook.FieldKind, options []string, required bool, typed string) intakeLine {
		f := playbook.IntakeField{Name: name, Label: label, Hint: hint, Kind: kind, Options: options, Required: required}
		return intakeLineOf(f, []string{typed}, wrongs[name], nil)
	}
	modes := spelled(exit.Modes())
	first = []intakeLine{
		field("mode", "How", "Stressed: they fail or answer no more. For cause: access is cut the same day. A drill changes nothing real.", playbook.ChoiceField, modes, true, string(o.Mode)),
		field("rehearses", "What a drill plays", "For a drill alone.", playbook.ChoiceField, modes[:len(modes)-1], false, string(o.Rehearses)),
		field("people", "With people", "For a drill alone: real people do real tasks of an hour. Else it is on paper.", playbook.ManyField, []string{"people"}, false, people),
		field("after", "Who does the work afterwards", "", playbook.ChoiceField, spelled([]exit.After{exit.AfterReplaced, exit.AfterInHouse, exit.AfterEnds, exit.AfterUndecided}), true, string(o.After)),
		field("successor", "The vendor who takes over", "Where one does: the name or short name.", playbook.LineField, nil, false, o.Successor),
		field("by", "The last day on which they may still be there", "As 2026-12-31.", playbook.LineField, nil, true, o.By),
		field("trigger", "Why, in one word", "It is counted. Without one it is what the rest suggests.", playbook.ChoiceField, spelled(exit.Triggers()), false, string(o.Trigger)),
	}
	last = []intakeLine{field("reason", "Why, in your words", "For your own people. It is in the record.", playbook.TextField, nil, true, o.Reason)}
	if p.Preview != nil {
		last = append(last, field("confirm", "Type the vendor’s name", flat(p.Name)+", letter by letter.", playbook.LineField, nil, true, o.Confirm))
	}
	return first, last
}

func spelled[T ~string](all []T) []string {
	list := make([]string, len(all))
	for i, w := range all {
		list[i] = string(w)
	}
	return list
}
