package web

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"gangway/internal/access"
	"gangway/internal/dossier"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// steerView is the forms by which whoever acts as the owner steers a case that
// runs.
type steerView struct {
	Case    string
	Held    bool
	Open    []choice // open requests
	People  []choice // who can be asked something or given a seat
	Roles   []choice
	Fields  []choice // facts of the intake that can be corrected
	Changes bool     // a document is under review
	Nonces  map[string]string
	Act     actForm // as it came in, when it could not be taken
}

// steering are the acts of the case page's forms; a correction has a page of its
// own.
func steering() []review.ActKind {
	return []review.ActKind{review.Extend, review.Hold, review.Resume, review.Ask, review.AddSeat, review.SendChanges}
}

// steer makes the forms; nil for whoever may not act as the owner, and for a case
// that is over.
func (n names) steer(c dossier.CaseView, me visitor, now time.Time) *steerView {
	if c.State != dossier.Running || !access.May(me.Person, access.Steer, &c) {
		return nil
	}
	v := &steerView{Case: c.ID, Held: c.Held != nil, Fields: correctable(), Nonces: map[string]string{}}
	for _, kind := range steering() {
		v.Nonces[string(kind)] = newNonce()
	}
	for i := range c.Requests {
		r := &c.Requests[i]
		if r.Closed != nil {
			continue
		}
		x := choice{ID: r.ID, Label: flat(r.Title)}
		if d := due(r, now); !d.IsZero() {
			x.Note = "due " + d.In(me.zone).Format("2 Jan 2006")
		}
		v.Open = append(v.Open, x)
		v.Changes = v.Changes || r.Document != "" && r.Process != c.ID
	}
	recused := c.Recused()
	for _, p := range n.people {
		if access.MayHoldSeat(p) && !slices.Contains(recused, p.ID) {
			v.People = append(v.People, choice{ID: p.ID, Label: flat(p.Name), Note: human(firstOf(p.Roles))})
		}
		for _, role := range p.Roles {
			if p.Employer == "" && !p.Left && role != playbook.OperatorRole && role != playbook.AuditorRole &&
				!slices.ContainsFunc(v.Roles, func(x choice) bool { return x.ID == role }) {
				v.Roles = append(v.Roles, choice{ID: role, Label: human(role)})
			}
		}
	}
	slices.SortFunc(v.Roles, func(a, b choice) int { return strings.Compare(a.ID, b.ID) })
	return v
}

// steerCase takes an act of steering.
func (s *server) steerCase(w http.ResponseWriter, r *http.Request, me visitor) error {
	f, err := parseAct(r.PostForm, append(steering(), review.Correct)...)
	if err != nil {
		return err
	}
	if f.Case == "" {
		return badForm("the form names no case")
	}
	if f.Process == "" {
		f.Process = f.Case
	}
	if f.Kind == review.Correct {
		return s.correct(w, r, me, f)
	}
	again := func(wrong string, status int) error { return s.renderCase(w, r, me, status, f.Case, f, wrong) }
	wrong, until := f.wrong(), time.Time{}
	if wrong == "" && f.Kind == review.Extend {
		until, err = me.endOfDay(f.Day)
		if err != nil {
			wrong = sentence(fault{What: err.Error()})
		}
	}
	if wrong != "" {
		return again(wrong, http.StatusUnprocessableEntity)
	}
	return s.act(w, r, me, &f, until, again)
}

// wrongSteering says what an act of steering lacks that no channel would send.
func (f actForm) wrongSteering() string {
	switch {
	case f.Kind == review.Extend && (f.Request == "" || f.Day == ""):
		return "Say which step, and until which day."
	case f.Kind == review.Ask && f.To == "":
		return "Say whom you ask."
	case f.Kind == review.Ask && f.Inside == "":
		return "Write what you ask."
	case f.Kind == review.AddSeat && f.Request == "":
		return "Say to which step the seat is added."
	case f.Kind == review.AddSeat && (f.Role == "") == (f.To == ""):
		return "A seat is for a role or for one person: pick one of the two."
	case f.Kind.Steers() && f.Inside == "":
		return review.NeedsReason.Sentence()
	}
	return ""
}

// values splits what was typed for a list: at commas and line ends.
func values(text string) []string {
	var list []string
	for _, word := range strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == '\n' }) {
		if word = strings.TrimSpace(word); word != "" && !slices.Contains(list, word) {
			list = append(list, word)
		}
	}
	return list
}

// corrected reads the value of a correction as its field wants it; ok is false
// where it can't be read.
func (f *actForm) corrected(text string) (ok bool) {
	f.Value = text
	switch f.Field {
	case playbook.FieldData, playbook.FieldSystems:
		f.Values = values(text)
		return len(f.Values) <= maxAttest
	case playbook.FieldCost:
		n, err := strconv.Atoi(strings.Map(thousands, text))
		f.Amount = n
		return err == nil && n >= 0
	}
	return false
}

// thousands drops what people write between the digits of a large number.
func thousands(r rune) rune {
	if strings.ContainsRune(" ,.'’_\u00a0\u202f", r) {
		return -1
	}
	return r
}

// steerPart is one of the forms.
type steerPart struct{ Kind, Case, Nonce, Inside string }

func (v *steerView) part(kind string) steerPart {
	p := steerPart{Kind: kind, Case: v.Case, Nonce: v.Nonces[kind]}
	if string(v.Act.Kind) == kind {
		p.Inside = v.Act.Inside
	}
	return p
}
