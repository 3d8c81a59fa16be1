package desk

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"gangway/internal/calendar"
	"gangway/internal/dossier"
	"gangway/internal/review"
)

const contract = "contract/acme/1"

// conflicted is a case in which lena holds seats in two of three processes.
func conflicted(t *testing.T) (w *world, request string) {
	t.Helper()
	w = newWorld(t)
	root := w.opens(onboarding, calendar.Anchor{})
	request = w.asks(root, "need", "lena", "sam")
	w.asks(w.child(contract, root), "review", "lena", "dora")
	w.asks(w.child("contract/acme/2", root), "review", "sam", "dora")
	return w, request
}

func (w *world) recusedIn() map[string]int {
	n := map[string]int{}
	for id, p := range w.engine.processes {
		for _, r := range p.requests {
			n[id] += len(r.Recused)
		}
	}
	return n
}

func TestAConflictReachesEveryProcess(t *testing.T) {
	t.Parallel()
	both := map[string]int{onboarding: 1, contract: 1, "contract/acme/2": 0}
	for name, build := range map[string]func(request string) review.Act{
		"by request": func(request string) review.Act {
			a := act("web-1", "lena", review.Recuse)
			a.Request = request
			return a
		},
		"by the other request": func(string) review.Act {
			a := act("web-1", "lena", review.Recuse)
			a.Request = contract + ":review.1"
			return a
		},
		"by case": func(string) review.Act {
			a := act("web-1", "lena", review.Recuse)
			a.Process = onboarding
			return a
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, request := conflicted(t)
			a := build(request)
			out := w.does(a)
			same(t, "status", review.Counted, out.Status)
			same(t, "told of their own request", cond(a.Request != "", a.Request, request), out.Request)
			same(t, "recused", both, w.recusedIn())
			same(t, "again", out, w.does(a))
			same(t, "Updates", 2, len(w.engine.calls))
			w.lines(onboarding)
		})
	}
}

// TestAConflictThatReachedOnlyOne is sent again by its channel.
func TestAConflictThatReachedOnlyOne(t *testing.T) {
	t.Parallel()
	for _, late := range []string{"web-1", "web-1@" + contract} {
		w, request := conflicted(t)
		a := act("web-1", "lena", review.Recuse)
		a.Request = request
		w.engine.failsFor(func(id string) fault { return cond(id == late, down(), fault{}) })
		w.store.refuse("Enqueue", dossier.FullError{Doing: "queueing"})
		_, err := w.desk.Act(t.Context(), a)
		isBusy(t, err)
		w.engine.works()
		w.store.refuse("Enqueue", nil)
		same(t, "status", review.Counted, w.does(a).Status)
		same(t, "recused", map[string]int{onboarding: 1, contract: 1, "contract/acme/2": 0}, w.recusedIn())
	}
}

func TestAConflictWhileTheEngineIsAway(t *testing.T) {
	t.Parallel()
	w, request := conflicted(t)
	w.engine.fails(down())
	a := act("web-1", "lena", review.Recuse)
	a.Request = request
	same(t, "status", review.Pending, w.does(a).Status)
	w.engine.works()
	w.delivers()
	same(t, "recused", map[string]int{onboarding: 1, contract: 1, "contract/acme/2": 0}, w.recusedIn())
	same(t, "receipt", review.Counted, w.receipt("web-1").Status)
}

func TestAConflictWithoutASeat(t *testing.T) {
	t.Parallel()
	w, request := conflicted(t)
	a := act("web-1", "p00", review.Recuse)
	a.Process = onboarding
	same(t, "by case", review.NoSeat, w.does(a).Refusal)
	a = act("web-2", "p00", review.Recuse)
	a.Request = request
	same(t, "by request", review.NoSeat, w.does(a).Refusal)
	same(t, "recorded in", []string{onboarding + " act web-1", onboarding + " act web-2"}, w.engine.calls)
}

func TestWhereActsGo(t *testing.T) {
	t.Parallel()
	w, request := conflicted(t)
	paper := must[dossier.Paper](t)(w.desk.File(t.Context(), from("olga"), strings.NewReader("# One\n\nA clause.\n")))
	for _, tt := range []struct {
		id     string
		kind   review.ActKind
		change func(*review.Act)
		want   string // process; empty: refused before
		why    review.Refusal
	}{
		{"a-1", review.Withdraw, func(a *review.Act) { a.Process = onboarding }, onboarding, ""},
		{"a-2", review.Reopen, func(a *review.Act) { a.Process, a.Step = onboarding, "need" }, onboarding, ""},
		{"a-3", review.Submit, func(a *review.Act) { a.Process, a.Document = onboarding, paper.Digest }, "contract/acme/2", ""},
		{"a-14", review.Stop, func(a *review.Act) { a.Process = onboarding }, onboarding, ""}, // which has no pilot, and says so
		{"a-4", review.TakeBack, func(a *review.Act) { a.Request = request }, onboarding, ""},
		{"a-5", review.Snooze, func(a *review.Act) { a.Request, a.Until = contract+":review.1", monday().Add(time.Hour) }, contract, ""},
		{"a-6", review.Withdraw, func(a *review.Act) { a.Process = "onboarding/zeta/1" }, "", review.Unknown},
		{"a-7", review.Withdraw, func(a *review.Act) { a.Process = "" }, "", review.Unknown},
		{"a-8", review.Recuse, func(a *review.Act) { a.Request = onboarding + ":need.7" }, "", review.Unknown},
		{"a-9", review.TakeBack, func(a *review.Act) { a.Request = ":need.1" }, "", review.Unknown},
		{"a-10", review.Submit, func(a *review.Act) { a.Process = onboarding }, "", review.NeedsDocument},
		{"a-11", review.Submit, func(a *review.Act) { a.Process, a.Document = onboarding, "sha256:"+strings.Repeat("0", 64) }, "", review.NeedsDocument},
		{"a-12", review.Delegate, func(a *review.Act) { a.Request, a.ToID = request, "nobody" }, "", review.BadDelegate},
		{"a-13", review.Withdraw, func(a *review.Act) { a.Process, a.From = onboarding, from("nobody") }, "", review.UnknownPerson},
	} {
		before := len(w.engine.calls)
		a := act(tt.id, "lena", tt.kind)
		tt.change(&a)
		out := w.does(a)
		if tt.want == "" {
			same(t, tt.id, []any{review.Refused, tt.why, before}, []any{out.Status, out.Refusal, len(w.engine.calls)})
			continue
		}
		same(t, tt.id, []string{tt.want + " act " + tt.id}, w.engine.calls[before:])
	}
	w.child("pilot/acme/1", w.engine.processes[onboarding])
	a := act("a-15", "lena", review.Stop)
	a.Process = onboarding
	w.does(a)
	same(t, "a pilot is stopped, not its case", "pilot/acme/1 act a-15", w.engine.calls[len(w.engine.calls)-1])
	w.ends(w.engine.processes["contract/acme/2"])
	a = act("a-20", "lena", review.Submit)
	a.Process, a.Document = onboarding, paper.Digest
	w.does(a)
	same(t, "an ended review gets no version", contract+" act a-20", w.engine.calls[len(w.engine.calls)-1])
}

