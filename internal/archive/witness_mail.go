package archive

import (
	"bufio"
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	netmail "net/mail"
	"slices"
	"strings"

	"gangway/internal/dossier"
	"gangway/internal/outbox"
)

// A mail carries a checkpoint between these two lines as base64 without padding, in lines
// of 64: nothing in it that a server encodes, a mail program wraps or a reply changes
// beyond the marks that it puts in front of lines.
const (
	blockBegin = "-----BEGIN GANGWAY CHECKPOINT-----"
	blockEnd   = "-----END GANGWAY CHECKPOINT-----"
	blockWidth = 64
)

// Bounds of what is read of a mail: a forwarded one has a few parts within parts.
const (
	witnessMost  = 4 << 20
	witnessDepth = 6
	witnessParts = 100
)

// replyMarks stand in front of the lines of what somebody quotes.
const replyMarks = "> |\t\r\u00a0"

func blockOf(checkpoint []byte) string {
	text := base64.RawStdEncoding.EncodeToString(checkpoint)
	lines := []string{blockBegin}
	for part := range slices.Chunk([]byte(text), blockWidth) {
		lines = append(lines, string(part))
	}
	return strings.Join(append(lines, blockEnd), "\n")
}

// SealedCheckpoint is the checkpoint of a case's sealed dossier that holds so many lines,
// as a mail carries it. It is not found where the case was sealed with others since, or
// the dossier was erased; a case that is not sealed yet is a dossier.NotFoundError.
func (a *Archive) SealedCheckpoint(ctx context.Context, id string, lines int) (outbox.Seal, bool, error) {
	all, err := a.Lines(ctx, id)
	if err != nil {
		return outbox.Seal{}, false, fmt.Errorf("reading when a case was sealed: %w", err)
	}
	digest, later := "", false
	for _, l := range all {
		if l.Entry.Kind != dossier.Sealed || l.Conflict || l.Entry.Detail == nil {
			continue
		}
		if l.Entry.Detail.Revision == lines {
			digest = l.Entry.Detail.Document
		}
		later = later || l.Entry.Detail.Revision > lines
	}
	if digest == "" && !later {
		return outbox.Seal{}, false, dossier.NotFoundError{What: "seal", ID: id}
	}
	if digest == "" {
		return outbox.Seal{}, false, nil
	}
	text, err := a.checkpointIn(ctx, digest)
	if errors.As(err, new(dossier.NotFoundError)) {
		return outbox.Seal{}, false, nil
	}
	if err != nil {
		return outbox.Seal{}, false, err
	}
	c, finding := readCheckpoint(text)
	if finding != "" {
		return outbox.Seal{}, false, errors.New(finding)
	}
	return outbox.Seal{SignedAt: c.SignedAt, Fingerprint: c.Fingerprint, Block: blockOf(text)}, true, nil
}

// checkpointIn reads the checkpoint of a dossier that is kept as a document.
func (a *Archive) checkpointIn(ctx context.Context, digest string) ([]byte, error) {
	_, r, err := a.Get(ctx, digest)
	if err != nil {
		return nil, fmt.Errorf("opening a sealed dossier: %w", err)
	}
	whole, err := io.ReadAll(r)
	if err := errors.Join(err, r.Close()); err != nil {
		return nil, fmt.Errorf("reading a sealed dossier: %w", err)
	}
	c, err := unsealed(bytes.NewReader(whole), int64(len(whole)))
	if err != nil {
		return nil, err
	}
	text, ok, err := c.text(checkpointPath, tagMost)
	if err == nil && !ok {
		err = fmt.Errorf("the sealed dossier %s has no checkpoint", digest)
	}
	return text, err
}

