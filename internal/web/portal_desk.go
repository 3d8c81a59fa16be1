package web

import (
	"context"
	"io"
	"time"

	"gangway/internal/access"
	"gangway/internal/arrivals"
	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// Portal is what the vendor's people do and see. who is the address of a contact,
// and every verb gives what is theirs and nothing else. Nil in Options: there is
// no portal.
//
// Its errors say more by the methods that Desk lists, and by Gate's for whoever
// asks too often. What an Invalid error says is shown to the vendor's people; of
// the others only what kind they are.
type Portal interface {
	// PortalLook is what a link may tell a stranger, and uses nothing up. One that
	// expired, was revoked or was never ours: NotFound, or a Welcome that does not
	// open.
	PortalLook(ctx context.Context, secret string) (access.Welcome, error)
	// PortalEnter makes a session of the link's contact; NotFound as above.
	PortalEnter(ctx context.Context, secret, device string) (session string, until time.Time, err error)
	// PortalAgain mails a new link to the address on record for the contact of an
	// old one. Whether there was anybody it does not tell. from is the address of
	// the connection, for the limits.
	PortalAgain(ctx context.Context, secret, from string) error
	// PortalIn is whose session it is; NotFound for one that ended, and of a contact
	// who is no longer one.
	PortalIn(ctx context.Context, session string) (playbook.Contact, error)
	// PortalOut ends the visits of whose session it is, on every device.
	PortalOut(ctx context.Context, session string) error

	// PortalTasks are the contact's tasks, what waits for them first.
	PortalTasks(ctx context.Context, who review.Address) ([]access.VendorTask, error)
	// PortalUpload reads a document that is to be delivered. One that can't be
	// taken is a Reading with a Fault and no error. name and declared are a
	// stranger's words.
	PortalUpload(ctx context.Context, who review.Address, request, name, declared string, r io.Reader) (engagement.Reading, error)
	// PortalUploads are the documents that the contact sent for a task and did not
	// deliver yet; PortalDrop takes one off.
	PortalUploads(ctx context.Context, who review.Address, request string) ([]access.SentPaper, error)
	PortalDrop(ctx context.Context, who review.Address, request, digest string) error
	// Answer takes a delivery, as Desk does.
	Answer(ctx context.Context, a review.Answer) (review.Outcome, error)
	// Earlier are the documents that were delivered to the same ask before.
	Earlier(ctx context.Context, who review.Address, request string) ([]access.Earlier, error)
	// PortalSheets are the forms that the vendor's people filled in for what the task
	// asks, the newest first: for this task, for earlier rounds of it and in earlier
	// cases.
	PortalSheets(ctx context.Context, who review.Address, request string) ([]access.FilledSheet, error)
	// HandOn asks a colleague instead; one of another domain is only proposed. The
	// same id again changes nothing, as with the next two. Invalid.
	HandOn(ctx context.Context, who review.Address, id, request, name, mail string) (playbook.Contact, error)
	// NotMe says that the contact is no longer the right one; their sessions end.
	NotMe(ctx context.Context, who review.Address, id, request, suggestion string) error
	// AskBack asks the case owner something.
	AskBack(ctx context.Context, who review.Address, id, request, text string) error
	// VendorWithdraws tells the case owner that the vendor withdraws; it ends nothing.
	// Invalid where the case has ended.
	VendorWithdraws(ctx context.Context, who review.Address, id, request, why string) error
	Drafts
}

// Drafts keep what somebody has filled in and not sent yet.
type Drafts interface {
	// SaveDraft keeps what was filled in; once it is delivered what was kept goes.
	SaveDraft(ctx context.Context, who review.Address, request string, fields []byte) error
	// DraftOf is what was kept; NotFound.
	DraftOf(ctx context.Context, who review.Address, request string) (fields []byte, at time.Time, err error)
}

// VendorSide is what the client's people do with the vendor's: who they are, what
// came from them. Nil in Options: the pages say nothing of it.
type VendorSide interface {
	// ContactsOf are the vendor's people whom the case knows, in the order of being
	// named; Forbidden for whoever may not see the case.
	ContactsOf(ctx context.Context, who review.Address, caseID string) ([]playbook.Contact, error)
	// AddContact names one; Invalid. The others say what becomes of one. All are for
	// the case owner; Forbidden.
	AddContact(ctx context.Context, who review.Address, caseID string, c playbook.Contact) (playbook.Contact, error)
	ConfirmContact(ctx context.Context, who review.Address, caseID, contact string) error
	EndContact(ctx context.Context, who review.Address, caseID, contact string) error
	// RevokeLinks ends every link of a contact in the case and what was opened with
	// it, and says how many there were.
	RevokeLinks(ctx context.Context, who review.Address, caseID, contact string) (int, error)
	// Offers are what mailboxes said of people being away; TakeOffer believes one.
	Offers(ctx context.Context, who review.Address, caseID string) ([]access.AwayOffer, error)
	TakeOffer(ctx context.Context, who review.Address, id string) error
	// ArrivalsOf are the mails that came for the case, and what became of each.
	ArrivalsOf(ctx context.Context, who review.Address, caseID string) ([]arrivals.Arrival, error)
	// ReadingOf is what was found when a document of the case was read, TextOf the
	// text that was found in it; NotFound.
	ReadingOf(ctx context.Context, who review.Address, caseID, digest string) (engagement.Reading, error)
	TextOf(ctx context.Context, who review.Address, caseID, digest string) (dossier.Paper, io.ReadCloser, error)
	// WatchOf says how early what runs out is brought up, by the playbook that the case
	// runs with; empty where it has none.
	WatchOf(ctx context.Context, who review.Address, caseID string) (engagement.Watch, error)
	Outsiders
	Drafts
}
