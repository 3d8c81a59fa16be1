package review

import (
	"slices"
	"time"

	"gangway/internal/engagement"
)

// Kind is what sort of thing people are asked for.
type Kind string

// The kinds of request.
const (
	Decision Kind = "decision"
	Delivery Kind = "delivery"
	Rating   Kind = "score"
	Task     Kind = "task"
	// Checklist: what a document must say, looked for point by point by a person.
	Checklist Kind = "checklist"
)

// verdicts are the words that answer a request of this kind.
func (k Kind) verdicts() []Verdict {
	switch k {
	case Decision:
		return []Verdict{Approve, Changes, Reject}
	case Delivery:
		return []Verdict{Delivered}
	case Rating:
		return []Verdict{Scored}
	case Checklist:
		return []Verdict{Checked}
	default:
		return []Verdict{Done}
	}
}

// Via is how somebody came to hold a seat.
type Via string

// Ways to a seat.
const (
	ViaRole     Via = "role"
	ViaBackup   Via = "backup"
	ViaDelegate Via = "delegate"
	ViaOwner    Via = "owner"
)

// Holder is one person who may answer for a seat. A seat can have several: the
// first of their answers counts.
type Holder struct {
	Person string    `json:"person"`
	Via    Via       `json:"via"`
	From   string    `json:"from,omitempty"` // the delegator, or whom the backup stands in for
	Since  time.Time `json:"since"`
	// Until ends a delegation; zero: no end.
	Until time.Time `json:"until,omitzero"`
	// Off: no longer holds the seat (recused, left, delegation revoked).
	Off bool `json:"off,omitempty"`
	// Snoozed until: no reminders before.
	Snoozed time.Time `json:"snoozed,omitzero"`
	// Undelivered: the request could not be shown to this person.
	Undelivered bool `json:"undelivered,omitempty"`
	// Lacks are the competences that the seat asks for and the person was not known
	// to have when they took it.
	Lacks []string `json:"lacks,omitempty"`
}

// Active reports whether the holder may answer at case time now.
func (h Holder) Active(now time.Time) bool {
	return !h.Off && (h.Until.IsZero() || now.Before(h.Until))
}

// Seating is one seat with the people who hold it.
type Seating struct {
	Seat    string   `json:"seat"`
	Group   int      `json:"group"`
	Holders []Holder `json:"holders,omitempty"`
	// Added is when the owner added the seat; zero: it was there from the start.
	Added time.Time `json:"added,omitzero"`
}

// Touch lists the seats whose text differs between an earlier version and the
// one that carries the list.
type Touch struct {
	Version int      `json:"version"`
	Seats   []string `json:"seats"`
}

// Version is one version of the document that is under review.
type Version struct {
	Number   int    `json:"number"`
	Document string `json:"document"`
	// Touched has one entry for each earlier version; both were split in the
	// same call by the same code.
	Touched []Touch `json:"touched,omitempty"`
	// Sections are the labels of the document's sections in their order, where
	// somebody must have read each; Changed those whose text is not that of the
	// version before.
	Sections []string  `json:"sections,omitempty"`
	Changed  []string  `json:"changed,omitempty"`
	At       time.Time `json:"at"`
}

// Ballot is an answer that was counted.
type Ballot struct {
	Answer    string               `json:"answer"`
	Seat      string               `json:"seat"`
	Person    string               `json:"person"`
	Verdict   Verdict              `json:"verdict"`
	Version   int                  `json:"version,omitempty"`
	Attest    []string             `json:"attest,omitempty"`
	Scores    []Score              `json:"scores,omitempty"`
	Documents []string             `json:"documents,omitempty"`
	Findings  []engagement.Finding `json:"findings,omitempty"`
	Read      []string             `json:"read,omitempty"`
	// ForVendor: the case owner filed it in the vendor's place.
	ForVendor bool      `json:"forVendor,omitempty"`
	Written   Written   `json:"written,omitzero"`
	At        time.Time `json:"at"`
	Channel   string    `json:"channel,omitempty"`
	// Under is the version that was current when an answer for an earlier one
	// was counted; 0 when it was the one that the person read.
	Under int `json:"under,omitempty"`
	// TakenBack and Void ballots stay for the record and no longer count.
	TakenBack bool `json:"takenBack,omitempty"`
	Void      bool `json:"void,omitempty"` // its person declared a conflict
}

// Clock is when a group was asked and by when it should have answered.
type Clock struct {
	Opened time.Time `json:"opened,omitzero"`
	Due    time.Time `json:"due,omitzero"`
	// Still are the times in which the clock stood still, in their order: the
	// case was on hold, or the due date was moved by as much working time.
	Still []Still `json:"still,omitempty"`
}

