package main

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"gangway/internal/dossier"
	"gangway/internal/review"
)

// sent is what was sent, for the words about what became of it.
type sent struct {
	id   string // of the answer or act
	what string // "approve for review", "withdraw"
	of   string // the case
	step string
	undo bool // an answer, which can be taken back
	all  bool // it is about the case, and about none of its requests
}

// outcome prints what became of an answer or an act, says what to do next, and
// gives the exit code.
func (s *session) outcome(raw []byte, out review.Outcome, of sent) error {
	err := s.print(raw, func() {
		if out.Status != review.Refused {
			s.out.line("%s: %s", status(out.Status), describe(out, of))
		}
	})
	if err != nil {
		return err
	}
	switch out.Status {
	case review.Refused:
		return s.refusal(out, of)
	case review.Pending:
		s.tell("it is kept under the id %s and will be delivered; nothing has to be sent again", of.id)
		s.tell("see what became of it with: gangway receipt %s", of.id)
		return silent(exitWaiting)
	}
	if of.of == "" {
		return nil
	}
	if out.State != "" {
		s.tell("%s is now %s", cmp.Or(of.step, "a step of the case"), stateWord(out.State))
	}
	s.tell("look at the case with: gangway show %s", of.of)
	if of.undo && out.Status == review.Counted && !out.State.Decided() {
		s.tell("as long as the request is open it can be taken back: gangway take-back %s %s --reason …", of.of, of.step)
	}
	return nil
}

func status(st review.Status) string {
	switch st {
	case review.Already:
		return "counted before"
	case review.Pending:
		return "received, being delivered"
	}
	return string(st)
}

func describe(out review.Outcome, of sent) string {
	parts := []string{of.what}
	if out.Seat != "" {
		parts = append(parts, "seat "+out.Seat)
	}
	if out.Version > 0 {
		parts = append(parts, fmt.Sprintf("version %d", out.Version))
	}
	return strings.Join(parts, ", ")
}

func stateWord(st review.State) string {
	switch st {
	case review.Wanted:
		return "waiting for changes"
	case review.Denied:
		return "refused"
	case review.Vacant:
		return "without anybody left to ask"
	}
	return string(st)
}

// refusal is the error of something that did not count.
func (s *session) refusal(out review.Outcome, of sent) error {
	if of.all && (out.Refusal == review.Closed || out.Refusal == review.Unknown) {
		return noCase(out.Refusal, of.of)
	}
	p := problem{code: exitRefused, err: fmt.Errorf("%s", plain(out.Refusal.Sentence()))}
	hint := func(format string, args ...any) { p.hints = append(p.hints, fmt.Sprintf(format, args...)) }
	switch out.Refusal {
	case review.NeedsReason:
		hint("say why with --reason TEXT")
	case review.NeedsAttest:
		for _, id := range out.Missing {
			hint("missing: --attest %s", id)
		}
		hint("--attest-all makes every statement that your seat is asked for; each is printed")
	case review.NeedsDocument:
		hint("name the file with --document FILE")
	case review.NeedsBrowser:
		hint("open the request in the browser, or answer on the command line with a token of yours")
	case review.WhichSeat:
		hint("name it with --seat SEAT; `gangway show` lists them")
	case review.Stale, review.NoVersion:
		hint("see the newest version in the browser, or where it stands with: gangway show %s", cmp.Or(of.of, "CASE"))
	case review.UnknownPerson, review.NotActive:
		p.code = exitDenied
	case review.Answered, review.Closed, review.Settled:
		if out.By != "" {
			hint("%s decided %s", out.By, s.when(out.At, s.now()))
		}
	}
	return p
}

// noCase is the refusal of what was meant for a case that is over, or that there is not.
func noCase(why review.Refusal, caseID string) error {
	if why == review.Closed {
		return problem{code: exitRefused, err: errors.New("this case is closed"), hints: []string{"see how it ended with: gangway show " + caseID}}
	}
	return problem{code: exitRefused, err: errors.New("there is no such case"), hints: []string{"list them with: gangway cases"}}
}

// receiptJSON is the server's answer about one answer.
type receiptJSON struct {
	Outcome review.Outcome `json:"outcome"`
	Filed   *dossier.Line  `json:"filed"`
}

// receipt prints what became of an answer, and where it stands in the record.
func (s *session) receipt(args []string) error {
	var r receiptJSON
	raw, err := s.fetchInto(get("/api/receipt", "id", args[0]), &r)
	if err != nil {
		return err
	}
	what := string(r.Outcome.Verdict)
	if what == "" {
		what = args[0]
	}
	of := sent{id: args[0], what: what}
	if r.Filed != nil {
		of.of = r.Filed.Entry.Case
	}
	err = s.outcome(raw, r.Outcome, of)
	switch {
	case s.json:
	case r.Filed != nil:
		s.out.line("filed as line %d of %s", r.Filed.N, r.Filed.Entry.Case)
	case r.Outcome.Status == review.Counted:
		s.out.line("recorded, being filed")
	}
	return err
}

// deliver posts an answer or an act and reads its outcome.
func (s *session) deliver(path string, f review.Form) ([]byte, review.Outcome, error) {
	var out review.Outcome
	w, err := post(path, f)
	if err != nil {
		return nil, out, err
	}
	raw, err := s.fetchInto(w, &out)
	if err == nil && out.Status == "" {
		err = problem{code: exitError, err: errors.New("the server didn't say what became of it"), unsure: true}
	}
	return raw, out, s.repeatable(err, f.ID)
}

// repeatable adds to an error how to send the same thing again, where it is not
// known that nothing happened.
func (s *session) repeatable(err error, id string) error {
	var p problem
	if !errors.As(err, &p) || !p.unsure {
		return err
	}
	p.hints = append(slices.Clone(p.hints), fmt.Sprintf("it may have arrived; sent again with --id %s it can't count twice", id))
	return p
}

// endOfDay is when the day of a date ends in the zone of the person who acts; an
// instant is itself.
func (s *session) endOfDay(text string) (time.Time, error) {
	at, err := readDay(text, time.UTC)
	if err != nil || strings.Contains(text, "T") {
		return at, err
	}
	zone, err := s.zone()
	if err != nil {
		return time.Time{}, err
	}
	return time.Date(at.Year(), at.Month(), at.Day()+1, 0, 0, 0, 0, zone).UTC(), nil
}
