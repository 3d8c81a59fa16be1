package verb

import "slices"

// Verb is a word by which people ask for something.
type Verb struct {
	Word  string
	Short string // one line, without a full stop
	Slack Use
	Shell Use
}

// Use is how a verb is used in one channel.
type Use struct {
	// Offered: the channel has it. Nothing else is set where it is false.
	Offered bool
	// Args are the words that follow, as help shows them: CASE, [FROM UNTIL].
	Args string
	Long string // more than Short says, if anything
	// Examples are what is typed after the command: "waiting --as maya".
	Examples []string
	// Opens: it only opens a form, in which its arguments stand already; nothing
	// happens until the form is sent.
	Opens bool
}

// Channel is where a verb is said.
type Channel string

// The channels in which people type.
const (
	Slack Channel = "slack"
	Shell Channel = "shell"
)

// In is how the verb is used in a channel.
func (v Verb) In(c Channel) Use {
	switch c {
	case Slack:
		return v.Slack
	case Shell:
		return v.Shell
	}
	return Use{}
}

// Table lists every verb, in the order in which help shows them.
func Table() []Verb {
	return slices.Concat(asking(), looking(), passing())
}

func asking() []Verb {
	return []Verb{{
		Word: "onboard", Short: "Start taking a vendor on board",
		Slack: Use{
			Offered: true, Args: "[PLAYBOOK]", Opens: true, Examples: []string{"onboard", "onboard small"},
			Long: "Opens a form that asks what the playbook wants to know. The contract cannot come this way:\n" +
				"the case waits for it, and its page takes it.",
		},
		Shell: Use{
			Offered: true, Args: "FILE", Examples: []string{"onboard vendor.yaml --as maya"},
			Long: "FILE is a vendor file. The contract that it names is uploaded first; then a case is opened\n" +
				"in your name. The file's faults are all told at once, and nothing is started then. Repeating\n" +
				"the command with the same --id opens no second case.",
		},
	}, {
		Word: "open", Short: "Start a part of it for a vendor, as a case of its own",
		Slack: Use{
			Offered: true, Args: "PART [PLAYBOOK]", Opens: true, Examples: []string{"open diligence", "open pilot whole"},
			Long: "PART is diligence, pilot, contract or dpa. Opens the form of `onboard`; nothing of a vendor who\n" +
				"has a confidentiality agreement to sign is opened. A contract cannot come this way: the case\n" +
				"asks for it.",
		},
		Shell: Use{
			Offered: true, Args: "PART FILE", Examples: []string{"open diligence vendor.yaml", "open contract vendor.yaml --playbook whole"},
			Long: "PART is diligence, pilot, contract or dpa. FILE is a vendor file, as `gangway onboard` takes it; its\n" +
				"contacts with a mail address are asked, and the contract that it names is uploaded and is the\n" +
				"first version. Where the vendor works already, whatever watches it is told what came of it.\n" +
				"Nothing is opened for a vendor who has a confidentiality agreement to sign.",
		},
	}, {
		Word: "exit", Short: "Leave a vendor",
		Slack: Use{
			Offered: true, Args: "[VENDOR]", Opens: true, Examples: []string{"exit", "exit brightwell-payroll"},
			Long: "Opens a form that asks how and by when. What that comes to is shown before anything happens, and\n" +
				"the vendor's name is typed to confirm it.",
		},
		Shell: Use{
			Offered: true, Args: "VENDOR",
			Examples: []string{
				"exit brightwell-payroll --ends --by 2026-12-31 --dry-run",
				"exit brightwell-payroll --replaced-by northwind-pay --by 2026-12-31 --reason 'they were bought'",
				"exit brightwell-payroll --undecided --by 2026-11-20 --mode for-cause --trigger incident --reason-file why.txt",
				"exit brightwell-payroll --in-house --by 2027-06-30 --mode drill --rehearses stressed --reason 'the yearly drill'",
			},
			Long: "VENDOR is the name or short name of a vendor who works. What it comes to is printed first: whom it\n" +
				"asks, the accounts and repositories, and whether the notice period makes the day possible. Then the\n" +
				"vendor's name is typed, or --confirm carries it. One of --replaced-by, --in-house, --ends and\n" +
				"--undecided says who does the work afterwards. Nobody outside hears of it before it is decided inside.",
		},
	}, {
		Word: "settle", Short: "Say who does the work when the vendor is gone",
		Slack: Use{
			Offered: true, Args: "CASE", Opens: true, Examples: []string{"settle brightwell-payroll", "settle exit/brightwell-payroll/1"},
			Long: "CASE is an exit, or its vendor. Opens a form for the case owner, until the point of no return.",
		},
		Shell: Use{
			Offered: true, Args: "CASE", Examples: []string{"settle exit/brightwell-payroll/1 --replaced-by northwind-pay --reason 'they won the tender'"},
			Long: "For the case owner, of an exit that was opened with --undecided, before the point of no return.",
		},
	}}
}

