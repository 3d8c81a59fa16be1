package playbook

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"gangway/internal/calendar"
	"gangway/internal/review"
)

// alarmOpening is when the group of every test here is asked: a Monday, nine o'clock.
var alarmOpening = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

func alarmHours(from, until int) calendar.Schedule {
	var w calendar.Week
	for d := time.Monday; d <= time.Friday; d++ {
		w[d] = []calendar.Hours{{Start: from * 60, End: until * 60}}
	}
	return calendar.Schedule{Zone: "UTC", Week: w}
}

func alarmYears() calendar.Snapshot {
	from := alarmOpening.AddDate(0, -1, 0)
	return calendar.Snapshot{From: from, Until: alarmOpening.AddDate(3, 0, 0), Zones: []calendar.Zone{
		{Name: "East", Offsets: []calendar.Offset{{From: from, Seconds: 9 * 3600}}},
		{Name: "UTC", Offsets: []calendar.Offset{{From: from}}},
	}}
}

func alarmDays(n int) calendar.Span { return calendar.Span{Days: n} }

func alarmDeadlines() Deadlines {
	return Deadlines{Due: alarmDays(5), Remind: []calendar.Span{alarmDays(2), alarmDays(4)}, Backup: alarmDays(3), Manager: alarmDays(6), Owner: alarmDays(7)}
}

// askedTwo is a request of two seats, held by lee and fay, whose one group was
// asked at the opening.
func askedTwo() *review.Request {
	return &review.Request{ID: "r", Kind: review.Decision, Requester: "rae", Owner: "ola", Vendor: "acme", Opened: alarmOpening,
		Policy:   review.Policy{Groups: []review.Group{{Name: "g", Rule: review.RuleAll, Seats: []review.Seat{{ID: "legal", Role: "legal"}, {ID: "finance", Role: "finance"}}}}},
		Seatings: []review.Seating{{Seat: "legal", Holders: []review.Holder{{Person: "lee", Since: alarmOpening}}}, {Seat: "finance", Holders: []review.Holder{{Person: "fay", Since: alarmOpening}}}},
		Clocks:   []review.Clock{{Opened: alarmOpening, Due: alarmOpening.AddDate(0, 0, 7)}}}
}

func answerFact(seat, person string, v review.Verdict, at time.Time) review.Fact {
	b := review.Ballot{Answer: seat + at.String(), Seat: seat, Person: person, Verdict: v, At: at}
	return review.Fact{Kind: review.FactCounted, Request: "r", At: at, Seat: seat, Person: person, Answer: b.Answer, Ballot: &b}
}

func toldFact(seat, person, why string, at time.Time) review.Fact {
	return review.Fact{Kind: review.FactTold, Request: "r", At: at, Seat: seat, Person: person, Why: why}
}

// alarmsOf lists alarms as "day.hour why seat person".
func alarmsOf(r *review.Request, d Deadlines, now time.Time, known ...Hours) []string {
	var all []string
	for _, a := range d.Alarms(r, now, alarmYears(), alarmHours(9, 17), known) {
		since := a.At.Sub(alarmOpening)
		all = append(all, fmt.Sprintf("%d.%02d %s %s %s", int(since.Hours())/24, a.At.Hour(), a.Why, a.Seat, a.Person))
	}
	return all
}

func atDay(day, hour int) time.Time {
	return alarmOpening.AddDate(0, 0, day).Add(time.Duration(hour-9) * time.Hour)
}

