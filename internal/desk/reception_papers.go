package desk

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"gangway/internal/access"
	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// maxRaw bounds a document as it comes (bytes): what mail servers carry.
const maxRaw = 25 << 20

// upload is a row among the drafts: what a contact sent for a request, and did not
// deliver yet, or did.
type upload struct {
	Document string    `json:"document"`
	Name     string    `json:"name,omitempty"` // as its sender called it
	At       time.Time `json:"at"`
}

// Rows among the drafts beside the form's own, by what is put behind the
// request's id. A request's id has no such character.
const (
	uploadsOf = "#uploads"
	uploadOf  = "#"
)

// PortalUpload takes a document for a delivery: stored, read and scanned. A
// Reading with a Fault is an answer and no error: it was not taken, and its bytes
// are not kept.
func (r reception) PortalUpload(ctx context.Context, who review.Address, request, name, declared string, from io.Reader) (engagement.Reading, error) {
	select {
	case r.busy <- struct{}{}:
		defer func() { <-r.busy }()
	case <-ctx.Done():
		return engagement.Reading{}, BusyError{fmt.Errorf("waiting to take a document: %w", ctx.Err())}
	}
	_, _, err := r.task(ctx, who, request) // before anything is read
	if err != nil {
		return engagement.Reading{}, err
	}
	raw, err := io.ReadAll(io.LimitReader(from, maxRaw+1))
	if err != nil {
		return engagement.Reading{}, fmt.Errorf("receiving a document: %w", err)
	}
	return r.TakeDocument(ctx, who, request, name, declared, raw)
}

// TakeDocument is PortalUpload for what came by mail.
func (r reception) TakeDocument(ctx context.Context, who review.Address, request, name, declared string, raw []byte) (engagement.Reading, error) {
	var none engagement.Reading
	c, q, err := r.task(ctx, who, request)
	if err != nil {
		return none, err
	}
	if q.Closed != nil {
		return none, invalid("nothing more has to be sent", "this is no longer asked for")
	}
	now := r.desk.now()
	list, err := r.uploads(ctx, c.ID, request)
	if err != nil {
		return none, err
	}
	// What was taken costs nothing again: a mail of many documents is brought again
	// from its first one, and would never come to its last.
	digest := digestOf(raw)
	if !slices.ContainsFunc(list, func(u upload) bool { return u.Document == digest }) {
		if wait := r.sent.take(c.ID, now); wait > 0 {
			return none, limitedError{after: wait, hint: "you sent many documents; wait a while, or put them into one"}
		}
		if len(list) >= maxWords {
			return none, invalid("send what is there first", "%d documents wait to be sent already", len(list))
		}
	}
	found, err := r.desk.read(ctx, name, declared, raw)
	if err != nil {
		return none, err
	}
	if found.Fault != "" {
		return found, r.noteRefused(ctx, who, c, q, found)
	}
	return found, r.keepUpload(ctx, c.ID, request, upload{Document: found.Document, Name: access.Device(name), At: now.UTC()})
}

// noteRefused writes down that a document was not taken: its digest and why, and
// nothing of it.
func (r reception) noteRefused(ctx context.Context, who review.Address, c playbook.Contact, q *review.Request, found engagement.Reading) error {
	if found.Fault == engagement.FaultUnscanned { // ours, not the document's
		return nil
	}
	id := "refused-" + strings.TrimPrefix(found.Document, "sha256:")[:16] + "-" + c.ID + "-" + strings.ReplaceAll(q.ID, "/", "-")
	view, err := r.desk.store.Case(ctx, q.Case)
	if err != nil {
		return BusyError{fmt.Errorf("looking up the case of a document that was not taken: %w", err)}
	}
	_, known, err := r.desk.store.AnswerLine(ctx, id)
	if err != nil || known {
		return err
	}
	now := r.desk.now().UTC()
	err = r.desk.store.Append(ctx, []dossier.Entry{{ID: q.Process + "#desk/" + id, Case: q.Case, Process: q.Process, Kind: dossier.Noted,
		At: now, CaseAt: view.Now(now).UTC(), Actor: c.ID, Answer: id,
		Detail: &dossier.Detail{Name: string(review.NoteDocument), Person: c.ID, Channel: who.Channel, Result: string(found.Fault), Digest: found.Document, Size: found.Size, Step: q.Step}}})
	if err != nil {
		return BusyError{fmt.Errorf("noting that a document was not taken: %w", err)}
	}
	return nil
}

