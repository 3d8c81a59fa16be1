package slack

import (
	"fmt"
	"net/url"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"gangway/internal/playbook"
	"gangway/internal/review"
)

// How many characters of others' words are shown.
const (
	mostName    = 80
	mostHeading = 100
	mostAsk     = 1200
	mostSummary = 400
	mostTaught  = 3  // exits whose lessons a card shows; the page shows all
	mostList    = 12 // seats or people that are named before the rest is counted
)

// Words for answers that no request is known for, in mrkdwn.
const (
	sayNotRecorded = "That was *not recorded*. Please try again; what you wrote stays here as long as this stays open."
	sayForeign     = "This card belongs to another gangway, so nothing was done."
	sayNobody      = "gangway does not know yet who you are, so nothing was counted."
	sayOutsider    = "Only members of this workspace can answer; guests, apps and people of other workspaces can't. Nothing was counted."
	sayShared      = "This channel is shared with another organisation, so nothing is answered here. Use the direct message instead."
	sayGone        = "You are no longer listed as active, so nothing was counted."
)

// name is who somebody is, as one line of mrkdwn; their id where it isn't known.
func (s scene) name(id string) string { return literal(nameIn(s.People, s.Viewer, id), mostName) }

// nameIn finds a name. The viewer's own is known whoever else is.
func nameIn(people []playbook.Person, viewer playbook.Person, id string) string {
	if viewer.ID == id && !blank(viewer.Name) {
		return viewer.Name
	}
	for _, p := range people {
		if p.ID == id && !blank(p.Name) {
			return p.Name
		}
	}
	return id
}

// you is a name, or you.
func (s scene) you(id string) string {
	if id == s.Viewer.ID {
		return "you"
	}
	return s.name(id)
}

func (s scene) vendor() string { return vendorOr(s.Vendor, s.Request.Vendor, literal) }

// vendorOr is a vendor's name as one line, its slug where it has none to show.
func vendorOr(name, slug string, write func(string, int) string) string {
	if blank(name) {
		name = slug
	}
	return write(name, mostName)
}

func (s scene) title() string { return literal(s.titled(), mostHeading) }

// titled is what the request is called, its step where it has no title to show.
func (s scene) titled() string {
	if blank(s.Request.Title) {
		return human(s.Request.Step)
	}
	return s.Request.Title
}

// blank reports whether nothing of the words would be seen.
func blank(words string) bool {
	return !strings.ContainsFunc(clean(words), func(r rune) bool {
		return unicode.In(r, unicode.L, unicode.N, unicode.P, unicode.S)
	})
}

// human turns an id of a playbook into words: data-protection, Data protection.
func human(id string) string {
	id = strings.ReplaceAll(clean(id), "-", " ")
	r, size := utf8.DecodeRuneInString(id)
	if size == 0 {
		return ""
	}
	return string(unicode.ToUpper(r)) + id[size:]
}

// seat is what a seat is called, as one line of mrkdwn.
func seat(id string) string { return literal(human(id), 60) }

// lower is an id within a sentence.
func lower(id string) string { return literal(strings.ReplaceAll(clean(id), "-", " "), 60) }

// count writes a number with its noun.
func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// listed joins names, and counts those past mostList.
func listed(names []string) string {
	more := ""
	if len(names) > mostList {
		more = fmt.Sprintf(" and %d more", len(names)-mostList)
		names = names[:mostList]
	}
	if n := len(names); more == "" && n > 1 {
		return strings.Join(names[:n-1], ", ") + " and " + names[n-1]
	}
	return strings.Join(names, ", ") + more
}

// zone is where a person works, UTC where it isn't known here.
func zone(p playbook.Person) *time.Location {
	loc, err := time.LoadLocation(p.Hours.Zone)
	if err != nil || p.Hours.Zone == "" || p.Hours.Zone == "Local" {
		return time.UTC
	}
	return loc
}

// when is a time as Slack shows it in the reader's own zone, and in the viewer's
// where it can't (Slack, "Formatting text for app surfaces", date formatting). A
// rehearsal's clock is not the reader's: "tomorrow" would be another day, so its
// times are plain text.
func when(t time.Time, viewer playbook.Person, rehearsal bool) string {
	text := plainTime(t, viewer)
	if rehearsal {
		return text
	}
	return fmt.Sprintf("<!date^%d^{date_long_pretty} at {time}|%s>", t.Unix(), text)
}

// plainTime is a time where the viewer works, for places that show text alone.
func plainTime(t time.Time, viewer playbook.Person) string {
	return t.In(zone(viewer)).Format("Mon 2 Jan 2006, 15:04 MST")
}