// TestADelegateIsLookedUp: the process judges by desk's record of both.
func TestADelegateIsLookedUp(t *testing.T) {
	t.Parallel()
	w, request := conflicted(t)
	for to, want := range map[string]review.Refusal{"vera": review.BadDelegate, "gone": review.BadDelegate, "rita": review.BadDelegate, "p00": ""} {
		a := act("to-"+to, "lena", review.Delegate)
		a.Request, a.ToID, a.Until = request, to, monday().Add(48*time.Hour)
		same(t, to, want, w.does(a).Refusal)
	}
	acts := w.engine.processes[onboarding].acts
	for _, a := range acts {
		if a.To.ID != strings.TrimPrefix(a.ID, "to-") || a.To.Revision != 1 || a.Person.ID != "lena" || a.To.Active == (a.To.ID == "gone") {
			t.Errorf("record %+v", a)
		}
	}
}

func TestNotes(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	request := w.asks(w.opens(onboarding, rehearsal()), "need", "lena", "sam")
	other := w.asks(w.opens("onboarding/acme/2", calendar.Anchor{}), "need", "lena")
	n := review.Note{ID: "mail-1", Kind: review.NoteComment, Case: onboarding, Request: request, At: monday().Add(time.Hour),
		From: from("lena"), Text: review.Text{Inside: planted + " just so you know"}}
	ok(t, w.desk.Note(t.Context(), n))
	again := n
	again.At = n.At.Add(time.Minute)
	ok(t, w.desk.Note(t.Context(), again)) // redelivered, a moment later: the same note, or the record would have it twice
	n.ID, n.Kind, n.From, n.Text = "mail-2", review.NoteUndelivered, review.Address{}, review.Text{}
	ok(t, w.desk.Note(t.Context(), n))
	lines := w.lines(onboarding)
	noted := lines[len(lines)-2]
	same(t, "noted", []any{onboarding + "#desk/mail-1", dossier.Noted, "lena", rehearsal().CaseAt(n.At)},
		[]any{noted.Entry.ID, noted.Entry.Kind, noted.Entry.Actor, noted.Entry.CaseAt})
	same(t, "text", planted+" just so you know", noted.Body.Inside)
	for name, change := range map[string]func(*review.Note){
		"no such case":      func(n *review.Note) { n.Case = "onboarding/zeta/1" },
		"no such request":   func(n *review.Note) { n.Request = onboarding + ":need.9" },
		"of another case":   func(n *review.Note) { n.Request = other },
		"no kind of a note": func(n *review.Note) { n.Kind = planted },
	} {
		bad := review.Note{ID: "mail-3", Kind: review.NoteComment, Case: onboarding, From: from("lena"), At: monday(), Text: review.Text{Inside: planted}}
		change(&bad)
		err := w.desk.Note(t.Context(), bad)
		if !isNotFound(err) && !errors.As(err, new(InputError)) {
			t.Errorf("%s: %v", name, err)
		}
		_, kept, err := w.store.Text(t.Context(), "mail-3")
		ok(t, err)
		same(t, name+": nothing half done", false, kept)
	}
	same(t, "lines", len(lines), len(w.lines(onboarding)))
	w.store.refuse("Append", dossier.FullError{Doing: "appending"})
	n.ID = "mail-4"
	isBusy(t, w.desk.Note(t.Context(), n))
}

// TestNothingOfAnActInWords reads a payload as the engine would.
func TestNothingOfAnActInWords(t *testing.T) {
	t.Parallel()
	w, request := conflicted(t)
	a := act("web-1", "lena", review.Recuse)
	a.Request, a.Text.Vendor = request, planted+" for the vendor"
	w.does(a)
	var sent map[string]any
	ok(t, json.Unmarshal([]byte(w.engine.sent[len(w.engine.sent)-1]), &sent))
	written, _ := sent["written"].(map[string]any)
	for _, part := range []string{"inside", "vendor"} {
		if s, _ := written[part].(string); !strings.HasPrefix(s, "sha256:") && len(s) < 40 {
			t.Errorf("%s is no digest: %q", part, s)
		}
	}
	text, found, err := w.store.Text(t.Context(), "web-1")
	ok(t, err)
	same(t, "text", []any{true, a.Text.Vendor}, []any{found, text.Vendor})
}
