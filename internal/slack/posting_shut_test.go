package slack

import (
	"slices"
	"strings"
	"testing"
	"time"

	"gangway/internal/access"
	"gangway/internal/outbox"
	"gangway/internal/playbook"
	"gangway/internal/slack/slacktest"
)

// wants is what archive does with a binding's end.
func (w *world) wants(who string) {
	w.t.Helper()
	if err := w.rows.WantPostings(w.t.(*testing.T).Context(), outbox.Want{Person: who, At: w.clock.now()}); err != nil {
		w.t.Fatalf("wanting: %v", err)
	}
	w.settle(time.Minute)
}

// accountReads fails unless an account reads of a request, or of none.
func (w *world) accountReads(user string, want bool) {
	w.t.Helper()
	for _, m := range w.slack.Messages(w.slack.DM(user)) {
		if got := strings.Contains(m.Text+string(m.Blocks), "Acme"); !m.Deleted && got != want {
			w.t.Errorf("%s reads in a card: %s %s", user, m.Text, m.Blocks)
		}
	}
	view, found := w.slack.Home(user)
	if got := strings.Contains(string(view.Blocks), "Acme"); !found || got != want {
		w.t.Errorf("the page of %s is there: %v, and says %s", user, found, view.Blocks)
	}
}

// Whoever has an account that is no longer somebody's, such as a thief whose access
// was ended, reads neither what stood there nor what happens next; whoever is
// linked anew does.
func TestAnAccountThatIsTakenBackReadsNoFurther(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(w *world){
		"unlinked": func(w *world) { w.rows.bindings = nil },
		"linked elsewhere": func(w *world) {
			b := bindingOf("ana")
			b.Address = theTeam + ":U0ANEW"
			w.rows.bindings = []access.Binding{b}
		},
		"left":         func(w *world) { p := w.rows.persons["ana"]; p.Left = true; w.rows.persons["ana"] = p },
		"the vendor's": func(w *world) { p := w.rows.persons["ana"]; p.Employer = "acme"; w.rows.persons["ana"] = p },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newTestWorld(t)
			w.slack.SetUser(userOfPerson("ana"))
			w.slack.SetUser(slacktest.User{ID: "U0ANEW", Name: "anew"})
			w.rows.persons["ana"] = playbook.Person{ID: "ana", Name: "Ana"}
			w.rows.bindings = []access.Binding{bindingOf("ana")}
			w.request("q1", "ana", "bo")
			w.show("n1", playbook.WhyAsked, "ana", "q1")
			w.settle(time.Minute)
			w.accountReads("U0ANA", true)
			end(w)
			w.wants("ana")
			w.accountReads("U0ANA", false)
			w.answers("q1", "bo")
			w.follow("q1")
			w.settle(time.Minute)
			w.accountReads("U0ANA", false)
			if name == "linked elsewhere" {
				w.accountReads("U0ANEW", true)
			} else if w.slack.DM("U0ANEW") != "" {
				t.Error("a stranger has a conversation")
			}
			if name != "unlinked" {
				return
			}
			before := len(w.cards("ana"))
			w.rows.bindings = []access.Binding{bindingOf("ana")}
			w.wants("ana")
			w.accountReads("U0ANA", true)
			w.isTrue("q1", "ana")
			if n := len(w.cards("ana")); n != before {
				t.Errorf("she has %d cards, before %d", n, before)
			}
			if f := w.slack.Faults(); len(f) > 0 || !slices.Equal(w.errs, nil) {
				t.Errorf("faults: %v, %v", f, w.errs)
			}
		})
	}
}
