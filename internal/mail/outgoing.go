package mail

import (
	"bytes"
	"fmt"
	netmail "net/mail"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"
)

// outgoing is a mail as it leaves, whoever carries it.
type outgoing struct {
	message  string // Message-ID without brackets
	envelope string // the envelope's sender
	from, to netmail.Address
	replyTo  string // empty: From
	subject  string
	at       time.Time
	headers  []header
	text     string
	html     string
	invite   *invitation // nil: none
	raw      []byte      // what a mail server gets
}

// header is a line of a mail's head that every carrier takes as it is.
type header struct{ name, value string }

// compile makes the whole mail of its parts.
func (w *outgoing) compile() error {
	options := []gomail.MsgOption{
		gomail.WithNoDefaultUserAgent(), // it would tell strangers which library to attack
		gomail.WithEncoding(gomail.EncodingQP),
	}
	if w.invite == nil { // parts within parts need boundaries of their own
		options = append(options, gomail.WithBoundary("gw-"+strings.ReplaceAll(w.message, "@", "-")))
	}
	m := gomail.NewMsg(options...)
	m.FromMailAddress(&w.from)
	m.ToMailAddress(&w.to)
	if w.replyTo != "" {
		if err := m.ReplyTo(w.replyTo); err != nil {
			return fmt.Errorf("writing where answers go: %w", err)
		}
	}
	m.Subject(w.subject)
	m.SetDateWithValue(w.at)
	m.SetMessageIDWithValue(w.message)
	for _, h := range w.headers {
		m.SetGenHeader(gomail.Header(h.name), h.value)
	}
	m.SetBodyString(gomail.TypeTextPlain, w.text)
	m.AddAlternativeString(gomail.TypeTextHTML, w.html)
	if w.invite != nil {
		if err := w.invite.into(m); err != nil {
			return err
		}
	}
	var raw bytes.Buffer
	if _, err := m.WriteTo(&raw); err != nil {
		return fmt.Errorf("writing a mail: %w", err)
	}
	w.raw = raw.Bytes()
	return nil
}
