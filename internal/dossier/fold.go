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
	d := e.Detail
	if d == nil {
		d = &Detail{}
	}
	switch e.Kind {
	case CaseOpened:
		v.ID, v.Vendor, v.Owner, v.Requester, v.Sponsor = e.Case, d.Vendor, d.Owner, d.Requester, d.Sponsor
		v.State, v.Rehearsal, v.Opened = Running, d.Rehearsal, e.CaseAt
		v.Playbook, v.Digest = d.Playbook, d.Digest
		if d.Anchor != nil {
			v.Anchor = *d.Anchor
		}
	case CaseClosed:
		v.Closed, v.State = e.CaseAt, CaseState(d.Result)
	case ProcessStarted:
		p := v.process(e.Process)
		p.Parent, p.Started = d.Parent, e.CaseAt
		p.ran(e.Run)
	case ProcessEnded:
		p := v.process(e.Process)
		p.Ended, p.Result = e.CaseAt, d.Result
		p.ran(e.Run)
	case StageReached:
		v.Stage = d.Stage
	case TierSet:
		v.Tier = d.Tier
	case Request:
		v.fold(e.Fact)
	case DocumentFiled:
		v.Documents = append(v.Documents, DocumentView{Process: e.Process, Name: d.Name, Version: d.Version, Document: d.Document,
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
	}
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
