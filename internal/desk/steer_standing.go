package desk

import (
	"slices"
	"strings"

	"gangway/internal/dossier"
	"gangway/internal/playbook"
	"gangway/internal/review"
	"gangway/workflows"
)

// standing is how far the case's steps have come, as its root process sees it: what a
// due diligence or a pilot asks is for that process to bring to a corrected intake, and
// counts here by its one decision. So does what a contract review asks besides: its
// packs of clauses and the signed copy.
func standing(v *dossier.CaseView, pb playbook.Playbook, facts playbook.Facts) playbook.Standing {
	parts := slices.DeleteFunc(slices.Clone(v.Requests), func(r review.Request) bool {
		return partOf(v, r.Process) != "" || slices.ContainsFunc(pb.Steps, func(s playbook.Step) bool {
			return s.ID == r.Step && s.Process == playbook.Contract && s.Does != ""
		})
	})
	s := playbook.Stand(parts, reviewing(v, pb, facts))
	for _, p := range v.Processes {
		stands := slices.Contains([]string{workflows.ResultSigned, workflows.ResultCleared, workflows.ResultWaived, workflows.ResultGo}, p.Result)
		if part := partOf(v, p.ID); part != "" && p.Parent != "" && !p.Ended.IsZero() && stands {
			s.Decided = append(s.Decided, decisions(v, pb, part)...)
		}
	}
	return s
}

// partOf says which part of an onboarding a process is; empty: neither due diligence
// nor pilot.
func partOf(v *dossier.CaseView, process string) playbook.Process {
	switch {
	case strings.HasPrefix(process, workflows.DiligencePrefix(v.Vendor)+"/"):
		return playbook.Diligence
	case strings.HasPrefix(process, workflows.PilotPrefix(v.Vendor)+"/"):
		return playbook.Pilot
	}
	return ""
}

// decisions are the steps whose decision is a part's: the risk record, the go.
func decisions(v *dossier.CaseView, pb playbook.Playbook, part playbook.Process) []string {
	does := map[playbook.Process]playbook.Purpose{playbook.Diligence: playbook.DoesRisk, playbook.Pilot: playbook.DoesGo}[part]
	var ids []string
	for _, s := range pb.Steps {
		if s.Process == part && s.Does == does && s.Applies(v.Tier) {
			ids = append(ids, s.ID)
		}
	}
	return ids
}

// reviewing is the steps that a process of its own decides now: the contract's whose
// review runs (what it reads, or what it will read while it waits for a text), those of
// a collection, and the decision of a due diligence or a pilot.
func reviewing(v *dossier.CaseView, pb playbook.Playbook, facts playbook.Facts) []string {
	var steps []string
	for _, p := range v.Processes {
		if p.Parent == "" || !p.Ended.IsZero() {
			continue
		}
		if part := partOf(v, p.ID); part != "" {
			steps = append(steps, decisions(v, pb, part)...)
			continue
		}
		if c, ok := playbook.CollectionOf(pb.Steps, v.Tier); ok && strings.HasPrefix(p.ID, workflows.DPAPrefix(v.Vendor)+"/") {
			steps = append(steps, c.IDs()...)
			continue
		}
		i := slices.IndexFunc(v.Requests, func(r review.Request) bool {
			besides := slices.ContainsFunc(pb.Steps, func(s playbook.Step) bool { return s.ID == r.Step && s.Does != "" })
			return r.Process == p.ID && r.Document == workflows.ContractDocument && !besides
		})
		if i >= 0 {
			steps = append(steps, v.Requests[i].Step)
			continue
		}
		for _, s := range pb.Steps {
			if s.Process == playbook.Contract && s.Does == "" && s.Applies(v.Tier) && s.When.Holds(facts) {
				steps = append(steps, s.ID)
				break
			}
		}
	}
	return steps
}
