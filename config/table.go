package config

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"gangway/internal/calendar"
	"gangway/internal/playbook"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/token"
)

// table is a mapping of a file while it is read: `key: value` lines.
type table struct {
	s       *source
	path    string // of the thing in the result
	at      spot
	entries []entry
	meant   []string // keys that unknown ones were probably meant to be
}

type entry struct {
	key   string
	at    spot
	value ast.Node
}

// at is where a node begins.
func (s *source) at(n ast.Node) spot {
	switch n := n.(type) {
	case *ast.MappingNode:
		if len(n.Values) > 0 && !n.IsFlowStyle {
			return s.at(n.Values[0].Key)
		}
	case *ast.MappingValueNode:
		return s.at(n.Key)
	}
	if n == nil || n.GetToken() == nil {
		return spot{1, 1}
	}
	return place(n.GetToken())
}

// open takes the wrapping off a node whose wrapping was reported already.
func open(n ast.Node) ast.Node {
	for range mostDepth {
		switch x := n.(type) {
		case *ast.AnchorNode:
			n = x.Value
		case *ast.TagNode:
			n = x.Value
		default:
			return n
		}
	}
	return nil
}

// table reads a mapping with the given keys. What stands there instead, keys
// that are not among them and keys that come twice are faults.
func (s *source) table(n ast.Node, path, what string, keys ...string) table {
	n = open(n)
	t := table{s: s, path: path, at: s.at(n)}
	if _, known := s.places[path]; !known {
		s.places[path] = t.at
	}
	var values []*ast.MappingValueNode
	switch n := n.(type) {
	case *ast.MappingNode:
		values = n.Values
	case *ast.MappingValueNode:
		values = []*ast.MappingValueNode{n}
	case *ast.AliasNode:
		s.bad[path] = true
		return t
	default:
		s.bad[path] = true
		s.fault(t.at, "write "+sample(keys), "%s cannot be %s", what, kind(n))
		return t
	}
	for _, v := range values {
		t.add(v, what, keys)
	}
	for _, key := range t.meant { // that it is missing would be said twice
		if _, there := t.entry(key); !there {
			s.bad[path+"."+key] = true
		}
	}
	return t
}

func (t *table) add(v *ast.MappingValueNode, what string, keys []string) {
	if _, merge := v.Key.(*ast.MergeKeyNode); merge {
		return
	}
	at := t.s.at(v.Key)
	key, ok := scalar(v.Key)
	if !ok {
		t.s.fault(at, "write "+sample(keys), "a key cannot be %s", kind(v.Key))
		return
	}
	if before, found := t.entry(key); found {
		t.s.fault(at, fmt.Sprintf("it stands in line %d already", before.at.line), "the key %s is there twice", quote(key))
		return
	}
	if !oneOf(key, keys) {
		near := playbook.Nearest(key, keys)
		hint := "there are: " + strings.Join(keys, ", ")
		if near != "" {
			hint = "did you mean " + near + "?"
			t.meant = append(t.meant, near)
		}
		t.s.fault(at, hint, "unknown key %s in %s", quote(key), what)
		return
	}
	t.entries = append(t.entries, entry{key, at, v.Value})
}

func (t *table) entry(key string) (entry, bool) {
	for _, e := range t.entries {
		if e.key == key {
			return e, true
		}
	}
	return entry{}, false
}

// has returns the value of a key and remembers where it stands as path; nil when
// the key is missing or has no value.
func (t *table) has(key, path string) ast.Node {
	e, found := t.entry(key)
	if !found {
		return nil
	}
	v := open(e.value)
	if nothing(v) {
		t.s.places[path] = e.at
		return nil
	}
	t.s.places[path] = t.s.at(v)
	if _, alias := v.(*ast.AliasNode); alias {
		t.s.bad[path] = true
		return nil
	}
	return v
}

// text reads one value as it is written.
func (t *table) text(key, path string) string {
	n := t.has(key, path)
	if n == nil {
		return ""
	}
	text, ok := scalar(n)
	if !ok {
		t.s.wrong(n, path, "%s is a text: it cannot be %s", key, kind(n))
	}
	return text
}

func (s *source) wrong(n ast.Node, path, format string, args ...any) {
	s.bad[path] = true
	s.fault(s.at(n), "", format, args...)
}

// number reads a whole number; underscores may group its digits.
func (t *table) number(key, path string) int {
	n := t.has(key, path)
	if n == nil {
		return 0
	}
	return t.s.number(n, key, path)
}

func (s *source) number(n ast.Node, key, path string) int {
	text, ok := scalar(n)
	v, err := strconv.Atoi(strings.ReplaceAll(text, "_", ""))
	if !ok || err != nil || v > 1<<40 || v < -(1<<40) {
		s.wrong(n, path, "%s is a whole number: it cannot be %s", key, value(n))
		return 0
	}
	return v
}

