package main

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"gangway/config"
	"gangway/internal/engagement"
	"gangway/internal/review"
)

// fillIn puts what was filled in, scored and read into an answer.
func (s *session) fillIn(r *review.Request, f *review.Form) error {
	if path := s.text("sheet"); path != "" {
		if err := s.fillSheet(r, f, path); err != nil {
			return err
		}
	}
	for _, text := range s.list("score") {
		score, err := scoreOf(r, text)
		if err != nil {
			return err
		}
		if slices.ContainsFunc(f.Scores, func(x review.Score) bool { return x.Criterion == score.Criterion }) {
			return usage(fmt.Sprintf("%.60q is scored twice", score.Criterion), "give each criterion once")
		}
		f.Scores = append(f.Scores, score)
	}
	for _, text := range s.list("read") {
		said := engagement.SaidSections(text)
		if len(said) == 0 {
			return usage(fmt.Sprintf("%.40q names no sections", text), "write all, or a range such as 4-9")
		}
		f.Read = append(f.Read, said...)
	}
	if len(f.Read) > 0 {
		s.tell("you say that you read: %s", strings.Join(f.Read, ", "))
	}
	return nil
}

// scoreOf reads one --score.
func scoreOf(r *review.Request, text string) (review.Score, error) {
	id, number, found := strings.Cut(text, "=")
	points, err := strconv.Atoi(strings.TrimSpace(number))
	if !found || err != nil {
		return review.Score{}, usage(fmt.Sprintf("%.40q is no score", text), "write a criterion and its points, such as quality=4")
	}
	id = strings.TrimSpace(id)
	var ids []string
	for _, c := range r.Criteria {
		ids = append(ids, c.ID)
		if c.ID != id {
			continue
		}
		if points < 0 || points > c.Most {
			return review.Score{}, usage(fmt.Sprintf("%d points for %s are none of the scale", points, id), fmt.Sprintf("0 is the worst, %d the best", c.Most))
		}
		return review.Score{Criterion: id, Points: points}, nil
	}
	if len(ids) == 0 {
		return review.Score{}, failed(r.Step + " takes no points")
	}
	return review.Score{}, usage(fmt.Sprintf("%s has no criterion %.40q", r.Step, id), nearby(id, ids))
}

// fillSheet reads a form that was filled in: YAML, or the text file that the pages
// give away.
func (s *session) fillSheet(r *review.Request, f *review.Form, path string) error {
	if !r.Sheet || len(r.Points) == 0 {
		return failed(r.Step + " has no form to fill in")
	}
	data, err := readFile(path)
	if err != nil {
		return err
	}
	var typed map[string][]string
	if engagement.IsSheetFile(data) {
		typed, err = engagement.ReadSheetFile(data, r.ID, r.Points)
		if err != nil {
			err = failed(path+": "+err.Error(), engagement.SheetFileHint)
		}
	} else {
		typed, err = config.ReadSheet(path, data, r.Points)
	}
	if err != nil {
		return err
	}
	if err := lacking(r, f, typed, path); err != nil {
		return err
	}
	for _, p := range r.Points {
		if err := s.fillPoint(f, p, typed[p.ID], path); err != nil {
			return err
		}
	}
	return nil
}

// lacking names every point that must be answered and is not, before a document is
// filed for nothing. Whoever wants changes may leave the rest empty.
func lacking(r *review.Request, f *review.Form, typed map[string][]string, path string) error {
	if !review.Positive(f.Verdict) {
		return nil
	}
	var ids []string
	for _, p := range r.Points {
		if !p.Optional && len(typed[p.ID]) == 0 {
			ids = append(ids, p.ID)
		}
	}
	hint := "nothing was sent; see what is asked with: gangway form " + r.Case + " " + r.Step
	switch len(ids) {
	case 0:
		return nil
	case 1:
		return failed(fmt.Sprintf("%s has no answer for %s", path, ids[0]), hint)
	}
	return failed(fmt.Sprintf("%s has no answers for %d points: %s", path, len(ids), strings.Join(ids, ", ")), hint)
}

// fillPoint puts one answer into the form; a document is filed first.
func (s *session) fillPoint(f *review.Form, p engagement.Point, typed []string, path string) error {
	finding, words, wrong := p.Fill(typed)
	if p.Kind == engagement.PointFile && wrong != "" && !finding.Missing && len(typed) == 1 {
		paper, err := s.upload(beside(path, typed[0]))
		if err != nil {
			return err
		}
		finding, words, wrong = p.Fill([]string{paper.Digest})
	}
	switch {
	case wrong != "":
		return failed(fmt.Sprintf("%s: %s: %s", path, p.ID, wrong), "nothing of the answer was sent; mend the line and send it again")
	case finding.Point == "":
		return nil // what must be answered the process says
	case words != "":
		if f.Words == nil {
			f.Words = map[string]string{}
		}
		f.Words[p.ID] = words
	}
	f.Findings = append(f.Findings, finding)
	if finding.Document != "" && !slices.Contains(f.Documents, finding.Document) {
		f.Documents = append(f.Documents, finding.Document)
	}
	return nil
}

// form prints the form of a request as a text file to be filled in.
func (s *session) form(args []string) error {
	v, _, err := s.caseView(args[0])
	if err != nil {
		return err
	}
	r, err := find(&v, args[1])
	if err != nil {
		return err
	}
	if !r.Sheet || len(r.Points) == 0 {
		return failed(r.Step+" has no form to fill in", "answer it with: gangway answer "+v.ID+" "+r.Step+" VERDICT")
	}
	for _, line := range strings.Split(strings.TrimSuffix(string(engagement.WriteSheetFile(r.Title, r.ID, r.Points, nil)), "\n"), "\n") {
		s.out.line("%s", line)
	}
	s.tell("fill it in and send it with: gangway answer %s %s %s --sheet FILE", v.ID, r.Step, firstWord(r))
	return nil
}

func firstWord(r *review.Request) string { return string(r.Verdicts()[0]) }

// declares reports whether a person's answer must carry the case's statement on
// interests.
func declares(r *review.Request, person string) bool {
	return r.Declaration != "" && !slices.Contains(r.Declared, person)
}
