package archive

import (
	"fmt"
	"strings"
	"time"

	"gangway/internal/dossier"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// piloted says what happened in a pilot; empty for other entries.
func (p reporter) piloted(e dossier.Entry, d *dossier.Detail) string {
	switch e.Kind {
	case dossier.PilotFrozen:
		var weights []string
		for _, c := range d.Criteria {
			weights = append(weights, fmt.Sprintf("%s %d", oneLine(cut(c.Title, 200)), c.Weight))
		}
		return fmt.Sprintf("What the pilot is judged by was frozen (%s): %s of 100; %d are needed.", oneLine(cut(d.Digest, 80)), strings.Join(weights, ", "), d.Threshold)
	case dossier.Milestone:
		title := oneLine(cut(d.Step, 200))
		if r := p.view.Request(d.Request); r != nil && r.Title != "" {
			title = oneLine(cut(r.Title, 200))
		}
		return fmt.Sprintf("The milestone “%s” %s.", title, milestoneWords(d.Result, d.Late))
	case dossier.ScoresOpened:
		return fmt.Sprintf("All scores of the pilot were opened at once: %d of 100, where %d are needed.", d.Score, d.Threshold)
	case dossier.PilotStopped:
		if d.Step != "" {
			return "The pilot was stopped by its halfway decision."
		}
		return fmt.Sprintf("%s stopped the pilot early.", p.who(e.Actor))
	}
	return ""
}

// milestoneWords says how a milestone stands.
func milestoneWords(result string, late int) string {
	switch {
	case result == dossier.MilestoneDelivered:
		return "was delivered " + dossier.Lateness(late)
	case result == dossier.MilestoneOverdue:
		return "was due, and was not delivered"
	case late > 0:
		return "was never delivered; it was then " + dossier.Lateness(late)
	}
	return "was never delivered"
}

// scoredIn lists the points that a person gave, in the criteria's words, with a space
// before it. Nothing is said of them while others have not scored: they are blind to
// each other.
func scoredIn(b *review.Ballot, r *review.Request) string {
	if r == nil || len(b.Scores) == 0 {
		return ""
	}
	if !opened(r) {
		return " The points were not opened to anybody."
	}
	var points []string
	for _, s := range b.Scores {
		said := fmt.Sprintf("%s %d", oneLine(cut(s.Criterion, 80)), s.Points)
		for _, c := range r.Criteria {
			if c.ID == s.Criterion {
				said = fmt.Sprintf("%s %d of %d", oneLine(cut(c.Title, 200)), s.Points, c.Most)
			}
		}
		points = append(points, said)
	}
	return " Points: " + strings.Join(points, "; ") + "."
}

// pilot is what became of the case's newest pilot; empty: there was none.
func (p reporter) pilot() string {
	t := p.view.Pilot
	if t == nil {
		return ""
	}
	said := "under way"
	if !t.Ended.IsZero() {
		said = pilotWord(t.Result)
	}
	if !t.Opened.IsZero() {
		said += fmt.Sprintf(", with %d of 100 where %d are needed", t.Score, t.Threshold)
	}
	if t.Changed {
		said += "; what it was judged by is not what was frozen at its start"
	}
	return said
}

// pilotWord is how a pilot ended, as people say it.
func pilotWord(result string) string {
	switch result {
	case "go":
		return "go"
	case "refused":
		return "no-go"
	case "stopped":
		return "stopped early"
	}
	return words(result)
}

// piloting is the one-sentence answer of a case that is a pilot and nothing else;
// empty: it is another case.
func (p reporter) piloting() string {
	v := p.view
	if !strings.HasPrefix(v.ID, string(playbook.Pilot)+"/") || v.Opened.IsZero() {
		return ""
	}
	day := func(t time.Time) string { return t.UTC().Format("2 January 2006") }
	if v.State == dossier.Running {
		return fmt.Sprintf("A pilot with %s has been under way since %s. Nothing in it is final.", p.vendor(), day(v.Opened))
	}
	said := pilotWord(string(v.State))
	if v.Pilot != nil {
		said = p.pilot()
	}
	return fmt.Sprintf("The pilot with %s ended on %s: %s.", p.vendor(), day(v.Closed), said)
}