// readWitness reads the checkpoint that somebody kept: the file, or a text or mail with
// one in it. What stands around it says nothing; two that differ are nobody's word.
func readWitness(text []byte) (c checkpoint, finding string) {
	c, bare := readCheckpoint(text)
	if bare == "" || bytes.HasPrefix(bytes.TrimSpace(text), []byte("{")) {
		return c, bare
	}
	if len(text) > witnessMost {
		return checkpoint{}, fmt.Sprintf("%d bytes are more than a mail with a checkpoint has", len(text))
	}
	var b blocks
	b.scan(text)
	b.mail(text, witnessDepth)
	var good [][]byte
	finding = "it is neither checkpoint.json nor a mail that brought one"
	for _, found := range b.found {
		_, wrong := readCheckpoint(found)
		switch {
		case wrong != "" && len(good) == 0:
			finding = "the mail: " + wrong
		case wrong == "" && !slices.ContainsFunc(good, func(g []byte) bool { return bytes.Equal(g, found) }):
			good = append(good, found)
		}
	}
	switch {
	case len(good) > 1:
		return checkpoint{}, "the mail has the checkpoints of several dossiers; save the one that is meant"
	case len(good) == 1:
		return readCheckpoint(good[0])
	case len(b.found) == 0 && b.damaged:
		finding = "the mail: the lines between " + blockBegin + " and its end are not as they were sent"
	}
	return checkpoint{}, finding
}

// blocks are what stands between the two lines, wherever in a mail.
type blocks struct {
	found   [][]byte
	damaged bool
	parts   int
}

// scan looks for blocks in a text. One that has anything in it but what was sent is
// damaged, and none.
func (b *blocks) scan(text []byte) {
	var inside bool
	var kept strings.Builder
	for line := range bytes.Lines(text) {
		l := strings.TrimRight(strings.TrimLeft(strings.TrimSuffix(string(line), "\n"), replyMarks), replyMarks)
		switch {
		case l == blockBegin:
			b.damaged = b.damaged || inside
			inside = true
			kept.Reset()
		case !inside || l == "":
		case l == blockEnd:
			inside = false
			one, err := base64.RawStdEncoding.Strict().DecodeString(kept.String())
			if err != nil || len(one) == 0 {
				b.damaged = true
				continue
			}
			b.found = append(b.found, one)
		case kept.Len()+len(l) > 2*tagMost:
			inside, b.damaged = false, true
		default:
			kept.WriteString(l)
		}
	}
	b.damaged = b.damaged || inside
}

// mail looks for blocks in the parts of a mail, whatever they are encoded in; a text that
// is no mail has none.
func (b *blocks) mail(text []byte, depth int) {
	if rest, found := bytes.CutPrefix(text, []byte("From ")); found { // as folders of mails begin each
		_, text, _ = bytes.Cut(rest, []byte("\n"))
	}
	m, err := netmail.ReadMessage(bufio.NewReader(bytes.NewReader(text)))
	if err != nil {
		return
	}
	b.part(m.Header.Get("Content-Type"), m.Header.Get("Content-Transfer-Encoding"), m.Body, depth)
}

func (b *blocks) part(kind, encoding string, body io.Reader, depth int) {
	b.parts++
	if depth <= 0 || b.parts > witnessParts {
		return
	}
	media, params, err := mime.ParseMediaType(kind)
	if err != nil {
		media = "text/plain" // as RFC 2045 section 5.2 has it
	}
	if strings.HasPrefix(media, "multipart/") && params["boundary"] != "" {
		for r := multipart.NewReader(body, params["boundary"]); b.parts <= witnessParts; {
			p, err := r.NextRawPart()
			if err != nil {
				return
			}
			b.part(p.Header.Get("Content-Type"), p.Header.Get("Content-Transfer-Encoding"), p, depth-1)
		}
		return
	}
	switch strings.ToLower(strings.TrimSpace(encoding)) {
	case "base64":
		body = base64.NewDecoder(base64.StdEncoding, body)
	case "quoted-printable":
		body = quotedprintable.NewReader(body)
	}
	text, _ := io.ReadAll(io.LimitReader(body, witnessMost)) //nolint:errcheck // what can be read of it is looked at
	switch {
	case media == "message/rfc822":
		b.mail(text, depth-1)
	case strings.HasPrefix(media, "text/"):
		b.scan(text)
	}
}
