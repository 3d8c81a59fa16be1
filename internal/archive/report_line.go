package archive

import (
	"cmp"
	"fmt"
	"strings"

	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/review"
)

// line says a line of the journal in words.
func (p reporter) line(l dossier.Line) reportLine {
	e := l.Entry
	r := reportLine{N: l.N, At: moment{e.At}, CaseAt: moment{e.CaseAt}, Moved: !e.At.Equal(e.CaseAt), Who: p.who(actorOf(e)),
		What: p.sentence(e), Conflict: l.Conflict, Hash: l.Hash, Answer: oneLine(cut(cmp.Or(e.Answer, answerIn(e.Fact)), 120))}
	if l.Body != nil && !p.unopened(e) {
		r.Inside, r.ToVendor = visible(l.Body.Inside), visible(l.Body.Vendor)
		for _, n := range l.Body.Names {
			r.Names = append(r.Names, reportFact{oneLine(cut(n.ID, 200)), oneLine(cut(n.Name, 200))})
		}
	}
	if l.Erased != nil {
		r.Erased = erasedText(*l.Erased)
	}
	return r
}

// actorOf is whose doing an entry is.
func actorOf(e dossier.Entry) string {
	switch {
	case e.Actor != "" || e.Fact == nil:
		return e.Actor
	case e.Fact.Ballot != nil:
		return e.Fact.Ballot.Person
	case e.Fact.Kind == review.FactTakenBack || e.Fact.Kind == review.FactRecused || e.Fact.Kind == review.FactSnoozed || e.Fact.Kind == review.FactRefused,
		e.Fact.Kind == review.FactDue, e.Fact.Kind == review.FactAdded:
		return e.Fact.Person
	}
	return ""
}

func answerIn(f *review.Fact) string {
	if f == nil {
		return ""
	}
	return f.Answer
}

func (p reporter) sentence(e dossier.Entry) string {
	d := e.Detail
	if d == nil {
		d = &dossier.Detail{}
	}
	text := func(s string) string { return oneLine(cut(s, 200)) }
	switch e.Kind {
	case dossier.CaseOpened:
		return fmt.Sprintf("The case was opened. Owner: %s.", p.who(d.Owner))
	case dossier.CaseClosed:
		return "The case was closed: " + words(text(d.Result)) + "."
	case dossier.ProcessStarted:
		return fmt.Sprintf("%s started.", text(e.Process))
	case dossier.ProcessEnded:
		return fmt.Sprintf("%s ended: %s.", text(e.Process), words(text(d.Result)))
	case dossier.StageReached:
		return fmt.Sprintf("Stage “%s” was reached.", text(d.Stage))
	case dossier.TierSet:
		return fmt.Sprintf("The vendor is %s.", d.Tier)
	case dossier.Request:
		return p.fact(e.Fact)
	case dossier.DocumentFiled:
		return fmt.Sprintf("%s was filed (%s).%s", upperFirst(cmp.Or(documentName(dossier.DocumentView{Name: d.Name, Version: d.Version, ForVendor: d.ForVendor}), "a document")),
			text(d.Document), changed(d.Comparison))
	case dossier.SentToVendor:
		return p.sent(d)
	case dossier.Withdrawn:
		if d.Result == "cut-off" {
			return "The exit was called off after access was cut: the vendor stays, cut off. What was taken away is given anew, or stays away."
		}
		return "The case was withdrawn."
	case dossier.Reopened:
		return fmt.Sprintf("“%s” was opened again.", text(cmp.Or(d.Step, e.Process)))
	case dossier.Attempt:
		return "Something was tried on a process that could not take it." + refusal(d.Outcome)
	case dossier.Noted:
		return p.noted(d)
	case dossier.Jumped:
		return "The rehearsal's clock was moved."
	case dossier.HistoryFiled:
		return fmt.Sprintf("The history of %s was filed.", text(e.Process))
	case dossier.PlaybookUsed:
		return fmt.Sprintf("The playbook in force is “%s” (%s).", text(d.Playbook), text(d.Digest))
	case dossier.Sealed:
		return fmt.Sprintf("The dossier was sealed (%s).", text(d.Document))
	case dossier.Erased:
		if d.Document != "" {
			return fmt.Sprintf("The document %s was erased under %s.", text(d.Document), text(d.Rule))
		}
		return fmt.Sprintf("The text of %d entries was erased under %s.", len(d.Entries), text(d.Rule))
	}
	if said := p.steered(e.Kind, d) + p.agreed(e.Kind, d) + p.clauses(e.Kind, d) + p.piloted(e, d) + p.examined(e.Kind, d) + p.overseen(e.Kind, d) + p.activated(e.Kind, d) + p.mattered(e.Kind, d) + p.exiting(e.Kind, d); said != "" {
		return said
	}
	if e.Kind == dossier.MailFiled {
		return p.mail(d)
	}
	return fmt.Sprintf("An entry of the kind “%s”.", text(e.Kind.Words()))
}

