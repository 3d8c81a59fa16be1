package engagement_test

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"gangway/internal/engagement"
)

var (
	someDay  = time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)
	someFile = "sha256:" + strings.Repeat("0af", 21) + "0"
)

func number(n int64) *int64 { return &n }

func kinds() []engagement.PointKind {
	return []engagement.PointKind{"", engagement.PointText, engagement.PointYesNo, engagement.PointChoice, engagement.PointMany,
		engagement.PointDate, engagement.PointNumber, engagement.PointAmount, engagement.PointPerson, engagement.PointFile}
}

// TestEachKindHasItsOwnAnswer: every value is sound for the kinds that are named, and
// for no other.
func TestEachKindHasItsOwnAnswer(t *testing.T) {
	t.Parallel()
	none := []engagement.PointKind{}
	only := func(k ...engagement.PointKind) []engagement.PointKind { return k }
	lacking := only(engagement.PointDate, engagement.PointNumber, engagement.PointAmount, engagement.PointPerson, engagement.PointFile)
	for what, c := range map[string]struct {
		f    engagement.Finding
		want []engagement.PointKind
	}{
		"nothing":              {engagement.Finding{}, none},
		"words":                {engagement.Finding{Said: true}, only(engagement.PointText)},
		"yes":                  {engagement.Finding{Choices: []string{"yes"}}, only(engagement.PointYesNo, engagement.PointPerson)},
		"yes, with words":      {engagement.Finding{Choices: []string{"no"}, Said: true}, only(engagement.PointYesNo, engagement.PointPerson)},
		"yes and no":           {engagement.Finding{Choices: []string{"yes", "no"}}, none},
		"an option":            {engagement.Finding{Choices: []string{"In the EU"}}, only(engagement.PointChoice, engagement.PointMany)},
		"two options":          {engagement.Finding{Choices: []string{"In the EU", "Elsewhere"}}, only(engagement.PointMany)},
		"an option twice":      {engagement.Finding{Choices: []string{"In the EU", "In the EU"}}, none},
		"no option":            {engagement.Finding{Choices: []string{"On the moon"}}, none},
		"a person":             {engagement.Finding{Choices: []string{"lena"}}, only(engagement.PointPerson)},
		"a sentence":           {engagement.Finding{Choices: []string{"lena or sam"}}, none},
		"a day":                {engagement.Finding{On: someDay}, only(engagement.PointDate)},
		"a day long ago":       {engagement.Finding{On: time.Date(226, 3, 2, 0, 0, 0, 0, time.UTC)}, none},
		"a day far away":       {engagement.Finding{On: time.Date(20260, 3, 2, 0, 0, 0, 0, time.UTC)}, none},
		"a number":             {engagement.Finding{Number: number(7)}, only(engagement.PointNumber, engagement.PointAmount)},
		"nought":               {engagement.Finding{Number: number(0)}, only(engagement.PointNumber, engagement.PointAmount)},
		"less than nothing":    {engagement.Finding{Number: number(-1)}, only(engagement.PointNumber)},
		"more than all":        {engagement.Finding{Number: number(math.MaxInt64)}, none},
		"as much less":         {engagement.Finding{Number: number(math.MinInt64)}, none},
		"a file":               {engagement.Finding{Document: someFile}, only(engagement.PointFile)},
		"a file's name":        {engagement.Finding{Document: "certificate.pdf"}, none},
		"a file in capitals":   {engagement.Finding{Document: strings.ToUpper(someFile)}, none},
		"half a digest":        {engagement.Finding{Document: someFile[:40]}, none},
		"a place":              {engagement.Finding{Places: []string{"4.2"}}, only("")},
		"a place, and a day":   {engagement.Finding{Places: []string{"4.2"}, On: someDay}, none},
		"a place, and a file":  {engagement.Finding{Places: []string{"4.2"}, Document: someFile}, none},
		"a number and a day":   {engagement.Finding{Number: number(1), On: someDay}, none},
		"words and a day":      {engagement.Finding{Said: true, On: someDay}, only(engagement.PointDate)},
		"missing":              {engagement.Finding{Missing: true}, only("")},
		"missing, and why":     {engagement.Finding{Missing: true, Said: true}, append(only(""), lacking...)},
		"missing, yet a file":  {engagement.Finding{Missing: true, Said: true, Document: someFile}, none},
		"missing, yet a place": {engagement.Finding{Missing: true, Places: []string{"4"}}, none},
	} {
		for _, k := range kinds() {
			p := engagement.Point{ID: "a", Kind: k, Options: []string{"In the EU", "Elsewhere"}}
			c.f.Point = "a"
			if got := p.Sound(c.f); got != slices.Contains(c.want, k) {
				t.Errorf("%s for a point of the kind %q: sound %v", what, k, got)
			}
			c.f.Point = "b"
			if p.Sound(c.f) {
				t.Errorf("%s for another point than %q is sound", what, k)
			}
		}
	}
	if (engagement.Point{ID: "a", Kind: "of a later release"}).Sound(engagement.Finding{Point: "a", Said: true}) {
		t.Error("a finding is sound for a kind that nobody knows")
	}
}

