package web

import (
	"fmt"
	"net/http"

	"gangway/internal/playbook"
	"gangway/internal/review"
)

// receiptPage says what became of answers.
type receiptPage struct {
	Receipts []receiptView
	Again    string
}

type receiptView struct {
	ID, Heading, Tone string
	Title, Link       string
	What              string
	Text              string
	Filed             string // "line 12"
	Case, CaseLink    string
	At                *instant
	Pending, Filing   bool
	Rehearsal         bool
	Held              *heldView
}

func (s *server) showReceipt(w http.ResponseWriter, r *http.Request, me visitor) error {
	ids := r.URL.Query()["id"]
	if len(ids) == 0 || len(ids) > 50 {
		return missing("receipt")
	}
	page := receiptPage{Again: receiptLink(ids...)}
	for _, id := range ids {
		view, err := s.receipt(r, me, id)
		if err != nil {
			return err
		}
		page.Receipts = append(page.Receipts, view)
	}
	title := page.Receipts[0].Heading
	if len(page.Receipts) > 1 {
		title = fmt.Sprintf("Your %d answers", len(page.Receipts))
	}
	s.show(w, r, &me, http.StatusOK, "receipt", title, page)
	return nil
}

func (s *server) receipt(r *http.Request, me visitor, id string) (receiptView, error) {
	ctx := r.Context()
	out, line, filed, err := s.desk.Receipt(ctx, me.address(), id)
	if err != nil {
		return receiptView{}, fmt.Errorf("looking for the receipt: %w", err)
	}
	v := receiptView{ID: cut(id), At: me.at(out.At, s.o.Now())}
	if out.Verdict != "" {
		v.What = playbook.Say(out.Verdict)
	}
	if out.Request != "" {
		v.Link = requestLink(out.Request)
		req, _, err := s.findRequest(ctx, me, out.Request)
		switch {
		case err == nil:
			v.Title, v.Case = cut(req.Title), req.Case
			c, err := s.desk.Case(ctx, me.address(), req.Case)
			if err != nil {
				return v, fmt.Errorf("opening the receipt's case: %w", err)
			}
			who, err := s.namesFor(ctx, me)
			if err != nil {
				return v, err
			}
			v.Rehearsal, v.Held = c.Rehearsal, who.held(&c, me, s.nowIn(&c))
		case !gone(err) && s.faultOf(err).Status != http.StatusNotFound:
			return v, err
		default:
			v.Title, v.Link = cut(out.Request), ""
		}
	}
	switch out.Status {
	case review.Counted:
		v.Heading, v.Tone, v.Text = "Counted", "good", "Your answer is in, and it stands until you take it back or a new version asks you again."
		if out.Verdict == "" {
			v.Heading, v.Text = "Done", "It is in."
		}
	case review.Already:
		v.Heading, v.Tone, v.Text = "Already counted", "good", "This was sent twice and counts once."
	case review.Pending:
		v.Heading, v.Tone, v.Pending = "Received, being delivered", "open", true
		v.Text = "It is safely stored and will be delivered as soon as the process can take it. You need not send it again."
	default:
		v.Heading, v.Tone, v.Text = "Refused", "bad", s.refusal(r, me, out)
	}
	if filed {
		v.Filed, v.Case = fmt.Sprintf("line %d", line.N), line.Entry.Case
	} else if out.OK() && !v.Pending {
		v.Filing = true
	}
	if v.Case != "" {
		v.CaseLink = caseLink(v.Case)
	}
	return v, nil
}
