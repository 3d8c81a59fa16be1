package config

import (
	"regexp"
	"strconv"
	"strings"

	"gangway/internal/engagement"
	"gangway/internal/exit"
	"gangway/internal/playbook"
	"gangway/internal/review"

	"github.com/goccy/go-yaml/ast"
)

var quorum = regexp.MustCompile(`^(\d{1,4})\s+of\s+(\d{1,4})$`)

func (s *source) step(it item) playbook.Step {
	t := s.table(it.node, it.path, "a step", keysIn(stepTerms())...)
	at := func(key string) string { return it.path + "." + key }
	step := playbook.Step{
		ID: t.text("id", at("id")), Process: playbook.Process(t.text("process", at("process"))), Stage: t.text("stage", at("stage")),
		Kind: review.Kind(t.text("kind", at("kind"))), Title: t.text("title", at("title")), Ask: t.text("ask", at("ask")),
		Deadlines: t.deadlines(at("deadlines")),
		Drill:     t.text("drill", at("drill")),
		Form:      t.text("form", at("form")), Does: playbook.Purpose(t.text("does", at("does"))), After: t.span("after", at("after")),
		Criteria: t.criteria(at("criteria")), Threshold: t.number("threshold", at("threshold")), Offers: t.number("offers", at("offers")),
		Accept: t.accept(at("accept")), Expiry: engagement.ExpiryKind(t.text("expiry", at("expiry"))), ReadAll: t.yes("read-all", at("readAll")),
	}
	if n := t.has("when", at("when")); n != nil {
		step.When = s.condition(n, at("when"), "when the step is asked")
	}
	if step.Process == "" && !s.bad[at("process")] { // a stage says which process it is
		step.Process = playbook.Onboarding
		if step.Stage == playbook.ContractStage {
			step.Process = playbook.Contract
		}
	}
	if (step.Process == playbook.Contract || step.Process == playbook.DPA) && step.Stage == playbook.ContractStage {
		step.Stage = ""
	}
	for _, x := range t.list("tiers", at("tiers")) {
		step.Tiers = append(step.Tiers, engagement.Tier(s.number(x.node, "a tier", x.path)))
	}
	for _, word := range t.words("modes", at("modes")) {
		step.Modes = append(step.Modes, exit.Mode(word))
	}
	for _, word := range t.words("assets", at("assets")) {
		step.Assets = append(step.Assets, exit.AssetKind(word))
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
	t := s.table(it.node, it.path, "a seat", "id", "role", "mandatory", "veto", "scope", "attest", "competence", "minutes")
	at := func(key string) string { return it.path + "." + key }
	seat := review.Seat{
		ID: t.text("id", at("id")), Role: t.text("role", at("role")),
		Mandatory: t.yes("mandatory", at("mandatory")), Veto: t.yes("veto", at("veto")),
		Scope: t.words("scope", at("scope")), Attest: t.words("attest", at("attest")),
		Competence: t.words("competence", at("competence")), Minutes: t.number("minutes", at("minutes")),
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
