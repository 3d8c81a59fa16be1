package inventory

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestAListOfAccounts as a spreadsheet saves it: forty and more, whose person's name has a
// comma, and one of the client's own who is never taken away.
func TestAListOfAccounts(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	b.WriteString("\ufeffLogin,Person,Kind\r\n")
	for i := range 45 {
		fmt.Fprintf(&b, "acme-%d,\"Archer, Ann\",person\r\n", i)
	}
	b.WriteString("@acme-ci, ,Machine\r\n\r\nacme-bob\r\nada,Ada of ours,staff\r\n")
	got, faults := ReadList(b.String())
	if len(faults) > 0 || len(got.Vendor) != 47 {
		t.Fatalf("%d accounts, %v", len(got.Vendor), faults)
	}
	if diff := cmp.Diff([]Identity{{Login: "acme-44"}, {Login: "acme-ci"}, {Login: "acme-bob"}}, got.Vendor[44:]); diff != "" {
		t.Errorf("the vendor's (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]Identity{{Login: "ada"}}, got.Staff); diff != "" {
		t.Errorf("our own (-want +got):\n%s", diff)
	}
}

// TestFaultsOfAListStandAtTheirLines, all at once, and nothing of the list is taken.
func TestFaultsOfAListStandAtTheirLines(t *testing.T) {
	t.Parallel()
	many := strings.Builder{}
	for i := range mostAccounts + 1 {
		fmt.Fprintf(&many, "a%d\n", i)
	}
	for text, want := range map[string]string{
		"acme-ann\nacme bob\n,Ann\nACME-ANN,,staff\ncarl,Carl,robot\ndora,D,person,x\n": "line 2: |line 3: it names no login|line 4: ACME-ANN stands in it twice|line 5: there is no kind \"robot\"|line 6: it has 4 columns",
		"ann,\"Ann\nbob\n":                  "line 2: ",
		"ann,a\x00b\n":                      "line 1: whose account",
		"ann," + strings.Repeat("x", 201):   "line 1: whose account",
		"../secrets\n":                      "line 1: ",
		"\xff":                              "not UTF-8",
		many.String():                       "line 501: a list has at most 500 accounts",
		"login,person,kind\nlogin,x,kind\n": "line 2: there is no kind",
		strings.Repeat("a b\n", 100):        "line 20: ",
	} {
		got, faults := ReadList(text)
		told := errors.Join(faults...)
		if told == nil || len(got.Vendor)+len(got.Staff) > 0 || len(faults) > mostFaults {
			t.Errorf("%.40q gives %v and %d faults", text, got, len(faults))
			continue
		}
		for _, part := range strings.Split(want, "|") {
			if !strings.Contains(told.Error(), part) {
				t.Errorf("%.40q: %v, want %q", text, told, part)
			}
		}
	}
	if got, faults := ReadList(""); len(got.Vendor) > 0 || faults != nil {
		t.Errorf("an empty list gives %v, %v", got, faults)
	}
}

// FuzzReadList: whatever a list holds, each login of it is one that GitHub could have,
// stands there once, and is of one side only; with a fault there is none.
func FuzzReadList(f *testing.F) {
	for _, seed := range []string{"", "login,person,kind\nann,Ann,person\n", "@a\nb,,staff\n", "\"", "a,\"b\nc\",machine\n", "ann\nANN\n", "\ufeffa\r\n\r\nb"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got, faults := ReadList(text)
		if len(faults) > 0 && len(got.Vendor)+len(got.Staff) > 0 || len(faults) > mostFaults+1 || len(got.Vendor)+len(got.Staff) > mostAccounts {
			t.Fatalf("%d accounts with the faults %v", len(got.Vendor)+len(got.Staff), faults)
		}
		seen := map[string]bool{}
		for _, who := range append(got.Vendor, got.Staff...) {
			if who.Login == "" || strings.ContainsAny(who.Login, " ,/\\\n\x00@") || seen[strings.ToLower(who.Login)] {
				t.Fatalf("%q is taken", who.Login)
			}
			seen[strings.ToLower(who.Login)] = true
		}
		if again, faults := ReadList(text); len(faults) == 0 && cmp.Diff(got, again) != "" {
			t.Fatal("read twice it is another")
		}
	})
}
