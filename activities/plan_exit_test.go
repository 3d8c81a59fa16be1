package activities

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"gangway/internal/custody"
	"gangway/internal/engagement"
	"gangway/internal/exit"
	"gangway/internal/inventory"
	"gangway/internal/playbook"
)

// exitPlan files a filled-in exit plan: words by the points' ids, and what was chosen.
func exitPlan(t *testing.T, s *store, words, chosen map[string]string) string {
	t.Helper()
	var sheet engagement.Sheet
	for _, id := range []string{"asset-1-what", "asset-1-kind", "asset-1-who", "asset-2-what", "asset-2-kind", "asset-10-what", "asset-10-kind", "asset-x-what",
		"area-1-what", "area-1-who", "area-2-what", "no-return", "asset-"} {
		l := engagement.SheetLine{Point: engagement.Point{ID: id}, Words: words[id], Finding: engagement.Finding{Point: id}}
		if c := chosen[id]; c != "" {
			l.Finding.Choices = []string{c}
		}
		sheet.Lines = append(sheet.Lines, l)
	}
	text, err := json.Marshal(sheet)
	if err != nil {
		t.Fatal(err)
	}
	return s.put(t, text)
}

// What a plan names goes into the process by the ids of its rows; what it is called stays
// in documents. Rows that say nothing name nothing; one that says half of it names a thing.
func TestPlanExit(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	a := &Activities{Archive: s, Filing: s}
	plan := exitPlan(t, s, map[string]string{"asset-1-what": "northgate/payroll", "asset-2-what": "  ", "asset-10-what": "planted-domain", "area-1-what": "planted-area", "no-return": "the pay run"},
		map[string]string{"asset-1-kind": "repository", "asset-1-who": "it-ida", "asset-2-kind": "repository", "asset-10-kind": "domain", "area-1-who": "service-sol"})
	out, err := a.PlanExit(t.Context(), PlanExitIn{Plan: plan})
	if err != nil {
		t.Fatal(err)
	}
	list := out.Repositories
	out.Repositories = ""
	want := PlanExitOut{Plan: plan, NoReturn: true, Areas: []exit.Area{{ID: "area-1", Receiver: "service-sol"}},
		Assets: []exit.Asset{{ID: "asset-1", Kind: exit.AssetRepository, Receiver: "it-ida"}, {ID: "asset-2", Kind: exit.AssetRepository}, {ID: "asset-10", Kind: exit.AssetDomain}}}
	if d := cmp.Diff(want, out); d != "" {
		t.Errorf("the plan names (- want, + got):\n%s", d)
	}
	var got custody.List
	if err := a.readJSON(t.Context(), list, "a list", &got); err != nil {
		t.Fatal(err)
	}
	if len(got.Items) != 1 || got.Items[0].Asset != "asset-1" || got.Items[0].Repository.Owner != "northgate" || got.Items[0].Repository.Name != "payroll" || got.Kind != custody.ListKind {
		t.Errorf("listed are %+v", got)
	}
	payload, err := json.Marshal(out)
	if err != nil || strings.Contains(string(payload), "planted") || strings.Contains(string(payload), "payroll") {
		t.Errorf("the payload is %s", payload)
	}
}

// A repository is listed however people write it; by its name alone it is the client's own.
func TestPlansNameRepositories(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	a := &Activities{Archive: s, Filing: s}
	for written, want := range map[string]inventory.Repository{"payroll": {Name: "payroll"}, "https://github.com/acme/engine.git": {Owner: "acme", Name: "engine"}} {
		out, err := a.PlanExit(t.Context(), PlanExitIn{Plan: exitPlan(t, s, map[string]string{"asset-1-what": written}, map[string]string{"asset-1-kind": "repository"})})
		if err != nil || len(out.Assets) != 1 {
			t.Fatalf("%q: %+v, %v", written, out, err)
		}
		var got custody.List
		if err := a.readJSON(t.Context(), out.Repositories, "a list", &got); err != nil {
			t.Fatal(err)
		}
		if len(got.Items) != 1 || got.Items[0].Asset != "asset-1" || got.Items[0].Repository != want {
			t.Errorf("%q: listed are %+v", written, got)
		}
	}
}

