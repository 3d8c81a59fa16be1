package main

// exitCommands are about leaving a vendor.
func exitCommands() []command {
	return []command{
		{
			Name: "exit", Args: "VENDOR", Group: groupSay,
			Short: "Leave a vendor",
			Long: "VENDOR is the name or short name of a vendor who works. What it comes to is printed first: whom it\n" +
				"asks, the accounts and repositories, and whether the notice period makes the day possible. Then the\n" +
				"vendor's name is typed, or --confirm carries it. One of --replaced-by, --in-house, --ends and\n" +
				"--undecided says who does the work afterwards. Nobody outside hears of it before it is decided inside.",
			Examples: []string{
				"gangway exit brightwell-payroll --ends --by 2026-12-31 --dry-run",
				"gangway exit brightwell-payroll --replaced-by northwind-pay --by 2026-12-31 --reason 'they were bought'",
				"gangway exit brightwell-payroll --undecided --by 2026-11-20 --mode for-cause --trigger incident --reason-file why.txt",
				"gangway exit brightwell-payroll --in-house --by 2027-06-30 --mode drill --rehearses stressed --reason 'the yearly drill'",
			},
			Flags: []flag{
				{Name: "by", Value: "DATE", Usage: "the last day on which the vendor may still be there; needed"},
				{Name: "replaced-by", Value: "VENDOR", Usage: "this vendor does the work afterwards"},
				{Name: "in-house", Usage: "your own people do"}, {Name: "ends", Usage: "nobody does"}, {Name: "undecided", Usage: "that is settled later"},
				{Name: "mode", Value: "MODE", Usage: "planned, stressed, for-cause or drill", Default: "planned", Completes: "mode"},
				{Name: "rehearses", Value: "MODE", Usage: "what a drill plays (default: planned)", Completes: "mode"},
				{Name: "with-people", Usage: "in a drill real people do real tasks of an hour (default: on paper)"},
				{Name: "trigger", Value: "WORD", Usage: "why, in one word that is counted (default: as the other flags suggest)", Completes: "trigger"},
				reasonFlag("why; needed"), {Name: "reason-file", Value: "FILE", Usage: "why, in a file"},
				{Name: "confirm", Value: "VENDOR", Usage: "the vendor's name or short name, in the place of typing it"},
				{Name: "playbook", Value: "NAME", Usage: "the playbook (default: the deployment's)", Completes: "playbook"},
				{Name: "dry-run", Usage: "print what it would come to, and do nothing"}, idFlag(),
			},
			Exits: []int{exitDenied},
		},
		{
			Name: "settle", Args: "CASE", Group: groupSteer,
			Short:    "Say who does the work when the vendor is gone",
			Long:     "For the case owner, of an exit that was opened with --undecided, before the point of no return.",
			Examples: []string{"gangway settle exit/brightwell-payroll/1 --replaced-by northwind-pay --reason 'they won the tender'"},
			Flags: []flag{
				{Name: "replaced-by", Value: "VENDOR", Usage: "this vendor does; their short name"}, {Name: "in-house", Usage: "your own people do"}, {Name: "ends", Usage: "nobody does"},
				reasonFlag("why; needed"), idFlag(),
			},
			Exits: []int{exitDenied, exitRefused, exitWaiting}, Completes: []string{"case"},
		},
	}
}