// keepUpload remembers whose a document is and what it is for: by itself, which is
// what counts, and in the list that is shown.
func (r reception) keepUpload(ctx context.Context, contact, request string, u upload) error {
	one, err := json.Marshal(u)
	if err == nil {
		err = r.desk.store.PutDraft(ctx, contact, request+uploadOf+u.Document, one, u.At)
	}
	if err != nil {
		return BusyError{fmt.Errorf("keeping whose a document is: %w", err)}
	}
	r.desk.mu.Lock()
	defer r.desk.mu.Unlock()
	list, err := r.uploads(ctx, contact, request)
	if err != nil {
		return err
	}
	list = append(slices.DeleteFunc(list, func(x upload) bool { return x.Document == u.Document }), u)
	return r.putUploads(ctx, contact, request, list, u.At)
}

func (r reception) putUploads(ctx context.Context, contact, request string, list []upload, at time.Time) error {
	all, err := json.Marshal(list)
	if err == nil {
		err = r.desk.store.PutDraft(ctx, contact, request+uploadsOf, all, at)
	}
	if err != nil {
		return BusyError{fmt.Errorf("keeping the list of documents: %w", err)}
	}
	return nil
}

// uploads is what somebody sent for a request, in its order.
func (r reception) uploads(ctx context.Context, contact, request string) ([]upload, error) {
	text, _, err := r.desk.store.Draft(ctx, contact, request+uploadsOf)
	if isNotFound(err) {
		return nil, nil
	}
	var list []upload
	if err == nil {
		err = json.Unmarshal(text, &list)
	}
	if err != nil {
		return nil, BusyError{fmt.Errorf("listing the documents of a contact: %w", err)}
	}
	return list, nil
}

// PortalUploads are the documents that a contact sent for a task, the oldest
// first, with what was found in each.
func (r reception) PortalUploads(ctx context.Context, who review.Address, request string) ([]access.SentPaper, error) {
	c, _, err := r.task(ctx, who, request)
	if err != nil {
		return nil, err
	}
	list, err := r.uploads(ctx, c.ID, request)
	if err != nil {
		return nil, err
	}
	var papers []access.SentPaper
	for _, u := range list {
		found, err := r.desk.store.Reading(ctx, u.Document)
		if isNotFound(err) { // erased since
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("reading what was found in a contact's document: %w", err)
		}
		papers = append(papers, access.SentPaper{Name: u.Name, Reading: found})
	}
	return papers, nil
}

// PortalDrop takes a document off what a contact is about to send.
func (r reception) PortalDrop(ctx context.Context, who review.Address, request, digest string) error {
	c, _, err := r.task(ctx, who, request)
	if err != nil {
		return err
	}
	r.desk.mu.Lock()
	defer r.desk.mu.Unlock()
	list, err := r.uploads(ctx, c.ID, request)
	if err != nil {
		return err
	}
	err = r.desk.store.DropDraft(ctx, c.ID, request+uploadOf+digest)
	if err != nil && !isNotFound(err) {
		return BusyError{fmt.Errorf("taking a document off: %w", err)}
	}
	return r.putUploads(ctx, c.ID, request, slices.DeleteFunc(list, func(u upload) bool { return u.Document == digest }), r.desk.now().UTC())
}

// theirs reports whether a document is one that the contact sent for this request,
// or one that the vendor delivered to the same ask before.
func (r reception) theirs(ctx context.Context, c playbook.Contact, q *review.Request, digest string) (bool, error) {
	_, _, err := r.desk.store.Draft(ctx, c.ID, q.ID+uploadOf+digest)
	if err == nil {
		return true, nil
	}
	if !isNotFound(err) {
		return false, BusyError{fmt.Errorf("looking whose a document is: %w", err)}
	}
	before, err := r.earlier(ctx, c, q)
	if err != nil {
		return false, BusyError{err}
	}
	return slices.ContainsFunc(before, func(e access.Earlier) bool { return e.Document == digest }), nil
}

