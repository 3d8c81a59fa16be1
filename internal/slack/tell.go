package slack

import (
	"slices"
	"strings"

	"github.com/slack-go/slack"

	"gangway/internal/playbook"
	"gangway/internal/review"
)

// nudge says that requests still wait for somebody; without text: nothing is left
// to say. The cards themselves stand where they stood.
func nudge(list []scene, why string) message {
	list = byDue(slices.DeleteFunc(slices.Clone(list), func(s scene) bool { return !s.standing().asks }))
	if len(list) == 0 {
		return message{}
	}
	head := "Your answer is still missing."
	if why == playbook.WhyBackup {
		head = "No answer has come so far, so you are asked as well: you stand in. The first answer counts."
	}
	return told("🔔", head, list)
}

// wordTo tells a manager or an owner that nobody answers; they need not answer
// themselves.
func wordTo(list []scene, why string) message {
	if why == playbook.WhyUnread {
		return wordToReaders(list)
	}
	list = byDue(slices.DeleteFunc(slices.Clone(list), func(s scene) bool { return len(s.unanswered(why)) == 0 }))
	if len(list) == 0 {
		return message{}
	}
	var seats []string
	for _, s := range list {
		seats = append(seats, s.unanswered(why)...)
	}
	name := listed(compact(seats))
	head := "Nobody has answered for " + name + " so far. You are told as line manager and need not answer yourself."
	switch why {
	case playbook.WhyOwner:
		head = "Nobody has answered for " + name + " in time. You are told as the owner of the case."
	case playbook.WhyVacant:
		head = "Nobody is left who could answer for " + name + ". As the owner of the case you can find somebody."
	}
	return told("📣", head, list)
}

// wordToReaders says that all agree and some sections are unread: to those who may read
// them, and to the owner.
func wordToReaders(list []scene) message {
	list = byDue(slices.DeleteFunc(slices.Clone(list), func(s scene) bool { return !s.Request.IsOpen() || len(s.Request.Tally(s.Now).Unread) == 0 }))
	if len(list) == 0 {
		return message{}
	}
	var labels []string
	for _, s := range list {
		for _, l := range s.Request.Tally(s.Now).Unread {
			labels = append(labels, literal(l, 30))
		}
	}
	return told("📖", "Everybody who is needed agrees, and nobody has read "+listed(compact(labels))+". Whoever reads it says so on the request's page; until then it is not agreed.", list)
}

// unanswered are the seats that a word would be about.
func (s scene) unanswered(why string) []string {
	var names []string
	for _, st := range s.waitingSeats() {
		if why != playbook.WhyVacant || st.Vacant {
			names = append(names, seat(st.Seat))
		}
	}
	return names
}

// told is a message about requests.
func told(mark, head string, list []scene) message {
	var names []string
	drills := true
	for _, s := range list {
		names = append(names, s.title()+", "+s.vendor())
		drills = drills && s.Case.Rehearsal
	}
	m := message{text: drill(drills, head+" "+strings.Join(names[:min(len(names), 5)], "; ")+".")}
	if due := list[0].due(); !due.IsZero() {
		m.text += " Due " + list[0].plainTime(due) + "."
	}
	m.add(section(drill(drills, mark+" *"+head+"*")))
	m.listing(list)
	return m
}

// tidings says how a request ended to whoever asked for it, or owns its case;
// without text: it has not.
func (s scene) tidings() message {
	if s.Request.Closed == nil {
		return message{}
	}
	st := s.ended()
	about := s.title() + ", " + s.vendor()
	m := message{text: drill(s.Case.Rehearsal, st.word+": "+about+". Case "+literal(s.Case.ID, 100)+".")}
	m.add(section(drill(s.Case.Rehearsal, st.mark+" *"+st.word+"*: "+about)))
	m.add(s.seats())
	m.add(s.linkRow())
	m.add(small(s.foot()))
	return m
}

// linkRow is a link to the page as a button of its own; nil where there is none.
func (s scene) linkRow() slack.Block {
	if s.page() == "" {
		return nil
	}
	return slack.NewActionBlock("", s.pageButton("Open details", slack.StyleDefault))
}

// verdict says what became of an answer that was received earlier.
func (s scene) verdict(out review.Outcome) message {
	words := s.outcomeWords(out)
	m := message{text: words}
	m.add(section(words))
	m.add(small(s.foot()))
	return m
}

// moved says that a card can't be changed any more and where the request is.
func (s scene) moved() message {
	st := s.standing()
	words := drill(s.Case.Rehearsal, "An older message about "+s.title()+", "+s.vendor()+", can't be brought up to date any more. It stands so: "+st.mark+" "+st.word+".")
	m := message{text: words}
	m.add(section(words))
	if !st.hidden {
		m.add(small(s.foot()))
	}
	return m
}
