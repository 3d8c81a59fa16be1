package mailtest

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/htmlindex"
)

// Limits of what is taken apart. What lies beyond is kept as it came, and not
// shown.
const (
	deepest   = 20
	mostParts = 300
)

// leaf is a part that holds no others.
type leaf struct {
	kind, charset, encoding, name string
	attached                      bool
	bytes                         []byte
}

// opening takes a mail apart.
type opening struct {
	leaves []leaf
	shape  strings.Builder // such as alternative(text/plain text/html)
	parts  int
}

// open takes apart whatever came: what can't be read is left out, and said by the
// error.
func open(raw []byte) (m Mail, o *opening, err error) {
	o = &opening{}
	m.Raw = raw
	parsed, err := mail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		return m, o, errors.New("it can't be parsed")
	}
	m.Header = parsed.Header
	if m.Subject, err = new(mime.WordDecoder).DecodeHeader(parsed.Header.Get("Subject")); err != nil {
		m.Subject = parsed.Header.Get("Subject")
	}
	err = o.part(parsed.Header.Get, parsed.Body, 0)
	for _, l := range o.leaves {
		switch {
		case l.kind == "text/plain" && !l.attached && m.Text == "":
			m.Text = l.text()
		case l.kind == "text/html" && !l.attached && m.HTML == "":
			m.HTML = l.text()
		default:
			m.Files = append(m.Files, File{Name: l.name, Kind: l.kind, Bytes: l.bytes})
		}
	}
	return m, o, err
}

func (l leaf) text() string {
	text := l.bytes
	if e, err := htmlindex.Get(l.charset); err == nil {
		if decoded, err := e.NewDecoder().Bytes(text); err == nil {
			text = decoded
		}
	}
	return strings.ToValidUTF8(strings.ReplaceAll(string(text), "\r\n", "\n"), "\uFFFD")
}

func (o *opening) part(header func(string) string, body io.Reader, depth int) error {
	if o.parts++; depth > deepest || o.parts > mostParts {
		return errors.New("it has too many parts")
	}
	declared := header("Content-Type")
	if declared == "" {
		declared = "text/plain"
	}
	kind, params, err := mime.ParseMediaType(declared)
	if err != nil {
		return fmt.Errorf("reading what a part is: %w", err)
	}
	if family, sub, _ := strings.Cut(kind, "/"); family == "multipart" {
		o.shape.WriteString(sub + "(")
		if params["boundary"] == "" {
			return errors.New("its parts have no boundary")
		}
		r := multipart.NewReader(body, params["boundary"])
		for between := ""; ; between = " " {
			p, err := r.NextRawPart()
			if errors.Is(err, io.EOF) {
				o.shape.WriteString(")")
				return nil
			}
			if err != nil {
				return fmt.Errorf("reading the parts: %w", err)
			}
			o.shape.WriteString(between)
			if err := o.part(p.Header.Get, p, depth+1); err != nil {
				return err
			}
		}
	}
	o.shape.WriteString(kind)
	l := leaf{kind: kind, charset: params["charset"], encoding: strings.ToLower(header("Content-Transfer-Encoding")), name: params["name"]}
	placed, how, err := mime.ParseMediaType(header("Content-Disposition"))
	if err == nil && how["filename"] != "" {
		l.name = how["filename"]
	}
	if decoded, err := new(mime.WordDecoder).DecodeHeader(l.name); err == nil {
		l.name = decoded
	}
	l.attached = placed == "attachment"
	switch l.encoding {
	case "quoted-printable":
		body = quotedprintable.NewReader(body)
	case "base64":
		body = base64.NewDecoder(base64.StdEncoding, body)
	}
	l.bytes, err = io.ReadAll(body)
	o.leaves = append(o.leaves, l)
	return err
}

// read takes apart a mail of a program to a person, and says what is wrong with it:
// what such a one must have (RFC 5322 section 3.6, RFC 3834 section 5), must have
// once, and must not have.
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
	wrong(bytes.ContainsAny(bytes.ReplaceAll(raw, []byte("\r\n"), nil), "\r\n"), "a line does not end in CR LF")
	head, _, _ := bytes.Cut(raw, []byte("\r\n\r\n"))
	wrong(!ascii(head), "the header holds bytes that are not ASCII")
	m, o, err := open(raw)
	if m.Header == nil {
		return Mail{}, append(faults, "it can't be parsed")
	}
	wrong(err != nil, "its parts can't be read")
	for _, name := range once() {
		wrong(len(m.Header[name]) != 1, "it has %d headers %s", len(m.Header[name]), name)
	}
	for name, values := range m.Header {
		wrong(!slices.Contains(once(), name) && !slices.Contains(perhaps(), name), "it has a header %.40s", name)
		wrong(len(values) > 1 && !slices.Contains(once(), name), "it has %d headers %.40s", len(values), name)
	}
	_, err = m.Header.Date()
	wrong(err != nil, "its date can't be read")
	for name, verb := range map[string]string{"From": "come from", "To": "go to", "Reply-To": "want replies at"} {
		list, err := m.Header.AddressList(name)
		wrong((err != nil || len(list) != 1) && len(m.Header[name]) > 0, "it does not %s one address", verb)
	}
	_, err = new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
	wrong(err != nil || strings.ContainsAny(m.Subject, "\r\n\x00"), "its subject can't be read")
	return m, append(faults, o.faults(m)...)
}

// once are the headers that a mail of ours has, perhaps those that it may have.
func once() []string {
	return []string{"From", "To", "Date", "Message-Id", "Subject", "Mime-Version", "Content-Type", "Auto-Submitted"}
}

func perhaps() []string {
	return []string{"In-Reply-To", "References", "Reply-To", "X-Auto-Response-Suppress"}
}

// faults is what is wrong with the parts: a text, its HTML (RFC 2046 section
// 5.1.4: the plainest first) and perhaps an invitation are alternatives; what is
// attached stands behind them.
func (o *opening) faults(m Mail) (faults []string) {
	shape, attached := o.shape.String(), 0
	if inner, mixed := strings.CutPrefix(shape, "mixed("); mixed {
		first, rest, _ := strings.Cut(inner, ")")
		shape, attached = first+")", len(strings.Fields(rest[:max(0, len(rest)-1)]))
		if attached == 0 {
			faults = append(faults, "it says that things are attached, and none is")
		}
	}
	alternatives := 2
	switch shape {
	case "alternative(text/plain text/html)":
	case "alternative(text/plain text/html text/calendar)":
		alternatives = 3
	default:
		return append(faults, "its parts are not a text and its HTML")
	}
	for i, l := range o.leaves {
		switch {
		case i < 2 && l.encoding != "quoted-printable":
			faults = append(faults, "a part is not quoted-printable")
		case i < alternatives && (!utf8.Valid(l.bytes) || !strings.EqualFold(l.charset, "utf-8")):
			faults = append(faults, "a part is no text in UTF-8")
		case i < alternatives && l.attached:
			faults = append(faults, "an alternative is attached")
		case i >= alternatives && (!l.attached || l.name == ""):
			faults = append(faults, "an attachment has no name")
		}
	}
	if len(m.HTML) > 100<<10 {
		faults = append(faults, "its HTML is longer than readers show")
	}
	return faults
}

func ascii(b []byte) bool {
	return !slices.ContainsFunc(b, func(c byte) bool { return c > 126 || c < 32 && c != '\r' && c != '\n' && c != '\t' })
}