// TestOneAnswerForOneKind: whatever is put together, a finding with two sorts of
// values is sound for no form's point.
func TestOneAnswerForOneKind(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		f := engagement.Finding{Point: "a", Said: rapid.Bool().Draw(t, "said"), Missing: rapid.Bool().Draw(t, "missing")}
		given := 0
		put := func(what string, do func()) {
			if rapid.Bool().Draw(t, what) {
				do()
				given++
			}
		}
		put("day", func() { f.On = someDay })
		put("choice", func() { f.Choices = []string{"yes"} })
		put("number", func() { f.Number = number(3) })
		put("file", func() { f.Document = someFile })
		k := rapid.SampledFrom(kinds()[1:]).Draw(t, "kind")
		sound := (engagement.Point{ID: "a", Kind: k, Options: []string{"yes"}}).Sound(f)
		if sound && given > 1 || sound && f.Missing && given > 0 || sound && given == 0 && !f.Said {
			t.Fatalf("%+v is sound for a %s", f, k)
		}
	})
}

func TestPlacesAreReferences(t *testing.T) {
	t.Parallel()
	p := engagement.Point{ID: "a"}
	for place, want := range map[string]bool{"4.2": true, "def/ofac": true, "annex-a.2~3": true, "seite-4ä": true, "": false, "4 2": false,
		"see the mail": false, "4\n5": false, strings.Repeat("x", 120): true, strings.Repeat("x", 121): false, "a\xff": false} {
		if got := p.Sound(engagement.Finding{Point: "a", Places: []string{place}}); got != want {
			t.Errorf("place %.20q: %v", place, got)
		}
	}
	var many []string
	for i := range 11 {
		many = append(many, fmt.Sprint(i))
	}
	if !p.Sound(engagement.Finding{Point: "a", Places: many[:10]}) || p.Sound(engagement.Finding{Point: "a", Places: many}) {
		t.Error("ten places are as many as are taken")
	}
}

func TestLacks(t *testing.T) {
	t.Parallel()
	if got := engagement.Lacks([]string{"iso-27001", "law", "iso-27001"}, []string{"law"}); !slices.Equal(got, []string{"iso-27001"}) {
		t.Errorf("lacks %v", got)
	}
	if engagement.Lacks(nil, []string{"law"}) != nil || engagement.Lacks([]string{"law"}, []string{"law", "tax"}) != nil {
		t.Error("somebody lacks nothing, and a list of it")
	}
}

// TestADatedPlaceHasAPossibleYear: a slip of the finger in a date found in a text, or in
// the end of a waiver, is no finding; nothing could wait that long.
func TestADatedPlaceHasAPossibleYear(t *testing.T) {
	t.Parallel()
	p := engagement.Point{ID: "ends", Dated: true}
	for year, want := range map[int]bool{1899: false, 1900: true, 2027: true, 2199: true, 2200: false, 9999: false, 1: false} {
		if got := p.Sound(engagement.Finding{Point: "ends", On: time.Date(year, 6, 1, 0, 0, 0, 0, time.UTC)}); got != want {
			t.Errorf("%d is sound: %v", year, got)
		}
	}
}

// A bound counts days from the day of the answer, and that day has no hour: who answers
// late at night may name the same day as in the morning. Only a date is bounded.
func TestADateMayBeBounded(t *testing.T) {
	t.Parallel()
	p := engagement.Point{ID: "until", Kind: engagement.PointDate, MostDays: 30}
	late := someDay.Add(23 * time.Hour)
	for _, c := range []struct {
		what string
		p    engagement.Point
		f    engagement.Finding
		want bool
	}{
		{"the last day", p, engagement.Finding{Point: "until", On: someDay.AddDate(0, 0, 30)}, false},
		{"some time of it", p, engagement.Finding{Point: "until", On: someDay.AddDate(0, 0, 30).Add(20 * time.Hour)}, false},
		{"a day later", p, engagement.Finding{Point: "until", On: someDay.AddDate(0, 0, 31)}, true},
		{"no date", p, engagement.Finding{Point: "until", Missing: true, Said: true}, false},
		{"another point's", p, engagement.Finding{Point: "from", On: someDay.AddDate(9, 0, 0)}, false},
		{"no bound", engagement.Point{ID: "until", Kind: engagement.PointDate}, engagement.Finding{Point: "until", On: someDay.AddDate(9, 0, 0)}, false},
		{"no date's point", engagement.Point{ID: "until", MostDays: 30, Dated: true}, engagement.Finding{Point: "until", On: someDay.AddDate(9, 0, 0)}, false},
	} {
		for _, at := range []time.Time{someDay, late} {
			if got := c.p.TooFar(c.f, at); got != c.want {
				t.Errorf("%s, at %s: too far is %v", c.what, at, got)
			}
		}
	}
}
