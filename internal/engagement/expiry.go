package engagement

import (
	"strings"
	"time"
)

// ExpiryKind is what runs out.
type ExpiryKind string

// What is watched for as long as a vendor works.
const (
	ExpiryCertificate ExpiryKind = "certificate"
	ExpiryInsurance   ExpiryKind = "insurance"
	ExpiryEvidence    ExpiryKind = "evidence" // of due diligence, of any other kind
	ExpiryStaffCheck  ExpiryKind = "staff-check"
	ExpiryDPA         ExpiryKind = "dpa"
	ExpiryAccess      ExpiryKind = "access"
	ExpiryWaiver      ExpiryKind = "waiver"
	ExpiryDeclaration ExpiryKind = "declaration" // of interests
	ExpiryContract    ExpiryKind = "contract"    // its end: the notice deadline is made of it
	ExpiryExitPlan    ExpiryKind = "exit-plan"   // when it is looked at, or tested, again
	ExpiryReview      ExpiryKind = "review"      // the vendor is looked at again
	ExpiryCopy        ExpiryKind = "copy"        // a copy that must be erased
	ExpiryGap         ExpiryKind = "gap"         // something that an adopted vendor lacks
)

// ExpiryKinds are all kinds of what runs out, in the order in which people are shown
// them.
func ExpiryKinds() []ExpiryKind {
	return []ExpiryKind{ExpiryCertificate, ExpiryInsurance, ExpiryEvidence, ExpiryStaffCheck, ExpiryDPA, ExpiryAccess, ExpiryWaiver,
		ExpiryDeclaration, ExpiryContract, ExpiryExitPlan, ExpiryReview, ExpiryCopy, ExpiryGap}
}

// Expiry is a date after which something no longer holds. It names things by ids, and
// nobody by name.
type Expiry struct {
	// ID is unique within the engagement and says the same thing for ever: a process
	// id, a colon, and what it is there.
	ID   string     `json:"id"`
	Kind ExpiryKind `json:"kind"`
	// Name is a machine's word for what it is: the id of an item, a point, a seat.
	Name string `json:"name,omitempty"`
	// On is the date; zero: it is owed, and was never there.
	On       time.Time `json:"on,omitzero"`
	Document string    `json:"document,omitempty"` // digest of the evidence
	Person   string    `json:"person,omitempty"`   // who waived or declared, whose access it is
	// Process brought it, and is started anew when it runs out.
	Process string `json:"process,omitempty"`
	// NoticeDays and LeadDays are for a contract: how long before its end notice must
	// have arrived, and how long the client wants for deciding.
	NoticeDays int `json:"noticeDays,omitempty"`
	LeadDays   int `json:"leadDays,omitempty"`
	// Renews: without notice it goes on by itself.
	Renews bool `json:"renews,omitempty"`
	// Role is whose word renews it where that is not the owner's: a role, as a seat
	// names one.
	Role string `json:"role,omitempty"`
	// RenewMonths is for how many months it then goes on; 0: nobody said.
	RenewMonths int `json:"renewMonths,omitempty"`
	// PriceRise is by how many per cent a year the price may rise then; 0: nobody said.
	PriceRise int `json:"priceRise,omitempty"`
	// Invited is when somebody was invited to an access who had not accepted when it was
	// last looked at; zero: nobody's acceptance is waited for.
	Invited time.Time `json:"invited,omitzero"`
	// Unreviewed: filed with its source when the vendor was adopted, and looked at by
	// nobody here.
	Unreviewed bool `json:"unreviewed,omitempty"`
}

// Words say what runs out, for the middle of a sentence: the insurance “cover”. Its
// name is a machine's word and stands in it as it is, without hyphens.
func (e Expiry) Words() string {
	name := strings.ReplaceAll(e.Name, "-", " ")
	what := "the " + strings.ReplaceAll(string(e.Kind), "-", " ")
	switch e.Kind {
	case "":
		return "something that runs out"
	case ExpiryGap:
		return "what is lacking (" + name + ")"
	case ExpiryReview:
		return "the next review of the vendor"
	case ExpiryDPA:
		switch what = "the data processing agreement"; e.Name {
		case "ends":
			return what
		case "look-again":
			return "the next look at " + what
		}
	case ExpiryExitPlan:
		what = "the exit plan"
	case ExpiryDeclaration:
		what = "a declaration of interests"
	case ExpiryCopy:
		what = "a copy that must be erased"
	}
	if e.Name == "" || e.Name == string(e.Kind) {
		return what
	}
	return what + " “" + name + "”"
}
