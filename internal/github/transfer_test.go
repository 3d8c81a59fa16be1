package github

import (
	"testing"
	"time"

	"gangway/internal/custody"
	"gangway/internal/exit"
	"gangway/internal/github/githubtest"
	"gangway/internal/inventory"
)

// moving is a world in which the vendor has a repository, and a transfer takes so long.
func moving(t *testing.T, lag time.Duration, change func(*githubtest.Options, *Connection)) (*world, *Mover, custody.Item) {
	t.Helper()
	w := newWorld(t, func(o *githubtest.Options, c *Connection) {
		o.TransferLag = lag
		if change != nil {
			change(o, c)
		}
	})
	id := w.s.Anywhere("acme", "engine", "private")
	return w, NewMover(w.c, Copying{}), custody.Item{Asset: "a1", Repository: inventory.Repository{ID: id, Owner: "acme", Name: "engine"}}
}

// TestATransferIsWatchedToItsRealEnd: GitHub's 202 means nothing, the number under the new
// owner does. Collaborators came along, and that is said.
func TestATransferIsWatchedToItsRealEnd(t *testing.T) {
	t.Parallel()
	w, m, i := moving(t, time.Minute, nil)
	w.s.AddUser("leftover")
	p, err := m.Stand(t.Context(), i, custody.Passage{})
	came(t, "before", p.State, p.Why, err, exit.StateOpen, custody.WhyNotAsked)
	p, err = m.Transfer(t.Context(), i, p)
	came(t, "handing over", p.State, p.Why, err, exit.StateDone, "")
	if p.Owner != "northgate" || !p.Repeat || p.Asked.IsZero() || w.clock.waited < time.Minute || w.s.RepositoryID("northgate", "engine") != i.Repository.ID {
		t.Errorf("%+v after %s", p, w.clock.waited)
	}
	if r := w.s.Roles("engine", "acme"); r["direct"] != "admin" {
		t.Errorf("the owner of before has %v", r)
	}
	p, err = m.Transfer(t.Context(), i, p) // again, as after a crash
	came(t, "again", p.State, p.Why, err, exit.StateDone, "")
	if n := w.count(transferRepository().name); n != 1 {
		t.Errorf("it was asked for %d times", n)
	}
	if _, err := w.c.Locate(t.Context(), "acme", "engine"); !is(err, Moved) {
		t.Errorf("the old name: %v", err)
	}
	other := custody.Item{Asset: "a2", Repository: inventory.Repository{Owner: "acme", Name: "engine"}}
	p, err = m.Stand(t.Context(), other, custody.Passage{})
	came(t, "by its old name", p.State, p.Why, err, exit.StateNotCheckable, custody.WhyMoved)
}

// TestATransferThatTakesLongerStaysOpen, and is asked for once.
func TestATransferThatTakesLongerStaysOpen(t *testing.T) {
	t.Parallel()
	w, m, i := moving(t, 20*time.Minute, nil)
	p, err := m.Transfer(t.Context(), i, custody.Passage{})
	came(t, "handing over", p.State, p.Why, err, exit.StateOpen, custody.WhyUnderWay)
	if w.clock.waited > transferTime {
		t.Errorf("it was watched for %s", w.clock.waited)
	}
	asked := p.Asked
	p, err = m.Transfer(t.Context(), i, p)
	came(t, "again", p.State, p.Why, err, exit.StateOpen, custody.WhyUnderWay)
	lost, err := m.Transfer(t.Context(), i, custody.Passage{}) // whose evidence was lost
	came(t, "without evidence", lost.State, lost.Why, err, exit.StateOpen, custody.WhyUnderWay)
	if n := w.count(transferRepository().name); n != 2 || !p.Asked.Equal(asked) {
		t.Errorf("it was asked for %d times, at %s and %s", n, asked, p.Asked)
	}
	w.clock.skip(10 * time.Minute)
	p, err = m.Stand(t.Context(), i, p)
	came(t, "at last", p.State, p.Why, err, exit.StateDone, "")
}

// TestATransferThatNobodyAccepts has failed after a day, and may be asked for again.
func TestATransferThatNobodyAccepts(t *testing.T) {
	t.Parallel()
	w, m, i := moving(t, 0, func(o *githubtest.Options, _ *Connection) { o.Unaccepted = true })
	p, err := m.Transfer(t.Context(), i, custody.Passage{})
	came(t, "handing over", p.State, p.Why, err, exit.StateOpen, custody.WhyUnderWay)
	w.clock.skip(24 * time.Hour)
	p, err = m.Stand(t.Context(), i, p)
	came(t, "a day later", p.State, p.Why, err, exit.StateFailed, custody.WhyAcceptance)
	p, err = m.Transfer(t.Context(), i, p)
	came(t, "again", p.State, p.Why, err, exit.StateOpen, custody.WhyUnderWay)
	if n := w.count(transferRepository().name); n != 2 {
		t.Errorf("it was asked for %d times", n)
	}
}

