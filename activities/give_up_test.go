package activities

import (
	"io"
	"strings"
	"testing"
	"time"

	"gangway/internal/exit"
)

// Who decides what is given up reads it as the plan calls it, each with its reason; the
// data beside it knows ids alone. A plan that can't be read calls nothing by a name.
func TestGiveUp(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	a := &Activities{Archive: s, Filing: s}
	from := time.Date(2026, 9, 1, 9, 0, 0, 0, time.UTC)
	plan := exitPlan(t, s, map[string]string{"asset-10-what": "northgate.example\n" + strings.Repeat("x", 200), "area-1-what": "the pay run"}, map[string]string{"asset-10-kind": "domain"})
	in := exit.Compressed{Case: "exit/acme/1", Vendor: "acme", Plan: plan, Schedule: exit.Schedule{From: from, By: from.AddDate(0, 0, 3), Notice: exit.NoticeLate,
		NoticeBy: from.AddDate(0, 0, -27), Binds: from.AddDate(0, 0, 30), Milestones: []exit.Milestone{{Step: "show", Part: exit.PartTransfer, On: from.AddDate(0, 0, 2), Days: 1, Wanted: 7}},
		GivenUp: []exit.GivenUp{{What: exit.GivesStep, ID: "session", Part: exit.PartTransfer, How: exit.LeftOut, Why: exit.WhyMode},
			{What: exit.GivesStep, ID: "show", Part: exit.PartTransfer, How: exit.Shortened, Why: exit.WhyTime, Wanted: 7, Days: 1},
			{What: exit.GivesArea, ID: "area-1", Part: exit.PartTransfer, How: exit.NotByThen, Why: exit.WhyReceiver, Wanted: 3, Days: -2},
			{What: exit.GivesAsset, ID: "asset-10", Part: exit.PartHandover, How: exit.NotByThen, Why: exit.WhyPeriod, Wanted: 5, Days: 3},
			{What: exit.GivesAsset, ID: "asset-2", Part: exit.PartHandover, How: exit.NotByThen, Why: exit.WhyNoStep}}}}
	out, err := a.GiveUp(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	page := textIn(t, s, out.Page)
	for _, want := range []string{"off by 4 September 2026; 3 days are left. For that 1 steps are left out, 1 have less time than they want, and 3 areas and assets cannot be there by then.",
		"the contract binds until 1 October 2026 at least", "step session (transfer): left out, because exits of this kind do not ask it", "step show (transfer): shortened, because it wants 7 days and has 1",
		"area area-1, the pay run (transfer): not there by then, because whoever takes it has others to take first: it wants 3 days, and 0 are left then",
		"asset asset-10, northgate.example xxx", "rules from outside give it 5 days, and 3 are left", "asset asset-2 (handover): not there by then, because no step", "3 September 2026: show (transfer), with 1 of 7 days"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q:\n%s", want, page)
		}
	}
	if data := textIn(t, s, out.Data); strings.Contains(data, "pay run") || !strings.Contains(data, `"receiver-full"`) {
		t.Errorf("the data are %s", data)
	}
	again, err := a.GiveUp(t.Context(), in)
	if err != nil || again != out {
		t.Errorf("the same is written as %v, %v, then %v", out, err, again)
	}
	in.Plan = s.put(t, []byte("planted prose"))
	out, err = a.GiveUp(t.Context(), in)
	if err != nil || !strings.Contains(textIn(t, s, out.Page), "area area-1 (transfer)") {
		t.Errorf("with a plan that nobody can read: %v\n%s", err, textIn(t, s, out.Page))
	}
	in.Plan = "sha256:" + strings.Repeat("0", 64)
	in.Schedule = exit.Schedule{Notice: exit.NoticeUnknown}
	out, err = a.GiveUp(t.Context(), in)
	if err != nil || !strings.Contains(textIn(t, s, out.Page), "Nothing is given up for that.") {
		t.Errorf("with nothing to give up: %v", err)
	}
}

// textIn is what was filed under a digest.
func textIn(t *testing.T, s *store, digest string) string {
	t.Helper()
	_, r, err := s.Get(t.Context(), digest)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	text, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
