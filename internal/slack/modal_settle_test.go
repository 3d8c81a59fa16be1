package slack

import (
	"net/url"
	"strings"
	"testing"

	"gangway/internal/dossier"
	"gangway/internal/review"
)

// TestTheOwnerSettlesFromSlack: the word finds the vendor's exit and opens a form; nothing
// half is sent, and whoever does not own the case is refused by it and keeps the form.
func TestTheOwnerSettlesFromSlack(t *testing.T) {
	t.Parallel()
	l := openLobby(t)
	if got := l.typed("maya", "settle acme"); !strings.Contains(got, "There is no case of that name") {
		t.Errorf("of a vendor who is not left: %q", got)
	}
	l.desk.exits = true
	if got := l.typed("maya", "settle "+lobbyCase); !strings.Contains(got, "no exit of a vendor") {
		t.Errorf("of an onboarding: %q", got)
	}
	if got := l.typed("tom", "settle exit/acme/1"); got != "" {
		t.Fatalf("answered %q", got)
	}
	v := l.modal("tom")
	out, err := l.slack.Submit("U0TOM", v.ID, url.Values{blockField + "after": {"ends"}, blockInside: {"I say so."}})
	if err != nil || out.Errors[blockInside] != review.NotOwner.Sentence() {
		t.Errorf("%v %+v\n%s", err, out.Errors, l.logs)
	}
	if got := l.typed("maya", "settle acme"); got != "" {
		t.Fatalf("answered %q", got)
	}
	v = l.modal("maya")
	out, err = l.slack.Submit("U0MAYA", v.ID, url.Values{blockField + "after": {"replaced"}, blockInside: {"They won."}})
	if err != nil || out.Errors[blockField+"successor"] == "" || len(l.desk.settled) != 1 {
		t.Fatalf("%v %+v %d\n%s", err, out.Errors, len(l.desk.settled), l.logs)
	}
	out, err = l.slack.Submit("U0MAYA", v.ID, url.Values{blockField + "successor": {"Beta Pay"}})
	if err != nil || len(out.Errors) > 0 || len(l.desk.settled) != 2 {
		t.Fatalf("%v %+v\n%s", err, out.Errors, l.logs)
	}
	a := l.desk.settled[1]
	if a.ID == "" || a.Kind != review.Settle || a.Process != "exit/acme/1" || a.Name != "replaced" || len(a.Values) != 1 || a.Values[0] != "Beta Pay" || l.desk.texts[a.ID].Inside != "They won." {
		t.Errorf("the desk was told %+v", a)
	}
	l.faultless()
}

// TestWhatIsSettledComesBackFromItsForm as it was.
func TestWhatIsSettledComesBackFromItsForm(t *testing.T) {
	t.Parallel()
	c := dossier.CaseView{ID: "exit/acme/1"}
	for _, f := range []review.Form{{Act: review.Settle, Name: "replaced", Values: []string{"beta"}, Inside: "They won."}, {Act: review.Settle, Name: "ends", Inside: "No more."}} {
		got, faults := readSettle(stateOf(settleModal(c, "Acme", f)))
		same(t, "settled", f, got)
		if faults != nil {
			t.Errorf("%+v has faults: %v", f, faults)
		}
	}
	f, faults := readSettle(stateOf(settleModal(c, "Acme", review.Form{Name: "in-house", Values: []string{"beta"}, Inside: "Us."})))
	if faults != nil || len(f.Values) > 0 {
		t.Errorf("%+v: %v", f, faults)
	}
	if _, faults = readSettle(stateOf(settleModal(c, "Acme", review.Form{Name: "undecided"}))); len(faults) != 2 {
		t.Errorf("an empty form: %v", faults)
	}
}
