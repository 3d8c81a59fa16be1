package web

import (
	"fmt"
	"strings"
	"time"

	"gangway/internal/dossier"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// timelineEntry is one line of the record in plain words.
type timelineEntry struct {
	N        int
	At       *instant
	Words    []word
	Tone     string
	Inside   string
	Vendor   string
	Erased   string
	Conflict bool
	Hash     string
	Seat     string
	Person   string
	Verdict  review.Verdict
	Version  int
}

// word is a piece of a sentence; names are set apart, so that one that is
// written from right to left turns nothing around it.
type word struct {
	Text string
	Name bool
	Link string
}

// telling writes the sentences of a case.
type telling struct {
	c     dossier.CaseView
	who   names
	me    visitor
	words []word
}

func (t *telling) text(format string, args ...any) *telling {
	t.words = append(t.words, word{Text: fmt.Sprintf(format, args...)})
	return t
}

func (t *telling) name(id string) *telling {
	if id == "" {
		return t.text("gangway")
	}
	t.words = append(t.words, word{Text: t.who.of(id), Name: true})
	return t
}

// title names a request by what it asks.
func (t *telling) title(id string) *telling {
	title := cut(id)
	if r := t.c.Request(id); r != nil && r.Title != "" {
		title = cut(r.Title)
	}
	t.words = append(t.words, word{Text: title, Name: true, Link: requestLink(id)})
	return t
}

// timeline puts every line into words, newest first.
func timeline(lines []dossier.Line, c dossier.CaseView, who names, me visitor, now time.Time) []timelineEntry {
	entries := make([]timelineEntry, 0, len(lines))
	for i := len(lines) - 1; i >= 0; i-- {
		l := lines[i]
		t := telling{c: c, who: who, me: me}
		e := timelineEntry{N: l.N, At: me.at(l.Entry.CaseAt, now), Tone: "quiet", Conflict: l.Conflict, Hash: l.Hash}
		if l.Entry.Fact != nil {
			t.fact(*l.Entry.Fact, &e)
		} else {
			t.entry(l.Entry, &e)
		}
		e.Words = t.words
		if l.Body != nil {
			e.Inside, e.Vendor = l.Body.Inside, l.Body.Vendor
		}
		if l.Erased != nil {
			e.Erased = fmt.Sprintf("What stood here was erased on %s under the rule %s.", l.Erased.On.In(me.zone).Format("2 Jan 2006"), cut(l.Erased.Rule))
		}
		entries = append(entries, e)
	}
	return entries
}

// fact tells what happened to a request.
func (t *telling) fact(f review.Fact, e *timelineEntry) {
	e.Seat, e.Person = f.Seat, f.Person
	switch f.Kind {
	case review.FactOpened:
		t.opened(f)
	case review.FactGroup:
		t.group(f)
	case review.FactCounted:
		t.counted(f, e)
	case review.FactRefused:
		e.Tone = "warn"
		t.name(f.Person).text(" tried to answer ").title(f.Request)
		if f.Outcome != nil {
			t.text(". It did not count: %s", f.Outcome.Refusal.Sentence())
		}
	case review.FactTakenBack:
		e.Tone = "warn"
		t.name(f.Person).text(" took the answer for %s back in ", human(f.Seat)).title(f.Request)
	case review.FactRecused:
		e.Tone = "warn"
		t.name(f.Person).text(" declared a conflict of interest and no longer answers in ").title(f.Request)
	case review.FactSeated:
		t.seated(f)
	case review.FactUnseated:
		t.name(f.Person).text(" no longer holds the seat %s in ", human(f.Seat)).title(f.Request)
		if f.Why != "" {
			t.text(" (%s)", cut(f.Why))
		}
	case review.FactSnoozed:
		t.name(f.Person).text(" gets no reminders of ").title(f.Request)
		t.text(" until %s", t.day(f.Until))
	case review.FactVersion:
		t.version(f, e)
	case review.FactTold:
		t.told(f)
	case review.FactLost:
		e.Tone = "warn"
		t.title(f.Request).text(" could not be shown to ").name(f.Person)
	case review.FactClosed:
		e.Tone = tone(string(f.State))
		t.title(f.Request).text(" is closed: %s", stands(f.State))
		if f.Why != "" && f.Why != "decided" {
			t.text(" (%s)", cut(f.Why))
		}
	case review.FactWaived:
		e.Tone = "warn"
		t.name(f.Person).text(" waived ").title(f.Request)
	case review.FactRead:
		t.name(f.Person).text(" read ")
		if f.Ballot != nil {
			t.text("%s of version %d", readWords(f.Ballot.Read), f.Ballot.Version)
		}
		t.text(" in ").title(f.Request)
	case review.FactDeclared:
		t.name(f.Person).text(" had said already whether they have an interest of their own, when it came to ").title(f.Request)
	case review.FactUndeclared:
		t.name(f.Person).text(" has to say again whether they have an interest of their own, with their next answer in ").title(f.Request)
	case review.FactSuperseded:
		t.title(f.Request).text(" was replaced by a newer request")
	default:
		if !t.steered(f, e) {
			t.text("%s: ", human(string(f.Kind))).title(f.Request)
		}
	}
}

// opened tells that something is asked, and by whom where the playbook doesn't.
func (t *telling) opened(f review.Fact) {
	if f.Opened != nil && f.Opened.AskText != "" {
		t.name(f.Person).text(" asked beside the playbook: ").title(f.Request)
		return
	}
	t.text("Asked: ").title(f.Request)
}

func (t *telling) group(f review.Fact) {
	name := fmt.Sprintf("Group %d", f.Group+1)
	if r := t.c.Request(f.Request); r != nil && f.Group >= 0 && f.Group < len(r.Policy.Groups) && r.Policy.Groups[f.Group].Name != "" {
		name = human(r.Policy.Groups[f.Group].Name)
	}
	t.text("%s is asked in ", name).title(f.Request)
	if !f.Due.IsZero() {
		t.text(", due %s", t.day(f.Due))
	}
}

func (t *telling) counted(f review.Fact, e *timelineEntry) {
	t.name(f.Person)
	if f.Ballot == nil {
		t.text(" answered ").title(f.Request)
		return
	}
	b := f.Ballot
	e.Tone, e.Verdict, e.Version, e.Seat = tone(string(b.Verdict)), b.Verdict, b.Version, b.Seat
	if b.ForVendor {
		t.text(" in the vendor's place")
	}
	t.text(", %s: %s", human(b.Seat), playbook.Said(b.Verdict))
	t.checked(b)
	switch {
	case b.Version > 0 && len(b.Read) > 0:
		t.text(", having read %s of version %d", readWords(b.Read), b.Version)
	case b.Version > 0:
		t.text(", having read version %d", b.Version)
	}
	t.text(". ").title(f.Request)
	if b.Channel != "" {
		t.text(" (%s)", channel(b.Channel))
	}
}

func channel(c string) string {
	switch c {
	case pagesChannel:
		return "in the browser"
	case apiChannel:
		return "on the command line"
	}
	return "by " + cut(c)
}

func (t *telling) seated(f review.Fact) {
	if f.Holder == nil {
		t.name(f.Person).text(" takes the seat %s in ", human(f.Seat)).title(f.Request)
		return
	}
	switch f.Holder.Via {
	case review.ViaDelegate:
		t.name(f.Holder.From).text(" asked ").name(f.Holder.Person).text(" to answer for %s in ", human(f.Seat)).title(f.Request)
		if !f.Holder.Until.IsZero() {
			t.text(" until %s", t.day(f.Holder.Until))
		}
	case review.ViaBackup:
		t.name(f.Holder.Person).text(" joins %s as backup for ", human(f.Seat)).name(f.Holder.From).text(" in ").title(f.Request)
	default:
		t.name(f.Holder.Person).text(" takes the seat %s in ", human(f.Seat)).title(f.Request)
	}
}

func (t *telling) version(f review.Fact, e *timelineEntry) {
	if f.Version == nil {
		t.text("A new version in ").title(f.Request)
		return
	}
	e.Version = f.Version.Number
	t.text("Version %d is under review in ", f.Version.Number).title(f.Request)
	for _, touch := range f.Version.Touched {
		if touch.Version != f.Version.Number-1 {
			continue
		}
		if len(touch.Seats) == 0 {
			t.text("; it changes nothing that a seat reads")
			continue
		}
		t.text("; it changes what is read by ")
		for i, s := range touch.Seats {
			if i > 0 {
				t.text(", ")
			}
			t.text("%s", human(s))
		}
	}
}

func (t *telling) told(f review.Fact) {
	if f.Person == "" {
		t.text("There was nobody to tell (%s) about ", whyTold(f.Why)).title(f.Request)
		return
	}
	t.name(f.Person).text(" was told of ").title(f.Request).text(": %s", whyTold(f.Why))
}

func whyTold(why string) string {
	switch why {
	case "asked":
		return "asked"
	case "reminder":
		return "a reminder"
	case "backup":
		return "as backup"
	case "manager":
		return "as line manager of somebody who is late"
	case "owner":
		return "as owner, because it is late"
	case "unread":
		return "sections are left that nobody has read"
	case "vacant":
		return "as owner, because a seat is empty"
	}
	return cut(why)
}

func (t *telling) day(at time.Time) string { return at.In(t.me.zone).Format("Mon 2 Jan 2006, 15:04") }

// entry tells what happened to the case.
func (t *telling) entry(en dossier.Entry, e *timelineEntry) {
	d := en.Detail
	if d == nil {
		d = &dossier.Detail{}
	}
	e.Person, e.Version = en.Actor, d.Version
	switch en.Kind {
	case dossier.CaseOpened:
		e.Tone = "open"
		t.text("The case was opened")
		if d.Requester != "" {
			t.text(" for ").name(d.Requester)
		}
		t.text("; ").name(d.Owner).text(" owns it")
	case dossier.CaseClosed:
		e.Tone = "good"
		t.text("The case ended: %s", human(d.Result))
	case dossier.ProcessStarted:
		t.text("Process %s started", cut(en.Process))
	case dossier.ProcessEnded:
		t.text("Process %s ended: %s", cut(en.Process), human(d.Result))
	case dossier.StageReached:
		e.Tone = "open"
		t.text("Stage reached: %s", human(d.Stage))
	case dossier.TierSet:
		t.text("The vendor is %s", d.Tier)
	case dossier.DocumentFiled:
		t.document(en, d)
	case dossier.Withdrawn:
		e.Tone = "bad"
		t.name(en.Actor).text(" withdrew %s", cut(en.Process))
	case dossier.Reopened:
		e.Tone = "warn"
		t.name(en.Actor).text(" reopened the step %s", human(d.Step))
	case dossier.Attempt:
		e.Tone = "warn"
		t.name(en.Actor).text(" tried to do something that did not count")
		if d.Outcome != nil {
			t.text(": %s", d.Outcome.Refusal.Sentence())
		}
	case dossier.Noted:
		t.noted(en, d)
	default:
		if !t.agreed(en, d, e) && !t.steeredCase(en, d, e) && !t.piloted(en, d, e) && !t.examined(en, d, e) &&
			!t.overseen(en, d, e) && !t.clauses(en, d, e) && !t.activated(en, d, e) && !t.mattered(en, d, e) && !t.exiting(en, d, e) {
			t.housekeeping(en, d)
		}
	}
}

// noted tells what a channel reported.
func (t *telling) noted(en dossier.Entry, d *dossier.Detail) {
	switch d.Name {
	case string(review.NoteUndelivered):
		t.text("A letter came back, or was refused")
		return
	case string(review.NoteDocument):
		t.text("A document of ").name(d.Person).text(" was not taken: %s", strings.ReplaceAll(cut(d.Result), "-", " "))
		return
	case string(review.NoteOpened):
		t.name(d.Person).text(", who takes over, opened what was filed of it")
		return
	case string(review.NoteWithdraws):
		t.name(en.Actor).text(" says that the vendor withdraws; it ends when the case owner says so")
		return
	case string(review.NoteContact):
		t.name(d.Person).text(" of the vendor is now %s", strings.ReplaceAll(cut(d.Result), "-", " "))
		return
	case string(review.NoteAway):
		if d.Person == "" {
			break
		}
		t.text("The mailbox of ").name(d.Person).text(" said that they are away")
		return
	case string(review.NoteUnreached):
		t.name(d.Person).text(" can't be reached in %s", human(d.Channel))
		if d.Result != "" {
			t.text(" (%s)", strings.ReplaceAll(cut(d.Result), "-", " "))
		}
		if d.Instead != "" {
			t.text("; told by %s", cut(d.Instead))
		}
		return
	}
	t.name(en.Actor).text(" noted")
}

func (t *telling) document(en dossier.Entry, d *dossier.Detail) {
	t.name(en.Actor).text(" filed ")
	t.words = append(t.words, word{Text: human(d.Name), Link: documentLink("/document", t.c.ID, d.Document), Name: true})
	if d.Version > 0 {
		t.text(", version %d", d.Version)
	}
	if d.ForVendor {
		t.text(", on the vendor's behalf")
	}
	if d.Comparison != nil {
		t.text(": %s since the version before", comparisonWords(*d.Comparison))
	}
}

// housekeeping tells what gangway did to the record itself.
func (t *telling) housekeeping(en dossier.Entry, d *dossier.Detail) {
	switch en.Kind {
	case dossier.Jumped:
		t.text("Rehearsal: the case's clock was moved")
		if d.Anchor != nil {
			t.text(" to %s", t.day(d.Anchor.Case))
		}
	case dossier.HistoryFiled:
		t.text("The engine's history of %s was filed", cut(en.Process))
	case dossier.PeopleChanged:
		t.text("The people file changed: revision %d", d.Revision)
	case dossier.PlaybookUsed:
		t.text("The case runs with the playbook %s", human(d.Playbook))
	case dossier.KeyMade:
		t.text("A key to seal dossiers was made")
	case dossier.Sealed:
		t.text("The dossier was sealed")
	case dossier.Erased:
		what := count(len(d.Entries), "text")
		if d.Document != "" {
			what = "A document was"
		}
		t.text("%s erased under the rule %s", what, cut(d.Rule))
	default:
		t.text("%s", upper(en.Kind.Words()))
	}
}
