package web

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"gangway/internal/access"
	"gangway/internal/dossier"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

const outsideRequest = "contract/northwind/1:review.1"

// reader is an Outside in memory: strict about who asks for what.
type reader struct {
	task    access.OutsideTask
	answers []review.Answer
	refuse  review.Refusal
}

func (o *reader) theirs(who review.Address) error {
	if who != (review.Address{Channel: "portal", ID: "outside.1"}) {
		return dossier.NotFoundError{What: "person", ID: who.ID}
	}
	return nil
}

func (o *reader) OutsideTasks(_ context.Context, who review.Address) ([]access.OutsideTask, error) {
	return []access.OutsideTask{o.task}, o.theirs(who)
}

func (o *reader) OutsideText(_ context.Context, who review.Address, request, digest string) (dossier.Paper, io.ReadCloser, error) {
	if err := o.theirs(who); err != nil || request != outsideRequest || digest != "sha256:two" {
		return dossier.Paper{}, nil, dossier.NotFoundError{What: "document", ID: digest}
	}
	return dossier.Paper{}, io.NopCloser(strings.NewReader("1. <script>alert(1)</script>")), nil
}

func (o *reader) OutsideDocument(ctx context.Context, who review.Address, request, digest string) (dossier.Paper, io.ReadCloser, error) {
	return o.OutsideText(ctx, who, request, digest)
}

func (o *reader) Answer(_ context.Context, a review.Answer) (review.Outcome, error) {
	o.answers = append(o.answers, a)
	if o.refuse != "" {
		return review.Outcome{Status: review.Refused, Refusal: o.refuse}, nil
	}
	o.task.Open, o.task.Answered = false, &review.Ballot{Verdict: a.Verdict}
	return review.Outcome{Status: review.Counted}, nil
}

func newReadingRoom(t *testing.T) (vendorSite, *reader) {
	at := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	o := &reader{task: access.OutsideTask{Request: outsideRequest, Seat: "counsel", Title: "Contract review", Ask: "Read it with care.", Vendor: "Northwind Hosting", Asker: "Ola Nordmann",
		Asked: at, Now: at, Due: at.Add(48 * time.Hour), Open: true, Version: 2, ReadAll: true,
		Versions: []review.Version{{Number: 1, Document: "sha256:one", Sections: []string{"1", "2"}}, {Number: 2, Document: "sha256:two", Sections: []string{"1", "2", "3", "5"}, Changed: []string{"2"}}},
		Verdicts: []review.Verdict{review.Approve, review.Changes, review.Reject}, Attest: []string{"read"}, Declaration: "interest",
		Statements: map[string]string{"read": "I read what I name.", "interest": "I have no interest of my own."}}}
	v := newVendorSite(t, func(opts *Options) { opts.Outside = o })
	v.front.contacts["outside.1"] = playbook.Contact{ID: "outside.1", Vendor: review.OutsideRole, Name: "Otto Outside", State: playbook.ContactActive}
	v.front.sessions["visit-outside.1"] = "outside.1"
	return v, o
}

// TestSomebodyOfNeitherSideReadsAndAnswers: the one page that their link leads to.
func TestSomebodyOfNeitherSideReadsAndAnswers(t *testing.T) {
	t.Parallel()
	v, o := newReadingRoom(t)
	p := v.see("outside.1", "/portal").wants(http.StatusOK, "Contract review", "Northwind Hosting", "Ola Nordmann", "Read it with care.", "I read what I name.",
		"I have no interest of my own.", "1–3, 5", "Changed since the version before", "You are <bdi>Otto Outside</bdi>")
	p.lacks("of <bdi>@outside", "checked")
	p.accessible("reading")
	form := p.form("/portal/read", outsideRequest)
	form.Set("verdict", "changes")
	form.Set("why", "Clause 2 is one-sided.")
	form.Set("sections", "1-3")
	v.say("outside.1", "/portal/read", form).wants(http.StatusUnprocessableEntity, "This was not taken.", "Tick that you have read these sections", "Clause 2 is one-sided.")
	form.Set("read", "yes")
	form["says"] = []string{"read", "interest"}
	o.refuse = review.Stale
	again := v.say("outside.1", "/portal/read", form).wants(http.StatusConflict, review.Stale.Sentence(), "Clause 2 is one-sided.")
	o.refuse = ""
	form.Set("nonce", again.form("/portal/read", outsideRequest).Get("nonce"))
	if p := v.say("outside.1", "/portal/read", form); p.Status != http.StatusSeeOther {
		t.Fatalf("status %d", p.Status)
	}
	a := o.answers[len(o.answers)-1]
	want := review.Answer{ID: form.Get("nonce"), Request: outsideRequest, Seat: "counsel", Version: 2, Verdict: review.Changes, Attest: []string{"read", "interest"}, Read: []string{"1-3"},
		Channel: "portal", At: a.At, From: review.Address{Channel: "portal", ID: "outside.1"}, Text: review.Text{Inside: "Clause 2 is one-sided."}}
	if d := cmp.Diff(want, a); d != "" {
		t.Errorf("answered (- want, + got):\n%s", d)
	}
	v.see("outside.1", "/portal").wants(http.StatusOK, "You answered: It should be changed").lacks("<textarea")
	if len(v.front.acts()) != 0 {
		t.Errorf("the vendor's portal was asked %q", v.front.acts())
	}
}

// TestADocumentIsNeverRun: its text comes as text and its file as a download, to the
// one who may read it.
func TestADocumentIsNeverRun(t *testing.T) {
	t.Parallel()
	v, _ := newReadingRoom(t)
	link := "/portal/document?" + url.Values{"request": {outsideRequest}, "document": {"sha256:two"}}.Encode()
	p := v.see("outside.1", link)
	if p.Status != http.StatusOK || p.Header.Get("Content-Type") != "text/plain; charset=utf-8" || p.Header.Get("X-Content-Type-Options") != "nosniff" || !strings.Contains(p.Body, "<script>") {
		t.Errorf("status %d, %v", p.Status, p.Header)
	}
	if p := v.see("outside.1", link+"&as=filed"); p.Header.Get("Content-Disposition") != "attachment; filename=document" || p.Header.Get("Content-Type") != "application/octet-stream" {
		t.Errorf("the file: %v", p.Header)
	}
	v.see("outside.1", "/portal/document?request=x&document=sha256:two").wants(http.StatusNotFound)
	v.see("northwind.1", link).wants(http.StatusNotFound)
	v.see("", link).wants(http.StatusUnauthorized)
	v.say("northwind.1", "/portal/read", url.Values{"request": {outsideRequest}, "nonce": {newNonce()}}).wants(http.StatusNotFound)
}
