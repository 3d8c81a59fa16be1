package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// run builds the commands from their table and runs the one that was named.
func (p program) run(ctx context.Context, args, env []string, stdin io.Reader, stdout, stderr io.Writer) int {
	s := &session{program: p, ctx: ctx, env: env, stdin: stdin, out: &terminal{w: stdout}, errs: &terminal{w: stderr}}
	root := s.root()
	root.SetArgs(args)
	root.SetIn(stdin)
	root.SetOut(stdout)
	root.SetErr(stderr)
	err := root.ExecuteContext(ctx)
	if err == nil && s.out.err != nil {
		err = fmt.Errorf("writing what was asked for: %w", s.out.err)
	}
	return s.report(err)
}

// root is the whole tree of commands.
func (s *session) root() *cobra.Command {
	root := &cobra.Command{
		Use: "gangway", Short: "Takes vendors on board, with everybody's answer on record",
		Long:          "Gangway takes a vendor from the first request to live work: it asks the people\nwho must agree, waits for them, and keeps a record that anyone can verify.",
		SilenceErrors: true, SilenceUsage: true, DisableAutoGenTag: true,
		Args: noCommand, RunE: func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	root.SetFlagErrorFunc(func(c *cobra.Command, err error) error {
		return usage(err.Error(), fmt.Sprintf("`%s --help` lists the flags", c.CommandPath()))
	})
	addFlags(root.PersistentFlags(), globalFlags())
	s.completeFlags(root, globalFlags())
	for _, g := range groups() {
		root.AddGroup(&cobra.Group{ID: g, Title: g + ":"})
	}
	root.SetCompletionCommandGroupID(groupTool)
	root.SetHelpCommandGroupID(groupTool)
	parents := map[string]*cobra.Command{}
	for _, c := range commands() {
		parent := root
		if first, _, nested := strings.Cut(c.Name, " "); nested {
			if parents[first] == nil {
				parents[first] = s.parent(first, c.Group)
				root.AddCommand(parents[first])
			}
			parent = parents[first]
		}
		parent.AddCommand(s.command(c, parent == root))
	}
	return root
}

func noCommand(_ *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	var names []string
	for _, c := range commands() {
		if first, _, _ := strings.Cut(c.Name, " "); !c.Hidden && !slices.Contains(names, first) {
			names = append(names, first)
		}
	}
	return usage(fmt.Sprintf("there is no command %.40q", args[0]), nearby(args[0], names))
}

// parent is a word that only leads to commands: people, key, config.
func (s *session) parent(name, group string) *cobra.Command {
	var below []string
	for _, c := range commands() {
		if rest, ok := strings.CutPrefix(c.Name, name+" "); ok {
			below = append(below, rest)
		}
	}
	return &cobra.Command{Use: name, GroupID: group, Short: parentShort(name),
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 0 {
				return usage(fmt.Sprintf("there is no command %.40q", name+" "+args[0]), nearby(args[0], below))
			}
			return nil
		},
		RunE: func(*cobra.Command, []string) error {
			return usage(name+" alone does nothing", "there are: gangway "+name+" "+strings.Join(below, ", gangway "+name+" "))
		}}
}

// command builds one command from its row.
func (s *session) command(c command, top bool) *cobra.Command {
	words := strings.Fields(c.Name)
	cc := &cobra.Command{
		Use: strings.TrimSpace(words[len(words)-1] + " " + c.Args), Short: c.Short, Long: c.long(), Example: c.example(), Hidden: c.Hidden,
		DisableFlagsInUseLine: true,
		Args:                  c.checkArgs,
		ValidArgsFunction:     s.completer(c),
		RunE: func(cc *cobra.Command, args []string) error {
			if err := s.settle(cc.Flags()); err != nil {
				return err
			}
			return s.perform(c.Name, args)
		},
	}
	if top {
		cc.GroupID = c.Group
	}
	addFlags(cc.Flags(), c.Flags)
	s.completeFlags(cc, c.Flags)
	return cc
}

func addFlags(set *pflag.FlagSet, flags []flag) {
	for _, f := range flags {
		if f.Value == "" {
			set.Bool(f.Name, false, f.Usage)
			continue
		}
		v := &value{placeholder: f.Value, many: f.Many}
		if f.Default != "" {
			v.texts = []string{f.Default}
		}
		set.VarP(v, f.Name, f.Letter, f.Usage)
	}
}

// value is a flag's value; help shows its placeholder.
type value struct {
	placeholder string
	many        bool
	texts       []string
}

// String is the value, of several the last.
func (v *value) String() string {
	if len(v.texts) == 0 {
		return ""
	}
	return v.texts[len(v.texts)-1]
}

// Set takes a value: one more, or instead of the one before.
func (v *value) Set(text string) error {
	if !v.many {
		v.texts = nil
	}
	v.texts = append(v.texts, text)
	return nil
}

// Type is what help shows for the value.
func (v *value) Type() string { return v.placeholder }

// checkArgs holds the arguments to what the row says, naming the first that is
// missing.
func (c command) checkArgs(_ *cobra.Command, args []string) error {
	least, most := c.arity()
	switch {
	case len(args) < least:
		return usage(fmt.Sprintf("%s is missing", strings.Fields(c.Args)[len(args)]), "the command is: gangway "+c.Name+" "+c.Args)
	case most >= 0 && len(args) > most:
		return usage(fmt.Sprintf("%.40q is one word too many", args[most]),
			"the command is: "+strings.TrimSpace("gangway "+c.Name+" "+c.Args), "put several words in quotes")
	}
	return nil
}

// perform runs a command by its name in the table.
func (s *session) perform(name string, args []string) error {
	do, ok := s.actions()[name]
	if !ok {
		return errors.New("the table has the command " + name + " and nothing runs it")
	}
	return do(args)
}
