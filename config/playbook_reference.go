package config

import "gangway/internal/exit"

// term is a key of a playbook's file: from these come the keys that the readers take
// and what docs/configuration.md says of them.
type term struct{ key, text string }

func keysIn(terms []term) []string {
	keys := make([]string, len(terms))
	for i, t := range terms {
		keys[i] = t.key
	}
	return keys
}

// playbookTerms are the keys at the top of a playbook.
func playbookTerms() []term {
	return []term{
		{"name", "By which it is named: lower-case letters, digits and dashes."},
		{"title", "What people read."},
		{"hours", "The organisation's own `zone`, `week` and `holidays`: deadlines count in them."},
		{"roles", "What seats name, and the people file gives."},
		{"data", "The data categories that an intake may list."},
		{"tiers", "Rules, the first that matches wins: `tier`, `when`, `needs` (fields that an intake of the tier must say, such as `baseline-cost`), `exit-plan: none` where a vendor of tier 1 or 2 may go live without one."},
		{"stages", "The onboarding's stages in order. What belongs to one stage is asked side by side; the stage `contract` is the contract review's and the agreement's."},
		{"dpa-when", "When a data processing agreement is needed."},
		{"steps", "What is asked: below."},
		{"chores", "The deadlines of what the case owner is asked between steps."},
		{"attestations", "Statements that seats are asked for, by their ids."},
		{"declaration", "The attestation that everybody's first answer in a case carries: that they have no interest of their own in the vendor."},
		{"watch", "Once the vendor is live: `lead` (days ahead of what runs out, by kind), `reviews` (months between reviews, by tier), `notice-lead` (days for deciding before notice has to go out), `access-days` (days that an access lasts at most before it is renewed)."},
		{"packs", "Names of packs of clauses that ship; each is a form of that name."},
		{"forms", "What is filled in, by `id`, with `title` and `points`: below."},
		{"exit", "How a vendor is left: the name of an exit that ships (`whole-exit`, `small-exit`), whose steps and forms are added to the playbook's own. Without it, and without steps of an exit, no vendor can be left with this playbook."},
		{"included", "The packs as they were when the playbook was given out. gangway writes it."},
		{"included-exit", "The exit as it was then. gangway writes it."},
	}
}

// stepTerms are the keys of a step.
func stepTerms() []term {
	return []term{
		{"id", "Its name for ever."},
		{"process", "`onboarding` (unless given), `contract`, `dpa`, `diligence` or `pilot`; of an exit `exit`, `transfer` (of knowledge), `handover` (of assets), `revocation` (of access), `data-return` or `aftercare` (of backups)."},
		{"stage", "Where it is asked; of due diligence and pilot the stage in which they run."},
		{"kind", "`decision`, `delivery`, `score`, `task` or `checklist`."},
		{"title", "What people read first."},
		{"ask", "What they are asked."},
		{"tiers", "The tiers it is asked for; without it all."},
		{"modes", "Of an exit: the modes in which it is asked, `planned`, `stressed`, `for-cause`; without it all. A drill plays the steps of the mode that it rehearses."},
		{"drill", "Of an exit: what somebody of ours does of the step within an hour in a drill with people, `log in as the owner`. Everything else takes its deadline there."},
		{"assets", "Of a hand-over: the kinds of assets that the step is for; without it all that no other step of its purpose names."},
		{"groups", "Groups of seats, one after the other: `name`, `rule` (all, any, 2 of 3), `seats`."},
		{"seats", "The seats of the only group: a role, or `id`, `role` (`@owner`, `@vendor`), `mandatory`, `veto`, `scope`, `attest`, `competence` (what whoever sits there should be known for), `minutes`."},
		{"rule", "The rule of that group."},
		{"pairs", "Two seats that one person may hold."},
		{"depth", "How often a seat may be passed on."},
		{"waivable", "The owner may waive it, with a reason."},
		{"answer-in", "`browser`: signed in alone."},
		{"answer-by-mail", "`comments`: mail comments and doesn't count."},
		{"due", "When the group should have answered."},
		{"remind", "Reminders."},
		{"backup", "When the backup joins."},
		{"manager", "When the line manager is told."},
		{"owner", "When the case owner is told."},
		{"when", "Asked only where `data`, `systems` or `cost-from` of the intake match, or one of the `lessons` of an exit."},
		{"form", "The form that is filled in. For a checklist of clauses the pack."},
		{"does", "What it is for, where gangway treats it in a way of its own: `offers`, `single`, `interests`, `nda`, `exit-plan`, `access`, `contacts`; in a due diligence `risk`; in a pilot `halfway`, `score`, `go`; in a contract review `clauses`, `executed`; in an exit " + exitPurposes() + "."},
		{"accept", "Who says that what was delivered will do: a role, or seats and groups as above."},
		{"after", "In a pilot: when it is asked, counted from the start."},
		{"criteria", "Of a score: `id`, `title`, `ask`, `weight` (all add up to 100), `most` (the best score)."},
		{"threshold", "The weighted score out of 100 that a go needs; below it a go needs a reason."},
		{"offers", "How many comparable offers; its form is asked once for each."},
		{"expiry", "What a date of the form that expires is: `certificate`, `insurance`, `staff-check`, `access`, `contract`, `exit-plan` and others."},
		{"read-all", "Of a contract review: every section must have been read by somebody."},
	}
}

