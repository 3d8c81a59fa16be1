package slacktest

import (
	"encoding/json"
	"time"
)

// User is a person or a bot as the workspace sees them.
type User struct {
	ID string
	// Team is the workspace they belong to; empty: this one.
	Team string
	// Name is the handle, RealName what people read.
	Name, RealName, Email string
	// TZ is an IANA zone; empty: Etc/UTC.
	TZ string
	// Restricted is a guest of several channels, UltraRestricted one of a single
	// channel, Stranger somebody who shares a channel only.
	Bot, Deleted, Restricted, UltraRestricted, Stranger bool
	// QuietFrom and QuietTo are the next window of do-not-disturb; zero: none.
	QuietFrom, QuietTo time.Time
}

// ChannelKind is what kind of conversation it is.
type ChannelKind string

// Kinds of conversations; the zero value is a public channel.
const (
	Public  ChannelKind = ""
	Private ChannelKind = "private"
	Direct  ChannelKind = "im"   // D…: the app and one person
	Several ChannelKind = "mpim" // G…: the app and several
)

// Channel is a conversation.
type Channel struct {
	ID, Name string
	Kind     ChannelKind
	// Members are ids of users, the app's own among them where it may post.
	Members []string
	// ExtShared is shared with another organisation, PendingExtShared about to be.
	ExtShared, PendingExtShared, Archived bool
}

// Group is a user group.
type Group struct {
	ID, Handle, Name string
	Users            []string
	Disabled         bool
}

// Version is what a message said at a time.
type Version struct {
	Text   string
	Blocks json.RawMessage // an array, block ids filled in; empty: none
	At     time.Time
}

// Message is one in a channel. An ephemeral one is seen by a single person and
// cannot be changed.
type Message struct {
	Channel, TS string
	ThreadTS    string // of the message it replies to; empty: none
	User        string // who wrote it
	// Ephemeral is the only one who sees it; empty: all.
	Ephemeral string
	Version
	// Earlier are the versions before, the oldest first.
	Earlier  []Version
	Metadata json.RawMessage // as sent; empty: none
	Deleted  bool
	// Broken says why people see a warning triangle at it: the app did not take
	// their last click in time; empty: they don't.
	Broken string
}

// View is a modal or a home tab.
type View struct {
	ID   string
	User string // who sees it
	// Type is modal or home.
	Type, CallbackID, ExternalID, PrivateMetadata, Hash string
	// Root is the first view of the stack, Previous the one below; empty: none.
	Root, Previous string
	Title          string
	Blocks         json.RawMessage // an array, block ids filled in
	JSON           json.RawMessage // the view as the app sent it
	// NotifyOnClose: the app hears of its closing. ClearOnClose: all close with it.
	NotifyOnClose, ClearOnClose bool
	// Values are what its inputs hold, by block and action, as in state.values.
	Values map[string]map[string]json.RawMessage
	// Errors stand beside the inputs, by block id.
	Errors map[string]string
	// Trouble stands at the top of the modal; empty: nothing.
	Trouble string
	// Versions counts how often it was set.
	Versions int
	At       time.Time
}

// Notice is something else that a person saw: a passing warning.
type Notice struct {
	User, Text string
	At         time.Time
}
