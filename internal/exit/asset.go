package exit

// AssetKind is what kind of thing changes hands.
type AssetKind string

// Kinds of assets.
const (
	AssetRepository AssetKind = "repository"
	AssetWiki       AssetKind = "wiki"
	AssetLFS        AssetKind = "lfs" // large files of a repository
	AssetPackage    AssetKind = "package"
	AssetRelease    AssetKind = "release"
	AssetSecret     AssetKind = "ci-secret" // its name alone: it is made anew
	AssetDomain     AssetKind = "domain"
	AssetLicence    AssetKind = "licence"
	AssetAccount    AssetKind = "account"
	AssetDevice     AssetKind = "device"
	AssetDocument   AssetKind = "document"
	AssetData       AssetKind = "data-set"
	AssetStaff      AssetKind = "staff" // people who move with the service
)

// AssetKinds are all kinds, in the order in which people are shown them.
func AssetKinds() []AssetKind {
	return []AssetKind{AssetRepository, AssetWiki, AssetLFS, AssetPackage, AssetRelease, AssetSecret, AssetDomain, AssetLicence,
		AssetAccount, AssetDevice, AssetDocument, AssetData, AssetStaff}
}

// Asset is one thing that changes hands. What it is called stands in the list that the
// assets were read from, under the same id.
type Asset struct {
	ID   string    `json:"id"`
	Kind AssetKind `json:"kind"`
	// Receiver is the person who takes it over; empty: the case's owner.
	Receiver string `json:"receiver,omitempty"`
}

// Area is something that the vendor's people know and others have to learn.
type Area struct {
	ID string `json:"id"`
	// Receiver is the person who has to show that they can do it: staff, or a contact of
	// the vendor that takes over; empty: the case's owner.
	Receiver string `json:"receiver,omitempty"`
	// Directories counts those of repositories whose only authors are the vendor's
	// people; 0: the area comes from the exit plan.
	Directories int `json:"directories,omitempty"`
	Sessions    int `json:"sessions,omitempty"`
}
