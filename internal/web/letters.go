package web

import (
	"context"
	"fmt"
	"net/http"

	"gangway/internal/access"
	"gangway/internal/outbox"
	"gangway/internal/playbook"
)

// Post is what became of the letters that this deployment sends. Nobody's role is
// asked there: web asks access first. Its errors say more by the methods that Desk
// lists.
type Post interface {
	// Trouble lists the letters that failed, or of which nothing is known, and that
	// nobody sent again; the newest first, at most outbox.MostLetters.
	Trouble(ctx context.Context) ([]outbox.Letter, error)
	// Again sends one of them once more; saying it twice sends it once. NotFound,
	// Invalid.
	Again(ctx context.Context, id string) (outbox.Letter, error)
	// Bounced takes a mail server's report of a mail of ours, as it came. Invalid
	// for what can't be read as one, NotFound for a mail that we never sent.
	Bounced(ctx context.Context, report []byte) error
}

// lettersPage lists what arrived nowhere.
type lettersPage struct {
	Letters []letterView
	Sent    string // for whom one was just sent again
	Wrong   string
}

type letterView struct {
	ID, Who, What, State, Tone, Fault string
	Case, CaseLink                    string
	Once                              bool // a one-time link, which nobody sends again
	At                                *instant
}

// postOf is the post, for whoever looks after letters.
func (s *server) postOf(p playbook.Person) (Post, error) {
	switch {
	case !access.May(p, access.Resend, nil):
		return nil, plainFault{http.StatusForbidden, "letters are not for you", "an operator looks after them"}
	case s.o.Post == nil:
		return nil, plainFault{http.StatusNotFound, "this gangway sends no mail", "mail is set up in gangway.yaml"}
	}
	return s.o.Post, nil
}

func (s *server) showLetters(w http.ResponseWriter, r *http.Request, me visitor) error {
	return s.renderLetters(w, r, me, http.StatusOK, lettersPage{})
}

func (s *server) renderLetters(w http.ResponseWriter, r *http.Request, me visitor, status int, page lettersPage) error {
	post, err := s.postOf(me.Person)
	if err != nil {
		return err
	}
	letters, err := post.Trouble(r.Context())
	if err != nil {
		return fmt.Errorf("listing letters: %w", err)
	}
	who, err := s.namesFor(r.Context(), me)
	if err != nil {
		return err
	}
	for _, l := range letters {
		v := letterView{ID: l.ID, Who: who.of(l.Person), What: letterWords(l), Fault: cut(l.Fault), Case: cut(l.Case), Once: l.Kind == outbox.SignIn, At: me.at(l.Changed, s.o.Now())}
		v.State, v.Tone = troubled(l)
		if l.Case != "" {
			v.CaseLink = caseLink(l.Case)
		}
		page.Letters = append(page.Letters, v)
	}
	s.show(w, r, &me, status, "letters", "Letters that arrived nowhere", page)
	return nil
}

// letterWords says what a letter is about.
func letterWords(l outbox.Letter) string {
	switch l.Kind {
	case outbox.Asked:
		return "that they are asked"
	case outbox.Reminder:
		return "a reminder"
	case outbox.Outcome:
		return "what became of their request"
	case outbox.SignIn:
		return "a one-time link"
	}
	return human(string(l.Kind))
}

// letterAgain sends a letter once more. Its id makes it safe to press twice.
func (s *server) letterAgain(w http.ResponseWriter, r *http.Request, me visitor) error {
	post, err := s.postOf(me.Person)
	if err != nil {
		return err
	}
	id := r.PostForm.Get("id")
	if id == "" || !isPlain(id) {
		return badForm("the form names no letter")
	}
	l, err := post.Again(r.Context(), id)
	if err != nil {
		told := s.report(r, err)
		return s.renderLetters(w, r, me, told.Status, lettersPage{Wrong: sentence(told)})
	}
	who, err := s.namesFor(r.Context(), me)
	if err != nil {
		return err
	}
	return s.renderLetters(w, r, me, http.StatusOK, lettersPage{Sent: who.of(l.Person)})
}
