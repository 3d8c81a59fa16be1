package web

import (
	"html/template"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"gangway/internal/dossier"
	"gangway/internal/review"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestDocumentPage(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	docs := s.desk.cases[0].Documents
	p := s.get("ola", documentLink("/document", theCase, docs[2].Document)).wants(http.StatusOK, "Contract</bdi>, version 2", docs[2].Document, "<strong>Confidentiality</strong>",
		`<th align="right">Each month</th>`, "on the vendor’s behalf", "Northwind Hosting")
	p.lacks("<span class=\"party")
	s.get("ola", documentLink("/document", theCase, docs[2].Document)+"&as=text").wants(http.StatusOK, "&lt;span class=&#34;party&#34;&gt;")
	pdf := s.get("ola", documentLink("/document", theCase, docs[0].Document)).wants(http.StatusOK, "This is no text (application/pdf)", docs[0].Document)
	pdf.lacks("alert(1)")
	for _, c := range []struct{ digest, name string }{{docs[0].Document, "northwind-insurance.pdf"}, {docs[2].Document, "northwind-contract-v2.md"}, {docs[1].Document, "northwind-contract-v1.txt"}} {
		h := s.get("ola", documentLink("/document/file", theCase, c.digest)).wants(http.StatusOK).Header
		if h.Get("Content-Disposition") != `attachment; filename="`+c.name+`"` || h.Get("Content-Security-Policy") != "sandbox; default-src 'none'" ||
			h.Get("X-Content-Type-Options") != "nosniff" || h.Get("Content-Type") != "application/octet-stream" {
			t.Errorf("%s is sent with %v", c.name, h)
		}
	}
	s.get("ola", documentLink("/document", theCase, "sha256:"+strings.Repeat("0", 64))).wants(http.StatusNotFound)
	s.get("ola", documentLink("/document", theCase, "../../x")).wants(http.StatusNotFound)
	s.get("una", documentLink("/document", theCase, docs[0].Document)).wants(http.StatusForbidden)
	s.get("una", documentLink("/document/file", theCase, docs[0].Document)).wants(http.StatusForbidden)
}

// TestTextThatBeginsWithATag: a contract whose first line is markup is sniffed as
// HTML and still read as a text, with nothing of it running.
func TestTextThatBeginsWithATag(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	c := s.desk.cases[0]
	digest := s.desk.put([]byte("<h1 onclick=x()>Agreement</h1>\n\n1. Fees are due.\n"), "text/html; charset=utf-8")
	c.Request(reviewID).Versions[1].Document = digest
	c.Documents[2].Document, c.Documents[2].Media = digest, "text/html; charset=utf-8"
	s.get("ola", requestURL(reviewID)).wants(http.StatusOK, "Fees are due.").lacks("<script", "alert(1)</p", "onclick")
	s.get("ola", documentLink("/document", theCase, digest)).wants(http.StatusOK, "<h1>Agreement</h1>", "Fees are due.").lacks("<script", "onclick")
	s.get("ola", documentLink("/document", theCase, digest)+"&as=text").wants(http.StatusOK, "&lt;h1 onclick=x()&gt;").lacks("<h1 onclick")
	if h := s.get("ola", documentLink("/document/file", theCase, digest)).Header; h.Get("Content-Type") != "application/octet-stream" || !strings.Contains(h.Get("Content-Disposition"), `contract-v2.txt"`) {
		t.Errorf("it is sent with %v", h)
	}
}

func TestDossierDownload(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	p := s.get("ola", "/dossier?case="+theCase).wants(http.StatusOK, "PK half a dossier")
	if p.Header.Get("Content-Length") != "17" || !strings.Contains(p.Header.Get("Content-Disposition"), "attachment") {
		t.Errorf("headers %v", p.Header)
	}
	s.desk.fail = errDown
	s.get("ola", "/dossier?case="+theCase).wants(http.StatusInternalServerError).lacks("PK")
	s.get("ola", "/dossier").wants(http.StatusNotFound)
}

// TestErasedVersion: a text that was erased by rule leaves a page that says so.
func TestErasedVersion(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	docs := s.desk.cases[0].Documents
	delete(s.desk.papers, docs[1].Document)
	s.get("lena", requestURL(reviewID)).wants(http.StatusOK, "The earlier version is no longer kept.", "Send the answer")
	delete(s.desk.papers, docs[2].Document)
	s.get("lena", requestURL(reviewID)).wants(http.StatusOK, "The text of this version is no longer kept.")
}

// TestChangesSinceWhatISaw: compared is with the version that the reader answered
// for, not with the one before.
func TestChangesSinceWhatISaw(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	c := s.desk.cases[0]
	r := c.Request(reviewID)
	three := s.desk.put([]byte(strings.Replace(string(fixture(t, "contract-v2.md")), "three years", "five years", 1)), "text/plain; charset=utf-8")
	r.Versions = append(r.Versions, review.Version{Number: 3, Document: three, At: day(19), Touched: []review.Touch{{Version: 1, Seats: []string{"legal"}}, {Version: 2, Seats: []string{"legal"}}}})
	s.get("lena", requestURL(reviewID)).wants(http.StatusOK, "What changed since version 1", "20 hours", "<del>three</del>")
	s.get("sami", requestURL(reviewID)).wants(http.StatusOK, "What changed since version 2", "<ins>five</ins>").lacks(`<ins>24`)
	c.Request(reviewID).Versions[2].Document = c.Documents[0].Document
	s.get("sami", requestURL(reviewID)).wants(http.StatusOK, "can&#39;t be compared", "This is no text")
}

func TestWordDiff(t *testing.T) {
	t.Parallel()
	got := wordDiff("tell us within 72 hours of it", "tell us in writing within 24 hours of it")
	want := []diffWord{{Text: "tell us"}, {Text: "in writing", New: true}, {Text: "within"}, {Text: "72", Gone: true}, {Text: "24", New: true}, {Text: "hours of it"}}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	word := rapid.SampledFrom([]string{"a", "b", "c", "d"})
	rapid.Check(t, func(t *rapid.T) {
		old, new := strings.Join(rapid.SliceOf(word).Draw(t, "old"), " "), strings.Join(rapid.SliceOf(word).Draw(t, "new"), " ")
		var was, is []string
		for _, w := range wordDiff(old, new) {
			if !w.New {
				was = append(was, w.Text)
			}
			if !w.Gone {
				is = append(is, w.Text)
			}
		}
		if strings.Join(was, " ") != old || strings.Join(is, " ") != new {
			t.Fatalf("%q → %q read back as %q → %q", old, new, was, is)
		}
	})
	long := strings.Repeat("x y ", 3000)
	if d := wordDiff("a "+long+"b", "c "+strings.Repeat("z ", 4000)+"d"); len(d) != 2 {
		t.Errorf("two long texts give %d runs", len(d))
	}
}

func TestSanitiser(t *testing.T) {
	t.Parallel()
	s := newSanitiser()
	for source, want := range map[string]string{
		`a <span class="x" onclick="y()">b</span> c`:  "<p>a b c</p>\n",
		"<script>alert(1)</script>":                   "",
		`<div style="position:fixed">kept</div>`:      "kept",
		"![p](https://x.example/p.png)":               "<p></p>\n",
		"[l](javascript:alert(1))":                    "<p>l</p>\n",
		"[l](/signout)":                               "<p>l</p>\n",
		"[l](https://x.example)":                      "<p><a href=\"https://x.example\" rel=\"nofollow noreferrer\">l</a></p>\n",
		"# Title":                                     "<h3>Title</h3>\n",
		"<form action=/signout method=post><button>x": "x",
		"<input name=verdict value=approve>":          "",
		"<h1 id=main>x</h1>":                          "<h1>x</h1>",
		"| a |\n|--:|\n| b |":                         "<table>\n<thead>\n<tr>\n<th align=\"right\">a</th>\n</tr>\n</thead>\n<tbody>\n<tr>\n<td align=\"right\">b</td>\n</tr>\n</tbody>\n</table>\n",
	} {
		got, err := s.render([]byte(source))
		if err != nil || string(got) != want {
			t.Errorf("%q is shown as %q, %v, want %q", source, got, err, want)
		}
	}
}

func TestLead(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ body, title, want string }{
		{"<ol>\n<li>Fees. All.</li>\n</ol>", "Fees", "<ol>\n<li><strong>Fees</strong>. All.</li>\n</ol>"},
		{"<p><em>A &amp; B.</em> x</p>", "A & B", "<p><em><strong>A &amp; B</strong>.</em> x</p>"},
		{"<p>All fees</p>", "Fees", "<p>All fees</p>"}, {"<p>x</p>", "", "<p>x</p>"}, {"<p", "p", "<p"}, {"", "Fees", ""}, {"<p>a</p>", "<p>", "<p>a</p>"},
	} {
		if got := lead(template.HTML(c.body), c.title); string(got) != c.want {
			t.Errorf("%q under %q is %q, want %q", c.body, c.title, got, c.want)
		}
	}
}

