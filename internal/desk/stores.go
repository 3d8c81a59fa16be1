package desk

import (
	"context"
	"io"
	"time"

	"gangway/internal/calendar"
	"gangway/internal/dossier"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// Store is the record and the working tables as desk needs them. Everything that
// writes is idempotent by the id it is given. Missing things are errors with a
// NotFound method.
type Store interface {
	AccessStore
	FrontStore

	AppendBody(ctx context.Context, e dossier.Entry, b dossier.Body) error
	Append(ctx context.Context, entries []dossier.Entry) error
	Lines(ctx context.Context, chain string) ([]dossier.Line, error)
	Case(ctx context.Context, id string) (dossier.CaseView, error)
	Cases(ctx context.Context) ([]dossier.CaseView, error)
	CasesIn(ctx context.Context, process string) ([]dossier.CaseView, error)
	CasePage(ctx context.Context, after string, most int) ([]dossier.CaseView, error)
	CasesOf(ctx context.Context, person string, most int) ([]dossier.CaseView, error)
	CaseOf(ctx context.Context, process string) (string, error)
	OpenProcesses(ctx context.Context) ([]string, error)
	Answered(ctx context.Context, person string, most int) ([]review.Request, error)
	Waiting(ctx context.Context, person string) ([]review.Request, error)
	Request(ctx context.Context, id string) (review.Request, error)
	AnswerLine(ctx context.Context, answerID string) (dossier.Line, bool, error)
	Between(ctx context.Context, from, to time.Time, each func(chain string, l dossier.Line) error) error
	CountLines(ctx context.Context, chain string, from, to int) (n, last int, err error)

	KeepText(ctx context.Context, answerID string, t review.Text) (review.Written, error)
	Text(ctx context.Context, answerID string) (review.Text, bool, error)

	Receipt(ctx context.Context, answerID string) (review.Outcome, bool, error)
	KeepReceipt(ctx context.Context, answerID, person, request string, o review.Outcome) error
	Enqueue(ctx context.Context, q review.Queued) error
	HasQueued(ctx context.Context, process string) (bool, error)
	QueuedProcesses(ctx context.Context) ([]string, error)
	NextQueued(ctx context.Context, process string) (review.Queued, bool, error)
	Settle(ctx context.Context, q review.Queued, o review.Outcome) error
	QueuedOf(ctx context.Context, person string) ([]review.Queued, error)
	Lease(ctx context.Context, name, holder string, ttl time.Duration) (bool, error)
	Release(ctx context.Context, name, holder string) error

	// OpenCase reserves a number after the prefix, unless something runs that an id of
	// which begins with one of the others; the error then has it as Engaged.
	OpenCase(ctx context.Context, intakeID, prefix string, input []byte, vendor dossier.Name, unless []string,
		noted func(caseID string) ([]dossier.Entry, dossier.Body)) (caseID string, fresh bool, err error)
	Unstarted(ctx context.Context) ([]playbook.Reserved, error)
	Started(ctx context.Context, caseIDs ...string) error

	People(ctx context.Context) ([]playbook.Person, int, error)
	ApplyPeople(ctx context.Context, people []playbook.Person, actor string) (revision int, changed []string, err error)
	Vendor(ctx context.Context, slug string) (string, bool, error)
	NameVendor(ctx context.Context, slug, name string) error

	Put(ctx context.Context, r io.Reader, limit int64) (dossier.Paper, error)
	Get(ctx context.Context, digest string) (dossier.Paper, io.ReadCloser, error)
	HasCaseDocument(ctx context.Context, caseID, digest string) (bool, error)
}

// Library is where playbooks and calendars come from.
type Library interface {
	// Playbook returns the named playbook and its text; "" is the default one.
	Playbook(name string) (playbook.Playbook, []byte, error)
	// Playbooks are the names of all that there are.
	Playbooks() []string
	// Read reads a playbook's text as a case keeps it.
	Read(text []byte) (playbook.Playbook, error)
	// Snapshot is the calendar that a case starting at from carries.
	Snapshot(people []playbook.Person, pb playbook.Playbook, from time.Time) (calendar.Snapshot, error)
}

// Sealer packs dossiers.
type Sealer interface {
	// Export writes the dossier of a case, open or closed.
	Export(ctx context.Context, caseID string, w io.Writer) error
	// Fingerprint is what an auditor compares.
	Fingerprint() string
}
