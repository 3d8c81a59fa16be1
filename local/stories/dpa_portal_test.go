package stories

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"gangway/internal/arrivals"
	"gangway/internal/dossier"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// TestPortalHandedOn: the vendor's contact opens the link, uploads, looks at what
// was found, and hands the task to a colleague of another domain. The owner of the
// case confirms the colleague, who then delivers and has a receipt with the digest.
func TestPortalHandedOn(t *testing.T) {
	t.Parallel()
	p := newPosted(t, "maya")
	ivo := p.mail.Person("Ivo Petrov", "ivo@advisers.example")
	o := p.collects()
	asked := p.nadia.Inbox.Expect(t, clientName, "Data processing agreement")

	link := asked.Link("/portal/")
	for range 3 { // as what reads mails does
		if resp, err := http.Get(link); err != nil || resp.StatusCode != http.StatusOK {
			t.Fatalf("looking at the link: %v", err)
		} else {
			resp.Body.Close()
		}
	}
	nadia := p.guest("nadia")
	shown := nadia.enters(link)
	nadia.wants(shown, "Data processing agreement", clientName, "not started")
	task := nadia.opens(nadia.link(shown, "/portal/task"))
	nadia.wants(task, "Maya Lindqvist", clientPhone)
	nadia.wants(nadia.uploads(o, confidentiality), "contract-v2.md")

	hand := task.acting("hand-on")
	hand.values.Set("name", ivo.Name)
	hand.values.Set("mail", ivo.Address)
	nadia.wants(nadia.sends(hand), "of another organisation", "confirms it first")
	maya := p.people["maya"].Inbox.Expect(t, "A contact names a colleague of another domain", "Data processing agreement")
	if strings.Contains(maya.Text, "/portal/") {
		t.Errorf("the owner's mail leads into the portal: %s", maya.Text)
	}
	if len(ivo.Inbox.Mails()) != 0 {
		t.Error("somebody whom nobody has confirmed was written to")
	}
	var contacts []playbook.Contact
	p.get("/api/contacts?case="+url.QueryEscape(o.id), "maya", &contacts)
	i := slices.IndexFunc(contacts, func(c playbook.Contact) bool { return c.State == playbook.ContactProposed && c.Mail == ivo.Address })
	if i < 0 {
		t.Fatalf("nobody is proposed: %+v", contacts)
	}
	if !p.calls.insist(context.Background(), http.MethodPost, "/api/contacts/confirm", "maya", map[string]string{"case": o.id, "contact": contacts[i].ID}, nil) {
		t.Fatal("maya can't confirm the colleague")
	}

	colleague := p.guest("ivo")
	task = colleague.opens(colleague.link(colleague.enters(ivo.Inbox.Expect(t, clientName, "Data processing agreement").Link("/portal/")), "/portal/task"))
	colleague.wants(task, "not started")
	colleague.wants(colleague.uploads(o, agreement), "contract-v2.md")
	about := colleague.opens(onPage(o, "about"))
	save := about.form("/portal/save")
	save.values.Set("instead", "no")
	check := colleague.sends(save)
	receipt := colleague.sends(check.form("/portal/send"))
	digest := strings.TrimPrefix(p.digest([]byte(agreement)), "sha256:")
	if !strings.Contains(strings.ReplaceAll(receipt.text, " ", ""), digest) {
		t.Errorf("the receipt does not have the digest %s: %s", digest, receipt.text)
	}
	ivo.Inbox.Expect(t, "looks through it and writes again if something is missing")
	p.nadia.Inbox.Expect(t, "A colleague of yours has delivered it.")
	p.goesThrough(o, "ruth", "dpa-points")
	o.answer("jonas", "dpa-sign", review.Approve)
	v := o.sealed("in-force")
	d := slices.IndexFunc(v.Documents, func(d dossier.DocumentView) bool { return d.Name == "dpa" })
	if d < 0 || v.Documents[d].By != contacts[i].ID || v.Documents[d].ForVendor {
		t.Errorf("the documents are %+v, want the agreement by %s", v.Documents, contacts[i].ID)
	}
}