// read reads a document once and keeps it with what was found: by its digest,
// whoever sends it and however often. What is refused is not kept.
func (c clerk) read(ctx context.Context, name, declared string, raw []byte) (engagement.Reading, error) {
	var none engagement.Reading
	if len(raw) > maxRaw {
		return engagement.Reading{Document: digestOf(raw), Size: int64(len(raw)), Fault: engagement.FaultTooLarge, At: c.desk.now().UTC()}, nil
	}
	before, err := c.desk.store.Reading(ctx, digestOf(raw))
	if err == nil {
		_, there, err := c.desk.store.Get(ctx, before.Document)
		if err == nil {
			return before, there.Close()
		}
		if !isNotFound(err) {
			return none, BusyError{fmt.Errorf("looking for a document that was read: %w", err)}
		}
	} else if !isNotFound(err) {
		return none, BusyError{fmt.Errorf("looking whether a document was read: %w", err)}
	}
	found, text, err := c.understand(ctx, name, declared, raw)
	if err != nil {
		return none, BusyError{fmt.Errorf("reading a document: %w", err)}
	}
	found.Document, found.Size, found.At = digestOf(raw), int64(len(raw)), c.desk.now().UTC()
	if found.Fault != "" {
		found.Text = ""
		return found, nil
	}
	_, err = c.desk.store.Put(ctx, bytes.NewReader(raw), maxRaw)
	if err == nil && len(text) > 0 {
		var kept dossier.Paper
		kept, err = c.desk.store.Put(ctx, bytes.NewReader(text), engagement.MaxDocument)
		found.Text = kept.Digest
	}
	if err == nil {
		err = c.desk.store.PutReading(ctx, found)
	}
	if err != nil {
		return none, BusyError{fmt.Errorf("keeping a document that was read: %w", err)}
	}
	return found, nil
}

// understand reads with what there is to read with.
func (c clerk) understand(ctx context.Context, name, declared string, raw []byte) (engagement.Reading, []byte, error) {
	if c.papers != nil {
		return c.papers.Read(ctx, name, declared, raw)
	}
	found := engagement.Reading{Media: "text/plain", Words: len(bytes.Fields(raw))}
	switch {
	case len(bytes.TrimSpace(raw)) == 0:
		found.Fault = engagement.FaultEmpty
	case !utf8.Valid(raw) || bytes.IndexByte(raw, 0) >= 0:
		found.Fault = engagement.FaultType
	}
	return found, nil, nil
}

// notTaken is a fault of a document as the client's own people are told it.
func notTaken(found engagement.Reading) error {
	hint := "file it as PDF, DOCX, Markdown or plain text"
	switch found.Fault {
	case engagement.FaultTooLarge:
		hint = fmt.Sprintf("file it in parts of at most %d MB", maxRaw>>20)
	case engagement.FaultEncrypted:
		hint = "file it without its password"
	case engagement.FaultMacros:
		hint = "save it without macros, or as PDF"
	case engagement.FaultMalware:
		hint = "don't open it, and tell whoever looks after security"
	case engagement.FaultUnscanned:
		hint = "the malware scanner does not answer; try again in a while, or tell whoever runs gangway"
	}
	return invalid(hint, "the document is not taken: %s", strings.ReplaceAll(string(found.Fault), "-", " "))
}

// taken reports whether a document can be named in an answer: it is there and was
// taken. What was filed before documents were read has to be readable.
func (c clerk) taken(ctx context.Context, digest string) (review.Refusal, error) {
	found, err := c.desk.store.Reading(ctx, digest)
	switch {
	case isNotFound(err):
		return c.readable(ctx, digest)
	case err != nil:
		return "", BusyError{fmt.Errorf("looking what was found in a document: %w", err)}
	case found.Fault != "":
		return review.Unreadable, nil
	}
	return "", nil
}

// readable refuses documents whose text can't be reviewed: what is not there,
// not taken, has no text, or splits into nothing.
func (c clerk) readable(ctx context.Context, digest string) (review.Refusal, error) {
	found, err := c.desk.store.Reading(ctx, digest)
	if err != nil && !isNotFound(err) {
		return "", BusyError{fmt.Errorf("looking whether a document can be read: %w", err)}
	}
	if found.Fault != "" || slices.Contains(found.Flags, engagement.FlagUnreadable) {
		return review.Unreadable, nil
	}
	_, text, err := c.desk.store.TextOf(ctx, digest)
	if isNotFound(err) {
		if _, there, gone := c.desk.store.Get(ctx, digest); gone == nil {
			return review.Unreadable, there.Close() // it is there, and has no text
		}
		return review.NeedsDocument, nil
	}
	if err != nil {
		return "", BusyError{fmt.Errorf("opening the document: %w", err)}
	}
	defer text.Close() // only read
	words, err := io.ReadAll(io.LimitReader(text, engagement.MaxDocument+1))
	if err != nil {
		return "", BusyError{fmt.Errorf("reading the document: %w", err)}
	}
	if !utf8.Valid(words) {
		return review.Unreadable, nil
	}
	_, err = engagement.Split(words)
	if err != nil {
		return review.Unreadable, nil //nolint:nilerr // the fault is the document's, not ours
	}
	return "", nil
}