func TestAlarms(t *testing.T) {
	both := []string{"7.09 due  ", "2.09 reminder legal lee", "3.09 backup legal ", "8.09 manager legal ",
		"2.09 reminder finance fay", "3.09 backup finance ", "8.09 manager finance ", "9.09 owner  "}
	legal := []string{"7.09 due  ", "2.09 reminder legal lee", "3.09 backup legal ", "8.09 manager legal ", "9.09 owner  "}
	for name, c := range map[string]struct {
		facts []review.Fact
		d     func(*Deadlines)
		now   time.Time
		known []Hours
		want  []string
	}{
		"all of it":                          {now: alarmOpening, want: both},
		"a seat that answered is left alone": {now: atDay(1, 9), facts: []review.Fact{answerFact("finance", "fay", review.Approve, atDay(1, 9))}, want: legal},
		"a wish for changes is an answer":    {now: atDay(1, 9), facts: []review.Fact{answerFact("finance", "fay", review.Changes, atDay(1, 9))}, want: legal},
		"nothing once it is decided":         {now: atDay(1, 9), facts: []review.Fact{answerFact("finance", "fay", review.Reject, atDay(1, 9))}},
		"nothing once it is closed":          {now: atDay(1, 9), facts: []review.Fact{{Kind: review.FactClosed, State: review.Open, At: atDay(1, 9)}}},
		"nothing that was not asked for":     {now: alarmOpening, d: func(d *Deadlines) { *d = Deadlines{} }, want: []string{"7.09 due  "}},
		"the due date passes once":           {now: atDay(7, 9), d: func(d *Deadlines) { *d = Deadlines{} }},
		"what was told is done": {now: atDay(9, 9), facts: []review.Fact{toldFact("legal", "lee", WhyReminder, atDay(2, 9)), toldFact("legal", "", WhyBackup, atDay(3, 9)), toldFact("legal", "bill", WhyManager, atDay(8, 9)), toldFact("", "ola", WhyOwner, atDay(9, 9)),
			answerFact("finance", "fay", review.Approve, atDay(1, 9))}, want: []string{"4.09 reminder legal lee"}},
		"of one seat, not of the other": {now: atDay(3, 9), facts: []review.Fact{toldFact("legal", "bo", WhyBackup, atDay(3, 9)), toldFact("legal", "lee", WhyReminder, atDay(2, 9)), toldFact("legal", "lee", WhyReminder, atDay(4, 9))},
			want: []string{"7.09 due  ", "8.09 manager legal ", "2.09 reminder finance fay", "3.09 backup finance ", "8.09 manager finance ", "9.09 owner  "}},
		"what was told before the group was asked doesn't count": {now: alarmOpening, facts: []review.Fact{toldFact("legal", "bo", WhyBackup, alarmOpening.Add(-time.Hour)), toldFact("", "ola", WhyOwner, alarmOpening.Add(-time.Hour)), toldFact("legal", "lee", WhyReminder, alarmOpening.Add(-time.Hour))}, want: both},
		"reminders are in the holder's own hours": {now: alarmOpening, known: []Hours{{Person: "lee", Schedule: alarmHours(20, 22)}}, facts: []review.Fact{answerFact("finance", "fay", review.Approve, alarmOpening)},
			want: []string{"7.09 due  ", "2.20 reminder legal lee", "3.09 backup legal ", "8.09 manager legal ", "9.09 owner  "}},
		"and in the organisation's where theirs are not in the calendar": {now: alarmOpening, known: []Hours{{Person: "lee", Schedule: calendar.Schedule{Zone: "Nowhere", Week: alarmHours(20, 22).Week}}}, facts: []review.Fact{answerFact("finance", "fay", review.Approve, alarmOpening)}, want: legal},
		"a snooze holds reminders back, and nothing else": {now: atDay(1, 9), facts: []review.Fact{answerFact("finance", "fay", review.Approve, alarmOpening), {Kind: review.FactSnoozed, Person: "lee", At: atDay(1, 9), Until: atDay(5, 9)}},
			want: []string{"7.09 due  ", "7.09 reminder legal lee", "3.09 backup legal ", "8.09 manager legal ", "9.09 owner  "}},
		"what fell due in the snooze is gone": {now: atDay(7, 9), d: func(d *Deadlines) { *d = Deadlines{Remind: []calendar.Span{alarmDays(2), alarmDays(4), alarmDays(6)}} }, facts: []review.Fact{answerFact("finance", "fay", review.Approve, alarmOpening),
			{Kind: review.FactSnoozed, Person: "lee", At: atDay(1, 9), Until: atDay(5, 9)}, toldFact("legal", "lee", WhyReminder, atDay(7, 9))}, want: []string{"8.09 reminder legal lee"}},
		"an empty seat has nobody to remind": {now: atDay(1, 9), facts: []review.Fact{answerFact("finance", "fay", review.Approve, alarmOpening), {Kind: review.FactUnseated, Seat: "legal", Person: "lee", At: atDay(1, 9)}},
			want: []string{"7.09 due  ", "3.09 backup legal ", "8.09 manager legal ", "9.09 owner  "}},
		"who came later is reminded later": {now: atDay(1, 9), facts: []review.Fact{answerFact("finance", "fay", review.Approve, alarmOpening), {Kind: review.FactSeated, Seat: "legal", Person: "lou", At: atDay(1, 9), Holder: &review.Holder{Person: "lou", Since: atDay(1, 9)}}},
			want: []string{"7.09 due  ", "2.09 reminder legal lee", "3.09 reminder legal lou", "3.09 backup legal ", "8.09 manager legal ", "9.09 owner  "}},
		"a delegate is reminded instead of the holder, and the seat's return is an alarm": {now: atDay(1, 9), facts: []review.Fact{answerFact("finance", "fay", review.Approve, alarmOpening),
			{Kind: review.FactSeated, Seat: "legal", Person: "hal", At: atDay(1, 9), Holder: &review.Holder{Person: "hal", Via: review.ViaDelegate, From: "lee", Since: atDay(1, 9), Until: atDay(4, 9)}}},
			want: []string{"7.09 due  ", "4.09 ends legal hal", "3.09 reminder legal hal", "3.09 backup legal ", "8.09 manager legal ", "9.09 owner  "}},
		"after that the holder is": {now: atDay(4, 9), facts: []review.Fact{answerFact("finance", "fay", review.Approve, alarmOpening),
			{Kind: review.FactSeated, Seat: "legal", Person: "hal", At: atDay(1, 9), Holder: &review.Holder{Person: "hal", Via: review.ViaDelegate, From: "lee", Since: atDay(1, 9), Until: atDay(4, 9)}}}, want: legal},
		"an answer taken back is silence from then on": {now: atDay(4, 9), facts: []review.Fact{answerFact("finance", "fay", review.Approve, alarmOpening), answerFact("legal", "lee", review.Approve, alarmOpening.Add(time.Hour)),
			{Kind: review.FactTakenBack, Seat: "legal", Person: "lee", At: atDay(4, 9), Answer: "act"}},
			want: []string{"7.09 due  ", "8.09 reminder legal lee", "9.09 backup legal ", "14.09 manager legal ", "9.09 owner  "}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r, d := askedTwo(), alarmDeadlines()
			r.Fold(c.facts)
			if c.d != nil {
				c.d(&d)
			}
			if diff := cmp.Diff(c.want, alarmsOf(r, d, c.now, c.known...)); diff != "" {
				t.Errorf("alarms (- want, + got):\n%s", diff)
			}
		})
	}
}

