package workflows

import (
	"strings"

	"gangway/internal/exit"
	"gangway/internal/review"
)

// maySettle judges what the owner says of who does the work when the vendor is gone.
func (p *process) maySettle(in review.Act) review.Refusal {
	known := false
	switch exit.After(in.Name) {
	case exit.AfterReplaced:
		known = len(in.Values) > 0 && in.Values[0] != "" && in.Values[0] != p.in.Vendor &&
			(len(in.Values) < 2 || strings.HasPrefix(in.Values[1], OnboardingPrefix(in.Values[0])+"/"))
	case exit.AfterInHouse, exit.AfterEnds:
		known = len(in.Values) == 0
	}
	switch {
	case in.Written.Empty():
		return review.NeedsReason
	case p.noReturn:
		return review.NoReturn
	case !p.settles || p.settled != nil || !known:
		return review.WrongAct
	case p.held != nil:
		return review.OnHold
	}
	return ""
}
