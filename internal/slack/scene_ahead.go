package slack

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"gangway/internal/playbook"
	"gangway/internal/review"
)

// outlook is what the case's own playbook and intake tell of a request. Where one
// of them can't be read its part is empty, and nothing is said of it.
type outlook struct {
	// Place is which of the steps that the case asks this is, Of how many; zero: it
	// is none of the playbook's, or the tier isn't known, which says how many.
	Place, Of int
	// Data and Systems are what the vendor touches; Summary is what it is for, in the
	// words of whoever asked for it.
	Data, Systems []string
	Summary       string
	// Taught is what leaving vendors of the kind taught, a sentence for each exit.
	Taught []string
	// Clocked: Alarms are what the clock asks for while nobody answers.
	Clocked bool
	Alarms  []playbook.Alarm
}

// step says where in the case this is.
func (s scene) step() string {
	if s.Place == 0 {
		return ""
	}
	return "step " + strconv.Itoa(s.Place) + " of " + strconv.Itoa(s.Of)
}

// headed is a card's heading. The vendor's name is cut before the step is.
func (s scene) headed() string {
	words := drill(s.Case.Rehearsal, label(s.titled(), 90)+" — "+vendorOr(s.Vendor, s.Request.Vendor, label))
	if s.step() == "" {
		return words
	}
	end := " (" + s.step() + ")"
	return clampPlain(words, mostHeader-len(end)) + end
}

// risk is what there is to lose, as far as the intake says: how critical the
// vendor is, and what it touches.
func (s scene) risk() string {
	var parts []string
	if s.Case.Tier.Valid() && s.Case.Tier != 0 {
		parts = append(parts, literal(s.Case.Tier.String(), 40))
	}
	for _, x := range []struct {
		what string
		ids  []string
	}{{"data: ", s.Data}, {"systems: ", s.Systems}} {
		var names []string
		for _, id := range x.ids {
			if words := lower(id); words != "" {
				names = append(names, words)
			}
		}
		if len(names) > 0 {
			parts = append(parts, x.what+listed(names))
		}
	}
	return strings.Join(parts, " · ")
}

// coming is when the clock will ask for something of a sort about a seat that is
// the viewer's; zero: it won't.
func (s scene) coming(why string) time.Time {
	var at time.Time
	for _, x := range s.Alarms {
		ours := x.Why == playbook.WhyOwner || x.Person == s.Viewer.ID ||
			x.Person == "" && slices.ContainsFunc(s.openSeats(), func(open review.Seat) bool { return open.ID == x.Seat })
		if x.Why == why && ours && x.At.After(s.Now) && (at.IsZero() || x.At.Before(at)) {
			at = x.At
		}
	}
	return at
}

// silence says what happens if the viewer does nothing: when, where the playbook
// can be read.
func (s scene) silence() string {
	if s.held() {
		return "If you do nothing, nothing happens until the case goes on."
	}
	words := "If you do nothing, nothing is decided: silence is never an answer."
	if !s.Clocked {
		words += " You are reminded, then your backup is asked too, then your manager is told"
		if s.Viewer.ID != s.Request.Owner {
			words += ", and " + s.name(s.Request.Owner) + ", who owns the case"
		}
		return words + "."
	}
	var parts []string
	for _, x := range []struct{ why, words string }{{playbook.WhyReminder, "you are reminded"}, {playbook.WhyBackup, "your backup is asked too"},
		{playbook.WhyManager, "your manager is told"}, {playbook.WhyOwner, s.name(s.Request.Owner) + ", who owns the case, is told"}} {
		at := s.coming(x.why)
		if at.IsZero() || x.why == playbook.WhyOwner && s.Viewer.ID == s.Request.Owner {
			continue
		}
		parts = append(parts, x.words+": "+s.when(at))
	}
	if len(parts) == 0 {
		return words
	}
	return words + " Until there is an answer: " + strings.Join(parts, "; ") + "."
}

// changesAt is the next instant, in case time, at which a card says something
// else though nobody does anything; zero: there is none.
func (s scene) changesAt() time.Time {
	var next time.Time
	at := func(t time.Time) {
		if t.After(s.Now) && (next.IsZero() || t.Before(next)) {
			next = t
		}
	}
	if s.Request.Closed != nil || s.held() {
		return next
	}
	at(s.due())
	at(s.snoozed())
	for _, sg := range s.Request.Seatings {
		for _, h := range sg.Holders {
			if !h.Off {
				at(h.Until)
			}
		}
	}
	for _, why := range []string{playbook.WhyReminder, playbook.WhyBackup, playbook.WhyManager, playbook.WhyOwner} {
		at(s.coming(why))
	}
	return next
}
