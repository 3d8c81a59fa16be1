package mail

import (
	"context"
	"errors"
	"io"
	"slices"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
)

// atOnce is how many mails one command asks for.
const atOnce = 200

// After lists what lies above last.
func (b *imapBox) After(ctx context.Context, last uint32) ([]Waiting, error) {
	select { // what is signalled from here on is new
	case <-b.news:
	default:
	}
	uids, err := do(ctx, b, b.o.Patience, "looking for mail", func(c *imapclient.Client) ([]imap.UID, error) {
		above := imap.UIDSet{imap.UIDRange{Start: imap.UID(last) + 1}} // last+1:*
		data, err := c.UIDSearch(&imap.SearchCriteria{UID: []imap.UIDSet{above}, NotFlag: []imap.Flag{imap.FlagDeleted}}, nil).Wait()
		if err != nil {
			return nil, err
		}
		return data.AllUIDs(), nil
	})
	if err != nil {
		return nil, err
	}
	// n:* always has the last mail in it, however small its UID (RFC 3501 section 6.4.8).
	uids = slices.DeleteFunc(uids, func(u imap.UID) bool { return uint32(u) <= last })
	slices.Sort(uids)
	var all []Waiting
	for some := range slices.Chunk(uids, atOnce) {
		sizes, err := b.sizes(ctx, some)
		if err != nil {
			return nil, err
		}
		all = append(all, sizes...)
	}
	return all, nil
}

func (b *imapBox) sizes(ctx context.Context, uids []imap.UID) ([]Waiting, error) {
	all, err := do(ctx, b, b.o.Patience, "asking for the sizes of mails", func(c *imapclient.Client) ([]Waiting, error) {
		found, err := c.Fetch(imap.UIDSetNum(uids...), &imap.FetchOptions{UID: true, RFC822Size: true}).Collect()
		var all []Waiting
		for _, m := range found {
			all = append(all, Waiting{UID: uint32(m.UID), Size: m.RFC822Size})
		}
		return all, err
	})
	slices.SortFunc(all, func(a, b Waiting) int { return int(int64(a.UID) - int64(b.UID)) })
	return all, err
}

// Fetch reads a mail. Servers say sizes that don't hold, so the bound is here too:
// what is longer comes back one byte longer than the bound.
func (b *imapBox) Fetch(ctx context.Context, uid uint32) ([]byte, error) {
	return b.section(ctx, uid, imap.PartSpecifierNone, MaxMail)
}

// Head reads the header.
func (b *imapBox) Head(ctx context.Context, uid uint32) ([]byte, error) {
	return b.section(ctx, uid, imap.PartSpecifierHeader, maxHeaderBytes)
}

func (b *imapBox) section(ctx context.Context, uid uint32, what imap.PartSpecifier, most int64) ([]byte, error) {
	return do(ctx, b, 10*b.o.Patience, "fetching a mail", func(c *imapclient.Client) ([]byte, error) {
		section := &imap.FetchItemBodySection{Specifier: what, Peek: true, Partial: &imap.SectionPartial{Offset: 0, Size: most + 1}}
		cmd := c.Fetch(imap.UIDSetNum(imap.UID(uid)), &imap.FetchOptions{UID: true, BodySection: []*imap.FetchItemBodySection{section}})
		raw, err := literalOf(cmd, uid, most+1)
		if err != nil { // the connection ends; the command is let be, see below
			return nil, err
		}
		if err := cmd.Close(); err != nil {
			return nil, err
		}
		if raw == nil {
			return nil, GoneError{}
		}
		return raw, nil
	})
}

// literalOf reads the literal where it comes by; afterwards it is gone. One that
// ends too early looks whole to the library, whose other goroutine then reads on:
// nothing may be read from the command after that.
func literalOf(cmd *imapclient.FetchCommand, uid uint32, most int64) ([]byte, error) {
	var raw []byte
	for m := cmd.Next(); m != nil; m = cmd.Next() {
		var found []byte
		var is imap.UID
		for item := m.Next(); item != nil; item = m.Next() {
			switch item := item.(type) {
			case imapclient.FetchItemDataUID:
				is = item.UID
			case imapclient.FetchItemDataBodySection:
				if item.Literal == nil {
					found = []byte{}
					continue
				}
				var err error
				if found, err = io.ReadAll(io.LimitReader(item.Literal, most)); err != nil {
					return nil, err
				}
				if int64(len(found)) < min(item.Literal.Size(), most) {
					return nil, io.ErrUnexpectedEOF
				}
			}
		}
		if uint32(is) == uid && found != nil { // others' news come by too
			raw = found
		}
	}
	return raw, nil
}

