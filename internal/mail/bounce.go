package mail

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	netmail "net/mail"
	"net/textproto"
	"slices"
	"strings"

	"github.com/jhillyerd/enmime/v2"
	"github.com/jhillyerd/enmime/v2/dsn"

	"gangway/internal/access"
	"gangway/internal/dossier"
	"gangway/internal/outbox"
)

// Limits of what is read of a bounce. The parser has none of its own, and its
// work grows with the square of the nesting.
const (
	// MaxBounce is how many bytes of a mail are read; a report that carries the
	// whole of one of our mails is far below.
	MaxBounce      = 1 << 20
	maxHeaderBytes = 256 << 10
	maxParts       = 100
	maxNested      = 10 // as mostDeep
	// maxSemicolons bounds the parameters of a content header, with whatever
	// follows it up to the next empty line: the work of reading them grows with
	// their square, to 13 s for 200 KiB.
	maxSemicolons = 300
)

// Bounce is what a mail server reports of a mail of ours.
type Bounce struct {
	// Token is what the envelope sender carried, Message our mail's Message-ID
	// without brackets; either may be missing.
	Token, Message string
	// Failed: it was not delivered and will not be. A report of a delay, or that
	// it was handed on, is none.
	Failed bool
	// Status is the class of the failure (RFC 3463), such as 5.1.1.
	Status string
}

// ReadBounce reads a delivery report (RFC 3464) as it came from the mail server.
// It is a stranger's text: whatever is in it, only a mail that we sent and that
// is named by what we put into it is found by it.
func ReadBounce(raw []byte) (Bounce, error) {
	if err := bounded(raw); err != nil {
		return Bounce{}, err
	}
	env, err := enmime.ReadEnvelope(bytes.NewReader(raw))
	if err != nil || env.Root == nil {
		return Bounce{}, UnreadableError{"it is no mail"}
	}
	report, err := dsn.ParseReport(env.Root)
	if err != nil || report == nil || len(report.DeliveryStatus.RecipientDSNs) == 0 {
		return Bounce{}, UnreadableError{"it is no delivery report"}
	}
	var b Bounce
	for _, name := range []string{"Delivered-To", "X-Original-To", "To", "Envelope-To"} {
		for _, value := range env.Root.Header.Values(name) {
			if b.Token == "" {
				b.Token = tokenAmong(value)
			}
		}
	}
	for _, d := range report.DeliveryStatus.RecipientDSNs {
		if dsn.IsFailed(d) {
			b.Failed, b.Status = true, statusOf(d.Get("Status"))
			break
		}
	}
	b.Message = messageIn(originalOf(env.Root))
	if b.Token == "" && b.Message == "" {
		return Bounce{}, UnreadableError{"it does not say which mail it is about"}
	}
	return b, nil
}

// bounded refuses what would be dear to parse, before it is parsed.
func bounded(raw []byte) error {
	switch {
	case len(raw) == 0:
		return UnreadableError{"it is empty"}
	case len(raw) > MaxBounce:
		return UnreadableError{"it is larger than 1 MiB"}
	}
	head, _, _ := bytes.Cut(bytes.ReplaceAll(raw[:min(len(raw), 2*maxHeaderBytes)], []byte("\r\n"), []byte("\n")), []byte("\n\n"))
	if len(head) > maxHeaderBytes {
		return UnreadableError{"its header is larger than 256 KiB"}
	}
	lower := bytes.ToLower(raw)
	if bytes.Count(lower, []byte("multipart/")) > maxNested || bytes.Count(lower, []byte("content-type")) > maxParts || bytes.Count(lower, []byte("boundary")) > 2*maxNested {
		return UnreadableError{"it has too many parts"}
	}
	if crowded(lower) {
		return UnreadableError{"a header of it has too many parameters"}
	}
	// Lines that could be a boundary bound the parts, named or not.
	if bytes.Count(raw, []byte("\n--")) > 2*maxParts {
		return UnreadableError{"it has too many boundaries"}
	}
	return nil
}

