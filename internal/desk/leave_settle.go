package desk

import (
	"context"
	"fmt"
	"slices"

	"gangway/internal/dossier"
	"gangway/internal/exit"
	"gangway/internal/review"
	"gangway/workflows"
)

// completeSettle looks up who takes over, by what the owner calls them, and the case
// that takes them on board: from here on there are ids only.
func (d *Desk) completeSettle(ctx context.Context, a *review.Act) error {
	after := []exit.After{exit.AfterReplaced, exit.AfterInHouse, exit.AfterEnds}
	called := a.Values
	a.Values = nil
	switch {
	case !slices.Contains(after, exit.After(a.Name)):
		a.Name = ""
		return invalid("name one of "+words(after), "who does the work afterwards is not said")
	case exit.After(a.Name) != exit.AfterReplaced && len(called) > 0:
		return invalid("say that they take over, or leave them out", "a vendor who takes over is named, and that one does is not said")
	case exit.After(a.Name) != exit.AfterReplaced:
		return nil
	case len(called) != 1 || called[0] == "":
		return invalid("name the vendor who takes over", "nobody is named")
	}
	p, _, err := d.personOf(ctx, a.Person.ID)
	if err != nil {
		return err
	}
	slug, found, err := d.slugOf(ctx, p, called[0], isOnBoard)
	if err != nil {
		return BusyError{err}
	}
	if !found {
		return invalid("open their onboarding first", "no vendor of yours is called %.60q", called[0])
	}
	boarding, left, err := d.comesBy(ctx, slug)
	if err != nil {
		return BusyError{err}
	}
	if left {
		return invalid("open their onboarding first", "%.60q was left themselves, and nobody takes them on board again", called[0])
	}
	a.Values = []string{slug}
	if boarding != "" {
		a.Values = append(a.Values, boarding)
	}
	return nil
}

// comesBy is the case by which a vendor who takes over is taken on board; empty: they
// work already, or were left themselves since.
func (d *Desk) comesBy(ctx context.Context, slug string) (boarding string, left bool, err error) {
	coming, err := d.newestIn(ctx, workflows.OnboardingPrefix(slug), dossier.Running)
	if err != nil {
		return "", false, fmt.Errorf("looking for the onboarding of who takes over: %w", err)
	}
	watched, err := d.newestIn(ctx, workflows.OversightPrefix(slug), dossier.Running)
	if err != nil {
		return "", false, fmt.Errorf("looking who watches whoever takes over: %w", err)
	}
	live, err := d.newestIn(ctx, workflows.OnboardingPrefix(slug), dossier.Live)
	if err != nil {
		return "", false, fmt.Errorf("looking how whoever takes over came on board: %w", err)
	}
	if coming.ID != "" || watched.ID != "" || live.ID == "" {
		return coming.ID, false, nil
	}
	exits, err := d.store.CasesIn(ctx, workflows.ExitPrefix(slug))
	if err != nil {
		return "", false, fmt.Errorf("reading whether whoever takes over was left: %w", err)
	}
	_, left = leftSince(exits, &live)
	return "", left, nil
}

// isOnBoard reports whether a vendor could take over by a case: they work, or are being
// taken on board.
func isOnBoard(v *dossier.CaseView) bool {
	return v.State == dossier.Running || v.State == dossier.Live
}
