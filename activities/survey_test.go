package activities

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/converter"
	"go.temporal.io/sdk/log"
	"go.temporal.io/sdk/testsuite"

	"gangway/internal/engagement"
	"gangway/internal/entitlement"
	"gangway/internal/inventory"
)

// surveyor is an organisation with two repositories, of which it says what stands in
// found, by the repository's name; the empty name is the organisation's.
type surveyor struct {
	found map[string][]inventory.Finding
	fault map[string]error // by the repository's name, or "cut "+title
	calls []string
}

const plantedLogin = "planted-vendor-login"

func (s *surveyor) sights(name string, places []inventory.Place) []inventory.Sight {
	var all []inventory.Sight
	for _, p := range places {
		x := inventory.Sight{Place: p, Verdict: entitlement.VerdictClean}
		for _, f := range s.found[name] {
			if f.Place == p {
				x.Verdict, x.Findings = entitlement.VerdictFound, append(x.Findings, f)
			}
		}
		all = append(all, x)
	}
	return all
}

func (s *surveyor) Organisation(_ context.Context, _ inventory.Roster) (inventory.Overview, error) {
	s.calls = append(s.calls, "organisation")
	return inventory.Overview{Repositories: []inventory.Repository{{ID: 1, Name: "ledger"}, {ID: 2, Name: "portal"}},
		Sights: s.sights("", inventory.Places())}, s.fault[""]
}

func (s *surveyor) Repository(_ context.Context, _ inventory.Roster, r inventory.Repository) ([]inventory.Sight, error) {
	s.calls = append(s.calls, r.Name)
	return s.sights(r.Name, inventory.RepositoryPlaces()), s.fault[r.Name]
}

func (s *surveyor) Cut(_ context.Context, _ inventory.Roster, f inventory.Finding) (inventory.Sight, error) {
	s.calls = append(s.calls, "cut "+f.Title)
	for name, all := range s.found {
		s.found[name] = slices.DeleteFunc(slices.Clone(all), func(x inventory.Finding) bool { return x == f })
	}
	return inventory.Sight{Place: f.Place, Verdict: entitlement.VerdictClean}, s.fault["cut "+f.Title]
}

// later is an error that says when to try again.
type later struct{}

func (later) Error() string             { return "planted limit" }
func (later) RetryAfter() time.Duration { return time.Minute }

// surveying is the activities over such an organisation, as the engine runs them.
type surveying struct {
	*Activities
	s      *surveyor
	store  *store
	roster string
	env    *testsuite.TestActivityEnvironment
	beats  []converter.EncodedValues
}

func newSurveying(t *testing.T, r inventory.Roster) *surveying {
	t.Helper()
	x := &surveying{store: newStore(t), s: &surveyor{found: map[string][]inventory.Finding{}, fault: map[string]error{}}}
	x.Activities = &Activities{Archive: x.store, Filing: x.store, Survey: x.s}
	x.roster = x.keep(t, r)
	x.again()
	return x
}

// again is the next attempt: it knows what the newest heartbeat of the last one said.
func (x *surveying) again() {
	var suite testsuite.WorkflowTestSuite
	suite.SetLogger(log.NewStructuredLogger(slog.New(slog.DiscardHandler)))
	x.env = suite.NewTestActivityEnvironment()
	x.env.RegisterActivity(x.Activities)
	if n := len(x.beats); n > 0 {
		var at cursor
		if x.beats[n-1].Get(&at) == nil {
			x.env.SetHeartbeatDetails(at)
		}
	}
	x.env.SetOnActivityHeartbeatListener(func(_ *activity.Info, details converter.EncodedValues) { x.beats = append(x.beats, details) })
}

func (x *surveying) keep(t *testing.T, v any) string {
	t.Helper()
	return x.store.put(t, []byte(show(t, v)))
}

