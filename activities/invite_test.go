package activities

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.temporal.io/sdk/temporal"

	"gangway/internal/engagement"
	"gangway/internal/outbox"
	"gangway/internal/playbook"
)

// diary keeps invitations by their ids, as the outbox does.
type diary struct {
	letters map[string]outbox.Letter
	kept    int
	lost    []string // persons whom nothing reaches
	away    int      // invitations that fail
}

func (d *diary) Invite(_ context.Context, l outbox.Letter) (bool, error) {
	if d.away > 0 {
		d.away--
		return false, errors.New("the outbox is away")
	}
	if slices.Contains(d.lost, l.Person) {
		return false, nil
	}
	if _, known := d.letters[l.ID]; !known {
		d.letters[l.ID], d.kept = l, d.kept+1
	}
	return true, nil
}

// says is "person sequence request|cancel" of every letter.
func (d *diary) says() []string {
	var all []string
	for _, l := range d.letters {
		method := "request"
		if l.Meeting.Cancelled {
			method = "cancel"
		}
		all = append(all, l.Person+" "+string(rune('0'+l.Meeting.Sequence))+" "+method)
	}
	slices.Sort(all)
	return all
}

func contactForm(t *testing.T, s *store, first, rhythm string, ours, theirs []string) string {
	t.Helper()
	day, err := time.Parse(time.DateOnly, first)
	if err != nil {
		t.Fatal(err)
	}
	var sheet engagement.Sheet
	add := func(id, words string, f engagement.Finding) {
		f.Point = id
		sheet.Lines = append(sheet.Lines, engagement.SheetLine{Point: engagement.Point{ID: id}, Finding: f, Words: words})
	}
	for i, id := range ours {
		add([]string{"ours", "ours-deputy"}[i], "", engagement.Finding{Choices: []string{id}})
	}
	for i, words := range theirs {
		add([]string{"theirs", "theirs-deputy"}[i], words, engagement.Finding{Said: true})
	}
	add("rhythm", "", engagement.Finding{Choices: []string{rhythm}})
	add("first", "", engagement.Finding{On: day})
	text, err := json.Marshal(sheet)
	if err != nil {
		t.Fatal(err)
	}
	return s.put(t, text)
}

func meetingWorld(t *testing.T) (*Activities, *store, *diary) {
	s, d := newStore(t), &diary{letters: map[string]outbox.Letter{}}
	s.people = []playbook.Person{{ID: "ola"}, {ID: "dan"}, {ID: "eve"}, {ID: "left", Left: true}, {ID: "acme.1", Employer: "acme", Mail: "first@acme.example"},
		{ID: "acme.2", Employer: "acme", Mail: "Ann@Acme.example"}, {ID: "bolt.1", Employer: "bolt", Mail: "ann@acme.example"}}
	return &Activities{Archive: s, Invitations: d}, s, d
}

func inviteIn(sheet string) InviteIn {
	return InviteIn{Process: "oversight/acme/1", Case: "oversight/acme/1", Vendor: "acme", Sheet: sheet, Zone: "Europe/London", Now: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)}
}

