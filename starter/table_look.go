package main

func lookCommands() []command {
	return []command{
		{
			Name: "plan", Args: "FILE", Group: groupLook,
			Short: "Show what a vendor file would ask, of whom and by when",
			Long: "FILE is a vendor file. Every step is listed with its seats, deadlines and dates, as if\n" +
				"each group answered on its last day; then how many requests, people and days it takes, at\n" +
				"least and at most, each person's requests and minutes, the seats that nobody could take, and\n" +
				"the fewest people that would do. Nothing is started, and no server is needed.\n" +
				"With --exit it is what leaving such a vendor would ask, and whether the day and the notice\n" +
				"period make it possible.",
			Examples: []string{"gangway plan vendor.yaml --exit --by 2026-12-31 --notice-days 90", "gangway plan vendor.yaml", "gangway plan vendor.yaml --people people.yaml --playbook small --start 2026-11-23", "gangway plan vendor.yaml --playbook whole --brief"},
			Flags: []flag{
				{Name: "playbook", Value: "NAME|FILE", Usage: "the playbook: one that ships, or a file (default: the vendor file's, else standard)", Completes: "playbook"},
				{Name: "people", Value: "FILE", Usage: "the people file (default: people.yaml beside FILE, if it is there)"},
				{Name: "brief", Usage: "a line a step: when it is asked, and of whom"},
				{Name: "exit", Usage: "what leaving the vendor would ask"},
				{Name: "mode", Value: "MODE", Usage: "of an exit: planned, stressed or for-cause (default: planned)"},
				{Name: "by", Value: "DATE", Usage: "of an exit: the last day on which the vendor may still be there"},
				{Name: "tier", Value: "N", Usage: "of an exit: the vendor's tier (default: what the file comes to)"},
				{Name: "notice-days", Value: "N", Usage: "of an exit: how many days before the end notice has to arrive"},
				{Name: "start", Value: "DATE", Usage: "the day to start on, or an instant (default: now)"},
			},
			Completes: []string{"file"},
		},
		shared("cases", command{
			Group: groupLook,
			Flags: []flag{{Name: "all", Usage: "closed cases too"}},
			Exits: []int{exitDenied},
		}),
		shared("show", command{
			Group: groupLook,
			Flags: []flag{
				{Name: "full", Usage: "every step with its seats, and the documents with their digests, of a long case too"},
				{Name: "journal", Usage: "the record of the case, line by line"},
				{Name: "exit-code", Usage: "end with the case's state: 0 live, 5 withdrawn, 8 running"},
			},
			Exits:     []int{exitDenied, exitRefused, exitWaiting},
			Completes: []string{"case"},
		}),
		shared("waiting", command{
			Group: groupLook,
			Flags: []flag{{Name: "person", Value: "PERSON", Usage: "what waits for somebody else (on a local only)", Completes: "person"}},
			Exits: []int{exitDenied},
		}),
		{
			Name: "receipt", Args: "ID", Group: groupLook,
			Short: "Show what became of an answer",
			Long: "ID is the one that was printed when the answer was sent. Ends with 8 while the answer is\n" +
				"being delivered, with 5 when it was refused.",
			Examples: []string{"gangway receipt 4f6qk2xw7d3m5s1z9c8b0n4v6a"},
			Exits:    []int{exitDenied, exitRefused, exitWaiting},
		},
	}
}
