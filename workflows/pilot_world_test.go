package workflows

import (
	"slices"
	"testing"

	"gangway/internal/calendar"
	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// criteria are those of the pilots in stories: 50, 30 and 20 of 100, the last with
// twice as many points to give.
func criteria() []engagement.Criterion {
	return []engagement.Criterion{
		{ID: "quality", Title: "Quality", Weight: 50, Most: 5},
		{ID: "communication", Title: "Communication", Weight: 30, Most: 5},
		{ID: "deadlines", Title: "Deadlines", Weight: 20, Most: 10},
	}
}

// pilotSteps are a pilot of four weeks: a milestone at the start and one after two
// weeks, a halfway decision between them, three scorers, two of three who decide.
func pilotSteps(t *testing.T) []playbook.Step {
	part := func(id string, kind review.Kind, does playbook.Purpose, after string, seats ...review.Seat) playbook.Step {
		s := reviewStepOf(t, seats...)
		s.ID, s.Title, s.Process, s.Kind, s.Does = id, id, playbook.Pilot, kind, does
		if after != "" {
			s.After = span(t, after)
		}
		return s
	}
	vendor := review.Seat{ID: "vendor", Role: review.VendorRole, Mandatory: true}
	score := part("points", review.Rating, playbook.DoesScore, "20 working days", seat("ops"), seat("users"), seat("it"))
	score.Criteria, score.Threshold = criteria(), 60
	decide := part("go", review.Decision, playbook.DoesGo, "", seat("board"), seat("finance"), seat("legal"))
	decide.Policy.Groups[0].Rule, decide.Policy.Groups[0].N = review.RuleSome, 2
	return []playbook.Step{
		part("import", review.Delivery, "", "", vendor),
		part("halfway", review.Decision, playbook.DoesHalfway, "7 working days", seat("board")),
		part("report", review.Delivery, "", "10 working days", vendor),
		score, decide,
	}
}

// newPilot prepares a pilot with acme, whose contacts are acme.1 and acme.2.
func newPilot(t *testing.T, change ...func([]playbook.Step)) *story {
	t.Helper()
	steps := pilotSteps(t)
	for _, c := range change {
		c(steps)
	}
	s := newStory(t, []string{"ops-olga", "users-uma", "it-ida", "board-bea", "finance-fay", "legal-lee", "backup-bo"}, []string{"checks"}, steps...)
	for _, id := range []string{"acme.1", "acme.2"} {
		s.know(id, func(p *playbook.Person) { p.Roles, p.Employer = nil, "acme" })
	}
	s.know("ops-olga", func(p *playbook.Person) { p.Backups = []string{"backup-bo"} })
	s.root = "pilot/acme/1"
	return s
}

// unhurried is a pilot whose scores wait for the vendor instead of for a day.
func unhurried(steps []playbook.Step) { steps[3].After = calendar.Span{} }

// playPilot runs the story as a pilot of its own, and holds what is true of all.
func (s *story) playPilot(change ...func(*PilotInput)) PartResult {
	s.t.Helper()
	in := PilotInput{Common: s.in.Common}
	in.Process, in.Case = s.root, s.root
	for _, c := range change {
		c(&in)
	}
	var out PartResult
	s.run(PilotType, in.Process, in, &out)
	s.checkPilot(out)
	return out
}

// brings delivers a milestone, gives a scorer's points, as most stories do.
func (s *story) brings(step string) {
	s.t.Helper()
	s.answer("acme.1", step, review.Delivered, deliver(s.text(step, step)))
}

// gives are a scorer's points for the three criteria.
func gives(quality, communication, deadlines int) func(*review.Answer) {
	return func(a *review.Answer) {
		a.Scores = []review.Score{{Criterion: "quality", Points: quality}, {Criterion: "communication", Points: communication}, {Criterion: "deadlines", Points: deadlines}}
	}
}

func (s *story) scores(person string, quality, communication, deadlines int) string {
	s.t.Helper()
	return s.answer(person, "points", review.Scored, gives(quality, communication, deadlines))
}

// lates lists what the record says of milestones: "step result minutes".
func (s *story) lates() []milestoneLine {
	var all []milestoneLine
	for _, e := range s.rec.of(dossier.Milestone) {
		all = append(all, milestoneLine{e.Detail.Step, e.Detail.Result, e.Detail.Late})
	}
	return all
}

type milestoneLine struct {
	Step, Result string
	Late         int
}

func (s *story) wantLates(want ...milestoneLine) {
	s.t.Helper()
	if got := s.lates(); !slices.Equal(got, want) {
		s.t.Errorf("milestones: %v, want %v", got, want)
	}
}

// checkPilot holds that the measure is the frozen one from the first entry to the
// last, that nobody was scored by a person with a conflict, and that the end is what
// people decided: a go has the approvals of its quorum, and a reason below the
// threshold.
func (s *story) checkPilot(out PartResult) {
	s.t.Helper()
	frozen := s.rec.of(dossier.PilotFrozen)
	under := func(criteria []engagement.Criterion) string {
		return engagement.FrozenCriteria(criteria, frozen[0].Detail.Threshold)
	}
	digest := frozen[0].Detail.Digest
	if len(frozen) != 1 || digest != under(frozen[0].Detail.Criteria) {
		s.t.Fatalf("frozen: %+v", frozen)
	}
	v := s.view()
	for _, r := range v.Requests {
		if r.Kind == review.Rating && under(r.Criteria) != digest {
			s.t.Errorf("%s is scored by %+v", r.ID, r.Criteria)
		}
		if r.Kind == review.Rating && !r.Blind {
			s.t.Errorf("%s is not blind", r.ID)
		}
	}
	for _, e := range s.rec.of(dossier.ScoresOpened) {
		if e.Detail.Digest != digest {
			s.t.Errorf("opened under %s, frozen under %s", e.Detail.Digest, digest)
		}
	}
	if out.Result != ResultGo && out.Result != ResultRefused {
		return
	}
	r := s.open("go")
	yes, reasons, no := 0, 0, 0
	for _, b := range standing(&r) {
		switch {
		case b.Verdict == review.Reject:
			no++
		default:
			yes++
			if !b.Written.Empty() {
				reasons++
			}
		}
	}
	if out.Result == ResultGo && (yes < 2 || r.Score < r.Threshold && reasons < yes) || out.Result == ResultRefused && no < 2 {
		s.t.Errorf("ended as %q with %d for and %d against, %d reasons, score %d of %d", out.Result, yes, no, reasons, r.Score, r.Threshold)
	}
	opened := s.rec.of(dossier.ScoresOpened)
	if last := opened[len(opened)-1].Detail; last.Score != out.Score || r.Score != out.Score || r.Threshold != last.Threshold {
		s.t.Errorf("the result's score is %d, the decision was about %d, opened was %d", out.Score, r.Score, last.Score)
	}
}
