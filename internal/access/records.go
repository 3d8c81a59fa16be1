package access

import "time"

// Session is a device on which somebody is signed in.
type Session struct {
	ID     string    `json:"id"` // for lists; not the secret
	Person string    `json:"person"`
	Device string    `json:"device,omitempty"` // such as "Firefox on Linux", as it said itself
	Made   time.Time `json:"made"`
	Seen   time.Time `json:"seen"`
	Until  time.Time `json:"until"`
}

// Link is a one-time link that was mailed, with the code beside it.
type Link struct {
	ID     string `json:"id"` // random; Key.Link and Key.Code derive the secrets from it
	Person string `json:"person"`
	// Next is the local page that it leads to.
	Next  string    `json:"next,omitempty"`
	Made  time.Time `json:"made"`
	Until time.Time `json:"until"`
	Used  time.Time `json:"used,omitzero"`
	// Tries counts wrong codes.
	Tries int `json:"tries,omitempty"`
}

// Token is what the command line signs in with.
type Token struct {
	ID      string    `json:"id"` // for lists; not the secret
	Person  string    `json:"person"`
	Name    string    `json:"name"`
	Made    time.Time `json:"made"`
	Until   time.Time `json:"until"`
	Seen    time.Time `json:"seen,omitzero"`
	Revoked time.Time `json:"revoked,omitzero"`
}

// Ticket is what a link or button outside leads to. Its row is written before it
// is sent.
type Ticket struct {
	Hash    string    `json:"hash"` // of Key.Ticket
	Request string    `json:"request"`
	Version int       `json:"version,omitempty"`
	Person  string    `json:"person"`
	Channel string    `json:"channel"`
	Made    time.Time `json:"made"`
}

// How long things live.
const (
	SessionFor = 30 * 24 * time.Hour // a device
	LinkFor    = 30 * time.Minute
	PairingFor = 10 * time.Minute    // of an address and a person
	TokenFor   = 90 * 24 * time.Hour // unless a shorter time is asked for
	// MaxTries is how many wrong codes end the code. The link beside it can't be
	// guessed and stays good.
	MaxTries = 5
)