// noted says what a channel reported.
func (p reporter) noted(d *dossier.Detail) string {
	result := strings.ReplaceAll(oneLine(cut(d.Result, 80)), "-", " ")
	switch review.NoteKind(d.Name) {
	case review.NoteUnreached:
	case review.NoteDocument:
		return fmt.Sprintf("A document of %s was not taken: %s.", p.who(d.Person), result)
	case review.NoteOpened:
		return fmt.Sprintf("%s, who takes over, opened what was filed of it (%s).", p.who(d.Person), oneLine(cut(d.Digest, 80)))
	case review.NoteWithdraws:
		return "The vendor said that it withdraws, which ended nothing by itself."
	case review.NoteContact:
		return fmt.Sprintf("%s of the vendor is now %s.", p.who(d.Person), result)
	case review.NoteAway:
		if d.Person != "" {
			return fmt.Sprintf("The mailbox of %s said that they are away.", p.who(d.Person))
		}
		return "A note."
	default:
		return "A note."
	}
	where := oneLine(cut(d.Channel, 80))
	if where == "slack" {
		where = "Slack"
	}
	said := fmt.Sprintf("%s can't be reached in %s", p.who(d.Person), where)
	if d.Result != "" {
		said += " (" + result + ")"
	}
	if d.Instead != "" {
		said += "; told by " + oneLine(cut(d.Instead, 80))
	}
	return said + "."
}

// changed says what a comparison found, with a space before it.
func changed(c *engagement.Comparison) string {
	if c == nil {
		return ""
	}
	if c.Empty() {
		return " No clause was changed."
	}
	var parts []string
	add := func(what string, clauses []string) {
		if len(clauses) > 0 {
			parts = append(parts, what+" "+oneLine(cut(strings.Join(clauses, ", "), 300)))
		}
	}
	add("changed:", c.Changed)
	add("new:", c.New)
	add("gone:", c.Gone)
	add("with another meaning:", c.Rebound)
	return " Clauses " + strings.Join(parts, "; ") + "."
}

func refusal(o *review.Outcome) string {
	if o == nil || o.Refusal == "" {
		return ""
	}
	return " " + o.Refusal.Sentence()
}

