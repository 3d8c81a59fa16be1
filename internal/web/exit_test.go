package web

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/exit"
	"gangway/internal/review"
)

// leaver is a desk that leaves Northwind, as the real one does: for whom it is no vendor
// of theirs it is none.
type leaver struct {
	*recorder
	orders []dossier.ExitOrder
	left   string // the exit by which they were left, which sami may not see
}

func (d *leaver) LeftBy(_ context.Context, who review.Address, onBoard string) (string, bool, error) {
	if d.left == "" || onBoard != theCase {
		return "", false, nil
	}
	if who.ID == "sami" {
		return "", true, nil
	}
	return d.left, true, nil
}

func (d *leaver) check(who review.Address, o dossier.ExitOrder) error {
	if d.stop != nil {
		return d.stop
	}
	if who.ID == "sami" {
		return notFor{}
	}
	if o.Vendor != "northwind" || who.ID == "dora" {
		return refusedInput{[]string{"vendor: no vendor of yours who works is called \"" + o.Vendor + "\""}, "name a vendor who works"}
	}
	var lines []string
	if o.After == "" {
		lines = append(lines, "after: nothing is named; name one of replaced, in-house")
	}
	if _, err := time.Parse(time.DateOnly, o.By); err != nil {
		lines = append(lines, "by: no day is named; write it as 2026-12-31")
	}
	if len(lines) > 0 {
		return refusedInput{lines, "mend what is named"}
	}
	return nil
}

func (d *leaver) OpenExit(_ context.Context, who review.Address, o dossier.ExitOrder) (string, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := d.check(who, o); err != nil {
		return "", err
	}
	for _, before := range d.orders {
		if before.ID == o.ID {
			return "exit/northwind/1", nil
		}
	}
	switch {
	case len(d.orders) > 0:
		return "", refusedInput{[]string{"Northwind Hosting is being left already, in exit/northwind/1"}, "go on there"}
	case o.Confirm != "northwind":
		return "", refusedInput{[]string{"confirm: \"" + o.Confirm + "\" is not the vendor's name; type Northwind Hosting"}, "nothing was started"}
	}
	d.orders = append(d.orders, o)
	return "exit/northwind/1", nil
}

func (d *leaver) PreviewExit(_ context.Context, who review.Address, o dossier.ExitOrder) (dossier.ExitPreview, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := d.check(who, o); err != nil {
		return dossier.ExitPreview{}, err
	}
	by, _ := time.Parse(time.DateOnly, o.By)
	return dossier.ExitPreview{Vendor: "northwind", Name: "Northwind <b>Hosting</b>", Case: theCase, Accounts: 2, Repositories: 1, Lacks: []string{dossier.LacksExitPlan},
		Order:     exit.Order{Mode: o.Mode, After: o.After, By: by, Trigger: exit.TriggerMutual},
		ExitDates: dossier.DatesOf(engagement.Expiry{On: today().AddDate(1, 0, 0), NoticeDays: 90}, true, today(), by),
		Steps:     []dossier.ExitStep{{ID: "leave", Process: exit.PartExit, Title: "Leave <i>them</i>", People: []string{"lena"}}, {ID: "notice", Process: exit.PartExit, Title: "Give notice"}}}, nil
}

func newLeaverSite(t *testing.T, hosts ...string) (*site, *leaver) {
	t.Helper()
	var o Options
	s := newSite(t, func(kept *Options) {
		kept.Hosts = append(kept.Hosts, hosts...)
		o = *kept
	})
	d := &leaver{recorder: s.desk}
	s.h = New(d, o)
	return s, d
}

// leaves is what somebody types who wants Northwind left.
func leaves(f url.Values, do string) url.Values {
	for name, text := range map[string]string{"mode": "planned", "after": "ends", "by": "2026-12-31", "reason": "They were\nbought."} {
		f.Set(inIntake+name, text)
	}
	f.Set("do", do)
	return f
}