func looking() []Verb {
	return []Verb{
		{
			Word: "cases", Short: "List the cases that run",
			Slack: Use{Offered: true, Examples: []string{"cases"}},
			Shell: Use{Offered: true, Examples: []string{"cases", "cases --all -o json"}},
		},
		{
			Word: "show", Short: "Show where a case stands",
			Slack: Use{
				Offered: true, Args: "CASE", Examples: []string{"show onboarding/brightwell-payroll/1", "show 'Brightwell Payroll'"},
				Long: "CASE is a case's id or the vendor's name. Only you see the reply.",
			},
			Shell: Use{
				Offered: true, Args: "CASE",
				Examples: []string{"show onboarding/brightwell-payroll/1", "show onboarding/brightwell-payroll/1 --journal -o json"},
				Long: "What was decided, by whom, on which version; who is being asked; the documents with their\n" +
					"digests. With --journal every line of the case's record instead.",
			},
		},
		{
			Word: "waiting", Short: "List what waits for an answer of yours",
			Slack: Use{Offered: true, Examples: []string{"waiting"}, Long: "Each line leads to the request; answers are given there or on its card."},
			Shell: Use{Offered: true, Examples: []string{"waiting --as maya", "waiting --person tom"}},
		},
	}
}

func passing() []Verb {
	return []Verb{
		{
			Word: "delegate", Short: "Pass your seat to somebody for a time",
			Slack: Use{
				Offered: true, Args: "CASE [STEP]", Opens: true, Examples: []string{"delegate onboarding/brightwell-payroll/1 review"},
				Long: "Opens a form: to whom, and until when. Of what you are asked in a case STEP names one.",
			},
			Shell: Use{
				Offered: true, Args: "CASE STEP",
				Examples: []string{"delegate onboarding/brightwell-payroll/1 review --to tom --until 2026-12-04"},
			},
		},
		{
			Word: "away", Short: "Say when you are away, and who stands in for you",
			Slack: Use{
				Offered: true, Args: "[FROM UNTIL]", Opens: true, Examples: []string{"away", "away 2026-12-21 2027-01-03"},
				Long: "Opens a form: from when, until when, and who stands in. FROM and UNTIL are the first and the\n" +
					"last day.",
			},
			Shell: Use{
				Offered: true, Args: "[FROM UNTIL]",
				Examples: []string{"away", "away 2026-12-21 2027-01-03 --backup tom", "away --end"},
				Long: "FROM and UNTIL are the first and the last day in your own time zone, or instants. What waits\n" +
					"for you meanwhile is asked of your backup too: the first of the two answers counts. Without\n" +
					"days it lists when you are away. --end ends what you said before.",
			},
		},
		{
			Word: "dossier", Short: "Fetch a case's dossier",
			Slack: Use{
				Offered: true, Args: "CASE", Examples: []string{"dossier onboarding/brightwell-payroll/1"},
				Long: "Says where the dossier can be fetched, signed in: it never comes by chat.",
			},
			Shell: Use{
				Offered: true, Args: "CASE", Examples: []string{"dossier onboarding/brightwell-payroll/1 --out brightwell.zip"},
				Long: "The file holds the record, the documents, the histories and a report, signed. It is checked\n" +
					"before it gets its name. The dossier of a case that still runs says so.",
			},
		},
		{
			Word: "help", Short: "Say what can be asked for",
			Slack: Use{Offered: true, Args: "[WORD]", Examples: []string{"help", "help away"}},
			Shell: Use{Offered: true, Args: "[WORD]", Examples: []string{"help", "help away"}},
		},
	}
}
