package main

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"gangway/internal/dossier"
	"gangway/internal/review"
)

// caseView fetches one case and the JSON it came as.
func (s *session) caseView(id string) (dossier.CaseView, []byte, error) {
	var v dossier.CaseView
	raw, err := s.fetchInto(get("/api/case", "id", id), &v)
	return v, raw, err
}

// show prints where a case stands, or its record.
func (s *session) show(args []string) error {
	v, raw, err := s.caseView(args[0])
	if err != nil {
		return err
	}
	if s.yes("journal") {
		err = s.journal(v)
	} else {
		err = s.print(raw, func() { s.printCase(&v) })
	}
	if err != nil || !s.yes("exit-code") {
		return err
	}
	switch v.State {
	case dossier.Live:
		return nil
	case dossier.Ended:
		return silent(exitRefused)
	}
	return silent(exitWaiting)
}

func (s *session) printCase(v *dossier.CaseView) {
	now := v.Now(s.now())
	s.out.line("%s  %s", painted{v.ID, styleBold}, painted{state(*v), stateStyle(v.State)})
	if v.Rehearsal {
		s.out.line("%s", painted{"a rehearsal: nothing of it is real", styleWarn})
	}
	if v.Held != nil {
		s.out.line("%s", painted{fmt.Sprintf("HELD since %s by %s", s.when(v.Held.Since, now), v.Held.By), styleWarn})
	}
	s.out.line("vendor %s, tier %s, stage %s, playbook %s", v.Vendor, tier(*v), dash(v.Stage), dash(v.Playbook))
	s.out.line("owner %s, requester %s, sponsor %s", dash(v.Owner), dash(v.Requester), dash(v.Sponsor))
	if v.Closed.IsZero() {
		s.out.line("opened %s", s.when(v.Opened, now))
	} else {
		s.out.line("opened %s, closed %s", s.when(v.Opened, now), s.when(v.Closed, now))
	}
	short := len(v.Requests) > mostInFull && !s.yes("full")
	if short {
		s.overview(v, now)
	} else {
		for i := range v.Requests {
			s.printRequest(&v.Requests[i], now)
		}
	}
	s.printWatched(v)
	if len(v.Documents) > 0 && short {
		s.out.line("")
		s.overPapers(v, now)
	} else if len(v.Documents) > 0 {
		s.out.line("")
		g := newGrid("", "DOCUMENT", "VERSION", "FILED", "BY", "SIZE", "DIGEST")
		for _, d := range v.Documents {
			g.add(d.Name, version(d.Version), s.when(d.At, now), dash(d.By), documentSize(d.Size), d.Document)
		}
		g.print(s.out)
	}
	s.out.line("")
	s.out.line("%s in the record", counted(v.Lines, "line"))
	if short {
		s.tell("this is in short; every seat and digest with: gangway show %s --full", v.ID)
	}
}

// printWatched lists what an oversight watches, the soonest first.
func (s *session) printWatched(v *dossier.CaseView) {
	watched := v.Watching()
	if len(watched) == 0 {
		return
	}
	s.out.line("")
	g := newGrid("", "UNTIL", "WHAT", "NAME", "STANDS")
	for _, w := range watched {
		g.add(until(w), string(w.Kind), dash(w.Name), stands(w))
	}
	g.print(s.out)
}

func documentSize(n int64) string {
	if n == 0 {
		return "-"
	}
	return size(n)
}

