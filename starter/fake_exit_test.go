package main

import (
	"net/http"
	"time"

	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/exit"
)

const leaves = "exit/brightwell-payroll/1"

// exitPost previews an exit, and opens its case, as the server does: where the name was
// typed. The vendor's name could steer a terminal.
func (f *fakeAPI) exitPost(w http.ResponseWriter, r *http.Request, as string, body []byte) {
	var o dossier.ExitOrder
	f.strict(body, &o)
	f.note(r, as, o.ID, body)
	preview := r.URL.Path == "/api/exit/preview"
	switch {
	case f.prepared(w, "reply"):
	case o.Vendor != "brightwell-payroll":
		f.fault(w, http.StatusUnprocessableEntity, "vendor: no vendor of yours who works is called \""+o.Vendor+"\"", "name a vendor who works")
	case !preview && (o.Reason == "" || o.ID == ""):
		f.t.Errorf("the server refuses %s", body)
	case !preview && o.Confirm != o.Vendor:
		f.fault(w, http.StatusUnprocessableEntity, "confirm: \""+o.Confirm+"\" is not the vendor's name; type Brightwell Payroll", "nothing was started")
	case !preview:
		f.json(w, map[string]string{"case": leaves})
	default:
		by, err := time.Parse(time.DateOnly, o.By)
		if err != nil {
			f.t.Errorf("the server refuses the day %q", o.By)
		}
		today := time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)
		ends := time.Date(2027, 12, 31, 0, 0, 0, 0, time.UTC)
		f.json(w, dossier.ExitPreview{Vendor: "brightwell-payroll", Name: "Brightwell \x1b[2JPayroll", Case: overseen, Playbook: "standard", Accounts: 2, Repositories: 3,
			Order:     exit.Order{Mode: o.Mode, Rehearses: o.Rehearses, After: o.After, Successor: o.Successor, By: by, Trigger: exit.TriggerMutual},
			ExitDates: dossier.DatesOf(engagement.Expiry{On: ends, NoticeDays: 90}, true, today, by), Lacks: []string{dossier.LacksExitPlan},
			Steps: []dossier.ExitStep{{ID: "leave", Process: exit.PartExit, Title: "Leave", Roles: []string{"legal"}, People: []string{"helen", "tom"}}, {ID: "notice", Process: exit.PartExit, Roles: []string{"@owner"}}}})
	}
}
