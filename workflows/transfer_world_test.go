package workflows

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"gangway/activities"
	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/exit"
	"gangway/internal/outbox"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

const firstTransfer = "transfer/acme/1"

// transferSteps are those of a knowledge transfer: the vendor files material, the receiver
// records sessions, shows and signs, and IT judges.
func transferSteps(t *testing.T) []playbook.Step {
	of := func(does playbook.Purpose, id string, kind review.Kind, by review.Seat) playbook.Step {
		return partStep(t, exit.PartTransfer, does, id, kind, by)
	}
	session := of(exit.DoesSession, "session", review.Task, ownerSeat())
	session.Points = []engagement.Point{{ID: taughtBy, Title: "Who of ours taught?", Kind: engagement.PointPerson, Optional: true},
		{ID: "there", Title: "Who was there?", Kind: engagement.PointPerson, Optional: true}, {ID: "on", Title: "Held on", Kind: engagement.PointDate}}
	shown := of(exit.DoesShown, "shown", review.Task, ownerSeat())
	shown.Points = []engagement.Point{{ID: "what", Title: "What was done?", Kind: engagement.PointText}, {ID: "proof", Title: "Proof", Kind: engagement.PointFile}}
	shown.Accept = &review.Policy{Groups: []review.Group{{Name: "judge", Rule: review.RuleAll, Seats: []review.Seat{seat("it")}}}}
	shown.Policy.Waivable = true
	return []playbook.Step{session, of(exit.DoesMaterial, "material", review.Delivery, vendorSeat()), shown, of(exit.DoesReceived, "received", review.Decision, ownerSeat())}
}

// calendars are people's, with what was written into them.
type calendars struct {
	mu   sync.Mutex
	got  []string // "person request|cancel instant"
	ids  []string
	lost []string // persons whom nothing reaches
}

func (d *calendars) Invite(_ context.Context, l outbox.Letter) (bool, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if slices.Contains(d.lost, l.Person) {
		return false, nil
	}
	method := "request"
	if l.Meeting.Cancelled {
		method = "cancel"
	}
	if !slices.Contains(d.ids, l.ID) {
		d.ids = append(d.ids, l.ID)
		d.got = append(d.got, fmt.Sprintf("%s %s %s", l.Person, method, l.Meeting.From.Format("2 15:04")))
	}
	return true, nil
}

// says is what was written, in the order of the alphabet: invitations race.
func (d *calendars) says() []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Sorted(slices.Values(d.got))
}

// lesson is a story of a knowledge transfer, with people's calendars.
type lesson struct {
	*story
	calendars *calendars
	mover     *mover
	in        ExitPartInput
}

// newTransfer prepares a knowledge transfer of acme about some areas.
func newTransfer(t *testing.T, areas []exit.Area, without ...string) *lesson {
	t.Helper()
	steps := slices.DeleteFunc(transferSteps(t), func(s playbook.Step) bool { return slices.Contains(without, s.ID) })
	rec := newRecord()
	l := &lesson{calendars: &calendars{}, mover: newMover(rec)}
	rec.more = func(a *activities.Activities) {
		l.mover.over(a)
		a.Invitations = l.calendars
	}
	s := storyOf(t, rec, "acme", []string{"it-ida", "it-ivo", "ops-ann", "ops-ben"}, nil, steps...)
	l.story = s
	for id, employer := range map[string]string{"acme.1": "acme", "newco.1": "newco"} {
		s.know(id, func(p *playbook.Person) { p.Roles, p.Employer = nil, employer })
	}
	s.root = firstTransfer
	l.in = ExitPartInput{Common: s.in.Common, Order: exit.Order{Mode: exit.ModePlanned, After: exit.AfterReplaced, Successor: "newco"}, Areas: areas}
	l.in.Process, l.in.Case = s.root, s.root
	return l
}

// teaches plays the story.
func (l *lesson) teaches() ExitPartResult {
	l.t.Helper()
	var out ExitPartResult
	l.run(TransferType, l.in.Process, l.in, &out)
	l.checkTransfer(out)
	return out
}

// records says that a session was held, who taught and who was there.
func (l *lesson) records(who, area, taught string, there ...string) string {
	return l.answer(who, "session-"+area, review.Done, func(a *review.Answer) {
		a.Findings = []engagement.Finding{{Point: "on", On: l.env.Now()}}
		if taught != "" {
			a.Findings = append(a.Findings, engagement.Finding{Point: taughtBy, Choices: []string{taught}})
		}
		if len(there) > 0 {
			a.Findings = append(a.Findings, engagement.Finding{Point: "there", Choices: there})
		}
		a.Documents = []string{l.text(a.ID+"-sheet", "{}")}
	})
}

// sessions are "area number result people" of every entry about one.
func (s *story) sessions() []string {
	var all []string
	for _, e := range s.rec.of(dossier.SessionSet) {
		all = append(all, strings.TrimSpace(fmt.Sprint(e.Detail.Name, " ", e.Detail.Version, " ", e.Detail.Result, " ", strings.Join(e.Detail.Values, " "))))
	}
	return all
}

// checkTransfer holds the result to what people did: an area is done when its receiver
// showed it, somebody who neither showed nor taught it approved that very sheet, and the
// receiver signed after that; it is waived by a name, with a reason and an end.
func (l *lesson) checkTransfer(out ExitPartResult) {
	l.t.Helper()
	v := l.view()
	seen := map[string]bool{}
	for _, m := range out.Matters {
		if seen[m.ID] || m.Part != exit.PartTransfer {
			l.t.Errorf("%+v is not the one matter of something", m)
		}
		seen[m.ID] = true
		switch {
		case m.State == exit.StateWaived:
			l.checkWaived(v, m)
		case m.State == exit.StateDone && m.Name != "authors":
			l.checkLearnt(v, m)
		case out.Result == ResultDone && m.State != exit.StateDone && m.State != exit.StateNotNeeded:
			l.t.Errorf("the transfer is done and %+v is not", m)
		}
	}
	if out.Result == ResultDone && len(out.Matters) == 0 {
		l.t.Error("nothing was seen to")
	}
}

func (l *lesson) checkLearnt(v dossier.CaseView, m exit.Matter) {
	l.t.Helper()
	var shown, judged, signed *review.Ballot
	var taught []string
	for _, r := range v.Requests {
		for _, b := range standing(&r) {
			switch r.Step {
			case "shown-" + m.Name:
				if deliveredIn(&r) == m.Document {
					shown = &b
				}
			case "shown-" + m.Name + acceptSuffix:
				if b.Verdict == review.Approve && b.Person == m.By && len(r.Versions) == 1 && r.Versions[0].Document == m.Document {
					judged = &b
				}
			case "received-" + m.Name:
				if b.Answer == m.Answer && b.Verdict == review.Approve {
					signed = &b
				}
			case "session-" + m.Name:
				_, by := thereIn(&r)
				taught = union(taught, by)
			}
		}
	}
	switch {
	case shown == nil || judged == nil || signed == nil:
		l.t.Errorf("%+v is done; shown: %+v, judged: %+v, signed: %+v", m, shown, judged, signed)
	case judged.Person == shown.Person || judged.Person == signed.Person || slices.Contains(taught, judged.Person) || l.person(judged.Person).Employer != "":
		l.t.Errorf("%s judged what %s showed and %s signed; taught by %q", judged.Person, shown.Person, signed.Person, taught)
	case judged.At.Before(shown.At) || signed.At.Before(judged.At):
		l.t.Errorf("shown at %s, judged at %s, signed at %s", shown.At, judged.At, signed.At)
	}
}
