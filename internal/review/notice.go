package review

import "time"

// Notice is one message to one person about the requests that opened, or want a
// reminder, at the same moment.
type Notice struct {
	// ID is the same for every attempt to send this notice.
	ID       string    `json:"id"`
	Case     string    `json:"case"`
	Person   string    `json:"person"`
	Requests []string  `json:"requests"`
	Why      string    `json:"why"` // asked, reminder, backup, manager, owner, vacant
	At       time.Time `json:"at"`  // case time
}

// Copy asks a channel to bring all copies of a request to its state.
type Copy struct {
	Request string    `json:"request"`
	State   State     `json:"state"`
	Closed  bool      `json:"closed,omitempty"`
	At      time.Time `json:"at"`
}
