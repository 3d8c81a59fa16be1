package verb_test

import (
	"errors"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"gangway/internal/desk/verb"
)

func TestParse(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][]string{
		"":                                        {"help"},
		"   \t\n":                                 {"help"},
		"waiting":                                 {"waiting"},
		"WAITING ":                                {"waiting"},
		"\u00a0waiting\u2003":                     {"waiting"},
		"show onboarding/acme/1":                  {"show", "onboarding/acme/1"},
		`show "Brightwell Payroll"`:               {"show", "Brightwell Payroll"},
		"show “Brightwell Payroll”":               {"show", "Brightwell Payroll"},
		"show „Brightwell Payroll“":               {"show", "Brightwell Payroll"},
		"show ‘Brightwell Payroll’":               {"show", "Brightwell Payroll"},
		"show 'Brightwell Payroll'":               {"show", "Brightwell Payroll"},
		"show O'Brien’s":                          {"show", "O'Brien's"},
		"show ‘O’Brien & Sons’":                   {"show", "O'Brien & Sons"},
		`show ""`:                                 {"show", ""},
		"show \u202eacme\u202c":                   {"show", "acme"},
		"show \u200bac\u200dme\x00":               {"show", "acme"},
		"wait\u200bing":                           {"waiting"},
		"away 2026\u201312\u201321 2027-01-03":    {"away", "2026-12-21", "2027-01-03"},
		"settle exit/acme/1":                      {"settle", "exit/acme/1"},
		"delegate onboarding/acme/1 review":       {"delegate", "onboarding/acme/1", "review"},
		"show <!channel>":                         {"show", "<!channel>"},
		"show \u05d0\u05d1\u05d2":                 {"show", "\u05d0\u05d1\u05d2"},
		"show " + strings.Repeat("\U0001F6A2", 9): {"show", strings.Repeat("\U0001F6A2", 9)},
	} {
		v, args, err := verb.Parse(text)
		if err != nil {
			t.Errorf("%q: %v", text, err)
			continue
		}
		if diff := cmp.Diff(want, append([]string{v.Word}, args...)); diff != "" {
			t.Errorf("%q (-want +got):\n%s", text, diff)
		}
	}
}

func TestParseFaults(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][2]string{
		"approve":                     {`there is no word "approve"`, "Answers are given on the card"},
		"Reject onboarding/acme/1":    {`there is no word "Reject"`, "Answers are given on the card"},
		"waitng":                      {`there is no word "waitng"`, "Did you mean waiting?"},
		"fnord":                       {`there is no word "fnord"`, "Type `help`"},
		"show":                        {"CASE is missing", "It is: show CASE"},
		"show a b":                    {`"b" is one word too many`, "in quotes"},
		"waiting now":                 {`"now" is one word too many`, "It is: waiting."},
		`show "acme`:                  {"a quote is opened", "two quotes"},
		"show ‘acme":                  {"a quote is opened", "two quotes"},
		`""`:                          {`there is no word ""`, "Type `help`"},
		strings.Repeat("show ", 2000): {"too long", "At most 1000 letters"},
	} {
		_, _, err := verb.Parse(text)
		var f verb.Fault
		if !errors.As(err, &f) || !strings.Contains(f.Error(), want[0]) || !strings.Contains(f.Hint(), want[1]) || !f.Invalid() {
			t.Errorf("%.40q: %v (%s), want %v", text, err, f.Do, want)
		}
	}
}

// FuzzParse: whatever is typed leads to a verb of the table with as many
// arguments as it takes, or to a short fault with a hint; nothing unseen gets
// through.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{"", "show acme", "show “a b”", "away — –", "show 'a", "approve", "\xff\xfe", "show \u202e", "help help", "<@U1|x> &amp;"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		v, args, err := verb.Parse(text)
		if err != nil {
			var fault verb.Fault
			if !errors.As(err, &fault) || fault.Do == "" || utf8.RuneCountInString(fault.Text) > 500 {
				t.Errorf("%q: %v", text, err)
			}
			return
		}
		if _, _, ok := verb.Find(v.Word); !ok {
			t.Errorf("%q leads to %q", text, v.Word)
		}
		if least, most := v.Slack.Arity(); len(args) < least || len(args) > most {
			t.Errorf("%q: %d arguments", text, len(args))
		}
		for _, arg := range args {
			if !utf8.ValidString(arg) {
				t.Errorf("%q lets through %q", text, arg)
			}
			for _, r := range arg {
				if unicode.Is(unicode.Cf, r) || unicode.IsControl(r) && !unicode.IsSpace(r) {
					t.Errorf("%q lets through %q", text, r)
				}
			}
		}
	})
}
