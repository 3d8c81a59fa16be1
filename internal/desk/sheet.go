package desk

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"gangway/internal/engagement"
	"gangway/internal/exit"
	"gangway/internal/inventory"
	"gangway/internal/review"
)

// sheetOf is put behind an answer's id where the digest of its sheet is kept, so that
// other words under the same id are known for what they are.
const sheetOf = "#sheet"

// maxChoices bounds the options that one finding chooses.
const maxChoices = 100

// asked is the request that is answered, as the record has it; nil where the record
// has none. The files that findings name come with the answer's documents.
func (d *Desk) asked(ctx context.Context, a *review.Answer) (*review.Request, error) {
	q, err := d.store.Request(ctx, a.Request)
	if isNotFound(err) {
		return nil, nil //nolint:nilnil // that there is none is no fault: the process judges what the record hasn't yet
	}
	if err != nil {
		return nil, BusyError{fmt.Errorf("looking up what is answered: %w", err)}
	}
	a.Documents = slices.Clone(a.Documents)
	for _, f := range a.Findings {
		if f.Document != "" && !slices.Contains(a.Documents, f.Document) {
			a.Documents = append(a.Documents, f.Document)
		}
	}
	return &q, nil
}

// fits refuses what an answer says about points that aren't the request's, or chooses
// what they don't offer, before anything of it is kept or sent: it must not reach a
// payload.
func (d *Desk) fits(ctx context.Context, q *review.Request, a review.Answer) (review.Outcome, error) {
	out := review.Outcome{Status: review.Refused, Request: a.Request}
	switch {
	case len(a.Words)+len(a.Findings) == 0:
		return review.Outcome{}, nil
	case q == nil:
		out.Refusal = review.Unknown
		return out, nil
	case !q.Sheet && len(a.Words) > 0:
		return out, invalid("write it as the reason", "nothing has to be filled in for this request")
	}
	if err := listed(q, a); err != nil {
		return out, err
	}
	for _, f := range a.Findings {
		strange, err := d.strange(ctx, q, f, outside(a.From, a.Person))
		if err != nil {
			return out, err
		}
		if strange && !slices.Contains(out.Missing, f.Point) {
			out.Missing = append(out.Missing, f.Point)
		}
	}
	if len(out.Missing) == 0 {
		return review.Outcome{}, nil
	}
	out.Refusal = review.NeedsFindings
	return out, nil
}

// listed holds a list of accounts to what can be read of it: else nobody would hear of a
// slip before the work that needs the list.
func listed(q *review.Request, a review.Answer) error {
	text := a.Words[exit.PointAccounts]
	asked := slices.ContainsFunc(q.Points, func(p engagement.Point) bool { return p.ID == exit.PointAccounts })
	if _, faults := inventory.ReadList(text); asked && len(faults) > 0 {
		return invalid("mend those lines and send it again; nothing of it was taken", "the list of accounts: %w", errors.Join(faults...))
	}
	return nil
}

// strange reports whether a finding chooses what its point doesn't offer: an option of
// nobody's, or a person who is none of the client's own and receives nothing. Whoever
// speaks from outside names none of them: who there is is not for them.
func (d *Desk) strange(ctx context.Context, q *review.Request, f engagement.Finding, outside bool) (bool, error) {
	i := slices.IndexFunc(q.Points, func(p engagement.Point) bool { return p.ID == f.Point })
	switch {
	case len(f.Choices) == 0:
		return false, nil
	case i < 0:
		return true, nil
	}
	offered := q.Points[i].Options
	switch q.Points[i].Kind {
	case engagement.PointYesNo:
		offered = []string{engagement.Yes, engagement.No}
	case engagement.PointChoice, engagement.PointMany:
	case engagement.PointPerson:
		if outside {
			return true, nil
		}
		people, _, err := d.store.People(ctx)
		if err != nil {
			return false, BusyError{fmt.Errorf("looking up whom a form names: %w", err)}
		}
		offered, err = d.receivers(ctx, q, f.Point, people)
		if err != nil {
			return false, err
		}
		for _, p := range people {
			if p.Employer == "" && !p.Left {
				offered = append(offered, p.ID)
			}
		}
	default:
		return true, nil
	}
	return slices.ContainsFunc(f.Choices, func(c string) bool { return !slices.Contains(offered, c) }), nil
}

