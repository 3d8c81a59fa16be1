package demo

import (
	"context"
	"strings"
)

// Manner is who somebody is: what they do with a page that asks them something,
// days after they first saw it. It reports whether they answered.
type Manner interface {
	Do(ctx context.Context, p *Person, page *Page, days int) (bool, error)
}

// answerForm finds the form that answers the page's question; nil when nothing
// waits on this person here.
func answerForm(page *Page) *Form { return page.Form("/request/answer") }

// yes is the word of a form that fills the seat: approve, done.
func yes(f *Form) string {
	for _, v := range []string{"approve", "done", "sent"} {
		if f.Offers("verdict", v) {
			return v
		}
	}
	return ""
}

// Prompt answers yes on the day they are asked.
type Prompt struct{}

// Do says yes.
func (Prompt) Do(ctx context.Context, p *Person, page *Page, _ int) (bool, error) {
	f := answerForm(page)
	if f == nil || yes(f) == "" {
		return false, nil
	}
	p.say("says yes to “%s”", page.Title)
	return true, p.send(ctx, f.Choose("verdict", yes(f)).TickAll().Write("inside", "Read and in order."))
}

// Late answers when they have been reminded often enough.
type Late struct{ Days int }

// Do waits, then says yes.
func (l Late) Do(ctx context.Context, p *Person, page *Page, days int) (bool, error) {
	if days < l.Days {
		return false, nil
	}
	return Prompt{}.Do(ctx, p, page, days)
}

// Lawyer reads contracts twice: the first version is never good enough.
type Lawyer struct{}

// Do wants changes in a first version and says yes to everything else.
func (Lawyer) Do(ctx context.Context, p *Person, page *Page, days int) (bool, error) {
	f := answerForm(page)
	if f == nil || f.values.Get("version") != "1" || !f.Offers("verdict", "changes") {
		return Prompt{}.Do(ctx, p, page, days)
	}
	p.say("wants changes before “%s” is signed", page.Title)
	return true, p.send(ctx, f.Choose("verdict", "changes").
		Write("inside", "We pay everybody else within 14 days and get a discount for it; let us not start with 30 here.").
		Write("vendor", "Please change the time for payment in the charges to 14 days."))
}

// Conflicted declares a conflict of interest as soon as a contract with the
// vendor is in front of them.
type Conflicted struct{}

// Do leaves the matter to the backup.
func (Conflicted) Do(ctx context.Context, p *Person, page *Page, days int) (bool, error) {
	if answerForm(page) == nil || !strings.Contains(page.Title, "Contract") {
		return Prompt{}.Do(ctx, p, page, days)
	}
	for _, f := range page.Forms {
		if f.Action.Path == "/request/act" && f.values.Get("act") == "recuse" {
			p.say("declares a conflict of interest and leaves “%s” to the backup", page.Title)
			return true, p.send(ctx, f.Write("inside", "My brother has become a director of the vendor."))
		}
	}
	return false, nil
}

// Owner owns the case: sends what is wanted to the vendor, and files the next
// version when the vendor has sent it.
type Owner struct {
	// Next is the vendor's next version, which comes by mail after VendorTakes
	// days.
	Next        []byte
	VendorTakes int
}

// Do sends, files, and says yes to the rest.
func (o Owner) Do(ctx context.Context, p *Person, page *Page, days int) (bool, error) {
	f := answerForm(page)
	if f == nil {
		return false, nil
	}
	if f.Offers("verdict", "delivered") {
		if days < o.VendorTakes {
			return false, nil
		}
		p.say("files the vendor's next version")
		return true, p.send(ctx, f.Choose("verdict", "delivered").Attach("file", "contract-v2.md", o.Next))
	}
	if f.Offers("verdict", "sent") {
		p.say("sends the wanted changes to the vendor")
		return true, p.send(ctx, f.Choose("verdict", "sent").
			Write("inside", "Sent by mail to the account manager.").
			Write("vendor", "Before we can sign: please change the time for payment in the charges to 14 days."))
	}
	return Prompt{}.Do(ctx, p, page, days)
}
