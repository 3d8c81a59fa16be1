package web

import (
	"context"
	"io"
	"time"

	"gangway/internal/access"
	"gangway/internal/dossier"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// Desk is where everything that people say in a browser or on the command line
// goes, and what they may see comes from. who names the address that asks; who
// that is and what they may see, the desk decides, so what it returns is shown
// as it is.
//
// Its errors reach people: Error() is the sentence, and an error somewhere in
// its chain may say more by these methods, each optional:
//
//	NotFound() bool   there is no such thing (404)
//	Forbidden() bool  this person may not (403)
//	Invalid() bool    what was sent can't be used, and why is the error (422)
//	Hint() string     what to do about it; alone: it can't be done now (503)
//
// An error with none of them is ours: the page gives a reference number (500)
// and the log has the error under it. A *http.MaxBytesError that came out of a
// reader should stay in the chain (413).
type Desk interface {
	// Answer takes an answer to a request. From, Text, Channel and At are set,
	// Person is not; Seat may be empty. A refusal is an outcome, not an error;
	// after an error it is not known that nothing happened, and the same id is
	// sent again.
	Answer(ctx context.Context, a review.Answer) (review.Outcome, error)
	// Act takes an act. What is about one request names it; withdrawing,
	// reopening and submitting name the case as Process.
	Act(ctx context.Context, a review.Act) (review.Outcome, error)
	// Open opens a case; the same intake id opens one case only.
	Open(ctx context.Context, i playbook.Intake) (caseID string, err error)

	// IntakeForm is what the named playbook asks of an intake, "" being the
	// deployment's own; Forbidden for whoever may not open a case, Invalid where
	// there is none of that name.
	IntakeForm(ctx context.Context, who review.Address, name string) (playbook.IntakeForm, error)

	// Waiting lists the open requests in which the address's person may answer
	// for a seat of the group that is being asked, without those for which a
	// receipt or a queued answer of theirs exists. A request that is not listed
	// is shown without a form.
	Waiting(ctx context.Context, who review.Address) ([]review.Request, error)
	// Pending lists what was received from the person and is being delivered.
	Pending(ctx context.Context, who review.Address) ([]review.Queued, error)
	// Receipt is what became of an answer or act of this person: its outcome
	// (review.Pending while it is being delivered) and the line that it was
	// filed as; isFiled is false until the record caught up. NotFound when there
	// is no such answer of theirs.
	Receipt(ctx context.Context, who review.Address, answerID string) (out review.Outcome, filed dossier.Line, isFiled bool, err error)

	// Cases lists the cases that the person may see, newest first.
	Cases(ctx context.Context, who review.Address) ([]dossier.CaseView, error)
	// CasePage lists some of them: those that run first, then the newest first,
	// at most that many from the one after the case named on; NotFound.
	CasePage(ctx context.Context, who review.Address, after string, most int) ([]dossier.CaseView, error)
	// CasesOf lists, in the same order, those that the person owns, asked for or
	// sponsors, at most that many.
	CasesOf(ctx context.Context, who review.Address, most int) ([]dossier.CaseView, error)
	// Answered lists the requests that the person answered last, the newest
	// answer first, at most that many; an answer that was taken back is one.
	Answered(ctx context.Context, who review.Address, most int) ([]review.Request, error)
	// Request is one request of a case that the person may see; NotFound.
	Request(ctx context.Context, who review.Address, id string) (review.Request, error)
	// Case is one case; NotFound, Forbidden.
	Case(ctx context.Context, who review.Address, id string) (dossier.CaseView, error)
	// Lines are the lines of a case's chain in order, with the bodies that the
	// person may read; NotFound, Forbidden.
	Lines(ctx context.Context, who review.Address, caseID string) ([]dossier.Line, error)

	// File stores a document and says what it is. The same bytes are the same
	// document. Invalid when it is empty.
	File(ctx context.Context, who review.Address, r io.Reader) (dossier.Paper, error)
	// Document opens a document of a case by its digest; the caller closes it.
	// NotFound when the case has no such document, Forbidden.
	Document(ctx context.Context, who review.Address, caseID, digest string) (dossier.Paper, io.ReadCloser, error)
	// Dossier writes the dossier of a case as it is now: a zip file.
	Dossier(ctx context.Context, who review.Address, caseID string, w io.Writer) error

	// People lists everybody in the people file, those who left included. An
	// address without an id asks for the list to sign in with, which web does
	// only where Options.PickPerson is set.
	People(ctx context.Context, who review.Address) ([]playbook.Person, error)
	// ApplyPeople replaces the people file; changed names the ids of people who
	// are new or other than before. Invalid with all faults in its error.
	ApplyPeople(ctx context.Context, who review.Address, people []playbook.Person) (revision int, changed []string, err error)
	// Who is the person behind an address; NotFound when there is nobody.
	Who(ctx context.Context, who review.Address) (playbook.Person, error)

	// Question is the text of what the case owner asked beside the playbook: that
	// of a request with AskText; Forbidden.
	Question(ctx context.Context, who review.Address, r review.Request) (string, error)
	// Preview says what an act of correcting would change, and changes nothing;
	// Invalid when it would change nothing, or can't be understood.
	Preview(ctx context.Context, who review.Address, a review.Act) (playbook.Correction, error)
	// Ownerless lists those of the cases whose owner can't be reached, nor a deputy
	// or sponsor.
	Ownerless(ctx context.Context, who review.Address, views []dossier.CaseView) ([]string, error)
	// PreviewReplace says what one person in the place of another touches, and
	// changes nothing; Forbidden, Invalid.
	PreviewReplace(ctx context.Context, who review.Address, leaver, by string) (dossier.Replacement, error)
	// ReplacePeople does what the preview showed; the same order again does what
	// is still to do. Invalid when people or cases have moved since.
	ReplacePeople(ctx context.Context, who review.Address, o dossier.ReplaceOrder) (dossier.Replacement, error)
	// Audit gives each what an auditor asks about in [from, to), and ends with what
	// the record lacks; Forbidden. An error of each ends it.
	Audit(ctx context.Context, who review.Address, from, to time.Time, each func(dossier.AuditRow) error) error

	// Pairing is what a link out of the chat is about, and uses nothing up; NotFound
	// for one that was used, has ended or is none of ours.
	Pairing(ctx context.Context, secret string) (access.Pairing, error)
	// ConfirmPairing says that the account of the link is the person's, once;
	// NotFound, Forbidden, and Invalid for an account that is somebody else's.
	ConfirmPairing(ctx context.Context, who review.Address, secret string) error
	// Bindings are the accounts of the chat that are the person's; Unbind gives one
	// of them up.
	Bindings(ctx context.Context, who review.Address) ([]access.Binding, error)
	Unbind(ctx context.Context, who review.Address, address string) error

	// SetAway says that whoever asks is away in [From, Until), and who stands in; a
	// zero Until ends what they said. Invalid; the same id again changes nothing.
	SetAway(ctx context.Context, who review.Address, id string, a playbook.Away) error
	// Aways are the absences of whoever asks that have not ended at now.
	Aways(ctx context.Context, who review.Address, now time.Time) ([]playbook.Away, error)

	// VendorName is the name behind a vendor's slug, the slug where it isn't known.
	VendorName(ctx context.Context, slug string) string
	// Statement is the text of an attestation in the playbook that the case runs
	// with, the id itself where that has none.
	Statement(ctx context.Context, caseID, id string) string
	// Fingerprint is that of the key by which dossiers are sealed here.
	Fingerprint(ctx context.Context) string
}