// A document that is no sheet is refused for good, and quoted nowhere; a repository that
// is called by words that are no name is an asset all the same.
func TestPlansThatCanNotBeRead(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	a := &Activities{Archive: s, Filing: s}
	_, err := a.PlanExit(t.Context(), PlanExitIn{Plan: s.put(t, []byte("planted prose"))})
	if err == nil || strings.Contains(err.Error(), "planted") {
		t.Errorf("got %v", err)
	}
	for _, name := range []string{"the pay engine", "a/b/c", "/b", "a/", "a/b c"} {
		out, err := a.PlanExit(t.Context(), PlanExitIn{Plan: exitPlan(t, s, map[string]string{"asset-1-what": name}, map[string]string{"asset-1-kind": "repository"})})
		if err != nil || len(out.Assets) != 1 || out.Repositories != "" {
			t.Errorf("%q: %+v, %v", name, out, err)
		}
	}
	for _, kind := range []string{"", "spaceship"} { // it is named, and does not vanish
		out, err := a.PlanExit(t.Context(), PlanExitIn{Plan: exitPlan(t, s, map[string]string{"asset-1-what": "x"}, map[string]string{"asset-1-kind": kind})})
		if err != nil || len(out.Assets) != 1 || out.Assets[0].Kind != exit.AssetDocument {
			t.Errorf("%q: %+v, %v", kind, out, err)
		}
	}
	out, err := a.PlanExit(t.Context(), PlanExitIn{Plan: exitPlan(t, s, map[string]string{"asset-1-what": " "}, map[string]string{"asset-1-kind": "spaceship", "asset-1-who": "it-ida"})})
	if err != nil || len(out.Assets) != 0 {
		t.Errorf("%+v, %v", out, err)
	}
}

// sound is a certificate that can be issued.
func sound() exit.Certificate {
	day := time.Date(2026, 9, 30, 9, 0, 0, 0, time.UTC)
	return exit.Certificate{Case: "exit/acme/1", Vendor: "acme", Number: 2, Order: exit.Order{Mode: exit.ModeForCause, After: exit.AfterReplaced, Successor: "zeta", By: day, Trigger: exit.TriggerAuditFailure},
		Began: day.AddDate(0, -3, 0), Returned: day.AddDate(0, -1, 0), At: day, Notice: "sha256:receipt",
		Matters: []exit.Matter{{ID: "exit/acme/1:notice", Part: exit.PartExit, Name: "notice", State: exit.StateDone, By: "legal-lee", Answer: "a1", Document: "sha256:receipt"},
			{ID: "revocation/acme/1:deploy-keys", Part: exit.PartRevocation, Name: "deploy-keys", State: exit.StateWaived, By: "owner-ola", Until: day.AddDate(1, 0, 0), Answer: "a7", Why: "not-checkable"}},
		Backups: []exit.Backup{{ID: "backup-1", On: day.AddDate(0, 2, 0)}}}
}

// The page says who waived what and until when, which backups are open, and is named by
// a document that holds the same as data.
func TestCertify(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	s.people = []playbook.Person{{ID: "owner-ola", Name: "Ola\nOwner"}}
	a := &Activities{Archive: s, Filing: s}
	out, err := a.Certify(t.Context(), exit.Issue{Certificate: sound()})
	if err != nil {
		t.Fatal(err)
	}
	page := read(t, s, out.Page)
	for _, want := range []string{"CLOSING CERTIFICATE 2 OF THE EXIT exit/acme/1", "2 things were seen to: 1 are done and verified, 0 were not needed, 1 are waived",
		"30 November 2026: backup-1", "deploy-keys (revocation): by Ola Owner until 30 September 2027; it was not checkable", "notice: done by legal-lee (sha256:receipt)",
		"for-cause, because of audit failure", "replaced by zeta", out.Data} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q:\n%s", want, page)
		}
	}
	var data exit.Certificate
	if err := json.Unmarshal([]byte(read(t, s, out.Data)), &data); err != nil || cmp.Diff(sound(), data) != "" {
		t.Errorf("the data are %+v, %v", data, err)
	}
	again, err := a.Certify(t.Context(), exit.Issue{Certificate: sound()})
	if err != nil || again != out {
		t.Errorf("made again it is %+v, %v", again, err)
	}
}

