package web

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"unicode/utf8"

	"gangway/internal/access"
	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/exit"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// Receiving is what somebody of the vendor who takes over reads besides their tasks. who is
// their address in the portal; anything else than what they are given is NotFound.
type Receiving interface {
	// ReceivedDocument opens a document that is given with a task as it was filed,
	// ReceivedText the text that was found in it.
	ReceivedDocument(ctx context.Context, who review.Address, request, digest string) (dossier.Paper, io.ReadCloser, error)
	ReceivedText(ctx context.Context, who review.Address, request, digest string) (dossier.Paper, io.ReadCloser, error)
}

// receivedView is what somebody receives with a task.
type receivedView struct {
	About      []string
	Sessions   []*instant
	Papers     []receivedRow
	Options    []choice // what they may say where no form is filled in
	Statements []choice
	Nonce, Why string
}

type receivedRow struct {
	paperRow
	Text, Source string // links
}

// received is what the page of a task shows of what comes with it; nil: nothing does.
func (g guest) received(t access.VendorTask) *receivedView {
	in := t.Receives
	if in == nil {
		return nil
	}
	v := &receivedView{Nonce: newNonce()}
	for _, name := range in.About {
		v.About = append(v.About, cut(name))
	}
	for _, at := range in.Sessions {
		v.Sessions = append(v.Sessions, g.at(at, t.Now))
	}
	for _, p := range in.Papers {
		row := paperRowOf("", p)
		if row.Name = "What was filed"; isSheet(p.Media) {
			row.Name = "A form that was filled in"
		}
		link := portalPath + "/material?" + url.Values{"task": {t.Request}, "document": {p.Document}}.Encode()
		v.Papers = append(v.Papers, receivedRow{paperRow: row, Text: link, Source: link + "&as=filed"})
	}
	if !t.Sheet {
		for _, verdict := range in.Verdicts {
			v.Options = append(v.Options, choice{ID: string(verdict), Label: receivedWord(verdict)})
		}
	}
	for _, id := range in.Attest {
		v.Statements = append(v.Statements, choice{ID: id, Label: cut(in.Statements[id])})
	}
	return v
}

// receivedWord is a verdict as somebody who takes over is asked for it.
func receivedWord(v review.Verdict) string {
	switch v {
	case review.Approve:
		return "Yes, we take it"
	case review.Changes:
		return "Not yet: something is missing"
	case review.Reject:
		return "No"
	case review.Done:
		return "Done"
	}
	return outsideWord(v)
}

// answerReceived takes what somebody who takes over says where no form is filled in.
func (s *server) answerReceived(w http.ResponseWriter, r *http.Request, g guest) error {
	get := r.PostForm.Get
	request, nonce, verdict, why := get("task"), get("nonce"), review.Verdict(get("verdict")), tidy(get("why"))
	if !isNonce(nonce) {
		return badForm("the form has lost its number")
	}
	t, err := s.findTask(r, g, request)
	if err != nil {
		return err
	}
	if t.Receives == nil || t.Sheet {
		return nothingHere()
	}
	if slices.ContainsFunc(t.Deliveries, func(d access.Delivery) bool { return d.Answer == nonce }) { // sent twice
		http.Redirect(w, r, taskLink(request, ""), http.StatusSeeOther)
		return nil
	}
	again := func(status int, wrong, number string) error {
		return s.renderTask(w, r, g, status, request, "", func(p *taskPage) {
			p.ActWrong = wrong
			if in := p.Received; in != nil {
				in.Why, in.Nonce = why, number
				for i := range in.Options {
					in.Options[i].Checked = in.Options[i].ID == string(verdict)
				}
				for i := range in.Statements {
					in.Statements[i].Checked = slices.Contains(r.PostForm["says"], in.Statements[i].ID)
				}
			}
		})
	}
	switch {
	case !slices.Contains(t.Receives.Verdicts, verdict):
		return again(http.StatusUnprocessableEntity, "Say which it is.", nonce)
	case utf8.RuneCountInString(why) > maxWords:
		return again(http.StatusUnprocessableEntity, "Your text is longer than 10,000 characters. Shorten it.", nonce)
	case why == "" && slices.Contains(t.Receives.Reasoned, verdict):
		return again(http.StatusUnprocessableEntity, "Write why.", nonce)
	}
	out, err := s.o.Portal.Answer(r.Context(), review.Answer{ID: nonce, Request: request, Seat: t.Receives.Seat, Version: t.Receives.Version, Verdict: verdict,
		Attest: r.PostForm["says"], Channel: portalChannel, At: s.o.Now().UTC(), From: g.address(), Text: review.Text{Inside: why}})
	if err != nil {
		told := s.report(r, err)
		return again(told.Status, sentence(portalFault(err, told)), told.number(nonce))
	}
	if !out.OK() {
		return again(http.StatusConflict, receivedRefusal(out.Refusal), newNonce())
	}
	http.Redirect(w, r, taskLink(request, "")+"&done=said", http.StatusSeeOther)
	return nil
}

// receivedRefusal says why an answer of theirs did not count.
func receivedRefusal(r review.Refusal) string {
	switch r {
	case review.NeedsAttest:
		return "Tick what you say with it."
	case review.NeedsReason:
		return "Write why."
	case review.Answered, review.Settled, review.Duplicate:
		return "This is answered already. See where it stands below."
	}
	return portalRefusal(r)
}

// showMaterial gives a document that somebody receives.
func (s *server) showMaterial(w http.ResponseWriter, r *http.Request, g guest) error {
	if s.o.Receiving == nil || g.ofNeither() {
		return nothingHere()
	}
	request, digest := r.FormValue("task"), r.FormValue("document")
	if request == "" || !isPlain(request) || !isPlain(digest) {
		return nothingHere()
	}
	err := s.giveDocument(w, r, g, request, digest, s.o.Receiving.ReceivedText, s.o.Receiving.ReceivedDocument)
	if gone(err) {
		return nothingHere()
	}
	if err != nil {
		return fmt.Errorf("opening what somebody receives: %w", err)
	}
	return nil
}

// nameable are the people whom lines of a request's form may name: our own, and where it
// says who receives something, those of the vendor who comes after.
func (s *server) nameable(ctx context.Context, me visitor, who names, r *review.Request) ([]choice, error) {
	list := who.colleagues()
	if !slices.ContainsFunc(r.Points, func(p engagement.Point) bool { return exit.Receives(p.ID) }) {
		return list, nil
	}
	c, err := s.desk.Case(ctx, me.address(), r.Case)
	if err != nil {
		return nil, fmt.Errorf("looking up who comes after: %w", err)
	}
	for _, p := range who.people {
		if c.Successor != "" && p.Employer == c.Successor && playbook.IsContact(p.ID) && !p.Left {
			list = append(list, choice{ID: p.ID, Label: flat(p.Name), Note: flat(s.desk.VendorName(ctx, p.Employer)), receives: true})
		}
	}
	return list, nil
}

// nameableAt are those of them whom one line may name.
func nameableAt(p engagement.Point, people []choice) []choice {
	if exit.Receives(p.ID) {
		return people
	}
	return slices.DeleteFunc(slices.Clone(people), func(c choice) bool { return c.receives })
}
