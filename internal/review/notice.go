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
	// Nth is which telling of the asking this is to the person, of the request
	// among them of which they were told most often: 1 is the first. Due is the
	// earliest of their due dates, zero where none is asked yet; At after it is
	// late.
	Nth int       `json:"nth,omitempty"`
	Due time.Time `json:"due,omitzero"`
	// Everywhere: it is shown by every channel that reaches the person, whatever they
	// prefer. It is about an emergency.
	Everywhere bool `json:"everywhere,omitempty"`
}

// Copy asks a channel to bring all copies of a request to its state.
type Copy struct {
	Request string    `json:"request"`
	State   State     `json:"state"`
	Closed  bool      `json:"closed,omitempty"`
	At      time.Time `json:"at"`
}
