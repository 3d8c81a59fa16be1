package desk

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"gangway/internal/dossier"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// holed is a record that has lost a line.
type holed struct {
	*spy
	chain string
	n     int
}

func (h holed) Between(ctx context.Context, from, to time.Time, each func(string, dossier.Line) error) error {
	return h.spy.Between(ctx, from, to, func(chain string, l dossier.Line) error {
		if chain == h.chain && l.N == h.n {
			return nil
		}
		return each(chain, l)
	})
}

func (h holed) CountLines(ctx context.Context, chain string, from, to int) (n, last int, err error) {
	n, last, err = h.spy.CountLines(ctx, chain, from, to)
	if chain == h.chain && from <= h.n && h.n <= to {
		n--
	}
	return n, last, err
}

// audited is a case in which something was decided and overridden, on two days.
func audited(t *testing.T) *world {
	t.Helper()
	w, root, _ := ruled(t)
	people := everybody(t)
	people = append(people, playbook.Person{ID: "ada", Name: planted, Roles: []string{playbook.AuditorRole}, Hours: people[0].Hours})
	_, _, err := w.store.ApplyPeople(t.Context(), people, "olga")
	ok(t, err)
	request := w.asks(root, "need", "lena", "sam")
	w.answers(approve("web-1", "lena", request))
	w.clock.pass(24 * time.Hour)
	w.does(steering("web-2", review.Withdraw))
	return w
}

func rows(t *testing.T, d *Desk, from_, to time.Time) []dossier.AuditRow {
	t.Helper()
	var all []dossier.AuditRow
	ok(t, d.Audit(t.Context(), from("ada"), from_, to, func(r dossier.AuditRow) error {
		all = append(all, r)
		return nil
	}))
	return all
}

func findings(all []dossier.AuditRow) []dossier.AuditRow {
	return slices.DeleteFunc(slices.Clone(all), func(r dossier.AuditRow) bool { return r.Sort != dossier.AuditFinding })
}

func TestAuditOfAPeriod(t *testing.T) {
	t.Parallel()
	w := audited(t)
	all := rows(t, w.desk, monday().Add(-time.Hour), monday().Add(48*time.Hour))
	for _, want := range []string{"case case-opened", "case tier", "decision answered", "case withdrawn", "people people"} {
		i := slices.IndexFunc(all, func(r dossier.AuditRow) bool { return r.Sort+" "+r.What == want })
		if i < 0 {
			t.Errorf("%q is not in the audit", want)
		} else if r := all[i]; r.Chain == "" || r.N == 0 || r.Entry == "" {
			t.Errorf("%q has no place in the record: %+v", want, r)
		}
	}
	i := slices.IndexFunc(all, func(r dossier.AuditRow) bool { return r.What == "answered" })
	same(t, "the decision", []string{"lena", "need", "approve", planted + " said by lena"}, []string{all[i].Actor, all[i].Step, all[i].Result, all[i].Inside})
	same(t, "findings", 0, len(findings(all)))
	second := rows(t, w.desk, monday().Add(12*time.Hour), monday().Add(48*time.Hour))
	same(t, "the second day", []string{"withdrawn"}, []string{second[0].What})
	same(t, "of one line, with no gap before it", 1, len(second))
	same(t, "nothing", 0, len(rows(t, w.desk, monday().AddDate(1, 0, 0), monday().AddDate(2, 0, 0))))
}

// A line that is gone shows as a finding, in the middle of the period and before it.
func TestAuditFindsAMissingLine(t *testing.T) {
	t.Parallel()
	w := audited(t)
	last := len(w.lines(onboarding))
	for _, n := range []int{1, 3, last - 1, last} {
		d := New(holed{w.store, onboarding, n}, w.engine, shelf{}, wax{}, Options{Now: w.clock.now})
		found := findings(rows(t, d, monday().Add(-time.Hour), monday().Add(48*time.Hour)))
		if len(found) != 1 || found[0].Chain != onboarding || found[0].N > n {
			t.Errorf("without line %d: %+v", n, found)
		}
	}
}

// headless is a record of which a whole chain is gone.
type headless struct {
	*spy
	chain string
}

func (h headless) Between(ctx context.Context, from, to time.Time, each func(string, dossier.Line) error) error {
	return h.spy.Between(ctx, from, to, func(chain string, l dossier.Line) error {
		if chain == h.chain {
			return nil
		}
		return each(chain, l)
	})
}

func (h headless) CountLines(ctx context.Context, chain string, from, to int) (n, last int, err error) {
	if chain == h.chain {
		return 0, 0, nil
	}
	return h.spy.CountLines(ctx, chain, from, to)
}

// beheaded is a record whose chain has lines after the one that its head names.
type beheaded struct {
	*spy
	chain string
}

func (b beheaded) CountLines(ctx context.Context, chain string, from, to int) (n, last int, err error) {
	n, last, err = b.spy.CountLines(ctx, chain, from, to)
	if chain == b.chain {
		last--
	}
	return n, last, err
}

func TestAuditFindsAHeadThatIsBehind(t *testing.T) {
	t.Parallel()
	w := audited(t)
	d := New(beheaded{w.store, onboarding}, w.engine, shelf{}, wax{}, Options{Now: w.clock.now})
	found := findings(rows(t, d, monday().Add(-time.Hour), monday().Add(48*time.Hour)))
	if len(found) != 1 || found[0].Chain != onboarding || found[0].N != len(w.lines(onboarding)) {
		t.Errorf("found %+v", found)
	}
}

// A case of which nothing is left is still named in the register.
func TestAuditFindsAMissingCase(t *testing.T) {
	t.Parallel()
	w := audited(t)
	reg := dossier.Entry{ID: onboarding + "#desk/reg", Case: dossier.Register, Process: onboarding, Kind: dossier.CaseOpened, At: monday(), CaseAt: monday(),
		Detail: &dossier.Detail{Parent: onboarding}}
	ok(t, w.store.Append(t.Context(), []dossier.Entry{reg}))
	from, to := monday().Add(-time.Hour), monday().Add(48*time.Hour)
	same(t, "with its record", 0, len(findings(rows(t, w.desk, from, to))))
	d := New(headless{w.store, onboarding}, w.engine, shelf{}, wax{}, Options{Now: w.clock.now})
	found := findings(rows(t, d, from, to))
	if len(found) != 1 || found[0].Case != onboarding || found[0].Chain != dossier.Register {
		t.Errorf("without its record: %+v", found)
	}
}

func TestAuditIsForAuditors(t *testing.T) {
	t.Parallel()
	w := audited(t)
	for _, id := range []string{"olga", "rita", "vera", "gone"} {
		forbidden(t, w.desk.Audit(t.Context(), from(id), monday(), monday().Add(time.Hour), func(dossier.AuditRow) error {
			t.Error("something was shown")
			return nil
		}))
	}
	isInput(t, w.desk.Audit(t.Context(), from("ada"), monday(), monday(), nil))
	stop := errors.New("the reader went away")
	err := w.desk.Audit(t.Context(), from("ada"), monday().Add(-time.Hour), monday().Add(time.Hour), func(dossier.AuditRow) error { return stop })
	same(t, "stopped", true, errors.Is(err, stop))
}
