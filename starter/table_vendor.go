package main

// vendorCommands are about the vendor's people and what comes from them.
func vendorCommands() []command {
	told := []int{exitDenied, exitRefused, exitWaiting}
	return []command{
		{
			Name: "dpa open", Args: "FILE", Group: groupSay,
			Short: "Collect a data processing agreement, as a case of its own",
			Long: "FILE is a vendor file, as `gangway onboard` takes it; its contacts with a mail address are asked.\n" +
				"Whatever the playbook says of the data, one is collected.",
			Examples: []string{"gangway dpa open vendor.yaml"},
			Flags: []flag{
				{Name: "playbook", Value: "NAME", Usage: "the playbook (default: the vendor file's, else the deployment's)", Completes: "playbook"},
				{Name: "rehearsal", Usage: "nothing of it is real, and the case's clock may be moved"}, idFlag(),
			},
			Exits: []int{exitDenied}, Completes: []string{"file"},
		},
		{
			Name: "contacts", Args: "CASE", Group: groupLook,
			Short:    "List the vendor's people whom a case knows",
			Examples: []string{"gangway contacts dpa/brightwell-payroll/1"},
			Exits:    []int{exitDenied}, Completes: []string{"case"},
		},
		{
			Name: "mail", Args: "CASE", Group: groupLook,
			Short:    "List the mails that came for a case, and what became of each",
			Long:     "RAW is the document that holds the mail as it came.",
			Examples: []string{"gangway mail dpa/brightwell-payroll/1"},
			Exits:    []int{exitDenied}, Completes: []string{"case"},
		},
		{
			Name: "contact add", Args: "CASE NAME MAIL", Group: groupSteer,
			Short:    "Name one more of the vendor's people",
			Long:     "For the case owner. Whoever is named again by the same address is who they were, and is asked again.",
			Examples: []string{"gangway contact add dpa/brightwell-payroll/1 'Ann Price' ann@brightwell.example --role DPO"},
			Flags:    []flag{{Name: "phone", Value: "NUMBER", Usage: "their number"}, {Name: "role", Value: "TEXT", Usage: "the vendor's own word for what they do"}},
			Exits:    []int{exitDenied}, Completes: []string{"case"},
		},
		{
			Name: "contact confirm", Args: "CASE CONTACT", Group: groupSteer,
			Short:    "Let somebody be asked whom a colleague of theirs named",
			Examples: []string{"gangway contact confirm dpa/brightwell-payroll/1 brightwell-payroll.2"},
			Exits:    []int{exitDenied}, Completes: []string{"case"},
		},
		{
			Name: "contact end", Args: "CASE CONTACT", Group: groupSteer,
			Short:    "Ask one of the vendor's people nothing any more",
			Long:     "Their links and visits end. Of somebody who was only named it says no.",
			Examples: []string{"gangway contact end dpa/brightwell-payroll/1 brightwell-payroll.2"},
			Exits:    []int{exitDenied}, Completes: []string{"case"},
		},
		{
			Name: "contact revoke", Args: "CASE CONTACT", Group: groupSteer,
			Short:    "End the links into the portal of one of the vendor's people",
			Long:     "And the visits that began with them. They can ask for a new link, which goes to their address.",
			Examples: []string{"gangway contact revoke dpa/brightwell-payroll/1 brightwell-payroll.2"},
			Exits:    []int{exitDenied}, Completes: []string{"case"},
		},
		{
			Name: "deliver", Args: "CASE STEP [FILE…]", Group: groupSay,
			Short: "Deliver documents, or a form that was filled in, to a request",
			Long: "With --for-vendor the case owner files in the vendor's place what the vendor published, sent by\n" +
				"post or said on the telephone; the record and the dossier say so, with the source. A form that is\n" +
				"filed so also names who of the vendor gave the answers.",
			Examples: []string{
				"gangway deliver dpa/brightwell-payroll/1 dpa-request dpa.pdf --for-vendor --source https://brightwell.example/dpa",
				"gangway deliver onboarding/brightwell-payroll/1 security --for-vendor --sheet security.yaml --said-by 'Ann Price' --source 'on the telephone'",
			},
			Flags: []flag{
				{Name: "for-vendor", Usage: "it is filed in the vendor's place"},
				{Name: "source", Value: "TEXT", Usage: "where it comes from, or how it came; needed with --for-vendor"},
				{Name: "said-by", Value: "NAME", Usage: "who of the vendor gave the answers of --sheet"},
				{Name: "sheet", Value: "FILE", Usage: "the form, filled in: YAML, or the text that gangway form prints"},
				seatFlag(), idFlag(),
			},
			Exits: told, Completes: []string{"case", "step", "file"},
		},
		{
			Name: "check", Args: "CASE STEP [FILE]", Group: groupSay,
			Short: "Answer a checklist with the findings of a file",
			Long: "Without FILE the points are printed as such a file, with nothing found. Each finding names its\n" +
				"point and where the document says it (places), or that it is missing, or a day (on).",
			Examples: []string{"gangway check dpa/brightwell-payroll/1 dpa-check", "gangway check dpa/brightwell-payroll/1 dpa-check points.yaml"},
			Flags: []flag{
				reasonFlag("a word about it, for your own people"),
				{Name: "attest", Value: "ID", Many: true, Usage: "a statement that you make with it; repeat it for several"},
				seatFlag(), idFlag(),
			},
			Exits: told, Completes: []string{"case", "step", "file"},
		},
	}
}
