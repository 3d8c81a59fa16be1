package web

import (
	"net/http"
	"time"

	"gangway/internal/access"
	"gangway/internal/dossier"
	"gangway/internal/exit"
	"gangway/internal/review"
)

// settleView is the form by which whoever acts as the owner says who does the work when
// the vendor is gone.
type settleView struct {
	Case, Nonce string
	Undecided   bool
	Act         actForm // as it came in, when it could not be taken
	Options     []choice
}

// settle makes the form; nil for whoever may not act as the owner, once there is no way
// back, and while the case is on hold.
func (d *departed) settle(me visitor) *settleView {
	if d.c.State != dossier.Running || d.c.Held != nil || !access.May(me.Person, access.Steer, d.c) {
		return nil
	}
	for i := range d.lines {
		if d.lines[i].Entry.Kind == dossier.NoReturn {
			return nil
		}
	}
	v := &settleView{Case: d.c.ID, Nonce: newNonce(), Undecided: d.order == nil || exit.After(d.order.Name) == exit.AfterUndecided}
	for _, after := range []exit.After{exit.AfterReplaced, exit.AfterInHouse, exit.AfterEnds} {
		v.Options = append(v.Options, choice{ID: string(after), Label: map[exit.After]string{exit.AfterReplaced: "Another vendor", exit.AfterInHouse: "Our own people", exit.AfterEnds: "Nobody"}[after]})
	}
	return v
}

// retry shows a form again as it was filled in.
func (v *departedView) retry(act actForm) {
	if v != nil && v.Settle != nil && act.Kind == review.Settle {
		v.Settle.Act, v.Settle.Nonce = act, act.Nonce
	}
}

// settleCase takes what somebody said of who does the work then.
func (s *server) settleCase(w http.ResponseWriter, r *http.Request, me visitor) error {
	f, err := parseAct(r.PostForm, review.Settle)
	if err != nil {
		return err
	}
	if !isExit(f.Case) {
		return badForm("the form names no exit")
	}
	f.Process, f.Values = f.Case, nil
	if exit.After(f.Name) == exit.AfterReplaced {
		f.Values = []string{f.Value}
	}
	again := func(wrong string, status int) error { return s.renderCase(w, r, me, status, f.Case, f, wrong) }
	if wrong := f.wrong(); wrong != "" {
		return again(wrong, http.StatusUnprocessableEntity)
	}
	return s.act(w, r, me, &f, time.Time{}, again)
}

// wrongSettling says what is missing before it can be sent.
func (f actForm) wrongSettling() string {
	switch after := exit.After(f.Name); {
	case after != exit.AfterReplaced && after != exit.AfterInHouse && after != exit.AfterEnds:
		return "Say who does the work when the vendor is gone."
	case after == exit.AfterReplaced && f.Value == "":
		return "Name the vendor who takes over."
	case f.Inside == "":
		return review.NeedsReason.Sentence()
	}
	return ""
}
