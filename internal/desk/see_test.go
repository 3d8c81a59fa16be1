package desk

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"gangway/internal/archive"
	"gangway/internal/calendar"
	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

func TestWhoSeesWhat(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.opens(onboarding, calendar.Anchor{})
	request := w.asks(p, "need", "lena", "sam")
	paper := must[dossier.Paper](t)(w.desk.File(t.Context(), from("lena"), strings.NewReader("a contract")))
	stray := must[dossier.Paper](t)(w.desk.File(t.Context(), from("lena"), strings.NewReader("a stray")))
	w.engine.mu.Lock()
	p.say(w.clock.now(), dossier.Entry{Kind: dossier.DocumentFiled, Detail: &dossier.Detail{Name: "contract", Document: paper.Digest}})
	w.flush(p)
	w.engine.mu.Unlock()
	w.opens("onboarding/acme/2", calendar.Anchor{})
	w.answers(approve("web-1", "lena", request))
	looks := map[string]func(ctx context.Context, who review.Address) error{
		"waiting": func(ctx context.Context, who review.Address) error { _, err := w.desk.Waiting(ctx, who); return err },
		"pending": func(ctx context.Context, who review.Address) error { _, err := w.desk.Pending(ctx, who); return err },
		"receipt": func(ctx context.Context, who review.Address) error {
			_, _, _, err := w.desk.Receipt(ctx, who, "web-1")
			return err
		},
		"cases": func(ctx context.Context, who review.Address) error { _, err := w.desk.Cases(ctx, who); return err },
		"a page of cases": func(ctx context.Context, who review.Address) error {
			_, err := w.desk.CasePage(ctx, who, "", 9)
			return err
		},
		"their cases": func(ctx context.Context, who review.Address) error {
			_, err := w.desk.CasesOf(ctx, who, 9)
			return err
		},
		"what they answered": func(ctx context.Context, who review.Address) error {
			_, err := w.desk.Answered(ctx, who, 9)
			return err
		},
		"request": func(ctx context.Context, who review.Address) error {
			_, err := w.desk.Request(ctx, who, request)
			return err
		},
		"case": func(ctx context.Context, who review.Address) error {
			_, err := w.desk.Case(ctx, who, onboarding)
			return err
		},
		"lines": func(ctx context.Context, who review.Address) error {
			_, err := w.desk.Lines(ctx, who, onboarding)
			return err
		},
		"people": func(ctx context.Context, who review.Address) error { _, err := w.desk.People(ctx, who); return err },
		"dossier": func(ctx context.Context, who review.Address) error {
			return w.desk.Dossier(ctx, who, onboarding, io.Discard)
		},
		"file": func(ctx context.Context, who review.Address) error {
			_, err := w.desk.File(ctx, who, strings.NewReader("x"))
			return err
		},
		"document": func(ctx context.Context, who review.Address) error {
			_, r, err := w.desk.Document(ctx, who, onboarding, paper.Digest)
			if err == nil {
				err = r.Close()
			}
			return err
		},
		"apply": func(ctx context.Context, who review.Address) error {
			_, _, err := w.desk.ApplyPeople(ctx, who, everybody(t))
			return err
		},
	}
	for name, look := range looks {
		t.Run(name, func(t *testing.T) {
			for _, who := range []string{"vera", "gone"} {
				forbidden(t, look(t.Context(), from(who)))
			}
			for _, who := range []string{"nobody", ""} {
				missing(t, look(t.Context(), from(who)))
			}
			ok(t, look(t.Context(), from("lena"))) // holds a seat
			ok(t, look(t.Context(), from("olga"))) // owns the case
			err := look(t.Context(), from("dora")) // neither: the case isn't there
			if inside := slices.Contains([]string{"receipt", "request", "case", "lines", "dossier", "document"}, name); inside {
				missing(t, err)
			} else {
				ok(t, err)
			}
		})
	}
	for _, digest := range []string{stray.Digest, "sha256:" + strings.Repeat("0", 64), "../archive.db"} {
		_, _, err := w.desk.Document(t.Context(), from("lena"), onboarding, digest)
		missing(t, err)
	}
	_, _, err := w.desk.Document(t.Context(), from("lena"), "onboarding/acme/2", paper.Digest)
	missing(t, err)
	_, err = w.desk.Case(t.Context(), from("lena"), "onboarding/zeta/1")
	missing(t, err)
	_, _, _, err = w.desk.Receipt(t.Context(), from("lena"), "web-99")
	missing(t, err)
	var out bytes.Buffer
	ok(t, w.desk.Dossier(t.Context(), from("lena"), onboarding, &out))
	same(t, "dossier", []string{"dossier of " + onboarding, "gw1:test"}, []string{out.String(), w.desk.Fingerprint(t.Context())})
}

func TestWhatWaits(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.opens(onboarding, calendar.Anchor{})
	request := w.asks(p, "need", "lena", "sam")
	waits := func(who string) int { return len(must[[]review.Request](t)(w.desk.Waiting(t.Context(), from(who)))) }
	same(t, "before", []int{1, 1, 0}, []int{waits("lena"), waits("sam"), waits("dora")})
	w.engine.withhold = true
	w.answers(approve("web-1", "lena", request))
	same(t, "counted, not yet in the record", 0, waits("lena"))
	out, _, filed, err := w.desk.Receipt(t.Context(), from("lena"), "web-1")
	ok(t, err)
	same(t, "receipt", []any{review.Counted, false}, []any{out.Status, filed})
	w.flush(p)
	out, line, filed, err := w.desk.Receipt(t.Context(), from("lena"), "web-1")
	ok(t, err)
	same(t, "receipt", []any{review.Counted, true, "web-1"}, []any{out.Status, filed, line.Entry.Answer})
	w.engine.fails(down())
	w.answers(approve("web-2", "sam", request))
	same(t, "pending", 0, waits("sam"))
	out, _, filed, err = w.desk.Receipt(t.Context(), from("sam"), "web-2")
	ok(t, err)
	same(t, "receipt", []any{review.Pending, false, "sam"}, []any{out.Status, filed, out.By})
	_, _, _, err = w.desk.Receipt(t.Context(), from("lena"), "web-2")
	missing(t, err)
}

