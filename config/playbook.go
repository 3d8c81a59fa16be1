package config

import (
	"fmt"
	"strings"

	"gangway/internal/calendar"
	"gangway/internal/engagement"
	"gangway/internal/playbook"

	"github.com/goccy/go-yaml/ast"
)

// ReadPlaybook reads a playbook; name is the file's name for faults. The error
// is Faults: every fault of the file at once, those of the playbook's own rules
// (playbook.Check) among them.
func ReadPlaybook(name string, data []byte) (playbook.Playbook, error) {
	s, body := read(name, data)
	if body == nil {
		return playbook.Playbook{}, s.err()
	}
	pb := s.playbook(body)
	s.semantic(pb.Check())
	if err := s.err(); err != nil {
		return playbook.Playbook{}, err
	}
	return pb, nil
}

func (s *source) playbook(n ast.Node) playbook.Playbook {
	t := s.table(n, "$", "a playbook", keysIn(playbookTerms())...)
	pb := playbook.Playbook{
		Name: t.text("name", "$.name"), Title: t.text("title", "$.title"),
		Roles: t.words("roles", "$.roles"), Data: t.words("data", "$.data"), Stages: t.words("stages", "$.stages"),
		Declaration: t.text("declaration", "$.declaration"), Packs: t.words("packs", "$.packs"),
	}
	if n := t.has("hours", "$.hours"); n != nil {
		h := s.table(n, "$.hours", "the organisation's hours", "zone", "week", "holidays")
		pb.Hours = h.schedule("week", "$.hours")
	}
	for _, it := range t.list("tiers", "$.tiers") {
		pb.Tiers = append(pb.Tiers, s.tierRule(it))
	}
	if n := t.has("dpa-when", "$.dpaWhen"); n != nil {
		pb.DPAWhen = s.condition(n, "$.dpaWhen", "when a data processing agreement is needed")
	}
	pb.Forms = append(s.forms(&t, "forms", "$.forms"), s.packs(&t, pb.Packs)...)
	if n := t.has("watch", "$.watch"); n != nil {
		pb.Watch = s.watch(n)
	}
	for _, it := range t.list("steps", "$.steps") {
		pb.Steps = append(pb.Steps, s.step(it))
	}
	s.exit(&t, &pb)
	if n := t.has("chores", "$.chores"); n != nil {
		c := s.table(n, "$.chores", "the chores", "due", "remind", "backup", "manager", "owner")
		pb.Chores = c.deadlines("$.chores")
	}
	if n := t.has("attestations", "$.attestations"); n != nil {
		pb.Attestations = s.attestations(n)
	}
	fillIn(&pb)
	return pb
}

// schedule reads zone, hours and holidays of a table; the hours' key differs
// between people and playbooks.
func (t *table) schedule(hours, path string) calendar.Schedule {
	sch := calendar.Schedule{Zone: t.zone("zone", path+".zone"), Week: t.week(hours, path+".week")}
	sch.Holidays = t.holidays("holidays", path+".holidays")
	return sch
}

func (t *table) week(key, path string) calendar.Week {
	var parts []string
	list := t.list(key, path)
	for _, it := range list {
		text, ok := scalar(it.node)
		if !ok {
			t.s.bad[path] = true
			t.s.fault(t.s.at(it.node), "write Mon-Fri 09:00-17:00", "working hours cannot be %s", kind(it.node))
			return calendar.Week{}
		}
		if _, err := ParseHours(text); err != nil {
			t.s.bad[path] = true
			t.s.wrong(it.node, it.path, "%v", err)
		}
		parts = append(parts, text)
	}
	if len(parts) == 0 || t.s.bad[path] {
		return calendar.Week{}
	}
	week, err := ParseHours(strings.Join(parts, ", "))
	if err != nil {
		t.s.wrong(list[len(list)-1].node, path, "%v", err)
	}
	return week
}

// holidays reads the name of a shipped set.
func (t *table) holidays(key, path string) string {
	set := t.text(key, path)
	if set == "" || set == "none" {
		return ""
	}
	if names := holidayNames(); !oneOf(set, names) {
		hint := "there are: none, " + strings.Join(names, ", ")
		if near := playbook.Nearest(set, names); near != "" {
			hint = "did you mean " + near + "?"
		}
		t.s.bad[path] = true
		t.s.fault(t.s.find(path), hint, "unknown holidays %s", quote(set))
		return ""
	}
	return set
}

func (s *source) tierRule(it item) playbook.TierRule {
	t := s.table(it.node, it.path, "a tier rule", "tier", "when", "needs", "exit-plan")
	r := playbook.TierRule{Tier: engagement.Tier(t.number("tier", it.path+".tier")), Needs: t.fieldNames("needs", it.path+".needs")}
	switch plan := t.text("exit-plan", it.path+".noExitPlan"); plan {
	case "none":
		r.NoExitPlan = true
	case "", "needed":
	default:
		s.wrong(t.has("exit-plan", it.path+".noExitPlan"), it.path+".noExitPlan", "an exit plan is `none` or `needed`: it cannot be %s", quote(plan))
	}
	path := it.path + ".when"
	if n := t.has("when", path); n != nil {
		r.When = s.condition(n, path, "the condition of a tier")
	}
	return r
}

func (s *source) condition(n ast.Node, path, what string) playbook.Condition {
	w := s.table(n, path, what, "data", "systems", "cost-from", "lessons")
	return playbook.Condition{Data: w.words("data", path+".data"), Systems: w.words("systems", path+".systems"),
		CostFrom: w.number("cost-from", path+".costFrom"), Lessons: w.words("lessons", path+".lessons")}
}

func (s *source) attestations(n ast.Node) []playbook.Attestation {
	var list []playbook.Attestation
	m, ok := n.(*ast.MappingNode)
	if !ok {
		s.bad["$.attestations"] = true
		s.fault(s.at(n), "write `read-in-full: I have read this version in full.`, each in a line", "the attestations cannot be %s", kind(n))
		return nil
	}
	for _, v := range m.Values {
		path := fmt.Sprintf("$.attestations[%d]", len(list))
		id, _ := scalar(v.Key)
		text, ok := scalar(open(v.Value))
		s.places[path+".id"], s.places[path+".text"] = s.at(v.Key), s.at(v.Value)
		if !ok {
			s.wrong(v.Value, path+".text", "an attestation is a text: it cannot be %s", kind(open(v.Value)))
		}
		if nothing(open(v.Value)) {
			text = ""
		}
		list = append(list, playbook.Attestation{ID: id, Text: text})
	}
	return list
}
