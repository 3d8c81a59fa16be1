package access

import "time"

// How a binding came about.
const (
	ByFile = "file" // the people file names the address
	ByMail = "mail" // the chat says that it has the person's mail address
	ByLink = "link" // the person signed in from there
)

// Binding is that an address in a channel is a person's: in Slack a workspace's id
// and a member's, T0123:U4567. It is made once, by ids, and stays whatever
// anybody calls themselves later. One address is one person's at a time; a person
// may have several addresses of a channel (two workspaces).
type Binding struct {
	Channel string    `json:"channel"`
	Address string    `json:"address"`
	Person  string    `json:"person"`
	How     string    `json:"how"`
	Made    time.Time `json:"made"`
}

// Pairing is the one-time link by which somebody says that an address is theirs:
// it names the address, and whoever opens it signed in, and confirms, is the
// person. It lives PairingFor.
type Pairing struct {
	ID      string    `json:"id"` // random; Key.Link derives the secret from it
	Channel string    `json:"channel"`
	Address string    `json:"address"`
	Name    string    `json:"name,omitempty"` // what the chat calls the address's owner, to be recognised by
	Made    time.Time `json:"made"`
	Until   time.Time `json:"until"`
	Used    time.Time `json:"used,omitzero"`
}
