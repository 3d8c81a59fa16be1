package web

import (
	"net/http"
	"unicode/utf8"

	"gangway/internal/access"
	"gangway/internal/dossier"
	"gangway/internal/review"
)

// replacePage puts one person in the place of another: first the two are named,
// then everything that this touches is shown, then one button does it.
type replacePage struct {
	People     []choice
	Leaver, By string // ids
	Who, Whom  string // names: Whom takes Who's place
	Preview    *replaceView
	Nonce      string
	Inside     string
	Wrong      string
	Done       bool
}

// replaceView is what a replacement touches, in words.
type replaceView struct {
	Digest    string
	Seats     []replacedSeat
	Cases     []replacedCase
	Requested []choice
	Roles     []string
	Named     []string
}

type replacedSeat struct{ Link, Step, Seat, Case, Note string }

type replacedCase struct{ Link, Case, As string }

func (s *server) showReplace(w http.ResponseWriter, r *http.Request, me visitor) error {
	return s.renderReplace(w, r, me, http.StatusOK, replacePage{Leaver: r.FormValue("leaver"), By: r.FormValue("by"), Nonce: newNonce()})
}

// renderReplace fills in what there is to choose from and, where both are named,
// what it would touch now.
func (s *server) renderReplace(w http.ResponseWriter, r *http.Request, me visitor, status int, page replacePage) error {
	if !access.May(me.Person, access.ChangePeople, nil) {
		return plainFault{http.StatusForbidden, "changing the people is not for you", "an operator does it"}
	}
	who, err := s.namesFor(r.Context(), me)
	if err != nil {
		return err
	}
	for _, p := range who.people {
		if p.Employer == "" {
			x := choice{ID: p.ID, Label: flat(p.Name), Note: human(firstOf(p.Roles))}
			if p.Left {
				x.Note = "has left"
			}
			page.People = append(page.People, x)
		}
	}
	if page.Leaver != "" && page.By != "" && !page.Done {
		preview, err := s.desk.PreviewReplace(r.Context(), me.address(), page.Leaver, page.By)
		if err != nil {
			told := s.report(r, err)
			if told.Status == http.StatusForbidden {
				return err
			}
			status = told.Status
			if page.Wrong == "" {
				page.Wrong = sentence(told)
			}
		} else {
			page.Preview = who.replacement(preview)
		}
	}
	page.Who, page.Whom = who.of(page.Leaver), who.of(page.By)
	s.show(w, r, &me, status, "replace", "Replace somebody", page)
	return nil
}

// replacement puts into words what a replacement touches.
func (n names) replacement(p dossier.Replacement) *replaceView {
	v := &replaceView{Digest: p.Digest}
	for _, x := range p.Seats {
		seat := replacedSeat{Link: requestLink(x.Request), Step: human(x.Step), Seat: human(x.Seat), Case: cut(x.Case)}
		switch {
		case x.Vacant:
			seat.Note = n.of(p.By) + " can't hold this seat: the others of its role are asked, or the case owner"
		case x.Delegated != "":
			seat.Note = "held for " + n.of(x.Delegated)
		}
		for _, to := range x.Passed {
			seat.Note += " " + n.of(to) + " loses it: it was passed on to them"
		}
		v.Seats = append(v.Seats, seat)
	}
	for _, x := range p.Cases {
		v.Cases = append(v.Cases, replacedCase{Link: caseLink(x.Case), Case: cut(x.Case), As: cut(x.As)})
	}
	for _, id := range p.Requested {
		v.Requested = append(v.Requested, choice{ID: caseLink(id), Label: cut(id)})
	}
	for _, role := range p.Roles {
		v.Roles = append(v.Roles, human(role))
	}
	for _, id := range p.Named {
		v.Named = append(v.Named, n.of(id))
	}
	return v
}

// replacePeople does what was shown. When people or cases have moved since, the
// new preview is shown, with the reason that was typed.
func (s *server) replacePeople(w http.ResponseWriter, r *http.Request, me visitor) error {
	v := r.PostForm
	page := replacePage{Leaver: v.Get("leaver"), By: v.Get("by"), Nonce: v.Get("nonce"), Inside: tidy(v.Get("inside"))}
	o := dossier.ReplaceOrder{ID: page.Nonce, Leaver: page.Leaver, By: page.By, Reason: page.Inside, Digest: v.Get("digest")}
	switch {
	case !isNonce(o.ID):
		return badForm("the form has lost its number")
	case o.Leaver == "" || o.By == "" || !isPlain(o.Leaver) || !isPlain(o.By) || !isDigest(o.Digest):
		return badForm("the form names nobody to replace, or nothing that was shown")
	case page.Inside == "":
		page.Wrong = review.NeedsReason.Sentence()
	case utf8.RuneCountInString(page.Inside) > maxReason:
		page.Wrong = "The reason is longer than 20,000 characters. Shorten it."
	}
	if page.Wrong != "" {
		return s.renderReplace(w, r, me, http.StatusUnprocessableEntity, page)
	}
	done, err := s.desk.ReplacePeople(r.Context(), me.address(), o)
	if err != nil {
		told := s.report(r, err)
		if told.Status == http.StatusForbidden {
			return err
		}
		page.Nonce, page.Wrong = told.number(page.Nonce), sentence(told)
		return s.renderReplace(w, r, me, told.Status, page)
	}
	who, err := s.namesFor(r.Context(), me)
	if err != nil {
		return err
	}
	page.Done, page.Preview = true, who.replacement(done)
	return s.renderReplace(w, r, me, http.StatusOK, page)
}
