package web

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"

	"gangway/internal/playbook"
)

// What a guest does with a task besides delivering.
const (
	actHandOn  = "hand-on"
	actNotMe   = "not-me"
	actAskBack = "ask-back"
	actRetire  = "withdraw"
)

// retireWords are typed by whoever says that the vendor withdraws, so that nobody does it
// by a slip.
const retireWords = "we withdraw"

// portalAct is the form of it, as it came in and as it is shown again.
type portalAct struct {
	Kind, Nonce, Name, Mail, Text, Typed string
}

func (s *server) actInPortal(w http.ResponseWriter, r *http.Request, g guest) error {
	get := r.PostForm.Get
	request := get("task")
	f := portalAct{Kind: get("act"), Nonce: get("nonce"), Name: flat(tidy(get("name"))), Mail: tidy(get("mail")), Text: tidy(get("text")), Typed: flat(tidy(get("typed")))}
	if !isNonce(f.Nonce) {
		return badForm("the form has lost its number")
	}
	if !slices.Contains([]string{actHandOn, actNotMe, actAskBack, actRetire}, f.Kind) {
		return badForm("the form says nothing that can be done here")
	}
	if _, err := s.findTask(r, g, request); err != nil {
		return err
	}
	again := func(status int, wrong string) error {
		return s.renderTask(w, r, g, status, request, "", func(p *taskPage) {
			p.Act, p.ActWrong, p.Nonces[f.Kind] = f, wrong, f.Nonce
		})
	}
	if wrong := f.wrong(); wrong != "" {
		return again(http.StatusUnprocessableEntity, wrong)
	}
	done, err := s.doAct(r, g, request, f)
	if err != nil {
		told := s.report(r, err)
		var own plainFault
		if told.Status == http.StatusNotFound && !errors.As(err, &own) {
			return err
		}
		f.Nonce = told.number(f.Nonce)
		return again(told.Status, sentence(portalFault(err, told)))
	}
	if f.Kind == actNotMe {
		s.goodbye(w, r, "Thank you for telling us", s.client()+" knows that you are not the right person, and you get no more mails about this.")
		return nil
	}
	http.Redirect(w, r, taskLink(request, "")+"&done="+done, http.StatusSeeOther)
	return nil
}

// doAct gives the word under which the page says what was done.
func (s *server) doAct(r *http.Request, g guest, request string, f portalAct) (string, error) {
	ctx, who := r.Context(), g.address()
	switch f.Kind {
	case actNotMe:
		if err := s.o.Portal.NotMe(ctx, who, f.Nonce, request, f.Text); err != nil {
			return "", fmt.Errorf("saying that somebody is not the one: %w", err)
		}
		return "", nil
	case actAskBack:
		if err := s.o.Portal.AskBack(ctx, who, f.Nonce, request, f.Text); err != nil {
			return "", fmt.Errorf("asking the case owner back: %w", err)
		}
		return "asked", nil
	case actRetire:
		if err := s.o.Portal.VendorWithdraws(ctx, who, f.Nonce, request, f.Text); err != nil {
			return "", fmt.Errorf("saying that the vendor withdraws: %w", err)
		}
		return "withdraws", nil
	}
	c, err := s.o.Portal.HandOn(ctx, who, f.Nonce, request, f.Name, f.Mail)
	if err != nil {
		return "", fmt.Errorf("handing a task on: %w", err)
	}
	if c.State == playbook.ContactProposed {
		return "proposed", nil
	}
	return "handed", nil
}

// wrong says what has to be added.
func (f portalAct) wrong() string {
	switch {
	case utf8.RuneCountInString(f.Text) > maxWords:
		return "Your text is longer than 10,000 characters. Shorten it."
	case f.Kind == actAskBack && f.Text == "":
		return "Write what you want to know."
	case f.Kind == actRetire && f.Text == "":
		return "Write why you withdraw."
	case f.Kind == actRetire && !strings.EqualFold(f.Typed, retireWords):
		return "Type “" + retireWords + "” to confirm it. Nothing has been sent."
	case f.Kind == actHandOn && (f.Name == "" || !isMail(f.Mail)):
		return "Write your colleague’s name and mail address, such as sam@company.example."
	}
	return ""
}

// doneWords say what was done, by the word that the address of the page has. A
// form that was not taken has its own words.
func doneWords(word, method string) string {
	if method == http.MethodPost {
		return ""
	}
	switch word {
	case "saved":
		return "Saved. You can close this page and go on later, from the link in the mail."
	case "before":
		return "What you answered before is filled in where nothing stood yet, and marked. Look at each page: whether it still holds is for you to say."
	case "said":
		return "Your answer is on its way to the person who asks you."
	case "asked":
		return "Your question is on its way to the person who asks you. The answer comes by mail."
	case "withdraws":
		return "The person who asks you hears that you withdraw, and why. The case ends when they say so, not before; until then you can still answer."
	case "handed":
		return "Your colleague has this task now too and gets a mail with a link of their own. The first of you who sends it has answered."
	case "proposed":
		return "Your colleague’s address is of another organisation, so the person who asks you confirms it first. Until then the task stays with you."
	}
	return ""
}
