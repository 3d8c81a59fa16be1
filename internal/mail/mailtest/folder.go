package mailtest

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
)

// inbox is the folder that every mailbox has.
const inbox = "INBOX"

// folder is one of the mailbox that is read over IMAP. The server's lock guards it.
type folder struct {
	name           string
	validity, next uint32
	fresh          uint32     // the first UID that no session has been told of: \Recent
	messages       []*message // by UID
}

// message is one in a folder. Only its flags change.
type message struct {
	uid   uint32
	mail  Mail
	head  []byte // what the servers on the way noted
	at    time.Time
	flags []string

	changed uint64    // the tick of the last change of its flags
	by      *imapConn // who knows of it
}

func (m *message) size() int { return len(m.head) + len(m.mail.Raw) }

// bytes are the whole of it.
func (m *message) bytes() []byte { return slices.Concat(m.head, m.mail.Raw) }

func (m *message) has(flag string) bool {
	return slices.ContainsFunc(m.flags, func(f string) bool { return strings.EqualFold(f, flag) })
}

// at is the message with a UID; nil: there is none.
func (f *folder) at(uid uint32) *message {
	if i, found := slices.BinarySearchFunc(f.messages, uid, func(m *message, uid uint32) int { return cmp.Compare(m.uid, uid) }); found {
		return f.messages[i]
	}
	return nil
}

// folderNamed finds one; INBOX is written in any case (RFC 3501 section 5.1).
func (s *Server) folderNamed(name string) *folder {
	if strings.EqualFold(name, inbox) {
		name = inbox
	}
	for _, f := range s.folders {
		if f.name == name {
			return f
		}
	}
	return nil
}

// make adds a folder. A name that was there before gets a higher UIDVALIDITY
// (RFC 3501 section 2.3.1.1).
func (s *Server) makeFolder(name string) *folder {
	s.validity++
	f := &folder{name: name, validity: s.validity, next: 1, fresh: 1}
	s.folders = append(s.folders, f)
	slices.SortFunc(s.folders, func(a, b *folder) int { return strings.Compare(a.name, b.name) })
	s.note(entry{Folder: name, Validity: f.validity, Next: f.next})
	return f
}

func (s *Server) dropFolder(f *folder) {
	s.note(entry{Folder: f.name, Gone: true})
	for _, m := range f.messages {
		s.unrefer(m.mail.Number)
	}
	s.folders = slices.DeleteFunc(s.folders, func(other *folder) bool { return other == f })
	f.validity = 0 // sessions that have it open see that it went
	s.stir()
}

// add puts a message at a folder's end.
func (s *Server) add(f *folder, m message) *message {
	m.uid = f.next
	f.next++
	f.messages = append(f.messages, &m)
	s.refs[m.mail.Number]++
	s.note(entry{Folder: f.name, UID: m.uid, Number: m.mail.Number, Head: string(m.head), At: m.at, Flags: m.flags})
	s.stir()
	return &m
}

// remove takes messages out of a folder.
func (s *Server) remove(f *folder, gone func(*message) bool) {
	f.messages = slices.DeleteFunc(f.messages, func(m *message) bool {
		if !gone(m) {
			return false
		}
		s.note(entry{Folder: f.name, UID: m.uid, Gone: true})
		s.unrefer(m.mail.Number)
		return true
	})
	s.stir()
}

// flag sets a message's flags, which a session knows of.
func (s *Server) flag(f *folder, m *message, flags []string, by *imapConn) {
	if slices.Equal(m.flags, flags) {
		return
	}
	s.tick++
	m.flags, m.changed, m.by = flags, s.tick, by
	s.note(entry{Folder: f.name, UID: m.uid, Number: m.mail.Number, Flags: flags})
	s.stir()
}

// stir wakes whoever waits for a change of the folders.
func (s *Server) stir() {
	close(s.stirred)
	s.stirred = make(chan struct{})
}

// NewValidity gives a folder another UIDVALIDITY and all its mails new UIDs, as a
// mailbox that was restored from a backup has. Sessions that have it open end.
func (s *Server) NewValidity(name string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f := s.folderNamed(name)
	if f == nil {
		return
	}
	s.validity++
	f.validity, f.next, f.fresh = s.validity, 1, 1
	s.note(entry{Folder: f.name, Validity: f.validity, Next: 1})
	old := f.messages
	f.messages = nil
	for _, m := range old {
		s.refs[m.mail.Number]--
		s.add(f, message{mail: m.mail, head: m.head, at: m.at, flags: m.flags})
	}
	s.stir()
}

// Folder is a folder as it is now.
type Folder struct {
	Name           string
	Validity, Next uint32
	Mails          []Mail // the oldest first
}

// Folders are those of the mailbox that is read over IMAP, by name.
func (s *Server) Folders() []Folder {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []Folder
	for _, f := range s.folders {
		all = append(all, Folder{Name: f.name, Validity: f.validity, Next: f.next, Mails: s.mailsIn(f)})
	}
	return all
}

// In are the mails that are in a folder, by name, the oldest first.
func (s *Server) In(name string) []Mail {
	s.mu.Lock()
	defer s.mu.Unlock()
	if f := s.folderNamed(name); f != nil {
		return s.mailsIn(f)
	}
	return nil
}

// Until waits until something holds, which it looks at anew whenever a mail came or
// a folder changed.
func (s *Server) Until(ctx context.Context, holds func() bool) error {
	for {
		s.mu.Lock()
		came, stirred := s.came, s.stirred
		s.mu.Unlock()
		if holds() {
			return nil
		}
		select {
		case <-came:
		case <-stirred:
		case <-ctx.Done():
			return fmt.Errorf("waiting for the mailboxes: %w", ctx.Err())
		}
	}
}

func (s *Server) mailsIn(f *folder) []Mail {
	var all []Mail
	for _, m := range f.messages {
		mail := m.mail
		mail.At = m.at
		for line := range strings.SplitSeq(string(m.head), "\r\n") {
			if to, found := strings.CutPrefix(line, "Delivered-To: "); found {
				mail.To = []string{to}
			}
			if from, found := strings.CutPrefix(line, "Return-Path: "); found {
				mail.From = strings.Trim(from, "<>")
			}
		}
		all = append(all, mail)
	}
	return all
}
