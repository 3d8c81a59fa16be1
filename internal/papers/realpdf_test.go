package papers

import (
	"context"
	"html"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"gangway/internal/engagement"
)

// A real contract, made a PDF by a real browser with its fonts cut down, its lines
// wrapped, its pages broken and numbered: both readers find every clause of it,
// word for word.
func TestRealPDF(t *testing.T) {
	t.Parallel()
	browser, err := exec.LookPath("chromium")
	if err != nil {
		if os.Getenv("GANGWAY_REQUIRE") != "" {
			t.Fatalf("looking for a browser: %v", err)
		}
		t.Skip("chromium is not installed (GANGWAY_REQUIRE=1 makes this a failure)")
	}
	source := contract(t, "services-agreement.md")
	dir := t.TempDir()
	page, file := filepath.Join(dir, "a.html"), filepath.Join(dir, "a.pdf")
	if err := os.WriteFile(page, []byte(asPage(source)), 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	if says, err := exec.CommandContext(ctx, browser, "--headless", "--no-sandbox", "--disable-gpu", "--user-data-dir="+filepath.Join(dir, "profile"), "--print-to-pdf="+file, "file://"+page).CombinedOutput(); err != nil {
		t.Fatalf("printing: %v\n%s", err, says)
	}
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	want, err := engagement.Split([]byte(source))
	if err != nil {
		t.Fatal(err)
	}
	eachPDF(t, func(t *testing.T, r *Reader) {
		reading, text, err := r.Read(t.Context(), "a.pdf", "application/pdf", raw)
		if err != nil || reading.Pages < 5 || len(reading.Flags) > 0 || reading.Kind != engagement.KindServices {
			t.Errorf("%+v, %v", reading, err)
		}
		got, err := engagement.Split(text)
		if err != nil {
			t.Fatal(err)
		}
		if last := len(got) - 1; got[last].Ref != "headers-and-footers" {
			t.Errorf("what is on every page is not at the end but %s", got[last].Ref)
		} else if d := cmp.Diff(refsAndWords(want), refsAndWords(got[:last])); d != "" {
			t.Errorf("clauses differ (- Markdown, + PDF):\n%.3000s", d)
		}
	})
}

func refsAndWords(cs []engagement.Clause) [][2]string {
	var out [][2]string
	for _, c := range cs {
		out = append(out, [2]string{c.Ref, c.Text})
	}
	return out
}

// asPage makes a page of a contract, its numbers written out and its levels
// indented.
func asPage(source string) string {
	listItem := regexp.MustCompile(`^( *)(\d+|[a-z]+)\. +(.*)$`)
	var b strings.Builder
	b.WriteString("<meta charset=utf-8><style>p{margin:6px 0;text-indent:-2em}</style>")
	top := ""
	for line := range strings.SplitSeq(source, "\n") {
		m := listItem.FindStringSubmatch(line)
		switch {
		case strings.HasPrefix(line, "# "):
			b.WriteString("<h1>" + html.EscapeString(line[2:]) + "</h1>")
		case m == nil:
			b.WriteString("<p>" + line + "</p>")
		default:
			label := m[2] + "."
			switch len(m[1]) / 4 {
			case 0:
				top = m[2]
			case 1:
				label = top + "." + m[2]
			default:
				label = "(" + m[2] + ")"
			}
			b.WriteString("<p style='padding-left:" + numeral(2*(len(m[1])/4+1), "decimal") + "em'>" + label + "&nbsp; " + m[3] + "</p>")
		}
		b.WriteByte('\n')
	}
	return b.String()
}
