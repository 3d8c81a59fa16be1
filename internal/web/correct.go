package web

import (
	"cmp"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"gangway/internal/access"
	"gangway/internal/dossier"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// correctPage shows what correcting a fact of the intake would change, before
// anything does.
type correctPage struct {
	Case, CaseLink, Vendor string
	Rehearsal              bool
	Held                   *heldView
	Field, Value           string // as they are sent
	What, Shown            string // as they are read
	From, To               string
	Added, Dropped, Kept   []string
	Digest, Nonce, Inside  string
	Wrong                  string
	Back                   string
}

// correctable are the fields that can be corrected.
func correctable() []choice {
	return []choice{{ID: playbook.FieldData, Label: "The kinds of data it handles"}, {ID: playbook.FieldSystems, Label: "The systems it connects to"},
		{ID: playbook.FieldCost, Label: "The yearly cost"}}
}

// showCorrection previews a correction. It changes nothing.
func (s *server) showCorrection(w http.ResponseWriter, r *http.Request, me visitor) error {
	f := actForm{Case: r.FormValue("case"), Process: r.FormValue("case"), Kind: review.Correct, Nonce: newNonce(), Field: r.FormValue("field"), Value: tidy(r.FormValue("value"))}
	return s.renderCorrection(w, r, me, http.StatusOK, f, "")
}

// renderCorrection shows what the correction would change now. Where that can't be
// said, the case page says why, with what was typed.
func (s *server) renderCorrection(w http.ResponseWriter, r *http.Request, me visitor, status int, f actForm, wrong string) error {
	if f.Case == "" || !isPlain(f.Case) || !isPlain(f.Field) {
		return missing("case")
	}
	ctx := r.Context()
	c, err := s.desk.Case(ctx, me.address(), f.Case)
	if err != nil {
		return fmt.Errorf("opening the case to correct: %w", err)
	}
	if !access.May(me.Person, access.Steer, &c) {
		return plainFault{http.StatusForbidden, "only the case owner corrects what the intake says", "ask " + flat(c.Owner) + " to"}
	}
	if !f.corrected(f.Value) {
		if wrong == "" {
			wrong = "Write the cost as a whole number, and lists with commas between their words."
		}
		return s.renderCase(w, r, me, http.StatusUnprocessableEntity, f.Case, f, wrong)
	}
	x, err := s.desk.Preview(ctx, me.address(), f.form(time.Time{}).ActFrom(me.address(), s.o.Now()))
	if err != nil {
		told := s.report(r, err)
		return s.renderCase(w, r, me, told.Status, f.Case, f, sentence(told))
	}
	who, err := s.namesFor(ctx, me)
	if err != nil {
		return err
	}
	page := correctPage{Case: c.ID, CaseLink: caseLink(c.ID), Vendor: cut(s.desk.VendorName(ctx, c.Vendor)), Rehearsal: c.Rehearsal, Held: who.held(&c, me, s.nowIn(&c)),
		Field: f.Field, Value: f.Value, What: fieldWords(f.Field), Shown: valueWords(f.Field, f.Values, f.Amount), From: upper(x.From.String()), To: upper(x.To.String()),
		Added: stepWords(x.Added), Dropped: stepWords(x.Dropped), Kept: stepWords(x.Kept), Digest: x.Digest, Nonce: f.Nonce, Inside: f.Inside, Wrong: wrong}
	s.show(w, r, &me, status, "correct", "Correct the intake", page)
	return nil
}

// correct takes a correction that was previewed. When the case has moved since,
// the new preview is shown, with the reason that was typed.
func (s *server) correct(w http.ResponseWriter, r *http.Request, me visitor, f actForm) error {
	again := func(wrong string, status int) error { return s.renderCorrection(w, r, me, status, f, wrong) }
	if !f.corrected(f.Value) || f.Digest == "" {
		return badForm("the form holds no correction that was shown")
	}
	if wrong := f.wrong(); wrong != "" {
		return again(wrong, http.StatusUnprocessableEntity)
	}
	return s.act(w, r, me, &f, time.Time{}, again)
}

func fieldWords(field string) string {
	switch field {
	case playbook.FieldData:
		return "kinds of data"
	case playbook.FieldSystems:
		return "systems"
	case playbook.FieldCost:
		return "yearly cost"
	}
	return human(field)
}

func valueWords(field string, list []string, amount int) string {
	switch {
	case field == playbook.FieldCost:
		return strconv.Itoa(amount)
	case len(list) == 0:
		return "none"
	}
	words := make([]string, len(list))
	for i, v := range list {
		words[i] = cut(v)
	}
	return strings.Join(words, ", ")
}

func stepWords(steps []playbook.Step) []string {
	var words []string
	for _, s := range steps {
		words = append(words, cut(cmp.Or(s.Title, s.ID)))
	}
	return words
}

// heldView says that a case is on hold.
type heldView struct {
	By    string
	Since *instant
}

// held is what every page of a case on hold says; nil: it is not.
func (n names) held(c *dossier.CaseView, me visitor, now time.Time) *heldView {
	if c.Held == nil {
		return nil
	}
	return &heldView{By: n.of(c.Held.By), Since: me.at(c.Held.Since, now)}
}
