package playbook

// RowOffer and RowAccess begin the ids of points that are asked for each offer and
// for each access: offer-2-amount, access-1-login. What an access is made of stands in
// entitlement (GrantLogin and the others); what a contract's end is, in engagement.
const (
	RowOffer  = "offer"
	RowAccess = "access"
)

// Ids of the points of an offer that processes read.
const (
	PointVendor = "vendor" // words: whose offer it is
	PointAmount = "amount" // a year
)