// Move moves mails. Where the server has no MOVE (RFC 6851) they are copied, then
// marked, then removed; each step waits for the one before, so that a refused copy
// loses nothing. Without UIDPLUS they stay behind, marked as deleted: EXPUNGE
// would take others' mails with them.
func (b *imapBox) Move(ctx context.Context, uids []uint32, to Folder) error {
	if len(uids) == 0 {
		return nil
	}
	var set imap.UIDSet
	for _, u := range uids {
		set.AddNum(imap.UID(u))
	}
	name := b.o.ProcessedFolder
	if to == Quarantine {
		name = b.o.QuarantineFolder
	}
	err := b.move(ctx, set, name)
	var refused *imap.Error
	if errors.As(err, &refused) && (refused.Code == imap.ResponseCodeTryCreate || refused.Code == imap.ResponseCodeNonExistent) { // somebody removed it
		if err = b.create(ctx, name); err == nil {
			err = b.move(ctx, set, name)
		}
	}
	return err
}

func (b *imapBox) move(ctx context.Context, set imap.UIDSet, name string) error {
	if b.caps.Has(imap.CapMove) {
		_, err := do(ctx, b, b.o.Patience, "moving mails", func(c *imapclient.Client) (struct{}, error) {
			_, err := c.Move(set, name).Wait()
			return struct{}{}, err
		})
		return err
	}
	_, err := do(ctx, b, b.o.Patience, "copying mails", func(c *imapclient.Client) (struct{}, error) {
		_, err := c.Copy(set, name).Wait()
		return struct{}{}, err
	})
	if err != nil {
		return err
	}
	_, err = do(ctx, b, b.o.Patience, "marking copied mails", func(c *imapclient.Client) (struct{}, error) {
		return struct{}{}, c.Store(set, &imap.StoreFlags{Op: imap.StoreFlagsAdd, Silent: true, Flags: []imap.Flag{imap.FlagDeleted}}, nil).Close()
	})
	if err != nil || !b.caps.Has(imap.CapUIDPlus) {
		return err
	}
	_, err = do(ctx, b, b.o.Patience, "removing copied mails", func(c *imapclient.Client) (struct{}, error) {
		return struct{}{}, c.UIDExpunge(set).Close()
	})
	return err
}

// Signals: the server can IDLE.
func (b *imapBox) Signals() bool { return b.caps.Has(imap.CapIdle) }

// Wait idles (RFC 2177), or where the server can't, asks after the time. The
// library would idle for 28 minutes; NATs forget connections after 8.
func (b *imapBox) Wait(ctx context.Context, most time.Duration) error {
	if b.client == nil {
		return MailboxError{doing: "waiting for mail", err: errors.New("the mailbox is closed")}
	}
	var idle *imapclient.IdleCommand
	var err error
	if b.caps.Has(imap.CapIdle) {
		idle, err = do(ctx, b, b.o.Patience, "beginning to wait for mail", func(c *imapclient.Client) (*imapclient.IdleCommand, error) { return c.Idle() })
		if err != nil {
			return err
		}
	}
	timer := time.NewTimer(most)
	defer timer.Stop()
	select {
	case <-b.news:
	case <-timer.C:
	case <-b.client.Closed():
	case <-ctx.Done():
	}
	if ctx.Err() != nil {
		b.drop()
		return ctx.Err()
	}
	_, err = do(ctx, b, b.o.Patience, "ending to wait for mail", func(c *imapclient.Client) (struct{}, error) {
		if idle == nil {
			return struct{}{}, c.Noop().Wait()
		}
		if err := idle.Close(); err != nil {
			return struct{}{}, err
		}
		return struct{}{}, idle.Wait()
	})
	return err
}
