package web

import (
	"context"
	"fmt"
	"strings"
	"time"

	"gangway/internal/engagement"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// waivesClauses reports whether the points of a checklist are clauses that a contract
// lacks: each is wanted of the vendor, or waived for a time.
func waivesClauses(r *review.Request) bool { return r.Step == playbook.ChoreClauses }

// waivesItem reports whether a form says until when an item is done without.
func waivesItem(r *review.Request) bool {
	return strings.HasPrefix(r.Step, playbook.ChoreWaiver+"-") && len(r.Points) > 0 && r.Points[0].ID == playbook.WaiverUntil
}

// waiver is what was filled in for a clause that is lacking, or why it is none.
func (f pointForm) waiver(p engagement.Point, now time.Time) (engagement.Finding, string) {
	out := engagement.Finding{Point: p.ID}
	switch {
	case f.Say == sayMissing && f.Day != "":
		return out, "You ask the vendor for it, and give a day until which you waive it. Leave one of them out."
	case f.Say == sayMissing:
		out.Missing = true
		return out, ""
	case f.Say != sayOn:
		return out, "Say whether the vendor is asked for it, or until when you do without."
	}
	day, err := time.Parse(time.DateOnly, f.Day)
	out.On = day
	switch {
	case err != nil || !p.Sound(out):
		return out, "Give the day until which you do without it."
	case !day.After(now):
		return out, pastWaiver
	}
	return out, ""
}

const pastWaiver = "A waiver lasts until a day to come. Give a later one."

// waivedWords are what was said of such a clause.
func waivedWords(found string) string {
	if on, dated := strings.CutPrefix(found, "on "); dated {
		return "waived until " + on
	}
	if found == "missing" {
		return "asked for"
	}
	return found
}

// checkWaiver says what is wrong with the end of a waiver: it has one, and it is to
// come.
func (f *fillForm) checkWaiver(r *review.Request, findings []engagement.Finding, now time.Time) {
	if !waivesItem(r) || f.wrongs[playbook.WaiverUntil] != "" {
		return
	}
	for _, x := range findings {
		switch {
		case x.Point != playbook.WaiverUntil:
		case x.Missing:
			f.wrongs[x.Point] = "A waiver has an end. Give the day."
		case !x.On.After(now):
			f.wrongs[x.Point] = pastWaiver
		}
	}
}

// caseNow is the time of the case that a request belongs to.
func (s *server) caseNow(ctx context.Context, me visitor, r *review.Request) (time.Time, error) {
	c, err := s.desk.Case(ctx, me.address(), r.Case)
	if err != nil {
		return time.Time{}, fmt.Errorf("asking for the time of the case: %w", err)
	}
	return s.nowIn(&c), nil
}
