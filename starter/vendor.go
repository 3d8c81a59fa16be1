package main

import (
	"strings"

	"gangway/config"
	"gangway/internal/arrivals"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// contacts lists the vendor's people.
func (s *session) contacts(args []string) error {
	var list []playbook.Contact
	raw, err := s.fetchInto(get("/api/contacts", "case", args[0]), &list)
	if err != nil {
		return err
	}
	err = s.print(raw, func() {
		g := newGrid("", "ID", "STATE", "NAME", "MAIL", "ROLE", "NAMED BY", "SINCE")
		for _, c := range list {
			g.add(c.ID, string(c.State), c.Name, c.Mail, dash(c.Role), c.By, s.when(c.Changed, s.now()))
		}
		g.print(s.out)
	})
	if err != nil {
		return err
	}
	for _, c := range list {
		if c.State == playbook.ContactProposed {
			s.tell("%s waits for a word of the case owner: gangway contact confirm %s %s, or end", c.ID, args[0], c.ID)
		}
	}
	if len(list) == 0 {
		s.tell("nobody of the vendor is known; name somebody with: gangway contact add %s NAME MAIL", args[0])
	}
	return nil
}

func (s *session) contactAdd(args []string) error {
	w, err := post("/api/contacts", map[string]string{"case": args[0], "name": args[1], "mail": args[2], "phone": s.text("phone"), "role": s.text("role")})
	if err != nil {
		return err
	}
	var c playbook.Contact
	raw, err := s.fetchInto(w, &c)
	if err != nil {
		return err
	}
	return s.print(raw, func() { s.out.line("%s  %s", c.ID, string(c.State)) })
}

func (s *session) contactConfirm(args []string) error {
	return s.onContact("confirm", args, "is asked from now on")
}

func (s *session) contactEnd(args []string) error {
	return s.onContact("end", args, "is asked nothing any more")
}

func (s *session) onContact(what string, args []string, done string) error {
	w, err := post("/api/contacts/"+what, map[string]string{"case": args[0], "contact": args[1]})
	if err != nil {
		return err
	}
	raw, err := s.fetch(w)
	if err != nil {
		return err
	}
	return s.print(raw, func() { s.out.line("%s %s", args[1], done) })
}

func (s *session) contactRevoke(args []string) error {
	w, err := post("/api/contacts/revoke", map[string]string{"case": args[0], "contact": args[1]})
	if err != nil {
		return err
	}
	var ended struct {
		Links int `json:"links"`
	}
	raw, err := s.fetchInto(w, &ended)
	if err != nil {
		return err
	}
	return s.print(raw, func() { s.out.line("%d links of %s are revoked", ended.Links, args[1]) })
}

// checkPoints answers a checklist with the findings of a file, or prints what is
// to be looked for as such a file.
func (s *session) checkPoints(args []string) error {
	v, _, err := s.caseView(args[0])
	if err != nil {
		return err
	}
	r, err := find(&v, args[1])
	if err != nil {
		return err
	}
	if r.Kind != review.Checklist {
		return failed(r.Step+" is no checklist", "answer it with: gangway answer "+v.ID+" "+r.Step+" VERDICT")
	}
	if len(args) == 2 {
		s.printPoints(r)
		return nil
	}
	data, err := readFile(args[2])
	if err != nil {
		return err
	}
	found, err := config.ReadFindings(args[2], data)
	if err != nil {
		return err
	}
	f := review.Form{ID: s.id(), Process: r.Process, Request: r.ID, Seat: s.text("seat"), Version: r.Current(), Verdict: review.Checked, Findings: found,
		Inside: s.text("reason"), Attest: s.list("attest")}
	raw, out, err := s.deliver("/api/answer", f)
	if err != nil {
		return err
	}
	return s.outcome(raw, out, sent{id: f.ID, what: "checked for " + r.Step, of: v.ID, step: r.Step, undo: true})
}

// printPoints writes a file of findings to fill in: nothing in it is found yet.
// The places that a search proposes stand as a comment.
func (s *session) printPoints(r *review.Request) {
	s.out.line("findings:")
	for _, p := range r.Points {
		s.out.line("  # %s%s", p.Title, about(p.Source))
		if len(p.Proposed) > 0 {
			s.out.line("  # perhaps in %s", strings.Join(p.Proposed, ", "))
		}
		s.out.line("  - point: %s", p.ID)
		if p.Dated {
			s.out.line("    on:")
		} else {
			s.out.line("    places: []")
		}
	}
	s.tell("fill it in, with `missing: true` for what the document does not say, and give it as the third argument")
}

func about(source string) string {
	if source == "" {
		return ""
	}
	return " (" + source + ")"
}

// mails lists what came by mail for a case, and what became of it.
func (s *session) mails(args []string) error {
	var list []arrivals.Arrival
	raw, err := s.fetchInto(get("/api/arrivals", "case", args[0]), &list)
	if err != nil {
		return err
	}
	err = s.print(raw, func() {
		g := newGrid("", "CAME", "FROM", "WAS", "BECAME", "WHY", "REQUEST", "RAW")
		for _, a := range list {
			why := make([]string, len(a.Why))
			for i, w := range a.Why {
				why[i] = string(w)
			}
			g.add(s.when(a.Came, s.now()), dash(a.Person), dash(string(a.Kind)), dash(a.Outcome), dash(strings.Join(why, " ")), dash(a.Request), a.Raw)
		}
		g.print(s.out)
	})
	if err == nil && len(list) == 0 {
		s.tell("no mail came for this case")
	}
	return err
}