// TestATransferThatGitHubRefuses says why: that is no error, and trying again is no use.
func TestATransferThatGitHubRefuses(t *testing.T) {
	t.Parallel()
	deny := func(o *githubtest.Options, c *Connection) {
		o.Tokens = []githubtest.Token{{Value: "github_pat_x", Permissions: map[string]string{"administration": "read"}}}
		c.Token = "github_pat_x"
	}
	for name, c := range map[string]struct {
		change func(*githubtest.Options, *Connection)
		before func(*world, int64)
		state  exit.State
		why    custody.Why
	}{
		"the name is taken": {nil, func(w *world, _ int64) { w.s.AddRepository("engine", "private") }, exit.StateFailed, custody.WhyNameTaken},
		"a fork is there": {nil, func(w *world, id int64) {
			w.s.AddRepository("engine-fork", "private")
			w.s.Fork("engine-fork", id)
		}, exit.StateFailed, custody.WhyFork},
		"the sign-in may not": {deny, nil, exit.StateNotCheckable, custody.WhyPermission},
		"for a reason of its own": {nil, func(w *world, _ int64) {
			w.s.Order(githubtest.Failure{Call: transferRepository().name, How: githubtest.Invalid})
		}, exit.StateFailed, custody.WhyRefused},
		"somebody else has it": {nil, func(w *world, _ int64) { w.s.HandOn("acme", "engine", "bcme") }, exit.StateFailed, custody.WhyMoved},
		"it is hidden": {nil, func(w *world, _ int64) {
			w.s.Order(githubtest.Failure{Call: getRepositoryByID().name, How: githubtest.Hidden})
		}, exit.StateNotCheckable, custody.WhyHidden},
	} {
		w, m, i := moving(t, 0, c.change)
		if c.before != nil {
			c.before(w, i.Repository.ID)
		}
		p, err := m.Transfer(t.Context(), i, custody.Passage{})
		came(t, name, p.State, p.Why, err, c.state, c.why)
		if p.Repeat || w.clock.waited > 0 || len(p.Calls) == 0 {
			t.Errorf("%s: %+v after %s", name, p, w.clock.waited)
		}
	}
	w, m, i := moving(t, 0, nil)
	w.s.Order(githubtest.Failure{Call: transferRepository().name, How: githubtest.Second, After: time.Minute})
	_, err := m.Transfer(t.Context(), i, custody.Passage{})
	if e := faulty(t, err, Limited); e.RetryAfter() != time.Minute {
		t.Errorf("%v", e)
	}
	w.clock.skip(time.Minute)
	w.s.Order(githubtest.Failure{Call: transferRepository().name, How: githubtest.Cut}) // taken on, but the answer was lost
	if _, err = m.Transfer(t.Context(), i, custody.Passage{}); !is(err, Lost, Unreachable) {
		t.Errorf("a lost answer: %v", err)
	}
	p, err := m.Transfer(t.Context(), i, custody.Passage{})
	came(t, "after a lost answer", p.State, p.Why, err, exit.StateDone, "")
}

// TestANameThatGitHubDoesNotGiveIsAskedForNowhere: it would become a part of an address.
func TestANameThatGitHubDoesNotGiveIsAskedForNowhere(t *testing.T) {
	t.Parallel()
	needProgram(t, "git")
	w, m, _ := moving(t, 0, unheld)
	for _, r := range []inventory.Repository{{Owner: "acme", Name: "engine/../x"}, {Owner: "acme/x", Name: "engine"}, {Owner: "--acme", Name: "engine"}, {Owner: "acme"}} {
		i := custody.Item{Asset: "a1", Repository: r}
		p, err := m.Transfer(t.Context(), i, custody.Passage{})
		came(t, "handing over", p.State, p.Why, err, exit.StateNotCheckable, custody.WhyNoName)
		c, err := m.Keep(t.Context(), i, custody.Copy{}, nil)
		came(t, "keeping", c.State, c.Why, err, exit.StateNotCheckable, custody.WhyNoName)
	}
	if n := len(w.s.Calls("")); n != 0 {
		t.Errorf("%d calls", n)
	}
}
