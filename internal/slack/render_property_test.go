package slack

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"pgregory.net/rapid"

	"gangway/internal/dossier"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// given are names and texts as people have given them, or would.
func given() *rapid.Generator[string] {
	marks := rapid.StringOf(rapid.SampledFrom([]rune("*_~`<>&|!@#:^{}[]()\\\"'\n\r\u2028\u202e\u2066\u2069\u200b\u200f-– ab𝔘ש\u0301👩\u200d1.")))
	return rapid.OneOf(rapid.SampledFrom(append(hostile(), "*bold* _italic_ ~gone~ `code` ```block```", "> quoted", ":white_check_mark: Approved", "https://evil.example/approve", "@here #general", "|>", "<https://gangway.example.org/|x>", "Ab-*", "*", "_", "contract_v2.md")), marks, rapid.String())
}

// hostileScene is one of the cards, with all that others may write replaced.
func hostileScene(t *rapid.T) (string, scene) {
	all := cards()
	var names []string
	for name := range all {
		names = append(names, name)
	}
	name := rapid.SampledFrom(slices.Sorted(slices.Values(names))).Draw(t, "state")
	s := all[name]
	s.Vendor, s.Request.Title = given().Draw(t, "vendor"), given().Draw(t, "title")
	s.Request.Ask, s.Request.Document, s.Question = given().Draw(t, "ask"), given().Draw(t, "document"), given().Draw(t, "question")
	s.Statements = map[string]string{"read-4-9": given().Draw(t, "statement")}
	s.Case.Stage = given().Draw(t, "stage")
	for i := range s.Request.Policy.Groups {
		s.Request.Policy.Groups[i].Name = given().Draw(t, "group")
	}
	for i := range s.People {
		s.People[i].Name, s.People[i].Roles = given().Draw(t, "name"), []string{given().Draw(t, "role")}
	}
	s.Viewer.Name = given().Draw(t, "viewer")
	if rapid.Bool().Draw(t, "known") {
		known(&s)
		s.Data, s.Systems = []string{given().Draw(t, "data")}, []string{given().Draw(t, "system"), given().Draw(t, "system")}
	}
	if s.Changed != nil {
		c := *s.Changed
		c.Comparison.New = []string{given().Draw(t, "ref"), "def/" + given().Draw(t, "term")}
		s.Changed = &c
	}
	s.Case.Rehearsal = rapid.Bool().Draw(t, "rehearsal")
	return name, s
}

