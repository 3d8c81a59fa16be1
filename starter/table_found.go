package main

// foundCommands begin a gangway on servers of one's own, and try it.
func foundCommands() []command {
	return []command{
		{
			Name: "init", Args: "[DIR]", Group: groupFound,
			Short: "Write the configuration, the keys and the first operator",
			Long: "Into DIR (this folder unless given): gangway.yaml with every key explained, people.yaml with\n" +
				"the operator, keys that only their owner may read. Nothing is ever written over. Prints a link\n" +
				"that signs the operator in, once, within a day: it needs no mail. What no flag says is asked\n" +
				"for at a terminal.",
			Examples: []string{"gangway init /etc/gangway --operator 'Helen Marsh' --mail helen@example.org --address https://gangway.example.org"},
			Flags: []flag{
				{Name: "operator", Value: "NAME", Usage: "who looks after people and keys"},
				{Name: "mail", Value: "ADDRESS", Usage: "the operator's mail address"},
				{Name: "address", Value: "URL", Usage: "the address under which people will reach the inbox"},
				{Name: "zone", Value: "ZONE", Usage: "the time zone in which people work", Default: "Europe/London"},
			},
			Completes: []string{"file"},
		},
		{
			Name: "doctor", Group: groupFound,
			Short: "Try a configuration and the gangway that runs with it",
			Long: "Reads gangway.yaml, opens its secrets, looks at keys and people, asks the public address and\n" +
				"the worker on this machine, and tries each call to Slack, in a way that nobody sees. Each line\n" +
				"says what is well, or what is wrong and what to do: a scope that is missing is named.\n" +
				"`gangway-worker doctor` tries engine, database, mail server and GitHub too.",
			Examples: []string{"gangway doctor --config /etc/gangway/gangway.yaml", "gangway doctor --offline"},
			Flags: []flag{
				{Name: "config", Value: "FILE", Usage: "the configuration (GANGWAY_CONFIG)", Default: "gangway.yaml"},
				{Name: "offline", Usage: "look at files only, ask no server"},
			},
		},
	}
}
