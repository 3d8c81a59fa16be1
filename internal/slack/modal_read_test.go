package slack

import (
	"slices"
	"strings"
	"testing"

	"github.com/slack-go/slack"

	"gangway/internal/review"
)

// TestModalReadsAndDeclares: a range of sections counts with its tick and a tick with
// its range; the statement on interests goes with the first answer, whatever it says.
func TestModalReadsAndDeclares(t *testing.T) {
	t.Parallel()
	s := sceneOf("helen", undeclared, readAll)
	if s.atOnce(review.Approve) || s.atOnce(review.Changes) {
		t.Error("a first answer is given without its statement")
	}
	view := s.answerModal(review.Form{})
	holdView(t, "modal/read", view)
	fill := func(read string, ticked, declared bool) *slack.ViewState {
		st := stateOf(view)
		put := func(block string, a slack.BlockAction) { st.Values[block] = map[string]slack.BlockAction{typedID: a} }
		put(blockVerdict, slack.BlockAction{SelectedOption: slack.OptionBlockObject{Value: "approve"}})
		put(blockRead, slack.BlockAction{Value: read})
		if ticked {
			put(blockTick, slack.BlockAction{SelectedOptions: []slack.OptionBlockObject{{Value: tickRead}}})
		}
		if declared {
			put(blockAttest+"no-interest", slack.BlockAction{SelectedOptions: []slack.OptionBlockObject{{Value: "no-interest"}}})
		}
		return st
	}
	for _, c := range []struct {
		read             string
		ticked, declared bool
		fault            string
	}{{"4 – 9", true, true, ""}, {"", false, true, ""}, {"4-9", false, true, blockTick}, {"", true, true, blockRead}, {" , ", false, true, blockRead}, {"all", true, false, blockAttest + "no-interest"}} {
		f, faults := s.readAnswer(fill(c.read, c.ticked, c.declared))
		if c.fault == "" && (len(faults) > 0 || !slices.Equal(f.Attest, []string{"no-interest"}) || c.read != "" && !slices.Equal(f.Read, []string{"4-9"})) || c.fault != "" && faults[c.fault] == "" {
			t.Errorf("%+v: %+v with %q", c, f, faults)
		}
	}
	for _, refusal := range []review.Refusal{review.NeedsReason, review.NeedsAttest, review.NeedsInterest, review.WhichSeat} {
		if !unfinished(refusal) {
			t.Errorf("a button opens no form for what a form asks for: %s", refusal)
		}
	}
	for refusal, block := range map[review.Refusal]string{review.NoSection: blockRead, review.NeedsInterest: blockAttest + "no-interest"} {
		if f := refusalFaults(string(verbAnswer), review.Outcome{Status: review.Refused, Refusal: refusal, Missing: []string{"no-interest"}}); f[block] == "" {
			t.Errorf("%s is said nowhere: %q", refusal, f)
		}
	}
	s = sceneOf("helen", undeclared, readAll, func(s *scene) { s.Request.Declared = []string{"helen"} })
	if s.atOnce(review.Approve) || slices.Contains(s.attested(), "no-interest") {
		t.Error("a statement is asked twice, or nobody is asked what they read")
	}
}

// TestCardsOfForms: a form and points lead to the page; what others gave is on no
// card.
func TestCardsOfForms(t *testing.T) {
	t.Parallel()
	all := cards()
	for _, name := range []string{"form", "score"} {
		s := all[name]
		text := string(s.card().wire(7))
		if !s.byPage() || !strings.Contains(text, "Answer on the page") || !strings.Contains(text, "In plain words") || strings.Contains(text, "*payroll*") || !strings.Contains(text, "not known to have: cloud security") && name == "form" {
			t.Errorf("%s: %s", name, text)
		}
	}
	if text := string(all["score"].card().wire(7)); strings.Contains(text, "quality") || strings.Contains(text, ": 5") || !strings.Contains(text, "nobody sees another") {
		t.Errorf("points are shown: %s", text)
	}
	if text := string(all["unread"].card().wire(7)); !strings.Contains(text, "*Nobody has read* 1, 2 and 3") {
		t.Errorf("what nobody has read is not said: %s", text)
	}
}
