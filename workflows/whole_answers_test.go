package workflows

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"gangway/internal/engagement"
	"gangway/internal/entitlement"
	"gangway/internal/exit"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// expectation is what a story expects of one person at one step, instead of the sound
// answer that everybody gives by themselves.
type expectation struct {
	step, person string
	verdict      review.Verdict
	more         []func(*review.Answer)
	takes        time.Duration
	silent       bool
	does         func(review.Request)
	met          bool
}

// expect begins a sentence: w.expect("review").by("legal-lee").rejects().
func (w *whole) expect(step string) *expectation {
	e := &expectation{step: step}
	w.expected = append(w.expected, e)
	return e
}

// by names who answers so; else whoever holds a seat.
func (e *expectation) by(person string) *expectation { e.person = person; return e }

// after says how long they take, in days of 24 hours.
func (e *expectation) after(days int) *expectation { e.takes = time.Duration(days) * day; return e }

func (e *expectation) says(v review.Verdict, more ...func(*review.Answer)) *expectation {
	e.verdict, e.more = v, append(e.more, more...)
	return e
}

func (e *expectation) approves() *expectation     { return e.says(review.Approve) }
func (e *expectation) rejects() *expectation      { return e.says(review.Reject) }
func (e *expectation) wantsChanges() *expectation { return e.says(review.Changes) }

// with changes the sound answer.
func (e *expectation) with(more ...func(*review.Answer)) *expectation { return e.says("", more...) }

// says nothing, for ever.
func (e *expectation) isSilent() *expectation { e.silent = true; return e }

// acts does something instead of answering.
func (e *expectation) acts(do func(review.Request)) *expectation { e.does = do; return e }

// expects is the first expectation that somebody's answer to a step has yet to meet.
func (w *whole) expects(step, person string) *expectation {
	for _, e := range w.expected {
		if e.step == step && (e.person == "" || e.person == person) && (!e.met || e.silent) {
			return e
		}
	}
	return nil
}

// sound is the answer that brings a request on: the first of its choices, everything
// attested, read, scored, found and filled in.
func (w *whole) sound(r review.Request, seat review.Seat, person string) review.Answer {
	w.ids++
	a := review.Answer{ID: fmt.Sprintf("w%d", w.ids),
		Request: r.ID, Seat: seat.ID, Version: r.Current(), Verdict: r.Verdicts()[0], Person: w.person(person), Channel: "web", At: w.env.Now(),
		Attest: slices.Clone(seat.Attest)}
	if r.Declaration != "" && !slices.Contains(r.Declared, person) {
		a.Attest = append(a.Attest, r.Declaration)
	}
	if slices.Contains(r.Reasoned, a.Verdict) || r.Kind == review.Task {
		a.Written.Inside = "digest"
	}
	if slices.Contains(r.ToVendor, a.Verdict) {
		a.Written.Vendor = "digest"
	}
	if r.ReadAll {
		a.Read = []string{engagement.AllSections}
	}
	for _, c := range r.Criteria {
		a.Scores = append(a.Scores, review.Score{Criterion: c.ID, Points: c.Most - 1})
	}
	switch {
	case r.Sheet:
		w.fillsIn(r, &a)
	case r.Kind == review.Checklist:
		w.finds(r, &a)
	case r.Kind == review.Delivery:
		a.Documents = []string{w.brings(r)}
	}
	return a
}

// brings is a document for a delivery that is no form.
func (w *whole) brings(r review.Request) string {
	switch {
	case r.Step == playbook.ChoreText, r.Step == playbook.ChoreNext:
		w.files++
		w.agreed = w.paper(exampleText(w.t, "contract.md") + fmt.Sprintf("\n## 16. Number\n\nThis is text number %d.\n", w.files))
		return w.agreed
	case w.partOf(r.Step) == playbook.DPA:
		digest := w.paper(exampleText(w.t, "dpa.md"))
		w.rec.mu.Lock()
		defer w.rec.mu.Unlock()
		w.rec.readings[digest] = engagement.Reading{Document: digest, Media: "text/markdown", Size: 7, Kind: engagement.KindDPA}
		return digest
	}
	return w.fresh(r.Step)
}