// Still is a time in which a clock stood still: [From, Until).
type Still struct {
	From  time.Time `json:"from"`
	Until time.Time `json:"until"`
}

// under is the version that was current when the ballot was counted.
func (b *Ballot) under() int { return max(b.Version, b.Under) }

// Attempt is an answer or an act and what became of it: a refusal that an
// auditor would ask about, or an act that must not have a second effect.
type Attempt struct {
	Answer  string  `json:"answer"`
	Outcome Outcome `json:"outcome"`
}

// MaxAttempts is how many refused attempts a request keeps one by one; later
// ones are only counted.
const MaxAttempts = 50

// Request is what people are asked, and everything that happened to it. All
// times are case time.
type Request struct {
	ID      string `json:"id"`
	Case    string `json:"case"`
	Process string `json:"process"`
	Step    string `json:"step"`
	Kind    Kind   `json:"kind"`
	// Title and Ask are the playbook's words for what is wanted.
	Title string `json:"title"`
	Ask   string `json:"ask,omitempty"`
	// AskText is the id of the act whose text is the question, where the case
	// owner asked it in their own words.
	AskText string `json:"askText,omitempty"`
	// VendorText is the id of the answer or act whose text for the vendor goes with
	// a delivery: what is still missing from what came before.
	VendorText string `json:"vendorText,omitempty"`
	// Receiver is the vendor who takes over from the one that the case is about, by its
	// slug, where a seat is one of its people's by name; empty: none is. They are shown what
	// it is About, by the ids of the plan that is carried out, and the documents that are
	// Given, by their digests.
	Receiver string   `json:"receiver,omitempty"`
	About    []string `json:"about,omitempty"`
	Given    []string `json:"given,omitempty"`
	// Document is the name of the document under review, empty where there is none.
	Document string `json:"document,omitempty"`
	// Options replace the kind's verdicts where a choice is asked.
	Options []Verdict `json:"options,omitempty"`
	// Reasoned lists options that need a reason besides changes and reject.
	Reasoned []Verdict `json:"reasoned,omitempty"`
	// ToVendor lists options whose reason must have a part for the vendor.
	ToVendor []Verdict `json:"toVendor,omitempty"`
	// Browser: only an answer that comes from the browser or the command line,
	// signed in, counts; a click or a mail elsewhere leads there.
	Browser bool `json:"browser,omitempty"`
	// MailComments: what comes by mail is a comment and never an answer.
	MailComments bool `json:"mailComments,omitempty"`
	// Points of a checklist, of a form, or what is expected of a delivery.
	Points []engagement.Point `json:"points,omitempty"`
	// Sheet: the points are a form that the answer fills in.
	Sheet bool `json:"sheet,omitempty"`
	// Criteria of a score. Blind: nobody sees another's points before the request is
	// met.
	Criteria []engagement.Criterion `json:"criteria,omitempty"`
	Blind    bool                   `json:"blind,omitempty"`
	// Score is the weighted score from 0 to 100 that a decision is about, Threshold
	// what it needs; a decision without a threshold is about no score.
	Score     int `json:"score,omitempty"`
	Threshold int `json:"threshold,omitempty"`
	// ReadAll: every section must have been read by somebody before the request is
	// met.
	ReadAll bool `json:"readAll,omitempty"`
	// Declaration is the statement on interests that a person's first answer in the
	// case must carry; empty: none. Declared are those whose statement stands.
	Declaration string   `json:"declaration,omitempty"`
	Declared    []string `json:"declared,omitempty"`
	// Watched is what runs out that it is about: the id of an engagement.Expiry.
	Watched string `json:"watched,omitempty"`
	// Drill: it is asked in a rehearsal, of our own people alone.
	Drill bool `json:"drill,omitempty"`
	// Requester never answers; empty where the process itself asks.
	Requester string `json:"requester,omitempty"`
	// Makers delivered what is judged here, and don't judge it.
	Makers []string `json:"makers,omitempty"`
	Owner  string   `json:"owner"`
	// Filers may file a delivery in the vendor's place: the case's owner, deputy
	// and sponsor, where a seat is the vendor's.
	Filers []string `json:"filers,omitempty"`
	// Vendor is the slug of the vendor that the case is about.
	Vendor   string    `json:"vendor"`
	Policy   Policy    `json:"policy"`
	Opened   time.Time `json:"opened"`
	Seatings []Seating `json:"seatings"`
	Clocks   []Clock   `json:"clocks"` // one a group
	Versions []Version `json:"versions,omitempty"`
	Ballots  []Ballot  `json:"ballots,omitempty"`
	// Reads are what people read besides what they said with an answer; they have no
	// verdict.
	Reads    []Ballot  `json:"reads,omitempty"`
	Recused  []string  `json:"recused,omitempty"`
	Attempts []Attempt `json:"attempts,omitempty"`
	Refusals int       `json:"refusals,omitempty"`
	// Acts are the acts that counted, so that one delivered again does nothing.
	Acts   []Attempt  `json:"acts,omitempty"`
	Closed *Closing   `json:"closed,omitempty"`
	Waived bool       `json:"waived,omitempty"`
	Told   []Reminder `json:"told,omitempty"`
	// Held is since when the case is on hold: no clock runs. Zero: it is not.
	Held time.Time `json:"held,omitzero"`
}

