package slack

import (
	"fmt"
	"slices"
	"strings"

	"github.com/slack-go/slack"

	"gangway/internal/playbook"
	"gangway/internal/review"
)

// seats say who answered what, and who is waited for. Forty of them are as
// readable as four: those with an answer first, what is past mostList counted.
func (s scene) seats() slack.Block {
	var all []string
	t := s.Request.Tally(s.Now)
	for gi, g := range s.Request.Policy.Groups {
		head := ""
		if len(t.Groups) > 1 {
			head = fmt.Sprintf("*%s*, %s\n", groupName(g, gi), stands(t.Groups[gi].State, s.Request.Closed != nil))
		}
		lines := s.seatLines(t.Groups[gi])
		if len(g.Seats) > 1 {
			if rule := rule(g); rule != "" {
				lines = append(lines, "_"+rule+"_")
			}
		}
		all = append(all, head+strings.Join(lines, "\n"))
		if gi == 3 && len(t.Groups) > 4 {
			all = append(all, fmt.Sprintf("and %s more", count(len(t.Groups)-4, "group")))
			break
		}
	}
	return section(whole(all, mostText-50))
}

// whole joins parts while they fit whole: mrkdwn that is cut anywhere may end
// within a mark.
func whole(parts []string, most int) string {
	words := ""
	for i, p := range parts {
		if words != "" {
			p = "\n" + p
		}
		if len([]rune(words))+len([]rune(p)) > most {
			return words + fmt.Sprintf("\nand %d more", len(parts)-i)
		}
		words += p
	}
	return words
}

// seatLines are a group's seats, a line each.
func (s scene) seatLines(g review.GroupTally) []string {
	var done, open []string
	for _, st := range g.Seats {
		if b := s.Request.Standing(st.Seat); b != nil {
			line := fmt.Sprintf("%s %s: %s by %s, %s", signOf(b.Verdict), seat(st.Seat), saidShort(b.Verdict), s.you(b.Person), s.when(b.At))
			if how := where(b.Channel); how != "" {
				line += ", " + how
			}
			done = first(done, line, b.Person == s.Viewer.ID)
			continue
		}
		open = first(open, s.silent(st, g.State), s.Request.Holds(st.Seat, s.Viewer.ID, s.Now))
	}
	return append(short(done, 8), short(open, 8)...)
}

// first adds a line, the viewer's own in front: among forty it would be counted
// with the rest.
func first(lines []string, line string, own bool) []string {
	if own {
		return slices.Insert(lines, 0, line)
	}
	return append(lines, line)
}

// saidShort is a verdict as it was given, before "by".
func saidShort(v review.Verdict) string {
	switch v {
	case review.Changes:
		return "changes wanted"
	case review.Approve, review.Reject, review.Delivered, review.Scored:
		return playbook.Said(v)
	}
	return "“" + literal(playbook.Say(v), mostOption) + "”"
}

// silent is a seat that has not answered.
func (s scene) silent(st review.SeatState, state review.State) string {
	var names []string
	if sg := s.Request.Seating(st.Seat); sg != nil {
		for _, h := range sg.Holders {
			if h.Active(s.Now) {
				names = append(names, s.you(h.Person)+lacking(h))
			}
		}
	}
	const most = 3
	if len(names) > most {
		names = append(names[:most], "others")
	}
	who := ""
	if len(names) > 0 {
		who = " (" + strings.Join(names, ", ") + ")"
	}
	switch {
	case s.Request.Closed != nil:
		return "▫️ " + seat(st.Seat) + ": was not needed"
	case state == review.Waiting:
		return "🕓 " + seat(st.Seat) + who + ": not asked yet"
	case state.Decided():
		return "▫️ " + seat(st.Seat) + ": not needed any more"
	case st.Vacant:
		return "⚠️ " + seat(st.Seat) + ": nobody holds this seat"
	}
	return "⏳ " + seat(st.Seat) + who + ": has not answered"
}

// lacking says what a seat asks for and its holder is not known to have.
func lacking(h review.Holder) string {
	var names []string
	for _, id := range h.Lacks {
		names = append(names, lower(id))
	}
	if len(names) == 0 {
		return ""
	}
	return ", not known to have: " + listed(names)
}

// short counts what is past a number of lines.
func short(lines []string, most int) []string {
	if len(lines) <= most {
		return lines
	}
	return append(lines[:most-1:most-1], fmt.Sprintf("and %d more like this", len(lines)-most+1))
}

func groupName(g review.Group, i int) string {
	if blank(human(g.Name)) {
		return fmt.Sprintf("Group %d", i+1)
	}
	return seat(g.Name)
}

// stands is a state in words.
func stands(st review.State, closed bool) string {
	switch st {
	case review.Waiting:
		if closed {
			return "was not asked"
		}
		return "not asked yet"
	case review.Open:
		if closed {
			return "was being asked"
		}
		return "being asked"
	case review.Vacant:
		return "nobody left to ask"
	case review.Met:
		return "agreed"
	case review.Wanted:
		return "changes wanted"
	case review.Denied:
		return "refused"
	}
	return lower(string(st))
}

// rule says how many of a group's seats are needed.
func rule(g review.Group) string {
	switch {
	case len(g.Seats) == 1:
		return ""
	case g.Needed() == 1:
		return "One of them is enough."
	case g.Rule == review.RuleSome:
		return fmt.Sprintf("%d of %d are needed.", g.N, len(g.Seats))
	}
	return "All of them are needed."
}