func (w *whole) partOf(step string) playbook.Process {
	for _, s := range w.book.Steps {
		if s.ID == step {
			return s.Process
		}
	}
	return ""
}

// finds answers a checklist: everything is there.
func (w *whole) finds(r review.Request, a *review.Answer) {
	for _, p := range r.Points {
		f := engagement.Finding{Point: p.ID, Places: []string{"1"}}
		switch {
		case p.Dated:
			f = engagement.Finding{Point: p.ID, On: w.ends(r)}
		case len(p.Proposed) > 0:
			f.Places = p.Proposed[:1]
		}
		a.Findings = append(a.Findings, f)
	}
}

// ends is the date that a form or a checklist gives.
func (w *whole) ends(r review.Request) time.Time {
	if on, ok := w.until[r.Step]; ok {
		return on
	}
	now := w.now()
	return time.Date(now.Year(), now.Month()+18, now.Day(), 0, 0, 0, 0, time.UTC)
}

// fillsIn answers every point of a form by its kind, and files the sheet as the last of
// the documents. Rows that need not be filled in are left out.
func (w *whole) fillsIn(r review.Request, a *review.Answer) {
	words := map[string]string{}
	for _, p := range r.Points {
		if p.Optional && !w.fillsOptional(r, p) {
			continue
		}
		f := engagement.Finding{Point: p.ID}
		switch p.Kind {
		case engagement.PointYesNo:
			f.Choices = []string{engagement.Yes}
		case engagement.PointChoice, engagement.PointMany:
			f.Choices = p.Options[:1]
		case engagement.PointDate:
			f.On = w.ends(r)
			if !p.Expires {
				now := w.now()
				f.On = time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, time.UTC)
			}
		case engagement.PointNumber, engagement.PointAmount:
			n := int64(12)
			f.Number = &n
		case engagement.PointPerson:
			f.Choices = []string{cmp.Or(w.named[p.ID], "service-sol")}
		case engagement.PointFile:
			f.Document = w.fresh(p.ID)
			if w.does(r.Step) == playbook.DoesExecuted { // both signed what was approved
				f.Document = w.paper(w.textOf(w.agreed) + "\n")
			}
			a.Documents = append(a.Documents, f.Document)
		default:
			words[p.ID], f.Said = "acme-people", true
		}
		a.Findings = append(a.Findings, f)
	}
	sheet, err := engagement.FillSheet(r.Title, r.Points, a.Findings, words)
	if err == nil {
		var text []byte
		text, err = sheet.Encode()
		a.Documents = append(a.Documents, w.paper(string(text)))
	}
	if err != nil {
		w.t.Errorf("filling in %s: %v", r.ID, err)
	}
}

// fillsOptional: everything about the signed copy is said, and of an access its team,
// since it needs a team or a repository.
func (w *whole) fillsOptional(r review.Request, p engagement.Point) bool {
	if w.named[p.ID] != "" {
		return true
	}
	if does := w.does(r.Step); does == exit.DoesRoster && p.ID == "account-1-login" || does == exit.DoesReturned && p.Kind == engagement.PointFile {
		return true // one account is theirs, and what comes back is there
	}
	row, team := strings.CutSuffix(p.ID, "-"+entitlement.GrantTeam)
	return w.does(r.Step) == playbook.DoesExecuted || team && slices.ContainsFunc(r.Points, func(q engagement.Point) bool {
		return q.ID == row+"-"+entitlement.GrantLogin && !q.Optional
	})
}

func (w *whole) textOf(digest string) string {
	w.rec.mu.Lock()
	defer w.rec.mu.Unlock()
	return w.rec.papers[digest]
}

func (w *whole) does(step string) playbook.Purpose {
	for _, s := range w.book.Steps {
		if s.ID == step {
			return s.Does
		}
	}
	return ""
}
