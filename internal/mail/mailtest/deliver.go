package mailtest

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// mostWaiting is how many mails the mailbox that is read over IMAP holds.
const mostWaiting = 20_000

// ours: what goes to this address lands in the mailbox that is read over IMAP,
// whatever follows a + in it.
func (s *Server) ours(address string) bool {
	if s.o.Inbox == "" {
		return false
	}
	_, domain, _ := strings.Cut(strings.ToLower(address), "@")
	return bare(address) == bare(s.o.Inbox) || slices.ContainsFunc(s.o.Catch, func(d string) bool { return strings.EqualFold(d, domain) })
}

// Deliver takes in any mail, as a mail server that another one hands it to, and
// says which number it has. Unlike what comes over SMTP for people it may look as it
// likes.
func (s *Server) Deliver(from string, to []string, raw []byte) (int, error) {
	if len(to) == 0 {
		return 0, errors.New("delivering a mail: it has no recipient")
	}
	m, _, _ := open(raw) // what can't be read is left out
	m.From, m.To, m.At = from, slices.Clone(to), time.Now()
	return s.keep(m)
}

// keep takes a mail in.
func (s *Server) keep(m Mail) (int, error) {
	copies := 1
	if _, twice := s.fault(AtDelivery, strings.Join(m.To, ",")); twice {
		copies = 2
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if f := s.folderNamed(inbox); f != nil && len(f.messages) >= mostWaiting {
		return 0, errors.New("taking a mail in: the mailbox is full")
	}
	m, err := s.store(m)
	if err != nil {
		return 0, err
	}
	for _, to := range m.To {
		if !s.ours(to) {
			continue
		}
		for range copies {
			s.add(s.folderNamed(inbox), message{mail: m, head: s.trace(m, to), at: m.At})
		}
	}
	close(s.came)
	s.came = make(chan struct{})
	return m.Number, nil
}

// store numbers and files a mail, and lets the oldest go where there are too many.
func (s *Server) store(m Mail) (Mail, error) {
	s.last++
	m.Number = s.last
	if err := s.file(m); err != nil {
		return m, err
	}
	if s.mails = append(s.mails, m); len(s.mails) > most {
		gone := s.mails[0].Number
		s.mails = slices.Clone(s.mails[1:])
		s.forget(gone)
	}
	return m, nil
}

// trace is what mail servers on the way to us put before a mail.
func (s *Server) trace(m Mail, to string) []byte {
	var b strings.Builder
	fmt.Fprintf(&b, "Return-Path: <%s>\r\nDelivered-To: %s\r\n", m.From, to)
	if s.o.Stamp != nil {
		b.WriteString(s.o.Stamp(m))
	}
	fmt.Fprintf(&b, "Received: from mail.test (mail.test [127.0.0.1])\r\n\tby mail.test with ESMTP id %d\r\n\tfor <%s>; %s\r\n", s.last, to, m.At.Format(time.RFC1123Z))
	return []byte(b.String())
}
