package desk

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"gangway/internal/access"
	"gangway/internal/calendar"
	"gangway/internal/dossier"
	"gangway/internal/exit"
	"gangway/internal/playbook"
	"gangway/internal/review"
	"gangway/workflows"
)

// readsNoOther fails every look-up that goes through all cases.
func (w *world) readsNoOther() {
	w.store.refuse("Cases", errors.New("the cases of every vendor were read"))
}

// TestOnlyAVendorsOwnCasesAreRead by pages, posts and orders that say whose they are,
// however many vendors there are beside.
func TestOnlyAVendorsOwnCasesAreRead(t *testing.T) {
	t.Parallel()
	t.Run("who takes over", func(t *testing.T) {
		t.Parallel()
		h := newHandingOn(t)
		h.readsNoOther()
		same(t, "tasks", 2, len(h.tasks(h.zoe)))
		_, text, err := h.desk.ReceivedText(t.Context(), portal(h.zoe), h.shown, h.written)
		ok(t, err)
		ok(t, text.Close())
		same(t, "shown", review.Counted, h.answers(h.shows("s-1")).Status)
	})
	t.Run("an exit", func(t *testing.T) {
		t.Parallel()
		w := leavable(t)
		w.opens("onboarding/acme/2", calendar.Anchor{})
		w.readsNoOther()
		o := wantsExit("web-1")
		o.After, o.Successor = exit.AfterReplaced, "acme"
		p := must[dossier.ExitPreview](t)(w.desk.PreviewExit(t.Context(), from("olga"), o))
		same(t, "preview", []any{"oversight/acme-payroll/1", "onboarding/acme/2"}, []any{p.Case, p.Onboarding})
		w.leaves(o)
		leaves := w.opens("exit/acme/1", calendar.Anchor{})
		a := act("s-1", "olga", review.Settle)
		a.Process, a.Name, a.Values = leaves.id, string(exit.AfterReplaced), []string{"beta-hosting"}
		w.does(a)
		same(t, "settled", []string{"beta-hosting"}, leaves.acts[0].Values)
	})
	t.Run("a part of its own", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		w.watches("oversight/acme-payroll/1")
		w.readsNoOther()
		must[string](t)(w.desk.OpenPart(t.Context(), playbook.Pilot, wantsPart("web-1")))
		must[string](t)(w.desk.OpenDPA(t.Context(), wantsDPA("web-2")))
	})
}

// crowd are vendors whose slugs begin alike, with cases of several kinds that run, ended
// with the vendor at work, or ended without.
func crowd(t *testing.T) (*world, []string) {
	t.Helper()
	w := newWorld(t)
	vendors := []string{"acme", "acme-2", "acme0", "ac", "acm3", "zeta"}
	for i, vendor := range vendors {
		for k, prefix := range []string{workflows.OnboardingPrefix(vendor), workflows.OversightPrefix(vendor), workflows.ExitPrefix(vendor)} {
			for n := range 1 + (i+k)%3*5 { // 1, 6 or 11 of them: /10 comes after /9
				id := fmt.Sprint(prefix, "/", n+1)
				w.watches(id)
				p := w.engine.processes[id]
				switch (i + 2*k + n) % 4 {
				case 0:
					p.say(w.clock.now(), dossier.Entry{Kind: dossier.CaseClosed, Detail: &dossier.Detail{Result: string(dossier.Live)}})
				case 1, 2:
					p.say(w.clock.now(), dossier.Entry{Kind: dossier.CaseClosed, Detail: &dossier.Detail{Result: string(dossier.Ended)}})
				}
				w.flush(p)
			}
		}
		ok(t, w.store.NameVendor(t.Context(), vendor, strings.ToUpper(vendor)+" Ltd."))
	}
	return w, vendors
}

// TestTheNarrowWayFindsWhatAllCasesShow: each look-up that reads a vendor's cases alone
// finds what it would have found among the cases of everybody.
func TestTheNarrowWayFindsWhatAllCasesShow(t *testing.T) {
	t.Parallel()
	w, vendors := crowd(t)
	ctx := t.Context()
	all := must[[]dossier.CaseView](t)(w.store.Cases(ctx))
	found := 0
	for _, vendor := range append(slices.Clone(vendors), "acm", "acme-", "never-heard-of") {
		for _, prefix := range []string{workflows.OnboardingPrefix(vendor), workflows.OversightPrefix(vendor), workflows.ExitPrefix(vendor)} {
			for _, state := range []dossier.CaseState{dossier.Running, dossier.Live, dossier.Ended} {
				want := newest(all, prefix, state)
				same(t, fmt.Sprint("the newest ", prefix, " that is ", state), want.ID, must[dossier.CaseView](t)(w.desk.newestIn(ctx, prefix, state)).ID)
				if want.ID != "" {
					found++
				}
			}
		}
	}
	if found < 20 {
		t.Errorf("%d cases were there to be found: this shows too little", found)
	}
	for _, person := range []string{"olga", "rita", "p00", "p02"} {
		p := must[playbook.Person](t)(w.desk.client(ctx, from(person), access.SeeOwn))
		for name, in := range map[string]func(*dossier.CaseView) bool{"works": works, "on board": isOnBoard} {
			for _, called := range append(slices.Clone(vendors), "ACME Ltd.", "ACME0 Ltd.", "acm", "", "Acme/1", "never-heard-of", "NEVER\x00") {
				slug, known, err := w.desk.slugOf(ctx, p, called, in)
				ok(t, err)
				want := among(all, p, called, in)
				same(t, fmt.Sprintf("%q for %s, who %s", called, person, name), []any{want, want != ""}, []any{slug, known})
			}
		}
	}
}

