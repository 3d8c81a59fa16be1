package config

import (
	"gangway/internal/engagement"

	"github.com/goccy/go-yaml/ast"
)

// ReadSheet reads what somebody filled in for the points of a form: a line a point,
// its id and the answer, or a list of answers. It gives what was typed, by the ids
// of points; for a document that is the path of a file. name is the file's name for
// faults. Whether a line is missing the process says.
func ReadSheet(name string, data []byte, points []engagement.Point) (map[string][]string, error) {
	s, body := read(name, data)
	if body == nil {
		return nil, s.err()
	}
	var ids []string
	for _, p := range points {
		ids = append(ids, p.ID)
	}
	t := s.table(body, "$", "this form", ids...)
	filled := map[string][]string{}
	for _, p := range points {
		e, there := t.entry(p.ID)
		if !there {
			continue
		}
		typed := s.typed(e.value)
		if len(typed) > 0 {
			filled[p.ID] = typed
		}
		if f, _, wrong := p.Fill(typed); wrong != "" && (p.Kind != engagement.PointFile || f.Missing) {
			s.fault(s.at(e.value), "see the form with: gangway form", "%s: %s", p.ID, wrong)
		}
	}
	if err := s.err(); err != nil {
		return nil, err
	}
	return filled, nil
}

// typed are the words of an answer: one, or a list.
func (s *source) typed(n ast.Node) []string {
	n = open(n)
	all := []ast.Node{n}
	if list, is := n.(*ast.SequenceNode); is {
		all = list.Values
	}
	var typed []string
	for _, one := range all {
		if nothing(open(one)) {
			continue
		}
		text, ok := scalar(open(one))
		if !ok {
			s.fault(s.at(one), "write an answer, or a list of answers", "an answer cannot be %s", kind(one))
			continue
		}
		typed = append(typed, text)
	}
	return typed
}
