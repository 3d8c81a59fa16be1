package outbox

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"gangway/internal/calendar"
)

func monday() time.Time { return time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC) }

// Only a reply of 2xx after the end says that a mail was taken; only silence
// after the end is unknown; 5xx is final; all else is tried again.
func TestSettle(t *testing.T) {
	t.Parallel()
	for phase, cases := range map[Phase]map[int]State{
		Reaching: {0: Waiting, 421: Waiting, 554: Waiting},
		Telling:  {0: Waiting, 250: Waiting, 450: Waiting, 550: Refused, 530: Waiting, 535: Waiting},
		Handed:   {250: Sent, 251: Sent, 0: Unknown, 354: Unknown, 451: Waiting, 554: Refused},
	} {
		for code, want := range cases {
			s := Try{Phase: phase, Code: code, Tries: 1, First: monday(), Now: monday()}.Settle()
			if s.State != want || s.Next.IsZero() == (want == Waiting) || (s.Fault == "") != (want == Sent) || !s.At.Equal(monday()) {
				t.Errorf("%s %d: %+v, want %s", phase, code, s, want)
			}
		}
	}
}

// However a server behaves, tries come to an end, grow apart, and never go on
// after a reply that is final or a silence that may be either.
func TestTriesEnd(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		now := monday()
		first := now
		var last time.Duration
		for tries := 1; ; tries++ {
			if tries > 100 {
				t.Fatal("a hundred tries")
			}
			try := Try{Phase: rapid.SampledFrom([]Phase{Reaching, Telling, Handed}).Draw(t, "phase"),
				Code: rapid.SampledFrom([]int{0, 421, 450, 452, 550, 250}).Draw(t, "code"), Tries: tries, First: first, Now: now}
			s := try.Settle()
			if s.State != Waiting {
				if s.State == Unknown && (try.Phase != Handed || try.Code != 0) || s.State == Sent && try.Code != 250 {
					t.Fatalf("%+v came to %+v", try, s)
				}
				if s.State == Refused && try.Code/100 != 5 && now.Before(first.Add(Patience)) {
					t.Fatalf("given up after %s", now.Sub(first))
				}
				return
			}
			wait := s.Next.Sub(now)
			if wait <= 0 || s.Next.After(first.Add(Patience)) || wait < last && !s.Next.Equal(first.Add(Patience)) {
				t.Fatalf("try %d waits %s after %s", tries, wait, last)
			}
			last, now = wait, s.Next
		}
	})
}

func drawLetter(t *rapid.T, i int) Letter {
	return Letter{ID: fmt.Sprint("n", i), Person: rapid.SampledFrom([]string{"helen", "sam"}).Draw(t, "person"),
		Kind: rapid.SampledFrom([]Kind{Asked, Reminder, Outcome, SignIn, Reply, Invitation}).Draw(t, "kind"),
		Case: rapid.SampledFrom([]string{"c1", "c2"}).Draw(t, "case"), Outside: rapid.Bool().Draw(t, "outside"),
		Rehearsal: rapid.Bool().Draw(t, "rehearsal"), State: rapid.SampledFrom([]State{Waiting, Sending, Sent}).Draw(t, "state"),
		Message: rapid.SampledFrom([]string{"", "", "a", "b"}).Draw(t, "message"), Again: rapid.SampledFrom([]string{"", "", "x"}).Draw(t, "again"),
		Made: monday().Add(time.Duration(rapid.IntRange(0, 9).Draw(t, "made")) * time.Second)}
}