// pointTerms are the keys of a point of a form.
func pointTerms() []term {
	return []term{
		{"id", "Its name within the form."},
		{"title", "What is asked, in a few words."},
		{"ask", "What else is to be said of it."},
		{"source", "The article or standard it comes from."},
		{"kind", "`text`, `yes-no`, `choice`, `many`, `date`, `number`, `amount`, `person`, `file`; `place` or nothing: a place in a text."},
		{"options", "What can be chosen."},
		{"expires", "Of a date: what was shown is good until then, and is watched."},
		{"keep-days", "Of a file: the copy is erased that many days after it was accepted; the fact stays."},
		{"optional", "May be left out."},
		{"waivable", "Of a place in a text: the owner may do without it, until a day and with a reason. Where a pack says so of any point, all others must be there."},
		{"dated", "Of a place in a text: a date is wanted."},
		{"cues", "Ways in which a text says it, for the search that proposes places: beginnings of words that stand near one another. One with + in front helps and is not enough."},
	}
}

// rowTerms are the keys of points that are there several times.
func rowTerms() []term {
	return []term{
		{"rows", "How often the points are there."},
		{"least", "How many rows have to be filled in."},
		{"of", "What there is a row of: the points of the second are risk-2-…"},
		{"points", "The points of one row."},
	}
}

// sayPlaybooks tells what a playbook holds.
func sayPlaybooks(say func(format string, args ...any)) {
	say("\n# Playbooks\n")
	say("A playbook is what an organisation asks when it takes a vendor on board. Those that ship are small, standard and whole;")
	say("they lie in `config/playbooks`. `gangway plan FILE --playbook MINE.yaml` shows what one would ask of whom, and what a vendor")
	say("of each tier costs at most; `gangway config check MINE.yaml` names every fault with its line. A case keeps the playbook it")
	say("began with.")
	for _, part := range []struct {
		title string
		terms []term
	}{{"## At the top of a playbook", playbookTerms()}, {"## A step", stepTerms()}, {"## A point of a form", pointTerms()}, {"## Points that are there several times", rowTerms()}} {
		say("\n%s\n", part.title)
		say("| key | meaning |\n|---|---|")
		for _, t := range part.terms {
			say("| `%s` | %s |", t.key, t.text)
		}
	}
	say("\n## Lengths of time")
	say("\n`3 working days`, `4 working hours`, `2 weeks`, `10 calendar days`: what ends at night or on a holiday ends when work begins")
	say("again. `4 clock hours` end when the clock says so, at night and on a holiday too: an emergency has such deadlines.")
	sayLessons(say)
	say("\n## What is refused")
	say("\nA playbook in which anything is asked of the vendor, or goes to them, before the step that `does: nda` is met (offers")
	say("excepted); one whose due diligence ends without a risk record that is signed, or whose pilot has no score or no go; weights")
	say("that don't add up to 100; and, where a playbook has any step with a purpose, a tier 1 or 2 without an exit plan that is")
	say("signed before the last stage.")
	say("\nOf an exit: a mode in which nobody decides, gives notice, lists the vendor's accounts or signs the certificate; an")
	say("emergency that one person alone can declare, or whose deadline waits for working hours; work that nobody else checks.")
}

// sayLessons tells what leaving one vendor does to how the next is looked at.
func sayLessons(say func(format string, args ...any)) {
	say("\n## What an exit taught")
	say("\nThe form of a step that `does: lessons` has the point `taught`. What is chosen there, and whether the vendor would be taken again,")
	say("is known when the next one is asked for: one who is named as taking over, or whose service is named by the same words. gangway reads")
	say("it in the record and nobody types it in. The tier rules, and `when` of any step, can ask for `lessons`:")
	say("\n| lesson | what was said of the vendor who was left |\n|---|---|")
	for _, id := range exit.Lessons() {
		say("| `%s` | %s |", id, exit.LessonWords(id))
	}
}
