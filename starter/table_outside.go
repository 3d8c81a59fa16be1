package main

// outsideCommands are about people of neither side, who read one document.
func outsideCommands() []command {
	return []command{
		{
			Name: "outside list", Args: "CASE", Group: groupLook,
			Short:    "List the reviewers of neither side who were named in a case",
			Examples: []string{"gangway outside list onboarding/brightwell-payroll/1"},
			Exits:    []int{exitDenied}, Completes: []string{"case"},
		},
		{
			Name: "outside name", Args: "CASE STEP NAME MAIL", Group: groupSteer,
			Short: "Name a reviewer of neither side for a seat that is theirs",
			Long: "For the case owner. They get a mail whose link leads to this document and this request, and to nothing\n" +
				"else of the case. Named again by the same address for the same seat, they are mailed again.",
			Examples: []string{"gangway outside name onboarding/brightwell-payroll/1 review 'Otto Lang' otto@chambers.example"},
			Flags:    []flag{{Name: "seat", Value: "SEAT", Usage: "the seat, where the step has several for people from outside"}},
			Exits:    []int{exitDenied}, Completes: []string{"case", "step"},
		},
		{
			Name: "outside end", Args: "CASE REVIEWER", Group: groupSteer,
			Short:    "Take a reviewer of neither side off their seat",
			Long:     "Their link and their visits end at once. What they answered stands.",
			Examples: []string{"gangway outside end onboarding/brightwell-payroll/1 outside.1"},
			Exits:    []int{exitDenied}, Completes: []string{"case"},
		},
	}
}
