package assembly

import (
	"context"
	"errors"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"gangway/activities"
	"gangway/config"
	"gangway/internal/custody"
	"gangway/internal/dossier"
	"gangway/internal/entitlement"
	"gangway/internal/exit"
	"gangway/internal/github"
	"gangway/internal/github/githubtest"
	"gangway/internal/inventory"
	"gangway/internal/outbox"
	"gangway/internal/playbook"
	"gangway/internal/review"
	"gangway/internal/web"
)

// TestWhatDrillsWorkWith: all that a house works with has its place, and nothing that can
// change a system or reach a stranger is in it: what could is a recorder's.
func TestWhatDrillsWorkWith(t *testing.T) {
	t.Parallel()
	s, err := githubtest.New(githubtest.Options{})
	ok(t, err)
	t.Cleanup(func() { ok(t, s.Close()) })
	h := open1(t, Options{Dir: t.TempDir(), GitHub: asksGitHub(t, s, s.Token()).GitHub, Address: "https://g.example.org",
		Mail: config.Mail{From: "g@example.org", SMTP: config.SMTP{Host: "127.0.0.1", Port: 1, TLS: "none"}}}, &engine{})
	acts := h.rehearsing()
	v := reflect.ValueOf(acts)
	for i := range v.NumField() {
		name := v.Type().Field(i).Name
		if name == "Access" { // an exit cuts by Survey; without it people do it by hand
			continue
		}
		if v.Field(i).IsZero() {
			t.Errorf("drills have no %s", name)
		}
	}
	if acts.Access != nil {
		t.Error("drills can give access")
	}
	for _, x := range []any{acts.Survey, acts.Mover, acts.Invitations} {
		if at := reflect.TypeOf(x).PkgPath(); at != "gangway/internal/assembly" {
			t.Errorf("%T can change something", x)
		}
	}
	if len(acts.Messengers) != len(h.messengers()) {
		t.Errorf("%d channels of %d", len(acts.Messengers), len(h.messengers()))
	}
	for _, m := range acts.Messengers {
		_, page := m.(web.Board)
		_, kept := m.(drillChannel)
		if !page && !kept {
			t.Errorf("%T reaches whomever it wants", m)
		}
	}
	// The client beneath reads, and nothing else, whoever it is given to.
	s.AddRepository("ledger", "private")
	s.AddCollaborator("ledger", "dev-1", "write")
	gone, err := github.NewKeeper(h.looks).Remove(t.Context(), entitlement.Grant{ID: "g", Login: "dev-1", Repository: "ledger", Role: "write"})
	if err == nil && len(gone.Doubts) == 0 {
		t.Errorf("somebody was put out: %+v", gone)
	}
	for _, c := range s.Calls("") {
		if !strings.HasPrefix(c.Call, "GET ") {
			t.Errorf("GitHub was called %s", c.Call)
		}
	}
	_, err = acts.Survey.Cut(t.Context(), inventory.Roster{}, inventory.Finding{Place: inventory.PlaceCollaborators})
	ok(t, err)
	if len(s.Unexpected()) > 0 {
		t.Error(s.Unexpected())
	}
}

// TestNothingIsCutOrHandedOverInADrill, and it is said what would have been.
func TestNothingIsCutOrHandedOverInADrill(t *testing.T) {
	t.Parallel()
	f := inventory.Finding{Place: inventory.PlaceDeployKeys, RepositoryID: 7, Title: "their key"}
	s, err := drillSurvey{}.Cut(t.Context(), inventory.Roster{}, f)
	ok(t, err)
	if s.Verdict != entitlement.VerdictFound || len(s.Findings) != 1 || s.Doubts[0] != entitlement.DoubtRehearsed || s.RepositoryID != 7 {
		t.Errorf("%+v", s)
	}
	p, err := drillMover{}.Transfer(t.Context(), custody.Item{Asset: "asset-1"}, custody.Passage{To: "n"})
	ok(t, err)
	if p.State != exit.StateOpen || p.Why != custody.WhyRehearsed || p.Asset != "asset-1" || !p.Asked.IsZero() {
		t.Errorf("%+v", p)
	}
}

// asksInDrill is the record as a channel of a drill sees it.
type asksInDrill struct{ broken error }

func (a asksInDrill) Person(_ context.Context, id string) (playbook.Person, int, error) {
	switch id {
	case "sam":
		return playbook.Person{ID: id}, 1, a.broken
	case "theirs":
		return playbook.Person{ID: id, Employer: "acme"}, 1, nil
	case "left":
		return playbook.Person{ID: id, Left: true}, 1, nil
	}
	return playbook.Person{}, 0, dossier.NotFoundError{}
}

func (a asksInDrill) Request(_ context.Context, id string) (review.Request, error) {
	if id == "gone" {
		return review.Request{}, dossier.NotFoundError{}
	}
	return review.Request{ID: id, Drill: id == "drill"}, nil
}

// shown is a channel that only remembers.
type shown struct{ shown, followed []string }

