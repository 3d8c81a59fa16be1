package dossier

import (
	"cmp"
	"fmt"
	"strings"
	"time"
)

// Kinds of entries that an exit makes, besides those of its matters.
const (
	ExitOrdered Kind = "exit-ordered" // Result is the mode, Step the one that a drill plays, Name who does the work then (exit.After), Values the successor, Field why, Ends the day; again when it was settled
	NoticeDue   Kind = "notice-due"   // Due is the last day on which notice arrives in time, Amount the days of its period, Ends the contract's end that it reaches; Result in-time, late, passed, needless or unknown (see ExitDates.Entry); presses where it goes out before an emergency is ratified, or would be too late
	NoticeGiven Kind = "notice-given" // Document is the receipt, Starts when it went out, Ends when it arrived
	PlanRead    Kind = "plan-read"    // Document is the plan that is carried out: Amount assets and Version areas; Result read or unreadable
	Compressed  Kind = "compressed"   // the plan had to be made shorter, on Starts for the day Ends: Document says what its Amount things given up are, Version steps have days; Result in-time, late or unknown says of notice, Due until when the contract binds then
	PartEnded   Kind = "part-ended"   // Parent is the process, Name the part: Amount matters, of which Version block
	GateReached Kind = "gate"         // of the onboarding Parent of who comes after: Result is signed, live, lost, withdrawn, gone; ready where the owner says so
	WayBack     Kind = "way-back"     // from the leg Name to Stage; Result says why: owner, or gate
	NoReturn    Kind = "no-return"    // the point of no return was passed, by the plan Document
	NotRatified Kind = "not-ratified" // what was decided in an emergency was refused; nothing is restored by that
	GivenUp     Kind = "given-up"     // the vendor is waited for no longer: silent since Starts, after Amount rungs
	FoundLater  Kind = "found-later"  // Values are the assets that were found after their hand-over, Document what shows them
	Rehearsed   Kind = "rehearsed"    // Step takes from Starts to Ends at most, in a drill; Result is what became of somebody's task of an hour: done, failed, open where nobody had done it in time; empty: nobody was asked
	Withheld    Kind = "withheld"     // in a drill: what would have gone out, a notice or an invitation as Result says, is in Document instead
	ExitStopped Kind = "exit-stopped" // it can't be finished, and has no certificate
	Certified   Kind = "certificate"  // in the case and in the register: Document is certificate Version, Amount backups are open; of a drill its report
)

// ExitWords are what an entry of an exit says, as a sentence without its full stop and
// without who did it; empty: it is another entry.
func ExitWords(kind Kind, d *Detail) string {
	day := func(t time.Time) string { return t.UTC().Format("2 January 2006") }
	spaced := func(s string) string { return strings.ReplaceAll(s, "-", " ") }
	switch kind {
	case ExitOrdered:
		return orderWords(d)
	case NoticeDue:
		switch d.Result {
		case "in-time":
			return fmt.Sprintf("Notice has to arrive by %s, %d days before the contract ends on %s", day(d.Due), d.Amount, day(d.Ends))
		case "late":
			return fmt.Sprintf("Notice has to arrive by %s; the contract binds longer than to the day by which the vendor is to be off", day(d.Due))
		case noticePassed:
			return fmt.Sprintf("Notice would have had to arrive by %s; the contract binds longer than to the day by which the vendor is to be off", day(d.Due))
		case noticeNeedless:
			return fmt.Sprintf("Notice would have had to arrive by %s; the contract ends by itself on %s", day(d.Due), day(d.Ends))
		case "presses":
			return fmt.Sprintf("Notice of the contract's end on %s has to arrive by %s: it goes out before the emergency is ratified, or it would be too late", day(d.Ends), day(d.Due))
		}
		return "Nobody said how long before the contract's end notice must arrive"
	case NoticeGiven:
		said := "Notice was given"
		if !d.Ends.IsZero() {
			said += " and arrived on " + day(d.Ends)
		}
		return said + "; the receipt is " + cmp.Or(d.Document, "not filed")
	case PlanRead:
		if d.Result != "read" {
			return fmt.Sprintf("The exit plan %s could not be read for what it names; people name it", d.Document)
		}
		return fmt.Sprintf("The exit plan %s is carried out: it names %s and %s of knowledge", d.Document,
			counted(d.Amount, "thing that changes hands", "things that change hands"), counted(d.Version, "area", "areas"))
	case Compressed:
		return compressedWords(d)
	case PartEnded:
		return fmt.Sprintf("The %s came to its end in %s: of %s %s open, failed or unchecked", partWords(d.Name), d.Parent, counted(d.Amount, "matter", "matters"), areOpen(d.Version))
	case GateReached:
		return gateWords(d)
	case WayBack:
		return fmt.Sprintf("The exit went back from the leg “%s” to “%s”", spaced(d.Name), spaced(d.Stage))
	case NoReturn:
		return "The point of no return was passed: from here on the exit is not called off"
	case NotRatified:
		return "What was decided in the emergency was refused by those who had to ratify it; nothing is restored by that alone"
	case GivenUp:
		return fmt.Sprintf("The vendor has been silent since %s, through %s of the ladder, and is waited for no longer", day(d.Starts), counted(d.Amount, "step", "steps"))
	case FoundLater:
		return "Something was found that nobody had handed over: " + strings.Join(d.Values, ", ")
	case Rehearsed:
		switch d.Result {
		case "done":
			return fmt.Sprintf("In the drill “%s” was done within its hour; it may take from %s to %s", spaced(d.Step), day(d.Starts), day(d.Ends))
		case "failed":
			return fmt.Sprintf("In the drill “%s” was tried and failed; it may take from %s to %s", spaced(d.Step), day(d.Starts), day(d.Ends))
		case "open":
			return fmt.Sprintf("In the drill nobody had done “%s” within the hour; it may take from %s to %s", spaced(d.Step), day(d.Starts), day(d.Ends))
		}
		return fmt.Sprintf("On paper “%s” took from %s to %s: nobody was asked", spaced(d.Step), day(d.Starts), day(d.Ends))
	case Withheld:
		return fmt.Sprintf("Since it is a drill, a %s did not go out: it is %s", d.Result, d.Document)
	case ExitStopped:
		return "The exit was stopped without a certificate: something of it is open, failed or unchecked"
	case Certified:
		if d.Result == "done" {
			return "The report of the drill is " + d.Document
		}
		return fmt.Sprintf("Certificate %d was signed: %s; %s", d.Version, d.Document, backupWords(d.Amount))
	}
	return ""
}