// Whoever speaks for a side gets one invitation, however often it is tried; when the
// contacts or the rhythm change all get the change, and who is none any more its end.
func TestMeetingsAreInOnesCalendarOnce(t *testing.T) {
	t.Parallel()
	a, s, d := meetingWorld(t)
	in := inviteIn(contactForm(t, s, "2026-03-03", "Every week", []string{"ola", "dan"}, []string{"Ann, ann@acme.example"}))
	d.away = 2
	for d.away > 0 {
		if _, err := a.Invite(t.Context(), in); err == nil {
			t.Fatal("it was away, and nobody says so")
		}
	}
	var out InviteOut
	for range 3 {
		var err error
		if out, err = a.Invite(t.Context(), in); err != nil {
			t.Fatal(err)
		}
	}
	if want := (InviteOut{People: []string{"ola", "dan", "acme.2"}, Since: in.Now}); cmp.Diff(want, out) != "" || d.kept != 3 {
		t.Errorf("invited %+v by %d letters", out, d.kept)
	}
	l := d.letters["meeting/"+seriesID(in.Process)+"/0/ola"]
	if m := l.Meeting; m == nil || !m.From.Equal(time.Date(2026, 3, 3, 10, 0, 0, 0, time.UTC)) || m.Until.Sub(m.From) != 30*time.Minute || m.Every != outbox.RhythmWeekly || m.Zone != in.Zone ||
		strings.Contains(m.UID, "acme") {
		t.Errorf("the first invitation is %+v", l.Meeting)
	}
	next := in // somebody else speaks for us, at the same times, months later
	next.Sequence, next.Before, next.People, next.Since, next.Now = 1, in.Sheet, out.People, out.Since, in.Now.AddDate(0, 4, 0)
	next.Sheet = contactForm(t, s, "2026-03-03", "Every week", []string{"ola", "eve"}, []string{"ann@acme.example"})
	if out, err := a.Invite(t.Context(), next); err != nil || !slices.Equal(out.People, []string{"ola", "eve", "acme.2"}) || !out.Since.Equal(in.Now) {
		t.Errorf("changed to %+v: %v", out, err)
	}
	last := next
	last.Sequence, last.Before, last.People, last.Now = 2, next.Sheet, []string{"ola", "eve", "acme.2"}, in.Now.AddDate(0, 5, 0)
	last.Sheet = contactForm(t, s, "2026-03-03", "Every quarter", []string{"ola", "eve"}, []string{"ann@acme.example"})
	if out, err := a.Invite(t.Context(), last); err != nil || !out.Since.Equal(last.Now) {
		t.Errorf("other times begin when they are said: %+v, %v", out, err)
	}
	if m := d.letters["meeting/"+seriesID(in.Process)+"/2/eve"].Meeting; !m.From.Equal(time.Date(2026, 9, 1, 9, 0, 0, 0, time.UTC)) {
		t.Errorf("the next of each quarter is %s", m.From)
	}
	end := last
	end.Sequence, end.Before, end.Cancelled, end.Since = 3, last.Sheet, true, last.Now
	if out, err := a.Invite(t.Context(), end); err != nil || len(out.People) > 0 {
		t.Errorf("ended as %+v: %v", out, err)
	}
	want := []string{"acme.2 0 request", "acme.2 1 request", "acme.2 2 request", "acme.2 3 cancel", "dan 0 request", "dan 1 cancel", "eve 1 request", "eve 2 request", "eve 3 cancel",
		"ola 0 request", "ola 1 request", "ola 2 request", "ola 3 cancel"}
	if diff := cmp.Diff(want, d.says()); diff != "" {
		t.Errorf("people got (- want):\n%s", diff)
	}
}

// Who left, is of another vendor or can't be reached is not invited, and that is said;
// the vendor's first contact is invited where nobody is known by the address.
func TestMeetingsOfPeopleWhomNobodyKnows(t *testing.T) {
	t.Parallel()
	a, s, d := meetingWorld(t)
	d.lost = []string{"dan"}
	in := inviteIn(contactForm(t, s, "2026-03-03", "Every month", []string{"left", "dan"}, []string{"new@acme.example", "Bob, by phone"}))
	out, err := a.Invite(t.Context(), in)
	if err != nil || !slices.Equal(out.People, []string{"acme.1"}) || !slices.Equal(out.Points, []string{"ours", "theirs", "theirs-deputy"}) {
		t.Errorf("invited %+v: %v", out, err)
	}
}

// What can't be read, a zone that nobody knows and a house without calendars are final;
// a record that is away is not.
func TestMeetingsThatCannotBe(t *testing.T) {
	t.Parallel()
	a, s, _ := meetingWorld(t)
	good := contactForm(t, s, "2026-03-03", "Every week", []string{"ola"}, nil)
	final := func(name string, a *Activities, in InviteIn, want bool) {
		t.Helper()
		_, err := a.Invite(t.Context(), in)
		var app *temporal.ApplicationError
		if err == nil || errors.As(err, &app) && app.NonRetryable() != want {
			t.Errorf("%s: %v", name, err)
		}
	}
	final("no calendars", &Activities{Archive: s}, inviteIn(good), true)
	final("no such form", a, inviteIn("sha256:none"), true)
	final("no form at all", a, inviteIn(s.put(t, []byte("words"))), true)
	final("no rhythm", a, inviteIn(contactForm(t, s, "2026-03-03", "Now and then", []string{"ola"}, nil)), true)
	lost := inviteIn(good)
	lost.Zone = "Mars/Olympus"
	final("no such zone", a, lost, true)
	s.fault = errors.New("the disk is away")
	_, err := a.Invite(t.Context(), inviteIn(good))
	var app *temporal.ApplicationError
	if err == nil || errors.As(err, &app) {
		t.Errorf("the disk is away: %v", err)
	}
}