func TestNoAlarmBeforeTheGroupIsAsked(t *testing.T) {
	r := askedTwo()
	r.Clocks[0] = review.Clock{}
	if got := alarmsOf(r, alarmDeadlines(), alarmOpening); got != nil {
		t.Errorf("got %v", got)
	}
	r.Clocks = nil
	if got := alarmsOf(r, alarmDeadlines(), alarmOpening); got != nil {
		t.Errorf("got %v", got)
	}
}

// Only the group that is asked now has alarms.
func TestAlarmsOfTheCurrentGroup(t *testing.T) {
	r := askedTwo()
	r.Policy.Groups = append(r.Policy.Groups, review.Group{Name: "board", Rule: review.RuleAll, Seats: []review.Seat{{ID: "board", Role: "board"}}})
	r.Seatings = append(r.Seatings, review.Seating{Seat: "board", Group: 1, Holders: []review.Holder{{Person: "bea", Since: alarmOpening}}})
	r.Clocks = append(r.Clocks, review.Clock{})
	r.Fold([]review.Fact{answerFact("legal", "lee", review.Approve, alarmOpening), answerFact("finance", "fay", review.Approve, alarmOpening)})
	if got := alarmsOf(r, alarmDeadlines(), alarmOpening); got != nil {
		t.Errorf("the second group is not asked yet; got %v", got)
	}
	r.Fold([]review.Fact{{Kind: review.FactGroup, Group: 1, At: atDay(1, 9), Due: atDay(8, 9)}})
	want := []string{"8.09 due  ", "3.09 reminder board bea", "4.09 backup board ", "9.09 manager board ", "10.09 owner  "}
	if d := cmp.Diff(want, alarmsOf(r, alarmDeadlines(), atDay(1, 9))); d != "" {
		t.Errorf("alarms (- want, + got):\n%s", d)
	}
}