// A bundle is one person's, of one lane, of what is real or of what is not; a mail
// that was tried keeps its letters; a sign-in leaves alone; whoever is due takes
// along the same as any other of the bundle would.
func TestBundles(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var all []Letter
		for i := range rapid.IntRange(1, 12).Draw(t, "letters") {
			all = append(all, drawLetter(t, i))
		}
		all[0].State = Waiting
		due := all[0]
		got := Bundle(due, all)
		if !slices.ContainsFunc(got, func(l Letter) bool { return l.ID == due.ID }) {
			t.Fatal("the due one is missing")
		}
		for i, l := range got {
			if l.Person != due.Person || l.State != Waiting || l.Message != due.Message {
				t.Fatalf("%+v leaves with %+v", l, due)
			}
			if due.Message == "" && (l.Lane() != due.Lane() || l.Rehearsal != due.Rehearsal || len(got) > 1 && (l.Lane() == LaneAlone || l.Again != "")) {
				t.Fatalf("%+v leaves with %+v", l, due)
			}
			if due.Message == "" && due.Outside && (!l.Outside || l.Case != due.Case || l.Kind != due.Kind) {
				t.Fatalf("a vendor is told of %+v with %+v", l, due)
			}
			if i > 0 && l.Made.Before(got[i-1].Made) {
				t.Fatal("not in the order in which they were made")
			}
			if same := Bundle(l, all); len(same) != len(got) {
				t.Fatalf("%s takes %d along, %s %d", due.ID, len(got), l.ID, len(same))
			}
		}
		for _, l := range all {
			in := slices.ContainsFunc(got, func(g Letter) bool { return g.ID == l.ID })
			if !in && l.Person == due.Person && l.State == Waiting && l.Message == due.Message && due.Message != "" {
				t.Fatalf("%+v was left out of a mail that it was in", l)
			}
		}
	})
}

func berlin() (calendar.Snapshot, calendar.Schedule) {
	loc, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		loc = time.FixedZone("Europe/Berlin", 3600)
	}
	snap := calendar.Snapshot{From: monday().AddDate(0, 0, -7), Until: monday().AddDate(1, 0, 0)}
	snap.Zones = []calendar.Zone{calendar.Table(loc, snap.From, snap.Until)}
	snap.Holidays = []calendar.HolidaySet{{Name: "test", Days: []calendar.Holiday{{Date: calendar.Date{Year: 2026, Month: 3, Day: 4}, Name: "a day off"}}}}
	hours := calendar.Schedule{Zone: "Europe/Berlin", Holidays: "test"}
	for d := time.Monday; d <= time.Friday; d++ {
		hours.Week[d] = []calendar.Hours{{Start: 540, End: 1020}}
	}
	return snap, hours
}

