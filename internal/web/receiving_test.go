package web

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gangway/internal/access"
	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/exit"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

const (
	takeTask = "handover/northwind/1:assets-take-domain.1"
	giveTask = "handover/northwind/1:assets-hand-over-domain.1"
)

// relay is a Portal of a hand-over: Vera of northwind gives, Zoe of zeta receives. It is
// strict about whose is what.
type relay struct {
	*frontdoor
	of map[string][]access.VendorTask // by contact
}

func (f *relay) PortalTasks(_ context.Context, who review.Address) ([]access.VendorTask, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.of[who.ID]), nil
}

func (f *relay) PortalUploads(context.Context, review.Address, string) ([]access.SentPaper, error) {
	return nil, nil
}

func (f *relay) Answer(_ context.Context, a review.Answer) (review.Outcome, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	list := f.of[a.From.ID]
	i := slices.IndexFunc(list, func(t access.VendorTask) bool { return t.Request == a.Request })
	switch {
	case f.refuse != "":
		return review.Outcome{Status: review.Refused, Refusal: f.refuse}, nil
	case i < 0:
		return review.Outcome{Status: review.Refused, Refusal: review.Unknown}, nil
	}
	f.answers = append(f.answers, a)
	list[i].State, list[i].Deliveries = access.TaskReceived, []access.Delivery{{Answer: a.ID, At: a.At, By: "Zoe Zeta"}}
	return review.Outcome{Status: review.Counted}, nil
}

func (f *relay) ReceivedText(_ context.Context, who review.Address, request, digest string) (dossier.Paper, io.ReadCloser, error) {
	if who != (review.Address{Channel: "portal", ID: "zeta.1"}) || request != takeTask || digest != digestOf("list") {
		return dossier.Paper{}, nil, dossier.NotFoundError{What: "document", ID: digest}
	}
	return dossier.Paper{}, io.NopCloser(strings.NewReader("<script>alert(1)</script>")), nil
}

func (f *relay) ReceivedDocument(ctx context.Context, who review.Address, request, digest string) (dossier.Paper, io.ReadCloser, error) {
	return f.ReceivedText(ctx, who, request, digest)
}

func newRelay(t *testing.T) (vendorSite, *relay) {
	t.Helper()
	f := &relay{of: map[string][]access.VendorTask{}}
	v := newVendorSite(t, func(o *Options) {
		front, _ := o.Portal.(*frontdoor)
		f.frontdoor = front
		o.Portal, o.Receiving = f, f
	})
	f.contacts["zeta.1"] = playbook.Contact{ID: "zeta.1", Vendor: "zeta", Name: "Zoe Zeta", State: playbook.ContactActive}
	f.sessions["visit-zeta.1"] = "zeta.1"
	f.of["northwind.1"] = []access.VendorTask{{Request: giveTask, Title: "Hand over what is on the list: domain", Ask: "Please hand over each thing.", Asker: "Ola Nordmann", Asked: day(17), Due: day(27), Now: today(), State: access.TaskOpen}}
	f.of["zeta.1"] = []access.VendorTask{{Request: takeTask, Title: "Taken over: domain", Ask: "Say yes if you answer for it.", Asker: "Ola Nordmann", Asked: day(17), Due: day(27), Now: today(), State: access.TaskOpen,
		Receives: &access.Receiving{Seat: "owner", Version: 1, Verdicts: []review.Verdict{review.Approve, review.Changes, review.Reject}, Reasoned: []review.Verdict{review.Changes, review.Reject},
			About: []string{"payroll.example"}, Papers: []engagement.Reading{{Document: digestOf("list"), Media: "text/plain", Size: 12, Words: 3}}}}}
	return v, f
}

// TestBothSidesOfAHandOver: who receives has what they take with the word that they say of
// it; who gives has what they owe; neither page holds anything of the other's.
func TestBothSidesOfAHandOver(t *testing.T) {
	t.Parallel()
	v, f := newRelay(t)
	p := v.see("zeta.1", taskLink(takeTask, "")).wants(http.StatusOK, "payroll.example", "What you receive", "Yes, we take it", "Not yet: something is missing", "Ask something")
	p.lacks(append(inside(), "Hand it to a colleague", "We withdraw", "Add the files", "Northwind", "Vera", giveTask)...)
	p.accessible("receiving")
	v.see("zeta.1", "/portal").wants(http.StatusOK, "Taken over: domain").lacks("Hand over what is on the list", giveTask)
	v.see("northwind.1", taskLink(giveTask, "")).wants(http.StatusOK, "Add the files", "We withdraw").lacks("What you receive", "zeta", "Zoe", "payroll.example", takeTask)
	v.see("northwind.1", "/portal").wants(http.StatusOK).lacks("Taken over", "zeta", "Zoe")
	form := p.form("/portal/decide", takeTask)
	form.Set("verdict", "changes")
	v.say("zeta.1", "/portal/decide", form).wants(http.StatusUnprocessableEntity, "Write why.")
	form.Set("why", "The registrar is not told.")
	f.refuse = review.Closed
	again := v.say("zeta.1", "/portal/decide", form).wants(http.StatusConflict, "This is not asked for any more", "The registrar is not told.")
	f.refuse = ""
	form.Set("nonce", again.form("/portal/decide", takeTask).Get("nonce"))
	v.say("zeta.1", "/portal/decide", form).wants(http.StatusSeeOther)
	a := f.answers[0]
	want := review.Answer{ID: form.Get("nonce"), Request: takeTask, Seat: "owner", Version: 1, Verdict: review.Changes, Channel: "portal", At: a.At,
		From: review.Address{Channel: "portal", ID: "zeta.1"}, Text: review.Text{Inside: "The registrar is not told."}}
	if d := cmp.Diff(want, a); d != "" || len(f.answers) != 1 {
		t.Errorf("answered (- want, + got):\n%s", d)
	}
	v.say("zeta.1", "/portal/decide", form).wants(http.StatusSeeOther)
	if len(f.answers) != 1 {
		t.Errorf("sent twice it was answered %d times", len(f.answers))
	}
	v.see("zeta.1", taskLink(takeTask, "")).wants(http.StatusOK, "payroll.example").lacks("Which is it?")
}

