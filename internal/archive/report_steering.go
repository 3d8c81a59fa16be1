package archive

import (
	"fmt"
	"strings"

	"gangway/internal/dossier"
	"gangway/internal/review"
)

// steered says what the case owner did to the course of the case; empty for
// other entries.
func (p reporter) steered(kind dossier.Kind, d *dossier.Detail) string {
	switch kind {
	case dossier.Held:
		return "The case was put on hold: answers still counted, nobody was asked or reminded."
	case dossier.Resumed:
		return "The case goes on; every due date was moved by the time on hold."
	case dossier.Corrected:
		return p.corrected(d)
	case dossier.OwnerChanged:
		said := fmt.Sprintf("The case owner is now %s", p.who(d.Owner))
		if d.Deputy != "" {
			said += ", the deputy " + p.who(d.Deputy)
		}
		if d.Sponsor != "" {
			said += ", the sponsor " + p.who(d.Sponsor)
		}
		return said + "."
	}
	return ""
}

func (p reporter) corrected(d *dossier.Detail) string {
	value := strings.Join(d.Values, ", ")
	if len(d.Values) == 0 {
		value = fmt.Sprint(d.Amount)
	}
	said := fmt.Sprintf("The intake was corrected: %s is %s.", oneLine(cut(d.Field, 80)), oneLine(cut(value, 300)))
	if d.From != d.Tier {
		said += fmt.Sprintf(" The vendor was %s and is %s.", d.From, d.Tier)
	}
	steps := func(what string, ids []string) {
		if len(ids) > 0 {
			said += fmt.Sprintf(" Steps %s: %s.", what, oneLine(cut(strings.Join(ids, ", "), 300)))
		}
	}
	steps("added", d.Added)
	steps("dropped", d.Dropped)
	steps("kept all the same", d.Kept)
	return said
}

// steeredRequest says what was done to a request's clock and seats.
func (p reporter) steeredRequest(f *review.Fact, about string) string {
	switch {
	case f.Kind == review.FactHeld:
		return about + " stood still from here on."
	case f.Kind == review.FactResumed:
		return about + " went on."
	case f.Kind == review.FactAdded && f.New != nil:
		seat := *f.New
		who := "the role " + oneLine(cut(seat.Role, 80))
		if id, named := strings.CutPrefix(seat.Role, review.NamedPrefix); named {
			who = p.who(id)
		}
		must := ""
		if seat.Mandatory {
			must = ", which must agree"
		}
		return fmt.Sprintf("%s added seat %s for %s to group %d of %s%s.", p.who(f.Person), oneLine(cut(seat.ID, 80)), who, f.Group+1, about, must)
	case f.Kind == review.FactDue && f.Why == "resumed":
		return fmt.Sprintf("Group %d of %s is due %s after the hold.", f.Group+1, about, moment{f.Due}.Text())
	case f.Kind == review.FactDue && f.Why == "sent-early":
		return fmt.Sprintf("%s closed the round of %s early, to send the changes wanted so far.", p.who(f.Person), about)
	case f.Kind == review.FactDue:
		return fmt.Sprintf("%s extended %s: group %d is due %s.", p.who(f.Person), about, f.Group+1, moment{f.Due}.Text())
	}
	return ""
}
