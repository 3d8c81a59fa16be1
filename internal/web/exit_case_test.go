package web

import (
	"bytes"
	"cmp"
	"encoding/base64"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"gangway/internal/dossier"
	"gangway/internal/exit"
	"gangway/internal/review"
)

func exitURL() string { return caseLink(theExit) }

// TestAnExitOnItsPage: how and by when, whether it is secret still, the gates, the point of
// no return; what blocks stands before what is done, a waiver that ran out and a state
// that nobody knows are open.
func TestAnExitOnItsPage(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.desk.departs()
	p := s.get("ola", exitURL()).wants(http.StatusOK, "Leaving them", "<bdi>Planned</bdi>", "because of <bdi>contract end</bdi>", "28 Feb 2027", "not decided yet", "still secret: nobody outside has been told",
		"has to arrive by 29 Nov 2026", "ahead: there is a way back", "The contract of who comes after is signed", "4 of 8 on record keep a certificate from being signed")
	p.accessible("an exit")
	part := section(t, p.Body, "departed")
	var at []int
	for _, heap := range []string{"found: access that is still there", "> failed<", "not checkable: nobody could see", "> open<", "waived until a day", "done, with evidence", "not needed<"} {
		at = append(at, strings.Index(part, heap))
		if at[len(at)-1] < 0 || len(at) > 1 && at[len(at)-1] < at[len(at)-2] {
			t.Errorf("%q is not where it should be: %v\n%s", heap, at, part)
		}
	}
	_, open, _ := strings.Cut(part, "> open<")
	open, waived, _ := strings.Cut(open, "waived until a day")
	tells(t, open, "Runners", "the waiver ran out", "Later", "From here on without the vendor?", "asked now")
	tells(t, waived, "Hooks", "<bdi>Ola Nordmann</bdi>", "vendor silent", "until 29 Nov 2026")
	tells(t, part, "Revocation, an earlier run", "begun again since", exitPartLink(theExit, theRevocation)[:10], "/document?case=exit%2Fnorthwind%2F1")
	s.get("ola", caseURL()).wants(http.StatusOK).lacks("Leaving them")
	s.get("una", exitURL()).lacks("Leaving them", "28 Feb 2027")
}

// TestReceivedAnewOnThePage: what people of a vendor who does not come had learnt is open by
// another run; what stays done of the first run stays on the page, and counts.
func TestReceivedAnewOnThePage(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	c := s.desk.departs()
	const first, second = "transfer/northwind/1", "transfer/northwind/2"
	c.Processes = append(c.Processes, dossier.ProcessView{ID: second, Parent: theExit, Started: day(18)})
	became := func(process string, d dossier.Detail) {
		s.desk.line(theExit, dossier.Entry{Case: theExit, Process: process, Kind: dossier.MatterSettled, CaseAt: day(18), Detail: &d}, review.Text{})
	}
	became(first, dossier.Detail{Name: "area-2", Result: string(exit.StateDone), Document: "sha256:d"})
	became(theExit, dossier.Detail{Step: first + ":area-1", Name: "area-1", Result: string(exit.StateOpen), Values: []string{exit.WhyNotComing}})
	p := s.get("ola", exitURL()).wants(http.StatusOK, "4 of 8 on record keep a certificate from being signed")
	part := section(t, p.Body, "departed")
	if strings.Contains(part, "Transfer, an earlier run") || strings.Contains(part, "Area 1") || !strings.Contains(part, "Area 2") {
		t.Errorf("the first transfer is not shown as it stands:\n%s", part)
	}
	tells(t, p.Body, "Area 1 is now open", "its receiver does not come")
	became(second, dossier.Detail{Name: "area-1", Result: string(exit.StateDone), Document: "sha256:d"})
	s.get("ola", exitURL()).wants(http.StatusOK, "4 of 9 on record keep a certificate from being signed")
}

