package playbook

import "gangway/internal/review"

// Names of what the case owner is asked while access is taken away and data come back.
// As requests they are settlings of what they are about.
const (
	ChoreStillThere = "still-there"  // access that is there, or could not be seen
	ChoreUnplanned  = "unplanned"    // more was found than the plan names, and those asked said no
	ChoreNoData     = "no-data"      // nothing came back, or no certificate
	ChoreNoBackup   = "no-backup"    // nobody confirms that a backup has run out
	ChoreRunsOut    = "runs-out"     // a backup runs out soon
	ChoreLapsed     = "lapsed"       // a waiver of the exit ends, or has
	ChoreShown      = "waived-shown" // file what shows that what was waived is seen to
	ChoreData       = "data"         // what came back, or was certified, will not do
	ChoreCopies     = "copies"       // copies of the vendor's are here still
)

// Words that settle what an exit could not do.
const (
	// LookAgain: it was seen to by hand, and is looked at once more.
	LookAgain review.Verdict = "look-again"
	// GoOn: it is carried out as it stands.
	GoOn review.Verdict = "go-on"
)

// WaiverOf is the point of a waiver that says which of several things it is for.
const WaiverOf = "which"

// leaving gives a chore of an exit's parts its words; false: it is another's.
func (c *Chore) leaving(name string) bool {
	waive := " A waiver has somebody's name, a reason and an end."
	switch name {
	case ChoreStillThere:
		c.Step.Title = "Access that is still there, or could not be seen"
		c.Step.Ask = "The inventory that was filed says where, of whom, and why. Take it away by hand, or mend what kept gangway from seeing it, and have it looked at again; or waive it: you are asked until when." + waive
		c.Options = []review.Verdict{LookAgain, Waive}
	case ChoreUnplanned:
		c.Step.Title = "More was found than the plan names"
		c.Step.Ask = "Those who were asked do not let it be cut as it stands. Nothing is cut. Have the inventory made anew once the plan or the roster says what is meant, or go on all the same."
		c.Options = []review.Verdict{LookAgain, GoOn}
	case ChoreNoData:
		c.Step.Title = "The vendor does not answer"
		c.Step.Ask = "What was asked for is overdue, and still asked for. Ask again with words for the vendor, or waive it: you are asked until when." + waive
		c.Options = []review.Verdict{AskVendor, Waive}
	case ChoreData:
		c.Step.Title = "What the vendor delivered will not do"
		c.Step.Ask = "The record says what was found: it can't be opened, lacks something, or is not whole. Ask the vendor again with words for them, take it all the same, or waive it: you are asked until when." + waive
		c.Options = []review.Verdict{AskVendor, TakeAnyway, Waive}
	case ChoreCopies:
		c.Step.Title = "Copies that are here still"
		c.Step.Ask = "The vendor is left, and copies are here that should go with it: nobody said that what came back is loaded where it is needed, or the record refused to erase. Say that they can go, and it is tried again; or waive it: you are asked until when." + waive
		c.Options = []review.Verdict{AskAgain, Waive}
	case ChoreNoBackup:
		c.Step.Title = "Nobody confirms that a backup has run out"
		c.Step.Ask = "Its day has come, and the vendor says nothing; perhaps nobody is there any more. File what shows that it is gone, have the vendor asked again, or waive it: you are asked until when." + waive
		c.Options = []review.Verdict{AskVendor, Waive}
	case ChoreRunsOut:
		c.Step.Title = "A backup with our data runs out soon"
		c.Step.Ask = "On the day that its certificate names somebody has to say that the backup is gone: the vendor is asked, and you where the playbook asks nobody of theirs. See to it that there is still somebody who can say it, and name them on the vendor's page. Nothing hangs on your answer here; the backup is asked about all the same."
		return true // a task that is done
	case ChoreLapsed:
		c.Step.Title = "A waiver ends"
		c.Step.Ask = "What was waived when the vendor was left is open again on the day on which its waiver ends: the certificate says what, why and until when. Have it looked at: access by gangway itself, and of the rest you file what shows that it is seen to, which somebody else looks at. Or waive it once more: you are asked until when." + waive
		c.Options = []review.Verdict{LookAgain, Waive}
	case ChoreShown:
		c.Step.Kind = review.Delivery
		c.Step.Title = "What shows that it is seen to"
		c.Step.Ask = "File what shows that what was waived is seen to now. Somebody else looks whether that will do."
	default:
		return false
	}
	c.Reasoned = c.Options
	c.ToVendor = Outward(c.Options)
	return true
}
