package activities

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"go.temporal.io/sdk/temporal"

	"gangway/internal/engagement"
	"gangway/internal/exit"
)

// GiveUp writes down what a compressed plan does without, for those who decide on it: a
// page that calls areas and assets as the plan calls them, and the same as data, by ids.
func (a *Activities) GiveUp(ctx context.Context, in exit.Compressed) (certifyOut, error) {
	called, err := a.called(ctx, in.Plan)
	if err != nil {
		return certifyOut{}, err
	}
	var out certifyOut
	out.Data, err = a.fileJSON(ctx, in, "what is given up as data")
	if err != nil {
		return certifyOut{}, err
	}
	out.Page, err = a.fileText(ctx, []byte(compressedPage(in, called)), "what is given up")
	return out, err
}

// called is what a plan calls its areas and assets, by the ids of its rows: for looking up
// only. People who move with the service keep their names to themselves: what is made with
// it is read outside. No plan, or one that can't be read, calls nothing by a name.
func (a *Activities) called(ctx context.Context, plan string) (map[string]string, error) {
	names := map[string]string{}
	if plan == "" {
		return names, nil
	}
	var sheet engagement.Sheet
	err := a.readJSON(ctx, plan, "an exit plan", &sheet)
	var final *temporal.ApplicationError
	if err != nil && !(errors.As(err, &final) && final.NonRetryable()) {
		return nil, err
	}
	for _, kind := range []string{exit.RowAsset, exit.RowArea} {
		for _, row := range rowsOf(sheet, kind) {
			if kind == exit.RowAsset && exit.AssetKind(row.choice(exit.OfKind)) == exit.AssetStaff {
				continue
			}
			names[row.id] = strings.Join(strings.Fields(row.words(exit.OfWhat)), " ")
		}
	}
	return names, nil
}

// compressedPage is what is given up as people read it, and by when each step has to be
// done.
func compressedPage(in exit.Compressed, called map[string]string) string {
	p := page{called: called}
	s := in.Schedule
	p.line("WHAT IS GIVEN UP IN THE EXIT %s", in.Case)
	p.line("")
	left := max(0, exit.Days(s.From, s.By))
	p.line("The vendor %s is to be off by %s; %d days are left. %s", in.Vendor, day(s.By), left, gives(s.GivenUp))
	switch s.Notice {
	case exit.NoticeLate:
		p.line("Notice would have had to arrive by %s. As it is, the contract binds until %s at least: being off earlier does not end what is owed.", day(s.NoticeBy), day(s.Binds))
	case exit.NoticeInTime:
		p.line("Notice in time arrives by %s.", day(s.NoticeBy))
	default:
		p.line("Nobody said how long the notice period is, so whether the contract lets us go by then is not known.")
	}
	p.givenUp(s.GivenUp, nil)
	p.line("")
	p.line("BY WHEN EACH STEP HAS TO BE DONE")
	for _, m := range slices.SortedStableFunc(slices.Values(s.Milestones), func(a, b exit.Milestone) int { return a.On.Compare(b.On) }) {
		p.line("  %s: %s (%s), with %d of %d days", day(m.On), m.Step, spacedOut(m.Part), m.Days, m.Wanted)
	}
	if len(s.Milestones) == 0 {
		p.line("  nothing is asked before that day")
	}
	return p.b.String()
}

// gives counts what is given up.
func gives(all []exit.GivenUp) string {
	out, short, lost := 0, 0, 0
	for _, g := range all {
		switch g.How {
		case exit.LeftOut:
			out++
		case exit.Shortened:
			short++
		default:
			lost++
		}
	}
	if len(all) == 0 {
		return "Nothing is given up for that."
	}
	return fmt.Sprintf("For that %d steps are left out, %d have less time than they want, and %d areas and assets cannot be there by then.", out, short, lost)
}

// givenUp lists what the plan does without. came are the matters that were done all the
// same, later.
func (p *page) givenUp(all []exit.GivenUp, came func(id string) bool) {
	if len(all) == 0 {
		return
	}
	p.line("")
	p.line("GIVEN UP TO BE OFF BY THAT DAY")
	for _, g := range all {
		name := g.ID
		if g.What != exit.GivesStep {
			name = p.named(g.ID)
		}
		said := fmt.Sprintf("  %s %s (%s): %s, because %s", g.What, name, spacedOut(g.Part), g.Became(), g.Because())
		if g.How == exit.NotByThen && came != nil && came(g.ID) {
			said += "; it came later, and was verified"
		}
		p.line("%s", said)
	}
}

// named is an id of the plan, with what the plan calls it.
func (p *page) named(id string) string {
	if words := p.called[strings.TrimSuffix(id, "-restored")]; words != "" {
		return id + ", " + cutLine(words)
	}
	return id
}

// cutLine shortens what people called something to what fits a line.
func cutLine(words string) string {
	const most = 120
	letters := []rune(words)
	if len(letters) <= most {
		return words
	}
	return string(letters[:most]) + "…"
}
