package archive

import (
	"context"
	"fmt"

	"gangway/internal/dossier"
	"gangway/internal/outbox"
)

const (
	dueLettersQuery     = `SELECT ` + letterColumns + ` FROM letters WHERE state = 'waiting' AND next_try <= ? ORDER BY CASE WHEN kind = 'sign-in' THEN 0 ELSE 1 END, next_try, id LIMIT ?`
	waitingLettersQuery = `SELECT ` + letterColumns + ` FROM letters WHERE state = 'waiting' AND person = ? ORDER BY next_try, id LIMIT ?`
	nextLetterQuery     = `SELECT ` + letterColumns + ` FROM letters WHERE state = 'waiting' ORDER BY next_try LIMIT ?`
	troubleQuery        = `SELECT ` + letterColumns + ` FROM letters WHERE repeated = 0 AND state IN ('unknown', 'refused', 'bounced') ORDER BY changed DESC, id LIMIT ?`
	caseLettersQuery    = `SELECT ` + letterColumns + ` FROM letters WHERE case_id = ? AND case_id <> '' ORDER BY made DESC, id LIMIT ?`
	personLettersQuery  = `SELECT ` + letterColumns + ` FROM letters WHERE person = ? ORDER BY made DESC, id LIMIT ?`
	messageLettersQuery = `SELECT ` + letterColumns + ` FROM letters WHERE message = ? AND message <> '' ORDER BY made, id LIMIT ?`
	tokenLettersQuery   = `SELECT ` + letterColumns + ` FROM letters WHERE token = ? AND token <> '' ORDER BY made, id LIMIT ?`
	untoldLettersQuery  = `SELECT ` + letterColumns + ` FROM letters WHERE untold = 1 ORDER BY id LIMIT ?`
	endedCasesQuery     = `SELECT l.case_id FROM letter_cases l JOIN cases c ON c.id = l.case_id WHERE l.told = 0 AND c.open = 0 LIMIT ?`
)

// lettersQuery is how letters are looked for, and by what; "" for no way to.
func lettersQuery(w outbox.Which) (query string, args []any) {
	switch w.By {
	case outbox.ByDue:
		return dueLettersQuery, []any{micro(w.Now)}
	case outbox.ByNext:
		return nextLetterQuery, nil
	case outbox.ByWaiting:
		return waitingLettersQuery, []any{w.Of}
	case outbox.ByTrouble:
		return troubleQuery, nil
	case outbox.ByCase:
		return caseLettersQuery, []any{w.Of}
	case outbox.ByPerson:
		return personLettersQuery, []any{w.Of}
	case outbox.ByMessage:
		return messageLettersQuery, []any{w.Of}
	case outbox.ByToken:
		return tokenLettersQuery, []any{w.Of}
	case outbox.ByUntold:
		return untoldLettersQuery, nil
	default:
		return "", nil
	}
}

// Letters returns the letters that are wanted, at most outbox.MostLetters.
func (a *Archive) Letters(ctx context.Context, w outbox.Which) ([]outbox.Letter, error) {
	query, args := lettersQuery(w)
	if query == "" {
		return nil, fmt.Errorf("looking for letters: %q is no way to", string(w.By))
	}
	most := outbox.MostLetters
	if w.By == outbox.ByNext {
		most = 1
	}
	all, err := queryAll(ctx, a.reads, scanLetter, query, append(args, most)...)
	if err != nil {
		return nil, fmt.Errorf("looking for letters by %s: %w", w.By, err)
	}
	return all, nil
}

// EndedCases returns cases that are over, of which somebody was told and nobody
// yet of their end; at most 200.
func (a *Archive) EndedCases(ctx context.Context) ([]string, error) {
	ids, err := queryAll(ctx, a.reads, scanString, endedCasesQuery, outbox.MostLetters)
	if err != nil {
		return nil, fmt.Errorf("reading cases that ended: %w", err)
	}
	return ids, nil
}

// LastDigest returns the day of a person's last digest; empty: none yet.
func (a *Archive) LastDigest(ctx context.Context, person string) (string, error) {
	var day string
	if _, err := queryOne(ctx, a.reads, []any{&day}, `SELECT day FROM digests WHERE person = ?`, person); err != nil {
		return "", fmt.Errorf("reading the day of the last digest: %w", err)
	}
	return day, nil
}

// CaseHead returns the view of a case without its requests, or
// dossier.NotFoundError.
func (a *Archive) CaseHead(ctx context.Context, id string) (dossier.CaseView, error) {
	var v dossier.CaseView
	var text string
	found, err := queryOne(ctx, a.reads, []any{&text}, `SELECT view FROM cases WHERE id = ?`, id)
	if err == nil && !found {
		return v, dossier.NotFoundError{What: "case", ID: id}
	}
	if err == nil {
		err = decode(text, &v)
	}
	if err != nil {
		return dossier.CaseView{}, fmt.Errorf("reading the head of case %s: %w", id, err)
	}
	return v, nil
}