// alarmWalk plays a request with random people, deadlines and acts, from alarm to
// alarm, and holds what is true of all alarms.
type alarmWalk struct {
	t     *rapid.T
	r     *review.Request
	d     Deadlines
	now   time.Time
	known []Hours
	acts  int
	rang  map[string]int
}

func (w *alarmWalk) schedule(person string) calendar.Schedule {
	i := slices.IndexFunc(w.known, func(h Hours) bool { return h.Person == person })
	if i < 0 {
		return alarmHours(9, 17)
	}
	return w.known[i].Schedule
}

// act lets somebody do something now.
func (w *alarmWalk) act() {
	w.acts++
	seat := rapid.SampledFrom([]string{"legal", "finance"}).Draw(w.t, "seat")
	s := w.r.Seating(seat)
	holder := s.Holders[rapid.IntRange(0, len(s.Holders)-1).Draw(w.t, "holder")]
	id := fmt.Sprintf("act%d", w.acts)
	f := review.Fact{Request: "r", At: w.now, Seat: seat, Person: holder.Person, Answer: id}
	switch rapid.SampledFrom([]string{"answer", "take back", "snooze", "delegate", "leave"}).Draw(w.t, "act") {
	case "answer":
		if w.r.Standing(seat) == nil && holder.Active(w.now) {
			f = answerFact(seat, holder.Person, rapid.SampledFrom([]review.Verdict{review.Approve, review.Changes}).Draw(w.t, "verdict"), w.now)
		}
	case "take back":
		f.Kind = review.FactTakenBack
		if b := w.r.Standing(seat); b != nil {
			f.Person = b.Person
		}
	case "snooze":
		f.Kind, f.Until = review.FactSnoozed, w.now.Add(time.Duration(rapid.IntRange(1, 500).Draw(w.t, "hours"))*time.Hour)
	case "delegate":
		h := review.Holder{Person: fmt.Sprintf("hal%d", w.acts), Via: review.ViaDelegate, From: holder.Person, Since: w.now, Until: w.now.Add(time.Duration(rapid.IntRange(1, 300).Draw(w.t, "hours")) * time.Hour)}
		f.Kind, f.Person, f.Holder = review.FactSeated, h.Person, &h
	case "leave":
		f.Kind = review.FactUnseated
	}
	w.r.Apply(f)
}

// takenBack counts the answers of a seat that were taken back.
func (w *alarmWalk) takenBack(seat string) int {
	n := 0
	for _, b := range w.r.Ballots {
		if b.Seat == seat && b.TakenBack {
			n++
		}
	}
	return n
}

