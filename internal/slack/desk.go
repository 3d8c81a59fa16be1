package slack

import (
	"context"
	"time"

	"gangway/internal/access"
	"gangway/internal/dossier"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// Channel is the name of this channel in addresses, answers and tickets.
const Channel = "slack"

// Address is how a member of a workspace is named to the desk: by ids, never by
// anything that they can choose.
func Address(team, user string) review.Address {
	return review.Address{Channel: Channel, ID: team + ":" + user}
}

// Desk is where everything that people say in Slack goes, and what they may see
// comes from. who names the address that asks (Address); who that is and what
// they may, the desk decides. Errors say what they are by the methods NotFound,
// Forbidden, Invalid and Hint, as those that web gets.
type Desk interface {
	// Answer and Act are durable when they return without an error: counted,
	// already counted, pending or refused.
	Answer(ctx context.Context, a review.Answer) (review.Outcome, error)
	Act(ctx context.Context, a review.Act) (review.Outcome, error)
	Note(ctx context.Context, n review.Note) error
	Open(ctx context.Context, i playbook.Intake) (caseID string, err error)

	// Who is the person bound to an address; NotFound.
	Who(ctx context.Context, who review.Address) (playbook.Person, error)
	// Ticket is what a button's value leads to; NotFound where it is none of this
	// deployment's.
	Ticket(ctx context.Context, ticket string) (access.Ticket, error)
	// Bind says that an address is a person's, once; Invalid where the address is
	// somebody else's already. The register has it.
	Bind(ctx context.Context, b access.Binding) error
	// Pair is the URL at which whoever signs in can say that an address is theirs;
	// name is what Slack calls its owner.
	Pair(ctx context.Context, who review.Address, name string) (url string, err error)

	Waiting(ctx context.Context, who review.Address) ([]review.Request, error)
	Pending(ctx context.Context, who review.Address) ([]review.Queued, error)
	Request(ctx context.Context, who review.Address, id string) (review.Request, error)
	Case(ctx context.Context, who review.Address, id string) (dossier.CaseView, error)
	CasePage(ctx context.Context, who review.Address, after string, most int) ([]dossier.CaseView, error)
	CasesOf(ctx context.Context, who review.Address, most int) ([]dossier.CaseView, error)
	People(ctx context.Context, who review.Address) ([]playbook.Person, error)
	Question(ctx context.Context, who review.Address, r review.Request) (string, error)
	Receipt(ctx context.Context, who review.Address, answerID string) (out review.Outcome, filed dossier.Line, isFiled bool, err error)
	VendorName(ctx context.Context, slug string) string
	Statement(ctx context.Context, caseID, id string) string

	// Rules is the playbook that a document is, by its digest; what a case was
	// started with is among its documents.
	Rules(ctx context.Context, digest string) (playbook.Playbook, error)

	// IntakeForm is what the named playbook asks of an intake, "" being the
	// deployment's default, and the names of all playbooks.
	IntakeForm(ctx context.Context, who review.Address, name string) (playbook.IntakeForm, error)
	// SetAway says that somebody is away in [From, Until), and who stands in for
	// them; a zero Until ends what stood. The id makes it idempotent.
	SetAway(ctx context.Context, who review.Address, id string, a playbook.Away) error
	// Aways are somebody's own absences that have not ended at now.
	Aways(ctx context.Context, who review.Address, now time.Time) ([]playbook.Away, error)
}
