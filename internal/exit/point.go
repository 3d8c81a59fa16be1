package exit

import "strings"

// Points of forms that gangway reads, besides what people read in them. A form that is
// filled in for a list has a row for each thing: the points of the second are asset-2-…
const (
	// Of a notice: when it went out, when it arrived, and what shows that.
	PointSent     = "sent"     // a date
	PointReceived = "received" // a date
	PointReceipt  = "receipt"  // a file

	// Of an exit plan, the live one and the one that is carried out.
	RowAsset = "asset" // …-what (a text), …-kind (a choice of AssetKinds), …-who (a person)
	RowArea  = "area"  // …-what (a text), …-who (a person): knowledge
	// PointNoReturn names the step after which there is no way back, PointWayBack how one
	// would go back before it.
	PointNoReturn = "no-return" // a text
	PointWayBack  = "way-back"  // a text

	// Of what was forgotten, found after everything was handed over. Its rows are no assets
	// of the plan, so that the ids of the two never meet.
	RowFound = "found" // …-what, …-kind, …-who as an asset's; …-with (a text): who has it

	// Of a session of a knowledge transfer.
	PointHeld   = "held"  // a date
	RowAttended = "there" // …-name (a text): who was there

	// Of what a receiver shows.
	PointShown = "shown" // a date
	PointAlone = "alone" // yes or no: nobody of the vendor helped

	// Of a roster.
	RowAccount    = "account"       // …-login (a text)
	PointAccounts = "accounts-list" // a text: more accounts, a line each, as inventory.ReadList takes them
	RowNamed      = "named"         // …-title (a text): a key, hook, app or runner that is nobody's account

	// Of what came back.
	PointLoaded = "loaded" // a date: since when it is loaded where it is needed

	// Of a certificate of deletion.
	PointScope         = "scope"          // a text
	PointSystems       = "systems"        // a text
	PointMethod        = "method"         // a choice of Methods
	PointSigner        = "signer"         // a text
	PointDeleted       = "deleted"        // a date
	PointSubProcessors = "sub-processors" // a text
	RowBackup          = "backup"         // …-what (a text), …-until (a date)

	// Of a backup that was to run out.
	PointGone = "gone" // a date: when it was gone, or will be where it was prolonged

	// Of lessons, for the tiering of the next vendor.
	PointCloser = "closer" // a choice of Closer
	PointAgain  = "again"  // yes or no: would we take them again
	PointTaught = "taught" // any of LessonOptions

	// What the points of a row are called.
	OfWhat  = "what"
	OfKind  = "kind"
	OfWho   = "who"
	OfWith  = "with"
	OfName  = "name"
	OfLogin = "login"
	OfTitle = "title"
	OfUntil = "until"
)

// Receives reports whether a point of a plan says who receives something: asset-N-who,
// area-N-who.
func Receives(point string) bool {
	row, rest, _ := strings.Cut(point, "-")
	n, name, _ := strings.Cut(rest, "-")
	return (row == RowAsset || row == RowArea) && name == OfWho && n != "" && strings.Trim(n, "0123456789") == ""
}

// Methods are the ways of NIST SP 800-88 in which data are made unreadable.
func Methods() []string { return []string{"Clear", "Purge", "Destroy"} }

// Closer are what lessons can say of the next vendor of such a kind.
func Closer() []string {
	return []string{"As closely as this one", "More closely", "Less closely"}
}

// KindWords are AssetKinds as an option of a form has them.
func KindWords() []string {
	var words []string
	for _, k := range AssetKinds() {
		words = append(words, string(k))
	}
	return words
}
