package main

import (
	"strings"

	"gangway/internal/dossier"
)

// peopleReplace shows what putting one person in the place of another touches,
// asks once, and orders it with the digest of what was shown.
func (s *session) peopleReplace(args []string) error {
	if err := s.needed("by"); err != nil {
		return err
	}
	if !s.yes("dry-run") {
		if err := s.needed("reason"); err != nil {
			return err
		}
	}
	var r dossier.Replacement
	raw, err := s.fetchInto(get("/api/replacement", "leaver", args[0], "by", s.text("by")), &r)
	if err != nil {
		return err
	}
	if s.yes("dry-run") {
		return s.print(raw, func() { printReplacement(s.out, r) })
	}
	printReplacement(s.errs, r)
	if err := s.confirm("Put " + visible(r.By) + " in the place of " + visible(r.Leaver) + "?"); err != nil {
		return err
	}
	o := dossier.ReplaceOrder{ID: s.id(), Leaver: r.Leaver, By: r.By, Reason: s.text("reason"), Digest: r.Digest}
	w, err := post("/api/replace", o)
	if err != nil {
		return err
	}
	raw, err = s.fetchInto(w, &r)
	if err != nil {
		return s.repeatable(err, o.ID)
	}
	err = s.print(raw, func() { s.out.line("%s takes the place of %s", r.By, r.Leaver) })
	s.tell("the register names both, and running cases are being told")
	return err
}

func printReplacement(to *terminal, r dossier.Replacement) {
	for _, c := range r.Cases {
		to.line("case       %s, as %s", c.Case, c.As)
	}
	for _, x := range r.Seats {
		note := ""
		switch {
		case x.Vacant:
			note = ": " + r.By + " can't hold it; the others of its role are asked, or the case owner"
		case x.Delegated != "":
			note = ": held for " + x.Delegated
		}
		if len(x.Passed) > 0 {
			note += ": passed on to " + strings.Join(x.Passed, ", ") + ", which ends"
		}
		to.line("seat       %s of %s in %s%s", x.Seat, x.Step, x.Case, note)
	}
	for _, role := range r.Roles {
		to.line("role       %s", role)
	}
	for _, p := range r.Named {
		to.line("backup or manager of  %s", p)
	}
	for _, c := range r.Requested {
		to.line("stays the requester of  %s", c)
	}
	if len(r.Cases)+len(r.Seats)+len(r.Roles)+len(r.Named)+len(r.Requested) == 0 {
		to.line("nothing else hangs on %s", r.Leaver)
	}
}
