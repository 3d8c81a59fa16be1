package workflows

import (
	"slices"
	"strings"

	"go.temporal.io/sdk/workflow"

	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/exit"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// lookAt has one of our people say whether what came is whole, or says everything. Where
// nobody is to look, nobody has.
func (d *dataReturn) lookAt(ctx workflow.Context, w *owed) (again bool) {
	if w.check.ID == "" {
		w.came = false
		d.becomes(ctx, w.matter, playbook.ChoreData, exit.Matter{State: exit.StateNotCheckable, Why: "nobody-looks", Document: w.document})
		return false
	}
	if w.look == nil {
		q := question{step: w.check, document: w.step.ID, makers: makers(w.ask.req), versions: []review.Version{{Number: 1, Document: w.document, At: d.now(ctx)}}}
		if w.check.Kind == review.Checklist {
			q.points = d.searched(ctx, w.check, w.document)
		}
		w.look = d.open(ctx, q)
		return false
	}
	if w.accept != nil {
		return d.accepted(ctx, w)
	}
	if w.look.req.Tally(d.now(ctx)).State != review.Met {
		return false
	}
	d.shut(ctx, w.look, review.Met, "decided")
	b := standing(w.look.req)[0]
	if document := filledIn(b); document != "" {
		d.note(ctx, dossier.DocumentFiled, b.Person, b.Answer, nil, &dossier.Detail{Name: w.check.ID, Document: document, Version: w.round, Media: engagement.SheetMedia, Written: b.Written})
	}
	if d.lacks(w.look.req) {
		d.odd(ctx, w, whyLacking)
		return true
	}
	if w == d.back && d.saysLoaded(b) {
		d.loaded = b
	}
	if w.check.Accept != nil {
		w.accept = d.openAccept(ctx, w.look, union(makers(w.ask.req), makers(w.look.req))...)
		return false
	}
	d.good(ctx, w, b)
	return true
}

// accepted acts on what those said who accept what whoever looked says. What will not do
// is looked at again.
func (d *dataReturn) accepted(ctx workflow.Context, w *owed) (again bool) {
	t := w.accept.req.Tally(d.now(ctx)).State
	if !t.Decided() {
		return false
	}
	d.shut(ctx, w.accept, t, "decided")
	if t == review.Met {
		d.good(ctx, w, standing(w.accept.req)[0])
		return true
	}
	w.look, w.accept, d.loaded = nil, nil, review.Ballot{}
	return true
}

func (d *dataReturn) good(ctx workflow.Context, w *owed, b review.Ballot) {
	d.becomes(ctx, w.matter, "", exit.Matter{State: exit.StateDone, By: b.Person, Answer: b.Answer, Document: w.document})
}

// answered acts on what the owner said: whoever takes it all the same answers for it by
// name, as the one who looked.
func (d *dataReturn) answered(ctx workflow.Context, b review.Ballot) {
	if slices.Contains(d.said, matterCopies) {
		d.copies.goNow(b)
		return
	}
	for _, w := range []*owed{d.back, d.gone} {
		if w == nil || !slices.Contains(d.said, w.matter) {
			continue
		}
		switch b.Verdict {
		case playbook.AskVendor:
			d.note(ctx, dossier.SentToVendor, b.Person, b.Answer, nil, &dossier.Detail{Name: w.step.ID, Version: w.round, Written: b.Written})
			d.shut(ctx, w.ask, review.Open, "superseded")
			d.shut(ctx, w.look, review.Open, "superseded")
			d.shut(ctx, w.accept, review.Open, "superseded")
			w.ask, w.look, w.accept, w.came, w.words = nil, nil, nil, false, b.Answer
			d.becomes(ctx, w.matter, "", exit.Matter{State: exit.StateOpen})
		case playbook.TakeAnyway:
			d.good(ctx, w, b)
		}
	}
}

// lacks reports whether somebody answered a point as missing, or with no.
func (d *dataReturn) lacks(r *review.Request) bool {
	return slices.ContainsFunc(standing(r), func(b review.Ballot) bool {
		return len(engagement.Lacking(r.Points, b.Findings)) > 0 || slices.ContainsFunc(b.Findings, func(f engagement.Finding) bool {
			return slices.Equal(f.Choices, []string{engagement.No})
		})
	})
}

// backupsIn are the backups that a certificate names, with the days on which they run
// out. What they are called stands in the certificate, under the same ids.
func (d *dataReturn) backupsIn(w *owed) []exit.Backup {
	var all []exit.Backup
	for _, b := range standing(w.ask.req) {
		for _, f := range b.Findings {
			row, last := rowOf(f.Point)
			if last == exit.OfUntil && strings.HasPrefix(row, exit.RowBackup) && !f.On.IsZero() {
				all = append(all, exit.Backup{ID: d.process.in.Process + ":" + row, On: f.On, Document: w.document})
			}
		}
	}
	return all
}

// undated reports whether a backup is named without its day.
func (d *dataReturn) undated(r *review.Request) bool {
	return slices.ContainsFunc(standing(r), func(b review.Ballot) bool {
		return slices.ContainsFunc(b.Findings, func(f engagement.Finding) bool {
			row, last := rowOf(f.Point)
			return last == exit.OfWhat && strings.HasPrefix(row, exit.RowBackup) && f.Said && !slices.ContainsFunc(b.Findings, func(x engagement.Finding) bool {
				return x.Point == row+"-"+exit.OfUntil && !x.On.IsZero()
			})
		})
	})
}

// rowOf is the row of a point of a form, and what it is there.
func rowOf(point string) (row, last string) {
	i := strings.LastIndexByte(point, '-')
	if i < 0 {
		return "", point
	}
	return point[:i], point[i+1:]
}