// file keeps what was filled in as a document, and puts its digest behind the others of
// the answer. The first sheet of an answer's id stands.
func (d *Desk) file(ctx context.Context, q *review.Request, a *review.Answer) error {
	if q == nil || !q.Sheet || !review.Positive(a.Verdict) && len(a.Findings)+len(a.Words) == 0 {
		return nil
	}
	sheet, err := engagement.FillSheet(q.Title, q.Points, a.Findings, a.Words)
	if err != nil {
		return invalid("answer the points that are asked, each once", "the form can't be kept: %w", err)
	}
	text, err := sheet.Encode()
	if err != nil {
		return invalid("write plain text and less of it, or put it into a document", "the form can't be kept: %w", err)
	}
	digest := digestOf(text)
	err = d.firstSheet(ctx, a.ID, digest)
	if err != nil {
		return err
	}
	err = d.putSheet(ctx, sheet, text, digest)
	if err != nil {
		return err
	}
	a.Findings = nil
	for _, l := range sheet.Lines {
		a.Findings = append(a.Findings, l.Finding)
	}
	a.Documents = append(slices.DeleteFunc(slices.Clone(a.Documents), func(doc string) bool { return doc == digest }), digest)
	return nil
}

// firstSheet keeps under an answer's id what was filled in first.
func (d *Desk) firstSheet(ctx context.Context, answer, digest string) error {
	_, err := d.store.KeepText(ctx, answer+sheetOf, review.Text{Inside: digest})
	if err != nil {
		return BusyError{fmt.Errorf("keeping which form came with an answer: %w", err)}
	}
	kept, found, err := d.store.Text(ctx, answer+sheetOf)
	if err != nil {
		return BusyError{fmt.Errorf("reading which form came with an answer: %w", err)}
	}
	if found && kept.Inside != digest {
		return invalid("send it again under an id of its own", "the form was filled in otherwise under this answer's id before; nothing was decided with this one")
	}
	return nil
}

// putSheet keeps a sheet with its text for people, which is what pages show of it.
func (d *Desk) putSheet(ctx context.Context, sheet engagement.Sheet, text []byte, digest string) error {
	_, err := d.store.Put(ctx, bytes.NewReader(text), engagement.MaxSheet)
	if err != nil {
		return BusyError{fmt.Errorf("keeping a form that was filled in: %w", err)}
	}
	words := sheet.Text(nil)
	plain, err := d.store.Put(ctx, strings.NewReader(words), 2*engagement.MaxSheet)
	if err != nil {
		return BusyError{fmt.Errorf("keeping the text of a form: %w", err)}
	}
	err = d.store.PutReading(ctx, engagement.Reading{Document: digest, Media: engagement.SheetMedia, Size: int64(len(text)),
		Text: plain.Digest, Words: len(strings.Fields(words)), At: d.now().UTC()})
	if err != nil {
		return BusyError{fmt.Errorf("keeping what a form says: %w", err)}
	}
	return nil
}

// checkFilled bounds what is filled in, read and scored.
func checkFilled(a review.Answer) error {
	if len(a.Words) > maxWords {
		return invalid("fill in the points that are asked", "a form has at most %d points", maxWords)
	}
	total := 0
	for point, words := range a.Words {
		if len(words) > engagement.MaxSheetWords {
			return invalid("shorten it, or put it into a document", "a point takes at most %d characters", engagement.MaxSheetWords)
		}
		if len(point) > maxWord || !plain(point) {
			return invalid("fill in the points that are asked", "%.40q is no point of a form", point)
		}
		total += len(words)
	}
	if total > engagement.MaxSheet/2 {
		return invalid("shorten it, or put parts of it into documents", "a form takes at most %d characters in all", engagement.MaxSheet/2)
	}
	for _, f := range a.Findings {
		if year := f.On.Year(); !f.On.IsZero() && (year < 1 || year > 9999) {
			return invalid("write the date with a year of four digits", "a date of the form has the year %d", year)
		}
		if len(f.Choices) > maxChoices {
			return invalid("choose of what is offered", "a point has at most %d choices", maxChoices)
		}
		for _, c := range f.Choices {
			if len(c) > maxWord {
				return invalid("choose of what is offered", "a choice has at most %d characters", maxWord)
			}
		}
	}
	return checkSections(a.Read)
}

// checkSections refuses what can be no label of a section: words must not come this way
// into a payload.
func checkSections(said []string) error {
	if len(said) > maxWords {
		return invalid("name ranges, as in 4-9", "at most %d sections are named one by one", maxWords)
	}
	for _, s := range said {
		odd := func(r rune) bool {
			return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune(".-/~_", r)
		}
		if s == "" || len(s) > maxWord || strings.ContainsFunc(s, odd) {
			return invalid("name sections as they are labelled, as in 4-9, or say all", "%.40q is no section", s)
		}
	}
	return nil
}
