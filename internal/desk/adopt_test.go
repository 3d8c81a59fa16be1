package desk

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"gangway/internal/calendar"
	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/playbook"
	"gangway/workflows"
)

// vendors is a file of two: of one much is known, of the other nothing.
const vendors = "vendor,slug,service,owner,sponsor,contract_file,contract_end,notice_days,renews,dpa_end,contacts,access,certificates,data,source\n" +
	"Acme " + planted + ",acme-payroll," + planted + " payroll,olga,rita,c.pdf,2027-12-31,90,yes,,Ann " + planted + " <ann@acme.example>,ann-" + planted + " until 2026-12-31,ISO " + planted + " until 2027-05-31,personal," + planted + " register\n" +
	"Beta Hosting,,hosting,olga,,,,,,,,,,,told by olga\n"

func (w *world) files(text string) string {
	w.t.Helper()
	return must[dossier.Paper](w.t)(w.store.Put(w.t.Context(), strings.NewReader(text), engagement.MaxDocument)).Digest
}

func adopts(w *world, o dossier.AdoptOrder) dossier.Adoption {
	w.t.Helper()
	return must[dossier.Adoption](w.t)(w.desk.Adopt(w.t.Context(), from("rita"), o))
}

// TestTryingAnAdoption says what it would do, and does nothing.
func TestTryingAnAdoption(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.desk.library = binder{}
	before := len(w.lines(dossier.Register))
	got := adopts(w, dossier.AdoptOrder{CSV: vendors, Try: true})
	same(t, "files", []string{"c.pdf"}, got.Files)
	same(t, "what it does", []string{dossier.AdoptOpens, dossier.AdoptOpens}, []string{got.Rows[0].Does, got.Rows[1].Does})
	same(t, "gaps", [][]string{{"dpa", "exit-plan"}, {"contract", "dpa", "exit-plan", "contacts"}}, [][]string{got.Rows[0].Gaps, got.Rows[1].Gaps})
	same(t, "done", []int{0, before}, []int{len(w.engine.starts), len(w.lines(dossier.Register))})
	same(t, "slug", "beta-hosting", got.Rows[1].Vendor.Slug)
}

// TestAnAdoptedVendorNeedsNoBusinessCase: by a playbook that wants more of a new
// vendor's intake the same row is taken, since nobody can make up what was never
// written down; and a row that is wrong stays wrong.
func TestAnAdoptedVendorNeedsNoBusinessCase(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	row := "vendor,service,owner,data,source\nAcme Payroll,payroll,olga,personal,a folder\n"
	o := dossier.AdoptOrder{CSV: row, Try: true, Playbook: "whole"}
	got := adopts(w, o)
	same(t, "tier", 2, int(got.Rows[0].Tier))
	o.CSV = strings.ReplaceAll(row, "personal", "secret")
	_, err := w.desk.Adopt(t.Context(), from("rita"), o)
	isInput(t, err)
}

// TestAdoption: an oversight for each vendor, with what is known marked as not
// reviewed, what lacks as something owed, and no name or word in what the engine gets.
func TestAdoption(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.desk.library = binder{}
	contract := w.files("the contract")
	o := dossier.AdoptOrder{CSV: vendors, Files: map[string]string{"c.pdf": contract}}
	got := adopts(w, o)
	same(t, "cases", []string{"oversight/acme-payroll/1", "oversight/beta-hosting/1"}, []string{got.Rows[0].Case, got.Rows[1].Case})
	in := w.engine.oversights[0]
	day := func(y int, m time.Month, d int) time.Time { return time.Date(y, m, d, 0, 0, 0, 0, time.UTC) }
	same(t, "expiries", []engagement.Expiry{
		{ID: ":contract", Kind: engagement.ExpiryContract, Name: "contract", On: day(2027, 12, 31), Document: contract, NoticeDays: 90, Renews: true, Unreviewed: true},
		{ID: ":access-1", Kind: engagement.ExpiryAccess, Name: "access-1", On: day(2026, 12, 31), Unreviewed: true},
		{ID: ":certificate-1", Kind: engagement.ExpiryCertificate, Name: "certificate-1", On: day(2027, 5, 31), Unreviewed: true},
		{ID: ":gap-dpa", Kind: engagement.ExpiryGap, Name: "dpa", Unreviewed: true},
		{ID: ":gap-exit-plan", Kind: engagement.ExpiryGap, Name: "exit-plan", Unreviewed: true},
	}, in.Expiries)
	same(t, "input", []any{got.Rows[0].Case, "rita", "olga", "rita", contract, "", true}, []any{in.Case, in.Requester, in.Owner, in.Sponsor, in.Contract, in.Predecessor, len(in.Steps) > 0})
	_, r, err := w.store.Get(t.Context(), in.Intake.Digest)
	ok(t, err)
	defer r.Close()
	var kept dossier.AdoptedVendor
	ok(t, json.NewDecoder(r).Decode(&kept))
	same(t, "kept", []any{planted + " register", "ISO " + planted, 3}, []any{kept.Source, kept.Facts[2].Words, len(kept.Facts)})
	same(t, "contacts", 1, len(must[[]playbook.Contact](t)(w.store.Contacts(t.Context(), "acme-payroll"))))
	opened := 0
	for _, l := range w.lines(dossier.Register) {
		if l.Entry.Kind == dossier.CaseOpened {
			opened++
		}
	}
	same(t, "register", 2, opened)

	again := adopts(w, o)
	same(t, "again", []string{dossier.AdoptNothing, dossier.AdoptNothing, "2"}, []string{again.Rows[0].Does, again.Rows[1].Does, string(rune('0' + len(w.engine.starts)))})
}

