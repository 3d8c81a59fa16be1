package web

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"gangway/internal/review"
)

// restVerdict is the choice "like the rest" on a page of several requests.
const restVerdict = "rest"

// momentPage is several requests that opened to one person at one moment: each
// has its own answer, one button sends them all.
type momentPage struct {
	Case, Vendor, At string
	Link             string
	Rehearsal        bool
	Held             *heldView
	Items            []momentItem
	Wrong            string
	Summary          summaryView
	Declare          *choice  // once for all of them
	Sent             []string // ids of answers of an earlier try that were taken
	SentLink         string
}

// momentItem is one of them.
type momentItem struct {
	requestView
	Prefix string
}

func (s *server) showMoment(w http.ResponseWriter, r *http.Request, me visitor) error {
	page, err := s.momentPage(r, me, r.FormValue("case"), r.FormValue("at"))
	if err != nil {
		return err
	}
	if len(page.Items) == 0 {
		return plainFault{http.StatusNotFound, "nothing of this waits on you any more", "what you answered is under “You decided” in your inbox"}
	}
	s.renderMoment(w, r, me, http.StatusOK, page)
	return nil
}

func (s *server) renderMoment(w http.ResponseWriter, r *http.Request, me visitor, status int, page momentPage) {
	s.show(w, r, &me, status, "moment", fmt.Sprintf("%d requests for %s", len(page.Items), page.Vendor), page)
}

func (s *server) momentPage(r *http.Request, me visitor, caseID, at string) (momentPage, error) {
	nanos, err := strconv.ParseInt(at, 10, 64)
	if err != nil || caseID == "" {
		return momentPage{}, missing("page")
	}
	ctx := r.Context()
	waiting, err := s.desk.Waiting(ctx, me.address())
	if err != nil {
		return momentPage{}, fmt.Errorf("listing what waits: %w", err)
	}
	who, err := s.namesFor(ctx, me)
	if err != nil {
		return momentPage{}, err
	}
	page := momentPage{Case: caseID, At: at, Link: caseLink(caseID)}
	known := &knownCases{s: s, me: me}
	all, err := s.moments(ctx, me, known, waiting)
	if err != nil {
		return momentPage{}, err
	}
	for _, m := range all {
		if m.caseID != caseID || m.at.UnixNano() != nanos {
			continue
		}
		for i := range m.requests {
			view, err := s.requestView(ctx, known, who, &m.requests[i], true)
			if err != nil {
				return momentPage{}, err
			}
			page.Vendor, page.Rehearsal, page.Held, page.Summary = view.Vendor, view.Rehearsal, view.Held, view.Summary
			if view.Fill != nil && view.Fill.Declare != nil {
				page.Declare = view.Fill.Declare
			}
			page.Items = append(page.Items, momentItem{requestView: view, Prefix: "r" + strconv.Itoa(i) + "."})
		}
	}
	return page, nil
}

// momentForm is one posted answer with the prefix it came under.
type momentForm struct {
	answerForm
	took    bool
	refusal string
}

// answerMoment sends each answer on its own: each has its own number and its own
// tally, and what was not taken comes back with its text.
func (s *server) answerMoment(w http.ResponseWriter, r *http.Request, me visitor) error {
	rest := review.Verdict(r.PostForm.Get("rest"))
	var forms []momentForm
	for i := 0; i < 50; i++ {
		prefix := "r" + strconv.Itoa(i) + "."
		if !r.PostForm.Has(prefix + "request") {
			break
		}
		f, err := parseAnswer(r.PostForm, prefix)
		if err != nil {
			return err
		}
		if f.Verdict == restVerdict {
			f.Verdict = rest
		}
		if id := r.PostForm.Get("declare"); id != "" && isPlain(id) && !slices.Contains(f.Attest, id) {
			f.Attest = append(f.Attest, id)
		}
		if f.Verdict != "" || f.Inside != "" || f.Vendor != "" {
			forms = append(forms, momentForm{answerForm: f})
		}
	}
	if len(forms) == 0 {
		return s.momentAgain(w, r, me, nil, "Nothing was chosen, so nothing was sent.", http.StatusUnprocessableEntity)
	}
	status := http.StatusUnprocessableEntity
	for i := range forms {
		f := &forms[i]
		if f.refusal = f.wrong(); f.refusal != "" {
			continue
		}
		out, err := s.desk.Answer(r.Context(), f.form().Answer(me.address(), s.o.Now()))
		switch {
		case err != nil:
			told := s.report(r, err)
			status = told.Status
			f.refusal, f.Nonce = sentence(told), told.number(f.Nonce)
		case !out.OK():
			f.refusal = s.refusal(r, me, out)
			f.Nonce = newNonce() // the refused one is spent
		default:
			f.took = true
		}
	}
	if slices.ContainsFunc(forms, func(f momentForm) bool { return !f.took }) {
		return s.momentAgain(w, r, me, forms, "Some of your answers were not taken. What you wrote is kept below.", status)
	}
	http.Redirect(w, r, receiptLink(taken(forms)...), http.StatusSeeOther)
	return nil
}

func taken(forms []momentForm) []string {
	var ids []string
	for _, f := range forms {
		if f.took {
			ids = append(ids, f.Nonce)
		}
	}
	return ids
}

// momentAgain shows the page once more, with what was typed in each form that
// was not taken. A request that is no longer there gives its text back in words.
func (s *server) momentAgain(w http.ResponseWriter, r *http.Request, me visitor, forms []momentForm, wrong string, status int) error {
	page, err := s.momentPage(r, me, r.PostForm.Get("case"), r.PostForm.Get("at"))
	if err != nil {
		return err
	}
	page.Wrong, page.Sent = wrong, taken(forms)
	if page.Declare != nil {
		page.Declare.Checked = r.PostForm.Get("declare") == page.Declare.ID
	}
	if len(page.Sent) > 0 {
		page.SentLink = receiptLink(page.Sent...)
	}
	var lost []string
	for _, f := range forms {
		i := slices.IndexFunc(page.Items, func(m momentItem) bool { return m.ID == f.Request })
		switch {
		case f.took && i >= 0: // the record has not caught up
			page.Items = slices.Delete(page.Items, i, i+1)
		case f.took:
		case i < 0:
			lost = append(lost, f.refusal)
		default:
			page.Items[i].again(f.answerForm)
			page.Items[i].Wrong = f.refusal
		}
	}
	if len(lost) > 0 {
		return plainFault{status, "an answer was not taken: " + strings.Join(lost, " "), "what you wrote is below; see the case for how it stands"}
	}
	s.renderMoment(w, r, me, status, page)
	return nil
}