// show is what a payload says.
func show(t *testing.T, v any) string {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func (x *surveying) inventory(in InventoryIn) (out InventoryOut, err error) {
	in.Roster = x.roster
	v, err := x.env.ExecuteActivity(x.Inventory, in)
	if err == nil {
		err = v.Get(&out)
	}
	return out, err
}

func (x *surveying) cut(evidence string) (out CutOut, err error) {
	v, err := x.env.ExecuteActivity(x.Cut, InventoryIn{Roster: x.roster, Evidence: evidence})
	if err == nil {
		err = v.Get(&out)
	}
	return out, err
}

func count(t *testing.T, out InventoryOut, p inventory.Place) inventory.Count {
	t.Helper()
	i := slices.IndexFunc(out.Counts, func(c inventory.Count) bool { return c.Place == p })
	if i < 0 {
		t.Fatalf("nobody says anything of %s", p)
	}
	return out.Counts[i]
}

func theirs(p inventory.Place, repository, title string) inventory.Finding {
	return inventory.Finding{Place: p, Repository: repository, Title: title, Identity: inventory.Identity{Login: plantedLogin, Account: 9}}
}

var ourRoster = inventory.Roster{Vendor: "acme", Identities: []inventory.Identity{{Login: plantedLogin, Account: 9}}}

// TestWhatIsTheVendorsIsFoundCutAndGone: a deploy key outlives its owner's removal and is
// found by itself; a last owner and a stranger's key stay.
func TestWhatIsTheVendorsIsFoundCutAndGone(t *testing.T) {
	t.Parallel()
	x := newSurveying(t, ourRoster)
	last, strange := theirs(inventory.PlaceOwners, "", "last"), theirs(inventory.PlaceDeployKeys, "portal", "strange")
	last.LastOwner, strange.Identity = true, inventory.Identity{Login: "somebody-else", Account: 4}
	x.s.found[""] = []inventory.Finding{last}
	x.s.found["ledger"] = []inventory.Finding{theirs(inventory.PlaceCollaborators, "ledger", "person"), theirs(inventory.PlaceDeployKeys, "ledger", "key")}
	x.s.found["portal"] = []inventory.Finding{strange}
	plan := x.keep(t, engagement.Sheet{Lines: []engagement.SheetLine{{Words: "We hand over ledger; the owner is " + plantedLogin}, {Words: "last"}}})
	first, err := x.inventory(InventoryIn{Plan: plan})
	if err != nil {
		t.Fatal(err)
	}
	if c := count(t, first, inventory.PlaceDeployKeys); c.Found != 2 || c.HeldBack != 1 || first.More != 1 || first.Repositories != 2 {
		t.Errorf("%+v, more than planned: %d", c, first.More)
	}
	x.beats = nil
	x.again()
	out, err := x.cut(first.Evidence)
	if err != nil || out.Cut != 2 || out.HeldBack != 2 || out.Left != 0 {
		t.Fatalf("%+v, %v", out, err)
	}
	x.beats = nil
	x.again()
	second, err := x.inventory(InventoryIn{Plan: plan, Evidence: first.Evidence})
	if err != nil {
		t.Fatal(err)
	}
	if c := count(t, second, inventory.PlaceCollaborators); c.Verdict != entitlement.VerdictClean || second.New != 0 {
		t.Errorf("%+v", second)
	}
	if c := count(t, second, inventory.PlaceOwners); c.Verdict != entitlement.VerdictFound || c.HeldBack != 1 {
		t.Errorf("the last owner: %+v", c)
	}
}

// TestWhoIsKilledGoesOn: after each part a worker dies; the next looks at nothing twice,
// and comes to the same.
func TestWhoIsKilledGoesOn(t *testing.T) {
	t.Parallel()
	x := newSurveying(t, ourRoster)
	x.s.found["portal"] = []inventory.Finding{theirs(inventory.PlaceHooks, "portal", "hook")}
	for _, name := range []string{"ledger", "portal"} {
		x.s.fault[name] = later{}
		if _, err := x.inventory(InventoryIn{}); err == nil {
			t.Fatal("the limit was passed over")
		}
		delete(x.s.fault, name)
		x.again()
	}
	out, err := x.inventory(InventoryIn{})
	if err != nil || count(t, out, inventory.PlaceHooks).Found != 1 || out.Repositories != 2 {
		t.Fatalf("%+v, %v", out, err)
	}
	if got := strings.Join(x.s.calls, " "); got != "organisation ledger ledger portal portal" {
		t.Error(got)
	}
}

// TestACutThatFailsKeepsNothingWaiting: the others are cut, and what failed is left.
func TestACutThatFailsKeepsNothingWaiting(t *testing.T) {
	t.Parallel()
	x := newSurveying(t, ourRoster)
	x.s.found["ledger"] = []inventory.Finding{theirs(inventory.PlaceHooks, "ledger", "one"), theirs(inventory.PlaceHooks, "ledger", "two")}
	first, err := x.inventory(InventoryIn{})
	if err != nil {
		t.Fatal(err)
	}
	x.s.fault["cut one"] = errors.New("planted fault")
	x.beats = nil
	x.again()
	out, err := x.cut(first.Evidence)
	if err != nil || out.Cut != 1 || out.Left != 1 {
		t.Errorf("%+v, %v", out, err)
	}
}

// TestWithoutASystemNothingIsClean: where gangway may call nothing, every place says so.
func TestWithoutASystemNothingIsClean(t *testing.T) {
	t.Parallel()
	x := newSurveying(t, ourRoster)
	x.Survey = nil
	out, err := x.inventory(InventoryIn{})
	if err != nil || out.Evidence != "" || len(out.Counts) != len(inventory.Places())-1 {
		t.Fatalf("%+v, %v", out, err)
	}
	for _, c := range out.Counts {
		if c.Verdict != entitlement.VerdictNotCheckable || !slices.Equal(c.Doubts, []entitlement.Doubt{entitlement.DoubtNotSetUp}) {
			t.Errorf("%+v", c)
		}
	}
}

// TestNoNameLeavesASurvey: neither what it comes to nor how far it is says whom or what
// it is about.
func TestNoNameLeavesASurvey(t *testing.T) {
	t.Parallel()
	x := newSurveying(t, ourRoster)
	x.s.found["ledger"] = []inventory.Finding{theirs(inventory.PlaceCollaborators, "ledger", "planted title")}
	v, err := x.env.ExecuteActivity(x.Inventory, InventoryIn{Roster: x.roster})
	if err != nil {
		t.Fatal(err)
	}
	var raw any
	if err := v.Get(&raw); err != nil {
		t.Fatal(err)
	}
	said := show(t, raw)
	for _, b := range x.beats {
		var at any
		if err := b.Get(&at); err != nil {
			t.Fatal(err)
		}
		said += show(t, at)
	}
	if strings.Contains(said, "planted") || strings.Contains(said, "ledger") || len(x.beats) == 0 {
		t.Errorf("%d beats: %s", len(x.beats), said)
	}
}
