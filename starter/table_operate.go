package main

// operateCommands look after people, letters and the record as a whole.
func operateCommands() []command {
	return []command{
		{
			Name: "audit", Group: groupRecord,
			Short: "Export every case, decision, waiver and override of a period",
			Long: "And every change of people, roles, playbooks, keys and access, each with its chain and line\n" +
				"number. Whatever the record lacks is a finding: it is printed too, and ends the command with 1. At\n" +
				"the end it says how many lines of which chains it held. -o csv is for spreadsheets; -o json\n" +
				"writes one value a line. For auditors.",
			Examples: []string{"gangway audit --from 2026-10-01 --to 2026-12-31 -o csv"},
			Flags: []flag{
				{Name: "from", Value: "DATE", Usage: "the first day (UTC), or an instant; needed"},
				{Name: "to", Value: "DATE", Usage: "the last day (UTC), or the instant before which it ends; needed"},
			},
			Exits: []int{exitDenied},
		},
		{
			Name: "people replace", Args: "PERSON", Group: groupSet,
			Short: "Put one person in the place of another, for good",
			Long: "In the people file, in every open request and in every case. Everything that it touches is\n" +
				"printed, and you are asked once. What was answered stays. For operators.",
			Examples: []string{"gangway people replace tom --by ines --reason 'Tom has left'", "gangway people replace tom --by ines --dry-run"},
			Flags: append([]flag{{Name: "by", Value: "PERSON", Usage: "who takes the place; needed", Completes: "person"}},
				append(confirmFlags(), reasonFlag("why; needed"), idFlag())...),
			Exits: []int{exitDenied}, Completes: []string{"person"},
		},
		{
			Name: "letters list", Group: groupSet,
			Short:    "List the letters that arrived nowhere, or of which nobody knows",
			Long:     "For operators.",
			Examples: []string{"gangway letters list"},
			Exits:    []int{exitDenied},
		},
		{
			Name: "letters again", Args: "ID", Group: groupSet,
			Short:    "Send a letter once more",
			Long:     "Saying it twice sends it once. For operators.",
			Examples: []string{"gangway letters again asked/onboarding/brightwell-payroll/1/tom"},
			Exits:    []int{exitDenied},
		},
		{
			Name: "bounce", Group: groupSet,
			Short: "Report a mail that came back; for a mail server's pipe",
			Long: "Reads a delivery report on stdin. Ends as sysexits.h has it, so that a mail server knows what to\n" +
				"do: 0 it is taken, 65 it is no report of a mail of ours, 75 try again later, because the server is\n" +
				"away or doesn't know who reports. It acts as an operator: give it a token of one.",
			Examples: []string{"gangway bounce"},
			Exits:    []int{exitData, exitTemporary},
		},
	}
}
