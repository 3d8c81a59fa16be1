package main

import "slices"

func sayCommands() []command {
	told := []int{exitDenied, exitRefused, exitWaiting}
	first := []command{
		shared("open", command{
			Group: groupSay,
			Flags: []flag{
				{Name: "playbook", Value: "NAME", Usage: "the playbook (default: the vendor file's, else the deployment's)", Completes: "playbook"},
				{Name: "rehearsal", Usage: "nothing of it is real, and the case's clock may be moved"}, idFlag(),
			},
			Exits: []int{exitDenied}, Completes: []string{"", "file"},
		}),
		shared("onboard", command{
			Group: groupSay,
			Flags: []flag{
				{Name: "playbook", Value: "NAME", Usage: "the playbook (default: the vendor file's, else the deployment's)", Completes: "playbook"},
				{Name: "rehearsal", Usage: "nothing of it is real, and the case's clock may be moved"}, idFlag(),
			},
			Exits: []int{exitDenied}, Completes: []string{"file"},
		}),
	}
	return slices.Concat(first, answerCommands(told), []command{
		{
			Name: "submit", Args: "CASE DOCUMENT FILE", Group: groupSay,
			Short: "File a version of a document",
			Long: "DOCUMENT is the document's name in the case, such as contract. Only the seats whose text the\n" +
				"new version touches, and those who wanted changes, are asked again.",
			Examples: []string{"gangway submit onboarding/brightwell-payroll/1 contract contract-v2.md --from-vendor"},
			Flags: []flag{
				{Name: "from-vendor", Usage: "it is filed on the vendor's behalf"},
				reasonFlag("a note about this version"), idFlag(),
			},
			Exits: told, Completes: []string{"case", "document", "file"},
		},
		{
			Name: "take-back", Args: "CASE STEP", Group: groupSay,
			Short:    "Take your answer back while the request is open",
			Examples: []string{"gangway take-back onboarding/brightwell-payroll/1 review --reason 'I read the wrong version'"},
			Flags:    []flag{reasonFlag("why; needed"), seatFlag(), idFlag()},
			Exits:    told, Completes: []string{"case", "step"},
		},
		{
			Name: "recuse", Args: "CASE [STEP]", Group: groupSay,
			Short: "Declare a conflict of interest",
			Long: "You leave your seats in the whole case at once, and what you answered in open requests no\n" +
				"longer counts. This can't be undone.",
			Examples: []string{"gangway recuse onboarding/brightwell-payroll/1 --reason 'my sister works there'"},
			Flags:    []flag{reasonFlag("why; needed"), idFlag()},
			Exits:    told, Completes: []string{"case", "step"},
		},
		shared("delegate", command{
			Group: groupSay,
			Flags: []flag{
				{Name: "to", Value: "PERSON", Usage: "who takes the seat; needed", Completes: "person"},
				{Name: "until", Value: "DATE", Usage: "the last day of it in this machine's time zone, or an instant; needed"},
				reasonFlag("why"), seatFlag(), idFlag(),
			},
			Exits: told, Completes: []string{"case", "step"},
		}),
		shared("away", command{
			Group: groupSay,
			Flags: []flag{
				{Name: "backup", Value: "PERSON", Usage: "who stands in for you, before your other backups", Completes: "person"},
				{Name: "end", Usage: "you are back: ends what you said before"}, idFlag(),
			},
			Exits: []int{exitDenied},
		}),
		{
			Name: "withdraw", Args: "CASE", Group: groupSay,
			Short:    "End a case without a vendor; for the case owner",
			Examples: []string{"gangway withdraw onboarding/brightwell-payroll/1 --reason 'we found another way'"},
			Flags:    []flag{reasonFlag("why; needed"), idFlag()},
			Exits:    told, Completes: []string{"case"},
		},
		{
			Name: "stop", Args: "CASE", Group: groupSay,
			Short:    "Stop the pilot of a case early, which ends nothing else; for the case owner",
			Examples: []string{"gangway stop onboarding/brightwell-payroll/1 --reason 'they never came to the second milestone'"},
			Flags:    []flag{reasonFlag("why; needed"), idFlag()},
			Exits:    told, Completes: []string{"case"},
		},
		{
			Name: "reopen", Args: "CASE STEP", Group: groupSay,
			Short:    "Ask a decided step again; for the case owner",
			Examples: []string{"gangway reopen onboarding/brightwell-payroll/1 need --reason 'the price has doubled'"},
			Flags:    []flag{reasonFlag("why; needed"), idFlag()},
			Exits:    told, Completes: []string{"case", "step"},
		},
	})
}