func TestPickingAPerson(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, err := w.desk.People(t.Context(), review.Address{Channel: "web"})
	missing(t, err)
	w.desk.pick = true
	same(t, "people", 47, len(must[[]playbook.Person](t)(w.desk.People(t.Context(), review.Address{Channel: "web"}))))
	_, err = w.desk.People(t.Context(), from("vera"))
	forbidden(t, err)
	same(t, "who", "lena", must[playbook.Person](t)(w.desk.Who(t.Context(), from("lena"))).ID)
}

func TestFilesThatAreRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, err := w.desk.File(t.Context(), from("lena"), strings.NewReader(""))
	if !errors.As(err, new(archive.EmptyError)) {
		t.Errorf("empty: %v", err)
	}
	_, err = w.desk.File(t.Context(), from("lena"), io.LimitReader(zeros{}, engagement.MaxDocument+1))
	if !errors.As(err, new(archive.TooLargeError)) {
		t.Errorf("large: %v", err)
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

func TestApplyPeople(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	open := w.opens(onboarding, calendar.Anchor{})
	w.asks(open, "need", "lena", "sam")
	child := w.child(contract, open)
	closed := w.opens("onboarding/acme/2", calendar.Anchor{})
	w.ends(closed)
	next := everybody(t)
	next[2].Left = true // lena
	next[3].Roles = nil // sam
	w.engine.fails(down())
	revision, changed, err := w.desk.ApplyPeople(t.Context(), from("olga"), next)
	ok(t, err)
	same(t, "revision", []any{2, []string{"lena", "sam"}}, []any{revision, changed})
	w.delivers()
	w.engine.works()
	w.delivers()
	w.delivers()
	for _, p := range []*process{open, child} {
		same(t, p.id, 1, len(p.people))
		same(t, p.id, []any{2, "lena", false, "sam", true}, []any{p.people[0].Revision, p.people[0].People[0].ID, p.people[0].People[0].Active,
			p.people[0].People[1].ID, p.people[0].People[1].Active})
	}
	for _, q := range w.store.queued {
		if q.Process == closed.id {
			t.Errorf("a closed process is told: %s", q.ID)
		}
	}
	revision, changed, err = w.desk.ApplyPeople(t.Context(), from("olga"), next)
	ok(t, err)
	same(t, "nothing new", []any{2, 0}, []any{revision, len(changed)})
	w.delivers()
	same(t, "told once", []int{1, 1}, []int{len(open.people), len(child.people)})
	last := w.lines(dossier.Register)[len(w.lines(dossier.Register))-1]
	same(t, "register", []any{dossier.PeopleChanged, "olga", 2}, []any{last.Entry.Kind, last.Entry.Actor, last.Entry.Detail.Revision})
	same(t, "lena may nothing any more", review.NotActive, w.answers(approve("web-1", "lena", open.requests[0].ID)).Refusal)
}

// TestApplyPeopleThatStoppedHalfway: the same file again reaches the others.
func TestApplyPeopleThatStoppedHalfway(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.opens(onboarding, calendar.Anchor{})
	w.asks(p, "need", "lena", "sam")
	other := w.opens("onboarding/acme/2", calendar.Anchor{})
	w.asks(other, "need", "dora")
	next := everybody(t)
	next[2].Left = true
	w.store.refuse("Enqueue", dossier.FullError{Doing: "queueing"})
	_, _, err := w.desk.ApplyPeople(t.Context(), from("olga"), next)
	isBusy(t, err)
	w.store.refuse("Enqueue", nil)
	_, _, err = w.desk.ApplyPeople(t.Context(), from("olga"), next)
	ok(t, err)
	w.delivers()
	same(t, "told", 1, len(p.people))
	i := slices.IndexFunc(p.people[0].People, func(x review.Person) bool { return x.ID == "lena" })
	if i < 0 || p.people[0].People[i].Active || len(p.people[0].People) != 2 {
		t.Errorf("told %+v", p.people[0])
	}
	if len(other.people) != 1 || len(other.people[0].People) != 1 || other.people[0].People[0].ID != "dora" {
		t.Errorf("the other case was told %+v", other.people)
	}
}

func TestPeopleWithFaults(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	bad := everybody(t)
	bad[0].Mail, bad[1].Backups, bad[2].Manager, bad[3].ID = "no address", []string{"nobody"}, "lena", "rita"
	_, _, err := w.desk.ApplyPeople(t.Context(), from("olga"), bad)
	input := isInput(t, err)
	for i, place := range []string{"$.people[0].mail", "$.people[1].backups[0]", "$.people[2].manager", "$.people[3].id"} {
		if !strings.Contains(fmt.Sprint(err), place) || i >= len(input.Faults) {
			t.Errorf("%s is not among:\n%s", place, err)
		}
	}
	_, _, err = w.desk.SeedPeople(t.Context(), nil)
	isInput(t, err)
	_, revision, err := w.store.People(t.Context())
	ok(t, err)
	same(t, "nothing was written", 1, revision)
}

func TestSeedPeople(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	next := everybody(t)
	next[0].Roles = nil
	revision, changed, err := w.desk.SeedPeople(t.Context(), next)
	ok(t, err)
	same(t, "seeded", []any{2, []string{"rita"}}, []any{revision, changed})
}
