package mail

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base32"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"gangway/internal/arrivals"
)

// patienceElsewhere is how long a mail waits for the domain name system, and for a
// scanner of documents, before it is a comment for want of them.
const patienceElsewhere = time.Hour

// written are the fields that a sender writes and no server changes. With the body
// they make a mail the same mail, by whichever way and however often it comes.
func written() []string {
	return []string{"from", "date", "message-id", "subject", "content-type", "content-transfer-encoding"}
}

// arrivalID is the id of a mail. Line ends and what a mailbox puts behind the body
// don't count.
func arrivalID(raw []byte, size int64, whole bool) string {
	h, body := readHeading(raw)
	sum := sha256.New()
	put := func(s string) { _, _ = io.WriteString(sum, strconv.Itoa(len(s))+":"+s) } // a hash takes everything
	for _, name := range written() {
		for _, value := range h.all(name) {
			put(name)
			put(strings.Join(strings.Fields(value), " "))
		}
	}
	put("body")
	if !whole {
		put(strconv.FormatInt(size, 10)) // all that is known of it
	}
	body = bytes.TrimRight(body, "\r\n\t ")
	for len(body) > 0 {
		line, rest, _ := bytes.Cut(body, []byte("\n"))
		_, _ = sum.Write(bytes.TrimSuffix(line, []byte("\r")))
		_, _ = sum.Write([]byte("\n"))
		body = rest
	}
	return strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(sum.Sum(nil)))
}

// answerID is the id of whatever a mail becomes.
func answerID(arrival string) string { return "mail-" + arrival }

// fetched is a mail as the mailbox gave it.
type fetched struct {
	id    string // of the arrival
	raw   []byte
	size  int64
	whole bool // else raw is its header alone
}

// fetch reads a mail from the mailbox.
func (r *Reader) fetch(ctx context.Context, w Waiting) (f fetched, err error) {
	f.whole = w.Size <= MaxMail
	if f.whole {
		if f.raw, err = r.o.Mailbox.Fetch(ctx, w.UID); err != nil {
			return f, err
		}
		f.whole = len(f.raw) <= MaxMail // servers say sizes that don't hold
	}
	if !f.whole {
		if f.raw, err = r.o.Mailbox.Head(ctx, w.UID); err != nil {
			return f, err
		}
	}
	if len(f.raw) == 0 {
		f.raw = []byte("\r\n") // a mail without a byte is one too, and is kept
	}
	f.id, f.size = arrivalID(f.raw, w.Size, f.whole), int64(len(f.raw))
	if !f.whole {
		f.size = max(w.Size, MaxMail+1)
	}
	return f, nil
}

// take takes one mail in: its bytes are kept, then its row, and only then it is
// read. It returns where the mail goes once it is settled. Stopping anywhere, and
// beginning again, comes to the same.
func (r *Reader) take(ctx context.Context, f fetched) (Folder, error) {
	kept, raw, err := r.keep(ctx, arrivals.Arrival{ID: f.id, Size: f.size, Came: r.now(), State: arrivals.Kept}, f.raw)
	if err != nil {
		return "", err
	}
	if kept.State != arrivals.Settled {
		if kept, err = r.settle(ctx, kept, raw); err != nil {
			return "", err
		}
	}
	return folderOf(kept.Kind), nil
}

// keep keeps a mail's bytes and then its row, and returns the row that stands with
// the bytes that are read: those that came first. One that is settled is not stored
// again, since its bytes may have been erased.
func (r *Reader) keep(ctx context.Context, a arrivals.Arrival, raw []byte) (arrivals.Arrival, []byte, error) {
	kept, err := r.o.Store.Arrival(ctx, a.ID)
	if err == nil && kept.State == arrivals.Settled {
		return kept, nil, nil
	}
	if err != nil && !isMissing(err) {
		return a, nil, fmt.Errorf("looking whether mail %s came before: %w", a.ID, err)
	}
	paper, err := r.o.Store.Put(ctx, bytes.NewReader(raw), 0)
	if err != nil {
		return a, nil, fmt.Errorf("keeping a mail as it came: %w", err)
	}
	a.Raw = paper.Digest
	kept, _, err = r.o.Store.PutArrival(ctx, a)
	if err != nil {
		return a, nil, fmt.Errorf("keeping the row of mail %s: %w", a.ID, err)
	}
	if kept.State != arrivals.Settled && kept.Raw != paper.Digest {
		raw, err = r.kept(ctx, kept.Raw)
	}
	return kept, raw, err
}

func folderOf(k arrivals.Kind) Folder {
	if k == arrivals.Stray || k == arrivals.Unsafe {
		return Quarantine
	}
	return Processed
}

func (r *Reader) kept(ctx context.Context, digest string) ([]byte, error) {
	_, content, err := r.o.Store.Get(ctx, digest)
	if err != nil {
		return nil, fmt.Errorf("reading a kept mail: %w", err)
	}
	defer func() { _ = content.Close() }() // it was only read
	raw, err := io.ReadAll(io.LimitReader(content, MaxMail+1))
	if err != nil {
		return nil, fmt.Errorf("reading a kept mail to its end: %w", err)
	}
	return raw, nil
}

// resume works off rows that were kept when somebody was stopped, whose mails may
// not lie in the mailbox any more.
func (r *Reader) resume(ctx context.Context) error {
	rows, err := r.o.Store.Arrivals(ctx, "kept", "", batch)
	if err != nil {
		return fmt.Errorf("looking for mails that were begun: %w", err)
	}
	for _, a := range rows {
		raw, err := r.kept(ctx, a.Raw)
		if err == nil {
			_, err = r.settle(ctx, a, raw)
		}
		if err != nil {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			r.o.Log.Warn("a mail that was kept stays for now", "arrival", a.ID, "error", err)
		}
	}
	return nil
}

// settle reads a kept mail, does what follows from it, and settles its row.
func (r *Reader) settle(ctx context.Context, a arrivals.Arrival, raw []byte) (arrivals.Arrival, error) {
	s, err := r.sort(ctx, a, raw)
	if err != nil {
		return a, err
	}
	if err := r.act(ctx, &s); err != nil {
		return a, err
	}
	s.row.State, s.row.Done = arrivals.Settled, r.now()
	if err := r.o.Store.SettleArrival(ctx, s.row); err != nil {
		return a, fmt.Errorf("settling mail %s: %w", a.ID, err)
	}
	return s.row, nil
}