// TestWhatOthersWriteStaysText: whatever vendors, people, playbooks and owners
// write, everything that is shown of a request is taken by Slack, and nothing of
// it is active, marked, hidden, or on more lines than one.
func TestWhatOthersWriteStaysText(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		name, s := hostileScene(t)
		out := review.Outcome{Status: review.Refused, Refusal: review.NeedsAttest, Missing: []string{"read-4-9", given().Draw(t, "missing")}, Verdict: review.Verdict(given().Draw(t, "verdict"))}
		c := caseScene{Case: s.Case, Vendor: s.Vendor, People: s.People, Viewer: s.Viewer, Now: s.Now, Base: s.Base}
		c.Case.Requests, c.Case.State = []review.Request{s.Request}, dossier.Running
		for what, m := range map[string]message{"card": s.card(), "tidings": s.tidings(), "line": s.line("a1"), "nudge": nudge([]scene{s}, "reminder"), "word": wordTo([]scene{s}, "owner"),
			"verdict": s.verdict(out), "moved": s.moved(), "board": c.board(), "cases": casesMessage([]caseScene{c, c}), "waiting": waitingMessage([]scene{s}), "private": {text: "x", parts: nil}} {
			if m.text == "" || m.parts == nil {
				continue
			}
			if f := m.faults(); f != nil {
				t.Fatalf("%s of %s is refused: %v", what, name, f)
			}
			harmless(t, what+" of "+name, m.wire(1))
			unmarkedBy(t, what+" of "+name, m.wire(1))
			if s.Case.Rehearsal && m.text != "Nothing waits for you." && (!strings.HasPrefix(m.text, "Rehearsal: ") && what != "cases" && what != "waiting" || !strings.Contains(string(m.wire(1)), "Rehearsal")) {
				t.Fatalf("%s of %s does not say that it is a rehearsal: %s", what, name, m.wire(1))
			}
		}
		for _, f := range s.facts() {
			if strings.ContainsAny(f[1], "\n") {
				t.Fatalf("%s has several lines: %q", f[0], f[1])
			}
		}
		if n := len(s.card().parts); n > 12 {
			t.Fatalf("%s has %d blocks", name, n)
		}
		form := review.Form{Verdict: review.Reject, Inside: given().Draw(t, "typed"), To: "dora"}
		home := homeScene{Viewer: s.Viewer, Now: s.Now, Waiting: []scene{s, s}, Asked: []caseScene{c}, Recent: []scene{s}, People: s.People, Base: s.Base, Away: []playbook.Away{{From: s.Now, Until: s.Now.Add(time.Hour), Backup: "dora"}}}
		intake := intakeForm()
		intake.Fields[0].Label, intake.Fields[1].Hint, intake.Fields[5].Options = given().Draw(t, "label"), given().Draw(t, "hint"), []string{given().Draw(t, "option")}
		for what, v := range map[string]any{"answer": s.answerModal(form), "delegate": s.delegateModal(form), "recuse": s.recuseModal(form), "snooze": s.snoozeModal(form), "not me": s.notMeModal(form),
			"home": home.view(), "onboard": onboardModal(intake, s.People, playbook.Intake{Reason: form.Inside}), "away": awayModal(s.Viewer, s.People, playbook.Away{}), "result": resultModal("Refused", s.outcomeWords(out)), "wrong": resultModal("Not yours", s.wrongPerson())} {
			if f := viewFaults(v); f != nil {
				t.Fatalf("%s of %s is refused: %v", what, name, f)
			}
			unmarkedBy(t, what+" of "+name, wire(v))
			if !strings.Contains(string(wire(v)), "initial_value") { // what one typed oneself is given back as it is
				harmless(t, what+" of "+name, wire(v))
			}
		}
	})
}

// unmarkedBy looks whether marks stand where ours do alone: * around a line's
// beginning or a whole part, _ around a rule.
func unmarkedBy(t *rapid.T, name string, sent []byte) {
	t.Helper()
	ours := regexp.MustCompile(`(?m)\*[^*\n]+\*|^_(?:[^_\n]+)_$`)
	var walk func(v any)
	walk = func(v any) {
		switch v := v.(type) {
		case []any:
			for _, x := range v {
				walk(x)
			}
		case map[string]any:
			for _, x := range v {
				walk(x)
			}
			if v["type"] != "mrkdwn" {
				return
			}
			words := v["text"].(string)
			rest := regexp.MustCompile(`<!date[^>]*>|<https:[^|>]*\|`).ReplaceAllString(ours.ReplaceAllString(words, ""), "")
			if strings.ContainsAny(rest, "*~`") {
				t.Fatalf("%s: a mark of others' in %q", name, words)
			}
			runes := []rune(rest)
			for i, r := range runes {
				letter := func(i int) bool {
					return i >= 0 && i < len(runes) && (unicode.IsLetter(runes[i]) || unicode.IsDigit(runes[i]))
				}
				if r == '_' && !(letter(i-1) && letter(i+1)) {
					t.Fatalf("%s: %q slants", name, words)
				}
			}
			if regexp.MustCompile(`:[a-zA-Z0-9_+'-]+:`).MatchString(regexp.MustCompile(`\d\d:\d\d`).ReplaceAllString(rest, "")) {
				t.Fatalf("%s: an emoji of others' in %q", name, words)
			}
		}
	}
	var o any
	if err := json.Unmarshal(sent, &o); err != nil {
		t.Fatalf("%s is no JSON: %v", name, err)
	}
	walk(o)
}
