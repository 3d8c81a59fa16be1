package workflows

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"slices"
	"testing"
	"time"

	"go.temporal.io/sdk/workflow"

	"gangway/config"
	"gangway/internal/calendar"
	"gangway/internal/engagement"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// whole is an onboarding by the playbook that ships, with everybody who takes part in
// it. Whoever is asked answers soundly after a while by themselves, but for what a
// story expects otherwise.
type whole struct {
	*story
	book playbook.Playbook
	door *doorkeeper
	// pace is which part of the time that they have people take to answer, in per cent.
	pace     int
	expected []*expectation
	// until is what a form's dates say that something holds for, by the step; else a
	// year and a half from when it is filled in.
	until map[string]time.Time
	// handed is what the oversight was begun with, nil: it never was.
	handed *OversightInput
	// agreed is the contract's newest version that anybody filed.
	agreed string
	// hooks are called once, when a step is first asked.
	hooks map[string]func()
	files int
	// anchor of a rehearsal; disturb is asked before anybody answers, nil: nobody does.
	anchor  calendar.Anchor
	disturb func(r review.Request, seat review.Seat, person string) bool
	// vacant is told of a seat that nobody holds.
	vacant func(review.Seat)
	idle   bool // nobody is asked anything: said once
	// lasts is how long the story may take before it counts as stuck.
	lasts time.Duration
	// named are whom forms name in some lines, by the points' ids; in all others it is
	// service-sol.
	named map[string]string
	// with is another case in the same engine, whose timers are counted here; uncounted:
	// another story counts them.
	with      *whole
	uncounted bool
}

// member is one of the client's people.
type member struct {
	id          string
	roles       []string
	competences []string
	backup      string
}

// twelve are the client's people of a whole story: the owner of the case and who asked
// for the vendor, one for each role of the playbook, and three who know the same as
// another.
func twelve() []member {
	return []member{
		{id: "owner-ola"}, {id: "requester-rae"},
		{"sponsor-sue", []string{"sponsor"}, nil, "deputy-sky"},
		{"finance-fay", []string{"finance"}, []string{"business-cases"}, "finance-flo"},
		{"finance-flo", []string{"finance"}, nil, ""},
		{"legal-lee", []string{"legal"}, []string{"contract-law"}, "legal-lou"},
		{"legal-lou", []string{"legal"}, []string{"contract-law"}, ""},
		{"security-sam", []string{"security"}, []string{"security-review"}, "security-sid"},
		{"security-sid", []string{"security"}, []string{"security-review"}, ""},
		{"privacy-pam", []string{"data-protection"}, []string{"safeguarding"}, "deputy-dov"},
		{"service-sol", []string{"service-owner"}, nil, "deputy-sal"},
		{"it-ida", []string{"it"}, nil, "deputy-ivo"},
	}
}

// deputies stand in for those of the twelve who alone have their role.
func deputies() []member {
	return []member{{id: "deputy-dan"}, {id: "deputy-sky"}, {id: "deputy-dov", competences: []string{"safeguarding"}}, {id: "deputy-sal"}, {id: "deputy-ivo"}}
}

// factsOf are facts by which the shipped rules give a tier.
func factsOf(tier engagement.Tier) playbook.Facts {
	switch tier {
	case 1:
		return playbook.Facts{Data: []string{"personal", "pupil"}, Systems: []string{"github"}, YearlyCost: 120000}
	case 2:
		return playbook.Facts{Data: []string{"personal"}, Systems: []string{"github"}, YearlyCost: 60000}
	default:
		return playbook.Facts{Data: []string{"none"}, YearlyCost: 4000}
	}
}

// without takes a step out of the playbook.
func without(ids ...string) func(*playbook.Playbook) {
	return func(pb *playbook.Playbook) {
		pb.Steps = slices.DeleteFunc(pb.Steps, func(s playbook.Step) bool { return slices.Contains(ids, s.ID) })
	}
}

