package web

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"gangway/internal/playbook"
)

// intakePath is the page on which somebody asks for a vendor.
const intakePath = "/vendors/new"

// inIntake stands before the names of an intake's fields in a form, so that none of
// them is taken for a field of ours.
const inIntake = "in."

// atContract is the field for a first version of the contract, which is none of the
// playbook's own.
const atContract = "contract"

// intakeForm is what somebody asks for a vendor with, as it came in.
type intakeForm struct {
	Nonce, Playbook string
	// Part is the part of an onboarding that is opened alone; empty: all of it.
	Part      playbook.Process
	Values    map[string][]string
	Rehearsal bool
	// Document is the digest of what was uploaded with an earlier try, and File what
	// its file was called.
	Document, File string
}

// parseIntake reads the form. Its error means that no page of ours made it.
func parseIntake(v url.Values) (intakeForm, error) {
	in := intakeForm{Nonce: v.Get("nonce"), Playbook: v.Get("playbook"), Part: playbook.Process(v.Get("part")), Rehearsal: v.Get("rehearsal") != "",
		Document: v.Get("document"), File: fileName(v.Get("name")), Values: map[string][]string{}}
	switch {
	case !isNonce(in.Nonce):
		return in, badForm("the form has lost its number")
	case in.Document != "" && !isDigest(in.Document):
		return in, badForm("the form names no document")
	case !isPlain(in.Playbook):
		return in, badForm("the form holds characters that none of ours has")
	}
	for key, given := range v {
		name, ours := strings.CutPrefix(key, inIntake)
		if !ours || !isPlain(name) {
			continue
		}
		for _, text := range given[:min(len(given), maxAttest)] {
			if text = tidy(text); text != "" {
				in.Values[name] = append(in.Values[name], text)
			}
		}
	}
	return in, nil
}

// showIntake shows the form empty, or that a case was opened by it.
func (s *server) showIntake(w http.ResponseWriter, r *http.Request, me visitor) error {
	if id := r.FormValue("begun"); id != "" && isPlain(id) {
		s.show(w, r, &me, http.StatusOK, "begun", "It has begun", caseLink(id))
		return nil
	}
	in := intakeForm{Nonce: newNonce(), Playbook: r.FormValue("playbook"), Part: playbook.Process(r.FormValue("part")), Rehearsal: s.o.Rehearsal}
	form, err := s.intakeAsked(r.Context(), me, in)
	if err != nil {
		return err
	}
	return s.renderIntake(w, r, me, http.StatusOK, form, in, intakeWrongs{})
}

// intakeAsked is what the playbook asks whoever wants a vendor, or a part of what is
// done with one.
func (s *server) intakeAsked(ctx context.Context, me visitor, in intakeForm) (playbook.IntakeForm, error) {
	if !slices.Contains(s.intakeParts(), in.Part) || !isPlain(in.Playbook) {
		return playbook.IntakeForm{}, missing("page")
	}
	form, err := s.desk.IntakeForm(ctx, me.address(), in.Playbook)
	if err != nil {
		return form, fmt.Errorf("reading what an intake has to say: %w", err)
	}
	if in.Part == "" {
		return form, nil
	}
	fields := slices.Clone(form.Fields)
	if in.Part == playbook.DPA { // whose intake has no more than these
		fields = slices.DeleteFunc(fields, func(f playbook.IntakeField) bool {
			return !strings.HasPrefix(f.Name, "vendor.") && !slices.Contains([]string{"reason", playbook.FieldData, "owner", "deputy", "sponsor"}, f.Name)
		})
	}
	for i := range fields { // what a tier needs is for the whole of an onboarding
		fields[i].Required = slices.Contains([]string{"vendor.name", "vendor.service", "reason", "interest"}, fields[i].Name)
		fields[i].Needed = ""
	}
	form.Fields = fields
	return form, nil
}

// intakeParts are what can be asked for here; the first is a whole onboarding.
func (s *server) intakeParts() []playbook.Process {
	parts := []playbook.Process{""}
	if _, can := s.desk.(PartOpener); can {
		parts = append(parts, playbook.Diligence, playbook.Pilot, playbook.Contract)
	}
	if _, can := s.desk.(Collector); can {
		parts = append(parts, playbook.DPA)
	}
	return parts
}

// takesContract reports whether a first version of the contract may come with it.
func (in intakeForm) takesContract() bool { return in.Part == "" || in.Part == playbook.Contract }

