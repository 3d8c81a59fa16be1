package outbox

import (
	"strconv"
	"time"
)

// Call is how a try to hand a mail to a mail service over HTTP ended.
type Call struct {
	// Heard: the service may have read the request.
	Heard bool
	// Status of the reply; 0: there was none.
	Status int
	// Wait is what the service asks for before the next try.
	Wait time.Duration
	// Tries counts this one; First is when the first began.
	Tries int
	First time.Time
	Now   time.Time
}

// mostWait bounds what a service may ask for.
const mostWait = time.Hour

// Settle says what a call means for its letters. Only 202 says that a mail was
// taken. Without a reply, or with one of a gateway that lost its own, it may have
// been: only an event of the service's, or a person, ends that.
func (c Call) Settle() Settled {
	s := Settled{At: c.Now, Fault: c.fault()}
	switch {
	case c.Status == 202:
		s.State, s.Fault = Sent, ""
	case c.Heard && (c.Status == 0 || c.Status == 502 || c.Status == 504 || c.Status/100 == 2):
		s.State = Unknown
	case c.ofMail():
		s.State = Refused
	default:
		s.State = Waiting
		next, again := Retry(c.Tries, c.First, c.Now)
		if asked := c.Now.Add(min(c.Wait, mostWait)); asked.After(next) {
			next = asked
		}
		if s.Next = next; !again {
			s.State = Refused
		}
	}
	return s
}

// Down reports whether the next mail would fare the same.
func (c Call) Down() bool { return c.Status != 202 && !c.ofMail() }

// ofMail: what is wrong is this mail. A key that ended, a sender that is not
// verified, a limit and a fault of the service's own say nothing about it.
func (c Call) ofMail() bool {
	switch c.Status {
	case 401, 403, 404, 405, 408, 429:
		return false
	}
	return c.Status/100 == 4
}

func (c Call) fault() string {
	switch {
	case c.Status != 0:
		return "service " + strconv.Itoa(c.Status)
	case c.Heard:
		return "service"
	default:
		return string(Reaching)
	}
}