// Closing is how a request ended.
type Closing struct {
	State State     `json:"state"`
	At    time.Time `json:"at"`
	// Why is a machine's word: decided, withdrawn, superseded, reopened.
	Why string `json:"why,omitempty"`
}

// Reminder is that somebody was told, and why.
type Reminder struct {
	Person string    `json:"person"`
	Why    string    `json:"why"` // asked, reminder, backup, manager, owner
	Seat   string    `json:"seat,omitempty"`
	At     time.Time `json:"at"`
}

// Verdicts returns the words that answer this request.
func (r *Request) Verdicts() []Verdict {
	if len(r.Options) > 0 {
		return r.Options
	}
	return r.Kind.verdicts()
}

// Positive reports whether a verdict fills the seat: approve, or any word of a
// kind or of options that is neither changes nor reject.
func Positive(v Verdict) bool { return v != Changes && v != Reject && v != "" }

// Current is the number of the newest version, 0 where there is none.
func (r *Request) Current() int {
	if len(r.Versions) == 0 {
		return 0
	}
	return r.Versions[len(r.Versions)-1].Number
}

// IsOpen reports whether answers still count.
func (r *Request) IsOpen() bool { return r.Closed == nil }

// Seat returns the policy's seat and its group's index.
func (r *Request) Seat(id string) (Seat, int, bool) {
	for gi, g := range r.Policy.Groups {
		for _, s := range g.Seats {
			if s.ID == id {
				return s, gi, true
			}
		}
	}
	return Seat{}, 0, false
}

// Seating returns who holds a seat, nil when the seat is unknown.
func (r *Request) Seating(id string) *Seating {
	i := slices.IndexFunc(r.Seatings, func(s Seating) bool { return s.Seat == id })
	if i < 0 {
		return nil
	}
	return &r.Seatings[i]
}

// Holds reports whether the person may answer for the seat at case time now.
func (r *Request) Holds(seat, person string, now time.Time) bool {
	s := r.Seating(seat)
	return s != nil && slices.ContainsFunc(s.Holders, func(h Holder) bool {
		return h.Person == person && h.Active(now)
	})
}

// SeatsOf returns the seats that the person may answer for at case time now.
func (r *Request) SeatsOf(person string, now time.Time) []string {
	var seats []string
	for _, s := range r.Seatings {
		if r.Holds(s.Seat, person, now) {
			seats = append(seats, s.Seat)
		}
	}
	return seats
}

// Touches reports whether what the seat reads differs between version a and the
// current one. This is the only judge of staleness; stale is never stored.
func (r *Request) Touches(seat string, a int) bool {
	cur := r.Current()
	if a == cur {
		return false
	}
	i := slices.IndexFunc(r.Versions, func(v Version) bool { return v.Number == cur })
	if i < 0 {
		return true
	}
	for _, t := range r.Versions[i].Touched {
		if t.Version == a {
			return slices.Contains(t.Seats, seat)
		}
	}
	return true // never compared: fail closed
}

// Standing returns the ballot that stands for the seat, nil when the seat has
// none. Only what fills a seat is carried to a later version: somebody who
// wanted changes or rejected is asked again whatever the new version changed,
// and nothing that the seat said before that, or before an answer that was
// taken back, comes to life again.
func (r *Request) Standing(seat string) *Ballot {
	for i := len(r.Ballots) - 1; i >= 0; i-- {
		b := &r.Ballots[i]
		switch {
		case b.Seat != seat || b.Void:
		case b.TakenBack:
			return nil
		case b.under() == r.Current():
			return b
		case !Positive(b.Verdict):
			return nil
		case !r.Touches(seat, b.Version):
			return b
		}
	}
	return nil
}
