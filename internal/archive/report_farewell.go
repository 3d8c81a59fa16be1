package archive

import (
	"gangway/internal/dossier"
	"gangway/internal/playbook"
)

// sent is the sentence on what went to the vendor: what the owner sent, or how it ended.
func (p reporter) sent(d *dossier.Detail) string {
	who := p.who(d.Person)
	switch d.Result {
	case playbook.WhyLive:
		return who + " is told that the vendor was taken on."
	case playbook.WhyDeclined:
		return who + " is told that it was decided not to take the vendor on."
	case playbook.WhyOff:
		return who + " is told that the vendor is off, and what still binds both sides."
	case playbook.WhyStays:
		return who + " is told that the exit is called off, and the vendor stays."
	case playbook.WhyCutOff:
		return who + " is told that the exit is called off, and that access which was cut stays so until it is given anew."
	case playbook.WhyReleased:
		return who + ", who was to take over, is told that nothing is asked of them any more."
	case playbook.WhyWithdrawn:
		return who + " is told that this goes no further."
	case "unreached":
		return who + " could not be told how it ended."
	}
	return "The case owner sent this to the vendor."
}