func read(t *testing.T, s *store, digest string) string {
	t.Helper()
	a := &Activities{Archive: s}
	_, r, err := a.Archive.Get(t.Context(), digest)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	var b strings.Builder
	buf := make([]byte, 64<<10)
	for {
		n, err := r.Read(buf)
		b.Write(buf[:n])
		if err != nil {
			return b.String()
		}
	}
}

// Whatever the process says, nothing that is open is certified.
func TestNothingOpenIsCertified(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	a := &Activities{Archive: s, Filing: s}
	for _, state := range []exit.State{exit.StateOpen, exit.StateFailed, exit.StateFound, exit.StateNotCheckable, ""} {
		c := sound()
		c.Matters[0].State = state
		if out, err := a.Certify(t.Context(), exit.Issue{Certificate: c}); err == nil || out.Page != "" {
			t.Errorf("%q is certified: %+v", state, out)
		}
	}
	c := sound()
	c.Matters[0].Answer = "" // nobody said so
	if out, err := a.Certify(t.Context(), exit.Issue{Certificate: c}); err == nil || out.Page != "" {
		t.Errorf("done by a paper alone is certified: %+v", out)
	}
}

// The report of a drill certifies nothing: it says how long each step takes, whether that
// is within the notice period, and what is lacking.
func TestReportOfADrill(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	a := &Activities{Archive: s, Filing: s}
	c := sound()
	c.Drill, c.Order.Mode, c.Order.Rehearses, c.NoticeDays = true, exit.ModeDrill, exit.ModeStressed, 8
	c.Matters[0].State, c.Matters[0].Why = exit.StateFailed, "no-copy"
	c.Steps = []exit.Rehearsed{{Step: "notice", Starts: c.Began, Ends: c.Began.AddDate(0, 0, 5)},
		{Part: exit.PartHandover, Step: "hand-over", Starts: c.Began, Ends: c.Began.AddDate(0, 0, 7), Seats: 2, Theirs: 1, Waivable: true, State: exit.StateDone, By: "maya"},
		{Part: exit.PartHandover, Step: "restore", Starts: c.Began, Ends: c.Began.AddDate(0, 0, 9), Seats: 1, State: exit.StateFailed, By: "maya"},
		{Part: exit.PartDataReturn, Step: "open-it", Starts: c.Began, Ends: c.Began.AddDate(0, 0, 9), Seats: 1, Theirs: 1, State: exit.StateOpen}}
	c.Chase = []exit.Rehearsed{{Step: "letter", Starts: c.Began.AddDate(0, 0, 7), Ends: c.Began.AddDate(0, 0, 12), Seats: 1}}
	c.Alone = c.Began.AddDate(0, 0, 20)
	out, err := a.Certify(t.Context(), exit.Issue{Certificate: c})
	if err != nil {
		t.Fatal(err)
	}
	page := read(t, s, out.Page)
	for _, want := range []string{"REPORT OF THE DRILL", "Nothing here certifies anything", "(stressed)", "longer than the notice period of 8 days", "There is no signed exit plan",
		"notice: 30 June 2026 to 5 July 2026, 5 days", "notice (exit): failed: no copy", "GAPS: 1\n",
		"HOW LONG EACH STEP MAY TAKE\n  notice", " handover\n  hand-over: 30 June 2026 to 7 July 2026, 7 days, asked of the vendor and 1 of ours; done within its hour by ",
		"restore: 30 June 2026 to 9 July 2026, 9 days, asked of 1 of ours; tried by ", ", and failed\n", "open-it: 30 June 2026 to 9 July 2026, 9 days, asked of the vendor; nobody had done it within the hour",
		"IF THE VENDOR NEVER ANSWERED\n  They would be late first on 7 July 2026.\n  letter: 7 July 2026 to 12 July 2026", "From 20 July 2026 on it would be done without them.", "1 thing could be done without"} {
		if !strings.Contains(page, want) {
			t.Errorf("the report lacks %q:\n%s", want, page)
		}
	}
	if strings.Contains(page, "CERTIFICATE") || strings.Contains(page, "is off") {
		t.Errorf("the report reads as a certificate:\n%s", page)
	}
}

