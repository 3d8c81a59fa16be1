package workflows

import "gangway/internal/review"

// What the owner may say of something that passes and got stuck, besides the playbook's
// words.
const (
	// byHand: it was done otherwise, or we have it already; it is verified all the same.
	byHand review.Verdict = "by-hand"
	// byCopy: the copy that was restored stands in for the repository, which does not come;
	// it is verified all the same.
	byCopy review.Verdict = "by-copy"
	// ourSide: we go on with what we have ourselves; the receiver shows it all the same.
	ourSide review.Verdict = "from-our-side"
)

// Why the owner is asked, which is also why a matter is not done.
const (
	whySilent      = "silent"          // nobody answered
	whyNotShown    = "not-shown"       // shown more than once, and never well enough
	whyNotReceived = "not-received"    // the receiver does not sign
	whyNotHanded   = "not-handed"      // whoever has it says that it was not handed over
	whyNotVerified = "not-verified"    // whoever looked says that it does not work
	whyNotTaken    = "not-taken"       // the receiver does not take it
	whyNotMoved    = "not-moved"       // a repository was not copied, restored or transferred
	whyNotSeen     = "not-seen"        // nobody could see what came along with the repositories
	whyNoStep      = "not-in-playbook" // nobody would verify it, or sign for it
	whyNotAsked    = "not-asked"       // its turn never came
	whyUnread      = "not-read"        // nobody could read who wrote the repositories
)

// choreWords are the title and the question of what the owner is asked.
func choreWords(why string) (title, ask string) {
	switch why {
	case whySilent:
		return "Nobody answers", "It is overdue, and still asked for. Have it asked for again, with words for whoever is silent; go on without them where that can be shown or verified; or waive it, with a reason and an end."
	case whyNotShown:
		return "Shown more than once, and not well enough", "Another session was set each time. Read why it will not do. Have it taught and shown once more, or waive it, with a reason and an end."
	case whyNotReceived:
		return "The receiver does not sign", "Read why. Have it taught and shown once more, or waive it, with a reason and an end."
	case whyNotHanded:
		return "Not handed over", "Whoever has it says that some of the list was not handed over; the sheet says which. Ask for the rest again, say that it was done by hand, which is verified all the same, or waive it, with a reason and an end."
	case whyNotVerified:
		return "It does not work", "Somebody looked, and says of some of the list that it does not work; the sheet says which. Have it handed over again, have somebody look again, or waive it, with a reason and an end."
	case whyNotTaken:
		return "The receiver does not take it", "Read why. Have it handed over again, have somebody look again, or waive it, with a reason and an end."
	case whyUnread:
		return "Nobody could read who wrote the repositories", "Directories whose only authors are the vendor's people have to be taught, and the histories could not all be read. Have them read again, or waive it, with a reason and an end: then nothing is taught but what the plan names."
	case whyNoStep:
		return "The playbook does not say who takes it", "The plan names it, and for a vendor of this tier, left in this way, the playbook has nobody show or verify it and sign for it. It can only be waived, with a reason and an end; what is done instead stands in the waiver."
	case whyNotSeen:
		return "What came along with the repositories", "Collaborators, keys and hooks come along when a repository is transferred, and nobody could see which. Have the inventory taken again, or waive it, with a reason and an end."
	default:
		return "Repositories were not transferred", "GitHub did not do it, or nobody can see whether it did; the case's record says why. Have it tried again; say that it was done by hand or, where its copy was restored, that the copy stands in for it, either of which is verified all the same; or waive it, with a reason and an end."
	}
}
