package mailtest

import (
	"strings"
	"time"

	"github.com/emersion/go-smtp"
)

// Stage is where in the conversation a fault happens.
type Stage string

// Stages.
const (
	AtConnect Stage = "connect" // instead of the greeting
	AtMail    Stage = "mail"    // after MAIL
	AtRcpt    Stage = "rcpt"    // after RCPT
	CutInData Stage = "data"    // within the text, before its end
	AtEnd     Stage = "end"     // after the final dot
)

// Stages of what is delivered, and of IMAP.
const (
	AtDelivery Stage = "delivery" // it comes twice
	AtGreeting Stage = "imap"     // instead of IMAP's greeting

	// Instead of a command's answer. Where Keep is set it is done all the same.
	AtLogin   Stage = "imap login" // AUTHENTICATE too
	AtSelect  Stage = "imap select"
	AtList    Stage = "imap list"
	AtCreate  Stage = "imap create"
	AtStatus  Stage = "imap status"
	AtSearch  Stage = "imap search"
	AtFetch   Stage = "imap fetch"
	AtStore   Stage = "imap store"
	AtCopy    Stage = "imap copy"
	AtMove    Stage = "imap move"
	AtExpunge Stage = "imap expunge"
	AtAppend  Stage = "imap append"
	AtNoop    Stage = "imap noop"
	AtIdle    Stage = "imap idle" // Silence: it begins, and then nothing is told and nothing ends it
	// MidLiteral is within the text of a mail, after about half of it.
	MidLiteral Stage = "imap literal"
)

// How is what goes wrong.
type How string

// Ways to go wrong; the zero value replies with Fault.Code.
const (
	Reply   How = ""
	Cut     How = "cut"     // the connection ends
	Silence How = "silence" // nothing comes any more
	Slow    How = "slow"    // all is well, later
	// Stale is for AtIdle: a count is told at once that says nothing new.
	Stale How = "stale"
)

// Fault is one to order.
type Fault struct {
	At   Stage
	How  How
	Code int // 0: 451; over SMTP
	// To limits it to one recipient; empty: all.
	To string
	// Times is how often; 0: once, below 0: until Mend. Skip is how many are let
	// pass before.
	Times, Skip int
	// Keep: the mail is kept all the same, though its sender is not told so.
	Keep bool
	For  time.Duration // how slow
}

// Order lets faults happen, in this order where several fit.
func (s *Server) Order(faults ...Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, f := range faults {
		if f.Times == 0 {
			f.Times = 1
		}
		s.faults = append(s.faults, f)
	}
}

// Mend forgets all faults that were ordered.
func (s *Server) Mend() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = nil
}

// fault takes the next fault for a stage.
func (s *Server) fault(at Stage, to string) (Fault, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i := range s.faults {
		f := s.faults[i]
		if f.At != at || f.To != "" && !strings.EqualFold(f.To, to) {
			continue
		}
		if f.Skip > 0 {
			s.faults[i].Skip--
			continue
		}
		if s.faults[i].Times--; s.faults[i].Times == 0 {
			s.faults = append(s.faults[:i:i], s.faults[i+1:]...)
		}
		return f, true
	}
	return Fault{}, false
}

func (f Fault) code() int {
	if f.Code == 0 {
		return 451
	}
	return f.Code
}

func (f Fault) reply() error {
	code := f.code()
	return &smtp.SMTPError{Code: code, EnhancedCode: smtp.EnhancedCode{code / 100, 0, 0}, Message: "refused to order"}
}
