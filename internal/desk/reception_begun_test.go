package desk

import (
	"strings"
	"testing"

	"gangway/internal/access"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// TestWhoHasBegunAForm: of two people of the vendor who are asked for one form each hears
// that the other has begun, and nothing of what they typed; nobody else hears of either.
func TestWhoHasBegunAForm(t *testing.T) {
	t.Parallel()
	l := newLobby(t)
	ctx := t.Context()
	domain := strings.ToLower(planted) + ".example"
	cy := must[playbook.Contact](t)(l.desk.HandOn(ctx, portal(l.ann), "h-1", l.ask, planted+" Cy", "cy@legal."+domain))
	l.delivers()
	same(t, "of what is no form nothing is said", 0, len(l.tasks(cy)[0].Begun))
	ok(t, l.desk.SaveDraft(ctx, portal(l.ann), l.ask, []byte(`{"secret":"`+planted+` draft"}`)))
	same(t, "nor once a draft is kept", 0, len(l.tasks(cy)[0].Begun))
	l.engine.mu.Lock()
	p := l.root
	r := p.find(l.ask)
	next := r.Clone()
	next.ID, next.Step, next.Sheet = p.id+":form.1", "form", true
	p.requests = append(p.requests, &next)
	opened := next.Clone()
	l.engine.fold(p, &next, []review.Fact{{Kind: review.FactOpened, Request: next.ID, At: opened.Opened, Opened: &opened}})
	l.flush(p)
	l.engine.mu.Unlock()
	ok(t, l.desk.SaveDraft(ctx, portal(l.ann), next.ID, []byte(`{}`)))
	begun := func(c playbook.Contact) []string {
		t.Helper()
		for _, task := range l.tasks(c) {
			if task.Request == next.ID {
				return names(task.Begun)
			}
		}
		t.Fatalf("%s is not asked for the form", c.ID)
		return nil
	}
	same(t, "the other hears of it", []string{planted + " Ann"}, begun(cy))
	same(t, "and they themselves do not", 0, len(begun(l.ann)))
	ok(t, l.desk.SaveDraft(ctx, portal(cy), next.ID, []byte(`{}`)))
	same(t, "both have begun", []string{planted + " Cy"}, begun(l.ann))
}

func names(list []access.Begun) []string {
	var all []string
	for _, b := range list {
		if b.At.IsZero() {
			all = append(all, "never")
		}
		all = append(all, b.By)
	}
	return all
}
