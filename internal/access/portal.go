package access

import "time"

// How long the vendor's people can come in.
const (
	// PortalLinkFor is how long a link lives from the last mail that carries it:
	// longer than reminders are apart.
	PortalLinkFor = 30 * 24 * time.Hour
	// PortalSessionFor is how long a contact stays in: a working day.
	PortalSessionFor = 12 * time.Hour
)

// PortalLink is a link by which a vendor's contact comes to their tasks. It is no
// account: it leads to what its person was asked, until it ends or is revoked.
type PortalLink struct {
	Hash   string `json:"hash"`   // of the secret
	Person string `json:"person"` // a contact's id
	Vendor string `json:"vendor"` // slug
	Case   string `json:"case"`
	// Request is what the link was sent for; empty: for no single one.
	Request string    `json:"request,omitempty"`
	Made    time.Time `json:"made"`
	Until   time.Time `json:"until"`
	Revoked time.Time `json:"revoked,omitzero"`
}

// Opens reports whether the link still leads anywhere.
func (l PortalLink) Opens(now time.Time) bool { return l.Revoked.IsZero() && now.Before(l.Until) }

// PortalSession is a browser in which a contact came in. It ends with the link by
// which they did.
type PortalSession struct {
	Hash   string    `json:"hash"`   // of the secret
	Person string    `json:"person"` // a contact's id
	Vendor string    `json:"vendor"` // slug
	Link   string    `json:"link"`   // hash of the link
	Device string    `json:"device,omitempty"`
	Made   time.Time `json:"made"`
	Until  time.Time `json:"until"`
}