// among is the vendor of the cases that somebody calls so, by its slug or its name.
func among(all []dossier.CaseView, p playbook.Person, called string, in func(*dossier.CaseView) bool) string {
	for _, by := range []func(vendor string) string{func(vendor string) string { return vendor }, func(vendor string) string { return strings.ToUpper(vendor) + " Ltd." }} {
		for i := range all {
			if in(&all[i]) && access.May(p, access.Leave, &all[i]) && by(all[i].Vendor) == called {
				return all[i].Vendor
			}
		}
	}
	return ""
}

// TestWhoWasLeftIsNotLeftAgain: an onboarding that ended live goes on saying so, with
// nothing to watch the vendor; once an exit was carried out they don't work any more, until
// they are taken on board anew. While one runs it is said before anything is typed.
func TestWhoWasLeftIsNotLeftAgain(t *testing.T) {
	t.Parallel()
	w := leavable(t)
	o := wantsExit("")
	o.Vendor, o.Confirm, o.Reason = "acme", "", ""
	closes := func(id string, result dossier.CaseState) {
		t.Helper()
		p := w.engine.processes[id]
		if p == nil {
			p = w.opens(id, calendar.Anchor{})
		}
		p.say(w.clock.now(), dossier.Entry{Kind: dossier.DocumentFiled, Detail: &dossier.Detail{Name: "playbook", Document: w.engine.oversights[0].PlaybookDocument.Digest}})
		p.say(w.clock.now(), dossier.Entry{Kind: dossier.CaseClosed, Detail: &dossier.Detail{Result: string(result)}})
		w.flush(p)
	}
	looks := func(says string) {
		t.Helper()
		p, err := w.desk.PreviewExit(t.Context(), from("olga"), o)
		switch {
		case says == "":
			same(t, "preview", "acme", p.Vendor)
			ok(t, err)
		case err == nil || !strings.Contains(isInput(t, err).Error(), says):
			t.Errorf("%v, want %q", err, says)
		}
	}
	left := func(person, onBoard, by string, was bool) {
		t.Helper()
		got, is, err := w.desk.LeftBy(t.Context(), from(person), onBoard)
		ok(t, err)
		same(t, "left by, says "+person, []any{by, was}, []any{got, is})
	}
	leaves := w.opens("exit/beta-hosting/1", calendar.Anchor{})
	succeeds := func(says string) {
		t.Helper()
		o := wantsExit("")
		o.After, o.Successor = exit.AfterReplaced, "acme"
		_, err := w.desk.PreviewExit(t.Context(), from("olga"), o)
		a := act(fmt.Sprintf("s-%d-%d", len(leaves.acts), len(says)), "olga", review.Settle)
		a.Process, a.Name, a.Values = leaves.id, string(exit.AfterReplaced), []string{"acme"}
		if says == "" {
			ok(t, err)
			w.does(a)
			return
		}
		if err == nil || !strings.Contains(isInput(t, err).Error(), "successor: "+says) {
			t.Errorf("%v, want %q", err, says)
		}
		_, err = w.desk.Act(t.Context(), a)
		if err == nil || !strings.Contains(isInput(t, err).Error(), says) {
			t.Errorf("settling: %v, want %q", err, says)
		}
	}
	closes("onboarding/acme/1", dossier.Live)
	closes("exit/acme/1", dossier.Ended) // called off
	looks("")
	succeeds("")
	left("olga", "onboarding/acme/1", "", false)
	w.opens("exit/acme/2", calendar.Anchor{})
	looks("is being left already, in exit/acme/2")
	p := w.engine.processes["exit/acme/2"]
	p.say(w.clock.now(), dossier.Entry{Kind: dossier.CaseClosed, Detail: &dossier.Detail{Result: workflows.ResultExited}})
	w.flush(p)
	looks("no vendor of yours who works is called")
	succeeds(`"acme" was left themselves`)
	left("olga", "onboarding/acme/1", "exit/acme/2", true)
	if _, _, err := w.desk.LeftBy(t.Context(), from("stranger"), "onboarding/acme/1"); err == nil {
		t.Error("a stranger is told whether a vendor was left")
	}
	w.clock.pass(time.Hour)
	w.opens("onboarding/acme/2", calendar.Anchor{})
	succeeds("")
	same(t, "who takes over comes by", []string{"acme", "onboarding/acme/2"}, leaves.acts[len(leaves.acts)-1].Values)
	closes("onboarding/acme/2", dossier.Live)
	looks("")
	w.clock.pass(time.Minute)
	succeeds("")
	left("olga", "onboarding/acme/2", "", false)
	w.clock.pass(time.Hour)
	closes("exit/acme/10", workflows.ResultExited) // in lists it comes before the second
	left("olga", "onboarding/acme/2", "exit/acme/10", true)
	left("olga", "onboarding/acme/1", "exit/acme/2", true)
}