// crowded reports a header about the content with too many parameters. Parsers
// join lines to the header before them that don't look like headers, so all is
// counted up to the next empty line. The text is in lower case.
func crowded(lower []byte) bool {
	content, semicolons := false, 0
	for line := range bytes.Lines(lower) {
		switch {
		case len(bytes.TrimSpace(line)) == 0:
			content = false
		case !content && bytes.HasPrefix(bytes.TrimLeft(line, " \t"), []byte("content-")):
			content, semicolons = true, 0
		}
		if content {
			semicolons += bytes.Count(line, []byte(";"))
		}
		if semicolons > maxSemicolons {
			return true
		}
	}
	return false
}

// tokenAmong finds our token in a list of addresses as a header has them.
func tokenAmong(value string) string {
	for _, word := range strings.FieldsFunc(value, func(r rune) bool { return strings.ContainsRune(" \t\r\n,;<>\"", r) }) {
		if token := tokenIn(word); token != "" {
			return token
		}
	}
	return ""
}

// originalOf is what a report carries of the mail that it is about. The parser's
// own report knows whole mails only; most servers send the header (RFC 6522
// section 3).
func originalOf(report *enmime.Part) []byte {
	for part := report.FirstChild; part != nil; part = part.NextSibling {
		if slices.Contains([]string{"message/rfc822", "text/rfc822-headers", "message/global", "message/global-headers"}, part.ContentType) {
			return part.Content
		}
	}
	return nil
}

// messageIn is the Message-ID of the mail, or of the header of one, that a
// report carries.
func messageIn(original []byte) string {
	head, err := textproto.NewReader(bufio.NewReader(io.LimitReader(bytes.NewReader(bytes.TrimLeft(original, "\r\n")), maxHeaderBytes))).ReadMIMEHeader()
	if err != nil && !errors.Is(err, io.EOF) {
		return ""
	}
	id := strings.Trim(strings.TrimSpace(netmail.Header(head).Get("Message-Id")), "<>")
	if len(id) > 200 || !strings.HasPrefix(id, "gw.") || strings.ContainsAny(id, " <>") {
		return ""
	}
	return id
}

// statusOf is a status of RFC 3463 section 2 and nothing else of a stranger's.
func statusOf(text string) string {
	status, _, _ := strings.Cut(strings.TrimSpace(text), " ")
	if len(status) < 5 || len(status) > 9 || strings.Count(status, ".") != 2 || strings.Trim(status, "0123456789.") != "" {
		return ""
	}
	return status
}

// Bounced says that a mail came back: its letters are bounced and their cases
// know. A report of a delay changes nothing. A mail that we never sent is an
// error with a NotFound method.
func (p *Post) Bounced(ctx context.Context, b Bounce) error {
	message, err := p.bouncedMessage(ctx, b)
	if err != nil || !b.Failed {
		return err
	}
	if _, err := p.o.Store.SettleLetters(ctx, message, outbox.Settled{State: outbox.Bounced, Fault: strings.TrimSpace("bounce " + b.Status), At: p.now()}); err != nil {
		return err
	}
	return p.tell(ctx)
}

func (p *Post) bouncedMessage(ctx context.Context, b Bounce) (string, error) {
	if b.Token != "" {
		found, err := p.o.Store.Letters(ctx, outbox.Which{By: outbox.ByToken, Of: access.Hash(b.Token)})
		if err != nil || len(found) > 0 {
			return messageOrNone(found), err
		}
	}
	if b.Message != "" {
		found, err := p.o.Store.Letters(ctx, outbox.Which{By: outbox.ByMessage, Of: b.Message})
		if err != nil || len(found) > 0 {
			return messageOrNone(found), err
		}
	}
	return "", dossier.NotFoundError{What: "mail of ours", ID: "that a bounce names"}
}

func messageOrNone(letters []outbox.Letter) string {
	if len(letters) == 0 {
		return ""
	}
	return letters[0].Message
}
