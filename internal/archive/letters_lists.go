package archive

import (
	"context"
	"fmt"
	"time"

	"gangway/internal/dossier"
	"gangway/internal/outbox"
	"gangway/internal/playbook"
)

const (
	dueLettersQuery     = `SELECT ` + letterColumns + ` FROM letters WHERE state = 'waiting' AND next_try <= ? ORDER BY CASE WHEN kind = 'sign-in' THEN 0 ELSE 1 END, next_try, id LIMIT ?`
	waitingLettersQuery = `SELECT ` + letterColumns + ` FROM letters WHERE state = 'waiting' AND person = ? ORDER BY next_try, id LIMIT ?`
	nextLetterQuery     = `SELECT next_try FROM letters WHERE state = 'waiting' ORDER BY next_try LIMIT 1`
	troubleQuery        = `SELECT ` + letterColumns + ` FROM letters WHERE repeated = 0 AND state IN ('unknown', 'refused', 'bounced') ORDER BY changed DESC, id LIMIT ?`
	caseLettersQuery    = `SELECT ` + letterColumns + ` FROM letters WHERE case_id = ? AND case_id <> '' ORDER BY made DESC, id LIMIT ?`
	personLettersQuery  = `SELECT ` + letterColumns + ` FROM letters WHERE person = ? ORDER BY made DESC, id LIMIT ?`
	messageLettersQuery = `SELECT ` + letterColumns + ` FROM letters WHERE message = ? AND message <> '' ORDER BY made, id LIMIT ?`
	tokenLettersQuery   = `SELECT ` + letterColumns + ` FROM letters WHERE token = ? AND token <> '' ORDER BY made, id LIMIT ?`
	untoldLettersQuery  = `SELECT ` + letterColumns + ` FROM letters WHERE untold = 1 ORDER BY id LIMIT ?`
	endedCasesQuery     = `SELECT l.case_id FROM letter_cases l JOIN cases c ON c.id = l.case_id WHERE l.told = 0 AND c.open = 0 LIMIT ?`
)

func (a *Archive) letters(ctx context.Context, doing, query string, args ...any) ([]outbox.Letter, error) {
	all, err := queryAll(ctx, a.reads, scanLetter, query, append(args, maxLetters)...)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", doing, err)
	}
	return all, nil
}

// DueLetters returns what is worth a try now, one-time links first (somebody sits
// and waits for those), then what has waited longest; at most 200.
func (a *Archive) DueLetters(ctx context.Context, now time.Time) ([]outbox.Letter, error) {
	return a.letters(ctx, "reading what is due", dueLettersQuery, micro(now))
}

// WaitingLetters returns what waits for one person, due or not; at most 200.
func (a *Archive) WaitingLetters(ctx context.Context, person string) ([]outbox.Letter, error) {
	return a.letters(ctx, "reading a person's waiting letters", waitingLettersQuery, person)
}

// NextLetter says when the next letter is worth a try; zero: none waits.
func (a *Archive) NextLetter(ctx context.Context) (time.Time, error) {
	var next int64
	if _, err := queryOne(ctx, a.reads, []any{&next}, nextLetterQuery); err != nil {
		return time.Time{}, fmt.Errorf("looking for the next letter: %w", err)
	}
	return fromMicro(next), nil
}

// TroubledLetters returns those that failed, or of which nothing is known, and
// that nobody has sent again; the newest first, at most 200.
func (a *Archive) TroubledLetters(ctx context.Context) ([]outbox.Letter, error) {
	return a.letters(ctx, "reading letters in trouble", troubleQuery)
}

// CaseLetters returns the newest letters of a case; at most 200.
func (a *Archive) CaseLetters(ctx context.Context, caseID string) ([]outbox.Letter, error) {
	return a.letters(ctx, "reading the letters of a case", caseLettersQuery, caseID)
}

// PersonLetters returns the newest letters to a person; at most 200.
func (a *Archive) PersonLetters(ctx context.Context, person string) ([]outbox.Letter, error) {
	return a.letters(ctx, "reading the letters of a person", personLettersQuery, person)
}

// MessageLetters returns what left in the mail with that Message-ID.
func (a *Archive) MessageLetters(ctx context.Context, message string) ([]outbox.Letter, error) {
	return a.letters(ctx, "reading the letters of a mail", messageLettersQuery, message)
}

// TokenLetters returns what left in the mail whose envelope sender carried what
// has this digest.
func (a *Archive) TokenLetters(ctx context.Context, token string) ([]outbox.Letter, error) {
	return a.letters(ctx, "reading the letters of a bounce", tokenLettersQuery, token)
}

// UntoldLetters returns failed ones of which their cases don't know yet.
func (a *Archive) UntoldLetters(ctx context.Context) ([]outbox.Letter, error) {
	return a.letters(ctx, "reading failed letters", untoldLettersQuery)
}

// EndedCases returns cases that are over, of which somebody was told by letter
// and nobody yet of their end; at most 200.
func (a *Archive) EndedCases(ctx context.Context) ([]string, error) {
	ids, err := queryAll(ctx, a.reads, scanString, endedCasesQuery, maxLetters)
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

// Recipient returns somebody as the people file has them; found is false for
// nobody.
func (a *Archive) Recipient(ctx context.Context, id string) (p playbook.Person, found bool, err error) {
	var text string
	found, err = queryOne(ctx, a.reads, []any{&text}, `SELECT person FROM people WHERE id = ?`, id)
	if err == nil && found {
		err = decode(text, &p)
	}
	if err != nil {
		return playbook.Person{}, false, fmt.Errorf("reading a recipient: %w", err)
	}
	return p, found, nil
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
