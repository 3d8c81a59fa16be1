package playbook

import "gangway/internal/review"

// Words by which people say what becomes of something that runs out while a vendor
// works.
const (
	Renew       review.Verdict = "renew"       // the contract goes on
	Renegotiate review.Verdict = "renegotiate" // … under other terms
	Leave       review.Verdict = "exit"        // … ends, and notice is given
	Extend      review.Verdict = "extend"      // it holds until the date that is given
	Collect     review.Verdict = "collect"     // the vendor is asked for a new one
	Remove      review.Verdict = "remove"      // the access ends
	InviteAgain review.Verdict = "invite"      // … is offered again to whom never took it up
	Drop        review.Verdict = "not-needed"  // nobody needs it any more
	TakeIt      review.Verdict = "accept"      // what was delivered will do
)
