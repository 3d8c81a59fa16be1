package archive

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"gangway/internal/review"
)

// reportAsked is one thing that was asked, and what came of it.
type reportAsked struct {
	Title, Step, Process string
	Decision             string
	Closed               moment
	Groups               []reportGroup
	Open                 bool
	Answers              []reportAnswer
	Waiting              []string // seats without an answer
}

// reportGroup is who had to answer, and by when.
type reportGroup struct {
	Rule       string
	Asked, Due moment // zero: not asked yet, no due date
}

// reportAnswer is an answer that stands.
type reportAnswer struct {
	Who, Seat, Verdict string
	At                 moment
	Text               string // which text it was about
	Digest             string
	// Notes are what somebody checking the answer would ask next: for whom, on
	// time, for this text or an earlier one, what was confirmed.
	Notes []string
	// Sheet is the number of the form that came with it; 0: none did.
	Sheet int
}

// asked says what came of a request: who had to answer, who did, on which text,
// when.
func (p reporter) asked(r *review.Request) reportAsked {
	a := reportAsked{Title: oneLine(cut(r.Title, 200)), Step: oneLine(r.Step), Process: oneLine(r.Process), Open: r.IsOpen(), Decision: decision(r) + besides(r),
		Groups: groups(r)}
	if a.Title == "" {
		a.Title = oneLine(cut(r.ID, 200))
	}
	if r.Closed != nil {
		a.Closed = moment{r.Closed.At}
	}
	for _, s := range r.Policy.Seats() {
		b := r.Standing(s.ID)
		if b == nil {
			a.Waiting = append(a.Waiting, oneLine(s.ID))
			continue
		}
		answer := reportAnswer{Who: p.who(b.Person), Seat: oneLine(b.Seat), Verdict: words(string(b.Verdict)), At: moment{b.At}, Notes: p.notes(r, b), Sheet: p.forms[b.Answer]}
		answer.Text, answer.Digest = textOf(r, b.Version)
		a.Answers = append(a.Answers, answer)
	}
	return a
}

// groups says the policy of a request in words, one line a group.
func groups(r *review.Request) []reportGroup {
	var all []reportGroup
	for i, g := range r.Policy.Groups {
		seats := make([]string, 0, len(g.Seats))
		for _, s := range g.Seats {
			seat := oneLine(cut(s.ID, 80))
			switch {
			case s.Mandatory && s.Veto:
				seat += " (must agree, may refuse for all)"
			case s.Mandatory:
				seat += " (must agree)"
			case s.Veto:
				seat += " (may refuse for all)"
			}
			seats = append(seats, seat)
		}
		rule := strings.Join(seats, ", ")
		if len(seats) != 1 {
			rule = map[review.Rule]string{review.RuleAll: "all of ", review.RuleAny: "any of ", review.RuleSome: fmt.Sprintf("%d of ", g.N)}[g.Rule] + rule
		}
		if i > 0 {
			rule = "then " + rule
		}
		said := reportGroup{Rule: rule}
		if i < len(r.Clocks) {
			said.Asked, said.Due = moment{r.Clocks[i].Opened}, moment{r.Clocks[i].Due}
		}
		all = append(all, said)
	}
	return all
}

// notes says of an answer what the words of it do not.
func (p reporter) notes(r *review.Request, b *review.Ballot) []string {
	var notes []string
	if s := r.Seating(b.Seat); s != nil {
		if i := slices.IndexFunc(s.Holders, func(h review.Holder) bool { return h.Person == b.Person }); i >= 0 {
			notes = append(notes, p.standsIn(s.Holders[i])...)
		}
	}
	notes = append(notes, p.delivery(b)...)
	if cur := r.Current(); b.Version != cur {
		notes = append(notes, fmt.Sprintf("stands for version %d too: nothing that this seat reads was changed", cur))
	}
	if _, g, ok := r.Seat(b.Seat); ok && g < len(r.Clocks) && !r.Clocks[g].Due.IsZero() && b.At.After(r.Clocks[g].Due) {
		notes = append(notes, "after the due date")
	}
	if len(b.Attest) > 0 {
		notes = append(notes, "confirmed: "+oneLine(cut(strings.Join(b.Attest, ", "), 300)))
	}
	return append(notes, p.given(r, b)...)
}

func (p reporter) standsIn(h review.Holder) []string {
	switch {
	case h.Via == review.ViaBackup && h.From != "":
		return []string{"as a backup of " + p.who(h.From)}
	case h.Via == review.ViaBackup:
		return []string{"as a backup"}
	case h.Via == review.ViaDelegate:
		return []string{"passed on by " + p.who(h.From)}
	}
	return nil
}

func decision(r *review.Request) string {
	said := map[review.State]string{
		review.Met: "agreed", review.Wanted: "changes wanted", review.Denied: "refused", review.Vacant: "nobody left to answer", review.Open: "not decided",
		review.Waiting: "not decided",
	}
	if r.Kind != review.Decision {
		said[review.Met] = "done"
	}
	if r.Closed == nil {
		return "open: not decided yet"
	}
	text := said[r.Closed.State]
	if text == "" {
		text = oneLine(cut(string(r.Closed.State), 80))
	}
	if r.Waived {
		text += ", waived by the case owner"
	}
	if why := r.Closed.Why; why != "" && why != "decided" {
		text += " (" + oneLine(cut(why, 80)) + ")"
	}
	return text
}

// textOf names the version that somebody had before them.
func textOf(r *review.Request, version int) (text, digest string) {
	i := slices.IndexFunc(r.Versions, func(v review.Version) bool { return v.Number == version })
	if i < 0 {
		return "", ""
	}
	name := r.Document
	if name == "" {
		name = "document"
	}
	return fmt.Sprintf("%s, version %d", oneLine(cut(name, 80)), version), oneLine(cut(r.Versions[i].Document, 80))
}

// twoSeats finds people whose answers fill two seats of one request.
func (p reporter) twoSeats(r *review.Request) []reportNotable {
	seats := make(map[string][]string)
	var people []string
	var last = make(map[string]time.Time)
	for _, s := range r.Policy.Seats() {
		b := r.Standing(s.ID)
		if b == nil {
			continue
		}
		if !slices.Contains(people, b.Person) {
			people = append(people, b.Person)
		}
		seats[b.Person] = append(seats[b.Person], oneLine(s.ID))
		last[b.Person] = b.At
	}
	var found []reportNotable
	for _, person := range people {
		if held := seats[person]; len(held) > 1 {
			found = append(found, reportNotable{At: moment{last[person]}, What: fmt.Sprintf("One person, two seats: %s answered “%s” for %s.",
				p.who(person), oneLine(cut(r.Title, 200)), strings.Join(held, " and "))})
		}
	}
	return found
}