// digest is what the record calls a document.
func (p *posted) digest(text []byte) string {
	p.t.Helper()
	paper, err := p.Archive.Put(context.Background(), strings.NewReader(string(text)), 0)
	if err != nil {
		p.t.Fatalf("keeping a document: %v", err)
	}
	return paper.Digest
}

// TestVendorSilent: the vendor answers nobody for three weeks, so the owner of the
// case files what the vendor has published, with the source. The dossier says so;
// and what the vendor writes afterwards counts for nothing.
func TestVendorSilent(t *testing.T) {
	t.Parallel()
	p := newPosted(t)
	p.mail.Whatever("maya@northgate.example")
	o := p.collects()
	asked := p.nadia.Inbox.Expect(t, clientName, "Data processing agreement")
	o.passTo(21 * day)
	for _, says := range []string{"A reminder from", "Second reminder from", "This is reminder 3"} {
		p.nadia.Inbox.Expect(t, says)
	}
	if !slices.Contains(o.told("maya"), "owner dpa") {
		t.Errorf("maya never hears that nothing comes, only %q", o.told("maya"))
	}
	const source = "Published at https://brightwell.example/legal/dpa, read today."
	ask := o.newest("dpa")
	p.answers("maya", review.Form{Request: ask.ID, Version: ask.Current(), Verdict: review.Delivered,
		Documents: []string{p.file("maya", []byte(agreement))}, ForVendor: true, Inside: source})
	p.nadia.Inbox.Expect(t, clientName+" has it from elsewhere.")
	asked.ReplyWith(t, withAgreement())
	p.nadia.Inbox.Expect(t, "Your mail has arrived")
	wantArrival(t, o.comes(1), arrivals.Comment, arrivals.OldToken)
	p.goesThrough(o, "ruth", "dpa-points")
	o.answer("jonas", "dpa-sign", review.Approve)
	v := o.sealed("in-force")
	b := o.newest("dpa").Ballots[0]
	if !b.ForVendor || b.Person != "maya" || !slices.Contains(o.words(b.Answer), source) {
		t.Errorf("the delivery is %+v, said as %q", b, o.words(b.Answer))
	}
	report, found := member(t, o.verified(v), "report.html")
	if !found || !strings.Contains(string(report), "filed for the vendor") || !strings.Contains(string(report), "brightwell.example/legal/dpa") {
		t.Errorf("the dossier's report does not say that it was filed for the vendor, or from where (found: %t)", found)
	}
}

// guest is somebody of the vendor at a browser.
type guest struct{ *somebody }

func (p *posted) guest(id string) guest {
	p.t.Helper()
	m := &mailed{deployment: &deployment{t: p.t, url: p.address}}
	return guest{m.somebody(id, "")}
}

// enters opens a link and presses the button of its page.
func (g guest) enters(link string) page {
	g.m.t.Helper()
	return g.sends(g.opens(link).form("/portal/"))
}

func (g guest) wants(p page, words ...string) {
	g.m.t.Helper()
	for _, w := range words {
		if !strings.Contains(p.text, w) {
			g.m.t.Fatalf("%s sees no “%s” at %s (%d): %s", g.id, w, p.at, p.status, p.text)
		}
	}
}

// onPage is where a page of the delivery stands.
func onPage(o *onboarding, name string) string {
	return "/portal/task?" + url.Values{"id": {o.newest("dpa").ID}, "page": {name}}.Encode()
}

// uploads sends a text as a file.
func (g guest) uploads(o *onboarding, text string) page {
	g.m.t.Helper()
	f := g.opens(onPage(o, "files")).form("/portal/upload")
	if f != nil {
		f.file = []byte(text)
	}
	return g.sends(f)
}

// link is the first of a page whose path begins so.
func (g guest) link(p page, path string) string {
	g.m.t.Helper()
	for _, l := range p.links {
		if strings.HasPrefix(l, path) {
			return l
		}
	}
	g.m.t.Fatalf("%s finds no link to %s at %s (%d): %s", g.id, path, p.at, p.status, p.text)
	return ""
}

// acting is the form that does something.
func (p page) acting(what string) *form {
	for _, f := range p.forms {
		if f.values.Get("act") == what {
			return f
		}
	}
	return nil
}
