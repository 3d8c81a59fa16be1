package workflows

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// asked lists the steps that are asked now.
func (w *whole) asked() []string {
	var all []string
	for _, r := range w.view().Requests {
		if r.Closed == nil {
			all = append(all, r.Step)
		}
	}
	return all
}

// checkTimers holds that each process has one timer, or none where it waits for people
// alone.
func (w *whole) checkTimers() {
	if w.uncounted {
		return
	}
	var waiting []string
	processes := w.view().Processes
	if w.with != nil {
		processes = append(processes, w.with.view().Processes...)
	}
	for _, p := range processes {
		if !p.Ended.IsZero() {
			continue
		}
		due := w.due(p.ID)
		if due.Busy {
			return
		}
		if !due.Next.IsZero() {
			waiting = append(waiting, p.ID)
		}
	}
	if len(w.seen.timers) != len(waiting) {
		w.t.Errorf("at %s %d timers are live, and %v wait for the clock", w.env.Now().Format(time.DateTime), len(w.seen.timers), waiting)
	}
}

// checkAsked holds that somebody is asked something, or that the case waits for a day
// to come. A case in which nobody has the word stands still for ever.
func (w *whole) checkAsked(v dossier.CaseView) {
	if w.idle || v.Held != nil {
		return
	}
	now := w.now()
	for _, p := range v.Processes {
		if p.Ended.IsZero() {
			due := w.due(p.ID)
			if due.Busy || !due.Next.IsZero() {
				return
			}
		}
	}
	for _, r := range v.Requests {
		if r.Closed != nil {
			continue
		}
		for _, s := range r.Seatings {
			silent := r.Standing(s.Seat) == nil
			if silent && slices.ContainsFunc(s.Holders, func(h review.Holder) bool { return h.Active(now) }) {
				return
			}
			// Nobody is left for a seat: the owner was told, and finds somebody.
			if silent && slices.ContainsFunc(r.Told, func(t review.Reminder) bool { return t.Seat == s.Seat && t.Why == playbook.WhyVacant && t.Person != "" }) {
				return
			}
		}
	}
	w.idle = true
	w.t.Errorf("at %s nobody is asked anything and no day is waited for; the stage is %s", now.Format(time.DateTime), v.Stage)
}

// checkWhole holds what is true of every onboarding by the playbook, however it ends.
func (w *whole) checkWhole(out OnboardingResult) {
	w.t.Helper()
	for _, e := range w.expected {
		if !e.met {
			w.t.Errorf("%s by %q never came to be", e.step, e.person)
		}
	}
	v := w.view()
	w.checkDecidedOnce(v)
	w.checkSecrecy(v)
	w.checkDeclared(v)
	if (out.Result == ResultLive && w.in.Oversee) != (w.handed != nil) {
		w.t.Errorf("it ended as %s, and the oversight was begun with %v", out.Result, w.handed)
	}
	for _, p := range v.Processes {
		if p.Ended.IsZero() {
			w.t.Errorf("%s has not ended", p.ID)
		}
	}
}

// checkDecidedOnce holds that no seat has two answers that stand for one version, and
// that nobody is told twice to answer the same request of the same version.
func (w *whole) checkDecidedOnce(v dossier.CaseView) {
	w.t.Helper()
	for _, r := range v.Requests {
		seen := map[string]bool{}
		for _, b := range r.Ballots {
			key := fmt.Sprint(b.Seat, " ", b.Version, " ", b.Under)
			if seen[key] && !b.TakenBack && !b.Void {
				w.t.Errorf("%s: seat %s was answered twice", r.ID, key)
			}
			seen[key] = seen[key] || !b.TakenBack && !b.Void
		}
		again := map[string]bool{}
		for _, told := range r.Told {
			key := fmt.Sprint(told.Person, " ", told.Seat, " ", told.At.Unix())
			if told.Why == playbook.WhyAsked && again[key] {
				w.t.Errorf("%s: %s was asked twice at once", r.ID, told.Person)
			}
			again[key] = again[key] || told.Why == playbook.WhyAsked
		}
	}
}

