package main

import (
	"crypto/rand"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"gangway/config"
	"gangway/internal/dossier"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// id is the id of what is sent: a fresh one for each invocation, or the one to
// repeat.
func (s *session) id() string {
	if id := s.text("id"); id != "" {
		return id
	}
	return strings.ToLower(rand.Text())
}

// answer answers a request.
func (s *session) answer(args []string) error {
	v, _, err := s.caseView(args[0])
	if err != nil {
		return err
	}
	r, err := find(&v, args[1])
	if err != nil {
		return err
	}
	f, err := s.answerForm(&v, r, review.Verdict(args[2]))
	if err != nil {
		return err
	}
	if err := s.fillIn(r, &f); err != nil {
		return err
	}
	for _, text := range s.statements(v, f.Attest) {
		s.tell("you state: %s", text)
	}
	if path := s.text("document"); path != "" {
		paper, err := s.upload(path)
		if err != nil {
			return err
		}
		f.Document = paper.Digest
	}
	raw, out, err := s.deliver("/api/answer", f)
	if err != nil {
		return err
	}
	return s.outcome(raw, out, sent{id: f.ID, what: fmt.Sprintf("%s for %s", f.Verdict, r.Step), of: v.ID, step: r.Step, undo: true})
}

func (s *session) answerForm(v *dossier.CaseView, r *review.Request, word review.Verdict) (review.Form, error) {
	f := review.Form{ID: s.id(), Process: r.Process, Request: r.ID, Seat: s.text("seat"), Verdict: word,
		Inside: s.text("reason"), Vendor: s.text("for-vendor"), Attest: s.list("attest")}
	if !slices.Contains(r.Verdicts(), word) {
		return f, usage(fmt.Sprintf("%.40q is not one of the answers to %s", word, r.Step), nearby(string(word), strings.Split(words(r), ", ")))
	}
	f.Version = r.Current()
	if text := s.text("version"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 0 {
			return f, usage(fmt.Sprintf("%.40q is no version", text), "write a number, such as 2")
		}
		f.Version = n
	}
	if s.yes("attest-all") {
		me, err := s.person()
		if err != nil {
			return f, err
		}
		if f.Attest = asked(v, r, me, f.Seat, s); declares(r, me) && !slices.Contains(f.Attest, r.Declaration) {
			f.Attest = append(f.Attest, r.Declaration)
		}
	}
	return f, nil
}

// asked lists the statements of the seat that is meant, or of every seat that
// the person holds.
func asked(v *dossier.CaseView, r *review.Request, person, seat string, s *session) []string {
	seats := []string{seat}
	if seat == "" {
		seats = r.SeatsOf(person, v.Now(s.now()))
	}
	var ids []string
	for _, id := range seats {
		if st, _, ok := r.Seat(id); ok {
			for _, a := range st.Attest {
				if !slices.Contains(ids, a) {
					ids = append(ids, a)
				}
			}
		}
	}
	return ids
}

// find returns the request of a step: the newest that is open, else the newest.
func find(v *dossier.CaseView, step string) (*review.Request, error) {
	var found *review.Request
	var steps []string
	for i := range v.Requests {
		r := &v.Requests[i]
		if !slices.Contains(steps, r.Step) {
			steps = append(steps, r.Step)
		}
		if r.ID == step {
			return r, nil
		}
		if r.Step == step && (found == nil || r.IsOpen() || !found.IsOpen()) {
			found = r
		}
	}
	if found == nil {
		hint := "nothing has been asked in this case yet"
		if len(steps) > 0 {
			hint = nearby(step, steps)
		}
		return nil, failed(fmt.Sprintf("nobody is asked about %.60q in %s", step, v.ID), hint)
	}
	return found, nil
}

// nearby suggests the word that was meant, or lists them all.
func nearby(word string, all []string) string {
	if near := playbook.Nearest(word, all); near != "" {
		return "did you mean " + near + "?"
	}
	return "there are: " + strings.Join(all, ", ")
}

// statements are the texts that somebody attests to, from the playbook that the
// case runs with. Where that can't be read, the ids stand for them: the
// server holds the answer to the ids in any case.
func (s *session) statements(v dossier.CaseView, ids []string) []string {
	if len(ids) == 0 {
		return nil
	}
	book, ok := s.playbookOf(v)
	var texts []string
	for _, id := range ids {
		text := id
		if ok && book.Attestation(id) != id {
			text = fmt.Sprintf("%s (%s)", book.Attestation(id), id)
		}
		texts = append(texts, text)
	}
	return texts
}

func (s *session) playbookOf(v dossier.CaseView) (playbook.Playbook, bool) {
	for _, d := range v.Documents {
		if d.Name != "playbook" {
			continue
		}
		var text []byte
		err := s.do(get("/api/document", "case", v.ID, "digest", d.Document), func(body io.Reader) error {
			var err error
			text, err = io.ReadAll(io.LimitReader(body, mostAnswer))
			return err
		})
		if err != nil {
			return playbook.Playbook{}, false
		}
		book, err := config.ReadPlaybook("playbook", text)
		return book, err == nil
	}
	return playbook.Playbook{}, false
}
