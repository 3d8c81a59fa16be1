package web

import (
	"slices"
	"time"

	"gangway/internal/dossier"
	"gangway/internal/review"
)

// leavingView is that one of the vendor's people said that it withdraws.
type leavingView struct {
	By, Why string
	At      *instant
}

// leaving is the newest word of it in a case that runs; nil: nobody said so.
func (n names) leaving(c *dossier.CaseView, lines []dossier.Line, me visitor, now time.Time) *leavingView {
	if c.State != dossier.Running {
		return nil
	}
	for _, l := range slices.Backward(lines) {
		e := l.Entry
		if e.Kind != dossier.Noted || e.Detail == nil || e.Detail.Name != string(review.NoteWithdraws) {
			continue
		}
		v := &leavingView{By: n.of(e.Actor), At: me.at(e.CaseAt, now)}
		if l.Body != nil {
			v.Why = cut(l.Body.Inside)
		}
		return v
	}
	return nil
}
