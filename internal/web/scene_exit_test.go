package web

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"
	"time"

	"gangway/internal/dossier"
	"gangway/internal/exit"
	"gangway/internal/review"
)

const (
	theExit       = "exit/northwind/1"
	theRevocation = "revocation/northwind/2"
	cutOverID     = theExit + ":exit-cut-over.1"
)

// departs adds the exit of Northwind, on its way: decided, notice given, its knowledge
// passed over, its access looked at twice.
func (d *recorder) departs() *dossier.CaseView {
	c := &dossier.CaseView{ID: theExit, Vendor: "northwind", Owner: "ola", Requester: "ria", State: dossier.Running, Stage: "transition", Tier: 2, Playbook: "standard", Opened: day(2), Last: day(19),
		Processes: []dossier.ProcessView{{ID: theExit, Started: day(2)}, {ID: "transfer/northwind/1", Parent: theExit, Started: day(5), Ended: day(17), Result: "done"},
			{ID: "revocation/northwind/1", Parent: theExit, Started: day(2), Ended: day(9), Result: "reopened"}, {ID: theRevocation, Parent: theExit, Started: day(9)}}}
	d.cases = append(d.cases, c)
	answered(asked(c, theExit+":exit-decide.1", theExit, "exit-decide", "Do we leave this vendor?", review.Decision, day(5), review.Seat{ID: "sponsor", Role: "sami"}), review.Approve, day(3))
	asked(c, cutOverID, theExit, "exit-cut-over", "From here on without the vendor?", review.Decision, day(28), review.Seat{ID: "sponsor", Role: "sami"})
	line := func(on int, process string, kind dossier.Kind, detail dossier.Detail) {
		e := dossier.Entry{Case: theExit, Process: process, Kind: kind, At: day(on), CaseAt: day(on), Actor: detail.By, Detail: &detail}
		if detail.By != "" {
			e.Answer = "a1"
		}
		d.line(theExit, e, review.Text{})
	}
	matter := func(on int, process, name string, state exit.State, detail dossier.Detail) {
		detail.Name, detail.Result = name, string(state)
		line(on, process, dossier.MatterSettled, detail)
	}
	evidence := d.put([]byte("What was seen.\n"), "text/plain; charset=utf-8")
	line(2, theExit, dossier.ExitOrdered, dossier.Detail{Result: "planned", Name: "undecided", Field: "contract-end", Ends: time.Date(2027, 2, 28, 0, 0, 0, 0, time.UTC)})
	line(2, theExit, dossier.StageReached, dossier.Detail{Stage: "inside"})
	line(3, theExit, dossier.StageReached, dossier.Detail{Stage: "notice"})
	line(3, theExit, dossier.NoticeDue, dossier.Detail{Result: "in-time", Due: day(29), Amount: 91, Ends: day(29).AddDate(0, 0, 91)})
	matter(3, theExit, "exit-decide", exit.StateDone, dossier.Detail{Step: theExit + ":exit-decide", By: "sami", Document: evidence})
	matter(5, "transfer/northwind/1", "area-1", exit.StateDone, dossier.Detail{By: "lena", Document: evidence})
	matter(6, "revocation/northwind/1", "revocation/northwind/1:deploy-keys", exit.StateFailed, dossier.Detail{Values: []string{"other-system-away"}})
	matter(10, theRevocation, theRevocation+":deploy-keys", exit.StateFound, dossier.Detail{Document: evidence})
	matter(10, theRevocation, theRevocation+":apps", exit.StateNotCheckable, dossier.Detail{Values: []string{"no-permission"}, Document: evidence})
	matter(11, theRevocation, theRevocation+":hooks", exit.StateWaived, dossier.Detail{By: "ola", Ends: day(29), Values: []string{"vendor-silent"}})
	matter(11, theRevocation, theRevocation+":runners", exit.StateWaived, dossier.Detail{By: "ola", Ends: day(12)})
	matter(11, theRevocation, theRevocation+":wiki", exit.StateNotNeeded, dossier.Detail{})
	matter(12, theRevocation, theRevocation+":later", "better-than-done", dossier.Detail{})
	line(12, theExit, dossier.GateReached, dossier.Detail{Result: "signed", Parent: "onboarding/zeta/1"})
	return c
}

// certifies files a certificate of the exit.
func (d *recorder) certifies(t testing.TB, change func(*exit.Certificate)) (page, data string) {
	t.Helper()
	i := slices.IndexFunc(d.cases, func(c *dossier.CaseView) bool { return c.ID == theExit })
	c := d.cases[i]
	cert := exit.Certificate{Case: theExit, Vendor: "northwind", Number: 2, Order: exit.Order{Mode: exit.ModePlanned, After: exit.AfterReplaced, Successor: "zeta", By: day(29), Trigger: exit.TriggerContractEnd},
		Began: day(2), Returned: day(18), At: day(19), Matters: []exit.Matter{
			{ID: theExit + ":exit-decide", Part: exit.PartExit, Name: "exit-decide", State: exit.StateDone, By: "sami", Answer: "a1"},
			{ID: theRevocation + ":hooks", Part: exit.PartRevocation, Name: "hooks", State: exit.StateWaived, By: "ola", Answer: "a1", Until: day(29), Why: "not-checkable"},
			{ID: theRevocation + ":wiki", Part: exit.PartRevocation, Name: "wiki", State: exit.StateNotNeeded}},
		Backups:  []exit.Backup{{ID: "data-return/northwind/1:backup-1", On: time.Date(2027, 5, 1, 0, 0, 0, 0, time.UTC)}},
		Contract: digestOf("contract")}
	for i, title := range []string{"Confidentiality", "Who owns what was made", "Data protection", "Liability", "Audit <b>", "Records"} {
		cert.Clauses = append(cert.Clauses, exit.Clause{Title: title, Places: []string{fmt.Sprintf("%d.1", i+8), fmt.Sprintf("%d.4", i+8)}})
	}
	cert.Clauses[5].Until = day(29)
	cert.Clauses = append(cert.Clauses, exit.Clause{Title: "Hiring each other's people", Missing: true}, exit.Clause{Title: "Insurance", Missing: true})
	if change != nil {
		change(&cert)
	}
	text, err := json.Marshal(cert)
	if err != nil {
		t.Fatal(err)
	}
	page, data = d.put([]byte("CLOSING CERTIFICATE\n"), "text/plain; charset=utf-8"), d.put(text, "application/json")
	c.Documents = append(c.Documents, dossier.DocumentView{Process: theExit, Name: "certificate", Version: 2, Document: page, At: day(19)}, dossier.DocumentView{Process: theExit, Name: "certificate-data", Version: 2, Document: data, At: day(19)})
	r := asked(c, theExit+":exit-close.1", theExit, "exit-close", "Is the vendor off?", review.Decision, day(28), review.Seat{ID: "sponsor", Role: "sami"})
	r.Document = "certificate"
	return page, data
}

// signs signs the certificate.
func (d *recorder) signs(page string) {
	for _, c := range d.cases {
		if c.ID == theExit {
			answered(&c.Requests[len(c.Requests)-1], review.Approve, day(19))
			c.State = "exited"
		}
	}
	d.line(theExit, dossier.Entry{Case: theExit, Process: theExit, Kind: dossier.Certified, At: day(19), CaseAt: day(19), Actor: "sami", Detail: &dossier.Detail{Document: page, Version: 2, Result: "exited", Amount: 1}}, review.Text{})
}
