package web

import (
	"context"
	"fmt"
	"slices"
	"time"

	"gangway/internal/dossier"
)

// knownCases is the cases that one page has read, so that each is read once.
type knownCases struct {
	s    *server
	me   visitor
	list []dossier.CaseView
	said map[string]summaryView // by case
}

// of gives a case, reading it when it isn't there yet.
func (k *knownCases) of(ctx context.Context, id string) (*dossier.CaseView, error) {
	i := slices.IndexFunc(k.list, func(c dossier.CaseView) bool { return c.ID == id })
	if i < 0 {
		c, err := k.s.desk.Case(ctx, k.me.address(), id)
		if err != nil {
			return nil, fmt.Errorf("opening the request's case: %w", err)
		}
		k.list = append(k.list, c)
		i = len(k.list) - 1
	}
	return &k.list[i], nil
}

// summary is what the case's vendor is for, in plain words, and what was learned of others.
func (k *knownCases) summary(ctx context.Context, c *dossier.CaseView) (summaryView, error) {
	if text, known := k.said[c.ID]; known {
		return text, nil
	}
	text, err := k.s.summaryOf(ctx, k.me, c)
	if err != nil {
		return summaryView{}, err
	}
	if k.said == nil {
		k.said = map[string]summaryView{}
	}
	k.said[c.ID] = text
	return text, nil
}

// now is what a case believes the time is.
func (k *knownCases) now(ctx context.Context, id string) (time.Time, error) {
	c, err := k.of(ctx, id)
	if err != nil {
		return time.Time{}, err
	}
	return k.s.nowIn(c), nil
}
