package activities

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.temporal.io/sdk/temporal"

	"gangway/internal/engagement"
	"gangway/internal/entitlement"
	"gangway/internal/exit"
	"gangway/internal/inventory"
)

func said(id, words string) engagement.SheetLine {
	return engagement.SheetLine{Point: engagement.Point{ID: id}, Finding: engagement.Finding{Point: id, Said: true}, Words: words}
}

// rosterOf makes a roster of sources and reads it.
func rosterOf(t *testing.T, s *store, cut time.Time, sources ...any) (inventory.Roster, RosterOut, error) {
	t.Helper()
	a := &Activities{Archive: s, Filing: s}
	in := RosterIn{Vendor: "acme", Cut: cut}
	for _, x := range sources {
		in.Sources = append(in.Sources, s.put(t, []byte(show(t, x))))
	}
	out, err := a.Roster(t.Context(), in)
	if err != nil {
		return inventory.Roster{}, out, err
	}
	var r inventory.Roster
	return r, out, readInto(t, a, out.Roster, &r)
}

func readInto(t *testing.T, a *Activities, digest string, r *inventory.Roster) error {
	t.Helper()
	return a.readJSON(t.Context(), digest, "a roster", r)
}

// TestARosterHasEachAccountOnce: people wrote some, forms asked for others, and evidence
// knows numbers; one's own people stand there as such.
func TestARosterHasEachAccountOnce(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	form := engagement.Sheet{Lines: []engagement.SheetLine{said("account-1-login", "@Ana"), said("account-2-login", "ben, cho\n"),
		said("named-1-title", "acme-ci"), said("staff-1-login", "olga"), said("account-note", "none of them"),
		said(exit.PointAccounts, "login,person,kind\nANA,Ana Lund,person\nemil,\"Emil, at night\",machine\nolga,,staff")}}
	evidence := accessEvidence{Kind: evidenceKind, Standings: []entitlement.Standing{{Login: "ana", Account: 7}, {Login: "dan", Account: 8}}}
	cut := time.Date(2027, 3, 1, 12, 0, 0, 0, time.UTC)
	a := &Activities{Archive: s, Filing: s}
	in := RosterIn{Vendor: "acme", Cut: cut, Sources: []string{s.put(t, []byte(show(t, form))), s.put(t, []byte(show(t, evidence)))}}
	out, err := a.Roster(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	var r inventory.Roster
	if err := readInto(t, a, out.Roster, &r); err != nil {
		t.Fatal(err)
	}
	want := inventory.Roster{Vendor: "acme", Cut: cut, Named: []string{"acme-ci"}, Staff: []inventory.Identity{{Login: "olga"}},
		Identities: []inventory.Identity{{Login: "Ana", Account: 7}, {Login: "ben"}, {Login: "cho"}, {Login: "emil"}, {Login: "dan", Account: 8}}}
	if d := cmp.Diff(want, r); d != "" {
		t.Error(d)
	}
	// A roster of a roster is the same, and keeps the cut.
	again, out2, err := rosterOf(t, s, time.Time{}, r)
	if err != nil || cmp.Diff(r, again) != "" || out2.Roster != out.Roster || out2.Accounts != 5 || out2.Named != 1 {
		t.Errorf("%+v, %+v, %v", again, out2, err)
	}
	if s.opened != 0 {
		t.Errorf("%d documents were left open", s.opened)
	}
}

// TestARosterThatNamesNobodySoundly: nobody, an address for a login, and one's own people
// among the vendor's.
func TestARosterThatNamesNobodySoundly(t *testing.T) {
	t.Parallel()
	for name, x := range map[string]any{
		"nobody":          engagement.Sheet{Lines: []engagement.SheetLine{said("account-1-login", "")}},
		"an address":      engagement.Sheet{Lines: []engagement.SheetLine{said("account-1-login", "planted@example.org")}},
		"a path":          engagement.Sheet{Lines: []engagement.SheetLine{said("account-1-login", "../planted")}},
		"our own":         engagement.Sheet{Lines: []engagement.SheetLine{said("account-1-login", "planted"), said("staff-1-login", "Planted")}},
		"our own, listed": engagement.Sheet{Lines: []engagement.SheetLine{said("account-1-login", "planted"), said(exit.PointAccounts, "Planted,,staff")}},
		"a slip":          engagement.Sheet{Lines: []engagement.SheetLine{said(exit.PointAccounts, "ana\nplanted,Ann,robot\nplanted by"), said("account-1-login", "ben")}},
		"no form":         json.RawMessage(`["planted"]`),
	} {
		_, _, err := rosterOf(t, newStore(t), time.Time{}, x)
		if err == nil || !isFinal(err) || strings.Contains(err.Error(), "planted") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// FuzzRoster: whatever stands in a source, no account of one's own people gets onto the
// vendor's side, and no name into an error.
func FuzzRoster(f *testing.F) {
	f.Add([]byte(`{"identities":[{"login":"a"}],"staff":[{"login":"b"}]}`))
	f.Add([]byte(`{"lines":[{"point":{"id":"x-login"},"words":"a b"}]}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		s := newStore(t)
		a := &Activities{Archive: s, Filing: s}
		out, err := a.Roster(t.Context(), RosterIn{Vendor: "acme", Sources: []string{s.put(t, text)}})
		if err != nil {
			if !isFinal(err) {
				t.Fatal(err)
			}
			return
		}
		var r inventory.Roster
		if err := readInto(t, a, out.Roster, &r); err != nil {
			t.Fatal(err)
		}
		for _, i := range r.Identities {
			if r.Employs(i) {
				t.Fatalf("%+v is taken for the vendor's", i)
			}
		}
	})
}

func isFinal(err error) bool {
	var app *temporal.ApplicationError
	return errors.As(err, &app) && app.NonRetryable()
}
