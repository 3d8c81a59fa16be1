package mailtest

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Mail is one that came.
type Mail struct {
	// Number counts up from 1.
	Number int
	From   string   // the envelope's
	To     []string // the envelope's
	At     time.Time
	// Subject, Text and HTML are decoded.
	Subject, Text, HTML string
	Header              mail.Header
	Raw                 []byte
}

func (m Mail) isTo(address string) bool {
	return slices.ContainsFunc(m.To, func(to string) bool { return strings.EqualFold(to, address) })
}

// Message is its Message-ID without brackets.
func (m Mail) Message() string { return strings.Trim(m.Header.Get("Message-Id"), "<>") }

// Link is the first address in the text that contains a part, such as "/go/";
// empty: there is none.
func (m Mail) Link(part string) string {
	for _, word := range strings.Fields(m.Text) {
		if (strings.HasPrefix(word, "http://") || strings.HasPrefix(word, "https://")) && strings.Contains(word, part) {
			return word
		}
	}
	return ""
}

// Links are all of them, in their order.
func (m Mail) Links(part string) []string {
	var all []string
	for _, word := range strings.Fields(m.Text) {
		if (strings.HasPrefix(word, "http://") || strings.HasPrefix(word, "https://")) && strings.Contains(word, part) {
			all = append(all, word)
		}
	}
	return all
}

// read takes a mail apart and says what is wrong with it: what a mail of a
// program to a person must have (RFC 5322 section 3.6, RFC 3834 section 5), must
// have once, and must not have.
func read(raw []byte) (Mail, []string) {
	var faults []string
	wrong := func(is bool, format string, args ...any) {
		if is {
			faults = append(faults, fmt.Sprintf(format, args...))
		}
	}
	for line := range bytes.SplitSeq(raw, []byte("\n")) {
		wrong(len(line) > 999, "a line has %d octets", len(line))
	}
	bare := bytes.ReplaceAll(raw, []byte("\r\n"), nil)
	wrong(bytes.ContainsAny(bare, "\r\n"), "a line does not end in CR LF")
	head, _, _ := bytes.Cut(raw, []byte("\r\n\r\n"))
	wrong(!ascii(head), "the header holds bytes that are not ASCII")
	parsed, err := mail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		return Mail{}, append(faults, "it can't be parsed")
	}
	m := Mail{Header: parsed.Header, Raw: raw}
	for _, name := range []string{"From", "To", "Date", "Message-Id", "Subject", "Mime-Version", "Content-Type", "Auto-Submitted"} {
		wrong(len(parsed.Header[name]) != 1, "it has %d headers %s", len(parsed.Header[name]), name)
	}
	for _, name := range []string{"Reply-To", "User-Agent", "X-Mailer", "Bcc", "Cc", "Sender"} {
		wrong(len(parsed.Header[name]) != 0, "it has a header %s", name)
	}
	for name := range parsed.Header {
		wrong(!slices.Contains([]string{"From", "To", "Date", "Message-Id", "Subject", "Mime-Version", "Content-Type", "Auto-Submitted",
			"In-Reply-To", "References"}, name), "it has a header %.40s", name)
	}
	_, err = parsed.Header.Date()
	wrong(err != nil, "its date can't be read")
	from, err := parsed.Header.AddressList("From")
	wrong(err != nil || len(from) != 1, "it does not come from one address")
	to, err := parsed.Header.AddressList("To")
	wrong(err != nil || len(to) != 1, "it does not go to one address")
	m.Subject, err = new(mime.WordDecoder).DecodeHeader(parsed.Header.Get("Subject"))
	wrong(err != nil || strings.ContainsAny(m.Subject, "\r\n\x00"), "its subject can't be read")
	more, err := m.parts(parsed.Body)
	wrong(err != nil, "its parts can't be read")
	return m, append(faults, more...)
}

// parts reads the two alternatives, text first (RFC 2046 section 5.1.4).
func (m *Mail) parts(body io.Reader) (faults []string, err error) {
	kind, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/alternative" {
		return nil, errors.New("it is no multipart/alternative")
	}
	r := multipart.NewReader(body, params["boundary"])
	var kinds []string
	for {
		p, err := r.NextRawPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		if p.Header.Get("Content-Transfer-Encoding") != "quoted-printable" {
			faults = append(faults, "a part is not quoted-printable")
		}
		text, err := io.ReadAll(quotedprintable.NewReader(p))
		if err != nil || !utf8.Valid(text) {
			return nil, errors.New("a part is no text")
		}
		partKind, _, err := mime.ParseMediaType(p.Header.Get("Content-Type"))
		if err != nil {
			return nil, err
		}
		switch kinds = append(kinds, partKind); partKind {
		case "text/plain":
			m.Text = strings.ReplaceAll(string(text), "\r\n", "\n")
		case "text/html":
			m.HTML = strings.ReplaceAll(string(text), "\r\n", "\n")
		}
	}
	if !slices.Equal(kinds, []string{"text/plain", "text/html"}) {
		faults = append(faults, "its parts are not a text and its HTML")
	}
	if len(m.HTML) > 100<<10 {
		faults = append(faults, "its HTML is longer than readers show")
	}
	return faults, nil
}

func ascii(b []byte) bool {
	return !slices.ContainsFunc(b, func(c byte) bool { return c > 126 || c < 32 && c != '\r' && c != '\n' && c != '\t' })
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

func (s *Server) forget(m Mail) {
	if s.o.Dir != "" {
		_ = os.Remove(s.path(m.Number)) // one file too many harms nobody
	}
}

// load reads the mails of an earlier run.
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
	for _, name := range names[max(0, len(names)-most):] {
		number, err := strconv.Atoi(strings.TrimSuffix(filepath.Base(name), ".eml"))
		if err != nil {
			continue // not one of ours
		}
		stored, err := os.ReadFile(name)
		if err != nil {
			return fmt.Errorf("reading a mail of an earlier run: %w", err)
		}
		from, rest, _ := bytes.Cut(stored, []byte("\r\n"))
		to, raw, _ := bytes.Cut(rest, []byte("\r\n"))
		m, faults := read(raw)
		if len(faults) > 0 {
			continue
		}
		m.Number, m.From = number, strings.Trim(strings.TrimPrefix(string(from), "Return-Path: "), "<>")
		m.To = strings.Split(strings.TrimPrefix(string(to), "Delivered-To: "), ",")
		if m.At, err = m.Header.Date(); err != nil {
			continue
		}
		s.mails, s.last = append(s.mails, m), number
	}
	return nil
}