// TestWhenAVendorKnowsThatItIsLeft: of notice, of access that is cut for cause, of the
// first thing that they are asked, the first; a drill never tells them.
func TestWhenAVendorKnowsThatItIsLeft(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change func(*recorder, *dossier.CaseView)
		want   string
	}{
		"notice": {func(d *recorder, _ *dossier.CaseView) {
			d.line(theExit, dossier.Entry{Case: theExit, Process: theExit, Kind: dossier.NoticeGiven, CaseAt: day(14), Detail: &dossier.Detail{Ends: day(15)}}, review.Text{})
		}, "known since 14 Nov 2026: notice was given"},
		"asked": {func(_ *recorder, c *dossier.CaseView) {
			asked(c, theRevocation+":x.1", theRevocation, "x", "Give it back", review.Delivery, day(28), review.Seat{ID: "vendor", Role: review.VendorRole})
		}, "known since 17 Nov 2026: they were asked"},
		"somebody else's people": {func(_ *recorder, c *dossier.CaseView) {
			asked(c, theRevocation+":x.1", theRevocation, "x", "Take it", review.Task, day(28), review.Seat{ID: "vendor", Role: review.VendorRole}).Vendor = "zeta"
		}, "still secret"},
		"for cause": {func(d *recorder, _ *dossier.CaseView) {
			d.lines[theExit][0].Entry.Detail.Result = string(exit.ModeForCause)
		}, "known since 3 Nov 2026: access was cut"},
		"a drill": {func(d *recorder, c *dossier.CaseView) {
			c.ID = "drill/northwind/1"
			d.lines[c.ID] = d.lines[theExit]
			d.lines[c.ID][0].Entry.Detail.Result, d.lines[c.ID][0].Entry.Detail.Step = "drill", "for-cause"
		}, "a drill: nobody outside hears of it"},
	} {
		s := newSite(t)
		view := s.desk.departs()
		c.change(s.desk, view)
		p := s.get("ola", caseLink(view.ID)).wants(http.StatusOK, c.want)
		if t.Failed() {
			t.Fatalf("%s\n%s", name, section(t, p.Body, "departed"))
		}
	}
}

// TestAPartOfAnExit has a page of its own, with nothing of the other parts.
func TestAPartOfAnExit(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.desk.departs()
	p := s.get("ola", exitPartLink(theExit, theRevocation)).wants(http.StatusOK, "<h1>Access</h1>", "Deploy keys", "not checkable", "under way", "4 not settled")
	p.accessible("a part of an exit")
	p.lacks("Area 1", "Do we leave this vendor?", "an earlier run")
	s.get("ola", exitPartLink(theExit, "revocation/northwind/1")).wants(http.StatusOK, "another run counts", "other system away")
	for _, target := range []string{exitPartLink(theExit, "revocation/other/1"), exitPartLink(theCase, theCase), exitPartLink("exit/nobody/1", theRevocation), "/case/part"} {
		s.get("ola", target).wants(http.StatusNotFound)
	}
	s.get("una", exitPartLink(theExit, theRevocation)).lacks("Deploy keys")
}

// TestACertificateOnAPage: the answer first, who signed, what is waived until when, which
// copies still run. Nobody's signature is on it before somebody signed.
func TestACertificateOnAPage(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.desk.departs()
	link := "/case/certificate?case=" + url.QueryEscape(theExit)
	s.get("ola", link).wants(http.StatusNotFound)
	page, _ := s.desk.certifies(t, nil)
	s.get("ola", exitURL()).wants(http.StatusOK, "The closing certificate</a></strong>: made, and not signed yet")
	p := s.get("ola", link).wants(http.StatusOK, "Closing certificate 2", "The vendor is off. 3 matters: 1 done and verified, 1 not needed, 1 waived by name until a day", "Nobody has signed it yet",
		"another vendor: zeta", "passed on 18 Nov 2026", "Hooks", "Ola Nordmann", "29 Nov 2026", "not checkable", "1 May 2027", page,
		"What outlives the contract", "<li><bdi>Audit &lt;b&gt;</bdi>: <bdi>12.1, 12.4</bdi></li>", "<bdi>Records</bdi>: <bdi>13.1, 13.4, until 29 Nov 2026</bdi>", "Looked for, and not in it: <bdi>Hiring each other&#39;s people; Insurance</bdi>.", digestOf("contract"))
	p.accessible("a certificate")
	s.desk.signs(page)
	s.get("ola", exitURL()).wants(http.StatusOK, "signed on 19 Nov 2026").lacks(`action="/case/settle"`)
	s.get("ola", link).wants(http.StatusOK, "<strong>Signed:</strong> <bdi>Sami Aalto (sponsor), 19 Nov 2026</bdi>").lacks("Nobody has signed")
	s.get("una", link).lacks("Closing certificate 2")
}

