package main

import (
	"slices"
	"strings"
	"testing"

	"gangway/internal/desk/verb"
)

// TestS11VerbParity: what the table of verbs offers on the command line is there
// under the same name with the same words, and help is the tool's own.
func TestS11VerbParity(t *testing.T) {
	t.Parallel()
	for _, v := range verb.Table() {
		i := slices.IndexFunc(commands(), func(c command) bool { return c.Name == v.Word })
		switch {
		case v.Word == "help": // the tool makes its own, of the same table
			if i >= 0 {
				t.Error("help is there twice")
			}
		case v.Shell.Offered != (i >= 0):
			t.Errorf("%s is offered: %v; it is there: %v", v.Word, v.Shell.Offered, i >= 0)
		case i >= 0:
			c := commands()[i]
			if c.Args != v.Shell.Args || c.Short != v.Short || c.Long != v.Shell.Long || len(c.Examples) != len(v.Shell.Examples) {
				t.Errorf("%s is told in other words: %+v", v.Word, c)
			}
			least, most := c.arity()
			if l, m := v.Shell.Arity(); l != least || m != most {
				t.Errorf("%s takes %d to %d words here, %d to %d there", v.Word, least, most, l, m)
			}
			for _, example := range c.Examples {
				if !strings.HasPrefix(example, "gangway "+v.Word) {
					t.Errorf("%q is no example of %s", example, v.Word)
				}
			}
		}
	}
}
