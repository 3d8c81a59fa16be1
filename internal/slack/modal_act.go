package slack

import (
	"slices"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"gangway/internal/playbook"
	"gangway/internal/review"
)

// delegateModal asks to whom a seat goes, and until when.
func (s scene) delegateModal(f review.Form) slack.ModalViewRequest {
	people := s.delegates()
	e, left := someone(people, f.To)
	if e == nil {
		return resultModal("Delegate", "There is nobody whom this seat can be delegated to: whoever takes it must work here, may not have asked for this, and holds no other seat of it.")
	}
	m := &modalForm{s.modal(verbDelegate, "Delegate", "Delegate", " · the first answer counts, theirs or yours; both names are on record.")}
	m.add(input(blockTo, "To whom", crowded(left, "the page of the request knows them all.", ""), false, e))
	m.add(s.seatInput(f.Seat))
	until := f.Until
	if !until.IsZero() {
		until = until.Add(-time.Second)
	}
	m.add(input(blockUntil, "Until the end of", "The seat comes back to you alone after that day.", false, day(until, zone(s.Viewer))))
	m.add(input(blockInside, "Why", "For your own people only.", true, lines(f.Inside, mostInput)))
	return m.ModalViewRequest
}

// delegates are those who may take one of the viewer's seats, those with its role
// first.
func (s scene) delegates() []playbook.Person {
	open := s.openSeats()
	people := byName(s.People, func(p playbook.Person) bool {
		return p.ID != s.Viewer.ID && slices.ContainsFunc(open, func(seat review.Seat) bool { return s.Request.MayHold(seat.ID, p.Record(0), s.Now) })
	})
	fits := func(p playbook.Person) int {
		if slices.ContainsFunc(open, func(seat review.Seat) bool { return slices.Contains(p.Roles, seat.Role) }) {
			return 0
		}
		return 1
	}
	slices.SortStableFunc(people, func(a, b playbook.Person) int { return fits(a) - fits(b) })
	return people
}

func (s scene) readDelegate(st *slack.ViewState) (review.Form, map[string]string) {
	a := answers{st: st}
	f := review.Form{Act: review.Delegate, To: a.one(blockTo), Seat: s.readSeat(&a), Inside: a.text(blockInside)}
	if f.To == "" {
		a.fault(blockTo, "Choose somebody.")
	}
	if t := a.day(blockUntil, zone(s.Viewer)); !t.IsZero() {
		f.Until = t.AddDate(0, 0, 1).UTC()
	}
	if !f.Until.After(s.Now) {
		a.fault(blockUntil, "Choose today or a later day.")
	}
	return f, a.faults
}

// conflicts are the kinds of conflict of interest that are asked for by name.
func conflicts() [][2]string {
	return [][2]string{{"financial", "A financial interest"}, {"family", "Family or friends"}, {"employer", "I worked for them, or will"},
		{"requester", "I asked for this, or gain by it"}, {"other", "Something else"}}
}

// recuseModal asks what the conflict is. Its words begin the reason.
func (s scene) recuseModal(f review.Form) slack.ModalViewRequest {
	m := &modalForm{s.modal(verbRecuse, "Declare a conflict", "Declare", " · you lose this seat at once and for good, and see no more of it; your backup takes it. What you already answered here no longer counts.")}
	kind, reason := splitConflict(f.Inside)
	var kinds []*slack.OptionBlockObject
	for _, k := range conflicts() {
		kinds = append(kinds, choice(k[0], k[1], ""))
	}
	m.add(input(blockKind, "What kind of conflict", "", false, oneOf(kinds, kind)))
	m.add(input(blockInside, "In your words", "Only those who may read the record see it.", false, lines(reason, mostInput-100)))
	return m.ModalViewRequest
}

func (s scene) readRecuse(st *slack.ViewState) (review.Form, map[string]string) {
	a := answers{st: st}
	f := review.Form{Act: review.Recuse, Inside: a.text(blockInside)}
	if f.Inside == "" {
		a.fault(blockInside, review.NeedsReason.Sentence())
	}
	i := slices.IndexFunc(conflicts(), func(k [2]string) bool { return k[0] == a.one(blockKind) })
	if i < 0 {
		a.fault(blockKind, "Choose one of them.")
		return f, a.faults
	}
	f.Inside = conflicts()[i][1] + ": " + f.Inside
	return f, a.faults
}

// splitConflict finds the kind that readRecuse set before a reason.
func splitConflict(inside string) (kind, reason string) {
	for _, k := range conflicts() {
		if rest, is := strings.CutPrefix(inside, k[1]+": "); is {
			return k[0], rest
		}
	}
	return "", inside
}

