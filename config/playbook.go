package config

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"gangway/internal/calendar"
	"gangway/internal/engagement"
	"gangway/internal/playbook"
	"gangway/internal/review"

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
	t := s.table(n, "$", "a playbook", "name", "title", "hours", "roles", "data", "tiers", "stages", "dpa-when", "steps", "chores", "attestations")
	pb := playbook.Playbook{
		Name: t.text("name", "$.name"), Title: t.text("title", "$.title"),
		Roles: t.words("roles", "$.roles"), Data: t.words("data", "$.data"), Stages: t.words("stages", "$.stages"),
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
	for _, it := range t.list("steps", "$.steps") {
		pb.Steps = append(pb.Steps, s.step(it))
	}
	if n := t.has("chores", "$.chores"); n != nil {
		c := s.table(n, "$.chores", "the chores", "due", "remind", "backup", "manager", "owner")
		pb.Chores = c.deadlines("$.chores")
	}
	if n := t.has("attestations", "$.attestations"); n != nil {
		pb.Attestations = s.attestations(n)
	}
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
	t := s.table(it.node, it.path, "a tier rule", "tier", "when")
	r := playbook.TierRule{Tier: engagement.Tier(t.number("tier", it.path+".tier"))}
	path := it.path + ".when"
	if n := t.has("when", path); n != nil {
		r.When = s.condition(n, path, "the condition of a tier")
	}
	return r
}