// fact says what happened to a request.
func (p reporter) fact(f *review.Fact) string {
	if f == nil {
		return "An entry about a request that says nothing."
	}
	request := p.view.Request(f.Request)
	title := oneLine(cut(f.Request, 200))
	if request != nil && request.Title != "" {
		title = oneLine(cut(request.Title, 200))
	}
	about := "“" + title + "”"
	seat, person := oneLine(cut(f.Seat, 80)), p.who(f.Person)
	switch f.Kind {
	case review.FactOpened:
		return about + " was asked."
	case review.FactGroup:
		due := ""
		if !f.Due.IsZero() {
			due = ", due " + moment{f.Due}.Text()
		}
		return fmt.Sprintf("Group %d of %s was asked%s.", f.Group+1, about, due)
	case review.FactCounted:
		return p.counted(f.Ballot, request, about)
	case review.FactRefused:
		return fmt.Sprintf("%s tried to answer %s; it did not count.%s", person, about, refusal(f.Outcome))
	case review.FactTakenBack:
		return fmt.Sprintf("%s took back the answer of seat %s to %s.", person, seat, about)
	case review.FactRecused:
		return fmt.Sprintf("%s declared a conflict of interest in %s and answers in it no longer.", person, about)
	case review.FactSeated:
		return p.seated(f, about)
	case review.FactUnseated:
		return fmt.Sprintf("%s holds seat %s of %s no longer.", person, seat, about)
	case review.FactSnoozed:
		return fmt.Sprintf("%s asked not to be reminded of %s before %s.", person, about, moment{f.Until}.Text())
	case review.FactRead:
		if f.Ballot != nil {
			return fmt.Sprintf("%s read %s of version %d in %s.", person, readSections(f.Ballot.Read), f.Ballot.Version, about)
		}
	case review.FactDeclared:
		return fmt.Sprintf("%s had said already whether they have an interest of their own, when it came to %s.", person, about)
	case review.FactUndeclared:
		return fmt.Sprintf("%s has to say again whether they have an interest of their own, with their next answer in %s.", person, about)
	case review.FactVersion:
		if f.Version != nil {
			return fmt.Sprintf("Version %d is now under review in %s (%s).", f.Version.Number, about, oneLine(cut(f.Version.Document, 80)))
		}
	case review.FactTold:
		if f.Person == "" {
			return fmt.Sprintf("There was nobody to tell of %s: %s.", about, words(oneLine(cut(f.Why, 80))))
		}
		return fmt.Sprintf("%s was told of %s: %s.", person, about, words(oneLine(cut(f.Why, 80))))
	case review.FactLost:
		return fmt.Sprintf("%s could not be reached about %s.", person, about)
	case review.FactClosed:
		closed := review.Request{Kind: review.Decision, Closed: &review.Closing{State: f.State, Why: f.Why}}
		if request != nil {
			closed.Kind = request.Kind
		}
		return fmt.Sprintf("%s was closed: %s.", about, decision(&closed))
	case review.FactWaived:
		return fmt.Sprintf("The case owner waived the refusal of %s.", about)
	case review.FactSuperseded:
		return about + " was superseded."
	}
	if said := p.steeredRequest(f, about); said != "" {
		return said
	}
	return fmt.Sprintf("Something of the kind “%s” happened to %s.", oneLine(cut(string(f.Kind), 80)), about)
}

func (p reporter) counted(b *review.Ballot, r *review.Request, about string) string {
	if b == nil {
		return "An answer to " + about + " was counted."
	}
	text := ""
	if r != nil {
		if name, digest := textOf(r, b.Version); name != "" {
			text = fmt.Sprintf(" on %s (%s)", name, digest)
		}
	}
	attested := ""
	if len(b.Attest) > 0 {
		attested = " Confirmed: " + oneLine(cut(strings.Join(b.Attest, ", "), 300)) + "."
	}
	seat := oneLine(cut(b.Seat, 80))
	if b.ForVendor {
		return fmt.Sprintf("%s filed for the vendor what seat %s of %s was asked for%s; the source is written with it.%s%s", p.who(b.Person), seat, about, text, brought(b), attested)
	}
	return fmt.Sprintf("%s answered %s for seat %s: %s%s.%s%s%s", p.who(b.Person), about, seat, words(string(b.Verdict)), text, brought(b), foundIn(b, r)+scoredIn(b, r), attested)
}

func (p reporter) seated(f *review.Fact, about string) string {
	if f.Holder == nil {
		return "Somebody joined a seat of " + about + "."
	}
	seat, person, from := oneLine(cut(f.Seat, 80)), p.who(f.Holder.Person), p.who(f.Holder.From)
	switch f.Holder.Via {
	case review.ViaDelegate:
		until := ""
		if !f.Holder.Until.IsZero() {
			until = " until " + moment{f.Holder.Until}.Text()
		}
		return fmt.Sprintf("%s passed seat %s of %s on to %s%s.", from, seat, about, person, until)
	case review.ViaBackup:
		return fmt.Sprintf("%s joined seat %s of %s as a backup.", person, seat, about)
	}
	return fmt.Sprintf("%s joined seat %s of %s.", person, seat, about)
}

// words says a machine's word to people; other words stay as they are.
func words(word string) string {
	known := map[string]string{
		"approve": "approved", "changes": "wants changes", "reject": "refused", "delivered": "delivered", "scored": "scored", "done": "done",
		"live": "live", "signed": "signed", "withdrawn": "withdrawn", "asked": "asked to answer", "reminder": "reminded",
		"backup": "asked as a backup", "manager": "asked to help, as the line manager", "owner": "asked to help, as the case owner", "vacant": "told that nobody holds a seat",
		"unread": "reminded of sections that nobody has read", "": "without a result",
	}
	if said, ok := known[word]; ok {
		return said
	}
	return oneLine(cut(word, 80))
}
