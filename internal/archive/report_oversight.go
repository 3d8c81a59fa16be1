package archive

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// overseen says what became known of something that runs out; empty for other entries.
func (p reporter) overseen(kind dossier.Kind, d *dossier.Detail) string {
	if kind == dossier.Reported {
		return fmt.Sprintf("%s came to its end: %s.", oneLine(cut(d.Parent, 200)), words(oneLine(cut(d.Result, 80))))
	}
	if d.Expiry == nil {
		return ""
	}
	what := expiring(*d.Expiry)
	switch kind {
	case dossier.Watched:
		return upperFirst(what) + " is watched" + untilDay(d.Expiry.On) + unreviewed(*d.Expiry) + "."
	case dossier.Lapsed:
		if d.Result == "renewed-by-itself" {
			return upperFirst(what) + " came to its end and went on by its own terms. Nobody here decided that."
		}
		return upperFirst(what) + " ran out, and nothing had taken its place."
	case dossier.NoticePassed:
		return "The last day for notice of " + what + " passed without a decision."
	case dossier.Escalated:
		return fmt.Sprintf("Nobody had answered about %s: %s was called.", what, p.who(d.Person))
	case dossier.NoticeDecided:
		return fmt.Sprintf("What becomes of %s was decided: %s.", what, strings.ToLower(playbook.Said(review.Verdict(d.Result))))
	case dossier.Begun:
		return fmt.Sprintf("%s was begun because of %s.", oneLine(cut(d.Parent, 200)), what)
	case dossier.WatchEnded:
		return upperFirst(what) + " is watched no longer: " + spaced(cmp.Or(d.Result, "without a reason")) + "."
	}
	return ""
}

// activated says what was set up when the vendor went live, and who goes on; empty for
// other entries.
func (p reporter) activated(kind dossier.Kind, d *dossier.Detail) string {
	switch kind {
	case dossier.AccessStands:
		how := "could not be carried out as its form stood"
		switch d.Result {
		case "given":
			how = "was given"
		case "not-given":
			how = "could not all be given, or seen"
		case "away":
			how = "could not be given, since the other system was away"
		case "removed":
			how = "was taken away, and is looked at again"
		case "gone":
			how = "was looked at, and is gone"
		case "found":
			how = "is there still: somebody has to remove it"
		case "unreachable":
			how = "could not be taken away or looked at, since the other system was away; it is tried again"
		case "accepted":
			how = "was taken up: the invitation was accepted"
		case "not-accepted":
			how = "is nobody's yet: the invitation was not accepted"
		case "invitation-gone":
			how = "is nobody's: the invitation ran out or was declined"
		case "not-seen":
			how = "could not be looked at, so that nobody knows whether the invitation was accepted"
		case "invited":
			how = "was offered again: they were invited once more"
		case "not-invited":
			how = "could not be offered again"
		case "by-hand":
			how = "has to be removed by hand"
		}
		said := fmt.Sprintf("Access to code (%s) %s", spaced(d.Name), how)
		if len(d.Values) > 0 {
			said += ": " + cut(oneLine(strings.ReplaceAll(strings.Join(d.Values, "; "), "-", " ")), 600)
		}
		return said + fmt.Sprintf(" (%s).", cmp.Or(oneLine(cut(d.Document, 80)), "without evidence"))
	case dossier.MeetingsSet:
		return p.meetings(d)
	case dossier.HandedOver:
		return fmt.Sprintf("%s %s.", dossier.HandedOverWords(d), oneLine(cut(d.Parent, 200)))
	}
	return ""
}

// expiring is what runs out, in words.
func expiring(e engagement.Expiry) string { return oneLine(cut(e.Words(), 200)) }

func untilDay(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return " until " + t.UTC().Format("2 January 2006")
}

// unreviewed says of what came with an adopted vendor that nobody here looked at it.
func unreviewed(e engagement.Expiry) string {
	if !e.Unreviewed || e.Kind == engagement.ExpiryGap {
		return ""
	}
	return ", as it was filed when the vendor was adopted; it was not reviewed here"
}

// oversight is the one-sentence answer of a case that watches a vendor; empty: it is
// another case.
func (p reporter) oversight() string {
	v := p.view
	if !strings.HasPrefix(v.ID, string(playbook.Oversight)+"/") || v.Opened.IsZero() {
		return ""
	}
	day := func(t time.Time) string { return t.UTC().Format("2 January 2006") }
	list := v.Watching()
	late := 0
	for _, w := range list {
		if w.Lapsed || w.On.IsZero() {
			late++
		}
	}
	if v.State != dossier.Running {
		return fmt.Sprintf("From %s to %s %s was watched.", day(v.Opened), day(v.Closed), p.vendor())
	}
	said := fmt.Sprintf("Since %s %s has been watched. %s", day(v.Opened), p.vendor(), howMany(len(list), "thing runs out one day", "things run out one day"))
	if late > 0 {
		said += fmt.Sprintf(", of which %s", howMany(late, "has run out or is owed", "have run out or are owed"))
	}
	return said + "."
}

func howMany(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// adopted says where everything was taken from that was filed of an adopted vendor, and
// that nobody here has looked at it.
func (p reporter) adopted() []reportFact {
	var facts []reportFact
	for _, d := range p.view.Documents {
		at := slices.IndexFunc(p.c.papers, func(x paper) bool { return (d.Name == intakeName || d.Name == "adopted") && x.digest == d.Document })
		if at < 0 {
			continue
		}
		r, err := p.c.papers[at].open()
		if err != nil {
			continue
		}
		text, err := io.ReadAll(io.LimitReader(r, engagement.MaxDocument))
		_ = r.Close() // only read
		var v dossier.AdoptedVendor
		if err != nil || json.Unmarshal(text, &v) != nil || v.Source == "" {
			continue
		}
		facts = append(facts, reportFact{"Adopted from", visible(cut(v.Source, 1000)) + " (not reviewed here)"})
		for _, f := range v.Facts {
			said := cmp.Or(f.Words, f.File, "known") + untilDay(f.Until)
			facts = append(facts, reportFact{"Known of the " + spaced(f.Name), visible(cut(said, 400)) + " (not reviewed here)"})
		}
	}
	return facts
}

// meetings says who is invited to the regular meetings.
func (p reporter) meetings(d *dossier.Detail) string {
	var names []string
	for _, id := range d.Values {
		names = append(names, p.who(id))
	}
	who := cmp.Or(strings.Join(names, ", "), "nobody")
	said := "The regular meetings could not be put into anybody's calendar"
	switch d.Result {
	case "invited":
		said = "Invited to the regular meetings: " + who
	case "changed":
		said = "The regular meetings have changed; invited are " + who
	case "cancelled":
		said = "The regular meetings were cancelled for " + who
	}
	if len(d.Points) > 0 {
		said += "; in the form of contacts these could not be invited: " + strings.ReplaceAll(oneLine(cut(strings.Join(d.Points, ", "), 200)), "-", " ")
	}
	return said + "."
}