// TestAVendorIsLeftInTheBrowser is a story: the form, what it comes to, the typed name,
// the case; without a script.
func TestAVendorIsLeftInTheBrowser(t *testing.T) {
	t.Parallel()
	s, d := newLeaverSite(t)
	path := exitPath("northwind")
	p := s.get("ola", path).wants(http.StatusOK, "Leave <bdi>northwind</bdi>", "Show what it comes to", `value="planned" checked`)
	p.accessible("leaving a vendor")
	p.lacks("letter by letter", `value="leave"`, "What it comes to</h2>")
	p = s.post("ola", path, leaves(p.form(path, "nonce"), "look")).wants(http.StatusOK, "What it comes to</h2>", "Leave &lt;i&gt;them&lt;/i&gt;", "Lena Weiß", "nobody yet", "a signed exit plan: it is written first",
		"2 accounts of theirs in 1 repository", `<span class="late">`, "Northwind &lt;b&gt;Hosting&lt;/b&gt;, letter by letter", "They were\nbought.</textarea>", `class="danger" name="do" value="leave"`)
	p.accessible("what leaving a vendor comes to")
	f := leaves(p.form(path, "nonce"), "leave")
	f.Set("in.confirm", "Northwind")
	p = s.post("ola", path, f).wants(http.StatusUnprocessableEntity, "1 thing to be put right", `<a href="#in-confirm">`, "is not the vendor&#39;s name; type Northwind Hosting.", `value="Northwind"`, "They were\nbought.</textarea>", "What it comes to</h2>")
	p.accessible("a name that was typed wrong")
	f = leaves(p.form(path, "nonce"), "leave")
	f.Set("in.confirm", "northwind")
	s.post("ola", path, f).leads(intakePath + "?begun=exit%2Fnorthwind%2F1")
	s.post("ola", path, f).leads(intakePath + "?begun=exit%2Fnorthwind%2F1")
	by := dossier.ExitOrder{ID: f.Get("nonce"), Vendor: "northwind", Confirm: "northwind", Mode: exit.ModePlanned, After: exit.AfterEnds, By: "2026-12-31", Reason: "They were\nbought."}
	if diff := cmp.Diff([]dossier.ExitOrder{by}, d.orders); diff != "" {
		t.Errorf("the desk got (-want +got)\n%s", diff)
	}
	f.Set("nonce", newNonce())
	s.post("ola", path, f).wants(http.StatusUnprocessableEntity, "Northwind Hosting is being left already, in exit/northwind/1. Go on there.")
}

// TestWhatWasNotShownIsNotDone: whoever changes the order after they saw what it comes to
// sees it again first; a form that nothing was shown with does nothing.
func TestWhatWasNotShownIsNotDone(t *testing.T) {
	t.Parallel()
	s, d := newLeaverSite(t)
	path := exitPath("northwind")
	p := s.post("ola", path, leaves(s.get("ola", path).form(path, "nonce"), "look"))
	for field, text := range map[string]string{"in.by": "2026-11-30", "in.mode": "for-cause", "in.after": "in-house", "in.trigger": "incident", "shown": ""} {
		f := leaves(p.form(path, "nonce"), "leave")
		f.Set("in.confirm", "northwind")
		f.Set(field, text)
		s.post("ola", path, f).wants(http.StatusOK, "You changed something since this was shown", "What it comes to</h2>")
	}
	if len(d.orders) > 0 {
		t.Errorf("the desk got %+v", d.orders)
	}
}

// TestExitFaultsAreAtTheirFields with links, and nothing that was typed is lost.
func TestExitFaultsAreAtTheirFields(t *testing.T) {
	t.Parallel()
	s, _ := newLeaverSite(t)
	path := exitPath("northwind")
	f := leaves(s.get("ola", path).form(path, "nonce"), "look")
	f.Del("in.after")
	f.Set("in.by", "<soon>")
	p := s.post("ola", path, f).wants(http.StatusUnprocessableEntity, "2 things to be put right", `<a href="#in-after">`, `<a href="#in-by">`, `id="in-by-wrong"`, `value="&lt;soon&gt;"`, "They were\nbought.</textarea>")
	p.accessible("an exit with faults")
	p.lacks("What it comes to</h2>")
	f.Set("in.reason", strings.Repeat("x", maxReason+1))
	s.post("ola", path, f).wants(http.StatusUnprocessableEntity, `<a href="#in-reason">`)
	f.Set("nonce", "none")
	s.post("ola", path, f).wants(http.StatusBadRequest)
}

// TestWhoSeesNothingOfAnExit: the page tells nobody a vendor's name, and its links stand
// where somebody may leave the vendor.
func TestWhoSeesNothingOfAnExit(t *testing.T) {
	t.Parallel()
	s, d := newLeaverSite(t)
	path := exitPath("northwind")
	f := leaves(s.get("dora", path).form(path, "nonce"), "look")
	s.post("dora", path, f).wants(http.StatusUnprocessableEntity, "No vendor of yours who works is called").lacks("Northwind", "What it comes to</h2>")
	s.post("sami", path, f).wants(http.StatusForbidden)
	s.get("ola", caseLink(theCase)).lacks("Leave this vendor")
	for _, c := range d.cases {
		if c.ID == theCase {
			c.State = dossier.Live
		}
	}
	s.get("ola", caseLink(theCase)).wants(http.StatusOK, `<a href="/vendors/`, "Leave this vendor")
	d.left = "exit/northwind/1"
	s.get("ola", caseLink(theCase)).wants(http.StatusOK, "We left this vendor since.", `<a href="`+caseLink(d.left)+`"><bdi>`+d.left+`</bdi></a>`).lacks("Leave this vendor")
	s.get("sami", caseLink(theCase)).wants(http.StatusOK, "We left this vendor since.", "a case of its own").lacks(d.left, "Leave this vendor")
}
