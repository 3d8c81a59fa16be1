package mailtest

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

// journal is the file that says what is in which folder, a change a line.
const journal = "folders.jsonl"

// entry is a line of it: a folder that begins anew, where Validity is set; else a
// message that came (with Next of its folder following), changed its flags, or
// went.
type entry struct {
	Folder   string    `json:"folder"`
	Validity uint32    `json:"validity,omitempty"`
	Next     uint32    `json:"next,omitempty"`
	UID      uint32    `json:"uid,omitempty"`
	Number   int       `json:"number,omitempty"`
	Head     string    `json:"head,omitempty"`
	At       time.Time `json:"at,omitzero"`
	Flags    []string  `json:"flags,omitempty"`
	Gone     bool      `json:"gone,omitempty"`
}

func (s *Server) path(number int) string {
	return filepath.Join(s.o.Dir, fmt.Sprintf("%08d.eml", number))
}

// file writes a mail beside the others, its envelope in front as a mail server
// notes it.
func (s *Server) file(m Mail) error {
	if s.o.Dir == "" {
		return nil
	}
	head := "Return-Path: <" + m.From + ">\r\nDelivered-To: " + strings.Join(m.To, ",") + "\r\n"
	if err := os.WriteFile(s.path(m.Number), append([]byte(head), m.Raw...), 0o600); err != nil {
		return fmt.Errorf("filing a mail: %w", err)
	}
	return nil
}

// unrefer: one folder fewer holds the mail.
func (s *Server) unrefer(number int) {
	if s.refs[number]--; s.refs[number] <= 0 {
		delete(s.refs, number)
		s.forget(number)
	}
}

// forget removes a mail's file, unless somebody still sees the mail.
func (s *Server) forget(number int) {
	if s.o.Dir == "" || s.refs[number] > 0 || slices.ContainsFunc(s.mails, func(m Mail) bool { return m.Number == number }) {
		return
	}
	_ = os.Remove(s.path(number)) // one file too many harms nobody
}

// note writes a line of the journal. What can't be written is complained of: the
// folders of the next run would not be those of this one.
func (s *Server) note(e entry) {
	if s.journal == nil {
		return
	}
	line, err := json.Marshal(e)
	if err == nil {
		_, err = s.journal.Write(append(line, '\n'))
	}
	if err != nil && len(s.complaints) < most {
		s.complaints = append(s.complaints, "the journal of the folders can't be written")
	}
}

// load reads the mails and folders of an earlier run.
func (s *Server) load() error {
	if s.o.Dir == "" {
		return nil
	}
	if err := os.MkdirAll(s.o.Dir, 0o700); err != nil {
		return fmt.Errorf("making the folder of mails: %w", err)
	}
	names, err := filepath.Glob(filepath.Join(s.o.Dir, "*.eml"))
	if err != nil {
		return fmt.Errorf("listing the folder of mails: %w", err)
	}
	slices.Sort(names)
	stored := map[int]Mail{}
	for _, name := range names {
		number, err := strconv.Atoi(strings.TrimSuffix(filepath.Base(name), ".eml"))
		if err != nil {
			continue // not one of ours
		}
		bytes, err := os.ReadFile(name)
		if err != nil {
			return fmt.Errorf("reading a mail of an earlier run: %w", err)
		}
		if m, ok := filed(bytes); ok {
			m.Number = number
			stored[number] = m
			s.mails, s.last = append(s.mails, m), number
		}
	}
	s.mails = s.mails[max(0, len(s.mails)-most):]
	return s.loadFolders(stored)
}

// filed reads a mail's file.
func filed(stored []byte) (Mail, bool) {
	from, rest, _ := bytes.Cut(stored, []byte("\r\n"))
	to, raw, found := bytes.Cut(rest, []byte("\r\n"))
	if !found || !bytes.HasPrefix(from, []byte("Return-Path: ")) {
		return Mail{}, false
	}
	m, _, _ := open(raw) // what can't be read is left out
	m.From = strings.Trim(strings.TrimPrefix(string(from), "Return-Path: "), "<>")
	if list := strings.TrimPrefix(string(to), "Delivered-To: "); list != "" {
		m.To = strings.Split(list, ",")
	}
	if at, err := m.Header.Date(); err == nil {
		m.At = at
	}
	return m, true
}

// loadFolders plays the journal and begins it anew.
func (s *Server) loadFolders(stored map[int]Mail) error {
	name := filepath.Join(s.o.Dir, journal)
	old, err := os.Open(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return fmt.Errorf("opening the journal of the folders: %w", err)
	default:
		err := s.play(old, stored)
		if err = errors.Join(err, old.Close()); err != nil {
			return fmt.Errorf("reading the journal of the folders: %w", err)
		}
	}
	fresh, err := os.OpenFile(name+".new", os.O_CREATE|os.O_TRUNC|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return fmt.Errorf("beginning a journal of the folders: %w", err)
	}
	s.journal = fresh
	for _, f := range s.folders {
		s.note(entry{Folder: f.name, Validity: f.validity, Next: 1})
		for _, m := range f.messages {
			s.note(entry{Folder: f.name, UID: m.uid, Number: m.mail.Number, Head: string(m.head), At: m.at, Flags: m.flags})
		}
		s.note(entry{Folder: f.name, Next: f.next})
	}
	if err := os.Rename(name+".new", name); err != nil {
		return fmt.Errorf("replacing the journal of the folders: %w", err)
	}
	return nil
}

func (s *Server) play(r io.Reader, stored map[int]Mail) error {
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var e entry
		if json.Unmarshal(lines.Bytes(), &e) != nil {
			continue // the line that a kill cut
		}
		f := s.folderNamed(e.Folder)
		if f == nil {
			f = &folder{name: e.Folder, fresh: 1}
			s.folders = append(s.folders, f)
		}
		s.again(f, e, stored)
	}
	return lines.Err()
}

// again does what a line of the journal says was done.
func (s *Server) again(f *folder, e entry, stored map[int]Mail) {
	s.validity = max(s.validity, e.Validity)
	switch known := f.at(e.UID); {
	case e.Validity > 0:
		for _, m := range f.messages {
			s.refs[m.mail.Number]--
		}
		f.validity, f.next, f.messages = e.Validity, e.Next, nil
	case e.Gone && e.UID == 0:
		s.folders = slices.DeleteFunc(s.folders, func(other *folder) bool { return other == f })
	case e.Gone && known != nil:
		f.messages = slices.DeleteFunc(f.messages, func(m *message) bool { return m == known })
		s.refs[known.mail.Number]--
	case e.UID == 0:
		f.next = max(f.next, e.Next)
	case known != nil:
		known.flags = e.Flags
	case stored[e.Number].Number > 0:
		f.messages = append(f.messages, &message{uid: e.UID, mail: stored[e.Number], head: []byte(e.Head), at: e.At, flags: e.Flags})
		s.refs[e.Number]++
		fallthrough
	default:
		f.next = max(f.next, e.UID+1)
	}
}