// TestWhatIsTheOtherSides: whoever asks for what is the other's, of another case, guessed,
// or after their visit has ended, gets the page of what is not there; each reads the same.
func TestWhatIsTheOtherSides(t *testing.T) {
	t.Parallel()
	v, f := newRelay(t)
	material := func(task, text string) string {
		return "/portal/material?" + url.Values{"task": {task}, "document": {digestOf(text)}}.Encode()
	}
	got := v.see("zeta.1", material(takeTask, "list")).wants(http.StatusOK)
	if h := got.Header; h.Get("Content-Type") != "text/plain; charset=utf-8" || h.Get("X-Content-Type-Options") != "nosniff" || h.Get("Cache-Control") != "no-store" {
		t.Errorf("a document is given with %v", h)
	}
	for _, x := range []struct{ who, at string }{
		{"northwind.1", taskLink(takeTask, "")}, {"northwind.1", material(takeTask, "list")}, {"northwind.1", material(giveTask, "list")}, {"northwind.1", taskLink(takeTask, "q1")},
		{"zeta.1", taskLink(giveTask, "")}, {"zeta.1", material(takeTask, "plan")}, {"zeta.1", material(giveTask, "list")}, {"zeta.1", material("", "list")}, {"zeta.1", "/portal/material"},
		{"zeta.1", taskLink("handover/northwind/1:assets-take-domain.2", "")}, {"zeta.1", taskLink(dpaTask, "")}, {"elsewhere.1", taskLink(takeTask, "")}, {"elsewhere.1", material(takeTask, "list")},
		{"elsewhere.1", material(takeTask, "list") + "&as=filed"},
	} {
		v.see(x.who, x.at).wants(http.StatusNotFound, "nothing here for you").lacks("payroll.example", "<script>")
	}
	form := url.Values{"nonce": {newNonce()}, "verdict": {"approve"}}
	for who, task := range map[string]string{"northwind.1": takeTask, "northwind.2": giveTask, "elsewhere.1": takeTask, "zeta.1": giveTask} {
		form.Set("task", task)
		v.say(who, "/portal/decide", form).wants(http.StatusNotFound, "nothing here for you")
	}
	form.Set("task", giveTask)
	v.say("northwind.1", "/portal/decide", form).wants(http.StatusNotFound) // a delivery is not decided
	for _, who := range []string{"northwind.9", "nobody", ""} {
		v.see(who, taskLink(takeTask, "")).wants(http.StatusUnauthorized).lacks("payroll.example")
		v.say(who, "/portal/decide", form).wants(http.StatusUnauthorized)
	}
	delete(f.sessions, "visit-zeta.1") // the old visit, after the end
	v.see("zeta.1", material(takeTask, "list")).wants(http.StatusUnauthorized).lacks("<script>")
	if len(f.answers) != 0 {
		t.Errorf("answered was %+v", f.answers)
	}
}

// TestWhoALineMayName: those of the vendor who comes after only where it says who receives.
func TestWhoALineMayName(t *testing.T) {
	t.Parallel()
	people := []choice{{ID: "ola"}, {ID: "zeta.1", receives: true}}
	for id, want := range map[string][]string{"area-1-who": {"ola", "zeta.1"}, "asset-12-who": {"ola", "zeta.1"}, "watched": {"ola"}, "taught-by": {"ola"}, "area-x-who": {"ola"}, "area-1-whose": {"ola"}} {
		var got []string
		for _, c := range lineViewOf(engagement.Point{ID: id, Kind: engagement.PointPerson}, 0, typedLines{}, people).Picks {
			got = append(got, c.ID)
		}
		_, _, wrongs := saidLines([]engagement.Point{{ID: id, Kind: engagement.PointPerson}}, typedLines{Lines: map[string][]string{id: {"zeta.1"}}}, people)
		if !slices.Equal(got, want) || (wrongs[id] == "") != exit.Receives(id) {
			t.Errorf("%s offers %q, and says %q", id, got, wrongs[id])
		}
	}
}
