package main

// exitCommands are about leaving a vendor.
func exitCommands() []command {
	return []command{
		shared("exit", command{
			Group: groupSay,
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
		}),
		shared("settle", command{
			Group: groupSteer,
			Flags: []flag{
				{Name: "replaced-by", Value: "VENDOR", Usage: "this vendor does; their short name"}, {Name: "in-house", Usage: "your own people do"}, {Name: "ends", Usage: "nobody does"},
				reasonFlag("why; needed"), idFlag(),
			},
			Exits: []int{exitDenied, exitRefused, exitWaiting}, Completes: []string{"case"},
		}),
	}
}