// TestACertificateStaysAPage: of many clauses it lists some and counts the rest, and where
// nobody looked for any it has no place for them.
func TestACertificateStaysAPage(t *testing.T) {
	t.Parallel()
	clauses := make([]exit.Clause, 2*mostClauses)
	for i := range clauses {
		clauses[i] = exit.Clause{Title: "Audit", Places: []string{"1"}}
	}
	var v certificatePage
	v.survives(exit.Certificate{Clauses: clauses})
	if last := v.Clauses[len(v.Clauses)-1]; len(v.Clauses) != mostClauses+1 || last.What != "12 other clauses" {
		t.Errorf("%d rows, the last is %+v", len(v.Clauses), last)
	}
	s := newSite(t)
	s.desk.departs()
	s.desk.certifies(t, func(c *exit.Certificate) { c.Clauses, c.Contract = nil, "" })
	s.get("ola", "/case/certificate?case="+url.QueryEscape(theExit)).wants(http.StatusOK, "Closing certificate 2").lacks("What outlives").lacks("did without")
}

// TestACertificateOfACompressedPlan says how much was given up, and leads to where that
// stands: to the page that was decided on, else to the certificate as it was filed.
func TestACertificateOfACompressedPlan(t *testing.T) {
	t.Parallel()
	without := digestOf("without")
	for _, at := range []string{without, ""} {
		s := newSite(t)
		s.desk.departs()
		page, _ := s.desk.certifies(t, func(c *exit.Certificate) {
			c.GivenUp, c.Without = []exit.GivenUp{{What: exit.GivesStep, ID: "session", Part: exit.PartTransfer, How: exit.LeftOut, Why: exit.WhyMode}}, at
		})
		s.get("ola", "/case/certificate?case="+url.QueryEscape(theExit)).wants(http.StatusOK,
			`did without 1 thing: <a href="`+html.EscapeString(documentLink("/document", theExit, cmp.Or(at, page)))+`">`)
	}
}

// TestNoCertificateSaysMoreThanItsData: one with something open, whoever made it, is called
// none, a drill's report certifies nothing, and data of another case are refused.
func TestNoCertificateSaysMoreThanItsData(t *testing.T) {
	t.Parallel()
	for want, change := range map[string]func(*exit.Certificate){
		"This is no certificate: 1 of 3 matters are open": func(c *exit.Certificate) { c.Matters[0].State = exit.StateFound },
		"<td data-label=\"Done\">0</td><td data-label=\"Not needed\">0</td><td data-label=\"Waived\">0</td><td data-label=\"Open\">1</td>": func(c *exit.Certificate) { c.Matters[0].Answer = "" },
		"This certifies nothing": func(c *exit.Certificate) { c.Drill, c.NoticeDays = true, 10 },
		"The vendor would be needed for 17 days, longer than the notice period of 10 days": func(c *exit.Certificate) { c.Drill, c.NoticeDays = true, 10 },
		"within the notice period of 90 days":                                              func(c *exit.Certificate) { c.Drill, c.NoticeDays = true, 90 },
		"nobody said how long the notice period is":                                        func(c *exit.Certificate) { c.Drill = true },
		"are not what gangway writes":                                                      func(c *exit.Certificate) { c.Case = theCase },
	} {
		s := newSite(t)
		s.desk.departs()
		s.desk.certifies(t, change)
		p := s.get("ola", "/case/certificate?case="+url.QueryEscape(theExit))
		if !strings.Contains(p.Body, want) || strings.Contains(p.Body, "The vendor is off") {
			t.Errorf("%q is not on the page, or that the vendor is off is:\n%s", want, p.Body)
		}
	}
}