func (s *session) printRequest(r *review.Request, now time.Time) {
	tally := r.Tally(now)
	s.out.line("")
	s.out.line("%s  %s  %s", painted{r.Step, styleBold}, r.Title, painted{requestState(r, tally.State), verdictStyle(tally.State)})
	facts := []string{"asked " + s.when(r.Opened, now)}
	if n := r.Current(); n > 0 {
		facts = append(facts, fmt.Sprintf("version %d of %s", n, dash(r.Document)))
	}
	switch {
	case r.Closed != nil:
		facts = append(facts, "closed "+s.when(r.Closed.At, now))
	case !due(r).IsZero():
		facts = append(facts, "due "+s.when(due(r), now))
	}
	s.out.line("  %s", strings.Join(facts, ", "))
	g := newGrid("  ", "SEAT", "WHO", "ANSWER", "VERSION", "WHEN")
	for gi, group := range r.Policy.Groups {
		for _, seat := range group.Seats {
			s.addSeat(g, r, seat.ID, gi > tally.Group, now)
		}
	}
	g.print(s.out)
	if r.IsOpen() && len(tally.Unread) > 0 {
		s.out.line("  nobody has read: %s", strings.Join(tally.Unread, ", "))
	}
	for _, person := range twice(r) {
		s.out.line("  one person, two seats: %s", person)
	}
	if len(r.Recused) > 0 {
		s.out.line("  declared a conflict: %s", strings.Join(r.Recused, ", "))
	}
	if lost := unreached(r, now); len(lost) > 0 {
		s.out.line("  UNDELIVERED: what was sent to %s did not arrive", strings.Join(lost, ", "))
	}
	if r.Refusals > 0 {
		s.out.line("  %s", counted(r.Refusals, "refused attempt"))
	}
}

// unreached lists who holds a seat of an open request and could not be told of it.
func unreached(r *review.Request, now time.Time) []string {
	var people []string
	for _, s := range r.Seatings {
		for _, h := range s.Holders {
			if r.IsOpen() && h.Active(now) && h.Undelivered && !slices.Contains(people, h.Person) {
				people = append(people, h.Person)
			}
		}
	}
	return people
}

func (s *session) addSeat(g *grid, r *review.Request, seat string, later bool, now time.Time) {
	if b := r.Standing(seat); b != nil {
		g.add(seat, b.Person, string(b.Verdict), version(b.Version), s.when(b.At, now))
		g.style(2, answerStyle(b.Verdict))
		return
	}
	who := holders(r, seat, now)
	switch {
	case len(who) == 0 && r.IsOpen():
		g.add(seat, "nobody", "vacant", "-", "-")
		g.style(2, styleBad)
	case later:
		g.add(seat, dash(strings.Join(who, ", ")), "not asked yet", "-", "-")
	case r.IsOpen():
		g.add(seat, strings.Join(who, ", "), "waiting", "-", "-")
		g.style(2, styleWarn)
	default:
		g.add(seat, dash(strings.Join(who, ", ")), "none", "-", "-")
	}
}

// twice lists people whose answers stand for more than one seat.
func twice(r *review.Request) []string {
	var seen, people []string
	for _, seat := range r.Policy.Seats() {
		b := r.Standing(seat.ID)
		if b == nil {
			continue
		}
		for _, p := range seen {
			if p == b.Person {
				people = append(people, b.Person)
			}
		}
		seen = append(seen, b.Person)
	}
	return people
}

// requestState is a request's state in words, with why it closed.
func requestState(r *review.Request, now review.State) string {
	text := map[review.State]string{review.Waiting: "not asked yet", review.Open: "open", review.Vacant: "nobody left to ask",
		review.Met: "met", review.Wanted: "changes wanted", review.Denied: "refused"}[now]
	switch {
	case r.Waived:
		return text + ", waived"
	case r.Closed != nil && r.Closed.Why != "" && r.Closed.Why != "decided":
		return text + ", " + r.Closed.Why
	}
	return text
}

func verdictStyle(st review.State) string {
	switch st {
	case review.Met:
		return styleGood
	case review.Denied, review.Vacant:
		return styleBad
	}
	return styleWarn
}

func answerStyle(v review.Verdict) string {
	switch v {
	case review.Reject:
		return styleBad
	case review.Changes:
		return styleWarn
	}
	return styleGood
}