func (s *source) condition(n ast.Node, path, what string) playbook.Condition {
	w := s.table(n, path, what, "data", "systems", "cost-from")
	return playbook.Condition{Data: w.words("data", path+".data"), Systems: w.words("systems", path+".systems"),
		CostFrom: w.number("cost-from", path+".costFrom")}
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

var quorum = regexp.MustCompile(`^(\d{1,4})\s+of\s+(\d{1,4})$`)

func (s *source) step(it item) playbook.Step {
	t := s.table(it.node, it.path, "a step", "id", "process", "stage", "kind", "title", "ask", "tiers", "groups", "seats", "rule",
		"pairs", "depth", "waivable", "answer-in", "answer-by-mail", "due", "remind", "backup", "manager", "owner")
	at := func(key string) string { return it.path + "." + key }
	step := playbook.Step{
		ID: t.text("id", at("id")), Process: playbook.Process(t.text("process", at("process"))), Stage: t.text("stage", at("stage")),
		Kind: review.Kind(t.text("kind", at("kind"))), Title: t.text("title", at("title")), Ask: t.text("ask", at("ask")),
		Deadlines: t.deadlines(at("deadlines")),
	}
	if step.Process == "" && !s.bad[at("process")] { // a stage says which process it is
		step.Process = playbook.Onboarding
		if step.Stage == playbook.ContractStage {
			step.Process = playbook.Contract
		}
	}
	if step.Process != playbook.Onboarding && step.Stage == playbook.ContractStage {
		step.Stage = ""
	}
	for _, x := range t.list("tiers", at("tiers")) {
		step.Tiers = append(step.Tiers, engagement.Tier(s.number(x.node, "a tier", x.path)))
	}
	step.Policy = t.policy(at("policy"))
	step.Browser = t.browser("answer-in", at("browser"))
	step.MailComments = t.mailComments("answer-by-mail", at("mailComments"))
	return step
}

// browser reads where a step is answered.
func (t *table) browser(key, path string) bool {
	where := t.text(key, path)
	switch where {
	case "", "anywhere":
	case "browser":
		return true
	default:
		t.s.bad[path] = true
		t.s.fault(t.s.find(path), "write `browser` for a step that is answered signed in only, or `anywhere`", "a step can't be answered in %s", quote(where))
	}
	return false
}

// mailComments reads whether what comes by mail decides a step or only comments
// on it.
func (t *table) mailComments(key, path string) bool {
	what := t.text(key, path)
	switch what {
	case "", "counts":
	case "comments":
		return true
	default:
		t.s.bad[path] = true
		t.s.fault(t.s.find(path), "write `comments` where mail may comment and not decide, or `counts`", "an answer by mail can't be %s", quote(what))
	}
	return false
}

func (t *table) policy(path string) review.Policy {
	pol := review.Policy{Depth: t.number("depth", path+".depth"), Waivable: t.yes("waivable", path+".waivable")}
	for _, it := range t.list("groups", path+".groups") {
		g := t.s.table(it.node, it.path, "a group", "name", "rule", "seats")
		pol.Groups = append(pol.Groups, g.group(it.path))
	}
	seats, short := t.entry("seats")
	if _, long := t.entry("groups"); long && short {
		t.s.fault(seats.at, "put the seats into a group", "a step has either groups or seats")
	} else if short {
		pol.Groups = []review.Group{t.group(path + ".groups[0]")}
	} else if rule, alone := t.entry("rule"); alone {
		t.s.fault(rule.at, "write the rule into each group", "a rule needs seats beside it")
	}
	for _, it := range t.list("pairs", path+".pairs") {
		pol.Pairs = append(pol.Pairs, t.s.pair(it))
	}
	return pol
}

// pair reads [a, b].
func (s *source) pair(it item) review.Pair {
	seq, ok := it.node.(*ast.SequenceNode)
	if ok && len(seq.Values) == 2 {
		a, fine := scalar(seq.Values[0])
		b, good := scalar(seq.Values[1])
		if fine && good {
			return review.Pair{A: a, B: b}
		}
	}
	s.bad[it.path] = true
	s.fault(s.at(it.node), "write [first seat, second seat]", "a pair is a list of two seats")
	return review.Pair{}
}

func (t *table) group(path string) review.Group {
	g := review.Group{Name: t.text("name", path+".name")}
	rule := t.text("rule", path+".rule")
	list := t.list("seats", path+".seats")
	if m := quorum.FindStringSubmatch(rule); m != nil {
		g.Rule = review.RuleSome
		g.N, _ = strconv.Atoi(m[1]) // at most four digits: cannot fail
		if of, _ := strconv.Atoi(m[2]); of != len(list) && g.N <= len(list) {
			t.s.fault(t.s.find(path+".rule"), "count the seats", "the rule says %s, but the group has %d seats", rule, len(list))
		}
	} else {
		g.Rule = review.Rule(rule)
	}
	if rule == "" {
		g.Rule = review.RuleAll
	}
	for _, it := range list {
		g.Seats = append(g.Seats, t.s.seat(it))
	}
	return g
}

func (s *source) seat(it item) review.Seat {
	if role, ok := scalar(it.node); ok { // the role alone
		return review.Seat{ID: seatID(role), Role: role}
	}
	t := s.table(it.node, it.path, "a seat", "id", "role", "mandatory", "veto", "scope", "attest", "minutes")
	at := func(key string) string { return it.path + "." + key }
	seat := review.Seat{
		ID: t.text("id", at("id")), Role: t.text("role", at("role")),
		Mandatory: t.yes("mandatory", at("mandatory")), Veto: t.yes("veto", at("veto")),
		Scope: t.words("scope", at("scope")), Attest: t.words("attest", at("attest")), Minutes: t.number("minutes", at("minutes")),
	}
	if seat.ID == "" && !s.bad[at("id")] {
		seat.ID = seatID(seat.Role)
	}
	return seat
}

// seatID is the id of a seat that was given none.
func seatID(role string) string { return strings.TrimPrefix(role, "@") }

func (t *table) deadlines(path string) playbook.Deadlines {
	return playbook.Deadlines{
		Due: t.span("due", path+".due"), Remind: t.spans("remind", path+".remind"), Backup: t.span("backup", path+".backup"),
		Manager: t.span("manager", path+".manager"), Owner: t.span("owner", path+".owner"),
	}
}