// TestACertificateNamesWhatThePlanNames: who reads it outside learns what was handed over and
// taught, and the name of nobody who moves with the service.
func TestACertificateNamesWhatThePlanNames(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	c := sound()
	c.Plan = exitPlan(t, s, map[string]string{"asset-2-what": "acme.example", "asset-3-what": "Paula Planted", "area-1-what": "the pay run"}, map[string]string{"asset-2-kind": "domain", "asset-3-kind": "staff"})
	done := exit.Matter{State: exit.StateDone, By: "it-ida", Answer: "a1", Document: "sha256:x"}
	for _, m := range []exit.Matter{{Part: exit.PartHandover, Name: "asset-2"}, {Part: exit.PartHandover, Name: "asset-3"}, {Part: exit.PartTransfer, Name: "area-1"}, {Part: exit.PartRevocation, Name: "asset-2"}} {
		m.ID, m.State, m.By, m.Answer, m.Document = m.Part+"/acme/1:"+m.Name, done.State, done.By, done.Answer, done.Document
		c.Matters = append(c.Matters, m)
	}
	c.Matters[len(c.Matters)-3].Why = "by-copy"
	out, err := (&Activities{Archive: s, Filing: s}).Certify(t.Context(), exit.Issue{Certificate: c})
	if err != nil {
		t.Fatal(err)
	}
	page := read(t, s, out.Page)
	for _, want := range []string{"\n  asset-2, acme.example: done, verified by", "\n  asset-3: done, verified by", ", by copy (sha256:x)", "\n  area-1, the pay run: done, verified by", "\n  asset-2: done by"} {
		if !strings.Contains(page, want) {
			t.Errorf("the certificate lacks %q:\n%s", want, page)
		}
	}
	if strings.Contains(page, "Planted") {
		t.Errorf("the certificate names who moves:\n%s", page)
	}
}

// TestADrillNamesWhatThePlanNames: gaps and what is given up are called as the plan calls
// them, with the ids of its rows; a plan that is gone calls nothing by a name, and a store
// that is away is asked again.
func TestADrillNamesWhatThePlanNames(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	a := &Activities{Archive: s, Filing: s}
	c := sound()
	c.Drill, c.Order.Mode, c.Order.Rehearses = true, exit.ModeDrill, exit.ModeStressed
	c.Matters = []exit.Matter{{ID: "handover/acme/1:asset-2", Part: exit.PartHandover, Name: "asset-2", State: exit.StateOpen, Why: "no-receiver"},
		{ID: "handover/acme/1:asset-2-restored", Part: exit.PartHandover, Name: "asset-2-restored", State: exit.StateNotCheckable, Why: "no-restore"},
		{ID: "transfer/acme/1:area-1", Part: exit.PartTransfer, Name: "area-1", State: exit.StateOpen, Why: "no-receiver"}}
	c.GivenUp = []exit.GivenUp{{What: exit.GivesAsset, ID: "asset-2", Part: exit.PartHandover, How: exit.NotByThen, Why: exit.WhyTime, Wanted: 3, Days: 1},
		{What: exit.GivesStep, ID: "area-1", Part: exit.PartTransfer, How: exit.Shortened, Why: exit.WhyTime, Wanted: 1}}
	for plan, names := range map[string][]string{
		exitPlan(t, s, map[string]string{"asset-2-what": "the name\nacme.example", "area-1-what": "Payroll"}, map[string]string{"asset-2-kind": "domain"}): {", the name acme.example", ", Payroll"},
		"sha256:erased": {"", ""},
	} {
		c.Plan = plan
		out, err := a.Certify(t.Context(), exit.Issue{Certificate: c})
		if err != nil {
			t.Fatal(err)
		}
		page := read(t, s, out.Page)
		for _, want := range []string{"  asset-2" + names[0] + " (handover): nobody is named", "  asset-2-restored" + names[0] + " (handover): its copy", "  area-1" + names[1] + " (transfer): nobody",
			"  asset asset-2" + names[0] + " (handover): not there by then, because it wants 3 days and has 1\n", "  step area-1 (transfer): shortened, because it wants 1 day and has 0\n"} {
			if !strings.Contains(page, want) {
				t.Errorf("the report lacks %q:\n%s", want, page)
			}
		}
	}
	s.fault = errors.New("the store is away")
	if _, err := a.Certify(t.Context(), exit.Issue{Certificate: c}); err == nil {
		t.Error("a report is made of a plan that could not be asked for")
	}
}