func (s scene) when(t time.Time) string { return when(t, s.Viewer, s.Case.Rehearsal) }

func (s scene) plainTime(t time.Time) string { return plainTime(t, s.Viewer) }

// where says through which channel somebody answered.
func where(channel string) string {
	switch channel {
	case "web":
		return "on the web page"
	case "mail":
		return "by mail"
	case "cli":
		return "on the command line"
	case Channel:
		return "in Slack"
	}
	return ""
}

// page is the address of a web page; empty where no pages are known.
func page(base, path, id string) string {
	if base == "" {
		return ""
	}
	return base + path + "?" + url.Values{"id": {id}}.Encode()
}

func (s scene) page() string { return page(s.Base, "/request", s.Request.ID) }

// link is a link of ours in mrkdwn; the words alone where it leads nowhere.
func link(address, words string) string {
	if address == "" {
		return words
	}
	return "<" + strings.NewReplacer("<", "%3C", ">", "%3E", "|", "%7C").Replace(address) + "|" + words + ">"
}

// drill is set before whatever is no earnest.
func drill(rehearsal bool, words string) string {
	if rehearsal {
		return "Rehearsal: " + words
	}
	return words
}

// needsReason reports whether an answer counts only with a reason.
func needsReason(r *review.Request, v review.Verdict) bool {
	if v == review.Changes || v == review.Reject {
		return true
	}
	for _, x := range r.Reasoned {
		if x == v {
			return true
		}
	}
	return false
}

// outcomeWords says to the person who answered or acted what became of it, in
// mrkdwn. It names the answer that stands where theirs came second.
func (s scene) outcomeWords(out review.Outcome) string {
	what := ""
	if out.Verdict != "" {
		what = ": " + literal(playbook.Say(out.Verdict), mostOption)
	}
	about := " – " + s.title() + ", " + s.vendor()
	switch out.Status {
	case review.Counted:
		return drill(s.Case.Rehearsal, "✅ *Counted*"+what+about+".")
	case review.Already:
		return drill(s.Case.Rehearsal, "✅ *Already counted*"+what+about+". It was sent twice and counts once.")
	case review.Pending:
		return drill(s.Case.Rehearsal, "📨 *Received, being delivered*"+what+about+". It is safely stored; you need not send it again.")
	}
	words := "🚫 *Not counted*" + what + about + ". " + out.Refusal.Sentence()
	for i, id := range out.Missing {
		words += fmt.Sprintf("\n%d. %s", i+1, literal(s.statement(id), 300))
	}
	switch out.Refusal {
	case review.NeedsBrowser, review.Stale, review.NeedsDocument:
		if s.page() != "" {
			words += " " + link(s.page(), "Open the page") + "."
		}
	}
	return drill(s.Case.Rehearsal, words+s.stands(out))
}

// stands names the answer that stands where another came second.
func (s scene) stands(out review.Outcome) string {
	switch out.Refusal {
	case review.Answered, review.Closed, review.Settled:
	default:
		return ""
	}
	if out.At.IsZero() {
		return ""
	}
	if out.By == "" {
		return " It was closed " + s.when(out.At) + "."
	}
	did := "answered"
	if b := s.Request.Standing(out.Seat); b != nil && b.Person == out.By {
		did = literal(playbook.Said(b.Verdict), mostOption)
		if how := where(b.Channel); how != "" {
			did += " " + how
		}
	}
	return " " + strings.TrimSpace(capital(s.you(out.By))+" "+did) + ", " + s.when(out.At) + "."
}

// capital begins a sentence with words that may be "you".
func capital(words string) string {
	if words == "you" {
		return "You"
	}
	return words
}

// statement is what an attestation says.
func (s scene) statement(id string) string {
	if words := s.Statements[id]; !blank(words) {
		return words
	}
	return human(id)
}

// wrongPerson says to somebody who pressed a button of somebody else's card who
// can answer, in mrkdwn.
func (s scene) wrongPerson() string {
	var names []string
	for _, st := range s.waitingSeats() {
		for _, h := range s.Request.Seating(st.Seat).Holders {
			if h.Active(s.Now) {
				names = append(names, s.name(h.Person))
			}
		}
	}
	words := "This card is not yours, so nothing was counted."
	if names = compact(names); len(names) > 0 {
		words += " " + listed(names) + " can answer it."
	}
	return drill(s.Case.Rehearsal, words)
}

// compact drops what was there before.
func compact(list []string) []string {
	var once []string
	seen := map[string]bool{}
	for _, x := range list {
		if !seen[x] {
			seen[x] = true
			once = append(once, x)
		}
	}
	return once
}