// journal prints the record of a case, line by line.
func (s *session) journal(v dossier.CaseView) error {
	var raws []json.RawMessage
	raw, err := s.fetchInto(get("/api/lines", "case", v.ID), &raws)
	if err != nil {
		return err
	}
	lines := make([]dossier.Line, len(raws))
	for i := range raws {
		if err := json.Unmarshal(raws[i], &lines[i]); err != nil {
			return fmt.Errorf("reading a line of the record: %w", err)
		}
	}
	now := v.Now(s.now())
	return s.print(raw, func() {
		g := newGrid("", "LINE", "WHEN", "WHO", "WHAT")
		for _, l := range lines {
			g.add(fmt.Sprint(l.N), s.when(l.Entry.CaseAt, now), dash(l.Entry.Actor), happened(l))
		}
		g.print(s.out)
	})
}

// watched are what an entry says of a whole onboarding: points of a checklist, a score,
// dates, how accesses stand, what runs out.
func watched(kind dossier.Kind, d *dossier.Detail) []string {
	var parts []string
	if d.Expiry != nil {
		parts = append(parts, d.Expiry.Words())
		if !d.Expiry.On.IsZero() {
			parts = append(parts, "on "+d.Expiry.On.UTC().Format(time.DateOnly))
		}
	}
	if len(d.Points) > 0 {
		parts = append(parts, strings.Join(d.Points, ", "))
	}
	switch kind {
	case dossier.AccessStands:
		parts = append(parts, strings.Join(d.Values, "; "))
	case dossier.ScoresOpened:
		parts = append(parts, fmt.Sprintf("%d of 100, needs %d", d.Score, d.Threshold))
	case dossier.Milestone:
		parts = append(parts, dossier.Lateness(d.Late))
	case dossier.ClauseWaived, dossier.Evidence, dossier.RiskSigned, dossier.DPAInForce:
		if !d.Ends.IsZero() {
			parts = append(parts, "until "+d.Ends.UTC().Format(time.DateOnly))
		}
	case dossier.Escalated:
		parts = append(parts, d.Person)
	}
	return parts
}

// happened is a line of the record in a few words.
func happened(l dossier.Line) string {
	e := l.Entry
	parts := []string{e.Kind.Words()}
	if f := e.Fact; f != nil {
		parts = []string{strings.ReplaceAll(string(f.Kind), "-", " ")}
		if f.Request != "" {
			parts = append(parts, f.Request)
		}
		if f.Ballot != nil {
			parts = append(parts, fmt.Sprintf("%s for %s, version %d", f.Ballot.Verdict, f.Ballot.Seat, f.Ballot.Version))
		} else if f.Seat != "" {
			parts = append(parts, "seat "+f.Seat)
		}
		if f.Outcome != nil && f.Outcome.Refusal != "" {
			parts = append(parts, string(f.Outcome.Refusal))
		}
	}
	if d := e.Detail; d != nil {
		for _, word := range []string{d.Name, d.Stage, d.Step, d.Result, d.Document, d.Parent} {
			if word != "" {
				parts = append(parts, word)
			}
		}
		parts = append(parts, watched(e.Kind, d)...)
		if d.Channel != "" { // whom a channel does not reach, or whose an address there is
			parts = append(parts, "("+d.Person+" in "+d.Channel+")")
		}
		if d.Instead != "" {
			parts = append(parts, "told by "+d.Instead)
		}
	}
	switch {
	case l.Conflict:
		parts = append(parts, "(conflicts with an earlier line)")
	case l.Erased != nil:
		parts = append(parts, "(text erased under "+l.Erased.Rule+")")
	case l.Body != nil:
		for _, text := range []string{l.Body.Inside, l.Body.Vendor} {
			if text != "" {
				parts = append(parts, fmt.Sprintf("%q", cut(strings.Join(strings.Fields(text), " "), 200)))
			}
		}
	}
	return strings.Join(parts, " ")
}
