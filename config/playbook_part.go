package config

import (
	"strconv"
	"strings"

	"gangway/internal/engagement"
	"gangway/internal/review"

	"github.com/goccy/go-yaml/ast"
)

// accept reads who says that a delivery will do: what a step says of its seats, in a
// table of its own.
func (t *table) accept(path string) *review.Policy {
	n := t.has("accept", path)
	if n == nil {
		return nil
	}
	if role, ok := scalar(n); ok { // the role alone
		return &review.Policy{Groups: []review.Group{{Rule: review.RuleAll, Seats: []review.Seat{{ID: seatID(role), Role: role, Mandatory: true}}}}}
	}
	a := t.s.table(n, path, "who accepts", "groups", "seats", "rule", "pairs", "depth")
	pol := a.policy(path)
	return &pol
}

func (t *table) criteria(path string) []engagement.Criterion {
	var list []engagement.Criterion
	for _, it := range t.list("criteria", path) {
		c := t.s.table(it.node, it.path, "a criterion", "id", "title", "ask", "weight", "most")
		list = append(list, engagement.Criterion{ID: c.text("id", it.path+".id"), Title: c.text("title", it.path+".title"), Ask: c.text("ask", it.path+".ask"),
			Weight: c.number("weight", it.path+".weight"), Most: c.number("most", it.path+".most")})
	}
	return list
}

// watch reads how early what runs out is brought up.
func (s *source) watch(n ast.Node) engagement.Watch {
	t := s.table(n, "$.watch", "the watch", "lead", "reviews", "notice-lead", "access-days")
	w := engagement.Watch{NoticeLead: t.number("notice-lead", "$.watch.noticeLead"), AccessDays: t.number("access-days", "$.watch.accessDays")}
	if n := t.has("lead", "$.watch.lead"); n != nil {
		var known []string
		for _, k := range engagement.ExpiryKinds() {
			known = append(known, string(k))
		}
		lead := s.table(n, "$.watch.lead", "how many days ahead", known...)
		for _, k := range known {
			if path := "$.watch.lead." + k; lead.has(k, path) != nil {
				if w.Lead == nil {
					w.Lead = map[engagement.ExpiryKind]int{}
				}
				w.Lead[engagement.ExpiryKind(k)] = lead.number(k, path)
			}
		}
	}
	if n := t.has("reviews", "$.watch.reviews"); n != nil {
		reviews := s.table(n, "$.watch.reviews", "how many months between reviews", "1", "2", "3", "4")
		for tier := 1; tier <= 4; tier++ {
			key := strconv.Itoa(tier)
			if path := "$.watch.reviews." + key; reviews.has(key, path) != nil {
				if w.Reviews == nil {
					w.Reviews = map[engagement.Tier]int{}
				}
				w.Reviews[engagement.Tier(tier)] = reviews.number(key, path)
			}
		}
	}
	return w
}

// fieldNames reads fields of an intake by the keys of a vendor file: baseline-cost is
// baselineCost in everything but files.
func (t *table) fieldNames(key, path string) []string {
	var fields []string
	for _, word := range t.words(key, path) {
		first, rest, _ := strings.Cut(word, "-")
		if rest != "" {
			first += strings.ToUpper(rest[:1]) + rest[1:]
		}
		fields = append(fields, first)
	}
	return fields
}