// newWhole prepares an onboarding of acme by the playbook whole, read from its file and
// then changed, for a vendor of a tier. It begins as a person opens one at the desk.
func newWhole(t *testing.T, tier engagement.Tier, change ...func(*playbook.Playbook)) *whole {
	t.Helper()
	pb, _, err := config.Shipped("whole")
	if err != nil {
		t.Fatal(err)
	}
	pb.Steps = slices.Clone(pb.Steps) // the book is shared
	for _, c := range change {
		c(&pb)
	}
	d := &doorkeeper{unknown: map[string]bool{}}
	w := &whole{story: newStoryWith(t, d, nil, pb.Stages, pb.Steps...), book: pb, door: d, pace: 36, lasts: longest, until: map[string]time.Time{}, hooks: map[string]func(){}}
	d.story = w.story
	w.env.SetTestTimeout(5 * time.Minute)
	w.people()
	w.begins(tier)
	w.env.OnWorkflow(OversightType, anything, anything).Return(func(_ workflow.Context, in OversightInput) (OversightResult, error) {
		w.handed = &in
		return OversightResult{}, nil // it goes on for years, which is not played here
	})
	w.seen.naps = true // its parts wait side by side; tick counts their timers
	return w
}

// people fills the people file.
func (w *whole) people() {
	w.rec.mu.Lock()
	w.rec.people = nil
	w.rec.mu.Unlock()
	for _, m := range append(twelve(), deputies()...) {
		w.know(m.id, func(p *playbook.Person) {
			p.Roles, p.Competences, p.Hours = m.roles, m.competences, w.book.Hours
			if m.backup != "" {
				p.Backups = []string{m.backup}
			}
			if m.roles != nil {
				p.Manager = "owner-ola"
			}
		})
	}
	for _, id := range []string{"acme.1", "acme.2"} {
		w.know(id, func(p *playbook.Person) { p.Employer, p.Hours = "acme", w.book.Hours })
	}
}

// begins makes the input as the desk does, from the intake of a vendor of the tier.
func (w *whole) begins(tier engagement.Tier) {
	w.t.Helper()
	snap, err := config.Snapshot(w.rec.people, w.book, monday)
	if err != nil {
		w.t.Fatal(err)
	}
	in := &w.in
	in.Playbook, in.Steps, in.Chores, in.Hours, in.Calendar = w.book.Name, w.book.Boarding(), w.book.Chores, w.book.Hours, snap
	in.Deputy, in.Sponsor = "deputy-dan", "sponsor-sue"
	in.Facts, in.Tiers, in.Stages, in.DPAWhen = factsOf(tier), w.book.Tiers, w.book.Stages, w.book.DPAWhen
	in.Declaration, in.Declared, in.Together = w.book.Declaration, []string{"requester-rae"}, true
	in.Watch, in.Oversee, in.Renew = w.book.Watch, !w.book.Watch.Empty(), true
	w.rec.readings = map[string]engagement.Reading{}
	w.agreed = w.paper(exampleText(w.t, "contract.md"))
	in.Contract = w.agreed
}

