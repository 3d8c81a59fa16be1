package slack

import (
	"strings"
	"time"

	"gangway/internal/playbook"
	"gangway/internal/review"
)

// remark is a message of one line, for the thread under a board; without text
// where there are no words.
func (s scene) remark(words string) message {
	if words == "" {
		return message{}
	}
	words = drill(s.Case.Rehearsal, words)
	m := message{text: words}
	m.add(small(words))
	return m
}

// told is what happened to a request or its case without an answer. No reason is
// said, and of a conflict of interest not even whose it is.
func (s scene) told(why, about string, at time.Time) message {
	return s.remark(s.toldWords(why, about, at))
}

func (s scene) toldWords(why, about string, at time.Time) string {
	r := &s.Request
	switch why {
	case lineRecused:
		return "🙅 Somebody declared a conflict of interest and answers nothing more in this case, " + s.when(at) + "."
	case lineHeld:
		return "⏸️ On hold: nobody is reminded and no clock runs, " + s.when(at) + "."
	case lineResumed:
		return "▶️ It goes on, " + s.when(at) + "."
	case lineVersion:
		for _, v := range r.Versions {
			if itoa(v.Number) == about {
				return s.versionWords(v)
			}
		}
	case lineBackup:
		for _, told := range r.Told {
			if told.Why == playbook.WhyBackup && told.Seat == about && told.At.Equal(at) && told.Person != "" {
				return "🪑 " + s.title() + ": " + seat(about) + " has not answered, so " + s.name(told.Person) + " is asked too, " + s.when(at) + "."
			}
		}
	case lineClosed:
		if r.Closed != nil && r.Closed.At.Equal(at) {
			st := s.ended()
			return st.mark + " " + s.title() + ": " + strings.ToLower(st.word) + ", " + s.when(at) + "."
		}
	}
	return ""
}

// versionWords say which seats a version concerns, so far as it asks any again.
func (s scene) versionWords(v review.Version) string {
	what := "version " + itoa(v.Number) + " is here"
	if v.Document == "" { // the same again
		what = "it is asked again"
	}
	var seats []string
	for _, touch := range v.Touched {
		if touch.Version == v.Number-1 {
			for _, id := range touch.Seats {
				seats = append(seats, seat(id))
			}
		}
	}
	words := "📄 " + s.title() + ": " + what + ", " + s.when(v.At)
	if len(seats) > 0 {
		words += "; it concerns " + listed(compact(seats))
	}
	return words + "."
}

// end is how a case ended, under its board.
func (c caseScene) end(at time.Time) message {
	if c.Case.Closed.IsZero() {
		return message{}
	}
	mark, state := c.state()
	s := scene{Case: c.Case, Viewer: c.Viewer}
	return s.remark(mark + " The case is over: " + strings.ToLower(state) + ", " + s.when(at) + ".")
}
