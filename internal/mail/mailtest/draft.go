package mailtest

import (
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"mime"
	"mime/quotedprintable"
	"net/mail"
	"net/textproto"
	"strings"
	"time"
)

// Client is a mail program, by how its mails look.
type Client string

// Clients; the zero value is Gmail.
const (
	Gmail   Client = "gmail"
	Outlook Client = "outlook"
	Apple   Client = "apple"
	Plain   Client = "plain" // text alone, as Thunderbird writes it where that is set
	HTML    Client = "html"  // HTML alone, as some phones write it
)

// Draft is a mail to be written.
type Draft struct {
	// From is what the header says; empty: who writes it. Envelope is the address
	// that servers are told; empty: the writer's; <> for none.
	From, Envelope string
	To, Cc         []string
	Subject, Text  string
	Markup         string // the HTML that stands above what is quoted; empty: made from Text
	Files          []File
	As             Client
	Language       string // of the mail program, of two letters
	// Footer stands below the text, such as a signature.
	Footer string
	// Bare quotes nothing, and Apart is in no thread.
	Bare, Apart bool
	// Header are more header lines, without CR LF.
	Header []string
	// SignedBy is the domain that signs it; empty: that of whom writes it; "none".
	SignedBy string
	// Above are header lines that come on top after it was signed, without CR LF,
	// and Bend changes the whole afterwards.
	Above []string
	Bend  func([]byte) []byte

	of        *Mail // what it answers or hands on
	forwarded bool
	report    []byte // in place of everything: the body of a report, its type in Header
}

// compose writes a draft down.
func (s *Server) compose(d Draft) ([]byte, error) {
	now := time.Now()
	var b bytes.Buffer
	line := func(name, value string) {
		if value != "" {
			b.WriteString(name + ": " + value + "\r\n")
		}
	}
	from, err := mail.ParseAddress(d.From)
	if err != nil { // a forged one may be anything
		from = &mail.Address{Address: "somebody@elsewhere.example"}
	}
	line("From", d.From)
	line("To", strings.Join(d.To, ", "))
	line("Cc", strings.Join(d.Cc, ", "))
	line("Subject", mime.QEncoding.Encode("utf-8", d.Subject))
	line("Date", now.Format(time.RFC1123Z))
	line("Message-ID", "<"+rand.Text()+"@"+domainOf(from.Address)+">")
	if d.of != nil && !d.forwarded && !d.Apart {
		line("In-Reply-To", "<"+d.of.Message()+">")
		line("References", strings.TrimSpace(d.of.Header.Get("References")+" <"+d.of.Message()+">"))
	}
	for _, h := range d.Header {
		b.WriteString(h + "\r\n")
	}
	line("MIME-Version", "1.0")
	if d.report != nil {
		b.Write(d.report)
	} else {
		d.body(&b)
	}
	raw := b.Bytes()
	if d.SignedBy != "" && d.SignedBy != "none" && s.o.SignWith != Unsigned {
		k, err := s.signerOf(d.SignedBy)
		if err != nil {
			return nil, err
		}
		header, err := k.sign(d.SignedBy, raw, now)
		if err != nil {
			return nil, err
		}
		raw = append(header, raw...)
	}
	if len(d.Above) > 0 {
		raw = append([]byte(strings.Join(d.Above, "\r\n")+"\r\n"), raw...)
	}
	if d.Bend != nil {
		raw = d.Bend(raw)
	}
	return raw, nil
}

// body writes the content with its headers.
func (d Draft) body(b *bytes.Buffer) {
	if len(d.Files) == 0 {
		d.words(b)
		return
	}
	boundary := "mixed-" + rand.Text()
	fmt.Fprintf(b, "Content-Type: multipart/mixed; boundary=\"%s\"\r\n\r\n--%[1]s\r\n", boundary)
	d.words(b)
	for _, f := range d.Files {
		kind := or(f.Kind, "application/octet-stream")
		fmt.Fprintf(b, "\r\n--%s\r\nContent-Type: %s\r\nContent-Disposition: %s\r\nContent-Transfer-Encoding: base64\r\n\r\n", boundary,
			mime.FormatMediaType(kind, map[string]string{"name": f.Name}), mime.FormatMediaType("attachment", map[string]string{"filename": f.Name}))
		inLines(b, f.Bytes)
	}
	fmt.Fprintf(b, "\r\n--%s--\r\n", boundary)
}

// inLines writes base64.
func inLines(b *bytes.Buffer, content []byte) {
	for len(content) > 0 {
		n := min(57, len(content))
		b.WriteString(base64.StdEncoding.EncodeToString(content[:n]) + "\r\n")
		content = content[n:]
	}
}

// words writes the text, its HTML or both.
func (d Draft) words(b *bytes.Buffer) {
	text, markup := d.asText(), d.asHTML()
	switch d.As {
	case Plain:
		write(b, "text/plain", text, false)
		return
	case HTML:
		write(b, "text/html", markup, false)
		return
	}
	boundary := "alt-" + rand.Text()
	fmt.Fprintf(b, "Content-Type: multipart/alternative; boundary=\"%s\"\r\n\r\n--%[1]s\r\n", boundary)
	write(b, "text/plain", text, d.As == Outlook) // Exchange writes it so
	fmt.Fprintf(b, "\r\n--%s\r\n", boundary)
	write(b, "text/html", markup, d.As == Outlook)
	fmt.Fprintf(b, "\r\n--%s--\r\n", boundary)
}

func write(b *bytes.Buffer, kind, text string, in64 bool) {
	text = strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\n", "\r\n")
	encoding := "quoted-printable"
	if in64 {
		encoding = "base64"
	}
	fmt.Fprintf(b, "Content-Type: %s; charset=\"utf-8\"\r\nContent-Transfer-Encoding: %s\r\n\r\n", kind, encoding)
	if in64 {
		inLines(b, []byte(text))
		return
	}
	w := quotedprintable.NewWriter(b)
	_, _ = w.Write([]byte(text)) // memory takes everything
	_ = w.Close()
}

// address is one as a header holds it.
func address(name, address string) string {
	return (&mail.Address{Name: name, Address: address}).String()
}

// header is a field's value, decoded.
func (m Mail) header(name string) string {
	value := m.Header[textproto.CanonicalMIMEHeaderKey(name)]
	if len(value) == 0 {
		return ""
	}
	decoded, err := new(mime.WordDecoder).DecodeHeader(value[0])
	if err != nil {
		return value[0]
	}
	return decoded
}
