package main

func recordCommands() []command {
	return []command{
		shared("dossier", command{
			Group: groupRecord,
			Flags: []flag{
				{Name: "out", Value: "FILE", Usage: "the file to write; needed"},
				{Name: "force", Usage: "replace the file if it is there"},
			},
			Exits: []int{exitDenied}, Completes: []string{"case"},
		}),
		{
			Name: "verify", Args: "FILE", Group: groupRecord,
			Short: "Check a dossier, offline",
			Long: "Every bit of the file is held against what was signed. What is wrong is named: which file,\n" +
				"which line, which document. Without --key whoever signed is only named; with it, a dossier\n" +
				"that another key signed is not accepted.\n\n" +
				"--replay lets this release do again what each history says was done, and names what it does\n" +
				"otherwise: an answer, what was recorded, a timer, a result. It also holds the journal against\n" +
				"the histories, and those against one another. A history that this release can't replay is\n" +
				"called just that, and the exit code is 3.\n\n" +
				"--witness wants what an earlier checkpoint saw to be there still: checkpoint.json of an\n" +
				"earlier dossier, of this case or another, kept by somebody else than whoever keeps the key;\n" +
				"or the mail that brought it (mail.witness), saved from a mail program as it is.",
			Examples: []string{"gangway verify brightwell.zip", "gangway verify brightwell.zip --key gw1:…", "gangway verify brightwell.zip --replay --witness checkpoint.json", "gangway verify brightwell.zip --witness sealed.eml"},
			Flags: []flag{
				{Name: "key", Value: "FINGERPRINT", Many: true, Usage: "a key that you trust: its fingerprint or public key; repeat it for several"},
				{Name: "replay", Usage: "replay the histories with this release and compare what they say"},
				{Name: "witness", Value: "CHECKPOINT", Usage: "a checkpoint of an earlier dossier, or the mail with it, that must still be true"},
			},
			Exits:     []int{exitPart},
			Completes: []string{"file"},
		},
		{
			Name: "key fingerprint", Group: groupRecord,
			Short:    "Print the fingerprint of the key that seals dossiers",
			Long:     "Give it to auditors beforehand: `gangway verify --key` wants it.",
			Examples: []string{"gangway key fingerprint"},
			Exits:    []int{exitDenied},
		},
	}
}

func setCommands() []command {
	return []command{
		{
			Name: "people list", Group: groupSet,
			Short: "List the people", Examples: []string{"gangway people list"},
			Exits: []int{exitDenied},
		},
		{
			Name: "people apply", Args: "FILE", Group: groupSet,
			Short: "Replace the people by those of a file",
			Long: "The file's faults are all told at once, and nothing changes then. People who are missing\n" +
				"from it count as having left. Running cases hear of it at once.",
			Examples: []string{"gangway people apply people.yaml"},
			Exits:    []int{exitDenied}, Completes: []string{"file"},
		},
		{
			Name: "config check", Args: "[FILES…]", Group: groupSet,
			Short: "Check gangway.yaml, playbooks, people and vendor files, offline",
			Long: "What a file is, is told by what stands in it. Every fault of every file is told at once, with\n" +
				"its line. Files that are given together are also held to one another. Without FILES, every\n" +
				".yaml file of the current folder.",
			Examples:  []string{"gangway config check", "gangway config check people.yaml vendor.yaml my-playbook.yaml"},
			Completes: []string{"file"},
		},
		{
			Name: "version", Group: groupTool,
			Short:    "Say which code this is",
			Long:     "The commit that it was built from, by its first letters. Histories carry that of the worker that recorded them, and `gangway verify --replay` of a gangway that knows none calls nothing wholly replayable.",
			Examples: []string{"gangway version"},
		},
		{
			Name: "docs", Group: groupTool, Hidden: true,
			Short: "Print docs/commands.md",
		},
	}
}