// TestNothingUnsettledIsCountedDone: whatever lines a record has, a matter blocks on the
// page just where the certificate's rule says so of its newest line.
func TestNothingUnsettledIsCountedDone(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c := &dossier.CaseView{ID: theExit, Processes: []dossier.ProcessView{{ID: theExit}}}
		now := day(19)
		last := map[string]exit.Matter{}
		var lines []dossier.Line
		for range rapid.IntRange(0, 12).Draw(t, "lines") {
			m := exit.Matter{ID: theRevocation + ":" + rapid.SampledFrom([]string{"a", "b", "c"}).Draw(t, "name"), Part: exit.PartRevocation,
				By: rapid.SampledFrom([]string{"", "ola"}).Draw(t, "by"), Answer: rapid.SampledFrom([]string{"", "a1"}).Draw(t, "answer"), Document: rapid.SampledFrom([]string{"", "sha256:d"}).Draw(t, "document"),
				State: rapid.SampledFrom([]exit.State{exit.StateDone, exit.StateWaived, exit.StateNotNeeded, exit.StateOpen, exit.StateFailed, exit.StateFound, exit.StateNotCheckable, "", "later"}).Draw(t, "state"),
				Until: rapid.SampledFrom([]time.Time{{}, now.Add(-time.Hour), now, now.Add(time.Hour)}).Draw(t, "until")}
			last[m.ID] = m
			lines = append(lines, dossier.Line{Entry: dossier.Entry{Kind: dossier.MatterSettled, Process: theRevocation, Answer: m.Answer, Detail: &dossier.Detail{Name: m.ID, Result: string(m.State), Document: m.Document, By: m.By, Ends: m.Until}}})
		}
		d := departedIn(c, lines, now)
		want := 0
		for _, m := range last {
			if m.Blocks(now) {
				want++
			}
		}
		shown, blocked := 0, 0
		for _, h := range (names{}).piled(d, "", nil) {
			shown += len(h.Rows)
			if h.Blocks {
				blocked += len(h.Rows)
			}
		}
		if seen, open := d.counts(""); seen != len(last) || open != want || shown != seen || blocked != open {
			t.Fatalf("%d of %d are open, and %d of %d on the page; want %d of %d", open, seen, blocked, shown, want, len(last))
		}
	})
}

// TestTheOwnerSettlesWhoComesAfter on the page, with a reason; nobody else has the form,
// and nothing half is sent.
func TestTheOwnerSettlesWhoComesAfter(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.desk.departs()
	p := s.get("ola", exitURL()).wants(http.StatusOK, "Who does the work then?", "<details open><summary>Settle it<")
	f := p.form("/case/settle", `value="settle"`)
	for _, c := range []struct{ after, who, why, want string }{{"", "", "x", "Say who does the work"}, {"replaced", "", "x", "Name the vendor who takes over."}, {"ends", "", "", review.NeedsReason.Sentence()}, {"undecided", "", "x", "Say who does the work"}} {
		f.Set("name", c.after)
		f.Set("value", c.who)
		f.Set("inside", c.why)
		p := s.post("ola", "/case/settle", f).wants(http.StatusUnprocessableEntity, c.want)
		if c.why != "" {
			p.wants(http.StatusUnprocessableEntity, ">"+c.why+"</textarea>")
		}
	}
	if len(s.desk.acts) > 0 {
		t.Fatalf("the desk was told %+v", s.desk.acts)
	}
	f.Set("name", "replaced")
	f.Set("value", "Zeta Payroll")
	f.Set("inside", "They won the tender.")
	s.post("ola", "/case/settle", f).leads("/receipt")
	f.Set("nonce", newNonce())
	f.Set("name", "in-house") // whose name a form before had is not sent
	s.post("ola", "/case/settle", f).leads("/receipt")
	want := []review.Act{{Kind: review.Settle, Process: theExit, Name: "replaced", Values: []string{"Zeta Payroll"}}, {Kind: review.Settle, Process: theExit, Name: "in-house"}}
	for i, a := range s.desk.acts {
		if a.Kind != want[i].Kind || a.Process != want[i].Process || a.Name != want[i].Name || strings.Join(a.Values, "|") != strings.Join(want[i].Values, "|") || a.Text.Inside != "They won the tender." || a.From.ID != "ola" {
			t.Errorf("the desk was told %+v", a)
		}
	}
	s.get("lena", exitURL()).lacks(`action="/case/settle"`)
	f.Set("case", theCase)
	s.post("ola", "/case/settle", f).wants(http.StatusBadRequest)
	f.Set("case", theExit)
	f.Set("act", "withdraw")
	s.post("ola", "/case/settle", f).wants(http.StatusBadRequest)
	s.get("ola", "/case/settle?"+f.Encode())
	if len(s.desk.acts) != 2 {
		t.Errorf("the desk was told %+v", s.desk.acts)
	}
	s.desk.line(theExit, dossier.Entry{Case: theExit, Process: theExit, Kind: dossier.NoReturn, CaseAt: day(19), Detail: &dossier.Detail{}}, review.Text{})
	s.get("ola", exitURL()).wants(http.StatusOK, "passed on 19 Nov 2026").lacks(`action="/case/settle"`)
}