func TestDedent(t *testing.T) {
	t.Parallel()
	for source, want := range map[string]string{"    1. a\n       b": "1. a\n   b", "a\n  b": "a\n  b", "\t1. a\n\n\tb": "1. a\n\nb", "": "", "  ": "  "} {
		if got := dedent(source); got != want {
			t.Errorf("dedent(%q) = %q, want %q", source, got, want)
		}
	}
}

// TestRealContracts shows the pair of services agreements that differ in one
// clause, with their raw markup, beside the form.
func TestRealContracts(t *testing.T) {
	t.Parallel()
	read := func(name string) []byte {
		text, err := os.ReadFile(filepath.Join("..", "..", "..", "shared", "documents", name))
		if err != nil {
			if os.Getenv("GANGWAY_REQUIRE") == "1" {
				t.Fatal(err)
			}
			t.Skipf("the shared documents are not here: %v", err)
		}
		return text
	}
	s := newSite(t)
	r := s.desk.cases[0].Request(reviewID)
	r.Versions[0].Document = s.desk.put(read("services-agreement-earlier.md"), "text/plain; charset=utf-8")
	r.Versions[1].Document = s.desk.put(read("services-agreement.md"), "text/plain; charset=utf-8")
	r.Policy.Groups[0].Seats[0].Scope = []string{"title:confidentiality"}
	p := s.get("lena", requestURL(reviewID)).wants(http.StatusOK, "Required Disclosures")
	if n := strings.Count(p.Body, `class="change"`); n != 1 {
		t.Errorf("%d clauses are shown as changed, want one", n)
	}
	for _, bad := range []string{"keyterms_link", "&lt;span", "header_2"} {
		if strings.Contains(p.Body, bad) {
			t.Errorf("the page shows %q", bad)
		}
	}
	mine := len(regexp.MustCompile(`class="clause [^"]*mine`).FindAllString(p.Body, -1))
	if all := strings.Count(p.Body, `class="clause `); mine == 0 || mine > all/3 {
		t.Errorf("%d of %d clauses are marked as legal's", mine, all)
	}
}

func TestSafeName(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c := dossier.CaseView{Vendor: rapid.String().Draw(t, "vendor"), Documents: []dossier.DocumentView{{Document: "d", Name: rapid.String().Draw(t, "name"), Version: rapid.Int().Draw(t, "v")}}}
		name := documentName(c, dossier.Paper{Digest: "d", Media: rapid.String().Draw(t, "media")})
		if !regexp.MustCompile(`^[A-Za-z0-9-]{1,100}(\.[a-z]{2,4})$`).MatchString(name) {
			t.Fatalf("the file is called %q", name)
		}
	})
}
