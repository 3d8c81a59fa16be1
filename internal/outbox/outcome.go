package outbox

import (
	"strconv"
	"time"
)

// Phase is how far the conversation with a mail server had come.
type Phase string

// Phases.
const (
	// Reaching: no connection, no TLS, no sign-in: nothing was said about a mail.
	Reaching Phase = "connection"
	// Telling: sender, recipient, DATA and the text up to the final dot. Without
	// the dot a server must not deliver (RFC 5321 section 4.1.1.4).
	Telling Phase = "envelope"
	// Handed: the final dot may have been read.
	Handed Phase = "data"
)

// Try is how a try to send a mail ended.
type Try struct {
	Phase Phase
	// Code is the server's reply; 0: it gave none.
	Code int
	// Tries counts this one; First is when the first began.
	Tries int
	First time.Time
	Now   time.Time
}

// Settle says what a try means for its letters. A server that took the mail said
// 250 after the dot. Silence after the dot may be either: only a person sends
// such a mail again.
func (t Try) Settle() Settled {
	s := Settled{At: t.Now, Fault: t.fault()}
	switch {
	case t.Phase == Handed && t.Code/100 == 2:
		s.State, s.Fault = Sent, ""
	case t.Phase == Handed && t.Code/100 != 4 && t.Code/100 != 5:
		s.State = Unknown
	case t.Phase != Reaching && t.Code/100 == 5 && !ofSignIn(t.Code):
		s.State = Refused
	default:
		s.State = Waiting
		next, again := Retry(t.Tries, t.First, t.Now)
		if s.Next = next; !again {
			s.State = Refused
		}
	}
	return s
}

// ofSignIn: the server wants us to sign in, or better (RFC 4954 section 6).
// That is the operator's to mend and says nothing about the recipient.
func ofSignIn(code int) bool { return code == 530 || code == 534 || code == 535 || code == 538 }

func (t Try) fault() string {
	if t.Code == 0 {
		return string(t.Phase)
	}
	return string(t.Phase) + " " + strconv.Itoa(t.Code)
}
