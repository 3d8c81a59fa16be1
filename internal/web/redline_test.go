package web

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"gangway/internal/engagement"
)

func redlineURL(from, to string) string {
	v := url.Values{"case": {theCase}, "process": {theContract}, "name": {"contract"}}
	if from != "" {
		v.Set("from", from)
	}
	if to != "" {
		v.Set("to", to)
	}
	return "/redline?" + v.Encode()
}

// TestRedline: every clause of both versions is on the page, in the order of the
// newer one, with its words marked; what is as it was is folded away.
func TestRedline(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	p := s.get("lena", redlineURL("", "")).wants(http.StatusOK, "from version 1 to 2", "3 clauses are not as they were", "<del>72</del> <ins>24</ins>", "15 clauses have the same words", "<ins>The Provider helps", "9 clauses as before: <bdi>0</bdi> to <bdi>3.1</bdi></summary>", `<option value="1" selected>Version 1`)
	p.accessible("a redline")
	if strings.Index(p.Body, "<bdi>3.2</bdi>") > strings.Index(p.Body, "<bdi>4.2</bdi>") || !strings.Contains(p.Body, "stores on the Service") && !strings.Contains(p.Body, "99.5 %") {
		t.Error("the clauses are not in their order, or not all there")
	}
	s.get("lena", redlineURL("2", "1")).wants(http.StatusOK, "from version 2 to 1", "<del>24</del> <ins>72</ins>", "<del>The Provider helps", `<span class="badge bad">gone</span>`)
	s.get("lena", redlineURL("2", "2")).wants(http.StatusOK, "No clause has other words").lacks("<del>2", "<ins>T")
	s.get("lena", redlineURL("1", "7")).wants(http.StatusNotFound)
	s.get("lena", redlineURL("x", "2")).wants(http.StatusNotFound)
	s.get("lena", "/redline?case="+url.QueryEscape(theCase)+"&process="+url.QueryEscape(theCase)+"&name=insurance").wants(http.StatusNotFound, "no two versions")
	s.get("una", redlineURL("", "")).wants(http.StatusForbidden)
	for _, target := range []string{"/case?id=" + url.QueryEscape(theCase), documentLink("/document", theCase, s.desk.cases[0].Documents[2].Document), requestURL(reviewID)} {
		s.get("lena", target).wants(http.StatusOK, `href="/redline?case=onboarding%2Fnorthwind%2F1&amp;from=1&amp;name=contract&amp;process=contract%2Fnorthwind%2F1&amp;to=2"`)
	}
	delete(s.desk.papers, s.desk.cases[0].Documents[1].Document)
	s.get("lena", redlineURL("", "")).wants(http.StatusOK, "They can’t be compared", "The text of version 1 is no longer kept.")
}

// TestRedlineLosesNoClause: whatever two texts say, each clause of either is on the
// page once.
func TestRedlineLosesNoClause(t *testing.T) {
	t.Parallel()
	word := rapid.SampledFrom([]string{"fees", "notice", "data", "shall", "be", "kept", "5", "10", "days"})
	text := rapid.Custom(func(t *rapid.T) string {
		var b strings.Builder
		b.WriteString("# Agreement\n\n")
		for i := range rapid.IntRange(1, 6).Draw(t, "clauses") {
			b.WriteString(string(rune('1'+i)) + ". " + strings.Join(rapid.SliceOfN(word, 1, 6).Draw(t, "words"), " ") + ".\n\n")
		}
		return b.String()
	})
	rapid.Check(t, func(t *rapid.T) {
		old, err := engagement.Split([]byte(text.Draw(t, "old")))
		if err != nil {
			t.Fatal(err)
		}
		new, err := engagement.Split([]byte(text.Draw(t, "new")))
		if err != nil {
			t.Fatal(err)
		}
		compared := engagement.Compare(old, new)
		var page redlinePage
		page.put(old, new, compared)
		var shown, gone []string
		for _, part := range page.Parts {
			for _, c := range part.Same {
				shown = append(shown, c.Ref)
			}
			switch {
			case part.Same != nil:
			case part.What == "gone":
				gone = append(gone, part.Ref)
			default:
				shown = append(shown, part.Ref)
			}
		}
		var want []string
		for _, c := range new {
			want = append(want, c.Ref)
		}
		lost := slices.Clone(compared.Gone)
		slices.Sort(lost)
		slices.Sort(gone)
		if !slices.Equal(shown, want) || !slices.Equal(gone, lost) {
			t.Fatalf("shown are %q, want %q; gone %q, want %q", shown, want, gone, lost)
		}
	})
}
