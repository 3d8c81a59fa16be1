package main

// answerCommands are about what a request asks.
func answerCommands(told []int) []command {
	return []command{
		{
			Name: "answer", Args: "CASE STEP VERDICT", Group: groupSay,
			Short: "Answer a request",
			Long: "VERDICT is approve, changes or reject for a decision, delivered for a delivery, done for a\n" +
				"task, or one of the words that the request offers. The answer counts for the newest version\n" +
				"of the document; --version names the one that you read.",
			Examples: []string{
				"gangway answer onboarding/brightwell-payroll/1 review approve --attest-all",
				"gangway answer onboarding/brightwell-payroll/1 review changes --reason 'liability is capped too low'",
				"gangway answer onboarding/brightwell-payroll/1 exit-plan done --sheet exit-plan.yaml",
				"gangway answer onboarding/brightwell-payroll/1 score scored --score quality=4 --score deadlines=3",
			},
			Flags: []flag{
				reasonFlag("why, for your own people; changes and reject need it"),
				{Name: "for-vendor", Value: "TEXT", Usage: "why, in words that the vendor may be told"},
				seatFlag(),
				{Name: "version", Value: "N", Usage: "the version that you read (default: the newest)"},
				{Name: "attest", Value: "ID", Many: true, Usage: "a statement that you make with your approval; repeat it for several"},
				{Name: "attest-all", Usage: "every statement that your seat is asked for, that on your interests too; each is printed"},
				{Name: "read", Value: "SECTIONS", Many: true, Usage: "the sections that you say you read: all, or ranges such as 4-9"},
				{Name: "score", Value: "ID=POINTS", Many: true, Usage: "points for a criterion; repeat it for each"},
				{Name: "sheet", Value: "FILE", Usage: "the form, filled in: YAML, or the text that gangway form prints"},
				{Name: "document", Value: "FILE", Usage: "the document that you deliver"},
				idFlag(),
			},
			Exits: told, Completes: []string{"case", "step", "verdict"},
		},
		{
			Name: "form", Args: "CASE STEP", Group: groupSay,
			Short: "Print a request's form as a text file to fill in",
			Long: "Write the answers below the lines that say Answer:, then send the file with answer --sheet. YAML\n" +
				"does as well: a line a point, its id and the answer; for a document the path of the file.",
			Examples:  []string{"gangway form onboarding/brightwell-payroll/1 exit-plan"},
			Completes: []string{"case", "step"},
		},
	}
}
