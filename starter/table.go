package main

import "strings"

// command is a row of the table of commands: plain values, from which the
// command line, its help and docs/commands.md are all made. What a command does
// is found by its name in actions.
type command struct {
	Name  string // the words after gangway
	Args  string // "CASE [STEP]"
	Group string
	Short string
	Long  string // more than Short says, if anything
	// Examples are whole command lines, without the prompt.
	Examples []string
	Flags    []flag
	// Exits are the codes besides 0, 1 and 2 that it can end with.
	Exits []int
	// Completes says for each argument what its values are: case, step, word.
	Completes []string
	Hidden    bool
}

// flag is one flag of a command. Without Value it is a switch.
type flag struct {
	Name, Letter string
	Value        string // what stands for the value in help: PERSON
	Usage        string
	Default      string
	Many         bool   // may be given several times
	Completes    string // what its values are: person, playbook, output, time, mode, trigger
}

// Groups of commands, as the help lists them.
const (
	groupLook   = "Look"
	groupSay    = "Start and answer"
	groupSteer  = "Steer a running case"
	groupRecord = "Record and evidence"
	groupSet    = "People and files"
	groupFound  = "A gangway of one's own"
	groupTool   = "The command line itself"
)

func groups() []string {
	return []string{groupLook, groupSay, groupSteer, groupRecord, groupSet, groupFound, groupTool}
}

// parentShort is the line of a word that only leads to commands.
func parentShort(name string) string {
	switch name {
	case "people":
		return "The people who are asked"
	case "letters":
		return "What gangway sends by mail"
	case "key":
		return "The key that seals dossiers"
	case "token":
		return "What signs the command line in"
	case "contact":
		return "The vendor's people"
	case "outside":
		return "Reviewers of neither side"
	case "dpa":
		return "Data processing agreements"
	case "config":
		return "The files that an organisation writes"
	}
	return ""
}

func globalFlags() []flag {
	return []flag{
		{Name: "output", Letter: "o", Value: "FORMAT", Usage: "how data is written: text or json", Default: "text", Completes: "output"},
		{Name: "as", Value: "PERSON", Usage: "the person who acts (GANGWAY_AS)", Completes: "person"},
		{Name: "data", Value: "DIR", Usage: "the data folder of the local to talk to (GANGWAY_DATA)", Default: "./gangway-data"},
		{Name: "url", Value: "ADDRESS", Usage: "the gangway to talk to, instead of a local: https, or http on this machine (GANGWAY_URL)"},
		{Name: "token-file", Value: "FILE", Usage: "a file with the token that signs you in at --url; only you can read it (GANGWAY_TOKEN_FILE)"},
		{Name: "time-format", Value: "FORMAT", Usage: "how times are written: relative or iso", Default: "relative", Completes: "time"},
		{Name: "no-color", Usage: "no colours, also on a terminal (NO_COLOR)"},
	}
}

// commands is the table.
func commands() []command {
	var all []command
	all = append(all, lookCommands()...)
	all = append(all, sayCommands()...)
	all = append(all, steerCommands()...)
	all = append(all, recordCommands()...)
	all = append(all, foundCommands()...)
	all = append(all, tokenCommands()...)
	all = append(all, operateCommands()...)
	all = append(all, vendorCommands()...)
	all = append(all, outsideCommands()...)
	all = append(all, watchCommands()...)
	all = append(all, exitCommands()...)
	return append(all, setCommands()...)
}

// actions is what each command of the table does.
func (s *session) actions() map[string]func(args []string) error {
	return map[string]func([]string) error{
		"plan": s.plan, "cases": s.cases, "show": s.show, "waiting": s.waiting, "receipt": s.receipt,
		"onboard": s.onboard, "answer": s.answer, "form": s.form, "submit": s.submit, "take-back": s.takeBack, "recuse": s.recuse,
		"delegate": s.delegate, "away": s.away, "withdraw": s.withdraw, "stop": s.stop, "reopen": s.reopen,
		"dossier": s.dossier, "verify": s.verify, "key fingerprint": s.fingerprint,
		"people list": s.peopleList, "people apply": s.peopleApply, "config check": s.check, "docs": s.docs,
		"token list": s.tokenList, "token new": s.tokenNew, "token revoke": s.tokenRevoke,
		"extend": s.extend, "hold": s.hold, "resume": s.resume, "ask": s.ask, "add-seat": s.addSeatTo, "correct": s.correct, "send-changes": s.sendChanges,
		"audit": s.audit, "people replace": s.peopleReplace, "letters list": s.letters, "letters again": s.letterAgain, "bounce": s.bounce,
		"dpa open": s.dpaOpen, "open": s.partOpen, "contacts": s.contacts, "mail": s.mails, "deliver": s.deliverFiles, "check": s.checkPoints,
		"contact add": s.contactAdd, "contact confirm": s.contactConfirm, "contact end": s.contactEnd, "contact revoke": s.contactRevoke,
		"outside list": s.outsideList, "outside name": s.outsideName, "outside end": s.outsideEnd,
		"adopt": s.adopt, "watch": s.watch, "exit": s.exit, "settle": s.settleExit,
		"init": s.initialise, "doctor": s.doctor, "version": s.version,
	}
}

// arity is how many arguments the row allows; most is -1 for any number.
func (c command) arity() (least, most int) {
	for _, word := range strings.Fields(c.Args) {
		switch {
		case strings.Contains(word, "…"):
			return least, -1
		case !strings.HasPrefix(word, "[") && !strings.HasSuffix(word, "]"): // [FROM UNTIL] may both be left out
			least++
		}
		most++
	}
	return least, most
}

func (c command) long() string {
	if c.Long == "" {
		return c.Short + "."
	}
	return c.Short + ".\n\n" + c.Long
}

func (c command) example() string {
	if len(c.Examples) == 0 {
		return ""
	}
	return "  " + strings.Join(c.Examples, "\n  ")
}

// Flags that several commands have.
func reasonFlag(usage string) flag { return flag{Name: "reason", Value: "TEXT", Usage: usage} }

func idFlag() flag {
	return flag{Name: "id", Value: "ID", Usage: "repeat what was sent under this id instead of sending something new"}
}

func seatFlag() flag {
	return flag{Name: "seat", Value: "SEAT", Usage: "the seat that is meant, for somebody who holds more than one"}
}