// takeIntake opens the case, or says at the fields what stands against it.
func (s *server) takeIntake(w http.ResponseWriter, r *http.Request, me visitor) error {
	in, err := parseIntake(r.PostForm)
	if err != nil {
		return err
	}
	chosen := in
	if other := r.PostForm.Get("other"); r.PostForm.Get("do") == "playbook" && other != "" {
		chosen.Playbook = other
	}
	form, err := s.intakeAsked(r.Context(), me, chosen)
	if err != nil {
		return err
	}
	wrongs := intakeWrongs{}
	if in.takesContract() {
		digest, err := s.upload(r, me)
		if err != nil {
			wrongs.put(form, atContract, sentence(s.report(r, err)))
		} else if digest != "" {
			chosen.Document, chosen.File = digest, fileName(r.MultipartForm.File["file"][0].Filename)
		}
	}
	if chosen.Playbook != in.Playbook {
		return s.renderIntake(w, r, me, http.StatusOK, form, chosen, wrongs)
	}
	in = chosen
	i, found := form.Intake(in.Values)
	for _, f := range found {
		wrongs.put(form, f.Place, advised(f.Message, f.Hint))
	}
	for name, values := range in.Values {
		if utf8.RuneCountInString(strings.Join(values, "\n")) > maxReason {
			wrongs.put(form, name, "This is longer than 20,000 characters. Shorten it, or file it as a document.")
		}
	}
	if len(wrongs.at) > 0 {
		return s.renderIntake(w, r, me, http.StatusUnprocessableEntity, form, in, wrongs)
	}
	i.ID, i.From, i.Alone, i.Rehearsal, i.Contract = in.Nonce, me.address(), in.Part, in.Rehearsal, in.Document
	id, err := s.open(r.Context(), i)
	if err != nil {
		told := s.report(r, err)
		if told.Status == http.StatusForbidden {
			return err
		}
		wrongs.take(form, told)
		in.Nonce = told.number(in.Nonce)
		return s.renderIntake(w, r, me, told.Status, form, in, wrongs)
	}
	http.Redirect(w, r, s.begunLink(r.Context(), me, id), http.StatusSeeOther)
	return nil
}

// begunLink leads to a case that was opened just now: to its page, or, as long as
// nothing of the case is written yet, to one that says so.
func (s *server) begunLink(ctx context.Context, me visitor, id string) string {
	if _, err := s.desk.Case(ctx, me.address(), id); err != nil {
		return intakePath + "?" + url.Values{"begun": {id}}.Encode()
	}
	return caseLink(id)
}

// open opens what an intake is for: an onboarding, or a part of one.
func (s *server) open(ctx context.Context, i playbook.Intake) (string, error) {
	if i.Alone == playbook.DPA {
		if c, can := s.desk.(Collector); can {
			return c.OpenDPA(ctx, i.Collection())
		}
	}
	if p, can := s.desk.(PartOpener); can && i.Alone != "" {
		return p.OpenPart(ctx, i.Alone, i)
	}
	if i.Alone != "" {
		return "", missing("page")
	}
	return s.desk.Open(ctx, i)
}

// intakeWrongs are what is wrong with an intake, by the names of fields.
type intakeWrongs struct {
	at    map[string]string
	whole string // that is about none of them
}

// put says what is wrong with a field; what the form has no field for stands at the
// first, which every form has.
func (x *intakeWrongs) put(form playbook.IntakeForm, name, words string) {
	known := name == atContract || slices.ContainsFunc(form.Fields, func(f playbook.IntakeField) bool { return f.Name == name })
	if !known && len(form.Fields) > 0 {
		name = form.Fields[0].Name
	}
	if x.at == nil {
		x.at = map[string]string{}
	}
	if x.at[name] == "" {
		x.at[name] = words
	}
}

// take puts what the desk said where it belongs. The desk writes a line for each
// fault, with its place in the intake before it ("$.data[1]: …"); a line without one
// is about the engagement, which the vendor's name stands for.
func (x *intakeWrongs) take(form playbook.IntakeForm, told fault) {
	if told.Status != http.StatusUnprocessableEntity {
		x.whole = sentence(told)
		return
	}
	for line := range strings.Lines(told.What) {
		line = strings.TrimSpace(line)
		place, words, placed := strings.Cut(line, ": ")
		name, inside := strings.CutPrefix(place, "$.")
		name, _, _ = strings.Cut(name, "[")
		switch {
		case placed && inside && (name == "vendor." || name == "vendor.slug"):
			x.put(form, "vendor.name", closed(words))
		case placed && (inside || name == atContract):
			x.put(form, name, closed(words))
		case line != "":
			x.put(form, "vendor.name", advised(line, told.Hint))
		}
	}
}

// advised is a fault and what to do about it, as sentences.
func advised(message, hint string) string {
	return strings.TrimSpace(closed(message) + " " + closed(hint))
}
