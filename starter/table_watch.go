package main

// watchCommands are about vendors who work.
func watchCommands() []command {
	return []command{
		{
			Name: "adopt", Args: "FILE.csv", Group: groupSay,
			Short: "Take in vendors who work already",
			Long: "The first line of FILE.csv names its columns, in any order. It must have vendor, service, owner\n" +
				"and source (where this was taken from); it may have slug, deputy, sponsor, data, systems,\n" +
				"yearly_cost, contract_file, contract_end, notice_days, renews, dpa_file, dpa_end, exit_plan_file,\n" +
				"exit_plan_review, contacts, access and certificates. Days are written 2027-12-31, lists have\n" +
				"semicolons: “Ann Price <ann@brightwell.example>; …”, “ISO 27001 until 2027-05-31; …”. Documents\n" +
				"lie beside the file. What it knows is filed with its source and marked as not reviewed here, what\n" +
				"lacks becomes a task of the owner, and what runs out is watched from then on. The same file again\n" +
				"changes nothing.",
			Examples: []string{"gangway adopt vendors.csv --dry-run", "gangway adopt vendors.csv"},
			Flags: []flag{
				{Name: "playbook", Value: "NAME", Usage: "the playbook (default: the deployment's)", Completes: "playbook"},
				{Name: "rehearsal", Usage: "nothing of it is real, and the case's clock may be moved"},
				{Name: "dry-run", Usage: "say what it would do, and do nothing"},
			},
			Exits: []int{exitDenied}, Completes: []string{"file"},
		},
		{
			Name: "watch", Args: "[CASE]", Group: groupLook,
			Short:    "List what runs out while vendors work",
			Long:     "Of one case, or of all that you may see: what comes first stands first, and what is owed before it.",
			Examples: []string{"gangway watch", "gangway watch oversight/brightwell-payroll/1"},
			Exits:    []int{exitDenied}, Completes: []string{"case"},
		},
	}
}
