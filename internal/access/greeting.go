package access

// Greeting is what a stranger who holds a ticket or a link may know.
type Greeting struct {
	Name string `json:"name"` // masked: "Helen M."
	// Person is for comparing with whoever is signed in; it is never shown.
	Person string `json:"-"`
	// Next is the local page that it leads to, for somebody signed in.
	Next string `json:"next"`
}

// CodeWanted names who wants a one-time link and code: by ticket, or else by
// mail address. Next is the local page to come back to; a ticket has its own.
type CodeWanted struct {
	Ticket string `json:"ticket,omitempty"`
	Mail   string `json:"mail,omitempty"`
	Next   string `json:"next,omitempty"`
}
