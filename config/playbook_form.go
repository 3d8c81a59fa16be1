package config

import (
	"fmt"
	"slices"
	"strconv"

	"gangway/internal/engagement"
	"gangway/internal/playbook"
	"gangway/internal/review"

	"github.com/goccy/go-yaml/ast"
)

// placeKind is how a file says that a point is looked for in a text.
const placeKind = "place"

// mostRows bounds how often a form repeats a part of itself: each row costs whoever
// fills it in a look.
const mostRows = 20

// forms reads a list of forms.
func (s *source) forms(t *table, key, path string) []engagement.Form {
	var forms []engagement.Form
	for _, it := range t.list(key, path) {
		forms = append(forms, s.form(it))
	}
	return forms
}

func (s *source) form(it item) engagement.Form {
	t := s.table(it.node, it.path, "a form", "id", "title", "points")
	f := engagement.Form{ID: t.text("id", it.path+".id"), Title: t.text("title", it.path+".title")}
	path := it.path + ".points"
	for _, p := range t.list("points", path) {
		if isRows(p.node) {
			f.Points = append(f.Points, s.rows(p, path, len(f.Points))...)
			continue
		}
		at := item{p.node, fmt.Sprintf("%s[%d]", path, len(f.Points))}
		s.places[at.path] = s.at(p.node)
		f.Points = append(f.Points, s.point(at))
	}
	return f
}

// isRows reports whether an entry of a form repeats points instead of being one.
func isRows(n ast.Node) bool {
	m, ok := n.(*ast.MappingNode)
	return ok && slices.ContainsFunc(m.Values, func(v *ast.MappingValueNode) bool {
		key, _ := scalar(v.Key)
		return key == "rows"
	})
}

// rows reads a part of a form that is there several times, as for a list of things:
// the points of row 2 of risks are risk-2-…, and those of rows after `least` may be
// left out. Offset is how many points stand before it.
func (s *source) rows(it item, path string, offset int) []engagement.Point {
	t := s.table(it.node, it.path, "rows of a form", keysIn(rowTerms())...)
	n, least, of := t.number("rows", it.path+".rows"), t.number("least", it.path+".least"), t.text("of", it.path+".of")
	switch {
	case s.bad[it.path+".rows"] || s.bad[it.path+".least"] || s.bad[it.path+".of"]:
		return nil
	case of == "":
		s.fault(t.at, "as in `of: risk`", "what there are rows of is missing")
		return nil
	case n < 1 || n > mostRows:
		s.fault(s.find(it.path+".rows"), fmt.Sprintf("1 to %d", mostRows), "a form can't have %d rows", n)
		return nil
	case least < 0 || least > n:
		s.fault(s.find(it.path+".least"), "how many have to be filled in; the others may be left out", "%d of %d rows make no sense", least, n)
	}
	var row []engagement.Point
	var marks []spot
	for _, p := range t.list("points", it.path+".of.points") {
		marks = append(marks, s.at(p.node))
		row = append(row, s.point(p))
	}
	if len(row) == 0 {
		s.fault(t.at, "", "the rows have no points")
	}
	points := repeated(row, of, n, least)
	for i := range points {
		s.places[fmt.Sprintf("%s[%d]", path, offset+i)] = marks[i%len(row)]
	}
	return points
}

// repeated is points as often as wanted, each row under a number of its own.
func repeated(row []engagement.Point, of string, n, least int) []engagement.Point {
	var points []engagement.Point
	for i := 1; i <= n; i++ {
		for _, p := range row {
			p.ID = of + "-" + strconv.Itoa(i) + "-" + p.ID
			p.Title = playbook.Say(review.Verdict(of)) + " " + strconv.Itoa(i) + ": " + p.Title
			p.Optional = p.Optional || i > least
			points = append(points, p)
		}
	}
	return points
}

func (s *source) point(it item) engagement.Point {
	t := s.table(it.node, it.path, "a point", keysIn(pointTerms())...)
	at := func(key string) string { return it.path + "." + key }
	p := engagement.Point{
		ID: t.text("id", at("id")), Title: t.text("title", at("title")), Ask: t.text("ask", at("ask")), Source: t.text("source", at("source")),
		Kind: engagement.PointKind(t.text("kind", at("kind"))), Options: t.words("options", at("options")),
		Expires: t.yes("expires", at("expires")), KeepDays: t.number("keep-days", at("keepDays")),
		Optional: t.yes("optional", at("optional")), Dated: t.yes("dated", at("dated")), Waivable: t.yes("waivable", at("waivable")), Cues: t.words("cues", at("cues")),
	}
	if p.Kind == placeKind {
		p.Kind = ""
	}
	return p
}

// fillIn gives each step with a form the form's points, whole, so that a process
// needs the playbook for nothing. Those of a step that collects offers are there once
// for each offer.
func fillIn(pb *playbook.Playbook) {
	for i := range pb.Steps {
		s := &pb.Steps[i]
		at := slices.IndexFunc(pb.Forms, func(f engagement.Form) bool { return s.Form != "" && f.ID == s.Form })
		if at < 0 {
			continue
		}
		s.Points = slices.Clone(pb.Forms[at].Points)
		if s.Offers > 0 && s.Offers <= mostRows {
			s.Points = repeated(s.Points, playbook.RowOffer, s.Offers, s.Offers)
		}
	}
}