// snoozeModal asks until when there should be no reminders.
func (s scene) snoozeModal(f review.Form) slack.ModalViewRequest {
	times := s.snoozes()
	if len(times) == 0 {
		words := "This is due too soon to be put off."
		if due := s.due(); !due.IsZero() {
			words += " It is due " + s.when(due) + "."
		}
		return resultModal("Snooze", drill(s.Case.Rehearsal, words))
	}
	m := &modalForm{s.modal(verbSnooze, "Snooze reminders", "Snooze", " · moves your reminders only: the due date stays, and so does whoever else is told.")}
	var options []*slack.OptionBlockObject
	chosen := ""
	for _, t := range times {
		if t.at.Equal(f.Until) {
			chosen = t.name
		}
		options = append(options, choice(t.name, t.words, s.plainTime(t.at)))
	}
	m.add(input(blockUntil, "No reminders before", "", false, oneOf(options, chosen)))
	return m.ModalViewRequest
}

// snooze is a time that reminders can be put off to.
type snooze struct {
	name, words string
	at          time.Time
}

// snoozes are those that leave a day before the due date: the third is there where
// the viewer does not begin at nine tomorrow.
func (s scene) snoozes() []snooze {
	zone := zone(s.Viewer)
	here := s.Now.In(zone)
	nine := func(days int) time.Time {
		return time.Date(here.Year(), here.Month(), here.Day()+days, 9, 0, 0, 0, zone).UTC()
	}
	all := []snooze{{"hour", "For an hour", s.Now.Add(time.Hour).Truncate(time.Second).UTC()}, {"tomorrow", "Tomorrow at nine", nine(1)}}
	next := s.NextDay.In(zone)
	if s.NextDay.IsZero() { // from Monday to Friday then
		days := 1
		for d := nine(days).In(zone).Weekday(); d == time.Saturday || d == time.Sunday; d = nine(days).In(zone).Weekday() {
			days++
		}
		next = nine(days).In(zone)
	}
	if tomorrow := nine(1).In(zone); !next.Equal(tomorrow) {
		words := "Your next working day, " + next.Format("Monday 2 January")
		if next.YearDay() == tomorrow.YearDay() && next.Year() == tomorrow.Year() {
			words = "Tomorrow, when your day begins"
		}
		all = append(all, snooze{"workday", words, next.UTC()})
	}
	latest := s.due().Add(-24 * time.Hour)
	return slices.DeleteFunc(all, func(t snooze) bool { return !s.due().IsZero() && t.at.After(latest) })
}

func (s scene) readSnooze(st *slack.ViewState) (review.Form, map[string]string) {
	a := answers{st: st}
	f := review.Form{Act: review.Snooze}
	for _, t := range s.snoozes() {
		if t.name == a.one(blockUntil) {
			f.Until = t.at
		}
	}
	if f.Until.IsZero() {
		a.fault(blockUntil, "Choose one of them; it has to be a day before the due date.")
	}
	return f, a.faults
}

// notMeModal asks why somebody is not the right person, and who is. It becomes a
// comment for the owner: Inside is what to say, To the person who is meant.
func (s scene) notMeModal(f review.Form) slack.ModalViewRequest {
	m := &modalForm{s.modal(verbNotMe, "Not the right person", "Tell the owner", " · whoever owns the case is told. You stay asked until they, or you by ⋯ Delegate, find somebody else.")}
	m.add(input(blockInside, "Why", "", false, lines(f.Inside, mostInput)))
	if e, left := someone(byName(s.People, func(p playbook.Person) bool { return p.ID != s.Viewer.ID }), f.To); e != nil {
		m.add(input(blockTo, "Who is", crowded(left, "write their name above.", ""), true, e))
	}
	return m.ModalViewRequest
}

func (s scene) readNotMe(st *slack.ViewState) (review.Form, map[string]string) {
	a := answers{st: st}
	f := review.Form{Inside: a.text(blockInside), To: a.one(blockTo)}
	if f.Inside == "" {
		a.fault(blockInside, "Say in a few words why.")
	}
	return f, a.faults
}

// notMeNote is what the owner is told, as the text of a comment.
func (s scene) notMeNote(f review.Form) string {
	words := "I am not the right person for “" + clean(s.titled()) + "”: " + f.Inside
	if f.To != "" {
		words += "\nBetter ask " + clean(nameIn(s.People, s.Viewer, f.To)) + "."
	}
	return words
}
