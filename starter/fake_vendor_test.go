package main

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"gangway/internal/arrivals"
	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

const collects = "dpa/brightwell-payroll/1"

// collecting is a case that asks the vendor for an agreement, and somebody to go
// through it.
func collecting() dossier.CaseView {
	ask := review.Request{ID: collects + ":dpa-request.1", Case: collects, Process: collects, Step: "dpa-request", Kind: review.Delivery, Title: "Your agreement", Vendor: "brightwell-payroll", Opened: days(1),
		Policy:   review.Policy{Groups: []review.Group{{Rule: review.RuleAll, Seats: []review.Seat{{ID: "vendor", Role: review.VendorRole}}}}},
		Seatings: []review.Seating{{Seat: "vendor"}}, Clocks: []review.Clock{{Opened: days(1), Due: days(9)}}}
	check := review.Request{ID: collects + ":dpa-check.1", Case: collects, Process: collects, Step: "dpa-check", Kind: review.Checklist, Title: "Go through it", Opened: days(2),
		Points:   []engagement.Point{{ID: "gdpr-28-3-a", Title: "Only on instructions", Source: "Art. 28(3)(a)", Proposed: []string{"4.1", "7"}}, {ID: "ends", Title: "When it ends", Dated: true}},
		Policy:   review.Policy{Groups: []review.Group{{Rule: review.RuleAll, Seats: []review.Seat{{ID: "dpo", Role: "dpo"}}}}},
		Seatings: []review.Seating{{Seat: "dpo"}}, Clocks: []review.Clock{{Opened: days(2), Due: days(9)}}}
	security := ask
	security.ID, security.Step, security.Title, security.Sheet = collects+":security.1", "security", "Security questions", true
	security.Points = []engagement.Point{{ID: "mfa", Title: "A second factor?", Kind: engagement.PointYesNo}, {ID: "policy", Title: "The policy", Kind: engagement.PointFile, Optional: true},
		{ID: "owner", Title: "Who answers for it?", Kind: engagement.PointText}}
	return dossier.CaseView{ID: collects, Vendor: "brightwell-payroll", Owner: "maya", State: dossier.Running, Opened: days(1), Requests: []review.Request{ask, check, security}}
}

func contactsOf() []playbook.Contact {
	return []playbook.Contact{
		{ID: "brightwell-payroll.1", Vendor: "brightwell-payroll", Name: "Ann \x1b[2JPrice", Mail: "ann@brightwell.example", Role: "DPO", State: playbook.ContactActive, By: "maya", Made: days(1), Changed: days(1)},
		{ID: "brightwell-payroll.2", Vendor: "brightwell-payroll", Name: "Dee", Mail: "dee@lawyers.example", State: playbook.ContactProposed, By: "brightwell-payroll.1", Made: days(5), Changed: days(5)}}
}

// vendorGet answers what asks about the vendor's people; false: it doesn't.
func (f *fakeAPI) vendorGet(w http.ResponseWriter, path string, q url.Values) bool {
	switch {
	case path == "/api/outside":
		f.outsideGet(w, q)
	case path != "/api/contacts" && path != "/api/arrivals":
		return false
	case q.Get("case") != collects:
		f.fault(w, http.StatusNotFound, fmt.Sprintf("there is no case %q", q.Get("case")), "")
	case path == "/api/contacts":
		f.json(w, contactsOf())
	default:
		f.json(w, []arrivals.Arrival{{ID: "arr-1", Raw: bookDigest, Came: days(3), State: arrivals.Settled, Kind: arrivals.Comment, Person: "brightwell-payroll.1", Case: collects,
			Request: collects + ":dpa-request.1", Why: []arrivals.Why{arrivals.BadDocument}, Done: days(3).Add(time.Second)}})
	}
	return true
}

// vendorPost takes what is said about them; false: it is about something else.
func (f *fakeAPI) vendorPost(w http.ResponseWriter, r *http.Request, as string, body []byte) bool {
	var in struct{ Case, Contact, Name, Mail, Phone, Role string }
	if f.outsidePost(w, r, as, body) {
		return true
	}
	switch r.URL.Path {
	case "/api/adopt":
		f.adoptPost(w, r, as, body)
		return true
	case "/api/exit", "/api/exit/preview":
		f.exitPost(w, r, as, body)
		return true
	case "/api/dpa":
		var i playbook.DPAIntake
		f.strict(body, &i)
		f.note(r, as, i.ID, body)
		if !f.prepared(w, "reply") {
			f.json(w, map[string]string{"case": collects})
		}
		return true
	case "/api/diligence", "/api/pilot", "/api/contract":
		var i playbook.Intake
		f.strict(body, &i)
		f.note(r, as, i.ID, body)
		if !f.prepared(w, "reply") {
			f.json(w, map[string]string{"case": strings.TrimPrefix(r.URL.Path, "/api/") + "/brightwell-payroll/1"})
		}
		return true
	case "/api/contacts", "/api/contacts/confirm", "/api/contacts/end", "/api/contacts/revoke":
		f.strict(body, &in)
	default:
		return false
	}
	f.note(r, as, "", body)
	switch {
	case as != "maya":
		f.fault(w, http.StatusForbidden, "acting as the case owner is not for you", "ask the case owner")
	case r.URL.Path == "/api/contacts" && (in.Name == "" || in.Mail == ""), r.URL.Path != "/api/contacts" && in.Contact == "":
		f.t.Errorf("%s: the server refuses %s", r.URL.Path, body)
	case r.URL.Path == "/api/contacts":
		f.json(w, playbook.Contact{ID: "brightwell-payroll.3", Vendor: "brightwell-payroll", Name: in.Name, Mail: in.Mail, State: playbook.ContactActive, By: as})
	case r.URL.Path == "/api/contacts/revoke":
		f.json(w, map[string]int{"links": 2})
	default:
		f.json(w, struct{}{})
	}
	return true
}
