package main

import (
	"net/http"
	"strings"
	"time"

	"gangway/internal/dossier"
	"gangway/internal/engagement"
)

const overseen = "oversight/brightwell-payroll/1"

// overseeing is a case in which something is watched.
func overseeing() dossier.CaseView {
	day := func(y int, m time.Month, d int) time.Time { return time.Date(y, m, d, 0, 0, 0, 0, time.UTC) }
	return dossier.CaseView{ID: overseen, Vendor: "brightwell-payroll", Owner: "maya", State: dossier.Running, Opened: days(1), Watched: []dossier.WatchView{
		{Expiry: engagement.Expiry{ID: overseen + ":contract", Kind: engagement.ExpiryContract, Name: "contract", On: day(2027, 12, 31), NoticeDays: 90, Renews: true, Unreviewed: true}, NoticePassed: true},
		{Expiry: engagement.Expiry{ID: overseen + ":certificate-1", Kind: engagement.ExpiryCertificate, Name: "certificate-1", On: day(2026, 5, 31)}, Lapsed: true},
		{Expiry: engagement.Expiry{ID: overseen + ":access-1", Kind: engagement.ExpiryAccess, Name: "access-1", On: day(2026, 6, 30)}, Ended: "removed"},
		{Expiry: engagement.Expiry{ID: overseen + ":gap-exit-plan", Kind: engagement.ExpiryGap, Name: "exit-plan", Unreviewed: true}},
	}}
}

// adoptPost takes a file of vendors as the server does: a document that it names must
// have been filed.
func (f *fakeAPI) adoptPost(w http.ResponseWriter, r *http.Request, as string, body []byte) {
	var o dossier.AdoptOrder
	f.strict(body, &o)
	f.note(r, as, "", body)
	if f.prepared(w, "reply") {
		return
	}
	a := dossier.Adoption{Rows: []dossier.AdoptedRow{{Line: 2, Does: dossier.AdoptOpens, AdoptedVendor: dossier.AdoptedVendor{Vendor: engagement.Vendor{Slug: "brightwell-payroll"},
		Facts: []dossier.AdoptedFact{{Name: "contract", Until: time.Date(2027, 12, 31, 0, 0, 0, 0, time.UTC), File: "contract.md"}}, Gaps: []string{"dpa", "exit-plan"}}}}}
	if o.Files["contract.md"] == "" {
		a.Files = []string{"contract.md"}
	}
	if strings.Contains(o.CSV, "elsewhere") {
		a.Files = []string{"../elsewhere.md"}
	}
	switch {
	case o.Try:
	case o.Files["contract.md"] == "":
		f.t.Errorf("a file was adopted without its document: %s", body)
	default:
		a.Rows[0].Case = overseen
	}
	f.json(w, a)
}
