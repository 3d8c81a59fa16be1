package main

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"time"

	"gangway/internal/web"
)

const (
	// mostCold is the limit of an answer to a case that no worker has in its cache.
	mostCold = 1.5
	// coldCases is how many of them are answered.
	coldCases = 100
	// mostInbox is the limit of a page in milliseconds, inboxWaiting how many
	// requests are on it, inboxLooks how often it is opened.
	mostInbox    = 100
	inboxWaiting = 200
	inboxLooks   = 20
	// rest is how long everything may settle before memory is looked at.
	rest = 3 * time.Second
)

// measureCases opens many cases and leaves them open.
func measureCases(ctx context.Context, g *ground, t *table) error {
	bare, own := g.sides("open")
	open := own.open
	own.open = func(ctx context.Context, i int) error {
		if i >= inboxWaiting {
			return open(ctx, i)
		}
		asked := g.bells.wait(own.id(i), seats)
		_, err := g.house.openAs(ctx, fmt.Sprintf("open-%d", i), counselName, false)
		if err != nil {
			return err
		}
		return until(ctx, asked)
	}
	var found [2]weight
	for i, s := range []side{bare, own} {
		var err error
		found[i], err = g.weigh(ctx, s)
		if err != nil {
			return err
		}
	}
	add := func(what string, of func(w weight) float64, unit string, most float64) {
		t.add(line{what: what, bare: of(found[0]), own: of(found[1]), unit: unit, most: most})
	}
	per := func(bytes float64) float64 { return bytes / float64(g.cases) / 1024 }
	add(fmt.Sprintf("engine's memory an open case of %d", g.cases), func(w weight) float64 { return per(w.engine) }, "kB", 0)
	add("worker's memory an open case", func(w weight) float64 { return per(w.worker) }, "kB", 0)
	add("cases opened", func(w weight) float64 { return w.opened }, "/s", 0)
	add(fmt.Sprintf("answer to a cold case, p50 of %d", coldCases), func(w weight) float64 { return ms(w.cold, 50) }, "ms", mostCold)
	add("answer to a cold case, p95", func(w weight) float64 { return ms(w.cold, 95) }, "ms", 0)
	return g.inbox(ctx, t)
}

// weight is what one side's open cases weigh.
type weight struct {
	engine, worker float64 // bytes that came with them
	opened         float64 // a second
	cold           []time.Duration
}

func (g *ground) weigh(ctx context.Context, s side) (weight, error) {
	var w weight
	c, err := g.hire(s.role, 1)
	if err != nil {
		return w, err
	}
	defer func() { c.end() }()
	warm := each(ctx, coldCases, func(ctx context.Context, i int) error { return s.open(ctx, g.cases+i) })
	if warm != nil {
		return w, warm
	}
	before, err := g.weights(ctx, c)
	if err != nil {
		return w, err
	}
	begun := time.Now()
	err = each(ctx, g.cases, s.open)
	if err != nil {
		return w, err
	}
	w.opened = float64(g.cases) / time.Since(begun).Seconds()
	after, err := g.weights(ctx, c)
	if err != nil {
		return w, err
	}
	w.engine, w.worker = after.engine-before.engine, after.worker-before.worker
	c.end()
	err = c.add()
	if err != nil {
		return w, err
	}
	// The first answers of a new process pay for its start; those are others' cases.
	for i := range coldCases + 10 {
		begun := time.Now()
		err := s.say(ctx, g.cases-1-i, 1)
		if err != nil {
			return w, err
		}
		if i >= 10 {
			w.cold = append(w.cold, time.Since(begun))
		}
	}
	return w, nil
}

func (g *ground) weights(ctx context.Context, c *crew) (w weight, err error) {
	select {
	case <-time.After(rest):
	case <-ctx.Done():
	}
	w.engine, err = g.memory()
	if err == nil {
		w.worker, err = c.members[0].memory()
	}
	return w, err
}

// inbox opens the page of somebody for whom 200 requests wait, as a browser does.
func (g *ground) inbox(ctx context.Context, t *table) error {
	waiting, err := g.house.Archive.Waiting(ctx, "ines")
	if err != nil {
		return err
	}
	if len(waiting) != inboxWaiting {
		return fmt.Errorf("%d requests wait for one person, want %d", len(waiting), inboxWaiting)
	}
	pages := web.New(g.house.desk, web.Options{PickPerson: true, Log: g.log})
	form := url.Values{"person": {"ines"}}.Encode()
	in := httptest.NewRequestWithContext(ctx, http.MethodPost, "/signin", strings.NewReader(form))
	in.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	got := httptest.NewRecorder()
	pages.ServeHTTP(got, in)
	cookies := got.Result().Cookies()
	if got.Code != http.StatusSeeOther || len(cookies) == 0 {
		return fmt.Errorf("signing in answers %d", got.Code)
	}
	var took []time.Duration
	size := 0
	for range inboxLooks {
		look := httptest.NewRequestWithContext(ctx, http.MethodGet, "/", nil)
		look.AddCookie(cookies[0])
		page := httptest.NewRecorder()
		begun := time.Now()
		pages.ServeHTTP(page, look)
		took = append(took, time.Since(begun))
		size = page.Body.Len()
		if page.Code != http.StatusOK {
			return fmt.Errorf("the inbox answers %d", page.Code)
		}
	}
	t.add(line{what: fmt.Sprintf("inbox of %d waiting, p50 of %d", inboxWaiting, inboxLooks), own: ms(took, 50), unit: "ms", ceiling: mostInbox})
	t.add(line{what: "inbox, p95", own: ms(took, 95), unit: "ms"})
	t.note("the page has %d kB; %d cases are open in the same record", size>>10, g.cases)
	return nil
}
