package main

import "gangway/internal/desk/verb"

// shared is the row of a word that people use in every channel: what it is
// called, takes and means stands in the one table of verbs, what only a command
// line has is added here.
func shared(word string, c command) command {
	v, _, _ := verb.Find(word)
	use := v.In(verb.Shell)
	c.Name, c.Args, c.Short, c.Long = v.Word, use.Args, v.Short, use.Long
	for _, example := range use.Examples {
		c.Examples = append(c.Examples, "gangway "+example)
	}
	return c
}