func TestDigest(t *testing.T) {
	t.Parallel()
	snap, hours := berlin()
	at := func(day, hour int) time.Time { return time.Date(2026, 3, day, hour, 0, 0, 0, time.UTC) }
	for name, c := range map[string]struct {
		now, away time.Time
		last      string
		want      time.Time
	}{
		"the first, in working hours":    {at(2, 9), time.Time{}, "", at(2, 9)},
		"the first of the day":           {at(2, 9), time.Time{}, "2026-02-27", at(2, 9)},
		"the second of the day":          {at(2, 10), time.Time{}, "2026-03-02", at(3, 8)},
		"at night":                       {at(2, 22), time.Time{}, "", at(3, 8)},
		"before a holiday":               {at(3, 20), time.Time{}, "2026-03-03", at(5, 8)},
		"on Friday evening":              {at(6, 20), time.Time{}, "2026-03-06", at(9, 8)},
		"while they are away":            {at(2, 9), at(5, 12), "", at(5, 12)},
		"away until a night":             {at(2, 9), at(5, 22), "2026-03-05", at(6, 8)},
		"the evening before, local days": {at(1, 23), time.Time{}, "2026-03-01", at(2, 8)},
	} {
		if got := Digest(snap, hours, c.away, c.now, c.last); !got.Equal(c.want) {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
	never := calendar.Schedule{Zone: "Europe/Berlin"}
	if got := Digest(snap, never, time.Time{}, at(2, 22), ""); !got.Equal(at(2, 22)) {
		t.Errorf("without hours it waits until %s", got)
	}
	if got := Digest(snap, never, time.Time{}, at(2, 22), "2026-03-02"); !got.Equal(at(2, 23)) { // midnight in Berlin
		t.Errorf("without hours the next day begins at %s", got)
	}
}

// One digest a day at most, always in working hours, and one comes.
func TestOneDigestADay(t *testing.T) {
	t.Parallel()
	snap, hours := berlin()
	rapid.Check(t, func(t *rapid.T) {
		now, last := monday(), ""
		for range 20 {
			now = now.Add(time.Duration(rapid.Int64Range(0, int64(40*time.Hour)).Draw(t, "later")))
			next := Digest(snap, hours, time.Time{}, now, last)
			day := Day(snap, hours, next)
			if next.Before(now) || day <= last || !snap.Working(hours, next) || next.Sub(now) > 6*24*time.Hour {
				t.Fatalf("at %s after %s: %s", now, last, next)
			}
			if next.Equal(now) {
				last = day
			}
		}
	})
}

func TestFirst(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		l    Letter
		want time.Duration
	}{{Letter{Kind: Asked}, Gather}, {Letter{Kind: Reminder}, Gather}, {Letter{Kind: Outcome}, Gather}, {Letter{Kind: SignIn}, 0}, {Letter{Kind: Reply}, 0}, {Letter{Kind: Invitation}, 0}, {Letter{Kind: Asked, Outside: true}, Gather}, {Letter{Kind: Asked, Rehearsal: true}, 0}, {Letter{Kind: Asked, Again: "x"}, 0}} {
		if got := First(c.l, monday()).Sub(monday()); got != c.want {
			t.Errorf("%+v waits %s", c.l, got)
		}
	}
}

func TestRepeat(t *testing.T) {
	t.Parallel()
	for _, state := range []State{Waiting, Sending, Sent, Unknown, Refused, Bounced, Dropped} {
		old := Letter{ID: "n1", Person: "helen", Kind: Asked, Why: "asked", Case: "c", Requests: []string{"r"}, State: state, Message: "m", Tries: 3, Fault: "data", Repeated: true, First: monday(), Changed: monday(),
			Outside: true, Of: "a1", Papers: []Paper{{Name: "dpa.pdf"}}, Meeting: &Meeting{UID: "m1"}}
		l, err := Repeat(old, monday())
		if may := state == Unknown || state == Refused || state == Bounced; may != (err == nil) {
			t.Errorf("%s: %v", state, err)
		} else if may && (l.Again != "n1" || l.ID == "n1" || l.State != Waiting || l.Message != "" || l.Tries != 0 || !l.Next.Equal(monday()) || l.Person != "helen" || l.Case != "c" || len(l.Requests) != 1 ||
			!l.Outside || l.Of != "a1" || len(l.Papers) != 1 || l.Meeting == nil || l.Repeated || !l.First.IsZero() || !l.Changed.IsZero() || l.Fault != "") {
			t.Errorf("%s: %+v", state, l)
		}
		if e := (NotAgainError{}); err != nil && (e.Hint() == "" || !e.Invalid() || err.Error() == "") {
			t.Error("no hint")
		}
	}
	if _, err := Repeat(Letter{Kind: SignIn, State: Unknown}, monday()); err == nil {
		t.Error("a one-time link is sent again")
	}
}

// What goes to a vendor is never a reminder's digest, and what answers a mail or
// invites leaves alone.
func TestLanes(t *testing.T) {
	t.Parallel()
	for kind, want := range map[Kind][2]Lane{Asked: {LaneAsked, LaneVendor}, Reminder: {LaneDigest, LaneVendor}, Outcome: {LaneOutcome, LaneVendor},
		SignIn: {LaneAlone, LaneAlone}, Reply: {LaneAlone, LaneAlone}, Invitation: {LaneAlone, LaneAlone}} {
		for i, outside := range []bool{false, true} {
			if got := (Letter{Kind: kind, Outside: outside}).Lane(); got != want[i] {
				t.Errorf("%s, outside %t: %s", kind, outside, got)
			}
		}
	}
	if ReplyID("a1") != "reply/a1" {
		t.Error(ReplyID("a1"))
	}
}