// yes reads true or false, and yes or no, as written.
func (t *table) yes(key, path string) bool {
	n := t.has(key, path)
	if n == nil {
		return false
	}
	text, _ := scalar(n)
	switch strings.ToLower(text) {
	case "true", "yes":
		return true
	case "false", "no":
		return false
	}
	t.s.wrong(n, path, "%s is true or false: it cannot be %s", key, value(n))
	return false
}

// item is one element of a list with its path.
type item struct {
	node ast.Node
	path string
}

// list reads a list; one value alone is a list of one.
func (t *table) list(key, path string) []item {
	n := t.has(key, path)
	if n == nil {
		return nil
	}
	seq, ok := n.(*ast.SequenceNode)
	if !ok {
		at := item{n, path + "[0]"}
		t.s.places[at.path] = t.s.at(n)
		return []item{at}
	}
	var items []item
	for i, v := range seq.Values {
		at := item{open(v), fmt.Sprintf("%s[%d]", path, i)}
		t.s.places[at.path] = t.s.at(v)
		switch {
		case nothing(at.node):
			t.s.bad[at.path] = true
			t.s.fault(t.s.at(v), "", "an entry of %s is empty", key)
		case isAlias(at.node):
			t.s.bad[at.path] = true
		default:
			items = append(items, at)
		}
	}
	return items
}

// words reads a list of texts.
func (t *table) words(key, path string) []string {
	var words []string
	for _, it := range t.list(key, path) {
		text, ok := scalar(it.node)
		if !ok {
			t.s.wrong(it.node, it.path, "%s is a list of texts: an entry cannot be %s", key, kind(it.node))
		}
		words = append(words, text)
	}
	return words
}

// span reads a length of time such as 5 working days.
func (t *table) span(key, path string) calendar.Span {
	n := t.has(key, path)
	if n == nil {
		return calendar.Span{}
	}
	return t.s.span(item{n, path}, key)
}

func (t *table) spans(key, path string) []calendar.Span {
	var spans []calendar.Span
	for _, it := range t.list(key, path) {
		spans = append(spans, t.s.span(it, key))
	}
	return spans
}

func (s *source) span(it item, key string) calendar.Span {
	text, ok := scalar(it.node)
	if !ok {
		s.wrong(it.node, it.path, "%s is a length of time: it cannot be %s", key, kind(it.node))
		return calendar.Span{}
	}
	sp, err := calendar.Parse(text)
	if err != nil {
		s.wrong(it.node, it.path, "%v", err)
	}
	return sp
}

// zone reads the name of a time zone that exists.
func (t *table) zone(key, path string) string {
	n := t.has(key, path)
	if n == nil {
		return ""
	}
	text, ok := scalar(n)
	if _, err := time.LoadLocation(text); !ok || err != nil || text == "Local" || text == "" {
		t.s.bad[path] = true
		t.s.fault(t.s.at(n), "write one such as Europe/London", "there is no time zone %s", value(n))
		return ""
	}
	return text
}

// scalar is the text of a value as it is written; what YAML would make of it
// plays no part.
func scalar(n ast.Node) (string, bool) {
	switch n := n.(type) {
	case *ast.StringNode:
		return n.Value, true
	case *ast.LiteralNode:
		return strings.TrimRight(n.Value.Value, "\n"), true
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.InfinityNode, *ast.NanNode, *ast.NullNode:
		return n.GetToken().Value, true
	}
	return "", false
}

// nothing reports that no value is written, or `~` or `null`. Null with a
// capital is somebody's name.
func nothing(n ast.Node) bool {
	if n == nil {
		return true
	}
	null, ok := n.(*ast.NullNode)
	if !ok {
		return false
	}
	return null.Token.Type == token.ImplicitNullType || null.Token.Value == "~" || null.Token.Value == "null"
}

func isAlias(n ast.Node) bool { _, ok := n.(*ast.AliasNode); return ok }

// kind names what stands somewhere, for a fault.
func kind(n ast.Node) string {
	switch n.(type) {
	case nil, *ast.NullNode:
		return "empty"
	case *ast.MappingNode, *ast.MappingValueNode:
		return "a table of keys"
	case *ast.SequenceNode:
		return "a list"
	}
	return "a single value"
}

// value names what stands somewhere by its text where it has one.
func value(n ast.Node) string {
	if text, ok := scalar(n); ok {
		return quote(text)
	}
	return kind(n)
}

func quote(text string) string {
	r := []rune(text)
	if len(r) > 40 {
		return strconv.QuoteToGraphic(string(r[:40])) + "…"
	}
	return strconv.QuoteToGraphic(text)
}

func oneOf(word string, words []string) bool {
	for _, w := range words {
		if w == word {
			return true
		}
	}
	return false
}

func sample(keys []string) string {
	return "`" + keys[0] + ": …` and so on, each key in a line"
}