func exampleText(t *testing.T, name string) string {
	t.Helper()
	text, err := fs.ReadFile(config.Example(), name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// paper files a text under its digest.
func (w *whole) paper(body string) string {
	sum := sha256.Sum256([]byte(body))
	return w.text(hex.EncodeToString(sum[:]), body)
}

// fresh files a text that nobody filed before.
func (w *whole) fresh(what string) string {
	w.files++
	return w.paper(fmt.Sprintf("1. %s, number %d.\n", what, w.files))
}

// plays runs the story to its end, with everybody answering, and holds what is true of
// every whole onboarding.
func (w *whole) plays() OnboardingResult {
	w.t.Helper()
	w.on(time.Hour, w.tick)
	out := w.play()
	w.checkWhole(out)
	return out
}

// days counts working days of the playbook's calendar from the start of the story to an
// instant, begun ones as whole.
func (w *whole) days(to time.Time) int {
	perDay := 8*time.Hour + 30*time.Minute
	return int((w.in.Calendar.Between(w.in.Hours, monday, to) + perDay - 1) / perDay)
}

// longest is how long a story lasts at most, unless it says otherwise.
const longest = 200 * day

// tick lets everybody who is at work answer what they have had for long enough, and
// comes again in the next working hour.
func (w *whole) tick() {
	v := w.view()
	now := w.now()
	if !v.Closed.IsZero() {
		return
	}
	if w.env.Now().Sub(monday) > w.lasts {
		w.t.Errorf("the story does not come to an end; open are %v", w.asked())
		w.env.CancelWorkflow()
		return
	}
	w.checkTimers()
	w.checkAsked(v)
	served := map[string]bool{}
	for _, r := range v.Requests {
		if r.Closed == nil {
			w.serve(r, now, served)
		}
	}
	now = w.now() // the clock may have jumped
	w.env.RegisterDelayedCallback(w.tick, w.nextHour(now).Sub(now))
}

// now is the case's time.
func (w *whole) now() time.Time { return w.anchor.CaseAt(w.env.Now()).UTC() }

// nextHour is the next full hour in which the client's people work.
func (w *whole) nextHour(now time.Time) time.Time {
	for at := now.Add(time.Hour); ; at = at.Add(time.Hour) {
		if w.in.Calendar.Next(w.in.Hours, at).Equal(at) {
			return at
		}
	}
}

// serve lets one person who is asked a request answer it, if their time has come.
// Nobody answers twice in an hour.
func (w *whole) serve(r review.Request, now time.Time, served map[string]bool) {
	t := r.Tally(now)
	if t.State.Decided() || t.Group >= len(r.Clocks) || r.Clocks[t.Group].Opened.IsZero() {
		return
	}
	if do := w.hooks[r.Step]; do != nil {
		delete(w.hooks, r.Step)
		do()
		return
	}
	for _, seat := range r.Policy.Groups[t.Group].Seats {
		if r.Standing(seat.ID) != nil {
			continue
		}
		holders := r.Seating(seat.ID).Holders
		if w.vacant != nil && !slices.ContainsFunc(holders, func(h review.Holder) bool { return h.Active(now) }) {
			w.vacant(seat)
		}
		for _, h := range holders {
			if !h.Active(now) || served[h.Person] || w.away(h.Person, now) {
				continue
			}
			e := w.expects(r.Step, h.Person)
			if now.Before(w.ready(r, t.Group, h, e)) {
				continue
			}
			if e != nil && e.silent {
				e.met = true
				continue
			}
			served[h.Person] = true
			if w.disturb != nil && w.disturb(r, seat, h.Person) {
				return
			}
			w.respond(r, seat, h.Person, e)
			return
		}
	}
}

// away reports whether somebody is not at work, or has left.
func (w *whole) away(id string, now time.Time) bool {
	w.rec.mu.Lock()
	defer w.rec.mu.Unlock()
	i := slices.IndexFunc(w.rec.people, func(p playbook.Person) bool { return p.ID == id })
	return i < 0 || w.rec.people[i].Left || !w.rec.people[i].AwayAt(now).IsZero()
}

// ready is when somebody has had a request for as long as they take.
func (w *whole) ready(r review.Request, group int, h review.Holder, e *expectation) time.Time {
	since := latest(r.Clocks[group].Opened, h.Since)
	if e != nil && e.takes > 0 {
		return since.Add(e.takes)
	}
	allowed := w.in.Calendar.Between(w.in.Hours, r.Clocks[group].Opened, r.Clocks[group].Due)
	return w.in.Calendar.Add(w.in.Hours, since, allowed*time.Duration(w.pace)/100)
}

// respond gives the answer that the story expects of somebody, or a sound one.
func (w *whole) respond(r review.Request, seat review.Seat, person string, e *expectation) {
	a := w.sound(r, seat, person)
	if slices.Contains(r.Declared, person) && w.lapsed(person) {
		w.refused(a.ID, review.NeedsInterest) // what is shown is of last night; they answer again when they are asked for it
		w.send(r.Process, UpdateAnswer, a.ID, a)
		return
	}
	if e != nil {
		e.met = true
		if e.does != nil {
			e.does(r)
			return
		}
		if e.verdict != "" {
			a.Verdict = e.verdict
			if !review.Positive(e.verdict) {
				a.Written = review.Written{Inside: "digest", Vendor: "digest"}
			}
		}
		for _, m := range e.more {
			m(&a)
		}
	}
	w.send(r.Process, UpdateAnswer, a.ID, a)
}

// at does something on a working day of the story, counted from nought, at half past
// ten in the morning: nobody answers at that minute.
func (w *whole) at(days int, do func()) { w.on(w.atDay(days).Sub(monday), do) }

func (w *whole) atDay(days int) time.Time {
	return w.in.Calendar.Add(w.in.Hours, monday.Add(90*time.Minute), time.Duration(days)*(8*time.Hour+30*time.Minute))
}

// when does something as soon as a step is first asked, before anybody answers it.
func (w *whole) when(step string, do func()) { w.hooks[step] = do }

// holiday has somebody away from one working day to another.
func (w *whole) holiday(id string, from, until int) {
	on := func(days int) time.Time {
		return w.in.Calendar.Add(w.in.Hours, monday, time.Duration(days)*(8*time.Hour+30*time.Minute))
	}
	w.know(id, func(p *playbook.Person) { p.Away = append(p.Away, playbook.Away{From: on(from), Until: on(until)}) })
}
