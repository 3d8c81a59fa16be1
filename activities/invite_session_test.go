package activities

import (
	"errors"
	"slices"
	"testing"
	"time"

	"go.temporal.io/sdk/temporal"
)

// A session is in the calendar of whoever learns, of the owner and of the vendor's first
// contact, once each however often it is tried; it is taken out of all of them again under
// a later number of the same meeting. Two sessions are two meetings.
func TestASessionIsInOnesCalendarOnce(t *testing.T) {
	t.Parallel()
	a, _, d := meetingWorld(t)
	in := SessionIn{Process: "transfer/acme/1", Case: "exit/acme/1", Vendor: "acme", Session: "transfer/acme/1:payroll", Number: 1, People: []string{"ola", "dan"},
		From: time.Date(2026, 3, 4, 9, 0, 0, 0, time.UTC), Minutes: 60, Zone: "Europe/London", Now: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)}
	d.away, d.lost = 2, []string{"dan"}
	for d.away > 0 {
		if _, err := a.InviteSession(t.Context(), in); err == nil {
			t.Fatal("it was away, and nobody says so")
		}
	}
	for range 3 {
		out, err := a.InviteSession(t.Context(), in)
		if err != nil || !slices.Equal(out.People, []string{"ola", "acme.1"}) {
			t.Fatalf("invited are %v, %v", out.People, err)
		}
	}
	if got, want := d.says(), []string{"acme.1 0 request", "ola 0 request"}; !slices.Equal(got, want) {
		t.Errorf("letters are %q, want %q", got, want)
	}
	uids := map[string]bool{}
	for _, l := range d.letters {
		uids[l.Meeting.UID] = true
		if l.Case != in.Case || l.Meeting.Every != "" || !l.Meeting.From.Equal(in.From) || l.Meeting.Until.Sub(in.From) != time.Hour {
			t.Errorf("the letter is %+v about %+v", l, l.Meeting)
		}
	}
	second := in
	second.Number = 2
	if _, err := a.InviteSession(t.Context(), second); err != nil {
		t.Fatal(err)
	}
	for _, l := range d.letters {
		uids[l.Meeting.UID] = true
	}
	if len(uids) != 2 {
		t.Errorf("two sessions are the meetings %v", uids)
	}
	in.Cancelled, in.People = true, []string{"ola", "acme.1"}
	out, err := a.InviteSession(t.Context(), in)
	if err != nil || len(out.People) != 0 {
		t.Errorf("after it was called off %v have it, %v", out.People, err)
	}
	if got := d.says(); !slices.Contains(got, "ola 1 cancel") || !slices.Contains(got, "acme.1 1 cancel") || len(got) != 6 {
		t.Errorf("letters are %q", got)
	}
}

// Where nothing writes into calendars that is final: a session is held all the same.
func TestASessionWhereNothingInvites(t *testing.T) {
	t.Parallel()
	var app *temporal.ApplicationError
	_, err := (&Activities{}).InviteSession(t.Context(), SessionIn{})
	if !errors.As(err, &app) || !app.NonRetryable() {
		t.Errorf("got %v", err)
	}
}
