package stories

import (
	"archive/zip"
	"bytes"
	"context"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"gangway/internal/arrivals"
	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/mail/mailtest"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// agreement says all that Article 28 wants, each in a clause of its own.
const agreement = `Data Processing Agreement

Between Northgate Housing (the controller) and Brightwell Payroll Ltd. (the processor).

1. Subject matter
The subject matter of the processing is the monthly payroll of the controller's staff.

2. Duration
The duration of the processing is the term of the services agreement. This agreement ends on
31 December 2029.

3. Nature and purpose
The nature and purpose of the processing is to calculate pay and to file returns.

4. Types of personal data
The types of personal data are names, addresses, bank details and salaries.

5. Categories of data subjects
The categories of data subjects are employees and former employees.

6. Obligations and rights of the controller
The controller is responsible for the lawfulness of the processing and may give instructions.

7. Instructions
The processor processes personal data only on documented instructions from the controller,
including transfers to a third country.

8. Confidentiality
Persons authorised to process the personal data have committed themselves to confidentiality.

9. Security
The processor takes all technical and organisational measures required by Article 32.

10. Sub-processors
The processor engages no other processor without prior written authorisation of the controller.

11. Obligations of sub-processors
The same data protection obligations are imposed on each other processor, and the processor
remains fully liable for what they do.

12. Rights of data subjects
The processor assists the controller in answering requests of data subjects for their rights.

13. Breaches
The processor tells the controller of a personal data breach without undue delay and assists
with impact assessments and prior consultation.

14. Return and deletion
After the end of the services the processor deletes or returns all personal data, as the
controller chooses.

15. Audits
The processor makes available all information that shows compliance and allows for audits and
inspections by the controller.
`

const confidentiality = `Non-Disclosure Agreement

Between Northgate Housing and Brightwell Payroll Ltd.

1. Confidential information
The receiving party keeps the confidential information of the disclosing party secret.

2. Return
The receiving party will return or destroy the confidential information when it is asked to.
`

// TestAgreementByMail is the whole of it for a vendor who has nothing but mail:
// asked, chased, the wrong document, the right one, gone through by a person, signed
// off by a reply, in force with its dates, sealed with the mails as they came.
func TestAgreementByMail(t *testing.T) {
	t.Parallel()
	p := newPosted(t, "maya", "ruth", "jonas")
	nadia, maya, ruth, jonas := p.nadia, p.people["maya"], p.people["ruth"], p.people["jonas"]
	o := p.collects()
	asked := nadia.Inbox.Expect(t, clientName, "Data processing agreement", "To answer, reply to this mail with the document attached", "Maya Lindqvist", clientPhone, "Is this mail genuine?", "/portal/genuine")
	if link := asked.Link("/portal/"); !strings.HasPrefix(link, p.address+"/portal/") {
		t.Errorf("the mail leads to %q", link)
	}
	o.jump()
	nadia.Inbox.Expect(t, "A reminder from "+clientName, "Data processing agreement")
	o.jump()
	chased := nadia.Inbox.Expect(t, "Second reminder from "+clientName, "Data processing agreement")

	chased.ReplyWith(t, mailtest.Draft{Text: "Please find it attached.\n\nNadia", Files: []mailtest.File{pdfFile("agreement.pdf", confidentiality)}})
	p.thanked("agreement.pdf")
	wantArrival(t, o.comes(1), arrivals.Delivered)
	maya.Inbox.Expect(t, "looks like something else")
	o.answer("maya", playbook.ChoreOtherKind, playbook.AskVendor, func(a *review.Answer) {
		a.Text = review.Text{Inside: "an NDA", Vendor: "That is your confidentiality agreement; we need the one on data processing."}
	})

	again := nadia.Inbox.Expect(t, clientName, "That is your confidentiality agreement")
	again.ReplyWith(t, withAgreement())
	p.thanked("dpa.pdf")
	wantArrival(t, o.comes(2), arrivals.Delivered)

	points := ruth.Inbox.Expect(t, "Go through the agreement", "page")
	points.Reply(t, "approved")
	ruth.Inbox.Expect(t, "Your mail has not been counted")
	wantArrival(t, o.comes(3), arrivals.Comment, arrivals.NeedsMore)
	ends, lookAgain := p.goesThrough(o, "ruth", "dpa-points")

	jonas.Inbox.Expect(t, "Sign the agreement off").Reply(t, "Approved")
	o.counts("jonas", "dpa-sign", review.Approve, "mail")
	jonas.Inbox.Expect(t, "Your answer has been counted: approved")
	v := o.sealed("in-force")
	if v.DPA == nil || v.DPA.Version != 2 || !v.DPA.Ends.Equal(ends) || !v.DPA.LookAgain.Equal(lookAgain) {
		t.Errorf("in force is %+v, want version 2 until %s, looked at again on %s", v.DPA, ends.Format(time.DateOnly), lookAgain.Format(time.DateOnly))
	}
	o.registered(v)
	o.filedMails(v, p.mail)
	o.filedText(v, v.DPA.Document, "documented instructions")
}

// TestOnboardingCollectsTheAgreement: what a vendor touches decides; its agreement is
// collected by mail beside the contract review, goes through in spite of a point that
// is missing, and nothing goes live before both are there.
func TestOnboardingCollectsTheAgreement(t *testing.T) {
	t.Parallel()
	p := newPosted(t)
	o := p.house.protected()
	o.needed()
	asked := p.nadia.Inbox.Expect(t, clientName, "Data processing agreement", "Maya Lindqvist")
	for _, reviewer := range []string{"jonas", "daniel", "ruth", "ravi", "maya", "helen"} {
		o.answer(reviewer, "review", review.Approve)
	}
	asked.ReplyWith(t, withAgreement())
	p.thanked("dpa.pdf")
	p.goesThrough(o, "ruth", "dpa-check", "gdpr-28-3-b")
	if slices.ContainsFunc(o.view().Requests, func(r review.Request) bool { return r.Step == "contacts" }) {
		t.Error("the next stage began before there was an agreement")
	}
	o.answer("maya", playbook.ChoreLacking, playbook.SendMissing, func(a *review.Answer) {
		a.Text = review.Text{Inside: "b", Vendor: "Your agreement does not commit your people to confidentiality."}
	})
	p.nadia.Inbox.Expect(t, clientName, "does not commit your people to confidentiality").ReplyWith(t, mailtest.Draft{
		Text: "Here is the next one.", Files: []mailtest.File{pdfFile("dpa-2.pdf", agreement+"\nSigned again.\n")}})
	p.thanked("dpa-2.pdf")
	p.goesThrough(o, "ruth", "dpa-check")
	o.answer("jonas", "dpa-sign", review.Approve)
	o.answer("ruth", "dpa-sign", review.Approve)
	o.live()
	p.nadia.Inbox.Expect(t, "how it ended", "takes Brightwell Payroll Ltd. on")
	v := o.sealed(dossier.Live)
	if v.DPA == nil || v.DPA.Version != 2 || !v.DPA.Ends.Equal(agreementEnds) {
		t.Errorf("in force is %+v, want version 2 until %s", v.DPA, agreementEnds)
	}
	o.registered(v)
	o.filedText(v, v.DPA.Document, "Signed again")
}

// filedText wants the text in the dossier in which places of a document were found.
func (o *onboarding) filedText(v dossier.CaseView, document, says string) {
	o.h.t.Helper()
	i := slices.IndexFunc(v.Documents, func(d dossier.DocumentView) bool { return d.Document == document && d.ReadAs != "" })
	if i < 0 {
		o.h.t.Fatalf("the record names no text of %s: %+v", document, v.Documents)
	}
	text, found := member(o.h.t, o.verified(v), "data/documents/"+strings.TrimPrefix(v.Documents[i].ReadAs, "sha256:"))
	if !found || !strings.Contains(string(text), says) {
		o.h.t.Errorf("the dossier's text of the agreement (found: %t) does not say %q:\n%s", found, says, text)
	}
}

// thanked are the two mails that a delivery is answered with.
func (p *posted) thanked(file string) {
	p.t.Helper()
	p.nadia.Inbox.Expect(p.t, "Your documents have arrived", file, "taken", "SHA-256")
	p.nadia.Inbox.Expect(p.t, "looks through it and writes again if something is missing")
}

// withAgreement is a reply with the agreement.
func withAgreement() mailtest.Draft {
	return mailtest.Draft{Text: "Sorry, here it is.", Files: []mailtest.File{pdfFile("dpa.pdf", agreement)}}
}

// goesThrough answers the checklist over the web's API: of each point the first
// place that was proposed, or the missing where none was, and the two dates.
func (p *posted) goesThrough(o *onboarding, person, step string, missing ...string) (ends, lookAgain time.Time) {
	p.t.Helper()
	r := o.asked(person, step)
	var waiting []review.Request
	p.get("/api/waiting", person, &waiting)
	i := slices.IndexFunc(waiting, func(w review.Request) bool { return w.ID == r.ID })
	if i < 0 || len(waiting[i].Points) == 0 {
		p.t.Fatalf("the checklist is not shown: %+v", waiting)
	}
	findings, proposed := findingsOf(waiting[i].Points, missing)
	if proposed < 13 {
		p.t.Errorf("places were proposed for %d points only: %+v", proposed, waiting[i].Points)
	}
	p.answers(person, review.Form{Request: r.ID, Version: r.Current(), Verdict: review.Checked, Findings: findings})
	return agreementEnds, agreementLookAgain
}

// What is found in the stories' agreement: until when it runs, and when somebody
// looks at it again.
var (
	agreementEnds      = time.Date(2029, 12, 31, 0, 0, 0, 0, time.UTC)
	agreementLookAgain = time.Date(2027, 11, 1, 0, 0, 0, 0, time.UTC)
)

// findingsOf takes of each point the first place that was proposed, or the first
// clause where none was, and counts those that were.
func findingsOf(points []engagement.Point, missing []string) (findings []engagement.Finding, proposed int) {
	for _, point := range points {
		f := engagement.Finding{Point: point.ID}
		switch {
		case slices.Contains(missing, point.ID):
			f.Missing = true
		case point.ID == engagement.PointEnds:
			f.On = agreementEnds
		case point.ID == engagement.PointLookAgain:
			f.On = agreementLookAgain
		case len(point.Proposed) > 0:
			f.Places = point.Proposed[:1]
			proposed++
		default:
			f.Places = []string{"1"}
		}
		findings = append(findings, f)
	}
	return findings, proposed
}

// found answers a checklist with what a person would find.
func (o *onboarding) found(person, step string, missing ...string) func(*review.Answer) {
	o.h.t.Helper()
	r := o.asked(person, step)
	return func(a *review.Answer) { a.Findings, _ = findingsOf(r.Points, missing) }
}

// registered wants what is in force in the register, too.
func (o *onboarding) registered(v dossier.CaseView) {
	o.h.t.Helper()
	lines, err := o.h.Archive.Lines(context.Background(), dossier.Register)
	if err != nil {
		o.h.t.Fatalf("reading the register: %v", err)
	}
	if !slices.ContainsFunc(lines, func(l dossier.Line) bool {
		d := l.Entry.Detail
		return l.Entry.Kind == dossier.DPAInForce && d.Parent == o.id && d.Document == v.DPA.Document && d.Ends.Equal(v.DPA.Ends) && d.LookAgain.Equal(v.DPA.LookAgain)
	}) {
		o.h.t.Error("the register does not know what is in force")
	}
}

// member reads a file of a dossier.
func member(t *testing.T, packed []byte, name string) ([]byte, bool) {
	t.Helper()
	r, err := zip.NewReader(bytes.NewReader(packed), int64(len(packed)))
	if err != nil {
		t.Fatalf("opening a dossier: %v", err)
	}
	i := slices.IndexFunc(r.File, func(f *zip.File) bool { return strings.HasSuffix(f.Name, name) })
	if i < 0 {
		return nil, false
	}
	f, err := r.File[i].Open()
	if err != nil {
		t.Fatalf("opening %s: %v", name, err)
	}
	defer f.Close()
	raw, err := io.ReadAll(f)
	if err != nil {
		t.Fatalf("reading %s: %v", name, err)
	}
	return raw, true
}
