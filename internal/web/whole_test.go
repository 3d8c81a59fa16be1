package web

import (
	"html"
	"html/template"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gangway/internal/engagement"
)

// hiding are ways to write words that count for a review and that a browser, or
// the sanitiser, would not show.
func hiding() []string {
	return []string{"<!-- SECRET -->", "<script>SECRET</script>", "<style>SECRET</style>", "<noscript>SECRET</noscript>", "<iframe>SECRET</iframe>",
		"<object>SECRET</object>", "<noembed>SECRET</noembed>", "<noframes>SECRET</noframes>", "![SECRET](x)", "[x](http://a.example \"SECRET\")",
		"<Secret Name>SECRET", "<?php SECRET ?>", "<![CDATA[SECRET]]>", "<scr<script>SECRET</script>ipt>", "30<noscript>000 SECRET</noscript>",
		"text\n\n   [//]: # (SECRET)\n", "text\n\n   <script>\n\n   SECRET\n\n   </script>\n\n   after", "text\n\n   ```SECRET\n   x\n   ```\n",
		"text\n\n   | a | b |\n   |---|---|\n   | 1 | 2 | SECRET |\n"}
}

// TestNoWordThatCountsIsHidden: whatever counts for a review stands on the page
// beside the form, or the clause stands there as it was written.
func TestNoWordThatCountsIsHidden(t *testing.T) {
	t.Parallel()
	for _, trick := range hiding() {
		source := []byte("# Terms\n\n## 1. Fees\n\n1. **Fee.** The fee is fixed. " + trick + "\n2. **End.** It ends.\n")
		clauses, err := engagement.Split(source)
		if err != nil {
			t.Fatal(err)
		}
		s := newSite(t)
		srv := &server{paper: newSanitiser()}
		var p paperView
		srv.fill(&p, clauses, engagement.Comparison{}, nil)
		shown, counted := "", false
		for i, c := range clauses {
			shown += string(p.Clauses[i].Body)
			counted = counted || strings.Contains(c.Text, "SECRET")
			if strings.Contains(string(p.Clauses[i].Body), "<script") || strings.Contains(string(p.Clauses[i].Body), "<noscript") {
				t.Errorf("%q: the page runs it: %s", trick, p.Clauses[i].Body)
			}
		}
		if text := html.UnescapeString(anyTag.ReplaceAllString(shown, "")); counted && !strings.Contains(text, "SECRET") {
			t.Errorf("%q counts and is not on the page:\n%s", trick, shown)
		}
		paper := s.desk.put(source, "text/markdown; charset=utf-8")
		c := s.desk.cases[0]
		c.Documents[0].Document = paper
		page := s.do("lena", httptest.NewRequest(http.MethodGet, "/document?"+url.Values{"case": {theCase}, "digest": {paper}}.Encode(), nil)).wants(http.StatusOK)
		if text := html.UnescapeString(anyTag.ReplaceAllString(page.Body, "")); counted && !strings.Contains(text, "SECRET") {
			t.Errorf("%q is not on the document's page", trick)
		}
	}
}

// TestWholeDocumentsAreLaidOut: what real contracts have hides nothing.
func TestWholeDocumentsAreLaidOut(t *testing.T) {
	t.Parallel()
	shared, err := filepath.Glob("../../../shared/documents/*.md")
	if err != nil {
		t.Fatal(err)
	}
	ours, err := filepath.Glob("../../config/example/contract*.md")
	if err != nil || len(ours) == 0 {
		t.Fatalf("no contracts: %v", err)
	}
	s := newSanitiser()
	for _, file := range append(shared, ours...) {
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		body, err := s.render(source)
		if err != nil || !showsAll(body, source) {
			t.Errorf("%s would not be laid out: %v", file, err)
		}
		clauses, err := engagement.Split(source)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range clauses {
			if body, err := s.render([]byte(dedent(c.Source))); err != nil || !shows(body, c.Text) {
				t.Errorf("%s, clause %s would not be laid out: %v", file, c.Ref, err)
			}
		}
	}
}

func TestShows(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		markup, counted string
		want            bool
	}{
		{"<p>The <strong>fee</strong> is 30 &amp; more</p>", "The fee is 30 & more", true},
		{"<p>The fee is 3</p>", "The fee is 30", false},
		{"<ol><li>one</li><li>two</li></ol>", "1. one 2) two", true},
		{"<p>one</p>", "1.5 one", false},
		{"<p>see here</p>", "see [here](https://a.example/b#c)", true},
		{"<p>see here</p>", "see [here](https://a.example not shown)", false},
		{"<p>is paid</p>", "is not paid", false},
	} {
		if got := shows(template.HTML(c.markup), c.counted); got != c.want {
			t.Errorf("shows(%q, %q) = %v", c.markup, c.counted, got)
		}
	}
}
