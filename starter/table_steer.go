package main

// steerCommands are for whoever owns a case that runs.
func steerCommands() []command {
	told := []int{exitDenied, exitRefused, exitWaiting}
	return []command{
		{
			Name: "extend", Args: "CASE STEP", Group: groupSteer,
			Short: "Move the due date of a step",
			Long: "The group that is being asked gets until --to, and what is still to come of its reminders comes\n" +
				"later by as much working time.",
			Examples: []string{"gangway extend onboarding/brightwell-payroll/1 review --to 2026-12-18 --reason 'the vendor answers on Monday'"},
			Flags: []flag{
				{Name: "to", Value: "DATE", Usage: "the last day in your time zone, or an instant; needed"},
				reasonFlag("why; needed"), idFlag(),
			},
			Exits: told, Completes: []string{"case", "step"},
		},
		{
			Name: "hold", Args: "CASE", Group: groupSteer,
			Short: "Let a case stand still",
			Long: "Answers count, but nobody is reminded, nothing new is asked and every clock stands still until\n" +
				"`gangway resume`.",
			Examples: []string{"gangway hold onboarding/brightwell-payroll/1 --reason 'the budget is decided in January'"},
			Flags:    []flag{reasonFlag("why; needed"), idFlag()},
			Exits:    told, Completes: []string{"case"},
		},
		{
			Name: "resume", Args: "CASE", Group: groupSteer,
			Short:    "Let a case go on that was on hold",
			Long:     "Every due date moves on by the working time on hold.",
			Examples: []string{"gangway resume onboarding/brightwell-payroll/1 --reason 'the budget is there'"},
			Flags:    []flag{reasonFlag("why; needed"), idFlag()},
			Exits:    told, Completes: []string{"case"},
		},
		{
			Name: "ask", Args: "CASE PERSON TEXT", Group: groupSteer,
			Short:    "Ask somebody what the playbook doesn't",
			Long:     "The question stands in the case with its answer. Nothing waits for it.",
			Examples: []string{"gangway ask onboarding/brightwell-payroll/1 tom 'Can payroll run twice in May?'"},
			Flags:    []flag{idFlag()},
			Exits:    told, Completes: []string{"case", "person"},
		},
		{
			Name: "add-seat", Args: "CASE STEP", Group: groupSteer,
			Short: "Add a seat to a step that is being asked",
			Long: "For a role of the playbook, or for one person. No seat is ever taken away, and what the step\n" +
				"asked before it still asks.",
			Examples: []string{"gangway add-seat onboarding/brightwell-payroll/1 review --role finance --mandatory --reason 'it costs more than we thought'"},
			Flags: []flag{
				{Name: "role", Value: "ROLE", Usage: "the role whose people hold it"},
				{Name: "person", Value: "PERSON", Usage: "or the one person who does", Completes: "person"},
				seatNameFlag(),
				{Name: "group", Value: "N", Usage: "the group of seats that it joins, counted from 1 (default: the one that is being asked)"},
				{Name: "mandatory", Usage: "whoever holds it must agree"},
				reasonFlag("why; needed"), idFlag(),
			},
			Exits: told, Completes: []string{"case", "step"},
		},
		{
			Name: "correct", Args: "CASE FIELD VALUE", Group: groupSteer,
			Short: "Correct what the intake says",
			Long: "FIELD is data, systems or yearlyCost; VALUE a list with commas, or a whole number. The steps that\n" +
				"the new tier adds and drops are printed first, and you are asked once. What was shown is what is\n" +
				"done: when the case has moved meanwhile, nothing is.",
			Examples: []string{
				"gangway correct onboarding/brightwell-payroll/1 data personal,health --reason 'payslips hold sick days'",
				"gangway correct onboarding/brightwell-payroll/1 yearlyCost 180000 --dry-run",
			},
			Flags: append(confirmFlags(), reasonFlag("why; needed"), idFlag()),
			Exits: told, Completes: []string{"case", "field"},
		},
		{
			Name: "send-changes", Args: "CASE", Group: groupSteer,
			Short: "Send the vendor the changes wanted so far",
			Long: "The round of the review ends as if its due date had come. With --for-vendor the list is sent in\n" +
				"these words; without it you are asked for them, with what was wanted beside.",
			Examples: []string{"gangway send-changes onboarding/brightwell-payroll/1 --reason 'they have time this week'"},
			Flags: []flag{
				{Name: "for-vendor", Value: "TEXT", Usage: "what the vendor is sent"},
				reasonFlag("why; needed"), idFlag(),
			},
			Exits: told, Completes: []string{"case"},
		},
	}
}

// confirmFlags are those of a command that shows first what it would do.
func confirmFlags() []flag {
	return []flag{
		{Name: "yes", Usage: "do it without asking"},
		{Name: "dry-run", Usage: "show what it would do, and do nothing"},
	}
}

func seatNameFlag() flag {
	return flag{Name: "seat", Value: "NAME", Usage: "the seat's name (default: the role's or the person's)"}
}