// TestBrowserExitFits shows the pages of an exit in a real browser, at a desk and on a
// phone: nothing runs out, and the certificate is one page of paper.
func TestBrowserExitFits(t *testing.T) {
	d := drive(t, true)
	b := newBuilding(t)
	b.desk.departs()
	page, _ := b.desk.certifies(t, func(c *exit.Certificate) { // a usual one: something of each part, and more of what was waived
		for i, part := range []string{exit.PartTransfer, exit.PartHandover, exit.PartDataReturn, exit.PartHandover, exit.PartDataReturn} {
			c.Matters = append(c.Matters, exit.Matter{ID: fmt.Sprintf("%s/northwind/1:area-%d", part, i), Part: part, Name: fmt.Sprintf("area-%d", i), State: exit.StateDone, By: "lena", Answer: "a2"})
		}
		for _, place := range []string{"apps", "runners"} {
			c.Matters = append(c.Matters, exit.Matter{ID: theRevocation + ":" + place, Part: exit.PartRevocation, Name: place, State: exit.StateWaived, By: "ola", Answer: "a1", Until: day(29), Why: "not-checkable"})
		}
		c.Backups = append(c.Backups, exit.Backup{ID: "data-return/northwind/1:backup-2", On: time.Date(2027, 6, 1, 0, 0, 0, 0, time.UTC)})
		c.Plan, c.Notice = digestOf("plan"), digestOf("notice")
	})
	leaving, _ := newLeaverSite(t, "127.0.0.1")
	whole := b.h
	for _, width := range []int{375, 1280} {
		for name, target := range map[string]string{"exit": exitURL(), "part": exitPartLink(theExit, theRevocation), "certificate": "/case/certificate?case=" + url.QueryEscape(theExit)} {
			b.show(d, "ola", "", target, width, false)
			if bad := d.misfits(); bad != "" {
				t.Errorf("%s at %d: %s", name, width, bad)
			}
			d.shot(fmt.Sprintf("exit-%s-%d", name, width))
		}
		b.h = leaving.h
		b.show(d, "ola", "", exitPath("northwind"), width, false)
		d.js(`(() => { document.querySelector("[name='in.by']").value = "2026-12-31"; document.querySelector("[name='in.after'][value=ends]").checked = true; })()`)
		d.shot(fmt.Sprintf("exit-form-%d", width))
		d.press("Show what it comes to")
		if bad := d.misfits(); bad != "" {
			t.Errorf("what it comes to at %d: %s", width, bad)
		}
		d.shot(fmt.Sprintf("exit-preview-%d", width))
		b.h = whole
	}
	b.desk.signs(page)
	b.show(d, "ola", "", "/case/certificate?case="+url.QueryEscape(theExit), 1280, false)
	var out struct{ Data string }
	d.call("Page.printToPDF", map[string]any{"paperWidth": 8.27, "paperHeight": 11.69}, &out)
	pdf, err := base64.StdEncoding.DecodeString(out.Data)
	if err != nil {
		t.Fatal(err)
	}
	if n := bytes.Count(pdf, []byte("/Type /Page\n")); n != 1 {
		t.Errorf("on paper the certificate has %d pages", n)
	}
	if len(d.said) > 0 {
		t.Errorf("the browser complains: %q", d.said)
	}
}
