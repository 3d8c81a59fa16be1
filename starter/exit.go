package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"gangway/internal/calendar"
	"gangway/internal/dossier"
	"gangway/internal/exit"
	"gangway/internal/review"
)

// exit leaves a vendor: it shows what that comes to, has the vendor's name typed, and
// opens the case.
func (s *session) exit(args []string) error {
	if err := s.known(); err != nil {
		return err
	}
	o, err := s.exitOrder(args[0])
	if err != nil {
		return err
	}
	o.Confirm = s.text("confirm")
	if again := s.text("id") != "" && o.Confirm != ""; !again { // else it may be done already
		p, raw, err := s.previewExit(o)
		if err != nil {
			return err
		}
		if s.yes("dry-run") {
			err := s.print(raw, func() { printExit(s.out, p) })
			if err == nil {
				s.tell("nothing was done; leave out --dry-run to do it")
			}
			return err
		}
		printExit(s.errs, p)
		if err := s.typed(&o, p.Name); err != nil {
			return err
		}
	}
	return s.openExit(o)
}

func (s *session) previewExit(o dossier.ExitOrder) (p dossier.ExitPreview, raw []byte, err error) {
	w, err := post("/api/exit/preview", o)
	if err == nil {
		raw, err = s.fetchInto(w, &p)
	}
	return p, raw, err
}

func (s *session) openExit(o dossier.ExitOrder) error {
	w, err := post("/api/exit", o)
	if err != nil {
		return err
	}
	var opened struct {
		Case string `json:"case"`
	}
	raw, err := s.fetchInto(w, &opened)
	if err == nil && opened.Case == "" {
		err = problem{code: exitError, err: errors.New("the server named no case"), unsure: true}
	}
	if err != nil {
		return s.repeatable(err, o.ID)
	}
	if err := s.print(raw, func() { s.out.line("%s", opened.Case) }); err != nil {
		return err
	}
	if o.Mode == exit.ModeDrill {
		s.tell("the case %s rehearses that %s is left by %s; nothing real is changed", opened.Case, o.Vendor, o.By)
	} else {
		s.tell("the case %s sees to it that %s is left by %s", opened.Case, o.Vendor, o.By)
	}
	s.firstAsked(opened.Case)
	s.tell("look at it with: gangway show %s", opened.Case)
	return nil
}

// exitOrder is what the flags say. What only the server can judge it judges.
func (s *session) exitOrder(vendor string) (dossier.ExitOrder, error) {
	o := dossier.ExitOrder{ID: s.id(), Vendor: vendor, Mode: exit.Mode(s.text("mode")), Rehearses: exit.Mode(s.text("rehearses")), WithPeople: s.yes("with-people"),
		Successor: s.text("replaced-by"), Trigger: exit.Trigger(s.text("trigger")), By: s.text("by"), Playbook: s.text("playbook")}
	var err error
	o.After, err = s.after()
	if err != nil {
		return o, err
	}
	if o.By == "" {
		return o, usage("--by is missing", "it says the last day on which the vendor may still be there, such as 2026-12-31")
	}
	if _, bad := calendar.ParseDate(o.By); bad != nil {
		return o, usage(fmt.Sprintf("--by %.40q is no day", o.By), "write it as 2026-12-31")
	}
	modes := spelled(exit.Modes())
	for name, word := range map[string]string{"mode": string(o.Mode), "rehearses": string(o.Rehearses)} {
		if word != "" && !slices.Contains(modes, word) {
			return o, usage(fmt.Sprintf("there is no --%s %.40q", name, word), nearby(word, modes))
		}
	}
	if t := s.text("trigger"); t != "" && !slices.Contains(exit.Triggers(), o.Trigger) {
		return o, usage(fmt.Sprintf("there is no --trigger %.40q", t), nearby(t, spelled(exit.Triggers())))
	}
	if (o.Rehearses != "" || o.WithPeople) && o.Mode != exit.ModeDrill {
		return o, usage("only a drill rehearses", "say --mode drill")
	}
	o.Reason, err = s.why()
	return o, err
}

func spelled[T ~string](all []T) []string {
	list := make([]string, len(all))
	for i, w := range all {
		list[i] = string(w)
	}
	return list
}

// after is who does the work then: exactly one of four flags says so.
func (s *session) after() (exit.After, error) {
	words := []exit.After{exit.AfterInHouse, exit.AfterEnds}
	hint := "say one of --replaced-by VENDOR, --in-house and --ends"
	if s.flags.Lookup(string(exit.AfterUndecided)) != nil {
		words = append(words, exit.AfterUndecided)
		hint = "say one of --replaced-by VENDOR, --in-house, --ends and --undecided"
	}
	var said []exit.After
	if s.text("replaced-by") != "" {
		said = append(said, exit.AfterReplaced)
	}
	for _, after := range words {
		if s.yes(string(after)) {
			said = append(said, after)
		}
	}
	switch len(said) {
	case 0:
		return "", usage("who does the work afterwards is not said", hint)
	case 1:
		return said[0], nil
	}
	return "", usage("who does the work afterwards is said more than once", hint)
}

// settleExit says who does the work when a vendor is gone of whose exit that was open.
func (s *session) settleExit(args []string) error {
	if err := s.needed("reason"); err != nil {
		return err
	}
	after, err := s.after()
	if err != nil {
		return err
	}
	f := review.Form{Act: review.Settle, Name: string(after)}
	if after == exit.AfterReplaced {
		f.Values = []string{s.text("replaced-by")}
	}
	return s.onCase(args[0], f)
}

// why is the reason, from the command line or a file; a dry run needs none.
func (s *session) why() (string, error) {
	text, file := s.text("reason"), s.text("reason-file")
	switch {
	case text != "" && file != "":
		return "", usage("--reason and --reason-file are both given", "give one of them")
	case file != "":
		raw, err := readFile(file)
		if err != nil {
			return "", err
		}
		text = string(raw)
	}
	if strings.TrimSpace(text) == "" && !s.yes("dry-run") {
		return "", usage("--reason is missing", "it says why, for the record; or --reason-file names a file that does")
	}
	return text, nil
}

// typed has the vendor's name typed by somebody who sees what it comes to, unless
// --confirm carries it.
func (s *session) typed(o *dossier.ExitOrder, name string) error {
	if o.Confirm != "" {
		return nil
	}
	if !s.atTerminal() {
		return usage("nobody is there to type the vendor's name", "look at it with --dry-run, and say --confirm with the name or short name of the vendor")
	}
	s.errs.write([]byte("Type the vendor's name, " + visible(name) + ", to leave them: "))
	line, err := bufio.NewReader(s.stdin).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("reading the typed name: %w", err)
	}
	if o.Confirm = strings.TrimRight(line, "\r\n"); o.Confirm == "" {
		return failed("nothing was done")
	}
	return nil
}

func printExit(to *terminal, p dossier.ExitPreview) {
	for _, l := range p.Lines() {
		style := styleNone
		if l.Warns {
			style = styleWarn
		}
		to.line("%s%s%s", painted{strings.ToLower(l.Label), styleBold}, strings.Repeat(" ", 10-len(l.Label)), painted{l.Text, style})
	}
	g := newGrid("", "PART", "STEP", "ASKS", "PEOPLE")
	for _, step := range p.Steps {
		g.add(step.Process, step.ID, dash(strings.Join(step.Roles, ", ")), dash(strings.Join(step.People, ", ")))
	}
	g.print(to)
}