// TestAFileThatKnowsMore tells the oversight that runs, once, and only what is news.
func TestAFileThatKnowsMore(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.desk.library = binder{}
	id := "oversight/acme/1"
	p := &process{id: id, of: id, results: map[string]any{}}
	p.say(w.clock.now(), dossier.Entry{Kind: dossier.CaseOpened, Actor: "rita", Detail: &dossier.Detail{Vendor: "acme", Owner: "olga", Requester: "rita", Playbook: "standard"}})
	p.say(w.clock.now(), dossier.Entry{Kind: dossier.ProcessStarted, Detail: &dossier.Detail{}})
	p.say(w.clock.now(), dossier.Entry{Kind: dossier.Watched, Detail: &dossier.Detail{Expiry: &engagement.Expiry{ID: id + ":contract", Kind: engagement.ExpiryContract,
		On: time.Date(2027, 12, 31, 0, 0, 0, 0, time.UTC), Unreviewed: true}}})
	w.begins(p)
	head := "vendor,service,owner,contract_end,notice_days,certificates,source\n"
	known, more := head+"Acme,payroll,olga,2027-12-31,90,,x\n", head+"Acme,payroll,olga,2027-12-31,90,ISO until 2027-05-31,x\n"
	same(t, "known", []string{dossier.AdoptNothing, id}, []string{adopts(w, dossier.AdoptOrder{CSV: known}).Rows[0].Does, adopts(w, dossier.AdoptOrder{CSV: known}).Rows[0].Case})
	same(t, "more", dossier.AdoptAdds, adopts(w, dossier.AdoptOrder{CSV: more}).Rows[0].Does)
	same(t, "the same again", dossier.AdoptNothing, adopts(w, dossier.AdoptOrder{CSV: more}).Rows[0].Does)
	if len(w.engine.signals) != 1 || w.engine.signals[0].process != id || w.engine.signals[0].name != workflows.SignalNews {
		t.Fatalf("told %+v", w.engine.signals)
	}
	var n workflows.News
	ok(t, json.Unmarshal(w.engine.signals[0].data, &n))
	same(t, "news", []string{id + ":certificate-1"}, []string{n.Expiries[0].ID})
	same(t, "how many", 1, len(n.Expiries))
	filed := slices.DeleteFunc(w.lines(id), func(l dossier.Line) bool { return l.Entry.Kind != dossier.DocumentFiled })
	same(t, "filed", 1, len(filed))
	same(t, "started", 0, len(w.engine.starts))
}

// TestFaultsOfAnAdoption: every fault of every row at once, and nothing is done.
func TestFaultsOfAnAdoption(t *testing.T) {
	t.Parallel()
	w := withRoles(t)
	w.opens("onboarding/acme/1", calendar.Anchor{})
	head := "vendor,service,owner,contract_file,data,source\n"
	file := head + "Acme,payroll,olga,,,x\n" + "Beta,hosting,nobody,,gossip,x\n" + "Gamma,hosting,olga,gone.pdf,,x\n" + "Gamma,hosting,olga,,,x\n"
	_, err := w.desk.Adopt(t.Context(), from("rita"), dossier.AdoptOrder{CSV: file})
	in := isInput(t, err)
	for _, want := range []string{"line 2: acme is being taken on board in onboarding/acme/1", "line 3: owner: ", "line 3: data[0]: ", "line 5: it is the vendor of line 4", "these documents were not filed: gone.pdf"} {
		if !strings.Contains(in.Error(), want) {
			t.Errorf("want %q in\n%s", want, in.Error())
		}
	}
	_, err = w.desk.Adopt(t.Context(), from("amina"), dossier.AdoptOrder{CSV: vendors})
	forbidden(t, err)
	_, err = w.desk.Adopt(t.Context(), from("rita"), dossier.AdoptOrder{CSV: head + "Gamma,hosting,olga,gone.pdf,,x\n", Files: map[string]string{"gone.pdf": "sha256:" + strings.Repeat("0", 64)}})
	if in := isInput(t, err); !strings.Contains(in.Error(), `the document "gone.pdf" was not filed`) {
		t.Error(in)
	}
	same(t, "started", 0, len(w.engine.starts))
}

// TestAnAdoptionWhileTheEngineIsAway is started by the loop, as what it is.
func TestAnAdoptionWhileTheEngineIsAway(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.desk.library = binder{}
	w.engine.fails(down())
	got := adopts(w, dossier.AdoptOrder{CSV: "vendor,service,owner,source\nBeta,hosting,olga,x\n"})
	w.engine.works()
	w.delivers()
	w.delivers()
	same(t, "started", []any{1, "oversight/beta/1"}, []any{len(w.engine.oversights), got.Rows[0].Case})
}
