package workflows

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"gangway/internal/calendar"
	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/exit"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

const firstHandover = "handover/acme/1"

// partStep is a step of a part of an exit that one seat answers.
func partStep(t *testing.T, part playbook.Process, does playbook.Purpose, id string, kind review.Kind, by review.Seat) playbook.Step {
	s := reviewStepOf(t, by)
	s.ID, s.Title, s.Process, s.Does, s.Kind = id, "Step "+id, part, does, kind
	s.Deadlines = playbook.Deadlines{Due: span(t, "5 working days"), Owner: span(t, "8 working days"), Remind: []calendar.Span{span(t, "3 working days")}}
	return s
}

func ownerSeat() review.Seat {
	return review.Seat{ID: "owner", Role: review.OwnerRole, Mandatory: true}
}

// handoverSteps are those of a hand-over: the vendor hands over, IT verifies, the receiver
// takes; people who move are a matter of HR alone.
func handoverSteps(t *testing.T) []playbook.Step {
	of := func(does playbook.Purpose, id string, kind review.Kind, by review.Seat, assets ...exit.AssetKind) playbook.Step {
		s := partStep(t, exit.PartHandover, does, id, kind, by)
		s.Assets = assets
		return s
	}
	hand := of(exit.DoesHand, "hand", review.Delivery, vendorSeat())
	hand.Policy.Waivable = true
	more := of(exit.DoesAssets, "more", review.Task, seat("it"))
	more.Points = []engagement.Point{{ID: "licence", Title: "How many more licences?", Kind: engagement.PointNumber, Optional: true},
		{ID: "words", Title: "What are they?", Kind: engagement.PointText, Optional: true}}
	return []playbook.Step{more, hand, of(exit.DoesVerify, "verify", review.Task, seat("it")), of(exit.DoesTake, "take", review.Decision, ownerSeat()),
		of(exit.DoesHand, "move", review.Task, seat("hr"), exit.AssetStaff), of(exit.DoesVerify, "moved", review.Task, seat("hr"), exit.AssetStaff)}
}

// assetsOf makes assets of a kind for a receiver.
func assetsOf(kind exit.AssetKind, receiver string, ids ...string) []exit.Asset {
	var all []exit.Asset
	for _, id := range ids {
		all = append(all, exit.Asset{ID: id, Kind: kind, Receiver: receiver})
	}
	return all
}

// newHandover prepares an asset hand-over of acme, of whose steps some are left out.
func newHandover(t *testing.T, without ...string) *story {
	t.Helper()
	steps := slices.DeleteFunc(handoverSteps(t), func(s playbook.Step) bool { return slices.Contains(without, s.ID) })
	s := newStory(t, []string{"it-ida", "it-ivo", "hr-hal", "hr-han", "legal-lee"}, nil, steps...)
	for _, id := range []string{"acme.1", "acme.2"} {
		s.know(id, func(p *playbook.Person) { p.Roles, p.Employer = nil, "acme" })
	}
	s.root = firstHandover
	return s
}

// playHandover runs the story as a hand-over of its own.
func (s *story) playHandover(assets []exit.Asset, change ...func(*ExitPartInput)) ExitPartResult {
	s.t.Helper()
	in := ExitPartInput{Common: s.in.Common, Order: exit.Order{Mode: exit.ModePlanned}, Assets: assets}
	in.Process, in.Case = s.root, s.root
	for _, c := range change {
		c(&in)
	}
	var out ExitPartResult
	s.run(HandoverType, in.Process, in, &out)
	s.checkHandover(out)
	return out
}

// saysNo answers lines of a list with no.
func saysNo(ids ...string) func(*review.Answer) {
	return func(a *review.Answer) {
		for i := range a.Findings {
			if slices.Contains(ids, a.Findings[i].Point) {
				a.Findings[i].Choices = []string{engagement.No}
			}
		}
	}
}

// matter finds what became of something.
func matterOf(out ExitPartResult, name string) exit.Matter {
	i := slices.IndexFunc(out.Matters, func(m exit.Matter) bool { return m.Name == name })
	if i < 0 {
		return exit.Matter{}
	}
	return out.Matters[i]
}

