package slack

import (
	"context"
	"testing"

	"gangway/internal/access"
	"gangway/internal/review"
)

// asker is a desk that keeps by whom a question was opened.
type asker struct {
	*deskStub
	by []review.Address
}

func (a *asker) Question(_ context.Context, who review.Address, _ review.Request) (string, error) {
	a.by = append(a.by, who)
	return "Why?", nil
}

// TestAQuestionIsOpenedByItsPerson: under the address that is theirs, and not
// under that of whoever has the same id in another workspace.
func TestAQuestionIsOpenedByItsPerson(t *testing.T) {
	t.Parallel()
	w := newTestWorld(t, "ana")
	desk := &asker{deskStub: w.desk}
	w.o.Desk = desk
	w.restart()
	w.app.o.Client.o.Teams = []string{"T0FIRST", theTeam}
	w.rows.bindings = []access.Binding{bindingOf("ana")}
	r := w.request("q1", "ana")
	r.AskText = "answer"
	s, err := w.app.sceneOf(t.Context(), *r, w.rows.persons["ana"], "")
	if err != nil || s.Question != "Why?" {
		t.Fatalf("%q, %v", s.Question, err)
	}
	if len(desk.by) != 1 || desk.by[0] != Address(theTeam, userID("ana")) {
		t.Errorf("opened by %v", desk.by)
	}
}
