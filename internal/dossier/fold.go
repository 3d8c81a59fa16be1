package dossier

import (
	"slices"

	"gangway/internal/review"
)

// Apply folds an entry into the view. Entries must come in the order of their
// chain; a flagged conflict must not be folded.
func (v *CaseView) Apply(e Entry) {
	v.Lines++
	v.Last = e.CaseAt
	if e.Run != "" { // after a reset the second run says so only in what it goes on to file
		i := slices.IndexFunc(v.Processes, func(p ProcessView) bool { return p.ID == e.Process })
		if i >= 0 && e.Kind != HistoryFiled {
			v.Processes[i].ran(e.Run)
		}
	}
	d := e.Detail
	if d == nil {
		d = &Detail{}
	}
	switch e.Kind {
	case CaseOpened:
		v.ID, v.Vendor, v.Owner, v.Requester = e.Case, d.Vendor, d.Owner, d.Requester
		v.Deputy, v.Sponsor = d.Deputy, d.Sponsor
		v.State, v.Rehearsal, v.Opened = Running, d.Rehearsal, e.CaseAt
		v.Playbook, v.Digest, v.Predecessor = d.Playbook, d.Digest, d.Predecessor
		if d.Anchor != nil {
			v.Anchor = *d.Anchor
		}
	case CaseClosed:
		v.Closed, v.State, v.Held = e.CaseAt, CaseState(d.Result), nil
	case ProcessStarted:
		p := v.process(e.Process)
		p.Parent, p.Started = d.Parent, e.CaseAt
		p.ran(e.Run)
	case ProcessEnded:
		p := v.process(e.Process)
		p.Ended, p.Result = e.CaseAt, d.Result
		if v.Pilot != nil && v.Pilot.Process == e.Process {
			v.Pilot.Ended, v.Pilot.Result = e.CaseAt, d.Result
		}
		p.ran(e.Run)
	case StageReached:
		v.Stage = d.Stage
	case TierSet:
		v.Tier = d.Tier
	case Request:
		v.fold(e.Fact)
	case DocumentFiled:
		v.Documents = append(v.Documents, DocumentView{Process: e.Process, Name: d.Name, Version: d.Version, Document: d.Document, ReadAs: d.ReadAs,
			Size: d.Size, Media: d.Media, By: e.Actor, At: e.CaseAt, ForVendor: d.ForVendor, Comparison: d.Comparison})
	case Reopened:
		v.State = Running
	case HistoryFiled:
		p := v.process(e.Process)
		p.Filed = append(p.Filed, FiledHistory{Run: e.Run, Document: d.Document})
	case Jumped:
		if d.Anchor != nil {
			v.Anchor = *d.Anchor
		}
	case Sealed:
		v.Sealed = true
	case Held, Resumed, Corrected, OwnerChanged:
		v.steer(e, d)
	case DPANeed, DPAInForce:
		v.agree(e, d)
	case PilotFrozen, Milestone, ScoresOpened, PilotStopped:
		v.try(e, d)
	case ExitOrdered, GateReached:
		v.succeed(e, d)
	case Watched, Lapsed, NoticePassed, NoticeDecided, Begun, AccessStands, WatchEnded:
		v.watch(e, d)
	}
}

// agree folds what is known of the data processing agreement. A collection that
// begins anew leaves what is in force in force, until another is.
func (v *CaseView) agree(e Entry, d *Detail) {
	if v.DPA == nil {
		v.DPA = &Agreement{}
	}
	switch e.Kind {
	case DPANeed:
		v.DPA.Need, v.DPA.Data, v.DPA.Process = d.Result, d.Values, e.Process
	case DPAInForce:
		v.DPA.Document, v.DPA.Version = d.Document, d.Version
		v.DPA.Since, v.DPA.Ends, v.DPA.LookAgain = d.Starts, d.Ends, d.LookAgain
	}
}

// steer folds what the owner did to the running case. A hold and an owner are the
// case's by its root process; the others follow it, each with its own requests.
func (v *CaseView) steer(e Entry, d *Detail) {
	switch e.Kind {
	case Held:
		if e.Process == v.ID {
			v.Held = &Hold{Since: e.CaseAt, By: e.Actor}
		}
	case Resumed:
		if e.Process == v.ID {
			v.Held = nil
		}
	case Corrected:
		v.Corrections = append(v.Corrections, Correction{Field: d.Field, Values: d.Values, Amount: d.Amount, From: d.From, To: d.Tier,
			By: e.Actor, At: e.CaseAt, Answer: e.Answer})
		v.Tier = d.Tier
	case OwnerChanged:
		if e.Process == v.ID {
			v.Owner, v.Deputy, v.Sponsor = d.Owner, d.Deputy, d.Sponsor
		}
		for i := range v.Requests {
			if r := &v.Requests[i]; r.Process == e.Process && r.Closed == nil {
				r.Owner = d.Owner
				if r.Filers != nil {
					r.Filers = []string{d.Owner, d.Deputy, d.Sponsor}
				}
			}
		}
	}
}

// Recused is everybody who declared a conflict of interest in the case.
func (v *CaseView) Recused() []string {
	var all []string
	for i := range v.Requests {
		for _, id := range v.Requests[i].Recused {
			if !slices.Contains(all, id) {
				all = append(all, id)
			}
		}
	}
	return all
}

func (v *CaseView) fold(f *review.Fact) {
	if f == nil {
		return
	}
	i := slices.IndexFunc(v.Requests, func(r review.Request) bool { return r.ID == f.Request })
	if i < 0 {
		if f.Kind != review.FactOpened || f.Opened == nil {
			return
		}
		var r review.Request
		r.Apply(*f)
		r.ID = f.Request
		v.Requests = append(v.Requests, r)
		return
	}
	v.Requests[i].Apply(*f)
}

func (v *CaseView) process(id string) *ProcessView {
	i := slices.IndexFunc(v.Processes, func(p ProcessView) bool { return p.ID == id })
	if i < 0 {
		v.Processes = append(v.Processes, ProcessView{ID: id})
		i = len(v.Processes) - 1
	}
	return &v.Processes[i]
}

func (p *ProcessView) ran(run string) {
	if run != "" && !slices.Contains(p.Runs, run) {
		p.Runs = append(p.Runs, run)
	}
}

// Request returns the request of the case, nil when it has none of that id.
func (v *CaseView) Request(id string) *review.Request {
	i := slices.IndexFunc(v.Requests, func(r review.Request) bool { return r.ID == id })
	if i < 0 {
		return nil
	}
	return &v.Requests[i]
}