// states are "name state why" of all matters, in order.
func states(out ExitPartResult) []string {
	var all []string
	for _, m := range out.Matters {
		all = append(all, strings.TrimSpace(fmt.Sprint(m.Name, " ", m.State, " ", m.Why)))
	}
	return all
}

func (s *story) wantStates(out ExitPartResult, result string, want ...string) {
	s.t.Helper()
	if got := states(out); out.Result != result || !slices.Equal(got, want) {
		s.t.Errorf("it came to %s with\n\t%s\nwant %s with\n\t%s", out.Result, strings.Join(got, "\n\t"), result, strings.Join(want, "\n\t"))
	}
}

// checkHandover holds the result to what people did: an asset is done when somebody who
// did not hand it over says that it works, and its receiver took it on that word; it is
// waived by a name, with a reason and an end; and each asset has one matter.
func (s *story) checkHandover(out ExitPartResult) {
	s.t.Helper()
	v := s.view()
	seen := map[string]bool{}
	for _, m := range out.Matters {
		if seen[m.ID] || m.Part != exit.PartHandover {
			s.t.Errorf("%+v is not the one matter of something", m)
		}
		seen[m.ID] = true
		switch m.State {
		case exit.StateDone:
			s.checkPiece(v, m)
			if m.Blocks(s.env.Now()) {
				s.t.Errorf("nothing shows that it is done: %+v", m)
			}
		case exit.StateWaived:
			s.checkWaived(v, m)
		default:
			if out.Result == ResultDone && m.State != exit.StateNotNeeded {
				s.t.Errorf("the hand-over is done and %+v is not", m)
			}
		}
	}
	if out.Result == ResultDone && len(out.Matters) == 0 {
		s.t.Error("nothing was seen to")
	}
	for _, r := range v.Requests {
		staff := slices.ContainsFunc(r.Points, func(p engagement.Point) bool { return strings.HasPrefix(p.ID, "person-") })
		for _, x := range r.Seatings {
			for _, h := range x.Holders {
				if staff && s.person(h.Person).Employer != "" {
					s.t.Errorf("%s, who is not ours, was asked about people who move: %s", h.Person, r.ID)
				}
			}
		}
	}
}

// checkPiece holds one asset that is done to what people said of it.
func (s *story) checkPiece(v dossier.CaseView, m exit.Matter) {
	s.t.Helper()
	var handed []string
	var verified, taken *review.Ballot
	for _, r := range v.Requests {
		about := slices.ContainsFunc(r.Points, func(p engagement.Point) bool { return p.ID == m.Name })
		for _, b := range standing(&r) {
			switch {
			case about && (strings.HasPrefix(r.Step, "verify-") || strings.HasPrefix(r.Step, "moved-")):
				if deliveredIn(&r) == m.Document && saidYes(&r, m.Name) {
					verified = &b
				}
			case about && saidYes(&r, m.Name):
				handed = append(handed, b.Person)
			case b.Answer == m.Answer && strings.HasPrefix(r.Step, "take-") && b.Verdict == review.Approve:
				taken = &b
			}
		}
	}
	switch {
	case verified == nil || taken == nil:
		s.t.Errorf("%+v is done; verified: %+v, taken: %+v", m, verified, taken)
	case verified.Person != m.By || verified.Person == taken.Person || slices.Contains(handed, verified.Person) || s.person(verified.Person).Employer == "acme":
		s.t.Errorf("%+v was handed over by %v, verified by %s and taken by %s", m, handed, verified.Person, taken.Person)
	}
}

// checkWaived holds a waiver to its name, its reason and its end.
func (s *story) checkWaived(v dossier.CaseView, m exit.Matter) {
	s.t.Helper()
	ok := false
	for _, r := range v.Requests {
		for _, b := range r.Ballots {
			ok = ok || b.Answer == m.Answer && b.Verdict == playbook.Waive && b.Person == m.By && !b.Written.Empty()
		}
	}
	if !ok || m.Until.IsZero() || m.Document == "" || m.Why == "" {
		s.t.Errorf("%+v is waived by nobody, without a reason or without an end", m)
	}
}
