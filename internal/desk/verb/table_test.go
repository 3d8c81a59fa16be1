package verb_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gangway/internal/desk/verb"
	"gangway/internal/review"
)

func words() []string {
	var all []string
	for _, v := range verb.Table() {
		all = append(all, v.Word)
	}
	return all
}

func TestTable(t *testing.T) {
	t.Parallel()
	all := words()
	slices.Sort(all)
	want := []string{"away", "cases", "delegate", "dossier", "exit", "help", "onboard", "open", "settle", "show", "waiting"}
	if diff := cmp.Diff(want, all); diff != "" {
		t.Errorf("the words (-want +got):\n%s", diff)
	}
	for _, v := range verb.Table() {
		if v.Short == "" || strings.HasSuffix(v.Short, ".") || strings.Contains(v.Short, "\n") {
			t.Errorf("%s: the short text is %q", v.Word, v.Short)
		}
		for _, c := range []verb.Channel{verb.Slack, verb.Shell} {
			u := v.In(c)
			if !u.Offered {
				t.Errorf("%s is not offered in %s", v.Word, c)
			}
			for _, example := range u.Examples {
				if first, _, _ := strings.Cut(example, " "); first != v.Word {
					t.Errorf("%s has the example %q", v.Word, example)
				}
			}
		}
	}
}

// TestNoVerbDecides (S11): no word answers a request, whatever it is called, and
// what changes something only opens a form in Slack.
func TestNoVerbDecides(t *testing.T) {
	t.Parallel()
	verdicts := []string{"approve", "reject", "changes", "answer", "accept", "deny", "yes", "no", "take-back", "recuse", "withdraw"}
	for _, v := range []review.Verdict{review.Approve, review.Changes, review.Reject} {
		verdicts = append(verdicts, string(v))
	}
	for _, word := range verdicts {
		if _, _, ok := verb.Find(word); ok {
			t.Errorf("%s is a verb", word)
		}
		for _, text := range []string{word, word + " onboarding/acme/1", strings.ToUpper(word), " " + word} {
			if _, _, err := verb.Parse(text); err == nil {
				t.Errorf("%q is taken", text)
			}
		}
	}
	shows := []string{"cases", "show", "waiting", "dossier", "help"}
	for _, v := range verb.Table() {
		if v.Slack.Opens == slices.Contains(shows, v.Word) {
			t.Errorf("%s: opens a form: %v", v.Word, v.Slack.Opens)
		}
		if v.Shell.Opens {
			t.Errorf("%s opens a form on the command line", v.Word)
		}
	}
}

func TestFind(t *testing.T) {
	t.Parallel()
	for word, want := range map[string]string{"waiting": "waiting", "Waiting": "waiting", "CASES": "cases"} {
		if v, _, ok := verb.Find(word); !ok || v.Word != want {
			t.Errorf("%q leads to %q, %v", word, v.Word, ok)
		}
	}
	for word, want := range map[string]string{"waitng": "waiting", "case": "cases", "xyzzy": "", "": "", strings.Repeat("a", 5000): ""} {
		if v, near, ok := verb.Find(word); ok || near != want {
			t.Errorf("%.20q leads to %q, near %q, want near %q", word, v.Word, near, want)
		}
	}
}

// TestEveryExampleParses holds what help shows of Slack to Parse.
func TestEveryExampleParses(t *testing.T) {
	t.Parallel()
	for _, v := range verb.Table() {
		for _, example := range v.Slack.Examples {
			if got, _, err := verb.Parse(example); err != nil || got.Word != v.Word {
				t.Errorf("%q leads to %q, %v", example, got.Word, err)
			}
		}
	}
}

func TestHelp(t *testing.T) {
	t.Parallel()
	for _, c := range []verb.Channel{verb.Slack, verb.Shell} {
		page := verb.Help("/vendor", c)
		for _, v := range verb.Table() {
			if !strings.Contains(page, "/vendor "+v.Word) || !strings.Contains(page, v.Short) {
				t.Errorf("%s: the help says nothing of %s", c, v.Word)
			}
			of := verb.HelpOn(v, "/vendor", c)
			if !strings.HasPrefix(of, "/vendor "+v.Word) || !strings.Contains(of, v.Short+".") {
				t.Errorf("%s: the help on %s is %q", c, v.Word, of)
			}
		}
		if strings.Count(page, "\n") != len(words()) {
			t.Errorf("%s: the help has %d lines", c, strings.Count(page, "\n"))
		}
	}
	if page := verb.Help("/vendor", "fax"); page != "" {
		t.Errorf("a channel that there is not offers %q", page)
	}
}