func (s *shown) Channel() string { return "mail" }

func (s *shown) Show(_ context.Context, n review.Notice) (bool, error) {
	s.shown = append(s.shown, n.Person+" "+strings.Join(n.Requests, ","))
	return true, nil
}

func (s *shown) Follow(_ context.Context, c review.Copy) error {
	s.followed = append(s.followed, c.Request)
	return nil
}

// filings keeps what was filed.
type filings struct {
	entries []dossier.Entry
	texts   []string
	broken  error
}

func (f *filings) Append(_ context.Context, entries []dossier.Entry) error {
	f.entries = append(f.entries, entries...)
	return nil
}

func (f *filings) Put(_ context.Context, r io.Reader, _ int64) (dossier.Paper, error) {
	text, err := io.ReadAll(r)
	f.texts = append(f.texts, string(text))
	return dossier.Paper{Digest: fmt.Sprintf("sha256:%d", len(f.texts)), Size: int64(len(text))}, errors.Join(err, f.broken)
}

// TestAChannelOfADrillReachesOurOwnAlone, about what the drill asks alone; whatever else
// would have gone out is in the record.
func TestAChannelOfADrillReachesOurOwnAlone(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		person   string
		requests []string
		shown    bool
	}{
		{"sam", []string{"drill"}, true}, {"sam", []string{"drill", "drill"}, true},
		{"sam", []string{"drill", "close"}, false}, {"sam", []string{"close"}, false}, {"sam", nil, false}, {"sam", []string{"gone"}, false},
		{"theirs", []string{"drill"}, false}, {"left", []string{"drill"}, false}, {"nobody", []string{"drill"}, false},
	} {
		in, out := &shown{}, &filings{}
		d := drillChannel{channel: in, asked: asksInDrill{}, held: withheld{out}}
		n := review.Notice{ID: "drill/acme/1/notice/3", Case: "drill/acme/1", Person: c.person, Requests: c.requests, At: time.Unix(1, 0)}
		got, err := d.Show(t.Context(), n)
		ok(t, err)
		if got != c.shown || (len(in.shown) > 0) != c.shown || (len(out.entries) == 0) != c.shown {
			t.Errorf("%s, %v: shown %v, %v; filed %d", c.person, c.requests, got, in.shown, len(out.entries))
		}
		if c.shown {
			continue
		}
		e := out.entries[0]
		if e.Kind != dossier.Withheld || e.Case != n.Case || e.Process != "drill/acme/1" || e.Detail.Result != "notice" || e.Detail.Document != "sha256:1" || !strings.Contains(out.texts[0], `"person": "`+c.person) {
			t.Errorf("filed %+v: %s", e, out.texts)
		}
		again := e.ID
		_, err = d.Show(t.Context(), n)
		ok(t, err)
		if out.entries[1].ID != again {
			t.Errorf("the second attempt is another: %s", out.entries[1].ID)
		}
	}
	in := &shown{}
	d := drillChannel{channel: in, asked: asksInDrill{}, held: withheld{&filings{}}}
	for _, r := range []string{"close", "drill", "gone"} {
		ok(t, d.Follow(t.Context(), review.Copy{Request: r}))
	}
	if !slices.Equal(in.followed, []string{"drill"}) || d.Channel() != "mail" {
		t.Errorf("followed %v by %s", in.followed, d.Channel())
	}
}

// TestADrillsChannelInTrouble tries again, and shows nothing meanwhile.
func TestADrillsChannelInTrouble(t *testing.T) {
	t.Parallel()
	in, away := &shown{}, errors.New("away")
	n := review.Notice{ID: "drill/acme/1/notice/3", Case: "drill/acme/1", Person: "sam", Requests: []string{"drill"}}
	d := drillChannel{channel: in, asked: asksInDrill{broken: away}, held: withheld{&filings{}}}
	if _, err := d.Show(t.Context(), n); !errors.Is(err, away) {
		t.Error(err)
	}
	n.Requests = nil
	d = drillChannel{channel: in, asked: asksInDrill{}, held: withheld{&filings{broken: away}}}
	if _, err := d.Show(t.Context(), n); !errors.Is(err, away) || len(in.shown) > 0 {
		t.Error(err, in.shown)
	}
}

// TestNobodyIsInvitedInADrill.
func TestNobodyIsInvitedInADrill(t *testing.T) {
	t.Parallel()
	out := &filings{}
	var i activities.Invitations = withheld{out}
	kept, err := i.Invite(t.Context(), outbox.Letter{Case: "drill/acme/1", Person: "sam", Meeting: &outbox.Meeting{UID: "u"}})
	ok(t, err)
	if kept || len(out.entries) != 1 || out.entries[0].Detail.Result != "invitation" {
		t.Errorf("kept %v, filed %+v", kept, out.entries)
	}
	if _, err := i.Invite(t.Context(), outbox.Letter{}); err == nil {
		t.Error("an invitation to nothing")
	}
}
