package main

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"gangway/internal/review"
)

// TestWhatWaitsOfAWholeOnboarding: much of one case stands under it, in eighty columns;
// little keeps the lines that scripts read.
func TestWhatWaitsOfAWholeOnboarding(t *testing.T) {
	t.Parallel()
	var list []review.Request
	for i := range 3 {
		list = append(list, review.Request{Case: long, Step: fmt.Sprintf("an-item-with-a-long-name-%d", i), Kind: review.Delivery, Sheet: i == 0, Clocks: []review.Clock{{Due: days(2 + 10*i)}}})
	}
	list = append(list, review.Request{Case: "dpa/x/1", Step: "sign", Kind: review.Decision})
	if crowded(list[1:]) || !crowded(list) {
		t.Error("three of one case are many, two are not")
	}
	var out bytes.Buffer
	s := &session{program: program{now: func() time.Time { return days(5) }}, out: &terminal{w: &out}}
	s.printByCase(list, "daniel", map[string]time.Time{long: days(5), "dpa/x/1": days(5)})
	text := out.String()
	for _, want := range []string{long + "\n  STEP", "an-item-with-a-long-name-0  -     overdue, 3 days ago  delivered (a form)", "dpa/x/1\n"} {
		if !strings.Contains(text, want) {
			t.Errorf("it lacks %q:\n%s", want, text)
		}
	}
	for line := range strings.Lines(text) {
		if columns(strings.TrimSuffix(line, "\n")) > 80 {
			t.Errorf("too wide: %q", line)
		}
	}
}

// TestFewOfMany: a list of cases has room for two people, and says how many more.
func TestFewOfMany(t *testing.T) {
	t.Parallel()
	for want, people := range map[string][]string{"": nil, "a, b, c": {"a", "b", "c"}, "a, b and 2 more": {"a", "b", "c", "d"}} {
		if got := few(people); got != want {
			t.Errorf("%v: %q, want %q", people, got, want)
		}
	}
}