// ring acts on what is due now, as a process does, and reports whether there was
// anything.
func (w *alarmWalk) ring(all []Alarm) bool {
	for _, a := range all {
		if a.At.After(w.now) || a.Why == WhyDue || a.Why == WhyEnds {
			continue
		}
		if w.r.Closed != nil || a.Seat != "" && w.r.Standing(a.Seat) != nil {
			w.t.Fatalf("%+v rings for a seat that has its answer", a)
		}
		if a.Why == WhyReminder {
			sch := w.schedule(a.Person)
			if !alarmYears().Working(sch, a.At) && !alarmYears().Working(sch, a.At.Add(-1)) {
				w.t.Fatalf("%s is reminded at %s, outside of %v", a.Person, a.At, sch)
			}
			if !w.r.Holds(a.Seat, a.Person, w.now) {
				w.t.Fatalf("%s is reminded of a seat that they don't hold", a.Person)
			}
		}
		key := fmt.Sprintf("%s %s", a.Why, a.Seat)
		most := 1 + w.takenBack(a.Seat) // an answer taken back starts the seat's silence anew
		if a.Why == WhyReminder {
			key, most = key+" "+a.Person, most*len(w.d.Remind)
		}
		if w.rang[key]++; w.rang[key] > most {
			w.t.Fatalf("%s rings %d times, want at most %d", key, w.rang[key], most)
		}
		w.r.Apply(toldFact(a.Seat, a.Person, a.Why, w.now))
		return true
	}
	return false
}

func TestAlarmsRingOnceAndEnd(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		w := &alarmWalk{t: t, r: askedTwo(), now: alarmOpening, rang: map[string]int{}}
		span := func(name string) calendar.Span {
			return calendar.Span{Days: rapid.IntRange(0, 9).Draw(t, name), Hours: rapid.IntRange(0, 9).Draw(t, name+" hours"), Calendar: rapid.Bool().Draw(t, name+" of the calendar")}
		}
		w.d = Deadlines{Due: alarmDays(5), Backup: span("backup"), Manager: span("manager"), Owner: span("owner")}
		for range rapid.IntRange(0, 3).Draw(t, "reminders") {
			w.d.Remind = append(w.d.Remind, span("reminder"))
		}
		for _, p := range []string{"lee", "fay"} {
			from := rapid.IntRange(0, 22).Draw(t, "from")
			sch := alarmHours(from, rapid.IntRange(from+1, 24).Draw(t, "until"))
			sch.Zone = rapid.SampledFrom([]string{"UTC", "East"}).Draw(t, "zone")
			w.known = append(w.known, Hours{Person: p, Schedule: sch})
		}
		for left := rapid.IntRange(0, 6).Draw(t, "acts"); ; {
			if left > 0 && rapid.Bool().Draw(t, "acts now") {
				left--
				w.act()
			}
			all := w.d.Alarms(w.r, w.now, alarmYears(), alarmHours(9, 17), w.known)
			if w.ring(all) {
				continue
			}
			next := time.Time{}
			for _, a := range all {
				if !a.At.After(w.now) {
					t.Fatalf("%+v is past and was not rung", a)
				}
				if next.IsZero() || a.At.Before(next) {
					next = a.At
				}
			}
			if next.IsZero() {
				return // silence: people alone can go on from here
			}
			w.now = next
		}
	})
}

// A jump over everything rings each alarm once, and one reminder a holder: what
// was passed over is gone.
func TestAJumpOverEverythingRingsOnce(t *testing.T) {
	r, d := askedTwo(), alarmDeadlines()
	now := atDay(60, 9)
	rang := map[string]int{}
	for {
		all := d.Alarms(r, now, alarmYears(), alarmHours(9, 17), nil)
		if len(all) == 0 {
			break
		}
		a := all[0]
		rang[a.Why]++
		r.Apply(toldFact(a.Seat, a.Person, a.Why, now))
	}
	want := map[string]int{WhyReminder: 2, WhyBackup: 2, WhyManager: 2, WhyOwner: 1}
	if diff := cmp.Diff(want, rang); diff != "" {
		t.Errorf("rang (- want, + got):\n%s", diff)
	}
}
