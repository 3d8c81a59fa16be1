package mail

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"gangway/internal/arrivals"
	"gangway/internal/engagement"
	"gangway/internal/outbox"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// answer is what is said to a mail that came.
type answer struct {
	Title  string
	Why    string
	Then   string // what to do now
	Papers []paper
}

// paper is one attached file, and what became of it.
type paper struct {
	Name, Said string
	Digest     string // of one that was taken
}

// maxPapers is how many files an answer names.
const maxPapers = 50

// reply writes why a mail did not count and where it would, or what was received.
// Nothing of what the mail said is repeated: somebody else may have written it.
func (w *composer) reply(ctx context.Context, l outbox.Letter) error {
	a := answer{Title: "Your mail has not been counted", Why: whyNotCounted(l, w.c.outside)}
	for i, p := range l.Papers {
		if i == maxPapers {
			a.Papers = append(a.Papers, paper{Name: fmt.Sprintf("%d more", len(l.Papers)-i), Said: "see the page"})
			break
		}
		a.Papers = append(a.Papers, paperOf(p))
	}
	received := l.Why == outbox.WhyReceived
	open := false
	for _, id := range l.Requests {
		mine, err := w.repliedTo(ctx, id, !received)
		if err != nil {
			return err
		}
		open = open || mine
	}
	switch {
	case received && w.c.outside == nil:
		a.counted(l.Verdict)
	case received:
		a.Title = "Your documents have arrived"
		if slices.ContainsFunc(l.Papers, func(p outbox.Paper) bool { return p.Fault != "" }) {
			a.Then = "What was not taken may still be wanted: the page behind the link says so."
		}
	case w.c.outside != nil && open:
		a.Title = "Your mail has arrived, and something is still missing"
		a.Then = "Reply to this mail with the document attached, or follow the link."
	case w.c.outside != nil:
		a.Title = "Your mail has arrived"
	case open:
		a.Then = "It is kept as a comment, and nothing was decided by it. To decide, follow the link, or reply to this mail with one of the words below as its first line."
	default:
		a.Then = "It is kept as a comment, and nothing was decided by it."
	}
	w.c.answer = &a
	return nil
}

// counted says to the client's own what became of their answer: whoever did not
// write it learns of it here.
func (a *answer) counted(v review.Verdict) {
	if v == "" {
		a.Title, a.Why = "Your answer has arrived", "It is being brought to its case. The page behind the link says what became of it."
		return
	}
	a.Title, a.Why = "Your answer has been counted: "+strings.TrimPrefix(lineOf(v), commandSign), "It is in the record, as your answer by mail."
	a.Then = "If you did not write it, follow the link, take it back, and tell whoever looks after gangway."
}

// repliedTo adds a request that a mail was about; open: it still waits for the
// person.
func (w *composer) repliedTo(ctx context.Context, id string, asks bool) (open bool, err error) {
	r, err := w.o.Store.Request(ctx, id)
	if err != nil {
		return false, fmt.Errorf("reading a request that a mail was about: %w", err)
	}
	v, err := w.view(ctx, r.Case)
	if err != nil {
		return false, err
	}
	it := item{Title: textLine(r.Title, 200), Case: r.Case}
	if it.Vendor, err = w.vendor(ctx, v.Vendor); err != nil {
		return false, err
	}
	seats := w.open(&r, playbook.WhyAsked, v.Now(w.now))
	open = asks && len(seats) > 0
	if open {
		w.date(&r, &it, v.Now(w.now))
		if w.c.outside == nil {
			it.ways = waysOf(&r, seats, w.who.ID)
		}
	}
	w.lead(&r, &it, open)
	w.c.items = append(w.c.items, it)
	return open, nil
}

func paperOf(p outbox.Paper) paper {
	x := paper{Name: textLine(p.Name, 100)}
	if x.Name == "" {
		x.Name = "a file without a name"
	}
	if p.Fault != "" {
		x.Said = "not taken: " + p.Fault.Hint()
		return x
	}
	x.Said, x.Digest = "taken", strings.TrimPrefix(p.Digest, "sha256:")
	var notes []string
	for _, f := range p.Flags {
		if f != engagement.FlagForms {
			notes = append(notes, f.Words())
		}
	}
	if len(notes) > 0 {
		x.Said += "; it " + strings.Join(notes, "; it ")
	}
	return x
}

// whyNotCounted says the reason to whom we asked. It is no reproach: most of them
// are their mail program's.
func whyNotCounted(l outbox.Letter, o *outside) string {
	switch l.Why {
	case outbox.WhyReceived:
		return "Thank you. Below is each file with what became of it; keep this mail as your receipt."
	case outbox.WhyRefused:
		if s := l.Refusal.Sentence(); s != "" {
			return s
		}
	}
	if why := arrivals.Why(l.Why); o != nil && (why == arrivals.Unclear || why == arrivals.NeedsMore || why == arrivals.CommentOnly) {
		return o.Client + " can read what you wrote. It is not yet what was asked for." // no word of a vendor's counts
	}
	switch arrivals.Why(l.Why) {
	case arrivals.NoToken:
		return "Your mail does not say which request it answers: it went to an address of ours that belongs to none."
	case arrivals.OldToken:
		return "Your mail answers a request that is closed, or a version that is no longer the current one."
	case arrivals.NotAddressee:
		return "A mail came that answers what you were asked, from an address that is not yours as we know it. If it was you, please answer again from the address that this mail went to; if not, you need do nothing."
	case arrivals.ManySenders:
		return "A mail came that answers what you were asked, and it names no single sender."
	case arrivals.NotAligned:
		return "A mail came in your name, and nothing in it proves that your domain sent it: it is not signed (DKIM), or the signature does not hold."
	case arrivals.SaysFail:
		return "A mail came in your name that failed the check of its sender (DMARC)."
	case arrivals.Unclear:
		return "The first line of your mail is none of the words that count, so nobody guessed what you meant."
	case arrivals.NeedsMore:
		return "A line is not enough for this answer: it needs a reason, a statement or a document with it."
	case arrivals.CommentOnly:
		return "This step takes comments by mail, and no decisions."
	case arrivals.TooBig:
		return "Your mail is larger than what is read here, which is 25 MiB. Please send it in parts, or follow the link."
	case arrivals.TooDeep:
		return "Your mail is made of so many parts within parts that it was not opened. Please write a new one instead of forwarding, or follow the link."
	case arrivals.BadDocument:
		return "What was attached could not be taken."
	}
	return "Your mail could not be counted as an answer."
}