// checkSecrecy holds that nothing is asked of the vendor before the confidentiality
// agreement was accepted, where the tier has one.
func (w *whole) checkSecrecy(v dossier.CaseView) {
	w.t.Helper()
	var accepted time.Time
	has := false
	for _, s := range w.book.Steps {
		has = has || s.Does == playbook.DoesNDA && s.Applies(playbook.TierFor(w.in.Tiers, w.in.Facts))
	}
	if !has || len(w.rec.of(dossier.Corrected)) > 0 {
		return
	}
	for _, r := range v.Requests {
		if r.Step == "nda-accept" && r.Closed != nil && r.Closed.State == review.Met && accepted.IsZero() {
			accepted = r.Closed.At
		}
	}
	for _, r := range v.Requests {
		vendors := slices.ContainsFunc(r.Policy.Seats(), func(s review.Seat) bool { return s.Role == review.VendorRole })
		if vendors && r.Step != "nda" && (accepted.IsZero() || r.Opened.Before(accepted)) {
			w.t.Errorf("%s was asked of the vendor before anybody had accepted its secrecy", r.ID)
		}
	}
}

// checkDeclared holds that everybody of ours said within the year before they decided that
// they have no interest of their own.
func (w *whole) checkDeclared(v dossier.CaseView) {
	w.t.Helper()
	if w.in.Declaration == "" {
		return
	}
	for _, r := range v.Requests {
		for _, b := range r.Ballots {
			if r.Declaration == "" || w.person(b.Person).Employer != "" {
				continue
			}
			said := slices.Contains(w.in.Declared, b.Person) && engagement.MonthsLater(monday, 12).After(b.At)
			for _, s := range w.stated(b.Person) {
				said = said || !s.at.After(b.At) && engagement.MonthsLater(s.at, 12).After(b.At)
			}
			if !said {
				w.t.Errorf("%s: %s decided without a word about their interests", r.ID, b.Person)
			}
		}
	}
}

// stagesOf lists the stages that the record says were reached.
func (w *whole) stagesOf() []string {
	var all []string
	for _, e := range w.rec.of(dossier.StageReached) {
		all = append(all, e.Detail.Stage)
	}
	return all
}

// answeredBy lists the steps that a person answered, each once, in the order of their first.
func (w *whole) answeredBy(person string) []string {
	var all []string
	v := w.view()
	for _, e := range w.rec.of(dossier.Request) {
		if e.Fact == nil || e.Fact.Kind != review.FactCounted || e.Fact.Person != person {
			continue
		}
		step := v.Request(e.Fact.Request).Step
		if !slices.Contains(all, step) {
			all = append(all, step)
		}
	}
	return all
}

// watchedKinds lists what the oversight was given: "kind name".
func (w *whole) watchedKinds() []string {
	var all []string
	if w.handed == nil {
		return nil
	}
	for _, e := range w.handed.Expiries {
		all = append(all, string(e.Kind)+" "+e.Name)
	}
	slices.Sort(all)
	return all
}

// rounds counts how often each step was asked, of those that were asked twice.
func (w *whole) rounds() []string {
	n := map[string]int{}
	for _, r := range w.view().Requests {
		n[r.Step]++
	}
	var all []string
	for step, times := range n {
		if times > 1 {
			all = append(all, fmt.Sprint(step, " ", times))
		}
	}
	slices.Sort(all)
	return all
}

// trace is every request in the order of its opening, for a story that went wrong.
func (w *whole) trace() string {
	var b strings.Builder
	for _, r := range w.view().Requests {
		end := "open"
		if r.Closed != nil {
			end = fmt.Sprint(w.days(r.Closed.At), " ", r.Closed.State, " ", r.Closed.Why)
		}
		var who []string
		for _, x := range r.Ballots {
			who = append(who, x.Person+"="+string(x.Verdict))
		}
		fmt.Fprintf(&b, "%3d-%s %s %v\n", w.days(r.Opened), end, r.ID, who)
	}
	return b.String()
}