// areOpen begins what is said of n of several matters.
func areOpen(n int) string {
	switch n {
	case 0:
		return "none is"
	case 1:
		return "1 is"
	}
	return fmt.Sprintf("%d are", n)
}

// backupWords say how many copies of the data outlive an exit.
func backupWords(n int) string {
	switch n {
	case 0:
		return "no backup is open"
	case 1:
		return "1 backup is open and followed to its end"
	}
	return fmt.Sprintf("%d backups are open and followed to their end", n)
}

// compressedWords say what a shorter plan does without.
func compressedWords(d *Detail) string {
	day := func(t time.Time) string { return t.UTC().Format("2 January 2006") }
	said := fmt.Sprintf("The plan was counted back from %s: %s given up, as %s says", day(d.Ends), counted(d.Amount, "thing is", "things are"), cmp.Or(d.Document, "no document"))
	switch d.Result {
	case "late":
		said += "; notice cannot arrive in time, and the contract binds until " + day(d.Due) + " at least"
	case "unknown":
		said += "; nobody said how long the notice period is"
	}
	return said
}

// orderWords say what was asked for.
func orderWords(d *Detail) string {
	how, said := strings.ReplaceAll(d.Result, "-", " "), "The vendor is to be off"
	if d.Step != "" { // a drill, in which nobody leaves anybody
		how, said = strings.ReplaceAll(d.Step, "-", " "), "In the drill the vendor would be off"
	}
	after := "it is undecided who does the work then"
	switch d.Name {
	case "replaced":
		after = "another vendor does the work then: " + strings.Join(d.Values, ", ")
	case "in-house":
		after = "we do the work ourselves then"
	case "ends":
		after = "nobody does the work any more"
	}
	return fmt.Sprintf("%s by %s (%s, because of %s); %s", said, d.Ends.UTC().Format("2 January 2006"), how, strings.ReplaceAll(d.Field, "-", " "), after)
}

// gateWords say how far who comes after has come.
func gateWords(d *Detail) string {
	switch d.Result {
	case "signed":
		return "The contract of who comes after is signed"
	case "live":
		return "Who comes after is live"
	case "lost":
		return "A part of the onboarding of who comes after came to nothing; its owner has the word"
	case "withdrawn":
		return "The onboarding of who comes after was withdrawn: who does the work then is open again"
	case "gone":
		return "No onboarding of who comes after is under way any more that could say how far it is: the case owner has the word"
	case "ready":
		return "The case owner said that the work of who comes after stands"
	}
	return "The onboarding of who comes after is under way"
}

// partWords are what a part of an exit is called.
func partWords(part string) string {
	switch part {
	case "transfer":
		return "knowledge transfer"
	case "handover":
		return "hand-over of assets"
	case "revocation":
		return "revocation of access"
	case "data-return":
		return "return of data"
	}
	return "part"
}

// HandedOverWords say who goes on with the vendor.
func HandedOverWords(d *Detail) string {
	switch d.Result {
	case "exit":
		return "The vendor is being left; what was watched passes to"
	case "aftercare":
		return "Backups and waivers that outlive the exit are followed to their end in"
	}
	return "From here on the vendor is watched over in"
}

// exitWords is Words of the kinds of an exit; empty: it is another.
func (k Kind) exitWords() string {
	switch k {
	case ExitOrdered:
		return "exit asked for"
	case NoticeDue:
		return "when notice must arrive"
	case NoticeGiven:
		return "notice given"
	case PlanRead:
		return "exit plan taken up"
	case Compressed:
		return "plan made shorter"
	case PartEnded:
		return "part of the exit ended"
	case GateReached:
		return "replacement reached"
	case WayBack:
		return "went back"
	case NoReturn:
		return "point of no return passed"
	case NotRatified:
		return "emergency decision refused"
	case GivenUp:
		return "vendor waited for no longer"
	case FoundLater:
		return "found later"
	case Rehearsed:
		return "rehearsed"
	case Withheld:
		return "not sent, since it is a drill"
	case ExitStopped:
		return "exit stopped without a certificate"
	case Certified:
		return "certificate signed"
	}
	return ""
}

// succeed folds who comes after. The onboarding of theirs that came to nothing says so, and
// that it goes on after all.
func (v *CaseView) succeed(e Entry, d *Detail) {
	switch {
	case e.Process != v.ID:
	case e.Kind == ExitOrdered:
		v.Successor = ""
		if d.Name == "replaced" && d.Result != "drill" && len(d.Values) > 0 {
			v.Successor = d.Values[0]
		}
	case d.Result == "lost" || d.Result == "withdrawn":
		v.Successor = ""
	case d.Result == "begun" || d.Result == "signed" || d.Result == "live":
		parts := strings.Split(d.Parent, "/") // onboarding/VENDOR/n
		if len(parts) == 3 {
			v.Successor = parts[1]
		}
	}
}
